// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRollup} from "../interfaces/IRollup.sol";
import {Proposals} from "../libraries/Proposals.sol";
import {RoundClock} from "../libraries/RoundClock.sol";
import {Transcript} from "../libraries/Transcript.sol";
import {Head} from "../types/Head.sol";
import {Lane, LaneLibrary} from "../types/Lane.sol";
import {RoundId} from "../types/RoundId.sol";
import {Terms} from "../types/Terms.sol";
import {RollupBase} from "./RollupBase.sol";

/// @notice The checks that every commit passes, of a first one and of a branch alike.
abstract contract Admission is RollupBase {
    using RoundClock for Head;

    /// @dev Checks what does not depend on the seat, and opens the round if the commit is the first of an attempt.
    /// @return roundNumber of the round that the commit is for
    function _admit(Terms terms, bytes calldata transcript) internal returns (uint256 roundNumber) {
        if (!terms.isCanonical()) revert IRollup.MalformedTerms(terms);
        unchecked {
            // Any share up to the whole, or the fair one alone.
            if (terms.proverShareBps() - _fairShareBps > shareRange) {
                revert IRollup.ShareOutOfRange(terms.proverShareBps(), _fairShareBps, _fairShareBps + shareRange);
            }
        }
        if (terms.burnBid() < _minBid) revert IRollup.BidTooLow(terms.burnBid(), _minBid);
        if (transcript.length != transcriptBytes) {
            revert IRollup.MalformedTranscript(transcript.length, transcriptBytes);
        }

        Head head = _head;
        if (head.isFrozen()) revert IRollup.IsFrozen();
        bool isPipelined;
        if (block.timestamp >= head.proposalEnds(windows)) {
            head = _upToDate(head);
            if (head.isOver(windows, block.timestamp)) {
                head = _nextAttempt(head);
            } else {
                // `_upToDate` may have advanced: the commit is then the first of a fresh round.
                isPipelined = block.timestamp >= head.proposalEnds(windows);
            }
        }
        RoundId roundId = head.roundId();
        roundNumber = head.roundNumber();
        if (isPipelined) {
            roundId = roundId.nextHeight();
            unchecked {
                ++roundNumber;
            }
            if (!head.hasNext()) _head = head.withNext();
        }
        if (terms.roundId() != roundId) revert IRollup.WrongRound(terms.roundId(), roundId);
        if ((terms.parentRef() != 0) != isPipelined) revert IRollup.UnknownParent(terms.parentRef());
    }

    /// @dev Nothing was proven. Commits and votes of the attempt die, and with them commits to the next height.
    function _nextAttempt(Head head) private returns (Head) {
        if (!head.isStarted()) revert IRollup.NotStarted();
        return _openRound(head.nextAttempt(windows, block.timestamp), _finalProposal());
    }
}

/// @notice Commits, hot: one storage word each. `Admission` above has the checks, RoundClock the moments.
abstract contract Commits is IRollup, Admission {
    using Transcript for bytes;

    /// @inheritdoc IRollup
    function commit(Terms terms, bytes32 orderCommitment, bytes calldata transcript) external {
        _commit(msg.sender, terms, orderCommitment, transcript);
    }

    /// @inheritdoc IRollup
    function commitFor(
        address proposer,
        Terms terms,
        bytes32 orderCommitment,
        bytes calldata transcript,
        uint256 roundNumber
    ) external {
        if (msg.sender != _relay) revert NotRelay(msg.sender, _relay);
        uint256 expected = _commit(proposer, terms, orderCommitment, transcript);
        if (roundNumber != expected) revert WrongRoundNumber(roundNumber, expected);
    }

    /// @return roundNumber of the round that the commit is for
    function _commit(
        address proposer,
        Terms terms,
        bytes32 orderCommitment,
        bytes calldata transcript
    ) private returns (uint256 roundNumber) {
        roundNumber = _admit(terms, transcript);
        uint256 laneId = LaneLibrary.idOf(proposer, terms.roundId().height());
        Lane lane = _lanes[laneId];
        if (lane.isCommitted(roundNumber)) revert AlreadyCommitted(proposer, terms.roundId(), terms.parentRef());
        if (lane.isUnsettled()) revert Unsettled(proposer, terms.roundId().height() & 1);
        if (terms.burnBid() > lane.deposit()) revert BidAboveDeposit(terms.burnBid(), lane.deposit());

        uint192 digest = Proposals.commitDigest(terms, orderCommitment, transcript.hash(), block.timestamp);
        _lanes[laneId] = lane.withCommit(digest, roundNumber);
        emit Committed(proposer, terms, orderCommitment, block.timestamp, transcript);
    }
}
