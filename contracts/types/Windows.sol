// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice How long a rollup's rounds take what.
/// @dev Layout of the uint256, all in seconds:
///
///      | bits   | field      | meaning                                                             |
///      | ------ | ---------- | ------------------------------------------------------------------- |
///      | 64-255 | zero       |                                                                     |
///      | 32-63  | acceptance | proofs, and commits to the next height                              |
///      |  0-31  | proposal   | commits, where nothing was decided right before                     |
///
///      Reveals are taken in the first quarter of the acceptance window, and nothing but deliveries in the last one.
type Windows is uint256;

using WindowsLibrary for Windows global;

library WindowsLibrary {
    function pack(uint256 proposal_, uint256 acceptance_) internal pure returns (Windows) {
        return Windows.wrap((uint256(uint32(acceptance_)) << 32) | uint32(proposal_));
    }

    function proposal(Windows self) internal pure returns (uint256) {
        return uint32(Windows.unwrap(self));
    }

    function acceptance(Windows self) internal pure returns (uint256) {
        return uint32(Windows.unwrap(self) >> 32);
    }

    function reveal(Windows self) internal pure returns (uint256) {
        return (Windows.unwrap(self) >> 34) & (type(uint32).max >> 2);
    }

    /// @return seconds of a round that is not pipelined
    function round(Windows self) internal pure returns (uint256) {
        unchecked {
            return self.proposal() + self.acceptance();
        }
    }
}
