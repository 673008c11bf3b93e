// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev The BN254 scalar field.
uint256 constant FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

/// @dev Burn bids and seat deposits are whole numbers of this much native token, in wei.
uint256 constant BID_UNIT = 1e14;

/// @dev Basis points in a whole.
uint256 constant BPS = 10_000;

/// @dev Bytes of one data word: three packed transfers.
uint256 constant WORD_BYTES = 30;
