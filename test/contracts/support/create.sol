// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "./Vm.sol";

/// @dev Deploys a contract by its name. `new` would do the same, but has the compiler optimize all of the contract's
/// code again in every test contract.
/// @param arguments of the constructor, ABI-encoded
function create(string memory name, bytes memory arguments) returns (address made) {
    bytes memory code = abi.encodePacked(vm.getCode(name), arguments);
    assembly ("memory-safe") {
        made := create(0, add(code, 32), mload(code))
        if iszero(made) {
            returndatacopy(0, 0, returndatasize())
            revert(0, returndatasize())
        }
    }
}
