// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Packed big-endian uint16 counters in memory: small enough to hold one for every prover there can be.
library Counters {
    /// @return self all zero
    function create(uint256 count) internal pure returns (bytes memory self) {
        // Counters are read and written as the top of a whole word, so the last one needs 30 spare bytes after it.
        self = new bytes(2 * count + 30);
        assembly ("memory-safe") {
            mstore(self, shl(1, count))
        }
    }

    /// @param i below the count: the caller checks
    function get(bytes memory self, uint256 i) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := shr(240, mload(add(add(self, 32), shl(1, i))))
        }
    }

    /// @dev The sum stays below 2^16: the caller checks.
    function add(bytes memory self, uint256 i, uint256 value) internal pure {
        assembly ("memory-safe") {
            let word := add(add(self, 32), shl(1, i))
            mstore(word, add(mload(word), shl(240, value)))
        }
    }
}
