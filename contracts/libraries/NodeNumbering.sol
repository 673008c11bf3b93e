// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Slots of the proof forest in heap order: root 0, children of `n` at `a n + 1 .. a n + a`. An arity is given
/// by its number of bits: `arity = 2 ** arityBits`.
library NodeNumbering {
    error UnsupportedArity(uint256 arity);

    /// @return 1, 2, 3 or 4 for the arities 2, 4, 8, 16
    function arityBits(uint256 arity) internal pure returns (uint256) {
        if (arity == 2) return 1;
        if (arity == 4) return 2;
        if (arity == 8) return 3;
        if (arity == 16) return 4;
        revert UnsupportedArity(arity);
    }

    /// @return The slot of node `(depth, 0)`, which is also the number of slots above that depth.
    function firstSlot(uint256 bits, uint256 depth) internal pure returns (uint256) {
        return ((1 << (bits * depth)) - 1) / ((1 << bits) - 1);
    }

    /// @return `depth << 32 | index`: a node as a public input
    function node(uint256 depth, uint256 index) internal pure returns (uint256) {
        return (depth << 32) | index;
    }

    /// @param slot below 2^32
    /// @return depth of the layer that the slot is in
    /// @return first its first slot
    /// @return next  the first slot of the layer below
    function layerOf(uint256 bits, uint256 slot) internal pure returns (uint256 depth, uint256 first, uint256 next) {
        unchecked {
            for (next = 1; next <= slot; next = (next << bits) + 1) {
                first = next;
                ++depth;
            }
        }
    }

    /// @param slot below 2^32
    /// @return The node in a slot, as a public input.
    function nodeAt(uint256 bits, uint256 slot) internal pure returns (uint256) {
        (uint256 depth, uint256 first, ) = layerOf(bits, slot);
        return node(depth, slot - first);
    }
}
