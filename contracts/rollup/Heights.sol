// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRollup} from "../interfaces/IRollup.sol";
import {Burns} from "../libraries/Burns.sol";
import {BID_UNIT} from "../libraries/Constants.sol";
import {Rewards} from "../libraries/Rewards.sol";
import {RoundClock} from "../libraries/RoundClock.sol";
import {Candidate} from "../types/Candidate.sol";
import {Head} from "../types/Head.sol";
import {Lane, LaneLibrary} from "../types/Lane.sol";
import {Offer} from "../types/Offer.sol";
import {OutcomeLibrary} from "../types/Outcome.sol";
import {Payout} from "../types/Payout.sol";
import {RoundId} from "../types/RoundId.sol";
import {Standing} from "../types/Standing.sol";
import {RollupBase} from "./RollupBase.sol";

/// @notice Ends rounds: decides heights, fixes who earns and burns what, and opens what comes next.
abstract contract Heights is RollupBase {
    using RoundClock for Head;

    /// @inheritdoc RollupBase
    function _upToDate(Head head) internal override returns (Head) {
        return head.isDecided(windows, block.timestamp) ? _advance(head) : head;
    }

    /// @dev The window is over and something is ranked. Calls nobody but the native token and the policies.
    function _advance(Head head) internal returns (Head) {
        RoundId roundId = head.roundId();
        uint256 height = roundId.height();
        mapping(uint256 => uint256) storage ranking_ = _ranking(height);
        uint256 winnerId = ranking_[0];
        Candidate storage winner = _proposals[winnerId].candidate;
        (Standing standing, Offer offer) = (winner.standing, winner.offer);
        (uint256 uncles, uint256 lowestScore) = _countUncles(ranking_, head.ranked(), standing.score());

        (uint256 minted, uint256 burnt) = _payAll(head, ranking_, uncles);

        _outcomes[height % OutcomeLibrary.RING] = OutcomeLibrary.pack(
            lowestScore,
            offer.seat(),
            head.roundNumber(),
            height
        );
        uint256 exponent = head.exponent();
        if (exponent != 0) exponent = policy.nextExponent(exponent, standing.provers());
        emit IRollup.Advanced(roundId, winnerId, winner.nextStateRoot, minted, burnt);

        head = _openRound(head.nextHeight(windows, block.timestamp, exponent, offer.l1OpCount()), winnerId);

        _token.mintAndBurn(minted, burnt);
        return head;
    }

    /// @return uncles      how many of the ranked, from place 1, come close enough to the winner
    /// @return lowestScore that is paid
    function _countUncles(
        mapping(uint256 => uint256) storage ranking_,
        uint256 ranked,
        uint256 winnerScore
    ) private view returns (uint256 uncles, uint256 lowestScore) {
        if (ranked == 1 || winnerScore == 0) return (0, winnerScore);
        uint256 least = policy.fraction(winnerScore, _uncleMinScoreBps);
        // Scores fall from place to place: the last candidate that is close enough says how many uncles there are.
        for (uncles = ranked - 1; uncles != 0; --uncles) {
            lowestScore = _proposals[ranking_[uncles]].candidate.standing.score();
            if (lowestScore != 0 && lowestScore >= least) return (uncles, lowestScore);
        }
        return (0, winnerScore);
    }

    /// @return minted for the winner and the uncles, wei
    /// @return burnt  by them, wei
    function _payAll(
        Head head,
        mapping(uint256 => uint256) storage ranking_,
        uint256 uncles
    ) private returns (uint256 minted, uint256 burnt) {
        uint256 reward = Rewards.blockReward(_initialReward, _halvingInterval, head.roundId().height());
        for (uint256 place = 0; place <= uncles; ++place) {
            if (place == 1) reward = Rewards.uncleReward(reward, _uncleRewardBps, uncles);
            (uint256 own, uint256 bid) = _pay(head, ranking_[place], place, reward);
            minted += own;
            burnt += bid;
        }
        burnt *= BID_UNIT;
    }

    /// @dev Fixes what a ranked candidate earns and burns. An uncle earns no more than it burns as one, or one could
    /// propose beside an own winner for the uncles' reward.
    /// @param reward before scaling, wei
    /// @return minted for its provers, its proposer and whoever built the block, wei
    /// @return burnt  BID_UNIT
    function _pay(
        Head head,
        uint256 proposalId,
        uint256 place,
        uint256 reward
    ) private returns (uint256 minted, uint256 burnt) {
        Candidate storage candidate = _proposals[proposalId].candidate;
        Payout terms = candidate.payout;
        Offer offer = candidate.offer;
        if (place == 0) {
            burnt = Burns.ofWinner(_burnRule, offer.burnBid());
        } else {
            uint256 own;
            (burnt, own) = Burns.ofUncle(
                _burnRule,
                offer.burnBid(),
                _uncleBurnBps,
                _forfeitBps,
                terms.silent(),
                terms.named()
            );
            if (reward > own * BID_UNIT) reward = own * BID_UNIT;
        }
        uint256 proverUnit;
        uint256 proposerReward;
        (minted, proverUnit, proposerReward) = Rewards.split(
            reward,
            terms.fulfilledWeight(),
            totalWeight,
            offer.proverShareBps(),
            // Fair pay counts heads.
            _fairShareBps == 0 ? terms.fulfilledWeight() : candidate.standing.provers()
        );
        candidate.payout = terms.asPaid(proverUnit, place == 0);

        address proposer = offer.proposer();
        uint256 fees;
        if (place == 0) {
            proposerReward -= _tip(head, proposerReward);
            fees = terms.fees() + offer.l1OpCount() * operationFee;
        }
        Credit memory credit = _creditOf[proposer];
        _creditOf[proposer] = Credit(credit.rewards + uint128(proposerReward), credit.fees + uint128(fees));

        uint256 laneId = LaneLibrary.idOf(proposer, head.roundId().height());
        Lane lane = _lanes[laneId];
        _lanes[laneId] = lane.withDeposit(lane.deposit() - burnt).asSettled();
        emit IRollup.CandidatePaid(proposalId, proposer, place, burnt, proverUnit, proposerReward, fees);
    }

    /// @dev The winner pays the builder of the L1 block for including a prompt advance.
    function _tip(Head head, uint256 proposerReward) private returns (uint256 tip) {
        if (_advanceTip == 0 || block.timestamp >= head.acceptanceEnds(windows) + windows.reveal()) return 0;
        tip = _advanceTip < proposerReward ? _advanceTip : proposerReward;
        _creditOf[block.coinbase].rewards += uint128(tip);
        emit IRollup.Tipped(block.coinbase, head.roundId(), tip);
    }
}
