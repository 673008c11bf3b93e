// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NodeStatement} from "../../../contracts/interfaces/IForestVerifier.sol";
import {IProverCourt, NodeProof} from "../../../contracts/interfaces/IProverCourt.sol";
import {IRollup} from "../../../contracts/interfaces/IRollup.sol";
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

    /// @dev All slots are one prover's: a merge's children hold 273 each, and all that it shows is one prover more.
    function test_AProverMayHoldHundredsOfSlots() public {
        Draft memory d = _revealedByOne();
        uint256[] memory flags = new uint256[](5);
        rollup.submitProof(_submission(d, flags));
        NodeProof memory merge = _merge(1, 0xffff, false);
        NodeStatement memory statement = _statement(d, merge, _contentsOf(d));
        vm.assertEq(statement.childAssigned[15], 273, "count");
        _handIn(d, _nodes(merge, _node(32)));
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 1, "provers");
        vm.assertEq(rollup.candidateOf(d.id).payout.fulfilledWeight(), 2, "slot 32 alone is voted for, too");
        vm.assertEq(rollup.candidateOf(d.id).payout.silent(), 0, "voters");
        vm.assertEq(rollup.flagsOf(d.id)[0], (((1 << 32) | 2) << 64) | (0xffff << 17), "flags");
    }

    /// @dev Whose first slots are a multiple of 64 apart, and of 256.
    function test_ProversAreToldApart() public {
        for (uint256 i = 0; i < 2; ++i) {
            uint256 other = [uint256(80), 272][i];
            Draft memory d = _revealed(_with(16, 5, other, 6));
            uint256[] memory flags = new uint256[](5);
            flags[0] = 1 << 16;
            flags[other >> 6] |= 1 << 16;
            rollup.submitProof(_submission(d, flags));
            _handIn(d, _nodes(_node(16), _node(other)));
            vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 2, "provers");
            vm.assertEq(rollup.candidateOf(d.id).payout.fulfilledWeight(), 3 + 2, "a merge and a base");
            _toEnd();
            rollup.advance();
        }
    }

    function test_HigherSlotsAreKeptForACandidateToCome() public {
        Draft memory d = _revealedByOne();
        _handIn(d, _nodes(_node(80)));
        vm.assertEq(rollup.flagsOf(d.id)[1], 1 << (192 + 16), "kept");
        uint256[] memory flags = new uint256[](5);
        flags[1] = 1 << 16;
        rollup.submitProof(_submission(d, flags));
        vm.assertEq(rollup.flagsOf(d.id)[1], (1 << (192 + 16)) | (1 << (64 + 16)) | (1 << 16), "delivered");
        vm.assertEq(rollup.candidateOf(d.id).payout.fulfilledWeight(), 2, "a base");
    }

    /// @dev Slots 65 to 80 are the children of slot 4.
    function test_AMergeShowsVotesOfHigherSlots() public {
        Draft memory d = _revealedByOne();
        rollup.submitProof(_submission(d, new uint256[](5)));
        _handIn(d, _nodes(_merge(4, 0x8001, true)));
        vm.assertEq(rollup.flagsOf(d.id)[0], 0, "the first slots");
        vm.assertEq(rollup.flagsOf(d.id)[1], (1 << 1) | (1 << 16), "slots 65 and 80");
    }

    function test_ContentsOfEveryGroupAreTheCandidates() public {
        Draft memory d = _revealedByOne();
        uint256[] memory flags = new uint256[](5);
        rollup.submitProof(_submission(d, flags));
        uint256[] memory contents = _contentsOf(d);
        contents[271] += 1;
        vm.expectPartialRevert(IRollup.WrongContents.selector);
        this.handInAt(d, 272, contents);
        _handIn(d, _nodes(_node(272)));
        vm.assertEq(rollup.flagsOf(d.id)[4], 1 << (64 + 16), "flags");
    }

    function handInAt(Draft memory d, uint256 slot, uint256[] memory contents) external {
        _handIn(d, _nodes(_node(slot)), contents);
    }

    function _revealedByOne() private returns (Draft memory d) {
        return _revealed(_with(0, 4, 0, 4));
    }

    /// @dev Prover 4 in all slots but two.
    function _with(uint256 a, uint256 ofA, uint256 b, uint256 ofB) private pure returns (bytes memory transcript) {
        for (uint256 slot = 0; slot < 273; ++slot) {
            transcript = abi.encodePacked(
                transcript,
                uint16(
                    slot == a
                        ? ofA
                        : slot == b
                            ? ofB
                            : 4
                )
            );
        }
    }

    function _revealed(bytes memory transcript) private returns (Draft memory d) {
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
