// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Proposals} from "../libraries/Proposals.sol";

/// @notice What is kept of a proposal that is wholly revealed. 0: it is not.
/// @dev Layout of the uint256:
///
///      | bits   | field   | meaning                                   |
///      | ------ | ------- | ----------------------------------------- |
///      | 32-255 | digest  | high bits of `Proposals.revealDigest`     |
///      |  0-31  | txCount | transactions that the order says it has   |
type Reveal is uint256;

using RevealLibrary for Reveal global;

library RevealLibrary {
    /// @param txCount_ below 2^32; the digest has all of it
    function pack(
        uint256 txsRoot,
        uint256 txCount_,
        uint256 dataEval,
        uint256 l1OpCount
    ) internal pure returns (Reveal) {
        uint256 digest = uint256(Proposals.revealDigest(txsRoot, txCount_, dataEval, l1OpCount));
        return Reveal.wrap(((digest >> 32) << 32) | uint32(txCount_));
    }

    function isNone(Reveal self) internal pure returns (bool) {
        return Reveal.unwrap(self) == 0;
    }

    function txCount(Reveal self) internal pure returns (uint256) {
        return uint32(Reveal.unwrap(self));
    }
}
