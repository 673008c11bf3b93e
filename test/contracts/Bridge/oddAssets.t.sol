// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ExitClaim, IBridge} from "../../../contracts/interfaces/IBridge.sol";
import {LedgerLibrary} from "../../../contracts/types/Ledger.sol";
import {IAssetHolder, OddAsset} from "../../../contracts/mocks/OddAsset.sol";
import {Fixture} from "../support/Fixture.sol";
import {skip, vm} from "../support/Vm.sol";

/// @dev An asset that returns nothing, refuses receivers and calls them back.
contract OddAssetTest is Fixture, IAssetHolder {
    OddAsset private odd;
    uint256 private calls;
    /// @dev What is tried when the asset calls back.
    // The formatter would put a visibility before the type's own, which does not parse.
    // solhint-disable-next-line state-visibility
    function() internal again;

    function test_AnAssetWithoutReturnValuesIsPaid() public {
        odd.give(ALICE, 10 ether);
        _deposit(ALICE, 7, FIVE);
        vm.assertEq(odd.balanceOf(address(bridge)), GENESIS_SUPPLY + 5 ether + OPERATION_FEE, "pulled");
        _final(ALICE, 3 ether);
        vm.prank(ALICE);
        bridge.claimFees(BOB);
        vm.assertEq(odd.balanceOf(BOB), 3 ether, "paid");
        vm.assertEq(odd.balanceOf(address(bridge)), bridge.backing(), "held");
    }

    function test_ARefusedReceiverBlocksNobody() public {
        odd.refuse(ALICE);
        _final(ALICE, 3 ether);
        vm.expectRevert(abi.encodeWithSelector(OddAsset.Refused.selector, ALICE));
        vm.prank(ALICE);
        bridge.claimFees(ALICE);
        _final(BOB, 0);
        vm.prank(ALICE);
        bridge.claimFees(CAROL);
        vm.assertEq(odd.balanceOf(CAROL), 3 ether, "another receiver");
    }

    function test_ARefusedOwnerBlocksItsOwnExitAlone() public {
        Draft memory d = _final(ALICE, 0);
        odd.refuse(BOB);
        ExitClaim[] memory both = new ExitClaim[](2);
        both[0] = ExitClaim(d.id, 0, (uint256(FIVE) << 160) | uint160(BOB));
        both[1] = ExitClaim(d.id, 1, (uint256(FIVE) << 160) | uint160(CAROL));
        vm.expectRevert(abi.encodeWithSelector(OddAsset.Refused.selector, BOB));
        _claim(d, both);
        ExitClaim[] memory one = new ExitClaim[](1);
        one[0] = both[1];
        _claim(d, one);
        vm.assertEq(odd.balanceOf(CAROL), 5 ether, "the other one is paid");
    }

    /// @dev 2^96 wei are all that the books have room for, fees included.
    function test_RevertsWhereThereIsNoRoom() public {
        odd.give(ALICE, type(uint128).max);
        uint256 room = LedgerLibrary.MAX_BACKING - GENESIS_SUPPLY;
        uint256 value = uint256(79_228_162) * 10 ** 21;
        _expectNoRoom((79_228_162 << 5) | 21, value, room);
        value = uint256(79_227_161) * 10 ** 21;
        _deposit(ALICE, 1, (79_227_161 << 5) | 21);
        room -= value + OPERATION_FEE;
        // The most that fits, fee and all: less is left than another fee.
        uint32 mantissa = uint32((room - OPERATION_FEE) / 10 ** 16);
        _expectNoRoom(((mantissa + 1) << 5) | 16, uint256(mantissa + 1) * 10 ** 16, room);
        _deposit(ALICE, 1, (mantissa << 5) | 16);
        room -= uint256(mantissa) * 10 ** 16 + OPERATION_FEE;
        vm.expectRevert(abi.encodeWithSelector(IBridge.NoRoom.selector, OPERATION_FEE, room));
        vm.prank(ALICE);
        bridge.forceExit(1, FIVE);
    }

    function test_TakesWhatFillsTheRoomToTheLastWei() public {
        odd.give(ALICE, type(uint128).max);
        uint256 rest = LedgerLibrary.MAX_BACKING - GENESIS_SUPPLY - 4 * OPERATION_FEE;
        for (uint256 exponent = 21; rest != 0; exponent = exponent > 8 ? exponent - 8 : 0) {
            uint256 unit = 10 ** exponent;
            _deposit(ALICE, 1, uint32(((rest / unit) << 5) | exponent));
            rest %= unit;
        }
        vm.assertEq(bridge.backing(), LedgerLibrary.MAX_BACKING, "full");
        vm.expectRevert(abi.encodeWithSelector(IBridge.NoRoom.selector, OPERATION_FEE, 0));
        vm.prank(ALICE);
        bridge.forceExit(1, FIVE);
    }

    /* RE-ENTRANCY */

    function test_FeesArePaidOnce() public {
        _seat(address(this));
        _final(address(this), 3 ether);
        again = _claimFeesAgain;
        odd.enableHook();
        bridge.claimFees(address(this));
        vm.assertEq(calls, 1, "called back");
        vm.assertEq(odd.balanceOf(address(this)), 3 ether, "fees");
    }

    function test_AnExitIsPaidOnce() public {
        _exiting = _final(ALICE, 0);
        again = _claimExitAgain;
        odd.enableHook();
        _claim(_exiting, _ownExit());
        vm.assertEq(calls, 1, "called back");
        vm.assertEq(odd.balanceOf(address(this)), 5 ether, "exit");
    }

    function test_AnAccountEscapesOnce() public {
        skip(ESCAPE_DELAY);
        bridge.freeze();
        again = _escapeAgain;
        odd.enableHook();
        _escape();
        vm.assertEq(calls, 1, "called back");
        vm.assertEq(odd.balanceOf(address(this)), 2 ether, "balance");
    }

    function test_AnOperationIsRefundedOnce() public {
        odd.give(address(this), 10 ether);
        _deposit(address(this), 7, FIVE);
        skip(ESCAPE_DELAY);
        bridge.freeze();
        again = _refundAgain;
        odd.enableHook();
        bridge.refund(0, operations[0]);
        vm.assertEq(calls, 1, "called back");
        vm.assertEq(odd.balanceOf(address(this)), 10 ether, "all of it");
    }

    /// @dev Called before the asset has moved: a second deposit gets the next number, and both are paid for.
    function test_ADepositWithinADepositIsTheNextOne() public {
        odd.give(address(this), 100 ether);
        again = _depositAgain;
        odd.enableHook();
        vm.assertEq(bridge.deposit(7, FIVE, 1, ALICE), 0, "the outer one");
        vm.assertEq(calls, 2, "called back by both");
        (, uint256 posted) = bridge.queue();
        vm.assertEq(posted, 2, "posted");
        vm.assertEq(bridge.backing(), GENESIS_SUPPLY + 10 ether + 2 * OPERATION_FEE, "owed");
        vm.assertEq(odd.balanceOf(address(bridge)), bridge.backing(), "held");
    }

    function onAsset() external {
        ++calls;
        again();
    }

    Draft private _exiting;

    // Called through `again` only, which the rule does not follow.
    // solhint-disable no-unused-private-funcs

    function _claimFeesAgain() private {
        vm.expectRevert(abi.encodeWithSelector(IBridge.NothingToClaim.selector, address(this)));
        bridge.claimFees(address(this));
    }

    function _claimExitAgain() private {
        ExitClaim[] memory list = _ownExit();
        vm.expectRevert(abi.encodeWithSelector(IBridge.AlreadyClaimed.selector, _exiting.id, 0));
        bridge.claimExits(list, 0, "");
    }

    function _escapeAgain() private {
        vm.expectRevert(abi.encodeWithSelector(IBridge.AlreadyEscaped.selector, 5));
        _escape();
    }

    function _refundAgain() private {
        bytes memory operation = operations[0];
        vm.expectRevert(abi.encodeWithSelector(IBridge.AlreadyRefunded.selector, 0));
        bridge.refund(0, operation);
    }

    function _depositAgain() private {
        if (calls == 1) vm.assertEq(bridge.deposit(8, FIVE, 1, ALICE), 1, "the inner one");
    }
    // solhint-enable no-unused-private-funcs

    function _ownExit() private view returns (ExitClaim[] memory list) {
        list = new ExitClaim[](1);
        list[0] = ExitClaim(_exiting.id, 0, (uint256(FIVE) << 160) | uint160(address(this)));
    }

    function _escape() private {
        bridge.escape(5, address(this), 2 ether, abi.encode(GENESIS_ROOT, 5, address(this), 2 ether));
    }

    function _claim(Draft memory d, ExitClaim[] memory list) private {
        uint256[] memory values = new uint256[](12);
        for (uint256 i = 0; i < list.length; ++i) {
            (values[3 * i], values[3 * i + 1], values[3 * i + 2]) = (
                _withdrawalsRoot(d),
                list[i].position,
                list[i].exit
            );
        }
        bridge.claimExits(list, 0, abi.encode(0, values));
    }

    function _expectNoRoom(uint32 amount, uint256 value, uint256 room) private {
        vm.expectRevert(abi.encodeWithSelector(IBridge.NoRoom.selector, value + OPERATION_FEE, room));
        vm.prank(ALICE);
        bridge.deposit(1, amount, 1, ALICE);
    }

    function _asset() internal override returns (IERC20) {
        if (address(odd) == address(0)) odd = new OddAsset();
        return IERC20(address(odd));
    }

    function _fund(IERC20, uint256 amount) internal override {
        odd.give(address(bridge), amount);
    }
}
