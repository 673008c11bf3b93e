// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRollup} from "./interfaces/IRollup.sol";
import {Due, IRoundView, Phase, RoundState} from "./interfaces/IRoundView.sol";
import {Eligibility} from "./libraries/Eligibility.sol";
import {Candidate} from "./types/Candidate.sol";
import {Head, HeadLibrary} from "./types/Head.sol";

/// @title The view of the round
/// @notice IRoundView has the documentation.
contract RoundView is IRoundView {
    /// @inheritdoc IRoundView
    function roundState(IRollup rollup) external view returns (RoundState memory state) {
        Head head = rollup.head();
        state.roundId = head.roundId();
        state.parent = rollup.finalProposal();
        state.stateRoot = rollup.stateRoot();
        if (head.roundId().height() == 0) return state;

        state.ranked = head.ranked();
        state.due = _due(rollup, head.settled(), head.queueCut());
        if (head.isPipelined()) state.parentRef = rollup.candidateOf(state.parent).offer.seat();
        if (state.ranked != 0 && block.timestamp >= _proposalEnds(rollup, head) + rollup.acceptanceWindow()) {
            state.advanceDue = true;
            state.parent = rollup.ranking()[0];
            Candidate memory leader = rollup.candidateOf(state.parent);
            state.stateRoot = leader.nextStateRoot;
            if (head.hasNext()) {
                state.parentRef = leader.offer.seat();
                state.ranked = 0;
                head = _nextHead(rollup, head, leader);
                state.due = _due(rollup, head.settled(), head.queueCut());
            }
        }
        _describe(state, rollup, head);
    }

    /// @dev What the head will be as soon as somebody acts.
    function _nextHead(IRollup rollup, Head head, Candidate memory leader) private view returns (Head) {
        uint256 exponent = head.exponent();
        if (exponent != 0) exponent = rollup.scorer().policy().nextExponent(exponent, leader.standing.provers());
        uint256 opens = _proposalEnds(rollup, head);
        return
            HeadLibrary.pack(
                head.roundId().nextHeight(),
                exponent,
                true,
                head.counter() + 1,
                opens,
                opens,
                head.settled() + leader.offer.l1OpCount(),
                block.timestamp
            );
    }

    function _describe(RoundState memory state, IRollup rollup, Head head) private view {
        state.roundId = head.roundId();
        state.counter = head.counter();
        state.exponent = head.exponent();
        state.opens = head.opens();
        state.proposalEnds = _proposalEnds(rollup, head);
        state.revealEnds = state.proposalEnds + rollup.revealWindow();
        state.acceptanceEnds = state.proposalEnds + rollup.acceptanceWindow();
        if (state.opens != 0) {
            (state.roundSeed, state.eligibleAt) = Eligibility.ofRound(rollup, head.roundId().height(), state.opens);
        }
        bool isRevealed = head.isRevealed();
        if (head.isFrozen()) {
            state.phase = Phase.Frozen;
        } else if (block.timestamp < state.proposalEnds) {
            state.phase = Phase.Proposing;
            (state.commitRoundId, state.commitCounter) = (state.roundId, state.counter);
            state.commitDue = state.due;
        } else if (state.ranked != 0 && block.timestamp >= state.acceptanceEnds) {
            state.phase = Phase.Advanceable;
            (state.commitRoundId, state.commitCounter) = (state.roundId.nextHeight(), state.counter + 1);
            state.commitDue = _dueNext(state.due, rollup, state.acceptanceEnds);
        } else if (block.timestamp >= state.acceptanceEnds || (block.timestamp >= state.revealEnds && !isRevealed)) {
            state.phase = Phase.Expired;
            (state.commitRoundId, state.commitCounter) = (state.roundId.nextAttempt(), state.counter + 2);
            uint256 ended = isRevealed ? state.acceptanceEnds : state.revealEnds;
            state.commitDue = _due(rollup, state.due.first, ended);
        } else {
            state.phase = block.timestamp < state.revealEnds ? Phase.Revealing : Phase.Proving;
            (state.commitRoundId, state.commitCounter) = (state.roundId.nextHeight(), state.counter + 1);
            state.commitDue = _dueNext(state.due, rollup, state.proposalEnds);
        }
    }

    function _due(IRollup rollup, uint256 first, uint256 queueCut) private view returns (Due memory) {
        return Due(queueCut, first, rollup.bridge().dueAfter(first, queueCut));
    }

    /// @dev At the height after: whoever wins this one has settled what is due in it.
    function _dueNext(Due memory due, IRollup rollup, uint256 queueCut) private view returns (Due memory) {
        return _due(rollup, due.first + due.count, queueCut);
    }

    function _proposalEnds(IRollup rollup, Head head) private view returns (uint256) {
        return head.opens() + (head.isPipelined() ? rollup.acceptanceWindow() : rollup.proposalWindow());
    }
}
