// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IB52Token} from "../interfaces/IB52Token.sol";
import {IBridge} from "../interfaces/IBridge.sol";
import {IForestParts} from "../interfaces/IForestParts.sol";
import {IForestVerifier} from "../interfaces/IForestVerifier.sol";
import {IPayoutPolicy} from "../interfaces/IPayoutPolicy.sol";
import {IProverRegistry} from "../interfaces/IProverRegistry.sol";
import {Config, IRollup} from "../interfaces/IRollup.sol";
import {IScorePolicy} from "../interfaces/IScorePolicy.sol";
import {IScorer} from "../interfaces/IScorer.sol";
import {BurnRule} from "../libraries/Burns.sol";
import {BPS, FIELD, WORD_BYTES} from "../libraries/Constants.sol";
import {Operations} from "../libraries/Operations.sol";
import {Proposals} from "../libraries/Proposals.sol";
import {Transcript} from "../libraries/Transcript.sol";
import {Candidate} from "../types/Candidate.sol";
import {Head} from "../types/Head.sol";
import {Lane, LaneLibrary} from "../types/Lane.sol";
import {Outcome, OutcomeLibrary} from "../types/Outcome.sol";
import {Seed} from "../types/Seed.sol";

/// @notice What all parts of the rollup share: parameters, storage, and the clock of the open round.
abstract contract RollupBase is IRollup {
    /// @dev What a proposer may claim: wei of the native token, wei of the asset.
    struct Credit {
        uint128 rewards;
        uint128 fees;
    }

    /// @dev What is on L1 of a proposal that is not wholly revealed.
    struct Chunks {
        /// One bit a chunk.
        uint256 known;
        /// Of those.
        uint256 dataEval;
    }

    /// @dev Merges count a prover's slots in 14 bits.
    uint256 private constant MAX_SLOTS = 2 ** 14 - 1;
    /// @dev One bit each.
    uint256 private constant MAX_CHUNKS = 256;

    /* IMMUTABLES */

    /// @inheritdoc IRollup
    IB52Token public immutable token;
    /// @inheritdoc IRollup
    IProverRegistry public immutable registry;
    /// @inheritdoc IRollup
    IForestVerifier public immutable verifier;
    /// @inheritdoc IRollup
    IForestParts public immutable parts;
    /// @inheritdoc IRollup
    IBridge public immutable bridge;
    /// @inheritdoc IRollup
    IScorer public immutable scorer;
    IScorePolicy internal immutable policy;
    /// @inheritdoc IRollup
    IPayoutPolicy public immutable payout;
    /// @inheritdoc IRollup
    address public immutable relay;
    /// @inheritdoc IRollup
    BurnRule public immutable burnRule;
    /// @inheritdoc IRollup
    uint256 public immutable domain;
    uint256 internal immutable arity;
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
    uint256 public immutable forfeitBps;
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
    uint256 public immutable advanceTip;
    uint256 internal immutable nodeWeights;
    /// @inheritdoc IRollup
    uint256 public immutable maxWords;
    /// @inheritdoc IRollup
    uint256 public immutable chunkWords;

    /// @dev Two bytes a slot.
    uint256 internal immutable transcriptBytes;
    bool internal immutable usesBetas;

    /* STORAGE */

    Head internal _head;
    /// @inheritdoc IRollup
    uint256 public seatCount;
    /// @inheritdoc IRollup
    mapping(address proposer => uint256) public seatOf;
    /// @inheritdoc IRollup
    mapping(address proposer => Credit) public creditOf;
    /// @inheritdoc IRollup
    mapping(uint256 proposalId => bytes32) public revealOf;

    mapping(uint256 proposalId => Chunks) internal _chunks;
    mapping(uint256 laneId => Lane) internal _lanes;
    mapping(uint256 laneId => mapping(uint256 parentRef => Lane)) internal _branches;
    mapping(uint256 proposalId => Candidate) internal _candidates;
    /// @dev Contents of the slots whose `handedIn` flag is set.
    mapping(uint256 proposalId => mapping(uint256 slot => uint256)) internal _handedIn;
    /// @dev Place => proposalId, one ranking for odd heights and one for even. Of the open height's `Head.ranked` are alive, the rest is left over from earlier rounds. The
    /// leader of the other one is the final block.
    mapping(uint256 parity => mapping(uint256 => uint256)) private _rankings;
    /// @dev By `height % RING`.
    mapping(uint256 => Outcome) internal _outcomes;
    /// @dev By `height % 4`. Only where the score policy uses betas.
    mapping(uint256 => Seed) internal _seeds;

    /* CONSTRUCTOR */

    constructor(Config memory c) {
        token = c.token;
        registry = c.registry;
        verifier = c.verifier;
        parts = c.parts;
        bridge = c.bridge;
        scorer = c.scorer;
        policy = c.scorer.policy();
        nodeWeights = c.scorer.nodeWeights();
        payout = c.payout;
        relay = c.relay;
        burnRule = c.burnRule;
        domain = Proposals.domain(block.chainid, address(this));
        arity = c.verifier.arity();
        slotCount = c.verifier.slotCount();
        usesBetas = policy.usesBetas();

        _requireSame("token", address(c.registry.token()), address(c.token));
        _requireSame("verifier", address(c.registry.verifier()), address(c.verifier));
        _requireSame("registry", address(c.scorer.registry()), address(c.registry));
        if (address(c.parts) != address(0)) _requireSame("verifier", address(c.parts.verifier()), address(c.verifier));
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
        if (c.forfeitBps > BPS) revert InvalidParameter("forfeitBps", c.forfeitBps);
        if (c.maxUncles > 15) revert InvalidParameter("maxUncles", c.maxUncles);
        if (c.uncleMinScoreBps > BPS) revert InvalidParameter("uncleMinScoreBps", c.uncleMinScoreBps);
        if (c.uncleBurnBps > BPS) revert InvalidParameter("uncleBurnBps", c.uncleBurnBps);
        if (c.uncleRewardBps > BPS) revert InvalidParameter("uncleRewardBps", c.uncleRewardBps);
        if (c.initialReward > type(uint96).max) revert InvalidParameter("initialReward", c.initialReward);
        if (c.halvingInterval == 0) revert InvalidParameter("halvingInterval", c.halvingInterval);
        for (uint256 depth = 0; depth <= c.verifier.levels(); ++depth) {
            if (uint16(nodeWeights >> 16 * depth) == 0) revert InvalidParameter("nodeWeights", nodeWeights);
        }
        _requireRoom(c);
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
        forfeitBps = c.forfeitBps;
        maxUncles = c.maxUncles;
        uncleMinScoreBps = c.uncleMinScoreBps;
        uncleBurnBps = c.uncleBurnBps;
        uncleRewardBps = c.uncleRewardBps;
        initialReward = c.initialReward;
        halvingInterval = c.halvingInterval;
        advanceTip = c.advanceTip;
        maxWords = c.maxWords;
        chunkWords = c.chunkWords;
        transcriptBytes = slotCount * Transcript.INDEX_BYTES;
    }

    /// @dev Whatever operations are due have room in a block, and in its first chunk.
    function _requireRoom(Config memory c) private view {
        uint256 perBase = c.verifier.operationsPerBase();
        uint256 bases = c.verifier.arity() ** c.verifier.levels();
        uint256 maxOperations = c.bridge.maxOperations();
        if (c.bridge.operationsPerBase() != perBase) {
            revert InvalidParameter("operationsPerBase", c.bridge.operationsPerBase());
        }
        if (maxOperations > bases * perBase) revert InvalidParameter("maxOperations", maxOperations);
        uint256 places = (maxOperations + perBase - 1) / perBase * perBase;
        uint256 operationWords = places * (Operations.OPERATION_BYTES / WORD_BYTES);
        if (c.chunkWords < operationWords) revert InvalidParameter("chunkWords", c.chunkWords);
        if (c.maxWords < operationWords || c.maxWords > MAX_CHUNKS * c.chunkWords) {
            revert InvalidParameter("maxWords", c.maxWords);
        }
        if (c.bridge.escapeDelay() <= 2 * (c.proposalWindow + c.acceptanceWindow)) {
            revert InvalidParameter("escapeDelay", c.bridge.escapeDelay());
        }
    }

    function _requireSame(string memory name, address actual, address expected) private pure {
        if (actual != expected) revert Mismatch(name, actual, expected);
    }

    /* THE OPEN ROUND */

    /// @inheritdoc IRollup
    function finalProposal() public view returns (uint256) {
        return _ranking(_head.roundId().height() + 1)[0];
    }

    /// @inheritdoc IRollup
    function stateRoot() public view returns (uint256) {
        uint256 id = finalProposal();
        return id == 0 ? genesisRoot : _candidates[id].nextStateRoot;
    }

    function _ranking(uint256 height) internal view returns (mapping(uint256 => uint256) storage) {
        return _rankings[height & 1];
    }

    function _isStarted(Head head) internal pure returns (bool) {
        return head.roundId().height() != 0;
    }

    function _proposalEnds(Head head) internal view returns (uint256) {
        unchecked {
            return head.opens() + (head.isPipelined() ? acceptanceWindow : proposalWindow);
        }
    }

    function _acceptanceEnds(Head head) internal view returns (uint256) {
        unchecked {
            return _proposalEnds(head) + acceptanceWindow;
        }
    }

    /// @return when nothing can be proven any more: the windows are over, or nobody has revealed while that was possible
    function _ends(Head head) internal view returns (uint256) {
        unchecked {
            return _proposalEnds(head) + (head.isRevealed() ? acceptanceWindow : revealWindow);
        }
    }

    function _isOver(Head head) internal view returns (bool) {
        return block.timestamp >= _ends(head);
    }

    /// @return what openings in the round carry as `parentRef`: the seat that the round's parent must be from; 0 in a fresh round
    function _parentRef(Head head) internal view returns (uint256) {
        if (!head.isPipelined()) return 0;
        return _outcomes[(head.roundId().height() - 1) % OutcomeLibrary.RING].seat();
    }

    function _seed(Head head) internal view returns (Seed) {
        return usesBetas ? _seeds[head.roundId().height() % 4] : Seed.wrap(0);
    }

    /// @return the last moment that counts for who is eligible, and with which stake
    function _eligibleAt(Head head, Seed seed) internal view returns (uint48) {
        uint256 fixedAt = head.opens();
        if (usesBetas && seed.knownAt() < fixedAt) fixedAt = seed.knownAt();
        return uint48(fixedAt - 1);
    }
}
