// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IProverCourt, NodeProof} from "../../../contracts/interfaces/IProverCourt.sol";
import {vm} from "../support/Vm.sol";
import {CourtFixture} from "./CourtFixture.sol";

/// @dev 273 slots: five words of flags, and more slots than a byte counts.
contract LargeCourtTest is CourtFixture {
    uint256 private constant SLOT = 100;

    function _arity() internal pure override returns (uint256) {
        return 16;
    }

    function test_EveryWordOfFlagsCounts() public {
        Draft memory d = _withheldAt(SLOT);
        vm.expectEmit(address(court));
        emit IProverCourt.Slashed(d.id, 4, 1, 273, FULL / 273, FULL / 273);
        vm.assertEq(_slash(d, 4), FULL / 273, "burnt");
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
    }
}
