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

    /// @param index not 0
    /// @param most  how many slots, at most
    /// @return slots the first that name this prover, ascending, at the end of the memory in use
    function slotsOf(bytes calldata self, uint256 index, uint256 most) internal pure returns (uint256[] memory slots) {
        assembly ("memory-safe") {
            slots := mload(0x40)
            let next := add(slots, 32)
            let limit := add(next, shl(5, most))
            let end := add(self.offset, and(self.length, not(1)))
            // Sixteen entries at a time, one in each lane of a word. Its difference to the index is 0 where the entry
            // is the index, and only there its top bit stays clear: adding 0x7fff to the bits below carries into it,
            // unless all of them are 0.
            let low := 0x7fff7fff7fff7fff7fff7fff7fff7fff7fff7fff7fff7fff7fff7fff7fff7fff
            let wanted := mul(index, 0x0001000100010001000100010001000100010001000100010001000100010001)
            for {
                let position := self.offset
            } and(lt(position, end), lt(next, limit)) {
                position := add(position, 32)
            } {
                let difference := xor(calldataload(position), wanted)
                let found := not(or(or(add(and(difference, low), low), difference), low))
                for {} found {} {
                    // The first lane is at the top.
                    let bit := clz(found)
                    found := xor(found, shr(bit, shl(255, 1)))
                    let entry := add(position, shl(1, shr(4, bit)))
                    // What follows the transcript in its last word is not of it.
                    if lt(entry, end) {
                        mstore(next, shr(1, sub(entry, self.offset)))
                        next := add(next, 32)
                    }
                }
            }
            if gt(next, limit) {
                next := limit
            }
            mstore(slots, shr(5, sub(sub(next, slots), 32)))
            mstore(0x40, next)
        }
    }
}
