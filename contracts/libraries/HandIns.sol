// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IProverCourt} from "../interfaces/IProverCourt.sol";
import {Holding} from "../interfaces/IProverRegistry.sol";
import {HandIn} from "../interfaces/IRollup.sol";
import {SlotFlagsLibrary} from "../types/SlotFlags.sol";

/// @notice A hand-in as it is put together.
struct HandInDraft {
    HandIn handIn;
    /// One bit a slot, 64 a word: the first slots of the provers whose holdings it has.
    uint256[] holders;
}

/// @notice Puts together what proofs of single nodes show.
library HandIns {
    /// @param contentsHash of the forest that the nodes are of
    /// @param slotCount    of the forest
    /// @param nodes        how many there are at most
    /// @param held         holdings of all slots that the nodes may say something of
    /// @param hasSeed      whether the round has one
    function create(
        bytes32 contentsHash,
        uint256 slotCount,
        uint256 nodes,
        Holding[] memory held,
        bool hasSeed
    ) internal pure returns (HandInDraft memory draft) {
        uint256 size = held.length;
        for (uint256 i = 0; i < held.length; ++i) {
            unchecked {
                size += held[i].slots.length;
            }
        }
        HandIn memory handIn = draft.handIn;
        handIn.contentsHash = contentsHash;
        handIn.flags = new uint256[](SlotFlagsLibrary.words(slotCount));
        draft.holders = new uint256[](handIn.flags.length);
        if (hasSeed) handIn.betas = new uint256[](slotCount);
        handIn.slots = _withRoomFor(nodes);
        handIn.digests = _asDigests(_withRoomFor(nodes));
        handIn.holdings = _withRoomFor(size);
    }

    /// @notice The node is proven by its slot's own prover.
    function deliver(HandInDraft memory draft, uint256 slot, Holding memory holding, uint256 beta) internal pure {
        HandIn memory handIn = draft.handIn;
        _push(handIn.slots, slot);
        handIn.flags[slot >> 6] |= 1 << (64 + (slot & 63));
        if (handIn.betas.length != 0) handIn.betas[slot] = beta;
        _count(draft, slot, holding);
    }

    /// @notice What a delivered node is known by while there is no candidate.
    /// @param content       as in `Data.hashNode`
    /// @param childContents empty of a base
    function keep(
        HandInDraft memory draft,
        uint256 slot,
        uint256 content,
        uint256[] memory childContents
    ) internal pure {
        _push(_asWords(draft.handIn.digests), uint256(keccak256(abi.encodePacked(slot, content, childContents))));
    }

    /// @notice The slot's prover voted for it.
    function vote(HandInDraft memory draft, uint256 slot, Holding memory holding) internal pure {
        draft.handIn.flags[slot >> 6] |= 1 << (slot & 63);
        _count(draft, slot, holding);
    }

    /// @dev Every prover's slots once.
    function _count(HandInDraft memory draft, uint256 slot, Holding memory holding) private pure {
        if (holding.key == 0) revert IProverCourt.Unassigned(slot);
        uint256[] memory slots = holding.slots;
        uint256 first = slots[0];
        (uint256 word, uint256 own) = (first >> 6, 1 << (first & 63));
        if (draft.holders[word] & own != 0) return;
        draft.holders[word] |= own;
        uint256[] memory holdings = draft.handIn.holdings;
        // How many there are comes before them in memory, too.
        assembly ("memory-safe") {
            let length := mload(holdings)
            let more := add(mload(slots), 1)
            mcopy(add(holdings, shl(5, add(length, 1))), slots, shl(5, more))
            mstore(holdings, add(length, more))
        }
    }

    /* LISTS THAT GROW */

    /// @return list empty, with room for so many
    function _withRoomFor(uint256 count) private pure returns (uint256[] memory list) {
        list = new uint256[](count);
        assembly ("memory-safe") {
            mstore(list, 0)
        }
    }

    /// @dev There is room.
    function _push(uint256[] memory list, uint256 value) private pure {
        assembly ("memory-safe") {
            let length := add(mload(list), 1)
            mstore(list, length)
            mstore(add(list, shl(5, length)), value)
        }
    }

    function _asWords(bytes32[] memory digests) private pure returns (uint256[] memory words) {
        assembly ("memory-safe") {
            words := digests
        }
    }

    function _asDigests(uint256[] memory words) private pure returns (bytes32[] memory digests) {
        assembly ("memory-safe") {
            digests := words
        }
    }
}
