// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Head} from "../types/Head.sol";
import {Windows} from "../types/Windows.sol";

/// @notice The state machine of the round: what its head and the windows make of a moment, and which round comes next.
///
///     start ──> expired ──commit──> proposal window ──> acceptance window ──nothing ranked──> expired
///                  ^                      ^                     │
///                  │                      └──no commit ahead────┤ ranked: the height is decided
///                  │                                            │
///                  └──nobody reveals── acceptance window <──commits ahead (pipelined)
///
/// @dev The rollup applies it to what is stored, RoundView to what will be. Moments and windows are far below 2^64:
/// nothing overflows.
library RoundClock {
    /* WINDOWS, HALF-OPEN */

    /// @return when commits to the round end, and reveals and proofs begin. A pipelined round takes its commits in the
    /// acceptance window of the height before
    function proposalEnds(Head head, Windows windows) internal pure returns (uint256) {
        unchecked {
            return head.opens() + (head.isPipelined() ? windows.acceptance() : windows.proposal());
        }
    }

    function revealEnds(Head head, Windows windows) internal pure returns (uint256) {
        unchecked {
            return proposalEnds(head, windows) + windows.reveal();
        }
    }

    /// @return when nothing new can be proven: no first forest, and no vote that no forest has shown yet. After that
    /// only deliveries are added, for as long as reveals had at the beginning
    function provingEnds(Head head, Windows windows) internal pure returns (uint256) {
        unchecked {
            return acceptanceEnds(head, windows) - windows.reveal();
        }
    }

    function acceptanceEnds(Head head, Windows windows) internal pure returns (uint256) {
        unchecked {
            return proposalEnds(head, windows) + windows.acceptance();
        }
    }

    /// @return when the round is over: proofs are no longer taken, or nobody has proven or even revealed in time
    function ends(Head head, Windows windows) internal pure returns (uint256) {
        if (head.ranked() != 0) return acceptanceEnds(head, windows);
        return head.isRevealed() ? provingEnds(head, windows) : revealEnds(head, windows);
    }

    /* STATES */

    /// @return whether the round has a winner
    function isDecided(Head head, Windows windows, uint256 moment) internal pure returns (bool) {
        return head.ranked() != 0 && moment >= acceptanceEnds(head, windows);
    }

    /// @return whether the round is over
    function isOver(Head head, Windows windows, uint256 moment) internal pure returns (bool) {
        return moment >= ends(head, windows);
    }

    /* TRANSITIONS */

    /// @notice Nothing was proven: a commit opens the next attempt at the same height. Operations are due in it that
    /// were posted before everybody could have opened it.
    function nextAttempt(Head head, Windows windows, uint256 moment) internal pure returns (Head) {
        return head.nextAttempt(moment, ends(head, windows));
    }

    /// @notice The round is decided. Where commits were made ahead, the next height has had its proposal window: the
    /// acceptance window that is over. Either way the queue is cut at a moment that was known before anybody could
    /// commit.
    /// @param exponent  of the score policy, in the next height
    /// @param l1OpCount operations that the winner has settled
    function nextHeight(
        Head head,
        Windows windows,
        uint256 moment,
        uint256 exponent,
        uint256 l1OpCount
    ) internal pure returns (Head) {
        uint256 opens = moment;
        uint256 queueCut = acceptanceEnds(head, windows);
        if (head.hasNext()) opens = queueCut = proposalEnds(head, windows);
        return head.nextHeight(exponent, opens, queueCut, l1OpCount, moment);
    }
}
