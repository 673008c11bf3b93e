// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBridge} from "../../../contracts/interfaces/IBridge.sol";
import {Fixture} from "../support/Fixture.sol";
import {vm} from "../support/Vm.sol";

contract ForceTest is Fixture {
    function setUp() public override {
        super.setUp();
        _rich(ALICE);
    }

    function test_ATransferNamesItsCaller() public {
        bytes memory operation = abi.encodePacked(uint16(3), uint16(9), FIVE, ALICE, uint256(0));
        uint256 before = token.balanceOf(ALICE);
        vm.expectEmit(address(bridge));
        emit IBridge.OperationPosted(0, operation, vm.getBlockTimestamp());
        vm.prank(ALICE);
        vm.assertEq(bridge.forceTransfer(3, 9, FIVE), 0, "index");
        vm.assertEq(before - token.balanceOf(ALICE), OPERATION_FEE, "the fee alone");
        vm.assertEq(bridge.backing(), GENESIS_SUPPLY + OPERATION_FEE, "owed");
    }

    function test_AnExitNamesItsCaller() public {
        bytes memory operation = abi.encodePacked(uint16(3), uint16(0), FIVE, ALICE, uint256(0));
        vm.expectEmit(address(bridge));
        emit IBridge.OperationPosted(0, operation, vm.getBlockTimestamp());
        vm.prank(ALICE);
        vm.assertEq(bridge.forceExit(3, FIVE), 0, "index");
        vm.assertEq(bridge.nonceOf(ALICE), 0, "what its owner posts needs no nonce");
    }

    function test_RevertsForAccountZero() public {
        vm.startPrank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IBridge.InvalidAccount.selector, 0));
        bridge.forceTransfer(0, 9, FIVE);
        vm.expectRevert(abi.encodeWithSelector(IBridge.InvalidAccount.selector, 0));
        bridge.forceTransfer(9, 0, FIVE);
        vm.expectRevert(abi.encodeWithSelector(IBridge.InvalidAccount.selector, 0));
        bridge.forceExit(0, FIVE);
    }

    function test_RevertsForAmountsThatNoBalanceCanBe() public {
        uint256 greatest = uint256(2 ** 27 - 1) * 10 ** 31;
        vm.startPrank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IBridge.InvalidAmount.selector, type(uint32).max, greatest));
        bridge.forceTransfer(1, 2, type(uint32).max);
        vm.expectRevert(abi.encodeWithSelector(IBridge.InvalidAmount.selector, type(uint32).max, greatest));
        bridge.forceExit(1, type(uint32).max);
        bridge.forceExit(1, 0);
    }
}
