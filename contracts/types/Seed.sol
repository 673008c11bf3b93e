// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A round seed and the moment at which it became known.
/// @dev Layout of the uint256:
///
///      | bits   | field   | meaning                                                             |
///      | ------ | ------- | ------------------------------------------------------------------- |
///      | 48-255 | seed    | 208 bits of `prevrandao`, never 0                                   |
///      |  0-47  | knownAt | seconds; only who was registered before counts                      |
type Seed is uint256;

using SeedLibrary for Seed global;

library SeedLibrary {
    /// @param randomness any 256 bits
    function pack(uint256 randomness, uint256 knownAt_) internal pure returns (Seed) {
        uint256 seed = randomness >> 48;
        return Seed.wrap((seed == 0 ? 1 : seed) << 48 | uint48(knownAt_));
    }

    function value(Seed self) internal pure returns (uint256) {
        return Seed.unwrap(self) >> 48;
    }

    function knownAt(Seed self) internal pure returns (uint256) {
        return uint48(Seed.unwrap(self));
    }
}
