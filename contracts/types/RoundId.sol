// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice One try at deciding one height. A height that nobody proves in time gets another attempt.
/// @dev Layout of the uint64:
///
///      | bits  | field   |
///      | ----- | ------- |
///      | 32-63 | height  |
///      |  0-31 | attempt |
///
///      Both count from 1. Attempt 0 is a height that has not been opened yet.
type RoundId is uint64;

using RoundIdLibrary for RoundId global;
using {equals as ==, differs as !=} for RoundId global;

function equals(RoundId a, RoundId b) pure returns (bool) {
    return RoundId.unwrap(a) == RoundId.unwrap(b);
}

function differs(RoundId a, RoundId b) pure returns (bool) {
    return RoundId.unwrap(a) != RoundId.unwrap(b);
}

library RoundIdLibrary {
    function pack(uint256 height_, uint256 attempt_) internal pure returns (RoundId) {
        return RoundId.wrap(uint64((height_ << 32) | attempt_));
    }

    function height(RoundId self) internal pure returns (uint256) {
        return RoundId.unwrap(self) >> 32;
    }

    function attempt(RoundId self) internal pure returns (uint256) {
        return uint32(RoundId.unwrap(self));
    }

    function nextAttempt(RoundId self) internal pure returns (RoundId) {
        unchecked {
            return pack(self.height(), self.attempt() + 1);
        }
    }

    function nextHeight(RoundId self) internal pure returns (RoundId) {
        unchecked {
            return pack(self.height() + 1, 1);
        }
    }
}
