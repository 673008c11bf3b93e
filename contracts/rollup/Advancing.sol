// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Burns} from "../libraries/Burns.sol";
import {BID_UNIT} from "../libraries/Constants.sol";
import {Rewards} from "../libraries/Rewards.sol";
import {Candidate} from "../types/Candidate.sol";
import {Head, HeadLibrary} from "../types/Head.sol";
import {Lane, LaneLibrary} from "../types/Lane.sol";
import {Outcome, OutcomeLibrary} from "../types/Outcome.sol";
import {Payout} from "../types/Payout.sol";
import {RoundId} from "../types/RoundId.sol";
import {SeedLibrary} from "../types/Seed.sol";
import {RollupBase} from "./RollupBase.sol";

/// @notice Ends rounds: decides heights, fixes who earns and burns what, and opens what comes next.
abstract contract Advancing is RollupBase {
    /// @dev What paying a round's candidates adds up to.
    struct Sums {
        /// Wei.
        uint256 minted;
        /// What the provers of the round share, wei. Only with a payout policy.
        uint256 pool;
        /// BID_UNIT.
        uint256 burnt;
    }

    /// @dev Makes final what is decided already. Every action begins with this, so that nobody has to advance first.
    function _upToDate() internal returns (Head head) {
        head = _head;
        if (head.ranked() != 0 && block.timestamp >= _acceptanceEnds(head)) head = _advance(head);
    }

    /// @dev The window is over and something is ranked. Calls nobody but the native token and the policies.
    function _advance(Head head) internal returns (Head) {
        RoundId roundId = head.roundId();
        uint256 height = roundId.height();
        uint256 winnerId = _ranking[0];
        uint256 reward = Rewards.blockReward(initialReward, halvingInterval, height);
        uint256 uncles = _countUncles(head.ranked());

        Sums memory sums;
        uint256 uncleReward = uncles == 0 ? 0 : Rewards.uncleReward(reward, uncleRewardBps, uncles);
        for (uint256 place = 0; place <= uncles; ++place) {
            _pay(sums, head, place, place == 0 ? reward : uncleReward);
        }
        if (sums.pool != 0) sums.minted += payout.fund(head.counter(), sums.pool);

        Candidate storage winner = _candidates[winnerId];
        finalProposal = winnerId;
        _outcomes[height % OutcomeLibrary.RING] = OutcomeLibrary.pack(
            _candidates[_ranking[uncles]].standing.score(), seatOf[winner.proposer], head.counter(), height
        );
        if (usesBetas) _seeds[(height + 2) % 4] = SeedLibrary.pack(block.prevrandao, block.timestamp);
        uint256 exponent = head.exponent();
        if (exponent != 0) exponent = policy.nextExponent(exponent, winner.standing.provers());
        emit Advanced(roundId, winnerId, winner.nextStateRoot, sums.minted, sums.burnt * BID_UNIT);

        head = _openRound(
            HeadLibrary.pack(
                roundId.nextHeight(),
                head.backing() - winner.payout.fees(),
                exponent,
                head.hasNext(),
                head.counter() + 1,
                // A pipelined round has had its proposal window: the acceptance window that is over now.
                head.hasNext() ? _proposalEnds(head) : block.timestamp
            )
        );

        token.mint(address(this), sums.minted);
        token.burn(sums.burnt * BID_UNIT);
        return head;
    }

    function _openRound(Head head) internal returns (Head) {
        _head = head;
        emit RoundOpened(head.roundId(), finalProposal, head.opens(), head.isPipelined());
        return head;
    }

    /// @return uncles how many of the ranked, from place 1, come close enough to the winner
    function _countUncles(uint256 ranked) private view returns (uint256 uncles) {
        if (ranked == 1) return 0;
        uint256 winnerScore = _candidates[_ranking[0]].standing.score();
        if (winnerScore == 0) return 0;
        uint256 least = policy.fraction(winnerScore, uncleMinScoreBps);
        for (; uncles + 1 < ranked; ++uncles) {
            uint256 score = _candidates[_ranking[uncles + 1]].standing.score();
            if (score == 0 || score < least) break;
        }
    }

    /// @dev Fixes what a ranked candidate earns and burns.
    /// @param reward before scaling, wei
    function _pay(Sums memory sums, Head head, uint256 place, uint256 reward) private {
        uint256 proposalId = _ranking[place];
        Candidate storage candidate = _candidates[proposalId];
        Payout terms = candidate.payout;
        address proposer = candidate.proposer;
        uint256 fees = place == 0 ? terms.fees() : 0;
        (, uint256 proverUnit, uint256 proposerReward) =
            Rewards.split(reward, terms.fulfilledWeight(), terms.assignedWeight(), candidate.proverShareBps);
        if (address(payout) == address(0)) {
            sums.minted += proverUnit * terms.fulfilledWeight() + proposerReward;
        } else {
            sums.pool += proverUnit * terms.fulfilledWeight();
            sums.minted += proposerReward;
            proverUnit = 0;
        }
        candidate.payout = terms.asPaid(proverUnit);
        if (place == 0) proposerReward -= _tip(head, proposerReward);

        Credit memory credit = creditOf[proposer];
        creditOf[proposer] = Credit(credit.rewards + uint128(proposerReward), credit.fees + uint128(fees));

        uint256 burnt = Burns.atPayment(burnRule, candidate.burnBid, place, uncleBurnBps);
        if (burnt != 0) {
            sums.burnt += burnt;
            uint256 laneId = LaneLibrary.idOf(proposer, head.roundId().height());
            Lane lane = _lanes[laneId];
            _lanes[laneId] = lane.withDeposit(lane.deposit() - burnt);
        }
        emit CandidatePaid(proposalId, proposer, place, burnt, proverUnit, proposerReward, fees);
    }

    /// @dev Whoever builds the L1 block is paid for letting a prompt advance in, out of what the winner earns.
    function _tip(Head head, uint256 proposerReward) private returns (uint256 tip) {
        if (advanceTip == 0 || block.timestamp >= _acceptanceEnds(head) + revealWindow) return 0;
        tip = advanceTip < proposerReward ? advanceTip : proposerReward;
        creditOf[block.coinbase].rewards += uint128(tip);
        emit Tipped(block.coinbase, head.roundId(), tip);
    }
}
