// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBlobVerifier} from "../../../contracts/interfaces/IBlobVerifier.sol";

/// @notice The stub of the blob verifier as tests see it.
interface IStubBlobVerifier is IBlobVerifier {
    /// @return place of the blob among those of every later transaction
    function carry(bytes32 blobHash) external returns (uint256 place);
}
