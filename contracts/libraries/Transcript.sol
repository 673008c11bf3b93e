// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A transcript is one big-endian uint16 prover index per slot, in slot order; 0 is unassigned.
library Transcript {
    uint256 internal constant INDEX_BYTES = 2;

    /// @return digest keccak256 of it, without taking the memory
    function hash(bytes calldata self) internal pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            let copy := mload(0x40)
            calldatacopy(copy, self.offset, self.length)
            digest := keccak256(copy, self.length)
        }
    }

    /// @param slot below the number of slots: the caller checks
    function indexAt(bytes calldata self, uint256 slot) internal pure returns (uint256 index) {
        assembly ("memory-safe") {
            index := shr(240, calldataload(add(self.offset, shl(1, slot))))
        }
    }
}
