// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IForestParts} from "../interfaces/IForestParts.sol";
import {IForestVerifier, Statement} from "../interfaces/IForestVerifier.sol";
import {IProverRegistry} from "../interfaces/IProverRegistry.sol";
import {Submission} from "../interfaces/IRollup.sol";

/// @notice Asks the registry for a transcript's keys and hands them to the verifier as they come.
/// @dev The same as
///
///          (keys, assigned) = registry.resolve(s.transcript, timestamp);
///          return verifier.verifyForest(
///              statement, keys, assigned, s.flags, s.rootCommitment, s.contents, s.betas, s.proofs
///          );
///
///      or, of a forest whose parts were verified before,
///
///          return parts.verifyParts(
///              statement, keys, assigned, s.flags, s.rootCommitment, s.contents, s.betas, s.cuts
///          );
///
///      without decoding and encoding the arrays element by element, which costs 160 gas a slot. ABI arguments may lie
///      anywhere behind the head of a call, so what the registry returns becomes a piece of the verifier's calldata:
///
///          selector | statement, 14 words | 7 words | what `resolve` returned | flags | contents | betas
///          | proofs or cuts
library ForestCall {
    /// @dev 14 words.
    uint256 private constant STATEMENT_BYTES = 448;
    /// @dev Seven more.
    uint256 private constant HEAD_BYTES = 672;

    /// @notice A submission names its cuts or brings its proofs.
    error ProofsAndCuts(uint256 proofBytes, uint256 cuts);

    /// @param verifier  an IForestVerifier; the IForestParts if there are cuts
    /// @param timestamp what decides who is eligible
    /// @return valid whether the whole forest is proven; malformed input reverts with the verifier's error
    /// @return named distinct eligible provers that the transcript names
    function verify(
        address verifier,
        IProverRegistry registry,
        uint48 timestamp,
        Statement memory statement,
        Submission calldata s
    ) internal view returns (bool valid, uint256 named) {
        bytes memory question = abi.encodeCall(IProverRegistry.resolve, (s.transcript, timestamp));
        bool inParts = s.cuts.length != 0;
        bytes4 selector = inParts ? IForestParts.verifyParts.selector : IForestVerifier.verifyForest.selector;
        uint256 rootCommitment = s.rootCommitment;
        uint256[] calldata flags = s.flags;
        uint256[] calldata contents = s.contents;
        uint256[] calldata betas = s.betas;
        (bytes calldata proofs, uint256[] calldata cuts) = (s.proofs, s.cuts);
        if (inParts && proofs.length != 0) revert ProofsAndCuts(proofs.length, cuts.length);
        assembly ("memory-safe") {
            function ask(target, input, inputBytes) {
                if iszero(staticcall(gas(), target, input, inputBytes, 0, 0)) {
                    returndatacopy(0, 0, returndatasize())
                    revert(0, returndatasize())
                }
            }
            // Appends an array of the calldata to the call and returns where the next one goes.
            function append(head, argument, offset, data, length, size) -> next {
                mstore(add(head, argument), offset)
                mstore(add(head, offset), length)
                calldatacopy(add(add(head, offset), 32), data, size)
                next := add(add(offset, 32), size)
            }

            ask(registry, add(question, 32), mload(question))
            let input := mload(0x40)
            mstore(input, selector)
            let head := add(input, 4)
            mcopy(head, statement, STATEMENT_BYTES)
            let answer := add(head, HEAD_BYTES)
            returndatacopy(answer, 0, returndatasize())
            mstore(add(head, STATEMENT_BYTES), add(HEAD_BYTES, mload(answer)))
            mstore(add(head, add(STATEMENT_BYTES, 32)), add(HEAD_BYTES, mload(add(answer, 32))))
            named := mload(add(answer, 64))
            let end := add(HEAD_BYTES, returndatasize())
            end := append(head, add(STATEMENT_BYTES, 64), end, flags.offset, flags.length, shl(5, flags.length))
            mstore(add(head, add(STATEMENT_BYTES, 96)), rootCommitment)
            end := append(
                head,
                add(STATEMENT_BYTES, 128),
                end,
                contents.offset,
                contents.length,
                shl(5, contents.length)
            )
            end := append(head, add(STATEMENT_BYTES, 160), end, betas.offset, betas.length, shl(5, betas.length))
            switch inParts
            case 0 {
                end := append(head, add(STATEMENT_BYTES, 192), end, proofs.offset, proofs.length, proofs.length)
            }
            default {
                end := append(head, add(STATEMENT_BYTES, 192), end, cuts.offset, cuts.length, shl(5, cuts.length))
            }
            ask(verifier, input, add(end, 4))
            returndatacopy(0, 0, 32)
            valid := eq(mload(0), 1)
        }
    }
}
