// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Fixture} from "../support/Fixture.sol";
import {vm} from "../support/Vm.sol";

contract DueTest is Fixture {
    function setUp() public override {
        super.setUp();
        _rich(ALICE);
    }

    function _maxOperations() internal pure override returns (uint256) {
        return 4;
    }

    function test_OnlyWhatWasPostedBeforeTheCut() public {
        uint256 postedAt = vm.getBlockTimestamp();
        _deposit(ALICE, 1, FIVE);
        _expectDue(postedAt - 1, 0);
        _expectDue(postedAt, 0);
        _expectDue(postedAt + 1, 1);
    }

    function test_NotMoreThanTheMaximum() public {
        uint256 postedAt = vm.getBlockTimestamp();
        for (uint16 i = 1; i <= 6; ++i) {
            _deposit(ALICE, i, FIVE);
        }
        _expectDue(postedAt, 0);
        _expectDue(postedAt + 1, 4);
        vm.assertEq(bridge.dueAfter(4, postedAt + 1), 2, "the rest");
        vm.assertEq(bridge.dueAfter(6, postedAt + 1), 0, "nothing");
        vm.assertEq(bridge.dueAfter(7, postedAt + 1), 0, "behind the end");
    }

    function test_NothingIsDueOfNothing() public view {
        _expectDue(type(uint40).max, 0);
    }

    function testFuzz_IsAPlainCount(uint8[12] memory gaps, uint8 first, uint256 cut) public {
        uint256 start = vm.getBlockTimestamp();
        uint256[12] memory times;
        for (uint256 i = 0; i < 12; ++i) {
            vm.warp(vm.getBlockTimestamp() + (gaps[i] % 3));
            times[i] = vm.getBlockTimestamp();
            _deposit(ALICE, uint16(i + 1), 1 << 5);
        }
        cut = start + (cut % (times[11] - start + 2));
        uint256 from = first % 14;
        uint256 count = 0;
        for (uint256 i = from; i < 12 && count < 4 && times[i] < cut; ++i) {
            ++count;
        }
        vm.assertEq(bridge.dueAfter(from, cut), count, "due");
    }

    function _expectDue(uint256 queueCut, uint256 expected) private view {
        (uint256 first, uint256 count) = bridge.dueOperations(queueCut);
        vm.assertEq(first, 0, "first");
        vm.assertEq(count, expected, "count");
    }
}
