// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ExitClaim, IBridge} from "../../../contracts/interfaces/IBridge.sol";
import {IRollup} from "../../../contracts/interfaces/IRollup.sol";
import {FIELD} from "../../../contracts/libraries/Constants.sol";
import {Fixture} from "../support/Fixture.sol";
import {vm} from "../support/Vm.sol";

contract ClaimExitsTest is Fixture {
    uint256 private constant COMMITMENT = 0xc0;
    uint256 private constant EXIT = uint256(FIVE) << 160;

    Draft private first;

    function setUp() public override {
        super.setUp();
        first = _final(ALICE, 0);
    }

    function test_PaysEachOwner() public {
        Draft memory second = _final(BOB, 0);
        ExitClaim[] memory list = new ExitClaim[](4);
        list[0] = ExitClaim(first.id, 0, _exitOf(ALICE));
        list[1] = ExitClaim(second.id, 0, _exitOf(BOB));
        list[2] = ExitClaim(first.id, (3 << 16) | 1, _exitOf(BOB));
        list[3] = ExitClaim(second.id, 1, (uint256(1 << 5) << 160) | uint160(CAROL));
        uint256[3] memory before = [token.balanceOf(ALICE), token.balanceOf(BOB), token.balanceOf(CAROL)];
        vm.expectEmit(address(bridge));
        emit IBridge.ExitClaimed(first.id, 0, ALICE, 5 ether);
        vm.expectEmit(address(bridge));
        emit IBridge.ExitClaimed(second.id, 0, BOB, 5 ether);
        vm.expectEmit(address(bridge));
        emit IBridge.ExitClaimed(first.id, (3 << 16) | 1, BOB, 5 ether);
        vm.expectEmit(address(bridge));
        emit IBridge.ExitClaimed(second.id, 1, CAROL, 1);
        vm.prank(DAVE);
        bridge.claimExits(list, COMMITMENT, _proof(list));
        vm.assertEq(token.balanceOf(ALICE) - before[0], 5 ether, "one");
        vm.assertEq(token.balanceOf(BOB) - before[1], 10 ether, "two");
        vm.assertEq(token.balanceOf(CAROL) - before[2], 1, "one wei");
        vm.assertEq(bridge.backing(), GENESIS_SUPPLY - 15 ether - 1, "owed");
        vm.assertEq(token.balanceOf(address(bridge)), bridge.backing(), "held");
        vm.assertTrue(bridge.isClaimed(first.id, (3 << 16) | 1), "claimed");
        vm.assertFalse(bridge.isClaimed(second.id, (3 << 16) | 1), "of another block");
    }

    function test_RevertsForNoneAndForTooMany() public {
        vm.expectRevert(abi.encodeWithSelector(IBridge.InvalidClaimCount.selector, 0, 4));
        bridge.claimExits(new ExitClaim[](0), COMMITMENT, "");
        vm.expectRevert(abi.encodeWithSelector(IBridge.InvalidClaimCount.selector, 5, 4));
        bridge.claimExits(new ExitClaim[](5), COMMITMENT, "");
    }

    /* WHICH BLOCK */

    function test_RevertsForABlockThatIsNotFinal() public {
        Draft memory winner = _propose(ALICE, 200, 5_000, _everyone());
        Draft memory uncle = _propose(BOB, 100, 5_000, _everyone());
        _toReveal();
        _reveal(winner);
        _reveal(uncle);
        _expectNotFinal(winner.id);
        _submitFull(winner);
        _submitFull(uncle);
        _toEnd();
        _expectNotFinal(winner.id);
        rollup.advance();
        _expectNotFinal(uncle.id);
        _expectNotFinal(0);
        _claim(ExitClaim(winner.id, 0, _exitOf(ALICE)));
        // What is final once is so for ever.
        _final(CAROL, 0);
        _claim(ExitClaim(first.id, 0, _exitOf(ALICE)));
    }

    /* TWICE */

    function test_RevertsTheSecondTime() public {
        ExitClaim memory claim = ExitClaim(first.id, 5, _exitOf(ALICE));
        _claim(claim);
        _expectClaimed(_list(claim), 5);
        // Neither for another owner nor for another amount: the place is used up.
        _expectClaimed(_list(ExitClaim(first.id, 5, _exitOf(BOB))), 5);
        ExitClaim[] memory twice = new ExitClaim[](2);
        twice[0] = twice[1] = ExitClaim(first.id, 6, _exitOf(ALICE));
        _expectClaimed(twice, 6);
        vm.assertFalse(bridge.isClaimed(first.id, 6), "not by halves");
    }

    /// @dev All of these are 5 to a circuit that takes numbers modulo the field, or low bits of them.
    function test_RevertsForAnotherNameOfAPlace() public {
        _claim(ExitClaim(first.id, 5, _exitOf(ALICE)));
        uint256[3] memory names = [5 + FIELD, 5 + (1 << 32), 5 + (1 << 255)];
        for (uint256 i = 0; i < names.length; ++i) {
            ExitClaim[] memory list = _list(ExitClaim(first.id, names[i], _exitOf(ALICE)));
            bytes memory proof = _proof(list);
            vm.expectRevert(abi.encodeWithSelector(IBridge.InvalidPosition.selector, names[i]));
            bridge.claimExits(list, COMMITMENT, proof);
        }
        _claim(ExitClaim(first.id, type(uint32).max, _exitOf(ALICE)));
    }

    function test_RevertsForAnotherNameOfAnExit() public {
        uint256[4] memory exits = [uint256(0), _exitOf(ALICE) + FIELD, _exitOf(ALICE) | (1 << 192), 1 << 255];
        for (uint256 i = 0; i < exits.length; ++i) {
            ExitClaim[] memory list = _list(ExitClaim(first.id, 5, exits[i]));
            bytes memory proof = _proof(list);
            vm.expectRevert(abi.encodeWithSelector(IBridge.InvalidExit.selector, exits[i]));
            bridge.claimExits(list, COMMITMENT, proof);
        }
    }

    /* PROOF */

    function test_RevertsForWhatIsNotProven() public {
        ExitClaim[] memory list = _list(ExitClaim(first.id, 5, _exitOf(ALICE)));
        bytes memory proof = _proof(list);
        _expectInvalid(_list(ExitClaim(first.id, 4, _exitOf(ALICE))), proof);
        _expectInvalid(_list(ExitClaim(first.id, 5, _exitOf(BOB))), proof);
        _expectInvalid(_list(ExitClaim(first.id, 5, _exitOf(ALICE) + (1 << 165))), proof);
        Draft memory second = _final(BOB, 0);
        _expectInvalid(_list(ExitClaim(second.id, 5, _exitOf(ALICE))), proof);
        ExitClaim[] memory more = new ExitClaim[](2);
        (more[0], more[1]) = (list[0], ExitClaim(second.id, 5, _exitOf(ALICE)));
        _expectInvalid(more, proof);
        vm.expectRevert(abi.encodeWithSelector(IBridge.InvalidExitProof.selector));
        bridge.claimExits(list, COMMITMENT + 1, proof);
        bridge.claimExits(list, COMMITMENT, proof);
    }

    /// @dev With sound circuits that never happens.
    function test_RevertsForMoreThanIsOwed() public {
        uint256 exit = (uint256((1_001 << 5) | 18) << 160) | uint160(ALICE);
        ExitClaim[] memory list = _list(ExitClaim(first.id, 5, exit));
        bytes memory proof = _proof(list);
        vm.expectRevert(abi.encodeWithSelector(IBridge.AboveBacking.selector, 1_001 ether, GENESIS_SUPPLY));
        bridge.claimExits(list, COMMITMENT, proof);
        _claim(ExitClaim(first.id, 5, (uint256((1_000 << 5) | 18) << 160) | uint160(ALICE)));
        vm.assertEq(bridge.backing(), 0, "nothing is left");
    }

    function _exitOf(address owner) private pure returns (uint256) {
        return EXIT | uint160(owner);
    }

    function _list(ExitClaim memory claim) private pure returns (ExitClaim[] memory list) {
        list = new ExitClaim[](1);
        list[0] = claim;
    }

    function _claim(ExitClaim memory claim) private {
        ExitClaim[] memory list = _list(claim);
        bridge.claimExits(list, COMMITMENT, _proof(list));
    }

    /// @dev Roots are those of the blocks as the tests know them, not as the rollup tells.
    function _proof(ExitClaim[] memory list) private view returns (bytes memory) {
        uint256[] memory values = new uint256[](12);
        for (uint256 i = 0; i < list.length; ++i) {
            values[3 * i] = rollup.candidateOf(list[i].proposalId).withdrawalsRoot;
            if (list[i].proposalId == first.id) values[3 * i] = _withdrawalsRoot(first);
            values[3 * i + 1] = list[i].position;
            values[3 * i + 2] = list[i].exit;
        }
        return abi.encode(COMMITMENT, values);
    }

    function _expectNotFinal(uint256 proposalId) private {
        ExitClaim[] memory list = _list(ExitClaim(proposalId, 0, _exitOf(ALICE)));
        bytes memory proof = _proof(list);
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotFinal.selector, proposalId));
        bridge.claimExits(list, COMMITMENT, proof);
    }

    function _expectClaimed(ExitClaim[] memory list, uint256 position) private {
        bytes memory proof = _proof(list);
        vm.expectRevert(abi.encodeWithSelector(IBridge.AlreadyClaimed.selector, first.id, position));
        bridge.claimExits(list, COMMITMENT, proof);
    }

    function _expectInvalid(ExitClaim[] memory list, bytes memory proof) private {
        vm.expectRevert(abi.encodeWithSelector(IBridge.InvalidExitProof.selector));
        bridge.claimExits(list, COMMITMENT, proof);
    }
}
