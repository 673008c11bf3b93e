// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Data} from "./Data.sol";

/// @notice Some contents of a forest, and the hashes that show that they are its. Contents come in groups of 64 by
/// slots: the first group is of slots 1 to 64. The last group may have fewer.
struct ContentGroups {
    /// Of each group, keccak256 of its contents.
    bytes32[] hashes;
    /// Bit g: whether group g is opened.
    uint256 opened;
    /// All contents of each opened group, group by group.
    uint256[] contents;
}

using Contents for ContentGroups global;

/// @notice The contents of a forest (slots 1.., the root has none) hashed in two levels: groups of 64, then the hashes
/// of the groups. Who needs a few contents of a large forest opens their groups.
library Contents {
    uint256 internal constant GROUP_BITS = 6;
    uint256 internal constant GROUP = 64;
    uint256 private constant GROUP_BYTES = 2048;

    /// @notice The contents of an opened group are not those that its hash is of.
    error WrongContentGroup(uint256 group, bytes32 groupHash, bytes32 expectedGroupHash);
    /// @notice There is one hash for each group.
    error MalformedGroups(uint256 hashes, uint256 expectedHashes);
    /// @notice A group is marked as opened that the forest does not have.
    error UnknownGroups(uint256 opened, uint256 groups);
    /// @notice Opened groups have all of their contents.
    error MalformedContents(uint256 length, uint256 expectedLength);
    error ContentNotOpened(uint256 slot);

    /// @param contents of slots 1.., in slot order
    /// @return digest keccak256 of the groups' hashes
    function hash(uint256[] calldata contents) internal pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            // The hashes, then one group at a time.
            let hashes := mload(0x40)
            let group := add(hashes, shl(5, shr(GROUP_BITS, add(contents.length, 63))))
            let from := contents.offset
            let left := shl(5, contents.length)
            for {
                let next := hashes
            } lt(next, group) {
                next := add(next, 32)
            } {
                let size := GROUP_BYTES
                if lt(left, size) {
                    size := left
                }
                calldatacopy(group, from, size)
                mstore(next, keccak256(group, size))
                from := add(from, size)
                left := sub(left, size)
            }
            digest := keccak256(hashes, sub(group, hashes))
        }
    }

    /// @notice Requires that opened groups are whole and are those that the hashes are of.
    /// @param slotCount of the forest
    /// @return contentsHash of the forest that they are of: the caller has to compare it
    function hashOpened(ContentGroups calldata self, uint256 slotCount) internal pure returns (bytes32 contentsHash) {
        bytes32[] calldata hashes = self.hashes;
        uint256[] calldata contents = self.contents;
        uint256 opened = self.opened;
        uint256 groups = (slotCount + 62) >> GROUP_BITS;
        if (hashes.length != groups) revert MalformedGroups(hashes.length, groups);
        if (opened >> groups != 0) revert UnknownGroups(opened, groups);

        uint256 next = 0;
        for (uint256 group = 0; opened >> group != 0; ++group) {
            if ((opened >> group) & 1 == 0) continue;
            uint256 size = group + 1 < groups ? GROUP : slotCount - 1 - GROUP * group;
            if (next + size > contents.length) revert MalformedContents(contents.length, next + size);
            bytes32 groupHash = Data.hash(contents[next:next + size]);
            if (groupHash != hashes[group]) revert WrongContentGroup(group, groupHash, hashes[group]);
            next += size;
        }
        if (next != contents.length) revert MalformedContents(contents.length, next);
        assembly ("memory-safe") {
            let copy := mload(0x40)
            calldatacopy(copy, hashes.offset, shl(5, groups))
            contentsHash := keccak256(copy, shl(5, groups))
        }
    }

    /// @notice The content of a slot in an opened group. `hashOpened` comes first.
    /// @param slot from 1, below the slot count
    function contentAt(ContentGroups calldata self, uint256 slot) internal pure returns (uint256) {
        (uint256 group, uint256 place) = ((slot - 1) >> GROUP_BITS, (slot - 1) & (GROUP - 1));
        uint256 opened = self.opened;
        if ((opened >> group) & 1 == 0) revert ContentNotOpened(slot);
        // Groups before an opened one are whole.
        for (uint256 before = opened & ((1 << group) - 1); before != 0; before &= before - 1) {
            place += GROUP;
        }
        return self.contents[place];
    }
}
