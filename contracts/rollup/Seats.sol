// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IB52Token} from "../interfaces/IB52Token.sol";
import {IRollup, Opening} from "../interfaces/IRollup.sol";
import {Burns} from "../libraries/Burns.sol";
import {BID_UNIT, BPS} from "../libraries/Constants.sol";
import {Proposals} from "../libraries/Proposals.sol";
import {Head, HeadLibrary} from "../types/Head.sol";
import {Lane, LaneLibrary} from "../types/Lane.sol";
import {Outcome, OutcomeLibrary} from "../types/Outcome.sol";
import {RoundId} from "../types/RoundId.sol";
import {Terms} from "../types/Terms.sol";
import {Advancing} from "./Advancing.sol";

/// @notice What proposers put at stake: deposits, commits, and forfeits of those who promised a block and brought none.
abstract contract Seats is Advancing {
    using SafeERC20 for IB52Token;

    uint256 private constant MAX_SEATS = type(uint24).max;

    /* DEPOSITS */

    /// @inheritdoc IRollup
    function deposit(uint256 lane, uint256 amount) external {
        if (!_isStarted(_head)) revert NotStarted();
        if (lane > 1) revert UnknownLane(lane);
        uint256 laneId = LaneLibrary.idOf(msg.sender, lane);
        Lane own = _lanes[laneId];
        uint256 room = LaneLibrary.MAX_DEPOSIT - own.deposit();
        if (amount > room) revert DepositTooHigh(amount, room);

        if (seatOf[msg.sender] == 0) _takeSeat();
        uint256 balance = own.deposit() + amount;
        _lanes[laneId] = own.withDeposit(balance);
        emit Deposited(msg.sender, lane, amount, balance);

        token.safeTransferFrom(msg.sender, address(this), amount * BID_UNIT);
    }

    /// @inheritdoc IRollup
    function withdraw(uint256 lane, uint256 amount) external {
        if (lane > 1) revert UnknownLane(lane);
        uint256 laneId = LaneLibrary.idOf(msg.sender, lane);
        Lane own = _lanes[laneId];
        if (_isInUse(own)) revert LaneInUse(msg.sender, lane);
        if (amount > own.deposit()) revert InsufficientDeposit(own.deposit(), amount);

        uint256 balance = own.deposit() - amount;
        _lanes[laneId] = own.withDeposit(balance);
        emit Withdrawn(msg.sender, lane, amount, balance);

        token.safeTransfer(msg.sender, amount * BID_UNIT);
    }

    /* COMMITS */

    /// @inheritdoc IRollup
    function commit(Terms terms, bytes32 orderCommitment, bytes calldata transcript) external {
        _commit(msg.sender, terms, orderCommitment, transcript);
    }

    /// @inheritdoc IRollup
    function commitFor(
        address proposer,
        Terms terms,
        bytes32 orderCommitment,
        bytes calldata transcript,
        uint256 counter
    ) external {
        if (msg.sender != relay) revert NotRelay(msg.sender, relay);
        uint256 expected = _commit(proposer, terms, orderCommitment, transcript);
        if (counter != expected) revert WrongCounter(counter, expected);
    }

    /// @inheritdoc IRollup
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
        uint192 digest =
            Proposals.commitDigest(first.terms, first.orderCommitment, firstTranscriptHash, first.committedAt);
        if (digest != lane.digest() || !lane.isCommitted(counter)) revert WrongOpening(digest, lane.digest());
        uint256 parentRef = terms.parentRef();
        Lane branch = _branches[laneId][parentRef];
        if (parentRef == first.terms.parentRef() || branch.isCommitted(counter)) {
            revert AlreadyCommitted(msg.sender, terms.roundId(), parentRef);
        }
        if (terms.burnBid() > lane.deposit()) revert BidAboveDeposit(terms.burnBid(), lane.deposit());

        digest = Proposals.commitDigest(terms, orderCommitment, keccak256(transcript), block.timestamp);
        _branches[laneId][parentRef] = branch.withCommit(digest, counter);
        emit Committed(msg.sender, terms, orderCommitment, block.timestamp, transcript);
    }

    /// @inheritdoc IRollup
    function settle(Opening calldata opening, bytes32 transcriptHash) external returns (uint256 forfeited) {
        Head head = _upToDate();
        Terms terms = opening.terms;
        uint256 laneId = LaneLibrary.idOf(opening.proposer, terms.roundId().height());
        Lane lane = _lanes[laneId];
        if (!lane.isUnsettled()) revert NothingToSettle(opening.proposer, terms.roundId());
        (bool isLive, uint192 committed) = _fate(head, laneId, lane, terms);
        uint192 digest =
            Proposals.commitDigest(terms, opening.orderCommitment, transcriptHash, opening.committedAt);
        if (digest != committed) revert WrongOpening(digest, committed);

        if (isLive) forfeited = Burns.atForfeit(burnRule, terms.burnBid(), forfeitBps);
        _lanes[laneId] = lane.withDeposit(lane.deposit() - forfeited).cleared();
        emit Settled(opening.proposer, terms.roundId(), forfeited);

        token.burn(forfeited * BID_UNIT);
    }

    /* INTERNAL */

    function _takeSeat() private {
        uint256 seat = seatCount + 1;
        if (seat > MAX_SEATS) revert SeatsTaken(MAX_SEATS);
        seatCount = seat;
        seatOf[msg.sender] = seat;
        emit SeatTaken(msg.sender, seat);
    }

    /// @return counter of the round that the commit is for
    function _commit(address proposer, Terms terms, bytes32 orderCommitment, bytes calldata transcript)
        private
        returns (uint256 counter)
    {
        counter = _admit(terms, transcript);
        uint256 laneId = LaneLibrary.idOf(proposer, terms.roundId().height());
        Lane lane = _lanes[laneId];
        if (lane.isCommitted(counter)) revert AlreadyCommitted(proposer, terms.roundId(), terms.parentRef());
        if (lane.isUnsettled()) revert Unsettled(proposer, terms.roundId().height() & 1);
        if (terms.burnBid() > lane.deposit()) revert BidAboveDeposit(terms.burnBid(), lane.deposit());

        uint192 digest = Proposals.commitDigest(terms, orderCommitment, keccak256(transcript), block.timestamp);
        _lanes[laneId] = lane.withCommit(digest, counter);
        emit Committed(proposer, terms, orderCommitment, block.timestamp, transcript);
    }

    /// @dev Checks what does not depend on the seat, and opens the round if the commit is the first of an attempt.
    /// @return counter of the round that the commit is for
    function _admit(Terms terms, bytes calldata transcript) private returns (uint256 counter) {
        if (!terms.isCanonical()) revert MalformedTerms(terms);
        if (terms.proverShareBps() > BPS) revert ShareTooHigh(terms.proverShareBps(), BPS);
        if (terms.burnBid() < minBid) revert BidTooLow(terms.burnBid(), minBid);
        if (transcript.length != transcriptBytes) revert MalformedTranscript(transcript.length, transcriptBytes);

        Head head = _upToDate();
        if (head.isFrozen()) revert IsFrozen();
        bool isPipelined;
        if (block.timestamp >= _proposalEnds(head)) {
            if (_isOver(head)) head = _nextAttempt(head);
            else isPipelined = true;
        }
        RoundId roundId = head.roundId();
        counter = head.counter();
        if (isPipelined) {
            roundId = roundId.nextHeight();
            ++counter;
            if (!head.hasNext()) _head = head.withNext();
        }
        if (terms.roundId() != roundId) revert WrongRound(terms.roundId(), roundId);
        if ((terms.parentRef() != 0) != isPipelined) revert UnknownParent(terms.parentRef());
    }

    /// @dev Nothing was proven: commits and votes of the attempt are dead, and so are pipelined commits to the next height.
    function _nextAttempt(Head head) private returns (Head) {
        if (!_isStarted(head)) revert NotStarted();
        return _openRound(
            HeadLibrary.pack(
                head.roundId().nextAttempt(),
                head.exponent(),
                false,
                // A pipelined commit of the dead attempt carries the counter after this one's.
                head.counter() + 2,
                block.timestamp,
                // Since then everybody could have opened this attempt.
                _ends(head)
            ),
            finalProposal()
        );
    }

    /// @dev Whether the deposit may still be needed: for a commit that nothing is known of, or for a proven one whose round is not decided.
    function _isInUse(Lane lane) internal view returns (bool) {
        return lane.isUnsettled() || lane.isCommitted(_head.counter());
    }

    /// @dev What became of a lane's unsettled commit. Reverts while that is open.
    /// @return isLive whether it could have been proven: its parent is the block that won
    /// @return digest of the commit that has to be opened: the live one of the seat's branches, or else the lane's own
    function _fate(Head head, uint256 laneId, Lane lane, Terms terms)
        private
        view
        returns (bool isLive, uint192 digest)
    {
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
            // Its parent's height is undecided: it is pending in the round that it was made in, and dead in a later attempt.
            if (lane.isCommitted(head.counter() + 1) && !_isOver(head)) revert RoundOpen(roundId);
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
        if (isLive && isCurrent && !_isOver(head)) revert RoundOpen(roundId);
    }
}
