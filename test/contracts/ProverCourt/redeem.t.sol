// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IProverCourt} from "../../../contracts/interfaces/IProverCourt.sol";
import {vm} from "../support/Vm.sol";
import {CourtFixture} from "./CourtFixture.sol";

contract RedeemTest is CourtFixture {
    function test_FulfilledSlotsTakeMissesAway() public {
        _miss();
        Draft memory d = _delivered();
        vm.expectEmit(address(court));
        emit IProverCourt.Redeemed(4, d.id, _slots(3), 0);
        court.redeem(4, d.id, d.transcript, _slots(3));
        vm.assertEq(court.rateOf(4), BASE_RATE_BPS, "rate");
        vm.assertTrue(court.isRedeemed(d.id, 3), "redeemed");
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.NothingToRedeem.selector, 4));
        court.redeem(4, d.id, d.transcript, _slots(3));
    }

    function test_NoMoreSlotsThanMisses() public {
        _miss();
        Draft memory d = _propose(ALICE, 100, 5_000, _transcript(1, 2, 3, 4, 4, 6, 7));
        _toReveal();
        _reveal(d);
        _submitFull(d);
        _toEnd();
        rollup.advance();
        uint256[] memory both = new uint256[](2);
        (both[0], both[1]) = (3, 4);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.TooManySlots.selector, 2, 1));
        court.redeem(4, d.id, d.transcript, both);
        vm.assertFalse(court.isRedeemed(d.id, 3), "nothing was used up");
    }

    function test_EachSlotCountsOnce() public {
        _miss();
        _miss();
        Draft memory d = _delivered();
        uint256[] memory twice = new uint256[](2);
        (twice[0], twice[1]) = (3, 3);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.AlreadyRedeemed.selector, d.id, 3));
        court.redeem(4, d.id, d.transcript, twice);
        court.redeem(4, d.id, d.transcript, _slots(3));
        vm.assertEq(court.rateOf(4), 2 * BASE_RATE_BPS, "one of two");
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.AlreadyRedeemed.selector, d.id, 3));
        court.redeem(4, d.id, d.transcript, _slots(3));
    }

    /// @dev Good deeds cannot be saved up.
    function test_OnlyWhatCameAfterTheLastMiss() public {
        Draft memory early = _delivered();
        Draft memory missed = _miss();
        vm.expectRevert(
            abi.encodeWithSelector(IProverCourt.TooOld.selector, _acceptanceEnds(early), _acceptanceEnds(missed))
        );
        court.redeem(4, early.id, early.transcript, _slots(3));
        // Neither does another slot of the very block.
        vm.expectRevert(
            abi.encodeWithSelector(IProverCourt.TooOld.selector, _acceptanceEnds(missed), _acceptanceEnds(missed))
        );
        court.redeem(4, missed.id, missed.transcript, _slots(3));
    }

    function test_OnlyOwnFulfilledSlotsOfPaidCandidates() public {
        _miss();
        Draft memory d = _revealed();
        _submit(d, 0x0f, 0x77);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.NotPaid.selector, d.id));
        court.redeem(4, d.id, d.transcript, _slots(3));
        _toEnd();
        rollup.advance();
        // Voted for and not delivered; delivered and not voted for.
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.NotFulfilled.selector, d.id, 3));
        court.redeem(4, d.id, d.transcript, _slots(3));
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.NotAssigned.selector, d.id, 2, 4, 3));
        court.redeem(4, d.id, d.transcript, _slots(2));
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.UnknownSlot.selector, 7, 7));
        court.redeem(4, d.id, d.transcript, _slots(7));
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.UnknownCandidate.selector, d.id + 1));
        court.redeem(4, d.id + 1, d.transcript, _slots(3));
    }

    function _miss() private returns (Draft memory d) {
        d = _slashable();
        _slash(d, 3, _receipt(d, 3));
        _addStake(4, FULL * 2);
        _toFresh();
    }

    function _delivered() private returns (Draft memory d) {
        d = _revealed();
        _submitFull(d);
        _toEnd();
        rollup.advance();
    }
}
