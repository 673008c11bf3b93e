// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBridge} from "../../../contracts/interfaces/IBridge.sol";
import {Operations} from "../../../contracts/libraries/Operations.sol";
import {Fixture} from "../support/Fixture.sol";
import {skip, vm} from "../support/Vm.sol";

contract RefundTest is Fixture {
    /// @dev Four operations, of which the first three are settled.
    function setUp() public override {
        super.setUp();
        _rich(ALICE);
        _rich(BOB);
        _final(ALICE, 0);
        _deposit(ALICE, 1, FIVE);
        _deposit(ALICE, 2, FIVE);
        _forceExit(ALICE, 2, FIVE);
        skip(1);
        _final(ALICE, 0);
        _final(ALICE, 0);
        _deposit(ALICE, 3, FIVE, 7, BOB);
        _forceTransfer(BOB, 1, 2, FIVE);
        _deposit(BOB, 4, FIVE);
        skip(ESCAPE_DELAY);
    }

    function test_RevertsBeforeTheFreeze() public {
        vm.expectRevert(abi.encodeWithSelector(IBridge.NotFrozen.selector));
        bridge.refund(3, operations[3]);
    }

    function test_PaysTheOwnerThatItNames() public {
        bridge.freeze();
        uint256 before = token.balanceOf(BOB);
        uint256 owed = bridge.backing();
        vm.expectEmit(address(bridge));
        emit IBridge.Refunded(3, BOB, 5 ether + OPERATION_FEE);
        bridge.refund(3, operations[3]);
        vm.expectEmit(address(bridge));
        emit IBridge.Refunded(4, BOB, OPERATION_FEE);
        bridge.refund(4, operations[4]);
        vm.assertEq(token.balanceOf(BOB) - before, 5 ether + 2 * OPERATION_FEE, "paid");
        vm.assertEq(bridge.backing(), owed - 5 ether - 2 * OPERATION_FEE, "owed");
        vm.assertEq(token.balanceOf(address(bridge)), bridge.backing(), "held");
        vm.assertTrue(bridge.isRefunded(3) && bridge.isRefunded(4) && !bridge.isRefunded(5), "refunded");
        vm.expectRevert(abi.encodeWithSelector(IBridge.AlreadyRefunded.selector, 3));
        bridge.refund(3, operations[3]);
    }

    function test_RevertsForWhatIsNotInTheQueue() public {
        bridge.freeze();
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IBridge.NotQueued.selector, i, 3, 6));
            bridge.refund(i, operations[i]);
        }
        vm.expectRevert(abi.encodeWithSelector(IBridge.NotQueued.selector, 6, 3, 6));
        bridge.refund(6, operations[5]);
        vm.expectRevert(abi.encodeWithSelector(IBridge.NotQueued.selector, type(uint256).max, 3, 6));
        bridge.refund(type(uint256).max, operations[5]);
    }

    function test_RevertsForAnotherOperation() public {
        bridge.freeze();
        _expectWrong(3, operations[5]);
        _expectWrong(4, operations[3]);
        _expectWrong(3, Operations.encode(0, 3, FIVE + 32, BOB, 7));
        _expectWrong(3, Operations.encode(0, 3, FIVE, ALICE, 7));
        _expectWrong(4, Operations.encode(0, 2, FIVE, BOB, 0));
        _expectWrong(3, abi.encodePacked(operations[3], bytes1(0)));
        _expectWrong(3, "");
    }

    function testFuzz_RevertsForAnyOtherByte(uint256 place, bytes1 change) public {
        vm.assume(change != 0);
        bridge.freeze();
        bytes memory operation = operations[3];
        operation[place % 60] ^= change;
        _expectWrong(3, operation);
    }

    /// @dev What is left are the genesis balances and two settled deposits, and what the proposer has not claimed.
    function test_NothingIsLeftOver() public {
        bridge.freeze();
        for (uint256 i = 3; i < 6; ++i) {
            bridge.refund(i, operations[i]);
        }
        vm.assertEq(bridge.backing(), GENESIS_SUPPLY + 10 ether + 3 * OPERATION_FEE, "owed");
        vm.prank(ALICE);
        vm.assertEq(bridge.claimFees(ALICE), 3 * OPERATION_FEE, "fees of what is settled");
    }

    function _expectWrong(uint256 index, bytes memory operation) private {
        vm.expectPartialRevert(IBridge.WrongOperation.selector);
        bridge.refund(index, operation);
    }
}
