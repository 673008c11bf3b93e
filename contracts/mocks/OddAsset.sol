// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice An asset as they come: its transfers return nothing, may be refused, and may call both sides back.
contract OddAsset {
    error Refused(address account);

    mapping(address account => uint256) public balanceOf;
    mapping(address account => bool) public isRefused;
    bool public hasHook;

    function give(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function refuse(address account) external {
        isRefused[account] = true;
    }

    function enableHook() external {
        hasHook = true;
    }

    function transfer(address to, uint256 amount) external {
        if (isRefused[to]) revert Refused(to);
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
        if (hasHook) IAssetHolder(to).onAsset();
    }

    /// @dev Anybody's, without approval. The holder is called before anything moves.
    function transferFrom(address from, address to, uint256 amount) external {
        if (hasHook) IAssetHolder(from).onAsset();
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}

interface IAssetHolder {
    function onAsset() external;
}
