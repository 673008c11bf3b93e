// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRollup} from "../interfaces/IRollup.sol";
import {Seed} from "../types/Seed.sol";

/// @notice Who counts in a round, as others than the rollup see it: also in one that opens with the next action.
library Eligibility {
    /// @param opens of the round
    /// @return roundSeed  0 where none is used, and where the L1 block of the next action decides it
    /// @return eligibleAt the last moment that counts, seconds
    function ofRound(
        IRollup rollup,
        uint256 height,
        uint256 opens
    ) internal view returns (uint256 roundSeed, uint48 eligibleAt) {
        if (!rollup.scorer().policy().usesBetas()) return (0, uint48(opens - 1));
        uint256 roundTime = rollup.proposalWindow() + rollup.acceptanceWindow();
        Seed seed = rollup.seedOf(height);
        if (!seed.isStale(opens, roundTime)) return (seed.value(), seed.eligibleAt(opens));
        return (0, seed.draw(height, roundTime).eligibleAt(opens));
    }
}
