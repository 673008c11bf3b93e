// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BPS} from "./Constants.sol";

/// @notice Whose bids burn.
enum BurnRule {
    /// The winner's, a part of each paid uncle's, and a part of every promise that was not kept.
    Winner,
    /// Everybody's: a bid is the price of a commit whose parent won.
    EveryCommit
}

/// @notice How much of a bid burns, and when. All in BID_UNIT, rounded up.
library Burns {
    /// @return what burns as soon as a candidate is proven
    function atProof(BurnRule rule, uint256 burnBid) internal pure returns (uint256) {
        return rule == BurnRule.EveryCommit ? burnBid : 0;
    }

    /// @param place 0: the winner, else a paid uncle
    /// @return what burns when a candidate is paid
    function atPayment(
        BurnRule rule,
        uint256 burnBid,
        uint256 place,
        uint256 uncleBurnBps
    ) internal pure returns (uint256) {
        if (rule == BurnRule.EveryCommit) return 0;
        return place == 0 ? burnBid : _part(burnBid, uncleBurnBps, BPS);
    }

    /// @param silent provers of whom no vote is proven, of `named`; one of one where nothing was proven at all
    /// @return what a commit loses whose parent won and that was not paid
    function atForfeit(
        BurnRule rule,
        uint256 burnBid,
        uint256 forfeitBps,
        uint256 silent,
        uint256 named
    ) internal pure returns (uint256) {
        return rule == BurnRule.EveryCommit ? burnBid : _part(burnBid, forfeitBps * silent, BPS * named);
    }

    function _part(uint256 burnBid, uint256 numerator, uint256 denominator) private pure returns (uint256) {
        return (burnBid * numerator + denominator - 1) / denominator;
    }
}
