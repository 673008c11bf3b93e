// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRollup, Opening} from "../interfaces/IRollup.sol";
import {IRollupExtension} from "../interfaces/IRollupExtension.sol";
import {FIELD, WORD_BYTES} from "../libraries/Constants.sol";
import {Data} from "../libraries/Data.sol";
import {Proposals} from "../libraries/Proposals.sol";
import {RoundClock} from "../libraries/RoundClock.sol";
import {Head} from "../types/Head.sol";
import {Openings} from "./Openings.sol";

/// @notice Opens orders and takes their data, a chunk at a time.
abstract contract Reveals is IRollupExtension, Openings {
    using RoundClock for Head;
    using Data for bytes;

    /// @inheritdoc IRollupExtension
    function reveal(
        Opening calldata opening,
        bytes32 transcriptHash,
        uint256 txsRoot,
        bytes32 salt,
        bytes32[] calldata chunkHashes,
        uint256 chunk,
        bytes calldata data
    ) external returns (uint256 proposalId) {
        Head head = _upToDate(_head);
        proposalId = _requireOpening(head, opening, transcriptHash);
        (uint256 from, uint256 until) = (head.proposalEnds(windows), head.revealEnds(windows));
        if (block.timestamp < from || block.timestamp >= until) {
            revert IRollup.RevealClosed(block.timestamp, from, until);
        }
        bytes32 order = Proposals.orderCommitment(
            domain,
            head.roundId(),
            opening.proposer,
            txsRoot,
            Proposals.dataHashOf(chunkHashes),
            salt
        );
        if (order != opening.orderCommitment) revert IRollup.WrongOrder(order, opening.orderCommitment);
        if (revealOf[proposalId] != 0) revert IRollup.AlreadyRevealed(proposalId, chunk);
        _checkChunk(chunkHashes, chunk, data);
        emit IRollup.DataRevealed(proposalId, chunk, data);

        (bool isWhole, uint256 dataEval, uint256 l1OpCount) = _addChunk(
            head,
            proposalId,
            order,
            chunkHashes.length,
            chunk,
            data
        );
        if (!isWhole) return proposalId;
        revealOf[proposalId] = Proposals.revealDigest(txsRoot, dataEval, l1OpCount);
        if (!head.isRevealed()) _head = head.withRevealed();
        emit IRollup.Revealed(proposalId, opening.proposer, head.roundId(), txsRoot, dataEval, l1OpCount);
    }

    /* INTERNAL */

    /// @dev The chunk is one of those that were committed to, and all of them together are no more than a block may
    /// have.
    function _checkChunk(bytes32[] calldata chunkHashes, uint256 chunk, bytes calldata data) private view {
        uint256 chunks = chunkHashes.length;
        uint256 maxChunks = (maxWords + chunkWords - 1) / chunkWords;
        if (chunk >= chunks || chunks > maxChunks) revert IRollup.MalformedChunks(chunk, chunks, maxChunks);
        uint256 words = data.length / WORD_BYTES;
        uint256 room = maxWords - chunk * chunkWords;
        if (room > chunkWords) room = chunkWords;
        bool isLast = chunk == chunks - 1;
        if (data.length % WORD_BYTES != 0 || words > room || (!isLast && words != chunkWords)) {
            revert IRollup.MalformedData(data.length, WORD_BYTES, room);
        }
        bytes32 chunkHash = keccak256(data);
        if (chunkHash != chunkHashes[chunk]) revert IRollup.WrongChunk(chunkHash, chunkHashes[chunk]);
    }

    /// @dev Nothing is stored of data in one chunk, and nothing stays of others once they are whole.
    /// @return isWhole   whether no chunk is missing any more; if not, the rest is 0
    /// @return dataEval  of all chunks
    /// @return l1OpCount operations that they begin with
    function _addChunk(
        Head head,
        uint256 proposalId,
        bytes32 order,
        uint256 chunks,
        uint256 chunk,
        bytes calldata data
    ) private returns (bool isWhole, uint256 dataEval, uint256 l1OpCount) {
        dataEval = data.evaluateFrom(Proposals.dataPoint(order), chunk * chunkWords);
        if (chunk == 0) l1OpCount = bridge.checkPrefix(head.settled(), head.queueCut(), data);
        if (chunks == 1) return (true, dataEval, l1OpCount);

        Chunks memory before = _chunks[proposalId];
        if ((before.known >> chunk) & 1 == 1) revert IRollup.AlreadyRevealed(proposalId, chunk);
        uint256 known = before.known | (1 << chunk);
        dataEval = addmod(before.dataEval, dataEval, FIELD);
        if (known != type(uint256).max >> (256 - chunks)) {
            _chunks[proposalId] = Chunks(known, dataEval);
            return (false, 0, 0);
        }
        delete _chunks[proposalId];
        // What is due in an open round does not change.
        if (chunk != 0) l1OpCount = bridge.dueAfter(head.settled(), head.queueCut());
        return (true, dataEval, l1OpCount);
    }
}
