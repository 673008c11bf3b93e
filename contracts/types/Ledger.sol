// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice All that the bridge has to know at once, in one storage slot.
/// @dev Layout of the uint256:
///
///      | bits    | field         | meaning                                                                     |
///      | ------- | ------------- | --------------------------------------------------------------------------- |
///      | 160-255 | backing       | wei that the L2 is owed                                                     |
///      | 120-159 | posted        | operations ever                                                             |
///      |  80-119 | settled       | operations that are part of final blocks; the rest is the queue             |
///      |  40-79  | lastAdvanceAt | when the last block became final, or the rollup started; 0: not started     |
///      |   1-39  | zero          |                                                                             |
///      |   0     | isFrozen      | no block is decided any more                                                |
type Ledger is uint256;

using LedgerLibrary for Ledger global;

library LedgerLibrary {
    uint256 internal constant MAX_BACKING = type(uint96).max;

    uint256 private constant FROZEN = 1;

    /// @param backing_ at most MAX_BACKING
    function pack(uint256 backing_, uint256 posted_, uint256 settled_, uint256 lastAdvanceAt_)
        internal
        pure
        returns (Ledger)
    {
        return Ledger.wrap(
            backing_ << 160 | uint256(uint40(posted_)) << 120 | uint256(uint40(settled_)) << 80
                | uint256(uint40(lastAdvanceAt_)) << 40
        );
    }

    function backing(Ledger self) internal pure returns (uint256) {
        return Ledger.unwrap(self) >> 160;
    }

    function posted(Ledger self) internal pure returns (uint256) {
        return uint40(Ledger.unwrap(self) >> 120);
    }

    function settled(Ledger self) internal pure returns (uint256) {
        return uint40(Ledger.unwrap(self) >> 80);
    }

    function lastAdvanceAt(Ledger self) internal pure returns (uint256) {
        return uint40(Ledger.unwrap(self) >> 40);
    }

    function isFrozen(Ledger self) internal pure returns (bool) {
        return Ledger.unwrap(self) & FROZEN != 0;
    }

    /// @param backing_ at most MAX_BACKING
    function withBacking(Ledger self, uint256 backing_) internal pure returns (Ledger) {
        return Ledger.wrap(uint160(Ledger.unwrap(self)) | backing_ << 160);
    }

    function withPosted(Ledger self, uint256 posted_) internal pure returns (Ledger) {
        return Ledger.wrap(Ledger.unwrap(self) & ~(uint256(type(uint40).max) << 120) | uint256(uint40(posted_)) << 120);
    }

    function asFrozen(Ledger self) internal pure returns (Ledger) {
        return Ledger.wrap(Ledger.unwrap(self) | FROZEN);
    }
}
