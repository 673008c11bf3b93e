// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// Assembly uses it, which the rule does not read.
// solhint-disable-next-line no-unused-import
import {FIELD} from "./Constants.sol";

/// @dev The field of the coordinates.
uint256 constant BASE_FIELD = 21888242871839275222246405745257275088696311157297823662689037894645226208583;

/// @notice BN254 ("alt_bn128") in memory, over the precompiles 6 (add), 7 (mul) and 8 (pairing).
/// @dev A point is named by the memory position of its words: G1 `x y`, G2 `x1 x0 y1 y0`. The point at infinity is all
/// zero. The precompiles refuse coordinates that are not canonical, points off the curve and, in the pairing, G2 points
/// outside the subgroup. They take all the gas they are given when they refuse: prices may change, so none is fixed
/// here.
library Bn254 {
    /// @dev On the curve, canonical and not at infinity; the cofactor of G1 is 1. (0, 0) does not solve the equation.
    function isG1(uint256 point) internal pure returns (bool valid) {
        assembly ("memory-safe") {
            let x := mload(point)
            let y := mload(add(point, 0x20))
            let cubic := addmod(mulmod(mulmod(x, x, BASE_FIELD), x, BASE_FIELD), 3, BASE_FIELD)
            valid := and(and(lt(x, BASE_FIELD), lt(y, BASE_FIELD)), eq(mulmod(y, y, BASE_FIELD), cubic))
        }
    }

    /// @dev In the subgroup, canonical and not at infinity: the pairing with the zero of G1 is 1 for every G2 point it
    /// accepts.
    function isG2(uint256 point) internal view returns (bool valid) {
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, 0)
            mstore(add(input, 0x20), 0)
            mcopy(add(input, 0x40), point, 0x80)
            let words := or(
                or(mload(point), mload(add(point, 0x20))),
                or(mload(add(point, 0x40)), mload(add(point, 0x60)))
            )
            mstore(0, 0)
            let accepted := staticcall(gas(), 8, input, 0xc0, 0, 0x20)
            valid := and(and(accepted, eq(mload(0), 1)), iszero(iszero(words)))
        }
    }

    /// @dev Copies the negative of a G1 point that a precompile returned (so its `y` is canonical).
    function copyNegative(uint256 from, uint256 to) internal pure {
        assembly ("memory-safe") {
            mstore(to, mload(from))
            mstore(add(to, 0x20), mod(sub(BASE_FIELD, mload(add(from, 0x20))), BASE_FIELD))
        }
    }

    /// @param input 192 bytes a pair: a G1 point, a G2 point
    /// @return accepted all points are valid
    /// @return one      the product of the pairings is 1
    function pairingProduct(uint256 input, uint256 size) internal view returns (bool accepted, bool one) {
        assembly ("memory-safe") {
            mstore(0, 0)
            accepted := staticcall(gas(), 8, input, size, 0, 0x20)
            one := and(accepted, eq(mload(0), 1))
        }
    }
}
