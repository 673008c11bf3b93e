// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Proposals} from "../libraries/Proposals.sol";

/// @notice What is published of a proposal, and what is kept of it once all is.
/// @dev Layout of the uint256:
///
///      | bits   | field   | meaning                                                           |
///      | ------ | ------- | ----------------------------------------------------------------- |
///      | 255    | isWhole | the operations and all blobs are published                        |
///      | 32-254 | digest  | of a whole one: bits 32-254 of `Proposals.revealDigest`           |
///      |  0-31  | txCount | of a whole one: transactions that its order says it has           |
///      |  0-254 | known   | of any other: bit 0 for the operations, bit 1 + b for blob b      |
type Reveal is uint256;

using RevealLibrary for Reveal global;

library RevealLibrary {
    /// @notice The part that the operations are; blob b is part 1 + b.
    uint256 internal constant OPERATIONS = 0;
    uint256 internal constant MAX_BLOBS = 254;

    uint256 private constant WHOLE = 1 << 255;

    /// @param txCount_ below 2^32; the digest has all of it
    function whole(
        uint256 txsRoot,
        uint256 txCount_,
        uint256 dataEval,
        uint256 l1OpCount
    ) internal pure returns (Reveal) {
        uint256 digest = uint256(Proposals.revealDigest(txsRoot, txCount_, dataEval, l1OpCount));
        return Reveal.wrap(WHOLE | ((digest >> 32) << 32) | uint32(txCount_));
    }

    function isWhole(Reveal self) internal pure returns (bool) {
        return Reveal.unwrap(self) & WHOLE != 0;
    }

    /// @return of a whole one; 0 for any other
    function txCount(Reveal self) internal pure returns (uint256) {
        return self.isWhole() ? uint32(Reveal.unwrap(self)) : 0;
    }

    /// @param self not a whole one
    function isKnown(Reveal self, uint256 part) internal pure returns (bool) {
        return (Reveal.unwrap(self) >> part) & 1 == 1;
    }

    /// @param self not a whole one
    function withKnown(Reveal self, uint256 part) internal pure returns (Reveal) {
        return Reveal.wrap(Reveal.unwrap(self) | (1 << part));
    }

    /// @param self not a whole one
    /// @param blobs at most MAX_BLOBS
    /// @return whether nothing is missing of an order with so many blobs
    function isAllKnown(Reveal self, uint256 blobs) internal pure returns (bool) {
        return Reveal.unwrap(self) == (2 << blobs) - 1;
    }
}
