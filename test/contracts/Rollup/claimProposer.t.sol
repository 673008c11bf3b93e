// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRollup} from "../../../contracts/interfaces/IRollup.sol";
import {Fixture} from "../support/Fixture.sol";
import {vm} from "../support/Vm.sol";

contract ClaimProposerTest is Fixture {
    function test_RevertsWithNothingToClaim() public {
        vm.expectRevert(abi.encodeWithSelector(IRollup.NothingToClaim.selector, ALICE));
        vm.prank(ALICE);
        rollup.claimProposer(ALICE);
    }

    function test_PaysRewardsOnce() public {
        _final(ALICE, 3 ether);
        uint256 reward = 50 ether - 19 * (uint256(25 ether) / 19);
        vm.expectEmit(address(rollup));
        emit IRollup.ProposerClaimed(ALICE, DAVE, reward);
        vm.prank(ALICE);
        vm.assertEq(rollup.claimProposer(DAVE), reward, "rewards");
        vm.assertEq(token.balanceOf(DAVE), reward, "balance");
        (uint256 rewards, uint256 fees) = rollup.creditOf(ALICE);
        vm.assertEq(rewards, 0, "nothing is left");
        vm.assertEq(fees, 3 ether, "but the fees, which the bridge pays");
        vm.expectRevert(abi.encodeWithSelector(IRollup.NothingToClaim.selector, ALICE));
        vm.prank(ALICE);
        rollup.claimProposer(DAVE);
    }

    function test_RoundsAddUp() public {
        for (uint256 height = 1; height <= 3; ++height) {
            _final(ALICE, 0);
        }
        uint256 half = (uint256(25 ether) / 19) * 19;
        uint256 quarter = (uint256(12.5 ether) / 19) * 19;
        vm.prank(ALICE);
        vm.assertEq(
            rollup.claimProposer(ALICE),
            2 * (50 ether - half) + 25 ether - quarter,
            "with what rounding left over"
        );
    }
}
