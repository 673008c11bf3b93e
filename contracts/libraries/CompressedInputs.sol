// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FIELD} from "./Constants.sol";

/// @notice A vector V as three public inputs: `C = hashMany(V)`, which only the circuit computes, `x`, a hash of C and
/// V, and `y`, the polynomial with coefficients V at the point `x`.
/// @dev Another V' of the same length with the same y is one of the roots of V - V', and x was chosen by a hash of V
/// itself.
library CompressedInputs {
    uint256 internal constant COUNT = 3;

    /// @param values C, then V: canonical, and of one length for each circuit
    /// @return inputs from index 1
    function compress(uint256[] memory values) internal pure returns (uint256[] memory inputs) {
        uint256 x;
        assembly ("memory-safe") {
            x := mod(keccak256(add(values, 0x20), shl(5, mload(values))), FIELD)
        }
        uint256 y;
        for (uint256 i = values.length - 1; i > 0; --i) {
            y = addmod(mulmod(y, x, FIELD), values[i], FIELD);
        }
        inputs = new uint256[](1 + COUNT);
        (inputs[1], inputs[2], inputs[3]) = (values[0], x, y);
    }
}
