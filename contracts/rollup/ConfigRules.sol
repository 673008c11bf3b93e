// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Config, IRollup} from "../interfaces/IRollup.sol";
import {BPS, FIELD, WORD_BYTES} from "../libraries/Constants.sol";
import {Operations} from "../libraries/Operations.sol";
import {LaneLibrary} from "../types/Lane.sol";

/// @notice What a rollup can be deployed with.
library ConfigRules {
    /// @dev Merges count a prover's slots in 14 bits.
    uint256 private constant MAX_SLOTS = 2 ** 14 - 1;
    /// @dev One bit each.
    uint256 private constant MAX_CHUNKS = 256;

    function check(Config memory c) internal view {
        _requireSame("token", address(c.registry.token()), address(c.token));
        _requireSame("verifier", address(c.registry.verifier()), address(c.verifier));
        _requireSame("registry", address(c.scorer.registry()), address(c.registry));
        if (address(c.parts) != address(0)) _requireSame("verifier", address(c.parts.verifier()), address(c.verifier));
        uint256 slotCount = c.verifier.slotCount();
        uint256 nodeWeights = c.scorer.nodeWeights();
        if (slotCount == 0 || slotCount > MAX_SLOTS) revert IRollup.InvalidParameter("slotCount", slotCount);
        if (c.genesisRoot >= FIELD) revert IRollup.InvalidParameter("genesisRoot", c.genesisRoot);
        if (c.genesisSupply > type(uint96).max) revert IRollup.InvalidParameter("genesisSupply", c.genesisSupply);
        if (c.proposalWindow == 0 || c.proposalWindow > type(uint32).max) {
            revert IRollup.InvalidParameter("proposalWindow", c.proposalWindow);
        }
        if (c.acceptanceWindow < 4 || c.acceptanceWindow > type(uint32).max) {
            revert IRollup.InvalidParameter("acceptanceWindow", c.acceptanceWindow);
        }
        if (c.minBid == 0 || c.minBid > LaneLibrary.MAX_DEPOSIT) revert IRollup.InvalidParameter("minBid", c.minBid);
        if (c.forfeitBps > BPS) revert IRollup.InvalidParameter("forfeitBps", c.forfeitBps);
        if (c.maxUncles > 15) revert IRollup.InvalidParameter("maxUncles", c.maxUncles);
        if (c.uncleMinScoreBps > BPS) revert IRollup.InvalidParameter("uncleMinScoreBps", c.uncleMinScoreBps);
        if (c.uncleBurnBps > BPS) revert IRollup.InvalidParameter("uncleBurnBps", c.uncleBurnBps);
        if (c.uncleRewardBps > BPS) revert IRollup.InvalidParameter("uncleRewardBps", c.uncleRewardBps);
        if (c.initialReward > type(uint96).max) revert IRollup.InvalidParameter("initialReward", c.initialReward);
        if (c.halvingInterval == 0) revert IRollup.InvalidParameter("halvingInterval", c.halvingInterval);
        for (uint256 depth = 0; depth <= c.verifier.levels(); ++depth) {
            if (uint16(nodeWeights >> 16 * depth) == 0) revert IRollup.InvalidParameter("nodeWeights", nodeWeights);
        }
        _requireRoom(c);
        // A stake must be within reach for as long as a vote can matter, and must cover every slot of a forest.
        if (c.registry.exitDelay() <= 2 * (c.proposalWindow + c.acceptanceWindow)) {
            revert IRollup.InvalidParameter("exitDelay", c.registry.exitDelay());
        }
        if (c.registry.minStake() / c.registry.stakePerSlot() < slotCount) {
            revert IRollup.InvalidParameter("minStake", c.registry.minStake());
        }
    }

    /// @dev Whatever operations are due have room in a block, and in its first chunk.
    function _requireRoom(Config memory c) private view {
        uint256 perBase = c.verifier.operationsPerBase();
        uint256 bases = c.verifier.arity() ** c.verifier.levels();
        uint256 maxOperations = c.bridge.maxOperations();
        if (c.bridge.operationsPerBase() != perBase) {
            revert IRollup.InvalidParameter("operationsPerBase", c.bridge.operationsPerBase());
        }
        if (maxOperations > bases * perBase) revert IRollup.InvalidParameter("maxOperations", maxOperations);
        uint256 places = (maxOperations + perBase - 1) / perBase * perBase;
        uint256 operationWords = places * (Operations.OPERATION_BYTES / WORD_BYTES);
        if (c.chunkWords < operationWords) revert IRollup.InvalidParameter("chunkWords", c.chunkWords);
        if (c.maxWords < operationWords || c.maxWords > MAX_CHUNKS * c.chunkWords) {
            revert IRollup.InvalidParameter("maxWords", c.maxWords);
        }
        if (c.bridge.escapeDelay() <= 2 * (c.proposalWindow + c.acceptanceWindow)) {
            revert IRollup.InvalidParameter("escapeDelay", c.bridge.escapeDelay());
        }
    }

    function _requireSame(string memory name, address actual, address expected) private pure {
        if (actual != expected) revert IRollup.Mismatch(name, actual, expected);
    }
}
