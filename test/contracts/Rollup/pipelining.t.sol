// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRollup} from "../../../contracts/interfaces/IRollup.sol";
import {Phase, RoundState} from "../../../contracts/interfaces/IRoundView.sol";
import {RoundId, RoundIdLibrary} from "../../../contracts/types/RoundId.sol";
import {TermsLibrary} from "../../../contracts/types/Terms.sol";
import {Fixture} from "../support/Fixture.sol";
import {skip, vm} from "../support/Vm.sol";

contract PipeliningTest is Fixture {
    RoundId private immutable SECOND = RoundIdLibrary.pack(2, 1);

    /* THE HAPPY PATH */

    function test_TheNextHeightRevealsInTheSecondInWhichThisOneIsDecided() public {
        Draft memory a = _proven(ALICE, 100);
        Draft memory b = _commit(_child(BOB, 100, a, ALICE));
        uint256 decided = _round().acceptanceEnds;
        vm.warp(decided);
        RoundState memory state = _round();
        vm.assertEq(uint256(state.phase), uint256(Phase.Revealing), "phase");
        vm.assertTrue(state.roundId == SECOND && state.advanceDue, "round");
        vm.assertEq(state.proposalEnds, decided, "no idle second");
        vm.assertEq(state.parent, a.id, "parent");
        vm.assertEq(state.parentRef, rollup.seatOf(ALICE), "parentRef");
        vm.assertEq(state.stateRoot, a.nextStateRoot, "state");

        _reveal(b);
        vm.assertEq(rollup.finalProposal(), a.id, "the reveal advanced");
        _submitFull(b);
        vm.warp(decided + ACCEPTANCE_WINDOW - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRollup.AdvanceTooEarly.selector,
                decided + ACCEPTANCE_WINDOW - 1,
                decided + ACCEPTANCE_WINDOW
            )
        );
        rollup.advance();
        skip(1);
        rollup.advance();
        vm.assertEq(rollup.finalProposal(), b.id, "second block");
    }

    function test_TwentyHeightsWithoutAnIdleSecond() public {
        address[2] memory proposers = [ALICE, BOB];
        Draft memory parent = _proven(ALICE, 100);
        uint256 began = _round().proposalEnds;
        for (uint256 i = 1; i <= 20; ++i) {
            address proposer = proposers[i % 2];
            Draft memory next = _commit(_child(proposer, 100, parent, proposers[(i + 1) % 2]));
            vm.warp(began + i * ACCEPTANCE_WINDOW);
            _reveal(next);
            _submitFull(next);
            parent = next;
        }
        vm.assertEq(_round().roundId.height(), 21, "heights");
        vm.assertEq(_round().acceptanceEnds, began + 21 * ACCEPTANCE_WINDOW, "time");
    }

    function test_WithoutACommitAheadAFreshRoundOpens() public {
        _proven(ALICE, 100);
        _toEnd();
        vm.assertEq(uint256(_round().phase), uint256(Phase.Advanceable), "phase");
        skip(7);
        rollup.advance();
        RoundState memory state = _round();
        vm.assertEq(uint256(state.phase), uint256(Phase.Proposing), "phase");
        vm.assertEq(state.opens, vm.getBlockTimestamp(), "opens");
        vm.assertEq(state.parentRef, 0, "parentRef");
    }

    /* PARENTS */

    function test_ACommitWhoseParentLostIsFree() public {
        Draft memory a = _propose(ALICE, 100, 0, _everyone());
        Draft memory b = _propose(BOB, 200, 0, _everyone());
        _toReveal();
        _reveal(a);
        _reveal(b);
        Draft memory onA = _commit(_child(CAROL, 100, a, ALICE));
        Draft memory onB = _commit(_child(DAVE, 100, b, BOB));
        _submitFull(a);
        _submitFull(b);
        _expectOpen(onA);
        _toEnd();
        vm.expectRevert(abi.encodeWithSelector(IRollup.DeadParent.selector, rollup.seatOf(ALICE), rollup.seatOf(BOB)));
        this.reveal(onA);
        _reveal(onB);
        vm.assertEq(_settle(onA), 0, "forfeited");
        vm.prank(CAROL);
        rollup.withdraw(0, SEAT);
    }

    function test_OneSeatBetsOnTwoParentsWithOneDeposit() public {
        Draft memory a = _propose(ALICE, 100, 0, _everyone());
        Draft memory b = _propose(BOB, 200, 0, _everyone());
        _toReveal();
        _reveal(a);
        _reveal(b);
        Draft memory onA = _commit(_child(CAROL, SEAT, a, ALICE));
        Draft memory onB = _branch(_child(CAROL, SEAT, b, BOB), onA);
        _submitFull(a);
        _submitFull(b);
        _toEnd();
        _reveal(onB);
        _submitFull(onB);
        vm.warp(_round().acceptanceEnds);
        rollup.advance();
        vm.assertEq(rollup.finalProposal(), onB.id, "the branch won");
        (uint256 deposit, bool inUse) = (rollup.laneOf(CAROL, 0).deposit(), _inUse(CAROL, 0));
        vm.assertEq(deposit, 0, "burnt once");
        vm.assertFalse(inUse, "free");
    }

    function test_OneCommitPerParent() public {
        Draft memory a = _proven(ALICE, 100);
        Draft memory first = _commit(_child(CAROL, 100, a, ALICE));
        Draft memory again = _child(CAROL, 100, a, ALICE);
        bytes memory already = abi.encodeWithSelector(
            IRollup.AlreadyCommitted.selector,
            CAROL,
            SECOND,
            rollup.seatOf(ALICE)
        );
        vm.expectRevert(already);
        this.commit(again);
        vm.expectRevert(already);
        this.branch(again, first);
        Draft memory other = _branch(_child(CAROL, 100, a, BOB), first);
        vm.expectRevert(abi.encodeWithSelector(IRollup.AlreadyCommitted.selector, CAROL, SECOND, rollup.seatOf(BOB)));
        this.branch(other, first);
    }

    function test_ABranchIsCoveredByTheDeposit() public {
        Draft memory a = _proven(ALICE, 100);
        Draft memory first = _commit(_child(CAROL, 100, a, ALICE));
        Draft memory other = _child(CAROL, SEAT + 1, a, BOB);
        vm.expectRevert(abi.encodeWithSelector(IRollup.BidAboveDeposit.selector, SEAT + 1, SEAT));
        this.branch(other, first);
    }

    function test_ABranchNeedsTheFirstCommitOfThisRound() public {
        Draft memory a = _proven(ALICE, 100);
        Draft memory lone = _child(CAROL, 100, a, ALICE);
        uint192 digest = rollup.laneOf(CAROL, 0).digest();
        vm.assertEq(digest, 0, "nothing yet");
        vm.prank(CAROL);
        vm.expectPartialRevert(IRollup.WrongOpening.selector);
        rollup.commitBranch(lone.terms, lone.order, lone.transcript, _opening(lone), keccak256(lone.transcript));
    }

    function test_TheNextHeightNeedsAParentAndAFreshRoundHasNone() public {
        Draft memory a = _proven(ALICE, 100);
        Draft memory d = _child(BOB, 100, a, ALICE);
        d.terms = TermsLibrary.pack(SECOND, 0, 100, 0);
        vm.expectRevert(abi.encodeWithSelector(IRollup.UnknownParent.selector, 0));
        this.commit(d);
    }

    /* ATTEMPTS */

    function test_ANewAttemptKillsCommitsAheadForNothing() public {
        Draft memory a = _propose(ALICE, 100, 0, _everyone());
        _toReveal();
        _reveal(a);
        Draft memory ahead = _commit(_child(CAROL, 100, a, ALICE));
        _toEnd();
        vm.assertEq(uint256(_round().phase), uint256(Phase.Expired), "phase");
        vm.assertEq(_settle(ahead), 0, "free");
        vm.assertEq(_settle(a), 50, "half of the bid is forfeited");

        // The same height is decided by the second attempt; the same seat wins; the dead commit stays dead.
        Draft memory again = _proven(ALICE, 100);
        Draft memory other = _commit(_child(BOB, 100, again, ALICE));
        _toEnd();
        vm.expectPartialRevert(IRollup.WrongOpening.selector);
        this.reveal(ahead);
        _reveal(other);
    }

    function test_AnUnsettledDeadCommitCannotBeRevivedByTheNextAttempt() public {
        Draft memory a = _propose(ALICE, 100, 0, _everyone());
        _toReveal();
        _reveal(a);
        Draft memory ahead = _commit(_child(CAROL, 100, a, ALICE));
        _toEnd();
        _settle(a);
        Draft memory again = _proven(ALICE, 100);
        _commit(_child(BOB, 100, again, ALICE));
        _toEnd();
        // Same roundId, same winner's seat, and the lane still has its digest: only the round number tells.
        vm.expectPartialRevert(IRollup.WrongOpening.selector);
        this.reveal(ahead);
        vm.assertEq(_settle(ahead), 0, "free");
    }

    function test_APipelinedRoundThatFailsGetsAFreshAttempt() public {
        Draft memory a = _proven(ALICE, 100);
        Draft memory b = _commit(_child(BOB, 100, a, ALICE));
        vm.warp(_round().acceptanceEnds + REVEAL_WINDOW);
        RoundState memory state = _round();
        vm.assertEq(uint256(state.phase), uint256(Phase.Expired), "nobody revealed");
        vm.assertTrue(state.commitRoundId == RoundIdLibrary.pack(2, 2), "next attempt");
        Draft memory c = _draft(CAROL, 100, 0, _everyone());
        _commit(c);
        vm.assertEq(rollup.finalProposal(), a.id, "the commit advanced");
        vm.assertEq(_settle(b), 50, "forfeited: its parent won");
        _toReveal();
        _reveal(c);
        vm.assertEq(_submitFull(c), 0, "place");
    }

    /* FORFEITS */

    function test_ForfeitsForUnrevealedAndForUnprovenAndNotForProven() public {
        Draft memory silent = _propose(ALICE, 101, 0, _everyone());
        Draft memory unproven = _propose(BOB, 100, 0, _everyone());
        Draft memory proven = _propose(CAROL, 100, 0, _everyone());
        _toReveal();
        _reveal(unproven);
        _reveal(proven);
        _submitFull(proven);
        _expectOpen(silent);
        _expectOpen(unproven);
        vm.expectRevert(abi.encodeWithSelector(IRollup.NothingToSettle.selector, CAROL, RoundIdLibrary.pack(1, 1)));
        this.settle(proven);
        _toEnd();
        uint256 supply = token.totalSupply();
        rollup.advance();
        supply = token.totalSupply();
        vm.assertEq(_settle(silent), 51, "half, rounded up");
        vm.assertEq(_settle(unproven), 50, "half");
        vm.assertEq(supply - token.totalSupply(), 101 * 1e14, "burnt");
        vm.expectRevert(abi.encodeWithSelector(IRollup.NothingToSettle.selector, ALICE, RoundIdLibrary.pack(1, 1)));
        this.settle(silent);
    }

    function test_AnUnsettledLaneTakesNoCommitAndLetsNothingGo() public {
        _propose(ALICE, 100, 0, _everyone());
        Draft memory b = _propose(BOB, 100, 0, _everyone());
        _finish(b);
        Draft memory c = _commit(_draft(BOB, 100, 0, _everyone()));
        _finish(c);
        Draft memory d = _draft(ALICE, 100, 0, _everyone());
        vm.expectRevert(abi.encodeWithSelector(IRollup.Unsettled.selector, ALICE, 1));
        this.commit(d);
        vm.expectRevert(abi.encodeWithSelector(IRollup.LaneInUse.selector, ALICE, 1));
        vm.prank(ALICE);
        rollup.withdraw(1, 1);
    }

    function test_WhoNeverSettlesForfeitsEvenWhenNobodyRemembers() public {
        (, Draft memory onA) = _contest();
        _toEnd();
        rollup.advance();
        skip(REVEAL_WINDOW);
        // A thousand heights later the ring has forgotten that its parent lost.
        for (uint256 height = 2; height <= 1_025; ++height) {
            Draft memory d = _commit(_draft(height % 2 == 0 ? BOB : DAVE, 10, 0, _everyone()));
            _finish(d);
        }
        vm.assertEq(_settle(onA), 50, "forfeited");
    }

    /// @dev Height 1,023 is the last one of the ring's first lap, and height 1,025 of the next.
    function test_ALapOfTheRingIsRememberedToItsEnd() public {
        for (uint256 height = 1; height <= 1_022; ++height) {
            _finish(_commit(_draft(height % 2 == 0 ? BOB : DAVE, 10, 0, _everyone())));
        }
        for (uint256 height = 1_023; height <= 1_024; ++height) {
            (Draft memory b, Draft memory onA) = _contest();
            _toEnd();
            rollup.advance();
            vm.assertEq(b.terms.roundId().height(), height, "height");
            vm.assertEq(_settle(onA), 0, "free");
            // Nobody else has committed ahead: the next height needs another attempt.
            skip(REVEAL_WINDOW);
        }
    }

    /// @dev Of a seat's commits to one height, the one whose parent won was owed.
    function test_TheLiveBranchIsWhatForfeits() public {
        (Draft memory b, Draft memory onA) = _contest();
        Draft memory onB = _branch(_child(CAROL, 300, b, BOB), onA);
        _toEnd();
        rollup.advance();
        skip(ACCEPTANCE_WINDOW);
        uint192 digest = rollup.laneOf(CAROL, 0).digest();
        uint192 live = rollup.branchOf(CAROL, 0, rollup.seatOf(BOB)).digest();
        vm.expectRevert(abi.encodeWithSelector(IRollup.WrongOpening.selector, digest, live));
        this.settle(onA);
        vm.assertEq(_settle(onB), 150, "half of the branch's bid");
    }

    /* STEPS */

    /// @return b   of BOB, proven: wins against ALICE's at the end of the round
    /// @return onA what CAROL has committed to on ALICE's
    function _contest() private returns (Draft memory b, Draft memory onA) {
        Draft memory a = _propose(ALICE, 100, 0, _everyone());
        b = _propose(BOB, 200, 0, _everyone());
        _toReveal();
        _reveal(a);
        _reveal(b);
        onA = _commit(_child(CAROL, 100, a, ALICE));
        _submitFull(b);
    }

    function _finish(Draft memory d) private {
        _toReveal();
        _reveal(d);
        _submitFull(d);
        _toEnd();
        rollup.advance();
    }

    function _settle(Draft memory d) private returns (uint256) {
        return rollup.settle(_opening(d), keccak256(d.transcript));
    }

    function _expectOpen(Draft memory d) private {
        vm.expectRevert(abi.encodeWithSelector(IRollup.RoundOpen.selector, d.terms.roundId()));
        this.settle(d);
    }

    function settle(Draft memory d) external {
        rollup.settle(_opening(d), keccak256(d.transcript));
    }

    function reveal(Draft memory d) external {
        _reveal(d);
    }

    function commit(Draft memory d) external {
        _commit(d);
    }

    function branch(Draft memory d, Draft memory first) external {
        _branch(d, first);
    }
}
