// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ContentGroups, Contents} from "../../../contracts/libraries/Contents.sol";
import {bound, vm} from "../support/Vm.sol";

contract ContentsTest {
    uint256 private constant GROUP = 32;
    uint256 private constant SECTION = 8;

    /* HASH */

    function testFuzz_HashIsOfSectionsOfGroups(uint256 seed) public view {
        _assertHash(_contents(seed, bound(seed, 1, 1_400)));
    }

    function test_HashAtTheEdgesOfGroupsAndSections() public view {
        for (uint256 more = 0; more <= 4; ++more) {
            _assertHash(_contents(more, GROUP - 2 + more));
            _assertHash(_contents(more, GROUP * SECTION - 2 + more));
            _assertHash(_contents(more, 2 * GROUP * SECTION - 2 + more));
        }
    }

    /* OPENING */

    /// @dev Whatever is opened, each slot of it reads its content, and no other slot reads any.
    function testFuzz_OpensWhatWasHashed(uint256 seed) public {
        uint256[] memory contents = _contents(seed, bound(seed >> 8, 2, 1_400));
        // Some sections are opened and none of their groups.
        uint256 groups = (seed >> 128) & ((1 << _pieces(contents.length, GROUP)) - 1);
        uint256 sections = (seed >> 64) & ((1 << _pieces(contents.length, GROUP * SECTION)) - 1);
        ContentGroups memory self = _open(contents, groups, sections);
        vm.assertEq(this.hashOpened(self, contents.length + 1), this.hash(contents), "hash");
        uint256 slot = bound(seed >> 32, 1, contents.length);
        for (uint256 i = 0; i < 10; ++i) {
            bool isOpened = (groups >> ((slot - 1) / GROUP)) & 1 == 1;
            if (!isOpened) vm.expectRevert(abi.encodeWithSelector(Contents.ContentNotOpened.selector, slot));
            uint256 content = this.contentAt(self, slot);
            if (isOpened) vm.assertEq(content, contents[slot - 1], "content");
            slot = 1 + (uint256(keccak256(abi.encode(seed, i))) % contents.length);
        }
    }

    /// @dev 16,383 slots, the most that there can be: 64 sections, the last group one of 30.
    function test_TheLargestForest() public {
        uint256[] memory contents = _contents(1, 16_382);
        ContentGroups memory self = _open(contents, 2, 1 << 63);
        self.openedGroups |= 1 << 15;
        uint256[] memory opened = new uint256[](62);
        for (uint256 i = 0; i < 62; ++i) {
            opened[i] = contents[i < 32 ? 32 + i : 16_320 + i];
        }
        self.contents = opened;
        vm.assertEq(this.hashOpened(self, 16_383), this.hash(contents), "hash");
        vm.assertEq(this.contentAt(self, 16_382), contents[16_381], "last");
        vm.assertEq(this.contentAt(self, 16_353), contents[16_352], "first of the last group");
        vm.assertEq(this.contentAt(self, 64), contents[63], "last of the second group");
        for (uint256 i = 0; i < 4; ++i) {
            uint256 slot = [uint256(32), 65, 257, 16_352][i];
            vm.expectRevert(abi.encodeWithSelector(Contents.ContentNotOpened.selector, slot));
            this.contentAt(self, slot);
        }
        vm.expectRevert(abi.encodeWithSelector(Contents.ContentNotOpened.selector, 16_385));
        this.contentAt(self, 16_385);
    }

    /// @dev Where a group of a section that is not opened would be, there is one of the next that is.
    function test_ASectionThatIsNotOpenedHasNoContentOfTheNext() public {
        uint256[] memory contents = _contents(7, 300);
        ContentGroups memory self = _open(contents, 1 << SECTION, 0);
        vm.assertEq(this.hashOpened(self, 301), this.hash(contents), "hash");
        vm.assertEq(this.contentAt(self, 257), contents[256], "first of the second section");
        for (uint256 slot = 1; slot <= GROUP; ++slot) {
            vm.expectRevert(abi.encodeWithSelector(Contents.ContentNotOpened.selector, slot));
            this.contentAt(self, slot);
        }
    }

    function test_NothingMayBeOpened() public view {
        uint256[] memory contents = _contents(2, 300);
        vm.assertEq(this.hashOpened(_open(contents, 0, 0), 301), this.hash(contents), "hash");
    }

    function testFuzz_RefusesAnyOtherContent(uint256 seed) public {
        uint256[] memory contents = _contents(seed, bound(seed, 2, 600));
        ContentGroups memory self = _open(contents, (1 << _pieces(contents.length, GROUP)) - 1, 0);
        uint256 place = (seed >> 16) % contents.length;
        self.contents[place] ^= 1 << (seed % 256);
        vm.expectPartialRevert(Contents.WrongContentGroup.selector);
        this.hashOpened(self, contents.length + 1);

        // With the hash of the group that fits, its section is another one.
        contents[place] = self.contents[place];
        self.groups = _hashEach(contents, GROUP);
        vm.expectPartialRevert(Contents.WrongContentGroup.selector);
        this.hashOpened(self, contents.length + 1);

        // With that of the section it is another forest's.
        self.sections = _sectionsOf(contents);
        vm.assertEq(this.hashOpened(self, contents.length + 1), this.hash(contents), "other");
    }

    function test_RefusesContentsInOtherPlaces() public {
        uint256[] memory contents = _contents(3, 96);
        ContentGroups memory self = _open(contents, 3, 0);
        (self.contents[0], self.contents[1]) = (contents[1], contents[0]);
        bytes32 group = self.groups[0];
        vm.expectRevert(
            abi.encodeWithSelector(
                Contents.WrongContentGroup.selector,
                0,
                keccak256(abi.encodePacked(_slice(self.contents, 0, GROUP))),
                group
            )
        );
        this.hashOpened(self, 97);
        // The second group as the first, the third as the second.
        self = _open(contents, 6, 0);
        self.openedGroups = 3;
        vm.expectPartialRevert(Contents.WrongContentGroup.selector);
        this.hashOpened(self, 97);
        (self.groups[0], self.groups[1]) = (self.groups[1], self.groups[2]);
        vm.expectPartialRevert(Contents.WrongContentGroup.selector);
        this.hashOpened(self, 97);
        self.sections[0] = keccak256(abi.encodePacked(self.groups));
        vm.assertTrue(this.hashOpened(self, 97) != this.hash(contents), "another forest");
    }

    function test_RefusesOtherNumbersOfSections() public {
        ContentGroups memory self = _open(_contents(4, 600), 0, 0);
        for (uint256 i = 0; i < 2; ++i) {
            uint256 slotCount = [uint256(513), 770][i];
            vm.expectRevert(abi.encodeWithSelector(Contents.MalformedSections.selector, 3, i == 0 ? 2 : 4));
            this.hashOpened(self, slotCount);
        }
        this.hashOpened(self, 514);
        this.hashOpened(self, 769);
    }

    function test_RefusesWhatThereIsNot() public {
        uint256[] memory contents = _contents(5, 330);
        ContentGroups memory self = _open(contents, 0, 0);
        for (uint256 bit = 2; bit < 256; bit += 23) {
            self.openedSections = 1 << bit;
            vm.expectRevert(abi.encodeWithSelector(Contents.UnknownGroups.selector, self.openedSections, 2));
            this.hashOpened(self, 331);
        }
        // Groups of the opened section alone are there: the last one, of three groups.
        self = _open(contents, 0, 2);
        for (uint256 bit = 3; bit < 256; bit += 23) {
            self.openedGroups = 1 << bit;
            vm.expectRevert(abi.encodeWithSelector(Contents.UnknownGroups.selector, self.openedGroups, 3));
            this.hashOpened(self, 331);
        }
        self = _open(contents, 0, 0);
        self.openedGroups = 1;
        vm.expectRevert(abi.encodeWithSelector(Contents.UnknownGroups.selector, 1, 0));
        this.hashOpened(self, 331);
    }

    function test_RefusesMissingAndFurtherContents() public {
        // The last group has two contents; the second section, three groups.
        uint256[] memory contents = _contents(6, 322);
        ContentGroups memory self = _open(contents, (1 << 10) | 1, 0);
        uint256[] memory opened = self.contents;
        for (uint256 length = 0; length <= 64; ++length) {
            if (length == 34) continue;
            self.contents = _slice(opened, 0, length);
            vm.expectRevert(abi.encodeWithSelector(Contents.MalformedContents.selector, length, 34));
            this.hashOpened(self, 323);
        }
        self.contents = opened;
        bytes32[] memory groups = self.groups;
        for (uint256 length = 0; length <= 16; ++length) {
            if (length == 11) continue;
            self.groups = new bytes32[](length);
            for (uint256 i = 0; i < length && i < 11; ++i) self.groups[i] = groups[i];
            vm.expectRevert(abi.encodeWithSelector(Contents.MalformedContents.selector, length, 11));
            this.hashOpened(self, 323);
        }
        // Where the last section is not opened all groups are whole.
        self = _open(contents, 1 << 7, 0);
        self.contents = _slice(self.contents, 0, 2);
        vm.expectRevert(abi.encodeWithSelector(Contents.MalformedContents.selector, 2, 32));
        this.hashOpened(self, 323);
    }

    /* HELPERS */

    function hash(uint256[] calldata contents) external pure returns (bytes32) {
        return Contents.hash(contents);
    }

    function hashOpened(ContentGroups calldata self, uint256 slotCount) external pure returns (bytes32) {
        return self.hashOpened(slotCount);
    }

    function contentAt(ContentGroups calldata self, uint256 slot) external pure returns (uint256) {
        return self.contentAt(slot);
    }

    function _assertHash(uint256[] memory contents) private view {
        vm.assertEq(this.hash(contents), keccak256(abi.encodePacked(_sectionsOf(contents))), "hash");
    }

    function _contents(uint256 seed, uint256 length) private pure returns (uint256[] memory contents) {
        contents = new uint256[](length);
        for (uint256 i = 0; i < length; ++i) {
            contents[i] = uint256(keccak256(abi.encode(seed, i)));
        }
    }

    function _pieces(uint256 length, uint256 size) private pure returns (uint256) {
        return (length + size - 1) / size;
    }

    function _sectionsOf(uint256[] memory contents) private pure returns (bytes32[] memory) {
        return _hashEach(_asWords(_hashEach(contents, GROUP)), SECTION);
    }

    /// @dev Of so many words at a time; the last may be of fewer.
    function _hashEach(uint256[] memory words, uint256 size) private pure returns (bytes32[] memory hashes) {
        hashes = new bytes32[](_pieces(words.length, size));
        for (uint256 i = 0; i < hashes.length; ++i) {
            uint256 left = words.length - size * i;
            hashes[i] = keccak256(abi.encodePacked(_slice(words, size * i, left < size ? left : size)));
        }
    }

    /// @dev Zeros beyond the end.
    function _slice(uint256[] memory words, uint256 from, uint256 length) private pure returns (uint256[] memory some) {
        some = new uint256[](length);
        for (uint256 i = 0; i < length && from + i < words.length; ++i) {
            some[i] = words[from + i];
        }
    }

    /// @param openedGroups bit g: group g of the forest, of its first 256
    /// @param sections     opened beside those that have opened groups
    function _open(
        uint256[] memory contents,
        uint256 openedGroups,
        uint256 sections
    ) private pure returns (ContentGroups memory self) {
        bytes32[] memory groups = _hashEach(contents, GROUP);
        self.sections = _sectionsOf(contents);
        (self.groups, self.contents) = (new bytes32[](groups.length), new uint256[](contents.length));
        uint256 places = 0;
        uint256 count = 0;
        for (uint256 group = 0; group < groups.length; ++group) {
            uint256 section = group / SECTION;
            bool hasOpened = (openedGroups >> (SECTION * section)) & 0xff != 0;
            if (!hasOpened && (sections >> section) & 1 == 0) continue;
            self.openedSections |= 1 << section;
            if ((openedGroups >> group) & 1 == 1) {
                self.openedGroups |= 1 << places;
                for (uint256 i = GROUP * group; i < contents.length && i < GROUP * (group + 1); ++i) {
                    self.contents[count++] = contents[i];
                }
            }
            self.groups[places++] = groups[group];
        }
        self.groups = _asHashes(_slice(_asWords(self.groups), 0, places));
        self.contents = _slice(self.contents, 0, count);
    }

    function _asWords(bytes32[] memory hashes) private pure returns (uint256[] memory words) {
        assembly ("memory-safe") {
            words := hashes
        }
    }

    function _asHashes(uint256[] memory words) private pure returns (bytes32[] memory hashes) {
        assembly ("memory-safe") {
            hashes := words
        }
    }
}
