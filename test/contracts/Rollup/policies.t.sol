// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Config, HandIn, IRollup} from "../../../contracts/interfaces/IRollup.sol";
import {Entry, IScorePolicy} from "../../../contracts/interfaces/IScorePolicy.sol";
import {BurnRule} from "../../../contracts/libraries/Burns.sol";
import {BID_UNIT} from "../../../contracts/libraries/Constants.sol";
import {SizeRule} from "../../../contracts/types/SizeRule.sol";
import {Fixture} from "../support/Fixture.sol";
import {create} from "../support/create.sol";
import {skip, Vm, vm} from "../support/Vm.sol";

contract StakeScoreRollupTest is Fixture {
    function _policy() internal override returns (IScorePolicy) {
        return IScorePolicy(create("StakeScore", abi.encode(SizeRule.wrap(0), 1 ether)));
    }

    function test_TheStakeOfTheFulfilledProversCountsOnce() public {
        Draft memory d = _propose(ALICE, 100, 0, _transcript(1, 1, 2, 0, 0, 0, 0));
        _toReveal();
        _reveal(d);
        _submit(d, 0x07, 0x07);
        // Two provers of 400 tokens each, however many slots they hold.
        vm.assertEq(rollup.candidateOf(d.id).standing.score(), 800 ** 3 * 100 ** 2, "score");
    }

    function test_StakeThatComesInTheRoundDoesNotCount() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        _addStake(1, 100 ether);
        _toReveal();
        _reveal(d);
        _submit(d, 1, 1);
        vm.assertEq(rollup.candidateOf(d.id).standing.score(), 400 ** 3 * 100 ** 2, "score");
        _toEnd();
        rollup.advance();

        skip(1);
        d = _propose(ALICE, 100, 0, _everyone());
        _toReveal();
        _reveal(d);
        _submit(d, 1, 1);
        vm.assertEq(rollup.candidateOf(d.id).standing.score(), 500 ** 3 * 100 ** 2, "it counts in the next");
    }

    function test_StakeThatIsSlashedInTheRoundStillCounts() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        vm.prank(registry.court());
        registry.slash(1, 5 ether);
        _toReveal();
        _reveal(d);
        _submit(d, 1, 1);
        vm.assertEq(rollup.candidateOf(d.id).standing.score(), 400 ** 3 * 100 ** 2, "score");
    }
}

contract DynamicScoreRollupTest is Fixture {
    function _policy() internal override returns (IScorePolicy) {
        return IScorePolicy(create("DynamicScore", abi.encode(SizeRule.wrap(0), 7, 4, 4096, 6 * 4096, 3 * 4096)));
    }

    function test_TheExponentFollowsTheProvers() public {
        vm.assertEq(_round().exponent, 3 * 4096, "initial");
        _block(_transcript(1, 2, 0, 0, 0, 0, 0));
        uint256 up = _round().exponent;
        vm.assertEq(up, 3 * 4096 + (3 * 4096 * 2) / 4 / 8, "half of the target is missing");
        _block(_everyone());
        vm.assertEq(_round().exponent, up - (up * 3) / 4 / 8, "three above the target");
    }

    function test_AFailedAttemptLeavesTheExponent() public {
        _block(_transcript(1, 2, 0, 0, 0, 0, 0));
        uint256 before = _round().exponent;
        _propose(ALICE, 100, 0, _everyone());
        _toEnd();
        _propose(BOB, 100, 0, _everyone());
        vm.assertEq(_round().exponent, before, "unchanged");
    }

    function test_APipelinedRoundHasTheExponentThatItsParentLeft() public {
        Draft memory a = _propose(ALICE, 100, 0, _transcript(1, 2, 0, 0, 0, 0, 0));
        _toReveal();
        _reveal(a);
        _submitFull(a);
        Draft memory b = _commit(_child(BOB, 100, a, ALICE));
        _toEnd();
        uint256 expected = 3 * 4096 + (3 * 4096 * 2) / 4 / 8;
        vm.assertEq(_round().exponent, expected, "as the view foresees");
        _reveal(b);
        vm.assertEq(rollup.head().exponent(), expected, "as it is");
        _submitFull(b);
        Entry memory entry;
        (entry.burnBid, entry.provers, entry.exponent) = (100, 7, uint16(expected));
        vm.assertEq(rollup.candidateOf(b.id).standing.score(), rollup.scorer().policy().score(entry), "score");
        vm.assertEq(rollup.candidateOf(b.id).setting.exponent(), expected, "a court asks for it");
    }

    function _block(bytes memory transcript) private {
        Draft memory d = _propose(ALICE, 100, 0, transcript);
        _toReveal();
        _reveal(d);
        _submitFull(d);
        _toEnd();
        rollup.advance();
    }
}

contract RaceScoreRollupTest is Fixture {
    function _policy() internal override returns (IScorePolicy) {
        return IScorePolicy(create("RaceScore", abi.encode(SizeRule.wrap(0))));
    }

    function test_TheScoreIsThatOfTheProversVrfOutputs() public {
        Draft memory d = _ready(ALICE, 100);
        _submitFull(d);
        uint256 seed = _round().roundSeed;
        vm.assertTrue(seed != 0, "seed");
        Entry memory entry;
        (entry.burnBid, entry.provers) = (100, 7);
        entry.stakes = new uint96[](7);
        entry.betas = new uint256[](7);
        for (uint256 i = 0; i < 7; ++i) {
            (entry.stakes[i], entry.betas[i]) = (STAKE, _beta(i + 1, seed));
        }
        vm.assertEq(rollup.candidateOf(d.id).standing.score(), rollup.scorer().policy().score(entry), "score");
        vm.assertEq(rollup.candidateOf(d.id).roundSeed, seed, "a court asks for it");
    }

    function test_ASlotsOutputMayBeHandedIn() public {
        Draft memory d = _ready(ALICE, 100);
        Draft memory whole = _otherReady;
        _submitFull(whole);
        _submit(d, 0x7f, 0x7f & ~uint256(1 << 3));
        uint256 beta = _beta(4, _round().roundSeed);
        HandIn memory shown = _shown(d, 3);
        shown.betas = new uint256[](7);
        shown.betas[3] = beta;
        vm.prank(registry.court());
        rollup.recordHandIn(_opening(d), d.transcript, shown);
        vm.assertEq(
            rollup.candidateOf(d.id).standing.score(),
            rollup.candidateOf(whole.id).standing.score(),
            "as with the forest"
        );
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 7, "provers");
    }

    /// @dev Prover 4 alone decides.
    function test_WhatIsHandedInIsScored() public {
        Draft memory d = _ready(ALICE, 100);
        _submit(d, 0x7f, 0);
        uint256 beta = _beta(4, _round().roundSeed);
        HandIn memory shown = _shown(d, 3);
        shown.betas = new uint256[](7);
        shown.betas[3] = beta;
        vm.prank(registry.court());
        rollup.recordHandIn(_opening(d), d.transcript, shown);
        Entry memory entry;
        (entry.burnBid, entry.provers) = (100, 1);
        (entry.stakes, entry.betas) = (new uint96[](1), new uint256[](1));
        (entry.stakes[0], entry.betas[0]) = (STAKE, beta);
        vm.assertEq(rollup.candidateOf(d.id).standing.score(), rollup.scorer().policy().score(entry), "score");
    }

    /// @dev What was handed in before there was a forest is delivered, and scores as soon as its outputs come, too: by
    /// a forest or a hand-in, as long as proofs are taken. A rival's forest without them takes nothing away for good.
    function test_OutputsOfEarlyDeliveriesMayComeLater() public {
        Draft memory d = _ready(ALICE, 100);
        for (uint256 slot = 1; slot < 7; ++slot) {
            HandIn memory shown = _shown(d, slot);
            vm.prank(registry.court());
            rollup.recordHandIn(_opening(d), d.transcript, shown);
        }
        _submit(d, 0x7f, 0);
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 6, "delivered");
        vm.assertEq(rollup.candidateOf(d.id).standing.score(), 0, "without any output");
        vm.warp(_round().acceptanceEnds - 1);
        _submit(d, 0, 0x7e);
        uint256 score = rollup.candidateOf(d.id).standing.score();
        vm.assertTrue(score != 0, "with them");
        vm.expectRevert(abi.encodeWithSelector(IRollup.NoImprovement.selector, 6, 2 * 3 + 4 * 2));
        this.submitAgain(d);
    }

    function submitAgain(Draft memory d) external {
        _submit(d, 0, 0x7e);
    }

    function test_ASlotsOutputMayComeLater() public {
        Draft memory d = _ready(ALICE, 100);
        _submit(d, 0x7f, 0);
        vm.assertEq(rollup.candidateOf(d.id).standing.score(), 0, "nobody");
        uint256 best = 0;
        for (uint256 slot = 0; slot < 7; ++slot) {
            _submit(d, 0, 1 << slot);
            uint256 score = rollup.candidateOf(d.id).standing.score();
            vm.assertTrue(score >= best, "never lowered");
            best = score;
        }
        Draft memory whole = _otherReady;
        _submitFull(whole);
        vm.assertEq(best, rollup.candidateOf(whole.id).standing.score(), "one after the other, or all at once");
    }

    /// @dev The advance that decides height 1 draws the seed of height 3, and who wants to count in it has been there
    /// for a whole round.
    function test_OnlyKeysFromARoundBeforeTheSeedCount() public {
        Draft memory d = _propose(ALICE, 100, 5_000, _everyone());
        uint256 opened = vm.getBlockTimestamp();
        _register(8);
        _finish(d);
        vm.assertEq(vm.getBlockTimestamp(), opened + PROPOSAL_WINDOW + ACCEPTANCE_WINDOW, "a round later");
        vm.assertEq(_round().eligibleAt, opened - 1, "height 2 counts who was there when its seed was known");
        _win(BOB);
        vm.assertEq(_round().roundId.height(), 3, "height");
        vm.assertEq(_round().eligibleAt, opened - 1, "a round before the seed was known");
        vm.assertTrue(registry.isEligible(7, _round().eligibleAt), "who was there");
        vm.assertFalse(registry.isEligible(8, _round().eligibleAt), "who came in the second after that");
        _win(CAROL);
        vm.assertTrue(registry.isEligible(8, _round().eligibleAt), "but at the next height");
    }

    function test_EveryHeightHasItsOwnSeedOneHeightAhead() public {
        vm.assertEq(rollup.seedOf(1).value(), 0, "before anything");
        uint256[5] memory seeds;
        uint256 ahead;
        for (uint256 height = 1; height < 5; ++height) {
            Draft memory d = _propose(ALICE, 100, 5_000, _everyone());
            vm.prevrandao(bytes32(1_000 + height));
            seeds[height] = rollup.seedOf(height).value();
            vm.assertEq(_round().roundSeed, seeds[height], "of the round");
            if (height != 1) vm.assertEq(seeds[height], ahead, "known");
            ahead = rollup.seedOf(height + 1).value();
            for (uint256 i = 0; i <= height; ++i) vm.assertTrue(seeds[i] != ahead, "one for each height");
            vm.assertEq(rollup.seedOf(height + 2).value(), height < 3 ? 0 : seeds[height - 2], "and none before");
            _finish(d);
        }
    }

    /// @dev Who wants another seed at the next height would let attempts fail until there is a good one.
    function test_AFailedAttemptDrawsNoSeedOfTheNextHeight() public {
        _propose(ALICE, 100, 5_000, _everyone());
        (uint256 own, uint256 next) = (rollup.seedOf(1).value(), rollup.seedOf(2).value());
        vm.warp(_round().revealEnds);
        _propose(BOB, 100, 5_000, _everyone());
        vm.assertEq(_round().roundId.attempt(), 2, "attempt");
        vm.assertEq(rollup.seedOf(1).value(), own, "this height");
        vm.assertEq(rollup.seedOf(2).value(), next, "next height");
    }

    function test_ASeedIsGoodForALateAttempt() public {
        uint256 oldest = _toOldest();
        uint256 seed = rollup.seedOf(3).value();
        _propose(ALICE, 100, 5_000, _everyone());
        vm.assertEq(_round().opens, oldest, "opens");
        vm.assertEq(_round().roundSeed, seed, "the same");
    }

    /// @dev Or a prover that has left would count, and no slash would reach it.
    function test_ASeedThatGrewOldIsDrawnAgain() public {
        uint256 oldest = _toOldest();
        vm.prank(_owner(1));
        registry.requestExit(1);
        vm.warp(oldest + 2 + ROUND_TIME);
        vm.prevrandao(bytes32(uint256(12_345)));
        _propose(ALICE, 100, 5_000, _everyone());
        vm.assertEq(_round().roundSeed, uint256(keccak256(abi.encode(12_345, 3))) >> 48, "a new one");
        vm.assertEq(_round().eligibleAt, oldest + 1, "of a round before");
        vm.assertFalse(registry.isEligible(1, _round().eligibleAt), "who left does not count");
    }

    /// @dev The first seeds count whoever is there. Those that take their place have a round before them, like any
    /// other.
    function test_AnOldFirstSeedCountsNoNewKeysEither() public {
        _propose(BOB, 100, 5_000, _everyone());
        vm.warp(vm.getBlockTimestamp() + 3 * ROUND_TIME);
        uint256 late = _newcomer();
        _propose(ALICE, 100, 5_000, _transcript(8, 8, 8, 8, 8, 8, 8));
        vm.assertEq(_round().roundId.height(), 1, "height");
        vm.assertEq(_round().roundId.attempt(), 2, "attempt");
        vm.assertEq(_round().eligibleAt, late + 1 - ROUND_TIME - 1, "a round before");
        vm.assertFalse(registry.isEligible(8, _round().eligibleAt), "made for the seed");
    }

    function test_NorDoesAnOldSecondSeed() public {
        _propose(BOB, 100, 5_000, _everyone());
        vm.warp(vm.getBlockTimestamp() + 2 * ROUND_TIME + 1);
        Draft memory d = _propose(ALICE, 100, 5_000, _everyone());
        uint256 seed = rollup.seedOf(2).value();
        _toReveal();
        _reveal(d);
        _submitFull(d);
        _toEnd();
        uint256 late = _newcomer();
        vm.prevrandao(bytes32(uint256(12_345)));
        rollup.advance();
        vm.assertTrue(rollup.seedOf(2).value() != seed, "drawn again");
        vm.assertEq(_round().eligibleAt, late + 1 - ROUND_TIME - 1, "a round before");
        vm.assertFalse(registry.isEligible(8, _round().eligibleAt), "made for the seed");
    }

    /// @dev Registered in the L1 block before the next one.
    function _newcomer() private returns (uint256 since) {
        since = vm.getBlockTimestamp();
        _register(8);
        skip(1);
    }

    /// @dev Its seed cannot be told before, because the L1 block of the advance decides it.
    function test_APipelinedRoundWithAnOldSeedGetsOneWhenItBegins() public {
        uint256 opens = _toOldest() + ROUND_TIME;
        uint256 old = rollup.seedOf(4).value();
        vm.warp(opens);
        Draft memory parent = _propose(ALICE, 100, 5_000, _everyone());
        _toReveal();
        _reveal(parent);
        _submitFull(parent);
        _commit(_child(BOB, 100, parent, ALICE));
        _toEnd();
        vm.assertTrue(_round().advanceDue, "height 4 as it will be");
        vm.assertEq(_round().roundSeed, 0, "not known yet");
        vm.assertEq(_round().eligibleAt, opens - 1, "a round before now");
        vm.prevrandao(bytes32(uint256(12_345)));
        rollup.advance();
        vm.assertEq(_round().roundSeed, rollup.seedOf(4).value(), "known");
        vm.assertTrue(_round().roundSeed != 0 && _round().roundSeed != old, "and new");
        vm.assertEq(_round().eligibleAt, opens - 1, "as it was said");
    }

    uint256 private constant ROUND_TIME = PROPOSAL_WINDOW + ACCEPTANCE_WINDOW;

    /// @dev Height 3 without a proposal, for as long as its seed is good.
    function _toOldest() private returns (uint256 oldest) {
        _win(ALICE);
        _win(BOB);
        oldest = rollup.seedOf(3).countedAt() + 3 * ROUND_TIME;
        vm.warp(oldest);
    }

    Draft private _otherReady;

    function _ready(address proposer, uint256 bid) private returns (Draft memory d) {
        d = _propose(proposer, bid, 5_000, _everyone());
        _otherReady = _propose(DAVE, bid, 5_000, _everyone());
        _toReveal();
        _reveal(d);
        _reveal(_otherReady);
    }

    function _win(address proposer) private {
        _finish(_propose(proposer, 100, 5_000, _everyone()));
    }

    function _finish(Draft memory d) private {
        _toReveal();
        _reveal(d);
        _submitFull(d);
        _toEnd();
        rollup.advance();
    }
}

contract EveryCommitBurnsTest is Fixture {
    function _config() internal override returns (Config memory c) {
        c = super._config();
        (c.burnRule, c.minBid) = (BurnRule.EveryCommit, 1);
    }

    function test_LosersUnclesAndTheUnprovenBurnTheirWholeBids() public {
        // Winner, uncle, loser, and one who brings nothing.
        Draft[4] memory drafts = [
            _propose(ALICE, 400, 0, _everyone()),
            _propose(BOB, 300, 0, _everyone()),
            _propose(CAROL, 20, 0, _everyone()),
            _propose(DAVE, 200, 0, _everyone())
        ];
        _toReveal();
        uint256 supply = token.totalSupply();
        for (uint256 i = 0; i < 3; ++i) {
            _reveal(drafts[i]);
            _submitFull(drafts[i]);
        }
        vm.assertEq(supply - token.totalSupply(), 720 * BID_UNIT, "burnt when proven");
        _toEnd();
        supply = token.totalSupply();
        rollup.advance();
        vm.assertTrue(token.totalSupply() > supply, "nothing burns when paid");
        vm.assertEq(rollup.settle(_opening(drafts[3]), keccak256(drafts[3].transcript)), 200, "all of it");
        _expectDeposit(ALICE, 400);
        _expectDeposit(BOB, 300);
        _expectDeposit(CAROL, 20);
        _expectDeposit(DAVE, 200);
    }

    function test_TheSmallestBidBurnsToo() public {
        Draft memory d = _propose(ALICE, 1, 0, _everyone());
        _toReveal();
        _reveal(d);
        uint256 supply = token.totalSupply();
        _submitFull(d);
        vm.assertEq(supply - token.totalSupply(), BID_UNIT, "burnt");
        _expectDeposit(ALICE, 1);
    }

    function test_AResubmissionBurnsNothingMore() public {
        Draft memory d = _propose(ALICE, 400, 0, _everyone());
        _toReveal();
        _reveal(d);
        _submit(d, 1, 1);
        _submitFull(d);
        _expectDeposit(ALICE, 400);
    }

    function _expectDeposit(address proposer, uint256 burnt) private view {
        uint256 deposit = rollup.laneOf(proposer, 1).deposit();
        vm.assertEq(deposit, SEAT - burnt, "deposit");
    }
}

contract AdvanceTipTest is Fixture {
    uint256 private constant TIP = 2 ether;
    address private constant BUILDER = address(0xB01DE2);

    function _config() internal override returns (Config memory c) {
        c = super._config();
        c.advanceTip = TIP;
    }

    function test_APromptAdvanceTipsTheBuilderOutOfTheWinnersReward() public {
        Draft memory d = _decided(5_000, 0);
        rollup.advance();
        _expectRewards(BUILDER, TIP);
        _expectRewards(ALICE, REWARD - rollup.candidateOf(d.id).payout.proverUnit() * 19 - TIP);
    }

    function test_ALateAdvanceTipsNobody() public {
        _decided(5_000, REVEAL_WINDOW);
        rollup.advance();
        _expectRewards(BUILDER, 0);
    }

    function test_TheLastPromptSecond() public {
        _decided(5_000, REVEAL_WINDOW - 1);
        rollup.advance();
        _expectRewards(BUILDER, TIP);
    }

    function test_TheTipIsAtMostWhatTheWinnerEarns() public {
        Draft memory d = _decided(10_000, 0);
        rollup.advance();
        _expectRewards(ALICE, 0);
        _expectRewards(BUILDER, REWARD - rollup.candidateOf(d.id).payout.proverUnit() * 19);
    }

    function _decided(uint256 shareBps, uint256 late) private returns (Draft memory d) {
        d = _propose(ALICE, 100, shareBps, _everyone());
        _toReveal();
        _reveal(d);
        _submitFull(d);
        _toEnd();
        skip(late);
        vm.coinbase(BUILDER);
    }

    function _expectRewards(address account, uint256 expected) private view {
        (uint256 rewards, ) = rollup.creditOf(account);
        vm.assertEq(rewards, expected, "rewards");
    }
}

/// @dev What is next to nothing.
contract SmallestNumbersTest is Fixture {
    address private constant BUILDER = address(0xB01DE2);
    uint256 private tip = 1;

    function _config() internal override returns (Config memory c) {
        c = super._config();
        (c.minBid, c.advanceTip, c.uncleMinScoreBps) = (1, tip, 0);
        (c.forfeitBps, c.uncleBurnBps) = (10_000, 10_000);
    }

    function test_ATipOfOneWeiIsPaid() public {
        _decide(1, 1);
        rollup.advance();
        (uint256 rewards, ) = rollup.creditOf(BUILDER);
        vm.assertEq(rewards, 1, "tip");
    }

    function test_BidsAndScoresOfOneCount() public {
        Draft memory uncle = _decide(1, 1);
        vm.assertEq(rollup.candidateOf(uncle.id).standing.score(), 1, "score");
        rollup.advance();
        vm.assertTrue(rollup.candidateOf(uncle.id).payout.isPaid(), "an uncle");
        _expectDeposit(ALICE, SEAT - 1);
        _expectDeposit(BOB, SEAT - 1);
    }

    /// @dev Even where any score will do.
    function test_AScoreOfNothingMakesNoUncle() public {
        Draft memory uncle = _decide(1, 0);
        rollup.advance();
        vm.assertFalse(rollup.candidateOf(uncle.id).payout.isPaid(), "no uncle");
        _expectDeposit(BOB, SEAT);
    }

    function test_NobodyIsTippedNothing() public {
        tip = 0;
        setUp();
        _decide(1, 1);
        vm.recordLogs();
        rollup.advance();
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            vm.assertTrue(logs[i].topics[0] != IRollup.Tipped.selector, "tipped");
        }
    }

    /// @dev One bit a slot, voted and delivered.
    function _decide(uint256 aliceFlags, uint256 bobFlags) private returns (Draft memory b) {
        Draft memory a = _propose(ALICE, 1, 0, _everyone());
        skip(1);
        b = _propose(BOB, 1, 0, _everyone());
        _toReveal();
        _reveal(a);
        _reveal(b);
        _submit(a, aliceFlags, aliceFlags);
        _submit(b, bobFlags, bobFlags);
        _toEnd();
        vm.coinbase(BUILDER);
    }

    function _expectDeposit(address proposer, uint256 expected) private view {
        uint256 deposit = rollup.laneOf(proposer, 1).deposit();
        vm.assertEq(deposit, expected, "deposit");
    }
}

/// @notice Whatever arguments the rollup gives its policy, nobody else's block is in the way.
contract RelayedCommitTest is Fixture {
    function test_OnlyTheRelayCommitsForOthers() public {
        Draft memory d = _draft(ALICE, 100, 0, _everyone());
        uint256 roundNumber = _round().commitRoundNumber;
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotRelay.selector, BOB, RELAY));
        vm.prank(BOB);
        rollup.commitFor(ALICE, d.terms, d.order, d.transcript, roundNumber);
        vm.prank(RELAY);
        rollup.commitFor(ALICE, d.terms, d.order, d.transcript, roundNumber);
        d.committedAt = vm.getBlockTimestamp();
        _toReveal();
        _reveal(d);
        vm.assertEq(_submitFull(d), 0, "place");
    }

    function test_OnlyForTheRoundThatItWasSignedFor() public {
        Draft memory a = _propose(ALICE, 100, 0, _everyone());
        _toReveal();
        _reveal(a);
        Draft memory ahead = _child(CAROL, 100, a, ALICE);
        uint256 roundNumber = _round().commitRoundNumber;
        _toEnd();
        // The next attempt of height 1 takes commits with the very same terms for height 2.
        _proven(BOB, 100);
        uint256 next = _round().commitRoundNumber;
        vm.assertTrue(
            next != roundNumber && ahead.terms.roundId() == _round().commitRoundId,
            "same round, other roundNumber"
        );
        vm.expectRevert(abi.encodeWithSelector(IRollup.WrongRoundNumber.selector, roundNumber, next));
        vm.prank(RELAY);
        rollup.commitFor(CAROL, ahead.terms, ahead.order, ahead.transcript, roundNumber);
    }
}
