// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CourtConfig, IProverCourt} from "../../../contracts/interfaces/IProverCourt.sol";
import {Config} from "../../../contracts/interfaces/IRollup.sol";
import {IScorePolicy} from "../../../contracts/interfaces/IScorePolicy.sol";
import {BurnRule} from "../../../contracts/libraries/Burns.sol";
import {BID_UNIT} from "../../../contracts/libraries/Constants.sol";
import {SizeRule} from "../../../contracts/types/SizeRule.sol";
import {create} from "../support/create.sol";
import {skip, vm} from "../support/Vm.sol";
import {CourtFixture} from "./CourtFixture.sol";

abstract contract RivalsFixture is CourtFixture {
    /// @dev A winner that is complete; a rival with its bid and one with less, of which one slot each is delivered.
    function _rivals() internal returns (Draft memory rival, Draft memory weak) {
        Draft memory winner = _propose(ALICE, 100, 5_000, _everyone());
        rival = _propose(BOB, 100, 5_000, _everyone());
        weak = _propose(CAROL, 99, 5_000, _everyone());
        _toReveal();
        _reveal(winner);
        _reveal(rival);
        _reveal(weak);
        _submitFull(winner);
        _submit(rival, ALL, 1);
        _submit(weak, ALL, 1);
        _toEnd();
        rollup.advance();
    }

    /// @dev At the first second in which a block of ALICE can be slashed for.
    function _ended(
        uint256 bid,
        bytes memory transcript,
        uint256 voted,
        uint256 delivered
    ) internal returns (Draft memory d) {
        d = _propose(ALICE, bid, 5_000, transcript);
        _toReveal();
        _reveal(d);
        _submit(d, voted, delivered);
        _toEnd();
        rollup.advance();
    }
}

contract SlashTest is RivalsFixture {
    function test_WhatWasVotedForAndNotDeliveredCosts() public {
        Draft memory d = _slashable();
        (uint256 supply, uint256 held) = (token.totalSupply(), token.balanceOf(address(registry)));
        vm.expectEmit(address(court));
        emit IProverCourt.Slashed(d.id, 4, 1, 1, FULL, FULL);
        vm.assertEq(_slash(d, 4), FULL, "burnt");
        vm.assertEq(_stakeOf(4), STAKE - FULL, "stake");
        vm.assertEq(token.totalSupply(), supply - FULL, "supply");
        vm.assertEq(token.balanceOf(address(registry)), held - FULL, "registry");
        (uint32 misses, uint40 lastMissAt) = court.recordOf(4);
        vm.assertEq(misses, 1, "misses");
        vm.assertEq(lastMissAt, _acceptanceEnds(d), "last miss");
        vm.assertEq(court.rateOf(4), 2 * BASE_RATE_BPS, "rate");
        vm.assertTrue(court.isSlashed(d.id, 4), "slashed");
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.AlreadySlashed.selector, d.id, 4));
        _slash(d, 4);
    }

    function test_TheRootLikeAnyOther() public {
        Draft memory d = _ended(100, _everyone(), ALL, ALL & ~uint256(1));
        vm.assertEq(_slash(d, 1), FULL, "burnt");
    }

    function test_TheWindowIsHalfOpen() public {
        Draft memory d = _withheld();
        uint256 from = _acceptanceEnds(d);
        uint256 until = from + SLASH_WINDOW;
        vm.warp(from - 1);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.SlashClosed.selector, from - 1, from, until));
        _slash(d, 4);
        vm.warp(from);
        rollup.advance();
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.SlashClosed.selector, until, from, until));
        _slash(d, 4);
        vm.warp(until - 1);
        _slash(d, 4);
        vm.warp(from);
        _expectNothingOwed(d, 5);
    }

    /// @dev Every slot without a fulfilled proof is one's fault: the prover's that voted, else the proposer's.
    function test_OnlyWhatWasPromised() public {
        // Slot 3 is delivered without a vote, slot 4 is neither; slots 5 and 6 are both.
        Draft memory d = _ended(100, _everyone(), 0x67, 0x6c);
        for (uint256 index = 3; index <= 8; ++index) {
            _expectNothingOwed(d, index);
        }
        _expectNothingOwed(d, 0);
        vm.assertEq(_slash(d, 1), FULL, "the root's");
        vm.assertEq(_slash(d, 2), FULL, "a merge's");
        bytes memory other = _transcript(2, 2, 3, 4, 5, 6, 7);
        vm.expectRevert(
            abi.encodeWithSelector(IProverCourt.WrongTranscript.selector, keccak256(other), keccak256(d.transcript))
        );
        court.slash(d.id, 3, other);
    }

    function test_WhatWasNeverProvenIsNoCase() public {
        Draft memory hidden = _propose(BOB, 200, 5_000, _everyone());
        Draft memory unproven = _propose(CAROL, 200, 5_000, _everyone());
        Draft memory d = _propose(ALICE, 100, 5_000, _everyone());
        _revealBoth(unproven, d);
        _submit(d, ALL, 0x77);
        _toEnd();
        rollup.advance();
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.UnknownCandidate.selector, hidden.id));
        _slash(hidden, 4);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.UnknownCandidate.selector, unproven.id));
        _slash(unproven, 4);
        _slash(d, 4);
    }

    /* WHAT MATTERS */

    function test_WaitsForTheAdvanceWhereNothingElseTells() public {
        Draft memory d = _withheld();
        _toEnd();
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.NotAdvanced.selector, 1));
        _slash(d, 4);
        rollup.advance();
        vm.assertEq(_slash(d, 4), FULL, "burnt");
    }

    function test_RivalsThatCouldHaveBeenPaidMatter() public {
        (Draft memory rival, Draft memory weak) = _rivals();
        vm.assertFalse(rollup.candidateOf(rival.id).payout.isPaid(), "rival unpaid");
        // Seven provers at a bid of 100, as the winner: exactly the lowest paid score.
        vm.assertEq(_slash(rival, 4), FULL, "rival");
        vm.expectRevert(
            abi.encodeWithSelector(IProverCourt.NotLiable.selector, weak.id, 343 * 99 ** 2, 343 * 100 ** 2)
        );
        _slash(weak, 4);
    }

    /* HOW MUCH */

    function test_OnlyThePartThatWasNotDelivered() public {
        // Prover 4 holds three slots, votes for two, and delivers one and the third.
        Draft memory d = _ended(100, _transcript(1, 2, 3, 4, 4, 4, 7), 0x5f, 0x6f);
        vm.expectEmit(address(court));
        emit IProverCourt.Slashed(d.id, 4, 1, 2, FULL / 2, FULL / 2);
        _slash(d, 4);
    }

    /// @dev The rate's part or one and a half times its part of the bid, never more than the stake that makes it count.
    function test_ABidThatItMadeWorthlessCostsMore() public {
        // A bid of 350 tokens over seven provers: 50 each.
        uint256 bid = 350 ether / BID_UNIT;
        _enrich(ALICE);
        Draft memory d = _ended(bid, _everyone(), ALL, 0x77);
        vm.assertEq(_slash(d, 4), 75 ether, "one and a half times 50");
        _toFresh();
        // Of five provers of whom a vote is proven: 70 each.
        d = _ended(bid, _everyone(), 0x1f, 0x17);
        vm.assertEq(_slash(d, 4), 105 ether, "one and a half times 70, and more than twice the rate");
        _toFresh();
        _addStake(4, STAKE);
        d = _ended(3 * bid, _everyone(), ALL, 0x77);
        vm.assertEq(_slash(d, 4), ELIGIBLE_STAKE, "capped");
    }

    function test_TheRateGrowsUpToTheWhole() public {
        _addStake(4, 10 * ELIGIBLE_STAKE);
        for (uint256 miss = 1; miss <= 6; ++miss) {
            Draft memory d = _slashable();
            uint256 expected = FULL * (miss < 4 ? miss : 4);
            vm.assertEq(_slash(d, 4), expected, "burnt");
            (uint32 misses, ) = court.recordOf(4);
            vm.assertEq(misses, miss < 3 ? miss : 3, "misses");
            _toFresh();
        }
        vm.assertEq(court.rateOf(4), 10_000, "rate");
    }

    function test_NeverMoreThanTheStake() public {
        for (uint256 miss = 1; miss <= 2; ++miss) {
            _slash(_slashable(), 4);
            _toFresh();
        }
        // 400 less 50 and 100: the stake still counts, and half of it is gone before it is slashed.
        Draft memory d = _withheld();
        vm.prank(address(court));
        registry.slash(4, 150 ether);
        _toEnd();
        rollup.advance();
        vm.expectEmit(address(court));
        emit IProverCourt.Slashed(d.id, 4, 1, 1, 150 ether, 100 ether);
        vm.assertEq(_slash(d, 4), 100 ether, "burnt");
        vm.assertEq(_stakeOf(4), 0, "stake");
    }

    function test_AnExitCannotOutrunIt() public {
        Draft memory d = _propose(ALICE, 100, 5_000, _everyone());
        uint256 opens = vm.getBlockTimestamp();
        vm.prank(_owner(4));
        registry.requestExit(4);
        _expectNoExitBeforeTheLastSlash(d, opens + EXIT_DELAY);
        vm.assertEq(_slash(d, 4), FULL, "burnt");
    }

    /* ONCE A ROUND */

    /// @dev Of two candidates the one that costs more is charged, in either order of the slashes, at one rate.
    function test_TheLargerSlashOfARoundIsTheOneThatIsPaid() public {
        for (uint256 order = 0; order < 2; ++order) {
            // Prover 4 misses one slot of two of the winner, and all of its uncle.
            Draft memory a = _propose(ALICE, 100, 5_000, _transcript(1, 2, 3, 4, 4, 6, 7));
            Draft memory b = _propose(BOB, 99, 5_000, _everyone());
            _toReveal();
            _reveal(a);
            _reveal(b);
            _submit(a, ALL, ALL & ~uint256(1 << 3));
            _submit(b, ALL, ALL & ~uint256(1 << 3));
            _toEnd();
            rollup.advance();
            (uint256 before, uint256 rated) = (_stakeOf(4), FULL * (1 + order));
            vm.assertEq(_slash(order == 0 ? a : b, 4), order == 0 ? rated / 2 : rated, "the first");
            vm.assertEq(_slash(order == 0 ? b : a, 4), order == 0 ? rated / 2 : 0, "the second");
            vm.assertEq(before - _stakeOf(4), rated, "the larger one");
            (uint128 amount, uint16 rateBps) = court.chargedIn(a.terms.roundId(), 4);
            vm.assertEq(amount, rated, "charged");
            vm.assertEq(rateBps, BASE_RATE_BPS * (1 + order), "at one rate");
            (uint32 misses, ) = court.recordOf(4);
            vm.assertEq(misses, 1 + order, "one miss");
            _toFresh();
        }
    }

    /// @dev Deposits enough for any bid here.
    function _enrich(address proposer) private {
        token.transfer(proposer, 40_000_000 * BID_UNIT);
        for (uint256 lane = 0; lane < 2; ++lane) {
            vm.prank(proposer);
            rollup.deposit(lane, 20_000_000);
        }
    }
}

/// @dev Where every commit burns its bid a vote matters as much.
contract EveryCommitSlashTest is RivalsFixture {
    function _config() internal override returns (Config memory c) {
        c = super._config();
        c.burnRule = BurnRule.EveryCommit;
    }

    function test_TheBidIsThatOfProversWhoVoted() public {
        // 70 tokens over two provers.
        Draft memory d = _ended(700_000, _everyone(), 0x0c, 0x04);
        vm.assertEq(_slash(d, 4), 52.5 ether, "one and a half times 35");
    }
}

contract StakeSlashTest is RivalsFixture {
    function _policy() internal override returns (IScorePolicy) {
        return IScorePolicy(create("StakeScore", abi.encode(SizeRule.wrap(0), 1 ether)));
    }

    /// @dev A quarter of what it counted with.
    function test_InProportionToTheStakeThatCounted() public {
        _addStake(4, 600 ether);
        skip(1);
        Draft memory d = _propose(ALICE, 100, 5_000, _everyone());
        _addStake(4, 1_000 ether);
        _toReveal();
        _reveal(d);
        _submit(d, ALL, 0x73);
        _toEnd();
        rollup.advance();
        vm.assertEq(_slash(d, 4), 250 ether, "of 1,000");
        vm.assertEq(_slash(d, 3), STAKE / 4, "of 400");
    }

    function test_RivalsMatterByTheStakeOfThoseThatVoted() public {
        (Draft memory rival, Draft memory weak) = _rivals();
        vm.assertEq(_slash(rival, 4), STAKE / 4, "rival");
        vm.expectRevert(
            abi.encodeWithSelector(
                IProverCourt.NotLiable.selector,
                weak.id,
                2_800 ** 3 * 99 ** 2,
                2_800 ** 3 * 100 ** 2
            )
        );
        _slash(weak, 4);
    }
}

contract RaceSlashTest is CourtFixture {
    function _policy() internal override returns (IScorePolicy) {
        return IScorePolicy(create("RaceScore", abi.encode(SizeRule.wrap(0))));
    }

    /// @dev Nobody can say what an output that is missing would have been.
    function test_EveryCandidateMatters() public {
        (Draft memory winner, Draft memory rival) = _contest(10_000, 10);
        _submit(winner, ALL, 0x77);
        _submit(rival, ALL, 0x7b);
        _toEnd();
        // Nothing depends on who won.
        vm.assertEq(_slash(rival, 3), STAKE / 4, "rival");
        vm.assertEq(_slash(winner, 4), STAKE / 4, "winner");
        rollup.advance();
        vm.assertFalse(rollup.candidateOf(rival.id).payout.isPaid(), "rival unpaid");
    }

    /// @dev Who counts at height 3 was decided when height 1 opened, and the round opens as late as it may with that
    /// seed.
    function test_AnExitCannotOutrunIt() public {
        uint256 opened;
        for (uint256 i = 0; i < 2; ++i) {
            Draft memory before = _propose(ALICE, 100, 5_000, _everyone());
            if (i == 0) {
                opened = vm.getBlockTimestamp();
                vm.prank(_owner(4));
                registry.requestExit(4);
            }
            _toReveal();
            _reveal(before);
            _submit(before, ALL, ALL & ~uint256(1 << 3));
            _toEnd();
            rollup.advance();
        }
        vm.assertEq(rollup.seedOf(3).countedAt(), opened, "counted");
        vm.warp(opened + 3 * (PROPOSAL_WINDOW + ACCEPTANCE_WINDOW));
        Draft memory d = _propose(ALICE, 100, 5_000, _everyone());
        _expectNoExitBeforeTheLastSlash(d, opened + _exitDelay());
        vm.assertTrue(_slash(d, 4) != 0, "burnt");
    }

    function _exitDelay() internal pure override returns (uint256) {
        return EXIT_DELAY + 3 * (PROPOSAL_WINDOW + ACCEPTANCE_WINDOW);
    }

    function test_TheExitDelayCoversTheAgeOfASeed() public {
        CourtConfig memory c = _courtConfig();
        c.slashWindow = 121;
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.InvalidParameter.selector, "exitDelay", _exitDelay()));
        _newCourt(c);
    }
}

/// @dev A rate that the first miss makes whole.
contract SteepSlashTest is CourtFixture {
    function _courtConfig() internal pure override returns (CourtConfig memory c) {
        c = super._courtConfig();
        c.baseRateBps = 9_999;
    }

    function test_TheMissThatMakesTheRateWholeIsTheLastThatCounts() public {
        _addStake(4, 2 * ELIGIBLE_STAKE);
        for (uint256 i = 0; i < 3; ++i) {
            vm.assertEq(_slash(_slashable(), 4), i == 0 ? 199.98 ether : 200 ether, "burnt");
            _toFresh();
        }
        (uint32 misses, ) = court.recordOf(4);
        vm.assertEq(misses, 1, "misses");
    }
}
