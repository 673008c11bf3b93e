// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRollup, Opening} from "../interfaces/IRollup.sol";
import {IRollupExtension} from "../interfaces/IRollupExtension.sol";
import {Burns} from "../libraries/Burns.sol";
import {BID_UNIT} from "../libraries/Constants.sol";
import {Proposals} from "../libraries/Proposals.sol";
import {RoundClock} from "../libraries/RoundClock.sol";
import {Transcript} from "../libraries/Transcript.sol";
import {Candidate} from "../types/Candidate.sol";
import {Head} from "../types/Head.sol";
import {Lane, LaneLibrary} from "../types/Lane.sol";
import {Outcome, OutcomeLibrary} from "../types/Outcome.sol";
import {Payout} from "../types/Payout.sol";
import {RoundId} from "../types/RoundId.sol";
import {Terms} from "../types/Terms.sol";
import {Admission} from "./Commits.sol";

/// @notice What is seldom done with commits: a further one on the same deposit, and the forfeit of one that was never
/// proven.
abstract contract ColdCommits is IRollupExtension, Admission {
    using RoundClock for Head;
    using Transcript for bytes;

    /// @inheritdoc IRollupExtension
    function commitBranch(
        Terms terms,
        bytes32 orderCommitment,
        bytes calldata transcript,
        Opening calldata first,
        bytes32 firstTranscriptHash
    ) external {
        uint256 roundNumber = _admit(terms, transcript);
        uint256 laneId = LaneLibrary.idOf(msg.sender, terms.roundId().height());
        Lane lane = _lanes[laneId];
        uint192 digest = Proposals.commitDigest(
            first.terms,
            first.orderCommitment,
            firstTranscriptHash,
            first.committedAt
        );
        if (digest != lane.digest() || !lane.isCommitted(roundNumber)) {
            revert IRollup.WrongOpening(digest, lane.digest());
        }
        uint256 parentRef = terms.parentRef();
        Lane branch = _branches[laneId][parentRef];
        if (parentRef == first.terms.parentRef() || branch.isCommitted(roundNumber)) {
            revert IRollup.AlreadyCommitted(msg.sender, terms.roundId(), parentRef);
        }
        if (terms.burnBid() > lane.deposit()) revert IRollup.BidAboveDeposit(terms.burnBid(), lane.deposit());

        digest = Proposals.commitDigest(terms, orderCommitment, transcript.hash(), block.timestamp);
        _branches[laneId][parentRef] = branch.withCommit(digest, roundNumber);
        emit IRollup.Committed(msg.sender, terms, orderCommitment, block.timestamp, transcript);
    }

    /// @inheritdoc IRollupExtension
    function settle(Opening calldata opening, bytes32 transcriptHash) external returns (uint256 forfeited) {
        Head head = _upToDate(_head);
        Terms terms = opening.terms;
        uint256 laneId = LaneLibrary.idOf(opening.proposer, terms.roundId().height());
        Lane lane = _lanes[laneId];
        if (!lane.isUnsettled()) revert IRollup.NothingToSettle(opening.proposer, terms.roundId());
        (bool isLive, uint192 committed) = _fate(head, laneId, lane, terms);
        uint192 digest = Proposals.commitDigest(terms, opening.orderCommitment, transcriptHash, opening.committedAt);
        if (digest != committed) revert IRollup.WrongOpening(digest, committed);

        if (isLive) forfeited = _forfeitOf(laneId, terms, opening.orderCommitment);
        _lanes[laneId] = lane.withDeposit(lane.deposit() - forfeited).cleared();
        emit IRollup.Settled(opening.proposer, terms.roundId(), forfeited);

        _token.burn(forfeited * BID_UNIT);
    }

    /* INTERNAL */

    /// @dev What an unpaid commit forfeits whose parent won: all of its part where nothing was proven of it, and for
    /// the silent ones of the provers that it names where something was.
    function _forfeitOf(uint256 laneId, Terms terms, bytes32 orderCommitment) private view returns (uint256) {
        Candidate storage candidate = _proposals[_provenOf[laneId]].candidate;
        // What an earlier commit of the lane was proven as may still be remembered.
        bool isProven = candidate.setting.roundId() == terms.roundId() && candidate.orderCommitment == orderCommitment;
        Payout payout = candidate.payout;
        (uint256 silent, uint256 named) = isProven ? (payout.silent(), payout.named()) : (1, 1);
        return Burns.atForfeit(_burnRule, terms.burnBid(), _forfeitBps, silent, named);
    }

    /// @dev What became of a lane's unsettled commit. Reverts while that is open.
    /// @return isLive whether it could have been proven: its parent is the block that won
    /// @return digest of the commit that has to be opened: the live one of the seat's branches, or else the lane's own
    function _fate(
        Head head,
        uint256 laneId,
        Lane lane,
        Terms terms
    ) private view returns (bool isLive, uint192 digest) {
        RoundId roundId = terms.roundId();
        uint256 height = roundId.height();
        uint256 parentRef = terms.parentRef();
        digest = lane.digest();
        bool isCurrent = lane.isCommitted(head.roundNumber());
        // A freeze ends the round early: its commits forfeit nothing.
        if (head.isFrozen() && (isCurrent || lane.isCommitted(head.roundNumber() + 1))) return (false, digest);
        if (parentRef == 0) {
            isLive = true;
        } else if (head.roundId().height() < height) {
            // Its parent's height is undecided: it is pending in the round that it was made in, and dead in a later
            // attempt.
            if (lane.isCommitted(head.roundNumber() + 1) && !head.isOver(windows, block.timestamp)) {
                revert IRollup.RoundOpen(roundId);
            }
            return (false, digest);
        } else {
            Outcome outcome = _outcomes[(height - 1) % OutcomeLibrary.RING];
            // After 1,024 heights the outcome of the parent is forgotten: the commit counts as unproven.
            if (!outcome.isOf(height - 1)) return (true, digest);
            uint256 roundNumber = outcome.roundTag() + 1;
            if (!lane.isCommitted(roundNumber)) return (false, digest);
            Lane branch = _branches[laneId][outcome.seat()];
            if (branch.isCommitted(roundNumber)) (isLive, digest) = (true, branch.digest());
            else isLive = parentRef == outcome.seat();
        }
        if (isLive && isCurrent && !head.isOver(windows, block.timestamp)) revert IRollup.RoundOpen(roundId);
    }
}
