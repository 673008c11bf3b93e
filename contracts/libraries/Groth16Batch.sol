// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bn254, FIELD} from "./Bn254.sol";

/// @notice Verifies Groth16 proofs of several circuits, all set up with the same alpha, beta and gamma, in one pairing
/// product.
///
/// A proof (A, B, C) with public inputs x is valid when `e(A, B) = e(alpha, beta) e(L, gamma) e(C, delta)`, where
/// `L = IC_0 + sum x_i IC_i`. Each proof j gets a coefficient c_j and the batch checks
///
///     prod_j e(c_j A_j, B_j) * e(-sum c_j alpha, beta) * e(-sum c_j L_j, gamma) * prod_circuit e(-sum c_j C_j, delta)
/// = 1.
///
/// Why that is sound: the coefficients are the powers of one ratio, `c_j = ratio^j`. Write the defect of proof j, the
/// quotient of the two sides of its equation, as the power E_j of a generator of the target group, which has prime
/// order p. The product is then the polynomial `sum_j E_j ratio^j`. If any E_j differs from 0, at most n - 1 ratios are
/// roots of it. The caller derives the ratio by a hash of everything that determines the E_j (verifying keys, public
/// inputs, proofs), so a forger must hit one of n - 1 values among p, about 2^254, and every attempt is a fresh hash.
/// Powers beat independent 128-bit coefficients twice: the error is smaller and the public inputs can be summed by
/// Horner's rule without storing coefficients.
///
/// A Groth16 proof is malleable ((-A, -B, C) proves the same): what a proof shows may be keyed on, its bytes never.
///
/// Circuits are given by the memory position of their verifying key: `delta (128) | IC_0 .. IC_n (64 each)`. The part
/// that all share is `alpha (64) | beta (128) | gamma (128)`. Keys must have been validated before.
library Groth16Batch {
    /// @dev The first 0x40 bytes of a proof are A, then 0x80 of B, then 0x40 of C. A pair of the product is G1 | G2.
    uint256 internal constant PROOF_SIZE = 0x100;
    uint256 internal constant PAIR_SIZE = 0xc0;
    uint256 internal constant G1_SIZE = 0x40;
    uint256 internal constant G2_SIZE = 0x80;
    uint256 internal constant COMMON_SIZE = 0x140;

    /// @notice A or C of the proof with this number in the batch is not a point.
    error InvalidProofPoint(uint256 proof);
    /// @notice Some B (or the first A) is not a point of its group.
    error PairingRejected();

    struct Batch {
        uint256 pairs; // memory position of the product's first pair
        uint256 next; // of the pair to be written next
        uint256 proofs; // how many were added
        uint256 coefficients; // their sum
        uint256 inputX; // sum of c_j L_j
        uint256 inputY;
        uint256 position; // of the next proof in calldata
        uint256 coefficient; // of the next proof
        uint256 ratio;
    }

    /// @dev Memory is taken for `proofs + circuits + 2` pairs.
    /// @param position of the first proof in calldata; the others follow in the order in which they are added
    /// @param proofs   how many there will be
    /// @param circuits at most how many they are of
    /// @param ratio    of one proof's coefficient to that of the one before; the first has coefficient 1
    function start(
        uint256 position,
        uint256 proofs,
        uint256 circuits,
        uint256 ratio
    ) internal pure returns (Batch memory batch) {
        uint256 size;
        uint256 pairs;
        // Nobody has memory for so many proofs that this overflows.
        unchecked {
            size = (proofs + circuits + 2) * PAIR_SIZE;
        }
        assembly ("memory-safe") {
            pairs := mload(0x40)
            mstore(0x40, add(pairs, size))
        }
        batch.pairs = pairs;
        batch.next = pairs;
        (batch.position, batch.coefficient, batch.ratio) = (position, 1, ratio);
    }

    /// @notice Adds the next proofs, which are of one circuit.
    /// @param circuit memory position of the verifying key
    /// @param inputs  scalar of each IC point: `inputs[0]` the sum of the proofs' coefficients, `inputs[i]` that of c_j
    /// times public input i
    /// @param count   how many, at least 1
    function add(Batch memory batch, uint256 circuit, uint256[] memory inputs, uint256 count) internal view {
        _addInputs(batch, circuit + G2_SIZE, inputs);
        _addProofs(batch, circuit, count);
    }

    /// @notice Whether all proofs that were added are valid. Ends the batch.
    /// @param common memory position of alpha | beta | gamma
    function check(Batch memory batch, uint256 common) internal view returns (bool) {
        uint256 coefficients = batch.coefficients;
        uint256 sum;
        bool accepted;
        assembly ("memory-safe") {
            sum := mload(0x40)
            mcopy(sum, common, G1_SIZE)
            mstore(add(sum, 0x40), coefficients)
            accepted := staticcall(gas(), 7, sum, 0x60, sum, 0x40)
        }
        if (!accepted) revert PairingRejected();
        _addNegativePair(batch, sum, common + G1_SIZE);

        uint256 inputs;
        assembly ("memory-safe") {
            inputs := add(batch, 0x80)
        }
        _addNegativePair(batch, inputs, common + G1_SIZE + G2_SIZE);

        bool one;
        (accepted, one) = Bn254.pairingProduct(batch.pairs, batch.next - batch.pairs);
        if (!accepted) revert PairingRejected();
        return one;
    }

    /// @dev Each IC point is multiplied once, whatever the number of proofs.
    function _addInputs(Batch memory batch, uint256 points, uint256[] memory inputs) private view {
        batch.coefficients = addmod(batch.coefficients, inputs[0], FIELD);
        bool accepted = true;
        assembly ("memory-safe") {
            // sum (0x40) | term (0x40) | scalar
            let sum := mload(0x40)
            let term := add(sum, 0x40)
            mcopy(sum, add(batch, 0x80), 0x40)
            let scalars := add(inputs, 0x20)
            for {
                let end := add(scalars, shl(5, mload(inputs)))
            } lt(scalars, end) {
                scalars := add(scalars, 0x20)
            } {
                let scalar := mload(scalars)
                if scalar {
                    mcopy(term, points, 0x40)
                    if xor(scalar, 1) {
                        mstore(add(term, 0x40), scalar)
                        accepted := and(accepted, staticcall(gas(), 7, term, 0x60, term, 0x40))
                    }
                    accepted := and(accepted, staticcall(gas(), 6, sum, 0x80, sum, 0x40))
                }
                points := add(points, 0x40)
            }
            mcopy(add(batch, 0x80), sum, 0x40)
        }
        if (!accepted) revert PairingRejected();
    }

    /// @dev Writes the pairs (c_j A_j, B_j) in place and then (-sum c_j C_j, delta).
    function _addProofs(Batch memory batch, uint256 circuit, uint256 count) private view {
        (uint256 proofs, uint256 coefficient, uint256 ratio) = (batch.position, batch.coefficient, batch.ratio);
        uint256 pair = batch.next;
        uint256 sum;
        bool accepted = true;
        assembly ("memory-safe") {
            // sum of c_j C_j (0x40) | term (0x40) | scalar
            sum := mload(0x40)
            let term := add(sum, 0x40)
            let scalar := add(sum, 0x80)
            mstore(sum, 0)
            mstore(add(sum, 0x20), 0)
            for {
                let end := add(pair, mul(count, PAIR_SIZE))
            } lt(pair, end) {
                pair := add(pair, PAIR_SIZE)
            } {
                switch coefficient
                case 1 {
                    calldatacopy(pair, proofs, PAIR_SIZE)
                    calldatacopy(term, add(proofs, PAIR_SIZE), 0x40)
                }
                default {
                    mstore(scalar, coefficient)
                    calldatacopy(term, proofs, 0x40)
                    accepted := staticcall(gas(), 7, term, 0x60, pair, 0x40)
                    calldatacopy(add(pair, 0x40), add(proofs, 0x40), 0x80)
                    calldatacopy(term, add(proofs, PAIR_SIZE), 0x40)
                    accepted := and(accepted, staticcall(gas(), 7, term, 0x60, term, 0x40))
                }
                if iszero(and(accepted, staticcall(gas(), 6, sum, 0x80, sum, 0x40))) {
                    accepted := 0
                    break
                }
                coefficient := mulmod(coefficient, ratio, FIELD)
                proofs := add(proofs, PROOF_SIZE)
            }
        }
        if (!accepted) revert InvalidProofPoint(batch.proofs + (pair - batch.next) / PAIR_SIZE);
        batch.proofs += count;
        batch.next = pair;
        (batch.position, batch.coefficient) = (proofs, coefficient);
        _addNegativePair(batch, sum, circuit);
    }

    /// @dev Appends (-point, other).
    function _addNegativePair(Batch memory batch, uint256 point, uint256 other) private pure {
        uint256 pair = batch.next;
        Bn254.copyNegative(point, pair);
        assembly ("memory-safe") {
            mcopy(add(pair, G1_SIZE), other, G2_SIZE)
        }
        batch.next = pair + PAIR_SIZE;
    }
}
