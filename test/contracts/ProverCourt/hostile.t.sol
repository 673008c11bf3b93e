// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IProverCourt, NodeProof, RootProof} from "../../../contracts/interfaces/IProverCourt.sol";
import {IRollup, Submission} from "../../../contracts/interfaces/IRollup.sol";
import {vm} from "../support/Vm.sol";
import {CourtFixture} from "./CourtFixture.sol";

/// @notice Attempts on the court: what it must not take, from whom it must not take anything, and what others cannot
/// make of a hand-in.
contract HostileTest is CourtFixture {
    /* REPLAY */

    /// @dev The same proposer commits to the same order and the same provers again. Each attempt has proofs of its own.
    function test_ProofsOfADeadAttemptProveNothingInTheNext() public {
        Draft memory dead = _revealed();
        NodeProof[] memory nodes = _nodes(_merge(1, 3, false), _node(3));
        uint256[] memory contents = _contentsOf(dead);
        bytes memory proofs = _proofsOf(dead, nodes, contents);
        RootProof memory root = _rootOf(dead, 7, false);
        bytes memory rootProof = _rootProof(dead, root, contents);
        vm.warp(_round().provingEnds);
        rollup.settle(_opening(dead), keccak256(dead.transcript));
        Draft memory alive = _revealed();
        vm.assertTrue(alive.id != dead.id, "another proposal");

        vm.expectPartialRevert(IRollup.WrongRound.selector);
        _bring(dead, nodes, contents, proofs);
        _expectInvalid(alive);
        _bring(alive, nodes, contents, proofs);
        _expectInvalid(alive);
        court.handInRoot(_opening(alive), alive.transcript, _grouped(contents), root, rootProof);
    }

    function test_AnotherProposersRootProvesNothing() public {
        (Draft memory a, Draft memory b) = _contest(100, 100);
        uint256[] memory contents = _contentsOf(a);
        RootProof memory root = _rootOf(a, 7, false);
        bytes memory proof = _rootProof(a, root, contents);
        _expectInvalid(b);
        court.handInRoot(_opening(b), b.transcript, _grouped(contents), root, proof);
    }

    /// @dev With the contents of a candidate every opened value is the candidate's: the circuit has no other proof. One
    /// with a value changed is none, whichever it is.
    function testFuzz_ARootOpensNothingElse(uint256 field, uint256 change) public {
        Draft memory d = _revealed();
        _submit(d, 0x78, 0x7e);
        uint256[] memory contents = _contentsOf(d);
        RootProof memory root = _rootOf(d, 7, false);
        bytes memory proof = _rootProof(d, root, contents);
        (field, change) = (field % 9, 1 + (change % 1_000));
        if (field == 0) root.nextStateRoot += change;
        else if (field == 1) root.txsRoot += change;
        else if (field == 2) root.fees += change;
        else if (field == 3) root.l1OpCount += change;
        else if (field == 4) root.txCount += change;
        else if (field == 5) root.withdrawalsRoot += change;
        else if (field == 6) root.dataEval += change;
        else if (field == 7) root.proversRoot += change;
        else root.rootCommitment += change;
        _expectInvalid(d);
        court.handInRoot(_opening(d), d.transcript, _grouped(contents), root, proof);
        vm.assertEq(rollup.flagsOf(d.id)[0], (uint256(0x7e) << 64) | 0x78, "nothing was recorded");
    }

    /* PAYMENT */

    /// @dev Handed in before the forest and brought with it, in the forest and again: one slot, one payment.
    function test_WhatIsDeliveredTwiceIsPaidOnce() public {
        Draft memory d = _revealed();
        _handIn(d, _nodes(_node(3)));
        _handInRoot(d, _rootOf(d, 7, false));
        _submitFull(d);
        _toEnd();
        rollup.advance();
        for (uint256 slot = 0; slot < 7; ++slot) {
            vm.assertTrue(rollup.claimProver(slot + 1, _claimOf(d, slot)) > 0, "paid");
            vm.expectRevert(abi.encodeWithSelector(IRollup.AlreadyClaimed.selector, d.id, slot));
            this.claim(d, slot);
        }
    }

    function claim(Draft memory d, uint256 slot) external {
        rollup.claimProver(slot + 1, _claimOf(d, slot));
    }

    /* SOMEBODY ELSE'S SLASH */

    /// @dev Prover 4 owes for slot 3. Nobody else does, whoever is named: those who delivered, one that is not named,
    /// and nobody.
    function testFuzz_NobodyPaysForAnother(uint256 index) public {
        Draft memory d = _slashable();
        index = index % 3 == 0 ? index : index % 8;
        if (index == 4) vm.assertTrue(_slash(d, index) != 0, "its own");
        else _expectNothingOwed(d, index);
    }

    /// @dev A prover fails in two rounds whose slash windows overlap. Who brings the later one first makes the earlier
    /// one dearer. Whoever wants the cheaper order has all of the acceptance window between them for it.
    function test_TheEarlierRoundCanBeSlashedFirst() public {
        Draft memory first = _propose(ALICE, 100, 5_000, _everyone());
        _toReveal();
        _reveal(first);
        _submit(first, ALL, 0x77);
        Draft memory second = _commit(_child(BOB, 100, first, ALICE));
        _toEnd();
        // The first reveal of the next height makes this one final.
        _reveal(second);
        vm.assertEq(_slash(first, 4), FULL, "at the rate of a first miss");
        _submit(second, ALL, 0x77);
        vm.expectPartialRevert(IProverCourt.SlashClosed.selector);
        this.slash(second, 4);
        _toEnd();
        rollup.advance();
        vm.assertEq(_slash(second, 4), 2 * FULL, "at the rate of a second one");
    }

    function slash(Draft memory d, uint256 index) external {
        _slash(d, index);
    }

    /* GRIEFING */

    /// @dev Somebody sees a hand-in on its way and brings a part of it first. The rest still counts.
    function testFuzz_APartThatComesFirstStopsNothing(uint256 part) public {
        Draft memory d = _revealed();
        if (part >> 255 == 1) _submit(d, 1, 1);
        part %= 63;
        NodeProof[] memory all = new NodeProof[](6);
        NodeProof[] memory some = new NodeProof[](6);
        uint256 count = 0;
        for (uint256 i = 0; i < 6; ++i) {
            all[i] = _merge(i + 1, i < 2 ? 3 : 0, false);
            if ((part >> i) & 1 == 1) some[count++] = all[i];
        }
        assembly ("memory-safe") {
            mstore(some, count)
        }
        if (count != 0) _handIn(d, some);
        _handIn(d, all);
        _submit(d, 7, 1);
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 7, "provers");
    }

    /// @dev A prover hands in merges of made-up children until the first forest comes. Each costs it a proof and a
    /// transaction; the forest looks once for every slot, however many there are.
    function test_MadeUpDeliveriesDoNotMakeAForestDearer() public {
        uint256 one = _gasOfAForestAfter(1);
        uint256 many = _gasOfAForestAfter(40);
        vm.assertTrue(many <= one + 100, "a further one");
    }

    function _gasOfAForestAfter(uint256 madeUp) private returns (uint256 used) {
        Draft memory d = _revealed();
        uint256[] memory contents = _contentsOf(d);
        for (uint256 i = 0; i < madeUp; ++i) {
            contents[2] += 1;
            _handIn(d, _nodes(_node(1)), contents);
        }
        Submission memory s = _submission(d, ALL, ALL);
        used = gasleft();
        rollup.submitProof(s);
        used -= gasleft();
        _toEnd();
        rollup.advance();
        _toFresh();
    }

    function _expectInvalid(Draft memory d) private {
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.InvalidProof.selector, d.id));
    }
}
