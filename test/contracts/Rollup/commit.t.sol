// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRollup} from "../../../contracts/interfaces/IRollup.sol";
import {Proposals} from "../../../contracts/libraries/Proposals.sol";
import {Lane} from "../../../contracts/types/Lane.sol";
import {RoundId, RoundIdLibrary} from "../../../contracts/types/RoundId.sol";
import {Terms, TermsLibrary} from "../../../contracts/types/Terms.sol";
import {Fixture} from "../support/Fixture.sol";
import {bound, skip, vm} from "../support/Vm.sol";

contract CommitTest is Fixture {
    bytes32 private constant ORDER = keccak256("order");

    function test_KeepsADigestAndTellsEverything() public {
        Draft memory d = _draft(ALICE, 100, 5_000, _everyone());
        vm.expectEmit(address(rollup));
        emit IRollup.RoundOpened(RoundIdLibrary.pack(1, 1), 0, vm.getBlockTimestamp(), false);
        vm.expectEmit(address(rollup));
        emit IRollup.Committed(ALICE, d.terms, d.order, vm.getBlockTimestamp(), d.transcript);
        _commit(d);
        Lane lane = rollup.laneOf(ALICE, 1);
        (uint256 deposit, uint192 digest, bool inUse) = (lane.deposit(), lane.digest(), _inUse(ALICE, 1));
        vm.assertEq(deposit, SEAT, "deposit");
        vm.assertEq(digest, Proposals.commitDigest(d.terms, d.order, keccak256(d.transcript), d.committedAt), "digest");
        vm.assertTrue(inUse, "in use");
    }

    /* WINDOW */

    function test_TheWindowIsHalfOpen() public {
        _propose(ALICE, 100, 0, _everyone());
        uint256 end = _round().proposalEnds;
        vm.warp(end - 1);
        _expectTaken(BOB, RoundIdLibrary.pack(1, 1));
        for (uint256 late = 0; late < 2; ++late) {
            vm.warp(end + late);
            _expectWrongRound(RoundIdLibrary.pack(1, 1), RoundIdLibrary.pack(2, 1));
        }
        // Nobody reveals, so the attempt is over as soon as nobody can any more.
        uint256 over = _round().revealEnds;
        vm.warp(over - 1);
        _expectWrongRound(RoundIdLibrary.pack(1, 1), RoundIdLibrary.pack(2, 1));
        vm.warp(over);
        _expectTaken(CAROL, RoundIdLibrary.pack(1, 2));
    }

    function test_RevertsForAnotherRound() public {
        RoundId first = RoundIdLibrary.pack(1, 1);
        _expectWrongRound(RoundIdLibrary.pack(1, 0), first);
        _expectWrongRound(RoundIdLibrary.pack(1, 2), first);
        _expectWrongRound(RoundIdLibrary.pack(2, 1), first);
        _expectWrongRound(RoundIdLibrary.pack(0, 0), first);
        _propose(ALICE, 100, 0, _everyone());
        _expectWrongRound(RoundIdLibrary.pack(1, 2), first);
        _expectWrongRound(RoundIdLibrary.pack(2, 1), first);
        _toEnd();
        _expectWrongRound(first, RoundIdLibrary.pack(1, 2));
        _expectWrongRound(RoundIdLibrary.pack(2, 1), RoundIdLibrary.pack(1, 2));
    }

    /* ARGUMENTS */

    function testFuzz_RevertsForSpareBits(uint8 bit) public {
        Terms terms = Terms.wrap(Terms.unwrap(_terms(1, 1)) | (1 << bound(bit, 168, 255)));
        _expectRefused(terms, abi.encodeWithSelector(IRollup.MalformedTerms.selector, terms));
    }

    function test_RevertsForAParentReference() public {
        Terms terms = TermsLibrary.pack(RoundIdLibrary.pack(1, 1), 0, 100, 1);
        _expectRefused(terms, abi.encodeWithSelector(IRollup.UnknownParent.selector, 1));
    }

    function test_TheShareIsAtMostAll() public {
        Terms terms = TermsLibrary.pack(RoundIdLibrary.pack(1, 1), 10_001, 100, 0);
        _expectRefused(terms, abi.encodeWithSelector(IRollup.ShareOutOfRange.selector, 10_001, 0, 10_000));
        _propose(ALICE, 100, 10_000, _everyone());
    }

    function test_TheBidIsBetweenTheMinimumAndTheDeposit() public {
        Terms terms = TermsLibrary.pack(RoundIdLibrary.pack(1, 1), 0, MIN_BID - 1, 0);
        _expectRefused(terms, abi.encodeWithSelector(IRollup.BidTooLow.selector, MIN_BID - 1, MIN_BID));
        terms = TermsLibrary.pack(RoundIdLibrary.pack(1, 1), 0, SEAT + 1, 0);
        _expectRefused(terms, abi.encodeWithSelector(IRollup.BidAboveDeposit.selector, SEAT + 1, SEAT));
        terms = TermsLibrary.pack(RoundIdLibrary.pack(1, 1), 0, type(uint64).max, 0);
        _expectRefused(terms, abi.encodeWithSelector(IRollup.BidAboveDeposit.selector, type(uint64).max, SEAT));
        _propose(ALICE, SEAT, 0, _everyone());
        _propose(BOB, MIN_BID, 0, _everyone());
    }

    function test_RevertsForAMalformedTranscript() public {
        for (uint256 length = 0; length < 20; ++length) {
            if (length == 14) continue;
            vm.expectRevert(abi.encodeWithSelector(IRollup.MalformedTranscript.selector, length, 14));
            vm.prank(ALICE);
            rollup.commit(_terms(1, 1), ORDER, new bytes(length));
        }
    }

    /* ONCE */

    function test_OncePerRound() public {
        _propose(ALICE, 100, 0, _everyone());
        skip(1);
        bytes memory already = abi.encodeWithSelector(
            IRollup.AlreadyCommitted.selector,
            ALICE,
            RoundIdLibrary.pack(1, 1),
            0
        );
        _expectRefused(_terms(1, 1), already);
        _propose(BOB, 100, 0, _everyone());
        _expectRefused(_terms(1, 1), already);
    }

    function test_OncePerAttemptForAnyNumberOfAttempts() public {
        for (uint256 attempt = 1; attempt <= 5; ++attempt) {
            RoundId roundId = RoundIdLibrary.pack(1, attempt);
            Draft memory d = _draft(ALICE, 100, 0, _everyone());
            vm.expectEmit(address(rollup));
            emit IRollup.RoundOpened(roundId, 0, vm.getBlockTimestamp(), false);
            d = _commit(d);
            vm.assertTrue(d.terms.roundId() == roundId, "attempt");
            vm.assertEq(_round().opens, vm.getBlockTimestamp(), "opens");
            _toEnd();
            skip(attempt * 1_000);
            rollup.settle(_opening(d), keccak256(d.transcript));
        }
    }

    function test_AnOldCommitIsDeadInTheNextAttempt() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        _toEnd();
        _propose(BOB, 100, 0, _everyone());
        _toReveal();
        vm.expectRevert(
            abi.encodeWithSelector(IRollup.WrongRound.selector, RoundIdLibrary.pack(1, 1), RoundIdLibrary.pack(1, 2))
        );
        _reveal(d);
    }

    /* ADVANCING */

    function test_AdvancesWhenTheRoundIsDecided() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        _toReveal();
        _reveal(d);
        _submitFull(d);
        _toEnd();
        Draft memory next = _propose(BOB, 100, 0, _everyone());
        vm.assertEq(rollup.finalProposal(), d.id, "final");
        vm.assertEq(rollup.stateRoot(), d.nextStateRoot, "state");
        vm.assertTrue(_round().roundId == RoundIdLibrary.pack(2, 1), "round");
        _toReveal();
        _reveal(next);
        vm.assertEq(_submitFull(next), 0, "place");
    }

    function _terms(uint256 height, uint256 attempt) private pure returns (Terms) {
        return TermsLibrary.pack(RoundIdLibrary.pack(height, attempt), 0, 100, 0);
    }

    function _expectRefused(Terms terms, bytes memory reason) private {
        bytes memory transcript = _everyone();
        vm.expectRevert(reason);
        vm.prank(ALICE);
        rollup.commit(terms, ORDER, transcript);
    }

    function _expectWrongRound(RoundId roundId, RoundId expected) private {
        _expectRefused(
            TermsLibrary.pack(roundId, 0, 100, 0),
            abi.encodeWithSelector(IRollup.WrongRound.selector, roundId, expected)
        );
    }

    function _expectTaken(address proposer, RoundId roundId) private {
        vm.prank(proposer);
        rollup.commit(TermsLibrary.pack(roundId, 0, 100, 0), ORDER, _everyone());
        bool inUse = _inUse(proposer, roundId.height() & 1);
        vm.assertTrue(inUse, "in use");
    }
}
