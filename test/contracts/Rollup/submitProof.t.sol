// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBridge} from "../../../contracts/interfaces/IBridge.sol";
import {IForestParts} from "../../../contracts/interfaces/IForestParts.sol";
import {IForestVerifier} from "../../../contracts/interfaces/IForestVerifier.sol";
import {Config, IRollup, Submission} from "../../../contracts/interfaces/IRollup.sol";
import {ForestCall} from "../../../contracts/libraries/ForestCall.sol";
import {Proposals} from "../../../contracts/libraries/Proposals.sol";
import {Candidate} from "../../../contracts/types/Candidate.sol";
import {Reveal, RevealLibrary} from "../../../contracts/types/Reveal.sol";
import {RoundIdLibrary} from "../../../contracts/types/RoundId.sol";
import {Fixture} from "../support/Fixture.sol";
import {vm} from "../support/Vm.sol";

/// @dev Weights: root 5, inner 2 x 3, bases 4 x 2; all together 19.
contract SubmitProofTest is Fixture {
    uint256 private constant ALL = 0x7f;

    function test_StoresTheCandidate() public {
        Draft memory d = _draft(ALICE, 100, 4_000, _transcript(1, 2, 2, 0, 3, 3, 3));
        d.fees = 3 ether;
        _commit(d);
        _toReveal();
        _reveal(d);
        // Slots 0 and 4 are fulfilled, 1 only voted, 2 only delivered.
        Submission memory s = _submission(d, (1 << 0) | (1 << 1) | (1 << 4), (1 << 0) | (1 << 2) | (1 << 4));
        vm.expectEmit(address(rollup));
        emit IRollup.CandidateProven(
            d.id,
            RoundIdLibrary.pack(1, 1),
            0,
            8 * 100 ** 2,
            2,
            0,
            7,
            d.nextStateRoot,
            3 ether,
            s.flags
        );
        vm.prank(DAVE);
        (uint256 id, uint256 place) = rollup.submitProof(s);

        vm.assertEq(id, d.id, "proposalId");
        vm.assertEq(place, 0, "place");
        Candidate memory c = rollup.candidateOf(d.id);
        vm.assertEq(c.offer.proposer(), ALICE, "proposer");
        vm.assertEq(c.offer.burnBid(), 100, "burnBid");
        vm.assertEq(c.offer.proverShareBps(), 4_000, "share");
        vm.assertEq(c.standing.committedAt(), d.committedAt, "committedAt");
        vm.assertEq(c.standing.provers(), 2, "provers");
        vm.assertEq(c.standing.score(), 80_000, "score");
        vm.assertEq(c.payout.fulfilledWeight(), 7, "fulfilled");
        vm.assertEq(c.payout.fees(), 3 ether, "fees");
        vm.assertEq(c.offer.l1OpCount(), 0, "operations");
        vm.assertEq(c.withdrawalsRoot, _withdrawalsRoot(d), "exits");
        vm.assertFalse(c.payout.isPaid() || c.payout.isFinal(), "neither paid nor final");
        vm.assertEq(c.payout.proverUnit(), 0, "not paid yet");
        vm.assertEq(c.nextStateRoot, d.nextStateRoot, "state");
        vm.assertEq(c.contentsHash, _contentsHash(s.contents), "contents");
        vm.assertEq(c.transcriptHash, keccak256(d.transcript), "transcript");
        vm.assertEq(rollup.flagsOf(d.id), s.flags, "flags");
        vm.assertEq(rollup.stateRoot(), GENESIS_ROOT, "the state has not moved");
    }

    /* WINDOW */

    function test_TheWindowIsHalfOpen() public {
        Draft memory alice = _propose(ALICE, 100, 0, _everyone());
        Draft memory bob = _propose(BOB, 100, 0, _everyone());
        Draft memory carol = _propose(CAROL, 100, 0, _everyone());
        uint256 from = _round().proposalEnds;
        (uint256 provingEnds, uint256 until) = (_round().provingEnds, _round().acceptanceEnds);
        _expectClosed(alice, from - 1, from, provingEnds);
        vm.warp(from);
        _reveal(alice);
        _reveal(bob);
        _reveal(carol);
        _submitFull(alice);
        vm.warp(provingEnds - 1);
        _submit(bob, ALL, 1);
        _expectClosed(carol, provingEnds, from, provingEnds);
        vm.warp(until - 1);
        _submitFull(bob);
        // The height is decided: the submission would be the first action of the next round.
        vm.warp(until);
        Submission memory late = _submission(alice, ALL, ALL);
        vm.expectRevert(
            abi.encodeWithSelector(IRollup.WrongRound.selector, RoundIdLibrary.pack(1, 1), RoundIdLibrary.pack(2, 1))
        );
        rollup.submitProof(late);
    }

    function test_TheWindowOfAnUnprovenRoundIsHalfOpen() public {
        Draft memory alice = _ready(_everyone());
        uint256 from = _round().proposalEnds;
        uint256 until = _round().provingEnds;
        _expectClosed(alice, until, from, until);
        _expectClosed(alice, until + 1, from, until);
        vm.warp(until - 1);
        _submitFull(alice);
    }

    function test_RevertsBeforeTheReveal() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        _toReveal();
        Submission memory s = _submission(d, ALL, ALL);
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotRevealed.selector, d.id));
        rollup.submitProof(s);
    }

    function test_RevertsForAnotherRound() public {
        Draft memory d = _ready(_everyone());
        Submission memory s = _submission(d, ALL, ALL);
        _toEnd();
        _propose(BOB, 100, 0, _everyone());
        _toReveal();
        vm.expectRevert(
            abi.encodeWithSelector(IRollup.WrongRound.selector, RoundIdLibrary.pack(1, 1), RoundIdLibrary.pack(1, 2))
        );
        rollup.submitProof(s);
    }

    /* STATEMENT */

    /// @dev The stub accepts one statement only, so whatever the rollup takes from elsewhere than the fixture shows
    /// here.
    function test_RevertsForAnyOtherStatement() public {
        Draft memory d = _ready(_everyone());
        bytes memory invalid = abi.encodeWithSelector(IRollup.InvalidForest.selector, d.id);
        for (uint256 i = 0; i < 6; ++i) {
            Submission memory s = _submission(d, ALL, ALL);
            if (i == 0) ++s.nextStateRoot;
            if (i == 1) s.fees = 1;
            if (i == 2) s.withdrawalsRoot = 1;
            if (i == 3) ++s.proversRoot;
            if (i == 4) s.flags[0] ^= 1;
            if (i == 5) ++s.rootCommitment;
            vm.expectRevert(invalid);
            rollup.submitProof(s);
        }
        rollup.submitProof(_submission(d, ALL, ALL));
    }

    /// @dev Where nothing remembers parts, none can be named.
    function test_RevertsForCutsWithoutParts() public {
        Draft memory d = _ready(_everyone());
        Submission memory s = _submission(d, ALL, ALL);
        s.cuts = new uint256[](1);
        vm.expectRevert(abi.encodeWithSelector(IRollup.NoParts.selector));
        rollup.submitProof(s);
    }

    function test_RevertsForAnythingButTheReveal() public {
        Draft memory d = _ready(_everyone());
        Submission memory s = _submission(d, ALL, ALL);
        ++s.txsRoot;
        _expectWrongReveal(s, d.id);
        --s.txsRoot;
        ++s.txCount;
        _expectWrongReveal(s, d.id);
        // Beyond what the reveal's word has bits for.
        s.txCount += (1 << 32) - 1;
        _expectWrongReveal(s, d.id);
        s.txCount -= 1 << 32;
        ++s.dataEval;
        _expectWrongReveal(s, d.id);
        --s.dataEval;
        ++s.l1OpCount;
        _expectWrongReveal(s, d.id);
        --s.l1OpCount;
        rollup.submitProof(s);
    }

    function _expectWrongReveal(Submission memory s, uint256 id) private {
        Reveal claimed = RevealLibrary.whole(s.txsRoot, s.txCount, s.dataEval, s.l1OpCount);
        vm.expectRevert(abi.encodeWithSelector(IRollup.WrongReveal.selector, claimed, rollup.revealOf(id)));
        rollup.submitProof(s);
    }

    function test_RevertsForAnotherTranscript() public {
        Draft memory d = _ready(_everyone());
        Submission memory s = _submission(d, ALL, ALL);
        s.transcript = _transcript(1, 2, 3, 4, 5, 7, 6);
        uint192 committed = rollup.laneOf(ALICE, 1).digest();
        uint192 digest = Proposals.commitDigest(d.terms, d.order, keccak256(s.transcript), d.committedAt);
        vm.expectRevert(abi.encodeWithSelector(IRollup.WrongOpening.selector, digest, committed));
        rollup.submitProof(s);
    }

    function test_FeesAreBacked() public {
        Draft memory d = _draft(ALICE, 100, 0, _everyone());
        d.fees = GENESIS_SUPPLY + 1;
        _commit(d);
        _toReveal();
        _reveal(d);
        Submission memory s = _submission(d, ALL, ALL);
        vm.expectRevert(abi.encodeWithSelector(IBridge.AboveBacking.selector, GENESIS_SUPPLY + 1, GENESIS_SUPPLY));
        rollup.submitProof(s);
        d.fees = GENESIS_SUPPLY;
        vm.assertEq(_submit(d, ALL, ALL), 0, "place");
    }

    /* FLAGS */

    function test_RevertsForMalformedFlags() public {
        Draft memory d = _ready(_everyone());
        uint256[4] memory bits = [uint256(7), 64 + 7, 128, 192];
        for (uint256 i = 0; i < bits.length; ++i) {
            uint256[] memory flags = new uint256[](1);
            flags[0] = 1 << bits[i];
            Submission memory s = _submission(d, flags);
            vm.expectRevert(abi.encodeWithSelector(IForestVerifier.UnusedFlags.selector, 0, flags[0]));
            rollup.submitProof(s);
        }
        for (uint256 words = 0; words < 3; ++words) {
            if (words == 1) continue;
            Submission memory s = _submission(d, new uint256[](words));
            vm.expectRevert(abi.encodeWithSelector(IForestVerifier.InvalidLength.selector, "flags", 1, words));
            rollup.submitProof(s);
        }
    }

    function test_RevertsForFlagsWithoutAKey() public {
        // Slot 2 unassigned, slot 3 unknown.
        Draft memory d = _ready(_transcript(1, 2, 0, 99, 5, 6, 7));
        _expectNoKey(d, 1 << 2, 0, 2);
        _expectNoKey(d, 0, 1 << 2, 2);
        _expectNoKey(d, 1 << 3, 1 << 3, 3);
        _submit(d, ALL & ~uint256(0xc), ALL & ~uint256(0xc));
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 5, "provers");
    }

    /* PROVERS */

    function test_OneProverCountsOnce() public {
        Draft memory d = _ready(_transcript(2, 2, 2, 2, 2, 2, 2));
        _submitFull(d);
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 1, "provers");
        vm.assertEq(rollup.candidateOf(d.id).payout.fulfilledWeight(), 19, "weight");
    }

    function test_WithoutAnyProverTheScoreIsZero() public {
        Draft memory d = _ready(_everyone());
        vm.assertEq(_submit(d, 0, ALL), 0, "place");
        vm.assertEq(rollup.candidateOf(d.id).standing.score(), 0, "score");
        vm.assertEq(rollup.ranking().length, 1, "ranked");
    }

    function test_EligibilityIsFixedBeforeTheRoundOpens() public {
        vm.prank(_owner(1));
        registry.requestExit(1);
        _register(8);
        // The round opens in this very second: 1 is still in, 8 not yet.
        Draft memory d = _propose(ALICE, 100, 0, _transcript(1, 8, 2, 3, 4, 5, 6));
        vm.prank(_owner(2));
        registry.requestExit(2);
        _toReveal();
        vm.prank(_owner(3));
        registry.requestExit(3);
        _reveal(d);
        _expectNoKey(d, 1 << 1, 0, 1);
        _submit(d, ALL & ~uint256(2), ALL & ~uint256(2));
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 6, "provers");
        _toEnd();

        // The next height opens after all that.
        rollup.advance();
        d = _ready(_transcript(1, 8, 2, 3, 4, 5, 6));
        _expectNoKey(d, 1 << 0, 0, 0);
        _expectNoKey(d, 1 << 2, 0, 2);
        _expectNoKey(d, 1 << 3, 0, 3);
        _submit(d, 1 << 1, 1 << 1);
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 1, "provers");
    }

    /* RESUBMISSION */

    function test_ResubmissionsUniteVotesAndDeliveries() public {
        Draft memory d = _ready(_everyone());
        _submit(d, 0x07, 0x01);
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 1, "first");
        // Slot 1 was voted then and is delivered now; slot 3 is new; slot 0 is in neither mask and stays.
        _submit(d, 0x08, 0x0a);
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 3, "second");
        vm.assertEq(rollup.candidateOf(d.id).payout.fulfilledWeight(), 5 + 3 + 2, "weight");
        vm.assertEq(rollup.candidateOf(d.id).standing.score(), 27 * 100 ** 2, "score");
        vm.assertEq(rollup.flagsOf(d.id)[0], (0x0b << 64) | 0x0f, "flags");
        vm.assertEq(rollup.ranking().length, 1, "ranked once");
    }

    /// @dev From then on a later forest adds deliveries alone.
    function test_VotesOfALaterForestComeBeforeTheLastQuarter() public {
        Draft memory d = _ready(_everyone());
        _submit(d, 0x01, 0x01);
        uint256 until = _round().provingEnds;
        vm.warp(until - 1);
        _submit(d, 0x02, 0);
        vm.assertEq(rollup.flagsOf(d.id)[0], (0x01 << 64) | 0x03, "a vote");
        vm.warp(until);
        _submit(d, 0x04, 0x06);
        vm.assertEq(rollup.flagsOf(d.id)[0], (0x07 << 64) | 0x03, "deliveries");
    }

    function test_RevertsWithoutImprovement() public {
        Draft memory d = _ready(_everyone());
        _submit(d, 0x07, 0x07);
        bytes memory same = abi.encodeWithSelector(IRollup.NoImprovement.selector, 3, 11);
        uint256[3] memory masks = [uint256(0x07), 0x03, 0];
        for (uint256 i = 0; i < masks.length; ++i) {
            Submission memory s = _submission(d, masks[i], masks[i]);
            vm.expectRevert(same);
            rollup.submitProof(s);
        }
        vm.assertEq(rollup.flagsOf(d.id)[0], (0x07 << 64) | 0x07, "nothing was kept");
    }

    function test_VotesAndDeliveriesMayComeOneAfterTheOther() public {
        Draft memory d = _ready(_everyone());
        _submit(d, 0x07, 0x07);
        _submit(d, ALL, 0x07);
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 3, "a vote alone fulfils nothing");
        _submit(d, 0, ALL);
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 7, "provers");
    }

    function test_MoreWeightOfTheSameProverIsAnImprovement() public {
        Draft memory d = _ready(_transcript(1, 1, 1, 1, 1, 1, 1));
        _submit(d, 1 << 3, 1 << 3);
        _submit(d, 1 << 0, 1 << 0);
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 1, "provers");
        vm.assertEq(rollup.candidateOf(d.id).payout.fulfilledWeight(), 7, "weight");
    }

    function test_RevertsForOtherContents() public {
        Draft memory d = _ready(_everyone());
        _submit(d, 1, 1);
        Submission memory s = _submission(d, ALL, ALL);
        bytes32 proven = _contentsHash(s.contents);
        ++s.contents[3];
        vm.expectRevert(abi.encodeWithSelector(IRollup.WrongContents.selector, _contentsHash(s.contents), proven));
        rollup.submitProof(s);
    }

    /// @dev Whatever is submitted in whatever order, what was once proven stays.
    function testFuzz_NothingIsEverLowered(uint256 seed) public {
        Draft memory d = _ready(_transcript(1, 2, 3, 1, 2, 4, 4));
        uint256 flags;
        uint256 weight;
        uint256 provers;
        for (uint256 i = 0; i < 6; ++i) {
            uint256 voted = uint256(keccak256(abi.encode(seed, i, "voted"))) & ALL;
            uint256 delivered = uint256(keccak256(abi.encode(seed, i, "delivered"))) & ALL;
            Submission memory s = _submission(d, voted, delivered);
            try rollup.submitProof(s) {
                flags |= (delivered << 64) | voted;
            } catch (bytes memory reason) {
                vm.assertEq(bytes32(bytes4(reason)), bytes32(IRollup.NoImprovement.selector), "refused");
            }
            vm.assertEq(rollup.flagsOf(d.id)[0], flags, "flags");
            Candidate memory c = rollup.candidateOf(d.id);
            vm.assertTrue(c.payout.fulfilledWeight() >= weight && c.standing.provers() >= provers, "lowered");
            (weight, provers) = (c.payout.fulfilledWeight(), c.standing.provers());
            vm.assertEq(weight, _plainWeight(flags & (flags >> 64)), "weight");
        }
    }

    function _plainWeight(uint256 fulfilled) private pure returns (uint256 weight) {
        uint8[7] memory weights = [5, 3, 3, 2, 2, 2, 2];
        for (uint256 slot = 0; slot < 7; ++slot) {
            if ((fulfilled >> slot) & 1 == 1) weight += weights[slot];
        }
    }

    function _ready(bytes memory transcript) private returns (Draft memory d) {
        d = _propose(ALICE, 100, 0, transcript);
        _toReveal();
        _reveal(d);
    }

    function _expectClosed(Draft memory d, uint256 timestamp, uint256 from, uint256 until) private {
        vm.warp(timestamp);
        Submission memory s = _submission(d, ALL, ALL);
        vm.expectRevert(abi.encodeWithSelector(IRollup.SubmitClosed.selector, timestamp, from, until));
        rollup.submitProof(s);
    }

    function _expectNoKey(Draft memory d, uint256 voted, uint256 delivered, uint256 slot) private {
        Submission memory s = _submission(d, voted, delivered);
        vm.expectRevert(abi.encodeWithSelector(IForestVerifier.FlagWithoutKey.selector, slot));
        rollup.submitProof(s);
    }
}

/// @dev Remembers that every part was shown.
contract EveryPart {
    IForestVerifier public immutable verifier;

    constructor(IForestVerifier verifier_) {
        verifier = verifier_;
    }

    /// @dev `verifyParts`, whatever its arguments. It takes no ether.
    // solhint-disable-next-line payable-fallback
    fallback(bytes calldata) external returns (bytes memory) {
        return abi.encode(true);
    }
}

contract SubmitInPartsTest is Fixture {
    function _config() internal override returns (Config memory c) {
        c = super._config();
        c.parts = IForestParts(address(new EveryPart(verifier)));
    }

    /// @dev Proofs that nobody would look at are refused.
    function test_EitherCutsOrProofs() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        _toReveal();
        _reveal(d);
        Submission memory s = _submission(d, 0x7f, 0x7f);
        s.cuts = new uint256[](2);
        vm.expectRevert(abi.encodeWithSelector(ForestCall.ProofsAndCuts.selector, s.proofs.length, 2));
        rollup.submitProof(s);
        s.proofs = new bytes(1);
        vm.expectRevert(abi.encodeWithSelector(ForestCall.ProofsAndCuts.selector, 1, 2));
        rollup.submitProof(s);
        s.proofs = "";
        (uint256 id, ) = rollup.submitProof(s);
        vm.assertEq(id, d.id, "taken");
    }
}

contract SubmitLargeProofTest is Fixture {
    function _levels() internal pure override returns (uint256) {
        return 6;
    }

    function _weights() internal pure override returns (uint256) {
        return 0x0007000600050004000300020001;
    }

    function test_FlagsSpanWords() public {
        bytes memory transcript;
        for (uint256 slot = 0; slot < 127; ++slot) {
            transcript = abi.encodePacked(transcript, uint16((slot % 7) + 1));
        }
        Draft memory d = _propose(ALICE, 100, 0, transcript);
        _toReveal();
        _reveal(d);
        uint256[] memory flags = new uint256[](2);
        flags[0] = (1 << (64 + 63)) | (1 << 63) | (1 << 64) | 1;
        flags[1] = (1 << (64 + 62)) | (1 << 62);
        rollup.submitProof(_submission(d, flags));
        vm.assertEq(rollup.flagsOf(d.id), flags, "flags");
        // Slots 0, 63 and 126: provers 1, 1 and 1; weights 1, 7 and 7.
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 1, "provers");
        vm.assertEq(rollup.candidateOf(d.id).payout.fulfilledWeight(), 15, "weight");

        flags[0] = 1 << 63;
        flags[1] = 1 << 63;
        Submission memory s = _submission(d, flags);
        vm.expectRevert(abi.encodeWithSelector(IForestVerifier.UnusedFlags.selector, 1, flags[1]));
        rollup.submitProof(s);
    }
}
