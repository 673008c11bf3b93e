// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Phase, RoundState} from "../../../contracts/interfaces/IRoundView.sol";
import {RoundId, RoundIdLibrary} from "../../../contracts/types/RoundId.sol";
import {Fixture} from "../support/Fixture.sol";
import {vm} from "../support/Vm.sol";

contract RoundStateTest is Fixture {
    RoundId private immutable NEXT = RoundIdLibrary.pack(2, 1);
    RoundId private immutable FIRST = RoundIdLibrary.pack(1, 1);

    function test_EveryBoundaryOfARoundThatExpires() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        uint256 opens = vm.getBlockTimestamp();
        RoundState memory state = _round();
        vm.assertEq(state.opens, opens, "opens");
        vm.assertEq(state.proposalEnds, opens + 60, "proposalEnds");
        vm.assertEq(state.revealEnds, opens + 120, "revealEnds");
        vm.assertEq(state.provingEnds, opens + 240, "provingEnds");
        vm.assertEq(state.acceptanceEnds, opens + 300, "acceptanceEnds");

        _expectPhase(opens, Phase.Proposing, FIRST);
        _expectPhase(opens + 59, Phase.Proposing, FIRST);
        _expectPhase(opens + 60, Phase.Revealing, NEXT);
        _expectPhase(opens + 61, Phase.Revealing, NEXT);
        _reveal(d);
        _expectPhase(opens + 119, Phase.Revealing, NEXT);
        _expectPhase(opens + 120, Phase.Proving, NEXT);
        _expectPhase(opens + 121, Phase.Proving, NEXT);
        _expectPhase(opens + 239, Phase.Proving, NEXT);
        _expectPhase(opens + 240, Phase.Expired, RoundIdLibrary.pack(1, 2));
        _expectPhase(opens + 241, Phase.Expired, RoundIdLibrary.pack(1, 2));
    }

    function test_ARoundInWhichNobodyRevealsIsOverAtOnce() public {
        _propose(ALICE, 100, 0, _everyone());
        uint256 opens = vm.getBlockTimestamp();
        _expectPhase(opens + 119, Phase.Revealing, NEXT);
        _expectPhase(opens + 120, Phase.Expired, RoundIdLibrary.pack(1, 2));
    }

    function test_ADecidedRoundIsAdvanceableForAsLongAsItTakes() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        uint256 opens = vm.getBlockTimestamp();
        _toReveal();
        _reveal(d);
        _submitFull(d);
        _expectPhase(opens + 239, Phase.Proving, NEXT);
        _expectPhase(opens + 240, Phase.Delivering, NEXT);
        _expectPhase(opens + 299, Phase.Delivering, NEXT);
        vm.assertEq(_round().parent, 0, "parent while proving");
        vm.assertEq(_round().stateRoot, GENESIS_ROOT, "state while proving");
        vm.assertEq(_round().ranked, 1, "ranked");
        _expectPhase(opens + 300, Phase.Advanceable, RoundIdLibrary.pack(2, 1));
        _expectPhase(opens + 1_000_000, Phase.Advanceable, RoundIdLibrary.pack(2, 1));
        vm.assertEq(_round().parent, d.id, "parent");
        vm.assertEq(_round().stateRoot, d.nextStateRoot, "state");
        rollup.advance();
        _expectPhase(vm.getBlockTimestamp(), Phase.Proposing, RoundIdLibrary.pack(2, 1));
        vm.assertEq(_round().parent, d.id, "parent of the next height");
    }

    /// @dev What the next action makes true is shown before anybody acts.
    function test_ARoundThatIsDueIsShownAsItWillBe() public {
        Draft memory d = _propose(ALICE, 100, 0, _everyone());
        _toReveal();
        _reveal(d);
        _submitFull(d);
        _commit(_child(BOB, 100, d, ALICE));
        _toEnd();
        RoundState memory expected = _round();
        vm.assertTrue(expected.advanceDue, "due");
        vm.assertEq(expected.ranked, 0, "nothing is proven in it");
        rollup.advance();
        expected.advanceDue = false;
        vm.assertEq(keccak256(abi.encode(_round())), keccak256(abi.encode(expected)), "everything else");
    }

    /// @dev Of a round that nobody has committed ahead of, the height after it is what can be committed to.
    function test_WhatCommitsMustCarryIsShownBeforeTheAdvance() public {
        _proven(ALICE, 100);
        _toEnd();
        (RoundId roundId, uint256 roundNumber) = (_round().commitRoundId, _round().commitRoundNumber);
        rollup.advance();
        vm.assertTrue(_round().commitRoundId == roundId, "round");
        vm.assertEq(_round().commitRoundNumber, roundNumber, "roundNumber");
        vm.assertEq(roundNumber, 3, "one after the first attempt's");
    }

    function _expectPhase(uint256 timestamp, Phase phase, RoundId commitRoundId) private {
        vm.warp(timestamp);
        RoundState memory state = _round();
        vm.assertEq(uint256(state.phase), uint256(phase), "phase");
        vm.assertTrue(state.commitRoundId == commitRoundId, "commitRoundId");
    }
}
