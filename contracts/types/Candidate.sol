// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Offer} from "./Offer.sol";
import {Payout} from "./Payout.sol";
import {Setting} from "./Setting.sol";
import {SlotFlags} from "./SlotFlags.sol";
import {Standing} from "./Standing.sol";

/// @notice A proposal whose forest has been verified: the words that are stored, each read with its own type.
struct Candidate {
    Standing standing;
    Payout payout;
    uint256 nextStateRoot;
    /// Of the contents of slots 1.., see Contents: the same for every forest of this proposal.
    bytes32 contentsHash;
    bytes32 transcriptHash;
    /// Zero: there is no such candidate.
    Offer offer;
    /// Opened at submission, so that a court can state what a node has to prove long after the round.
    bytes32 orderCommitment;
    /// What VRF outputs of its round are made from; 0 where there are none.
    uint256 roundSeed;
    /// Root of its exits.
    uint256 withdrawalsRoot;
    Setting setting;
}

/// @notice What is stored of a proposal. Known by its proposalId.
struct Proposal {
    /// All zero until a forest has been verified.
    Candidate candidate;
    /// By word, 64 slots each. Before there is a candidate: what was handed in.
    mapping(uint256 => SlotFlags) flags;
    /// One bit a prover index, 256 a word: has claimed its share. Under fair pay only.
    mapping(uint256 => uint256) paidProvers;
}
