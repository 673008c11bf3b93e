// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Terms} from "../types/Terms.sol";
import {BlobOpening} from "./IBlobVerifier.sol";
import {Opening, Order} from "./IRollup.sol";

/// @title The rollup: what its extension runs
/// @notice Part of IRollup, which has the roles, the rules, the events and the errors. These functions are called at
/// the rollup as all others. No contract has room for all of the code, so the rollup has that of another contract, its
/// extension, run on its own storage for them. The extension is made by the rollup's constructor, has no state, and
/// cannot be exchanged.
interface IRollupExtension {
    /* STARTING */

    /// @notice Begins the first height. By anyone, once token, registry and bridge are bound and the bridge holds the
    /// genesis backing. Afterwards it does nothing.
    function start() external;

    /* SEATS */

    /// @notice Pulls `amount` BID_UNITs of the native token into the caller's lane.
    /// @param lane `height % 2` of the heights that it backs
    function deposit(uint256 lane, uint256 amount) external;

    /// @notice Returns `amount` BID_UNITs from a lane that backs nothing: no open commit, and none that is neither
    /// proven nor settled.
    function withdraw(uint256 lane, uint256 amount) external;

    /// @notice A further commit to the next height on the deposit of the first, with another parent. Only one of them
    /// can live.
    /// @param first               opening of the lane's commit in this round
    /// @param firstTranscriptHash keccak256 of its transcript
    function commitBranch(
        Terms terms,
        bytes32 orderCommitment,
        bytes calldata transcript,
        Opening calldata first,
        bytes32 firstTranscriptHash
    ) external;

    /// @notice Accounts for a commit that was never proven, or that was proven without votes of all provers that it
    /// names and not paid, and frees its lane. By anyone, once the commit is dead or its round is over.
    /// @param opening of the lane's commit; if the seat has a branch whose parent won, of that branch
    /// @return forfeited BID_UNIT; 0 if its parent lost, or the bridge has frozen its round. After 1,024 heights a
    /// commit counts as unproven, whatever became of its parent
    function settle(Opening calldata opening, bytes32 transcriptHash) external returns (uint256 forfeited);

    /* DATA */

    /// @notice Opens a commit's order and publishes its operations, any number of its blobs, or both. By anyone who
    /// knows it, in any number of transactions and in any order. The proposal is revealed with the last part. Parts
    /// that are published already are skipped and not looked at, so nobody can stop a reveal by bringing a part of it
    /// first.
    /// @param transcriptHash keccak256 of the committed transcript
    /// @param operations     all that are due in the round, 60 bytes each; empty: another transaction brings them, or
    /// none are due. Others than those get IBridge's errors
    /// @param blobs          those that this transaction carries. Without EIP-4844's proof they get IBlobVerifier's
    /// errors
    /// @return proposalId
    function reveal(
        Opening calldata opening,
        bytes32 transcriptHash,
        Order calldata order,
        bytes calldata operations,
        BlobOpening[] calldata blobs
    ) external returns (uint256 proposalId);

    /* CLAIMS */

    /// @notice Pays all of the caller's rewards to `to`. Fees: IBridge.claimFees.
    /// @return rewards wei of the native token
    function claimProposer(address to) external returns (uint256 rewards);

    /* BRIDGE ONLY */

    /// @notice Ends the chain. Not while a proven candidate could still win.
    /// @return stateRoot the last one
    function freeze() external returns (uint256 stateRoot);

    /// @notice Takes the fees that a proposer has earned; the bridge pays them.
    /// @return fees wei of the asset
    function takeFees(address proposer) external returns (uint256 fees);
}
