// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SlotFlags} from "../types/SlotFlags.sol";
import {Transcript} from "./Transcript.sol";

/// @notice Counts what a forest fulfilled.
library Tally {
    using Transcript for bytes;

    /// @notice A slot without an eligible prover claims a vote or a delivery.
    error CreditWithoutProver(uint256 slot, uint256 proverIndex);

    uint256 private constant FULFILLED_SHIFT = 32;
    uint256 private constant ASSIGNED_SHIFT = 64;
    uint256 private constant CREDIT_WITHOUT_PROVER = 1 << 255;

    struct Result {
        uint256 provers;
        uint256 fulfilledWeight;
        uint256 assignedWeight;
    }

    /// @param transcript  two bytes a slot
    /// @param keys        one a slot; 0 where no eligible prover is assigned
    /// @param flags       one word per 64 slots
    /// @param arity       children of an inner node
    /// @param nodeWeights uint16 per depth, depth 0 lowest
    function count(
        bytes calldata transcript,
        uint256[] memory keys,
        SlotFlags[] memory flags,
        uint256 arity,
        uint256 nodeWeights
    ) internal pure returns (Result memory) {
        uint256[] memory seen = new uint256[](256);
        uint256 sums;
        uint256 slot;
        for (uint256 width = 1; slot < keys.length; width *= arity) {
            sums = _addRow(transcript, keys, flags, seen, slot, slot + width, uint16(nodeWeights), sums);
            slot += width;
            nodeWeights >>= 16;
        }
        if (sums >= CREDIT_WITHOUT_PROVER) _revertCredit(transcript, keys, flags);
        return Result({
            provers: uint32(sums),
            fulfilledWeight: uint32(sums >> FULFILLED_SHIFT),
            assignedWeight: uint32(sums >> ASSIGNED_SHIFT)
        });
    }

    /// @dev Adds slots of one weight to `sums`: provers in bits 0-31, fulfilled weight in 32-63, assigned weight in 64-95, and bit 255 for
    ///      credit without a prover. It runs once a slot, so nothing is checked that `count` has made sure of, and there are few jumps.
    /// @param seen bitmap of the prover indexes that were counted
    function _addRow(
        bytes calldata transcript,
        uint256[] memory keys,
        SlotFlags[] memory flags,
        uint256[] memory seen,
        uint256 slot,
        uint256 end,
        uint256 weight,
        uint256 sums
    ) private pure returns (uint256) {
        assembly ("memory-safe") {
            for {} lt(slot, end) { slot := add(slot, 1) } {
                let index := shr(240, calldataload(add(transcript.offset, shl(1, slot))))
                if index { sums := add(sums, shl(ASSIGNED_SHIFT, weight)) }

                let flag := shr(and(slot, 63), mload(add(flags, shl(5, add(shr(6, slot), 1)))))
                switch mload(add(keys, shl(5, add(slot, 1))))
                case 0 { sums := or(sums, shl(255, or(flag, shr(64, flag)))) }
                default {
                    if and(and(flag, shr(64, flag)), 1) {
                        let word := add(seen, shl(5, add(shr(8, index), 1)))
                        let others := mload(word)
                        let bit := shl(and(index, 255), 1)
                        sums := add(sums, or(shl(FULFILLED_SHIFT, weight), iszero(and(others, bit))))
                        mstore(word, or(others, bit))
                    }
                }
            }
        }
        return sums;
    }

    function _revertCredit(bytes calldata transcript, uint256[] memory keys, SlotFlags[] memory flags) private pure {
        uint256 slot = 0;
        while (keys[slot] != 0 || !flags[slot >> 6].isTouched(slot)) ++slot;
        revert CreditWithoutProver(slot, transcript.indexAt(slot));
    }

    /// @return the weight of one slot, by its depth
    function weightOf(uint256 slot, uint256 arity, uint256 nodeWeights) internal pure returns (uint256) {
        // Children of n are a n + 1 .. a n + a, so the parent of n is (n - 1) / a.
        for (; slot != 0; slot = (slot - 1) / arity) {
            nodeWeights >>= 16;
        }
        return uint16(nodeWeights);
    }
}
