// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IRollup} from "../../../contracts/interfaces/IRollup.sol";
import {IAssetReceiver, OddAsset} from "../../../contracts/mocks/OddAsset.sol";
import {Fixture} from "../support/Fixture.sol";
import {vm} from "../support/Vm.sol";

contract ClaimProposerTest is Fixture {
    function test_RevertsWithNothingToClaim() public {
        vm.expectRevert(abi.encodeWithSelector(IRollup.NothingToClaim.selector, ALICE));
        vm.prank(ALICE);
        rollup.claimProposer(ALICE);
    }

    function test_PaysRewardsAndFeesOnce() public {
        Draft memory d = _draft(ALICE, 100, 2_000, _everyone());
        d.fees = 3 ether;
        _commit(d);
        _toReveal();
        _reveal(d);
        _submitFull(d);
        _toEnd();
        rollup.advance();
        uint256 reward = 50 ether - 19 * (uint256(10 ether) / 19);
        vm.expectEmit(address(rollup));
        emit IRollup.ProposerClaimed(ALICE, DAVE, reward, 3 ether);
        vm.prank(ALICE);
        (uint256 rewards, uint256 fees) = rollup.claimProposer(DAVE);
        vm.assertEq(rewards, reward, "rewards");
        vm.assertEq(fees, 3 ether, "fees");
        vm.assertEq(token.balanceOf(DAVE), reward + 3 ether, "balance");
        vm.expectRevert(abi.encodeWithSelector(IRollup.NothingToClaim.selector, ALICE));
        vm.prank(ALICE);
        rollup.claimProposer(DAVE);
    }

    function test_RoundsAddUp() public {
        for (uint256 height = 1; height <= 3; ++height) {
            Draft memory d = _draft(ALICE, 100, 10_000, _everyone());
            d.fees = height * 1 ether;
            _commit(d);
            _toReveal();
            _reveal(d);
            _submitFull(d);
            _toEnd();
            rollup.advance();
        }
        vm.prank(ALICE);
        (uint256 rewards, uint256 fees) = rollup.claimProposer(ALICE);
        vm.assertEq(fees, 6 ether, "fees");
        vm.assertEq(rewards, 2 * (uint256(50 ether) % 19) + uint256(25 ether) % 19, "what rounding left over");
    }
}

/// @dev An asset that returns nothing, refuses receivers and calls them back.
contract ClaimOddAssetTest is Fixture, IAssetReceiver {
    OddAsset private odd;
    uint256 private calls;

    function test_AnAssetWithoutReturnValuesIsPaid() public {
        _win(ALICE);
        vm.prank(ALICE);
        rollup.claimProposer(ALICE);
        vm.assertEq(odd.balanceOf(ALICE), 3 ether, "fees");
        vm.assertEq(odd.balanceOf(address(rollup)), GENESIS_SUPPLY - 3 ether, "backing");
        vm.assertEq(rollup.backing(), GENESIS_SUPPLY - 3 ether, "backing");
    }

    function test_ARefusedReceiverBlocksNobody() public {
        odd.refuse(ALICE);
        _win(ALICE);
        vm.expectRevert(abi.encodeWithSelector(OddAsset.Refused.selector, ALICE));
        vm.prank(ALICE);
        rollup.claimProposer(ALICE);
        _win(BOB);
        vm.prank(ALICE);
        rollup.claimProposer(CAROL);
        vm.assertEq(odd.balanceOf(CAROL), 3 ether, "another receiver");
    }

    function test_AReentrantReceiverIsPaidOnce() public {
        odd.enableHook();
        _seat(address(this));
        _win(address(this));
        rollup.claimProposer(address(this));
        vm.assertEq(calls, 1, "called back");
        vm.assertEq(odd.balanceOf(address(this)), 3 ether, "fees");
    }

    function onAsset() external {
        ++calls;
        vm.expectRevert(abi.encodeWithSelector(IRollup.NothingToClaim.selector, address(this)));
        rollup.claimProposer(address(this));
    }

    function _win(address proposer) private {
        Draft memory d = _draft(proposer, 100, 0, _everyone());
        d.fees = 3 ether;
        _commit(d);
        _toReveal();
        _reveal(d);
        _submitFull(d);
        _toEnd();
        rollup.advance();
    }

    function _asset() internal override returns (IERC20) {
        if (address(odd) == address(0)) odd = new OddAsset();
        return IERC20(address(odd));
    }

    function _fund(IERC20, uint256 amount) internal override {
        odd.give(address(rollup), amount);
    }
}
