// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IClaimVerifier} from "./IClaimVerifier.sol";
import {IRollup} from "./IRollup.sol";

/// @notice A forced operation that its account's owner has signed.
struct SignedOperation {
    /// Who signed: the `l1Owner` of the account `from`.
    address l1Owner;
    uint16 from;
    /// 0: an exit.
    uint16 to;
    /// A float, as in transfers.
    uint32 amount;
    /// Over `operationHash`.
    bytes signature;
}

/// @notice One exit of a final block.
struct ExitClaim {
    uint256 proposalId;
    /// Base index << 16 | leaf index.
    uint256 position;
    /// The packed leaf: amount (a float) << 160 | owner.
    uint256 exit;
}

/// @title The bridge
/// @notice Holds the asset that the L2 pays in, and is the only way in and out of the L2 that no proposer can refuse.
///
/// Roles
/// - **Anyone** deposits to an L2 account, for any owner on L1, or posts what owners have signed.
/// - **Owners**, the L1 addresses that L2 accounts name (`l1Owner`), force transfers and exits of their accounts, and
/// are paid their exits.
/// - **Proposers** collect the fees of the blocks that won.
/// - **The rollup** says what is due, what was proven and what is final.
/// Nobody is an administrator: the deployer names the rollup once, with `bind`, and nothing pauses or changes.
///
/// Way in
/// 1. A deposit, a forced transfer or a forced exit is posted, and pays `operationFee`. It gets the next number of a
/// queue, of which one word an operation is kept: the keccak chain up to
///    it, and when it was posted.
/// 2. Every round has a **cut**, a moment that was fixed before anybody could commit to it. *Due* in it are the first
/// unsettled operations that were posted before the cut, at most
///    `maxOperations`. All blocks of the round begin with exactly these (`requireQueued`), or cannot be revealed.
/// 3. When a block becomes final its operations leave the queue, and their fees are its proposer's. An operation that
/// cannot be applied has no effect on the L2 by the rules of the
///    circuits; a deposit like that becomes an exit to its owner.
///
/// Way out
/// 1. A transfer to account 0, a forced exit, or an inapplicable deposit is an exit: a leaf of the block's
/// `withdrawalsRoot`.
/// 2. Once the block is final, anybody proves exits and `claimExits` pays each to its owner, once.
///
/// If no block comes for `escapeDelay`, and none is proven that could still become final, anybody may `freeze`. That is
/// final: no block is ever decided again. Owners take the balances that their accounts have under the last state root
/// (`escape`), which they can work out from L1 and the blobs that its blocks name, and what the queue still holds goes
/// back to the owners it names (`refund`). Exits and fees stay claimable.
///
/// `backing` is what the bridge owes, and holds: the L2's balances, deposits in the queue, exits that were not claimed,
/// and fees, those that proposers have not claimed and those of operations in the queue.
///
/// Warning: the asset must not rebase, and must not take a fee on transfers, or the L2 would not stay backed.
interface IBridge {
    /* EVENTS */

    /// @notice The only contract that says what is final, for ever.
    event Bound(address indexed rollup);
    /// @param genesisSupply wei that back the genesis balances
    event Started(uint256 genesisSupply);
    /// @param operation 60 bytes, see docs/encodings.md
    event OperationPosted(uint256 indexed index, bytes operation, uint256 postedAt);
    /// @param amount wei
    event ExitClaimed(uint256 indexed proposalId, uint256 indexed position, address indexed owner, uint256 amount);
    /// @param fees wei
    event FeesClaimed(address indexed proposer, address indexed to, uint256 fees);
    /// @param stateRoot that accounts escape from
    event Frozen(uint256 stateRoot);
    /// @param index of the account
    /// @param amount wei
    event Escaped(uint256 indexed index, address indexed owner, uint256 amount);
    /// @param index of the operation
    /// @param amount wei: its fee, and what it deposited
    event Refunded(uint256 indexed index, address indexed owner, uint256 amount);

    /* ERRORS */

    /// @notice A constructor argument is outside of what the bridge can work with.
    error InvalidParameter(string name, uint256 value);
    error NotDeployer(address caller, address deployer);
    error AlreadyBound(address rollup);
    error InvalidRollup(address rollup);
    error NotRollup(address caller, address rollup);
    error AlreadyStarted();
    /// @notice The rollup was not started yet.
    error NotStarted();
    error NotBacked(uint256 balance, uint256 genesisSupply);
    error IsFrozen();
    error NotFrozen();

    /// @notice Account 0 is nobody's, and numbers have 16 bits.
    error InvalidAccount(uint256 account);
    /// @notice 0, or not below the field order.
    error InvalidKey(uint256 key);
    error InvalidOwner(address l1Owner);
    /// @notice A deposit of nothing, or more than any balance can be.
    error InvalidAmount(uint32 amount, uint256 value);
    /// @notice All that the bridge owes must stay below 2^96 wei.
    error NoRoom(uint256 amount, uint256 room);
    error NothingToPost();
    /// @notice Neither by the owner's key nor by its contract.
    error InvalidSignature(address l1Owner, uint256 nonce);

    /// @notice Not as many operations as are due, at 60 bytes each.
    error WrongLength(uint256 length, uint256 expectedLength);
    /// @notice Other operations than those that are due, or in another order.
    error WrongOperations(uint216 chain, uint216 queuedChain);
    /// @notice More than all that the bridge owes.
    error AboveBacking(uint256 amount, uint256 backing);

    error InvalidClaimCount(uint256 claims, uint256 maxClaims);
    error InvalidPosition(uint256 position);
    error InvalidExit(uint256 exit);
    error AlreadyClaimed(uint256 proposalId, uint256 position);
    error InvalidExitProof();
    error NothingToClaim(address proposer);

    /// @notice The chain is alive: a block came not long ago.
    error FreezeTooEarly(uint256 timestamp, uint256 from);
    error AlreadyEscaped(uint256 index);
    error InvalidEscapeProof(uint256 index);
    /// @notice Not in the queue, or settled.
    error NotQueued(uint256 index, uint256 settled, uint256 posted);
    error WrongOperation(uint256 index, uint216 chain, uint216 queuedChain);
    error AlreadyRefunded(uint256 index);

    /* BINDING */

    /// @notice Fixes the rollup. Once, by the deployer.
    function bind(address rollup) external;

    /* WAY IN */

    /// @notice Posts a deposit, and pulls its amount and `operationFee` from the caller.
    /// @param to      L2 account; if it is empty the deposit opens it. One with another key or owner makes the deposit
    /// an exit to `l1Owner`
    /// @param amount  a float, as in transfers
    /// @param key     of the account, the y coordinate of a Baby Jubjub public key
    /// @param l1Owner of the account; the receiver of whatever comes back
    /// @return index of the operation
    function deposit(uint16 to, uint32 amount, uint256 key, address l1Owner) external returns (uint256 index);

    /// @notice Posts a transfer of an account that the caller owns, and pulls `operationFee`. Without effect if the
    /// account is another's, or has too little, or the receiver is empty.
    /// @return index of the operation
    function forceTransfer(uint16 from, uint16 to, uint32 amount) external returns (uint256 index);

    /// @notice Posts an exit from an account that the caller owns, and pulls `operationFee`. Without effect if the
    /// account is another's, or has too little.
    /// @return index of the operation
    function forceExit(uint16 from, uint32 amount) external returns (uint256 index);

    /// @notice Posts forced operations that their owners signed, in this order, and pulls `operationFee` for each from
    /// the caller. By anyone; a proposer may post such an include list with its commit.
    /// @return firstIndex of the first operation; the others follow
    function include(SignedOperation[] calldata list) external returns (uint256 firstIndex);

    /* WAY OUT */

    /// @notice Pays exits of final blocks to their owners. By anyone.
    /// @param list       1 to CLAIMS_PER_PROOF exits, of any final blocks
    /// @param commitment C of the proof
    /// @param proof      256 bytes
    function claimExits(ExitClaim[] calldata list, uint256 commitment, bytes calldata proof) external;

    /// @notice Pays all of the caller's fees, those of L2 transfers and those of operations, to `to`.
    /// @return fees wei
    function claimFees(address to) external returns (uint256 fees);

    /* WHEN NO BLOCK COMES */

    /// @notice Ends the chain for ever. By anyone, if no block has become final for `escapeDelay`. The rollup refuses
    /// with IRollup.CandidateAlive while a proven block could still be advanced.
    function freeze() external;

    /// @notice Pays an account's balance under the frozen root to its owner, once. By anyone.
    /// @param index   of the account
    /// @param balance wei
    /// @param proof   256 bytes
    function escape(uint256 index, address l1Owner, uint256 balance, bytes calldata proof) external;

    /// @notice Pays back an operation that was never settled, to the owner that it names: its fee and what it
    /// deposited. By anyone, after the freeze, once.
    /// @param operation 60 bytes
    function refund(uint256 index, bytes calldata operation) external;

    /* ROLLUP ONLY */

    /// @notice Begins. The bridge must hold the genesis supply.
    function start(uint256 genesisSupply) external;

    /* READING */

    /// @notice Reverts unless these are the `count` operations from number `first` on, in order and nothing else.
    /// @param count      as `dueAfter` tells it
    /// @param operations 60 bytes each
    function requireQueued(uint256 first, uint256 count, bytes calldata operations) external view;

    /// @notice What is due in a round with this cut, while nothing else is settled.
    /// @return first index
    /// @return count from `first` on
    function dueOperations(uint256 queueCut) external view returns (uint256 first, uint256 count);

    /// @notice The same for a round before which all operations below `first` will have been settled.
    /// @param first not below what is settled
    function dueAfter(uint256 first, uint256 queueCut) external view returns (uint256 count);

    /// @notice Reverts if the bridge is frozen, or if a block's fees are more than the L2 can have.
    function requireRunning(uint256 fees) external view;

    /// @return wei that the bridge owes: balances, queued deposits, exits and fees
    function backing() external view returns (uint256);
    /// @return settled operations that are part of final blocks: the index of the first one in the queue
    /// @return posted  operations ever
    function queue() external view returns (uint256 settled, uint256 posted);
    /// @return chain    the keccak chain up to the operation
    /// @return postedAt seconds; 0: never posted
    function operationOf(uint256 index) external view returns (uint216 chain, uint256 postedAt);
    /// @return when the last block became final, or the rollup was started, seconds; 0: not started
    function lastAdvanceAt() external view returns (uint256);
    function isFrozen() external view returns (bool);
    function isClaimed(uint256 proposalId, uint256 position) external view returns (bool);
    function isEscaped(uint256 index) external view returns (bool);
    function isRefunded(uint256 index) external view returns (bool);

    /// @return what the owner of an account signs: EIP-712 `ForcedOperation(address l1Owner,uint16 from,uint16
    /// to,uint32 amount,uint256 nonce)`
    function operationHash(
        address l1Owner,
        uint16 from,
        uint16 to,
        uint32 amount,
        uint256 nonce
    ) external view returns (bytes32);
    /// @return the nonce that the owner's next signed operation carries
    function nonceOf(address l1Owner) external view returns (uint256);

    function deployer() external view returns (address);
    /// @return the bound rollup, or zero
    function rollup() external view returns (IRollup);
    function asset() external view returns (IERC20);
    function claims() external view returns (IClaimVerifier);
    /// @return wei that every operation pays
    function operationFee() external view returns (uint256);
    function maxOperations() external view returns (uint256);
    /// @return seconds
    function escapeDelay() external view returns (uint256);
}
