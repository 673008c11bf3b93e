// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IB52Token} from "./IB52Token.sol";
import {IForestVerifier} from "./IForestVerifier.sol";

/// @notice What the prover of a slot holds in a transcript.
struct Holding {
    /// 0: the transcript names nobody in the slot, nobody who was eligible, or somebody who holds `maxSlotsPerProver`
    /// earlier slots.
    uint256 key;
    /// All slots of that prover that count, in slot order. Of nobody: none.
    uint256[] slots;
}

/// @title The prover registry
/// @notice Who may prove, with which key, and what they have at stake.
///
/// Roles. A **prover** is one Baby Jubjub key that an **owner** address answers for. The **rollup** reads the registry
/// when a block is submitted; it never writes. The **court** burns stake of provers that promised a proof and did not
/// deliver it; see IProverCourt.
///
/// Happy path. The owner approves the token and calls `register` with a KeyOwnership proof, which binds the key to the
/// owner, this chain and the rollup. The prover gets the next free index, for ever: transcripts name provers by index,
/// so an index never changes its key and a key never gets a second index. Rounds count it as eligible whose
/// `eligibleAt` is not before this second: those that open later, and under a policy with seeds those whose seed is
/// drawn a whole round later.
///
/// Leaving. `requestExit` makes the prover ineligible in the same way: from the rounds on whose `eligibleAt` is not
/// before it. That moment is past when a round opens, so nothing in that block or after it can change who is eligible.
/// The stake stays where it can be reached until `exitDelay` has passed, which is longer than any window in which it
/// can be at risk; then `withdraw` returns it. An exit is final: who wants to come back registers another key.
///
/// A prover whose stake falls below `eligibleStake` is ineligible, counted in the same way, until its owner adds to it.
/// What `minStake` demands beyond that lets a prover work on after a slash. Stakes are kept through time like
/// eligibility, so that neither a top-up nor a slash changes what a prover counts in an open round (`stakesAt`).
///
/// A prover holds `maxSlotsPerProver` slots of a forest at most, in slot order, so that one stake answers for all of
/// them and need not be large; see docs/decisions/capacity.md.
///
/// Indexes are never reused. The registration fee, which is burnt, makes it costly to use up all 65,535 with one stake.
///
/// Nobody has any power here but each owner over its own provers, and the court by its rules. The deployer names rollup
/// and court once, with `bind`; before that nothing can be registered.
interface IProverRegistry {
    /// @notice A prover. `withdrawableAt` is 0 until an exit is requested; a withdrawn prover has no stake.
    struct Prover {
        address owner;
        uint96 stake;
        uint40 withdrawableAt;
    }

    /// @notice The rollup whose proofs the keys may work for, and the only contract that may slash, for ever.
    event Bound(address indexed rollup, address indexed court);
    event Registered(uint256 indexed index, uint256 indexed key, address indexed owner, uint256 stake);
    event StakeAdded(uint256 indexed index, uint256 amount, uint256 stake);
    event ExitRequested(uint256 indexed index, uint256 withdrawableAt);
    event Withdrawn(uint256 indexed index, address indexed owner, uint256 stake);
    event Slashed(uint256 indexed index, uint256 burnt, uint256 stake);

    error NotDeployer(address caller, address deployer);
    error AlreadyBound(address rollup, address court);
    error InvalidRollup(address rollup);
    error InvalidCourt(address court);
    error NotBound();
    /// @notice A constructor argument is outside of what the registry can work with.
    error InvalidParameter(string name, uint256 value);
    error StakeTooLow(uint256 stake, uint256 minStake);
    /// @notice More than the 96 bits of a stake have room for.
    error StakeTooHigh(uint256 amount, uint256 room);
    error InvalidKey(uint256 key);
    error KeyTaken(uint256 key, uint256 index);
    error InvalidKeyProof(uint256 key, address owner);
    error RegistryFull(uint256 capacity);
    error UnknownProver(uint256 index);
    error NotOwner(uint256 index, address caller, address owner);
    error AlreadyExiting(uint256 index, uint256 withdrawableAt);
    error NothingToAdd(uint256 index);
    error NotExiting(uint256 index);
    error ExitNotOver(uint256 index, uint256 timestamp, uint256 withdrawableAt);
    /// @notice Everything was withdrawn, or slashed.
    error NothingToWithdraw(uint256 index);
    error NotCourt(address caller, address court);
    /// @notice The transcript ends before this slot.
    error UnknownSlot(uint256 slot, uint256 slotCount);

    /// @notice Fixes the rollup and the court. Once, by the deployer.
    function bind(address rollup, address court) external;

    /// @notice Registers a key and pulls its stake and the registration fee from the caller, who becomes its owner.
    /// @param key   Poseidon(TAG_KEY, Ax, Ay)
    /// @param stake wei of the native token, at least `minStake`
    /// @param proof 256 bytes: KeyOwnership for `(key, caller, domain of the rollup, 0, 0)`
    /// @return index from 1
    function register(uint256 key, uint256 stake, bytes calldata proof) external returns (uint256 index);

    /// @notice Adds to the stake of a prover that is not exiting, and makes it eligible again in later rounds if it had
    /// lost that by a slash. Only by its owner: every addition leaves a checkpoint that `stakesAt` has to search.
    /// @param amount wei; above 0
    function addStake(uint256 index, uint256 amount) external;

    /// @notice Makes a prover ineligible in later rounds and starts the exit delay. Only by its owner.
    function requestExit(uint256 index) external;

    /// @notice Returns the stake to the owner once the exit delay is over. Only by the owner.
    function withdraw(uint256 index) external;

    /// @notice Burns stake, of exiting provers too until they have withdrawn. Only by the court.
    /// @param amount wei; may be more than the stake
    /// @return burnt wei
    function slash(uint256 index, uint256 amount) external returns (uint256 burnt);

    /// @notice All that a forest verifier needs to know about the provers of a transcript.
    /// @param transcript two bytes a slot, at most 65,535 slots
    /// @param timestamp  the last moment that counts: the round's `eligibleAt`
    /// @return keys     the key of each slot; 0 where the transcript names nobody, nobody who was eligible, or somebody
    /// who holds `maxSlotsPerProver` earlier slots
    /// @return assigned big-endian uint16 per slot: how many slots that slot's prover holds; 0 where the key is 0
    /// @return named    distinct provers among them
    function resolve(
        bytes calldata transcript,
        uint48 timestamp
    ) external view returns (uint256[] memory keys, bytes memory assigned, uint256 named);

    /// @notice What `resolve` says of some slots: `keys` and, as the number of slots held, `assigned`. Costs little
    /// beyond a look at each entry of the transcript, because only the provers of these slots are loaded.
    /// @param transcript as for `resolve`
    /// @param timestamp  as for `resolve`
    /// @param slots      of the transcript, in any order
    /// @return of each of them, in the same order
    function resolveSlots(
        bytes calldata transcript,
        uint48 timestamp,
        uint256[] calldata slots
    ) external view returns (Holding[] memory);

    /// @return stakes wei, at the end of that second; 0 for an index that nobody had
    function stakesAt(uint256[] calldata indexes, uint48 timestamp) external view returns (uint96[] memory stakes);

    /// @return whether the prover was registered, not exiting and staked well enough at the end of that second
    function isEligible(uint256 index, uint48 timestamp) external view returns (bool);

    function proverOf(uint256 index) external view returns (Prover memory);
    function ownerOf(uint256 index) external view returns (address);
    /// @return the key, or 0 for an index that nobody has
    function keyOf(uint256 index) external view returns (uint256);
    /// @return the index, or 0 for a key that was never registered
    function indexOf(uint256 key) external view returns (uint256);
    function proverCount() external view returns (uint16);

    function token() external view returns (IB52Token);
    function verifier() external view returns (IForestVerifier);
    function deployer() external view returns (address);
    /// @return the bound rollup, or zero
    function rollup() external view returns (address);
    /// @return the bound court, or zero
    function court() external view returns (address);
    /// @return the least stake to register with, in wei
    function minStake() external view returns (uint256);
    /// @return the stake below which a prover is not eligible, in wei: what one forest can cost it, at most
    function eligibleStake() external view returns (uint256);
    /// @return slots of one forest that a prover can hold. Further ones count as assigned to nobody
    function maxSlotsPerProver() external view returns (uint256);
    /// @return seconds from `requestExit` to `withdraw`
    function exitDelay() external view returns (uint256);
    /// @return what a registration burns beside the stake, in wei
    function registrationFee() external view returns (uint256);
}
