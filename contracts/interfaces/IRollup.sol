// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Candidate} from "../types/Candidate.sol";
import {Head} from "../types/Head.sol";
import {Lane} from "../types/Lane.sol";
import {Outcome} from "../types/Outcome.sol";
import {Reveal} from "../types/Reveal.sol";
import {RoundId} from "../types/RoundId.sol";
import {Seed} from "../types/Seed.sol";
import {Terms} from "../types/Terms.sol";
import {IB52Token} from "./IB52Token.sol";
import {IBlobVerifier} from "./IBlobVerifier.sol";
import {IBridge} from "./IBridge.sol";
import {BurnRule} from "../libraries/Burns.sol";
import {IForestParts} from "./IForestParts.sol";
import {IForestVerifier} from "./IForestVerifier.sol";
import {IProverRegistry} from "./IProverRegistry.sol";
import {IRollupBase} from "./IRollupBase.sol";
import {IRollupExtension} from "./IRollupExtension.sol";
import {IScorer} from "./IScorer.sol";

/// @notice Deployment parameters. None of them can ever change.
struct Config {
    IB52Token token;
    IProverRegistry registry;
    IForestVerifier verifier;
    /// Remembers parts of forests that do not fit one transaction; zero: every submission brings all its proofs.
    IForestParts parts;
    /// Knows the blobs of a reveal.
    IBlobVerifier blobVerifier;
    /// Holds the asset that the L2 pays in, and queues operations from L1.
    IBridge bridge;
    /// How forests are counted, and candidates ranked.
    IScorer scorer;
    /// 0: provers are paid by block, each fulfilled slot of a paid candidate by its weight, out of the part of the
    /// reward that the block's commit offered. Above 0: fair pay. All commits offer this part, and it is divided into
    /// equal shares, one for each prover that fulfilled a slot of the candidate.
    uint256 fairShareBps;
    /// Takes signed commits; zero: nobody does.
    address relay;
    BurnRule burnRule;
    uint256 genesisRoot;
    /// Sum of the L2 balances at genesis, wei of the asset; below 2^96.
    uint256 genesisSupply;
    /// Seconds in which commits are taken where nothing was decided right before.
    uint256 proposalWindow;
    /// Seconds in which proofs are taken, reveals in its first quarter, and commits to the next height.
    uint256 acceptanceWindow;
    /// Least burn bid, BID_UNIT; above 0.
    uint256 minBid;
    /// The part of its bid that a commit forfeits if its parent won and it was not proven. A block that was proven and
    /// did not win forfeits of that one and a half times the part of its named provers that have no proven vote.
    uint256 forfeitBps;
    /// Ranked candidates beside the leader, at most 15.
    uint256 maxUncles;
    /// A paid uncle has at least this part of the winner's score.
    uint256 uncleMinScoreBps;
    /// The part of its bid that a paid uncle burns, beside what it forfeits for the silent; at most `forfeitBps`.
    uint256 uncleBurnBps;
    /// The part of the block reward that all paid uncles share; none of them earns more than that part of its bid.
    uint256 uncleRewardBps;
    /// Reward of height 1, wei of the native token; below 2^96.
    uint256 initialReward;
    /// Heights after which the reward halves.
    uint256 halvingInterval;
    /// What the builder of the L1 block with a prompt advance gets out of the winner's reward, at most; wei.
    uint256 advanceTip;
    /// Coefficients of a block's polynomial that a base node has: room for its operations, or for its transfers and
    /// their signatures.
    uint256 elementsPerBase;
}

/// @notice What a commit said, beside its transcript.
struct Opening {
    address proposer;
    Terms terms;
    bytes32 orderCommitment;
    /// Timestamp of the block that took the commit.
    uint256 committedAt;
}

/// @notice What a commit keeps secret: `Opening.orderCommitment` is made from it.
struct Order {
    /// Poseidon root over all elements of the block's nodes, signatures included.
    uint256 txsRoot;
    /// Transactions of the block: what it is ranked by, where its size counts.
    uint256 txCount;
    /// Versioned hashes of the blobs with the transfers' elements, in order; none without transfers.
    bytes32[] blobHashes;
    /// keccak256 of the operations that are due, 60 bytes each and nothing else.
    bytes32 operationsHash;
    bytes32 salt;
}

/// @notice A proven block. Its layouts are in docs/encodings.md; every number must be below FIELD, but for `dataEval`.
struct Submission {
    Opening opening;
    bytes transcript;
    uint256 nextStateRoot;
    uint256 txsRoot;
    uint256 fees;
    uint256 l1OpCount;
    /// As revealed, and so are `txsRoot`, `l1OpCount` and `dataEval`.
    uint256 txCount;
    uint256 withdrawalsRoot;
    /// Below BLOB_FIELD.
    uint256 dataEval;
    uint256 proversRoot;
    /// One word per 64 slots: bits 0-63 voted, 64-127 delivered, nothing else.
    uint256[] flags;
    /// C of the root proof.
    uint256 rootCommitment;
    /// Content of slots 1.., in slot order.
    uint256[] contents;
    /// VRF output of the worker of each slot, 0 for an anonymous one; empty if the round has no seed.
    uint256[] betas;
    /// 256 bytes per slot, in slot order. Empty if there are `cuts`.
    bytes proofs;
    /// Where one part of the forest ends and the next begins, if all parts were verified before (IForestParts); else
    /// empty.
    uint256[] cuts;
}

/// @notice What a court has verified of single nodes of one proposal.
struct HandIn {
    /// Of all contents of the forest that they are of (Candidate.contentsHash).
    bytes32 contentsHash;
    /// Nodes that were proven by the provers of their slots, in slot order.
    uint256[] slots;
    /// `Data.hashNode` of each.
    bytes32[] digests;
    /// One word per 64 slots: bits 0-63 votes that the nodes show, 64-127 `slots`.
    uint256[] flags;
    /// VRF outputs of `slots`, by slot; empty if the round has no seed.
    uint256[] betas;
    /// Of every prover that `flags` speaks of, once: how many slots of the forest it holds, and those slots.
    uint256[] holdings;
}

/// @notice Slots of one paid candidate that one prover fulfilled.
struct Claim {
    uint256 proposalId;
    bytes transcript;
    uint256[] slots;
}

/// @title The rollup
/// @notice Decides, height by height, which proposer's block becomes the next state of the L2.
///
/// Roles
/// - **Proposers** order transactions, win provers over, and bid. Each has a seat of two lanes: a deposit for odd
/// heights and one for even.
/// - **Provers** are keys in the registry. They vote off-chain for the nodes that they will prove, and their proofs
/// come with the block.
/// - **Anyone** reveals for a proposer, submits a finished forest, advances the state, or sends a claim for a prover's
/// owner. Nobody is an administrator: no parameter changes, nothing pauses.
///
/// Happy path
/// 1. `start`, once, when the bridge holds the asset that backs the genesis balances.
/// 2. `deposit` into the lane of the height's parity, then `commit`: terms, hidden order, transcript. One storage word.
/// 3. `reveal` in the first quarter of the acceptance window: the order is opened, and all that proofs of the block
/// need is published. The operations of the bridge's queue that are due in the round come first, in calldata; the
/// transfers follow in blobs, with their signatures. Blobs and operations may come in several transactions.
/// 4. `submitProof` until the acceptance window ends: the whole forest is verified at once, its distinct fulfilled
/// provers are counted, and the proposal becomes a candidate with the score that the policy gives it. The best
/// `1 + maxUncles` are ranked.
/// 5. After the window the leader becomes the final block, its bid burns, and rewards are fixed. Ranked candidates
/// close enough to it are uncles: they burn a part of their bid and share a smaller reward. `advance` does that, or any
/// action that comes later.
/// 6. `claimProver` and `claimProposer` pull what was earned, any time later; IBridge.claimFees the fees.
///
/// Pipelining
/// - The acceptance window of a height is the proposal window of the next one. A commit in it names the seat of the
/// block that it builds on (`terms.parentRef`) and lives only if that block wins. Its reveal window then opens in the
/// second in which the height before is decided. One seat may commit one proposal per parent on one deposit
/// (`commitBranch`).
/// - Without such a commit the advance opens a fresh round: a proposal window first, and `parentRef` 0.
///
/// Unhappy paths
/// - Nobody proves in time, or nobody reveals in time: the attempt expires. The next commit carries `attempt + 1` and
/// opens its windows. Old votes and commits are dead, because the attempt is in the proposalId, and so are commits to
/// the next height. A chain that was just started is in the same situation.
/// - A commit whose parent won and that is not proven forfeits `forfeitBps` of its bid: late, missing and unproven
/// reveals alike. A commit whose parent lost is free. Either way anyone frees the lane with `settle`; until then the
/// lane takes no other commit and lets no deposit go.
/// - A poorer forest of a proposal gets to L1 first: the same proposal may be submitted again. Votes and deliveries are
/// united per slot, so nothing that was once proven is ever lowered. A submission that raises nothing is refused.
/// - A forest leaves proofs or votes out: anybody hands single proofs in (IProverCourt), before there is a candidate or
/// after.
/// - A candidate that does not reach the ranking, or is pushed out of it, keeps what it has proven, and may come back
/// with more.
/// - Without any fulfilled prover a block scores 0 and earns no reward. It still wins when it is ranked first, so
/// withholding cannot stop the chain.
/// - Ties: the earlier commit, then the smaller proposalId.
/// - Advancing calls nobody but the native token and the policies, so no candidate can block it. The asset is only
/// moved by claims.
/// - No block comes for a very long time: the bridge freezes the rollup (IBridge.freeze). From then on nothing can be
/// committed, revealed, proven or decided. What was earned stays claimable, commits of the round that the freeze has
/// ended forfeit nothing, and deposits leave as ever.
interface IRollup is IRollupExtension, IRollupBase {
    /* EVENTS */

    event Started(uint256 genesisRoot, uint256 genesisSupply);
    /// @param parent      proposalId of the block to build on; 0 for genesis
    /// @param opens       when its proposal window began
    /// @param isPipelined whether that window was the acceptance window of the height before, and is over
    event RoundOpened(RoundId indexed roundId, uint256 indexed parent, uint256 opens, bool isPipelined);
    event SeatTaken(address indexed proposer, uint256 indexed seat);
    /// @param amount  BID_UNIT
    /// @param balance of the lane afterwards, BID_UNIT
    event Deposited(address indexed proposer, uint256 indexed lane, uint256 amount, uint256 balance);
    event Withdrawn(address indexed proposer, uint256 indexed lane, uint256 amount, uint256 balance);
    event Committed(
        address indexed proposer,
        Terms terms,
        bytes32 orderCommitment,
        uint256 committedAt,
        bytes transcript
    );
    /// @notice A commit that was never proven is accounted for, and its lane is free.
    /// @param forfeited BID_UNIT; 0 if its parent lost
    event Settled(address indexed proposer, RoundId indexed roundId, uint256 forfeited);
    /// @notice The operations from L1 that a proposal begins with were published. Not emitted where none are due.
    /// @param operations 60 bytes each
    event OperationsRevealed(uint256 indexed proposalId, bytes operations);
    /// @notice The operations and all blobs of a proposal are published.
    /// @param dataEval   the block's polynomial at `Proposals.dataPoint`
    /// @param l1OpCount  operations from L1 that it begins with
    /// @param blobHashes versioned hashes, in order
    event Revealed(
        uint256 indexed proposalId,
        address indexed proposer,
        RoundId indexed roundId,
        uint256 txsRoot,
        uint256 txCount,
        uint256 dataEval,
        uint256 l1OpCount,
        bytes32[] blobHashes
    );
    /// @param place in the ranking now, 0 first; `1 + maxUncles` if it does not reach it
    /// @param silent named provers of whom no vote is proven: a block that does not win forfeits for them
    /// @param flags united over all submissions of the proposal
    event CandidateProven(
        uint256 indexed proposalId,
        RoundId indexed roundId,
        uint256 place,
        uint256 score,
        uint256 provers,
        uint256 silent,
        uint256 fulfilledWeight,
        uint256 nextStateRoot,
        uint256 fees,
        uint256[] flags
    );
    /// @notice Proofs of single nodes were taken.
    /// @param slots whose own provers made them; those of anonymous nodes, which only show votes, are not among them
    event HandedIn(uint256 indexed proposalId, uint256[] slots);
    /// @notice Votes that were shown before there is a candidate, and count from its first forest on.
    /// @param word  of the flags: its slots are `64 * word` and the 63 after it
    /// @param votes one bit a slot
    event VotesKept(uint256 indexed proposalId, uint256 word, uint256 votes);
    /// @param amount wei of the native token, to be claimed as a proposer claims
    event Tipped(address indexed builder, RoundId indexed roundId, uint256 amount);
    /// @notice A candidate was paid: the winner (place 0) or an uncle.
    /// @param burnt          of its bid, BID_UNIT
    /// @param proverUnit     wei of the native token for one unit of fulfilled weight; under fair pay, for each prover
    /// @param proposerReward wei of the native token
    /// @param fees           wei of the asset, those of its transfers and of its operations; 0 for an uncle
    event CandidatePaid(
        uint256 indexed proposalId,
        address indexed proposer,
        uint256 place,
        uint256 burnt,
        uint256 proverUnit,
        uint256 proposerReward,
        uint256 fees
    );
    /// @param minted for the winner and all uncles, wei
    /// @param burnt  by the winner and all uncles, wei
    event Advanced(
        RoundId indexed roundId,
        uint256 indexed proposalId,
        uint256 stateRoot,
        uint256 minted,
        uint256 burnt
    );
    event ProverClaimed(uint256 indexed proverIndex, uint256 indexed proposalId, uint256[] slots, uint256 amount);
    event ProposerClaimed(address indexed proposer, address indexed to, uint256 rewards);

    /* ERRORS */

    /// @notice A constructor argument is outside of what the rollup can work with.
    error InvalidParameter(string name, uint256 value);
    /// @notice Two contracts of one deployment were given different ones.
    error Mismatch(string name, address actual, address expected);
    /// @notice The bridge has ended the chain.
    error IsFrozen();
    error NotBridge(address caller, address bridge);
    /// @notice A block was proven that can be advanced, now or when the window is over.
    error CandidateAlive(RoundId roundId);
    error NotStarted();
    /// @notice The token, the registry or the bridge serves another rollup, or none yet.
    error NotBound(address contractAddress, address rollup);
    error UnknownLane(uint256 lane);
    /// @notice More than the 40 bits of a lane's deposit have room for.
    error DepositTooHigh(uint256 amount, uint256 room);
    error InsufficientDeposit(uint256 deposit, uint256 requested);
    /// @notice The lane backs a commit that is open, or neither proven nor settled.
    error LaneInUse(address proposer, uint256 lane);
    error SeatsTaken(uint256 seats);

    error MalformedTerms(Terms terms);
    /// @notice A commit to the next height must name its parent's seat; any other must not.
    error UnknownParent(uint256 parentRef);
    /// @notice Under fair pay all commits offer the same.
    error ShareOutOfRange(uint256 proverShareBps, uint256 least, uint256 most);
    error WrongRound(RoundId roundId, RoundId expected);
    error BidTooLow(uint256 burnBid, uint256 minBid);
    error BidAboveDeposit(uint256 burnBid, uint256 deposit);
    error MalformedTranscript(uint256 length, uint256 expectedLength);
    /// @notice One commit per lane and round, and per parent.
    error AlreadyCommitted(address proposer, RoundId roundId, uint256 parentRef);
    /// @notice The lane's last commit was neither proven nor settled.
    error Unsettled(address proposer, uint256 lane);
    error NotRelay(address caller, address relay);
    error WrongRoundNumber(uint256 roundNumber, uint256 expected);
    error NothingToSettle(address proposer, RoundId roundId);
    /// @notice The commit may still be proven.
    error RoundOpen(RoundId roundId);

    error RevealClosed(uint256 timestamp, uint256 proposalEnds, uint256 revealEnds);
    /// @notice Another block won than the one that the commit builds on.
    error DeadParent(uint256 parentRef, uint256 winnerRef);
    /// @notice The opening is not what the proposer committed to in this lane and round.
    error WrongOpening(uint192 digest, uint192 committedDigest);
    error WrongOrder(bytes32 orderCommitment, bytes32 committedOrder);
    /// @notice More than any block of the round can need for its transfers.
    error TooManyBlobs(uint256 blobs, uint256 most);
    /// @notice The order has no blob with this number.
    error UnknownBlob(uint256 number, uint256 blobs);
    error WrongOperationsHash(bytes32 operationsHash, bytes32 committedHash);
    /// @notice Nothing is missing: operations and all blobs are published.
    error AlreadyRevealed(uint256 proposalId);

    error SubmitClosed(uint256 timestamp, uint256 proposalEnds, uint256 acceptanceEnds);
    error NotRevealed(uint256 proposalId);
    /// @notice `txsRoot`, `txCount`, `dataEval` or `l1OpCount` are not what was revealed.
    error WrongReveal(Reveal reveal, Reveal revealed);
    /// @notice Nothing here remembers parts of forests.
    error NoParts();
    /// @notice Some proof is not one of what is claimed.
    error InvalidForest(uint256 proposalId);
    error TooManyTransactions(uint256 txCount, uint256 maxCount);
    error NotCourt(address caller, address court);
    error WrongContents(bytes32 contentsHash, bytes32 provenContentsHash);
    /// @notice A resubmission or a hand-in adds no vote and no delivery that counts, and raises no score. Before there
    /// is a candidate: everything in a hand-in was handed in before, or it is the root's.
    error NoImprovement(uint256 provers, uint256 fulfilledWeight);

    error AdvanceTooEarly(uint256 timestamp, uint256 acceptanceEnds);
    error NothingProven(RoundId roundId);

    error UnknownProver(uint256 proverIndex);
    error NotPaid(uint256 proposalId);
    error NotFinal(uint256 proposalId);
    error WrongTranscript(bytes32 transcriptHash, bytes32 provenTranscriptHash);
    error UnknownSlot(uint256 slot, uint256 slotCount);
    error NotAssigned(uint256 proposalId, uint256 slot, uint256 proverIndex, uint256 assignedIndex);
    error NotFulfilled(uint256 proposalId, uint256 slot);
    error AlreadyClaimed(uint256 proposalId, uint256 slot);
    error NothingToClaim(address proposer);

    /* ROUNDS */

    /// @notice Commits to a secret order, an offer, and an assignment of provers.
    /// @param terms           `IRoundView.roundState(..).commitRoundId`, prover share, burn bid; if that is the next
    /// height, the seat of the parent, else 0
    /// @param orderCommitment Proposals.orderCommitment
    /// @param transcript      one uint16 prover index per slot
    function commit(Terms terms, bytes32 orderCommitment, bytes calldata transcript) external;

    /// @notice The same for a proposer who signed it. Only by the relay.
    /// @param roundNumber of the round that it was signed for: a failed attempt and the next one take commits to the
    /// same next height
    function commitFor(
        address proposer,
        Terms terms,
        bytes32 orderCommitment,
        bytes calldata transcript,
        uint256 roundNumber
    ) external;

    /// @notice Verifies a forest and ranks its proposal. By anyone. Malformed proofs, flags and contents get
    /// IForestVerifier's errors.
    /// @return proposalId
    /// @return place in the ranking, 0 first; `1 + maxUncles` if it does not reach it
    function submitProof(Submission calldata submission) external returns (uint256 proposalId, uint256 place);

    /// @notice Takes proofs of single nodes, verified: as delivered by their provers, and for the votes that they show.
    /// In the acceptance window, for a revealed proposal. Only by the registry's court.
    ///
    /// Before there is a candidate only deliveries are kept, and count if the first forest has the same nodes with the
    /// same children. From the end of the third quarter on votes that are new are left out.
    /// @return proposalId
    function recordHandIn(
        Opening calldata opening,
        bytes calldata transcript,
        HandIn calldata handIn
    ) external returns (uint256 proposalId);

    /// @notice Makes the leading candidate final, pays it and the uncles, and opens the next height. By anyone.
    function advance() external;

    /* CLAIMS */

    /// @notice Pays a prover's slots of any number of rounds to its owner, in one transfer. By anyone. Under fair pay
    /// one fulfilled slot of each candidate is named, whichever it is.
    /// @return amount wei of the native token
    function claimProver(uint256 proverIndex, Claim[] calldata claims) external returns (uint256 amount);

    /* READING: the words that are stored, to be read with the types of `contracts/types/` */

    /// @return all of the open round in one word. What may be done now, and until when: IRoundView
    function head() external view returns (Head);

    /// @return the seed of a recent height; 0 unless the score policy uses betas
    function seedOf(uint256 height) external view returns (Seed);

    /// @param height or its parity
    /// @return the proposer's deposit for such heights, and its last commit to one of them, whatever its round
    function laneOf(address proposer, uint256 height) external view returns (Lane);

    /// @return the seat's last further commit with this parent, whatever its round; it has no deposit of its own
    function branchOf(address proposer, uint256 height, uint256 parentRef) external view returns (Lane);

    /// @return how this height was decided, if `isOf(height)`; else it is undecided, or more than 1,023 below the last
    /// decided one
    function outcomeOf(uint256 height) external view returns (Outcome);

    /// @return the words that are stored of it, to be read with their types; all zero where there is none
    function candidateOf(uint256 proposalId) external view returns (Candidate memory);

    /// @return united flags of a candidate, with what was paid; before there is one, what was handed in
    function flagsOf(uint256 proposalId) external view returns (uint256[] memory);

    /// @return proposalIds of the open round's ranking, best first
    function ranking() external view returns (uint256[] memory);

    /// @return root of the exits of a final block; reverts for any other
    function withdrawalsRootOf(uint256 proposalId) external view returns (uint256);

    /// @return the reward of a height before scaling, wei
    function blockReward(uint256 height) external view returns (uint256);

    /// @return the code that runs what IRollupExtension has, on the storage of the rollup
    function extension() external view returns (address);
}
