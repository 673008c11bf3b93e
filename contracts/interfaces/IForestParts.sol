// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IForestVerifier, Statement} from "./IForestVerifier.sol";

/// @title Proof forests in parts
/// @notice For forests whose proofs do not fit one transaction: anybody has contiguous ranges of slots verified, in any
/// order, and what was verified is remembered. A submission then names its cuts instead of bringing proofs.
///
/// A part is remembered by a digest of everything that its verification depended on, and of nothing else: the
/// statement, its range, and of the range and of its nodes' children the keys, counts, flags, contents and VRF outputs.
/// So it is a cache of what is true, and it needs no authority: whoever brought a part, and whatever it was meant for,
/// it counts for exactly those forests that have these values in these places. Proofs are malleable and are not in the
/// digest.
interface IForestParts {
    /// @param first its first slot
    /// @param end   the slot after its last
    event PartVerified(uint256 indexed proposalId, uint256 first, uint256 end, bytes32 digest);

    /// @notice The pairing product of a part does not hold.
    error InvalidPart(uint256 first, uint256 end);
    /// @notice No part with these values was verified.
    error MissingPart(uint256 first, uint256 end);
    /// @notice This part was verified before.
    error AlreadyVerified(bytes32 digest);

    function verifier() external view returns (IForestVerifier);

    /// @notice Whether a part was verified.
    function isVerified(bytes32 digest) external view returns (bool);

    /// @notice Verifies the proofs of the slots from `first` up to `end` and remembers it. By anyone. The arguments are
    /// those of `IForestVerifier.verifyRange`.
    /// @return digest what the part is remembered by
    function verifyPart(
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
    ) external returns (bytes32 digest);

    /// @notice Whether all parts of a forest were verified. The arguments are those of `IForestVerifier.verifyForest`,
    /// with cuts instead of proofs.
    /// @param cuts where one part ends and the next begins: ascending, at least one
    /// @return true; reverts with `MissingPart`, or with what `verifyForest` would say of malformed input
    function verifyParts(
        Statement calldata statement,
        uint256[] calldata keys,
        bytes calldata assigned,
        uint256[] calldata flags,
        uint256 rootCommitment,
        uint256[] calldata contents,
        uint256[] calldata betas,
        uint256[] calldata cuts
    ) external view returns (bool);
}
