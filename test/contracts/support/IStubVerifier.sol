// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    IForestVerifier,
    NodeContext,
    NodeStatement,
    Statement
} from "../../../contracts/interfaces/IForestVerifier.sol";

/// @notice The stub verifier as tests see it.
interface IStubVerifier is IForestVerifier {
    /// @return the root commitment of the one forest that is valid for these inputs
    function seal(
        Statement calldata statement,
        uint256[] calldata keys,
        bytes calldata assigned,
        uint256[] calldata flags,
        uint256[] calldata betas
    ) external pure returns (uint256);

    /// @return the one proof of a node that is valid for these inputs
    function nodeProof(NodeContext calldata context, NodeStatement calldata node) external pure returns (bytes memory);
}
