// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IB52Token} from "../interfaces/IB52Token.sol";
import {IRollup} from "../interfaces/IRollup.sol";
import {IRollupExtension} from "../interfaces/IRollupExtension.sol";
import {RollupBase} from "./RollupBase.sol";

/// @notice Pays proposers, in the native token.
abstract contract ColdClaims is IRollupExtension, RollupBase {
    using SafeERC20 for IB52Token;

    /// @inheritdoc IRollupExtension
    function claimProposer(address to) external returns (uint256 rewards) {
        rewards = _creditOf[msg.sender].rewards;
        if (rewards == 0) revert IRollup.NothingToClaim(msg.sender);

        _creditOf[msg.sender].rewards = 0;
        emit IRollup.ProposerClaimed(msg.sender, to, rewards);

        _token.safeTransfer(to, rewards);
    }
}
