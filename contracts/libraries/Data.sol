// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FIELD, WORD_BYTES} from "./Constants.sol";

/// @notice The fingerprint of a block's data.
library Data {
    /// @param data whole words of 30 bytes, big-endian
    /// @param r    the evaluation point, below FIELD
    /// @return eval sum of word_i r^i modulo FIELD
    function evaluate(bytes calldata data, uint256 r) internal pure returns (uint256 eval) {
        assembly ("memory-safe") {
            let start := data.offset
            // Horner's rule, from the last word to the first.
            for { let word := add(start, data.length) } gt(word, start) {} {
                word := sub(word, WORD_BYTES)
                eval := addmod(mulmod(eval, r, FIELD), shr(16, calldataload(word)), FIELD)
            }
        }
    }
}
