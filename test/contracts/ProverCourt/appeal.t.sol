// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NodeContext} from "../../../contracts/interfaces/IForestVerifier.sol";
import {IProverCourt, NodeProof, Verdict} from "../../../contracts/interfaces/IProverCourt.sol";
import {IRollup} from "../../../contracts/interfaces/IRollup.sol";
import {vm} from "../support/Vm.sol";
import {CourtFixture} from "./CourtFixture.sol";

contract AppealTest is CourtFixture {
    /// @dev What a base proves is known from the candidate, long after its round.
    function test_OperationNodesAreAppealedByTheirOwnCircuit() public {
        Draft memory d = _withOperations();
        _toReveal();
        _reveal(d);
        _submit(d, ALL, 0x07);
        _toEnd();
        rollup.advance();
        for (uint256 slot = 3; slot < 7; ++slot) {
            NodeProof memory node = _nodeProof(d, slot);
            bytes memory proof = node.proof;
            NodeContext memory context = _context(d);
            context.l1OpCount = 4;
            node.proof = verifier.nodeProof(context, _statement(d, node));
            vm.expectRevert(abi.encodeWithSelector(IProverCourt.InvalidNodeProof.selector, d.id, slot));
            court.appeal(d.id, d.transcript, node);
            node.proof = proof;
            court.appeal(d.id, d.transcript, node);
        }
    }

    function test_LeavesTheFeeAndEarnsNothing() public {
        Draft memory d = _withheld();
        NodeProof memory node = _nodeProof(d, 3);
        _toEnd();
        vm.expectEmit(address(court));
        emit IProverCourt.Appealed(d.id, 3);
        court.appeal(d.id, d.transcript, node);
        rollup.advance();
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 6, "not delivered");
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotFulfilled.selector, d.id, 3));
        rollup.claimProver(4, _claimOf(d, 3));

        vm.warp(_acceptanceEnds(d) + APPEAL_WINDOW);
        bytes memory receipt = _receipt(d, 3);
        vm.assertEq(_slash(d, 3, receipt), FEE, "burnt");
        vm.assertEq(court.rateOf(4), BASE_RATE_BPS, "no miss");
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.AlreadySlashed.selector, d.id, 3, Verdict.Fee));
        _slash(d, 3, receipt);
    }

    function test_Window() public {
        Draft memory d = _withheld();
        NodeProof memory node = _nodeProof(d, 3);
        uint256 from = _acceptanceEnds(d);
        uint256 until = from + APPEAL_WINDOW;
        vm.warp(from - 1);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.AppealClosed.selector, from - 1, from, until));
        court.appeal(d.id, d.transcript, node);
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.AppealClosed.selector, until, from, until));
        court.appeal(d.id, d.transcript, node);
        vm.warp(until - 1);
        court.appeal(d.id, d.transcript, node);
    }

    function test_OpensWithTheFirstSecond() public {
        Draft memory d = _withheld();
        NodeProof memory node = _nodeProof(d, 3);
        vm.warp(_acceptanceEnds(d));
        court.appeal(d.id, d.transcript, node);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.AlreadyAppealed.selector, d.id, 3));
        court.appeal(d.id, d.transcript, node);
    }

    function test_TakesMerges() public {
        Draft memory d = _revealed();
        _submit(d, ALL, 0x7d);
        NodeProof memory node = _nodeProof(d, 1);
        _toEnd();
        court.appeal(d.id, d.transcript, node);
        (bool isAppealed, ) = court.rulingOf(d.id, 1);
        vm.assertTrue(isAppealed, "appealed");
    }

    function test_RefusesProofsOfSomethingElse() public {
        Draft memory d = _withheld();
        NodeProof memory node = _nodeProof(d, 3);
        node.proof = _nodeProof(d, 4).proof;
        _toEnd();
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.InvalidNodeProof.selector, d.id, 3));
        court.appeal(d.id, d.transcript, node);
    }

    function test_RefusesOtherContents() public {
        Draft memory d = _withheld();
        NodeProof memory node = _nodeProof(d, 3);
        node.contents[0] += 1;
        bytes32 expected = rollup.candidateOf(d.id).contentsHash;
        _toEnd();
        vm.expectRevert(
            abi.encodeWithSelector(
                IProverCourt.WrongContents.selector,
                keccak256(abi.encodePacked(node.contents)),
                expected
            )
        );
        court.appeal(d.id, d.transcript, node);
        node.contents = new uint256[](7);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.MalformedContents.selector, 7, 6));
        court.appeal(d.id, d.transcript, node);
    }

    function test_OnlySlotsThatAreOwed() public {
        Draft memory d = _withheld();
        NodeProof memory node = _nodeProof(d, 4);
        _toEnd();
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.AlreadyDelivered.selector, d.id, 4));
        court.appeal(d.id, d.transcript, node);
        node.slot = 0;
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.RootIsExempt.selector, d.id));
        court.appeal(d.id, d.transcript, node);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.UnknownCandidate.selector, d.id + 1));
        court.appeal(d.id + 1, d.transcript, node);
    }
}
