// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IForestVerifier} from "../interfaces/IForestVerifier.sol";
import {SlotFlagsLibrary} from "../types/SlotFlags.sol";
import {FIELD} from "./Constants.sol";

/// @notice What every input of a verifier is held to.
library Checks {
    function requireLength(string memory what, uint256 expected, uint256 actual) internal pure {
        if (actual != expected) revert IForestVerifier.InvalidLength(what, expected, actual);
    }

    /// @dev A scalar has one encoding, or one proof would show many statements.
    function requireCanonical(uint256 value) internal pure {
        if (value >= FIELD) revert IForestVerifier.NotCanonical(value);
    }

    /// @dev One word per 64 slots, with nothing but votes and deliveries of slots that there are.
    function requireFlags(uint256[] calldata flags, uint256 slots) internal pure {
        requireLength("flags", SlotFlagsLibrary.words(slots), flags.length);
        for (uint256 i = 0; i < flags.length; ++i) {
            uint256 used = slots < SlotFlagsLibrary.SLOTS ? slots : SlotFlagsLibrary.SLOTS;
            uint256 voted = (1 << used) - 1;
            uint256 unused = flags[i] & ~(voted | (voted << SlotFlagsLibrary.SLOTS));
            if (unused != 0) revert IForestVerifier.UnusedFlags(i, unused);
            slots -= used;
        }
    }
}
