// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IForestVerifier, NodeContext, NodeStatement} from "./interfaces/IForestVerifier.sol";
import {CourtConfig, IProverCourt, NodeProof} from "./interfaces/IProverCourt.sol";
import {IProverRegistry} from "./interfaces/IProverRegistry.sol";
import {IRollup, Opening} from "./interfaces/IRollup.sol";
import {IRoundView, RoundState} from "./interfaces/IRoundView.sol";
import {Contest, IScorer} from "./interfaces/IScorer.sol";
import {BID_UNIT, BPS} from "./libraries/Constants.sol";
import {Proposals} from "./libraries/Proposals.sol";
import {Transcript} from "./libraries/Transcript.sol";
import {Candidate} from "./types/Candidate.sol";
import {Outcome, OutcomeLibrary} from "./types/Outcome.sol";
import {RoundId} from "./types/RoundId.sol";
import {SeedLibrary} from "./types/Seed.sol";
import {SlotFlags} from "./types/SlotFlags.sol";

/// @title The prover court
/// @notice IProverCourt has the rules and every function's documentation.
contract ProverCourt is IProverCourt {
    using Transcript for bytes;

    /// @dev What a prover's rate follows from.
    struct Record {
        uint32 misses;
        uint40 lastMissAt;
    }

    /// @dev What a round has taken of a prover.
    struct Charge {
        uint128 amount;
        uint16 rateBps;
    }

    /// @dev What the proof of any node of a proposal binds.
    struct Context {
        uint256 proposalId;
        bytes32 orderCommitment;
        uint256 burnBid;
        uint256 roundSeed;
        uint48 eligibleAt;
        uint256 l1OpCount;
    }

    /* IMMUTABLES */

    /// @inheritdoc IProverCourt
    IRollup public immutable rollup;
    /// @inheritdoc IProverCourt
    IProverRegistry public immutable registry;
    /// @inheritdoc IProverCourt
    IForestVerifier public immutable verifier;
    /// @inheritdoc IProverCourt
    uint256 public immutable slashWindow;
    /// @inheritdoc IProverCourt
    uint256 public immutable baseRateBps;

    IRoundView private immutable roundView;
    IScorer private immutable scorer;
    bool private immutable usesStakes;
    bool private immutable usesBetas;
    uint256 private immutable eligibleStake;
    uint256 private immutable domain;
    uint256 private immutable arity;
    uint256 private immutable slotCount;
    /// @dev From here on more misses do not change the rate.
    uint256 private immutable maxMisses;

    /* STORAGE */

    /// @inheritdoc IProverCourt
    mapping(uint256 proverIndex => Record) public recordOf;
    /// @inheritdoc IProverCourt
    mapping(RoundId roundId => mapping(uint256 proverIndex => Charge)) public chargedIn;
    /// @inheritdoc IProverCourt
    mapping(uint256 proposalId => mapping(uint256 proverIndex => bool)) public isSlashed;
    /// @inheritdoc IProverCourt
    mapping(uint256 proposalId => mapping(uint256 proverIndex => bool)) public isRedeemed;

    constructor(IRollup rollup_, IRoundView roundView_, CourtConfig memory c) {
        rollup = rollup_;
        roundView = roundView_;
        registry = rollup_.registry();
        verifier = rollup_.verifier();
        scorer = rollup_.scorer();
        usesStakes = scorer.policy().usesStakes();
        usesBetas = scorer.policy().usesBetas();
        eligibleStake = registry.eligibleStake();
        domain = rollup_.domain();
        arity = verifier.arity();
        slotCount = rollup_.slotCount();

        uint256 acceptanceWindow = rollup_.acceptanceWindow();
        uint256 proposalWindow = rollup_.proposalWindow();
        // From the moment that counts for who is eligible to the end of the slash window.
        uint256 exposure =
            (proposalWindow > acceptanceWindow ? proposalWindow : acceptanceWindow) + acceptanceWindow + c.slashWindow;
        if (usesBetas) exposure += SeedLibrary.maxAge(proposalWindow + acceptanceWindow);
        // A candidate can only be compared with the paid ones of its height while the rollup remembers those; heights
        // take an acceptance window at least.
        if (
            c.slashWindow == 0 ||
            c.slashWindow > type(uint32).max ||
            c.slashWindow > OutcomeLibrary.RING * acceptanceWindow
        ) revert InvalidParameter("slashWindow", c.slashWindow);
        if (c.baseRateBps == 0 || c.baseRateBps > BPS) revert InvalidParameter("baseRateBps", c.baseRateBps);
        // A vote binds: withholding all that a prover can hold costs no less than what its slots can earn by weight.
        uint256 most = rollup_.initialReward() * registry.maxSlotsPerProver();
        if (c.baseRateBps * eligibleStake * slotCount < most * BPS) {
            revert InvalidParameter("eligibleStake", eligibleStake);
        }
        // A prover that asks to leave in that moment still counts in the round, so its stake must stay until the end.
        if (registry.exitDelay() <= exposure) revert InvalidParameter("exitDelay", registry.exitDelay());

        slashWindow = c.slashWindow;
        baseRateBps = c.baseRateBps;
        maxMisses = (BPS - 1) / c.baseRateBps;
    }

    /* DELIVERING */

    /// @inheritdoc IProverCourt
    function handIn(
        Opening calldata opening,
        bytes calldata transcript,
        NodeProof calldata node
    ) external returns (uint256 proposalId) {
        uint256 slot = node.slot;
        if (slot == 0 || slot >= slotCount) revert UnknownSlot(slot, slotCount);
        if (node.contents.length != slotCount - 1) revert MalformedContents(node.contents.length, slotCount - 1);

        proposalId = rollup.recordHandIn(opening, transcript, slot, node.contents[slot - 1], node.beta, node.contents);
        // The rollup took it, so the opening is one of the open round.
        RoundState memory round = roundView.roundState(rollup);
        Context memory context = Context({
            proposalId: proposalId,
            orderCommitment: opening.orderCommitment,
            burnBid: opening.terms.burnBid(),
            roundSeed: round.roundSeed,
            eligibleAt: round.eligibleAt,
            l1OpCount: round.due.count
        });
        _requireProof(context, transcript, node);
    }

    /* SLASHING */

    /// @inheritdoc IProverCourt
    function slash(
        uint256 proposalId,
        uint256 proverIndex,
        bytes calldata transcript
    ) external returns (uint256 burnt) {
        Candidate memory candidate = _candidate(proposalId, transcript);
        uint256 from = candidate.setting.acceptanceEnds();
        if (block.timestamp < from || block.timestamp >= from + slashWindow) {
            revert SlashClosed(block.timestamp, from, from + slashWindow);
        }
        if (isSlashed[proposalId][proverIndex]) revert AlreadySlashed(proposalId, proverIndex);
        uint256[] memory flags = rollup.flagsOf(proposalId);
        (uint256 voted, uint256 undelivered) = _promises(proverIndex, transcript, flags);
        if (undelivered == 0) revert NothingOwed(proposalId, proverIndex);
        _requireLiable(proposalId, candidate, transcript, flags);

        isSlashed[proposalId][proverIndex] = true;
        Charge storage charge = chargedIn[candidate.setting.roundId()][proverIndex];
        if (charge.rateBps == 0) {
            charge.rateBps = uint16(rateOf(proverIndex));
            _recordMiss(proverIndex, from);
        }
        uint256 amount = (_mostOf(candidate, proverIndex, charge.rateBps) * undelivered) / voted;
        uint256 charged = charge.amount;
        if (amount > charged) {
            charge.amount = uint128(amount);
            burnt = registry.slash(proverIndex, amount - charged);
        }
        emit Slashed(proposalId, proverIndex, undelivered, voted, amount, burnt);
    }

    /// @inheritdoc IProverCourt
    function redeem(uint256 proverIndex, uint256 proposalId, bytes calldata transcript) external {
        Candidate memory candidate = _candidate(proposalId, transcript);
        if (!candidate.payout.isPaid()) revert NotPaid(proposalId);
        uint256 acceptanceEnds = candidate.setting.acceptanceEnds();
        // Until then a miss of the same round may turn up.
        if (block.timestamp < acceptanceEnds + slashWindow) {
            revert SlashOpen(block.timestamp, acceptanceEnds + slashWindow);
        }
        Record storage record = recordOf[proverIndex];
        if (record.misses == 0) revert NothingToRedeem(proverIndex);
        if (acceptanceEnds <= record.lastMissAt) revert TooOld(acceptanceEnds, record.lastMissAt);
        if (isRedeemed[proposalId][proverIndex]) revert AlreadyRedeemed(proposalId, proverIndex);
        (uint256 voted, uint256 undelivered) = _promises(proverIndex, transcript, rollup.flagsOf(proposalId));
        if (voted == 0) revert NothingFulfilled(proposalId, proverIndex);
        if (undelivered != 0) revert NotKept(proposalId, proverIndex, undelivered);

        isRedeemed[proposalId][proverIndex] = true;
        emit Redeemed(proverIndex, proposalId, --record.misses);
    }

    /* READING */

    /// @inheritdoc IProverCourt
    function rateOf(uint256 proverIndex) public view returns (uint256) {
        uint256 rate = baseRateBps * (1 + recordOf[proverIndex].misses);
        return rate < BPS ? rate : BPS;
    }

    /* INTERNAL */

    function _candidate(
        uint256 proposalId,
        bytes calldata transcript
    ) private view returns (Candidate memory candidate) {
        candidate = rollup.candidateOf(proposalId);
        if (candidate.offer.isNone()) revert UnknownCandidate(proposalId);
        bytes32 transcriptHash = keccak256(transcript);
        if (transcriptHash != candidate.transcriptHash) {
            revert WrongTranscript(transcriptHash, candidate.transcriptHash);
        }
    }

    /// @return voted       slots that the prover voted for
    /// @return undelivered those of them that it did not deliver
    function _promises(
        uint256 proverIndex,
        bytes calldata transcript,
        uint256[] memory flags
    ) private pure returns (uint256 voted, uint256 undelivered) {
        for (uint256 word = 0; word < flags.length; ++word) {
            SlotFlags own = SlotFlags.wrap(flags[word]);
            uint256 promised = own.voted();
            for (uint256 slot = word * 64; promised != 0; (promised >>= 1, ++slot)) {
                if (promised & 1 == 0 || transcript.indexAt(slot) != proverIndex) continue;
                ++voted;
                if (!own.isDelivered(slot)) ++undelivered;
            }
        }
    }

    /// @dev The candidate was paid, or would have been if everybody had delivered.
    function _requireLiable(
        uint256 proposalId,
        Candidate memory candidate,
        bytes calldata transcript,
        uint256[] memory flags
    ) private view {
        // Where missing outputs decide nobody can say what would have been.
        if (candidate.payout.isPaid() || usesBetas) return;
        uint256 height = candidate.setting.roundId().height();
        Outcome outcome = rollup.outcomeOf(height);
        if (!outcome.isOf(height)) revert NotAdvanced(height);
        SlotFlags[] memory committed = new SlotFlags[](flags.length);
        for (uint256 word = 0; word < flags.length; ++word) {
            committed[word] = SlotFlags.wrap(flags[word]).asCommitted();
        }
        Contest memory contest = Contest({
            burnBid: candidate.offer.burnBid(),
            txCount: candidate.setting.txCount(),
            exponent: candidate.setting.exponent(),
            eligibleAt: candidate.setting.eligibleAt()
        });
        uint256 score = scorer.count(contest, transcript, committed, new uint256[](0)).score;
        uint256 lowest = outcome.lowestScore();
        if (score < lowest) revert NotLiable(proposalId, score, lowest);
    }

    /// @return amount wei that a candidate costs a prover that delivers nothing in it: the rate's part of what is at
    /// stake, or one and a half times its part of the bid that it made worthless
    function _mostOf(
        Candidate memory candidate,
        uint256 proverIndex,
        uint256 rateBps
    ) private view returns (uint256 amount) {
        uint256 most = eligibleStake;
        if (usesStakes) {
            uint256[] memory indexes = new uint256[](1);
            indexes[0] = proverIndex;
            most = registry.stakesAt(indexes, candidate.setting.eligibleAt())[0];
        }
        uint256 voters = candidate.payout.named() - candidate.payout.silent();
        amount = (3 * candidate.offer.burnBid() * BID_UNIT) / (2 * voters);
        uint256 rated = (rateBps * most) / BPS;
        if (amount < rated) amount = rated;
        if (amount > most) amount = most;
    }

    function _recordMiss(uint256 proverIndex, uint256 acceptanceEnds) private {
        Record storage record = recordOf[proverIndex];
        if (record.misses < maxMisses) ++record.misses;
        if (record.lastMissAt < acceptanceEnds) record.lastMissAt = uint40(acceptanceEnds);
    }

    /// @dev The proof is one of the node by the prover that its slot is assigned to. Children are those that `contents`
    /// has.
    function _requireProof(Context memory context, bytes calldata transcript, NodeProof calldata node) private view {
        uint256 slot = node.slot;
        (uint256[] memory keys, bytes memory assigned, ) = registry.resolve(transcript, context.eligibleAt);
        if (keys[slot] == 0) revert Unassigned(context.proposalId, slot);
        uint256 first = arity * slot + 1;
        uint256 children = first < slotCount ? arity : 0;
        NodeStatement memory statement = NodeStatement({
            slot: slot,
            content: node.contents[slot - 1],
            workerKey: keys[slot],
            beta: node.beta,
            childContents: new uint256[](children),
            childKeys: new uint256[](children),
            childAssigned: new uint256[](children),
            mask: node.mask
        });
        for (uint256 i = 0; i < children; ++i) {
            statement.childContents[i] = node.contents[first + i - 1];
            statement.childKeys[i] = keys[first + i];
            statement.childAssigned[i] = _countAt(assigned, first + i);
        }
        NodeStatement[] memory nodes = new NodeStatement[](1);
        nodes[0] = statement;
        NodeContext memory shared = NodeContext({
            domain: domain,
            proposalId: context.proposalId,
            z: Proposals.dataPoint(context.orderCommitment),
            roundSeed: context.roundSeed,
            burnBid: context.burnBid,
            l1OpCount: context.l1OpCount
        });
        if (!verifier.verifyNodes(shared, nodes, node.proof)) revert InvalidNodeProof(context.proposalId, slot);
    }

    /// @return count the big-endian uint16 of a slot
    function _countAt(bytes memory assigned, uint256 slot) private pure returns (uint256) {
        return (uint256(uint8(assigned[2 * slot])) << 8) | uint8(assigned[2 * slot + 1]);
    }
}
