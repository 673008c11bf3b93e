// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IB52Token} from "./interfaces/IB52Token.sol";
import {IForestVerifier} from "./interfaces/IForestVerifier.sol";
import {Holding, IProverRegistry} from "./interfaces/IProverRegistry.sol";
import {Proposals} from "./libraries/Proposals.sol";
import {Transcript} from "./libraries/Transcript.sol";

/// @title The prover registry
/// @notice IProverRegistry has the roles, the rules and every function's documentation.
contract ProverRegistry is IProverRegistry {
    using Checkpoints for Checkpoints.Trace208;
    using SafeERC20 for IB52Token;
    using Transcript for bytes;

    /* CONSTANTS */

    /// @dev Provers per bitmap: what a checkpoint holds beside its timestamp.
    uint256 private constant BITMAP = 208;
    /// @dev Marks a bitmap as loaded; above its 208 bits.
    uint256 private constant LOADED = 1 << 255;
    /// @dev Provers that `resolveSlots` remembers.
    uint256 private constant KNOWN = 64;

    /// @dev Of a prover, all but its stake. `withdrawableAt` is 0 until an exit is requested.
    struct Account {
        address owner;
        uint40 withdrawableAt;
    }

    /* IMMUTABLES */

    /// @inheritdoc IProverRegistry
    IB52Token public immutable token;
    /// @inheritdoc IProverRegistry
    IForestVerifier public immutable verifier;
    /// @inheritdoc IProverRegistry
    address public immutable deployer;
    /// @inheritdoc IProverRegistry
    uint256 public immutable minStake;
    /// @inheritdoc IProverRegistry
    uint256 public immutable eligibleStake;
    /// @inheritdoc IProverRegistry
    uint256 public immutable maxSlotsPerProver;
    /// @inheritdoc IProverRegistry
    uint256 public immutable exitDelay;
    /// @inheritdoc IProverRegistry
    uint256 public immutable registrationFee;

    /* STORAGE */

    /// @inheritdoc IProverRegistry
    address public rollup;
    /// @inheritdoc IProverRegistry
    uint16 public proverCount;
    /// @inheritdoc IProverRegistry
    address public court;
    /// @dev An array, so that a transcript's keys cost no hash each.
    /// @inheritdoc IProverRegistry
    uint256[1 << 16] public keyOf;
    /// @inheritdoc IProverRegistry
    mapping(uint256 key => uint256) public indexOf;

    mapping(uint256 index => Account) private _accounts;
    /// @dev Wei, through time.
    mapping(uint256 index => Checkpoints.Trace208) private _stakes;
    /// @dev Which provers are active, through time. Bit `index % BITMAP` of trace `index / BITMAP`.
    mapping(uint256 => Checkpoints.Trace208) private _active;

    /// @param minStake_          wei; at least `eligibleStake`, below 2^96
    /// @param eligibleStake_     wei; above 0
    /// @param maxSlotsPerProver_ of one forest; above 0
    /// @param exitDelay_         seconds; below 2^32
    /// @param registrationFee_   wei; below 2^96
    constructor(
        IB52Token token_,
        IForestVerifier verifier_,
        uint256 minStake_,
        uint256 eligibleStake_,
        uint256 maxSlotsPerProver_,
        uint256 exitDelay_,
        uint256 registrationFee_
    ) {
        if (eligibleStake_ == 0) revert InvalidParameter("eligibleStake", eligibleStake_);
        if (minStake_ < eligibleStake_ || minStake_ > type(uint96).max) {
            revert InvalidParameter("minStake", minStake_);
        }
        if (maxSlotsPerProver_ == 0 || maxSlotsPerProver_ > verifier_.slotCount()) {
            revert InvalidParameter("maxSlotsPerProver", maxSlotsPerProver_);
        }
        if (exitDelay_ > type(uint32).max) revert InvalidParameter("exitDelay", exitDelay_);
        if (registrationFee_ > type(uint96).max) revert InvalidParameter("registrationFee", registrationFee_);
        token = token_;
        verifier = verifier_;
        deployer = msg.sender;
        minStake = minStake_;
        eligibleStake = eligibleStake_;
        maxSlotsPerProver = maxSlotsPerProver_;
        exitDelay = exitDelay_;
        registrationFee = registrationFee_;
    }

    /* BINDING */

    /// @inheritdoc IProverRegistry
    function bind(address rollup_, address court_) external {
        if (msg.sender != deployer) revert NotDeployer(msg.sender, deployer);
        if (rollup != address(0)) revert AlreadyBound(rollup, court);
        if (rollup_ == address(0)) revert InvalidRollup(rollup_);
        if (court_ == address(0)) revert InvalidCourt(court_);
        (rollup, court) = (rollup_, court_);
        emit Bound(rollup_, court_);
    }

    /* STAKING */

    /// @inheritdoc IProverRegistry
    function register(uint256 key, uint256 stake, bytes calldata proof) external returns (uint256 index) {
        if (rollup == address(0)) revert NotBound();
        if (stake < minStake) revert StakeTooLow(stake, minStake);
        if (stake > type(uint96).max) revert StakeTooHigh(stake, type(uint96).max);
        if (key == 0) revert InvalidKey(key);
        if (indexOf[key] != 0) revert KeyTaken(key, indexOf[key]);
        if (proverCount == type(uint16).max) revert RegistryFull(type(uint16).max);
        if (!verifier.verifyKeyOwnership(key, msg.sender, Proposals.domain(block.chainid, rollup), 0, 0, proof)) {
            revert InvalidKeyProof(key, msg.sender);
        }

        index = ++proverCount;
        keyOf[index] = key;
        indexOf[key] = index;
        _accounts[index].owner = msg.sender;
        _setStake(index, stake);
        _setActive(index, true);
        emit Registered(index, key, msg.sender, stake);

        token.safeTransferFrom(msg.sender, address(this), stake + registrationFee);
        if (registrationFee != 0) token.burn(registrationFee);
    }

    /// @inheritdoc IProverRegistry
    function addStake(uint256 index, uint256 amount) external {
        Account storage account = _owned(index);
        if (account.withdrawableAt != 0) revert AlreadyExiting(index, account.withdrawableAt);
        if (amount == 0) revert NothingToAdd(index);
        uint256 stake = _stakeOf(index);
        uint256 room = type(uint96).max - stake;
        if (amount > room) revert StakeTooHigh(amount, room);

        _setStake(index, stake + amount);
        if (stake < eligibleStake && stake + amount >= eligibleStake) _setActive(index, true);
        emit StakeAdded(index, amount, stake + amount);

        token.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IProverRegistry
    function requestExit(uint256 index) external {
        Account storage account = _owned(index);
        if (account.withdrawableAt != 0) revert AlreadyExiting(index, account.withdrawableAt);

        account.withdrawableAt = uint40(block.timestamp + exitDelay);
        _setActive(index, false);
        emit ExitRequested(index, account.withdrawableAt);
    }

    /// @inheritdoc IProverRegistry
    function withdraw(uint256 index) external {
        Account storage account = _owned(index);
        if (account.withdrawableAt == 0) revert NotExiting(index);
        if (block.timestamp < account.withdrawableAt) {
            revert ExitNotOver(index, block.timestamp, account.withdrawableAt);
        }
        uint256 stake = _stakeOf(index);
        if (stake == 0) revert NothingToWithdraw(index);

        _setStake(index, 0);
        emit Withdrawn(index, msg.sender, stake);

        token.safeTransfer(msg.sender, stake);
    }

    /* SLASHING */

    /// @inheritdoc IProverRegistry
    function slash(uint256 index, uint256 amount) external returns (uint256 burnt) {
        if (msg.sender != court) revert NotCourt(msg.sender, court);
        Account storage account = _known(index);
        uint256 stake = _stakeOf(index);
        burnt = amount < stake ? amount : stake;

        _setStake(index, stake - burnt);
        if (stake >= eligibleStake && stake - burnt < eligibleStake && account.withdrawableAt == 0) {
            _setActive(index, false);
        }
        emit Slashed(index, burnt, stake - burnt);

        token.burn(burnt);
    }

    /* READING */

    /// @inheritdoc IProverRegistry
    function resolve(
        bytes calldata transcript,
        uint48 timestamp
    ) external view returns (uint256[] memory keys, bytes memory assigned, uint256 named) {
        uint256 slots = transcript.length / Transcript.INDEX_BYTES;
        uint256 size = 5 * 32 + 32 * slots + ((Transcript.INDEX_BYTES * slots + 31) / 32) * 32;
        bytes memory answer = new bytes(size + 32);
        // How many slots each prover holds, uint16. The count of an index is the end of the word at `held + 2 index`.
        bytes memory held = new bytes(2 * uint256(proverCount));
        // One word for each bitmap that there could be.
        uint256 bitmaps;
        uint256 bitmapBytes = 32 * (type(uint16).max / BITMAP + 1);
        // The arrays are written where the answer needs them: there is nothing to encode at the end. Bitmaps need no
        // clearing, because nothing has used that memory yet.
        assembly ("memory-safe") {
            bitmaps := mload(0x40)
            mstore(0x40, add(bitmaps, bitmapBytes))
            answer := add(answer, 32)
            keys := add(answer, 96)
            assigned := add(add(keys, 32), shl(5, slots))
            mstore(answer, 96)
            mstore(add(answer, 32), sub(assigned, answer))
            mstore(keys, slots)
            mstore(assigned, shl(1, slots))
        }

        // These loops run once a slot: they check nothing twice. The first stops wherever it needs a bitmap that is not
        // loaded yet. Nobody is index 0, and an index that nobody has is in no bitmap.
        uint256 most = maxSlotsPerProver;
        uint256 key;
        uint256 slot;
        uint256 end;
        assembly ("memory-safe") {
            key := add(keys, 32)
            slot := transcript.offset
            end := add(slot, shl(1, slots))
        }
        while (true) {
            uint256 trace;
            assembly ("memory-safe") {
                for {} lt(slot, end) {
                    slot := add(slot, 2)
                } {
                    let index := shr(240, calldataload(slot))
                    trace := div(index, BITMAP)
                    let bitmap := mload(add(bitmaps, shl(5, trace)))
                    if iszero(bitmap) {
                        break
                    }
                    if and(shr(mod(index, BITMAP), bitmap), 1) {
                        let count := add(held, shl(1, index))
                        let word := mload(count)
                        if lt(and(word, 0xffff), most) {
                            mstore(key, sload(add(keyOf.slot, index)))
                            mstore(count, add(word, 1))
                            named := add(named, iszero(and(word, 0xffff)))
                        }
                    }
                    key := add(key, 32)
                }
            }
            if (slot == end) break;
            uint256 bitmap_ = LOADED | _active[trace].upperLookupRecent(timestamp);
            assembly ("memory-safe") {
                mstore(add(bitmaps, shl(5, trace)), bitmap_)
            }
        }
        assembly ("memory-safe") {
            mstore(add(answer, 64), named)
            key := keys
            slot := transcript.offset
            let toCount := sub(add(assigned, 32), slot)
            for {} lt(slot, end) {
                slot := add(slot, 2)
            } {
                key := add(key, 32)
                if mload(key) {
                    let count := mload(add(held, shl(1, shr(240, calldataload(slot)))))
                    // As the top of a word: what follows is still to be written, or is behind the answer.
                    mstore(add(slot, toCount), shl(240, count))
                }
            }
            return(answer, size)
        }
    }

    /// @inheritdoc IProverRegistry
    function resolveSlots(
        bytes calldata transcript,
        uint48 timestamp,
        uint256[] calldata slots
    ) external view returns (Holding[] memory) {
        uint256 count = transcript.length / Transcript.INDEX_BYTES;
        // Who holds one of these slots often holds more of them. By the lowest bits of an index: `index << 128 |
        // holding`, the one that was written last.
        uint256[] memory known = new uint256[](KNOWN);
        // The answer is written as it is encoded: 32 | length | where each slot's holding is | holdings, each of them
        // key | 64 | length | slots. The first is nobody's; there is one for each prover.
        uint256 answer;
        uint256 places;
        uint256 nobody;
        assembly ("memory-safe") {
            answer := mload(0x40)
            places := add(answer, 64)
            nobody := add(places, shl(5, slots.length))
            mstore(0x40, add(nobody, 96))
            mstore(answer, 32)
            mstore(add(answer, 32), slots.length)
            mstore(nobody, 0)
            mstore(add(nobody, 32), 64)
            mstore(add(nobody, 64), 0)
        }
        for (uint256 i = 0; i < slots.length; ++i) {
            uint256 slot = slots[i];
            if (slot >= count) revert UnknownSlot(slot, count);
            uint256 index = transcript.indexAt(slot);
            uint256 holding = uint128(known[index % KNOWN]);
            if (index == 0 || known[index % KNOWN] >> 128 != index) {
                holding = nobody;
                if (_isEligible(index, timestamp)) {
                    holding = _appendHolding(transcript, index);
                    known[index % KNOWN] = (index << 128) | holding;
                }
            }
            assembly ("memory-safe") {
                // A slot behind the last one that counts is nobody's.
                let length := add(holding, 64)
                if gt(slot, mload(add(length, shl(5, mload(length))))) {
                    holding := nobody
                }
                mstore(add(places, shl(5, i)), sub(holding, places))
            }
        }
        assembly ("memory-safe") {
            return(answer, sub(mload(0x40), answer))
        }
    }

    /// @inheritdoc IProverRegistry
    function stakesAt(uint256[] calldata indexes, uint48 timestamp) external view returns (uint96[] memory stakes) {
        stakes = new uint96[](indexes.length);
        for (uint256 i = 0; i < indexes.length; ++i) {
            stakes[i] = uint96(_stakes[indexes[i]].upperLookupRecent(timestamp));
        }
    }

    /// @inheritdoc IProverRegistry
    function isEligible(uint256 index, uint48 timestamp) external view returns (bool) {
        return _isEligible(index, timestamp);
    }

    /// @inheritdoc IProverRegistry
    function proverOf(uint256 index) external view returns (Prover memory) {
        Account memory account = _accounts[index];
        return Prover({owner: account.owner, stake: uint96(_stakeOf(index)), withdrawableAt: account.withdrawableAt});
    }

    /// @inheritdoc IProverRegistry
    function ownerOf(uint256 index) external view returns (address) {
        return _accounts[index].owner;
    }

    /* INTERNAL */

    function _known(uint256 index) private view returns (Account storage account) {
        account = _accounts[index];
        if (account.owner == address(0)) revert UnknownProver(index);
    }

    function _owned(uint256 index) private view returns (Account storage account) {
        account = _known(index);
        if (msg.sender != account.owner) revert NotOwner(index, msg.sender, account.owner);
    }

    /// @return holding of an eligible prover, at the end of the memory in use, as `resolveSlots` encodes it
    function _appendHolding(bytes calldata transcript, uint256 index) private view returns (uint256 holding) {
        uint256 key = keyOf[index];
        assembly ("memory-safe") {
            holding := mload(0x40)
            mstore(0x40, add(holding, 64))
            mstore(holding, key)
            mstore(add(holding, 32), 64)
        }
        transcript.slotsOf(index, maxSlotsPerProver);
    }

    function _isEligible(uint256 index, uint48 timestamp) private view returns (bool) {
        return (_active[index / BITMAP].upperLookupRecent(timestamp) >> index % BITMAP) & 1 == 1;
    }

    function _stakeOf(uint256 index) private view returns (uint256) {
        return _stakes[index].latest();
    }

    /// @param stake below 2^96
    function _setStake(uint256 index, uint256 stake) private {
        _stakes[index].push(uint48(block.timestamp), uint208(stake));
    }

    function _setActive(uint256 index, bool active) private {
        Checkpoints.Trace208 storage trace = _active[index / BITMAP];
        uint208 bit = uint208(1 << index % BITMAP);
        uint208 bitmap = trace.latest();
        trace.push(uint48(block.timestamp), active ? bitmap | bit : bitmap & ~bit);
    }
}
