// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev The BN254 scalar field.
uint256 constant FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

/// @dev The scalar field of BLS12-381: blobs are polynomials over it (EIP-4844).
uint256 constant BLOB_FIELD = 52435875175126190479447740508185965837690552500527637822603658699938581184513;

/// @dev Coefficients of the polynomial that one blob is.
uint256 constant ELEMENTS_PER_BLOB = 4_096;

/// @dev Burn bids and seat deposits are whole numbers of this much native token, in wei.
uint256 constant BID_UNIT = 1e14;

/// @dev Basis points in a whole.
uint256 constant BPS = 10_000;

/// @dev Bytes of one data word: three packed transfers, or half of an operation.
uint256 constant WORD_BYTES = 30;

/// @dev L1 keeps blobs for 18 days. A freeze comes when those of the last block are half as old at most, so whoever has
/// a copy of the state before it has the other half to put together the last one. Nobody answers for older ones.
uint256 constant MAX_SILENCE = 9 days;
