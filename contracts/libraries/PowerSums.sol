// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {FIELD} from "./Constants.sol";

/// @notice Sums weighted by the powers of a ratio, in the scalar field.
library PowerSums {
    /// @dev Bit by bit, the highest first: the sums over 2n terms follow from those over n, and one more term from the
    /// power.
    /// @param count how many terms, at least 1
    /// @return sum      sum of ratio^i,   0 <= i < count
    /// @return indexSum sum of i ratio^i, 0 <= i < count
    /// @return power    ratio^count
    function geometric(
        uint256 ratio,
        uint256 count
    ) internal pure returns (uint256 sum, uint256 indexSum, uint256 power) {
        (sum, power) = (1, ratio);
        uint256 terms = 1;
        for (uint256 bit = (1 << Math.log2(count)) >> 1; bit != 0; bit >>= 1) {
            uint256 shifted = addmod(indexSum, mulmod(terms, sum, FIELD), FIELD);
            indexSum = addmod(indexSum, mulmod(power, shifted, FIELD), FIELD);
            sum = mulmod(sum, addmod(1, power, FIELD), FIELD);
            power = mulmod(power, power, FIELD);
            terms <<= 1;
            if (count & bit != 0) {
                indexSum = addmod(indexSum, mulmod(terms, power, FIELD), FIELD);
                sum = addmod(sum, power, FIELD);
                power = mulmod(power, ratio, FIELD);
                ++terms;
            }
        }
    }
}
