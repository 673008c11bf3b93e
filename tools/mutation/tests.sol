// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

interface CheatCodes {
    function getCode(string calldata contractName) external view returns (bytes memory);
    function unixTime() external pure returns (uint256);
}

CheatCodes constant CHEAT_CODES = CheatCodes(address(uint160(uint256(keccak256("hevm cheat code")))));

/// @dev What `new` does, but with the code that the artifacts have when the test runs: a mutant needs no test compiled.
function deployNamed(string memory name, bytes memory arguments) returns (address created) {
    bytes memory code = bytes.concat(CHEAT_CODES.getCode(name), arguments);
    assembly ("memory-safe") {
        created := create(0, add(code, 32), mload(code))
        if iszero(created) {
            returndatacopy(0, 0, returndatasize())
            revert(0, returndatasize())
        }
    }
}

/// @dev Tests that ask for the time are not run again for a stack trace when they fail. With a mutant that loops for
/// ever, the trace would
///      fill the memory.
function neverReplayed() pure {
    CHEAT_CODES.unixTime();
}
