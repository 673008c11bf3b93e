// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Verifies what owners show of the L2 to get their assets back on L1: exits of final blocks, and accounts
/// under a frozen state.
/// @dev Nothing here says which roots count: the caller knows them. Proofs are malleable: never key anything on their
/// bytes. Malformed input reverts: `InvalidLength` and `NotCanonical` of IForestVerifier, `InvalidProofPoint(0)` and
/// `PairingRejected()` of Groth16Batch.
interface IClaimVerifier {
    /// @notice Exits that one proof of `verifyExits` has places for.
    function claimsPerProof() external view returns (uint256);

    /// @notice Whether each claimed exit is the leaf in that position of that withdrawalsRoot.
    /// @dev A place is in use if its exit is not 0; in one that is not, all three must be 0, or nothing proves them.
    /// @param commitment C of the proof
    /// @param values     withdrawalsRoot, position and exit (the packed leaf) of each of the `claimsPerProof` places
    /// @param proof      256 bytes
    function verifyExits(
        uint256 commitment,
        uint256[] calldata values,
        bytes calldata proof
    ) external view returns (bool);

    /// @notice Whether the account `index` under `stateRoot` has this owner and balance.
    /// @param balance wei of the asset
    /// @param proof   256 bytes
    function verifyEscape(
        uint256 stateRoot,
        uint256 index,
        address l1Owner,
        uint256 balance,
        bytes calldata proof
    ) external view returns (bool);
}
