// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CourtFixture} from "../ProverCourt/CourtFixture.sol";
import {skip, vm} from "../support/Vm.sol";

/// @dev Stakes have room for one fee a slot of one forest above what makes them eligible.
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

    /// @dev Ten seats commit with everybody's votes and bids that never burn, and prove it all with strangers' keys.
    /// Where each candidate charged its provers, eight of them took every honest prover below `eligibleStake`, for gas
    /// alone: the next attempt was the attacker's, with one prover and the least bid, for 50 tokens. A round now takes
    /// one candidate's fees of a prover, 0.04 of 7.28 tokens.
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
        _toEnd();
        rollup.advance();
        vm.assertEq(rollup.finalProposal(), honest.id, "the honest block won");

        vm.warp(_acceptanceEnds(honest) + APPEAL_WINDOW);
        uint256 supply = token.totalSupply();
        for (uint256 i = 0; i < SEATS; ++i) {
            for (uint256 slot = 1; slot < 7; ++slot) _slash(hidden[i], slot, "");
        }
        vm.assertEq(supply - token.totalSupply(), 7 * FEE, "one fee each");
        skip(1);
        for (uint256 i = 1; i <= 7; ++i) {
            vm.assertTrue(registry.isEligible(i, uint48(vm.getBlockTimestamp() - 1)), "every honest prover stays");
        }

        _toFresh();
        Draft memory e = _propose(evil[0], MIN_BID, 0, _transcript(8, 0, 0, 0, 0, 0, 0));
        Draft memory h = _propose(ALICE, MIN_BID, 5_000, _everyone());
        _toReveal();
        _reveal(e);
        _reveal(h);
        _submit(e, 1, 1);
        _submitFull(h);
        _toEnd();
        rollup.advance();
        vm.assertEq(rollup.finalProposal(), h.id, "so is the next");
    }

    /// @dev Of two candidates the one that costs more is charged, in either order of the slashes.
    function test_TheLargerSlashOfARoundIsTheOneThatIsPaid() public {
        for (uint256 order = 0; order < 2; ++order) {
            // Prover 4 misses one slot of the winner and two of its uncle.
            Draft memory a = _propose(ALICE, 100, 5_000, _everyone());
            Draft memory b = _propose(BOB, 99, 5_000, _transcript(1, 2, 3, 4, 4, 6, 7));
            _toReveal();
            _reveal(a);
            _reveal(b);
            _submit(a, ALL, ALL & ~uint256(1 << 3));
            _submit(b, ALL, ALL & ~uint256(3 << 3));
            _toEnd();
            rollup.advance();
            vm.warp(_acceptanceEnds(a) + APPEAL_WINDOW);
            uint256 before = _stakeOf(4);
            if (order == 0) vm.assertEq(_slash(a, 3, ""), FEE, "the smaller first");
            vm.assertEq(_slash(b, 3, ""), order == 0 ? 0 : FEE, "as much");
            vm.assertEq(_slash(b, 4, ""), FEE, "the difference");
            if (order == 1) vm.assertEq(_slash(a, 3, ""), 0, "the smaller last");
            vm.assertEq(before - _stakeOf(4), 2 * FEE, "the larger one");
            vm.assertEq(court.chargedIn(a.terms.roundId(), 4), 2 * FEE, "charged");
            _toFresh();
        }
    }

    function _rotated(uint256 by) private pure returns (bytes memory transcript) {
        for (uint256 i = 0; i < 7; ++i) {
            transcript = abi.encodePacked(transcript, uint16(((i + by) % 7) + 1));
        }
    }
}
