// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NodeContext} from "../../../contracts/interfaces/IForestVerifier.sol";
import {IProverCourt, NodeProof} from "../../../contracts/interfaces/IProverCourt.sol";
import {IRollup} from "../../../contracts/interfaces/IRollup.sol";
import {vm} from "../support/Vm.sol";
import {CourtFixture} from "./CourtFixture.sol";

contract HandInTest is CourtFixture {
    function test_CountsForACandidate() public {
        Draft memory d = _withheld();
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 6, "before");
        vm.assertEq(_handIn(d, _nodeProof(d, 3)), d.id, "id");
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 7, "after");
        _expectNothingOwed(d);
        rollup.claimProver(4, _claimOf(d, 3));
    }

    function test_CountsForACandidateToCome() public {
        Draft memory d = _revealed();
        _handIn(d, _nodeProof(d, 3));
        _submit(d, ALL, 0x77);
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 7, "provers");
        _expectNothingOwed(d);
        rollup.claimProver(4, _claimOf(d, 3));
    }

    function test_TakesMerges() public {
        Draft memory d = _revealed();
        NodeProof memory node = _nodeProof(d, 1);
        node.mask = 3;
        node.proof = _proofOf(d, node);
        _handIn(d, node);
        _submit(d, ALL, 0x7d);
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 7, "provers");
    }

    function test_ChildrenHoldAsManySlotsAsTheTranscriptSays() public {
        Draft memory d = _propose(ALICE, 100, 5_000, _transcript(1, 2, 3, 4, 5, 5, 5));
        _toReveal();
        _reveal(d);
        NodeProof memory node = _nodeProof(d, 1);
        vm.assertEq(_statement(d, node).childAssigned[1], 3, "count");
        _handIn(d, node);
    }

    /// @dev Three operations: bases 0 and 1 prove them, in slots 3 and 4. Before there is a candidate the round says
    /// so.
    function test_TakesOperationNodesBeforeTheForest() public {
        Draft memory d = _withOperations();
        _toReveal();
        _reveal(d);
        for (uint256 slot = 3; slot < 7; ++slot) {
            _handInEither(d, slot);
        }
        _submit(d, ALL, 0x07);
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 7, "provers");
    }

    /// @dev And afterwards the candidate.
    function test_TakesOperationNodesOfACandidate() public {
        Draft memory d = _withOperations();
        _toReveal();
        _reveal(d);
        _submit(d, ALL, 0x07);
        for (uint256 slot = 3; slot < 7; ++slot) {
            _handInEither(d, slot);
        }
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 7, "provers");
    }

    /// @dev A proof for another number of operations is refused, one for the right number is taken.
    function _handInEither(Draft memory d, uint256 slot) private {
        NodeProof memory node = _nodeProof(d, slot);
        bytes memory proof = node.proof;
        NodeContext memory context = _context(d);
        context.l1OpCount = 2;
        node.proof = verifier.nodeProof(context, _statement(d, node));
        _refuses(d, node);
        node.proof = proof;
        _handIn(d, node);
    }

    function test_TheOwnChildrenOfACandidateOnly() public {
        Draft memory d = _revealed();
        _submit(d, ALL, 0x7d);
        NodeProof memory node = _nodeProof(d, 1);
        // Another content of the left child: a proof of the same merge content from other children.
        node.contents[2] += 1;
        node.proof = _proofOf(d, node);
        vm.expectPartialRevert(IRollup.WrongContents.selector);
        _handIn(d, node);
    }

    function test_RefusesProofsOfSomethingElse() public {
        Draft memory d = _withheld();
        NodeProof memory node = _nodeProof(d, 3);
        node.proof = _nodeProof(d, 4).proof;
        _refuses(d, node);
        node = _nodeProof(d, 3);
        node.beta = 1;
        _refuses(d, node);
        node = _nodeProof(d, 3);
        node.mask = 1;
        _refuses(d, node);
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 6, "nothing was recorded");
    }

    function test_RefusesAnotherProposersProof() public {
        Draft memory a = _propose(ALICE, 100, 5_000, _everyone());
        Draft memory b = _propose(BOB, 100, 5_000, _everyone());
        _toReveal();
        _reveal(a);
        _reveal(b);
        NodeProof memory node = _nodeProof(a, 3);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.InvalidNodeProof.selector, b.id, 3));
        _handIn(b, node);
    }

    function test_RefusesSlotsWithoutAProver() public {
        Draft memory d = _propose(ALICE, 100, 5_000, _transcript(1, 2, 3, 0, 5, 6, 7));
        _toReveal();
        _reveal(d);
        NodeProof memory node = _nodeProof(d, 3);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.Unassigned.selector, d.id, 3));
        _handIn(d, node);
    }

    function test_RefusesTheRootAndStrangeSlots() public {
        Draft memory d = _withheld();
        NodeProof memory node = _nodeProof(d, 3);
        node.slot = 0;
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.UnknownSlot.selector, 0, 7));
        _handIn(d, node);
        node.slot = 7;
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.UnknownSlot.selector, 7, 7));
        _handIn(d, node);
        node.slot = 3;
        node.contents = new uint256[](5);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.MalformedContents.selector, 5, 6));
        _handIn(d, node);
    }

    function test_OnlyInTheAcceptanceWindow() public {
        Draft memory d = _propose(ALICE, 100, 5_000, _everyone());
        NodeProof memory node = _nodeProof(d, 3);
        vm.expectPartialRevert(IRollup.SubmitClosed.selector);
        _handIn(d, node);
        _toReveal();
        vm.expectPartialRevert(IRollup.NotRevealed.selector);
        _handIn(d, node);
        _reveal(d);
        _submit(d, ALL, 0x77);
        uint256 end = _acceptanceEnds(d);
        vm.warp(end);
        // The height is decided, and the opening is one of the round before.
        vm.expectPartialRevert(IRollup.WrongRound.selector);
        _handIn(d, node);
        vm.warp(end - 1);
        _handIn(d, node);
    }

    function test_NobodyElseTellsTheRollup() public {
        Draft memory d = _withheld();
        uint256[] memory contents = _submission(d, 0, 0).contents;
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotCourt.selector, address(this), address(court)));
        rollup.recordHandIn(_opening(d), d.transcript, 3, contents[2], 0, contents);
    }

    function _handIn(Draft memory d, NodeProof memory node) private returns (uint256) {
        return court.handIn(_opening(d), d.transcript, node);
    }

    function _refuses(Draft memory d, NodeProof memory node) private {
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.InvalidNodeProof.selector, d.id, node.slot));
        _handIn(d, node);
    }

    function _expectNothingOwed(Draft memory d) private {
        _toEnd();
        rollup.advance();
        _expectNothingOwed(d, 4);
    }
}
