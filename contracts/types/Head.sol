// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RoundId, RoundIdLibrary} from "./RoundId.sol";

/// @notice All of the round that a commit has to know, in one storage slot.
/// @dev Layout of the uint256:
///
///      | bits    | field       | meaning                                                                       |
///      | ------- | ----------- | ----------------------------------------------------------------------------- |
///      | 240-255 | exponent    | of the score policy, 0 where it has none                                      |
///      | 176-239 | roundId     | 0: not started                                                                |
///      | 143-175 | settled     | operations from L1 that are part of final blocks                              |
///      | 142     | isFrozen    | the bridge has ended the chain                                                |
///      | 108-141 | queueCut    | operations that were posted before this moment are due                        |
///      |  74-107 | decidedAt   | when the last block became final, or the rollup started                       |
///      |  69-73  | ranked      | candidates in the ranking                                                     |
///      |  68     | isPipelined | its commits were made in the acceptance window of the height before           |
///      |  67     | hasNext     | somebody committed to the next height already                                 |
///      |  66     | isRevealed  | somebody revealed                                                             |
///      |  34-65  | roundNumber | rounds opened so far, whatever their height; marks lanes                      |
///      |   0-33  | opens       | start of the proposal window                                                  |
///
///      Moments are seconds; 34 bits last until the year 2514. 2^33 operations are more than Ethereum has room for in
///      four years.
///
///      A started chain whose first round is still to be opened has attempt 0 and opens 0: its windows lie in the
///      distant past and nothing was proven, so it behaves as any expired attempt does.
type Head is uint256;

using HeadLibrary for Head global;

library HeadLibrary {
    uint256 private constant REVEALED = 1 << 66;
    uint256 private constant NEXT = 1 << 67;
    uint256 private constant PIPELINED = 1 << 68;
    uint256 private constant FROZEN = 1 << 142;
    uint256 private constant MOMENT_MASK = type(uint40).max >> 6;
    uint256 private constant SETTLED_MASK = type(uint40).max >> 7;

    /* TRANSITIONS: RoundClock says when, and at which moments */

    /// @return the head of a chain that starts: its first round is still to be opened
    function first(uint256 exponent_, uint256 moment) internal pure returns (Head) {
        return _opened(RoundIdLibrary.pack(1, 0), exponent_, false, 0, 0, 0, 0, moment);
    }

    /// @notice Commits and votes of the attempt are dead, and so are pipelined commits to the next height: those carry
    /// the round number after this one's, so the next attempt takes the number after that.
    function nextAttempt(Head self, uint256 opens_, uint256 queueCut_) internal pure returns (Head) {
        return
            _opened(
                self.roundId().nextAttempt(),
                self.exponent(),
                false,
                self.roundNumber() + 2,
                opens_,
                queueCut_,
                self.settled(),
                self.decidedAt()
            );
    }

    /// @param l1OpCount operations that the winner has settled
    function nextHeight(
        Head self,
        uint256 exponent_,
        uint256 opens_,
        uint256 queueCut_,
        uint256 l1OpCount,
        uint256 decidedAt_
    ) internal pure returns (Head) {
        return
            _opened(
                self.roundId().nextHeight(),
                exponent_,
                self.hasNext(),
                self.roundNumber() + 1,
                opens_,
                queueCut_,
                self.settled() + l1OpCount,
                decidedAt_
            );
    }

    /* FIELDS */

    /// @return whether the chain was started
    function isStarted(Head self) internal pure returns (bool) {
        return self.roundId().height() != 0;
    }

    function exponent(Head self) internal pure returns (uint256) {
        return Head.unwrap(self) >> 240;
    }

    function roundId(Head self) internal pure returns (RoundId) {
        return RoundId.wrap(uint64(Head.unwrap(self) >> 176));
    }

    function settled(Head self) internal pure returns (uint256) {
        return (Head.unwrap(self) >> 143) & SETTLED_MASK;
    }

    function isFrozen(Head self) internal pure returns (bool) {
        return Head.unwrap(self) & FROZEN != 0;
    }

    function queueCut(Head self) internal pure returns (uint256) {
        return (Head.unwrap(self) >> 108) & MOMENT_MASK;
    }

    function decidedAt(Head self) internal pure returns (uint256) {
        return (Head.unwrap(self) >> 74) & MOMENT_MASK;
    }

    function ranked(Head self) internal pure returns (uint256) {
        return (Head.unwrap(self) >> 69) & 31;
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

    function roundNumber(Head self) internal pure returns (uint256) {
        return uint32(Head.unwrap(self) >> 34);
    }

    function opens(Head self) internal pure returns (uint256) {
        return Head.unwrap(self) & MOMENT_MASK;
    }

    /* WHAT IS DONE IN THE ROUND */

    function withRanked(Head self, uint256 ranked_) internal pure returns (Head) {
        return Head.wrap((Head.unwrap(self) & ~(uint256(31) << 69)) | (ranked_ << 69));
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

    /// @dev Nothing was done in the round yet.
    function _opened(
        RoundId roundId_,
        uint256 exponent_,
        bool isPipelined_,
        uint256 roundNumber_,
        uint256 opens_,
        uint256 queueCut_,
        uint256 settled_,
        uint256 decidedAt_
    ) private pure returns (Head) {
        return
            Head.wrap(
                (uint256(uint16(exponent_)) << 240) |
                    (uint256(RoundId.unwrap(roundId_)) << 176) |
                    ((settled_ & SETTLED_MASK) << 143) |
                    ((queueCut_ & MOMENT_MASK) << 108) |
                    ((decidedAt_ & MOMENT_MASK) << 74) |
                    (isPipelined_ ? PIPELINED : 0) |
                    (uint256(uint32(roundNumber_)) << 34) |
                    (opens_ & MOMENT_MASK)
            );
    }
}
