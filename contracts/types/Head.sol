// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RoundId} from "./RoundId.sol";

/// @notice All of the round that a commit has to know, in one storage slot.
/// @dev Layout of the uint256:
///
///      | bits    | field   | meaning                                                           |
///      | ------- | ------- | ----------------------------------------------------------------- |
///      | 240-255 | zero    |                                                                   |
///      | 176-239 | roundId | 0: not started                                                    |
///      |  80-175 | backing | wei of the asset that back the L2 balances                        |
///      |  72-79  | ranked  | candidates in the ranking                                         |
///      |  40-71  | counter | rounds opened so far, whatever their height; marks lanes          |
///      |   0-39  | opens   | start of the proposal window                                      |
///
///      A started chain whose first round is still to be opened has attempt 0 and opens 0: its windows lie in the distant past
///      and nothing was proven, so it behaves as any expired attempt does.
type Head is uint256;

using HeadLibrary for Head global;

library HeadLibrary {
    function pack(RoundId roundId_, uint256 backing_, uint256 ranked_, uint256 counter_, uint256 opens_)
        internal
        pure
        returns (Head)
    {
        return Head.wrap(
            uint256(RoundId.unwrap(roundId_)) << 176 | uint256(uint96(backing_)) << 80 | uint256(uint8(ranked_)) << 72
                | uint256(uint32(counter_)) << 40 | uint40(opens_)
        );
    }

    function roundId(Head self) internal pure returns (RoundId) {
        return RoundId.wrap(uint64(Head.unwrap(self) >> 176));
    }

    function backing(Head self) internal pure returns (uint256) {
        return uint96(Head.unwrap(self) >> 80);
    }

    function ranked(Head self) internal pure returns (uint256) {
        return uint8(Head.unwrap(self) >> 72);
    }

    function counter(Head self) internal pure returns (uint256) {
        return uint32(Head.unwrap(self) >> 40);
    }

    function opens(Head self) internal pure returns (uint256) {
        return uint40(Head.unwrap(self));
    }

    function withRanked(Head self, uint256 ranked_) internal pure returns (Head) {
        return Head.wrap(Head.unwrap(self) & ~(uint256(0xff) << 72) | ranked_ << 72);
    }
}
