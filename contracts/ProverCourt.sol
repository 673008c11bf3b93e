// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBridge} from "./interfaces/IBridge.sol";
import {IForestVerifier, NodeContext, NodeStatement, Statement} from "./interfaces/IForestVerifier.sol";
import {CourtConfig, IProverCourt, NodeProof, RootProof} from "./interfaces/IProverCourt.sol";
import {Holding, IProverRegistry} from "./interfaces/IProverRegistry.sol";
import {HandIn, IRollup, Opening} from "./interfaces/IRollup.sol";
import {Contest, IScorer, Known} from "./interfaces/IScorer.sol";
import {BID_UNIT, BPS, MAX_SILENCE} from "./libraries/Constants.sol";
import {ContentGroups} from "./libraries/Contents.sol";
import {Contests} from "./libraries/Contests.sol";
import {Eligibility} from "./libraries/Eligibility.sol";
import {HandInDraft, HandIns} from "./libraries/HandIns.sol";
import {Proposals} from "./libraries/Proposals.sol";
import {Tally} from "./libraries/Tally.sol";
import {Transcript} from "./libraries/Transcript.sol";
import {Candidate} from "./types/Candidate.sol";
import {Head} from "./types/Head.sol";
import {Outcome, OutcomeLibrary} from "./types/Outcome.sol";
import {RoundId} from "./types/RoundId.sol";
import {SeedLibrary} from "./types/Seed.sol";
import {SlotFlags, SlotFlagsLibrary} from "./types/SlotFlags.sol";

/// @title The prover court
/// @notice IProverCourt has the rules and every function's documentation.
contract ProverCourt is IProverCourt {
    using HandIns for HandInDraft;
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

    IBridge private immutable bridge;
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

    constructor(IRollup rollup_, CourtConfig memory c) {
        rollup = rollup_;
        bridge = rollup_.bridge();
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
        if (c.slashWindow == 0 || c.slashWindow > MAX_SILENCE || c.slashWindow > OutcomeLibrary.RING * acceptanceWindow)
            revert InvalidParameter("slashWindow", c.slashWindow);
        if (c.baseRateBps == 0 || c.baseRateBps > BPS) revert InvalidParameter("baseRateBps", c.baseRateBps);
        // A vote binds: withholding all that a prover can hold costs no less than the heaviest of it can earn. A rollup
        // has less than 2^28 of weight and rewards below 2^96, as stakes are, so neither product is near 2^256.
        uint256 held = Tally.heaviest(arity, verifier.levels(), scorer.nodeWeights(), registry.maxSlotsPerProver());
        if (c.baseRateBps * eligibleStake * scorer.totalWeight() < rollup_.initialReward() * held * BPS) {
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
        ContentGroups calldata contents,
        NodeProof[] calldata nodes,
        bytes calldata proofs
    ) external returns (uint256 proposalId) {
        (Head head, uint256 roundSeed, uint48 eligibleAt) = _round();
        Holding[] memory held = registry.resolveSlots(transcript, eligibleAt, _familiesOf(nodes));
        (NodeStatement[] memory statements, HandIn memory shown) = _describe(nodes, contents, held, roundSeed);
        proposalId = rollup.recordHandIn(opening, transcript, shown);
        // The rollup took it, so the opening is one of that round.
        NodeContext memory context = NodeContext({
            domain: domain,
            proposalId: proposalId,
            z: Proposals.dataPoint(opening.orderCommitment),
            roundSeed: roundSeed,
            burnBid: opening.terms.burnBid(),
            l1OpCount: bridge.dueAfter(head.settled(), head.queueCut())
        });
        if (!verifier.verifyNodes(context, statements, proofs)) revert InvalidProof(proposalId);
    }

    /// @inheritdoc IProverCourt
    function handInRoot(
        Opening calldata opening,
        bytes calldata transcript,
        ContentGroups calldata contents,
        RootProof calldata root,
        bytes calldata proof
    ) external returns (uint256 proposalId) {
        if (root.mask >> (1 + arity) != 0) revert IForestVerifier.InvalidMask(root.mask);
        (, uint256 roundSeed, uint48 eligibleAt) = _round();
        uint256[] memory slots = new uint256[](1 + arity);
        for (uint256 slot = 0; slot < slots.length; ++slot) {
            slots[slot] = slot;
        }
        Holding[] memory held = registry.resolveSlots(transcript, eligibleAt, slots);
        uint256[] memory childContents = _contentsAt(contents, 1, arity);
        HandInDraft memory draft = _draft(contents, 1, held, roundSeed);
        if (!root.isAnonymous) {
            draft.deliver(0, held[0], root.beta);
            draft.keep(0, slotCount - 1, childContents);
        }
        for (uint256 bit = 0; bit < slots.length; ++bit) {
            uint256 slot = (1 + bit) % slots.length;
            if ((root.mask >> bit) & 1 == 1) draft.vote(slot, held[slot]);
        }
        proposalId = rollup.recordHandIn(opening, transcript, draft.handIn);
        // The rollup took it, so the opening is one of that round.
        Statement memory statement = _statementOf(proposalId, roundSeed, opening, root);
        if (!_isRootProven(statement, childContents, held, draft.handIn.flags, root, proof)) {
            revert InvalidProof(proposalId);
        }
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

    /* INTERNAL: PROMISES */

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
        Contest memory contest = Contests.create(candidate.offer, candidate.setting);
        SlotFlags[] memory committed = SlotFlagsLibrary.asCommitted(flags);
        Known memory nothing;
        uint256 score = scorer.count(contest, transcript, committed, new uint256[](0), nothing).score;
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

    /* INTERNAL: PROOFS OF SINGLE NODES */

    /// @dev Of the open round. Where the next action would open another one nothing of that is revealed yet, so the
    /// rollup takes no hand-in.
    function _round() private view returns (Head head, uint256 roundSeed, uint48 eligibleAt) {
        head = rollup.head();
        uint256 opens = head.opens();
        if (usesBetas) (roundSeed, eligibleAt) = Eligibility.ofRound(rollup, head.roundId().height(), opens);
        else if (opens != 0) eligibleAt = uint48(opens - 1);
    }

    /// @return first    slot of a node's first child
    /// @return children how many it has
    /// @param slot of the forest
    function _childrenOf(uint256 slot) private view returns (uint256 first, uint256 children) {
        unchecked {
            first = arity * slot + 1;
            children = first < slotCount ? arity : 0;
        }
    }

    /// @return list of slots `first` and so on
    function _contentsAt(
        ContentGroups calldata contents,
        uint256 first,
        uint256 count
    ) private view returns (uint256[] memory list) {
        list = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            list[i] = contents.contentAt(first + i);
        }
    }

    /// @return slots of each node in turn: its own, then those of its children
    function _familiesOf(NodeProof[] calldata nodes) private view returns (uint256[] memory slots) {
        slots = new uint256[](nodes.length * (1 + arity));
        uint256 count = 0;
        for (uint256 i = 0; i < nodes.length; ++i) {
            uint256 slot = nodes[i].slot;
            if (slot == 0 || slot >= slotCount) revert UnknownSlot(slot, slotCount);
            (uint256 first, uint256 children) = _childrenOf(slot);
            unchecked {
                slots[count++] = slot;
                for (uint256 child = first; child < first + children; ++child) {
                    slots[count++] = child;
                }
            }
        }
        assembly ("memory-safe") {
            mstore(slots, count)
        }
    }

    function _draft(
        ContentGroups calldata contents,
        uint256 nodes,
        Holding[] memory held,
        uint256 roundSeed
    ) private view returns (HandInDraft memory) {
        return HandIns.create(contents.hashOpened(slotCount), slotCount, nodes, held, roundSeed != 0);
    }

    /// @param held by the provers of `_familiesOf`
    /// @return statements what the proofs have to show
    /// @return shown      what that means for the proposal
    function _describe(
        NodeProof[] calldata nodes,
        ContentGroups calldata contents,
        Holding[] memory held,
        uint256 roundSeed
    ) private view returns (NodeStatement[] memory statements, HandIn memory shown) {
        HandInDraft memory draft = _draft(contents, nodes.length, held, roundSeed);
        statements = new NodeStatement[](nodes.length);
        uint256 next = 0;
        for (uint256 i = 0; i < nodes.length; ++i) {
            NodeProof calldata node = nodes[i];
            NodeStatement memory statement = statements[i];
            (statement.slot, statement.beta, statement.mask) = (node.slot, node.beta, node.mask);
            statement.content = contents.contentAt(node.slot);
            Holding memory own = held[next];
            next = _describeChildren(statement, contents, held, next + 1, draft);
            if (node.isAnonymous) continue;
            statement.workerKey = own.key;
            draft.deliver(statement.slot, own, statement.beta);
            draft.keep(statement.slot, statement.content, statement.childContents);
        }
        shown = draft.handIn;
    }

    /// @param held of the children from number `next` on
    /// @return the number of what follows
    function _describeChildren(
        NodeStatement memory statement,
        ContentGroups calldata contents,
        Holding[] memory held,
        uint256 next,
        HandInDraft memory draft
    ) private view returns (uint256) {
        (uint256 first, uint256 children) = _childrenOf(statement.slot);
        if (children == 0) return next;
        statement.childContents = _contentsAt(contents, first, children);
        statement.childKeys = new uint256[](children);
        statement.childAssigned = new uint256[](children);
        for (uint256 child = 0; child < children; ++child) {
            Holding memory holding = held[next + child];
            (statement.childKeys[child], statement.childAssigned[child]) = (holding.key, holding.slots.length);
            if ((statement.mask >> child) & 1 == 1) draft.vote(first + child, holding);
        }
        return next + children;
    }

    /// @dev What is opened of the block follows from the contents of the root's children. So nothing else can be proven
    /// with those of a candidate, and with made-up ones nothing but votes counts, which are the same for all.
    function _statementOf(
        uint256 proposalId,
        uint256 roundSeed,
        Opening calldata opening,
        RootProof calldata root
    ) private view returns (Statement memory) {
        return
            Statement({
                domain: domain,
                proposalId: proposalId,
                z: Proposals.dataPoint(opening.orderCommitment),
                roundSeed: roundSeed,
                burnBid: opening.terms.burnBid(),
                prevStateRoot: rollup.stateRoot(),
                nextStateRoot: root.nextStateRoot,
                txsRoot: root.txsRoot,
                fees: root.fees,
                l1OpCount: root.l1OpCount,
                txCount: root.txCount,
                withdrawalsRoot: root.withdrawalsRoot,
                dataEval: root.dataEval,
                proversRoot: root.proversRoot
            });
    }

    /// @dev The root is the range of slot 0: its lists have that slot and its children.
    /// @param held  of those slots
    /// @param flags what the proof shows of them
    function _isRootProven(
        Statement memory statement,
        uint256[] memory childContents,
        Holding[] memory held,
        uint256[] memory flags,
        RootProof calldata root,
        bytes calldata proof
    ) private view returns (bool) {
        uint256[] memory keys = new uint256[](held.length);
        bytes memory assigned;
        for (uint256 slot = 0; slot < held.length; ++slot) {
            keys[slot] = held[slot].key;
            assigned = bytes.concat(assigned, bytes2(uint16(held[slot].slots.length)));
        }
        uint256[] memory betas = new uint256[](statement.roundSeed == 0 ? 0 : 1);
        if (betas.length != 0) betas[0] = root.beta;
        return
            verifier.verifyRange(
                statement,
                0,
                1,
                keys,
                assigned,
                flags,
                root.rootCommitment,
                childContents,
                betas,
                proof
            );
    }
}
