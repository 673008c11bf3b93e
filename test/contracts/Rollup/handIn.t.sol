// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HandIn, IRollup} from "../../../contracts/interfaces/IRollup.sol";
import {Fixture} from "../support/Fixture.sol";
import {vm} from "../support/Vm.sol";

/// @notice The rollup's side of hand-ins: what it takes from the court, which has verified the proofs.
contract HandInTest is Fixture {
    uint256 private constant ALL = 0x7f;

    function test_BeforeACandidateItCountsWithTheForest() public {
        Draft memory d = _ready();
        _handIn(d, 3);
        vm.assertEq(rollup.candidateOf(d.id).offer.proposer(), address(0), "no candidate yet");
        _submit(d, ALL, 0x01);
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 2, "the root's and the handed in");
        vm.assertEq((rollup.flagsOf(d.id)[0] >> 64) & ALL, 0x09, "delivered");
    }

    function test_AVoteBeforeACandidateCountsWithTheForest() public {
        Draft memory d = _ready();
        HandIn memory shown = _shown(d, 3);
        shown.flags[0] |= 1 << 4;
        vm.expectEmit(address(rollup));
        emit IRollup.VotesKept(d.id, 0, 1 << 4);
        this.record(d, shown);
        vm.assertEq(rollup.flagsOf(d.id)[0], (1 << (192 + 3)) | (1 << 4), "kept");
        // The same delivery with another vote is something new.
        shown.flags[0] |= 1 << 5;
        this.record(d, shown);
        vm.expectRevert(abi.encodeWithSelector(IRollup.NoImprovement.selector, 0, 0));
        this.record(d, shown);
        _submit(d, 0x01, 0x11);
        vm.assertEq(rollup.flagsOf(d.id)[0], (1 << (192 + 3)) | (0x19 << 64) | 0x31, "flags");
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 2, "the root's and slot 4's");
        vm.assertEq(rollup.candidateOf(d.id).payout.silent(), 4, "silent");
    }

    function test_AnotherNodeDoesNotCount() public {
        Draft memory d = _ready();
        HandIn memory shown = _shown(d, 3);
        shown.digests[0] = bytes32(uint256(12_345));
        this.record(d, shown);
        _submit(d, ALL, 0x01);
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 1, "provers");
        // It may come again once the contents are known.
        _handIn(d, 3);
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 2, "provers");
    }

    function test_OfACandidateItRaisesScoreRankAndPay() public {
        Draft memory a = _ready();
        Draft memory b = _other;
        _submit(a, ALL, 0x01);
        _submit(b, ALL, 0x03);
        vm.assertEq(rollup.ranking()[0], b.id, "leader");
        _handIn(a, 3);
        _handIn(a, 4);
        vm.assertEq(rollup.ranking()[0], a.id, "leader");
        vm.assertEq(rollup.candidateOf(a.id).standing.provers(), 3, "provers");
        _toEnd();
        rollup.advance();
        vm.assertTrue(rollup.claimProver(4, _claimOf(a, 3)) > 0, "paid");
    }

    function test_TheWindowIsHalfOpen() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        HandIn memory shown = _shown(d, 3);
        uint256 from = _round().proposalEnds;
        uint256 until = _round().provingEnds;
        vm.warp(from - 1);
        vm.expectRevert(abi.encodeWithSelector(IRollup.SubmitClosed.selector, from - 1, from, until));
        this.record(d, shown);
        vm.warp(from);
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotRevealed.selector, d.id));
        this.record(d, shown);
        _reveal(d);
        _handIn(d, 3);
        // Without a candidate the attempt is over there.
        vm.warp(until);
        shown = _shown(d, 4);
        vm.expectRevert(abi.encodeWithSelector(IRollup.SubmitClosed.selector, until, from, until));
        this.record(d, shown);
        vm.warp(until - 1);
        _submit(d, ALL, 1);
        until = _round().acceptanceEnds;
        vm.warp(until - 1);
        _handIn(d, 4);
    }

    function test_OnlyTheCourt() public {
        Draft memory d = _ready();
        HandIn memory shown = _shown(d, 3);
        address court = registry.court();
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotCourt.selector, address(this), court));
        rollup.recordHandIn(_opening(d), d.transcript, shown);
    }

    function test_Once() public {
        Draft memory d = _ready();
        _handIn(d, 3);
        HandIn memory shown = _shown(d, 3);
        vm.expectRevert(abi.encodeWithSelector(IRollup.NoImprovement.selector, 0, 0));
        this.record(d, shown);
        _submit(d, ALL, 0x01);
        vm.expectRevert(abi.encodeWithSelector(IRollup.NoImprovement.selector, 2, 7));
        this.record(d, shown);
    }

    function test_RevertsForForeignContents() public {
        Draft memory d = _ready();
        _submit(d, ALL, 0x01);
        HandIn memory shown = _shown(d, 3);
        shown.contentsHash = 0;
        bytes32 proven = rollup.candidateOf(d.id).contentsHash;
        vm.expectRevert(abi.encodeWithSelector(IRollup.WrongContents.selector, 0, proven));
        this.record(d, shown);
    }

    function test_ANodeNobodyVotedForEarnsNothing() public {
        Draft memory d = _ready();
        _submit(d, 0x01, 0x01);
        _handIn(d, 3);
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 1, "delivered, not fulfilled");
        _submit(d, ALL, 0);
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 2, "the vote came later");
    }

    /// @dev A vote that came first is no prover yet, but somebody who is not silent.
    function test_AVoteThatIsShownEndsTheSilence() public {
        Draft memory d = _ready();
        _submit(d, 0x77, 0x77);
        vm.assertEq(rollup.candidateOf(d.id).payout.silent(), 1, "silent");
        HandIn memory shown = _shown(d, 3);
        (shown.slots, shown.digests) = (new uint256[](0), new bytes32[](0));
        shown.flags[0] = 1 << 3;
        this.record(d, shown);
        vm.assertEq(rollup.candidateOf(d.id).payout.silent(), 0, "silent");
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 6, "provers");
        vm.assertFalse(rollup.laneOf(ALICE, 1).isUnsettled(), "nobody is silent, so the lane is settled");
    }

    Draft private _other;

    function _ready() private returns (Draft memory d) {
        d = _propose(ALICE, 100, 5_000, _everyone());
        _other = _propose(BOB, 100, 5_000, _everyone());
        _toReveal();
        _reveal(d);
        _reveal(_other);
    }

    function _handIn(Draft memory d, uint256 slot) private {
        this.record(d, _shown(d, slot));
    }

    function record(Draft memory d, HandIn memory shown) external {
        address court = registry.court();
        Draft memory copy = d;
        vm.prank(court);
        rollup.recordHandIn(_opening(copy), copy.transcript, shown);
    }
}
