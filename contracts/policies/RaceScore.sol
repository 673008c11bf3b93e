// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Entry, IScorePolicy} from "../interfaces/IScorePolicy.sol";
import {FIELD} from "../libraries/Constants.sol";
import {LogMath} from "../libraries/LogMath.sol";
import {LogScore} from "../libraries/LogScore.sol";
import {Score} from "../libraries/Score.sol";
import {SizeRule} from "../types/SizeRule.sol";

/// @title The race
/// @notice Every prover finishes after -ln(U) / stake, U = beta / p uniform: an exponential time at the rate of its
/// stake. A candidate finishes with its first prover, so its rate is the stake of all its provers, and B^2 speeds it
/// up: P(win) = (stake B^2) / sum of (stake B^2), with equal bids its share of the stake. Splitting a stake changes no
/// rate. The score is the logarithm of (max of stake / -ln U) B^2.
contract RaceScore is IScorePolicy {
    /// @inheritdoc IScorePolicy
    uint256 public constant initialExponent = 0;
    /// @inheritdoc IScorePolicy
    bool public constant usesStakes = true;
    /// @inheritdoc IScorePolicy
    bool public constant usesBetas = true;

    /// @dev Fractional bits of stake / time: as many as 96 bits of stake leave.
    uint256 private constant SPEED_BITS = 156;

    SizeRule public immutable sizeRule;

    constructor(SizeRule sizeRule_) {
        sizeRule = sizeRule_.checked();
    }

    /// @inheritdoc IScorePolicy
    /// @dev Provers without a beta do not take part. The fastest is found by exact products; the bound spares most of
    /// the logarithms.
    function score(Entry calldata entry) external view returns (uint256) {
        uint96[] calldata stakes = entry.stakes;
        uint256[] calldata betas = entry.betas;
        uint256 bestStake;
        uint256 bestTime = 1;
        unchecked {
            for (uint256 i = 0; i < stakes.length; ++i) {
                (uint256 stake, uint256 beta) = (stakes[i], betas[i]);
                if (beta == 0) continue;
                if (beta >= FIELD) revert LogMath.OutOfDomain(beta);
                if (stake * bestTime <= bestStake * LogMath.atMostMinusLn(beta)) continue;
                uint256 time = LogMath.minusLn(beta);
                if (stake * bestTime > bestStake * time) (bestStake, bestTime) = (stake, time);
            }
        }
        uint256 boost = Score.compute(1, entry.burnBid) * sizeRule.factor(entry.txCount);
        if (bestStake == 0 || boost == 0) return 0;
        return LogMath.ln((bestStake << SPEED_BITS) / bestTime) + LogMath.ln(boost);
    }

    /// @inheritdoc IScorePolicy
    function fraction(uint256 score_, uint256 bps) external pure returns (uint256) {
        return LogScore.fraction(score_, bps, 1);
    }

    /// @inheritdoc IScorePolicy
    function nextExponent(uint256 exponent, uint256) external pure returns (uint256) {
        return exponent;
    }
}
