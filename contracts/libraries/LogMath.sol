// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FIELD} from "./Constants.sol";

/// @notice Natural logarithms in units of 2^-96.
///
/// An argument is cut to its 81 leading bits, so integers below 2^81 are exact. What is cut is reduced by 2^(1/2) ..
/// 2^(1/16) to at most 2^(1/16) and put into ln m = 2 (z + z^3/3 + .. + z^13/13), z = (m - 1) / (m + 1), with 127
/// fractional bits.
///
/// Error. Every step rounds down and every constant is rounded towards a smaller result, so `ln` never exceeds the
/// logarithm: it falls short by less than 2^-85 for the cut argument and by less than 2^-79 (1.7e-24) for any. Order.
/// `ln` never falls as its argument grows: arguments with other leading bits are at least ln(1 + 2^-81) apart, more
/// than the error, and arguments with the same have the same result. It is strictly increasing below 2^81.
library LogMath {
    /// @notice ln(0), or the logarithm of something that is no field element.
    error OutOfDomain(uint256 x);

    /// @dev 2^127 ln 2
    uint256 private constant LN2 = 0x58b90bfbe8e7bcd5e4f1d9cc01f97b57;
    /// @dev 2^96 ln p, rounded up
    uint256 private constant LN_FIELD = 0xafc7a30b6624b59e73845dfef5;
    /// @dev 2^349 / p
    uint256 private constant INVERSE_FIELD = 0xa948e8c4c474094f560e94b0;

    /// @param x above 0
    function ln(uint256 x) internal pure returns (uint256 result) {
        if (x == 0) revert OutOfDomain(0);
        assembly ("memory-safe") {
            let zeros := clz(x)
            let m := shl(47, shr(175, shl(zeros, x)))
            result := mul(sub(255, zeros), LN2)
            // Each bound is the least m whose product with the inverse root is still 1 or more.
            if iszero(lt(m, 0xb504f333f9de6484597d89b3754abea1)) {
                m := shr(127, mul(m, 0x5a827999fcef32422cbec4d9baa55f4f))
                result := add(result, 0x2c5c85fdf473de6af278ece600fcbdab)
            }
            if iszero(lt(m, 0x9837f0518db8a96f46ad23182e42f6f7)) {
                m := shr(127, mul(m, 0x6ba27e656b4eb57a1cd345dcc8169fef))
                result := add(result, 0x162e42fefa39ef35793c7673007e5ed5)
            }
            if iszero(lt(m, 0x8b95c1e3ea8bd6e6fbe4628758a53c91)) {
                m := shr(127, mul(m, 0x75606373ee921c976816bad9b8372a7d))
                result := add(result, 0x0b17217f7d1cf79abc9e3b39803f2f6a)
            }
            if iszero(lt(m, 0x85aac367cc487b14c5c95b8c2154c1b3)) {
                m := shr(127, mul(m, 0x7a92be8a924366163dce863d76cc07e1))
                result := add(result, 0x058b90bfbe8e7bcd5e4f1d9cc01f97b5)
            }
            let one := shl(127, 1)
            let z := div(shl(127, sub(m, one)), add(m, one))
            let z2 := shr(127, mul(z, z))
            let sum := add(0x0ba2e8ba2e8ba2e8ba2e8ba2e8ba2e8b, shr(127, mul(z2, 0x09d89d89d89d89d89d89d89d89d89d89)))
            sum := add(0x0e38e38e38e38e38e38e38e38e38e38e, shr(127, mul(z2, sum)))
            sum := add(0x12492492492492492492492492492492, shr(127, mul(z2, sum)))
            sum := add(0x19999999999999999999999999999999, shr(127, mul(z2, sum)))
            sum := add(0x2aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, shr(127, mul(z2, sum)))
            sum := add(one, shr(127, mul(z2, sum)))
            result := shr(31, add(result, shr(126, mul(z, sum))))
        }
    }

    /// @notice -ln(beta / p): at least 1, exceeds the exact value by less than 2^-79, never grows with beta.
    /// @param beta 0 < beta < p
    function minusLn(uint256 beta) internal pure returns (uint256) {
        if (beta >= FIELD) revert OutOfDomain(beta);
        unchecked {
            return LN_FIELD - ln(beta);
        }
    }

    /// @notice 1 - beta / p, rounded down: never more than `minusLn`, and much cheaper.
    /// @param beta below p: the caller checks
    function atMostMinusLn(uint256 beta) internal pure returns (uint256) {
        unchecked {
            return (((FIELD - beta) >> 128) * INVERSE_FIELD) >> 125;
        }
    }
}
