// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRollup} from "../../../contracts/interfaces/IRollup.sol";
import {Phase} from "../../../contracts/interfaces/IRoundView.sol";
import {Fixture} from "../support/Fixture.sol";
import {vm} from "../support/Vm.sol";

/// @dev Of the acceptance window, 240 s, the last 60 s take deliveries only.
contract WindowDeviationTest is Fixture {
    uint256 private constant ALL = 0x7f;

    /// @dev With everybody's votes a block kept the choice whether to win until the last second of the window, when
    /// nobody could answer it any more. Now the choice ends a quarter before, with its first forest.
    function test_NobodyJoinsInTheLastQuarter() public {
        (Draft memory h, Draft memory x) = _contest(100, 101);
        _submitFull(h);
        vm.warp(_round().provingEnds);
        vm.assertEq(uint256(_round().phase), uint256(Phase.Delivering), "phase");
        (uint256 from, uint256 until) = (_round().proposalEnds, _round().provingEnds);
        vm.expectRevert(abi.encodeWithSelector(IRollup.SubmitClosed.selector, until, from, until));
        this.submit(x, ALL, ALL);
        _expectFinal(h, "the honest block won");
    }

    function test_ADeliveryCountsToTheEndAndANewVoteDoesNot() public {
        (Draft memory h, Draft memory x) = _contest(100, 101);
        _submit(h, 0x3f, 0);
        _submit(x, 0x0f, 0x0f);
        vm.warp(_round().acceptanceEnds - 1);
        _submit(h, ALL, ALL);
        vm.assertEq(rollup.candidateOf(h.id).standing.provers(), 6, "delivered, as far as voted before");
        vm.assertEq(rollup.flagsOf(h.id)[0], (ALL << 64) | 0x3f, "flags");
        vm.expectRevert(abi.encodeWithSelector(IRollup.NoImprovement.selector, 4, 13));
        this.submit(x, ALL, 0x0f);
        _expectFinal(h, "final");
    }

    /// @dev A round that nobody has proven anything in does not keep everybody waiting for the rest of the window.
    function test_NothingProvenByThenEndsTheAttempt() public {
        (Draft memory h, ) = _contest(100, 101);
        vm.warp(_round().provingEnds - 1);
        vm.assertEq(uint256(_round().phase), uint256(Phase.Proving), "phase");
        vm.warp(_round().provingEnds);
        vm.assertEq(uint256(_round().phase), uint256(Phase.Expired), "expired");
        vm.assertEq(rollup.settle(_opening(h), keccak256(h.transcript)), 50, "and forfeits");
        Draft memory d = _propose(CAROL, 100, 5_000, _everyone());
        vm.assertEq(d.terms.roundId().attempt(), 2, "next attempt");
    }

    function submit(Draft memory d, uint256 voted, uint256 delivered) external {
        _submit(d, voted, delivered);
    }
}
