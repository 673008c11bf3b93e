// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IProverRegistry} from "../../../contracts/interfaces/IProverRegistry.sol";
import {skip, vm} from "../support/Vm.sol";
import {RegistryFixture} from "./RegistryFixture.sol";

contract StakeTest is RegistryFixture {
    function setUp() public override {
        super.setUp();
        _register(42);
        vm.warp(START + 100);
    }

    function test_ItsOwnerAddsStake() public {
        vm.expectEmit(address(registry));
        emit IProverRegistry.StakeAdded(1, 3 ether, MIN_STAKE + 3 ether);
        vm.prank(ALICE);
        registry.addStake(1, 3 ether);
        vm.assertEq(registry.proverOf(1).stake, MIN_STAKE + 3 ether, "stake");
        vm.assertEq(token.balanceOf(address(registry)), MIN_STAKE + 3 ether, "balance");
    }

    function test_AddStakeReverts() public {
        vm.startPrank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.UnknownProver.selector, 2));
        registry.addStake(2, 1);
        uint256 room = type(uint96).max - MIN_STAKE;
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.StakeTooHigh.selector, room + 1, room));
        registry.addStake(1, room + 1);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.StakeTooHigh.selector, type(uint256).max, room));
        registry.addStake(1, type(uint256).max);
        registry.requestExit(1);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.AlreadyExiting.selector, 1, START + 100 + EXIT_DELAY));
        registry.addStake(1, 1);
    }

    /// @dev When anybody could add nothing to any stake, 3,000 additions for 54,478 gas each made one reading of that
    /// stake cost 35,884 gas instead of 7,842, in every submission under a policy that counts stakes.
    function test_NobodyLengthensAnothersTrace() public {
        uint48 at = uint48(vm.getBlockTimestamp());
        uint256[] memory indexes = new uint256[](1);
        indexes[0] = 1;
        registry.stakesAt(indexes, at);
        uint256 before = _gasToRead(indexes, at);
        for (uint256 i = 0; i < 30; ++i) {
            skip(1);
            vm.expectRevert(abi.encodeWithSelector(IProverRegistry.NotOwner.selector, 1, BOB, ALICE));
            vm.prank(BOB);
            registry.addStake(1, i);
            vm.expectRevert(abi.encodeWithSelector(IProverRegistry.NothingToAdd.selector, 1));
            vm.prank(ALICE);
            registry.addStake(1, 0);
        }
        vm.assertTrue(_gasToRead(indexes, at) < before + 100, "gas to read the stake");
    }

    function _gasToRead(uint256[] memory indexes, uint48 at) private view returns (uint256) {
        uint256 gas = gasleft();
        registry.stakesAt(indexes, at);
        return gas - gasleft();
    }

    function test_AddsAllThatFits() public {
        vm.prank(ALICE);
        registry.addStake(1, type(uint96).max - MIN_STAKE);
        vm.assertEq(registry.proverOf(1).stake, type(uint96).max, "stake");
    }

    function test_ExitReverts() public {
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.NotOwner.selector, 1, BOB, ALICE));
        vm.prank(BOB);
        registry.requestExit(1);
        vm.startPrank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.UnknownProver.selector, 0));
        registry.requestExit(0);
        registry.requestExit(1);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.AlreadyExiting.selector, 1, START + 100 + EXIT_DELAY));
        registry.requestExit(1);
    }

    function test_ExitEndsEligibilityFromThisSecondOn() public {
        vm.expectEmit(address(registry));
        emit IProverRegistry.ExitRequested(1, START + 100 + EXIT_DELAY);
        _exit(1);
        vm.assertTrue(registry.isEligible(1, uint48(START + 99)), "before");
        vm.assertFalse(registry.isEligible(1, uint48(START + 100)), "at the end of this second");
    }

    function test_WithdrawsWhenTheDelayIsOver() public {
        uint256 before = token.balanceOf(ALICE);
        _exit(1);
        vm.startPrank(ALICE);
        uint256 over = START + 100 + EXIT_DELAY;
        vm.warp(over - 1);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.ExitNotOver.selector, 1, over - 1, over));
        registry.withdraw(1);
        vm.warp(over);
        vm.expectEmit(address(registry));
        emit IProverRegistry.Withdrawn(1, ALICE, MIN_STAKE);
        registry.withdraw(1);
        vm.assertEq(token.balanceOf(ALICE), before + MIN_STAKE, "balance");
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.NothingToWithdraw.selector, 1));
        registry.withdraw(1);
    }

    function test_WithdrawReverts() public {
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.NotExiting.selector, 1));
        registry.withdraw(1);
        _exit(1);
        skip(EXIT_DELAY + 1);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.NotOwner.selector, 1, BOB, ALICE));
        vm.prank(BOB);
        registry.withdraw(1);
    }

    function test_KeyStaysAfterTheExit() public {
        _exit(1);
        skip(EXIT_DELAY);
        vm.prank(ALICE);
        registry.withdraw(1);
        vm.assertEq(registry.keyOf(1), 42, "key");
        vm.assertEq(registry.ownerOf(1), ALICE, "owner");
    }
}
