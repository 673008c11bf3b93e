// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BlobOpening} from "../interfaces/IBlobVerifier.sol";
import {IRollup, Opening, Order} from "../interfaces/IRollup.sol";
import {IRollupExtension} from "../interfaces/IRollupExtension.sol";
import {BLOB_FIELD, ELEMENTS_PER_BLOB} from "../libraries/Constants.sol";
import {Data} from "../libraries/Data.sol";
import {Operations} from "../libraries/Operations.sol";
import {Proposals} from "../libraries/Proposals.sol";
import {RoundClock} from "../libraries/RoundClock.sol";
import {Head} from "../types/Head.sol";
import {RevealLibrary} from "../types/Reveal.sol";
import {Openings} from "./Openings.sol";

/// @notice Opens orders, and evaluates what they publish: operations in calldata, transfers in blobs.
/// @dev The elements of all base nodes are the coefficients of one polynomial. Those of operations come first; behind
/// them blob b has the coefficients from `ELEMENTS_PER_BLOB * b` on. So the value at the order's point is a sum, to
/// which every part adds its own as it comes.
abstract contract Reveals is IRollupExtension, Openings {
    using RoundClock for Head;

    /// @dev The bit of `Partial.known` that stands for the operations; those of blobs follow.
    uint256 private constant OPERATIONS = 1;

    /// @inheritdoc IRollupExtension
    function reveal(
        Opening calldata opening,
        bytes32 transcriptHash,
        Order calldata order,
        bytes calldata operations,
        BlobOpening[] calldata blobs
    ) external returns (uint256 proposalId) {
        Head head = _upToDate(_head);
        proposalId = _requireOpening(head, opening, transcriptHash);
        (uint256 from, uint256 until) = (head.proposalEnds(windows), head.revealEnds(windows));
        if (block.timestamp < from || block.timestamp >= until) {
            revert IRollup.RevealClosed(block.timestamp, from, until);
        }
        bytes32 commitment = Proposals.orderCommitment(domain, head.roundId(), opening.proposer, order);
        if (commitment != opening.orderCommitment) revert IRollup.WrongOrder(commitment, opening.orderCommitment);
        if (!revealOf[proposalId].isNone()) revert IRollup.AlreadyRevealed(proposalId);

        if (order.txCount > type(uint32).max) revert IRollup.TooManyTransactions(order.txCount, type(uint32).max);

        uint256 z = Proposals.dataPoint(commitment);
        Partial memory sum = _partialOf(proposalId);
        bool isKept = sum.known != 0;
        uint256 l1OpCount = _addOperations(sum, head, proposalId, z, order.operationsHash, operations);
        _addBlobs(sum, l1OpCount, z, order.blobHashes, blobs);
        if (sum.known != type(uint256).max >> (255 - order.blobHashes.length)) {
            _partials[proposalId] = sum;
            return proposalId;
        }
        if (isKept) delete _partials[proposalId];
        revealOf[proposalId] = RevealLibrary.pack(order.txsRoot, order.txCount, sum.dataEval, l1OpCount);
        if (!head.isRevealed()) _head = head.withRevealed();
        emit IRollup.Revealed(
            proposalId,
            opening.proposer,
            head.roundId(),
            order.txsRoot,
            order.txCount,
            sum.dataEval,
            l1OpCount,
            order.blobHashes
        );
    }

    /* INTERNAL */

    /// @dev Most reveals come in one transaction, and then there is only one word to look at.
    function _partialOf(uint256 proposalId) private view returns (Partial memory sum) {
        sum.known = _partials[proposalId].known;
        if (sum.known != 0) sum.dataEval = _partials[proposalId].dataEval;
    }

    /// @dev Where none are due they are known, and nothing else was committed to. What is due in an open round does not
    /// change.
    /// @return l1OpCount how many are due
    function _addOperations(
        Partial memory sum,
        Head head,
        uint256 proposalId,
        uint256 z,
        bytes32 operationsHash,
        bytes calldata operations
    ) private returns (uint256 l1OpCount) {
        uint256 first = head.settled();
        l1OpCount = bridge.dueAfter(first, head.queueCut());
        bool isAbsent = operations.length == 0 && l1OpCount != 0;
        if (isAbsent || sum.known & OPERATIONS != 0) return l1OpCount;

        bytes32 found = keccak256(operations);
        if (found != operationsHash) revert IRollup.WrongOperationsHash(found, operationsHash);
        sum.known |= OPERATIONS;
        if (operations.length == 0) return l1OpCount;
        bridge.requireQueued(first, l1OpCount, operations);
        uint256 nodeWords = operationsPerBase * Operations.OPERATION_WORDS;
        sum.dataEval = addmod(sum.dataEval, Data.evaluate(operations, z, nodeWords, elementsPerBase), BLOB_FIELD);
        emit IRollup.OperationsRevealed(proposalId, operations);
    }

    /// @param l1OpCount whose nodes come before the blobs
    function _addBlobs(
        Partial memory sum,
        uint256 l1OpCount,
        uint256 z,
        bytes32[] calldata blobHashes,
        BlobOpening[] calldata blobs
    ) private view {
        uint256 count = blobHashes.length;
        uint256 operationNodes = (l1OpCount + operationsPerBase - 1) / operationsPerBase;
        uint256 elements = (baseCount - operationNodes) * elementsPerBase;
        uint256 most = (elements + ELEMENTS_PER_BLOB - 1) / ELEMENTS_PER_BLOB;
        if (count > most) revert IRollup.TooManyBlobs(count, most);

        uint256 firstElement = operationNodes * elementsPerBase;
        for (uint256 i = 0; i < blobs.length; ++i) {
            BlobOpening calldata blob = blobs[i];
            uint256 number = blob.number;
            if (number >= count) revert IRollup.UnknownBlob(number, count);
            uint256 bit = OPERATIONS << (1 + number);
            if (sum.known & bit != 0) continue;
            blobVerifier.requireEvaluation(blobHashes[number], z, blob);
            sum.known |= bit;
            uint256 scale = Data.power(z, firstElement + ELEMENTS_PER_BLOB * number);
            sum.dataEval = addmod(sum.dataEval, mulmod(scale, blob.y, BLOB_FIELD), BLOB_FIELD);
        }
    }
}
