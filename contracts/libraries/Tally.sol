// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SlotFlags, SlotFlagsLibrary} from "../types/SlotFlags.sol";
import {Transcript} from "./Transcript.sol";

/// @notice Counts what a forest fulfilled.
library Tally {
    using Transcript for bytes;

    /// @notice A slot without an eligible prover claims a vote or a delivery.
    error CreditWithoutProver(uint256 slot, uint256 proverIndex);

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
    ) internal pure returns (Result memory result) {
        uint256[] memory seen = new uint256[](256);
        uint256 slots = keys.length;
        uint256 slot;
        unchecked {
            for (uint256 width = 1; slot < slots; width *= arity) {
                uint256 weight = uint16(nodeWeights);
                nodeWeights >>= 16;
                for (uint256 end = slot + width; slot < end; ++slot) {
                    uint256 index = transcript.indexAt(slot);
                    SlotFlags word = flags[slot >> 6];
                    if (index != 0) result.assignedWeight += weight;
                    if (keys[slot] == 0) {
                        if (word.isTouched(slot)) revert CreditWithoutProver(slot, index);
                    } else if (word.isFulfilled(slot)) {
                        result.fulfilledWeight += weight;
                        uint256 bit = 1 << (index & 0xff);
                        if (seen[index >> 8] & bit == 0) {
                            seen[index >> 8] |= bit;
                            ++result.provers;
                        }
                    }
                }
            }
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
