// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IProverRegistry} from "../../../contracts/interfaces/IProverRegistry.sol";
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
        registry = IProverRegistry(
            create("ProverRegistry", abi.encode(token, verifier, MIN_STAKE, MIN_STAKE, 2, EXIT_DELAY, 0))
        );
        registry.bind(ROLLUP, COURT);
        vm.prank(ALICE);
        token.approve(address(registry), type(uint256).max);
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
