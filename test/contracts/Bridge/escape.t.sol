// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBridge} from "../../../contracts/interfaces/IBridge.sol";
import {FIELD} from "../../../contracts/libraries/Constants.sol";
import {Fixture} from "../support/Fixture.sol";
import {skip, vm} from "../support/Vm.sol";

contract EscapeTest is Fixture {
    uint256 private root;

    function setUp() public override {
        super.setUp();
        root = _final(ALICE, 0).nextStateRoot;
        skip(ESCAPE_DELAY);
    }

    function test_RevertsBeforeTheFreeze() public {
        vm.expectRevert(abi.encodeWithSelector(IBridge.NotFrozen.selector));
        bridge.escape(5, ALICE, 3 ether, _proof(root, 5, ALICE, 3 ether));
    }

    function test_PaysTheOwnerOnce() public {
        bridge.freeze();
        uint256 before = token.balanceOf(ALICE);
        vm.expectEmit(address(bridge));
        emit IBridge.Escaped(5, ALICE, 3 ether);
        vm.prank(BOB);
        bridge.escape(5, ALICE, 3 ether, _proof(root, 5, ALICE, 3 ether));
        vm.assertEq(token.balanceOf(ALICE) - before, 3 ether, "paid");
        vm.assertEq(bridge.backing(), GENESIS_SUPPLY - 3 ether, "owed");
        vm.assertEq(token.balanceOf(address(bridge)), GENESIS_SUPPLY - 3 ether, "held");
        vm.assertTrue(bridge.isEscaped(5), "gone");
        vm.expectRevert(abi.encodeWithSelector(IBridge.AlreadyEscaped.selector, 5));
        bridge.escape(5, ALICE, 3 ether, _proof(root, 5, ALICE, 3 ether));
        vm.expectRevert(abi.encodeWithSelector(IBridge.AlreadyEscaped.selector, 5));
        bridge.escape(5, BOB, 3 ether, _proof(root, 5, BOB, 3 ether));
        bridge.escape(6, ALICE, 4 ether, _proof(root, 6, ALICE, 4 ether));
        vm.assertEq(token.balanceOf(ALICE) - before, 7 ether, "of two accounts");
    }

    function test_RevertsForAnotherNameOfAnAccount() public {
        bridge.freeze();
        bridge.escape(5, ALICE, 3 ether, _proof(root, 5, ALICE, 3 ether));
        uint256[4] memory names = [uint256(0), 5 + (1 << 16), 5 + FIELD, 5 + (1 << 255)];
        for (uint256 i = 0; i < names.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IBridge.InvalidAccount.selector, names[i]));
            bridge.escape(names[i], ALICE, 3 ether, _proof(root, names[i], ALICE, 3 ether));
        }
        bridge.escape(type(uint16).max, ALICE, 1, _proof(root, type(uint16).max, ALICE, 1));
    }

    /// @dev An account without an owner cannot escape: nobody knows whose it is.
    function test_RevertsWithoutAnOwner() public {
        bridge.freeze();
        vm.expectRevert(abi.encodeWithSelector(IBridge.InvalidOwner.selector, address(0)));
        bridge.escape(5, address(0), 3 ether, _proof(root, 5, address(0), 3 ether));
    }

    function test_RevertsForWhatIsNotProven() public {
        bridge.freeze();
        bytes memory proof = _proof(root, 5, ALICE, 3 ether);
        _expectInvalid(6, ALICE, 3 ether, proof);
        _expectInvalid(5, BOB, 3 ether, proof);
        _expectInvalid(5, ALICE, 3 ether + 1, proof);
        _expectInvalid(5, ALICE, 3 ether, _proof(GENESIS_ROOT, 5, ALICE, 3 ether));
        _expectInvalid(5, ALICE, 3 ether, "");
    }

    function test_RevertsForMoreThanIsOwed() public {
        bridge.freeze();
        uint256 more = GENESIS_SUPPLY + 1;
        vm.expectRevert(abi.encodeWithSelector(IBridge.AboveBacking.selector, more, GENESIS_SUPPLY));
        bridge.escape(5, ALICE, more, _proof(root, 5, ALICE, more));
        bridge.escape(5, ALICE, more - 1, _proof(root, 5, ALICE, more - 1));
    }

    function _proof(
        uint256 stateRoot,
        uint256 index,
        address owner,
        uint256 balance
    ) private pure returns (bytes memory) {
        return abi.encode(stateRoot, index, owner, balance);
    }

    function _expectInvalid(uint256 index, address owner, uint256 balance, bytes memory proof) private {
        vm.expectRevert(abi.encodeWithSelector(IBridge.InvalidEscapeProof.selector, index));
        bridge.escape(index, owner, balance, proof);
    }
}
