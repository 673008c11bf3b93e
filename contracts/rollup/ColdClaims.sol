// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IB52Token} from "../interfaces/IB52Token.sol";
import {IRollup} from "../interfaces/IRollup.sol";
import {IRollupExtension} from "../interfaces/IRollupExtension.sol";
import {RollupBase} from "./RollupBase.sol";

/// @notice Pays proposers, and provers where a policy pays them, in the native token.
abstract contract ColdClaims is IRollupExtension, RollupBase {
    using SafeERC20 for IB52Token;

    /// @inheritdoc IRollupExtension
    function claimRounds(uint256 proverIndex, uint256[] calldata roundNumbers) external returns (uint256 amount) {
        if (address(payout) == address(0)) revert IRollup.NoPayoutPolicy();
        address owner = registry.ownerOf(proverIndex);
        if (owner == address(0)) revert IRollup.UnknownProver(proverIndex);
        for (uint256 i = 0; i < roundNumbers.length; ++i) {
            uint256 share = payout.claim(roundNumbers[i], proverIndex);
            amount += share;
            emit IRollup.RoundClaimed(proverIndex, roundNumbers[i], share);
        }
        token.safeTransfer(owner, amount);
    }

    /// @inheritdoc IRollupExtension
    function claimProposer(address to) external returns (uint256 rewards) {
        rewards = creditOf[msg.sender].rewards;
        if (rewards == 0) revert IRollup.NothingToClaim(msg.sender);

        creditOf[msg.sender].rewards = 0;
        emit IRollup.ProposerClaimed(msg.sender, to, rewards);

        token.safeTransfer(to, rewards);
    }
}
