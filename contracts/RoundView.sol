// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRollup} from "./interfaces/IRollup.sol";
import {Due, IRoundView, Phase, RoundState} from "./interfaces/IRoundView.sol";
import {Eligibility} from "./libraries/Eligibility.sol";
import {RoundClock} from "./libraries/RoundClock.sol";
import {Candidate} from "./types/Candidate.sol";
import {Head} from "./types/Head.sol";
import {Windows, WindowsLibrary} from "./types/Windows.sol";

/// @title The view of the round
/// @notice IRoundView has the documentation.
contract RoundView is IRoundView {
    using RoundClock for Head;

    /// @inheritdoc IRoundView
    function roundState(IRollup rollup) external view returns (RoundState memory state) {
        Head head = rollup.head();
        state.roundId = head.roundId();
        state.parent = rollup.finalProposal();
        state.stateRoot = rollup.stateRoot();
        if (!head.isStarted()) return state;

        Windows windows = WindowsLibrary.pack(rollup.proposalWindow(), rollup.acceptanceWindow());
        state.ranked = head.ranked();
        if (head.isPipelined()) state.parentRef = rollup.candidateOf(state.parent).offer.seat();
        if (head.isDecided(windows, block.timestamp)) {
            state.advanceDue = true;
            state.parent = rollup.ranking()[0];
            Candidate memory leader = rollup.candidateOf(state.parent);
            state.stateRoot = leader.nextStateRoot;
            // The next action advances to a round that is open already.
            if (head.hasNext()) {
                state.parentRef = leader.offer.seat();
                state.ranked = 0;
                head = _nextHeight(rollup, head, windows, leader);
            }
        }
        state.due = _due(rollup, head.settled(), head.queueCut());
        _describe(state, rollup, head, windows);
    }

    /// @dev What the head will be as soon as somebody acts.
    function _nextHeight(
        IRollup rollup,
        Head head,
        Windows windows,
        Candidate memory leader
    ) private view returns (Head) {
        uint256 exponent = head.exponent();
        if (exponent != 0) exponent = rollup.scorer().policy().nextExponent(exponent, leader.standing.provers());
        return head.nextHeight(windows, block.timestamp, exponent, leader.offer.l1OpCount());
    }

    function _describe(RoundState memory state, IRollup rollup, Head head, Windows windows) private view {
        state.roundId = head.roundId();
        state.roundNumber = head.roundNumber();
        state.exponent = head.exponent();
        state.opens = head.opens();
        state.proposalEnds = head.proposalEnds(windows);
        state.revealEnds = head.revealEnds(windows);
        state.provingEnds = head.provingEnds(windows);
        state.acceptanceEnds = head.acceptanceEnds(windows);
        if (state.opens != 0) {
            (state.roundSeed, state.eligibleAt) = Eligibility.ofRound(rollup, head.roundId().height(), state.opens);
        }
        if (head.isFrozen()) {
            state.phase = Phase.Frozen;
        } else if (block.timestamp < state.proposalEnds) {
            state.phase = Phase.Proposing;
            (state.commitRoundId, state.commitRoundNumber) = (state.roundId, state.roundNumber);
            state.commitDue = state.due;
        } else if (state.ranked != 0 && block.timestamp >= state.acceptanceEnds) {
            state.phase = Phase.Advanceable;
            _commitToNextHeight(state, rollup, state.acceptanceEnds);
        } else if (head.isOver(windows, block.timestamp)) {
            state.phase = Phase.Expired;
            Head next = head.nextAttempt(windows, block.timestamp);
            (state.commitRoundId, state.commitRoundNumber) = (next.roundId(), next.roundNumber());
            state.commitDue = _due(rollup, next.settled(), next.queueCut());
        } else {
            state.phase = Phase.Delivering;
            if (block.timestamp < state.provingEnds) state.phase = Phase.Proving;
            if (block.timestamp < state.revealEnds) state.phase = Phase.Revealing;
            _commitToNextHeight(state, rollup, state.proposalEnds);
        }
    }

    /// @dev The block that wins this height settles what is due in it, so the next height begins after that.
    function _commitToNextHeight(RoundState memory state, IRollup rollup, uint256 queueCut) private view {
        (state.commitRoundId, state.commitRoundNumber) = (state.roundId.nextHeight(), state.roundNumber + 1);
        state.commitDue = _due(rollup, state.due.first + state.due.count, queueCut);
    }

    function _due(IRollup rollup, uint256 first, uint256 queueCut) private view returns (Due memory) {
        return Due(queueCut, first, rollup.bridge().dueAfter(first, queueCut));
    }
}
