// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPayoutPolicy} from "../../../contracts/interfaces/IPayoutPolicy.sol";
import {Config, IRollup} from "../../../contracts/interfaces/IRollup.sol";
import {Fixture} from "../support/Fixture.sol";
import {create} from "../support/create.sol";
import {vm} from "../support/Vm.sol";

/// @notice Provers that are paid by round.
contract ClaimRoundsTest is Fixture {
    IPayoutPolicy private pay;

    function _config() internal override returns (Config memory c) {
        c = super._config();
        c.payout = pay = IPayoutPolicy(create("FairPay", ""));
    }

    function test_ProversOfAllCandidatesShareWhatWasFulfilled() public {
        Draft memory a = _propose(ALICE, 300, 5_000, _transcript(1, 2, 1, 0, 0, 0, 0));
        Draft memory b = _propose(BOB, 10, 5_000, _transcript(3, 0, 0, 0, 0, 0, 0));
        uint256 roundNumber = _round().roundNumber;
        _toReveal();
        _reveal(a);
        _reveal(b);
        _submitFull(a);
        _submitFull(b);
        _toEnd();
        uint256 supply = token.totalSupply();
        rollup.advance();
        (uint256 rewards, ) = rollup.creditOf(ALICE);
        // BOB's score is too low for an uncle, but his prover has worked.
        // Eleven of nineteen weights are fulfilled, and a unit is whole wei.
        uint256 effective = (REWARD * 11) / 19;
        uint256 share = (effective - rewards) / 3;
        vm.assertEq(rewards, effective - (effective / 2 / 11) * 11, "half is the winner's");
        vm.assertEq(token.totalSupply(), supply + rewards + 3 * share - 300 * 1e14, "minted, burnt");
        vm.assertEq(rollup.candidateOf(a.id).payout.proverUnit(), 0, "nothing by block");

        uint256[] memory roundNumbers = new uint256[](1);
        roundNumbers[0] = roundNumber;
        for (uint256 index = 1; index <= 3; ++index) {
            vm.expectEmit(address(rollup));
            emit IRollup.RoundClaimed(index, roundNumber, share);
            vm.prank(DAVE);
            vm.assertEq(rollup.claimRounds(index, roundNumbers), share, "share");
            vm.assertEq(token.balanceOf(_owner(index)), share, "paid to the owner");
        }
        vm.expectRevert(abi.encodeWithSelector(IPayoutPolicy.NothingOwed.selector, address(rollup), roundNumber, 1));
        rollup.claimRounds(1, roundNumbers);
    }

    function test_ManyRoundsAtOnce() public {
        uint256[] memory roundNumbers = new uint256[](2);
        for (uint256 i = 0; i < 2; ++i) {
            Draft memory d = _propose(ALICE, 100, 10_000, _transcript(1, 0, 0, 0, 0, 0, 0));
            roundNumbers[i] = _round().roundNumber;
            _toReveal();
            _reveal(d);
            _submitFull(d);
            _toEnd();
            rollup.advance();
        }
        vm.assertEq(rollup.claimRounds(1, roundNumbers), 2 * ((REWARD * 5) / 19 / 5) * 5, "both");
        vm.assertEq(token.balanceOf(_owner(1)), 2 * ((REWARD * 5) / 19 / 5) * 5, "paid");
    }

    function test_RevertsForNobody() public {
        vm.expectRevert(abi.encodeWithSelector(IRollup.UnknownProver.selector, 9));
        rollup.claimRounds(9, new uint256[](0));
    }
}

contract NoPayoutTest is Fixture {
    function test_RevertsWithoutAPolicy() public {
        vm.expectRevert(abi.encodeWithSelector(IRollup.NoPayoutPolicy.selector));
        rollup.claimRounds(1, new uint256[](0));
    }
}
