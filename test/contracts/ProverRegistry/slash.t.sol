// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IProverRegistry} from "../../../contracts/interfaces/IProverRegistry.sol";
import {create} from "../support/create.sol";
import {bound, skip, vm} from "../support/Vm.sol";
import {RegistryFixture} from "./RegistryFixture.sol";

contract SlashTest is RegistryFixture {
    uint256 private constant NOW = START + 100;

    function setUp() public override {
        super.setUp();
        _register(ALICE, 42, MIN_STAKE + 2 ether);
        vm.warp(NOW);
    }

    function test_OnlyTheCourtSlashes() public {
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.NotCourt.selector, address(this), COURT));
        registry.slash(1, 1);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.NotCourt.selector, ROLLUP, COURT));
        vm.prank(ROLLUP);
        registry.slash(1, 1);
    }

    function test_RevertsForAnUnknownProver() public {
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.UnknownProver.selector, 2));
        vm.prank(COURT);
        registry.slash(2, 1);
    }

    function test_BurnsTheAmount() public {
        (uint256 supply, uint256 balance) = (token.totalSupply(), token.balanceOf(address(registry)));
        vm.expectEmit(address(registry));
        emit IProverRegistry.Slashed(1, 1 ether, MIN_STAKE + 1 ether);
        vm.assertEq(_slash(1, 1 ether), 1 ether, "burnt");
        vm.assertEq(registry.proverOf(1).stake, MIN_STAKE + 1 ether, "stake");
        vm.assertEq(token.totalSupply(), supply - 1 ether, "supply");
        vm.assertEq(token.balanceOf(address(registry)), balance - 1 ether, "balance");
    }

    function test_BurnsWhatIsLeft() public {
        uint256 supply = token.totalSupply();
        vm.assertEq(_slash(1, type(uint256).max), MIN_STAKE + 2 ether, "all of it");
        vm.assertEq(_slash(1, 1), 0, "nothing left");
        vm.assertEq(registry.proverOf(1).stake, 0, "stake");
        vm.assertEq(token.totalSupply(), supply - MIN_STAKE - 2 ether, "supply");

        _exit(1);
        skip(EXIT_DELAY);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.NothingToWithdraw.selector, 1));
        vm.prank(ALICE);
        registry.withdraw(1);
    }

    function test_StaysEligibleAtTheMinimum() public {
        _slash(1, 2 ether - 1);
        vm.assertTrue(registry.isEligible(1, uint48(NOW)), "a wei above");
        _slash(1, 1);
        vm.assertTrue(registry.isEligible(1, uint48(NOW)), "at the minimum");
    }

    function test_EndsEligibilityBelowTheMinimum() public {
        _slash(1, 2 ether + 1);
        vm.assertTrue(registry.isEligible(1, uint48(NOW - 1)), "before");
        vm.assertFalse(registry.isEligible(1, uint48(NOW)), "at the end of this second");

        skip(50);
        vm.prank(ALICE);
        registry.addStake(1, 1);
        vm.assertFalse(registry.isEligible(1, uint48(NOW + 49)), "before the top-up");
        vm.assertTrue(registry.isEligible(1, uint48(NOW + 50)), "after it");
    }

    /// @dev What a registration demands beyond that may be lost.
    function test_TheMinimumIsWhatCoversAForest() public {
        registry = IProverRegistry(
            create(
                "ProverRegistry",
                abi.encode(token, verifier, MIN_STAKE + 0.5 ether, MIN_STAKE, MAX_SLOTS, EXIT_DELAY, 0)
            )
        );
        registry.bind(ROLLUP, COURT);
        vm.prank(ALICE);
        token.approve(address(registry), type(uint256).max);
        _register(ALICE, 44, MIN_STAKE + 0.5 ether);
        skip(10);
        _slash(1, 0.5 ether);
        vm.assertTrue(registry.isEligible(1, uint48(NOW + 10)), "fees");
        _slash(1, 1);
        vm.assertFalse(registry.isEligible(1, uint48(NOW + 10)), "beyond them");
        vm.prank(ALICE);
        registry.addStake(1, 1);
        vm.assertTrue(registry.isEligible(1, uint48(NOW + 10)), "without another reserve");
    }

    function test_TooSmallATopUpDoesNotHelp() public {
        _slash(1, 3 ether);
        vm.prank(ALICE);
        registry.addStake(1, 1 ether - 1);
        vm.assertFalse(registry.isEligible(1, uint48(NOW)), "a wei short");
        vm.prank(ALICE);
        registry.addStake(1, 1);
        vm.assertTrue(registry.isEligible(1, uint48(NOW)), "enough");
    }

    function test_OthersOfTheBitmapAreNotTouched() public {
        _register(BOB, 43, MIN_STAKE);
        _slash(1, 3 ether);
        vm.assertTrue(registry.isEligible(2, uint48(NOW)), "the other one");
        vm.assertEq(registry.proverOf(2).stake, MIN_STAKE, "its stake");
    }

    function test_ReachesExitingProversUntilTheyWithdraw() public {
        _exit(1);
        vm.assertEq(_slash(1, 1 ether), 1 ether, "exiting");
        skip(EXIT_DELAY);
        vm.assertEq(_slash(1, 2 ether), 2 ether, "after the delay");
        vm.assertFalse(registry.isEligible(1, uint48(vm.getBlockTimestamp())), "an exit is final");

        uint256 before = token.balanceOf(ALICE);
        vm.prank(ALICE);
        registry.withdraw(1);
        vm.assertEq(token.balanceOf(ALICE), before + MIN_STAKE - 1 ether, "the rest");
        vm.assertEq(_slash(1, 1), 0, "withdrawn");
    }
}

contract StakesAtTest is RegistryFixture {
    function test_HasTheStakesOfThatSecond() public {
        _register(ALICE, 42, MIN_STAKE);
        _register(BOB, 43, 9 ether);
        vm.warp(START + 10);
        _addStake(1, 1 ether);
        _slash(2, 5 ether);

        _expectStakes(START - 1, 0, 0);
        _expectStakes(START, MIN_STAKE, 9 ether);
        _expectStakes(START + 9, MIN_STAKE, 9 ether);
        _expectStakes(START + 10, MIN_STAKE + 1 ether, 4 ether);
    }

    function test_NothingLaterChangesIt() public {
        _register(ALICE, 42, MIN_STAKE);
        _register(ALICE, 43, 9 ether);
        vm.warp(START + 10);
        _addStake(1, 1 ether);
        _slash(2, 5 ether);
        _exit(2);
        vm.warp(START + 10 + EXIT_DELAY);
        vm.prank(ALICE);
        registry.withdraw(2);

        _expectStakes(START + 9, MIN_STAKE, 9 ether);
        _expectStakes(START + 9 + EXIT_DELAY, MIN_STAKE + 1 ether, 4 ether);
        _expectStakes(START + 10 + EXIT_DELAY, MIN_STAKE + 1 ether, 0);
    }

    function testFuzz_AgreesWithAPlainModel(uint256 seed) public {
        uint256[30] memory model;
        _register(ALICE, 42, MIN_STAKE);
        uint256 stake = MIN_STAKE;
        for (uint256 second = 0; second < model.length; ++second) {
            vm.warp(START + second);
            seed = uint256(keccak256(abi.encode(seed)));
            for (uint256 i = 0; i < seed % 3; ++i) {
                uint256 amount = bound(seed >> (64 * (i + 1)), 1, 2 ether);
                if ((seed >> (8 + i)) & 1 == 0) stake -= _slash(1, amount);
                else {
                    _addStake(1, amount);
                    stake += amount;
                }
            }
            model[second] = stake;
        }
        for (uint256 second = 0; second < model.length; ++second) {
            _expectStakes(START + second, model[second], 0);
        }
        vm.assertEq(token.balanceOf(address(registry)), stake, "balance");
    }

    function _addStake(uint256 index, uint256 amount) private {
        vm.prank(ALICE);
        registry.addStake(index, amount);
    }

    /// @dev Index 3 is a stranger's.
    function _expectStakes(uint256 timestamp, uint256 first, uint256 second) private view {
        uint256[] memory indexes = new uint256[](3);
        (indexes[0], indexes[1], indexes[2]) = (2, 3, 1);
        uint96[] memory stakes = registry.stakesAt(indexes, uint48(timestamp));
        vm.assertEq(stakes.length, 3, "length");
        vm.assertEq(stakes[2], first, "first");
        vm.assertEq(stakes[0], second, "second");
        vm.assertEq(stakes[1], 0, "stranger");
    }
}
