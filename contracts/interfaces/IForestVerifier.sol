// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What one submitted block claims. Every value must be below FIELD, but for `dataEval`.
struct Statement {
    uint256 domain;
    uint256 proposalId;
    /// Where the block's polynomial is evaluated.
    uint256 z;
    uint256 roundSeed;
    uint256 burnBid;
    uint256 prevStateRoot;
    uint256 nextStateRoot;
    uint256 txsRoot;
    uint256 fees;
    uint256 l1OpCount;
    uint256 txCount;
    uint256 withdrawalsRoot;
    /// What it evaluates to; below BLOB_FIELD.
    uint256 dataEval;
    uint256 proversRoot;
}

/// @notice What the proofs of single nodes of one proposal have in common. Every value must be below FIELD.
struct NodeContext {
    uint256 domain;
    uint256 proposalId;
    /// Where the block's polynomial is evaluated.
    uint256 z;
    uint256 roundSeed;
    uint256 burnBid;
    /// Says which bases prove L1 operations.
    uint256 l1OpCount;
}

/// @notice What the proof of one base (of transfers or of L1 operations) or merge node alone claims. Every value must
/// be below FIELD.
struct NodeStatement {
    uint256 slot;
    uint256 content;
    /// Who made the proof; 0: anonymous.
    uint256 workerKey;
    /// The worker's VRF output; 0 without a seed or for an anonymous worker.
    uint256 beta;
    /// Of a merge, by child: content, assigned key (0: none), and how many slots that key's prover holds in all. Of a
    /// base: empty.
    uint256[] childContents;
    uint256[] childKeys;
    uint256[] childAssigned;
    /// Bit i: child i's prover voted for it. Of a base: 0.
    uint256 mask;
}

/// @notice Verifies a whole proof forest in one pairing product, or some of its nodes alone. See docs/encodings.md for
/// every layout.
/// @dev Nothing here says whose keys or what counts these are: the caller derives `keys` and `assigned` from the
/// transcript that was committed and from the prover registry. Proofs are malleable: never key anything on their bytes.
interface IForestVerifier {
    error InvalidLength(string what, uint256 expected, uint256 actual);
    /// @notice A value is not below the order of its field.
    error NotCanonical(uint256 value);
    /// @notice `flags[word]` has a bit that is neither `voted` nor `delivered` of a slot of the forest.
    error UnusedFlags(uint256 word, uint256 bits);
    /// @notice A slot without a key is marked as voted or delivered.
    error FlagWithoutKey(uint256 slot);
    /// @notice `assigned` must be 0 for key 0, else from 1 to 2^14 - 1.
    error InvalidAssigned(uint256 slot, uint256 key, uint256 assigned);
    /// @notice A slot that is not marked as delivered has a VRF output.
    error BetaWithoutDelivery(uint256 slot);
    /// @notice No base or merge is in this slot: it is the root's, or beyond the forest.
    error InvalidSlot(uint256 slot);
    /// @notice The mask has bits beyond the node's children.
    error InvalidMask(uint256 mask);
    /// @notice Nodes come by strictly ascending slots, and this one comes after that of slot `previous`.
    error SlotsNotAscending(uint256 previous, uint256 slot);
    error NoNodes();
    /// @notice More L1 operations than all bases together have places for.
    error TooManyOperations(uint256 l1OpCount, uint256 places);

    function arity() external view returns (uint256);
    function levels() external view returns (uint256);
    function slotCount() external view returns (uint256);
    /// @notice L1 operations that one base has places for. A block's first `ceil(l1OpCount / operationsPerBase)` bases
    /// prove operations, the rest transfers.
    function operationsPerBase() external view returns (uint256);

    /// @notice Whether every node of the forest is proven for this statement, with exactly these votes and deliveries.
    /// @param keys      assigned key of each slot (0: none), in slot order
    /// @param assigned  big-endian uint16 per slot: how many slots that slot's prover holds in all (0 where the key is
    /// 0)
    /// @param flags     one word per 64 slots: bits 0-63 voted, 64-127 delivered
    /// @param rootCommitment  C of the root proof
    /// @param contents  content of slots 1.., in slot order
    /// @param betas     VRF output of each slot's worker (0 where nobody delivered), in slot order; empty if
    /// `statement.roundSeed` is 0
    /// @param proofs    256 bytes per slot, in slot order
    /// @return whether the pairing product holds; malformed input reverts with a named error instead: those above, and
    /// `InvalidProofPoint(slot)` or `PairingRejected()` of Groth16Batch for points that are not points
    function verifyForest(
        Statement calldata statement,
        uint256[] calldata keys,
        bytes calldata assigned,
        uint256[] calldata flags,
        uint256 rootCommitment,
        uint256[] calldata contents,
        uint256[] calldata betas,
        bytes calldata proofs
    ) external view returns (bool);

    /// @notice Whether the nodes in a range of slots are proven, so that a forest may be verified in parts. The whole
    /// forest is the range from 0 to `slotCount`.
    /// @dev Says nothing of other nodes: their contents, which the range's merges speak of, are only those of proven
    /// nodes once all parts are verified with the same values. Lists about a range have its own slots first, in slot
    /// order, then the children of its nodes that are not in it.
    /// @param first    first slot: 0, or one whose siblings are all at or after it
    /// @param end      the slot after the last one, likewise
    /// @param keys     as in `verifyForest`, of the slots that lists about the range have; `assigned` and `contents`
    /// too (the root has no content)
    /// @param flags    of the whole forest; only those of slots that lists about the range have matter
    /// @param rootCommitment matters if the range begins with the root
    /// @param betas    of the range's own slots; empty if `statement.roundSeed` is 0
    /// @param proofs   256 bytes for each of the range's own slots
    /// @return as `verifyForest` does; `InvalidProofPoint` counts from the range's first slot
    function verifyRange(
        Statement calldata statement,
        uint256 first,
        uint256 end,
        uint256[] calldata keys,
        bytes calldata assigned,
        uint256[] calldata flags,
        uint256 rootCommitment,
        uint256[] calldata contents,
        uint256[] calldata betas,
        bytes calldata proofs
    ) external view returns (bool);

    /// @notice Whether these bases and merges are all proven, each by its worker. The root opens the whole block: it is
    /// a range of its own.
    /// @dev What the children's keys and counts are, and whether the contents are those of a candidate, is for the
    /// caller to know.
    /// @param nodes  in strictly ascending order of their slots, at least one
    /// @param proofs 256 bytes for each of them
    /// @return as `verifyForest` does; `InvalidProofPoint` counts the nodes given
    function verifyNodes(
        NodeContext calldata context,
        NodeStatement[] calldata nodes,
        bytes calldata proofs
    ) external view returns (bool);

    /// @notice Whether the proof shows knowledge of the secret behind `key`, for this owner and domain.
    /// @param proof 256 bytes
    function verifyKeyOwnership(
        uint256 key,
        address owner,
        uint256 domain,
        uint256 seed,
        uint256 beta,
        bytes calldata proof
    ) external view returns (bool);
}
