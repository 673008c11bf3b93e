// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IForestVerifier} from "../../../contracts/interfaces/IForestVerifier.sol";
import {Holding, IProverRegistry} from "../../../contracts/interfaces/IProverRegistry.sol";
import {create} from "../support/create.sol";
import {bound, skip, vm} from "../support/Vm.sol";
import {RegistryFixture} from "./RegistryFixture.sol";

contract ResolveTest is RegistryFixture {
    function test_FollowsTheTranscript() public {
        for (uint256 key = 101; key <= 105; ++key) {
            _register(key);
        }
        vm.warp(START + 1);
        _exit(4);

        // 4 is exiting, 6 unknown, 65,535 far out.
        bytes memory transcript = abi.encodePacked(
            uint16(5),
            uint16(0),
            uint16(3),
            uint16(5),
            uint16(4),
            uint16(6),
            uint16(65_535),
            uint16(5)
        );
        (uint256[] memory keys, bytes memory assigned, ) = registry.resolve(transcript, uint48(START + 1));
        uint256[] memory expected = new uint256[](8);
        (expected[0], expected[2], expected[3], expected[7]) = (105, 103, 105, 105);
        vm.assertEq(keys, expected, "keys");
        vm.assertEq(assigned, hex"00030000000100030000000000000003", "assigned");
    }

    /// @dev Of one prover's slots the first two count. Another's are not touched, wherever they stand.
    function test_SlotsBeyondTheLimitAreNobodys() public {
        _limitSlots(2);
        for (uint256 key = 101; key <= 103; ++key) _register(key);
        (uint256[] memory keys, bytes memory assigned, uint256 named) = registry.resolve(
            hex"0001000200010001000300010002",
            uint48(START)
        );
        uint256[] memory expected = new uint256[](7);
        (expected[0], expected[1], expected[2], expected[4], expected[6]) = (101, 102, 101, 103, 102);
        vm.assertEq(keys, expected, "keys");
        vm.assertEq(assigned, hex"0002000200020000000100000002", "assigned");
        vm.assertEq(named, 3, "named");
    }

    function test_ASecondThatIsOverNeverChanges() public {
        _register(101);
        _register(102);
        vm.warp(START + 10);
        // A round opens now: what counts is START + 9.
        bytes memory transcript = abi.encodePacked(uint16(1), uint16(2), uint16(3));
        (uint256[] memory keys, bytes memory assigned, ) = registry.resolve(transcript, uint48(START + 9));
        _exit(1);
        _register(103);
        _expectSame(transcript, keys, assigned);
        vm.warp(START + 500);
        _exit(2);
        _expectSame(transcript, keys, assigned);
        (keys, , ) = registry.resolve(transcript, uint48(START + 10));
        vm.assertEq(keys[0], 0, "exited");
        vm.assertEq(keys[1], 102, "not yet exited");
        vm.assertEq(keys[2], 103, "registered");
    }

    function test_EmptyRegistryAndEmptyTranscript() public view {
        (uint256[] memory keys, bytes memory assigned, ) = registry.resolve(hex"00010002", uint48(START));
        vm.assertEq(keys, new uint256[](2), "keys");
        vm.assertEq(assigned, hex"00000000", "assigned");
        (keys, assigned, ) = registry.resolve("", uint48(START));
        vm.assertEq(keys.length, 0, "no keys");
        vm.assertEq(assigned.length, 0, "no counts");
    }

    /// @dev The rollup hands what comes back to the verifier as it is.
    function test_AnswersWithItsAbiEncodingAndNoMore() public {
        _register(101);
        _register(102);
        bytes memory transcript;
        for (uint256 slots = 0; slots <= 33; ++slots) {
            bytes memory call = abi.encodeCall(registry.resolve, (transcript, uint48(START)));
            (, bytes memory answer) = address(registry).staticcall(call);
            (uint256[] memory keys, bytes memory assigned, uint256 named) = abi.decode(
                answer,
                (uint256[], bytes, uint256)
            );
            vm.assertEq(keys.length, slots, "keys");
            vm.assertEq(answer, abi.encode(keys, assigned, named), "answer");
            transcript = abi.encodePacked(transcript, uint16(slots % 3));
        }
    }

    /* SOME SLOTS */

    function test_SomeSlotsOfATranscript() public {
        for (uint256 key = 101; key <= 105; ++key) {
            _register(key);
        }
        vm.warp(START + 1);
        _exit(4);
        // 4 is exiting, 6 unknown.
        bytes memory transcript = hex"00050000000300050004000600030005";
        Holding[] memory held = registry.resolveSlots(transcript, uint48(START + 1), _list(7, 2, 1, 4, 5, 7));
        vm.assertEq(held.length, 6, "holdings");
        _expectHolding(held[0], 105, _list(0, 3, 7));
        _expectHolding(held[1], 103, _list(2, 6));
        for (uint256 i = 2; i < 5; ++i) {
            _expectHolding(held[i], 0, new uint256[](0));
        }
        _expectHolding(held[5], 105, _list(0, 3, 7));
    }

    function test_OfSomeSlotsThoseBeyondTheLimitAreNobodys() public {
        _limitSlots(2);
        for (uint256 key = 101; key <= 103; ++key) _register(key);
        bytes memory transcript = hex"0001000200010001000300010002";
        // Asked for before and after one that counts.
        Holding[] memory held = registry.resolveSlots(transcript, uint48(START), _list(5, 2, 3, 6));
        _expectHolding(held[0], 0, new uint256[](0));
        _expectHolding(held[1], 101, _list(0, 2));
        _expectHolding(held[2], 0, new uint256[](0));
        _expectHolding(held[3], 102, _list(1, 6));
    }

    function test_NoSlotsAndUnknownOnes() public {
        _register(101);
        vm.assertEq(registry.resolveSlots(hex"0001", uint48(START), new uint256[](0)).length, 0, "none");
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.UnknownSlot.selector, 2, 2));
        registry.resolveSlots(hex"00010001", uint48(START), _list(1, 2));
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.UnknownSlot.selector, type(uint256).max, 2));
        registry.resolveSlots(hex"00010001", uint48(START), _list(type(uint256).max));
        // Half an entry is none.
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.UnknownSlot.selector, 1, 1));
        registry.resolveSlots(hex"000100", uint48(START), _list(1));
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.UnknownSlot.selector, 0, 0));
        registry.resolveSlots("", uint48(START), _list(0));
    }

    /// @dev Words of the transcript are read whole: what follows its end in the call is not part of it, and neither is
    /// half an entry.
    function test_SlotsEndWithTheTranscript() public {
        _limitSlots(64);
        _register(101);
        bytes memory transcript = hex"0001";
        for (uint256 slots = 1; slots <= 34; ++slots) {
            _expectSlots(transcript, slots);
            _expectSlots(abi.encodePacked(transcript, hex"00"), slots);
            transcript = abi.encodePacked(transcript, uint16(1));
        }
    }

    /// @dev What pads the transcript goes on with its entries.
    function _expectSlots(bytes memory transcript, uint256 slots) private view {
        bytes memory call = abi.encodeCall(registry.resolveSlots, (transcript, uint48(START), _list(0)));
        // selector | 3 words | length | transcript
        uint256 from = 4 + 4 * 32;
        for (uint256 i = transcript.length; i % 32 != 0; ++i) call[from + i] = bytes1(uint8(i % 2));
        (, bytes memory answer) = address(registry).staticcall(call);
        vm.assertEq(abi.decode(answer, (Holding[]))[0].slots.length, slots, "slots");
    }

    /// @dev Indexes that differ in one bit from the one that is looked for, in every lane of a word.
    function test_NothingButTheIndexIsTheIndex() public {
        for (uint256 i = 1; i <= 3; ++i) _register(100 + i);
        for (uint256 bit = 0; bit < 16; ++bit) {
            for (uint256 lane = 0; lane < 16; ++lane) {
                bytes memory transcript;
                for (uint256 slot = 0; slot < 16; ++slot) {
                    transcript = abi.encodePacked(transcript, uint16(slot == lane ? 3 : 3 ^ (1 << bit)));
                }
                Holding[] memory held = registry.resolveSlots(transcript, uint48(START), _list(lane));
                _expectHolding(held[0], 103, _list(lane));
            }
        }
    }

    /// @dev 48 provers that hold 43 slots each, as far apart as can be. Everything that is read from storage is warm.
    function test_SomeOf2047SlotsCostLittleOfWhatAllCost() public {
        _limitSlots(43);
        bytes memory transcript = new bytes(2 * 2047);
        for (uint256 i = 1; i <= 48; ++i) _register(100 + i);
        for (uint256 slot = 0; slot < 2047; ++slot) transcript[2 * slot + 1] = bytes1(uint8(1 + (slot % 48)));
        uint256 whole = _gasOf(abi.encodeCall(registry.resolve, (transcript, uint48(START))));
        uint256 one = _gasOfSome(transcript, _list(2046));
        vm.assertTrue(20 * one <= whole, "one prover");
        vm.assertTrue(10 * _gasOfSome(transcript, _list(1, 3, 4)) <= whole, "three provers");
        // One look at the transcript for all six. `b52 mutate` runs this without the optimizer, where it costs more.
        vm.assertTrue(_gasOfSome(transcript, _list(1, 49, 97, 145, 193, 241)) <= 3 * one, "six of one prover");
    }

    function _gasOfSome(bytes memory transcript, uint256[] memory slots) private view returns (uint256) {
        return _gasOf(abi.encodeCall(registry.resolveSlots, (transcript, uint48(START), slots)));
    }

    function _gasOf(bytes memory call) private view returns (uint256 used) {
        used = gasleft();
        (bool succeeded, ) = address(registry).staticcall(call);
        used -= gasleft();
        vm.assertTrue(succeeded, "resolved");
    }

    /// @dev Of 2,047.
    function _limitSlots(uint256 most) private {
        verifier = IForestVerifier(create("StubVerifier", abi.encode(2, 10)));
        registry = IProverRegistry(
            create("ProverRegistry", abi.encode(token, verifier, MIN_STAKE, MIN_STAKE, most, EXIT_DELAY, 0))
        );
        registry.bind(ROLLUP, COURT);
        vm.prank(ALICE);
        token.approve(address(registry), type(uint256).max);
    }

    function _expectHolding(Holding memory held, uint256 key, uint256[] memory slots) private pure {
        vm.assertEq(held.key, key, "key");
        vm.assertEq(held.slots, slots, "slots");
    }

    function _list(uint256 a) private pure returns (uint256[] memory list) {
        list = new uint256[](1);
        list[0] = a;
    }

    function _list(uint256 a, uint256 b) private pure returns (uint256[] memory list) {
        list = new uint256[](2);
        (list[0], list[1]) = (a, b);
    }

    function _list(uint256 a, uint256 b, uint256 c) private pure returns (uint256[] memory list) {
        list = new uint256[](3);
        (list[0], list[1], list[2]) = (a, b, c);
    }

    function _list(uint256 a, uint256 b, uint256 c, uint256 d) private pure returns (uint256[] memory list) {
        list = new uint256[](4);
        (list[0], list[1], list[2], list[3]) = (a, b, c, d);
    }

    function _list(
        uint256 a,
        uint256 b,
        uint256 c,
        uint256 d,
        uint256 e,
        uint256 f
    ) private pure returns (uint256[] memory list) {
        list = new uint256[](6);
        (list[0], list[1], list[2], list[3], list[4], list[5]) = (a, b, c, d, e, f);
    }

    /* AGAINST A MODEL */

    function test_EveryPlaceInABitmapHolds() public {
        for (uint256 index = 1; index <= 420; ++index) {
            _register(1_000 + index);
            vm.assertTrue(registry.isEligible(index, uint48(START)), "eligible");
        }
    }

    /// @dev 430 provers need three bitmaps; every seed is another history and transcript.
    function test_AgreesWithAPlainModelAcrossBitmaps() public {
        for (uint256 i = 1; i <= 430; ++i) {
            _register(1_000 + i);
            if (i % 50 == 0) skip(1);
        }
        for (uint256 seed = 1; seed <= 5; ++seed) {
            skip(1);
            _exit(bound(uint256(keccak256(abi.encode(seed))), seed * 60, seed * 60 + 59));
            _compare(seed, vm.getBlockTimestamp() - bound(uint256(keccak256(abi.encode("when", seed))), 0, 14));
        }
    }

    function testFuzz_AgreesWithAPlainModel(uint256 seed) public {
        for (uint256 i = 1; i <= 12; ++i) {
            skip(((seed >> i) & 1));
            _register(1_000 + i);
        }
        for (uint256 i = 1; i <= 12; ++i) {
            if ((seed >> (20 + i)) & 1 == 1) _exit(i);
            skip(((seed >> (40 + i)) & 1));
        }
        _compare(seed, bound(seed >> 100, START - 1, vm.getBlockTimestamp()));
    }

    function _compare(uint256 seed, uint256 timestamp) private view {
        uint256 count = registry.proverCount();
        uint256 slots = 85;
        bytes memory transcript;
        uint256[] memory indexes = new uint256[](slots);
        for (uint256 slot = 0; slot < slots; ++slot) {
            indexes[slot] = uint256(keccak256(abi.encode(seed, slot))) % (count + 3);
            transcript = abi.encodePacked(transcript, uint16(indexes[slot]));
        }
        (uint256[] memory keys, bytes memory assigned, uint256 named) = registry.resolve(transcript, uint48(timestamp));
        vm.assertEq(named, _named(indexes, timestamp), "named");
        for (uint256 slot = 0; slot < slots; ++slot) {
            bool eligible = indexes[slot] != 0 && registry.isEligible(indexes[slot], uint48(timestamp));
            uint256 held = 0;
            for (uint256 i = 0; i < slots; ++i) {
                if (eligible && indexes[i] == indexes[slot]) ++held;
                if (i == slot && held > MAX_SLOTS) (eligible, held) = (false, 0);
            }
            if (held > MAX_SLOTS) held = MAX_SLOTS;
            vm.assertEq(keys[slot], eligible ? 1_000 + indexes[slot] : 0, "key");
            vm.assertEq((uint256(uint8(assigned[2 * slot])) << 8) | uint8(assigned[2 * slot + 1]), held, "count");
        }
        _compareSome(seed, transcript, uint48(timestamp), keys);
    }

    /// @dev Slots in any order, some of them repeatedly. What is held is what `resolve` gives keys to.
    function _compareSome(uint256 seed, bytes memory transcript, uint48 timestamp, uint256[] memory keys) private view {
        uint256[] memory slots = new uint256[](uint256(keccak256(abi.encode("count", seed))) % (2 * keys.length));
        for (uint256 i = 0; i < slots.length; ++i) {
            slots[i] = uint256(keccak256(abi.encode("slot", seed, i))) % keys.length;
        }
        Holding[] memory holdings = registry.resolveSlots(transcript, timestamp, slots);
        vm.assertEq(holdings.length, slots.length, "holdings");
        for (uint256 i = 0; i < slots.length; ++i) {
            uint256 key = keys[slots[i]];
            vm.assertEq(holdings[i].key, key, "key of a slot");
            uint256 held = 0;
            for (uint256 slot = 0; slot < keys.length; ++slot) {
                if (key == 0 || keys[slot] != key) continue;
                vm.assertTrue(held < holdings[i].slots.length && holdings[i].slots[held] == slot, "held slot");
                ++held;
            }
            vm.assertEq(holdings[i].slots.length, held, "held slots");
        }
    }

    function _named(uint256[] memory indexes, uint256 timestamp) private view returns (uint256 named) {
        for (uint256 slot = 0; slot < indexes.length; ++slot) {
            if (indexes[slot] == 0 || !registry.isEligible(indexes[slot], uint48(timestamp))) continue;
            bool isKnown = false;
            for (uint256 i = 0; i < slot; ++i) {
                if (indexes[i] == indexes[slot]) isKnown = true;
            }
            if (!isKnown) ++named;
        }
    }

    function _expectSame(bytes memory transcript, uint256[] memory keys, bytes memory assigned) private view {
        (uint256[] memory keysNow, bytes memory assignedNow, ) = registry.resolve(transcript, uint48(START + 9));
        vm.assertEq(keysNow, keys, "keys");
        vm.assertEq(assignedNow, assigned, "assigned");
    }
}
