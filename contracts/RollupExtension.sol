// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Config, IRollup} from "./interfaces/IRollup.sol";
import {IRollupExtension} from "./interfaces/IRollupExtension.sol";
import {RoundClock} from "./libraries/RoundClock.sol";
import {ColdClaims} from "./rollup/ColdClaims.sol";
import {ColdCommits} from "./rollup/ColdCommits.sol";
import {Reveals} from "./rollup/Reveals.sol";
import {RollupBase} from "./rollup/RollupBase.sol";
import {Seats} from "./rollup/Seats.sol";
import {Head, HeadLibrary} from "./types/Head.sol";

/// @title The extension of the rollup
/// @notice Code that the rollup runs on its own storage; see IRollupExtension. Called at its own address it is a rollup
/// that was never started and never will be: no contract is bound to it.
contract RollupExtension is Seats, ColdCommits, Reveals, ColdClaims {
    using RoundClock for Head;

    constructor(Config memory config, address rollup) RollupBase(config, rollup) Reveals(config.verifier) {}

    modifier onlyBridge() {
        if (msg.sender != address(_bridge)) revert IRollup.NotBridge(msg.sender, address(_bridge));
        _;
    }

    /* STARTING */

    /// @inheritdoc IRollupExtension
    function start() external {
        // Anybody may call this first: the deployment's own call must not fail then.
        if (_head.isStarted()) return;
        if (_token.minter() != address(this)) revert IRollup.NotBound(address(_token), _token.minter());
        if (_registry.rollup() != address(this)) revert IRollup.NotBound(address(_registry), _registry.rollup());
        _bridge.start(_genesisSupply);

        _head = HeadLibrary.first(policy.initialExponent(), block.timestamp);
        emit IRollup.Started(_genesisRoot, _genesisSupply);
    }

    /* BRIDGE ONLY */

    /// @inheritdoc IRollupExtension
    function freeze() external onlyBridge returns (uint256) {
        Head current = _head;
        if (current.ranked() != 0) revert IRollup.CandidateAlive(current.roundId());
        _head = current.asFrozen();
        return _stateRoot();
    }

    /// @inheritdoc IRollupExtension
    function takeFees(address proposer) external onlyBridge returns (uint256 fees) {
        fees = _creditOf[proposer].fees;
        _creditOf[proposer].fees = 0;
    }

    /* INTERNAL */

    /// @dev Has the rollup itself advance: this code need not know how.
    /// @inheritdoc RollupBase
    function _upToDate(Head head) internal override returns (Head) {
        if (!head.isDecided(windows, block.timestamp)) return head;
        IRollup(address(this)).advance();
        return _head;
    }
}
