// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IForestVerifier} from "../../../contracts/interfaces/IForestVerifier.sol";
import {Fixture} from "../support/Fixture.sol";
import {vm} from "../support/Vm.sol";

/// @dev Two slots a prover. Weights: root 5, inner 2 x 3, bases 4 x 2; all together 19. Reward 50 tokens.
contract SlotDeviationTest is Fixture {
    function _maxSlotsPerProver() internal pure override returns (uint256) {
        return 2;
    }

    /// @dev A stake that is named for every slot. Without a limit it earned the whole reward, 50 tokens a block, when
    /// nobody competed; a limit of two slots leaves 21.1.
    function test_OneStakeEarnsForTwoSlots() public {
        Draft memory d = _propose(ALICE, MIN_BID, 0, _transcript(1, 1, 1, 1, 1, 1, 1));
        _toReveal();
        _reveal(d);
        _submit(d, 3, 3);
        _toEnd();
        rollup.advance();
        (uint128 rewards, ) = rollup.creditOf(ALICE);
        vm.assertEq(rewards, (REWARD * 8) / 19, "root and an inner node");
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 1, "provers");
    }

    /// @dev What is beyond the limit can be proven by anybody and credits nobody, as if it were not assigned.
    function test_SlotsBeyondTheLimitAreNobodys() public {
        Draft memory d = _propose(ALICE, MIN_BID, 5_000, _transcript(1, 2, 1, 2, 1, 2, 3));
        _toReveal();
        _reveal(d);
        vm.expectRevert(abi.encodeWithSelector(IForestVerifier.FlagWithoutKey.selector, 4));
        this.submit(d, 0x7f);
        _submit(d, 0x4f, 0x4f);
        vm.assertEq(rollup.candidateOf(d.id).payout.fulfilledWeight(), 5 + 3 + 3 + 2 + 2, "five slots");
    }

    function submit(Draft memory d, uint256 mask) external {
        _submit(d, mask, mask);
    }
}
