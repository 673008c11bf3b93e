// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Terms} from "../types/Terms.sol";
import {IRollup} from "./IRollup.sol";

/// @title The commit relay
/// @notice Lets anybody send a commit that its proposer only signed, so that a proposer needs no ether and no node of
/// its own.
///
/// The signature is EIP-712 typed data of this contract, by an account or an ERC-1271 wallet:
/// `Commit(address rollup,address proposer,uint256 terms,bytes32 orderCommitment,bytes32 transcriptHash,uint256
/// roundNumber)`. The round number names the one round that it is for: after a failed attempt the round id of the next
/// height comes back, the round number does not. The rollup compares it, and takes one commit per seat and round.
interface ICommitRelay {
    /// @notice Not what the proposer signed, for this rollup on this chain.
    error InvalidSignature(address proposer, bytes32 digest);

    /// @notice Sends a signed commit. By anyone.
    /// @param roundNumber of the round that takes the commit
    function relay(
        IRollup rollup,
        address proposer,
        Terms terms,
        bytes32 orderCommitment,
        bytes calldata transcript,
        uint256 roundNumber,
        bytes calldata signature
    ) external;

    /// @return what the proposer signs
    function digestOf(
        IRollup rollup,
        address proposer,
        Terms terms,
        bytes32 orderCommitment,
        bytes32 transcriptHash,
        uint256 roundNumber
    ) external view returns (bytes32);
}
