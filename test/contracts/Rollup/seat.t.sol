// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRollup, Opening} from "../../../contracts/interfaces/IRollup.sol";
import {BID_UNIT} from "../../../contracts/libraries/Constants.sol";
import {Proposals} from "../../../contracts/libraries/Proposals.sol";
import {TermsLibrary} from "../../../contracts/types/Terms.sol";
import {Fixture} from "../support/Fixture.sol";
import {vm} from "../support/Vm.sol";

contract SeatTest is Fixture {
    function test_DepositPullsWholeUnits() public {
        uint256 before = token.balanceOf(address(rollup));
        token.transfer(ALICE, 5 * BID_UNIT);
        vm.expectEmit(address(rollup));
        emit IRollup.Deposited(ALICE, 1, 5, SEAT + 5);
        vm.prank(ALICE);
        rollup.deposit(1, 5);
        vm.assertEq(token.balanceOf(address(rollup)), before + 5 * BID_UNIT, "balance");
        _expectDeposit(ALICE, 0, SEAT);
        _expectDeposit(ALICE, 1, SEAT + 5);
    }

    function test_WithdrawReturnsWholeUnits() public {
        vm.expectEmit(address(rollup));
        emit IRollup.Withdrawn(ALICE, 0, SEAT, 0);
        vm.prank(ALICE);
        rollup.withdraw(0, SEAT);
        vm.assertEq(token.balanceOf(ALICE), SEAT * BID_UNIT, "balance");
        _expectDeposit(ALICE, 0, 0);
    }

    function test_RevertsForAnotherLane() public {
        bytes memory unknown = abi.encodeWithSelector(IRollup.UnknownLane.selector, 2);
        vm.startPrank(ALICE);
        vm.expectRevert(unknown);
        rollup.deposit(2, 1);
        vm.expectRevert(unknown);
        rollup.withdraw(2, 1);
    }

    function test_RevertsForMoreThanALaneHolds() public {
        uint256 most = type(uint40).max;
        vm.startPrank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IRollup.DepositTooHigh.selector, most - SEAT + 1, most - SEAT));
        rollup.deposit(0, most - SEAT + 1);
        vm.expectRevert(abi.encodeWithSelector(IRollup.DepositTooHigh.selector, type(uint256).max, most - SEAT));
        rollup.deposit(0, type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(IRollup.InsufficientDeposit.selector, SEAT, SEAT + 1));
        rollup.withdraw(0, SEAT + 1);
    }

    function test_LaneInUseUntilTheRoundIsDecided() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        _expectInUse();
        _toReveal();
        _expectInUse();
        _reveal(d);
        _submitFull(d);
        _toEnd();
        // Ranked: it may still win, however late the advance is.
        vm.warp(vm.getBlockTimestamp() + 1_000_000);
        _expectInUse();
        rollup.advance();
        vm.prank(ALICE);
        rollup.withdraw(1, SEAT - 100);
        _expectDeposit(ALICE, 1, 0);
    }

    function test_LaneInUseUntilItIsSettled() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        vm.warp(_round().acceptanceEnds);
        _expectInUse();
        rollup.settle(_opening(d), keccak256(d.transcript));
        vm.prank(ALICE);
        rollup.withdraw(1, SEAT - 50);
        _expectDeposit(ALICE, 1, 0);
    }

    /// @dev Else anybody could have a high bid forfeit as a low one, or the other way round.
    function test_RevertsForWhatIsNotTheCommit() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        uint192 committed = rollup.laneOf(ALICE, 1).digest();
        vm.warp(_round().acceptanceEnds);
        Opening memory other = _opening(d);
        other.terms = TermsLibrary.pack(d.terms.roundId(), 0, 10, 0);
        bytes32 transcriptHash = keccak256(d.transcript);
        uint192 digest = Proposals.commitDigest(other.terms, d.order, transcriptHash, d.committedAt);
        vm.expectRevert(abi.encodeWithSelector(IRollup.WrongOpening.selector, digest, committed));
        rollup.settle(other, transcriptHash);
        vm.assertEq(rollup.settle(_opening(d), transcriptHash), 50, "half of the bid");
    }

    function test_ALaneHoldsWhatFitsIt() public {
        uint256 rest = type(uint40).max - SEAT;
        token.transfer(ALICE, rest * BID_UNIT);
        vm.prank(ALICE);
        rollup.deposit(0, rest);
        _expectDeposit(ALICE, 0, type(uint40).max);
    }

    function test_SeatsAre24Bits() public {
        uint256 most = type(uint24).max;
        // The second word of the rollup's storage.
        vm.store(address(rollup), bytes32(uint256(1)), bytes32(most - 1));
        vm.assertEq(rollup.seatCount(), most - 1, "stored");
        _seat(address(0x5EA7));
        vm.assertEq(rollup.seatOf(address(0x5EA7)), most, "the last");
        vm.expectRevert(abi.encodeWithSelector(IRollup.SeatsTaken.selector, most));
        vm.prank(address(0x5EA8));
        rollup.deposit(0, 1);
    }

    function test_TheOtherLaneIsFree() public {
        _propose(ALICE, 100, 0, _everyone());
        vm.prank(ALICE);
        rollup.withdraw(0, SEAT);
        _expectDeposit(ALICE, 0, 0);
    }

    function test_ADepositDuringTheRoundKeepsTheCommit() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        token.transfer(ALICE, BID_UNIT);
        vm.prank(ALICE);
        rollup.deposit(1, 1);
        _toReveal();
        _reveal(d);
        vm.assertEq(_submitFull(d), 0, "place");
    }

    function testFuzz_NoMoreLeavesThanCame(uint40 in_, uint40 out) public {
        uint256 amount = in_ % 1e9;
        token.transfer(ALICE, amount * BID_UNIT);
        vm.startPrank(ALICE);
        rollup.deposit(0, amount);
        if (out > SEAT + amount) {
            vm.expectRevert(abi.encodeWithSelector(IRollup.InsufficientDeposit.selector, SEAT + amount, out));
            rollup.withdraw(0, out);
        } else {
            rollup.withdraw(0, out);
            vm.stopPrank();
            _expectDeposit(ALICE, 0, SEAT + amount - out);
        }
    }

    function _expectDeposit(address proposer, uint256 lane, uint256 expected) private view {
        uint256 deposit = rollup.laneOf(proposer, lane).deposit();
        vm.assertEq(deposit, expected, "deposit");
    }

    function _expectInUse() private {
        bool inUse = _inUse(ALICE, 1);
        vm.assertTrue(inUse, "in use");
        vm.expectRevert(abi.encodeWithSelector(IRollup.LaneInUse.selector, ALICE, 1));
        vm.prank(ALICE);
        rollup.withdraw(1, 1);
    }
}
