// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BlobOpening, IBlobVerifier} from "./interfaces/IBlobVerifier.sol";
// Assembly uses one of them, which the rule does not read.
// solhint-disable-next-line no-unused-import
import {BLOB_FIELD, ELEMENTS_PER_BLOB} from "./libraries/Constants.sol";

/// @title The verifier of blobs
/// @notice IBlobVerifier has the rules.
contract BlobVerifier is IBlobVerifier {
    uint256 private constant POINT_EVALUATION = 0x0a;

    /// @inheritdoc IBlobVerifier
    function requireEvaluation(bytes32 blobHash, uint256 z, BlobOpening calldata opening) external view {
        // An order may name the hash 0, which is what `blobhash` says of places without a blob. No commitment has it.
        bytes32 found = blobhash(opening.place);
        if (found != blobHash) revert WrongBlob(opening.number, found, blobHash);
        if (opening.y >= BLOB_FIELD) revert EvaluationNotCanonical(opening.number, opening.y);
        if (!_isEvaluation(blobHash, z, opening.y, opening.points)) {
            revert InvalidEvaluation(opening.number, opening.y);
        }
    }

    /// @dev The precompile refuses a commitment with another hash. Where there is no precompile a call succeeds and
    /// returns nothing, so its answer has to be looked at.
    function _isEvaluation(
        bytes32 blobHash,
        uint256 z,
        uint256 y,
        bytes32[3] calldata points
    ) private view returns (bool valid) {
        assembly ("memory-safe") {
            // Versioned hash, z, y, commitment and proof; then the answer, in the same place.
            let memory_ := mload(0x40)
            mstore(memory_, blobHash)
            mstore(add(memory_, 0x20), z)
            mstore(add(memory_, 0x40), y)
            calldatacopy(add(memory_, 0x60), points, 0x60)
            valid := staticcall(gas(), POINT_EVALUATION, memory_, 0xc0, memory_, 0x40)
            valid := and(valid, eq(returndatasize(), 0x40))
            valid := and(valid, eq(mload(memory_), ELEMENTS_PER_BLOB))
            valid := and(valid, eq(mload(add(memory_, 0x20)), BLOB_FIELD))
        }
    }
}
