// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBridge} from "../../../contracts/interfaces/IBridge.sol";
import {IRollup} from "../../../contracts/interfaces/IRollup.sol";
import {Fixture} from "../support/Fixture.sol";
import {skip, vm} from "../support/Vm.sol";

contract ClaimFeesTest is Fixture {
    function test_RevertsWithNothingToClaim() public {
        vm.expectRevert(abi.encodeWithSelector(IBridge.NothingToClaim.selector, ALICE));
        vm.prank(ALICE);
        bridge.claimFees(ALICE);
    }

    function test_PaysFeesOfTransfersAndOfOperationsOnce() public {
        _rich(DAVE);
        _final(BOB, 0);
        _forceExit(DAVE, 1, FIVE);
        _deposit(DAVE, 2, FIVE);
        skip(1);
        Draft memory empty = _propose(BOB, 10, 0, _everyone());
        _toReveal();
        _reveal(empty);
        _submitFull(empty);
        _toEnd();
        // Both were posted after the cut of that block, and before that of this one.
        uint256 owed = GENESIS_SUPPLY + 5 ether + 2 * OPERATION_FEE;
        _final(ALICE, 3 ether);
        uint256 earned = 3 ether + 2 * OPERATION_FEE;
        (, uint256 fees) = rollup.creditOf(ALICE);
        vm.assertEq(fees, earned, "credit");
        vm.assertEq(bridge.backing(), owed, "owed to the proposer now");

        vm.expectEmit(address(bridge));
        emit IBridge.FeesClaimed(ALICE, CAROL, earned);
        uint256 before = token.balanceOf(CAROL);
        vm.prank(ALICE);
        vm.assertEq(bridge.claimFees(CAROL), earned, "fees");
        vm.assertEq(token.balanceOf(CAROL) - before, earned, "paid");
        vm.assertEq(bridge.backing(), owed - earned, "no more");
        vm.assertEq(token.balanceOf(address(bridge)), owed - earned, "held");
        vm.expectRevert(abi.encodeWithSelector(IBridge.NothingToClaim.selector, ALICE));
        vm.prank(ALICE);
        bridge.claimFees(CAROL);
        (uint256 rewards, ) = rollup.creditOf(ALICE);
        vm.assertTrue(rewards != 0, "rewards are left");
    }

    function test_BlocksAddUp() public {
        _final(ALICE, 1 ether);
        _final(BOB, 2 ether);
        _final(ALICE, 3 ether);
        vm.prank(ALICE);
        vm.assertEq(bridge.claimFees(ALICE), 4 ether, "fees");
    }

    function test_UnclesEarnNone() public {
        Draft memory winner = _draft(ALICE, 100, 0, _everyone());
        Draft memory uncle = _draft(BOB, 90, 0, _everyone());
        (winner.fees, uncle.fees) = (1 ether, 2 ether);
        _commit(winner);
        _commit(uncle);
        _toReveal();
        _reveal(winner);
        _reveal(uncle);
        _submitFull(winner);
        _submitFull(uncle);
        _toEnd();
        rollup.advance();
        vm.expectRevert(abi.encodeWithSelector(IBridge.NothingToClaim.selector, BOB));
        vm.prank(BOB);
        bridge.claimFees(BOB);
    }

    function test_OnlyTheBridgeTakesFees() public {
        _final(ALICE, 1 ether);
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotBridge.selector, ALICE, address(bridge)));
        vm.prank(ALICE);
        rollup.takeFees(ALICE);
    }
}
