// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CourtConfig, IProverCourt, Verdict} from "../../../contracts/interfaces/IProverCourt.sol";
import {IScorePolicy} from "../../../contracts/interfaces/IScorePolicy.sol";
import {SizeRule} from "../../../contracts/types/SizeRule.sol";
import {create} from "../support/create.sol";
import {vm} from "../support/Vm.sol";
import {CourtFixture} from "./CourtFixture.sol";

/// @dev An owner that is a contract, and takes the one signature that it expects.
contract Wallet {
    bytes32 private immutable expected;

    constructor(bytes memory signature) {
        expected = keccak256(signature);
    }

    function isValidSignature(bytes32, bytes calldata signature) external view returns (bytes4) {
        return keccak256(signature) == expected ? this.isValidSignature.selector : bytes4(0);
    }
}

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
        vm.warp(_acceptanceEnds(winner) + APPEAL_WINDOW);
    }
}

contract SlashTest is RivalsFixture {
    function test_AReceiptCostsTheFullSlash() public {
        Draft memory d = _slashable();
        (uint256 supply, uint256 held) = (token.totalSupply(), token.balanceOf(address(registry)));
        bytes memory receipt = _receipt(d, 3);
        vm.expectEmit(address(court));
        emit IProverCourt.Slashed(d.id, 3, 4, Verdict.Full, FULL);
        vm.assertEq(_slash(d, 3, receipt), FULL, "burnt");
        vm.assertEq(_stakeOf(4), STAKE - FULL, "stake");
        vm.assertEq(token.totalSupply(), supply - FULL, "supply");
        vm.assertEq(token.balanceOf(address(registry)), held - FULL, "registry");
        (uint32 misses, uint40 lastMissAt) = court.recordOf(4);
        vm.assertEq(misses, 1, "misses");
        vm.assertEq(lastMissAt, _acceptanceEnds(d), "last miss");
        vm.assertEq(court.rateOf(4), 2 * BASE_RATE_BPS, "rate");
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.AlreadySlashed.selector, d.id, 3, Verdict.Full));
        _slash(d, 3, receipt);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.AlreadySlashed.selector, d.id, 3, Verdict.Full));
        _slash(d, 3, "");
    }

    function test_WithoutAReceiptItIsTheFee() public {
        Draft memory d = _slashable();
        vm.expectEmit(address(court));
        emit IProverCourt.Slashed(d.id, 3, 4, Verdict.Fee, FEE);
        vm.assertEq(_slash(d, 3, ""), FEE, "burnt");
        vm.assertEq(_stakeOf(4), STAKE - FEE, "stake");
        vm.assertEq(court.rateOf(4), BASE_RATE_BPS, "no miss");
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.AlreadySlashed.selector, d.id, 3, Verdict.Fee));
        _slash(d, 3, "");
    }

    function test_AReceiptMakesUpTheDifferenceLater() public {
        Draft memory d = _slashable();
        _slash(d, 3, "");
        vm.assertEq(_slash(d, 3, _receipt(d, 3)), FULL - FEE, "difference");
        vm.assertEq(_stakeOf(4), STAKE - FULL, "stake");
        bytes memory receipt = _receipt(d, 3);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.AlreadySlashed.selector, d.id, 3, Verdict.Full));
        _slash(d, 3, receipt);
    }

    function test_Window() public {
        Draft memory d = _withheld();
        _toEnd();
        rollup.advance();
        uint256 from = _acceptanceEnds(d) + APPEAL_WINDOW;
        uint256 until = from + SLASH_WINDOW;
        bytes memory closed = abi.encodeWithSelector(IProverCourt.SlashClosed.selector, from - 1, from, until);
        vm.warp(from - 1);
        vm.expectRevert(closed);
        _slash(d, 3, "");
        vm.warp(from);
        _slash(d, 3, "");
        bytes memory receipt = _receipt(d, 3);
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.SlashClosed.selector, until, from, until));
        _slash(d, 3, receipt);
        vm.warp(until - 1);
        _slash(d, 3, receipt);
    }

    function test_OnlySlotsThatAreOwed() public {
        Draft memory d = _revealed();
        // Slot 3 is delivered without a vote, slot 4 is neither.
        _submit(d, 0x67, 0x6f);
        _toEnd();
        rollup.advance();
        vm.warp(_acceptanceEnds(d) + APPEAL_WINDOW);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.RootIsExempt.selector, d.id));
        _slash(d, 0, "");
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.AlreadyDelivered.selector, d.id, 5));
        _slash(d, 5, "");
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.NotVoted.selector, d.id, 3));
        _slash(d, 3, "");
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.NotVoted.selector, d.id, 4));
        _slash(d, 4, "");
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.UnknownSlot.selector, 7, 7));
        court.slash(d.id, 7, d.transcript, "");
        bytes memory other = _transcript(2, 2, 3, 4, 5, 6, 7);
        vm.expectRevert(
            abi.encodeWithSelector(IProverCourt.WrongTranscript.selector, keccak256(other), keccak256(d.transcript))
        );
        court.slash(d.id, 3, other, "");
    }

    function test_AnUndeliveredRootIsExempt() public {
        Draft memory d = _revealed();
        _submit(d, ALL, ALL & ~uint256(1));
        _toEnd();
        rollup.advance();
        vm.warp(_acceptanceEnds(d) + APPEAL_WINDOW);
        bytes memory receipt = _receipt(d, 0);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.RootIsExempt.selector, d.id));
        _slash(d, 0, receipt);
    }

    function test_WhatWasNeverProvenIsNoCase() public {
        Draft memory unrevealed = _propose(BOB, 200, 5_000, _everyone());
        Draft memory d = _withheldBeside();
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.UnknownCandidate.selector, unrevealed.id));
        _slash(unrevealed, 3, "");
        _slash(d, 3, "");
    }

    function test_WaitsForTheAdvance() public {
        Draft memory d = _withheld();
        vm.warp(_acceptanceEnds(d) + APPEAL_WINDOW);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.NotAdvanced.selector, 1));
        _slash(d, 3, "");
        rollup.advance();
        vm.assertEq(_slash(d, 3, ""), FEE, "burnt");
    }

    /* RECEIPTS */

    function test_RefusesReceiptsOfSomethingElse() public {
        Draft memory d = _slashable();
        _refuses(d, _signed(4, court.receiptHash(d.id, 4)));
        _refuses(d, _signed(4, court.receiptHash(d.id + 1, 3)));
        _refuses(d, _signed(5, court.receiptHash(d.id, 3)));
        IProverCourt other = _newCourt(_courtConfig());
        _refuses(d, _signed(4, other.receiptHash(d.id, 3)));
        // A call, because the optimizer takes `block.chainid` for a constant.
        uint256 home = this.chainId();
        vm.chainId(home + 1);
        bytes32 foreign = court.receiptHash(d.id, 3);
        vm.chainId(home);
        _refuses(d, _signed(4, foreign));
        _refuses(d, hex"00");
        vm.assertEq(_slash(d, 3, _receipt(d, 3)), FULL, "the right one");
    }

    function test_AnOwnerThatDelegatesItselfToCodeCannotTakeAReceiptBack() public {
        Draft memory d = _slashable();
        bytes memory receipt = _receipt(d, 3);
        // EIP-7702: 23 bytes that name an account, here one that answers nothing.
        vm.etch(_owner(4), abi.encodePacked(hex"ef0100", address(0xDEAD)));
        vm.assertEq(_slash(d, 3, receipt), FULL, "burnt");
    }

    function test_TakesReceiptsOfContracts() public {
        Wallet wallet = new Wallet("yes");
        uint256 stake = registry.minStake();
        token.transfer(address(wallet), stake);
        bytes memory proof = _keyProof(_key(8), address(wallet));
        vm.startPrank(address(wallet));
        token.approve(address(registry), stake);
        registry.register(_key(8), stake, proof);
        vm.stopPrank();
        vm.warp(vm.getBlockTimestamp() + 1);

        Draft memory d = _propose(ALICE, 100, 5_000, _transcript(1, 2, 3, 8, 5, 6, 7));
        _toReveal();
        _reveal(d);
        _submit(d, ALL, 0x77);
        _toEnd();
        rollup.advance();
        vm.warp(_acceptanceEnds(d) + APPEAL_WINDOW);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.InvalidReceipt.selector, d.id, 3, address(wallet)));
        _slash(d, 3, "no");
        vm.assertEq(_slash(d, 3, "yes"), FULL, "burnt");
    }

    /* WHAT MATTERS */

    function test_RivalsThatCouldHaveBeenPaidMatter() public {
        (Draft memory rival, Draft memory weak) = _rivals();
        vm.assertFalse(rollup.candidateOf(rival.id).payout.isPaid(), "rival unpaid");
        // Seven provers at a bid of 100, as the winner: exactly the lowest paid score.
        vm.assertEq(_slash(rival, 3, _receipt(rival, 3)), FULL, "rival");
        vm.expectRevert(
            abi.encodeWithSelector(IProverCourt.NotLiable.selector, weak.id, 343 * 99 ** 2, 343 * 100 ** 2)
        );
        _slash(weak, 3, "");
    }

    /// @dev The rival keeps the transactions to itself and shows a forest by nobody: votes that it costs nothing to let
    /// down.
    function test_FeesThatARivalCausesMakeNobodyIneligible() public {
        Draft memory winner = _propose(BOB, 100, 5_000, _everyone());
        Draft memory trap = _propose(ALICE, 100, 10_000, _everyone());
        _toReveal();
        _reveal(winner);
        _reveal(trap);
        _submitFull(winner);
        _submit(trap, ALL, 0);
        _toEnd();
        rollup.advance();
        vm.assertFalse(rollup.candidateOf(trap.id).payout.isPaid(), "the trap is worth nothing");
        vm.warp(_acceptanceEnds(trap) + APPEAL_WINDOW);
        for (uint256 slot = 1; slot < 7; ++slot) {
            vm.assertEq(_slash(trap, slot, ""), FEE, "fee");
            vm.assertTrue(registry.isEligible(slot + 1, uint48(vm.getBlockTimestamp())), "eligible");
            // And has as much left for as many fees as it could have owed.
            vm.assertEq(_stakeOf(slot + 1) - registry.eligibleStake(), 6 * FEE, "reserve");
        }
    }

    /* RATE AND STAKE */

    function test_TheRateGrowsUpToTheWholeAndNeverExceedsTheStake() public {
        Draft memory d = _propose(ALICE, 100, 5_000, _transcript(4, 4, 4, 4, 4, 4, 4));
        _toReveal();
        _reveal(d);
        _submit(d, ALL, 1);
        _toEnd();
        rollup.advance();
        vm.warp(_acceptanceEnds(d) + APPEAL_WINDOW);
        uint256 sum;
        for (uint256 slot = 1; slot < 7; ++slot) {
            uint256 burnt = _slash(d, slot, _receipt(d, slot));
            vm.assertEq(burnt, slot * FULL, "burnt");
            sum += burnt;
        }
        vm.assertEq(_stakeOf(4), STAKE - sum, "stake");
        vm.assertFalse(registry.isEligible(4, uint48(vm.getBlockTimestamp())), "inactive");
    }

    function test_TheRateIsCapped() public {
        for (uint256 height = 1; height <= 2; ++height) {
            Draft memory d = _propose(ALICE, 100, 5_000, _transcript(4, 4, 4, 4, 4, 4, 4));
            _toReveal();
            _reveal(d);
            _submit(d, ALL, 1);
            _toEnd();
            rollup.advance();
            vm.warp(_acceptanceEnds(d) + APPEAL_WINDOW);
            for (uint256 slot = 1; slot < 7; ++slot) {
                _slash(d, slot, _receipt(d, slot));
            }
            _addStake(4, STAKE);
            _toFresh();
        }
        // Of twelve misses nine count: they make the rate whole.
        (uint32 misses, ) = court.recordOf(4);
        vm.assertEq(misses, 9, "misses");
        vm.assertEq(court.rateOf(4), 10_000, "rate");
        // 0.1 to 1.0, then 1.0 twice more.
        vm.assertEq(_stakeOf(4), 3 * STAKE - 7.5 ether, "stake");
    }

    function test_AnExitCannotOutrunIt() public {
        Draft memory d = _propose(ALICE, 100, 5_000, _everyone());
        uint256 opens = vm.getBlockTimestamp();
        vm.prank(_owner(4));
        registry.requestExit(4);
        _expectNoExitBeforeTheLastSlash(d, opens + EXIT_DELAY);
        vm.assertEq(_slash(d, 3, _receipt(d, 3)), FULL, "burnt");
    }

    function chainId() external view returns (uint256) {
        return block.chainid;
    }

    function _withheldBeside() private returns (Draft memory d) {
        d = _propose(ALICE, 100, 5_000, _everyone());
        _toReveal();
        _reveal(d);
        _submit(d, ALL, 0x77);
        _toEnd();
        rollup.advance();
        vm.warp(_acceptanceEnds(d) + APPEAL_WINDOW);
    }

    function _refuses(Draft memory d, bytes memory receipt) private {
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.InvalidReceipt.selector, d.id, 3, _owner(4)));
        _slash(d, 3, receipt);
    }
}

contract StakeSlashTest is RivalsFixture {
    function _policy() internal override returns (IScorePolicy) {
        return IScorePolicy(create("StakeScore", abi.encode(SizeRule.wrap(0), 1 ether)));
    }

    function test_RivalsMatterByTheStakeOfThoseThatVoted() public {
        (Draft memory rival, Draft memory weak) = _rivals();
        vm.assertEq(_slash(rival, 3, ""), FEE, "rival");
        vm.expectRevert(
            abi.encodeWithSelector(IProverCourt.NotLiable.selector, weak.id, 50 ** 3 * 99 ** 2, 50 ** 3 * 100 ** 2)
        );
        _slash(weak, 3, "");
    }
}

contract RaceSlashTest is CourtFixture {
    function _policy() internal override returns (IScorePolicy) {
        return IScorePolicy(create("RaceScore", abi.encode(SizeRule.wrap(0))));
    }

    /// @dev Nobody can say what an output that is missing would have been.
    function test_OnlyWhatWasPaidMatters() public {
        Draft memory winner = _propose(ALICE, 10_000, 5_000, _everyone());
        Draft memory rival = _propose(BOB, 10, 5_000, _everyone());
        _toReveal();
        _reveal(winner);
        _reveal(rival);
        _submit(winner, ALL, 0x77);
        _submit(rival, ALL, 0x77);
        _toEnd();
        rollup.advance();
        vm.warp(_acceptanceEnds(winner) + APPEAL_WINDOW);
        vm.assertEq(_slash(winner, 3, ""), FEE, "winner");
        uint256 lowest = rollup.outcomeOf(1).lowestScore();
        uint256 score = rollup.candidateOf(rival.id).standing.score();
        vm.assertTrue(score > 0, "it has a score");
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.NotLiable.selector, rival.id, score, lowest));
        _slash(rival, 3, "");
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
        vm.assertTrue(_slash(d, 3, _receipt(d, 3)) != 0, "burnt");
    }

    function _exitDelay() internal pure override returns (uint256) {
        return EXIT_DELAY + 3 * (PROPOSAL_WINDOW + ACCEPTANCE_WINDOW);
    }

    function test_TheExitDelayCoversTheAgeOfASeed() public {
        CourtConfig memory c = _courtConfig();
        c.slashWindow = 61;
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
        Draft memory d = _propose(ALICE, 100, 5_000, _transcript(1, 2, 3, 4, 4, 4, 7));
        _toReveal();
        _reveal(d);
        _submit(d, ALL, 0x47);
        _toEnd();
        rollup.advance();
        vm.warp(_acceptanceEnds(d) + APPEAL_WINDOW);
        vm.assertEq(_slash(d, 3, _receipt(d, 3)), 0.9999 ether, "first");
        vm.assertEq(_slash(d, 4, _receipt(d, 4)), 1 ether, "second");
        vm.assertEq(_slash(d, 5, _receipt(d, 5)), 1 ether, "third");
        (uint32 misses, ) = court.recordOf(4);
        vm.assertEq(misses, 1, "misses");
    }
}
