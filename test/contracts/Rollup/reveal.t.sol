// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BlobOpening, IBlobVerifier} from "../../../contracts/interfaces/IBlobVerifier.sol";
import {IRollup, Opening, Order, Submission} from "../../../contracts/interfaces/IRollup.sol";
import {Phase} from "../../../contracts/interfaces/IRoundView.sol";
import {BLOB_FIELD} from "../../../contracts/libraries/Constants.sol";
import {Proposals} from "../../../contracts/libraries/Proposals.sol";
import {Reveal, RevealLibrary} from "../../../contracts/types/Reveal.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {Fixture} from "../support/Fixture.sol";
import {vm} from "../support/Vm.sol";

/// @notice Orders and blobs. What operations from L1 add is in operations.t.sol.
contract RevealTest is Fixture {
    uint256 private constant ALL = type(uint256).max;

    function test_KeepsAFingerprintAndTellsTheOrder() public {
        Draft memory d = _withBlobs(ALICE, 1);
        _toReveal();
        _expectRevealed(d);
        vm.prank(BOB);
        _reveal(d);
        _expectWhole(d);
    }

    /* WINDOW */

    function test_TheWindowIsHalfOpen() public {
        Draft memory alice = _propose(ALICE, 100, 0, _everyone());
        Draft memory bob = _propose(BOB, 100, 0, _everyone());
        uint256 from = _round().proposalEnds;
        uint256 until = _round().revealEnds;
        _expectClosed(alice, from - 1, from, until);
        vm.warp(from);
        _reveal(alice);
        vm.warp(until - 1);
        _reveal(bob);
        _expectClosed(alice, until, from, until);
        _expectClosed(alice, until + 1, from, until);
    }

    /* OPENING */

    function test_RevertsForAnythingButTheCommit() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        _toReveal();
        Opening memory opening = _opening(d);
        opening.proposer = BOB;
        _expectWrongOpening(d, opening, keccak256(d.transcript), 0);
        opening = _opening(d);
        opening.terms = Terms.wrap(Terms.unwrap(d.terms) + (1 << 24));
        _expectWrongOpening(d, opening, keccak256(d.transcript), _digest(ALICE));
        opening = _opening(d);
        opening.orderCommitment = keccak256("other");
        _expectWrongOpening(d, opening, keccak256(d.transcript), _digest(ALICE));
        opening = _opening(d);
        ++opening.committedAt;
        _expectWrongOpening(d, opening, keccak256(d.transcript), _digest(ALICE));
        _expectWrongOpening(d, _opening(d), keccak256("other"), _digest(ALICE));
    }

    function test_RevertsForAnotherOrder() public {
        Draft memory d = _withBlobs(ALICE, 2);
        _toReveal();
        Order memory order = _order(d);
        ++order.txsRoot;
        _expectWrongOrder(d, order);
        order = _order(d);
        ++order.txCount;
        _expectWrongOrder(d, order);
        order = _order(d);
        order.operationsHash = keccak256("other");
        _expectWrongOrder(d, order);
        order = _order(d);
        order.salt = keccak256("other");
        _expectWrongOrder(d, order);
        (bytes32 first, bytes32 second) = (d.blobHashes[0], d.blobHashes[1]);
        _expectWrongBlobs(d, _list(first));
        _expectWrongBlobs(d, _list(second, first));
        _expectWrongBlobs(d, _list(first, bytes32(uint256(second) ^ 1)));
        _expectWrongBlobs(d, new bytes32[](0));
    }

    /// @dev What the owner of an order committed to is worth nothing to others.
    function test_ACopiedCommitmentCannotBeOpened() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        Draft memory copy = d;
        copy.proposer = BOB;
        _commit(copy);
        _toReveal();
        _expectWrongOrder(copy, _order(copy));
    }

    function test_TransactionsFit32Bits() public {
        Draft memory d = _draft(ALICE, 100, 0, _everyone());
        d.txCount = type(uint32).max;
        _fix(d, _order(d));
        Draft memory more = _draft(BOB, 100, 0, _everyone());
        more.txCount = 1 << 32;
        _fix(more, _order(more));
        _commit(d);
        _commit(more);
        _toReveal();
        _reveal(d);
        _expectWhole(d);
        vm.assertEq(rollup.revealOf(d.id).txCount(), type(uint32).max, "txCount");
        vm.expectRevert(abi.encodeWithSelector(IRollup.TooManyTransactions.selector, 1 << 32, type(uint32).max));
        _reveal(more);
    }

    function test_Once() public {
        Draft memory d = _withBlobs(ALICE, 2);
        _toReveal();
        _reveal(d);
        for (uint256 blobs = 0; blobs < 4; ++blobs) {
            vm.expectRevert(abi.encodeWithSelector(IRollup.AlreadyRevealed.selector, d.id));
            _revealPart(d, "", blobs);
        }
    }

    /* BLOBS IN PARTS */

    function test_ABlockNeedsNoBlob() public {
        Draft memory d = _withBlobs(ALICE, 0);
        _toReveal();
        _expectRevealed(d);
        vm.recordLogs();
        _reveal(d);
        vm.assertEq(vm.getRecordedLogs().length, 1, "no operations are told");
        _expectWhole(d);
        vm.assertEq(_dataEval(d), 0, "nothing to evaluate");
        vm.assertEq(_submitFull(d), 0, "proven");
    }

    function test_BlobsComeInAnyOrder() public {
        Draft memory d = _withBlobs(ALICE, 3);
        _toReveal();
        _expectPart(d, 1 << 2, 9);
        vm.prank(BOB);
        _expectPart(d, 1 << 0, 11);
        _expectRevealed(d);
        _revealPart(d, "", 1 << 1);
        _expectWhole(d);
        vm.assertEq(_submitFull(d), 0, "proven");
    }

    /// @dev A reorg may bring them in any order, and in other transactions.
    function testFuzz_HoweverTheyComeTheyAreTheSame(uint256 dice) public {
        Draft memory d = _withBlobs(ALICE, 3);
        _toReveal();
        uint256 known = 0;
        for (; known != 7; dice >>= 3) {
            uint256 blobs = dice == 0 ? 7 : dice & 7;
            known |= blobs;
            if (known == 7) _expectRevealed(d);
            _revealPart(d, "", blobs);
            // Without operations bit 0 is set from the first transaction on.
            vm.assertEq(_known(d), known == 7 ? ALL : (known << 1) | 1, "known");
        }
        _expectWhole(d);
    }

    /// @dev Somebody else brings a part first: the rest still works, and what is known is not looked at.
    function test_KnownBlobsAreSkipped() public {
        Draft memory d = _withBlobs(ALICE, 3);
        _toReveal();
        vm.prank(BOB);
        _revealPart(d, "", 5);
        BlobOpening[] memory blobs = _blobs(d, ALL);
        (blobs[0].y, blobs[0].points[2]) = (BLOB_FIELD, 0);
        blobs[2].place = ALL;
        _expectRevealed(d);
        _revealBlobs(d, blobs);
        _expectWhole(d);
    }

    function test_ABlobTwiceInOneTransactionCountsOnce() public {
        Draft memory d = _withBlobs(ALICE, 2);
        _toReveal();
        BlobOpening[] memory blobs = _blobs(d, ALL);
        blobs[1] = blobs[0];
        _revealBlobs(d, blobs);
        vm.assertEq(_known(d), 3, "one of two");
        _revealPart(d, "", 2);
        _expectWhole(d);
    }

    function test_WhatBringsNothingNewChangesNothing() public {
        Draft memory d = _withBlobs(ALICE, 2);
        _toReveal();
        _revealPart(d, "", 1);
        _expectPart(d, 0, 3);
        _expectPart(d, 1, 3);
        _revealPart(d, "", 2);
        _expectWhole(d);
    }

    function test_WhatIsNotWholeIsNotRevealed() public {
        Draft memory d = _withBlobs(ALICE, 2);
        _toReveal();
        _revealPart(d, "", 2);
        _toProving();
        vm.assertEq(uint256(_round().phase), uint256(Phase.Expired), "phase");
        uint256 revealEnds = _round().revealEnds;
        _expectClosed(d, revealEnds, revealEnds - REVEAL_WINDOW, revealEnds);
        Submission memory s = _submission(d, 0x7f, 0x7f);
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotRevealed.selector, d.id));
        rollup.submitProof(s);
    }

    function test_TwoProposalsDoNotMix() public {
        Draft memory alice = _withBlobs(ALICE, 2);
        Draft memory bob = _withBlobs(BOB, 3);
        _toReveal();
        _revealPart(alice, "", 1);
        _revealPart(bob, "", 2);
        _revealPart(alice, "", 2);
        _revealPart(bob, "", 5);
        _expectWhole(alice);
        _expectWhole(bob);
    }

    /* BLOBS THAT ARE NOT THE ORDER'S */

    function test_RevertsForANumberThatTheOrderDoesNotHave() public {
        Draft memory d = _withBlobs(ALICE, 2);
        _toReveal();
        BlobOpening[] memory blobs = _blobs(d, 1);
        uint256[2] memory numbers = [uint256(2), ALL];
        for (uint256 i = 0; i < 2; ++i) {
            blobs[0].number = numbers[i];
            vm.expectRevert(abi.encodeWithSelector(IRollup.UnknownBlob.selector, numbers[i], 2));
            _revealBlobs(d, blobs);
        }
    }

    /// @dev Four nodes of 3,000 elements take three blobs.
    function test_RevertsForMoreBlobsThanABlockCanNeed() public {
        Draft memory d = _withBlobs(ALICE, 4);
        _toReveal();
        for (uint256 blobs = 0; blobs < 16; ++blobs) {
            vm.expectRevert(abi.encodeWithSelector(IRollup.TooManyBlobs.selector, 4, 3));
            _revealPart(d, "", blobs);
        }
    }

    /// @dev A proof alone shows nothing to be available.
    function test_RevertsForABlobThatTheTransactionDoesNotCarry() public {
        Draft memory d = _withBlobs(ALICE, 2);
        _toReveal();
        BlobOpening[] memory blobs = _blobs(d, ALL);
        blobs[1].place = blobs[1].place + 1;
        _expectWrongBlob(d, blobs, 1, 0);
        (blobs[0].place, blobs[1].place) = (d.firstPlace + 1, d.firstPlace);
        _expectWrongBlob(d, blobs, 0, d.blobHashes[1]);
    }

    function test_RevertsForAnEvaluationThatIsNotCanonical() public {
        Draft memory d = _withBlobs(ALICE, 2);
        _toReveal();
        BlobOpening[] memory blobs = _blobs(d, ALL);
        blobs[1].y += BLOB_FIELD;
        bytes memory error_ = abi.encodeWithSelector(IBlobVerifier.EvaluationNotCanonical.selector, 1, blobs[1].y);
        vm.expectRevert(error_);
        _revealBlobs(d, blobs);
    }

    function test_RevertsForAnotherEvaluation() public {
        Draft memory d = _withBlobs(ALICE, 2);
        _toReveal();
        BlobOpening[] memory blobs = _blobs(d, ALL);
        blobs[1].y = addmod(blobs[1].y, 1, BLOB_FIELD);
        _expectInvalid(d, blobs, 1);
        blobs = _blobs(d, ALL);
        blobs[0].points = blobs[1].points;
        _expectInvalid(d, blobs, 0);
        // Nothing is left of them.
        vm.assertEq(_known(d), 0, "known");
        _reveal(d);
        _expectWhole(d);
    }

    /// @dev `blobhash` of a place without a blob is 0.
    function test_NoBlobHasTheHashZero() public {
        Draft memory d = _draft(ALICE, 100, 0, _everyone());
        d.blobHashes[0] = 0;
        _fix(d, _order(d));
        _commit(d);
        _toReveal();
        BlobOpening[] memory blobs = _blobs(d, ALL);
        blobs[0].place = ALL;
        _expectInvalid(d, blobs, 0);
    }

    /* OPERATIONS THAT ARE NOT DUE */

    function test_RevertsForOperationsWhereNoneAreDue() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        Draft memory false_ = _draft(BOB, 100, 0, _everyone());
        false_.operations = new bytes(60);
        _fix(false_, _order(false_));
        _commit(false_);
        _toReveal();
        bytes32 none = keccak256("");
        _expectWrongOperations(d, new bytes(60), keccak256(new bytes(60)), none);
        // Committed to, they cannot be left out either.
        _expectWrongOperations(false_, "", none, keccak256(new bytes(60)));
        _revealPart(d, "", ALL);
    }

    /* INTERNAL */

    function _withBlobs(address proposer, uint256 count) private returns (Draft memory d) {
        d = _draft(proposer, 100, 0, _everyone());
        _setBlobs(d, count);
        _commit(d);
    }

    function _revealBlobs(Draft memory d, BlobOpening[] memory blobs) private {
        rollup.reveal(_opening(d), keccak256(d.transcript), _order(d), "", blobs);
    }

    function _expectRevealed(Draft memory d) private {
        uint256 eval = _dataEval(d);
        vm.expectEmit(address(rollup));
        emit IRollup.Revealed(d.id, d.proposer, d.terms.roundId(), d.txsRoot, d.txCount, eval, 0, d.blobHashes);
    }

    function _expectWhole(Draft memory d) private view {
        Reveal expected = RevealLibrary.whole(d.txsRoot, d.txCount, _dataEval(d), 0);
        vm.assertEq(Reveal.unwrap(rollup.revealOf(d.id)), Reveal.unwrap(expected), "reveal");
        vm.assertTrue(rollup.head().isRevealed(), "revealed");
    }

    function _expectPart(Draft memory d, uint256 blobs, uint256 known) private {
        _revealPart(d, "", blobs);
        vm.assertEq(_known(d), known, "known");
        vm.assertFalse(rollup.head().isRevealed(), "not revealed");
    }

    function _expectInvalid(Draft memory d, BlobOpening[] memory blobs, uint256 wrong) private {
        vm.expectRevert(
            abi.encodeWithSelector(IBlobVerifier.InvalidEvaluation.selector, blobs[wrong].number, blobs[wrong].y)
        );
        _revealBlobs(d, blobs);
    }

    function _expectWrongBlob(Draft memory d, BlobOpening[] memory blobs, uint256 number, bytes32 found) private {
        bytes32 expected = d.blobHashes[number];
        vm.expectRevert(abi.encodeWithSelector(IBlobVerifier.WrongBlob.selector, number, found, expected));
        _revealBlobs(d, blobs);
    }

    function _expectWrongOperations(
        Draft memory d,
        bytes memory operations_,
        bytes32 found,
        bytes32 committed
    ) private {
        vm.expectRevert(abi.encodeWithSelector(IRollup.WrongOperationsHash.selector, found, committed));
        _revealPart(d, operations_, ALL);
    }

    function _list(bytes32 a) private pure returns (bytes32[] memory list) {
        list = new bytes32[](1);
        list[0] = a;
    }

    function _list(bytes32 a, bytes32 b) private pure returns (bytes32[] memory list) {
        list = new bytes32[](2);
        (list[0], list[1]) = (a, b);
    }

    function _digest(address proposer) private view returns (uint192 digest) {
        digest = rollup.laneOf(proposer, 1).digest();
    }

    function _expectClosed(Draft memory d, uint256 timestamp, uint256 from, uint256 until) private {
        vm.warp(timestamp);
        vm.expectRevert(abi.encodeWithSelector(IRollup.RevealClosed.selector, timestamp, from, until));
        _reveal(d);
    }

    function _expectWrongOpening(
        Draft memory d,
        Opening memory opening,
        bytes32 transcriptHash,
        uint192 committed
    ) private {
        uint192 digest = Proposals.commitDigest(
            opening.terms,
            opening.orderCommitment,
            transcriptHash,
            opening.committedAt
        );
        vm.expectRevert(abi.encodeWithSelector(IRollup.WrongOpening.selector, digest, committed));
        rollup.reveal(opening, transcriptHash, _order(d), "", _blobs(d, ALL));
    }

    function _expectWrongBlobs(Draft memory d, bytes32[] memory blobHashes) private {
        Order memory order = _order(d);
        order.blobHashes = blobHashes;
        _expectWrongOrder(d, order);
    }

    function _expectWrongOrder(Draft memory d, Order memory order) private {
        bytes32 found = this.orderCommitment(d.terms.roundId(), d.proposer, order);
        vm.expectRevert(abi.encodeWithSelector(IRollup.WrongOrder.selector, found, d.order));
        rollup.reveal(_opening(d), keccak256(d.transcript), order, "", _blobs(d, ALL));
    }
}
