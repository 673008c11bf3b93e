// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IBridge} from "../../../contracts/interfaces/IBridge.sol";
import {FIELD} from "../../../contracts/libraries/Constants.sol";
import {Fixture} from "../support/Fixture.sol";
import {skip, vm} from "../support/Vm.sol";

contract DepositTest is Fixture {
    uint256 private constant KEY = 0xbee;

    function setUp() public override {
        super.setUp();
        _rich(ALICE);
    }

    function test_QueuesIt() public {
        bytes memory first = abi.encodePacked(uint16(0), uint16(7), FIVE, BOB, KEY);
        uint256 before = token.balanceOf(ALICE);
        vm.expectEmit(address(bridge));
        emit IBridge.OperationPosted(0, first, vm.getBlockTimestamp());
        vm.prank(ALICE);
        vm.assertEq(bridge.deposit(7, FIVE, KEY, BOB), 0, "index");
        uint256 postedAt = vm.getBlockTimestamp();
        vm.assertEq(before - token.balanceOf(ALICE), 5 ether + OPERATION_FEE, "paid");
        vm.assertEq(token.balanceOf(address(bridge)), GENESIS_SUPPLY + 5 ether + OPERATION_FEE, "held");
        vm.assertEq(bridge.backing(), GENESIS_SUPPLY + 5 ether + OPERATION_FEE, "owed");

        skip(1);
        vm.prank(ALICE);
        vm.assertEq(bridge.deposit(8, FIVE, KEY, ALICE), 1, "index");
        (uint256 settled, uint256 posted) = bridge.queue();
        vm.assertEq(settled, 0, "settled");
        vm.assertEq(posted, 2, "posted");
        uint216 chain = uint216(uint256(keccak256(abi.encodePacked(uint216(0), first))));
        _expectEntry(0, chain, postedAt);
        bytes memory second = abi.encodePacked(uint16(0), uint16(8), FIVE, ALICE, KEY);
        chain = uint216(uint256(keccak256(abi.encodePacked(chain, second))));
        _expectEntry(1, chain, postedAt + 1);
        _expectEntry(2, 0, 0);
    }

    function test_RevertsForWhatNoAccountCanBe() public {
        vm.startPrank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IBridge.InvalidAccount.selector, 0));
        bridge.deposit(0, FIVE, KEY, ALICE);
        vm.expectRevert(abi.encodeWithSelector(IBridge.InvalidKey.selector, 0));
        bridge.deposit(1, FIVE, 0, ALICE);
        vm.expectRevert(abi.encodeWithSelector(IBridge.InvalidKey.selector, FIELD));
        bridge.deposit(1, FIVE, FIELD, ALICE);
        vm.expectRevert(abi.encodeWithSelector(IBridge.InvalidOwner.selector, address(0)));
        bridge.deposit(1, FIVE, KEY, address(0));
        bridge.deposit(type(uint16).max, FIVE, FIELD - 1, ALICE);
    }

    function test_RevertsForAmountsThatNoBalanceCanBe() public {
        vm.startPrank(ALICE);
        for (uint32 exponent = 0; exponent < 32; ++exponent) {
            vm.expectRevert(abi.encodeWithSelector(IBridge.InvalidAmount.selector, exponent, 0));
            bridge.deposit(1, exponent, KEY, ALICE);
        }
        // The greatest float, and the least above 2^96.
        uint256 greatest = uint256(2 ** 27 - 1) * 10 ** 31;
        vm.expectRevert(abi.encodeWithSelector(IBridge.InvalidAmount.selector, type(uint32).max, greatest));
        bridge.deposit(1, type(uint32).max, KEY, ALICE);
        uint32 above = (79_228_163 << 5) | 21;
        vm.expectRevert(abi.encodeWithSelector(IBridge.InvalidAmount.selector, above, uint256(79_228_163) * 10 ** 21));
        bridge.deposit(1, above, KEY, ALICE);
    }

    function test_RevertsUnpaid() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                IERC20Errors.ERC20InsufficientAllowance.selector,
                address(bridge),
                0,
                5 ether + OPERATION_FEE
            )
        );
        vm.prank(BOB);
        bridge.deposit(1, FIVE, KEY, BOB);
        (, uint256 posted) = bridge.queue();
        vm.assertEq(posted, 0, "nothing posted");
    }

    function testFuzz_WhateverIsTakenIsWhole(uint16 to, uint32 amount, uint256 key, address l1Owner) public {
        token.transfer(ALICE, 90_000_000 ether);
        uint256 value = uint256(amount >> 5) * 10 ** (amount & 31);
        vm.assume(to != 0 && key % FIELD != 0 && l1Owner != address(0) && value != 0 && value <= 90_000_000 ether);
        _deposit(ALICE, to, amount, key % FIELD, l1Owner);
        (uint216 chain, ) = bridge.operationOf(0);
        vm.assertEq(chain, uint216(uint256(keccak256(abi.encodePacked(uint216(0), operations[0])))), "chain");
        vm.assertEq(operations[0].length, 60, "60 bytes");
        vm.assertEq(bridge.backing(), GENESIS_SUPPLY + value + OPERATION_FEE, "owed");
        vm.assertEq(token.balanceOf(address(bridge)), bridge.backing(), "held");
    }

    function _expectEntry(uint256 index, uint216 chain, uint256 postedAt) private view {
        (uint216 chain_, uint256 postedAt_) = bridge.operationOf(index);
        vm.assertEq(chain_, chain, "chain");
        vm.assertEq(postedAt_, postedAt, "postedAt");
    }
}
