// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// Assembly uses them, which the rule does not read.
// solhint-disable-next-line no-unused-import
import {BLOB_FIELD, WORD_BYTES} from "./Constants.sol";

/// @notice Fingerprints of long calldata.
library Data {
    /// @notice Evaluates a polynomial whose coefficients are the words of consecutive nodes, and zeros between them.
    /// @param data         whole words of 30 bytes, big-endian
    /// @param z            the point, below BLOB_FIELD
    /// @param nodeWords    words of a node, from 1; the last node may have fewer
    /// @param nodeElements coefficients of a node, at least `nodeWords`
    /// @return eval sum over node i and its word j of word_ij z^(nodeElements i + j) modulo BLOB_FIELD
    function evaluate(
        bytes calldata data,
        uint256 z,
        uint256 nodeWords,
        uint256 nodeElements
    ) internal pure returns (uint256 eval) {
        // From the last word of a node to the first one of the next.
        uint256 leap = power(z, nodeElements - nodeWords + 1);
        uint256 word = data.length / WORD_BYTES;
        // Horner's rule, from the last word to the first.
        while (word > 0) {
            uint256 step = word % nodeWords == 0 ? leap : z;
            --word;
            uint256 value;
            assembly ("memory-safe") {
                value := shr(16, calldataload(add(data.offset, mul(word, WORD_BYTES))))
            }
            eval = addmod(mulmod(eval, step, BLOB_FIELD), value, BLOB_FIELD);
        }
    }

    /// @return result base^exponent modulo BLOB_FIELD
    function power(uint256 base, uint256 exponent) internal pure returns (uint256 result) {
        assembly ("memory-safe") {
            result := 1
            for {} exponent {} {
                if and(exponent, 1) {
                    result := mulmod(result, base, BLOB_FIELD)
                }
                base := mulmod(base, base, BLOB_FIELD)
                exponent := shr(1, exponent)
            }
        }
    }

    /// @return result base^ELEMENTS_PER_BLOB modulo BLOB_FIELD: twelve squarings
    function blobPower(uint256 base) internal pure returns (uint256 result) {
        result = base;
        assembly ("memory-safe") {
            for {
                let i := 3
            } i {
                i := sub(i, 1)
            } {
                result := mulmod(result, result, BLOB_FIELD)
                result := mulmod(result, result, BLOB_FIELD)
                result := mulmod(result, result, BLOB_FIELD)
                result := mulmod(result, result, BLOB_FIELD)
            }
        }
    }

    /// @param contents of slots 1.., of a whole forest: how many there are stands for the root's
    /// @return digest keccak256 of the slot, its content, and those of its children
    function hashNode(uint256 slot, uint256[] calldata contents, uint256 arity) internal pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            let copy := mload(0x40)
            mstore(copy, slot)
            // The content of slot i is number i - 1, and before them all is their number.
            calldatacopy(add(copy, 32), add(contents.offset, shl(5, sub(slot, 1))), 32)
            let children := mul(arity, slot)
            let size := shl(5, mul(arity, lt(children, contents.length)))
            calldatacopy(add(copy, 64), add(contents.offset, shl(5, children)), size)
            digest := keccak256(copy, add(64, size))
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
