// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICommitRanking, Ranked} from "./interfaces/ICommitRanking.sol";
import {IRollup, Opening} from "./interfaces/IRollup.sol";
import {IRoundView, Phase, RoundState} from "./interfaces/IRoundView.sol";
import {Contest, Count, Known} from "./interfaces/IScorer.sol";
import {Eligibility} from "./libraries/Eligibility.sol";
import {Proposals} from "./libraries/Proposals.sol";
import {Ranking} from "./libraries/Ranking.sol";
import {Candidate} from "./types/Candidate.sol";
import {RoundId} from "./types/RoundId.sol";
import {SlotFlags, SlotFlagsLibrary} from "./types/SlotFlags.sol";
import {Standing, StandingLibrary} from "./types/Standing.sol";

/// @title The ranking of commits
/// @notice ICommitRanking has the rules.
contract CommitRanking is ICommitRanking {
    /// @inheritdoc ICommitRanking
    IRoundView public immutable roundView;

    /// @dev What the commits of one round have in common.
    struct Round {
        IRollup rollup;
        RoundId id;
        /// No commit of the round is older: a dead attempt may have left some with the same round id.
        uint256 opens;
        uint48 eligibleAt;
        /// When votes that no forest has shown yet no longer count.
        uint256 provingEnds;
    }

    constructor(IRoundView roundView_) {
        roundView = roundView_;
    }

    /// @inheritdoc ICommitRanking
    function rank(
        IRollup rollup,
        Opening[] calldata openings,
        bytes[] calldata transcripts
    ) external view returns (Ranked[] memory ranked) {
        if (openings.length != transcripts.length) revert LengthMismatch(openings.length, transcripts.length);
        RoundState memory state = roundView.roundState(rollup);
        // Of a round that is over nothing can be proven, and its commits may be settled: lanes no longer know them.
        bool isOver = state.phase == Phase.Expired || block.timestamp >= state.acceptanceEnds;
        if (isOver || state.phase == Phase.Frozen) return ranked;

        ranked = new Ranked[](openings.length);
        uint256 open = _rankOpen(ranked, rollup, state, openings, transcripts);
        uint256 total = _rankNext(ranked, open, rollup, state, openings, transcripts);
        assembly ("memory-safe") {
            mstore(ranked, total)
        }
    }

    /// @return count of the open round's commits that may still be proven
    function _rankOpen(
        Ranked[] memory ranked,
        IRollup rollup,
        RoundState memory state,
        Opening[] calldata openings,
        bytes[] calldata transcripts
    ) private view returns (uint256 count) {
        Round memory round = Round(rollup, state.roundId, state.opens, state.eligibleAt, state.provingEnds);
        for (uint256 i = 0; i < openings.length; ++i) {
            if (openings[i].terms.parentRef() != state.parentRef || !_isOf(round, openings[i])) continue;
            Ranked memory own = _potential(round, state.exponent, state.parent, i, openings[i], transcripts[i]);
            if (block.timestamp >= state.revealEnds && !rollup.revealOf(own.proposalId).isWhole()) continue;
            if (block.timestamp >= state.provingEnds && rollup.candidateOf(own.proposalId).offer.isNone()) continue;
            _insert(ranked, openings, own, 0, count++);
        }
    }

    /// @param open the first of `ranked`: the parents that there are
    /// @return total of all
    function _rankNext(
        Ranked[] memory ranked,
        uint256 open,
        IRollup rollup,
        RoundState memory state,
        Opening[] calldata openings,
        bytes[] calldata transcripts
    ) private view returns (uint256 total) {
        RoundId next = state.roundId.nextHeight();
        (, uint48 eligibleAt) = Eligibility.ofRound(rollup, next.height(), state.proposalEnds);
        Round memory round = Round(rollup, next, state.proposalEnds, eligibleAt, type(uint256).max);
        total = open;
        for (uint256 i = 0; i < openings.length; ++i) {
            uint256 parentRef = openings[i].terms.parentRef();
            if (parentRef == 0 || !_isOf(round, openings[i])) continue;
            for (uint256 place = 0; place < open; ++place) {
                Ranked memory parent = ranked[place];
                if (rollup.seatOf(openings[parent.position].proposer) != parentRef) continue;
                uint256 exponent = state.exponent;
                if (exponent != 0) exponent = rollup.scorer().policy().nextExponent(exponent, parent.provers);
                Ranked memory own = _potential(round, exponent, parent.proposalId, i, openings[i], transcripts[i]);
                _insert(ranked, openings, own, open, total++);
                break;
            }
        }
    }

    function _isOf(Round memory round, Opening calldata opening) private pure returns (bool) {
        return opening.terms.roundId() == round.id && opening.committedAt >= round.opens;
    }

    /// @param parent proposalId
    function _potential(
        Round memory round,
        uint256 exponent,
        uint256 parent,
        uint256 position,
        Opening calldata opening,
        bytes calldata transcript
    ) private view returns (Ranked memory own) {
        _checkOpening(round, opening, keccak256(transcript));
        own.position = position;
        own.proposalId = Proposals.proposalId(
            round.rollup.domain(),
            parent,
            opening.terms,
            opening.orderCommitment,
            opening.proposer
        );
        Candidate memory candidate = round.rollup.candidateOf(own.proposalId);
        Known memory nothing;
        Count memory count = round.rollup.scorer().count(
            Contest({
                burnBid: opening.terms.burnBid(),
                txCount: round.rollup.revealOf(own.proposalId).txCount(),
                exponent: exponent,
                eligibleAt: round.eligibleAt
            }),
            transcript,
            block.timestamp < round.provingEnds
                ? _allFulfilled(round, transcript)
                : SlotFlagsLibrary.asCommitted(round.rollup.flagsOf(own.proposalId)),
            new uint256[](0),
            nothing
        );
        own.provers = count.provers;
        uint256 known = candidate.standing.score();
        own.score = count.score > known ? count.score : known;
    }

    function _checkOpening(Round memory round, Opening calldata opening, bytes32 transcriptHash) private view {
        uint192 digest = Proposals.commitDigest(
            opening.terms,
            opening.orderCommitment,
            transcriptHash,
            opening.committedAt
        );
        uint256 height = round.id.height();
        uint256 parentRef = opening.terms.parentRef();
        uint192 committed = round.rollup.laneOf(opening.proposer, height).digest();
        if (digest != committed && parentRef != 0) {
            committed = round.rollup.branchOf(opening.proposer, height, parentRef).digest();
        }
        if (digest != committed) revert IRollup.WrongOpening(digest, committed);
    }

    /// @return flags of a forest in which every eligible prover has voted and delivered
    function _allFulfilled(
        Round memory round,
        bytes calldata transcript
    ) private view returns (SlotFlags[] memory flags) {
        (uint256[] memory keys, , ) = round.rollup.registry().resolve(transcript, round.eligibleAt);
        flags = new SlotFlags[](SlotFlagsLibrary.words(keys.length));
        for (uint256 slot = 0; slot < keys.length; ++slot) {
            if (keys[slot] != 0) flags[slot >> 6] = flags[slot >> 6].withFulfilled(slot);
        }
    }

    /// @dev Puts a commit in its place among those from `first`.
    function _insert(
        Ranked[] memory ranked,
        Opening[] calldata openings,
        Ranked memory own,
        uint256 first,
        uint256 place
    ) private pure {
        Standing standing = _standing(own, openings);
        for (; place > first; --place) {
            Ranked memory above = ranked[place - 1];
            if (!Ranking.beats(standing, own.proposalId, _standing(above, openings), above.proposalId)) break;
            ranked[place] = above;
        }
        ranked[place] = own;
    }

    function _standing(Ranked memory own, Opening[] calldata openings) private pure returns (Standing) {
        return StandingLibrary.pack(own.score, openings[own.position].committedAt, own.provers);
    }
}
