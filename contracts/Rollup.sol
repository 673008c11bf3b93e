// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Config, IRollup} from "./interfaces/IRollup.sol";
import {RollupExtension} from "./RollupExtension.sol";
import {Rewards} from "./libraries/Rewards.sol";
import {RoundClock} from "./libraries/RoundClock.sol";
import {Candidates} from "./rollup/Candidates.sol";
import {Claims} from "./rollup/Claims.sol";
import {Commits} from "./rollup/Commits.sol";
import {ConfigRules} from "./rollup/ConfigRules.sol";
import {Extended} from "./rollup/Extended.sol";
import {Parameters} from "./rollup/Parameters.sol";
import {RollupBase} from "./rollup/RollupBase.sol";
import {Candidate, Proposal} from "./types/Candidate.sol";
import {Head} from "./types/Head.sol";
import {Lane, LaneLibrary} from "./types/Lane.sol";
import {Outcome, OutcomeLibrary} from "./types/Outcome.sol";
import {Seed} from "./types/Seed.sol";
import {SlotFlags, SlotFlagsLibrary} from "./types/SlotFlags.sol";

/// @title The rollup
/// @notice IRollup has the roles, the rules and every function's documentation. This file ends heights and answers;
/// `rollup/` has the rest. Functions that are called seldom, or of which calldata are what costs, run in
/// RollupExtension.
contract Rollup is Commits, Candidates, Claims, Extended, Parameters {
    using RoundClock for Head;

    constructor(
        Config memory config
    ) RollupBase(config, address(this)) Extended(address(new RollupExtension(config, address(this)))) {
        ConfigRules.check(config);
    }

    /* ADVANCING */

    /// @inheritdoc IRollup
    function advance() external {
        Head current = _head;
        uint256 acceptanceEnds = current.acceptanceEnds(windows);
        if (block.timestamp < acceptanceEnds) revert AdvanceTooEarly(block.timestamp, acceptanceEnds);
        if (current.ranked() == 0) revert NothingProven(current.roundId());
        _advance(current);
    }

    /* READING */

    /// @inheritdoc IRollup
    function head() external view returns (Head) {
        return _head;
    }

    /// @inheritdoc IRollup
    function seedOf(uint256 height) external view returns (Seed) {
        return _seeds[height % 4];
    }

    /// @inheritdoc IRollup
    function laneOf(address proposer, uint256 height) external view returns (Lane) {
        return _lanes[LaneLibrary.idOf(proposer, height)];
    }

    /// @inheritdoc IRollup
    function branchOf(address proposer, uint256 height, uint256 parentRef) external view returns (Lane) {
        return _branches[LaneLibrary.idOf(proposer, height)][parentRef];
    }

    /// @inheritdoc IRollup
    function candidateOf(uint256 proposalId) external view returns (Candidate memory) {
        return _proposals[proposalId].candidate;
    }

    /// @inheritdoc IRollup
    function outcomeOf(uint256 height) external view returns (Outcome) {
        return _outcomes[height % OutcomeLibrary.RING];
    }

    /// @inheritdoc IRollup
    function flagsOf(uint256 proposalId) external view returns (uint256[] memory flags) {
        flags = new uint256[](SlotFlagsLibrary.words(_slotCount));
        Proposal storage proposal = _proposals[proposalId];
        for (uint256 word = 0; word < flags.length; ++word) {
            flags[word] = SlotFlags.unwrap(proposal.flags[word]);
        }
    }

    /// @inheritdoc IRollup
    function ranking() external view returns (uint256[] memory ids) {
        Head current = _head;
        mapping(uint256 => uint256) storage ranking_ = _ranking(current.roundId().height());
        ids = new uint256[](current.ranked());
        for (uint256 place = 0; place < ids.length; ++place) {
            ids[place] = ranking_[place];
        }
    }

    /// @inheritdoc IRollup
    function blockReward(uint256 height) external view returns (uint256) {
        return Rewards.blockReward(_initialReward, _halvingInterval, height);
    }

    /// @inheritdoc IRollup
    function withdrawalsRootOf(uint256 proposalId) external view returns (uint256) {
        Candidate storage candidate = _proposals[proposalId].candidate;
        if (!candidate.payout.isFinal()) revert NotFinal(proposalId);
        return candidate.withdrawalsRoot;
    }
}
