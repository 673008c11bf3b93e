// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRollup} from "../../../contracts/interfaces/IRollup.sol";
import {Fixture} from "../support/Fixture.sol";
import {vm} from "../support/Vm.sol";

/// @notice The rollup's side of hand-ins: what it takes from the court, which has verified the proof.
contract HandInTest is Fixture {
    uint256 private constant ALL = 0x7f;

    function test_BeforeACandidateItCountsWithTheForest() public {
        Draft memory d = _ready();
        _handIn(d, 3, _content(d, 3));
        vm.assertEq(rollup.candidateOf(d.id).offer.proposer(), address(0), "no candidate yet");
        _submit(d, ALL, 0x01);
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 2, "the root's and the handed in");
        vm.assertEq((rollup.flagsOf(d.id)[0] >> 64) & ALL, 0x09, "delivered");
    }

    function test_AnotherContentDoesNotCount() public {
        Draft memory d = _ready();
        _handIn(d, 3, 12_345);
        _submit(d, ALL, 0x01);
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 1, "provers");
        // It may come again once the contents are known.
        _handIn(d, 3, _content(d, 3));
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 2, "provers");
    }

    function test_OfACandidateItRaisesScoreRankAndPay() public {
        Draft memory a = _ready();
        Draft memory b = _other;
        _submit(a, ALL, 0x01);
        _submit(b, ALL, 0x03);
        vm.assertEq(rollup.ranking()[0], b.id, "leader");
        _handIn(a, 3, _content(a, 3));
        _handIn(a, 4, _content(a, 4));
        vm.assertEq(rollup.ranking()[0], a.id, "leader");
        vm.assertEq(rollup.candidateOf(a.id).standing.provers(), 3, "provers");
        _toEnd();
        rollup.advance();
        vm.assertTrue(rollup.claimProver(4, _claimOf(a, 3)) > 0, "paid");
    }

    function test_TheWindowIsHalfOpen() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        uint256 from = _round().proposalEnds;
        uint256 until = _round().provingEnds;
        vm.warp(from - 1);
        vm.expectRevert(abi.encodeWithSelector(IRollup.SubmitClosed.selector, from - 1, from, until));
        this.handIn(d, 3, 1);
        vm.warp(from);
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotRevealed.selector, d.id));
        this.handIn(d, 3, 1);
        _reveal(d);
        _handIn(d, 3, 1);
        vm.warp(until - 1);
        _handIn(d, 4, 1);
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(IRollup.SubmitClosed.selector, until, from, until));
        this.handIn(d, 5, 1);
    }

    function test_OnlyTheCourt() public {
        Draft memory d = _ready();
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotCourt.selector, address(this), registry.court()));
        rollup.recordHandIn(_opening(d), d.transcript, 3, 1, 0, new uint256[](0));
    }

    function test_NeitherTheRootNorASlotBeyondTheForest() public {
        Draft memory d = _ready();
        vm.expectRevert(abi.encodeWithSelector(IRollup.UnknownSlot.selector, 0, 7));
        this.handIn(d, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(IRollup.UnknownSlot.selector, 7, 7));
        this.handIn(d, 7, 1);
    }

    function test_Once() public {
        Draft memory d = _ready();
        uint256 content = _content(d, 3);
        _handIn(d, 3, content);
        vm.expectRevert(abi.encodeWithSelector(IRollup.AlreadyHandedIn.selector, d.id, 3));
        this.handIn(d, 3, content);
        _submit(d, ALL, 0x01);
        vm.expectRevert(abi.encodeWithSelector(IRollup.NoImprovement.selector, 2, 7));
        this.handIn(d, 3, content);
    }

    function test_RevertsForForeignContents() public {
        Draft memory d = _ready();
        _submit(d, ALL, 0x01);
        vm.expectRevert(abi.encodeWithSelector(IRollup.WrongContent.selector, 3, 1, _content(d, 3)));
        this.handIn(d, 3, 1);
        uint256[] memory contents = new uint256[](6);
        address court = registry.court();
        vm.expectPartialRevert(IRollup.WrongContents.selector);
        vm.prank(court);
        rollup.recordHandIn(_opening(d), d.transcript, 3, 0, 0, contents);
    }

    function test_ANodeNobodyVotedForEarnsNothing() public {
        Draft memory d = _ready();
        _submit(d, 0x01, 0x01);
        _handIn(d, 3, _content(d, 3));
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 1, "delivered, not fulfilled");
        _submit(d, ALL, 0);
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 2, "the vote came later");
    }

    Draft private _other;

    function _ready() private returns (Draft memory d) {
        d = _propose(ALICE, 100, 5_000, _everyone());
        _other = _propose(BOB, 100, 5_000, _everyone());
        _toReveal();
        _reveal(d);
        _reveal(_other);
    }

    function _content(Draft memory d, uint256 slot) private view returns (uint256) {
        return _submission(d, 0, 0).contents[slot - 1];
    }

    function _handIn(Draft memory d, uint256 slot, uint256 content) private {
        uint256[] memory contents;
        if (rollup.candidateOf(d.id).offer.proposer() != address(0)) contents = _submission(d, 0, 0).contents;
        vm.prank(registry.court());
        rollup.recordHandIn(_opening(d), d.transcript, slot, content, 0, contents);
    }

    function handIn(Draft memory d, uint256 slot, uint256 content) external {
        _handIn(d, slot, content);
    }
}
