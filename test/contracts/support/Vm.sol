// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The cheat codes that the tests use.
interface Vm {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    /// @dev Read the clock with this: the optimizer takes `block.timestamp` for a constant of the whole call.
    function getBlockTimestamp() external view returns (uint256);
    function warp(uint256 timestamp) external;
    /// @return creation code of a contract
    function getCode(string calldata name) external view returns (bytes memory);
    function etch(address account, bytes calldata code) external;
    function prevrandao(bytes32 value) external;
    function chainId(uint256 id) external;
    function coinbase(address builder) external;
    function prank(address sender) external;
    function startPrank(address sender) external;
    function stopPrank() external;
    function expectRevert(bytes calldata data) external;
    /// @dev Whatever the arguments of the error are.
    function expectPartialRevert(bytes4 selector) external;
    function expectEmit(address emitter) external;
    function assume(bool condition) external pure;
    function recordLogs() external;
    function getRecordedLogs() external returns (Log[] memory);
    function load(address target, bytes32 slot) external view returns (bytes32);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function addr(uint256 key) external pure returns (address);
    function store(address target, bytes32 slot, bytes32 value) external;
    function assertEq(uint256 a, uint256 b, string calldata message) external pure;
    function assertEq(bytes32 a, bytes32 b, string calldata message) external pure;
    function assertEq(address a, address b, string calldata message) external pure;
    function assertEq(uint256[] calldata a, uint256[] calldata b, string calldata message) external pure;
    function assertEq(bytes calldata a, bytes calldata b, string calldata message) external pure;
    function assertTrue(bool condition, string calldata message) external pure;
    function assertFalse(bool condition, string calldata message) external pure;
}

Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

/// @dev A number in [least, most], evenly from any fuzzed one.
function bound(uint256 x, uint256 least, uint256 most) pure returns (uint256) {
    return least == 0 && most == type(uint256).max ? x : least + (x % (most - least + 1));
}

function skip(uint256 time) {
    vm.warp(vm.getBlockTimestamp() + time);
}
