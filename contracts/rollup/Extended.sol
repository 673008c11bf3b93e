// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BlobOpening} from "../interfaces/IBlobVerifier.sol";
import {IRollup, Opening, Order} from "../interfaces/IRollup.sol";
import {IRollupExtension} from "../interfaces/IRollupExtension.sol";
import {Terms} from "../types/Terms.sol";

/// @notice The functions whose code is in RollupExtension.
abstract contract Extended is IRollup {
    /// @inheritdoc IRollup
    address public immutable extension;

    constructor(address extension_) {
        extension = extension_;
    }

    /// @inheritdoc IRollupExtension
    function start() external {
        _extend();
    }

    /// @inheritdoc IRollupExtension
    function deposit(uint256, uint256) external {
        _extend();
    }

    /// @inheritdoc IRollupExtension
    function withdraw(uint256, uint256) external {
        _extend();
    }

    /// @inheritdoc IRollupExtension
    function commitBranch(Terms, bytes32, bytes calldata, Opening calldata, bytes32) external {
        _extend();
    }

    /// @inheritdoc IRollupExtension
    function settle(Opening calldata, bytes32) external returns (uint256) {
        _extend();
    }

    /// @inheritdoc IRollupExtension
    function reveal(
        Opening calldata,
        bytes32,
        Order calldata,
        bytes calldata,
        BlobOpening[] calldata
    ) external returns (uint256) {
        _extend();
    }

    /// @inheritdoc IRollupExtension
    function claimProposer(address) external returns (uint256) {
        _extend();
    }

    /// @inheritdoc IRollupExtension
    function freeze() external returns (uint256) {
        _extend();
    }

    /// @inheritdoc IRollupExtension
    function takeFees(address) external returns (uint256) {
        _extend();
    }

    /// @dev Has the extension run the whole call as it came, and answers what it answers. Nothing of this contract runs
    /// after it, so all of the memory may be used.
    function _extend() private {
        address target = extension;
        assembly ("memory-safe") {
            calldatacopy(0, 0, calldatasize())
            let succeeded := delegatecall(gas(), target, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            if iszero(succeeded) {
                revert(0, returndatasize())
            }
            return(0, returndatasize())
        }
    }
}
