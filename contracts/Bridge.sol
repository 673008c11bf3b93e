// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {ExitClaim, IBridge, SignedOperation} from "./interfaces/IBridge.sol";
import {IClaimVerifier} from "./interfaces/IClaimVerifier.sol";
import {IRollup} from "./interfaces/IRollup.sol";
import {FIELD} from "./libraries/Constants.sol";
import {Exits} from "./libraries/Exits.sol";
import {Operations} from "./libraries/Operations.sol";
import {Queue} from "./libraries/Queue.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {Ledger, LedgerLibrary} from "./types/Ledger.sol";
import {QueueEntry} from "./types/QueueEntry.sol";

/// @title The bridge
/// @notice IBridge has the roles, the rules and every function's documentation.
contract Bridge is IBridge, EIP712 {
    using BitMaps for BitMaps.BitMap;
    using Queue for mapping(uint256 => QueueEntry);
    using SafeERC20 for IERC20;
    using Signatures for address;

    bytes32 private constant FORCED_OPERATION_TYPEHASH = keccak256(
        "ForcedOperation(address l1Owner,uint16 from,uint16 to,uint32 amount,uint256 nonce)"
    );

    /* IMMUTABLES */

    /// @inheritdoc IBridge
    address public immutable deployer;
    /// @inheritdoc IBridge
    IERC20 public immutable asset;
    /// @inheritdoc IBridge
    IClaimVerifier public immutable claims;
    /// @inheritdoc IBridge
    uint256 public immutable operationFee;
    /// @inheritdoc IBridge
    uint256 public immutable maxOperations;
    /// @inheritdoc IBridge
    uint256 public immutable escapeDelay;

    uint256 private immutable claimsPerProof;

    /* STORAGE */

    Ledger private _ledger;
    /// @inheritdoc IBridge
    IRollup public rollup;
    /// @inheritdoc IBridge
    mapping(address l1Owner => uint256) public nonceOf;

    mapping(uint256 index => QueueEntry) private _entries;
    /// @dev By position.
    mapping(uint256 proposalId => BitMaps.BitMap) private _claimed;
    BitMaps.BitMap private _escaped;
    BitMaps.BitMap private _refunded;

    /// @param operationFee_  wei; below 2^96
    /// @param maxOperations_ above 0, below 2^16
    /// @param escapeDelay_   seconds; below 2^32
    constructor(
        IERC20 asset_,
        IClaimVerifier claims_,
        uint256 operationFee_,
        uint256 maxOperations_,
        uint256 escapeDelay_
    ) EIP712("B52 Bridge", "1") {
        if (operationFee_ > type(uint96).max) revert InvalidParameter("operationFee", operationFee_);
        if (maxOperations_ == 0 || maxOperations_ > type(uint16).max) {
            revert InvalidParameter("maxOperations", maxOperations_);
        }
        if (escapeDelay_ > type(uint32).max) revert InvalidParameter("escapeDelay", escapeDelay_);
        deployer = msg.sender;
        asset = asset_;
        claims = claims_;
        claimsPerProof = claims_.claimsPerProof();
        operationFee = operationFee_;
        maxOperations = maxOperations_;
        escapeDelay = escapeDelay_;
    }

    /* BINDING */

    /// @inheritdoc IBridge
    function bind(address rollup_) external {
        if (msg.sender != deployer) revert NotDeployer(msg.sender, deployer);
        if (address(rollup) != address(0)) revert AlreadyBound(address(rollup));
        if (rollup_ == address(0)) revert InvalidRollup(rollup_);
        rollup = IRollup(rollup_);
        emit Bound(rollup_);
    }

    /* WAY IN */

    /// @inheritdoc IBridge
    function deposit(uint16 to, uint32 amount, uint256 key, address l1Owner) external returns (uint256 index) {
        Ledger ledger = _runningLedger();
        if (to == 0) revert InvalidAccount(to);
        if (key == 0 || key >= FIELD) revert InvalidKey(key);
        if (l1Owner == address(0)) revert InvalidOwner(l1Owner);
        uint256 value = _valueOf(amount);
        if (value == 0) revert InvalidAmount(amount, value);

        index = ledger.posted();
        _post(index, _entries.chainBefore(index), Operations.encode(0, to, amount, l1Owner, key));
        _take(ledger, 1, value + operationFee);
    }

    /// @inheritdoc IBridge
    function forceTransfer(uint16 from, uint16 to, uint32 amount) external returns (uint256 index) {
        if (to == 0) revert InvalidAccount(to);
        return _force(from, to, amount);
    }

    /// @inheritdoc IBridge
    function forceExit(uint16 from, uint32 amount) external returns (uint256 index) {
        return _force(from, 0, amount);
    }

    /// @inheritdoc IBridge
    function include(SignedOperation[] calldata list) external returns (uint256 firstIndex) {
        Ledger ledger = _runningLedger();
        if (list.length == 0) revert NothingToPost();
        firstIndex = ledger.posted();
        uint216 chain = _entries.chainBefore(firstIndex);
        for (uint256 i = 0; i < list.length; ++i) {
            SignedOperation calldata signed = list[i];
            address l1Owner = signed.l1Owner;
            uint256 nonce = nonceOf[l1Owner]++;
            bytes32 digest = operationHash(l1Owner, signed.from, signed.to, signed.amount, nonce);
            if (!l1Owner.isSigned(digest, signed.signature)) revert InvalidSignature(l1Owner, nonce);
            chain = _post(firstIndex + i, chain, _forced(signed.from, signed.to, signed.amount, l1Owner));
        }
        _take(ledger, list.length, list.length * operationFee);
    }

    /* WAY OUT */

    /// @inheritdoc IBridge
    function claimExits(ExitClaim[] calldata list, uint256 commitment, bytes calldata proof) external {
        if (list.length == 0 || list.length > claimsPerProof) revert InvalidClaimCount(list.length, claimsPerProof);
        uint256[] memory values = new uint256[](3 * claimsPerProof);
        uint256 total = 0;
        for (uint256 i = 0; i < list.length; ++i) {
            ExitClaim calldata claim = list[i];
            // One number names one place: neither a position beyond the field order nor one beyond the tree is another
            // name for a leaf.
            if (claim.position > type(uint32).max) revert InvalidPosition(claim.position);
            if (!Exits.isExit(claim.exit)) revert InvalidExit(claim.exit);
            BitMaps.BitMap storage claimed = _claimed[claim.proposalId];
            if (claimed.get(claim.position)) revert AlreadyClaimed(claim.proposalId, claim.position);
            claimed.set(claim.position);
            values[3 * i] = rollup.withdrawalsRootOf(claim.proposalId);
            values[3 * i + 1] = claim.position;
            values[3 * i + 2] = claim.exit;

            (address owner, uint256 amount) = Exits.unpack(claim.exit);
            total += amount;
            emit ExitClaimed(claim.proposalId, claim.position, owner, amount);
        }
        if (!claims.verifyExits(commitment, values, proof)) revert InvalidExitProof();
        _lowerBacking(total);

        for (uint256 i = 0; i < list.length; ++i) {
            (address owner, uint256 amount) = Exits.unpack(list[i].exit);
            // Some tokens refuse to move nothing, and anybody can put an exit of nothing beside others.
            if (amount != 0) asset.safeTransfer(owner, amount);
        }
    }

    /// @inheritdoc IBridge
    function claimFees(address to) external returns (uint256 fees) {
        fees = rollup.takeFees(msg.sender);
        if (fees == 0) revert NothingToClaim(msg.sender);
        _lowerBacking(fees);
        emit FeesClaimed(msg.sender, to, fees);

        asset.safeTransfer(to, fees);
    }

    /* WHEN NO BLOCK COMES */

    /// @inheritdoc IBridge
    function freeze() external {
        Ledger ledger = _runningLedger();
        uint256 from = rollup.head().decidedAt() + escapeDelay;
        if (block.timestamp < from) revert FreezeTooEarly(block.timestamp, from);
        _ledger = ledger.asFrozen();
        emit Frozen(rollup.freeze());
    }

    /// @inheritdoc IBridge
    function escape(uint256 index, address l1Owner, uint256 balance, bytes calldata proof) external {
        if (!_ledger.isFrozen()) revert NotFrozen();
        if (index == 0 || index > type(uint16).max) revert InvalidAccount(index);
        if (l1Owner == address(0)) revert InvalidOwner(l1Owner);
        if (_escaped.get(index)) revert AlreadyEscaped(index);
        if (!claims.verifyEscape(rollup.stateRoot(), index, l1Owner, balance, proof)) revert InvalidEscapeProof(index);

        _escaped.set(index);
        _lowerBacking(balance);
        emit Escaped(index, l1Owner, balance);

        asset.safeTransfer(l1Owner, balance);
    }

    /// @inheritdoc IBridge
    function refund(uint256 index, bytes calldata operation) external {
        Ledger ledger = _ledger;
        if (!ledger.isFrozen()) revert NotFrozen();
        uint256 settled = rollup.head().settled();
        if (index < settled || index >= ledger.posted()) revert NotQueued(index, settled, ledger.posted());
        uint216 chain = Operations.link(_entries.chainBefore(index), operation);
        uint216 queued = _entries[index].chain();
        if (chain != queued) revert WrongOperation(index, chain, queued);
        if (_refunded.get(index)) revert AlreadyRefunded(index);

        _refunded.set(index);
        (address l1Owner, uint256 deposited) = Operations.decode(operation);
        uint256 amount = deposited + operationFee;
        _lowerBacking(amount);
        emit Refunded(index, l1Owner, amount);

        asset.safeTransfer(l1Owner, amount);
    }

    /* ROLLUP ONLY */

    /// @inheritdoc IBridge
    function start(uint256 genesisSupply) external {
        if (msg.sender != address(rollup)) revert NotRollup(msg.sender, address(rollup));
        if (_ledger.isStarted()) revert AlreadyStarted();
        uint256 balance = asset.balanceOf(address(this));
        if (balance < genesisSupply) revert NotBacked(balance, genesisSupply);
        _ledger = LedgerLibrary.start(genesisSupply);
        emit Started(genesisSupply);
    }

    /* READING */

    /// @inheritdoc IBridge
    function requireQueued(uint256 first, uint256 count, bytes calldata operations) external view {
        uint256 length = count * Operations.OPERATION_BYTES;
        if (operations.length != length) revert WrongLength(operations.length, length);
        if (count == 0) return;
        uint216 chain = Operations.linkAll(_entries.chainBefore(first), operations);
        uint216 queued = _entries[first + count - 1].chain();
        if (chain != queued) revert WrongOperations(chain, queued);
    }

    /// @inheritdoc IBridge
    function dueOperations(uint256 queueCut) external view returns (uint256 first, uint256 count) {
        first = rollup.head().settled();
        count = _due(_ledger, first, queueCut);
    }

    /// @inheritdoc IBridge
    function dueAfter(uint256 first, uint256 queueCut) external view returns (uint256 count) {
        return _due(_ledger, first, queueCut);
    }

    /// @inheritdoc IBridge
    function requireRunning(uint256 fees) external view {
        uint256 backing_ = _runningLedger().backing();
        if (fees > backing_) revert AboveBacking(fees, backing_);
    }

    /// @inheritdoc IBridge
    function backing() external view returns (uint256) {
        return _ledger.backing();
    }

    /// @inheritdoc IBridge
    function queue() external view returns (uint256 settled, uint256 posted) {
        return (rollup.head().settled(), _ledger.posted());
    }

    /// @inheritdoc IBridge
    function operationOf(uint256 index) external view returns (uint216 chain, uint256 postedAt) {
        return (_entries[index].chain(), _entries[index].postedAt());
    }

    /// @inheritdoc IBridge
    function lastAdvanceAt() external view returns (uint256) {
        return _ledger.isStarted() ? rollup.head().decidedAt() : 0;
    }

    /// @inheritdoc IBridge
    function isFrozen() external view returns (bool) {
        return _ledger.isFrozen();
    }

    /// @inheritdoc IBridge
    function isClaimed(uint256 proposalId, uint256 position) external view returns (bool) {
        return _claimed[proposalId].get(position);
    }

    /// @inheritdoc IBridge
    function isEscaped(uint256 index) external view returns (bool) {
        return _escaped.get(index);
    }

    /// @inheritdoc IBridge
    function isRefunded(uint256 index) external view returns (bool) {
        return _refunded.get(index);
    }

    /// @inheritdoc IBridge
    function operationHash(
        address l1Owner,
        uint16 from,
        uint16 to,
        uint32 amount,
        uint256 nonce
    ) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(FORCED_OPERATION_TYPEHASH, l1Owner, from, to, amount, nonce)));
    }

    /* INTERNAL */

    /// @dev Reverts unless the chain was started and is not frozen.
    function _runningLedger() private view returns (Ledger ledger) {
        ledger = _ledger;
        if (!ledger.isStarted()) revert NotStarted();
        if (ledger.isFrozen()) revert IsFrozen();
    }

    function _lowerBacking(uint256 amount) private {
        Ledger ledger = _ledger;
        uint256 backing_ = ledger.backing();
        if (amount > backing_) revert AboveBacking(amount, backing_);
        _ledger = ledger.withBacking(backing_ - amount);
    }

    function _force(uint16 from, uint16 to, uint32 amount) private returns (uint256 index) {
        Ledger ledger = _runningLedger();
        index = ledger.posted();
        _post(index, _entries.chainBefore(index), _forced(from, to, amount, msg.sender));
        _take(ledger, 1, operationFee);
    }

    /// @dev Accounts for operations that were posted, and pulls what they cost. The last thing that an action does.
    function _take(Ledger ledger, uint256 count, uint256 amount) private {
        uint256 room = LedgerLibrary.MAX_BACKING - ledger.backing();
        if (amount > room) revert NoRoom(amount, room);
        _ledger = ledger.withPosted(ledger.posted() + count).withBacking(ledger.backing() + amount);

        asset.safeTransferFrom(msg.sender, address(this), amount);
    }

    function _forced(uint16 from, uint16 to, uint32 amount, address l1Owner) private pure returns (bytes memory) {
        if (from == 0) revert InvalidAccount(from);
        _valueOf(amount);
        return Operations.encode(from, to, amount, l1Owner, 0);
    }

    /// @return value wei of an amount that an account can have
    function _valueOf(uint32 amount) private pure returns (uint256 value) {
        value = Operations.valueOf(amount);
        if (value > LedgerLibrary.MAX_BACKING) revert InvalidAmount(amount, value);
    }

    /// @param before the chain of all operations before this one
    /// @return chain with it
    function _post(uint256 index, uint216 before, bytes memory operation) private returns (uint216 chain) {
        emit OperationPosted(index, operation, block.timestamp);
        return _entries.post(index, before, operation);
    }

    function _due(Ledger ledger, uint256 first, uint256 queueCut) private view returns (uint256) {
        return _entries.due(ledger.posted(), first, queueCut, maxOperations);
    }
}
