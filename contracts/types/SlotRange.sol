// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A contiguous range of slots and what its proofs speak of: the slots themselves, and the children of their
/// nodes.
/// @dev Ranges begin and end between families: a node is never apart from its siblings. The children of a range are
/// contiguous, too, and those that are not in the range themselves come after it. So lists about a range have its own
/// slots first, then those.
struct SlotRange {
    uint256 first;
    /// The slot after its last.
    uint256 end;
    /// The first child outside the range.
    uint256 childrenFirst;
    /// The slot after the last one. If there are none, both are `end`.
    uint256 childrenEnd;
}

using SlotRangeLibrary for SlotRange global;

library SlotRangeLibrary {
    /// @notice There is no such range, or it separates siblings.
    error InvalidRange(uint256 first, uint256 end);

    /// @param slotCount of the whole forest
    function create(
        uint256 arity,
        uint256 slotCount,
        uint256 first,
        uint256 end
    ) internal pure returns (SlotRange memory range) {
        bool cutsFamily = (first != 0 && (first - 1) % arity != 0) || (end != 0 && (end - 1) % arity != 0);
        if (first >= end || end > slotCount || cutsFamily) revert InvalidRange(first, end);
        uint256 firstBase = (slotCount - 1) / arity;
        range.first = first;
        range.end = end;
        (range.childrenFirst, range.childrenEnd) = (end, end);
        if (first < firstBase) {
            if (arity * first + 1 > end) range.childrenFirst = arity * first + 1;
            range.childrenEnd = arity * (end < firstBase ? end : firstBase) + 1;
        }
    }

    function count(SlotRange memory self) internal pure returns (uint256) {
        return self.end - self.first;
    }

    /// @return how many slots lists about the range have
    function listed(SlotRange memory self) internal pure returns (uint256) {
        return self.end - self.first + self.childrenEnd - self.childrenFirst;
    }
}
