// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Half of a proposer's seat: the deposit for heights of one parity, and the one commit that it may back.
/// @dev Layout of the uint256:
///
///      | bits    | field     | meaning                                                            |
///      | ------- | --------- | ------------------------------------------------------------------ |
///      |  64-255 | digest    | `commitDigest` of the last commit; 0: none that matters            |
///      |  61-63  | zero      |                                                                    |
///      |  60     | isSettled | nothing can be forfeited for the commit any more                   |
///      |  40-59  | tag       | low bits of the number of the last commit's round                  |
///      |   0-39  | deposit   | BID_UNIT                                                           |
///
///      The tag wraps after 2^20 rounds. All that a stale lane of exactly that age loses is one round in which to
/// commit.
///
///      A branch, which is a further commit on the same deposit with another parent, has digest and tag only.
type Lane is uint256;

using LaneLibrary for Lane global;

library LaneLibrary {
    uint256 internal constant MAX_DEPOSIT = type(uint40).max;

    uint256 private constant TAG_MASK = type(uint24).max >> 4;
    uint256 private constant SETTLED = 1 << 60;

    /// @param height of the round, or its parity
    function idOf(address proposer, uint256 height) internal pure returns (uint256) {
        return (uint256(uint160(proposer)) << 1) | (height & 1);
    }

    function deposit(Lane self) internal pure returns (uint256) {
        return uint40(Lane.unwrap(self));
    }

    function digest(Lane self) internal pure returns (uint192) {
        return uint192(Lane.unwrap(self) >> 64);
    }

    /// @return whether the last commit was made for the round with this number
    function isCommitted(Lane self, uint256 roundNumber) internal pure returns (bool) {
        return ((Lane.unwrap(self) >> 40) ^ roundNumber) & TAG_MASK == 0 && self.digest() != 0;
    }

    /// @return whether there is a commit that may still forfeit: not proven with a vote of every prover that it names,
    /// not paid and not settled
    function isUnsettled(Lane self) internal pure returns (bool) {
        return self.digest() != 0 && Lane.unwrap(self) & SETTLED == 0;
    }

    /// @return whether the deposit may still be needed: for a commit that nothing is known of, or for a proven one
    /// whose round is not decided
    /// @param roundNumber of the open round
    function isInUse(Lane self, uint256 roundNumber) internal pure returns (bool) {
        return self.isUnsettled() || self.isCommitted(roundNumber);
    }

    function withCommit(Lane self, uint192 digest_, uint256 roundNumber) internal pure returns (Lane) {
        return Lane.wrap((uint256(digest_) << 64) | ((roundNumber & TAG_MASK) << 40) | self.deposit());
    }

    /// @param deposit_ at most MAX_DEPOSIT
    function withDeposit(Lane self, uint256 deposit_) internal pure returns (Lane) {
        return Lane.wrap(Lane.unwrap(self) - self.deposit() + deposit_);
    }

    function asSettled(Lane self) internal pure returns (Lane) {
        return Lane.wrap(Lane.unwrap(self) | SETTLED);
    }

    /// @return the lane without its commit
    function cleared(Lane self) internal pure returns (Lane) {
        return Lane.wrap(self.deposit());
    }
}
