// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaimVerifier} from "./interfaces/IClaimVerifier.sol";
import {Checks} from "./libraries/Checks.sol";
import {CodePage} from "./libraries/CodePage.sol";
import {CompressedInputs} from "./libraries/CompressedInputs.sol";
import {Groth16Batch} from "./libraries/Groth16Batch.sol";
import {SingleProof} from "./libraries/SingleProof.sol";
import {VerifyingKeys} from "./libraries/VerifyingKeys.sol";

/// @title The verifier of claims
/// @notice IClaimVerifier has every function's documentation. The contract has no state and no owner. Verifying keys
/// are data, fixed at deployment.
contract ClaimVerifier is IClaimVerifier {
    /* CONSTANTS */

    uint256 private constant ESCAPE_INPUTS = 4;
    /// @dev Of one claim: withdrawalsRoot, position, exit.
    uint256 private constant VALUES_PER_CLAIM = 3;

    /* ERRORS */

    error UnsupportedClaimsPerProof(uint256 claimsPerProof);

    /* STORAGE (code only) */

    /// @inheritdoc IClaimVerifier
    uint256 public immutable claimsPerProof;
    /// @notice Identifies the verifying keys and the number of claims.
    bytes32 public immutable keysHash;

    /// @dev `common | exits | escape`
    address private immutable keyPage;
    uint256 private immutable keyPageSize;

    /* CONSTRUCTOR */

    /// @param claimsPerProof_ at least 1
    /// @param common          what all circuits share; VerifyingKeys has the layouts
    constructor(uint256 claimsPerProof_, bytes memory common, bytes memory exits, bytes memory escape) {
        if (claimsPerProof_ == 0) revert UnsupportedClaimsPerProof(claimsPerProof_);
        claimsPerProof = claimsPerProof_;
        VerifyingKeys.Circuit[] memory circuits = new VerifyingKeys.Circuit[](2);
        circuits[0] = VerifyingKeys.Circuit("exits", CompressedInputs.COUNT, exits);
        circuits[1] = VerifyingKeys.Circuit("escape", ESCAPE_INPUTS, escape);
        bytes memory page = VerifyingKeys.validated(common, circuits);
        keyPage = CodePage.write(page);
        keyPageSize = page.length;
        keysHash = keccak256(abi.encode(claimsPerProof_, page));
    }

    /* VERIFICATION */

    /// @inheritdoc IClaimVerifier
    function verifyExits(
        uint256 commitment,
        uint256[] calldata values,
        bytes calldata proof
    ) external view returns (bool) {
        Checks.requireLength("values", VALUES_PER_CLAIM * claimsPerProof, values.length);
        // C, then V.
        uint256[] memory opened = new uint256[](1 + values.length);
        opened[0] = commitment;
        for (uint256 i = 0; i < values.length; ++i) {
            Checks.requireCanonical(values[i]);
            opened[1 + i] = values[i];
        }
        return _verify(Groth16Batch.COMMON_SIZE, CompressedInputs.compress(opened), proof);
    }

    /// @inheritdoc IClaimVerifier
    function verifyEscape(
        uint256 stateRoot,
        uint256 index,
        address l1Owner,
        uint256 balance,
        bytes calldata proof
    ) external view returns (bool) {
        uint256[] memory inputs = new uint256[](1 + ESCAPE_INPUTS);
        (inputs[1], inputs[2], inputs[3], inputs[4]) = (stateRoot, index, uint160(l1Owner), balance);
        return _verify(Groth16Batch.COMMON_SIZE + VerifyingKeys.size(CompressedInputs.COUNT), inputs, proof);
    }

    /// @param circuit offset of the circuit's key in the page
    function _verify(uint256 circuit, uint256[] memory inputs, bytes calldata proof) private view returns (bool) {
        return SingleProof.verify(keyPage, keyPageSize, circuit, inputs, proof);
    }
}
