// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CandidateView, IRollup} from "./interfaces/IRollup.sol";
import {IRoundView, Phase, RoundState} from "./interfaces/IRoundView.sol";
import {Head, HeadLibrary} from "./types/Head.sol";
import {Seed} from "./types/Seed.sol";

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
        if (head.isPipelined()) state.parentRef = rollup.seatOf(rollup.candidateOf(state.parent).proposer);
        if (state.ranked != 0 && block.timestamp >= _proposalEnds(rollup, head) + rollup.acceptanceWindow()) {
            state.advanceDue = true;
            state.parent = rollup.ranking()[0];
            CandidateView memory leader = rollup.candidateOf(state.parent);
            state.stateRoot = leader.nextStateRoot;
            if (head.hasNext()) {
                state.parentRef = rollup.seatOf(leader.proposer);
                state.ranked = 0;
                head = _nextHead(rollup, head, leader.provers);
            }
        }
        _describe(state, rollup, head);
    }

    /// @dev What the head will be as soon as somebody acts.
    function _nextHead(IRollup rollup, Head head, uint256 provers) private view returns (Head) {
        uint256 exponent = head.exponent();
        if (exponent != 0) exponent = rollup.scorer().policy().nextExponent(exponent, provers);
        return HeadLibrary.pack(
            head.roundId().nextHeight(), 0, exponent, true, head.counter() + 1, _proposalEnds(rollup, head)
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
            Seed seed = rollup.seedOf(head.roundId().height());
            uint256 fixedAt = state.opens;
            if (seed.value() != 0 && seed.knownAt() < fixedAt) fixedAt = seed.knownAt();
            state.eligibleAt = uint48(fixedAt - 1);
            state.roundSeed = seed.value();
        }
        bool isRevealed = head.isRevealed();
        if (block.timestamp < state.proposalEnds) {
            state.phase = Phase.Proposing;
            (state.commitRoundId, state.commitCounter) = (state.roundId, state.counter);
        } else if (state.ranked != 0 && block.timestamp >= state.acceptanceEnds) {
            state.phase = Phase.Advanceable;
            (state.commitRoundId, state.commitCounter) = (state.roundId.nextHeight(), state.counter + 1);
        } else if (block.timestamp >= state.acceptanceEnds || (block.timestamp >= state.revealEnds && !isRevealed)) {
            state.phase = Phase.Expired;
            (state.commitRoundId, state.commitCounter) = (state.roundId.nextAttempt(), state.counter + 2);
        } else {
            state.phase = block.timestamp < state.revealEnds ? Phase.Revealing : Phase.Proving;
            (state.commitRoundId, state.commitCounter) = (state.roundId.nextHeight(), state.counter + 1);
        }
    }

    function _proposalEnds(IRollup rollup, Head head) private view returns (uint256) {
        return head.opens() + (head.isPipelined() ? rollup.acceptanceWindow() : rollup.proposalWindow());
    }
}
