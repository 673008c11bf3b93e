// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What a candidate has proven, as far as any policy asks. A prover counts here if it fulfilled a slot, and
/// once.
struct Entry {
    /// BID_UNIT.
    uint64 burnBid;
    /// How many provers.
    uint16 provers;
    /// Transfers in the block.
    uint32 txCount;
    /// Of the round: `nextExponent` of the last final block when it opened, at first `initialExponent`.
    uint16 exponent;
    /// Wei, one for each prover, as they were at the round's `eligibleAt`. Empty unless `usesStakes`.
    uint96[] stakes;
    /// VRF outputs in the same order, 0 for a prover without one. Empty unless `usesBetas`.
    uint256[] betas;
}

/// @title A score policy
/// @notice Ranks candidates. One is chosen at deployment; it has neither state nor owner, and equal inputs always have
/// equal results.
///
/// Whatever the policy: a candidate without provers scores 0, and neither a higher bid nor one more prover ever lowers
/// a score. So a rollup may keep the highest score that a candidate has had.
interface IScorePolicy {
    /// @notice A constructor argument is outside of what the policy can work with.
    error InvalidParameter(string name, uint256 value);

    /// @notice The higher wins. Only scores of one round compare.
    /// @return below 2^200
    function score(Entry calldata entry) external view returns (uint256);

    /// @notice The least score that is worth `bps` / 10,000 of another one, whatever scale the scores have.
    /// @param score below 2^200
    /// @param bps   at most 10,000
    function fraction(uint256 score, uint256 bps) external view returns (uint256);

    /// @notice The exponent of rounds that open after a block of `provers` became final.
    /// @param exponent of that block's own round
    function nextExponent(uint256 exponent, uint256 provers) external view returns (uint256);

    /// @return the exponent of the first round; 0 where there is none
    function initialExponent() external view returns (uint256);

    function usesStakes() external view returns (bool);
    function usesBetas() external view returns (bool);
}
