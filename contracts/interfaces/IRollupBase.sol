// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BurnRule} from "../libraries/Burns.sol";
import {Reveal} from "../types/Reveal.sol";
import {IB52Token} from "./IB52Token.sol";
import {IBlobVerifier} from "./IBlobVerifier.sol";
import {IBridge} from "./IBridge.sol";
import {IForestParts} from "./IForestParts.sol";
import {IForestVerifier} from "./IForestVerifier.sol";
import {IProverRegistry} from "./IProverRegistry.sol";
import {IScorer} from "./IScorer.sol";

/// @title The rollup: parameters and plain storage
/// @notice Part of IRollup, which has the roles and the rules. Parameters are explained in Config.
interface IRollupBase {
    /// @return the final state root
    function stateRoot() external view returns (uint256);
    /// @return proposalId of the final block; 0 for genesis
    function finalProposal() external view returns (uint256);

    /// @return from 1; 0: never deposited. What a commit to the next height names its parent by
    function seatOf(address proposer) external view returns (uint256);
    function seatCount() external view returns (uint256);

    /// @return rewards wei of the native token
    /// @return fees    wei of the asset, which the bridge holds
    function creditOf(address proposer) external view returns (uint128 rewards, uint128 fees);

    /// @return what is published of a proposal; 0: nothing
    function revealOf(uint256 proposalId) external view returns (Reveal);

    /// @return what votes, signatures and proofs for this rollup bind
    function domain() external view returns (uint256);
    function token() external view returns (IB52Token);
    function registry() external view returns (IProverRegistry);
    function verifier() external view returns (IForestVerifier);
    /// @return zero: every submission brings all its proofs
    function parts() external view returns (IForestParts);
    function blobVerifier() external view returns (IBlobVerifier);
    function bridge() external view returns (IBridge);
    /// @return counts forests and has a policy score them; has arity, node weights and policy
    function scorer() external view returns (IScorer);
    /// @return 0: provers are paid by block; else fair pay
    function fairShareBps() external view returns (uint256);
    function relay() external view returns (address);
    function burnRule() external view returns (BurnRule);
    function slotCount() external view returns (uint256);
    function genesisRoot() external view returns (uint256);
    function genesisSupply() external view returns (uint256);
    function proposalWindow() external view returns (uint256);
    function acceptanceWindow() external view returns (uint256);
    function revealWindow() external view returns (uint256);
    function minBid() external view returns (uint256);
    function forfeitBps() external view returns (uint256);
    function advanceTip() external view returns (uint256);
    function maxUncles() external view returns (uint256);
    function uncleMinScoreBps() external view returns (uint256);
    function uncleBurnBps() external view returns (uint256);
    function uncleRewardBps() external view returns (uint256);
    function initialReward() external view returns (uint256);
    function halvingInterval() external view returns (uint256);
    function elementsPerBase() external view returns (uint256);
}
