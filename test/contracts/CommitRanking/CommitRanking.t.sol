// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICommitRanking, Ranked} from "../../../contracts/interfaces/ICommitRanking.sol";
import {IRollup, Opening} from "../../../contracts/interfaces/IRollup.sol";
import {IScorePolicy} from "../../../contracts/interfaces/IScorePolicy.sol";
import {Proposals} from "../../../contracts/libraries/Proposals.sol";
import {SizeRule} from "../../../contracts/types/SizeRule.sol";
import {Terms, TermsLibrary} from "../../../contracts/types/Terms.sol";
import {Fixture} from "../support/Fixture.sol";
import {create} from "../support/create.sol";
import {bound, skip, vm} from "../support/Vm.sol";

abstract contract RankingFixture is Fixture {
    ICommitRanking internal lens;

    function setUp() public override {
        super.setUp();
        lens = ICommitRanking(create("CommitRanking", abi.encode(roundView)));
    }

    function _list(Draft memory a) internal pure returns (Draft[] memory drafts) {
        drafts = new Draft[](1);
        drafts[0] = a;
    }

    function _list(Draft memory a, Draft memory b) internal pure returns (Draft[] memory drafts) {
        drafts = new Draft[](2);
        (drafts[0], drafts[1]) = (a, b);
    }

    function _list(Draft memory a, Draft memory b, Draft memory c) internal pure returns (Draft[] memory drafts) {
        drafts = new Draft[](3);
        (drafts[0], drafts[1], drafts[2]) = (a, b, c);
    }

    function _list(
        Draft memory a,
        Draft memory b,
        Draft memory c,
        Draft memory d
    ) internal pure returns (Draft[] memory drafts) {
        drafts = new Draft[](4);
        (drafts[0], drafts[1], drafts[2], drafts[3]) = (a, b, c, d);
    }

    function _rank(Draft[] memory drafts) internal view returns (Ranked[] memory) {
        Opening[] memory openings = new Opening[](drafts.length);
        bytes[] memory transcripts = new bytes[](drafts.length);
        for (uint256 i = 0; i < drafts.length; ++i) {
            (openings[i], transcripts[i]) = (_opening(drafts[i]), drafts[i].transcript);
        }
        return lens.rank(rollup, openings, transcripts);
    }

    /// @param order of the drafts, as positions: 0x0201 is 1, then 2
    function _assertRanked(Draft[] memory drafts, uint256 count, uint256 order) internal view {
        Ranked[] memory ranked = _rank(drafts);
        vm.assertEq(ranked.length, count, "count");
        for (uint256 place = 0; place < count; ++place) {
            uint256 position = uint8(order >> (8 * place));
            vm.assertEq(ranked[place].position, position, "position");
            vm.assertEq(ranked[place].proposalId, drafts[position].id, "proposalId");
        }
    }
}

contract CommitRankingTest is RankingFixture {
    /* THE OPEN ROUND */

    function testFuzz_RanksAsTheRollupDoesOnceAllIsProven(
        uint256[3] memory bids,
        uint256[3] memory provers,
        bool later
    ) public {
        Draft[] memory drafts = new Draft[](3);
        address[3] memory proposers = [ALICE, BOB, CAROL];
        for (uint256 i = 0; i < 3; ++i) {
            bytes memory transcript;
            for (uint256 slot = 0; slot < 7; ++slot) {
                transcript = abi.encodePacked(transcript, uint16((provers[i] >> (8 * slot)) % 8));
            }
            drafts[i] = _propose(proposers[i], bound(bids[i], MIN_BID, MIN_BID + 3), 0, transcript);
            if (later) skip(1);
        }
        Ranked[] memory ranked = _rank(drafts);
        _toReveal();
        for (uint256 i = 0; i < 3; ++i) {
            _reveal(drafts[i]);
        }
        for (uint256 i = 0; i < 3; ++i) {
            _submitFull(drafts[i]);
        }
        uint256[] memory proven = rollup.ranking();
        vm.assertEq(ranked.length, proven.length, "count");
        for (uint256 place = 0; place < 3; ++place) {
            vm.assertEq(ranked[place].proposalId, proven[place], "proposalId");
            vm.assertEq(drafts[ranked[place].position].id, proven[place], "position");
            vm.assertEq(ranked[place].score, rollup.candidateOf(proven[place]).standing.score(), "score");
            vm.assertEq(ranked[place].provers, rollup.candidateOf(proven[place]).standing.provers(), "provers");
        }
    }

    function test_TiesGoToTheEarlierCommitThenToTheSmallerId() public {
        Draft memory a = _propose(ALICE, 100, 0, _everyone());
        Draft memory b = _propose(BOB, 100, 0, _everyone());
        skip(1);
        Draft memory c = _propose(CAROL, 100, 0, _everyone());
        Draft memory better = _propose(DAVE, 101, 0, _everyone());
        _assertRanked(_list(c, a, b, better), 4, a.id < b.id ? 0x00020103 : 0x00010203);
    }

    function test_ProversCountOnceAndOnlyWhoWasEligible() public {
        vm.prank(_owner(7));
        registry.requestExit(7);
        skip(1);
        Draft memory a = _propose(ALICE, 100, 0, _transcript(1, 1, 2, 7, 8, 0, 99));
        _register(8);
        Ranked[] memory ranked = _rank(_list(a));
        vm.assertEq(ranked[0].provers, 2, "provers");
        vm.assertEq(ranked[0].score, 2 ** 3 * 100 ** 2, "score");
    }

    function test_WhatIsNotRevealedInTimeIsLeftOut() public {
        Draft memory a = _propose(ALICE, 100, 0, _everyone());
        Draft memory b = _propose(BOB, 200, 0, _everyone());
        _toReveal();
        _reveal(a);
        vm.warp(_round().revealEnds - 1);
        _assertRanked(_list(a, b), 2, 0x0001);
        skip(1);
        _assertRanked(_list(a, b), 1, 0x00);
    }

    /* THE NEXT HEIGHT */

    function test_TheNextHeightFollowsTheOpenRound() public {
        Draft memory a = _propose(ALICE, 100, 0, _everyone());
        Draft memory b = _propose(BOB, 200, 0, _everyone());
        _toReveal();
        _reveal(a);
        _reveal(b);
        Draft memory onA = _commit(_child(CAROL, 900, a, ALICE));
        Draft memory onB = _branch(_child(CAROL, 300, b, BOB), onA);
        _assertRanked(_list(onB, onA, a, b), 4, 0x00010203);
        _toProving();
        _assertRanked(_list(a, onA, onB, b), 4, 0x02010003);
    }

    function test_EligibilityForTheNextHeightIsThatOfItsOpening() public {
        Draft memory a = _propose(ALICE, 100, 0, _transcript(1, 8, 9, 0, 0, 0, 0));
        // In the last second that counts, and in the first that does not.
        vm.warp(_round().proposalEnds - 1);
        _register(8);
        _toReveal();
        _register(9);
        _reveal(a);
        Draft memory next = _child(BOB, 100, a, ALICE);
        next.transcript = a.transcript;
        next = _commit(next);
        skip(1);
        Ranked[] memory ranked = _rank(_list(a, next));
        vm.assertEq(ranked[0].provers, 1, "the open round");
        vm.assertEq(ranked[1].provers, 2, "the next height");

        _submit(a, 1, 1);
        _toEnd();
        ranked = _rank(_list(next));
        vm.assertEq(ranked[0].provers, 2, "as it turns out");
    }

    function test_WithoutALivingParentItIsLeftOut() public {
        Draft memory a = _propose(ALICE, 100, 0, _everyone());
        Draft memory b = _propose(BOB, 200, 0, _everyone());
        _toReveal();
        _reveal(a);
        Draft memory onB = _commit(_child(CAROL, 300, b, BOB));
        Draft memory onNobody = _commit(_draftOn(DAVE, 400, 0, _everyone(), 0, 999));
        _assertRanked(_list(a, b, onB, onNobody), 3, 0x020001);
        _assertRanked(_list(a, onB), 1, 0x00);
        _toProving();
        _assertRanked(_list(a, b, onB, onNobody), 1, 0x00);
    }

    function test_ACommitOfTheSameHeightIsNoParent() public {
        Draft memory a = _propose(ALICE, 100, 0, _everyone());
        _toReveal();
        _reveal(a);
        Draft memory onA = _commit(_child(BOB, 100, a, ALICE));
        Draft memory onB = _commit(_child(CAROL, 200, onA, BOB));
        _assertRanked(_list(a, onA, onB), 2, 0x0100);
        _assertRanked(_list(onA, onB, a), 2, 0x0002);
    }

    function test_TheNextHeightIsTheOpenRoundOnceItsParentIsDecided() public {
        Draft memory a = _propose(ALICE, 100, 0, _everyone());
        Draft memory b = _propose(BOB, 200, 0, _everyone());
        _toReveal();
        _reveal(a);
        _reveal(b);
        Draft memory onA = _commit(_child(CAROL, 900, a, ALICE));
        Draft memory onB = _commit(_child(DAVE, 300, b, BOB));
        _submitFull(a);
        _submitFull(b);
        _toEnd();
        _assertRanked(_list(a, b, onA, onB), 1, 0x03);
        rollup.advance();
        _assertRanked(_list(a, b, onA, onB), 1, 0x03);

        // And the height after it is the next one.
        _reveal(onB);
        Draft memory third = _commit(_child(ALICE, 100, onB, DAVE));
        _assertRanked(_list(third, onB), 2, 0x0001);
    }

    /* DEAD COMMITS */

    function test_NothingIsLeftAfterTheLastWindow() public {
        Draft memory a = _proven(ALICE, 100);
        vm.warp(_round().acceptanceEnds - 1);
        _assertRanked(_list(a), 1, 0x00);
        skip(1);
        _assertRanked(_list(a), 0, 0);
        rollup.advance();
        _assertRanked(_list(a), 0, 0);

        Draft memory b = _propose(BOB, 100, 0, _everyone());
        _assertRanked(_list(a, b), 1, 0x01);
        _toReveal();
        _reveal(b);
        _toEnd();
        _assertRanked(_list(b), 0, 0);
    }

    /// @dev One whose round nobody revealed in, or nobody proved in, may be settled before the next attempt begins.
    function test_SettledCommitsOfARoundThatIsOverAreLeftOut() public {
        Draft memory a = _propose(ALICE, 100, 0, _everyone());
        Draft memory b = _propose(BOB, 200, 0, _everyone());
        vm.warp(_round().revealEnds);
        _settle(a);
        _assertRanked(_list(a, b), 0, 0);
        Draft memory c = _propose(CAROL, 100, 0, _everyone());
        Draft memory d = _propose(DAVE, 100, 0, _everyone());
        _toReveal();
        _reveal(c);
        vm.warp(_round().provingEnds - 1);
        _assertRanked(_list(c, d), 1, 0);
        skip(1);
        _settle(c);
        _assertRanked(_list(c, d), 0, 0);
    }

    function test_CommitsOfAFailedAttemptAreLeftOut() public {
        Draft memory a = _propose(ALICE, 100, 0, _everyone());
        _toReveal();
        _reveal(a);
        Draft memory dead = _commit(_child(BOB, 100, a, ALICE));
        _toEnd();
        Draft memory again = _propose(CAROL, 100, 0, _everyone());
        _assertRanked(_list(a, dead, again), 1, 0x02);

        // The dead one has the round id and the parent's seat of a live one, and its lane still has its digest.
        _settle(a);
        _toReveal();
        _reveal(again);
        _submitFull(again);
        _toEnd();
        rollup.advance();
        Draft memory fresh = _propose(ALICE, 100, 0, _everyone());
        vm.assertTrue(fresh.terms.roundId() == dead.terms.roundId(), "the same round id");
        _assertRanked(_list(dead, fresh), 1, 0x01);
    }

    function test_APipelinedCommitOfAFailedAttemptIsLeftOut() public {
        Draft memory a = _propose(ALICE, 100, 0, _everyone());
        _toReveal();
        _reveal(a);
        Draft memory dead = _commit(_child(BOB, 100, a, ALICE));
        _toEnd();
        _settle(a);
        Draft memory again = _proven(ALICE, 100);
        Draft memory next = _commit(_child(CAROL, 50, again, ALICE));
        vm.assertTrue(dead.terms.parentRef() == next.terms.parentRef(), "the same parent's seat");
        _assertRanked(_list(dead, again, next), 2, 0x0201);
        _toEnd();
        _assertRanked(_list(dead, again, next), 1, 0x02);
    }

    /* ERRORS */

    function test_RevertsForAnOpeningThatWasNotCommitted() public {
        Draft memory a = _propose(ALICE, 100, 0, _everyone());
        _propose(BOB, 100, 0, _everyone());
        this.rank(a);
        a.proposer = BOB;
        _expectWrong(a);
        a.proposer = ALICE;
        Terms terms = a.terms;
        a.terms = TermsLibrary.pack(terms.roundId(), 0, 101, 0);
        _expectWrong(a);
        a.terms = TermsLibrary.pack(terms.roundId(), 1, 100, 0);
        _expectWrong(a);
        a.terms = terms;
        a.order = keccak256("other");
        Draft memory other = _draft(ALICE, 100, 0, _everyone());
        other.committedAt = a.committedAt;
        _expectWrong(other);
        _expectWrong(a);
    }

    function test_SaysWhatWasCommitted() public {
        Draft memory a = _propose(ALICE, 100, 0, _everyone());
        uint192 committed = rollup.laneOf(ALICE, 1).digest();
        uint256 time = ++a.committedAt;
        uint192 digest = Proposals.commitDigest(a.terms, a.order, keccak256(a.transcript), time);
        vm.expectRevert(abi.encodeWithSelector(IRollup.WrongOpening.selector, digest, committed));
        this.rank(a);
    }

    function test_RevertsForAnotherTimeOrTranscript() public {
        Draft memory a = _propose(ALICE, 100, 0, _everyone());
        ++a.committedAt;
        _expectWrong(a);
        --a.committedAt;
        a.transcript = _transcript(1, 2, 3, 4, 5, 6, 1);
        _expectWrong(a);
        a.transcript = _everyone();
        this.rank(a);
    }

    function test_RevertsForAPipelinedOpeningThatWasNotCommitted() public {
        Draft memory a = _propose(ALICE, 100, 0, _everyone());
        _toReveal();
        _reveal(a);
        Draft memory next = _child(BOB, 100, a, ALICE);
        next.committedAt = vm.getBlockTimestamp();
        vm.expectPartialRevert(IRollup.WrongOpening.selector);
        this.rank(a, next);
        _commit(next);
        this.rank(a, next);
    }

    function test_RevertsForListsOfDifferentLengths() public {
        vm.expectRevert(abi.encodeWithSelector(ICommitRanking.LengthMismatch.selector, 1, 2));
        lens.rank(rollup, new Opening[](1), new bytes[](2));
    }

    /* SUPPORT */

    function rank(Draft memory a) external view {
        _rank(_list(a));
    }

    function rank(Draft memory a, Draft memory b) external view {
        _rank(_list(a, b));
    }

    function _expectWrong(Draft memory a) private {
        vm.expectPartialRevert(IRollup.WrongOpening.selector);
        this.rank(a);
    }

    function _settle(Draft memory d) private {
        rollup.settle(_opening(d), keccak256(d.transcript));
    }
}

contract SizedCommitRankingTest is RankingFixture {
    /// @dev One factor: the bit length of `transactions + 1`.
    function _policy() internal override returns (IScorePolicy) {
        return IScorePolicy(create("PlainScore", abi.encode(SizeRule.wrap((1 << 41) | (3 << 8) | 1))));
    }

    function test_TransfersCountAsSoonAsTheyAreRevealed() public {
        Draft memory a = _propose(ALICE, 100, 0, _everyone());
        vm.assertEq(_rank(_list(a))[0].score, 7 ** 3 * 100 ** 2, "none");
        _toReveal();
        _reveal(a);
        vm.assertEq(_rank(_list(a))[0].score, 3 * 7 ** 3 * 100 ** 2, "six");
        _submit(a, 1, 1);
        vm.assertEq(_rank(_list(a))[0].score, 3 * 7 ** 3 * 100 ** 2, "still six");
        vm.assertEq(rollup.candidateOf(a.id).standing.score(), 3 * 100 ** 2, "proven");
    }

    /// @dev The larger block wins, and the ranking says so before anything is proven.
    function test_RanksByTheSizeThatTheContestCounts() public {
        Draft memory small = _propose(ALICE, 101, 0, _everyone());
        Draft memory large = _draft(BOB, 100, 0, _everyone());
        large.txCount = 7;
        _fix(large, _order(large));
        _commit(large);
        _assertRanked(_list(small, large), 2, 0x0100);
        _toReveal();
        _reveal(small);
        _reveal(large);
        _assertRanked(_list(small, large), 2, 0x0001);
        _submitFull(small);
        _submitFull(large);
        uint256[] memory proven = rollup.ranking();
        vm.assertTrue(proven[0] == large.id && proven[1] == small.id, "the same");
    }
}

contract DynamicCommitRankingTest is RankingFixture {
    function _policy() internal override returns (IScorePolicy) {
        return IScorePolicy(create("DynamicScore", abi.encode(SizeRule.wrap(0), 7, 4, 4096, 6 * 4096, 3 * 4096)));
    }

    function test_TheExponentIsTheOneThatAFullyProvenParentLeaves() public {
        Draft memory a = _propose(ALICE, 100, 0, _transcript(1, 2, 0, 0, 0, 0, 0));
        _toReveal();
        _reveal(a);
        Draft memory b = _commit(_child(BOB, 100, a, ALICE));
        Ranked[] memory ranked = _rank(_list(a, b));
        uint256[2] memory scores = [ranked[0].score, ranked[1].score];
        _submitFull(a);
        _toEnd();
        _reveal(b);
        _submitFull(b);
        vm.assertEq(rollup.candidateOf(a.id).standing.score(), scores[0], "of the parent");
        vm.assertEq(rollup.candidateOf(b.id).standing.score(), scores[1], "of the child");
    }
}

contract RaceCommitRankingTest is RankingFixture {
    function _policy() internal override returns (IScorePolicy) {
        return IScorePolicy(create("RaceScore", abi.encode(SizeRule.wrap(0))));
    }

    function test_WhatIsProvenComesFirst() public {
        Draft memory a = _propose(ALICE, 1_000, 0, _everyone());
        skip(1);
        Draft memory b = _propose(BOB, 100, 0, _everyone());
        Ranked[] memory ranked = _rank(_list(b, a));
        vm.assertEq(ranked[0].position, 1, "the earlier");
        vm.assertEq(ranked[0].score, 0, "nobody knows the outputs");
        vm.assertEq(ranked[0].provers, 7, "provers");
        _toReveal();
        _reveal(a);
        _reveal(b);
        _submitFull(b);
        ranked = _rank(_list(b, a));
        vm.assertEq(ranked[0].position, 0, "the proven");
        vm.assertEq(ranked[0].score, rollup.candidateOf(b.id).standing.score(), "score");
    }

    /// @dev Keys that came after the seed is known count neither now nor at the next height.
    function test_OnlyWhoWasThereBeforeTheSeedCountsAtTheNextHeight() public {
        _win();
        Draft memory a = _propose(ALICE, 100, 0, _everyone());
        _register(8);
        skip(1);
        _toReveal();
        _reveal(a);
        Draft memory next = _child(BOB, 100, a, ALICE);
        next.transcript = _transcript(1, 8, 0, 0, 0, 0, 0);
        next = _commit(next);
        vm.assertEq(_rank(_list(a, next))[1].provers, 1, "provers");
    }

    function _win() private {
        _proven(ALICE, 100);
        _toEnd();
        rollup.advance();
        skip(1);
    }
}

/// @dev 127 slots: two words of flags.
contract LargeCommitRankingTest is RankingFixture {
    function _levels() internal pure override returns (uint256) {
        return 6;
    }

    function _weights() internal pure override returns (uint256) {
        return 0x0001000100010001000100010001;
    }

    function test_ProversOfEveryWordCount() public {
        bytes memory transcript;
        for (uint256 slot = 0; slot < 127; ++slot) {
            transcript = abi.encodePacked(
                transcript,
                uint16(
                    slot < 63
                        ? 1
                        : slot == 126
                            ? 2
                            : 0
                )
            );
        }
        Draft memory d = _propose(ALICE, 100, 0, transcript);
        vm.assertEq(_rank(_list(d))[0].provers, 2, "provers");
    }
}
