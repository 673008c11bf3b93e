// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IB52Token} from "../interfaces/IB52Token.sol";
import {IRollup} from "../interfaces/IRollup.sol";
import {IRollupExtension} from "../interfaces/IRollupExtension.sol";
import {BID_UNIT} from "../libraries/Constants.sol";
import {Lane, LaneLibrary} from "../types/Lane.sol";
import {RollupBase} from "./RollupBase.sol";

/// @notice Who may propose, and with what at stake: seats and the deposits in their lanes.
abstract contract Seats is IRollupExtension, RollupBase {
    using SafeERC20 for IB52Token;

    uint256 private constant MAX_SEATS = type(uint24).max;

    /// @inheritdoc IRollupExtension
    function deposit(uint256 lane, uint256 amount) external {
        if (!_head.isStarted()) revert IRollup.NotStarted();
        if (lane > 1) revert IRollup.UnknownLane(lane);
        uint256 laneId = LaneLibrary.idOf(msg.sender, lane);
        Lane own = _lanes[laneId];
        uint256 room = LaneLibrary.MAX_DEPOSIT - own.deposit();
        if (amount > room) revert IRollup.DepositTooHigh(amount, room);

        if (_seatOf[msg.sender] == 0) _takeSeat();
        uint256 balance = own.deposit() + amount;
        _lanes[laneId] = own.withDeposit(balance);
        emit IRollup.Deposited(msg.sender, lane, amount, balance);

        _token.safeTransferFrom(msg.sender, address(this), amount * BID_UNIT);
    }

    /// @inheritdoc IRollupExtension
    function withdraw(uint256 lane, uint256 amount) external {
        if (lane > 1) revert IRollup.UnknownLane(lane);
        uint256 laneId = LaneLibrary.idOf(msg.sender, lane);
        Lane own = _lanes[laneId];
        if (own.isInUse(_head.roundNumber())) revert IRollup.LaneInUse(msg.sender, lane);
        if (amount > own.deposit()) revert IRollup.InsufficientDeposit(own.deposit(), amount);

        uint256 balance = own.deposit() - amount;
        _lanes[laneId] = own.withDeposit(balance);
        emit IRollup.Withdrawn(msg.sender, lane, amount, balance);

        _token.safeTransfer(msg.sender, amount * BID_UNIT);
    }

    function _takeSeat() private {
        uint256 seat = _seatCount + 1;
        if (seat > MAX_SEATS) revert IRollup.SeatsTaken(MAX_SEATS);
        _seatCount = seat;
        _seatOf[msg.sender] = seat;
        emit IRollup.SeatTaken(msg.sender, seat);
    }
}
