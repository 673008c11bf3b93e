// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IForestVerifier} from "./IForestVerifier.sol";
import {IProverRegistry} from "./IProverRegistry.sol";
import {RoundId} from "../types/RoundId.sol";
import {IRollup, Opening} from "./IRollup.sol";

/// @notice Deployment parameters. None of them can ever change.
struct CourtConfig {
    /// Seconds after the acceptance window in which late proofs are taken.
    uint256 appealWindow;
    /// Seconds after that in which slots are slashed.
    uint256 slashWindow;
    /// What a withheld slot costs at the highest rate, wei; at most `eligibleStake` for all that a prover can hold.
    uint256 slashPerSlot;
    /// The rate for a prover without recent misses, 1/10,000 of `slashPerSlot`.
    uint256 baseRateBps;
    /// What a slot costs where nothing shows that its prover could have proven it in time, wei; at most the smallest
    /// slash.
    uint256 noShowFee;
}

/// @notice One node's proof, made with the key of the prover that its slot is assigned to.
struct NodeProof {
    /// From 1: the root cannot be proven without its forest.
    uint256 slot;
    /// VRF output; 0 in a round without a seed.
    uint256 beta;
    /// Which votes for its children the proof shows, one bit a child. It counts for nothing here, but is a public
    /// input.
    uint256 mask;
    /// Content of slots 1.., in slot order. Before there is a candidate only those of the slot and of its children
    /// matter.
    uint256[] contents;
    /// 256 bytes.
    bytes proof;
}

/// @notice What a slot has been charged.
enum Verdict {
    None,
    /// The no-show fee.
    Fee,
    /// A slash, which the fee is a part of.
    Full
}

/// @title The prover court
/// @notice Where provers answer for what they promised: a slot that its prover voted for, of a block that mattered,
/// without that prover's proof.
///
/// Nobody accuses and nobody judges. All windows follow from the end of the candidate's acceptance window, anyone may
/// take any step, and what is slashed is burnt, so that nobody gains by it.
///
/// 1. **Hand-in**, until the acceptance window ends: a prover whose proof the proposer leaves out, or who cannot wait
/// for the proposer, posts it itself. It counts as delivered and earns.
/// 2. **Appeal**, in `[acceptanceEnds, + appealWindow)`: a proof that is late. It earns nothing, and leaves the no-show
/// fee to be paid: whose fault it was that it is late cannot be shown.
/// 3. **Slash**, in `[acceptanceEnds + appealWindow, + slashWindow)`: a slot that was voted for and not delivered is
/// charged. With the prover's **receipt**, signed by its owner
///    after the reveal ("I have what I need for this node"), and without an appeal, that is `slashPerSlot` times the
/// prover's rate; in every other case the no-show fee. A receipt that turns up later
///    still makes up the difference. So a proposer that hides what provers need cannot slash them, and a proposal that
/// was never revealed or proven cannot be brought here.
///
/// What matters: candidates that were paid, and those whose score would have reached the lowest one that was paid if
/// all provers that voted had delivered; else withholding from a rival would be free. Where a policy scores by VRF
/// outputs nobody can say what a missing one would have been: there only paid candidates count. The root's slot is
/// exempt.
///
/// In one round a prover pays the largest of its slashes, once: what the slots of one candidate come to, and only what
/// another candidate's come to beyond that. So a proposer that fills a round with candidates cannot take more of a
/// stake than one of them.
///
/// The rate is `baseRateBps * (1 + misses)`, up to the whole. A full slash adds a miss; `redeem` takes one away for
/// every slot that the prover has fulfilled since its last miss.
interface IProverCourt {
    event Appealed(uint256 indexed proposalId, uint256 indexed slot);
    /// @param burnt wei; less than what was due where the stake did not cover it, or the round had charged it already
    event Slashed(
        uint256 indexed proposalId,
        uint256 indexed slot,
        uint256 indexed proverIndex,
        Verdict verdict,
        uint256 burnt
    );
    /// @param misses that are left
    event Redeemed(uint256 indexed proverIndex, uint256 indexed proposalId, uint256[] slots, uint256 misses);

    /// @notice A constructor argument, or what the rollup and its registry were deployed with, is outside of what the
    /// court can work with.
    error InvalidParameter(string name, uint256 value);
    error RootIsExempt(uint256 proposalId);
    error UnknownSlot(uint256 slot, uint256 slotCount);
    error UnknownCandidate(uint256 proposalId);
    error WrongTranscript(bytes32 transcriptHash, bytes32 provenTranscriptHash);
    error MalformedContents(uint256 length, uint256 expectedLength);
    error WrongContents(bytes32 contentsHash, bytes32 provenContentsHash);
    /// @notice The slot has no prover, or one that was not eligible.
    error Unassigned(uint256 proposalId, uint256 slot);
    /// @notice The proof is not one of that node by that prover.
    error InvalidNodeProof(uint256 proposalId, uint256 slot);
    error NotVoted(uint256 proposalId, uint256 slot);
    error AlreadyDelivered(uint256 proposalId, uint256 slot);
    error AppealClosed(uint256 timestamp, uint256 from, uint256 until);
    error AlreadyAppealed(uint256 proposalId, uint256 slot);
    error SlashClosed(uint256 timestamp, uint256 from, uint256 until);
    /// @notice The height is decided but nobody has advanced yet. Anyone may.
    error NotAdvanced(uint256 height);
    /// @param committedScore what the candidate would have scored if all provers that voted had delivered; what it has
    /// where that is unknowable
    error NotLiable(uint256 proposalId, uint256 committedScore, uint256 lowestPaidScore);
    error InvalidReceipt(uint256 proposalId, uint256 slot, address owner);
    error AlreadySlashed(uint256 proposalId, uint256 slot, Verdict verdict);
    error NotPaid(uint256 proposalId);
    /// @notice The slots were fulfilled before the prover's last miss, or in the same round.
    error TooOld(uint256 acceptanceEnds, uint256 lastMissAt);
    error NothingToRedeem(uint256 proverIndex);
    error TooManySlots(uint256 slots, uint256 misses);
    error NotAssigned(uint256 proposalId, uint256 slot, uint256 proverIndex, uint256 assignedIndex);
    error NotFulfilled(uint256 proposalId, uint256 slot);
    error AlreadyRedeemed(uint256 proposalId, uint256 slot);

    /// @notice Delivers a node's proof straight to L1, in the acceptance window of a revealed proposal, whether it is a
    /// candidate yet or not. By anyone; only the prover can make the proof. The rollup's errors say what is wrong with
    /// the opening or the time, IForestVerifier's what is malformed about the proof.
    /// @return proposalId
    function handIn(
        Opening calldata opening,
        bytes calldata transcript,
        NodeProof calldata node
    ) external returns (uint256 proposalId);

    /// @notice Shows that the prover of an undelivered slot had a proof after all. By anyone.
    function appeal(uint256 proposalId, bytes calldata transcript, NodeProof calldata node) external;

    /// @notice Charges a slot that was voted for and not delivered. By anyone.
    /// @param receipt signature over `receiptHash` by the prover's owner; empty: none
    /// @return burnt wei
    function slash(
        uint256 proposalId,
        uint256 slot,
        bytes calldata transcript,
        bytes calldata receipt
    ) external returns (uint256 burnt);

    /// @notice Takes one miss of a prover away for each slot of a paid candidate that it fulfilled since. By anyone.
    function redeem(
        uint256 proverIndex,
        uint256 proposalId,
        bytes calldata transcript,
        uint256[] calldata slots
    ) external;

    /// @return what the receipt for a slot signs: EIP-712 `Receipt(uint256 proposalId,uint16 slot)`
    function receiptHash(uint256 proposalId, uint256 slot) external view returns (bytes32);

    /// @return isAppealed whether a late proof was shown
    /// @return verdict    what it was charged
    function rulingOf(uint256 proposalId, uint256 slot) external view returns (bool isAppealed, Verdict verdict);

    /// @return misses     that were not redeemed, up to the one that makes the rate whole
    /// @return lastMissAt end of the acceptance window of the latest one, seconds
    function recordOf(uint256 proverIndex) external view returns (uint32 misses, uint40 lastMissAt);

    /// @return wei that a prover was charged for its slots of a round: the largest that one candidate's came to
    function chargedIn(RoundId roundId, uint256 proverIndex) external view returns (uint256);

    /// @return what the prover's next full slash takes of `slashPerSlot`, 1/10,000
    function rateOf(uint256 proverIndex) external view returns (uint256);

    function isRedeemed(uint256 proposalId, uint256 slot) external view returns (bool);

    function rollup() external view returns (IRollup);
    function registry() external view returns (IProverRegistry);
    function verifier() external view returns (IForestVerifier);
    function appealWindow() external view returns (uint256);
    function slashWindow() external view returns (uint256);
    function slashPerSlot() external view returns (uint256);
    function baseRateBps() external view returns (uint256);
    function noShowFee() external view returns (uint256);
}
