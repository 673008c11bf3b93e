// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IB52Token} from "../interfaces/IB52Token.sol";
import {IRollup, Opening} from "../interfaces/IRollup.sol";
import {IRollupExtension} from "../interfaces/IRollupExtension.sol";
import {Burns} from "../libraries/Burns.sol";
import {BID_UNIT} from "../libraries/Constants.sol";
import {Proposals} from "../libraries/Proposals.sol";
import {Head} from "../types/Head.sol";
import {Lane, LaneLibrary} from "../types/Lane.sol";
import {Outcome, OutcomeLibrary} from "../types/Outcome.sol";
import {RoundId} from "../types/RoundId.sol";
import {Terms} from "../types/Terms.sol";
import {Admission} from "./Admission.sol";

/// @notice What proposers put at stake: deposits, further commits on them, and forfeits of those who promised a block
/// and brought none.
abstract contract Seats is IRollupExtension, Admission {
    using SafeERC20 for IB52Token;

    uint256 private constant MAX_SEATS = type(uint24).max;

    /* DEPOSITS */

    /// @inheritdoc IRollupExtension
    function deposit(uint256 lane, uint256 amount) external {
        if (!_isStarted(_head)) revert IRollup.NotStarted();
        if (lane > 1) revert IRollup.UnknownLane(lane);
        uint256 laneId = LaneLibrary.idOf(msg.sender, lane);
        Lane own = _lanes[laneId];
        uint256 room = LaneLibrary.MAX_DEPOSIT - own.deposit();
        if (amount > room) revert IRollup.DepositTooHigh(amount, room);

        if (seatOf[msg.sender] == 0) _takeSeat();
        uint256 balance = own.deposit() + amount;
        _lanes[laneId] = own.withDeposit(balance);
        emit IRollup.Deposited(msg.sender, lane, amount, balance);

        token.safeTransferFrom(msg.sender, address(this), amount * BID_UNIT);
    }

    /// @inheritdoc IRollupExtension
    function withdraw(uint256 lane, uint256 amount) external {
        if (lane > 1) revert IRollup.UnknownLane(lane);
        uint256 laneId = LaneLibrary.idOf(msg.sender, lane);
        Lane own = _lanes[laneId];
        if (_isInUse(own)) revert IRollup.LaneInUse(msg.sender, lane);
        if (amount > own.deposit()) revert IRollup.InsufficientDeposit(own.deposit(), amount);

        uint256 balance = own.deposit() - amount;
        _lanes[laneId] = own.withDeposit(balance);
        emit IRollup.Withdrawn(msg.sender, lane, amount, balance);

        token.safeTransfer(msg.sender, amount * BID_UNIT);
    }

    /* COMMITS */

    /// @inheritdoc IRollupExtension
    function commitBranch(
        Terms terms,
        bytes32 orderCommitment,
        bytes calldata transcript,
        Opening calldata first,
        bytes32 firstTranscriptHash
    ) external {
        uint256 counter = _admit(terms, transcript);
        uint256 laneId = LaneLibrary.idOf(msg.sender, terms.roundId().height());
        Lane lane = _lanes[laneId];
        uint192 digest = Proposals.commitDigest(
            first.terms,
            first.orderCommitment,
            firstTranscriptHash,
            first.committedAt
        );
        if (digest != lane.digest() || !lane.isCommitted(counter)) revert IRollup.WrongOpening(digest, lane.digest());
        uint256 parentRef = terms.parentRef();
        Lane branch = _branches[laneId][parentRef];
        if (parentRef == first.terms.parentRef() || branch.isCommitted(counter)) {
            revert IRollup.AlreadyCommitted(msg.sender, terms.roundId(), parentRef);
        }
        if (terms.burnBid() > lane.deposit()) revert IRollup.BidAboveDeposit(terms.burnBid(), lane.deposit());

        digest = Proposals.commitDigest(terms, orderCommitment, keccak256(transcript), block.timestamp);
        _branches[laneId][parentRef] = branch.withCommit(digest, counter);
        emit IRollup.Committed(msg.sender, terms, orderCommitment, block.timestamp, transcript);
    }

    /// @inheritdoc IRollupExtension
    function settle(Opening calldata opening, bytes32 transcriptHash) external returns (uint256 forfeited) {
        Head head = _upToDate(_head);
        Terms terms = opening.terms;
        uint256 laneId = LaneLibrary.idOf(opening.proposer, terms.roundId().height());
        Lane lane = _lanes[laneId];
        if (!lane.isUnsettled()) revert IRollup.NothingToSettle(opening.proposer, terms.roundId());
        (bool isLive, uint192 committed) = _fate(head, laneId, lane, terms);
        uint192 digest = Proposals.commitDigest(terms, opening.orderCommitment, transcriptHash, opening.committedAt);
        if (digest != committed) revert IRollup.WrongOpening(digest, committed);

        if (isLive) forfeited = Burns.atForfeit(burnRule, terms.burnBid(), forfeitBps);
        _lanes[laneId] = lane.withDeposit(lane.deposit() - forfeited).cleared();
        emit IRollup.Settled(opening.proposer, terms.roundId(), forfeited);

        token.burn(forfeited * BID_UNIT);
    }

    /* INTERNAL */

    function _takeSeat() private {
        uint256 seat = seatCount + 1;
        if (seat > MAX_SEATS) revert IRollup.SeatsTaken(MAX_SEATS);
        seatCount = seat;
        seatOf[msg.sender] = seat;
        emit IRollup.SeatTaken(msg.sender, seat);
    }

    /// @dev What became of a lane's unsettled commit. Reverts while that is open.
    /// @return isLive whether it could have been proven: its parent is the block that won
    /// @return digest of the commit that has to be opened: the live one of the seat's branches, or else the lane's own
    function _fate(
        Head head,
        uint256 laneId,
        Lane lane,
        Terms terms
    ) private view returns (bool isLive, uint192 digest) {
        RoundId roundId = terms.roundId();
        uint256 height = roundId.height();
        uint256 parentRef = terms.parentRef();
        digest = lane.digest();
        bool isCurrent = lane.isCommitted(head.counter());
        // What a freeze has cut short is nobody's fault.
        if (head.isFrozen() && (isCurrent || lane.isCommitted(head.counter() + 1))) return (false, digest);
        if (parentRef == 0) {
            isLive = true;
        } else if (head.roundId().height() < height) {
            // Its parent's height is undecided: it is pending in the round that it was made in, and dead in a later
            // attempt.
            if (lane.isCommitted(head.counter() + 1) && !_isOver(head)) revert IRollup.RoundOpen(roundId);
            return (false, digest);
        } else {
            Outcome outcome = _outcomes[(height - 1) % OutcomeLibrary.RING];
            // Whoever comes when nobody remembers how it ended is taken for guilty.
            if (!outcome.isOf(height - 1)) return (true, digest);
            uint256 counter = outcome.counterTag() + 1;
            if (!lane.isCommitted(counter)) return (false, digest);
            Lane branch = _branches[laneId][outcome.seat()];
            if (branch.isCommitted(counter)) (isLive, digest) = (true, branch.digest());
            else isLive = parentRef == outcome.seat();
        }
        if (isLive && isCurrent && !_isOver(head)) revert IRollup.RoundOpen(roundId);
    }
}
