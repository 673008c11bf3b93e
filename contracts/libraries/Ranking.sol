// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Proposal} from "../types/Candidate.sol";
import {Standing} from "../types/Standing.sol";

/// @notice The best candidates of a round, best first.
library Ranking {
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
    /// @return place    of the candidate; `capacity` if it does not reach the ranking
    /// @return newTaken places taken now
    function insert(
        mapping(uint256 => uint256) storage ranking,
        mapping(uint256 => Proposal) storage proposals,
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
                uint256 last = ranking[place - 1];
                if (!beats(standing, id, proposals[last].candidate.standing, last)) return (place, taken);
                --place;
            }
        }
        for (; place != 0; --place) {
            uint256 above = ranking[place - 1];
            if (!beats(standing, id, proposals[above].candidate.standing, above)) break;
            ranking[place] = above;
        }
        ranking[place] = id;
    }
}
