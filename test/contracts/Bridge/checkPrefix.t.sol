// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBridge} from "../../../contracts/interfaces/IBridge.sol";
import {Operations} from "../../../contracts/libraries/Operations.sol";
import {Fixture} from "../support/Fixture.sol";
import {skip, vm} from "../support/Vm.sol";

/// @notice What a block may begin with. Three operations are due at most, two fit a base.
contract CheckPrefixTest is Fixture {
    bytes private constant REST = hex"112233";

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

    function test_TakesExactlyWhatIsDue() public view {
        bytes memory prefix = _operations(0, 3);
        vm.assertEq(bridge.checkPrefix(0, cut, abi.encodePacked(prefix, new bytes(60))), 3, "alone");
        vm.assertEq(bridge.checkPrefix(0, cut, abi.encodePacked(prefix, new bytes(60), REST)), 3, "and transfers");
        prefix = abi.encodePacked(_operations(3, 4), new bytes(60));
        vm.assertEq(bridge.checkPrefix(3, cut, abi.encodePacked(prefix, REST)), 1, "from the third on");
        vm.assertEq(bridge.checkPrefix(2, cut, abi.encodePacked(_operations(2, 4), REST)), 2, "a full node");
    }

    function test_TakesAnythingWhereNothingIsDue() public view {
        vm.assertEq(bridge.checkPrefix(4, cut, REST), 0, "behind the end");
        vm.assertEq(bridge.checkPrefix(0, cut - 1, REST), 0, "before the cut");
        vm.assertEq(bridge.checkPrefix(0, cut - 1, ""), 0, "nothing at all");
    }

    function test_RevertsForAMissingOperation() public {
        _expectWrong(0, abi.encodePacked(_operations(1, 4), new bytes(60)));
        _expectWrong(0, abi.encodePacked(_operations(0, 2), new bytes(120)));
        _expectWrong(0, abi.encodePacked(operations[0], operations[2], new bytes(120)));
        _expectWrong(0, _operations(0, 2));
        _expectWrong(0, "");
        _expectWrong(0, REST);
    }

    function test_RevertsForADoubledOne() public {
        _expectWrong(0, abi.encodePacked(operations[0], operations[0], operations[1], new bytes(60)));
        _expectWrong(0, abi.encodePacked(operations[0], operations[1], operations[1], new bytes(60)));
    }

    function test_RevertsForAnotherOrder() public {
        _expectWrong(0, abi.encodePacked(operations[1], operations[0], operations[2], new bytes(60)));
        _expectWrong(0, abi.encodePacked(operations[0], operations[2], operations[1], new bytes(60)));
    }

    function test_RevertsForWhatIsSettled() public {
        _expectWrong(1, abi.encodePacked(_operations(0, 3), new bytes(60)));
    }

    function test_RevertsForOneThatNobodyPosted() public {
        bytes memory false_ = Operations.encode(0, 7, FIVE + 32, ALICE, _key(7));
        _expectWrong(0, abi.encodePacked(false_, operations[1], operations[2], new bytes(60)));
        _expectWrong(0, abi.encodePacked(operations[0], operations[1], false_, new bytes(60)));
    }

    function testFuzz_RevertsForAnyOtherByte(uint256 place, bytes1 change) public {
        vm.assume(change != 0);
        bytes memory prefix = _operations(0, 3);
        place %= prefix.length;
        prefix[place] ^= change;
        _expectWrong(0, abi.encodePacked(prefix, new bytes(60)));
    }

    /// @dev The fourth is posted in time, but is one too many.
    function test_RevertsForMoreThanIsDue() public {
        _expectUnused(0, abi.encodePacked(_operations(0, 4)), 3, 6);
    }

    /// @dev An operation of the same second as the cut belongs to the next height.
    function test_RevertsForOneThatWasPostedAtTheCut() public {
        _forceExit(ALICE, 7, FIVE);
        _expectUnused(3, abi.encodePacked(_operations(3, 5)), 1, 2);
        vm.assertEq(bridge.checkPrefix(3, cut + 1, _operations(3, 5)), 2, "a second later it is due");
    }

    function testFuzz_RevertsForAnythingInUnusedPlaces(uint256 place, bytes1 what) public {
        vm.assume(what != 0);
        bytes memory prefix = abi.encodePacked(_operations(0, 3), new bytes(60));
        place = 180 + (place % 60);
        prefix[place] = what;
        _expectUnused(0, prefix, 3, place / 30);
    }

    /// @dev Two of these have no key, so the second word is nothing but zeros.
    function test_ZerosAtTheEndMayBeLeftOut() public view {
        vm.assertEq(bridge.checkPrefix(0, cut, _operations(0, 3)), 3, "the unused place");
        vm.assertEq(bridge.checkPrefix(0, cut, _slice(_operations(0, 3), 150)), 3, "and the third one's second word");
    }

    function test_NothingElseMayBeLeftOut() public {
        _expectWrong(0, _slice(_operations(0, 3), 120));
        _expectWrong(3, _slice(_operations(3, 4), 30));
    }

    function _operations(uint256 from, uint256 end) private view returns (bytes memory data) {
        for (uint256 i = from; i < end; ++i) {
            data = abi.encodePacked(data, operations[i]);
        }
    }

    function _slice(bytes memory data, uint256 length) private pure returns (bytes memory) {
        assembly ("memory-safe") {
            mstore(data, length)
        }
        return data;
    }

    function _expectWrong(uint256 first, bytes memory data) private {
        vm.expectPartialRevert(IBridge.WrongOperations.selector);
        bridge.checkPrefix(first, cut, data);
    }

    function _expectUnused(uint256 first, bytes memory data, uint256 count, uint256 word) private {
        vm.expectRevert(abi.encodeWithSelector(IBridge.UnusedPlaces.selector, count, word));
        bridge.checkPrefix(first, cut, data);
    }
}
