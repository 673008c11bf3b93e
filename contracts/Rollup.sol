// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IB52Token} from "./interfaces/IB52Token.sol";
import {CandidateView, Claim, Config, IRollup} from "./interfaces/IRollup.sol";
import {Rewards} from "./libraries/Rewards.sol";
import {Tally} from "./libraries/Tally.sol";
import {Transcript} from "./libraries/Transcript.sol";
import {Proving} from "./rollup/Proving.sol";
import {RollupBase} from "./rollup/RollupBase.sol";
import {Candidate} from "./types/Candidate.sol";
import {Head, HeadLibrary} from "./types/Head.sol";
import {Lane, LaneLibrary} from "./types/Lane.sol";
import {Outcome, OutcomeLibrary} from "./types/Outcome.sol";
import {RoundIdLibrary} from "./types/RoundId.sol";
import {Seed, SeedLibrary} from "./types/Seed.sol";
import {SlotFlags, SlotFlagsLibrary} from "./types/SlotFlags.sol";

/// @title The rollup
/// @notice IRollup has the roles, the rules and every function's documentation. This file starts it, ends heights, pays and answers; `rollup/` has the rest.
contract Rollup is Proving {
    using SafeERC20 for IB52Token;
    using Transcript for bytes;

    constructor(Config memory config) RollupBase(config) {}

    modifier onlyBridge() {
        if (msg.sender != address(bridge)) revert NotBridge(msg.sender, address(bridge));
        _;
    }

    /* STARTING AND ADVANCING */

    /// @inheritdoc IRollup
    function start() external {
        if (_isStarted(_head)) revert AlreadyStarted();
        if (token.minter() != address(this)) revert NotBound(address(token), token.minter());
        if (registry.rollup() != address(this)) revert NotBound(address(registry), registry.rollup());
        if (address(bridge.rollup()) != address(this)) revert NotBound(address(bridge), address(bridge.rollup()));
        bridge.open(genesisSupply);

        _head = HeadLibrary.pack(RoundIdLibrary.pack(1, 0), policy.initialExponent(), false, 0, 0, 0);
        if (usesBetas) {
            // Nobody can be registered before anything has happened: the first two heights count whoever was there when they opened.
            _seeds[1] = _seeds[2] = SeedLibrary.pack(block.prevrandao, type(uint48).max);
        }
        emit Started(genesisRoot, genesisSupply);
    }

    /// @inheritdoc IRollup
    function advance() external {
        Head current = _head;
        uint256 acceptanceEnds = _acceptanceEnds(current);
        if (block.timestamp < acceptanceEnds) revert AdvanceTooEarly(block.timestamp, acceptanceEnds);
        if (current.ranked() == 0) revert NothingProven(current.roundId());
        _advance(current);
    }

    /* BRIDGE ONLY */

    /// @inheritdoc IRollup
    function freeze() external onlyBridge returns (uint256) {
        Head current = _head;
        if (current.ranked() != 0) revert CandidateAlive(current.roundId());
        _head = current.asFrozen();
        return stateRoot();
    }

    /// @inheritdoc IRollup
    function takeFees(address proposer) external onlyBridge returns (uint256 fees) {
        fees = creditOf[proposer].fees;
        creditOf[proposer].fees = 0;
    }

    /* CLAIMS */

    /// @inheritdoc IRollup
    function claimProver(uint256 proverIndex, Claim[] calldata claims) external returns (uint256 amount) {
        address owner = registry.ownerOf(proverIndex);
        if (owner == address(0)) revert UnknownProver(proverIndex);
        for (uint256 i = 0; i < claims.length; ++i) {
            amount += _claim(proverIndex, claims[i]);
        }
        token.safeTransfer(owner, amount);
    }

    /// @inheritdoc IRollup
    function claimRounds(uint256 proverIndex, uint256[] calldata counters) external returns (uint256 amount) {
        if (address(payout) == address(0)) revert NoPayoutPolicy();
        address owner = registry.ownerOf(proverIndex);
        if (owner == address(0)) revert UnknownProver(proverIndex);
        for (uint256 i = 0; i < counters.length; ++i) {
            uint256 share = payout.claim(counters[i], proverIndex);
            amount += share;
            emit RoundClaimed(proverIndex, counters[i], share);
        }
        token.safeTransfer(owner, amount);
    }

    /// @inheritdoc IRollup
    function claimProposer(address to) external returns (uint256 rewards) {
        rewards = creditOf[msg.sender].rewards;
        if (rewards == 0) revert NothingToClaim(msg.sender);

        creditOf[msg.sender].rewards = 0;
        emit ProposerClaimed(msg.sender, to, rewards);

        token.safeTransfer(to, rewards);
    }

    /* READING */

    /// @inheritdoc IRollup
    function head() external view returns (Head) {
        return _head;
    }

    /// @inheritdoc IRollup
    function seedOf(uint256 height) external view returns (Seed) {
        return _seeds[height % 4];
    }

    /// @inheritdoc IRollup
    function laneOf(address proposer, uint256 lane)
        external
        view
        returns (uint256 deposit_, uint192 digest, bool inUse)
    {
        if (lane > 1) revert UnknownLane(lane);
        Lane own = _lanes[LaneLibrary.idOf(proposer, lane)];
        return (own.deposit(), own.digest(), _isInUse(own));
    }

    /// @inheritdoc IRollup
    function branchOf(address proposer, uint256 lane, uint256 parentRef) external view returns (uint192 digest) {
        return _branches[LaneLibrary.idOf(proposer, lane)][parentRef].digest();
    }

    /// @inheritdoc IRollup
    function candidateOf(uint256 proposalId) external view returns (CandidateView memory) {
        Candidate storage candidate = _candidates[proposalId];
        return CandidateView({
            proposer: candidate.proposer,
            burnBid: candidate.burnBid,
            proverShareBps: candidate.proverShareBps,
            committedAt: candidate.standing.committedAt(),
            score: candidate.standing.score(),
            provers: candidate.standing.provers(),
            fulfilledWeight: candidate.payout.fulfilledWeight(),
            assignedWeight: candidate.payout.assignedWeight(),
            fees: candidate.payout.fees(),
            isPaid: candidate.payout.isPaid(),
            isFinal: candidate.payout.isFinal(),
            proverUnit: candidate.payout.proverUnit(),
            nextStateRoot: candidate.nextStateRoot,
            contentsHash: candidate.contentsHash,
            transcriptHash: candidate.transcriptHash,
            roundId: candidate.roundId,
            orderCommitment: candidate.orderCommitment,
            roundSeed: candidate.roundSeed,
            txCount: candidate.txCount,
            l1OpCount: candidate.l1OpCount,
            withdrawalsRoot: candidate.withdrawalsRoot,
            exponent: candidate.exponent,
            eligibleAt: candidate.eligibleAt,
            acceptanceEnds: candidate.acceptanceEnds
        });
    }

    /// @inheritdoc IRollup
    function lowestPaidScore(uint256 height) external view returns (uint256 score, bool known) {
        Outcome outcome = _outcomes[height % OutcomeLibrary.RING];
        known = outcome.isOf(height);
        if (known) score = outcome.lowestScore();
    }

    /// @inheritdoc IRollup
    function flagsOf(uint256 proposalId) external view returns (uint256[] memory flags) {
        flags = new uint256[](SlotFlagsLibrary.words(slotCount));
        for (uint256 word = 0; word < flags.length; ++word) {
            flags[word] = SlotFlags.unwrap(_candidates[proposalId].flags[word]);
        }
    }

    /// @inheritdoc IRollup
    function ranking() external view returns (uint256[] memory ids) {
        ids = new uint256[](_head.ranked());
        for (uint256 place = 0; place < ids.length; ++place) {
            ids[place] = _ranking(_head.roundId().height())[place];
        }
    }

    /// @inheritdoc IRollup
    function blockReward(uint256 height) external view returns (uint256) {
        return Rewards.blockReward(initialReward, halvingInterval, height);
    }

    /// @inheritdoc IRollup
    function chunksOf(uint256 proposalId) external view returns (uint256) {
        return _chunks[proposalId].known;
    }

    /// @inheritdoc IRollup
    function withdrawalsRootOf(uint256 proposalId) external view returns (uint256) {
        if (!_candidates[proposalId].payout.isFinal()) revert NotFinal(proposalId);
        return _candidates[proposalId].withdrawalsRoot;
    }

    /* INTERNAL */

    function _claim(uint256 proverIndex, Claim calldata claim) private returns (uint256 amount) {
        Candidate storage candidate = _candidates[claim.proposalId];
        uint256 proverUnit = candidate.payout.proverUnit();
        if (proverUnit == 0) revert NotPaid(claim.proposalId);
        bytes32 transcriptHash = keccak256(claim.transcript);
        if (transcriptHash != candidate.transcriptHash) {
            revert WrongTranscript(transcriptHash, candidate.transcriptHash);
        }
        for (uint256 i = 0; i < claim.slots.length; ++i) {
            uint256 slot = claim.slots[i];
            if (slot >= slotCount) revert UnknownSlot(slot, slotCount);
            uint256 index = claim.transcript.indexAt(slot);
            if (index != proverIndex) revert NotAssigned(claim.proposalId, slot, proverIndex, index);
            SlotFlags flags = candidate.flags[slot >> 6];
            if (!flags.isFulfilled(slot)) revert NotFulfilled(claim.proposalId, slot);
            if (flags.isPaid(slot)) revert AlreadyClaimed(claim.proposalId, slot);
            candidate.flags[slot >> 6] = flags.withPaid(slot);
            amount += proverUnit * Tally.weightOf(slot, arity, nodeWeights);
        }
        emit ProverClaimed(proverIndex, claim.proposalId, claim.slots, amount);
    }
}
