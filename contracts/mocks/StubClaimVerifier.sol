// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaimVerifier} from "../interfaces/IClaimVerifier.sol";

/// @notice Stands in for the real verifier where only the bridge is tested. A proof is valid if it is the ABI encoding
/// of what is claimed.
contract StubClaimVerifier is IClaimVerifier {
    uint256 public constant claimsPerProof = 4;

    function verifyExits(
        uint256 commitment,
        uint256[] calldata values,
        bytes calldata proof
    ) external pure returns (bool) {
        return keccak256(proof) == keccak256(abi.encode(commitment, values));
    }

    function verifyEscape(
        uint256 stateRoot,
        uint256 index,
        address l1Owner,
        uint256 balance,
        bytes calldata proof
    ) external pure returns (bool) {
        return keccak256(proof) == keccak256(abi.encode(stateRoot, index, l1Owner, balance));
    }
}
