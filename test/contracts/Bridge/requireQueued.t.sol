// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBridge} from "../../../contracts/interfaces/IBridge.sol";
import {Operations} from "../../../contracts/libraries/Operations.sol";
import {Fixture} from "../support/Fixture.sol";
import {skip, vm} from "../support/Vm.sol";

/// @notice What a block begins with. Three operations are due at most.
contract RequireQueuedTest is Fixture {
    uint256 private cut;

    function setUp() public override {
        super.setUp();
        _rich(ALICE);
        _rich(BOB);
        _deposit(ALICE, 7, FIVE);
        _forceTransfer(ALICE, 7, 8, FIVE);
        _forceExit(BOB, 9, FIVE);
        _deposit(BOB, 10, FIVE);
        skip(1);
        cut = vm.getBlockTimestamp();
    }

    function test_TakesExactlyThese() public view {
        bridge.requireQueued(0, 3, _operations(0, 3));
        bridge.requireQueued(2, 2, _operations(2, 4));
        bridge.requireQueued(3, 1, _operations(3, 4));
        bridge.requireQueued(0, 0, "");
        bridge.requireQueued(4, 0, "");
    }

    function test_ThreeAreDueAtOnce() public {
        vm.assertEq(bridge.dueAfter(0, cut), 3, "the most");
        vm.assertEq(bridge.dueAfter(3, cut), 1, "from the third on");
        vm.assertEq(bridge.dueAfter(4, cut), 0, "behind the end");
        vm.assertEq(bridge.dueAfter(0, cut - 1), 0, "before the cut");
        // An operation of the same second as the cut belongs to the next height.
        _forceExit(ALICE, 7, FIVE);
        vm.assertEq(bridge.dueAfter(3, cut), 1, "at the cut");
        vm.assertEq(bridge.dueAfter(3, cut + 1), 2, "a second later it is due");
    }

    function test_RevertsForAnotherLength() public {
        _expectLength(0, 3, _operations(0, 2), 180);
        _expectLength(0, 3, _operations(0, 4), 180);
        _expectLength(0, 3, abi.encodePacked(_operations(0, 3), new bytes(60)), 180);
        _expectLength(0, 3, _slice(_operations(0, 3), 179), 180);
        _expectLength(0, 3, "", 180);
        _expectLength(0, 0, _operations(0, 1), 0);
    }

    function test_RevertsForADoubledOne() public {
        _expectWrong(0, abi.encodePacked(operations[0], operations[0], operations[1]));
        _expectWrong(0, abi.encodePacked(operations[0], operations[1], operations[1]));
    }

    function test_RevertsForAnotherOrder() public {
        _expectWrong(0, abi.encodePacked(operations[1], operations[0], operations[2]));
        _expectWrong(0, abi.encodePacked(operations[0], operations[2], operations[1]));
    }

    function test_RevertsForOthersOfTheQueue() public {
        _expectWrong(1, _operations(0, 3));
        _expectWrong(0, _operations(1, 4));
    }

    function test_RevertsForOneThatNobodyPosted() public {
        bytes memory false_ = Operations.encode(0, 7, FIVE + 32, ALICE, _key(7));
        _expectWrong(0, abi.encodePacked(false_, operations[1], operations[2]));
        _expectWrong(0, abi.encodePacked(operations[0], operations[1], false_));
    }

    function testFuzz_RevertsForAnyOtherByte(uint256 place, bytes1 change) public {
        vm.assume(change != 0);
        bytes memory three = _operations(0, 3);
        three[place % three.length] ^= change;
        _expectWrong(0, three);
    }

    function _operations(uint256 from, uint256 end) private view returns (bytes memory encoded) {
        for (uint256 i = from; i < end; ++i) {
            encoded = abi.encodePacked(encoded, operations[i]);
        }
    }

    function _slice(bytes memory encoded, uint256 length) private pure returns (bytes memory) {
        assembly ("memory-safe") {
            mstore(encoded, length)
        }
        return encoded;
    }

    function _expectWrong(uint256 first, bytes memory three) private {
        vm.expectPartialRevert(IBridge.WrongOperations.selector);
        bridge.requireQueued(first, 3, three);
    }

    function _expectLength(uint256 first, uint256 count, bytes memory encoded, uint256 expected) private {
        vm.expectRevert(abi.encodeWithSelector(IBridge.WrongLength.selector, encoded.length, expected));
        bridge.requireQueued(first, count, encoded);
    }
}
