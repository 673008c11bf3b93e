// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What decides a candidate's place in the ranking.
/// @dev Layout of the uint256:
///
///      | bits    | field       | meaning                          |
///      | ------- | ----------- | -------------------------------- |
///      |  56-255 | score       | as the score policy has it       |
///      |  16-55  | committedAt | seconds                          |
///      |   0-15  | provers     | N, distinct fulfilled provers    |
type Standing is uint256;

using StandingLibrary for Standing global;

library StandingLibrary {
    function pack(uint256 score_, uint256 committedAt_, uint256 provers_) internal pure returns (Standing) {
        return
            Standing.wrap((uint256(uint200(score_)) << 56) | (uint256(uint40(committedAt_)) << 16) | uint16(provers_));
    }

    function score(Standing self) internal pure returns (uint256) {
        return Standing.unwrap(self) >> 56;
    }

    function committedAt(Standing self) internal pure returns (uint256) {
        return uint40(Standing.unwrap(self) >> 16);
    }

    function provers(Standing self) internal pure returns (uint256) {
        return uint16(Standing.unwrap(self));
    }
}
