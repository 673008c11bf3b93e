// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BID_UNIT} from "../../../contracts/libraries/Constants.sol";
import {Fixture} from "../support/Fixture.sol";
import {vm} from "../support/Vm.sol";

/// @dev Weights: root 5, inner 2 x 3, bases 4 x 2; all together 19. Reward 50 tokens.
contract RewardDeviationTest is Fixture {
    /// @dev A proposer that names its own prover for one slot and proves the rest in nobody's name. Where rewards were
    /// scaled by assigned slots it earned the whole reward, 50 tokens, with one stake, and nobody else earned.
    function test_OneOwnSlotEarnsItsOwnPart() public {
        Draft memory d = _propose(ALICE, MIN_BID, 0, _transcript(1, 0, 0, 0, 0, 0, 0));
        _toReveal();
        _reveal(d);
        _submit(d, 1, 1);
        _toEnd();
        rollup.advance();
        (uint128 rewards, ) = rollup.creditOf(ALICE);
        vm.assertEq(rewards, (REWARD * 5) / 19, "the root's part: 13.2 of 50 tokens");
    }

    /// @dev Three seats with one slot each, when nobody else proposes: winner and both uncles earned 55 tokens, the
    /// whole reward and all that uncles share. An uncle earns no more than it burns, and scaled by one slot less: the
    /// second and the third seat lose by it.
    function test_ThreeSeatsOfOneStakeEarnLessThanOneFullBlock() public {
        bytes memory transcript = _transcript(1, 0, 0, 0, 0, 0, 0);
        address[3] memory seats = [ALICE, BOB, CAROL];
        Draft[3] memory drafts;
        for (uint256 i = 0; i < 3; ++i) drafts[i] = _propose(seats[i], MIN_BID, 0, transcript);
        _toReveal();
        for (uint256 i = 0; i < 3; ++i) {
            _reveal(drafts[i]);
            _submit(drafts[i], 1, 1);
        }
        _toEnd();
        rollup.advance();
        uint256 earned;
        for (uint256 i = 0; i < 3; ++i) {
            (uint128 rewards, ) = rollup.creditOf(seats[i]);
            earned += rewards;
        }
        uint256 burnt = (MIN_BID * 3_333 + 9_999) / 10_000;
        uint256 uncle = (burnt * BID_UNIT * 5) / 19;
        vm.assertEq(earned, (REWARD * 5) / 19 + 2 * uncle, "13.2 of 55 tokens, and less than they burnt");
    }
}
