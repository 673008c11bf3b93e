// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRollup, Opening} from "../../../contracts/interfaces/IRollup.sol";
import {FIELD} from "../../../contracts/libraries/Constants.sol";
import {Proposals} from "../../../contracts/libraries/Proposals.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {Fixture} from "../support/Fixture.sol";
import {vm} from "../support/Vm.sol";

contract RevealTest is Fixture {
    function test_KeepsAFingerprintAndTellsTheData() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        _toReveal();
        uint256 eval = _plainEval(d.data, Proposals.dataPoint(d.order));
        vm.expectEmit(address(rollup));
        emit IRollup.Revealed(d.id, ALICE, d.terms.roundId(), d.txsRoot, eval, d.data);
        vm.prank(BOB);
        rollup.reveal(_opening(d), keccak256(d.transcript), d.txsRoot, d.salt, d.data);
        vm.assertEq(rollup.revealOf(d.id), Proposals.revealDigest(d.txsRoot, eval), "digest");
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
            rollup.domain(), d.terms.roundId(), BOB, d.txsRoot, keccak256(d.data), d.salt
        );
        vm.expectRevert(abi.encodeWithSelector(IRollup.WrongOrder.selector, own, d.order));
        _reveal(copy);
    }

    /* DATA */

    function test_RevertsForDataThatAreNotWords() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        _toReveal();
        uint256[4] memory lengths = [uint256(1), 29, 31, 8 * 30 + 30];
        for (uint256 i = 0; i < lengths.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IRollup.MalformedData.selector, lengths[i], 30, 8));
            rollup.reveal(_opening(d), keccak256(d.transcript), d.txsRoot, d.salt, new bytes(lengths[i]));
        }
    }

    function test_TakesNoData() public {
        _expectEval("");
    }

    function test_TakesAsMuchAsFits() public {
        bytes memory full;
        for (uint256 i = 0; i < 8; ++i) {
            full = abi.encodePacked(full, bytes30(type(uint240).max));
        }
        _expectEval(full);
    }

    function testFuzz_FingerprintsAnyWords(bytes30[] memory words) public {
        uint256 count = words.length > 8 ? 8 : words.length;
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
        vm.expectRevert(abi.encodeWithSelector(IRollup.AlreadyRevealed.selector, d.id));
        _reveal(d);
    }

    function _expectEval(bytes memory data) private {
        Draft memory d = _draft(ALICE, 100, 0, _everyone());
        d.data = data;
        d.order = Proposals.orderCommitment(
            rollup.domain(), d.terms.roundId(), ALICE, d.txsRoot, keccak256(data), d.salt
        );
        d.id = Proposals.proposalId(rollup.domain(), 0, d.terms, d.order, ALICE);
        _commit(d);
        _toReveal();
        _reveal(d);
        uint256 eval = _plainEval(data, Proposals.dataPoint(d.order));
        vm.assertEq(rollup.revealOf(d.id), Proposals.revealDigest(d.txsRoot, eval), "digest");
    }

    /// @dev The definition, power by power.
    function _plainEval(bytes memory data, uint256 r) private pure returns (uint256 sum) {
        uint256 power = 1;
        for (uint256 i = 0; i < data.length; i += 30) {
            uint256 word = 0;
            for (uint256 j = 0; j < 30; ++j) {
                word = word << 8 | uint8(data[i + j]);
            }
            sum = addmod(sum, mulmod(word, power, FIELD), FIELD);
            power = mulmod(power, r, FIELD);
        }
    }

    function _digest(address proposer) private view returns (uint192 digest) {
        (, digest,) = rollup.laneOf(proposer, 1);
    }

    function _expectClosed(Draft memory d, uint256 timestamp, uint256 from, uint256 until) private {
        vm.warp(timestamp);
        vm.expectRevert(abi.encodeWithSelector(IRollup.RevealClosed.selector, timestamp, from, until));
        _reveal(d);
    }

    function _expectWrongOpening(Draft memory d, Opening memory opening, bytes32 transcriptHash, uint192 committed)
        private
    {
        uint192 digest =
            Proposals.commitDigest(opening.terms, opening.orderCommitment, transcriptHash, opening.committedAt);
        vm.expectRevert(abi.encodeWithSelector(IRollup.WrongOpening.selector, digest, committed));
        rollup.reveal(opening, transcriptHash, d.txsRoot, d.salt, d.data);
    }

    function _expectWrongOrder(Draft memory d, uint256 txsRoot, bytes32 salt, bytes memory data) private {
        bytes32 order =
            Proposals.orderCommitment(rollup.domain(), d.terms.roundId(), ALICE, txsRoot, keccak256(data), salt);
        vm.expectRevert(abi.encodeWithSelector(IRollup.WrongOrder.selector, order, d.order));
        rollup.reveal(_opening(d), keccak256(d.transcript), txsRoot, salt, data);
    }
}
