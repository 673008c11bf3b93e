// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BlobOpening, IBlobVerifier} from "./interfaces/IBlobVerifier.sol";
import {BLOB_FIELD, ELEMENTS_PER_BLOB} from "./libraries/Constants.sol";

/// @title The verifier of blobs
/// @notice IBlobVerifier has the rules.
contract BlobVerifier is IBlobVerifier {
    /// @dev Takes versioned hash, z, y, commitment and proof, 192 bytes in all. Refuses any other length, a commitment
    /// with another hash, and values that are not below BLOB_FIELD.
    address private constant POINT_EVALUATION = address(0x0a);
    /// @dev keccak256 of what it returns: 64 bytes. Where no precompile is, a call succeeds and returns nothing.
    bytes32 private constant EVALUATED = keccak256(abi.encode(ELEMENTS_PER_BLOB, BLOB_FIELD));

    /// @inheritdoc IBlobVerifier
    function requireEvaluation(bytes32 blobHash, uint256 z, BlobOpening calldata opening) external view {
        // An order may name the hash 0, which is what `blobhash` says of places without a blob. No commitment has it.
        bytes32 found = blobhash(opening.place);
        if (found != blobHash) revert WrongBlob(opening.number, found, blobHash);
        if (opening.y >= BLOB_FIELD) revert EvaluationNotCanonical(opening.number, opening.y);

        (bool succeeded, bytes memory answer) = POINT_EVALUATION.staticcall(
            abi.encodePacked(blobHash, z, opening.y, opening.commitment, opening.proof)
        );
        if (!succeeded || keccak256(answer) != EVALUATED) revert InvalidEvaluation(opening.number, opening.y);
    }
}
