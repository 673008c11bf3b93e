// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CourtConfig, IProverCourt} from "../../../contracts/interfaces/IProverCourt.sol";
import {IRollup} from "../../../contracts/interfaces/IRollup.sol";
import {create} from "../support/create.sol";
import {vm} from "../support/Vm.sol";
import {CourtFixture} from "./CourtFixture.sol";

/// @dev All that the constructor asks a rollup and what belongs to it for, with windows that no rollup has.
contract AnyRollup {
    uint256 public immutable acceptanceWindow;
    uint256 public maxSlotsPerProver = 7;
    uint256 public eligibleStake = 200 ether;
    uint256 public nodeWeights = (1 << 32) | (1 << 16) | 1;
    uint256 public totalWeight = 7;
    uint256 public constant proposalWindow = 60;
    uint256 public constant exitDelay = type(uint256).max;
    uint256 public constant initialReward = 50 ether;
    uint256 public constant domain = 1;
    uint256 public constant slotCount = 7;
    uint256 public constant arity = 2;
    uint256 public constant levels = 2;
    uint256 public constant operationsPerBase = 2;
    bool public constant usesStakes = false;
    bool public constant usesBetas = false;

    constructor(uint256 acceptanceWindow_) {
        acceptanceWindow = acceptanceWindow_;
    }

    function setStake(uint256 eligibleStake_, uint256 maxSlotsPerProver_) external {
        (eligibleStake, maxSlotsPerProver) = (eligibleStake_, maxSlotsPerProver_);
    }

    function setWeights(uint256 root, uint256 merge, uint256 base) external {
        nodeWeights = (base << 32) | (merge << 16) | root;
        totalWeight = root + 2 * merge + 4 * base;
    }

    function registry() external view returns (address) {
        return address(this);
    }

    function verifier() external view returns (address) {
        return address(this);
    }

    function bridge() external view returns (address) {
        return address(this);
    }

    function scorer() external view returns (address) {
        return address(this);
    }

    function policy() external view returns (address) {
        return address(this);
    }
}

contract CourtConstructorTest is CourtFixture {
    function test_RefusesParametersThatCannotWork() public {
        CourtConfig memory c = _courtConfig();
        c.slashWindow = 0;
        _refuses(c, "slashWindow", 0);
        c.slashWindow = 1 << 64;
        _refuses(c, "slashWindow", c.slashWindow);
        // 1,024 heights of at least 240 seconds are remembered.
        c.slashWindow = 1_024 * 240 + 1;
        _refuses(c, "slashWindow", c.slashWindow);
        c = _courtConfig();
        c.baseRateBps = 0;
        _refuses(c, "baseRateBps", 0);
        c.baseRateBps = 10_001;
        _refuses(c, "baseRateBps", 10_001);
        // All seven slots earn 50 tokens, and a quarter of 200 is what withholding them costs.
        c.baseRateBps = 2_499;
        _refuses(c, "eligibleStake", ELIGIBLE_STAKE);
        // max(60, 240) + 240 + 121 is the exit delay itself.
        c = _courtConfig();
        c.slashWindow = 121;
        _refuses(c, "exitDelay", EXIT_DELAY);
    }

    function test_TakesTheBoundaries() public {
        CourtConfig memory c = _courtConfig();
        c.baseRateBps = 10_000;
        IProverCourt other = _newCourt(c);
        vm.assertEq(other.rateOf(1), 10_000, "whole at once");
        vm.assertEq(other.slashWindow(), EXIT_DELAY - 1 - 480, "as long as can be");
    }

    function test_TakesTheLongestWindows() public {
        CourtConfig memory c = _courtConfig();
        c.slashWindow = 1_024 * 240;
        _takes(c, 240);
        // Half of the time for which L1 keeps blobs.
        c.slashWindow = 9 days;
        _takes(c, 9 days);
        c.slashWindow = 9 days + 1;
        IRollup slow = IRollup(address(new AnyRollup(9 days)));
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.InvalidParameter.selector, "slashWindow", c.slashWindow));
        _create(slow, c);
    }

    function test_VotesBindWhateverSlotsWeigh() public {
        AnyRollup any = new AnyRollup(240);
        // Of equal slots, two of seven, or all. Then one that has all the weight but 6 of 1,000.
        _binds(any, 2, 2, 7);
        _binds(any, 7, 7, 7);
        any.setWeights(994, 1, 1);
        _binds(any, 1, 994, 1_000);
        // The root, one of its children, and then two of the four bases.
        any.setWeights(5, 3, 2);
        _binds(any, 1, 5, 19);
        _binds(any, 2, 8, 19);
        _binds(any, 5, 15, 19);
        // The heaviest are the bases, and the root comes last.
        any.setWeights(2, 3, 5);
        _binds(any, 1, 5, 28);
        _binds(any, 5, 23, 28);
        _binds(any, 6, 26, 28);
        _binds(any, 7, 28, 28);
        // The merges, the root, and then the bases, with all that 16 bits can say.
        any.setWeights(2, 65_535, 1);
        _binds(any, 3, 131_072, 131_076);
    }

    /// @dev With the least stake of which a quarter is not less than `held` of `total` parts of 50 tokens.
    function _binds(AnyRollup any, uint256 slots, uint256 held, uint256 total) private {
        uint256 earned = 50 ether * held * 10_000;
        uint256 cost = BASE_RATE_BPS * total;
        uint256 least = (earned + cost - 1) / cost;
        any.setStake(least, slots);
        _create(IRollup(address(any)), _courtConfig());
        any.setStake(least - 1, slots);
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.InvalidParameter.selector, "eligibleStake", least - 1));
        _create(IRollup(address(any)), _courtConfig());
    }

    function _takes(CourtConfig memory c, uint256 acceptanceWindow) private {
        IProverCourt other = _create(IRollup(address(new AnyRollup(acceptanceWindow))), c);
        vm.assertEq(other.slashWindow(), c.slashWindow, "slashWindow");
    }

    function _create(IRollup rollup_, CourtConfig memory c) private returns (IProverCourt) {
        return IProverCourt(create("ProverCourt", abi.encode(rollup_, c)));
    }

    function _refuses(CourtConfig memory c, string memory name, uint256 value) private {
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.InvalidParameter.selector, name, value));
        _newCourt(c);
    }
}
