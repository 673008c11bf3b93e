// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CourtFixture} from "../ProverCourt/CourtFixture.sol";
import {skip, vm} from "../support/Vm.sol";

contract SlashDeviationTest is CourtFixture {
    uint256 private constant SEATS = 10;

    address[] private evil;

    function setUp() public override {
        super.setUp();
        for (uint256 i = 0; i < SEATS; ++i) {
            evil.push(address(uint160(0xE0000 + i)));
            _seat(evil[i]);
        }
        _register(8);
        skip(1);
    }

    /// @dev Ten seats commit with everybody's votes and bids that never burn, prove it all with strangers' keys in the
    /// last moment for votes, and the provers let all of them down. Where each candidate charged its provers, eight of
    /// them took every honest prover below `eligibleStake`, for gas alone: the next attempt was the attacker's, with
    /// one prover and the least bid. A round now takes what one candidate costs, and whoever hands in owes nothing.
    function test_ARoundCannotEmptyTheRegistry() public {
        Draft memory honest = _propose(ALICE, 100, 5_000, _everyone());
        Draft[] memory hidden = new Draft[](SEATS);
        for (uint256 i = 0; i < SEATS; ++i) hidden[i] = _propose(evil[i], 100_000, 10_000, _rotated(i));
        _toReveal();
        _reveal(honest);
        _submitFull(honest);
        for (uint256 i = 0; i < SEATS; ++i) {
            _reveal(hidden[i]);
            _submit(hidden[i], ALL, 0);
        }
        _expectFinal(honest, "the honest block won");

        uint256 supply = token.totalSupply();
        for (uint256 i = 0; i < SEATS; ++i) {
            for (uint256 index = 1; index <= 7; ++index) _slash(hidden[i], index);
        }
        vm.assertEq(supply - token.totalSupply(), 7 * FULL, "one slash each");
        skip(1);
        for (uint256 i = 1; i <= 7; ++i) {
            vm.assertTrue(registry.isEligible(i, uint48(vm.getBlockTimestamp() - 1)), "every honest prover stays");
        }

        _toFresh();
        Draft memory e = _propose(evil[0], MIN_BID, 0, _transcript(8, 0, 0, 0, 0, 0, 0));
        Draft memory h = _propose(ALICE, MIN_BID, 5_000, _everyone());
        _revealBoth(e, h);
        _submit(e, 1, 1);
        _submitFull(h);
        _expectFinal(h, "so is the next");
    }

    /// @dev A prover lets a rival down, so that its own block is paid instead. The vote cost the rival one and a half
    /// times its part of the bid, whichever block is paid.
    function test_LettingARivalDownIsPaidFor() public {
        (Draft memory own, Draft memory rival) = _contest(100, 110);
        _submitFull(own);
        _submit(rival, ALL, ALL & ~uint256(1 << 3));
        _expectFinal(own, "the rival lost by one prover");
        // The whole reward of a slot is 50 / 19 of a token for a unit of weight at most: 2 units, 5.3 tokens.
        vm.assertEq(_slash(rival, 4), FULL, "50 tokens");
        vm.assertTrue(FULL > (REWARD * 2) / 19, "more than the slot could ever earn");
    }

    /// @dev Everybody votes for ALICE, who bids more and offers a tenth, and for BOB, who offers nine tenths; then all
    /// leave the leader. Withholding without a receipt cost a fee, 0.1 tokens where a block paid 100, and brought 10.1
    /// a slot. Now a vote costs more than all that its prover gets elsewhere.
    function test_VotesBind() public {
        Draft memory leader = _propose(ALICE, 900, 1_000, _everyone());
        Draft memory rival = _propose(BOB, 800, 9_000, _everyone());
        _revealBoth(leader, rival);
        _submit(leader, ALL, 0);
        _submitFull(rival);
        _expectFinal(rival, "all left");
        for (uint256 index = 1; index <= 7; ++index) {
            uint256 gain = rollup.claimProver(index, _claimOf(rival, index - 1));
            uint256 cost = _slash(leader, index);
            vm.assertEq(cost, FULL, "cost");
            vm.assertTrue(cost > gain, "gain, at most 11.9 tokens");
        }
    }

    function _rotated(uint256 by) private pure returns (bytes memory transcript) {
        for (uint256 i = 0; i < 7; ++i) {
            transcript = abi.encodePacked(transcript, uint16(((i + by) % 7) + 1));
        }
    }
}
