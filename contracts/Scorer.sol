// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IProverRegistry} from "./interfaces/IProverRegistry.sol";
import {Entry, IScorePolicy} from "./interfaces/IScorePolicy.sol";
import {Contest, Count, IScorer, Known} from "./interfaces/IScorer.sol";
import {Tally} from "./libraries/Tally.sol";
import {SlotFlags} from "./types/SlotFlags.sol";

/// @title The scorer
/// @notice IScorer has the rules and every function's documentation.
contract Scorer is IScorer {
    /// @inheritdoc IScorer
    IScorePolicy public immutable policy;
    /// @inheritdoc IScorer
    IProverRegistry public immutable registry;
    /// @inheritdoc IScorer
    uint256 public immutable arity;
    /// @inheritdoc IScorer
    uint256 public immutable nodeWeights;
    /// @inheritdoc IScorer
    uint256 public immutable totalWeight;

    bool private immutable usesStakes;
    bool private immutable usesBetas;

    constructor(IScorePolicy policy_, IProverRegistry registry_, uint256 nodeWeights_) {
        policy = policy_;
        registry = registry_;
        arity = registry_.verifier().arity();
        nodeWeights = nodeWeights_;
        totalWeight = Tally.totalWeight(arity, registry_.verifier().levels(), nodeWeights_);
        usesStakes = policy_.usesStakes();
        usesBetas = policy_.usesBetas();
    }

    /// @inheritdoc IScorer
    function count(
        Contest calldata contest,
        bytes calldata transcript,
        SlotFlags[] memory flags,
        uint256[] memory betas,
        Known calldata known
    ) external view returns (Count memory result) {
        Tally.Result memory tally;
        if (known.holdings.length == 0) {
            tally = Tally.count(transcript, flags, arity, nodeWeights);
        } else {
            tally = Tally.Result(known.provers, known.voters, known.fulfilledWeight);
            Tally.extend(tally, known.holdings, known.flags, flags, arity, nodeWeights);
        }
        result.provers = tally.provers;
        result.voters = tally.voters;
        result.fulfilledWeight = tally.fulfilledWeight;
        Entry memory entry;
        entry.burnBid = uint64(contest.burnBid);
        entry.provers = uint16(result.provers);
        entry.txCount = uint32(contest.txCount);
        entry.exponent = uint16(contest.exponent);
        if (usesStakes) {
            (uint256[] memory indexes, uint256[] memory outputs) = Tally.distinct(
                transcript,
                flags,
                betas,
                result.provers
            );
            entry.stakes = registry.stakesAt(indexes, contest.eligibleAt);
            if (usesBetas) entry.betas = outputs;
        }
        result.score = policy.score(entry);
    }
}
