// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IB52Token} from "../interfaces/IB52Token.sol";
import {Claim, IRollup} from "../interfaces/IRollup.sol";
import {Tally} from "../libraries/Tally.sol";
import {Transcript} from "../libraries/Transcript.sol";
import {Candidate, Proposal} from "../types/Candidate.sol";
import {SlotFlags} from "../types/SlotFlags.sol";
import {RollupBase} from "./RollupBase.sol";

/// @notice Pays provers, in the native token.
abstract contract Claims is IRollup, RollupBase {
    using SafeERC20 for IB52Token;
    using Transcript for bytes;

    /// @inheritdoc IRollup
    function claimProver(uint256 proverIndex, Claim[] calldata claims) external returns (uint256 amount) {
        address owner = _registry.ownerOf(proverIndex);
        if (owner == address(0)) revert UnknownProver(proverIndex);
        for (uint256 i = 0; i < claims.length; ++i) {
            amount += _claim(proverIndex, claims[i]);
        }
        _token.safeTransfer(owner, amount);
    }

    function _claim(uint256 proverIndex, Claim calldata claim) private returns (uint256 amount) {
        Proposal storage proposal = _proposals[claim.proposalId];
        Candidate storage candidate = proposal.candidate;
        uint256 proverUnit = candidate.payout.proverUnit();
        if (proverUnit == 0) revert NotPaid(claim.proposalId);
        bytes32 transcriptHash = keccak256(claim.transcript);
        if (transcriptHash != candidate.transcriptHash) {
            revert WrongTranscript(transcriptHash, candidate.transcriptHash);
        }
        for (uint256 i = 0; i < claim.slots.length; ++i) {
            uint256 slot = claim.slots[i];
            if (slot >= _slotCount) revert UnknownSlot(slot, _slotCount);
            uint256 index = claim.transcript.indexAt(slot);
            if (index != proverIndex) revert NotAssigned(claim.proposalId, slot, proverIndex, index);
            SlotFlags flags = proposal.flags[slot >> 6];
            if (!flags.isFulfilled(slot)) revert NotFulfilled(claim.proposalId, slot);
            if (_fairShareBps == 0) {
                if (flags.isPaid(slot)) revert AlreadyClaimed(claim.proposalId, slot);
                proposal.flags[slot >> 6] = flags.withPaid(slot);
                amount += proverUnit * Tally.weightOf(slot, arity, nodeWeights);
            } else {
                (uint256 paid, uint256 own) = (proposal.paidProvers[index >> 8], 1 << (index & 255));
                if (paid & own != 0) revert AlreadyClaimed(claim.proposalId, slot);
                proposal.paidProvers[index >> 8] = paid | own;
                amount += proverUnit;
            }
        }
        emit ProverClaimed(proverIndex, claim.proposalId, claim.slots, amount);
    }
}
