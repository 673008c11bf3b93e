// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bn254} from "./Bn254.sol";
import {Checks} from "./Checks.sol";
import {Groth16Batch} from "./Groth16Batch.sol";

/// @notice Validates the verifying keys of a contract's circuits, once and for all.
/// @dev Layouts: `alpha (64: x, y) | beta (128: x1, x0, y1, y0) | gamma (128)` for what all circuits share, and
/// `delta (128) | IC_0 .. IC_n (64 each)` for a circuit of n public inputs.
library VerifyingKeys {
    struct Circuit {
        string name;
        /// How many public inputs; 0: the contract has no such circuit.
        uint256 inputs;
        bytes key;
    }

    /// @notice A point of a verifying key is off its curve or subgroup, not canonical, or infinity.
    error InvalidKeyPoint(string key, uint256 offset);
    /// @notice Delta is gamma or its negative: phase 2 of the set-up was skipped and proofs can be forged.
    error DeltaEqualsGamma(string key);
    /// @notice Two circuits have the same delta, or one the negative of the other's: the private points of one complete
    /// forged proofs of the other.
    error DeltaShared(string key, string other);

    /// @return bytes of a circuit's key
    function size(uint256 inputs) internal pure returns (uint256) {
        return Groth16Batch.G2_SIZE + (1 + inputs) * Groth16Batch.G1_SIZE;
    }

    /// @return page the common part, then the keys of all circuits that there are, in this order
    function validated(bytes memory common, Circuit[] memory circuits) internal view returns (bytes memory page) {
        _validateCommon(common);
        bytes32 gamma = _lineOf(common, Groth16Batch.G1_SIZE + Groth16Batch.G2_SIZE);
        page = common;
        for (uint256 i = 0; i < circuits.length; ++i) {
            if (circuits[i].inputs == 0) continue;
            _validateCircuit(circuits[i]);
            bytes32 delta = _lineOf(circuits[i].key, 0);
            if (delta == gamma) revert DeltaEqualsGamma(circuits[i].name);
            for (uint256 j = 0; j < i; ++j) {
                if (circuits[j].inputs == 0 || delta != _lineOf(circuits[j].key, 0)) continue;
                revert DeltaShared(circuits[j].name, circuits[i].name);
            }
            page = bytes.concat(page, circuits[i].key);
        }
    }

    function _validateCommon(bytes memory common) private view {
        Checks.requireLength("common", Groth16Batch.COMMON_SIZE, common.length);
        _validateG1("common", common, 0);
        _validateG2("common", common, Groth16Batch.G1_SIZE);
        _validateG2("common", common, Groth16Batch.G1_SIZE + Groth16Batch.G2_SIZE);
    }

    function _validateCircuit(Circuit memory circuit) private view {
        Checks.requireLength(circuit.name, size(circuit.inputs), circuit.key.length);
        _validateG2(circuit.name, circuit.key, 0);
        for (uint256 offset = Groth16Batch.G2_SIZE; offset < circuit.key.length; offset += Groth16Batch.G1_SIZE) {
            _validateG1(circuit.name, circuit.key, offset);
        }
    }

    /// @dev Tells G2 points apart up to their sign: by x alone.
    function _lineOf(bytes memory key, uint256 offset) private pure returns (bytes32 hash) {
        uint256 position = _position(key, offset);
        assembly ("memory-safe") {
            hash := keccak256(position, 0x40)
        }
    }

    function _validateG1(string memory name, bytes memory key, uint256 offset) private pure {
        if (!Bn254.isG1(_position(key, offset))) revert InvalidKeyPoint(name, offset);
    }

    function _validateG2(string memory name, bytes memory key, uint256 offset) private view {
        if (!Bn254.isG2(_position(key, offset))) revert InvalidKeyPoint(name, offset);
    }

    function _position(bytes memory data, uint256 offset) private pure returns (uint256 position) {
        assembly ("memory-safe") {
            position := add(add(data, 0x20), offset)
        }
    }
}
