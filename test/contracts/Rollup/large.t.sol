// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HandIn, IRollup, Submission} from "../../../contracts/interfaces/IRollup.sol";
import {Fixture} from "../support/Fixture.sol";
import {vm} from "../support/Vm.sol";

/// @dev 127 slots of one prover: two words of flags.
contract LargeForestTest is Fixture {
    uint256 private constant ALL = type(uint64).max;
    uint256 private constant SLOT = 100;

    function _levels() internal pure override returns (uint256) {
        return 6;
    }

    function _weights() internal pure override returns (uint256) {
        return 0x0001000100010001000100010001;
    }

    function test_SlotsOfTheSecondWordAreHandedInBeforeTheForest() public {
        Draft memory d = _ready();
        _handIn(d, SLOT);
        vm.assertEq(rollup.flagsOf(d.id)[0], 0, "first word");
        vm.assertEq(rollup.flagsOf(d.id)[1], 1 << (192 + SLOT - 64), "second word");
        _submitVoted(d);
        _expectDelivered(d);
    }

    function test_SlotsOfBothWordsAreHandedInBeforeTheForest() public {
        Draft memory d = _ready();
        _handIn(d, 3);
        _handIn(d, SLOT);
        vm.assertEq(rollup.flagsOf(d.id)[0], 1 << (192 + 3), "first word");
        vm.assertEq(rollup.flagsOf(d.id)[1], 1 << (192 + SLOT - 64), "second word");
    }

    function test_SlotsOfTheSecondWordAreHandedInAfterTheForest() public {
        Draft memory d = _ready();
        _submitVoted(d);
        _handIn(d, SLOT);
        _expectDelivered(d);
    }

    function test_SlotsOfTheSecondWordAreClaimedOnce() public {
        Draft memory d = _ready();
        _submitVoted(d);
        _handIn(d, SLOT);
        _toEnd();
        rollup.advance();
        uint256 unit = rollup.candidateOf(d.id).payout.proverUnit();
        vm.assertTrue(unit != 0, "earned");
        vm.assertEq(rollup.claimProver(1, _claimOf(d, SLOT)), unit, "paid");
        uint256[] memory flags = rollup.flagsOf(d.id);
        vm.assertEq((flags[0] >> 128) & ALL, 0, "first word");
        vm.assertEq((flags[1] >> 128) & ALL, 1 << (SLOT - 64), "second word");
        vm.expectRevert(abi.encodeWithSelector(IRollup.AlreadyClaimed.selector, d.id, SLOT));
        rollup.claimProver(1, _claimOf(d, SLOT));
    }

    function _ready() private returns (Draft memory d) {
        bytes memory transcript;
        for (uint256 slot = 0; slot < 127; ++slot) {
            transcript = abi.encodePacked(transcript, uint16(1));
        }
        d = _propose(ALICE, 100, 5_000, transcript);
        _toReveal();
        _reveal(d);
    }

    /// @dev With every vote and no delivery.
    function _submitVoted(Draft memory d) private {
        uint256[] memory flags = new uint256[](2);
        (flags[0], flags[1]) = (ALL, ALL >> 1);
        Submission memory s = _submission(d, flags);
        rollup.submitProof(s);
    }

    function _handIn(Draft memory d, uint256 slot) private {
        HandIn memory shown = _shown(d, slot);
        vm.prank(registry.court());
        rollup.recordHandIn(_opening(d), d.transcript, shown);
    }

    function _expectDelivered(Draft memory d) private view {
        uint256[] memory flags = rollup.flagsOf(d.id);
        vm.assertEq((flags[0] >> 64) & ALL, 0, "first word");
        vm.assertEq((flags[1] >> 64) & ALL, 1 << (SLOT - 64), "second word");
        vm.assertEq(flags[1] & ALL, ALL >> 1, "votes of the second word");
        vm.assertEq(rollup.candidateOf(d.id).payout.fulfilledWeight(), 1, "weight");
    }
}
