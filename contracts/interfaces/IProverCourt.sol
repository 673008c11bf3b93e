// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IForestVerifier} from "./IForestVerifier.sol";
import {IProverRegistry} from "./IProverRegistry.sol";
import {ContentGroups} from "../libraries/Contents.sol";
import {RoundId} from "../types/RoundId.sol";
import {IRollup, Opening} from "./IRollup.sol";

/// @notice Deployment parameters. None of them can ever change.
struct CourtConfig {
    /// Seconds after the acceptance window in which provers are slashed.
    uint256 slashWindow;
    /// The rate for a prover without recent misses, 1/10,000 of what one candidate can cost it.
    uint256 baseRateBps;
}

/// @notice The proof of one base or merge node of a block.
struct NodeProof {
    uint256 slot;
    /// Whether it was made without a key: then it only shows its mask.
    bool isAnonymous;
    /// VRF output; 0 of an anonymous one, and in a round without a seed.
    uint256 beta;
    /// Which votes for its children a merge shows, bit i for child i; 0 of a base.
    uint256 mask;
}

/// @notice The proof of a root, and what it opens of its block: as in Statement.
struct RootProof {
    uint256 nextStateRoot;
    uint256 txsRoot;
    uint256 fees;
    uint256 l1OpCount;
    uint256 txCount;
    uint256 withdrawalsRoot;
    /// Below BLOB_FIELD.
    uint256 dataEval;
    uint256 proversRoot;
    /// C of the root proof.
    uint256 rootCommitment;
    /// Whether it was made without a key: then it only shows its mask.
    bool isAnonymous;
    /// VRF output; 0 of an anonymous one, and in a round without a seed.
    uint256 beta;
    /// Which votes it shows: bit i for child i, and after the last child's one for the root itself.
    uint256 mask;
}

/// @title The prover court
/// @notice Where provers answer for what they promised. Everything that a proof needs is on L1 or in blobs when a block
/// is revealed, so of every assigned slot without a fulfilled proof it is known whose fault that is: a slot that its
/// prover did not vote for is the proposer's, who pays for it when it forfeits (IRollup); one that was voted for and
/// not delivered is the prover's, who pays for it here.
///
/// Nobody accuses and nobody judges. All windows follow from the end of the candidate's acceptance window, anyone may
/// take any step, and what is slashed is burnt, so that nobody gains by it.
///
/// 1. **Hand-in**, until the acceptance window ends: anybody posts proofs of single nodes that a block's forests leave
/// out, once the block is revealed. A node that its slot's prover has proven counts as delivered, and earns. A merge
/// shows votes for its children, whoever has proven it, so that no forest can hide them. Until there is a candidate
/// nobody can say which children a merge has: a delivery is kept, and counts if the first forest has the same node with
/// the same children. A vote is one for the slot of the proposal, whatever the merge that shows it stands for: it is
/// kept and counts from the first forest on, so that one that comes late cannot hide it either. After the third quarter
/// of the window deliveries alone are added.
/// 2. **Slash**, in `[acceptanceEnds, + slashWindow)`: a prover pays for the slots of a candidate that it voted for and
/// did not deliver, once.
///
/// **Liable** are candidates that were paid, and those whose score would have reached the lowest one that was paid if
/// all provers that voted had delivered; else withholding from a rival would be free. Where a policy scores by VRF
/// outputs nobody can say what a missing one would have been: there every candidate is liable. A proposal that was
/// never revealed or never proven costs no prover anything.
///
/// **How much.** One candidate costs a prover `eligibleStake` of the registry at most; under a policy that counts
/// stakes, the stake that the prover counted with. Of that the slash takes the prover's rate, or one and a half times
/// its part of the bid that it made worthless (the bid over all provers that voted), whichever is more, and as much of
/// it as it left undelivered of the slots that it voted for.
///
/// **Once a round.** In one round a prover pays the largest of its slashes: what one candidate comes to, and only what
/// another one comes to beyond that. So a proposer that fills a round with candidates cannot take more of a stake than
/// one of them.
///
/// **The rate** is `baseRateBps * (1 + misses)`, up to the whole. A round with a slash adds one miss, and all its
/// slashes have the rate that the first one had; `redeem` takes a miss away for a paid candidate in which the prover
/// kept all its promises since.
interface IProverCourt {
    /// @param undelivered slots of the prover that it voted for and did not deliver
    /// @param voted       all that it voted for
    /// @param amount      wei that it owes for the candidate
    /// @param burnt       wei; less where the round had charged it already, or the stake did not cover it
    event Slashed(
        uint256 indexed proposalId,
        uint256 indexed proverIndex,
        uint256 undelivered,
        uint256 voted,
        uint256 amount,
        uint256 burnt
    );
    /// @param misses that are left
    event Redeemed(uint256 indexed proverIndex, uint256 indexed proposalId, uint256 misses);

    /// @notice A constructor argument, or what the rollup and its registry were deployed with, is outside of what the
    /// court can work with.
    error InvalidParameter(string name, uint256 value);
    error UnknownSlot(uint256 slot, uint256 slotCount);
    error UnknownCandidate(uint256 proposalId);
    error WrongTranscript(bytes32 transcriptHash, bytes32 provenTranscriptHash);
    /// @notice The slot has no prover that counts, so nobody can deliver it or vote for it.
    error Unassigned(uint256 slot);
    /// @notice Some proof is not one of what is claimed.
    error InvalidProof(uint256 proposalId);
    error SlashClosed(uint256 timestamp, uint256 from, uint256 until);
    /// @notice The prover delivered all that it voted for in the candidate, if anything.
    error NothingOwed(uint256 proposalId, uint256 proverIndex);
    error AlreadySlashed(uint256 proposalId, uint256 proverIndex);
    /// @notice The height is decided but nobody has advanced yet. Anyone may.
    error NotAdvanced(uint256 height);
    /// @param committedScore what the candidate would have scored if all provers that voted had delivered
    error NotLiable(uint256 proposalId, uint256 committedScore, uint256 lowestPaidScore);
    error NotPaid(uint256 proposalId);
    /// @notice The candidate's round can still be slashed for.
    error SlashOpen(uint256 timestamp, uint256 until);
    /// @notice The candidate is not of a later round than the prover's last miss.
    error TooOld(uint256 acceptanceEnds, uint256 lastMissAt);
    error NothingToRedeem(uint256 proverIndex);
    /// @notice The prover fulfilled nothing in the candidate.
    error NothingFulfilled(uint256 proposalId, uint256 proverIndex);
    /// @notice The prover did not deliver all that it voted for in the candidate.
    error NotKept(uint256 proposalId, uint256 proverIndex, uint256 undelivered);
    error AlreadyRedeemed(uint256 proposalId, uint256 proverIndex);

    /// @notice Brings proofs of any nodes but the root's straight to L1, in the acceptance window of a revealed
    /// proposal. By anyone; only a slot's prover can make the proof that delivers it. The rollup's errors say what is
    /// wrong with the opening or the time, or that nothing is new; IForestVerifier's and those of Contents, what is
    /// malformed.
    /// @param contents those of a candidate; before there is one, at least those of the nodes and of their children
    /// matter
    /// @param nodes    in strictly ascending order of their slots
    /// @param proofs   256 bytes for each of them
    /// @return proposalId
    function handIn(
        Opening calldata opening,
        bytes calldata transcript,
        ContentGroups calldata contents,
        NodeProof[] calldata nodes,
        bytes calldata proofs
    ) external returns (uint256 proposalId);

    /// @notice The same for the root.
    /// @param contents as in `handIn`, of the root's children at least
    /// @param proof    256 bytes
    /// @return proposalId
    function handInRoot(
        Opening calldata opening,
        bytes calldata transcript,
        ContentGroups calldata contents,
        RootProof calldata root,
        bytes calldata proof
    ) external returns (uint256 proposalId);

    /// @notice Charges a prover for the slots of a candidate that it voted for and did not deliver. By anyone, once for
    /// each candidate and prover.
    /// @return burnt wei
    function slash(uint256 proposalId, uint256 proverIndex, bytes calldata transcript) external returns (uint256 burnt);

    /// @notice Takes one miss of a prover away for a paid candidate of a later round, in which it fulfilled a slot and
    /// left none undelivered. By anyone, once the round can no longer be slashed for, and once for each candidate and
    /// prover.
    function redeem(uint256 proverIndex, uint256 proposalId, bytes calldata transcript) external;

    /// @return misses     that were not redeemed, up to the one that makes the rate whole
    /// @return lastMissAt end of the acceptance window of the latest round with one, seconds
    function recordOf(uint256 proverIndex) external view returns (uint32 misses, uint40 lastMissAt);

    /// @return amount  wei that the prover owes for the round: the largest that one candidate comes to
    /// @return rateBps of all its slashes there, 1/10,000; 0: there was none
    function chargedIn(RoundId roundId, uint256 proverIndex) external view returns (uint128 amount, uint16 rateBps);

    /// @return what the prover's first slash of a round takes of all that one candidate can cost it, 1/10,000
    function rateOf(uint256 proverIndex) external view returns (uint256);

    function isSlashed(uint256 proposalId, uint256 proverIndex) external view returns (bool);
    function isRedeemed(uint256 proposalId, uint256 proverIndex) external view returns (bool);

    function rollup() external view returns (IRollup);
    function registry() external view returns (IProverRegistry);
    function verifier() external view returns (IForestVerifier);
    function slashWindow() external view returns (uint256);
    function baseRateBps() external view returns (uint256);
}
