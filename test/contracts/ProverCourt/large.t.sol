// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NodeProof} from "../../../contracts/interfaces/IProverCourt.sol";
import {vm} from "../support/Vm.sol";
import {CourtFixture} from "./CourtFixture.sol";

/// @dev 273 slots: five words of flags, and more slots than a byte counts.
contract LargeCourtTest is CourtFixture {
    /// @dev The same bit as `TWIN` of another word.
    uint256 private constant SLOT = 100;
    uint256 private constant TWIN = 36;

    function _arity() internal pure override returns (uint256) {
        return 16;
    }

    function test_FlagsOfASlashedSlotAreThoseOfItsWord() public {
        Draft memory d = _withheldAt(SLOT);
        vm.assertEq(_slash(d, SLOT, _receipt(d, SLOT)), FULL, "burnt");
    }

    function test_FlagsOfARedeemedSlotAreThoseOfItsWord() public {
        Draft memory missed = _withheldAt(SLOT);
        _slash(missed, SLOT, _receipt(missed, SLOT));
        _addStake(4, FULL);
        _toFresh();
        Draft memory d = _withheldAt(TWIN);
        court.redeem(4, d.id, d.transcript, _slots(SLOT));
        vm.assertTrue(court.isRedeemed(d.id, SLOT), "redeemed");
    }

    function test_AChildMayHoldHundredsOfSlots() public {
        Draft memory d = _revealedByOne();
        NodeProof memory node = _nodeProof(d, 1);
        vm.assertEq(_statement(d, node).childAssigned[15], 273, "count");
        court.handIn(_opening(d), d.transcript, node);
    }

    function _revealedByOne() private returns (Draft memory d) {
        bytes memory transcript;
        for (uint256 slot = 0; slot < 273; ++slot) {
            transcript = abi.encodePacked(transcript, uint16(4));
        }
        d = _propose(ALICE, 100, 5_000, transcript);
        _toReveal();
        _reveal(d);
    }

    /// @dev Slashable: all voted for, and all but one slot delivered.
    function _withheldAt(uint256 withheld) private returns (Draft memory d) {
        d = _revealedByOne();
        uint256[] memory flags = new uint256[](5);
        for (uint256 slot = 0; slot < 273; ++slot) {
            flags[slot >> 6] |= 1 << (slot & 63);
            if (slot != withheld) flags[slot >> 6] |= 1 << (64 + (slot & 63));
        }
        rollup.submitProof(_submission(d, flags));
        _toEnd();
        rollup.advance();
        vm.warp(_acceptanceEnds(d) + APPEAL_WINDOW);
    }
}
