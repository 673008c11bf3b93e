// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IB52Token} from "./interfaces/IB52Token.sol";

/// @title The native token
/// @notice IB52Token has the roles, the rules and every function's documentation.
contract B52Token is ERC20Permit, ERC20Burnable, IB52Token {
    /// @inheritdoc IB52Token
    address public immutable deployer;
    /// @inheritdoc IB52Token
    address public minter;

    constructor(uint256 initialSupply) ERC20("B52", "B52") ERC20Permit("B52") {
        deployer = msg.sender;
        _mint(msg.sender, initialSupply);
    }

    /// @inheritdoc IB52Token
    function bind(address rollup) external {
        if (msg.sender != deployer) revert NotDeployer(msg.sender, deployer);
        if (minter != address(0)) revert AlreadyBound(minter);
        if (rollup == address(0)) revert InvalidRollup(rollup);
        minter = rollup;
        emit Bound(rollup);
    }

    /// @inheritdoc IB52Token
    function mintAndBurn(uint256 minted, uint256 burnt) external {
        if (msg.sender != minter) revert NotMinter(msg.sender, minter);
        if (minted >= burnt) _mint(msg.sender, minted - burnt);
        else _burn(msg.sender, burnt - minted);
    }

    /// @inheritdoc IB52Token
    function burn(uint256 amount) public override(ERC20Burnable, IB52Token) {
        super.burn(amount);
    }
}
