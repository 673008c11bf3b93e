// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BPS} from "./Constants.sol";

/// @notice Who gets how much. Amounts in wei of the native token.
library Rewards {
    /// @param height counts from 1
    function blockReward(
        uint256 initialReward,
        uint256 halvingInterval,
        uint256 height
    ) internal pure returns (uint256) {
        return initialReward >> ((height - 1) / halvingInterval);
    }

    /// @notice Scales a reward by what was fulfilled and splits it, to the last wei.
    /// @param reward          below 2^96
    /// @param fulfilledWeight below 2^31, at most `totalWeight`
    /// @param totalWeight     of all slots of a forest, assigned or not: a slot that nobody promised earns nothing
    /// @param parts           that its provers' part is divided into: units of fulfilled weight, or provers; above 0
    /// where something is fulfilled
    /// @return effective      what is minted: `proverUnit * parts + proposerReward`
    /// @return proverUnit     for one part, rounded down
    /// @return proposerReward the rest
    function split(
        uint256 reward,
        uint256 fulfilledWeight,
        uint256 totalWeight,
        uint256 proverShareBps,
        uint256 parts
    ) internal pure returns (uint256 effective, uint256 proverUnit, uint256 proposerReward) {
        if (fulfilledWeight == 0) return (0, 0, 0);
        unchecked {
            effective = (reward * fulfilledWeight) / totalWeight;
            proverUnit = (effective * proverShareBps) / BPS / parts;
            proposerReward = effective - proverUnit * parts;
        }
    }

    /// @return what each of `count` paid uncles is worth before scaling
    function uncleReward(uint256 reward, uint256 uncleRewardBps, uint256 count) internal pure returns (uint256) {
        return (reward * uncleRewardBps) / BPS / count;
    }
}
