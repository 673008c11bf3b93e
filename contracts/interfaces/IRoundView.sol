// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RoundId} from "../types/RoundId.sol";
import {IRollup} from "./IRollup.sol";

/// @notice What a round accepts at a moment.
enum Phase {
    /// Waiting for `start`.
    NotStarted,
    /// Commits.
    Proposing,
    /// Reveals, proofs, and commits to the next height that name their parent.
    Revealing,
    /// Proofs, and commits to the next height that name their parent.
    Proving,
    /// Deliveries of what is proven already, and commits to the next height that name their parent.
    Delivering,
    /// The height is decided, and nobody committed to the next one yet: `advance`, alone or with such a commit.
    Advanceable,
    /// Nothing was proven, or revealed while that was possible: a commit opens the next attempt.
    Expired,
    /// Nothing any more: the bridge has ended the chain.
    Frozen
}

/// @notice The operations of the bridge's queue that every block of a round begins with. Fixed before anybody can
/// commit to it.
struct Due {
    /// Only what was posted before this moment, seconds.
    uint256 queueCut;
    /// Index of the first one.
    uint256 first;
    uint256 count;
}

/// @notice The round and what may be done now. All windows are half-open: `[from, until)`, in seconds.
/// @dev Where a pipelined round follows on a decided height that nobody has advanced yet, this is that round already:
/// any action in it advances first.
struct RoundState {
    Phase phase;
    /// The round that the boundaries below belong to. Attempt 0: not opened yet.
    RoundId roundId;
    /// The round that a commit must carry now. Where it is the next height while this one is open, terms name the seat
    /// of their parent.
    RoundId commitRoundId;
    uint256 opens;
    uint256 proposalEnds;
    uint256 revealEnds;
    uint256 provingEnds;
    uint256 acceptanceEnds;
    /// proposalId of the block that roundId builds on; in `Advanceable` the leader, on which a commit builds. 0:
    /// genesis.
    uint256 parent;
    /// State root after `parent`.
    uint256 stateRoot;
    /// Candidates in the ranking.
    uint256 ranked;
    /// What terms of roundId carry: 0 in a fresh round, in a pipelined one the seat of `parent`.
    uint256 parentRef;
    /// The last second that counts for who is eligible in roundId, and with which stake.
    uint48 eligibleAt;
    /// What VRF outputs of roundId are made from; 0 unless the score policy uses them.
    uint256 roundSeed;
    /// Of the score policy, in roundId.
    uint256 exponent;
    /// Rounds opened so far.
    uint256 roundNumber;
    /// The same when commitRoundId is open.
    uint256 commitRoundNumber;
    /// Whether `parent` is decided but not final yet.
    bool advanceDue;
    /// What blocks of roundId begin with.
    Due due;
    /// The same when commitRoundId is open, whatever becomes of this round.
    Due commitDue;
}

/// @title The view of the round
/// @notice Answers, for contracts and programs alike, what may be done now and until when. It has neither state nor
/// owner, and serves every rollup.
interface IRoundView {
    function roundState(IRollup rollup) external view returns (RoundState memory);
}
