// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ICommitRelay} from "./interfaces/ICommitRelay.sol";
import {IRollup} from "./interfaces/IRollup.sol";
import {Terms} from "./types/Terms.sol";

/// @title The commit relay
contract CommitRelay is ICommitRelay, EIP712("B52 CommitRelay", "1") {
    bytes32 private constant COMMIT_TYPEHASH = keccak256(
        "Commit(address rollup,address proposer,uint256 terms,"
        "bytes32 orderCommitment,bytes32 transcriptHash,uint256 roundNumber)"
    );

    /// @inheritdoc ICommitRelay
    function relay(
        IRollup rollup,
        address proposer,
        Terms terms,
        bytes32 orderCommitment,
        bytes calldata transcript,
        uint256 roundNumber,
        bytes calldata signature
    ) external {
        bytes32 digest = digestOf(rollup, proposer, terms, orderCommitment, keccak256(transcript), roundNumber);
        if (!SignatureChecker.isValidSignatureNow(proposer, digest, signature)) {
            revert InvalidSignature(proposer, digest);
        }
        rollup.commitFor(proposer, terms, orderCommitment, transcript, roundNumber);
    }

    /// @inheritdoc ICommitRelay
    function digestOf(
        IRollup rollup,
        address proposer,
        Terms terms,
        bytes32 orderCommitment,
        bytes32 transcriptHash,
        uint256 roundNumber
    ) public view returns (bytes32) {
        return
            _hashTypedDataV4(
                keccak256(
                    abi.encode(COMMIT_TYPEHASH, rollup, proposer, terms, orderCommitment, transcriptHash, roundNumber)
                )
            );
    }
}
