// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {QueueEntry, QueueEntryLibrary} from "../types/QueueEntry.sol";
import {Operations} from "./Operations.sol";

/// @notice Operations by number, as a keccak chain: one word each.
library Queue {
    /// @return of all operations before this one; 0 if there is none
    function chainBefore(
        mapping(uint256 => QueueEntry) storage entries,
        uint256 index
    ) internal view returns (uint216) {
        return index == 0 ? 0 : entries[index - 1].chain();
    }

    /// @param before the chain of all operations before this one
    /// @return chain with it
    function post(
        mapping(uint256 => QueueEntry) storage entries,
        uint256 index,
        uint216 before,
        bytes memory operation
    ) internal returns (uint216 chain) {
        chain = Operations.link(before, operation);
        entries[index] = QueueEntryLibrary.pack(chain, block.timestamp);
    }

    /// @notice How many operations are due: from `first` on, posted before the cut, not more than `most`.
    /// @dev Operations are in the order of time, so the cut is found by bisection; mostly by the first look, which
    /// tells that all or as many as fit are due.
    /// @param posted how many there are in all
    function due(
        mapping(uint256 => QueueEntry) storage entries,
        uint256 posted,
        uint256 first,
        uint256 queueCut,
        uint256 most
    ) internal view returns (uint256) {
        uint256 end = first + most;
        if (end > posted) end = posted;
        if (end <= first) return 0;
        if (entries[end - 1].postedAt() < queueCut) return end - first;

        // The first operation that is not due is not below `low`, and not above `high`.
        (uint256 low, uint256 high) = (first, end - 1);
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (entries[middle].postedAt() < queueCut) low = middle + 1;
            else high = middle;
        }
        return low - first;
    }
}
