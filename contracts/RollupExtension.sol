// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Config, IRollup} from "./interfaces/IRollup.sol";
import {IRollupExtension} from "./interfaces/IRollupExtension.sol";
import {Claims} from "./rollup/Claims.sol";
import {Revealing} from "./rollup/Revealing.sol";
import {RollupBase} from "./rollup/RollupBase.sol";
import {Seats} from "./rollup/Seats.sol";
import {Head, HeadLibrary} from "./types/Head.sol";
import {RoundIdLibrary} from "./types/RoundId.sol";

/// @title The extension of the rollup
/// @notice Code that the rollup runs on its own storage; see IRollupExtension. Called at its own address it is a rollup
/// that was never started and never will be: no contract is bound to it.
contract RollupExtension is Seats, Revealing, Claims {
    constructor(Config memory config, address rollup) RollupBase(config, rollup) {}

    modifier onlyBridge() {
        if (msg.sender != address(bridge)) revert IRollup.NotBridge(msg.sender, address(bridge));
        _;
    }

    /* STARTING */

    /// @inheritdoc IRollupExtension
    function start() external {
        // Nobody can make the deployment's own call fail by being first.
        if (_isStarted(_head)) return;
        if (token.minter() != address(this)) revert IRollup.NotBound(address(token), token.minter());
        if (registry.rollup() != address(this)) revert IRollup.NotBound(address(registry), registry.rollup());
        bridge.open(genesisSupply);

        _head = HeadLibrary.pack(
            RoundIdLibrary.pack(1, 0),
            policy.initialExponent(),
            false,
            0,
            0,
            0,
            0,
            block.timestamp
        );
        emit IRollup.Started(genesisRoot, genesisSupply);
    }

    /* BRIDGE ONLY */

    /// @inheritdoc IRollupExtension
    function freeze() external onlyBridge returns (uint256) {
        Head current = _head;
        if (current.ranked() != 0) revert IRollup.CandidateAlive(current.roundId());
        _head = current.asFrozen();
        return stateRoot();
    }

    /// @inheritdoc IRollupExtension
    function takeFees(address proposer) external onlyBridge returns (uint256 fees) {
        fees = creditOf[proposer].fees;
        creditOf[proposer].fees = 0;
    }

    /* INTERNAL */

    /// @dev Has the rollup itself advance: this code need not know how.
    /// @inheritdoc RollupBase
    function _upToDate(Head head) internal override returns (Head) {
        if (!_isDecided(head)) return head;
        IRollup(address(this)).advance();
        return _head;
    }
}
