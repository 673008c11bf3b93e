// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Candidate} from "../types/Candidate.sol";
import {Standing} from "../types/Standing.sol";

/// @notice The best candidates of a round, best first.
library Ranking {
    /// @notice The candidate does not reach the ranking. Nothing was stored, and it may be submitted again once it has more.
    error NotRanked(uint256 score, uint256 lowestScore);

    /// @notice The higher score; then the earlier commit; then, in one block, the smaller id.
    function beats(Standing a, uint256 idA, Standing b, uint256 idB) internal pure returns (bool) {
        if (a.score() != b.score()) return a.score() > b.score();
        if (a.committedAt() != b.committedAt()) return a.committedAt() < b.committedAt();
        return idA < idB;
    }

    /// @notice Puts a candidate in its place, from below: a standing never falls.
    /// @param ranking  place => proposalId
    /// @param taken    places taken so far
    /// @param capacity places there are
    /// @return place    of the candidate
    /// @return newTaken places taken now
    function insert(
        mapping(uint256 => uint256) storage ranking,
        mapping(uint256 => Candidate) storage candidates,
        uint256 id,
        Standing standing,
        uint256 taken,
        uint256 capacity
    ) internal returns (uint256 place, uint256 newTaken) {
        newTaken = taken;
        while (place < taken && ranking[place] != id) ++place;
        if (place == taken) {
            if (taken < capacity) {
                ++newTaken;
            } else {
                --place;
                uint256 last = ranking[place];
                Standing lowest = candidates[last].standing;
                if (!beats(standing, id, lowest, last)) revert NotRanked(standing.score(), lowest.score());
            }
        }
        for (; place != 0; --place) {
            uint256 above = ranking[place - 1];
            if (!beats(standing, id, candidates[above].standing, above)) break;
            ranking[place] = above;
        }
        ranking[place] = id;
    }
}
