// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice How a height was decided, remembered for a ring of recent heights.
/// @dev Layout of the uint256:
///
///      | bits    | field       | meaning                                                  |
///      | ------- | ----------- | -------------------------------------------------------- |
///      |  56-255 | lowestScore | the lowest score that was paid                           |
///      |  32-55  | seat        | of the winner                                            |
///      |  12-31  | tag         | low bits of the deciding round's number                  |
///      |   0-11  | lap         | `height / RING`, low bits: how often the ring went round |
type Outcome is uint256;

using OutcomeLibrary for Outcome global;

library OutcomeLibrary {
    /// @notice Heights that are remembered.
    uint256 internal constant RING = 1024;

    uint256 private constant TAG_MASK = type(uint24).max >> 4;
    uint256 private constant LAP_MASK = type(uint16).max >> 4;

    function pack(
        uint256 lowestScore_,
        uint256 seat_,
        uint256 roundNumber,
        uint256 height
    ) internal pure returns (Outcome) {
        return
            Outcome.wrap(
                (uint256(uint200(lowestScore_)) << 56) |
                    (uint256(uint24(seat_)) << 32) |
                    ((roundNumber & TAG_MASK) << 12) |
                    ((height / RING) & LAP_MASK)
            );
    }

    function lowestScore(Outcome self) internal pure returns (uint256) {
        return Outcome.unwrap(self) >> 56;
    }

    function seat(Outcome self) internal pure returns (uint256) {
        return uint24(Outcome.unwrap(self) >> 32);
    }

    /// @return whether it is this height's, and not what an earlier lap left
    function isOf(Outcome self, uint256 height) internal pure returns (bool) {
        return self.seat() != 0 && Outcome.unwrap(self) & LAP_MASK == (height / RING) & LAP_MASK;
    }

    /// @return low bits of the number of the round that decided the height
    function roundTag(Outcome self) internal pure returns (uint256) {
        return (Outcome.unwrap(self) >> 12) & TAG_MASK;
    }
}
