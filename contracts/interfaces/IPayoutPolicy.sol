// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title A payout policy
/// @notice Divides among provers what they earn in a round. It holds no tokens: it only says how much.
///
/// Everything belongs to `msg.sender`, so one deployment serves any number of rollups and none can touch another's
/// rounds. A rollup is trusted with its own: that it records verified forests only, and claims only for who may be
/// paid. Rounds are told apart by their number, which a rollup never uses twice.
interface IPayoutPolicy {
    /// @notice A round was decided.
    /// @param share wei for each of its provers
    event RoundFunded(address indexed rollup, uint256 indexed roundNumber, uint256 provers, uint256 share);

    /// @notice The round is decided already.
    error AlreadyFunded(address rollup, uint256 roundNumber);
    error NotFunded(address rollup, uint256 roundNumber);
    /// @notice The prover fulfilled nothing in the round, or was paid.
    error NothingOwed(address rollup, uint256 roundNumber, uint256 proverIndex);

    /// @notice Notes who fulfilled something in a candidate that was proven, or that proved more. Until the round is
    /// funded.
    /// @param transcript one uint16 prover index per slot
    /// @param flags      SlotFlags of all slots; every fulfilled one is within the transcript and has a prover
    function record(uint256 roundNumber, bytes calldata transcript, uint256[] calldata flags) external;

    /// @notice Fixes what the round's provers get. Once.
    /// @param amount that they share, wei; below 2^128
    /// @return funded what all claims will add up to, wei; never more than `amount`
    function fund(uint256 roundNumber, uint256 amount) external returns (uint256 funded);

    /// @notice Takes one prover's share of a funded round. Once.
    /// @return amount wei
    function claim(uint256 roundNumber, uint256 proverIndex) external returns (uint256 amount);

    /// @return provers  that share the round, as far as is known
    /// @return share    wei for each; 0 until funded
    /// @return isFunded whether the round is decided
    function roundOf(
        address rollup,
        uint256 roundNumber
    ) external view returns (uint256 provers, uint256 share, bool isFunded);

    /// @return whether the prover has a share in the round that it was not paid yet
    function isOwed(address rollup, uint256 roundNumber, uint256 proverIndex) external view returns (bool);
}
