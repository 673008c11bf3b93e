// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Entry, IScorePolicy} from "../interfaces/IScorePolicy.sol";
import {Score} from "../libraries/Score.sol";
import {SizeRule} from "../types/SizeRule.sol";

/// @title W^3 B^2
/// @notice W is the stake of all provers together in whole units: splitting a stake over many keys gains nothing.
/// Exact, up to 2^21 - 1 units; a deployment chooses a unit with which no block gets there.
contract StakeScore is IScorePolicy {
    /// @notice More units count as this many.
    uint256 public constant MAX_UNITS = 2 ** 21 - 1;

    /// @inheritdoc IScorePolicy
    uint256 public constant initialExponent = 0;
    /// @inheritdoc IScorePolicy
    bool public constant usesStakes = true;
    /// @inheritdoc IScorePolicy
    bool public constant usesBetas = false;

    SizeRule public immutable sizeRule;
    /// @notice Wei.
    uint256 public immutable stakeUnit;

    /// @param stakeUnit_ wei; above 0, at most the least stake, so that every prover counts
    constructor(SizeRule sizeRule_, uint256 stakeUnit_) {
        if (stakeUnit_ == 0 || stakeUnit_ > type(uint96).max) revert InvalidParameter("stakeUnit", stakeUnit_);
        sizeRule = sizeRule_.checked();
        stakeUnit = stakeUnit_;
    }

    /// @inheritdoc IScorePolicy
    function score(Entry calldata entry) external view returns (uint256) {
        uint96[] calldata stakes = entry.stakes;
        uint256 total;
        unchecked {
            for (uint256 i = 0; i < stakes.length; ++i) {
                total += stakes[i];
            }
        }
        uint256 units = total / stakeUnit;
        if (units > MAX_UNITS) units = MAX_UNITS;
        return Score.compute(units, entry.burnBid) * sizeRule.factor(entry.txCount);
    }

    /// @inheritdoc IScorePolicy
    function fraction(uint256 score_, uint256 bps) external pure returns (uint256) {
        return Score.fraction(score_, bps);
    }

    /// @inheritdoc IScorePolicy
    function nextExponent(uint256 exponent, uint256) external pure returns (uint256) {
        return exponent;
    }
}
