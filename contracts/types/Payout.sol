// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What a candidate has earned or may earn.
/// @dev Layout of the uint256:
///
///      | bits    | field           | meaning                                                            |
///      | ------- | --------------- | ------------------------------------------------------------------ |
///      | 160-255 | proverUnit      | wei for one unit of fulfilled weight; 0 until paid                 |
///      | 128-159 | assignedWeight  | weight of the slots that the transcript assigns                    |
///      |  96-127 | fulfilledWeight | weight of the slots that were voted and delivered                  |
///      |   0-95  | fees            | wei of the asset                                                   |
type Payout is uint256;

using PayoutLibrary for Payout global;

library PayoutLibrary {
    function pack(uint256 fees_, uint256 fulfilledWeight_, uint256 assignedWeight_) internal pure returns (Payout) {
        return Payout.wrap(
            uint256(uint32(assignedWeight_)) << 128 | uint256(uint32(fulfilledWeight_)) << 96 | uint96(fees_)
        );
    }

    function fees(Payout self) internal pure returns (uint256) {
        return uint96(Payout.unwrap(self));
    }

    function fulfilledWeight(Payout self) internal pure returns (uint256) {
        return uint32(Payout.unwrap(self) >> 96);
    }

    function assignedWeight(Payout self) internal pure returns (uint256) {
        return uint32(Payout.unwrap(self) >> 128);
    }

    function proverUnit(Payout self) internal pure returns (uint256) {
        return Payout.unwrap(self) >> 160;
    }

    /// @param proverUnit_ below 2^96
    function withProverUnit(Payout self, uint256 proverUnit_) internal pure returns (Payout) {
        return Payout.wrap(uint160(Payout.unwrap(self)) | proverUnit_ << 160);
    }
}
