// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

library Score {
    /// @param provers distinct fulfilled provers, below 2^16
    /// @param burnBid in BID_UNIT, below 2^64
    /// @return N^3 B^2, below 2^176
    function compute(uint256 provers, uint256 burnBid) internal pure returns (uint256) {
        unchecked {
            return provers ** 3 * burnBid ** 2;
        }
    }
}
