// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What a candidate has earned or may earn.
/// @dev Layout of the uint256:
///
///      | bits    | field           | meaning                                                            |
///      | ------- | --------------- | ------------------------------------------------------------------ |
///      | 160-255 | proverUnit      | wei for one unit of fulfilled weight; under fair pay, for a prover |
///      | 159     | isFinal         | it won                                                             |
///      | 158     | isPaid          | it won or was a paid uncle                                         |
///      | 155-157 | zero            |                                                                    |
///      | 141-154 | silent          | of those, provers of whom no vote is proven                        |
///      | 127-140 | named           | distinct eligible provers that the transcript names                |
///      |  96-126 | fulfilledWeight | weight of the slots that were voted and delivered                  |
///      |   0-95  | fees            | what its transfers pay, wei of the asset                           |
type Payout is uint256;

using PayoutLibrary for Payout global;

library PayoutLibrary {
    uint256 private constant PAID = 1 << 158;
    uint256 private constant FINAL = 1 << 159;
    /// @dev Enough for 2^14 slots of 16 bits of weight.
    uint256 private constant WEIGHT_MASK = type(uint32).max >> 1;
    uint256 private constant COUNT_MASK = type(uint16).max >> 2;

    /// @param named_  below 2^14, as a forest's slots are
    /// @param silent_ at most `named_`
    function pack(
        uint256 fees_,
        uint256 fulfilledWeight_,
        uint256 named_,
        uint256 silent_
    ) internal pure returns (Payout) {
        return
            Payout.wrap(
                ((silent_ & COUNT_MASK) << 141) |
                    ((named_ & COUNT_MASK) << 127) |
                    ((fulfilledWeight_ & WEIGHT_MASK) << 96) |
                    uint96(fees_)
            );
    }

    function fees(Payout self) internal pure returns (uint256) {
        return uint96(Payout.unwrap(self));
    }

    function fulfilledWeight(Payout self) internal pure returns (uint256) {
        return (Payout.unwrap(self) >> 96) & WEIGHT_MASK;
    }

    function named(Payout self) internal pure returns (uint256) {
        return (Payout.unwrap(self) >> 127) & COUNT_MASK;
    }

    function silent(Payout self) internal pure returns (uint256) {
        return (Payout.unwrap(self) >> 141) & COUNT_MASK;
    }

    function isPaid(Payout self) internal pure returns (bool) {
        return Payout.unwrap(self) & PAID != 0;
    }

    function proverUnit(Payout self) internal pure returns (uint256) {
        return Payout.unwrap(self) >> 160;
    }

    function isFinal(Payout self) internal pure returns (bool) {
        return Payout.unwrap(self) & FINAL != 0;
    }

    /// @param proverUnit_ below 2^96
    function asPaid(Payout self, uint256 proverUnit_, bool isFinal_) internal pure returns (Payout) {
        return Payout.wrap(uint160(Payout.unwrap(self)) | PAID | (isFinal_ ? FINAL : 0) | (proverUnit_ << 160));
    }
}
