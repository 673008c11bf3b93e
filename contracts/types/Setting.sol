// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RoundId} from "./RoundId.sol";

/// @notice The round that a candidate stands in, and what counting it again depends on beside its offer.
/// @dev Layout of the uint256:
///
///      | bits    | field          | meaning                                                          |
///      | ------- | -------------- | ---------------------------------------------------------------- |
///      | 200-255 | zero           |                                                                  |
///      | 160-199 | acceptanceEnds | when proofs are no longer taken, seconds                         |
///      | 112-159 | eligibleAt     | the last second that counts for who is eligible, and with which stake |
///      |  96-111 | exponent       | of the score policy, 0 where it has none                         |
///      |  64-95  | txCount        | transactions of its block                                        |
///      |   0-63  | roundId        |                                                                  |
type Setting is uint256;

using SettingLibrary for Setting global;

library SettingLibrary {
    function pack(
        RoundId roundId_,
        uint256 txCount_,
        uint256 exponent_,
        uint48 eligibleAt_,
        uint256 acceptanceEnds_
    ) internal pure returns (Setting) {
        return
            Setting.wrap(
                (uint256(uint40(acceptanceEnds_)) << 160) |
                    (uint256(eligibleAt_) << 112) |
                    (uint256(uint16(exponent_)) << 96) |
                    (uint256(uint32(txCount_)) << 64) |
                    RoundId.unwrap(roundId_)
            );
    }

    function roundId(Setting self) internal pure returns (RoundId) {
        return RoundId.wrap(uint64(Setting.unwrap(self)));
    }

    function txCount(Setting self) internal pure returns (uint256) {
        return uint32(Setting.unwrap(self) >> 64);
    }

    function exponent(Setting self) internal pure returns (uint256) {
        return uint16(Setting.unwrap(self) >> 96);
    }

    function eligibleAt(Setting self) internal pure returns (uint48) {
        return uint48(Setting.unwrap(self) >> 112);
    }

    function acceptanceEnds(Setting self) internal pure returns (uint256) {
        return uint40(Setting.unwrap(self) >> 160);
    }
}
