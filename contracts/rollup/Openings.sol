// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRollup, Opening} from "../interfaces/IRollup.sol";
import {Proposals} from "../libraries/Proposals.sol";
import {Head} from "../types/Head.sol";
import {Lane, LaneLibrary} from "../types/Lane.sol";
import {RoundId} from "../types/RoundId.sol";
import {Terms} from "../types/Terms.sol";
import {RollupBase} from "./RollupBase.sol";

/// @notice The check that a reveal, a forest and a hand-in have in common: their proposal is committed in this round.
abstract contract Openings is RollupBase {
    /// @dev Reverts unless the opening is that of a commit in the proposer's lane or branches, for the open round.
    function _requireOpening(
        Head head,
        Opening calldata opening,
        bytes32 transcriptHash
    ) internal view returns (uint256 proposalId) {
        if (head.isFrozen()) revert IRollup.IsFrozen();
        Terms terms = opening.terms;
        RoundId roundId = head.roundId();
        if (terms.roundId() != roundId) revert IRollup.WrongRound(terms.roundId(), roundId);
        uint256 parentRef = _parentRef(head);
        if (terms.parentRef() != parentRef) revert IRollup.DeadParent(terms.parentRef(), parentRef);

        uint192 digest = Proposals.commitDigest(terms, opening.orderCommitment, transcriptHash, opening.committedAt);
        uint256 laneId = LaneLibrary.idOf(opening.proposer, roundId.height());
        Lane committed = _lanes[laneId];
        if (digest != committed.digest() && parentRef != 0) committed = _branches[laneId][parentRef];
        if (digest != committed.digest() || !committed.isCommitted(head.roundNumber())) {
            revert IRollup.WrongOpening(digest, committed.digest());
        }
        return Proposals.proposalId(_domain, _finalProposal(), terms, opening.orderCommitment, opening.proposer);
    }
}
