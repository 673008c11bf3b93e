// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRollup, Opening} from "./IRollup.sol";
import {IRoundView} from "./IRoundView.sol";

/// @notice A commit that may still be proven, and how far it may get.
struct Ranked {
    /// Of its opening in the list.
    uint256 position;
    uint256 proposalId;
    /// The highest score that it can still reach: as if every eligible prover that its transcript names had voted and
    /// delivered.
    uint256 score;
    /// How many these are.
    uint256 provers;
}

/// @title The ranking of commits
/// @notice Tells, before anything is proven, which commits lead: those of the open round, and those to the next height
/// that build on one of them. It has neither state nor owner, and serves every rollup.
///
/// What is not known yet is taken as it is sure to be at least: a block's transfers count as none until it is revealed
/// (of policies with a size rule), and VRF outputs, which only their provers know, as missing; in a race a
/// commit scores what it has proven so far. The exponent of the next height is the one that its parent leaves with all
/// its provers.
interface ICommitRanking {
    error LengthMismatch(uint256 openings, uint256 transcripts);

    /// @notice Ranks commits by the rollup's rule. An opening of a live round that is not what its proposer committed
    /// to reverts with IRollup.WrongOpening.
    /// @param openings    in any order. To have a commit to the next height ranked, its parent's must be among them
    /// @param transcripts of the openings
    /// @return best first; the open round's before the next height's. Those of different parents never meet: one parent
    /// wins. What can no longer be proven is left out: of a round that is over, not revealed in time, or on a parent
    /// that is itself left out
    function rank(
        IRollup rollup,
        Opening[] calldata openings,
        bytes[] calldata transcripts
    ) external view returns (Ranked[] memory);

    function roundView() external view returns (IRoundView);
}
