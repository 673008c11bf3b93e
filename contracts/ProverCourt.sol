// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IForestVerifier, NodeContext, NodeStatement} from "./interfaces/IForestVerifier.sol";
import {CourtConfig, IProverCourt, NodeProof, Verdict} from "./interfaces/IProverCourt.sol";
import {IProverRegistry} from "./interfaces/IProverRegistry.sol";
import {IRollup, Opening} from "./interfaces/IRollup.sol";
import {IRoundView, RoundState} from "./interfaces/IRoundView.sol";
import {Contest, IScorer} from "./interfaces/IScorer.sol";
import {BPS} from "./libraries/Constants.sol";
import {Data} from "./libraries/Data.sol";
import {Proposals} from "./libraries/Proposals.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {Transcript} from "./libraries/Transcript.sol";
import {Candidate} from "./types/Candidate.sol";
import {Outcome, OutcomeLibrary} from "./types/Outcome.sol";
import {RoundId} from "./types/RoundId.sol";
import {SeedLibrary} from "./types/Seed.sol";
import {SlotFlags} from "./types/SlotFlags.sol";

/// @title The prover court
/// @notice IProverCourt has the rules and every function's documentation.
contract ProverCourt is IProverCourt, EIP712 {
    using Signatures for address;
    using Transcript for bytes;

    /// @dev What became of a slot here.
    struct Ruling {
        bool isAppealed;
        Verdict verdict;
    }

    /// @dev What a prover's rate follows from.
    struct Record {
        uint32 misses;
        uint40 lastMissAt;
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

    bytes32 private constant RECEIPT_TYPEHASH = keccak256("Receipt(uint256 proposalId,uint16 slot)");

    /* IMMUTABLES */

    /// @inheritdoc IProverCourt
    IRollup public immutable rollup;
    /// @inheritdoc IProverCourt
    IProverRegistry public immutable registry;
    /// @inheritdoc IProverCourt
    IForestVerifier public immutable verifier;
    /// @inheritdoc IProverCourt
    uint256 public immutable appealWindow;
    /// @inheritdoc IProverCourt
    uint256 public immutable slashWindow;
    /// @inheritdoc IProverCourt
    uint256 public immutable slashPerSlot;
    /// @inheritdoc IProverCourt
    uint256 public immutable baseRateBps;
    /// @inheritdoc IProverCourt
    uint256 public immutable noShowFee;

    IRoundView private immutable roundView;
    IScorer private immutable scorer;
    bool private immutable usesBetas;
    uint256 private immutable domain;
    uint256 private immutable arity;
    uint256 private immutable slotCount;
    /// @dev From here on more misses do not change the rate.
    uint256 private immutable maxMisses;

    /* STORAGE */

    /// @inheritdoc IProverCourt
    mapping(uint256 proposalId => mapping(uint256 slot => Ruling)) public rulingOf;
    /// @inheritdoc IProverCourt
    mapping(uint256 proverIndex => Record) public recordOf;
    /// @inheritdoc IProverCourt
    mapping(uint256 proposalId => mapping(uint256 slot => bool)) public isRedeemed;
    /// @inheritdoc IProverCourt
    mapping(RoundId roundId => mapping(uint256 proverIndex => uint256)) public chargedIn;
    /// @dev Wei: what the slots of one candidate that were slashed come to.
    mapping(uint256 proposalId => mapping(uint256 proverIndex => uint256)) private _owed;

    constructor(IRollup rollup_, IRoundView roundView_, CourtConfig memory c) EIP712("B52 ProverCourt", "1") {
        rollup = rollup_;
        roundView = roundView_;
        registry = rollup_.registry();
        verifier = rollup_.verifier();
        scorer = rollup_.scorer();
        usesBetas = scorer.policy().usesBetas();
        domain = rollup_.domain();
        arity = verifier.arity();
        slotCount = rollup_.slotCount();

        uint256 acceptanceWindow = rollup_.acceptanceWindow();
        uint256 proposalWindow = rollup_.proposalWindow();
        // From the moment that counts for who is eligible to the end of the slash window.
        uint256 exposure =
            (proposalWindow > acceptanceWindow ? proposalWindow : acceptanceWindow) +
                acceptanceWindow +
                c.appealWindow +
                c.slashWindow;
        if (usesBetas) exposure += SeedLibrary.maxAge(proposalWindow + acceptanceWindow);
        if (c.appealWindow == 0 || c.appealWindow > type(uint32).max) {
            revert InvalidParameter("appealWindow", c.appealWindow);
        }
        // A candidate can only be compared with the paid ones of its height while the rollup remembers those; heights
        // take an acceptance window at least.
        if (
            c.slashWindow == 0 ||
            c.slashWindow > type(uint32).max ||
            c.appealWindow + c.slashWindow > OutcomeLibrary.RING * acceptanceWindow
        ) revert InvalidParameter("slashWindow", c.slashWindow);
        // All slots that a prover holds in a forest never cost more than the stake that makes it eligible.
        uint256 maxSlots = registry.maxSlotsPerProver();
        if (c.slashPerSlot > registry.eligibleStake() / maxSlots) {
            revert InvalidParameter("slashPerSlot", c.slashPerSlot);
        }
        if (c.baseRateBps == 0 || c.baseRateBps > BPS) revert InvalidParameter("baseRateBps", c.baseRateBps);
        if (c.noShowFee > (c.slashPerSlot * c.baseRateBps) / BPS) revert InvalidParameter("noShowFee", c.noShowFee);
        // A proposer can cause fees. A prover that pays those of a whole forest out of its least stake stays eligible.
        if (c.noShowFee * maxSlots > registry.minStake() - registry.eligibleStake()) {
            revert InvalidParameter("noShowFee", c.noShowFee);
        }
        // A prover that asks to leave in that moment still counts in the round, so its stake must stay until the end.
        if (registry.exitDelay() <= exposure) revert InvalidParameter("exitDelay", registry.exitDelay());

        appealWindow = c.appealWindow;
        slashWindow = c.slashWindow;
        slashPerSlot = c.slashPerSlot;
        baseRateBps = c.baseRateBps;
        noShowFee = c.noShowFee;
        maxMisses = (BPS - 1) / c.baseRateBps;
    }

    /* DELIVERING LATE */

    /// @inheritdoc IProverCourt
    function handIn(
        Opening calldata opening,
        bytes calldata transcript,
        NodeProof calldata node
    ) external returns (uint256 proposalId) {
        uint256 slot = node.slot;
        if (slot == 0 || slot >= slotCount) revert UnknownSlot(slot, slotCount);
        _requireAllContents(node.contents);

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

    /// @inheritdoc IProverCourt
    function appeal(uint256 proposalId, bytes calldata transcript, NodeProof calldata node) external {
        Candidate memory candidate = _candidate(proposalId, transcript);
        uint256 from = candidate.setting.acceptanceEnds();
        if (block.timestamp < from || block.timestamp >= from + appealWindow) {
            revert AppealClosed(block.timestamp, from, from + appealWindow);
        }
        uint256 slot = node.slot;
        _requireOwed(proposalId, slot, rollup.flagsOf(proposalId));
        Ruling storage ruling = rulingOf[proposalId][slot];
        if (ruling.isAppealed) revert AlreadyAppealed(proposalId, slot);
        _requireAllContents(node.contents);
        bytes32 contentsHash = Data.hash(node.contents);
        if (contentsHash != candidate.contentsHash) revert WrongContents(contentsHash, candidate.contentsHash);
        Context memory context = Context({
            proposalId: proposalId,
            orderCommitment: candidate.orderCommitment,
            burnBid: candidate.offer.burnBid(),
            roundSeed: candidate.roundSeed,
            eligibleAt: candidate.setting.eligibleAt(),
            l1OpCount: candidate.offer.l1OpCount()
        });
        _requireProof(context, transcript, node);

        ruling.isAppealed = true;
        emit Appealed(proposalId, slot);
    }

    /* SLASHING */

    /// @inheritdoc IProverCourt
    function slash(
        uint256 proposalId,
        uint256 slot,
        bytes calldata transcript,
        bytes calldata receipt
    ) external returns (uint256 burnt) {
        Candidate memory candidate = _candidate(proposalId, transcript);
        uint256 from = candidate.setting.acceptanceEnds() + appealWindow;
        if (block.timestamp < from || block.timestamp >= from + slashWindow) {
            revert SlashClosed(block.timestamp, from, from + slashWindow);
        }
        uint256[] memory flags = rollup.flagsOf(proposalId);
        _requireOwed(proposalId, slot, flags);
        _requireLiable(proposalId, candidate, transcript, flags);

        uint256 index = transcript.indexAt(slot);
        Ruling storage ruling = rulingOf[proposalId][slot];
        Verdict verdict = receipt.length != 0 && !ruling.isAppealed ? Verdict.Full : Verdict.Fee;
        if (ruling.verdict >= verdict) revert AlreadySlashed(proposalId, slot, ruling.verdict);

        uint256 amount = noShowFee;
        if (verdict == Verdict.Full) {
            address owner = registry.ownerOf(index);
            if (!owner.isSigned(receiptHash(proposalId, slot), receipt)) {
                revert InvalidReceipt(proposalId, slot, owner);
            }
            amount = (slashPerSlot * rateOf(index)) / BPS;
            if (ruling.verdict == Verdict.Fee) amount -= noShowFee;
            _recordMiss(index, candidate.setting.acceptanceEnds());
        }
        ruling.verdict = verdict;
        burnt = _charge(candidate.setting.roundId(), proposalId, index, amount);
        emit Slashed(proposalId, slot, index, verdict, burnt);
    }

    /// @inheritdoc IProverCourt
    function redeem(
        uint256 proverIndex,
        uint256 proposalId,
        bytes calldata transcript,
        uint256[] calldata slots
    ) external {
        Candidate memory candidate = _candidate(proposalId, transcript);
        if (!candidate.payout.isPaid()) revert NotPaid(proposalId);
        Record storage record = recordOf[proverIndex];
        if (candidate.setting.acceptanceEnds() <= record.lastMissAt) {
            revert TooOld(candidate.setting.acceptanceEnds(), record.lastMissAt);
        }
        uint256 misses = record.misses;
        if (misses == 0) revert NothingToRedeem(proverIndex);

        uint256[] memory flags = rollup.flagsOf(proposalId);
        for (uint256 i = 0; i < slots.length; ++i) {
            uint256 slot = slots[i];
            if (slot >= slotCount) revert UnknownSlot(slot, slotCount);
            uint256 index = transcript.indexAt(slot);
            if (index != proverIndex) revert NotAssigned(proposalId, slot, proverIndex, index);
            if (!SlotFlags.wrap(flags[slot >> 6]).isFulfilled(slot)) revert NotFulfilled(proposalId, slot);
            if (isRedeemed[proposalId][slot]) revert AlreadyRedeemed(proposalId, slot);
            isRedeemed[proposalId][slot] = true;
        }
        // Anyone may send this, so it must not use up more fulfilled slots than there are misses.
        if (slots.length > misses) revert TooManySlots(slots.length, misses);
        misses -= slots.length;
        record.misses = uint32(misses);
        emit Redeemed(proverIndex, proposalId, slots, misses);
    }

    /* READING */

    /// @inheritdoc IProverCourt
    function receiptHash(uint256 proposalId, uint256 slot) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(RECEIPT_TYPEHASH, proposalId, slot)));
    }

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

    function _requireAllContents(uint256[] calldata contents) private view {
        if (contents.length != slotCount - 1) revert MalformedContents(contents.length, slotCount - 1);
    }

    /// @dev The slot's prover promised a proof that is not there.
    function _requireOwed(uint256 proposalId, uint256 slot, uint256[] memory flags) private view {
        if (slot == 0) revert RootIsExempt(proposalId);
        if (slot >= slotCount) revert UnknownSlot(slot, slotCount);
        SlotFlags word = SlotFlags.wrap(flags[slot >> 6]);
        if (!word.isVoted(slot)) revert NotVoted(proposalId, slot);
        if (word.isDelivered(slot)) revert AlreadyDelivered(proposalId, slot);
    }

    /// @dev The candidate was paid, or would have been if everybody had delivered.
    function _requireLiable(
        uint256 proposalId,
        Candidate memory candidate,
        bytes calldata transcript,
        uint256[] memory flags
    ) private view {
        if (candidate.payout.isPaid()) return;
        uint256 height = candidate.setting.roundId().height();
        Outcome outcome = rollup.outcomeOf(height);
        if (!outcome.isOf(height)) revert NotAdvanced(height);
        uint256 lowest = outcome.lowestScore();
        uint256 score = candidate.standing.score();
        if (!usesBetas) {
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
            score = scorer.count(contest, transcript, committed, new uint256[](0)).score;
        }
        if (usesBetas || score < lowest) revert NotLiable(proposalId, score, lowest);
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

    /// @dev Of all its slashes in a round a prover pays the largest: one stake answers for whatever it promised there.
    /// @param amount more for a candidate, wei
    /// @return burnt what that takes beyond what the prover was charged in the round
    function _charge(
        RoundId roundId,
        uint256 proposalId,
        uint256 index,
        uint256 amount
    ) private returns (uint256 burnt) {
        uint256 owed = _owed[proposalId][index] + amount;
        _owed[proposalId][index] = owed;
        uint256 charged = chargedIn[roundId][index];
        if (owed <= charged) return 0;
        chargedIn[roundId][index] = owed;
        return registry.slash(index, owed - charged);
    }

    function _recordMiss(uint256 index, uint256 acceptanceEnds) private {
        Record storage record = recordOf[index];
        if (record.misses < maxMisses) ++record.misses;
        if (record.lastMissAt < acceptanceEnds) record.lastMissAt = uint40(acceptanceEnds);
    }
}
