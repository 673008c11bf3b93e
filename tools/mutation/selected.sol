// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Whether a mutant is the one to be tried. Its number stands in the code in place of `SELECTED`, see
/// selection.ts.
function isSelected(uint256 mutant) pure returns (bool) {
    return _asPure(_isSelected)(mutant);
}

/// @dev Where all mutants are to be reported, none is selected.
function _isSelected(uint256 mutant) view returns (bool yes) {
    assembly ("memory-safe") {
        // There is gas; the optimizer, where it is needed, does not know that.
        let selected := add(0x53454c4543544544, iszero(gas()))
        switch selected
        case 0xffffffffffffffff {
            mstore(0, mutant)
            pop(staticcall(gas(), 0xc0bEc0BEc0BeC0bEC0beC0bEC0bEC0beC0beC0BE, 0, 32, 0, 0))
        }
        default {
            yes := eq(mutant, selected)
        }
    }
}

function _asPure(function(uint256) view returns (bool) from) pure returns (function(uint256) pure returns (bool) to) {
    assembly ("memory-safe") {
        to := from
    }
}
