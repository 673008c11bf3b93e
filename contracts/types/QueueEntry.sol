// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What the bridge keeps of an operation.
/// @dev Layout of the uint256:
///
///      | bits   | field    | meaning                                                  |
///      | ------ | -------- | -------------------------------------------------------- |
///      | 40-255 | chain    | the keccak chain over all operations up to this one      |
///      |  0-39  | postedAt | seconds                                                  |
type QueueEntry is uint256;

using QueueEntryLibrary for QueueEntry global;

library QueueEntryLibrary {
    function pack(uint216 chain_, uint256 postedAt_) internal pure returns (QueueEntry) {
        return QueueEntry.wrap((uint256(chain_) << 40) | uint40(postedAt_));
    }

    function chain(QueueEntry self) internal pure returns (uint216) {
        return uint216(QueueEntry.unwrap(self) >> 40);
    }

    function postedAt(QueueEntry self) internal pure returns (uint256) {
        return uint40(QueueEntry.unwrap(self));
    }
}
