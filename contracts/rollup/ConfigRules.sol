// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Config, IRollup} from "../interfaces/IRollup.sol";
import {BPS, ELEMENTS_PER_BLOB, FIELD, MAX_SILENCE} from "../libraries/Constants.sol";
import {Operations} from "../libraries/Operations.sol";
import {LaneLibrary} from "../types/Lane.sol";
import {RevealLibrary} from "../types/Reveal.sol";

/// @notice What a rollup can be deployed with.
library ConfigRules {
    /// @dev Ethereum's nodes pass on transactions of up to 128 KiB. A submission that names its cuts brings a content,
    /// an index and flags of all slots at once: room for so many.
    uint256 private constant MAX_SLOTS = 3_600;
    /// @dev Where stakes count, it looks up those of all provers, and perhaps a delivery of each slot that was handed
    /// in before, with the 2^24 gas of a transaction (EIP-7825).
    uint256 private constant MAX_SLOTS_WITH_STAKES = 1_200;
    /// @dev A reveal brings all operations at once: 128 KiB have room for so many and an opening.
    uint256 private constant MAX_OPERATIONS = 2_000;

    function check(Config memory c) internal view {
        _requireSame("token", address(c.registry.token()), address(c.token));
        _requireSame("verifier", address(c.registry.verifier()), address(c.verifier));
        _requireSame("registry", address(c.scorer.registry()), address(c.registry));
        if (address(c.parts) != address(0)) _requireSame("verifier", address(c.parts.verifier()), address(c.verifier));
        _requireWithin("genesisRoot", c.genesisRoot, 0, FIELD - 1);
        _requireWithin("genesisSupply", c.genesisSupply, 0, type(uint96).max);
        _requireWithin("proposalWindow", c.proposalWindow, 1, type(uint32).max);
        _requireWithin("acceptanceWindow", c.acceptanceWindow, 4, MAX_SILENCE);
        _requireWithin("fairShareBps", c.fairShareBps, 0, BPS);
        _requireWithin("minBid", c.minBid, 1, LaneLibrary.MAX_DEPOSIT);
        _requireWithin("forfeitBps", c.forfeitBps, 0, BPS);
        _requireWithin("maxUncles", c.maxUncles, 0, 15);
        _requireWithin("uncleMinScoreBps", c.uncleMinScoreBps, 0, BPS);
        _requireWithin("uncleBurnBps", c.uncleBurnBps, 0, c.forfeitBps);
        _requireWithin("uncleRewardBps", c.uncleRewardBps, 0, BPS);
        _requireWithin("initialReward", c.initialReward, 0, type(uint96).max);
        _requireWithin("halvingInterval", c.halvingInterval, 1, type(uint256).max);
        uint256 levels = c.verifier.levels();
        _checkForest(c, levels);
        _checkBlocks(c, c.verifier.arity() ** levels);
        // A stake must be within reach for as long as a vote can matter, and a freeze must come later than any round
        // ends.
        uint256 windows = 2 * (c.proposalWindow + c.acceptanceWindow);
        _requireWithin("exitDelay", c.registry.exitDelay(), windows + 1, type(uint256).max);
        _requireWithin("escapeDelay", c.bridge.escapeDelay(), windows + 1, MAX_SILENCE - c.acceptanceWindow);
    }

    /// @dev Every depth counts.
    function _checkForest(Config memory c, uint256 levels) private view {
        uint256 slotCount = c.verifier.slotCount();
        bool usesStakes = c.scorer.policy().usesStakes();
        _requireWithin("slotCount", slotCount, 1, usesStakes ? MAX_SLOTS_WITH_STAKES : MAX_SLOTS);
        uint256 nodeWeights = c.scorer.nodeWeights();
        for (uint256 depth = 0; depth <= levels; ++depth) {
            if (uint16(nodeWeights >> (16 * depth)) == 0) _refuse("nodeWeights", nodeWeights);
        }
    }

    /// @dev A block has room for all operations that may be due, its nodes have room for theirs, and all nodes together
    /// fit the blobs that a reveal can keep count of.
    function _checkBlocks(Config memory c, uint256 bases) private view {
        uint256 perBase = c.verifier.operationsPerBase();
        uint256 maxOperations = c.bridge.maxOperations();
        uint256 places = bases * perBase;
        _requireWithin("maxOperations", maxOperations, 1, places < MAX_OPERATIONS ? places : MAX_OPERATIONS);
        uint256 least = perBase * Operations.OPERATION_WORDS;
        _requireWithin(
            "elementsPerBase",
            c.elementsPerBase,
            least,
            (RevealLibrary.MAX_BLOBS * ELEMENTS_PER_BLOB) / bases
        );
        address blobVerifier = address(c.blobVerifier);
        if (blobVerifier.code.length == 0) _refuse("blobVerifier", uint160(blobVerifier));
    }

    /// @param name as bytes32, because strings of which most are never needed would take too much of the room that a
    /// creation has
    function _requireWithin(bytes32 name, uint256 value, uint256 least, uint256 most) private pure {
        if (value < least || value > most) _refuse(name, value);
    }

    function _refuse(bytes32 name, uint256 value) private pure {
        revert IRollup.InvalidParameter(_toString(name), value);
    }

    function _requireSame(bytes32 name, address actual, address expected) private pure {
        if (actual != expected) revert IRollup.Mismatch(_toString(name), actual, expected);
    }

    function _toString(bytes32 name) private pure returns (string memory) {
        bytes memory text = abi.encodePacked(name);
        uint256 length;
        while (length < 32 && text[length] != 0) ++length;
        assembly ("memory-safe") {
            mstore(text, length)
        }
        return string(text);
    }
}
