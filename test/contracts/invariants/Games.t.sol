// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BurnRule} from "../../../contracts/libraries/Burns.sol";
import {vm} from "../support/Vm.sol";
import {Handler} from "./Handler.sol";
import {Options, Scoring} from "./Model.sol";

/// @notice What the dice choose among. In this file, because only the contracts of a test file itself can be targets.
contract Steps {
    Handler private immutable handler;

    constructor(Handler handler_) {
        handler = handler_;
    }

    function propose(uint256 dice) external {
        handler.propose(dice);
    }

    function reveal(uint256 dice) external {
        handler.reveal(dice);
    }

    function prove(uint256 dice) external {
        handler.prove(dice);
    }

    function settle(uint256 dice) external {
        handler.settle(dice);
    }

    function account(uint256 dice) external {
        handler.account(dice);
    }

    function cross(uint256 dice) external {
        handler.cross(dice);
    }

    function stake(uint256 dice) external {
        handler.stake(dice);
    }

    function judge(uint256 dice) external {
        handler.judge(dice);
    }

    function grief(uint256 dice) external {
        handler.grief(dice);
    }

    function wait(uint256 dice) external {
        handler.wait(dice);
    }
}

/// @notice One rollup, played at random. Runs and depth are in hardhat.config.ts.
abstract contract Game {
    Handler private handler;
    Steps private steps;

    function setUp() public {
        handler = new Handler(_options());
        handler.setUp();
        steps = new Steps(handler);
    }

    function _options() internal pure virtual returns (Options memory);

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(steps);
    }

    /// @dev The same dice always: what no campaign would ever get to is not tested by any.
    function test_ALongGameHasEverythingInIt() external {
        function(uint256) external[10] memory all = [
            steps.propose,
            steps.reveal,
            steps.prove,
            steps.settle,
            steps.account,
            steps.cross,
            steps.stake,
            steps.judge,
            steps.grief,
            steps.wait
        ];
        for (uint256 i = 0; i < 12_000; ++i) {
            uint256 dice = uint256(keccak256(abi.encode(i)));
            all[dice % all.length](dice);
        }
        handler.finish();
        bytes32[43] memory names = [
            bytes32("commit"),
            "commit ahead",
            "relayed commit",
            "branch",
            "reveal",
            "candidate",
            "improvement",
            "no improvement",
            "early hand-in",
            "hand-in",
            "root",
            "early root",
            "nothing new",
            "false hand-in",
            "advance",
            "implicit advance",
            "settle",
            "forfeit",
            "deposit",
            "withdraw",
            "claim proposer",
            "register",
            "exit",
            "add stake",
            "slash",
            "smaller slash",
            "foreign slash",
            "redeem",
            "foreign redemption",
            "replayed forest",
            "late reveal",
            "false forest",
            "early advance",
            "wait",
            "part",
            "known part",
            "last part",
            "deposit asset",
            "force",
            "claim fees",
            "claim exit",
            "foreign exit",
            "false operations"
        ];
        for (uint256 i = 0; i < names.length; ++i) {
            vm.assertTrue(handler.count(names[i]) != 0, string(abi.encodePacked("never: ", names[i])));
        }
    }

    /// @dev The handler checks the properties itself, after every step: a failure there ends the run.
    function invariant_Properties() external view {}

    function afterInvariant() external {
        handler.finish();
    }
}

contract PlainGame is Game {
    function _options() internal pure override returns (Options memory) {
        return Options(Scoring.Plain, BurnRule.Winner, 0, false, false, 7);
    }
}

contract StakeGame is Game {
    function _options() internal pure override returns (Options memory) {
        return Options(Scoring.Stake, BurnRule.EveryCommit, 1 ether, true, true, 2);
    }
}

contract DynamicGame is Game {
    function _options() internal pure override returns (Options memory) {
        return Options(Scoring.Dynamic, BurnRule.Winner, 100 ether, true, false, 1);
    }
}

contract RaceGame is Game {
    function _options() internal pure override returns (Options memory) {
        return Options(Scoring.Race, BurnRule.EveryCommit, 0, false, false, 3);
    }
}
