// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Operations} from "./Operations.sol";

/// @notice Exits as a block's tree of exits has them: `amount (32, a float) << 160 | owner (160)`. 0 is none.
library Exits {
    uint256 private constant EXIT_BITS = 192;

    function isExit(uint256 leaf) internal pure returns (bool) {
        return leaf != 0 && leaf >> EXIT_BITS == 0;
    }

    /// @return owner  on L1
    /// @return amount wei
    function unpack(uint256 leaf) internal pure returns (address owner, uint256 amount) {
        return (address(uint160(leaf)), Operations.valueOf(uint32(leaf >> 160)));
    }
}
