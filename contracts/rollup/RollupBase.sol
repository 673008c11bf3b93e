// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IB52Token} from "../interfaces/IB52Token.sol";
import {IBlobVerifier} from "../interfaces/IBlobVerifier.sol";
import {IBridge} from "../interfaces/IBridge.sol";
import {IForestParts} from "../interfaces/IForestParts.sol";
import {IForestVerifier} from "../interfaces/IForestVerifier.sol";
import {IProverRegistry} from "../interfaces/IProverRegistry.sol";
import {Config, IRollup} from "../interfaces/IRollup.sol";
import {IScorePolicy} from "../interfaces/IScorePolicy.sol";
import {IScorer} from "../interfaces/IScorer.sol";
import {BurnRule} from "../libraries/Burns.sol";
import {BPS} from "../libraries/Constants.sol";
import {Proposals} from "../libraries/Proposals.sol";
import {Transcript} from "../libraries/Transcript.sol";
import {Proposal} from "../types/Candidate.sol";
import {Head} from "../types/Head.sol";
import {Lane} from "../types/Lane.sol";
import {Outcome, OutcomeLibrary} from "../types/Outcome.sol";
import {Reveal} from "../types/Reveal.sol";
import {RoundId} from "../types/RoundId.sol";
import {Seed} from "../types/Seed.sol";
import {Windows, WindowsLibrary} from "../types/Windows.sol";

/// @notice What all parts of the rollup share: parameters, storage, and the open round. What has a name of IRollupBase
/// begins with an underscore: `Parameters` answers for it, in the rollup alone.
abstract contract RollupBase {
    /// @dev What a proposer may claim: wei of the native token, wei of the asset.
    struct Credit {
        uint128 rewards;
        uint128 fees;
    }

    /* IMMUTABLES */

    IB52Token internal immutable _token;
    IProverRegistry internal immutable _registry;
    IForestVerifier internal immutable _verifier;
    IForestParts internal immutable _parts;
    IBlobVerifier internal immutable _blobVerifier;
    IBridge internal immutable _bridge;
    IScorer internal immutable _scorer;
    IScorePolicy internal immutable policy;
    uint256 internal immutable _fairShareBps;
    /// @dev What a commit may offer beyond that.
    uint256 internal immutable shareRange;
    address internal immutable _relay;
    BurnRule internal immutable _burnRule;
    uint256 internal immutable _domain;
    uint256 internal immutable arity;
    uint256 internal immutable _slotCount;
    uint256 internal immutable _genesisRoot;
    uint256 internal immutable _genesisSupply;
    uint256 internal immutable _minBid;
    uint256 internal immutable _forfeitBps;
    uint256 internal immutable _maxUncles;
    uint256 internal immutable _uncleMinScoreBps;
    uint256 internal immutable _uncleBurnBps;
    uint256 internal immutable _uncleRewardBps;
    uint256 internal immutable _initialReward;
    uint256 internal immutable _halvingInterval;
    uint256 internal immutable _advanceTip;
    uint256 internal immutable nodeWeights;
    uint256 internal immutable totalWeight;
    /// @dev Wei of the asset.
    uint256 internal immutable operationFee;
    uint256 internal immutable _elementsPerBase;

    Windows internal immutable windows;
    /// @dev Two bytes a slot.
    uint256 internal immutable transcriptBytes;
    bool internal immutable usesBetas;

    /* STORAGE */

    Head internal _head;
    uint256 internal _seatCount;
    mapping(address proposer => uint256) internal _seatOf;
    mapping(address proposer => Credit) internal _creditOf;
    mapping(uint256 proposalId => Reveal) internal _revealOf;

    /// @dev What the known parts of a proposal add to its `dataEval`; 0 of a whole one.
    mapping(uint256 proposalId => uint256) internal _partialEvals;
    mapping(uint256 laneId => Lane) internal _lanes;
    mapping(uint256 laneId => mapping(uint256 parentRef => Lane)) internal _branches;
    mapping(uint256 proposalId => Proposal) internal _proposals;
    /// @dev What a lane's unsettled commit was proven as, if some of the provers that it names are silent.
    mapping(uint256 laneId => uint256 proposalId) internal _provenOf;
    /// @dev `Data.hashNode` of what was handed in before there was a candidate, of slots whose `handedIn` flag is set.
    mapping(uint256 proposalId => mapping(bytes32 digest => bool)) internal _handedIn;
    /// @dev Place => proposalId, one ranking for odd heights and one for even. Of the open height's `Head.ranked` are
    /// alive, the rest is left over from earlier rounds. The leader of the other one is the final block.
    mapping(uint256 parity => mapping(uint256 => uint256)) private _rankings;
    /// @dev By `height % RING`.
    mapping(uint256 => Outcome) internal _outcomes;
    /// @dev By `height % 4`. Only where the score policy uses betas.
    mapping(uint256 => Seed) internal _seeds;

    /* CONSTRUCTOR */

    /// @param rollup whose storage this is: itself, or what the extension is of
    constructor(Config memory c, address rollup) {
        _token = c.token;
        _registry = c.registry;
        _verifier = c.verifier;
        _parts = c.parts;
        _blobVerifier = c.blobVerifier;
        _bridge = c.bridge;
        operationFee = c.bridge.operationFee();
        _scorer = c.scorer;
        policy = c.scorer.policy();
        nodeWeights = c.scorer.nodeWeights();
        totalWeight = c.scorer.totalWeight();
        _fairShareBps = c.fairShareBps;
        shareRange = c.fairShareBps == 0 ? BPS : 0;
        _relay = c.relay;
        _burnRule = c.burnRule;
        _domain = Proposals.domain(block.chainid, rollup);
        arity = c.verifier.arity();
        _slotCount = c.verifier.slotCount();
        usesBetas = policy.usesBetas();

        _genesisRoot = c.genesisRoot;
        _genesisSupply = c.genesisSupply;
        windows = WindowsLibrary.pack(c.proposalWindow, c.acceptanceWindow);
        _minBid = c.minBid;
        _forfeitBps = c.forfeitBps;
        _maxUncles = c.maxUncles;
        _uncleMinScoreBps = c.uncleMinScoreBps;
        _uncleBurnBps = c.uncleBurnBps;
        _uncleRewardBps = c.uncleRewardBps;
        _initialReward = c.initialReward;
        _halvingInterval = c.halvingInterval;
        _advanceTip = c.advanceTip;
        _elementsPerBase = c.elementsPerBase;
        transcriptBytes = _slotCount * Transcript.INDEX_BYTES;
    }

    /* THE OPEN ROUND */

    /// @dev Advances if the height is decided. Every action begins with this, so none needs an `advance` before it.
    /// @param head as it is stored
    /// @return as it is now
    function _upToDate(Head head) internal virtual returns (Head);

    /// @param parent proposalId of the final block
    function _openRound(Head head, uint256 parent) internal returns (Head) {
        _head = head;
        if (usesBetas) _drawSeeds(head);
        emit IRollup.RoundOpened(head.roundId(), parent, head.opens(), head.isPipelined());
        return head;
    }

    /// @return proposalId of the final block; 0 for genesis
    function _finalProposal() internal view returns (uint256) {
        return _ranking(_head.roundId().height() + 1)[0];
    }

    /// @return the final state root
    function _stateRoot() internal view returns (uint256) {
        uint256 id = _finalProposal();
        return id == 0 ? _genesisRoot : _proposals[id].candidate.nextStateRoot;
    }

    function _ranking(uint256 height) internal view returns (mapping(uint256 => uint256) storage) {
        return _rankings[height & 1];
    }

    /// @return what openings in the round carry as `parentRef`: the seat that the round's parent must be from; 0 in a
    /// fresh round
    function _parentRef(Head head) internal view returns (uint256) {
        if (!head.isPipelined()) return 0;
        return _outcomes[(head.roundId().height() - 1) % OutcomeLibrary.RING].seat();
    }

    /// @dev The seed of the height after the one that begins; and of this one, if it has none that is young enough.
    function _drawSeeds(Head head) private {
        RoundId roundId = head.roundId();
        uint256 height = roundId.height();
        unchecked {
            uint256 roundTime = windows.round();
            bool isNeeded = _seeds[height % 4].isStale(head.opens(), roundTime);
            for (uint256 last = height + 1; height <= last; ++height) {
                if (isNeeded) _seeds[height % 4] = _seeds[height % 4].draw(height, roundTime);
                isNeeded = roundId.attempt() == 1;
            }
        }
    }

    /// @return seed       of the open round; 0 unless the score policy uses betas
    /// @return eligibleAt the last moment that counts for who is eligible, and with which stake
    function _eligibility(Head head) internal view returns (Seed seed, uint48 eligibleAt) {
        uint256 opens = head.opens();
        if (!usesBetas) return (seed, uint48(opens - 1));
        seed = _seeds[head.roundId().height() % 4];
        eligibleAt = seed.eligibleAt(opens);
    }
}
