// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A round seed and who counts in a round with it.
/// @dev Layout of the uint256:
///
///      | bits   | field     | meaning                                                 |
///      | ------ | --------- | ------------------------------------------------------- |
///      | 48-255 | seed      | 208 bits of a hash of `prevrandao` and height, not 0    |
///      |  0-47  | countedAt | seconds; only who was registered before counts          |
type Seed is uint256;

using SeedLibrary for Seed global;

library SeedLibrary {
    uint256 private constant SEED_MASK = type(uint256).max << 48;

    /// @dev When the first heights get their first seeds there was no round before in which anybody could have
    /// registered.
    uint256 private constant FIRST_WITH_LOOKAHEAD = 3;

    /// @notice Draws the seed of a height in the current L1 block.
    /// @dev Whoever proposes an L1 block knows the `prevrandao` of the next one. Keys count that were registered a
    /// whole round before, so none can be ground against it.
    /// @param last      the seed that this one takes the place of
    /// @param roundTime of a round that is not pipelined, seconds
    function draw(Seed last, uint256 height, uint256 roundTime) internal view returns (Seed) {
        uint256 countedAt_ = block.timestamp;
        // Windows are 32 bits.
        unchecked {
            if (height >= FIRST_WITH_LOOKAHEAD || last.value() != 0) countedAt_ -= roundTime;
        }
        return Seed.wrap((uint256(keccak256(abi.encode(block.prevrandao, height))) & SEED_MASK) | countedAt_);
    }

    function value(Seed self) internal pure returns (uint256) {
        return Seed.unwrap(self) >> 48;
    }

    function countedAt(Seed self) internal pure returns (uint256) {
        return uint48(Seed.unwrap(self));
    }

    /// @return the last moment that counts for who is eligible in a round with this seed
    /// @param opens of the round
    function eligibleAt(Seed self, uint256 opens) internal pure returns (uint48) {
        uint256 counted = self.countedAt();
        unchecked {
            return uint48((counted < opens ? counted : opens) - 1);
        }
    }

    /// @notice Whether a round needs another seed: there is none, or provers that have left since would count.
    /// @dev A round normally opens within two rounds of when its seed was drawn, and who counts was there one before.
    function isStale(Seed self, uint256 opens, uint256 roundTime) internal pure returns (bool) {
        unchecked {
            return self.value() == 0 || opens > self.countedAt() + maxAge(roundTime);
        }
    }

    /// @return seconds from the moment that counts to the opening of a round
    function maxAge(uint256 roundTime) internal pure returns (uint256) {
        unchecked {
            return 3 * roundTime;
        }
    }
}
