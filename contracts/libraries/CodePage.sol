// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Immutable data kept as the code of a contract: 200 gas a byte to write, one cold account and 3 gas a word to
/// read.
/// @dev The code begins with STOP, so that a page can neither be called into nor start with the reserved byte 0xef.
library CodePage {
    /// @notice The code size limit (EIP-170) less the STOP.
    uint256 internal constant MAX_SIZE = 24_575;

    error PageTooLarge(uint256 size, uint256 limit);
    error PageNotCreated();

    function write(bytes memory data) internal returns (address page) {
        if (data.length > MAX_SIZE) revert PageTooLarge(data.length, MAX_SIZE);
        // PUSH2 size, DUP1, PUSH1 10, RETURNDATASIZE (0), CODECOPY, RETURNDATASIZE (0), RETURN; then the code itself.
        bytes memory creation = abi.encodePacked(hex"61", uint16(data.length + 1), hex"80600a3d393df300", data);
        assembly ("memory-safe") {
            page := create(0, add(creation, 0x20), mload(creation))
        }
        if (page == address(0)) revert PageNotCreated();
    }

    /// @return pointer memory position of the first `size` bytes of the page
    function load(address page, uint256 size) internal view returns (uint256 pointer) {
        assembly ("memory-safe") {
            pointer := mload(0x40)
            extcodecopy(page, pointer, 1, size)
            mstore(0x40, add(pointer, size))
        }
    }
}
