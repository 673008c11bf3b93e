// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IForestVerifier, NodeContext} from "../../../contracts/interfaces/IForestVerifier.sol";
import {IProverCourt, NodeProof, RootProof} from "../../../contracts/interfaces/IProverCourt.sol";
import {HandIn, IRollup} from "../../../contracts/interfaces/IRollup.sol";
import {IScorePolicy} from "../../../contracts/interfaces/IScorePolicy.sol";
import {SizeRule} from "../../../contracts/types/SizeRule.sol";
import {create} from "../support/create.sol";
import {vm} from "../support/Vm.sol";
import {CourtFixture} from "./CourtFixture.sol";

contract HandInTest is CourtFixture {
    function test_CountsForACandidate() public {
        Draft memory d = _withheld();
        vm.assertEq(_provers(d), 6, "before");
        uint256[] memory slots = _slots(3);
        vm.expectEmit(address(rollup));
        emit IRollup.HandedIn(d.id, slots);
        vm.assertEq(_handIn(d), d.id, "id");
        vm.assertEq(_provers(d), 7, "after");
        _expectPaid(d, 4, 3);
    }

    function test_CountsForACandidateToCome() public {
        Draft memory d = _revealed();
        _handIn(d);
        vm.assertEq(rollup.flagsOf(d.id)[0], 1 << (192 + 3), "kept");
        _submit(d, ALL, 0x77);
        vm.assertEq(_provers(d), 7, "provers");
        _expectPaid(d, 4, 3);
    }

    function test_AnyNumberInOneTransaction() public {
        Draft memory d = _revealed();
        _submit(d, 1, 1);
        NodeProof[] memory nodes = new NodeProof[](6);
        for (uint256 slot = 1; slot < 7; ++slot) nodes[slot - 1] = _node(slot);
        (nodes[0].mask, nodes[1].mask) = (3, 3);
        vm.expectEmit(address(rollup));
        uint256[] memory slots = new uint256[](6);
        for (uint256 i = 0; i < 6; ++i) slots[i] = i + 1;
        emit IRollup.HandedIn(d.id, slots);
        _handIn(d, nodes);
        // Nobody has shown the votes for the root's children.
        vm.assertEq(rollup.flagsOf(d.id)[0], (uint256(ALL) << 64) | 0x79, "flags");
        vm.assertEq(_provers(d), 5, "provers");
    }

    function test_AProverWithSeveralSlotsIsOne() public {
        Draft memory d = _propose(ALICE, 100, 5_000, _transcript(1, 2, 3, 4, 5, 4, 4));
        _toReveal();
        _reveal(d);
        _submit(d, ALL, 1);
        _handIn(d, _nodes(_node(3), _node(5)));
        vm.assertEq(_provers(d), 2, "the root's, and one");
        _handIn(d, _nodes(_node(4), _node(6)));
        vm.assertEq(_provers(d), 3, "one more");
        vm.assertEq(rollup.candidateOf(d.id).payout.fulfilledWeight(), 5 + 4 * 2, "weight");
    }

    /* CHILDREN */

    /// @dev A merge of made-up children can be proven; it is no merge of the block.
    function test_MadeUpChildrenNeverCount() public {
        Draft memory d = _revealed();
        uint256[] memory contents = _contentsOf(d);
        uint256[] memory madeUp = _contentsOf(d);
        madeUp[2] += 1;
        _handIn(d, _nodes(_node(1)), madeUp);
        _handIn(d, _nodes(_node(2)), contents);
        _submit(d, ALL, 1);
        vm.assertEq(_delivered(d), 1 | (1 << 2), "delivered");
        vm.expectPartialRevert(IRollup.WrongContents.selector);
        this.handIn(d, _nodes(_node(1)), madeUp);
        _handIn(d, _nodes(_node(1)), contents);
        vm.assertEq(_delivered(d), 7, "delivered");
    }

    /// @dev Neither can anybody push out what is true with what is not, nor the other way round.
    function test_WhatIsTrueIsKeptBesideWhatIsNot() public {
        Draft memory d = _revealed();
        uint256[] memory madeUp = _contentsOf(d);
        madeUp[5] += 1;
        _handIn(d, _nodes(_node(1)));
        _handIn(d, _nodes(_node(2)), madeUp);
        madeUp[2] += 1;
        _handIn(d, _nodes(_node(1)), madeUp);
        _handIn(d, _nodes(_node(2)));
        madeUp[2] += 1;
        _handIn(d, _nodes(_node(1)), madeUp);
        _submit(d, ALL, 1);
        vm.assertEq(_delivered(d), 7, "delivered");
    }

    function test_ChildrenHoldAsManySlotsAsTheTranscriptSays() public {
        Draft memory d = _propose(ALICE, 100, 5_000, _transcript(1, 2, 3, 4, 5, 5, 5));
        _toReveal();
        _reveal(d);
        vm.assertEq(_statement(d, _node(1), _contentsOf(d)).childAssigned[1], 3, "count");
        _handIn(d, _nodes(_node(1)));
    }

    /* VOTES */

    /// @dev A rival proves the block first, with merges that show no vote. Anybody cures that, without a key.
    function test_AnAnonymousMergeShowsVotes() public {
        Draft memory d = _revealed();
        _submit(d, 0x07, ALL);
        vm.assertEq(_provers(d), 3, "before");
        _handIn(d, _nodes(_merge(1, 3, true), _merge(2, 2, true)));
        vm.assertEq(rollup.flagsOf(d.id)[0], (uint256(ALL) << 64) | 0x5f, "flags");
        vm.assertEq(_provers(d), 6, "after");
        vm.assertEq(rollup.candidateOf(d.id).payout.silent(), 1, "silent");
    }

    function test_VotesAreKeptForACandidateToCome() public {
        Draft memory d = _revealed();
        _handIn(d, _nodes(_merge(1, 3, true)));
        vm.assertEq(rollup.flagsOf(d.id)[0], 3 << 3, "kept");
        vm.expectRevert(abi.encodeWithSelector(IRollup.NoImprovement.selector, 0, 0));
        this.handIn(d, _nodes(_merge(1, 1, true)));
        _handIn(d, _nodes(_merge(1, 1, false), _merge(2, 1, true)));
        vm.assertEq(rollup.flagsOf(d.id)[0], (1 << (192 + 1)) | (7 << 3), "kept");
        _submit(d, 1, ALL & ~uint256(2));
        vm.assertEq(rollup.flagsOf(d.id)[0], (1 << (192 + 1)) | (uint256(ALL) << 64) | 1 | (7 << 3), "flags");
        vm.assertEq(_provers(d), 4, "provers");
        vm.assertEq(rollup.candidateOf(d.id).payout.silent(), 3, "silent");
    }

    /// @dev A vote is one for the proposal and the slot: what is made up of the merge around it changes nothing, and
    /// takes no place from a true one.
    function test_VotesDoNotDependOnContents() public {
        Draft memory d = _revealed();
        uint256[] memory madeUp = _contentsOf(d);
        madeUp[0] += 1;
        madeUp[2] += 1;
        _handIn(d, _nodes(_merge(1, 1, false)), madeUp);
        _handIn(d, _nodes(_merge(1, 2, false)));
        _submit(d, 1, 1 | (3 << 3));
        vm.assertEq(rollup.flagsOf(d.id)[0] & ALL, 1 | (3 << 3), "votes");
        vm.assertEq(_delivered(d), 1 | 2 | (3 << 3), "the true one is delivered");
    }

    /// @dev Without a proof of the vote there is none, whatever the contents are.
    function test_RefusesVotesThatNoProofShows() public {
        Draft memory d = _revealed();
        _refuses(d, _nodes(_merge(1, 3, true)), _proofsOf(d, _nodes(_merge(1, 1, true)), _contentsOf(d)));
        vm.assertEq(rollup.flagsOf(d.id)[0], 0, "flags");
    }

    function test_VotesComeBeforeTheLastQuarter() public {
        Draft memory d = _revealed();
        _submit(d, 0x07, 0x77);
        uint256 provingEnds = _round().provingEnds;
        vm.warp(provingEnds);
        vm.expectRevert(abi.encodeWithSelector(IRollup.NoImprovement.selector, 3, 11));
        this.handIn(d, _nodes(_merge(1, 3, true)));
        _handIn(d);
        vm.assertEq(rollup.flagsOf(d.id)[0], (uint256(0x7f) << 64) | 0x07, "the delivery is added");
        vm.warp(provingEnds - 1);
        _handIn(d, _nodes(_merge(1, 3, true)));
        vm.assertEq(_provers(d), 5, "provers");
    }

    function test_NobodyVotesOrDeliversForASlotWithoutAProver() public {
        Draft memory d = _propose(ALICE, 100, 5_000, _transcript(1, 2, 3, 0, 5, 6, 7));
        _toReveal();
        _reveal(d);
        _submit(d, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.Unassigned.selector, 3));
        this.handIn(d, _nodes(_node(3)));
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.Unassigned.selector, 3));
        this.handIn(d, _nodes(_merge(1, 1, false)));
        _handIn(d, _nodes(_merge(1, 2, false)));
    }

    /// @dev Whoever is active before the round opens has the slots that name it.
    function test_WhoRegistersWhenTheRoundOpensHasNoSlotInIt() public {
        Draft memory d = _propose(ALICE, 100, 5_000, _transcript(1, 2, 3, 8, 5, 6, 7));
        _register(8);
        _toReveal();
        _reveal(d);
        _submit(d, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.Unassigned.selector, 3));
        this.handIn(d, _nodes(_node(3)));
    }

    function test_NothingIsHandedInBeforeTheFirstRound() public {
        Draft memory d = _draft(ALICE, 100, 5_000, _everyone());
        uint256[] memory contents = _contentsOf(d);
        vm.expectPartialRevert(IRollup.WrongRound.selector);
        this.handIn(d, _nodes(_merge(3, 0, true)), contents);
    }

    /* THE ROOT */

    function test_TheRootOfACandidate() public {
        Draft memory d = _revealed();
        RootProof memory root = _rootOf(d, 0x07, false);
        _submit(d, 0x78, 0x7e);
        vm.assertEq(_provers(d), 4, "before");
        vm.assertEq(_handInRoot(d, root), d.id, "id");
        vm.assertEq(rollup.flagsOf(d.id)[0], (uint256(ALL) << 64) | ALL, "flags");
        vm.assertEq(_provers(d), 7, "after");
        vm.expectRevert(abi.encodeWithSelector(IRollup.NoImprovement.selector, 7, 19));
        this.handInRoot(d, root);
        _expectPaid(d, 1, 0);
    }

    function test_TheRootOfACandidateToCome() public {
        Draft memory d = _revealed();
        RootProof memory root = _rootOf(d, 0x05, false);
        _handInRoot(d, root);
        vm.assertEq(rollup.flagsOf(d.id)[0], (1 << 192) | 3, "kept");
        vm.expectRevert(abi.encodeWithSelector(IRollup.NoImprovement.selector, 0, 0));
        this.handInRoot(d, root);
        _submit(d, 0x78, 0x7e);
        vm.assertEq(rollup.flagsOf(d.id)[0], (1 << 192) | (uint256(ALL) << 64) | 0x7b, "flags");
        vm.assertEq(_provers(d), 6, "provers");
        _expectPaid(d, 1, 0);
    }

    /// @dev What it opens may be made up, too: its votes are votes, and nothing is delivered.
    function test_AMadeUpRootShowsVotesAlone() public {
        Draft memory d = _revealed();
        RootProof memory root = _rootOf(d, 0x04, false);
        uint256[] memory madeUp = _contentsOf(d);
        madeUp[1] += 1;
        root.nextStateRoot += 1;
        _handInRoot(d, root, madeUp);
        _submit(d, 0, 0x7e);
        vm.assertEq(rollup.flagsOf(d.id)[0] & ALL, 1, "votes");
        vm.assertEq(_delivered(d), 0x7e, "delivered");
        vm.expectPartialRevert(IRollup.WrongContents.selector);
        this.handInRoot(d, root, madeUp);
    }

    function test_AnAnonymousRootShowsVotes() public {
        Draft memory d = _revealed();
        _submit(d, 0x78, 0x7e);
        _handInRoot(d, _rootOf(d, 0x06, true));
        vm.assertEq(rollup.flagsOf(d.id)[0], (uint256(0x7e) << 64) | 0x7d, "flags");
        vm.assertEq(_provers(d), 5, "the root is not delivered");
    }

    function test_RefusesRootsOfSomethingElse() public {
        Draft memory d = _revealed();
        _submit(d, 0x78, 0x7e);
        RootProof memory root = _rootOf(d, 0x07, false);
        bytes memory proof = _rootProof(d, root, _contentsOf(d));
        RootProof memory other = _rootOf(d, 0x03, false);
        _refusesRoot(d, other, proof);
        other = _rootOf(d, 0x07, true);
        _refusesRoot(d, other, proof);
        other = _rootOf(d, 0x07, false);
        other.fees += 1;
        _refusesRoot(d, other, proof);
        other = _rootOf(d, 0x07, false);
        other.beta = 1;
        // Without a seed there is none in the statement.
        court.handInRoot(_opening(d), d.transcript, _grouped(_contentsOf(d)), other, proof);
    }

    function test_RefusesVotesOfMoreThanTheRootAndItsChildren() public {
        Draft memory d = _revealed();
        _submit(d, 0x78, 0x7e);
        RootProof memory root = _rootOf(d, 8, false);
        vm.expectRevert(abi.encodeWithSelector(IForestVerifier.InvalidMask.selector, 8));
        this.handInRoot(d, root);
    }

    function _refusesRoot(Draft memory d, RootProof memory root, bytes memory proof) private {
        uint256[] memory contents = _contentsOf(d);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.InvalidProof.selector, d.id));
        court.handInRoot(_opening(d), d.transcript, _grouped(contents), root, proof);
    }

    /* OPERATIONS */

    /// @dev Three operations: which bases prove them is what the round says, before there is a candidate and after.
    function test_TakesOperationNodes() public {
        Draft memory d = _withOperations();
        _toReveal();
        _reveal(d);
        for (uint256 slot = 3; slot < 7; ++slot) {
            if (slot == 5) _submit(d, ALL, 0x07);
            NodeProof[] memory nodes = _nodes(_node(slot));
            uint256[] memory contents = _contentsOf(d);
            NodeContext memory context = _context(d);
            context.l1OpCount = 2;
            _refuses(d, nodes, verifier.nodeProof(context, _statement(d, nodes[0], contents)));
            _handIn(d, nodes);
        }
        vm.assertEq(_provers(d), 7, "provers");
    }

    /* WHAT IS REFUSED */

    function test_RefusesProofsOfSomethingElse() public {
        Draft memory d = _withheld();
        uint256[] memory contents = _contentsOf(d);
        bytes memory proof = _proofsOf(d, _nodes(_node(3)), contents);
        _refuses(d, _nodes(_node(3)), _proofsOf(d, _nodes(_node(4)), contents));
        NodeProof[] memory nodes = _nodes(_node(3));
        nodes[0].beta = 1;
        _refuses(d, nodes, proof);
        nodes[0] = _merge(3, 1, false);
        _refuses(d, nodes, proof);
        // An anonymous proof delivers nothing.
        nodes[0] = _merge(3, 0, true);
        _refuses(d, _nodes(_node(3)), _proofsOf(d, nodes, contents));
        vm.assertEq(_provers(d), 6, "nothing was recorded");
    }

    function test_RefusesAnotherProposersProof() public {
        (Draft memory a, Draft memory b) = _contest(100, 100);
        _refuses(b, _nodes(_node(3)), _proofsOf(a, _nodes(_node(3)), _contentsOf(a)));
    }

    function test_RefusesSlotsOutOfPlace() public {
        Draft memory d = _withheld();
        uint256[] memory contents = _contentsOf(d);
        NodeProof[] memory nodes = _nodes(_node(3));
        bytes memory proof = _proofsOf(d, nodes, contents);
        nodes[0].slot = 0;
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.UnknownSlot.selector, 0, 7));
        _bring(d, nodes, contents, proof);
        nodes[0].slot = 7;
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.UnknownSlot.selector, 7, 7));
        _bring(d, nodes, contents, proof);
        nodes[0].slot = type(uint256).max;
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.UnknownSlot.selector, type(uint256).max, 7));
        _bring(d, nodes, contents, proof);
        nodes = _nodes(_node(3), _node(3));
        proof = bytes.concat(proof, proof);
        vm.expectRevert(abi.encodeWithSelector(IForestVerifier.SlotsNotAscending.selector, 3, 3));
        _bring(d, nodes, contents, proof);
        vm.expectRevert(abi.encodeWithSelector(IRollup.NoImprovement.selector, 6, 17));
        _bring(d, new NodeProof[](0), contents, "");
    }

    function test_NothingTwice() public {
        Draft memory d = _revealed();
        uint256[] memory contents = _contentsOf(d);
        _handIn(d);
        vm.expectRevert(abi.encodeWithSelector(IRollup.NoImprovement.selector, 0, 0));
        this.handIn(d, _nodes(_node(3)), contents);
        _handIn(d, _nodes(_node(3), _node(4)));
        _submit(d, ALL, 1);
        vm.expectRevert(abi.encodeWithSelector(IRollup.NoImprovement.selector, 3, 9));
        this.handIn(d, _nodes(_node(3), _node(4)), contents);
    }

    function test_OnlyInTheAcceptanceWindow() public {
        Draft memory d = _propose(ALICE, 100, 5_000, _everyone());
        uint256[] memory contents = _contentsOf(d);
        vm.expectPartialRevert(IRollup.SubmitClosed.selector);
        this.handIn(d, _nodes(_node(3)), contents);
        _toReveal();
        vm.expectPartialRevert(IRollup.NotRevealed.selector);
        this.handIn(d, _nodes(_node(3)), contents);
        _reveal(d);
        _submit(d, ALL, 0x77);
        uint256 end = _acceptanceEnds(d);
        bytes memory proof = _proofsOf(d, _nodes(_node(3)), contents);
        vm.warp(end);
        // The height is decided, and the opening is one of the round before.
        vm.expectPartialRevert(IRollup.WrongRound.selector);
        _bring(d, _nodes(_node(3)), contents, proof);
        vm.warp(end - 1);
        _bring(d, _nodes(_node(3)), contents, proof);
    }

    function test_NobodyElseTellsTheRollup() public {
        Draft memory d = _withheld();
        HandIn memory shown;
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotCourt.selector, address(this), address(court)));
        rollup.recordHandIn(_opening(d), d.transcript, shown);
    }

    /* SUPPORT */

    /// @dev Errors are expected of this call, because its arguments are worked out before it.
    function handIn(Draft memory d, NodeProof[] memory nodes, uint256[] memory contents) external {
        _handIn(d, nodes, contents);
    }

    function handIn(Draft memory d, NodeProof[] memory nodes) external {
        _handIn(d, nodes);
    }

    function handInRoot(Draft memory d, RootProof memory root) external {
        _handInRoot(d, root);
    }

    function handInRoot(Draft memory d, RootProof memory root, uint256[] memory contents) external {
        _handInRoot(d, root, contents);
    }

    function _refuses(Draft memory d, NodeProof[] memory nodes, bytes memory proofs) private {
        uint256[] memory contents = _contentsOf(d);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.InvalidProof.selector, d.id));
        _bring(d, nodes, contents, proofs);
    }

    function _provers(Draft memory d) private view returns (uint256) {
        return rollup.candidateOf(d.id).standing.provers();
    }

    function _delivered(Draft memory d) private view returns (uint256) {
        return (rollup.flagsOf(d.id)[0] >> 64) & ALL;
    }

    /// @dev What is delivered owes nothing, and earns.
    function _expectPaid(Draft memory d, uint256 index, uint256 slot) private {
        _toEnd();
        rollup.advance();
        _expectNothingOwed(d, index);
        vm.assertTrue(rollup.claimProver(index, _claimOf(d, slot)) > 0, "paid");
    }
}

/// @dev A prover holds two slots at most: the third is nobody's.
contract CapacityHandInTest is CourtFixture {
    function _maxSlotsPerProver() internal pure override returns (uint256) {
        return 2;
    }

    function test_SlotsBeyondWhatAProverCanHoldAreNobodys() public {
        Draft memory d = _propose(ALICE, 100, 5_000, _transcript(1, 2, 3, 4, 4, 4, 7));
        _toReveal();
        _reveal(d);
        _submit(d, 0x1f, 0x47);
        _handIn(d, _nodes(_node(3), _node(4)));
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 4, "provers");
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.Unassigned.selector, 5));
        this.handIn(d, _nodes(_node(5)));
    }

    function handIn(Draft memory d, NodeProof[] memory nodes) external {
        _handIn(d, nodes);
    }
}

contract RaceHandInTest is CourtFixture {
    function _policy() internal override returns (IScorePolicy) {
        return IScorePolicy(create("RaceScore", abi.encode(SizeRule.wrap(0))));
    }

    function _exitDelay() internal pure override returns (uint256) {
        return EXIT_DELAY + 3 * (PROPOSAL_WINDOW + ACCEPTANCE_WINDOW);
    }

    /// @dev The score is the best of single outputs: all handed in, they reach what the whole forest has.
    function test_OutputsThatAreHandedInCount() public {
        Draft memory d = _revealed();
        Draft memory twin = d;
        _submit(d, ALL, 0);
        vm.assertEq(rollup.candidateOf(d.id).standing.score(), 0, "nothing yet");
        NodeProof[] memory nodes = new NodeProof[](6);
        uint256 seed = _round().roundSeed;
        for (uint256 slot = 1; slot < 7; ++slot) {
            nodes[slot - 1] = _node(slot);
            nodes[slot - 1].beta = _beta(slot + 1, seed);
        }
        _handIn(d, nodes);
        RootProof memory root = _rootOf(d, 0, false);
        root.beta = _beta(1, seed);
        _handInRoot(d, root);
        uint256 score = rollup.candidateOf(d.id).standing.score();
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 7, "provers");
        // What a forest with all outputs adds is nothing.
        vm.expectPartialRevert(IRollup.NoImprovement.selector);
        this.submit(twin);
        vm.assertTrue(score > 0, "score");
    }

    /// @dev What was kept until there was a candidate has no output; handed in again it brings it.
    function test_AnOutputMayFollowItsDelivery() public {
        Draft memory d = _revealed();
        NodeProof[] memory nodes = _nodes(_node(3));
        nodes[0].beta = _beta(4, _round().roundSeed);
        _handIn(d, nodes);
        _submit(d, ALL, 0);
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 1, "delivered");
        vm.assertEq(rollup.candidateOf(d.id).standing.score(), 0, "score");
        _handIn(d, nodes);
        vm.assertTrue(rollup.candidateOf(d.id).standing.score() != 0, "score");
    }

    function submit(Draft memory d) external {
        _submit(d, ALL, ALL);
    }
}
