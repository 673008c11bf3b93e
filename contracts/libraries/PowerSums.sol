// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FIELD} from "./Bn254.sol";

/// @notice Sums weighted by the powers of a ratio, in the scalar field.
library PowerSums {
    /// @dev Doubling: the sums over 2n terms follow from those over n, so 2^bits terms take `bits` steps.
    /// @return sum      sum of ratio^i,   0 <= i < 2^bits
    /// @return indexSum sum of i ratio^i, 0 <= i < 2^bits
    /// @return power    ratio^(2^bits)
    function geometric(uint256 ratio, uint256 bits) internal pure returns (uint256 sum, uint256 indexSum, uint256 power) {
        (sum, power) = (1, ratio);
        for (uint256 i = 0; i < bits; ++i) {
            uint256 shifted = addmod(indexSum, mulmod(1 << i, sum, FIELD), FIELD);
            indexSum = addmod(indexSum, mulmod(power, shifted, FIELD), FIELD);
            sum = mulmod(sum, addmod(1, power, FIELD), FIELD);
            power = mulmod(power, power, FIELD);
        }
    }
}
