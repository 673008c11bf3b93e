// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A transcript is one big-endian uint16 prover index per slot, in slot order; 0 is unassigned.
library Transcript {
    uint256 internal constant INDEX_BYTES = 2;

    /// @param slot below the number of slots: the caller checks
    function indexAt(bytes calldata self, uint256 slot) internal pure returns (uint256 index) {
        assembly ("memory-safe") {
            index := shr(240, calldataload(add(self.offset, shl(1, slot))))
        }
    }
}
