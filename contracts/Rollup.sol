// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IB52Token} from "./interfaces/IB52Token.sol";
import {IForestVerifier, Statement} from "./interfaces/IForestVerifier.sol";
import {IProverRegistry} from "./interfaces/IProverRegistry.sol";
import {
    CandidateView,
    Claim,
    Config,
    IRollup,
    Opening,
    Phase,
    RoundState,
    Submission
} from "./interfaces/IRollup.sol";
import {BID_UNIT, BPS, FIELD, WORD_BYTES} from "./libraries/Constants.sol";
import {Data} from "./libraries/Data.sol";
import {ForestCall} from "./libraries/ForestCall.sol";
import {Proposals} from "./libraries/Proposals.sol";
import {Ranking} from "./libraries/Ranking.sol";
import {Rewards} from "./libraries/Rewards.sol";
import {Score} from "./libraries/Score.sol";
import {Tally} from "./libraries/Tally.sol";
import {Transcript} from "./libraries/Transcript.sol";
import {Candidate} from "./types/Candidate.sol";
import {Head, HeadLibrary} from "./types/Head.sol";
import {Lane, LaneLibrary} from "./types/Lane.sol";
import {Payout, PayoutLibrary} from "./types/Payout.sol";
import {RoundId, RoundIdLibrary} from "./types/RoundId.sol";
import {SlotFlags, SlotFlagsLibrary} from "./types/SlotFlags.sol";
import {Standing, StandingLibrary} from "./types/Standing.sol";
import {Terms} from "./types/Terms.sol";

/// @title The rollup
/// @notice IRollup has the roles, the rules and every function's documentation.
contract Rollup is IRollup {
    using Data for bytes;
    using Ranking for mapping(uint256 => uint256);
    using SafeERC20 for IB52Token;
    using SafeERC20 for IERC20;
    using Transcript for bytes;

    /// @dev What a proposer may claim: wei of the native token, wei of the asset.
    struct Credit {
        uint128 rewards;
        uint128 fees;
    }

    /// @dev Merges count a prover's slots in 14 bits.
    uint256 private constant MAX_SLOTS = 2 ** 14 - 1;

    /* IMMUTABLES */

    /// @inheritdoc IRollup
    IB52Token public immutable token;
    /// @inheritdoc IRollup
    IProverRegistry public immutable registry;
    /// @inheritdoc IRollup
    IForestVerifier public immutable verifier;
    /// @inheritdoc IRollup
    IERC20 public immutable asset;
    /// @inheritdoc IRollup
    uint256 public immutable domain;
    /// @inheritdoc IRollup
    uint256 public immutable arity;
    /// @inheritdoc IRollup
    uint256 public immutable slotCount;
    /// @inheritdoc IRollup
    uint256 public immutable genesisRoot;
    /// @inheritdoc IRollup
    uint256 public immutable genesisSupply;
    /// @inheritdoc IRollup
    uint256 public immutable proposalWindow;
    /// @inheritdoc IRollup
    uint256 public immutable acceptanceWindow;
    /// @inheritdoc IRollup
    uint256 public immutable revealWindow;
    /// @inheritdoc IRollup
    uint256 public immutable minBid;
    /// @inheritdoc IRollup
    uint256 public immutable maxUncles;
    /// @inheritdoc IRollup
    uint256 public immutable uncleMinScoreBps;
    /// @inheritdoc IRollup
    uint256 public immutable uncleBurnBps;
    /// @inheritdoc IRollup
    uint256 public immutable uncleRewardBps;
    /// @inheritdoc IRollup
    uint256 public immutable initialReward;
    /// @inheritdoc IRollup
    uint256 public immutable halvingInterval;
    /// @inheritdoc IRollup
    uint256 public immutable nodeWeights;
    /// @inheritdoc IRollup
    uint256 public immutable maxWords;

    /// @dev Two bytes a slot.
    uint256 private immutable transcriptBytes;

    /* STORAGE */

    Head private _head;
    /// @inheritdoc IRollup
    uint256 public stateRoot;
    /// @inheritdoc IRollup
    uint256 public finalProposal;
    /// @inheritdoc IRollup
    mapping(address proposer => Credit) public creditOf;
    /// @inheritdoc IRollup
    mapping(uint256 proposalId => bytes32) public revealOf;

    mapping(uint256 laneId => Lane) private _lanes;
    mapping(uint256 proposalId => Candidate) private _candidates;
    /// @dev Place => proposalId. `Head.ranked` of them are alive; the rest is left over from earlier rounds.
    mapping(uint256 => uint256) private _ranking;

    /* CONSTRUCTOR */

    constructor(Config memory c) {
        token = c.token;
        registry = c.registry;
        verifier = c.verifier;
        asset = c.asset;
        domain = Proposals.domain(block.chainid, address(this));
        arity = c.verifier.arity();
        slotCount = c.verifier.slotCount();

        if (slotCount == 0 || slotCount > MAX_SLOTS) revert InvalidParameter("slotCount", slotCount);
        if (c.genesisRoot >= FIELD) revert InvalidParameter("genesisRoot", c.genesisRoot);
        if (c.genesisSupply > type(uint96).max) revert InvalidParameter("genesisSupply", c.genesisSupply);
        if (c.proposalWindow == 0 || c.proposalWindow > type(uint32).max) {
            revert InvalidParameter("proposalWindow", c.proposalWindow);
        }
        if (c.acceptanceWindow < 4 || c.acceptanceWindow > type(uint32).max) {
            revert InvalidParameter("acceptanceWindow", c.acceptanceWindow);
        }
        if (c.minBid == 0 || c.minBid > LaneLibrary.MAX_DEPOSIT) revert InvalidParameter("minBid", c.minBid);
        if (c.maxUncles > 15) revert InvalidParameter("maxUncles", c.maxUncles);
        if (c.uncleMinScoreBps > BPS) revert InvalidParameter("uncleMinScoreBps", c.uncleMinScoreBps);
        if (c.uncleBurnBps > BPS) revert InvalidParameter("uncleBurnBps", c.uncleBurnBps);
        if (c.uncleRewardBps > BPS) revert InvalidParameter("uncleRewardBps", c.uncleRewardBps);
        if (c.initialReward > type(uint96).max) revert InvalidParameter("initialReward", c.initialReward);
        if (c.halvingInterval == 0) revert InvalidParameter("halvingInterval", c.halvingInterval);
        for (uint256 depth = 0; depth <= c.verifier.levels(); ++depth) {
            if (uint16(c.nodeWeights >> 16 * depth) == 0) revert InvalidParameter("nodeWeights", c.nodeWeights);
        }
        // A stake must be within reach for as long as a vote can matter, and must cover every slot of a forest.
        if (c.registry.exitDelay() <= 2 * (c.proposalWindow + c.acceptanceWindow)) {
            revert InvalidParameter("exitDelay", c.registry.exitDelay());
        }
        if (c.registry.minStake() / c.registry.stakePerSlot() < slotCount) {
            revert InvalidParameter("minStake", c.registry.minStake());
        }

        genesisRoot = c.genesisRoot;
        genesisSupply = c.genesisSupply;
        proposalWindow = c.proposalWindow;
        acceptanceWindow = c.acceptanceWindow;
        revealWindow = c.acceptanceWindow / 4;
        minBid = c.minBid;
        maxUncles = c.maxUncles;
        uncleMinScoreBps = c.uncleMinScoreBps;
        uncleBurnBps = c.uncleBurnBps;
        uncleRewardBps = c.uncleRewardBps;
        initialReward = c.initialReward;
        halvingInterval = c.halvingInterval;
        nodeWeights = c.nodeWeights;
        maxWords = c.maxWords;
        transcriptBytes = slotCount * Transcript.INDEX_BYTES;
        stateRoot = c.genesisRoot;
    }

    /* STARTING */

    /// @inheritdoc IRollup
    function start() external {
        if (_isStarted(_head)) revert AlreadyStarted();
        if (token.minter() != address(this)) revert NotBound(address(token), token.minter());
        if (registry.rollup() != address(this)) revert NotBound(address(registry), registry.rollup());
        uint256 balance = asset.balanceOf(address(this));
        if (balance < genesisSupply) revert NotBacked(balance, genesisSupply);

        _head = HeadLibrary.pack(RoundIdLibrary.pack(1, 0), genesisSupply, 0, 0, 0);
        emit Started(genesisRoot, genesisSupply);
    }

    /* SEATS */

    /// @inheritdoc IRollup
    function deposit(uint256 lane, uint256 amount) external {
        if (!_isStarted(_head)) revert NotStarted();
        if (lane > 1) revert UnknownLane(lane);
        uint256 laneId = LaneLibrary.idOf(msg.sender, lane);
        Lane own = _lanes[laneId];
        uint256 room = LaneLibrary.MAX_DEPOSIT - own.deposit();
        if (amount > room) revert DepositTooHigh(amount, room);

        uint256 balance = own.deposit() + amount;
        _lanes[laneId] = own.withDeposit(balance);
        emit Deposited(msg.sender, lane, amount, balance);

        token.safeTransferFrom(msg.sender, address(this), amount * BID_UNIT);
    }

    /// @inheritdoc IRollup
    function withdraw(uint256 lane, uint256 amount) external {
        if (lane > 1) revert UnknownLane(lane);
        uint256 laneId = LaneLibrary.idOf(msg.sender, lane);
        Lane own = _lanes[laneId];
        if (_isInUse(own)) revert LaneInUse(_head.roundId());
        if (amount > own.deposit()) revert InsufficientDeposit(own.deposit(), amount);

        uint256 balance = own.deposit() - amount;
        _lanes[laneId] = own.withDeposit(balance);
        emit Withdrawn(msg.sender, lane, amount, balance);

        token.safeTransfer(msg.sender, amount * BID_UNIT);
    }

    /* ROUNDS */

    /// @inheritdoc IRollup
    function commit(Terms terms, bytes32 orderCommitment, bytes calldata transcript) external {
        if (!terms.isCanonical()) revert MalformedTerms(terms);
        if (terms.parentRef() != 0) revert UnknownParent(terms.parentRef());
        if (terms.proverShareBps() > BPS) revert ShareTooHigh(terms.proverShareBps(), BPS);
        if (transcript.length != transcriptBytes) revert MalformedTranscript(transcript.length, transcriptBytes);
        Head head = _head;
        if (block.timestamp >= _proposalEnds(head)) head = _openNext(head);
        RoundId roundId = head.roundId();
        if (terms.roundId() != roundId) revert WrongRound(terms.roundId(), roundId);

        uint256 laneId = LaneLibrary.idOf(msg.sender, roundId.height());
        Lane lane = _lanes[laneId];
        if (lane.isCommitted(head.counter())) revert AlreadyCommitted(roundId);
        if (terms.burnBid() < minBid) revert BidTooLow(terms.burnBid(), minBid);
        if (terms.burnBid() > lane.deposit()) revert BidAboveDeposit(terms.burnBid(), lane.deposit());

        uint192 digest = Proposals.commitDigest(terms, orderCommitment, keccak256(transcript), block.timestamp);
        _lanes[laneId] = lane.withCommit(digest, head.counter());
        emit Committed(msg.sender, terms, orderCommitment, block.timestamp, transcript);
    }

    /// @inheritdoc IRollup
    function reveal(
        Opening calldata opening,
        bytes32 transcriptHash,
        uint256 txsRoot,
        bytes32 salt,
        bytes calldata data
    ) external returns (uint256 proposalId) {
        Head head = _head;
        uint256 proposalEnds = _proposalEnds(head);
        if (block.timestamp < proposalEnds || block.timestamp >= proposalEnds + revealWindow) {
            revert RevealClosed(block.timestamp, proposalEnds, proposalEnds + revealWindow);
        }
        if (data.length % WORD_BYTES != 0 || data.length / WORD_BYTES > maxWords) {
            revert MalformedData(data.length, WORD_BYTES, maxWords);
        }
        proposalId = _open(head, opening, transcriptHash);
        RoundId roundId = head.roundId();
        bytes32 order =
            Proposals.orderCommitment(domain, roundId, opening.proposer, txsRoot, keccak256(data), salt);
        if (order != opening.orderCommitment) revert WrongOrder(order, opening.orderCommitment);
        if (revealOf[proposalId] != 0) revert AlreadyRevealed(proposalId);

        uint256 dataEval = data.evaluate(Proposals.dataPoint(order));
        revealOf[proposalId] = Proposals.revealDigest(txsRoot, dataEval);
        emit Revealed(proposalId, opening.proposer, roundId, txsRoot, dataEval, data);
    }

    /// @inheritdoc IRollup
    function submitProof(Submission calldata s) external returns (uint256 proposalId, uint256 place) {
        Head head = _head;
        uint256 proposalEnds = _proposalEnds(head);
        if (block.timestamp < proposalEnds || block.timestamp >= proposalEnds + acceptanceWindow) {
            revert SubmitClosed(block.timestamp, proposalEnds, proposalEnds + acceptanceWindow);
        }
        bytes32 transcriptHash = keccak256(s.transcript);
        proposalId = _open(head, s.opening, transcriptHash);
        bytes32 revealed = revealOf[proposalId];
        if (revealed == 0) revert NotRevealed(proposalId);
        bytes32 reveal_ = Proposals.revealDigest(s.txsRoot, s.dataEval);
        if (reveal_ != revealed) revert WrongReveal(reveal_, revealed);
        if (s.fees > head.backing()) revert FeesAboveBacking(s.fees, head.backing());

        if (!_verify(proposalId, head, s)) revert InvalidForest(proposalId);

        Candidate storage candidate = _candidates[proposalId];
        SlotFlags[] memory flags = _unite(candidate, s.flags);
        Tally.Result memory tally = Tally.count(s.transcript, flags, arity, nodeWeights);
        bytes32 contentsHash = Data.hash(s.contents);
        Terms terms = s.opening.terms;
        if (candidate.proposer == address(0)) {
            candidate.nextStateRoot = s.nextStateRoot;
            candidate.contentsHash = contentsHash;
            candidate.transcriptHash = transcriptHash;
            candidate.proposer = s.opening.proposer;
            candidate.burnBid = uint64(terms.burnBid());
            candidate.proverShareBps = uint16(terms.proverShareBps());
        } else {
            if (contentsHash != candidate.contentsHash) revert WrongContents(contentsHash, candidate.contentsHash);
            if (
                tally.provers <= candidate.standing.provers()
                    && tally.fulfilledWeight <= candidate.payout.fulfilledWeight()
            ) revert NoImprovement(tally.provers, tally.fulfilledWeight);
        }
        Standing standing = StandingLibrary.pack(
            Score.compute(tally.provers, terms.burnBid()), s.opening.committedAt, tally.provers
        );
        candidate.standing = standing;
        candidate.payout = PayoutLibrary.pack(s.fees, tally.fulfilledWeight, tally.assignedWeight);
        for (uint256 word = 0; word < flags.length; ++word) {
            candidate.flags[word] = flags[word];
        }
        uint256 ranked;
        (place, ranked) = _ranking.insert(_candidates, proposalId, standing, head.ranked(), 1 + maxUncles);
        if (ranked != head.ranked()) _head = head.withRanked(ranked);

        emit CandidateProven(
            proposalId,
            head.roundId(),
            place,
            standing.score(),
            tally.provers,
            tally.fulfilledWeight,
            tally.assignedWeight,
            s.nextStateRoot,
            s.fees,
            _unwrap(flags)
        );
    }

    /// @inheritdoc IRollup
    function advance() external {
        Head head = _head;
        uint256 acceptanceEnds = _proposalEnds(head) + acceptanceWindow;
        if (block.timestamp < acceptanceEnds) revert AdvanceTooEarly(block.timestamp, acceptanceEnds);
        if (head.ranked() == 0) revert NothingProven(head.roundId());
        _advance(head);
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
    function claimProposer(address to) external returns (uint256 rewards, uint256 fees) {
        (rewards, fees) = (creditOf[msg.sender].rewards, creditOf[msg.sender].fees);
        if (rewards == 0 && fees == 0) revert NothingToClaim(msg.sender);

        delete creditOf[msg.sender];
        emit ProposerClaimed(msg.sender, to, rewards, fees);

        if (rewards != 0) token.safeTransfer(to, rewards);
        if (fees != 0) asset.safeTransfer(to, fees);
    }

    /* READING */

    /// @inheritdoc IRollup
    function roundState() external view returns (RoundState memory state) {
        Head head = _head;
        state.roundId = head.roundId();
        state.ranked = head.ranked();
        state.parent = finalProposal;
        state.stateRoot = stateRoot;
        if (!_isStarted(head)) return state;

        state.opens = head.opens();
        state.proposalEnds = _proposalEnds(head);
        state.revealEnds = state.proposalEnds + revealWindow;
        state.acceptanceEnds = state.proposalEnds + acceptanceWindow;
        if (block.timestamp < state.proposalEnds) {
            state.phase = Phase.Proposing;
            state.commitRoundId = state.roundId;
        } else if (block.timestamp < state.revealEnds) {
            state.phase = Phase.Revealing;
        } else if (block.timestamp < state.acceptanceEnds) {
            state.phase = Phase.Proving;
        } else if (state.ranked != 0) {
            state.phase = Phase.Advanceable;
            state.commitRoundId = state.roundId.nextHeight();
            state.parent = _ranking[0];
            state.stateRoot = _candidates[state.parent].nextStateRoot;
        } else {
            state.phase = Phase.Expired;
            state.commitRoundId = state.roundId.nextAttempt();
        }
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
            proverUnit: candidate.payout.proverUnit(),
            nextStateRoot: candidate.nextStateRoot,
            contentsHash: candidate.contentsHash,
            transcriptHash: candidate.transcriptHash
        });
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
            ids[place] = _ranking[place];
        }
    }

    /// @inheritdoc IRollup
    function blockReward(uint256 height) external view returns (uint256) {
        return Rewards.blockReward(initialReward, halvingInterval, height);
    }

    /// @inheritdoc IRollup
    function backing() external view returns (uint256) {
        return _head.backing();
    }

    /* INTERNAL: ROUNDS */

    function _isStarted(Head head) private pure returns (bool) {
        return head.roundId().height() != 0;
    }

    function _proposalEnds(Head head) private view returns (uint256) {
        unchecked {
            return head.opens() + proposalWindow;
        }
    }

    /// @dev Opens the round that a commit outside of a proposal window is for.
    function _openNext(Head head) private returns (Head) {
        if (!_isStarted(head)) revert NotStarted();
        uint256 proposalEnds = _proposalEnds(head);
        if (block.timestamp < proposalEnds + acceptanceWindow) revert CommitClosed(block.timestamp, proposalEnds);
        if (head.ranked() != 0) return _advance(head);
        return _openRound(head.roundId().nextAttempt(), head.backing(), head.counter(), finalProposal);
    }

    function _openRound(RoundId roundId, uint256 backing_, uint256 counter, uint256 parent)
        private
        returns (Head head)
    {
        head = HeadLibrary.pack(roundId, backing_, 0, counter + 1, block.timestamp);
        _head = head;
        emit RoundOpened(roundId, parent, block.timestamp);
    }

    /// @dev Whether a lane backs a commit that may still win.
    function _isInUse(Lane lane) private view returns (bool) {
        Head head = _head;
        if (!lane.isCommitted(head.counter())) return false;
        return head.ranked() != 0 || block.timestamp < _proposalEnds(head) + acceptanceWindow;
    }

    /// @dev Checks an opening against the proposer's lane in the open round.
    function _open(Head head, Opening calldata opening, bytes32 transcriptHash)
        private
        view
        returns (uint256 proposalId)
    {
        Terms terms = opening.terms;
        RoundId roundId = head.roundId();
        if (terms.roundId() != roundId) revert WrongRound(terms.roundId(), roundId);
        uint192 digest =
            Proposals.commitDigest(terms, opening.orderCommitment, transcriptHash, opening.committedAt);
        uint192 committed = _lanes[LaneLibrary.idOf(opening.proposer, roundId.height())].digest();
        if (digest != committed) revert WrongOpening(digest, committed);
        return Proposals.proposalId(domain, finalProposal, terms, opening.orderCommitment, opening.proposer);
    }

    /// @param submitted verified: one word per 64 slots, with nothing but votes and deliveries of slots that have a key
    function _unite(Candidate storage candidate, uint256[] calldata submitted)
        private
        view
        returns (SlotFlags[] memory flags)
    {
        flags = new SlotFlags[](submitted.length);
        for (uint256 word = 0; word < flags.length; ++word) {
            flags[word] = SlotFlags.wrap(submitted[word]).union(candidate.flags[word]);
        }
    }

    function _verify(uint256 proposalId, Head head, Submission calldata s) private view returns (bool) {
        Statement memory statement = Statement({
            domain: domain,
            proposalId: proposalId,
            r: Proposals.dataPoint(s.opening.orderCommitment),
            roundSeed: 0,
            burnBid: s.opening.terms.burnBid(),
            prevStateRoot: stateRoot,
            nextStateRoot: s.nextStateRoot,
            txsRoot: s.txsRoot,
            fees: s.fees,
            l1OpCount: s.l1OpCount,
            txCount: s.txCount,
            withdrawalsRoot: s.withdrawalsRoot,
            dataEval: s.dataEval,
            proversRoot: s.proversRoot
        });
        return ForestCall.verify(verifier, registry, uint48(head.opens() - 1), statement, s);
    }

    function _unwrap(SlotFlags[] memory flags) private pure returns (uint256[] memory words) {
        assembly ("memory-safe") {
            words := flags
        }
    }

    /* INTERNAL: ADVANCING */

    /// @dev The window is over and something is ranked. Calls nobody but the native token.
    function _advance(Head head) private returns (Head) {
        RoundId roundId = head.roundId();
        uint256 winnerId = _ranking[0];
        Candidate storage winner = _candidates[winnerId];
        uint256 reward = Rewards.blockReward(initialReward, halvingInterval, roundId.height());
        uint256 fees = winner.payout.fees();
        uint256 uncles = _countUncles(head.ranked(), winner.standing.score());

        (uint256 minted, uint256 burnt) = _pay(0, roundId, reward, BPS, fees);
        if (uncles != 0) {
            uint256 uncleReward = Rewards.uncleReward(reward, uncleRewardBps, uncles);
            for (uint256 place = 1; place <= uncles; ++place) {
                (uint256 minted_, uint256 burnt_) = _pay(place, roundId, uncleReward, uncleBurnBps, 0);
                minted += minted_;
                burnt += burnt_;
            }
        }
        uint256 root = winner.nextStateRoot;
        stateRoot = root;
        finalProposal = winnerId;
        emit Advanced(roundId, winnerId, root, minted, burnt * BID_UNIT);
        head = _openRound(roundId.nextHeight(), head.backing() - fees, head.counter(), winnerId);

        token.mint(address(this), minted);
        token.burn(burnt * BID_UNIT);
        return head;
    }

    /// @return uncles how many of the ranked, from place 1, come close enough to the winner
    function _countUncles(uint256 ranked, uint256 winnerScore) private view returns (uint256 uncles) {
        if (winnerScore == 0) return 0;
        for (; uncles + 1 < ranked; ++uncles) {
            uint256 score = _candidates[_ranking[uncles + 1]].standing.score();
            if (score == 0 || score * BPS < winnerScore * uncleMinScoreBps) break;
        }
    }

    /// @dev Fixes what a ranked candidate earns and burns.
    /// @param reward before scaling, wei
    /// @param fees   that its proposer gets, wei of the asset
    /// @return minted wei
    /// @return burnt  BID_UNIT
    function _pay(uint256 place, RoundId roundId, uint256 reward, uint256 burnBps, uint256 fees)
        private
        returns (uint256 minted, uint256 burnt)
    {
        uint256 proposalId = _ranking[place];
        Candidate storage candidate = _candidates[proposalId];
        Payout payout = candidate.payout;
        address proposer = candidate.proposer;
        uint256 proverUnit;
        uint256 proposerReward;
        (minted, proverUnit, proposerReward) =
            Rewards.split(reward, payout.fulfilledWeight(), payout.assignedWeight(), candidate.proverShareBps);
        candidate.payout = payout.withProverUnit(proverUnit);

        Credit memory credit = creditOf[proposer];
        creditOf[proposer] = Credit(credit.rewards + uint128(proposerReward), credit.fees + uint128(fees));

        burnt = Rewards.burnUp(candidate.burnBid, burnBps);
        uint256 laneId = LaneLibrary.idOf(proposer, roundId.height());
        Lane lane = _lanes[laneId];
        _lanes[laneId] = lane.withDeposit(lane.deposit() - burnt);

        emit CandidatePaid(proposalId, proposer, place, burnt, proverUnit, proposerReward, fees);
    }

    /* INTERNAL: CLAIMS */

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
