// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BlobOpening} from "../interfaces/IBlobVerifier.sol";
import {IForestVerifier} from "../interfaces/IForestVerifier.sol";
import {IRollup, Opening, Order} from "../interfaces/IRollup.sol";
import {IRollupExtension} from "../interfaces/IRollupExtension.sol";
import {BLOB_FIELD, ELEMENTS_PER_BLOB} from "../libraries/Constants.sol";
import {Data} from "../libraries/Data.sol";
import {Operations} from "../libraries/Operations.sol";
import {Proposals} from "../libraries/Proposals.sol";
import {RoundClock} from "../libraries/RoundClock.sol";
import {Head} from "../types/Head.sol";
import {Reveal, RevealLibrary} from "../types/Reveal.sol";
import {Openings} from "./Openings.sol";

/// @notice Opens orders, and evaluates what they publish: operations in calldata, transfers in blobs.
/// @dev The elements of all base nodes are the coefficients of one polynomial. Those of operations come first; behind
/// them blob b has the coefficients from `ELEMENTS_PER_BLOB * b` on. So the value at the order's point is a sum, to
/// which every part adds its own as it comes.
abstract contract Reveals is IRollupExtension, Openings {
    using RoundClock for Head;

    uint256 private immutable operationsPerBase;
    uint256 private immutable baseCount;

    constructor(IForestVerifier verifier_) {
        operationsPerBase = verifier_.operationsPerBase();
        baseCount = verifier_.arity() ** verifier_.levels();
    }

    /// @dev What is known of a proposal, and its value so far.
    struct Sum {
        Reveal known;
        uint256 dataEval;
        /// The order's point.
        uint256 z;
        /// `z` to the power of the coefficients before those of blob 0.
        uint256 scale;
        /// `z` to the power of the coefficients of a blob; 0: not needed yet.
        uint256 step;
    }

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
        bytes32 commitment = Proposals.orderCommitment(_domain, head.roundId(), opening.proposer, order);
        if (commitment != opening.orderCommitment) revert IRollup.WrongOrder(commitment, opening.orderCommitment);
        Reveal before = _revealOf[proposalId];
        if (before.isWhole()) revert IRollup.AlreadyRevealed(proposalId);
        if (order.txCount > type(uint32).max) revert IRollup.TooManyTransactions(order.txCount, type(uint32).max);

        bool isFirst = Reveal.unwrap(before) == 0;
        Sum memory sum = Sum(before, isFirst ? 0 : _partialEvals[proposalId], Proposals.dataPoint(commitment), 0, 0);
        uint256 l1OpCount = _addOperations(sum, head, proposalId, order.operationsHash, operations);
        _placeBlobs(sum, l1OpCount, order.blobHashes.length);
        _addBlobs(sum, order.blobHashes, blobs);
        if (!sum.known.isAllKnown(order.blobHashes.length)) {
            (_revealOf[proposalId], _partialEvals[proposalId]) = (sum.known, sum.dataEval);
            return proposalId;
        }
        if (!isFirst) delete _partialEvals[proposalId];
        _revealOf[proposalId] = RevealLibrary.whole(order.txsRoot, order.txCount, sum.dataEval, l1OpCount);
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

    /// @dev Where none are due they are known, and nothing else was committed to. What is due in an open round does not
    /// change.
    /// @return l1OpCount how many are due
    function _addOperations(
        Sum memory sum,
        Head head,
        uint256 proposalId,
        bytes32 operationsHash,
        bytes calldata operations
    ) private returns (uint256 l1OpCount) {
        uint256 first = head.settled();
        l1OpCount = _bridge.dueAfter(first, head.queueCut());
        bool isAbsent = operations.length == 0 && l1OpCount != 0;
        if (isAbsent || sum.known.isKnown(RevealLibrary.OPERATIONS)) return l1OpCount;

        bytes32 found = keccak256(operations);
        if (found != operationsHash) revert IRollup.WrongOperationsHash(found, operationsHash);
        sum.known = sum.known.withKnown(RevealLibrary.OPERATIONS);
        if (operations.length == 0) return l1OpCount;
        _bridge.requireQueued(first, l1OpCount, operations);
        uint256 nodeWords = operationsPerBase * Operations.OPERATION_WORDS;
        sum.dataEval = addmod(sum.dataEval, Data.evaluate(operations, sum.z, nodeWords, _elementsPerBase), BLOB_FIELD);
        emit IRollup.OperationsRevealed(proposalId, operations);
    }

    function _addBlobs(Sum memory sum, bytes32[] calldata blobHashes, BlobOpening[] calldata blobs) private view {
        for (uint256 i = 0; i < blobs.length; ++i) {
            BlobOpening calldata blob = blobs[i];
            uint256 number = blob.number;
            if (number >= blobHashes.length) revert IRollup.UnknownBlob(number, blobHashes.length);
            if (sum.known.isKnown(1 + number)) continue;
            _blobVerifier.requireEvaluation(blobHashes[number], sum.z, blob);
            sum.known = sum.known.withKnown(1 + number);
            if (number != 0 && sum.step == 0) sum.step = Data.blobPower(sum.z);
            uint256 scale = mulmod(sum.scale, Data.power(sum.step, number), BLOB_FIELD);
            sum.dataEval = addmod(sum.dataEval, mulmod(scale, blob.y, BLOB_FIELD), BLOB_FIELD);
        }
    }

    /// @dev The first coefficient of blobs comes after all nodes of operations, and the last one is a block's last.
    function _placeBlobs(Sum memory sum, uint256 l1OpCount, uint256 blobs) private view {
        uint256 operationNodes = (l1OpCount + operationsPerBase - 1) / operationsPerBase;
        sum.scale = Data.power(sum.z, operationNodes * _elementsPerBase);
        uint256 elements = (baseCount - operationNodes) * _elementsPerBase;
        uint256 most = (elements + ELEMENTS_PER_BLOB - 1) / ELEMENTS_PER_BLOB;
        if (blobs > most) revert IRollup.TooManyBlobs(blobs, most);
    }
}
