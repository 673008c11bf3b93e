// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBridge} from "../../../contracts/interfaces/IBridge.sol";
import {Fixture} from "../support/Fixture.sol";
import {vm} from "../support/Vm.sol";

contract BindTest is Fixture {
    function setUp() public override {
        _deploy();
    }

    function test_OnceByTheDeployer() public {
        vm.expectRevert(abi.encodeWithSelector(IBridge.NotDeployer.selector, ALICE, address(this)));
        vm.prank(ALICE);
        bridge.bind(address(rollup));
        vm.expectRevert(abi.encodeWithSelector(IBridge.InvalidRollup.selector, address(0)));
        bridge.bind(address(0));
        vm.expectEmit(address(bridge));
        emit IBridge.Bound(address(rollup));
        bridge.bind(address(rollup));
        vm.expectRevert(abi.encodeWithSelector(IBridge.AlreadyBound.selector, address(rollup)));
        bridge.bind(ALICE);
        vm.assertEq(address(bridge.rollup()), address(rollup), "bound");
    }

    function test_OnlyTheRollupOpensIt() public {
        bridge.bind(BOB);
        vm.expectRevert(abi.encodeWithSelector(IBridge.NotRollup.selector, ALICE, BOB));
        vm.prank(ALICE);
        bridge.start(0);
        token.transfer(address(bridge), 5);
        vm.expectRevert(abi.encodeWithSelector(IBridge.NotBacked.selector, 5, 6));
        vm.prank(BOB);
        bridge.start(6);
        vm.expectEmit(address(bridge));
        emit IBridge.Started(5);
        vm.prank(BOB);
        bridge.start(5);
        vm.assertEq(bridge.backing(), 5, "backing");
        vm.expectRevert(abi.encodeWithSelector(IBridge.AlreadyStarted.selector));
        vm.prank(BOB);
        bridge.start(5);
    }

    function test_NothingIsPostedBefore() public {
        vm.expectRevert(abi.encodeWithSelector(IBridge.NotStarted.selector));
        bridge.deposit(1, FIVE, 1, ALICE);
        vm.expectRevert(abi.encodeWithSelector(IBridge.NotStarted.selector));
        bridge.forceExit(1, FIVE);
        vm.expectRevert(abi.encodeWithSelector(IBridge.NotStarted.selector));
        bridge.freeze();
        vm.expectRevert(abi.encodeWithSelector(IBridge.NotFrozen.selector));
        bridge.refund(0, "");
        vm.assertEq(bridge.lastAdvanceAt(), 0, "no block yet");
    }

    function test_ConstructorRefusesParametersThatCannotWork() public {
        _expectInvalid(1 << 96, 1, 0, "operationFee", 1 << 96);
        _expectInvalid(0, 0, 0, "maxOperations", 0);
        _expectInvalid(0, 1 << 16, 0, "maxOperations", 1 << 16);
        _expectInvalid(0, 1, 1 << 32, "escapeDelay", 1 << 32);
        _newBridge(type(uint96).max, type(uint16).max, type(uint32).max);
        _newBridge(0, 1, 0);
    }

    function _expectInvalid(
        uint256 fee,
        uint256 operations_,
        uint256 delay,
        string memory name,
        uint256 value
    ) private {
        vm.expectRevert(abi.encodeWithSelector(IBridge.InvalidParameter.selector, name, value));
        _newBridge(fee, operations_, delay);
    }
}
