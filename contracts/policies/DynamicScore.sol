// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Entry, IScorePolicy} from "../interfaces/IScorePolicy.sol";
import {LogMath} from "../libraries/LogMath.sol";
import {LogScore} from "../libraries/LogScore.sol";
import {Score} from "../libraries/Score.sol";
import {SizeRule} from "../types/SizeRule.sol";

/// @title k ln N + 2 ln B
/// @notice The order of N^k B^2 for an exponent k that follows the prover count: it grows by up to 1/8 after a block
/// with fewer provers than the target and falls by up to 1/8 after one with more, as EIP-1559's base fee does.
/// Exponents are in units of 1/4096.
///
/// The score is ln(N^3 B^2) + (k - 3) ln N, of the exact integer N^3 B^2 and with a logarithm that never falls. So at k
/// = 3 no two candidates are ever in the other order than their integers; those whose integers agree in 81 leading bits
/// tie. For every k a higher bid with the same provers, or more provers with the same bid, scores strictly higher.
contract DynamicScore is IScorePolicy {
    uint256 public constant EXPONENT_ONE = 4096;
    /// @notice The most that an exponent moves, as a part of itself.
    uint256 public constant STEP_DENOMINATOR = 8;

    /// @inheritdoc IScorePolicy
    bool public constant usesStakes = false;
    /// @inheritdoc IScorePolicy
    bool public constant usesBetas = false;

    SizeRule public immutable sizeRule;
    uint256 public immutable targetProvers;
    uint256 public immutable minExponent;
    uint256 public immutable maxExponent;
    /// @inheritdoc IScorePolicy
    uint256 public immutable initialExponent;

    /// @param slotCount      of the rollup: the most provers that a block can have
    /// @param targetProvers_ above 0, below `slotCount`
    constructor(
        SizeRule sizeRule_,
        uint256 slotCount,
        uint256 targetProvers_,
        uint256 minExponent_,
        uint256 maxExponent_,
        uint256 initialExponent_
    ) {
        if (targetProvers_ == 0 || targetProvers_ >= slotCount) {
            revert InvalidParameter("targetProvers", targetProvers_);
        }
        if (minExponent_ < EXPONENT_ONE) revert InvalidParameter("minExponent", minExponent_);
        if (maxExponent_ < minExponent_ || maxExponent_ > type(uint16).max) {
            revert InvalidParameter("maxExponent", maxExponent_);
        }
        if (initialExponent_ < minExponent_ || initialExponent_ > maxExponent_) {
            revert InvalidParameter("initialExponent", initialExponent_);
        }
        sizeRule = sizeRule_.checked();
        targetProvers = targetProvers_;
        minExponent = minExponent_;
        maxExponent = maxExponent_;
        initialExponent = initialExponent_;
    }

    /// @inheritdoc IScorePolicy
    /// @return 1 + 2^108 (k ln N + 2 ln B + ln size), or 0
    function score(Entry calldata entry) external view returns (uint256) {
        uint256 product = Score.compute(entry.provers, entry.burnBid) * sizeRule.factor(entry.txCount);
        if (product == 0) return 0;
        uint256 lnProvers = LogMath.ln(entry.provers);
        // k is at least 1, so the sum is above 0 even where k - 3 is not.
        return 1 + EXPONENT_ONE * LogMath.ln(product) + entry.exponent * lnProvers - 3 * EXPONENT_ONE * lnProvers;
    }

    /// @inheritdoc IScorePolicy
    function fraction(uint256 score_, uint256 bps) external pure returns (uint256) {
        return LogScore.fraction(score_, bps, EXPONENT_ONE);
    }

    /// @inheritdoc IScorePolicy
    function nextExponent(uint256 exponent, uint256 provers) external view returns (uint256 next) {
        next = exponent;
        if (provers < targetProvers) {
            uint256 step = (exponent * (targetProvers - provers)) / targetProvers / STEP_DENOMINATOR;
            next += step == 0 ? 1 : step;
        } else {
            uint256 surplus = provers - targetProvers;
            if (surplus > targetProvers) surplus = targetProvers;
            next -= (exponent * surplus) / targetProvers / STEP_DENOMINATOR;
        }
        if (next < minExponent) return minExponent;
        if (next > maxExponent) return maxExponent;
    }
}
