// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Offer} from "./Offer.sol";
import {Payout} from "./Payout.sol";
import {RoundId} from "./RoundId.sol";
import {SlotFlags} from "./SlotFlags.sol";
import {Standing} from "./Standing.sol";

/// @notice A proposal whose forest has been verified. Known by its proposalId; all is zero where there is none.
struct Candidate {
    Standing standing;
    Payout payout;
    uint256 nextStateRoot;
    /// keccak256 of the contents of slots 1.., in slot order: the same for every forest of this proposal.
    bytes32 contentsHash;
    bytes32 transcriptHash;
    Offer offer;
    /// Opened at submission, so that a court can state what a node has to prove long after the round.
    bytes32 orderCommitment;
    uint256 roundSeed;
    /// Root of its exits.
    uint256 withdrawalsRoot;
    RoundId roundId;
    uint32 txCount;
    /// Of the score policy, in its round.
    uint16 exponent;
    /// What decides which provers count: a moment.
    uint48 eligibleAt;
    uint40 acceptanceEnds;
    /// By word, 64 slots each.
    mapping(uint256 => SlotFlags) flags;
}

using {isNone} for Candidate global;

function isNone(Candidate storage self) view returns (bool) {
    return Offer.unwrap(self.offer) == 0;
}
