// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Statement} from "../interfaces/IForestVerifier.sol";
import {HandIn, IRollup, Opening, Submission} from "../interfaces/IRollup.sol";
import {Count, Known} from "../interfaces/IScorer.sol";
import {Burns} from "../libraries/Burns.sol";
import {BID_UNIT} from "../libraries/Constants.sol";
import {Contents} from "../libraries/Contents.sol";
import {Contests} from "../libraries/Contests.sol";
import {Data} from "../libraries/Data.sol";
import {ForestCall} from "../libraries/ForestCall.sol";
import {Proposals} from "../libraries/Proposals.sol";
import {Ranking} from "../libraries/Ranking.sol";
import {RoundClock} from "../libraries/RoundClock.sol";
import {Candidate, Proposal} from "../types/Candidate.sol";
import {Head} from "../types/Head.sol";
import {Lane, LaneLibrary} from "../types/Lane.sol";
import {OfferLibrary} from "../types/Offer.sol";
import {Payout, PayoutLibrary} from "../types/Payout.sol";
import {Reveal, RevealLibrary} from "../types/Reveal.sol";
import {Seed} from "../types/Seed.sol";
import {SettingLibrary} from "../types/Setting.sol";
import {SlotFlags, SlotFlagsLibrary} from "../types/SlotFlags.sol";
import {Standing, StandingLibrary} from "../types/Standing.sol";
import {Terms} from "../types/Terms.sol";
import {Heights} from "./Heights.sol";
import {Openings} from "./Openings.sol";

/// @notice From a revealed order to a ranked candidate: whole forests, and single nodes that a court lets in.
abstract contract Candidates is IRollup, Heights, Openings {
    using RoundClock for Head;
    using Ranking for mapping(uint256 => uint256);

    /// @inheritdoc IRollup
    function submitProof(Submission calldata s) external returns (uint256 proposalId, uint256 place) {
        Head head = _upToDate(_head);
        bytes32 transcriptHash = keccak256(s.transcript);
        proposalId = _requireRevealed(head, s.opening, transcriptHash);
        Reveal claimed = RevealLibrary.whole(s.txsRoot, s.txCount, s.dataEval, s.l1OpCount);
        Reveal revealed = _revealOf[proposalId];
        if (Reveal.unwrap(claimed) != Reveal.unwrap(revealed)) revert WrongReveal(claimed, revealed);
        _bridge.requireRunning(s.fees);

        (Seed seed, uint48 eligibleAt) = _eligibility(head);
        (bool isValid, uint256 named) = _verify(proposalId, seed, eligibleAt, s);
        if (!isValid) revert InvalidForest(proposalId);

        Candidate storage candidate = _proposals[proposalId].candidate;
        bytes32 contentsHash = Contents.hash(s.contents);
        (SlotFlags[] memory known, SlotFlags[] memory flags, bool isMore) = _unite(
            proposalId,
            s.flags,
            block.timestamp < head.provingEnds(windows)
        );
        if (candidate.offer.isNone()) {
            _admitCandidate(candidate, head, eligibleAt, s);
            candidate.contentsHash = contentsHash;
            candidate.transcriptHash = transcriptHash;
            candidate.roundSeed = seed.value();
            candidate.payout = PayoutLibrary.pack(s.fees, 0, named, named);
            _deliverHandedIn(proposalId, flags, s.contents);
            isMore = true;
        } else if (contentsHash != candidate.contentsHash) {
            revert WrongContents(contentsHash, candidate.contentsHash);
        }
        Known memory nothing;
        Count memory count = _count(candidate, s.transcript, flags, s.betas, nothing);
        place = _rank(proposalId, head, s.opening.committedAt, known, flags, count, isMore);
    }

    /// @inheritdoc IRollup
    function recordHandIn(
        Opening calldata opening,
        bytes calldata transcript,
        HandIn calldata handIn
    ) external returns (uint256 proposalId) {
        address court = _registry.court();
        if (msg.sender != court) revert NotCourt(msg.sender, court);
        Head head = _upToDate(_head);
        proposalId = _requireRevealed(head, opening, keccak256(transcript));
        emit HandedIn(proposalId, handIn.slots);

        Candidate storage candidate = _proposals[proposalId].candidate;
        if (candidate.offer.isNone()) {
            _keep(proposalId, handIn);
            return proposalId;
        }
        bytes32 contentsHash = candidate.contentsHash;
        if (handIn.contentsHash != contentsHash) revert WrongContents(handIn.contentsHash, contentsHash);
        (SlotFlags[] memory known, SlotFlags[] memory flags, bool isMore) = _unite(
            proposalId,
            handIn.flags,
            block.timestamp < head.provingEnds(windows)
        );
        Payout payout = candidate.payout;
        Known memory before = Known({
            provers: candidate.standing.provers(),
            voters: payout.named() - payout.silent(),
            fulfilledWeight: payout.fulfilledWeight(),
            flags: known,
            holdings: handIn.holdings
        });
        Count memory count = _count(candidate, transcript, flags, handIn.betas, before);
        _rank(proposalId, head, opening.committedAt, known, flags, count, isMore);
    }

    /* INTERNAL: OPENING */

    /// @dev Checks the opening of a proposal that proofs are brought for: it is revealed, and the window is open. A
    /// first forest comes before the window's last quarter. So nobody is left out in the last second or keeps the
    /// choice whether to win until then, and whoever commits to the next height in that quarter knows which parents are
    /// real.
    function _requireRevealed(
        Head head,
        Opening calldata opening,
        bytes32 transcriptHash
    ) private view returns (uint256 proposalId) {
        proposalId = _requireOpening(head, opening, transcriptHash);
        bool isFirst = _proposals[proposalId].candidate.offer.isNone();
        uint256 from = head.proposalEnds(windows);
        uint256 until = isFirst ? head.provingEnds(windows) : head.acceptanceEnds(windows);
        if (block.timestamp < from || block.timestamp >= until) revert SubmitClosed(block.timestamp, from, until);
        if (!_revealOf[proposalId].isWhole()) revert NotRevealed(proposalId);
    }

    /* INTERNAL: CANDIDATES */

    function _verify(
        uint256 proposalId,
        Seed seed,
        uint48 eligibleAt,
        Submission calldata s
    ) private view returns (bool isValid, uint256 named) {
        Statement memory statement = Statement({
            domain: _domain,
            proposalId: proposalId,
            z: Proposals.dataPoint(s.opening.orderCommitment),
            roundSeed: seed.value(),
            burnBid: s.opening.terms.burnBid(),
            prevStateRoot: _stateRoot(),
            nextStateRoot: s.nextStateRoot,
            txsRoot: s.txsRoot,
            fees: s.fees,
            l1OpCount: s.l1OpCount,
            txCount: s.txCount,
            withdrawalsRoot: s.withdrawalsRoot,
            dataEval: s.dataEval,
            proversRoot: s.proversRoot
        });
        bool inParts = s.cuts.length != 0;
        if (inParts && address(_parts) == address(0)) revert NoParts();
        return ForestCall.verify(inParts ? address(_parts) : address(_verifier), _registry, eligibleAt, statement, s);
    }

    /// @dev What a candidate is, apart from what it has proven.
    function _admitCandidate(Candidate storage candidate, Head head, uint48 eligibleAt, Submission calldata s) private {
        Terms terms = s.opening.terms;
        address proposer = s.opening.proposer;
        candidate.nextStateRoot = s.nextStateRoot;
        candidate.offer = OfferLibrary.pack(
            proposer,
            terms.burnBid(),
            terms.proverShareBps(),
            _seatOf[proposer],
            s.l1OpCount
        );
        candidate.withdrawalsRoot = s.withdrawalsRoot;
        candidate.orderCommitment = s.opening.orderCommitment;
        candidate.setting = SettingLibrary.pack(
            head.roundId(),
            s.txCount,
            head.exponent(),
            eligibleAt,
            head.acceptanceEnds(windows)
        );

        uint256 burnt = Burns.atProof(_burnRule, terms.burnBid());
        if (burnt == 0) return;
        uint256 laneId = LaneLibrary.idOf(proposer, head.roundId().height());
        Lane lane = _lanes[laneId];
        _lanes[laneId] = lane.withDeposit(lane.deposit() - burnt).asSettled();
        _token.burn(burnt * BID_UNIT);
    }

    /// @dev Settles the lane of a candidate that has a proven vote of every prover that it names. Another one may still
    /// forfeit, unless it is paid: `settle` will ask for it.
    function _settleProven(uint256 proposalId, address proposer, uint256 height, uint256 silent) private {
        uint256 laneId = LaneLibrary.idOf(proposer, height);
        Lane lane = _lanes[laneId];
        if (!lane.isUnsettled()) return;
        if (silent == 0) _lanes[laneId] = lane.asSettled();
        else _provenOf[laneId] = proposalId;
    }

    /// @param submitted verified: one word per 64 slots, with nothing but votes and deliveries of slots that have a key
    /// @param takesVotes whether votes that no forest has shown yet still count
    /// @return known  what had been proven before
    /// @return flags  what has ever been proven
    /// @return isMore whether this adds to it
    function _unite(
        uint256 proposalId,
        uint256[] calldata submitted,
        bool takesVotes
    ) private view returns (SlotFlags[] memory known, SlotFlags[] memory flags, bool isMore) {
        mapping(uint256 => SlotFlags) storage stored = _proposals[proposalId].flags;
        known = new SlotFlags[](submitted.length);
        flags = new SlotFlags[](submitted.length);
        // Votes are the lowest bits.
        uint256 counting = takesVotes ? type(uint256).max : type(uint256).max << SlotFlagsLibrary.SLOTS;
        uint256 more = 0;
        // Of a large forest this is what one proof more costs beside its verification.
        assembly ("memory-safe") {
            mstore(0x20, stored.slot)
            let end := shl(5, submitted.length)
            for {
                let place := 0
            } lt(place, end) {
                place := add(place, 32)
            } {
                mstore(0x00, shr(5, place))
                let own := sload(keccak256(0x00, 0x40))
                let shown := and(calldataload(add(submitted.offset, place)), counting)
                mstore(add(add(known, 32), place), own)
                mstore(add(add(flags, 32), place), or(own, shown))
                more := or(more, and(shown, not(own)))
            }
        }
        isMore = more != 0;
    }

    /// @dev Remembers what was handed in until there is a candidate: a delivery with the node that it is of, and a vote
    /// as it is, because it is one for the slot of the proposal, whatever the contents are of the merge that shows it.
    function _keep(uint256 proposalId, HandIn calldata handIn) private {
        mapping(uint256 => SlotFlags) storage flags = _proposals[proposalId].flags;
        mapping(bytes32 => bool) storage kept = _handedIn[proposalId];
        bool isMore = false;
        for (uint256 i = 0; i < handIn.digests.length; ++i) {
            bytes32 digest = handIn.digests[i];
            if (kept[digest]) continue;
            uint256 slot = handIn.slots[i];
            kept[digest] = isMore = true;
            flags[slot >> 6] = flags[slot >> 6].withHandedIn(slot);
        }
        for (uint256 word = 0; word < handIn.flags.length; ++word) {
            uint256 votes = SlotFlags.wrap(handIn.flags[word]).voted();
            if (votes == 0 || votes & ~flags[word].voted() == 0) continue;
            flags[word] = flags[word].union(SlotFlags.wrap(votes));
            isMore = true;
            emit VotesKept(proposalId, word, votes);
        }
        if (!isMore) revert NoImprovement(0, 0);
    }

    /// @dev What was handed in before there was a candidate counts if the first forest has that node, with those
    /// children.
    /// @param flags of that forest, united with those of what was handed in
    function _deliverHandedIn(uint256 proposalId, SlotFlags[] memory flags, uint256[] calldata contents) private view {
        for (uint256 word = 0; word < flags.length; ++word) {
            uint256 handedIn = flags[word].handedIn();
            for (uint256 slot = 64 * word; handedIn != 0; (handedIn >>= 1, ++slot)) {
                if (handedIn & 1 == 0 || !_handedIn[proposalId][Data.hashNode(slot, contents, arity)]) continue;
                flags[word] = flags[word].withDelivered(slot);
            }
        }
    }

    function _count(
        Candidate storage candidate,
        bytes calldata transcript,
        SlotFlags[] memory flags,
        uint256[] calldata betas,
        Known memory known
    ) private view returns (Count memory) {
        return _scorer.count(Contests.create(candidate.offer, candidate.setting), transcript, flags, betas, known);
    }

    /// @dev Ranks and stores. A score never falls.
    /// @param known  what is stored
    /// @param count  of `flags`
    /// @param isMore whether those are more
    function _rank(
        uint256 proposalId,
        Head head,
        uint256 committedAt,
        SlotFlags[] memory known,
        SlotFlags[] memory flags,
        Count memory count,
        bool isMore
    ) private returns (uint256 place) {
        Proposal storage proposal = _proposals[proposalId];
        Candidate storage candidate = proposal.candidate;
        uint256 score = candidate.standing.score();
        if (count.score <= score) {
            if (!isMore) revert NoImprovement(count.provers, count.fulfilledWeight);
            count.score = score;
        }
        Standing standing = StandingLibrary.pack(count.score, committedAt, count.provers);
        candidate.standing = standing;
        Payout payout = candidate.payout;
        payout = PayoutLibrary.pack(
            payout.fees(),
            count.fulfilledWeight,
            payout.named(),
            payout.named() - count.voters
        );
        candidate.payout = payout;
        _settleProven(proposalId, candidate.offer.proposer(), head.roundId().height(), payout.silent());
        _store(proposal.flags, known, flags);
        uint256 ranked;
        (place, ranked) = _ranking(head.roundId().height()).insert(
            _proposals,
            proposalId,
            standing,
            head.ranked(),
            1 + _maxUncles
        );
        if (ranked != head.ranked()) _head = head.withRanked(ranked);

        emit CandidateProven(
            proposalId,
            head.roundId(),
            place,
            count.score,
            count.provers,
            payout.silent(),
            count.fulfilledWeight,
            candidate.nextStateRoot,
            payout.fees(),
            _unwrap(flags)
        );
    }

    /// @dev Those that are not known. Of a large forest the loop is noticed.
    function _store(
        mapping(uint256 => SlotFlags) storage stored,
        SlotFlags[] memory known,
        SlotFlags[] memory flags
    ) private {
        assembly ("memory-safe") {
            mstore(0x20, stored.slot)
            for {
                let place := shl(5, mload(flags))
            } place {
                place := sub(place, 32)
            } {
                let own := mload(add(flags, place))
                if xor(own, mload(add(known, place))) {
                    mstore(0x00, sub(shr(5, place), 1))
                    sstore(keccak256(0x00, 0x40), own)
                }
            }
        }
    }

    function _unwrap(SlotFlags[] memory flags) private pure returns (uint256[] memory words) {
        assembly ("memory-safe") {
            words := flags
        }
    }
}
