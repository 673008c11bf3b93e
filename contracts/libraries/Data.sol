// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// Assembly uses it, which the rule does not read.
// solhint-disable-next-line no-unused-import
import {FIELD, WORD_BYTES} from "./Constants.sol";

/// @notice Fingerprints of long calldata.
library Data {
    /// @param data whole words of 30 bytes, big-endian
    /// @param r    the evaluation point, below FIELD
    /// @return eval sum of word_i r^i modulo FIELD
    function evaluate(bytes calldata data, uint256 r) internal pure returns (uint256 eval) {
        assembly ("memory-safe") {
            let start := data.offset
            // Horner's rule, from the last word to the first.
            for {
                let word := add(start, data.length)
            } gt(word, start) {} {
                word := sub(word, WORD_BYTES)
                eval := addmod(mulmod(eval, r, FIELD), shr(16, calldataload(word)), FIELD)
            }
        }
    }

    /// @notice The same for words that come after others.
    /// @param from how many words are before these
    function evaluateFrom(bytes calldata data, uint256 r, uint256 from) internal pure returns (uint256) {
        return mulmod(evaluate(data, r), power(r, from), FIELD);
    }

    /// @return result base^exponent modulo FIELD
    function power(uint256 base, uint256 exponent) internal pure returns (uint256 result) {
        result = 1;
        for (; exponent != 0; exponent >>= 1) {
            if (exponent & 1 == 1) result = mulmod(result, base, FIELD);
            base = mulmod(base, base, FIELD);
        }
    }

    /// @return digest keccak256 of the words
    function hash(uint256[] calldata words) internal pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            let copy := mload(0x40)
            calldatacopy(copy, words.offset, shl(5, words.length))
            digest := keccak256(copy, shl(5, words.length))
        }
    }
}
