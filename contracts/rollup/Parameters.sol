// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IB52Token} from "../interfaces/IB52Token.sol";
import {IBlobVerifier} from "../interfaces/IBlobVerifier.sol";
import {IBridge} from "../interfaces/IBridge.sol";
import {IForestParts} from "../interfaces/IForestParts.sol";
import {IForestVerifier} from "../interfaces/IForestVerifier.sol";
import {IProverRegistry} from "../interfaces/IProverRegistry.sol";
import {IRollupBase} from "../interfaces/IRollupBase.sol";
import {IScorer} from "../interfaces/IScorer.sol";
import {BurnRule} from "../libraries/Burns.sol";
import {Reveal} from "../types/Reveal.sol";
import {RollupBase} from "./RollupBase.sol";

/// @notice Answers for parameters and plain storage. In the rollup alone: the extension, whose code the rollup's
/// creation carries, is never asked.
abstract contract Parameters is IRollupBase, RollupBase {
    /* STORAGE */

    /// @inheritdoc IRollupBase
    function stateRoot() external view returns (uint256) {
        return _stateRoot();
    }

    /// @inheritdoc IRollupBase
    function finalProposal() external view returns (uint256) {
        return _finalProposal();
    }

    /// @inheritdoc IRollupBase
    function seatOf(address proposer) external view returns (uint256) {
        return _seatOf[proposer];
    }

    /// @inheritdoc IRollupBase
    function seatCount() external view returns (uint256) {
        return _seatCount;
    }

    /// @inheritdoc IRollupBase
    function creditOf(address proposer) external view returns (uint128 rewards, uint128 fees) {
        Credit memory credit = _creditOf[proposer];
        return (credit.rewards, credit.fees);
    }

    /// @inheritdoc IRollupBase
    function revealOf(uint256 proposalId) external view returns (Reveal) {
        return _revealOf[proposalId];
    }

    /* IMMUTABLES */

    /// @inheritdoc IRollupBase
    function domain() external view returns (uint256) {
        return _domain;
    }

    /// @inheritdoc IRollupBase
    function token() external view returns (IB52Token) {
        return _token;
    }

    /// @inheritdoc IRollupBase
    function registry() external view returns (IProverRegistry) {
        return _registry;
    }

    /// @inheritdoc IRollupBase
    function verifier() external view returns (IForestVerifier) {
        return _verifier;
    }

    /// @inheritdoc IRollupBase
    function parts() external view returns (IForestParts) {
        return _parts;
    }

    /// @inheritdoc IRollupBase
    function blobVerifier() external view returns (IBlobVerifier) {
        return _blobVerifier;
    }

    /// @inheritdoc IRollupBase
    function bridge() external view returns (IBridge) {
        return _bridge;
    }

    /// @inheritdoc IRollupBase
    function scorer() external view returns (IScorer) {
        return _scorer;
    }

    /// @inheritdoc IRollupBase
    function fairShareBps() external view returns (uint256) {
        return _fairShareBps;
    }

    /// @inheritdoc IRollupBase
    function relay() external view returns (address) {
        return _relay;
    }

    /// @inheritdoc IRollupBase
    function burnRule() external view returns (BurnRule) {
        return _burnRule;
    }

    /// @inheritdoc IRollupBase
    function slotCount() external view returns (uint256) {
        return _slotCount;
    }

    /// @inheritdoc IRollupBase
    function genesisRoot() external view returns (uint256) {
        return _genesisRoot;
    }

    /// @inheritdoc IRollupBase
    function genesisSupply() external view returns (uint256) {
        return _genesisSupply;
    }

    /// @inheritdoc IRollupBase
    function minBid() external view returns (uint256) {
        return _minBid;
    }

    /// @inheritdoc IRollupBase
    function forfeitBps() external view returns (uint256) {
        return _forfeitBps;
    }

    /// @inheritdoc IRollupBase
    function advanceTip() external view returns (uint256) {
        return _advanceTip;
    }

    /// @inheritdoc IRollupBase
    function maxUncles() external view returns (uint256) {
        return _maxUncles;
    }

    /// @inheritdoc IRollupBase
    function uncleMinScoreBps() external view returns (uint256) {
        return _uncleMinScoreBps;
    }

    /// @inheritdoc IRollupBase
    function uncleBurnBps() external view returns (uint256) {
        return _uncleBurnBps;
    }

    /// @inheritdoc IRollupBase
    function uncleRewardBps() external view returns (uint256) {
        return _uncleRewardBps;
    }

    /// @inheritdoc IRollupBase
    function initialReward() external view returns (uint256) {
        return _initialReward;
    }

    /// @inheritdoc IRollupBase
    function halvingInterval() external view returns (uint256) {
        return _halvingInterval;
    }

    /// @inheritdoc IRollupBase
    function elementsPerBase() external view returns (uint256) {
        return _elementsPerBase;
    }

    /// @inheritdoc IRollupBase
    function proposalWindow() external view returns (uint256) {
        return windows.proposal();
    }

    /// @inheritdoc IRollupBase
    function acceptanceWindow() external view returns (uint256) {
        return windows.acceptance();
    }

    /// @inheritdoc IRollupBase
    function revealWindow() external view returns (uint256) {
        return windows.reveal();
    }
}
