// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice All that the bridge has to know at once, in one storage slot.
/// @dev Layout of the uint256:
///
///      | bits    | field    | meaning                            |
///      | ------- | -------- | ---------------------------------- |
///      | 160-255 | backing  | wei that the bridge owes           |
///      |  42-159 | zero     |                                    |
///      |   2-41  | posted   | operations ever                    |
///      |   1     | isFrozen | no block is decided any more       |
///      |   0     | isStarted | the rollup was started            |
type Ledger is uint256;

using LedgerLibrary for Ledger global;

library LedgerLibrary {
    uint256 internal constant MAX_BACKING = type(uint96).max;

    uint256 private constant STARTED = 1;
    uint256 private constant FROZEN = 2;
    uint256 private constant POSTED_MASK = uint256(type(uint40).max) << 2;

    /// @param backing_ at most MAX_BACKING
    /// @return the ledger of a chain that starts
    function start(uint256 backing_) internal pure returns (Ledger) {
        return Ledger.wrap((backing_ << 160) | STARTED);
    }

    function backing(Ledger self) internal pure returns (uint256) {
        return Ledger.unwrap(self) >> 160;
    }

    function posted(Ledger self) internal pure returns (uint256) {
        return (Ledger.unwrap(self) & POSTED_MASK) >> 2;
    }

    function isFrozen(Ledger self) internal pure returns (bool) {
        return Ledger.unwrap(self) & FROZEN != 0;
    }

    function isStarted(Ledger self) internal pure returns (bool) {
        return Ledger.unwrap(self) & STARTED != 0;
    }

    /// @param backing_ at most MAX_BACKING
    function withBacking(Ledger self, uint256 backing_) internal pure returns (Ledger) {
        return Ledger.wrap(uint160(Ledger.unwrap(self)) | (backing_ << 160));
    }

    /// @param posted_ below 2^40
    function withPosted(Ledger self, uint256 posted_) internal pure returns (Ledger) {
        return Ledger.wrap((Ledger.unwrap(self) & ~POSTED_MASK) | (posted_ << 2));
    }

    function asFrozen(Ledger self) internal pure returns (Ledger) {
        return Ledger.wrap(Ledger.unwrap(self) | FROZEN);
    }
}
