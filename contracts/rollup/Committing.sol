// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRollup} from "../interfaces/IRollup.sol";
import {Proposals} from "../libraries/Proposals.sol";
import {Transcript} from "../libraries/Transcript.sol";
import {Lane, LaneLibrary} from "../types/Lane.sol";
import {Terms} from "../types/Terms.sol";
import {Admission} from "./Admission.sol";

/// @notice Commits: one storage word each.
abstract contract Committing is IRollup, Admission {
    using Transcript for bytes;

    /// @inheritdoc IRollup
    function commit(Terms terms, bytes32 orderCommitment, bytes calldata transcript) external {
        _commit(msg.sender, terms, orderCommitment, transcript);
    }

    /// @inheritdoc IRollup
    function commitFor(
        address proposer,
        Terms terms,
        bytes32 orderCommitment,
        bytes calldata transcript,
        uint256 counter
    ) external {
        if (msg.sender != relay) revert NotRelay(msg.sender, relay);
        uint256 expected = _commit(proposer, terms, orderCommitment, transcript);
        if (counter != expected) revert WrongCounter(counter, expected);
    }

    /// @return counter of the round that the commit is for
    function _commit(
        address proposer,
        Terms terms,
        bytes32 orderCommitment,
        bytes calldata transcript
    ) private returns (uint256 counter) {
        counter = _admit(terms, transcript);
        uint256 laneId = LaneLibrary.idOf(proposer, terms.roundId().height());
        Lane lane = _lanes[laneId];
        if (lane.isCommitted(counter)) revert AlreadyCommitted(proposer, terms.roundId(), terms.parentRef());
        if (lane.isUnsettled()) revert Unsettled(proposer, terms.roundId().height() & 1);
        if (terms.burnBid() > lane.deposit()) revert BidAboveDeposit(terms.burnBid(), lane.deposit());

        uint192 digest = Proposals.commitDigest(terms, orderCommitment, transcript.hash(), block.timestamp);
        _lanes[laneId] = lane.withCommit(digest, counter);
        emit Committed(proposer, terms, orderCommitment, block.timestamp, transcript);
    }
}
