// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ContentGroups, Contents} from "../../../contracts/libraries/Contents.sol";
import {bound, vm} from "../support/Vm.sol";

contract ContentsTest {
    uint256 private constant GROUP = 64;

    /* HASH */

    function testFuzz_HashIsTheHashOfTheHashesOfGroups(uint256 seed) public view {
        uint256[] memory contents = _contents(seed, bound(seed, 1, 700));
        vm.assertEq(this.hash(contents), keccak256(abi.encodePacked(_groupHashes(contents))), "hash");
    }

    function test_HashAtTheEdgesOfGroups() public view {
        for (uint256 length = 62; length <= 66; ++length) {
            uint256[] memory contents = _contents(length, length);
            vm.assertEq(this.hash(contents), keccak256(abi.encodePacked(_groupHashes(contents))), "one group");
            contents = _contents(length, GROUP + length);
            vm.assertEq(this.hash(contents), keccak256(abi.encodePacked(_groupHashes(contents))), "two groups");
        }
    }

    /* OPENING */

    /// @dev Whatever is opened, each slot of it reads its content, and no other slot reads any.
    function testFuzz_OpensWhatWasHashed(uint256 seed) public {
        uint256[] memory contents = _contents(seed, bound(seed >> 8, 2, 700));
        uint256 groups = (contents.length + 63) / 64;
        uint256 opened = (seed >> 128) & ((1 << groups) - 1);
        ContentGroups memory self = _open(contents, opened);
        vm.assertEq(this.hashOpened(self, contents.length + 1), this.hash(contents), "hash");
        uint256 slot = bound(seed >> 64, 1, contents.length);
        for (uint256 i = 0; i < 10; ++i) {
            bool isOpened = (opened >> ((slot - 1) / GROUP)) & 1 == 1;
            if (!isOpened) vm.expectRevert(abi.encodeWithSelector(Contents.ContentNotOpened.selector, slot));
            uint256 content = this.contentAt(self, slot);
            if (isOpened) vm.assertEq(content, contents[slot - 1], "content");
            slot = 1 + (uint256(keccak256(abi.encode(seed, i))) % contents.length);
        }
    }

    /// @dev 16,383 slots, the most that there can be: 256 groups, the last one of 62.
    function test_TheLargestForest() public {
        uint256[] memory contents = _contents(1, 16_382);
        ContentGroups memory self = _open(contents, (1 << 255) | 2);
        vm.assertEq(this.hashOpened(self, 16_383), this.hash(contents), "hash");
        vm.assertEq(this.contentAt(self, 16_382), contents[16_381], "last");
        vm.assertEq(this.contentAt(self, 16_321), contents[16_320], "first of the last group");
        vm.assertEq(this.contentAt(self, 128), contents[127], "last of the second group");
        for (uint256 i = 0; i < 3; ++i) {
            uint256 slot = [uint256(64), 129, 16_320][i];
            vm.expectRevert(abi.encodeWithSelector(Contents.ContentNotOpened.selector, slot));
            this.contentAt(self, slot);
        }
        vm.expectRevert(abi.encodeWithSelector(Contents.ContentNotOpened.selector, 16_385));
        this.contentAt(self, 16_385);
    }

    function test_NothingMayBeOpened() public view {
        uint256[] memory contents = _contents(2, 130);
        vm.assertEq(this.hashOpened(_open(contents, 0), 131), this.hash(contents), "hash");
    }

    function testFuzz_RefusesAnyOtherContent(uint256 seed) public {
        uint256[] memory contents = _contents(seed, bound(seed, 2, 300));
        uint256 groups = (contents.length + 63) / 64;
        ContentGroups memory self = _open(contents, (1 << groups) - 1);
        uint256 place = (seed >> 16) % contents.length;
        self.contents[place] ^= 1 << (seed % 256);
        vm.expectPartialRevert(Contents.WrongContentGroup.selector);
        this.hashOpened(self, contents.length + 1);

        // With a hash that fits it is another forest's.
        contents[place] = self.contents[place];
        self.hashes[place / GROUP] = _groupHashes(contents)[place / GROUP];
        vm.assertEq(this.hashOpened(self, contents.length + 1), this.hash(contents), "other");
    }

    function test_RefusesContentsInOtherPlaces() public {
        uint256[] memory contents = _contents(3, 192);
        ContentGroups memory self = _open(contents, 3);
        bytes32 proven = this.hash(contents);
        (self.contents[0], self.contents[1]) = (contents[1], contents[0]);
        vm.expectPartialRevert(Contents.WrongContentGroup.selector);
        this.hashOpened(self, 193);
        // The second group as the first, the third as the second.
        self = _open(contents, 6);
        self.opened = 3;
        vm.expectPartialRevert(Contents.WrongContentGroup.selector);
        this.hashOpened(self, 193);
        (self.hashes[0], self.hashes[1]) = (self.hashes[1], self.hashes[2]);
        vm.assertTrue(this.hashOpened(self, 193) != proven, "another forest");
    }

    function test_RefusesOtherNumbersOfHashes() public {
        ContentGroups memory self = _open(_contents(4, 130), 0);
        for (uint256 i = 0; i < 2; ++i) {
            uint256 slotCount = [uint256(129), 194][i];
            vm.expectRevert(abi.encodeWithSelector(Contents.MalformedGroups.selector, 3, i == 0 ? 2 : 4));
            this.hashOpened(self, slotCount);
        }
        this.hashOpened(self, 130);
        this.hashOpened(self, 193);
    }

    function test_RefusesGroupsThatThereAreNot() public {
        ContentGroups memory self = _open(_contents(5, 130), 0);
        for (uint256 bit = 3; bit < 256; bit += 23) {
            self.opened = 1 << bit;
            vm.expectRevert(abi.encodeWithSelector(Contents.UnknownGroups.selector, self.opened, 3));
            this.hashOpened(self, 131);
        }
    }

    function test_RefusesMissingAndFurtherContents() public {
        uint256[] memory contents = _contents(6, 130);
        ContentGroups memory self = _open(contents, 5);
        uint256[] memory opened = self.contents;
        for (uint256 length = 64; length <= 67; ++length) {
            if (length == 66) continue;
            self.contents = new uint256[](length);
            for (uint256 i = 0; i < length && i < 66; ++i) self.contents[i] = opened[i];
            vm.expectRevert(abi.encodeWithSelector(Contents.MalformedContents.selector, length, 66));
            this.hashOpened(self, 131);
        }
        self.contents = new uint256[](0);
        vm.expectRevert(abi.encodeWithSelector(Contents.MalformedContents.selector, 0, 64));
        this.hashOpened(self, 131);
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

    function _contents(uint256 seed, uint256 length) private pure returns (uint256[] memory contents) {
        contents = new uint256[](length);
        for (uint256 i = 0; i < length; ++i) {
            contents[i] = uint256(keccak256(abi.encode(seed, i)));
        }
    }

    function _groupHashes(uint256[] memory contents) private pure returns (bytes32[] memory hashes) {
        hashes = new bytes32[]((contents.length + 63) / 64);
        for (uint256 group = 0; group < hashes.length; ++group) {
            bytes memory words;
            for (uint256 i = GROUP * group; i < contents.length && i < GROUP * (group + 1); ++i) {
                words = abi.encodePacked(words, contents[i]);
            }
            hashes[group] = keccak256(words);
        }
    }

    function _open(uint256[] memory contents, uint256 opened) private pure returns (ContentGroups memory self) {
        self.hashes = _groupHashes(contents);
        self.opened = opened;
        uint256[] memory shown = new uint256[](contents.length);
        uint256 count = 0;
        for (uint256 i = 0; i < contents.length; ++i) {
            if ((opened >> (i / GROUP)) & 1 == 1) shown[count++] = contents[i];
        }
        self.contents = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            self.contents[i] = shown[i];
        }
    }
}
