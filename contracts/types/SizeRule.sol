// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice How the size of a block enters its score: a factor from 1 to 462. The zero rule is always 1.
/// @dev Layout of the uint256:
///
///      | bits   | field              | meaning                                                                     |
///      | ------ | ------------------ | --------------------------------------------------------------------------- |
///      | 42-255 | zero               |                                                                             |
///      | 41     | countsTransactions | a factor: the bit length of `transactions + 1`                              |
///      | 40     | countsHeight       | a factor: the levels of the smallest proof tree that has room for them      |
///      |  8-39  | transfersPerBase   | what one base node has room for                                             |
///      |  0-7   | arityBits          | log2 of the arity: 1 to 4                                                   |
type SizeRule is uint256;

using SizeRuleLibrary for SizeRule global;

library SizeRuleLibrary {
    /// @notice Neither the zero rule nor one with a known arity and room for transactions.
    error InvalidSizeRule(SizeRule rule);

    uint256 private constant COUNTS_HEIGHT = 1 << 40;
    uint256 private constant COUNTS_TRANSACTIONS = 1 << 41;

    /// @return the same rule, if it is one
    function checked(SizeRule self) internal pure returns (SizeRule) {
        uint256 rule = SizeRule.unwrap(self);
        bool isKnown = rule >> 42 == 0 && uint8(rule) >= 1 && uint8(rule) <= 4 && uint32(rule >> 8) != 0;
        if (rule != 0 && !isKnown) revert InvalidSizeRule(self);
        return self;
    }

    /// @param txCount below 2^32
    /// @return result from 1 to 462: at most 14 levels and 33 bits
    function factor(SizeRule self, uint256 txCount) internal pure returns (uint256 result) {
        uint256 rule = SizeRule.unwrap(self);
        result = 1;
        unchecked {
            if (rule & COUNTS_HEIGHT != 0) {
                uint256 capacity = uint32(rule >> 8);
                for (result = 1; capacity < txCount && result < 14; ++result) {
                    capacity <<= uint8(rule);
                }
            }
            if (rule & COUNTS_TRANSACTIONS != 0) result *= _bitLength(txCount + 1);
        }
    }

    function _bitLength(uint256 x) private pure returns (uint256 result) {
        assembly ("memory-safe") {
            result := sub(256, clz(x))
        }
    }
}
