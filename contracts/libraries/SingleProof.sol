// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Checks} from "./Checks.sol";
import {CodePage} from "./CodePage.sol";
import {Groth16Batch} from "./Groth16Batch.sol";

/// @notice Verifies one proof of one circuit: a batch of one, whose only coefficient is 1.
library SingleProof {
    using Groth16Batch for Groth16Batch.Batch;

    /// @param page    the contract with the verifying keys: the common part first
    /// @param size    bytes of the page
    /// @param circuit offset of the circuit's key in the page
    /// @param inputs  public inputs from index 1
    /// @param proof   256 bytes
    function verify(
        address page,
        uint256 size,
        uint256 circuit,
        uint256[] memory inputs,
        bytes calldata proof
    ) internal view returns (bool) {
        Checks.requireLength("proof", Groth16Batch.PROOF_SIZE, proof.length);
        inputs[0] = 1;
        for (uint256 i = 1; i < inputs.length; ++i) {
            Checks.requireCanonical(inputs[i]);
        }
        uint256 position;
        assembly ("memory-safe") {
            position := proof.offset
        }
        uint256 common = CodePage.load(page, size);
        Groth16Batch.Batch memory batch = Groth16Batch.start(position, 1, 1, 1);
        batch.add(common + circuit, inputs, 1);
        return batch.check(common);
    }
}
