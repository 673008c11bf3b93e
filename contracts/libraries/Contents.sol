// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Data} from "./Data.sol";

/// @notice Some contents of a forest, and the hashes that show that they are its. Contents come in groups of 32 by
/// slots, the first of slots 1 to 32, and groups in sections of eight. The last group and the last section may have
/// fewer.
struct ContentGroups {
    /// Of each section, keccak256 of the hashes of its groups.
    bytes32[] sections;
    /// Bit s: whether section s is opened.
    uint256 openedSections;
    /// Of each group of the opened sections, keccak256 of its contents, section by section.
    bytes32[] groups;
    /// Bit i: whether the group of `groups[i]` is opened.
    uint256 openedGroups;
    /// All contents of each opened group, group by group.
    uint256[] contents;
}

using Contents for ContentGroups global;

/// @notice The contents of a forest (slots 1.., the root has none) hashed in three levels: groups, sections of groups,
/// then all sections. Who needs a few contents of a large forest opens their sections and, in those, their groups.
library Contents {
    /// @dev Contents of a group, as a power of two.
    uint256 private constant GROUP_BITS = 5;
    uint256 private constant GROUP = 32;
    uint256 private constant GROUP_BYTES = 1024;
    /// @dev Groups of a section, as a power of two.
    uint256 private constant SECTION_BITS = 3;
    uint256 private constant SECTION = 8;
    uint256 private constant SECTION_BYTES = 256;

    /// @notice What an opened hash is said to be of has another one.
    /// @param place of that hash among those given
    error WrongContentGroup(uint256 place, bytes32 groupHash, bytes32 expectedGroupHash);
    /// @notice There is one hash for each section.
    error MalformedSections(uint256 hashes, uint256 expectedHashes);
    /// @notice A hash is marked as opened that is not given.
    error UnknownGroups(uint256 opened, uint256 hashes);
    /// @notice Opened sections have the hashes of all of their groups, opened groups all of their contents.
    error MalformedContents(uint256 length, uint256 expectedLength);
    error ContentNotOpened(uint256 slot);

    /// @param contents of slots 1.., in slot order
    /// @return digest keccak256 of the sections' hashes
    function hash(uint256[] calldata contents) internal pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            // The groups' hashes, then one group at a time.
            let hashes := mload(0x40)
            let group := add(hashes, shl(5, shr(GROUP_BITS, add(contents.length, 31))))
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
            // The sections' hashes take the places of those that they are of.
            let end := hashes
            for {
                let next := hashes
            } lt(next, group) {
                next := add(next, SECTION_BYTES)
            } {
                let size := SECTION_BYTES
                if lt(sub(group, next), size) {
                    size := sub(group, next)
                }
                mstore(end, keccak256(next, size))
                end := add(end, 32)
            }
            digest := keccak256(hashes, sub(end, hashes))
        }
    }

    /// @notice Requires that opened sections and groups are whole and are those that the hashes are of.
    /// @param slotCount of the forest
    /// @return contentsHash of the forest that they are of: the caller has to compare it
    function hashOpened(ContentGroups calldata self, uint256 slotCount) internal pure returns (bytes32 contentsHash) {
        uint256[] calldata sections = _asWords(self.sections);
        uint256[] calldata groups = _asWords(self.groups);
        uint256 count = (slotCount + GROUP - 2) >> GROUP_BITS;
        uint256 expected = (count + SECTION - 1) >> SECTION_BITS;
        if (sections.length != expected) revert MalformedSections(sections.length, expected);

        _requireMembers(sections, self.openedSections, groups, SECTION, SECTION * expected - count);
        // The last group of the forest is the last of its section.
        uint256 missing = self.openedSections >> (expected - 1) == 0 ? 0 : GROUP * count + 1 - slotCount;
        _requireMembers(groups, self.openedGroups, self.contents, GROUP, missing);
        return Data.hash(sections);
    }

    /// @notice The content of a slot in an opened group. `hashOpened` comes first.
    /// @param slot from 1, below the slot count
    function contentAt(ContentGroups calldata self, uint256 slot) internal pure returns (uint256) {
        uint256 group = (slot - 1) >> GROUP_BITS;
        uint256 section = group >> SECTION_BITS;
        if ((self.openedSections >> section) & 1 == 0) revert ContentNotOpened(slot);
        // Before an opened one all are whole.
        uint256 place = SECTION * _bits(self.openedSections & ((1 << section) - 1)) + (group & (SECTION - 1));
        if ((self.openedGroups >> place) & 1 == 0) revert ContentNotOpened(slot);
        uint256 before = GROUP * _bits(self.openedGroups & ((1 << place) - 1));
        return self.contents[before + ((slot - 1) & (GROUP - 1))];
    }

    /// @dev Requires that `members` are what the opened hashes are of, one hash after the other.
    /// @param size    of what a hash is of
    /// @param missing how many fewer the last hash is of
    function _requireMembers(
        uint256[] calldata hashes,
        uint256 opened,
        uint256[] calldata members,
        uint256 size,
        uint256 missing
    ) private pure {
        if (opened >> hashes.length != 0) revert UnknownGroups(opened, hashes.length);
        uint256 expected = size * _bits(opened);
        if (opened != 0 && opened >> (hashes.length - 1) != 0) expected -= missing;
        if (members.length != expected) revert MalformedContents(members.length, expected);
        for (uint256 place = 0; opened >> place != 0; ++place) {
            if ((opened >> place) & 1 == 0) continue;
            if (members.length < size) size = members.length;
            bytes32 own = Data.hash(members[:size]);
            if (own != bytes32(hashes[place])) revert WrongContentGroup(place, own, bytes32(hashes[place]));
            members = members[size:];
        }
    }

    /// @return count of those that are set
    function _bits(uint256 bitmap) private pure returns (uint256 count) {
        for (; bitmap != 0; bitmap &= bitmap - 1) {
            ++count;
        }
    }

    function _asWords(bytes32[] calldata hashes) private pure returns (uint256[] calldata words) {
        assembly ("memory-safe") {
            words.offset := hashes.offset
            words.length := hashes.length
        }
    }
}
