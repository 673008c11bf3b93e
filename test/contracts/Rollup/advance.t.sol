// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRollup, Phase, RoundState} from "../../../contracts/interfaces/IRollup.sol";
import {BID_UNIT} from "../../../contracts/libraries/Constants.sol";
import {RoundId, RoundIdLibrary} from "../../../contracts/types/RoundId.sol";
import {Fixture} from "../support/Fixture.sol";
import {vm} from "../support/Vm.sol";

/// @dev Weights: root 5, inner 2 x 3, bases 4 x 2; all together 19.
contract AdvanceTest is Fixture {
    function test_MovesTheStateAndOpensTheNextHeight() public {
        Draft memory d = _draft(ALICE, 100, 5_000, _everyone());
        d.fees = 7 ether;
        _commit(d);
        _toReveal();
        _reveal(d);
        _submitFull(d);
        _toEnd();

        uint256 supply = token.totalSupply();
        rollup.advance();

        vm.assertEq(rollup.stateRoot(), d.nextStateRoot, "state root");
        vm.assertEq(rollup.finalProposal(), d.id, "final proposal");
        vm.assertEq(rollup.backing(), GENESIS_SUPPLY - 7 ether, "backing");
        RoundState memory state = rollup.roundState();
        vm.assertEq(uint256(state.phase), uint256(Phase.Proposing), "phase");
        vm.assertTrue(state.roundId == RoundIdLibrary.pack(2, 1), "round");
        vm.assertEq(state.opens, block.timestamp, "opens");
        vm.assertEq(state.ranked, 0, "ranked");
        (uint128 rewards, uint128 fees) = rollup.creditOf(ALICE);
        uint256 unit = 25 ether / uint256(19);
        vm.assertEq(rewards, 50 ether - 19 * unit, "proposer reward");
        vm.assertEq(fees, 7 ether, "fees");
        vm.assertEq(rollup.candidateOf(d.id).proverUnit, unit, "prover unit");
        vm.assertEq(token.totalSupply(), supply + 50 ether - 100 * BID_UNIT, "supply");
        (uint256 deposit,,) = rollup.laneOf(ALICE, 1);
        vm.assertEq(deposit, SEAT - 100, "deposit");
    }
}
