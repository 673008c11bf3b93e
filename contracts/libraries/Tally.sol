// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SlotFlags} from "../types/SlotFlags.sol";
import {Transcript} from "./Transcript.sol";

/// @notice Counts what a forest fulfilled.
library Tally {
    struct Result {
        /// Distinct provers with a fulfilled slot.
        uint256 provers;
        /// Distinct provers with a voted slot.
        uint256 voters;
        uint256 fulfilledWeight;
    }

    /// @param transcript  two bytes a slot, for a whole number of depths
    /// @param flags       one word per 64 slots; nothing may be fulfilled beyond the transcript or without an eligible
    /// prover
    /// @param arity       children of an inner node
    /// @param nodeWeights uint16 per depth, depth 0 lowest
    function count(
        bytes calldata transcript,
        SlotFlags[] memory flags,
        uint256 arity,
        uint256 nodeWeights
    ) internal pure returns (Result memory result) {
        uint256[] memory fulfilled = new uint256[](flags.length);
        uint256[] memory voted = new uint256[](flags.length);
        bool isWhole = true;
        for (uint256 word = 0; word < flags.length; ++word) {
            fulfilled[word] = flags[word].fulfilled();
            voted[word] = flags[word].voted();
            if (voted[word] != fulfilled[word]) isWhole = false;
        }
        result.provers = _countProvers(transcript, fulfilled);
        result.voters = isWhole ? result.provers : _countProvers(transcript, voted);
        uint256 slots = transcript.length / 2;
        uint256 first = 0;
        for (uint256 width = 1; first < slots; width *= arity) {
            uint256 weight = uint16(nodeWeights);
            result.fulfilledWeight += weight * _countBits(fulfilled, first, first + width);
            first += width;
            nodeWeights >>= 16;
        }
    }

    /// @notice Adds what flags have more than those that were counted before. Then the result is what `count` gives.
    /// @param result   what was counted
    /// @param holdings of every prover that they have more of, once: how many slots it holds, and those slots, all of
    /// them below 64 times the words of flags
    /// @param known    the flags before
    /// @param flags    at least those
    function extend(
        Result memory result,
        uint256[] calldata holdings,
        SlotFlags[] calldata known,
        SlotFlags[] memory flags,
        uint256 arity,
        uint256 nodeWeights
    ) internal pure {
        unchecked {
            for (uint256 i = 0; i < holdings.length;) {
                uint256 end = i + 1 + holdings[i];
                // Of all its slots: bit 0 for votes, bit 64 for what was voted for and delivered.
                uint256 was = 0;
                uint256 is_ = 0;
                // Runs once a slot, hence without checks.
                for (++i; i < end; ++i) {
                    uint256 slot;
                    uint256 before;
                    uint256 own;
                    assembly ("memory-safe") {
                        slot := calldataload(add(holdings.offset, shl(5, i)))
                        let word := shl(5, shr(6, slot))
                        before := shr(and(slot, 63), calldataload(add(known.offset, word)))
                        own := shr(and(slot, 63), mload(add(add(flags, 32), word)))
                        before := and(before, or(1, shl(64, and(before, 1))))
                        own := and(own, or(1, shl(64, and(own, 1))))
                        was := or(was, before)
                        is_ := or(is_, own)
                    }
                    if (own > before && own > 1) result.fulfilledWeight += weightOf(slot, arity, nodeWeights);
                }
                uint256 more = is_ & ~was;
                result.voters += more & 1;
                result.provers += more >> 64;
            }
        }
    }

    /// @notice The provers that `count` counts, and a VRF output of each.
    /// @param betas   by slot, or empty
    /// @param provers how many there are
    /// @return indexes of the provers
    /// @return outputs of each, from any fulfilled slot that has one; 0 if none has
    function distinct(
        bytes calldata transcript,
        SlotFlags[] memory flags,
        uint256[] memory betas,
        uint256 provers
    ) internal pure returns (uint256[] memory indexes, uint256[] memory outputs) {
        indexes = new uint256[](provers);
        outputs = new uint256[](provers);
        uint256[] memory seen = new uint256[](256);
        uint256 found = 0;
        // First the slots with an output, so that the first one that names a prover decides.
        for (uint256 pass = betas.length == 0 ? 1 : 0; pass < 2; ++pass) {
            for (uint256 slot = 0; slot < transcript.length / 2; ++slot) {
                if (!flags[slot >> 6].isFulfilled(slot)) continue;
                if (pass == 0 && betas[slot] == 0) continue;
                uint256 index = Transcript.indexAt(transcript, slot);
                uint256 own = 1 << (index & 255);
                if (seen[index >> 8] & own != 0) continue;
                seen[index >> 8] |= own;
                indexes[found] = index;
                if (betas.length != 0) outputs[found] = betas[slot];
                ++found;
            }
        }
    }

    /// @dev The only loop that runs once a slot, hence in assembly.
    function _countProvers(
        bytes calldata transcript,
        uint256[] memory fulfilled
    ) private pure returns (uint256 provers) {
        uint256[] memory seen = new uint256[](256);
        for (uint256 word = 0; word < fulfilled.length; ++word) {
            uint256 bits = fulfilled[word];
            assembly ("memory-safe") {
                let bitmap := add(seen, 32)
                for {
                    let slot := add(transcript.offset, shl(7, word))
                } bits {
                    slot := add(slot, 2)
                } {
                    if and(bits, 1) {
                        let index := shr(240, calldataload(slot))
                        let others := add(bitmap, shl(5, shr(8, index)))
                        let known := mload(others)
                        let own := shl(and(index, 255), 1)
                        provers := add(provers, iszero(and(known, own)))
                        mstore(others, or(known, own))
                    }
                    bits := shr(1, bits)
                }
            }
        }
    }

    /// @return sum of the bits `from` to `to` of a bitmap with 64 bits a word
    function _countBits(uint256[] memory bitmap, uint256 from, uint256 to) private pure returns (uint256 sum) {
        unchecked {
            while (from < to) {
                uint256 end = (from | 63) + 1;
                if (end > to) end = to;
                uint256 x = (bitmap[from >> 6] >> (from & 63)) & ((1 << (end - from)) - 1);
                x -= (x >> 1) & 0x5555555555555555;
                x = (x & 0x3333333333333333) + ((x >> 2) & 0x3333333333333333);
                x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0f;
                sum += ((x * 0x0101010101010101) >> 56) & 0xff;
                from = end;
            }
        }
    }

    /// @return sum of the weights of all slots
    function totalWeight(uint256 arity, uint256 levels, uint256 nodeWeights) internal pure returns (uint256 sum) {
        for (uint256 depth = 0; depth <= levels; ++depth) {
            sum += arity ** depth * uint16(nodeWeights >> (16 * depth));
        }
    }

    /// @param slots at most as many as there are
    /// @return sum of the weights of the heaviest ones
    function heaviest(
        uint256 arity,
        uint256 levels,
        uint256 nodeWeights,
        uint256 slots
    ) internal pure returns (uint256 sum) {
        // Depths weigh what a deployment wants: each pass takes the heaviest that is left.
        for (uint256 pass = 0; pass <= levels; ++pass) {
            uint256 best = 0;
            uint256 weight = 0;
            for (uint256 depth = 0; depth <= levels; ++depth) {
                uint256 own = uint16(nodeWeights >> (16 * depth));
                if (own > weight) (best, weight) = (depth, own);
            }
            uint256 taken = arity ** best;
            if (taken > slots) taken = slots;
            sum += taken * weight;
            slots -= taken;
            nodeWeights &= ~(uint256(type(uint16).max) << (16 * best));
        }
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
