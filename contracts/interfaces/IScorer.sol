// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SlotFlags} from "../types/SlotFlags.sol";
import {IProverRegistry} from "./IProverRegistry.sol";
import {IScorePolicy} from "./IScorePolicy.sol";

/// @notice What a block's score depends on beside its transcript and its flags.
struct Contest {
    /// BID_UNIT.
    uint256 burnBid;
    uint256 txCount;
    /// Of the round, see IScorePolicy.
    uint256 exponent;
    /// The last second that counts for stakes.
    uint48 eligibleAt;
}

/// @notice What a forest fulfilled, and what that is worth.
struct Count {
    uint256 score;
    /// Distinct provers with a fulfilled slot.
    uint256 provers;
    /// Distinct provers with a voted slot.
    uint256 voters;
    uint256 fulfilledWeight;
}

/// @notice What a forest was counted with before it had some flags more.
struct Known {
    uint256 provers;
    uint256 voters;
    uint256 fulfilledWeight;
    SlotFlags[] flags;
    /// Of every prover that the forest now has more flags of, once: how many of its slots the prover holds, and those
    /// slots. Without any nothing is known, and all is counted.
    uint256[] holdings;
}

/// @title The scorer
/// @notice Counts forests and has the deployment's policy score them. The rollup asks it what a block has proven; a
/// court, what it would have been worth; a lens, what it may still become. It has neither state nor owner.
interface IScorer {
    /// @param transcript two bytes a slot, for a whole number of depths
    /// @param flags      one word per 64 slots, of which voted and delivered bits count; none may be fulfilled without
    /// an eligible prover
    /// @param betas      VRF output by slot, 0 where there is none; may be empty
    /// @param known      what need not be counted again, so that one more proof of a large forest costs little where
    /// the policy asks for no stakes; the result is the same
    function count(
        Contest calldata contest,
        bytes calldata transcript,
        SlotFlags[] calldata flags,
        uint256[] calldata betas,
        Known calldata known
    ) external view returns (Count memory);

    function policy() external view returns (IScorePolicy);
    function registry() external view returns (IProverRegistry);
    function arity() external view returns (uint256);
    /// @return uint16 per depth, depth 0 lowest: what a slot there counts
    function nodeWeights() external view returns (uint256);
    /// @return what all slots of a forest count together: a block that fulfils so much earns a whole reward
    function totalWeight() external view returns (uint256);
}
