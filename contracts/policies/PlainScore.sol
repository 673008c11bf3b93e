// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Entry, IScorePolicy} from "../interfaces/IScorePolicy.sol";
import {Score} from "../libraries/Score.sol";
import {SizeRule} from "../types/SizeRule.sol";

/// @title N^3 B^2
/// @notice Provers count alike. Exact.
contract PlainScore is IScorePolicy {
    /// @inheritdoc IScorePolicy
    uint256 public constant initialExponent = 0;
    /// @inheritdoc IScorePolicy
    bool public constant usesStakes = false;
    /// @inheritdoc IScorePolicy
    bool public constant usesBetas = false;

    SizeRule public immutable sizeRule;

    constructor(SizeRule sizeRule_) {
        sizeRule = sizeRule_.checked();
    }

    /// @inheritdoc IScorePolicy
    function score(Entry calldata entry) external view returns (uint256) {
        return Score.compute(entry.provers, entry.burnBid) * sizeRule.factor(entry.txCount);
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
