// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IForestVerifier} from "../interfaces/IForestVerifier.sol";
import {FIELD} from "./Constants.sol";

/// @notice What every input of a verifier is held to.
library Checks {
    uint256 private constant SLOTS_PER_FLAG_WORD = 64;

    function requireLength(string memory what, uint256 expected, uint256 actual) internal pure {
        if (actual != expected) revert IForestVerifier.InvalidLength(what, expected, actual);
    }

    /// @dev A scalar has one encoding, or one proof would show many statements.
    function requireCanonical(uint256 value) internal pure {
        if (value >= FIELD) revert IForestVerifier.NotCanonical(value);
    }

    /// @dev One word per 64 slots, with nothing but votes and deliveries of slots that there are.
    function requireFlags(uint256[] calldata flags, uint256 slots) internal pure {
        requireLength("flags", (slots + SLOTS_PER_FLAG_WORD - 1) / SLOTS_PER_FLAG_WORD, flags.length);
        for (uint256 i = 0; i < flags.length; ++i) {
            uint256 used = slots < SLOTS_PER_FLAG_WORD ? slots : SLOTS_PER_FLAG_WORD;
            uint256 voted = (1 << used) - 1;
            uint256 unused = flags[i] & ~(voted | (voted << SLOTS_PER_FLAG_WORD));
            if (unused != 0) revert IForestVerifier.UnusedFlags(i, unused);
            slots -= used;
        }
    }
}
