// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RoundId} from "./RoundId.sol";

/// @notice What a proposer offers with a commit.
/// @dev Layout of the uint256:
///
///      | bits    | field          | unit                          |
///      | ------- | -------------- | ----------------------------- |
///      | 168-255 | zero           |                               |
///      | 104-167 | roundId        |                               |
///      |  88-103 | proverShareBps | 1/10,000 of the block reward  |
///      |  24-87  | burnBid        | BID_UNIT                      |
///      |   0-23  | parentRef      | the parent's seat; 0: final   |
type Terms is uint256;

using TermsLibrary for Terms global;

library TermsLibrary {
    function pack(
        RoundId roundId_,
        uint256 proverShareBps_,
        uint256 burnBid_,
        uint256 parentRef_
    ) internal pure returns (Terms) {
        return
            Terms.wrap(
                (uint256(RoundId.unwrap(roundId_)) << 104) |
                    (uint256(uint16(proverShareBps_)) << 88) |
                    (uint256(uint64(burnBid_)) << 24) |
                    uint24(parentRef_)
            );
    }

    function isCanonical(Terms self) internal pure returns (bool) {
        return Terms.unwrap(self) >> 168 == 0;
    }

    function roundId(Terms self) internal pure returns (RoundId) {
        return RoundId.wrap(uint64(Terms.unwrap(self) >> 104));
    }

    function proverShareBps(Terms self) internal pure returns (uint256) {
        return uint16(Terms.unwrap(self) >> 88);
    }

    function burnBid(Terms self) internal pure returns (uint256) {
        return uint64(Terms.unwrap(self) >> 24);
    }

    function parentRef(Terms self) internal pure returns (uint256) {
        return uint24(Terms.unwrap(self));
    }
}
