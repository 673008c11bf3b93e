// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RoundId} from "./RoundId.sol";

/// @notice All of the round that a commit has to know, in one storage slot.
/// @dev Layout of the uint256:
///
///      | bits    | field       | meaning                                                                       |
///      | ------- | ----------- | ----------------------------------------------------------------------------- |
///      | 240-255 | exponent    | of the score policy, 0 where it has none                                      |
///      | 176-239 | roundId     | 0: not started                                                                |
///      | 121-175 | zero        |                                                                               |
///      | 120     | isFrozen    | the bridge has ended the chain                                                |
///      |  80-119 | queueCut    | operations from L1 that were posted before this moment are due                |
///      |  75-79  | ranked      | candidates in the ranking                                                     |
///      |  74     | isPipelined | its commits were made in the acceptance window of the height before           |
///      |  73     | hasNext     | somebody committed to the next height already                                 |
///      |  72     | isRevealed  | somebody revealed                                                             |
///      |  40-71  | counter     | rounds opened so far, whatever their height; marks lanes                      |
///      |   0-39  | opens       | start of the proposal window                                                  |
///
///      A started chain whose first round is still to be opened has attempt 0 and opens 0: its windows lie in the distant past
///      and nothing was proven, so it behaves as any expired attempt does.
type Head is uint256;

using HeadLibrary for Head global;

library HeadLibrary {
    uint256 private constant REVEALED = 1 << 72;
    uint256 private constant NEXT = 1 << 73;
    uint256 private constant PIPELINED = 1 << 74;
    uint256 private constant FROZEN = 1 << 120;

    function pack(
        RoundId roundId_,
        uint256 exponent_,
        bool isPipelined_,
        uint256 counter_,
        uint256 opens_,
        uint256 queueCut_
    ) internal pure returns (Head) {
        return Head.wrap(
            uint256(uint16(exponent_)) << 240 | uint256(RoundId.unwrap(roundId_)) << 176
                | uint256(uint40(queueCut_)) << 80 | (isPipelined_ ? PIPELINED : 0) | uint256(uint32(counter_)) << 40
                | uint40(opens_)
        );
    }

    function exponent(Head self) internal pure returns (uint256) {
        return Head.unwrap(self) >> 240;
    }

    function roundId(Head self) internal pure returns (RoundId) {
        return RoundId.wrap(uint64(Head.unwrap(self) >> 176));
    }

    function queueCut(Head self) internal pure returns (uint256) {
        return uint40(Head.unwrap(self) >> 80);
    }

    function isFrozen(Head self) internal pure returns (bool) {
        return Head.unwrap(self) & FROZEN != 0;
    }

    function ranked(Head self) internal pure returns (uint256) {
        return Head.unwrap(self) >> 75 & 31;
    }

    function isPipelined(Head self) internal pure returns (bool) {
        return Head.unwrap(self) & PIPELINED != 0;
    }

    function hasNext(Head self) internal pure returns (bool) {
        return Head.unwrap(self) & NEXT != 0;
    }

    function isRevealed(Head self) internal pure returns (bool) {
        return Head.unwrap(self) & REVEALED != 0;
    }

    function counter(Head self) internal pure returns (uint256) {
        return uint32(Head.unwrap(self) >> 40);
    }

    function opens(Head self) internal pure returns (uint256) {
        return uint40(Head.unwrap(self));
    }

    function withRanked(Head self, uint256 ranked_) internal pure returns (Head) {
        return Head.wrap(Head.unwrap(self) & ~(uint256(31) << 75) | ranked_ << 75);
    }

    function withNext(Head self) internal pure returns (Head) {
        return Head.wrap(Head.unwrap(self) | NEXT);
    }

    function withRevealed(Head self) internal pure returns (Head) {
        return Head.wrap(Head.unwrap(self) | REVEALED);
    }

    function asFrozen(Head self) internal pure returns (Head) {
        return Head.wrap(Head.unwrap(self) | FROZEN);
    }
}
