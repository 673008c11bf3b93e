// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Tally} from "../../../contracts/libraries/Tally.sol";
import {SlotFlags, SlotFlagsLibrary} from "../../../contracts/types/SlotFlags.sol";
import {vm} from "../support/Vm.sol";

/// @notice The tally counts 64 flags at a time: against a plain count, slot by slot.
contract TallyTest {
    uint256 private constant WEIGHTS = 0x00070065ffff000300020001;

    function testFuzz_CountsAsSlotBySlot(uint256 seed) public view {
        uint8[6] memory arities = [uint8(2), 2, 4, 4, 8, 16];
        uint8[6] memory levels = [uint8(1), 5, 2, 3, 2, 1];
        uint256 shape = seed % 6;
        _compare(seed, arities[shape], levels[shape]);
    }

    function test_EverySlotByAProverOfItsOwn() public view {
        (bytes memory transcript, SlotFlags[] memory flags) = _full(85);
        Tally.Result memory result = this.count(transcript, flags, 4, 0x0001000100010001);
        vm.assertEq(result.provers, 85, "provers");
        vm.assertEq(result.fulfilledWeight, 85, "fulfilled");
    }

    function test_NothingAssigned() public view {
        Tally.Result memory result = this.count(new bytes(2 * 85), new SlotFlags[](2), 4, WEIGHTS);
        vm.assertEq(result.provers + result.fulfilledWeight, 0, "nothing");
    }

    function test_TheGreatestIndexIsOneProver() public view {
        bytes memory transcript = hex"fffffffeffff";
        SlotFlags[] memory flags = new SlotFlags[](1);
        flags[0] = SlotFlags.wrap((7 << 64) | 7);
        vm.assertEq(this.count(transcript, flags, 2, WEIGHTS).provers, 2, "provers");
    }

    /// @dev Against the slots one by one: each time the heaviest that is not taken yet.
    function testFuzz_TheHeaviestSlots(uint256 weights, uint256 slots) public pure {
        // Few different weights, so that depths share one.
        weights &= 0x000300030003;
        slots %= 22;
        bool[] memory isTaken = new bool[](21);
        uint256 sum = 0;
        for (uint256 i = 0; i < slots; ++i) {
            uint256 best = 21;
            for (uint256 slot = 0; slot < 21; ++slot) {
                if (isTaken[slot]) continue;
                if (best == 21 || Tally.weightOf(slot, 4, weights) > Tally.weightOf(best, 4, weights)) best = slot;
            }
            isTaken[best] = true;
            sum += Tally.weightOf(best, 4, weights);
        }
        vm.assertEq(Tally.heaviest(4, 2, weights, slots), sum, "heaviest");
    }

    /* ONE MORE */

    /// @dev Whatever was known before, and whoever holds which slots.
    function testFuzz_ExtendingIsCountingAgain(uint256 seed) public view {
        bytes memory transcript;
        SlotFlags[] memory known = new SlotFlags[](2);
        SlotFlags[] memory flags = new SlotFlags[](2);
        uint256 provers = 1 + (seed % 20);
        for (uint256 slot = 0; slot < 85; ++slot) {
            uint256 dice = uint256(keccak256(abi.encode(seed, slot)));
            transcript = abi.encodePacked(transcript, uint16(dice % (provers + 1)));
            if (dice % (provers + 1) == 0) continue;
            // One in four is voted for or delivered before, and one in sixteen besides now.
            uint256 before = _marks(dice >> 16, 3) << (slot & 63);
            uint256 more = _marks(dice >> 32, 15) << (slot & 63);
            known[slot >> 6] = known[slot >> 6].union(SlotFlags.wrap(before));
            flags[slot >> 6] = flags[slot >> 6].union(SlotFlags.wrap(before | more));
        }
        Tally.Result memory expected = this.count(transcript, flags, 4, WEIGHTS);
        Tally.Result memory result = this.extend(
            this.count(transcript, known, 4, WEIGHTS),
            _holdings(transcript, provers, known, flags),
            known,
            flags
        );
        vm.assertEq(result.provers, expected.provers, "provers");
        vm.assertEq(result.voters, expected.voters, "voters");
        vm.assertEq(result.fulfilledWeight, expected.fulfilledWeight, "fulfilled");
    }

    function _marks(uint256 dice, uint256 mask) private pure returns (uint256) {
        return (dice & mask == 0 ? 1 : 0) | ((dice >> 8) & mask == 0 ? 1 << 64 : 0);
    }

    /// @dev Those who have more of it, and now and then somebody else.
    function _holdings(
        bytes memory transcript,
        uint256 provers,
        SlotFlags[] memory known,
        SlotFlags[] memory flags
    ) private pure returns (uint256[] memory holdings) {
        holdings = new uint256[](provers + 85);
        uint256 length = 0;
        for (uint256 index = 1; index <= provers; ++index) {
            uint256 start = length++;
            bool isConcerned = index % 3 == 0;
            for (uint256 slot = 0; slot < 85; ++slot) {
                if (uint8(transcript[2 * slot + 1]) != index) continue;
                holdings[length++] = slot;
                uint256 more = SlotFlags.unwrap(flags[slot >> 6]) & ~SlotFlags.unwrap(known[slot >> 6]);
                if ((more >> (slot & 63)) & ((1 << 64) | 1) != 0) isConcerned = true;
            }
            holdings[start] = length - start - 1;
            if (!isConcerned) length = start;
        }
        assembly ("memory-safe") {
            mstore(holdings, length)
        }
    }

    function extend(
        Tally.Result memory result,
        uint256[] calldata holdings,
        SlotFlags[] calldata known,
        SlotFlags[] calldata flags
    ) external pure returns (Tally.Result memory) {
        Tally.extend(result, holdings, known, flags, 4, WEIGHTS);
        return result;
    }

    /* DISTINCT PROVERS */

    /// @dev Slots in one word, in exactly one, and in two; indexes that differ in one byte only; outputs here and
    /// there, or none at all.
    function testFuzz_DistinctAgreesWithAPlainModel(uint256 seed) public view {
        uint8[3] memory sizes = [uint8(21), 64, 85];
        uint256 slots = sizes[seed % 3];
        uint16[8] memory indexes = [uint16(1), 2, 255, 256, 257, 511, 513, 65_535];
        bytes memory transcript;
        SlotFlags[] memory flags = new SlotFlags[](SlotFlagsLibrary.words(slots));
        uint256[] memory betas = new uint256[]((seed >> 8) & 3 == 0 ? 0 : slots);
        for (uint256 slot = 0; slot < slots; ++slot) {
            uint256 dice = uint256(keccak256(abi.encode(seed, slot)));
            transcript = abi.encodePacked(transcript, indexes[dice % 8]);
            if ((dice >> 8) & 1 == 0) continue;
            flags[slot >> 6] = flags[slot >> 6].withFulfilled(slot);
            if (betas.length != 0 && (dice >> 9) & 3 == 0) betas[slot] = dice;
        }
        uint256 provers = 0;
        for (uint256 i = 0; i < 8; ++i) {
            (bool isFulfilled, ) = _firstOutput(indexes[i], transcript, flags, betas);
            if (isFulfilled) ++provers;
        }
        (uint256[] memory found, uint256[] memory outputs) = this.distinct(transcript, flags, betas, provers);
        for (uint256 i = 0; i < provers; ++i) {
            for (uint256 k = 0; k < i; ++k) {
                vm.assertTrue(found[k] != found[i], "once");
            }
            (bool isFulfilled, uint256 output) = _firstOutput(found[i], transcript, flags, betas);
            vm.assertTrue(isFulfilled, "fulfilled");
            vm.assertEq(outputs[i], output, "output");
        }
    }

    function _firstOutput(
        uint256 index,
        bytes memory transcript,
        SlotFlags[] memory flags,
        uint256[] memory betas
    ) private pure returns (bool isFulfilled, uint256 output) {
        for (uint256 slot = 0; slot < transcript.length / 2; ++slot) {
            uint256 own = (uint256(uint8(transcript[2 * slot])) << 8) | uint8(transcript[2 * slot + 1]);
            if (own != index || !flags[slot / 64].isFulfilled(slot)) continue;
            isFulfilled = true;
            if (output == 0 && betas.length != 0) output = betas[slot];
        }
    }

    /* SUPPORT */

    function distinct(
        bytes calldata transcript,
        SlotFlags[] calldata flags,
        uint256[] calldata betas,
        uint256 provers
    ) external pure returns (uint256[] memory indexes, uint256[] memory outputs) {
        return Tally.distinct(transcript, flags, betas, provers);
    }

    function count(
        bytes calldata transcript,
        SlotFlags[] calldata flags,
        uint256 arity,
        uint256 weights
    ) external pure returns (Tally.Result memory) {
        return Tally.count(transcript, flags, arity, weights);
    }

    function _full(uint256 slots) private pure returns (bytes memory transcript, SlotFlags[] memory flags) {
        flags = new SlotFlags[](2);
        for (uint256 slot = 0; slot < slots; ++slot) {
            transcript = abi.encodePacked(transcript, uint16(256 * slot + 255));
            uint256 bit = slot % 64;
            flags[slot / 64] = flags[slot / 64].union(SlotFlags.wrap((1 << (64 + bit)) | (1 << bit)));
        }
    }

    /// @dev One transcript index in four is 0, and few of the rest differ, some only in their greatest bits.
    function _compare(uint256 seed, uint256 arity, uint256 levels) private view {
        bytes memory transcript;
        SlotFlags[] memory flags = new SlotFlags[](6);
        Tally.Result memory expected;
        bool[] memory seen = new bool[](1 << 16);
        bool[] memory heard = new bool[](1 << 16);
        uint256 slot = 0;
        uint256 width = 1;
        for (uint256 depth = 0; depth <= levels; ++depth) {
            uint256 weight = uint16(WEIGHTS >> (16 * depth));
            for (uint256 end = slot + width; slot < end; ++slot) {
                uint256 dice = uint256(keccak256(abi.encode(seed, slot)));
                uint256 index = dice & 3 == 0 ? 0 : (((dice >> 8) & 7) << 13) | ((dice >> 16) & 3);
                transcript = abi.encodePacked(transcript, uint16(index));
                if (index == 0) continue;
                uint256 bit = slot % 64;
                uint256 mark = (((dice >> 24) & 1) << (64 + bit)) | (((dice >> 25) & 1) << bit);
                flags[slot / 64] = flags[slot / 64].union(SlotFlags.wrap(mark));
                if ((dice >> 25) & 1 == 1 && !heard[index]) {
                    ++expected.voters;
                    heard[index] = true;
                }
                if ((dice >> 24) & 3 != 3) continue;
                expected.fulfilledWeight += weight;
                if (!seen[index]) ++expected.provers;
                seen[index] = true;
            }
            width *= arity;
        }
        Tally.Result memory result = this.count(transcript, flags, arity, WEIGHTS);
        vm.assertEq(result.provers, expected.provers, "provers");
        vm.assertEq(result.voters, expected.voters, "voters");
        vm.assertEq(result.fulfilledWeight, expected.fulfilledWeight, "fulfilled");
    }
}
