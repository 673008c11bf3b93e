// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IForestVerifier, NodeContext, NodeStatement, Statement} from "../interfaces/IForestVerifier.sol";

/// @notice Stands in for the real verifier where only the state machine is tested. A forest is valid if its root
/// commitment is the hash of all that the rollup
///         passed on (`seal`), so a test proves exactly the statement that it expects, and no other. Malformed input is
/// refused as the real one does.
contract StubVerifier is IForestVerifier {
    uint256 public immutable arity;
    uint256 public immutable levels;
    uint256 public immutable slotCount;
    uint256 public constant operationsPerBase = 2;

    constructor(uint256 arity_, uint256 levels_) {
        arity = arity_;
        levels = levels_;
        slotCount = (arity_ ** (levels_ + 1) - 1) / (arity_ - 1);
    }

    function seal(
        Statement calldata statement,
        uint256[] calldata keys,
        bytes calldata assigned,
        uint256[] calldata flags,
        uint256[] calldata betas
    ) public pure returns (uint256) {
        return uint256(keccak256(abi.encode(statement, keys, assigned, flags, betas)));
    }

    function verifyForest(
        Statement calldata statement,
        uint256[] calldata keys,
        bytes calldata assigned,
        uint256[] calldata flags,
        uint256 rootCommitment,
        uint256[] calldata contents,
        uint256[] calldata betas,
        bytes calldata proofs
    ) external view returns (bool) {
        if (flags.length != (slotCount + 63) / 64) revert InvalidLength("flags", (slotCount + 63) / 64, flags.length);
        if (contents.length != slotCount - 1) revert InvalidLength("contents", slotCount - 1, contents.length);
        if (proofs.length != 256 * slotCount) revert InvalidLength("proofs", 256 * slotCount, proofs.length);
        uint256 expectedBetas = statement.roundSeed == 0 ? 0 : slotCount;
        if (betas.length != expectedBetas) revert InvalidLength("betas", expectedBetas, betas.length);
        for (uint256 slot = 0; slot < betas.length; ++slot) {
            if (betas[slot] != 0 && (flags[slot / 64] >> (64 + (slot % 64))) & 1 == 0) revert BetaWithoutDelivery(slot);
        }
        for (uint256 slot = 0; slot < 64 * flags.length; ++slot) {
            uint256 bits = (flags[slot / 64] >> slot % 64) & ((1 << 64) | 1);
            if (bits == 0) continue;
            if (slot >= slotCount) revert UnusedFlags(slot / 64, bits << slot % 64);
            if (keys[slot] == 0) revert FlagWithoutKey(slot);
        }
        for (uint256 word = 0; word < flags.length; ++word) {
            if (flags[word] >> 128 != 0) revert UnusedFlags(word, (flags[word] >> 128) << 128);
        }
        return rootCommitment == seal(statement, keys, assigned, flags, betas);
    }

    /// @notice Valid: the hash of all that is claimed. Nothing is refused.
    function verifyRange(
        Statement calldata statement,
        uint256 first,
        uint256 end,
        uint256[] calldata keys,
        bytes calldata assigned,
        uint256[] calldata flags,
        uint256 rootCommitment,
        uint256[] calldata contents,
        uint256[] calldata betas,
        bytes calldata proofs
    ) external pure returns (bool) {
        bytes32 claimed = keccak256(
            abi.encode(statement, first, end, keys, assigned, flags, rootCommitment, contents, betas)
        );
        return keccak256(proofs) == keccak256(abi.encode(claimed));
    }

    /// @return The only proof of a node that is valid, 256 bytes: the hash of all that is claimed.
    function nodeProof(NodeContext calldata context, NodeStatement calldata node) public pure returns (bytes memory) {
        return abi.encodePacked(keccak256(abi.encode(context, node)), new bytes(224));
    }

    /// @notice Valid: `nodeProof` of each node. Of what is malformed only slots and lengths are looked at.
    function verifyNodes(
        NodeContext calldata context,
        NodeStatement[] calldata nodes,
        bytes calldata proofs
    ) external view returns (bool) {
        if (nodes.length == 0) revert NoNodes();
        if (proofs.length != 256 * nodes.length) revert InvalidLength("proofs", 256 * nodes.length, proofs.length);
        uint256 previous = 0;
        bool isValid = true;
        for (uint256 i = 0; i < nodes.length; ++i) {
            uint256 slot = nodes[i].slot;
            if (slot == 0 || slot >= slotCount) revert InvalidSlot(slot);
            if (slot <= previous) revert SlotsNotAscending(previous, slot);
            previous = slot;
            bytes memory expected = nodeProof(context, nodes[i]);
            if (keccak256(proofs[256 * i:256 * (i + 1)]) != keccak256(expected)) isValid = false;
        }
        return isValid;
    }

    /// @notice Valid: the ABI encoding of what is claimed.
    function verifyKeyOwnership(
        uint256 key,
        address owner,
        uint256 domain,
        uint256 seed,
        uint256 beta,
        bytes calldata proof
    ) external pure returns (bool) {
        return keccak256(proof) == keccak256(abi.encode(key, owner, domain, seed, beta));
    }
}
