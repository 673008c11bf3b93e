// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What paying a candidate has to know of it, beside what it has proven.
/// @dev Layout of the uint256:
///
///      | bits   | field          | meaning                                          |
///      | ------ | -------------- | ------------------------------------------------ |
///      | 96-255 | proposer       |                                                  |
///      | 56-95  | burnBid        | BID_UNIT; never above a deposit, which has 40 bits too |
///      | 40-55  | proverShareBps | 1/10,000 of the block reward                     |
///      | 16-39  | seat           | of the proposer                                  |
///      |  0-15  | l1OpCount      | operations from L1 that its block begins with    |
type Offer is uint256;

using OfferLibrary for Offer global;

library OfferLibrary {
    function pack(
        address proposer_,
        uint256 burnBid_,
        uint256 proverShareBps_,
        uint256 seat_,
        uint256 l1OpCount_
    ) internal pure returns (Offer) {
        return
            Offer.wrap(
                (uint256(uint160(proposer_)) << 96) |
                    (uint256(uint40(burnBid_)) << 56) |
                    (uint256(uint16(proverShareBps_)) << 40) |
                    (uint256(uint24(seat_)) << 16) |
                    uint16(l1OpCount_)
            );
    }

    /// @return whether there is no candidate whose offer this is: every proposer has a seat
    function isNone(Offer self) internal pure returns (bool) {
        return Offer.unwrap(self) == 0;
    }

    function proposer(Offer self) internal pure returns (address) {
        return address(uint160(Offer.unwrap(self) >> 96));
    }

    function burnBid(Offer self) internal pure returns (uint256) {
        return uint40(Offer.unwrap(self) >> 56);
    }

    function proverShareBps(Offer self) internal pure returns (uint256) {
        return uint16(Offer.unwrap(self) >> 40);
    }

    function seat(Offer self) internal pure returns (uint256) {
        return uint24(Offer.unwrap(self) >> 16);
    }

    function l1OpCount(Offer self) internal pure returns (uint256) {
        return uint16(Offer.unwrap(self));
    }
}
