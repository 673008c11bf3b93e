// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRollup} from "../interfaces/IRollup.sol";
import {BPS} from "../libraries/Constants.sol";
import {Head, HeadLibrary} from "../types/Head.sol";
import {RoundId} from "../types/RoundId.sol";
import {Terms} from "../types/Terms.sol";
import {RollupBase} from "./RollupBase.sol";

/// @notice What every commit goes through.
abstract contract Admission is RollupBase {
    /// @dev Checks what does not depend on the seat, and opens the round if the commit is the first of an attempt.
    /// @return counter of the round that the commit is for
    function _admit(Terms terms, bytes calldata transcript) internal returns (uint256 counter) {
        if (!terms.isCanonical()) revert IRollup.MalformedTerms(terms);
        if (terms.proverShareBps() > BPS) revert IRollup.ShareTooHigh(terms.proverShareBps(), BPS);
        if (terms.burnBid() < minBid) revert IRollup.BidTooLow(terms.burnBid(), minBid);
        if (transcript.length != transcriptBytes)
            revert IRollup.MalformedTranscript(transcript.length, transcriptBytes);

        Head head = _head;
        if (head.isFrozen()) revert IRollup.IsFrozen();
        bool isPipelined;
        if (block.timestamp >= _proposalEnds(head)) {
            head = _upToDate(head);
            if (_isOver(head))
                head = _nextAttempt(head);
                // Whoever has advanced just now is in a round of its own.
            else isPipelined = block.timestamp >= _proposalEnds(head);
        }
        RoundId roundId = head.roundId();
        counter = head.counter();
        if (isPipelined) {
            roundId = roundId.nextHeight();
            ++counter;
            if (!head.hasNext()) _head = head.withNext();
        }
        if (terms.roundId() != roundId) revert IRollup.WrongRound(terms.roundId(), roundId);
        if ((terms.parentRef() != 0) != isPipelined) revert IRollup.UnknownParent(terms.parentRef());
    }

    /// @dev Nothing was proven: commits and votes of the attempt are dead, and so are pipelined commits to the next
    /// height.
    function _nextAttempt(Head head) private returns (Head) {
        if (!_isStarted(head)) revert IRollup.NotStarted();
        return
            _openRound(
                HeadLibrary.pack(
                    head.roundId().nextAttempt(),
                    head.exponent(),
                    false,
                    // A pipelined commit of the dead attempt carries the counter after this one's.
                    head.counter() + 2,
                    block.timestamp,
                    // Since then everybody could have opened this attempt.
                    _ends(head),
                    head.settled(),
                    head.decidedAt()
                ),
                finalProposal()
            );
    }
}
