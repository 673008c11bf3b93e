// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Operations that L1 forces on the L2, as 60 bytes: `from (2) | to (2) | amount (4) | l1Owner (20) | key
/// (32)`. See docs/encodings.md.
library Operations {
    uint256 internal constant OPERATION_BYTES = 60;
    /// @dev Data words, of 30 bytes.
    uint256 internal constant OPERATION_WORDS = 2;

    function encode(
        uint16 from,
        uint16 to,
        uint32 amount,
        address l1Owner,
        uint256 key
    ) internal pure returns (bytes memory) {
        return abi.encodePacked(from, to, amount, l1Owner, key);
    }

    /// @param operation 60 bytes
    /// @return l1Owner   whom it names
    /// @return deposited wei; 0 if it is not a deposit
    function decode(bytes calldata operation) internal pure returns (address l1Owner, uint256 deposited) {
        l1Owner = address(bytes20(operation[8:28]));
        bool isDeposit = bytes2(operation[0:2]) == 0;
        deposited = isDeposit ? valueOf(uint32(bytes4(operation[4:8]))) : 0;
    }

    /// @param amount mantissa (27 bits) << 5 | exponent (5 bits)
    /// @return wei; below 2^130
    function valueOf(uint32 amount) internal pure returns (uint256) {
        unchecked {
            return uint256(amount >> 5) * 10 ** (amount & 31);
        }
    }

    /// @notice One more link of the keccak chain over the queue.
    /// @param chain of the operation before; 0 for the first one
    function link(uint216 chain, bytes memory operation) internal pure returns (uint216) {
        return uint216(uint256(keccak256(abi.encodePacked(chain, operation))));
    }

    /// @notice The chain after all of these operations.
    /// @param chain before them
    /// @param operations 60 bytes each
    function linkAll(uint216 chain, bytes calldata operations) internal pure returns (uint216) {
        assembly ("memory-safe") {
            // chain (27) | operation (60)
            let preimage := mload(0x40)
            let operation := operations.offset
            for {
                let end := add(operation, operations.length)
            } lt(operation, end) {} {
                mstore(preimage, shl(40, chain))
                calldatacopy(add(preimage, 27), operation, OPERATION_BYTES)
                chain := and(keccak256(preimage, 87), 0xffffffffffffffffffffffffffffffffffffffffffffffffffffff)
                operation := add(operation, OPERATION_BYTES)
            }
        }
        return chain;
    }
}
