// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BPS} from "./Constants.sol";
import {LogMath} from "./LogMath.sol";

/// @notice Scores that are logarithms.
library LogScore {
    /// @param scale how many units of the score are one of LogMath
    /// @return the score of what is worth `bps` / 10,000 of another; 0 if there is no such score
    function fraction(uint256 score, uint256 bps, uint256 scale) internal pure returns (uint256) {
        if (bps == 0) return 0;
        uint256 less = scale * (LogMath.ln(BPS) - LogMath.ln(bps));
        return less < score ? score - less : 0;
    }
}
