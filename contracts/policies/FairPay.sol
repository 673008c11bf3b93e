// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IPayoutPolicy} from "../interfaces/IPayoutPolicy.sol";
import {Transcript} from "../libraries/Transcript.sol";
import {SlotFlags} from "../types/SlotFlags.sol";

/// @title Fair pay
/// @notice All provers of all proven blocks of a round get the same, once each, however many slots they fulfilled in
/// however many blocks. The share is rounded down, and the rest is never minted.
contract FairPay is IPayoutPolicy {
    struct Round {
        /// Wei.
        uint128 share;
        uint32 provers;
        bool isFunded;
        /// One bit a prover index, 256 a word: has a share that it was not paid yet.
        mapping(uint256 => uint256) owed;
    }

    mapping(address => mapping(uint256 => Round)) private _rounds;

    /// @inheritdoc IPayoutPolicy
    function record(uint256 roundNumber, bytes calldata transcript, uint256[] calldata flags) external {
        Round storage round = _rounds[msg.sender][roundNumber];
        if (round.isFunded) revert AlreadyFunded(msg.sender, roundNumber);

        uint256[] memory earned = new uint256[](256);
        for (uint256 word = 0; word < flags.length; ++word) {
            uint256 fulfilled = SlotFlags.wrap(flags[word]).fulfilled();
            for (uint256 slot = 64 * word; fulfilled != 0; (fulfilled >>= 1, ++slot)) {
                if (fulfilled & 1 == 0) continue;
                uint256 index = Transcript.indexAt(transcript, slot);
                earned[index >> 8] |= 1 << (index & 255);
            }
        }
        uint32 provers = round.provers;
        for (uint256 word = 0; word < earned.length; ++word) {
            if (earned[word] == 0) continue;
            uint256 known = round.owed[word];
            uint256 more = earned[word] & ~known;
            if (more == 0) continue;
            round.owed[word] = known | more;
            for (; more != 0; more &= more - 1) {
                ++provers;
            }
        }
        round.provers = provers;
    }

    /// @inheritdoc IPayoutPolicy
    function fund(uint256 roundNumber, uint256 amount) external returns (uint256 funded) {
        Round storage round = _rounds[msg.sender][roundNumber];
        if (round.isFunded) revert AlreadyFunded(msg.sender, roundNumber);
        uint256 provers = round.provers;
        uint256 share = provers == 0 ? 0 : amount / provers;
        round.isFunded = true;
        round.share = SafeCast.toUint128(share);
        emit RoundFunded(msg.sender, roundNumber, provers, share);
        return share * provers;
    }

    /// @inheritdoc IPayoutPolicy
    function claim(uint256 roundNumber, uint256 proverIndex) external returns (uint256 amount) {
        Round storage round = _rounds[msg.sender][roundNumber];
        if (!round.isFunded) revert NotFunded(msg.sender, roundNumber);
        if (!isOwed(msg.sender, roundNumber, proverIndex)) revert NothingOwed(msg.sender, roundNumber, proverIndex);
        round.owed[proverIndex >> 8] ^= 1 << (proverIndex & 255);
        return round.share;
    }

    /// @inheritdoc IPayoutPolicy
    function roundOf(
        address rollup,
        uint256 roundNumber
    ) external view returns (uint256 provers, uint256 share, bool isFunded) {
        Round storage round = _rounds[rollup][roundNumber];
        return (round.provers, round.share, round.isFunded);
    }

    /// @inheritdoc IPayoutPolicy
    function isOwed(address rollup, uint256 roundNumber, uint256 proverIndex) public view returns (bool) {
        return (_rounds[rollup][roundNumber].owed[proverIndex >> 8] >> (proverIndex & 255)) & 1 == 1;
    }
}
