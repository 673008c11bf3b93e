// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What became of 64 consecutive slots of a proof forest.
/// @dev Layout of the uint256, bit `(slot & 63)` of each field:
///
///      | bits    | field     | meaning                                          |
///      | ------- | --------- | ------------------------------------------------ |
///      | 192-255 | handedIn  | its prover handed in a proof before any forest   |
///      | 128-191 | paid      | its reward was claimed                           |
///      |  64-127 | delivered | the assigned prover's own key made the proof     |
///      |   0-63  | voted     | the assigned prover voted for it                 |
///
///      Fulfilled: voted and delivered.
type SlotFlags is uint256;

using SlotFlagsLibrary for SlotFlags global;

library SlotFlagsLibrary {
    /// @notice Slots of one word.
    uint256 internal constant SLOTS = 64;

    /// @notice How many words hold the flags of a forest.
    function words(uint256 slotCount) internal pure returns (uint256) {
        return (slotCount + SLOTS - 1) / SLOTS;
    }

    function union(SlotFlags self, SlotFlags other) internal pure returns (SlotFlags) {
        return SlotFlags.wrap(SlotFlags.unwrap(self) | SlotFlags.unwrap(other));
    }

    /// @return one bit a slot, in bits 0-63
    function fulfilled(SlotFlags self) internal pure returns (uint256) {
        uint256 word = SlotFlags.unwrap(self);
        return uint64(word & (word >> 64));
    }

    function isFulfilled(SlotFlags self, uint256 slot) internal pure returns (bool) {
        return (self.fulfilled() >> (slot & 63)) & 1 == 1;
    }

    /// @return one bit a slot, in bits 0-63
    function voted(SlotFlags self) internal pure returns (uint256) {
        return uint64(SlotFlags.unwrap(self));
    }

    /// @return as if everything that was voted for had been delivered
    function asCommitted(SlotFlags self) internal pure returns (SlotFlags) {
        uint256 mask = self.voted();
        return SlotFlags.wrap((mask << 64) | mask);
    }

    /// @param proven the flags of a forest
    function asCommitted(uint256[] memory proven) internal pure returns (SlotFlags[] memory flags) {
        flags = new SlotFlags[](proven.length);
        for (uint256 word = 0; word < proven.length; ++word) {
            flags[word] = SlotFlags.wrap(proven[word]).asCommitted();
        }
    }

    /// @return one bit a slot, in bits 0-63
    function handedIn(SlotFlags self) internal pure returns (uint256) {
        return SlotFlags.unwrap(self) >> 192;
    }

    function isDelivered(SlotFlags self, uint256 slot) internal pure returns (bool) {
        return (SlotFlags.unwrap(self) >> (64 + (slot & 63))) & 1 == 1;
    }

    function isPaid(SlotFlags self, uint256 slot) internal pure returns (bool) {
        return (SlotFlags.unwrap(self) >> (128 + (slot & 63))) & 1 == 1;
    }

    function withDelivered(SlotFlags self, uint256 slot) internal pure returns (SlotFlags) {
        return SlotFlags.wrap(SlotFlags.unwrap(self) | (1 << (64 + (slot & 63))));
    }

    function withFulfilled(SlotFlags self, uint256 slot) internal pure returns (SlotFlags) {
        return SlotFlags.wrap(SlotFlags.unwrap(self) | (((1 << 64) | 1) << (slot & 63)));
    }

    function withHandedIn(SlotFlags self, uint256 slot) internal pure returns (SlotFlags) {
        return SlotFlags.wrap(SlotFlags.unwrap(self) | (1 << (192 + (slot & 63))));
    }

    function withPaid(SlotFlags self, uint256 slot) internal pure returns (SlotFlags) {
        return SlotFlags.wrap(SlotFlags.unwrap(self) | (1 << (128 + (slot & 63))));
    }
}
