// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IProverCourt} from "../../../contracts/interfaces/IProverCourt.sol";
import {vm} from "../support/Vm.sol";
import {CourtFixture} from "./CourtFixture.sol";

contract RedeemTest is CourtFixture {
    function test_ABlockWithoutAMissTakesOneAway() public {
        _miss();
        Draft memory d = _delivered();
        vm.expectEmit(address(court));
        emit IProverCourt.Redeemed(4, d.id, 0);
        _redeem(d);
        vm.assertEq(court.rateOf(4), BASE_RATE_BPS, "rate");
        vm.assertTrue(court.isRedeemed(d.id, 4), "redeemed");
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.NothingToRedeem.selector, 4));
        _redeem(d);
    }

    function test_EachBlockCountsOnce() public {
        _miss();
        _miss();
        Draft memory d = _delivered();
        _redeem(d);
        vm.assertEq(court.rateOf(4), 2 * BASE_RATE_BPS, "one of two");
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.AlreadyRedeemed.selector, d.id, 4));
        _redeem(d);
        _toFresh();
        _redeem(_delivered());
        vm.assertEq(court.rateOf(4), BASE_RATE_BPS, "the other");
    }

    /// @dev Good deeds cannot be saved up.
    function test_OnlyBlocksOfLaterRoundsThanTheLastMiss() public {
        Draft memory early = _delivered();
        Draft memory missed = _miss();
        uint256 lastMissAt = _acceptanceEnds(missed);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.TooOld.selector, _acceptanceEnds(early), lastMissAt));
        _redeem(early);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.TooOld.selector, lastMissAt, lastMissAt));
        _redeem(missed);
    }

    /// @dev A miss in another block of the round would come too late to be dearer.
    function test_OnlyOnceTheRoundCannotBeSlashedForAnyMore() public {
        _miss();
        Draft memory d = _revealed();
        _submitFull(d);
        _toEnd();
        rollup.advance();
        uint256 until = _acceptanceEnds(d) + SLASH_WINDOW;
        vm.warp(until - 1);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.SlashOpen.selector, until - 1, until));
        _redeem(d);
        vm.warp(until);
        _redeem(d);
    }

    function test_OnlyPaidBlocksThatTheProverKeptItsWordIn() public {
        _miss();
        Draft memory d = _propose(ALICE, 100, 5_000, _transcript(1, 2, 3, 4, 4, 6, 7));
        _toReveal();
        _reveal(d);
        // Of two slots it delivers one; prover 6 has not voted.
        _submit(d, ALL & ~uint256(1 << 5), 0x0f);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.NotPaid.selector, d.id));
        _redeem(d);
        _toEnd();
        rollup.advance();
        vm.warp(_acceptanceEnds(d) + SLASH_WINDOW);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.NotKept.selector, d.id, 4, 1));
        _redeem(d);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.NothingToRedeem.selector, 6));
        court.redeem(6, d.id, d.transcript);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.UnknownCandidate.selector, d.id + 1));
        court.redeem(4, d.id + 1, d.transcript);
        bytes memory other = _everyone();
        vm.expectRevert(
            abi.encodeWithSelector(IProverCourt.WrongTranscript.selector, keccak256(other), keccak256(d.transcript))
        );
        court.redeem(4, d.id, other);
    }

    function test_NotABlockThatTheProverHasNoPartIn() public {
        _miss();
        Draft memory d = _propose(ALICE, 100, 5_000, _transcript(1, 2, 3, 5, 5, 6, 7));
        _toReveal();
        _reveal(d);
        _submitFull(d);
        _toEnd();
        rollup.advance();
        vm.warp(_acceptanceEnds(d) + SLASH_WINDOW);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.NothingFulfilled.selector, d.id, 4));
        _redeem(d);
    }

    function _redeem(Draft memory d) private {
        court.redeem(4, d.id, d.transcript);
    }

    function _miss() private returns (Draft memory d) {
        d = _slashable();
        _slash(d, 4);
        _addStake(4, ELIGIBLE_STAKE);
        _toFresh();
    }

    /// @dev At the first second in which it can be redeemed for.
    function _delivered() private returns (Draft memory d) {
        d = _revealed();
        _submitFull(d);
        _toEnd();
        rollup.advance();
        vm.warp(_acceptanceEnds(d) + SLASH_WINDOW);
    }
}
