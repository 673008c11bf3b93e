// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBridge, SignedOperation} from "../../../contracts/interfaces/IBridge.sol";
import {HandIn, IRollup, Submission} from "../../../contracts/interfaces/IRollup.sol";
import {Phase} from "../../../contracts/interfaces/IRoundView.sol";
import {Terms, TermsLibrary} from "../../../contracts/types/Terms.sol";
import {Fixture} from "../support/Fixture.sol";
import {skip, vm} from "../support/Vm.sol";

contract FreezeTest is Fixture {
    function setUp() public override {
        super.setUp();
        _rich(ALICE);
    }

    /* WHEN */

    function test_TheDelayIsHalfOpen() public {
        Draft memory d = _final(ALICE, 0);
        uint256 from = vm.getBlockTimestamp() + ESCAPE_DELAY;
        vm.assertEq(bridge.lastAdvanceAt() + ESCAPE_DELAY, from, "since the last block");
        vm.warp(from - 1);
        vm.expectRevert(abi.encodeWithSelector(IBridge.FreezeTooEarly.selector, from - 1, from));
        bridge.freeze();
        vm.warp(from);
        vm.expectEmit(address(bridge));
        emit IBridge.Frozen(d.nextStateRoot);
        vm.prank(DAVE);
        bridge.freeze();
        vm.assertTrue(bridge.isFrozen(), "the bridge");
        vm.assertTrue(rollup.head().isFrozen(), "and the rollup");
        vm.assertEq(uint256(_round().phase), uint256(Phase.Frozen), "phase");
        vm.warp(from + 1);
        vm.expectRevert(abi.encodeWithSelector(IBridge.IsFrozen.selector));
        bridge.freeze();
    }

    function test_AChainWithoutAnyBlockToo() public {
        uint256 from = bridge.lastAdvanceAt() + ESCAPE_DELAY;
        vm.warp(from);
        vm.expectEmit(address(bridge));
        emit IBridge.Frozen(GENESIS_ROOT);
        bridge.freeze();
    }

    function test_ALateBlockCountsFromItsAdvance() public {
        _proven(ALICE, 100);
        skip(2 * ESCAPE_DELAY);
        rollup.advance();
        uint256 now_ = vm.getBlockTimestamp();
        vm.expectRevert(abi.encodeWithSelector(IBridge.FreezeTooEarly.selector, now_, now_ + ESCAPE_DELAY));
        bridge.freeze();
    }

    /// @dev Attempts that fail are no blocks.
    function test_CommitsAloneDoNotPutItOff() public {
        vm.warp(bridge.lastAdvanceAt() + ESCAPE_DELAY - 1);
        _propose(ALICE, 100, 0, _everyone());
        skip(1);
        bridge.freeze();
    }

    function test_RevertsWhileACandidateMayBeAdvanced() public {
        vm.warp(bridge.lastAdvanceAt() + ESCAPE_DELAY);
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        _toReveal();
        _reveal(d);
        _submitFull(d);
        _expectAlive(d);
        _toEnd();
        _expectAlive(d);
        skip(10 * ESCAPE_DELAY);
        _expectAlive(d);
        rollup.advance();
        vm.assertEq(rollup.finalProposal(), d.id, "it became final");
    }

    function test_OnlyTheBridgeFreezesTheRollup() public {
        skip(ESCAPE_DELAY);
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotBridge.selector, ALICE, address(bridge)));
        vm.prank(ALICE);
        rollup.freeze();
    }

    /* AFTERWARDS */

    function test_NothingIsPosted() public {
        _freeze();
        vm.startPrank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IBridge.IsFrozen.selector));
        bridge.deposit(1, FIVE, 1, ALICE);
        vm.expectRevert(abi.encodeWithSelector(IBridge.IsFrozen.selector));
        bridge.forceTransfer(1, 2, FIVE);
        vm.expectRevert(abi.encodeWithSelector(IBridge.IsFrozen.selector));
        bridge.forceExit(1, FIVE);
        vm.expectRevert(abi.encodeWithSelector(IBridge.IsFrozen.selector));
        bridge.include(new SignedOperation[](1));
        vm.expectRevert(abi.encodeWithSelector(IBridge.IsFrozen.selector));
        bridge.requireRunning(0);
    }

    function test_NothingIsCommitted() public {
        Draft memory d = _draft(ALICE, 100, 0, _everyone());
        _freeze();
        vm.expectRevert(abi.encodeWithSelector(IRollup.IsFrozen.selector));
        _commit(d);
    }

    /// @dev Neither in the round that was open, nor to the height after it.
    function test_NothingIsCommittedInAnOpenRound() public {
        vm.warp(bridge.lastAdvanceAt() + ESCAPE_DELAY - 1);
        Draft memory a = _propose(ALICE, 100, 0, _everyone());
        Draft memory b = _draft(BOB, 100, 0, _everyone());
        skip(1);
        bridge.freeze();
        vm.expectRevert(abi.encodeWithSelector(IRollup.IsFrozen.selector));
        _commit(b);
        skip(PROPOSAL_WINDOW);
        b.terms = _childTerms(a);
        vm.expectRevert(abi.encodeWithSelector(IRollup.IsFrozen.selector));
        _commit(b);
        vm.assertTrue(rollup.head().roundId() == a.terms.roundId(), "the round is the same for ever");
    }

    /// @dev A rival that could open the next attempt would thaw the chain, and what was cut short would become a
    /// forfeit.
    function test_NothingIsCommittedInTheAttemptAfter() public {
        vm.warp(bridge.lastAdvanceAt() + ESCAPE_DELAY - 1);
        Draft memory a = _propose(ALICE, 100, 0, _everyone());
        skip(1);
        bridge.freeze();
        Draft memory b = _draft(BOB, 100, 0, _everyone());
        skip(PROPOSAL_WINDOW + ACCEPTANCE_WINDOW + ESCAPE_DELAY);
        b.terms = TermsLibrary.pack(a.terms.roundId().nextAttempt(), 0, 100, 0);
        vm.expectRevert(abi.encodeWithSelector(IRollup.IsFrozen.selector));
        _commit(b);
        vm.expectRevert(abi.encodeWithSelector(IRollup.NothingProven.selector, a.terms.roundId()));
        rollup.advance();
        vm.assertTrue(rollup.head().isFrozen(), "frozen");
        vm.assertTrue(rollup.head().roundId() == a.terms.roundId(), "the round is the same for ever");
        _settleFree(a);
    }

    function test_NothingIsRevealedProvenOrDecided() public {
        vm.warp(bridge.lastAdvanceAt() + ESCAPE_DELAY - PROPOSAL_WINDOW);
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        Draft memory other = _propose(BOB, 100, 0, _everyone());
        _toReveal();
        _reveal(d);
        Submission memory s = _submission(d, 0x7f, 0x7f);
        bridge.freeze();
        vm.expectRevert(abi.encodeWithSelector(IRollup.IsFrozen.selector));
        _reveal(other);
        vm.expectRevert(abi.encodeWithSelector(IRollup.IsFrozen.selector));
        rollup.submitProof(s);
        HandIn memory shown;
        vm.expectRevert(abi.encodeWithSelector(IRollup.IsFrozen.selector));
        vm.prank(COURT);
        rollup.recordHandIn(s.opening, s.transcript, shown);
        skip(ACCEPTANCE_WINDOW);
        vm.expectRevert(abi.encodeWithSelector(IRollup.NothingProven.selector, d.terms.roundId()));
        rollup.advance();
    }

    /* WHAT STAYS WITHDRAWABLE */

    /// @dev A commit that the freeze has cut short forfeits nothing, and its deposit leaves at once.
    function test_ACommitIsFree() public {
        vm.warp(bridge.lastAdvanceAt() + ESCAPE_DELAY - 1);
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        skip(1);
        bridge.freeze();
        vm.expectRevert(abi.encodeWithSelector(IRollup.LaneInUse.selector, ALICE, 1));
        vm.prank(ALICE);
        rollup.withdraw(1, SEAT);
        _settleFree(d);
        vm.startPrank(ALICE);
        rollup.withdraw(1, SEAT);
        rollup.withdraw(0, SEAT);
    }

    function test_ARevealedCommitIsFree() public {
        vm.warp(bridge.lastAdvanceAt() + ESCAPE_DELAY - PROPOSAL_WINDOW);
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        _toReveal();
        _reveal(d);
        Draft memory child = _commit(_child(BOB, 100, d, ALICE));
        bridge.freeze();
        _settleFree(d);
        _settleFree(child);
        vm.prank(BOB);
        rollup.withdraw(0, SEAT);
    }

    /// @dev What was lost before the freeze is lost.
    function test_AnOlderCommitForfeits() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        _final(BOB, 0);
        skip(ESCAPE_DELAY);
        bridge.freeze();
        vm.assertEq(rollup.settle(_opening(d), keccak256(d.transcript)), 50, "half of its bid");
    }

    function test_RewardsFeesAndStakesStayClaimable() public {
        Draft memory d = _final(ALICE, 2 ether);
        skip(ESCAPE_DELAY);
        bridge.freeze();
        vm.prank(ALICE);
        vm.assertTrue(rollup.claimProposer(ALICE) != 0, "reward");
        vm.prank(ALICE);
        vm.assertEq(bridge.claimFees(ALICE), 2 ether, "fees");
        vm.assertTrue(rollup.claimProver(1, _claimOf(d, 0)) != 0, "prover");
        vm.prank(_owner(1));
        registry.requestExit(1);
        skip(EXIT_DELAY);
        uint256 before = token.balanceOf(_owner(1));
        vm.prank(_owner(1));
        registry.withdraw(1);
        vm.assertEq(token.balanceOf(_owner(1)) - before, registry.minStake(), "stake");
    }

    function _freeze() private {
        vm.warp(bridge.lastAdvanceAt() + ESCAPE_DELAY);
        bridge.freeze();
    }

    function _expectAlive(Draft memory d) private {
        vm.expectRevert(abi.encodeWithSelector(IRollup.CandidateAlive.selector, d.terms.roundId()));
        bridge.freeze();
        vm.assertFalse(bridge.isFrozen(), "not frozen");
    }

    function _settleFree(Draft memory d) private {
        vm.assertEq(rollup.settle(_opening(d), keccak256(d.transcript)), 0, "nothing forfeited");
    }

    function _childTerms(Draft memory parent) private view returns (Terms) {
        return TermsLibrary.pack(parent.terms.roundId().nextHeight(), 0, 100, rollup.seatOf(parent.proposer));
    }
}
