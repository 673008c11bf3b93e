// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BPS} from "./Constants.sol";

library Score {
    /// @param provers distinct fulfilled provers, below 2^16, or what stands for them, below 2^21
    /// @param burnBid in BID_UNIT, below 2^64
    /// @return N^3 B^2, below 2^176 or 2^191
    function compute(uint256 provers, uint256 burnBid) internal pure returns (uint256) {
        unchecked {
            return provers ** 3 * burnBid ** 2;
        }
    }

    /// @notice `bps` / 10,000 of a score, rounded up.
    function fraction(uint256 score, uint256 bps) internal pure returns (uint256) {
        return (score * bps + BPS - 1) / BPS;
    }
}
