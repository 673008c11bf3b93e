// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What one of an order's blobs evaluates to, with the KZG proof of it.
struct BlobOpening {
    /// Among the order's blobs, from 0.
    uint256 number;
    /// Among the blobs of the transaction that brings it, from 0.
    uint256 place;
    /// The blob's polynomial at the point; below BLOB_FIELD.
    uint256 y;
    /// KZG commitment to the blob, and KZG proof that it evaluates to `y`: 48 bytes each, back to back.
    bytes32[3] points;
}

/// @title The verifier of blobs
/// @notice Knows which blobs a transaction carries, and what they evaluate to. `blobhash` answers in every call of a
/// transaction alike, so the rollup asks this contract, and tests put another one in its place. It has no state, no
/// owner, and serves every rollup.
///
/// Trust assumptions
/// - The EVM has EIP-4844: `blobhash`, and the point evaluation precompile at address 10.
/// - The KZG ceremony of Ethereum was honest in one participant. Else whoever knows its secret could claim values that
/// a blob does not have.
interface IBlobVerifier {
    /// @notice The transaction does not carry the blob in that place. `found` is 0 if it has no blob there.
    error WrongBlob(uint256 number, bytes32 found, bytes32 expected);
    /// @notice `y` is not below BLOB_FIELD.
    error EvaluationNotCanonical(uint256 number, uint256 y);
    /// @notice Commitment and proof do not show that the blob evaluates to `y`.
    error InvalidEvaluation(uint256 number, uint256 y);

    /// @notice Reverts unless this transaction carries the blob, which makes it available, and the blob evaluates to
    /// `opening.y` at `z`.
    /// @param blobHash versioned hash of the blob
    /// @param z        below BLOB_FIELD
    function requireEvaluation(bytes32 blobHash, uint256 z, BlobOpening calldata opening) external view;
}
