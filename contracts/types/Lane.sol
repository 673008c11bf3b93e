// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Half of a proposer's seat: the deposit for heights of one parity, and the one commit that it may back.
/// @dev Layout of the uint256:
///
///      | bits    | field   | meaning                                                    |
///      | ------- | ------- | ---------------------------------------------------------- |
///      |  64-255 | digest  | `commitDigest` of the last commit                          |
///      |  60-63  | zero    |                                                            |
///      |  40-59  | tag     | low bits of the round counter at the last commit           |
///      |   0-39  | deposit | BID_UNIT                                                   |
///
///      The tag wraps after 2^20 rounds. All that a stale lane of exactly that age loses is one round in which to commit.
type Lane is uint256;

using LaneLibrary for Lane global;

library LaneLibrary {
    uint256 internal constant MAX_DEPOSIT = type(uint40).max;

    uint256 private constant TAG_MASK = type(uint24).max >> 4;

    /// @param height of the round, or its parity
    function idOf(address proposer, uint256 height) internal pure returns (uint256) {
        return uint256(uint160(proposer)) << 1 | height & 1;
    }

    function deposit(Lane self) internal pure returns (uint256) {
        return uint40(Lane.unwrap(self));
    }

    function digest(Lane self) internal pure returns (uint192) {
        return uint192(Lane.unwrap(self) >> 64);
    }

    /// @return whether the last commit was made in the round with this counter
    function isCommitted(Lane self, uint256 counter) internal pure returns (bool) {
        return (Lane.unwrap(self) >> 40 ^ counter) & TAG_MASK == 0;
    }

    function withCommit(Lane self, uint192 digest_, uint256 counter) internal pure returns (Lane) {
        return Lane.wrap(uint256(digest_) << 64 | (counter & TAG_MASK) << 40 | self.deposit());
    }

    /// @param deposit_ at most MAX_DEPOSIT
    function withDeposit(Lane self, uint256 deposit_) internal pure returns (Lane) {
        return Lane.wrap(Lane.unwrap(self) - self.deposit() + deposit_);
    }
}
