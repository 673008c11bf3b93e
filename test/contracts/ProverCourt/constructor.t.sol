// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CourtConfig, IProverCourt} from "../../../contracts/interfaces/IProverCourt.sol";
import {IRollup} from "../../../contracts/interfaces/IRollup.sol";
import {create} from "../support/create.sol";
import {vm} from "../support/Vm.sol";
import {CourtFixture} from "./CourtFixture.sol";

/// @dev All that the constructor asks a rollup and its registry for, with windows that no rollup has.
contract LongWindows {
    uint256 public immutable acceptanceWindow;
    uint256 public constant proposalWindow = 60;
    uint256 public constant exitDelay = type(uint256).max;
    uint256 public constant maxSlotsPerProver = 7;
    uint256 public constant eligibleStake = 7 ether;
    uint256 public constant minStake = 7.28 ether;
    uint256 public constant domain = 1;
    uint256 public constant slotCount = 7;
    uint256 public constant arity = 2;
    uint256 public constant levels = 2;
    uint256 public constant operationsPerBase = 2;
    bool public constant usesBetas = false;

    constructor(uint256 acceptanceWindow_) {
        acceptanceWindow = acceptanceWindow_;
    }

    function registry() external view returns (address) {
        return address(this);
    }

    function verifier() external view returns (address) {
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
        c.appealWindow = 0;
        _refuses(c, "appealWindow", 0);
        c.appealWindow = 1 << 32;
        _refuses(c, "appealWindow", 1 << 32);
        c = _courtConfig();
        c.slashWindow = 0;
        _refuses(c, "slashWindow", 0);
        // 1,024 heights of at least 240 seconds are remembered.
        c.slashWindow = 1_024 * 240 - 60 + 1;
        _refuses(c, "slashWindow", c.slashWindow);
        c = _courtConfig();
        c.slashPerSlot = STAKE_PER_SLOT + 1;
        _refuses(c, "slashPerSlot", STAKE_PER_SLOT + 1);
        c = _courtConfig();
        c.baseRateBps = 0;
        _refuses(c, "baseRateBps", 0);
        c.baseRateBps = 10_001;
        _refuses(c, "baseRateBps", 10_001);
        c = _courtConfig();
        // More than the first slash.
        (c.baseRateBps, c.noShowFee) = (399, FEE);
        _refuses(c, "noShowFee", FEE);
        // More for a whole forest than stakes are above what covers it.
        c = _courtConfig();
        c.noShowFee = FEE + 1;
        _refuses(c, "noShowFee", FEE + 1);
        // max(60, 240) + 240 + 60 + 61 is the exit delay itself.
        c = _courtConfig();
        c.slashWindow = 61;
        _refuses(c, "exitDelay", EXIT_DELAY);
    }

    function test_TakesTheBoundaries() public {
        CourtConfig memory c = _courtConfig();
        (c.slashPerSlot, c.baseRateBps) = (STAKE_PER_SLOT, 10_000);
        IProverCourt other = _newCourt(c);
        vm.assertEq(other.rateOf(1), 10_000, "whole at once");
        (c.baseRateBps, c.noShowFee) = (400, FEE);
        vm.assertEq(_newCourt(c).noShowFee(), FEE, "as much as the first slash");
        vm.assertEq(other.appealWindow() + other.slashWindow(), EXIT_DELAY - 1 - 480, "as long as can be");
    }

    function test_TakesTheLongestWindows() public {
        CourtConfig memory c = _courtConfig();
        // 1,024 heights of 240 seconds are remembered.
        c.slashWindow = 1_024 * 240 - APPEAL_WINDOW;
        _takes(c, 240);
        c.slashWindow = type(uint32).max;
        _takes(c, 1 << 23);
        (c.appealWindow, c.slashWindow) = (c.slashWindow, 1);
        _takes(c, 1 << 23);
    }

    function _takes(CourtConfig memory c, uint256 acceptanceWindow) private {
        IProverCourt other = IProverCourt(
            create("ProverCourt", abi.encode(IRollup(address(new LongWindows(acceptanceWindow))), roundView, c))
        );
        vm.assertEq(other.appealWindow(), c.appealWindow, "appealWindow");
        vm.assertEq(other.slashWindow(), c.slashWindow, "slashWindow");
    }

    function _refuses(CourtConfig memory c, string memory name, uint256 value) private {
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.InvalidParameter.selector, name, value));
        _newCourt(c);
    }
}
