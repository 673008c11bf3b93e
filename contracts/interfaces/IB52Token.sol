// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title The native token
/// @notice Provers stake it, proposers bid and burn it, and the rollup mints the block rewards in it. Amounts are in
/// wei (18 decimals).
///
/// The deployer receives the initial supply and names the rollup once, with `bind`. From then on nobody but that rollup
/// can mint, nobody can change it, and the deployer has no power left. See docs/decisions/binding.md.
interface IB52Token is IERC20 {
    /// @notice The only contract that may mint, for ever.
    event Bound(address indexed rollup);

    error NotDeployer(address caller, address deployer);
    error NotMinter(address caller, address minter);
    error AlreadyBound(address rollup);
    error InvalidRollup(address rollup);

    /// @notice Fixes the minter. Once, by the deployer.
    function bind(address rollup) external;

    /// @notice Creates `minted` for the caller and destroys `burnt` of the caller's tokens, of which those may be; what
    /// moves is the difference. Only by the minter.
    function mintAndBurn(uint256 minted, uint256 burnt) external;

    /// @notice Destroys `amount` of the caller's tokens.
    function burn(uint256 amount) external;

    /// @return the bound rollup, or zero
    function minter() external view returns (address);

    function deployer() external view returns (address);
}
