// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BPS} from "./Constants.sol";

/// @notice Whose bids burn.
enum BurnRule {
    /// The winner's, a part of each paid uncle's, and a part of every promise that was not kept, an uncle's too.
    Winner,
    /// Everybody's: a bid is the price of a commit whose parent won.
    EveryCommit
}

/// @notice How much of a bid burns, and when. All in BID_UNIT, rounded up.
/// @dev Bids are below 2^64, provers below 2^14: nothing overflows.
library Burns {
    /// @return what burns as soon as a candidate is proven
    function atProof(BurnRule rule, uint256 burnBid) internal pure returns (uint256) {
        return rule == BurnRule.EveryCommit ? burnBid : 0;
    }

    /// @return what burns when a candidate wins
    function ofWinner(BurnRule rule, uint256 burnBid) internal pure returns (uint256) {
        return rule == BurnRule.EveryCommit ? 0 : burnBid;
    }

    /// @notice An uncle burns its part and forfeits for the silent like a block that is not paid: else a high bid that
    /// few have voted for could keep rivals away, and lose to a low one of the same proposer's. Both together are no
    /// more than what it had forfeited unproven.
    /// @param silent as in `atForfeit`
    /// @return burnt when a candidate is paid as an uncle
    /// @return own   what it burns as an uncle, so the most that it may earn: a reward makes up for no forfeit
    function ofUncle(
        BurnRule rule,
        uint256 burnBid,
        uint256 uncleBurnBps,
        uint256 forfeitBps,
        uint256 silent,
        uint256 named
    ) internal pure returns (uint256 burnt, uint256 own) {
        if (rule == BurnRule.EveryCommit) return (0, burnBid);
        uint256 forfeited = atForfeit(rule, burnBid, forfeitBps, silent, named);
        uint256 most = _part(burnBid, forfeitBps, BPS);
        own = _part(burnBid, uncleBurnBps, BPS);
        unchecked {
            if (own > most - forfeited) own = most - forfeited;
            burnt = forfeited + own;
        }
    }

    /// @dev Three halves of the silent part: a low bid with all provers beats x of them at a high one with x^(3/2) of
    /// it, and 1 - x^(3/2) is at most 3/2 (1 - x). So both together cost what the high one promised to burn.
    /// @param silent provers of whom no vote is proven, of `named`; one of one where nothing was proven at all
    /// @return what a commit loses whose parent won and that did not win
    function atForfeit(
        BurnRule rule,
        uint256 burnBid,
        uint256 forfeitBps,
        uint256 silent,
        uint256 named
    ) internal pure returns (uint256) {
        if (rule == BurnRule.EveryCommit) return burnBid;
        if (silent == 0) return 0;
        unchecked {
            (silent, named) = (3 * silent, 2 * named);
            if (silent > named) silent = named;
            return _part(burnBid, forfeitBps * silent, BPS * named);
        }
    }

    function _part(uint256 burnBid, uint256 numerator, uint256 denominator) private pure returns (uint256) {
        unchecked {
            return (burnBid * numerator + denominator - 1) / denominator;
        }
    }
}
