// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BlobOpening, IBlobVerifier} from "../interfaces/IBlobVerifier.sol";
import {BLOB_FIELD} from "../libraries/Constants.sol";

/// @notice Stands in for the real verifier where transactions cannot carry blobs: here every transaction carries all
/// blobs that were announced before. The points are valid if the last one is the hash of what is
/// claimed. Malformed input is
/// refused as the real one does.
contract StubBlobVerifier is IBlobVerifier {
    bytes32[] private _carried;

    /// @return place of the blob among those of every later transaction
    function carry(bytes32 blobHash) external returns (uint256 place) {
        place = _carried.length;
        _carried.push(blobHash);
    }

    /// @inheritdoc IBlobVerifier
    function requireEvaluation(bytes32 blobHash, uint256 z, BlobOpening calldata opening) external view {
        bytes32 found = opening.place < _carried.length ? _carried[opening.place] : bytes32(0);
        if (found != blobHash) revert WrongBlob(opening.number, found, blobHash);
        if (opening.y >= BLOB_FIELD) revert EvaluationNotCanonical(opening.number, opening.y);
        bytes32 claimed = keccak256(abi.encode(blobHash, z, opening.y));
        if (blobHash == 0 || opening.points[2] != claimed) revert InvalidEvaluation(opening.number, opening.y);
    }
}
