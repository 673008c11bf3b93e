// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Packed big-endian uint16 counters in memory: small enough to hold one for every prover there can be. Counter i is the top of the word at
///         `self + 32 + 2 i`.
library Counters {
    /// @return self all zero
    function create(uint256 count) internal pure returns (bytes memory self) {
        // Whole words are read and written, so the last counter needs 30 spare bytes after it.
        self = new bytes(2 * count + 30);
        assembly ("memory-safe") {
            mstore(self, shl(1, count))
        }
    }
}
