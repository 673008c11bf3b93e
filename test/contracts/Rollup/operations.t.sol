// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBridge} from "../../../contracts/interfaces/IBridge.sol";
import {IRollup} from "../../../contracts/interfaces/IRollup.sol";
import {Due} from "../../../contracts/interfaces/IRoundView.sol";
import {Candidate} from "../../../contracts/types/Candidate.sol";
import {Reveal, RevealLibrary} from "../../../contracts/types/Reveal.sol";
import {Fixture} from "../support/Fixture.sol";
import {skip, vm} from "../support/Vm.sol";

/// @notice Which operations from L1 a block begins with, round by round. Three may be due at once.
contract OperationsTest is Fixture {
    function setUp() public override {
        super.setUp();
        _rich(DAVE);
    }

    /* THE CUT */

    /// @dev Nothing was known before the chain began.
    function test_NothingIsDueInTheVeryFirstRound() public {
        _post();
        skip(1);
        vm.assertEq(_round().commitDue.count, 0, "before it opens");
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        vm.assertEq(_round().due.count, 0, "once it is open");
        // But it is in another attempt.
        vm.warp(_round().revealEnds);
        _expectDue(_round().commitDue, d.committedAt + PROPOSAL_WINDOW + REVEAL_WINDOW, 0, 1);
    }

    /// @dev A fresh round is cut where the acceptance window of the height before ended, whenever it is advanced.
    function test_AFreshRoundIsCutAtTheEndOfTheHeightBefore() public {
        _proven(ALICE, 100);
        uint256 end = _round().acceptanceEnds;
        _postAt(end - 1);
        _postAt(end);
        _postAt(end + 1);
        Due memory due = _round().commitDue;
        _expectDue(due, end, 0, 1);
        skip(1_000);
        _expectSame(_round().commitDue, due);
        rollup.advance();
        _expectSame(_round().commitDue, due);
        Draft memory d = _propose(BOB, 100, 0, _everyone());
        _expectSame(_round().due, due);
        _post();
        _toReveal();
        _expectSame(_round().due, due);
        _reveal(d);
        vm.assertEq(_submitFull(d), 0, "proven");
    }

    /// @dev A pipelined round is cut where its own window of commits begins.
    function test_APipelinedRoundIsCutWhereItsCommitsBegin() public {
        _propose(ALICE, 90, 0, _everyone());
        Draft memory a = _propose(BOB, 100, 0, _everyone());
        uint256 cut = _round().proposalEnds;
        _postAt(cut - 1);
        _postAt(cut);
        Due memory due = _round().commitDue;
        _expectDue(due, cut, 0, 1);
        _reveal(a);
        Draft memory child = _commit(_child(CAROL, 100, a, BOB));
        _submitFull(a);
        _postAt(cut + 1);
        _expectSame(_round().commitDue, due);
        _toEnd();
        // Decided but not advanced: the view is ahead of the rollup.
        _expectSame(_round().due, due);
        _reveal(child);
        _expectSame(_round().due, due);
        vm.assertEq(_submitFull(child), 0, "proven");
        _toEnd();
        rollup.advance();
        _expectSettled(1, 3);
    }

    /// @dev A child comes after what its parent settles, before that has happened.
    function test_APipelinedRoundComesAfterWhatItsParentSettles() public {
        _final(ALICE, 0);
        _post();
        _post();
        skip(1);
        _final(ALICE, 0);
        Draft memory a = _propose(BOB, 100, 0, _everyone());
        _expectDue(_round().due, _round().opens, 0, 2);
        _post();
        _toReveal();
        _reveal(a);
        _expectDue(_round().commitDue, _round().proposalEnds, 2, 1);
        Draft memory child = _commit(_child(CAROL, 100, a, BOB));
        _submitFull(a);
        _toEnd();
        _expectDue(_round().due, _round().opens, 2, 1);
        _reveal(child);
        _expectSettled(2, 3);
        _submitFull(child);
        _toEnd();
        rollup.advance();
        _expectSettled(3, 3);
    }

    /// @dev Where nobody has revealed, the next attempt is cut when that was over.
    function test_AnAttemptAfterOneThatNobodyRevealed() public {
        _propose(ALICE, 100, 0, _everyone());
        uint256 end = _round().revealEnds;
        _postAt(end - 1);
        _postAt(end);
        _expectDue(_round().commitDue, end, 0, 1);
        skip(1_000);
        _expectDue(_round().commitDue, end, 0, 1);
        Draft memory d = _propose(BOB, 100, 0, _everyone());
        _expectDue(_round().due, end, 0, 1);
        _toReveal();
        _reveal(d);
    }

    /// @dev Where somebody has, it is cut when nothing could be proven any more.
    function test_AnAttemptAfterOneThatNobodyProved() public {
        Draft memory a = _propose(ALICE, 100, 0, _everyone());
        _toReveal();
        _reveal(a);
        uint256 end = _round().provingEnds;
        _postAt(end - 1);
        _postAt(end);
        _expectDue(_round().commitDue, end, 0, 1);
        Draft memory d = _propose(BOB, 100, 0, _everyone());
        _expectDue(_round().due, end, 0, 1);
        _toReveal();
        _reveal(d);
    }

    /* CONSUMING */

    function test_TheWinnerSettlesAndEarnsTheFees() public {
        _proven(ALICE, 100);
        _postAt(_round().acceptanceEnds - 1);
        _post();
        _toEnd();
        Draft memory winner = _propose(ALICE, 100, 0, _everyone());
        Draft memory uncle = _propose(BOB, 90, 0, _everyone());
        _toReveal();
        _expectRevealed(winner, true, 2);
        _reveal(winner);
        _reveal(uncle);
        _submitFull(winner);
        _submitFull(uncle);
        vm.assertEq(rollup.candidateOf(uncle.id).offer.l1OpCount(), 2, "both have them");
        _expectSettled(0, 2);
        _toEnd();
        rollup.advance();
        _expectSettled(2, 2);
        Candidate memory c = rollup.candidateOf(winner.id);
        vm.assertTrue(c.payout.isFinal() && c.payout.isPaid() && c.offer.l1OpCount() == 2, "final");
        vm.assertEq(rollup.withdrawalsRootOf(winner.id), _withdrawalsRoot(winner), "its exits");
        c = rollup.candidateOf(uncle.id);
        vm.assertTrue(!c.payout.isFinal() && c.payout.isPaid(), "an uncle is paid and not final");
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotFinal.selector, uncle.id));
        rollup.withdrawalsRootOf(uncle.id);
        (, uint256 fees) = rollup.creditOf(ALICE);
        vm.assertEq(fees, 2 * OPERATION_FEE, "fees");
        (, fees) = rollup.creditOf(BOB);
        vm.assertEq(fees, 0, "an uncle has none");
    }

    function test_TheRestIsDueAtTheNextHeight() public {
        _proven(ALICE, 100);
        for (uint256 i = 0; i < 5; ++i) {
            _post();
        }
        _toEnd();
        _expectDue(_round().commitDue, _round().acceptanceEnds, 0, 3);
        _final(BOB, 0);
        _expectSettled(3, 5);
        _expectDue(_round().commitDue, _round().opens, 3, 2);
        _final(CAROL, 0);
        _expectSettled(5, 5);
    }

    function test_AFailedAttemptSettlesNothing() public {
        _propose(ALICE, 100, 0, _everyone());
        _post();
        vm.warp(_round().revealEnds);
        _propose(BOB, 100, 0, _everyone());
        vm.warp(_round().revealEnds);
        _expectSettled(0, 1);
        _final(CAROL, 0);
        _expectSettled(1, 1);
    }

    /* REVEALING */

    function test_ABlockWithoutThemCannotBeRevealed() public {
        Draft memory honest = _commit(_withDue(2));
        Draft memory bare = _commit(_with(BOB, ""));
        Draft memory swapped = _commit(_with(ALICE, abi.encodePacked(operations[1], operations[0])));
        Draft memory few = _commit(_with(DAVE, operations[0]));
        _toReveal();
        _reveal(bare);
        vm.assertEq(_known(bare), 2, "its blob");
        _expectWrongHash(bare, honest.operations);
        vm.expectPartialRevert(IBridge.WrongOperations.selector);
        _reveal(swapped);
        vm.expectRevert(abi.encodeWithSelector(IBridge.WrongLength.selector, 60, 120));
        _reveal(few);
        _reveal(honest);
        _expectWhole(honest, 2);
    }

    function test_RevertsForOthersThanWereCommittedTo() public {
        Draft memory d = _commit(_withDue(2));
        _toReveal();
        _expectWrongHash(d, operations[0]);
        _expectWrongHash(d, abi.encodePacked(operations[1], operations[0]));
        _expectWrongHash(d, abi.encodePacked(d.operations, new bytes(60)));
    }

    /// @dev Two fill a node; the third begins another one.
    function test_NodesOfOperationsComeBeforeTheBlobs() public {
        for (uint256 count = 1; count <= 3; ++count) {
            Draft memory d = _withDue(count);
            _setBlobs(d, 2);
            _commit(d);
            _toReveal();
            _expectRevealed(d, true, count);
            _reveal(d);
            _expectWhole(d, count);
            vm.assertEq(_submitFull(d), 0, "proven");
            _toEnd();
            rollup.advance();
        }
    }

    function test_TheyMayComeFirst() public {
        Draft memory d = _withThreeParts();
        vm.expectEmit(address(rollup));
        emit IRollup.OperationsRevealed(d.id, d.operations);
        _revealPart(d, d.operations, 0);
        vm.assertEq(_known(d), 1, "operations");
        _revealPart(d, "", 2);
        vm.assertEq(_known(d), 5, "and a blob");
        _expectRevealed(d, false, 2);
        _revealPart(d, "", 1);
        _expectWhole(d, 2);
    }

    function test_TheyMayComeLast() public {
        Draft memory d = _withThreeParts();
        _revealPart(d, "", 1);
        _revealPart(d, "", 2);
        vm.assertEq(_known(d), 6, "both blobs");
        _expectRevealed(d, true, 2);
        _revealPart(d, d.operations, 0);
        _expectWhole(d, 2);
        vm.assertEq(_submitFull(d), 0, "proven");
    }

    /// @dev Somebody else brings them first: they are not looked at again.
    function test_KnownOnesAreSkipped() public {
        Draft memory d = _withThreeParts();
        vm.prank(BOB);
        _revealPart(d, d.operations, 0);
        vm.recordLogs();
        _revealPart(d, "other", 1);
        vm.assertEq(vm.getRecordedLogs().length, 0, "nothing is told again");
        vm.assertEq(_known(d), 3, "and a blob");
        _revealPart(d, d.operations, 2);
        _expectWhole(d, 2);
    }

    function test_ABlockOfNothingElseNeedsNoBlob() public {
        Draft memory d = _withDue(3);
        _setBlobs(d, 0);
        _commit(d);
        _toReveal();
        _expectRevealed(d, true, 3);
        _reveal(d);
        _expectWhole(d, 3);
    }

    /// @dev Of four nodes of 3,000 elements two are left for transfers.
    function test_TheyTakeTheRoomOfBlobs() public {
        Draft memory d = _withDue(3);
        _setBlobs(d, 3);
        _commit(d);
        _toReveal();
        vm.expectRevert(abi.encodeWithSelector(IRollup.TooManyBlobs.selector, 3, 2));
        _reveal(d);
    }

    /// @dev CAROL's, committed: operations and two blobs.
    function _withThreeParts() private returns (Draft memory d) {
        d = _withDue(2);
        _setBlobs(d, 2);
        _commit(d);
        _toReveal();
    }

    /// @dev Of a fresh round in which that many are due; not committed yet.
    function _withDue(uint256 count) private returns (Draft memory) {
        _proven(ALICE, 100);
        for (uint256 i = 0; i < count; ++i) {
            _post();
        }
        _toEnd();
        return _draft(CAROL, 100, 0, _everyone());
    }

    function _with(address proposer, bytes memory operations_) private returns (Draft memory d) {
        d = _draft(proposer, 100, 0, _everyone());
        d.operations = operations_;
        _fix(d, _order(d));
    }

    function _expectWrongHash(Draft memory d, bytes memory operations_) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IRollup.WrongOperationsHash.selector,
                keccak256(operations_),
                keccak256(d.operations)
            )
        );
        _revealPart(d, operations_, 0);
    }

    function _expectRevealed(Draft memory d, bool areNew, uint256 l1OpCount) private {
        uint256 eval = _dataEval(d);
        if (areNew) {
            vm.expectEmit(address(rollup));
            emit IRollup.OperationsRevealed(d.id, d.operations);
        }
        vm.expectEmit(address(rollup));
        emit IRollup.Revealed(d.id, d.proposer, d.terms.roundId(), d.txsRoot, d.txCount, eval, l1OpCount, d.blobHashes);
    }

    function _expectWhole(Draft memory d, uint256 l1OpCount) private view {
        Reveal expected = RevealLibrary.whole(d.txsRoot, d.txCount, _dataEval(d), l1OpCount);
        vm.assertEq(Reveal.unwrap(rollup.revealOf(d.id)), Reveal.unwrap(expected), "reveal");
    }

    function _post() private {
        _forceExit(DAVE, uint16(operations.length + 1), FIVE);
    }

    function _postAt(uint256 timestamp) private {
        vm.warp(timestamp);
        _post();
    }

    function _expectDue(Due memory due, uint256 queueCut, uint256 first, uint256 count) private view {
        vm.assertEq(due.queueCut, queueCut, "cut");
        vm.assertEq(due.first, first, "first");
        vm.assertEq(due.count, count, "count");
    }

    function _expectSame(Due memory due, Due memory expected) private view {
        _expectDue(due, expected.queueCut, expected.first, expected.count);
    }

    function _expectSettled(uint256 settled, uint256 posted) private view {
        (uint256 settled_, uint256 posted_) = bridge.queue();
        vm.assertEq(settled_, settled, "settled");
        vm.assertEq(posted_, posted, "posted");
    }
}
