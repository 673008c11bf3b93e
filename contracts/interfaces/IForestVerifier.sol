// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What one submitted block claims. Every value must be below the field order.
struct Statement {
    uint256 domain;
    uint256 proposalId;
    uint256 r;
    uint256 roundSeed;
    uint256 burnBid;
    uint256 prevStateRoot;
    uint256 nextStateRoot;
    uint256 txsRoot;
    uint256 fees;
    uint256 l1OpCount;
    uint256 txCount;
    uint256 withdrawalsRoot;
    uint256 dataEval;
    uint256 proversRoot;
}

/// @notice Verifies a whole proof forest in one pairing product. See docs/encodings.md for every layout.
interface IForestVerifier {
    function arity() external view returns (uint256);
    function levels() external view returns (uint256);
    function slotCount() external view returns (uint256);

    /// @param keys      assigned key of each slot (0: none), in slot order
    /// @param assigned  big-endian uint16 per slot: how many slots that slot's prover holds in all (0 where the key is 0)
    /// @param flags     one word per 64 slots: bits 0-63 voted, 64-127 delivered
    /// @param rootCommitment  C of the root proof
    /// @param contents  content of slots 1.., in slot order
    /// @param proofs    256 bytes per slot, in slot order
    /// @return whether the pairing product holds; malformed input reverts with a named error instead
    function verifyForest(
        Statement calldata statement,
        uint256[] calldata keys,
        bytes calldata assigned,
        uint256[] calldata flags,
        uint256 rootCommitment,
        uint256[] calldata contents,
        bytes calldata proofs
    ) external view returns (bool);

    /// @param proof 256 bytes
    function verifyKeyOwnership(uint256 key, address owner, uint256 domain, uint256 seed, uint256 beta, bytes calldata proof)
        external
        view
        returns (bool);
}
