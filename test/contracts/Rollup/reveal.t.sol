// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Config, IRollup, Opening, Submission} from "../../../contracts/interfaces/IRollup.sol";
import {Phase} from "../../../contracts/interfaces/IRoundView.sol";
import {FIELD} from "../../../contracts/libraries/Constants.sol";
import {Proposals} from "../../../contracts/libraries/Proposals.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {Fixture} from "../support/Fixture.sol";
import {vm} from "../support/Vm.sol";

contract RevealTest is Fixture {
    uint256 private _committed;

    function test_KeepsAFingerprintAndTellsTheData() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        _toReveal();
        uint256 eval = _plainEval(d.data, Proposals.dataPoint(d.order));
        bytes32[] memory hashes = _chunkHashes(d.data);
        vm.expectEmit(address(rollup));
        emit IRollup.DataRevealed(d.id, 0, d.data);
        vm.expectEmit(address(rollup));
        emit IRollup.Revealed(d.id, ALICE, d.terms.roundId(), d.txsRoot, eval, 0);
        vm.prank(BOB);
        rollup.reveal(_opening(d), keccak256(d.transcript), d.txsRoot, d.salt, hashes, 0, d.data);
        vm.assertEq(rollup.revealOf(d.id), Proposals.revealDigest(d.txsRoot, eval, 0), "digest");
    }

    /* WINDOW */

    function test_TheWindowIsHalfOpen() public {
        Draft memory alice = _propose(ALICE, 100, 0, _everyone());
        Draft memory bob = _propose(BOB, 100, 0, _everyone());
        uint256 from = _round().proposalEnds;
        uint256 until = _round().revealEnds;
        _expectClosed(alice, from - 1, from, until);
        vm.warp(from);
        _reveal(alice);
        vm.warp(until - 1);
        _reveal(bob);
        _expectClosed(alice, until, from, until);
        _expectClosed(alice, until + 1, from, until);
    }

    /* OPENING */

    function test_RevertsForAnythingButTheCommit() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        _toReveal();
        Opening memory opening = _opening(d);
        opening.proposer = BOB;
        _expectWrongOpening(d, opening, keccak256(d.transcript), 0);
        opening = _opening(d);
        opening.terms = Terms.wrap(Terms.unwrap(d.terms) + (1 << 24));
        _expectWrongOpening(d, opening, keccak256(d.transcript), _digest(ALICE));
        opening = _opening(d);
        opening.orderCommitment = keccak256("other");
        _expectWrongOpening(d, opening, keccak256(d.transcript), _digest(ALICE));
        opening = _opening(d);
        ++opening.committedAt;
        _expectWrongOpening(d, opening, keccak256(d.transcript), _digest(ALICE));
        _expectWrongOpening(d, _opening(d), keccak256("other"), _digest(ALICE));
    }

    function test_RevertsForAnotherOrder() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        _toReveal();
        _expectWrongOrder(d, d.txsRoot + 1, d.salt, d.data);
        _expectWrongOrder(d, d.txsRoot, keccak256("other"), d.data);
        _expectWrongOrder(d, d.txsRoot, d.salt, new bytes(60));
        _expectWrongOrder(d, d.txsRoot, d.salt, abi.encodePacked(d.data, new bytes(30)));
        _expectWrongOrder(d, d.txsRoot, d.salt, "");
    }

    /// @dev What the owner of an order committed to is worth nothing to others.
    function test_ACopiedCommitmentCannotBeOpened() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        Draft memory copy = d;
        copy.proposer = BOB;
        _commit(copy);
        _toReveal();
        bytes32 own = Proposals.orderCommitment(
            rollup.domain(),
            d.terms.roundId(),
            BOB,
            d.txsRoot,
            _dataHash(_chunkHashes(d.data)),
            d.salt
        );
        vm.expectRevert(abi.encodeWithSelector(IRollup.WrongOrder.selector, own, d.order));
        _reveal(copy);
    }

    /* DATA */

    function test_RevertsForDataThatAreNotWords() public {
        uint256[3] memory lengths = [uint256(1), 29, 31];
        for (uint256 i = 0; i < lengths.length; ++i) {
            Draft memory d = _commitData([ALICE, BOB, CAROL][i], new bytes(lengths[i]));
            uint256 opened = vm.getBlockTimestamp();
            _toReveal();
            vm.expectRevert(abi.encodeWithSelector(IRollup.MalformedData.selector, lengths[i], 30, CHUNK_WORDS));
            _reveal(d);
            vm.warp(opened);
        }
    }

    function test_TakesNoData() public {
        _expectEval("");
    }

    function test_TakesAsMuchAsFits() public {
        _expectEval(_words(MAX_WORDS));
    }

    function testFuzz_FingerprintsAnyWords(bytes30[] memory words) public {
        uint256 count = words.length > MAX_WORDS ? MAX_WORDS : words.length;
        bytes memory data;
        for (uint256 i = 0; i < count; ++i) {
            data = abi.encodePacked(data, words[i]);
        }
        _expectEval(data);
    }

    function test_Once() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        _toReveal();
        _reveal(d);
        vm.expectRevert(abi.encodeWithSelector(IRollup.AlreadyRevealed.selector, d.id, 0));
        _reveal(d);
    }

    /* CHUNKS */

    function test_ChunksComeInAnyOrder() public {
        Draft memory d = _commitData(ALICE, _words(MAX_WORDS));
        _toReveal();
        _expectChunk(d, 2, 4);
        _expectChunk(d, 0, 5);
        uint256 eval = _plainEval(d.data, Proposals.dataPoint(d.order));
        vm.expectEmit(address(rollup));
        emit IRollup.DataRevealed(d.id, 1, _chunk(d.data, 1));
        vm.expectEmit(address(rollup));
        emit IRollup.Revealed(d.id, ALICE, d.terms.roundId(), d.txsRoot, eval, 0);
        vm.prank(BOB);
        _revealChunk(d, 1);
        vm.assertEq(rollup.revealOf(d.id), Proposals.revealDigest(d.txsRoot, eval, 0), "digest");
        vm.assertEq(rollup.chunksOf(d.id), 0, "nothing is left of chunks");
        vm.assertTrue(rollup.head().isRevealed(), "revealed");
    }

    function test_AChunkOnce() public {
        Draft memory d = _commitData(ALICE, _words(MAX_WORDS));
        _toReveal();
        _revealChunk(d, 1);
        _expectRevealed(d, 1);
        _revealChunk(d, 0);
        _expectRevealed(d, 1);
        _expectRevealed(d, 0);
        _revealChunk(d, 2);
        for (uint256 chunk = 0; chunk < 3; ++chunk) {
            _expectRevealed(d, chunk);
        }
    }

    function test_WhatIsNotWholeIsNotRevealed() public {
        Draft memory d = _commitData(ALICE, _words(MAX_WORDS));
        _toReveal();
        _revealChunk(d, 0);
        _revealChunk(d, 2);
        _toProving();
        vm.assertEq(uint256(_round().phase), uint256(Phase.Expired), "phase");
        uint256 revealEnds = _round().revealEnds;
        vm.expectRevert(
            abi.encodeWithSelector(IRollup.RevealClosed.selector, revealEnds, revealEnds - REVEAL_WINDOW, revealEnds)
        );
        _revealChunk(d, 1);
        Submission memory s = _submission(d, 0x7f, 0x7f);
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotRevealed.selector, d.id));
        rollup.submitProof(s);
    }

    function test_AChunkBelongsToItsProposalAndItsPlace() public {
        Draft memory d = _commitData(ALICE, _words(MAX_WORDS));
        Draft memory other = _commitData(BOB, new bytes(CHUNK_WORDS * 30 * 2));
        _toReveal();
        _expectWrongChunk(d, 0, _chunk(d.data, 1));
        _expectWrongChunk(d, 1, _chunk(d.data, 0));
        _expectWrongChunk(d, 1, _chunk(other.data, 1));
        _expectWrongChunk(d, 2, new bytes(30));
        bytes32[] memory hashes = _chunkHashes(d.data);
        bytes32 order = Proposals.orderCommitment(
            rollup.domain(),
            other.terms.roundId(),
            BOB,
            other.txsRoot,
            _dataHash(hashes),
            other.salt
        );
        bytes memory data = _chunk(d.data, 0);
        vm.expectRevert(abi.encodeWithSelector(IRollup.WrongOrder.selector, order, other.order));
        rollup.reveal(_opening(other), keccak256(other.transcript), other.txsRoot, other.salt, hashes, 0, data);
    }

    function test_TwoProposalsDoNotMix() public {
        Draft memory alice = _commitData(ALICE, _words(MAX_WORDS));
        Draft memory bob = _commitData(BOB, _words(MAX_WORDS - 1));
        _toReveal();
        for (uint256 chunk = 0; chunk < 3; ++chunk) {
            _revealChunk(alice, chunk);
            _revealChunk(bob, 2 - chunk);
        }
        uint256 eval = _plainEval(alice.data, Proposals.dataPoint(alice.order));
        vm.assertEq(rollup.revealOf(alice.id), Proposals.revealDigest(alice.txsRoot, eval, 0), "the one's");
        eval = _plainEval(bob.data, Proposals.dataPoint(bob.order));
        vm.assertEq(rollup.revealOf(bob.id), Proposals.revealDigest(bob.txsRoot, eval, 0), "the other's");
    }

    /// @dev Every chunk but the last has its exact size, and all together are no more than a block may have.
    function test_RevertsForChunksOfOtherSizes() public {
        uint256 full = CHUNK_WORDS * 30;
        _expectMalformed(_list(new bytes(full - 30), new bytes(30), ""), 0, CHUNK_WORDS);
        _expectMalformed(_list(new bytes(full + 30), new bytes(30), ""), 0, CHUNK_WORDS);
        _expectMalformed(_list("", new bytes(30), ""), 0, CHUNK_WORDS);
        _expectMalformed(_list(new bytes(full), new bytes(full), new bytes(5 * 30)), 2, 4);
    }

    function test_RevertsForChunksThatAreNot() public {
        Draft memory d = _commitData(ALICE, _words(MAX_WORDS));
        _toReveal();
        bytes32[] memory hashes = _chunkHashes(d.data);
        vm.expectRevert(abi.encodeWithSelector(IRollup.MalformedChunks.selector, 3, 3, 3));
        rollup.reveal(_opening(d), keccak256(d.transcript), d.txsRoot, d.salt, hashes, 3, "");
    }

    function test_RevertsForTooManyChunks() public {
        bytes[] memory chunks = new bytes[](4);
        for (uint256 i = 0; i < 4; ++i) {
            chunks[i] = new bytes(i < 3 ? CHUNK_WORDS * 30 : 0);
        }
        Draft memory d = _commitChunks(ALICE, chunks);
        _toReveal();
        vm.expectRevert(abi.encodeWithSelector(IRollup.MalformedChunks.selector, 0, 4, 3));
        rollup.reveal(_opening(d), keccak256(d.transcript), d.txsRoot, d.salt, _hashes(chunks), 0, chunks[0]);
        // No chunk at all is an order that nobody can open.
        chunks = new bytes[](0);
        vm.warp(_round().opens);
        d = _commitChunks(BOB, chunks);
        _toReveal();
        vm.expectRevert(abi.encodeWithSelector(IRollup.MalformedChunks.selector, 0, 0, 3));
        rollup.reveal(_opening(d), keccak256(d.transcript), d.txsRoot, d.salt, _hashes(chunks), 0, "");
    }

    function test_TheLastChunkMayBeFullOrEmpty() public {
        bytes[] memory chunks = new bytes[](3);
        (chunks[0], chunks[1], chunks[2]) = (_words(CHUNK_WORDS), _words(CHUNK_WORDS), bytes(""));
        Draft memory d = _commitChunks(ALICE, chunks);
        _toReveal();
        for (uint256 chunk = 0; chunk < 3; ++chunk) {
            rollup.reveal(
                _opening(d),
                keccak256(d.transcript),
                d.txsRoot,
                d.salt,
                _hashes(chunks),
                chunk,
                chunks[chunk]
            );
        }
        uint256 eval = _plainEval(abi.encodePacked(chunks[0], chunks[1]), Proposals.dataPoint(d.order));
        vm.assertEq(rollup.revealOf(d.id), Proposals.revealDigest(d.txsRoot, eval, 0), "digest");
    }

    function _expectChunk(Draft memory d, uint256 chunk, uint256 known) private {
        vm.expectEmit(address(rollup));
        emit IRollup.DataRevealed(d.id, chunk, _chunk(d.data, chunk));
        _revealChunk(d, chunk);
        vm.assertEq(rollup.chunksOf(d.id), known, "chunks");
        vm.assertEq(rollup.revealOf(d.id), 0, "not whole");
        vm.assertFalse(rollup.head().isRevealed(), "not revealed");
    }

    function _expectRevealed(Draft memory d, uint256 chunk) private {
        vm.expectRevert(abi.encodeWithSelector(IRollup.AlreadyRevealed.selector, d.id, chunk));
        _revealChunk(d, chunk);
    }

    function _expectWrongChunk(Draft memory d, uint256 chunk, bytes memory data) private {
        bytes32[] memory hashes = _chunkHashes(d.data);
        vm.expectRevert(abi.encodeWithSelector(IRollup.WrongChunk.selector, keccak256(data), hashes[chunk]));
        rollup.reveal(_opening(d), keccak256(d.transcript), d.txsRoot, d.salt, hashes, chunk, data);
    }

    function _expectMalformed(bytes[] memory chunks, uint256 chunk, uint256 room) private {
        Draft memory d = _commitChunks([ALICE, BOB, CAROL, DAVE][_committed++], chunks);
        _toReveal();
        vm.expectRevert(abi.encodeWithSelector(IRollup.MalformedData.selector, chunks[chunk].length, 30, room));
        rollup.reveal(_opening(d), keccak256(d.transcript), d.txsRoot, d.salt, _hashes(chunks), chunk, chunks[chunk]);
        vm.warp(_round().opens);
    }

    function _commitChunks(address proposer, bytes[] memory chunks) private returns (Draft memory d) {
        d = _draft(proposer, 100, 0, _everyone());
        d.order = Proposals.orderCommitment(
            rollup.domain(),
            d.terms.roundId(),
            proposer,
            d.txsRoot,
            _dataHash(_hashes(chunks)),
            d.salt
        );
        d.id = Proposals.proposalId(rollup.domain(), d.parent, d.terms, d.order, proposer);
        _commit(d);
    }

    function _hashes(bytes[] memory chunks) private pure returns (bytes32[] memory hashes) {
        hashes = new bytes32[](chunks.length);
        for (uint256 i = 0; i < chunks.length; ++i) {
            hashes[i] = keccak256(chunks[i]);
        }
    }

    /// @return chunks without empty ones at the end
    function _list(bytes memory a, bytes memory b, bytes memory c) private pure returns (bytes[] memory chunks) {
        chunks = new bytes[](c.length == 0 ? 2 : 3);
        (chunks[0], chunks[1]) = (a, b);
        if (c.length != 0) chunks[2] = c;
    }

    function _expectEval(bytes memory data) private {
        Draft memory d = _commitData(ALICE, data);
        _toReveal();
        _reveal(d);
        uint256 eval = _plainEval(data, Proposals.dataPoint(d.order));
        vm.assertEq(rollup.revealOf(d.id), Proposals.revealDigest(d.txsRoot, eval, 0), "digest");
        vm.assertEq(rollup.chunksOf(d.id), 0, "nothing is left of chunks");
    }

    function _commitData(address proposer, bytes memory data) private returns (Draft memory d) {
        d = _draft(proposer, 100, 0, _everyone());
        _setData(d, data);
        _commit(d);
    }

    function _words(uint256 count) private pure returns (bytes memory data) {
        for (uint256 i = 0; i < count; ++i) {
            data = abi.encodePacked(data, bytes30(uint240(type(uint240).max - i)));
        }
    }

    /// @dev The definition, power by power.
    function _plainEval(bytes memory data, uint256 r) private pure returns (uint256 sum) {
        uint256 power = 1;
        for (uint256 i = 0; i < data.length; i += 30) {
            uint256 word = 0;
            for (uint256 j = 0; j < 30; ++j) {
                word = (word << 8) | uint8(data[i + j]);
            }
            sum = addmod(sum, mulmod(word, power, FIELD), FIELD);
            power = mulmod(power, r, FIELD);
        }
    }

    function _digest(address proposer) private view returns (uint192 digest) {
        digest = rollup.laneOf(proposer, 1).digest();
    }

    function _expectClosed(Draft memory d, uint256 timestamp, uint256 from, uint256 until) private {
        vm.warp(timestamp);
        vm.expectRevert(abi.encodeWithSelector(IRollup.RevealClosed.selector, timestamp, from, until));
        _reveal(d);
    }

    function _expectWrongOpening(
        Draft memory d,
        Opening memory opening,
        bytes32 transcriptHash,
        uint192 committed
    ) private {
        uint192 digest = Proposals.commitDigest(
            opening.terms,
            opening.orderCommitment,
            transcriptHash,
            opening.committedAt
        );
        bytes32[] memory hashes = _chunkHashes(d.data);
        vm.expectRevert(abi.encodeWithSelector(IRollup.WrongOpening.selector, digest, committed));
        rollup.reveal(opening, transcriptHash, d.txsRoot, d.salt, hashes, 0, d.data);
    }

    function _expectWrongOrder(Draft memory d, uint256 txsRoot, bytes32 salt, bytes memory data) private {
        bytes32[] memory hashes = _chunkHashes(data);
        bytes32 order = Proposals.orderCommitment(
            rollup.domain(),
            d.terms.roundId(),
            ALICE,
            txsRoot,
            _dataHash(hashes),
            salt
        );
        vm.expectRevert(abi.encodeWithSelector(IRollup.WrongOrder.selector, order, d.order));
        rollup.reveal(_opening(d), keccak256(d.transcript), txsRoot, salt, hashes, 0, data);
    }
}

/// @dev Blocks of just two chunks, and of one word more.
contract WholeChunksTest is Fixture {
    uint256 private maxWords = 2 * CHUNK_WORDS;

    function _config() internal override returns (Config memory c) {
        c = super._config();
        c.maxWords = maxWords;
    }

    function test_NoMoreChunksThanTheWordsFill() public {
        Draft memory d = _committed();
        vm.expectRevert(abi.encodeWithSelector(IRollup.MalformedChunks.selector, 0, 3, 2));
        _revealChunk(d, 0);
    }

    function test_OneWordMoreIsAnotherChunk() public {
        ++maxWords;
        setUp();
        Draft memory d = _committed();
        _reveal(d);
        vm.assertTrue(rollup.revealOf(d.id) != 0, "revealed");
    }

    function _committed() private returns (Draft memory d) {
        d = _draft(ALICE, 100, 0, _everyone());
        _setData(d, new bytes((2 * CHUNK_WORDS + 1) * 30));
        d.data[d.data.length - 1] = 0x01;
        _setData(d, d.data);
        _commit(d);
        _toReveal();
    }
}
