// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Contest} from "../interfaces/IScorer.sol";
import {Offer} from "../types/Offer.sol";
import {Setting} from "../types/Setting.sol";

/// @notice What a candidate's score depends on beside its forest, from what is stored of it.
library Contests {
    function create(Offer offer, Setting setting) internal pure returns (Contest memory) {
        return
            Contest({
                burnBid: offer.burnBid(),
                txCount: setting.txCount(),
                exponent: setting.exponent(),
                eligibleAt: setting.eligibleAt()
            });
    }
}
