// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Claim, IRollup} from "../../../contracts/interfaces/IRollup.sol";
import {Fixture} from "../support/Fixture.sol";
import {vm} from "../support/Vm.sol";

contract ClaimProverTest is Fixture {
    /// @dev A winner whose slots 0 to 4 are fulfilled, and an uncle with everything.
    Draft private winner;
    Draft private uncle;
    uint256 private unit;

    function setUp() public override {
        super.setUp();
        Draft memory a = _propose(ALICE, 300, 5_000, _transcript(1, 2, 1, 0, 3, 4, 1));
        Draft memory b = _propose(BOB, 260, 5_000, _everyone());
        _toReveal();
        _reveal(a);
        _reveal(b);
        _submit(a, 0x37, 0x37);
        _submit(b, 0x07, 0x07);
        winner = a;
        uncle = b;
    }

    function test_RevertsBeforeTheAdvance() public {
        _expectRefused(1, _claimOf(winner, 0), abi.encodeWithSelector(IRollup.NotPaid.selector, winner.id));
        _expectRefused(1, _claimOf(winner, 0), abi.encodeWithSelector(IRollup.NotPaid.selector, winner.id));
        _advance();
        rollup.claimProver(1, _claimOf(winner, 0));
    }

    function test_PaysByWeight() public {
        _advance();
        vm.expectEmit(address(rollup));
        emit IRollup.ProverClaimed(1, winner.id, _slots(0), 5 * unit);
        vm.assertEq(rollup.claimProver(1, _claimOf(winner, 0)), 5 * unit, "root");
        vm.assertEq(rollup.claimProver(1, _claimOf(winner, 2)), 3 * unit, "inner");
        vm.assertEq(rollup.claimProver(3, _claimOf(winner, 4)), 2 * unit, "base");
        vm.assertEq(token.balanceOf(_owner(1)), 8 * unit, "owner 1");
        vm.assertEq(token.balanceOf(_owner(3)), 2 * unit, "owner 3");
    }

    function test_PaysTheOwnerWhoeverCalls() public {
        _advance();
        vm.prank(DAVE);
        rollup.claimProver(2, _claimOf(winner, 1));
        vm.assertEq(token.balanceOf(_owner(2)), 3 * unit, "owner");
        vm.assertEq(token.balanceOf(DAVE), 0, "caller");
    }

    function test_PaysManyRoundsAtOnce() public {
        _advance();
        Draft memory next = _propose(CAROL, 100, 10_000, _everyone());
        _toReveal();
        _reveal(next);
        _submitFull(next);
        _toEnd();
        rollup.advance();

        Claim[] memory claims = new Claim[](3);
        uint256[] memory slots = new uint256[](2);
        (slots[0], slots[1]) = (2, 0);
        claims[0] = Claim(winner.id, winner.transcript, slots);
        claims[1] = Claim(uncle.id, uncle.transcript, _slots(0));
        claims[2] = Claim(next.id, next.transcript, _slots(0));
        uint256 expected =
            8 * unit +
                5 * rollup.candidateOf(uncle.id).payout.proverUnit() +
                5 * rollup.candidateOf(next.id).payout.proverUnit();
        vm.assertEq(rollup.claimProver(1, claims), expected, "amount");
        vm.assertEq(token.balanceOf(_owner(1)), expected, "balance");
        _expectRefused(1, claims, abi.encodeWithSelector(IRollup.AlreadyClaimed.selector, winner.id, 2));
    }

    function test_PaysOnce() public {
        _advance();
        rollup.claimProver(1, _claimOf(winner, 0));
        bytes memory already = abi.encodeWithSelector(IRollup.AlreadyClaimed.selector, winner.id, 0);
        _expectRefused(1, _claimOf(winner, 0), already);

        // Not twice in one claim, and not in two claims of one call either.
        already = abi.encodeWithSelector(IRollup.AlreadyClaimed.selector, winner.id, 2);
        Claim[] memory claims = _claimOf(winner, 2);
        claims[0].slots = new uint256[](2);
        (claims[0].slots[0], claims[0].slots[1]) = (2, 2);
        _expectRefused(1, claims, already);
        claims = new Claim[](2);
        claims[0] = _claimOf(winner, 2)[0];
        claims[1] = claims[0];
        _expectRefused(1, claims, already);
        vm.assertEq(rollup.claimProver(1, _claimOf(winner, 2)), 3 * unit, "once");
    }

    function test_RevertsForAnothersSlot() public {
        _advance();
        _expectRefused(
            2,
            _claimOf(winner, 0),
            abi.encodeWithSelector(IRollup.NotAssigned.selector, winner.id, 0, 2, 1)
        );
        // Prover 5 has no slot here, and slot 3 has no prover.
        _expectRefused(
            5,
            _claimOf(winner, 3),
            abi.encodeWithSelector(IRollup.NotAssigned.selector, winner.id, 3, 5, 0)
        );
    }

    function test_RevertsForASlotThatWasNotFulfilled() public {
        _advance();
        _expectRefused(1, _claimOf(winner, 6), abi.encodeWithSelector(IRollup.NotFulfilled.selector, winner.id, 6));
        _expectRefused(4, _claimOf(uncle, 3), abi.encodeWithSelector(IRollup.NotFulfilled.selector, uncle.id, 3));
    }

    /// @dev Neither the bits beyond a word nor a wrapped number names an existing slot again.
    function test_RevertsForASlotOutOfTheForest() public {
        _advance();
        uint256[5] memory slots = [uint256(7), 64, 256, 1 << 128, type(uint256).max];
        for (uint256 i = 0; i < slots.length; ++i) {
            _expectRefused(
                1,
                _claimOf(winner, slots[i]),
                abi.encodeWithSelector(IRollup.UnknownSlot.selector, slots[i], 7)
            );
        }
    }

    function test_RevertsForAnotherTranscript() public {
        _advance();
        Claim[] memory claims = _claimOf(winner, 0);
        claims[0].transcript = _everyone();
        _expectRefused(
            1,
            claims,
            abi.encodeWithSelector(
                IRollup.WrongTranscript.selector,
                keccak256(_everyone()),
                keccak256(winner.transcript)
            )
        );
    }

    function test_RevertsForAnUnknownProver() public {
        _advance();
        _expectRefused(0, _claimOf(winner, 3), abi.encodeWithSelector(IRollup.UnknownProver.selector, 0));
        _expectRefused(8, _claimOf(winner, 3), abi.encodeWithSelector(IRollup.UnknownProver.selector, 8));
        // 65,537 is 1 to who looks at 16 bits only.
        _expectRefused(65_537, _claimOf(winner, 0), abi.encodeWithSelector(IRollup.UnknownProver.selector, 65_537));
    }

    function test_RevertsForACandidateThatWasNotPaid() public {
        _advance();
        Draft memory d = _propose(ALICE, 300, 5_000, _everyone());
        Draft memory weak = _propose(BOB, 100, 5_000, _everyone());
        _toReveal();
        _reveal(d);
        _reveal(weak);
        _submitFull(d);
        _submitFull(weak);
        _toEnd();
        rollup.advance();
        _expectRefused(1, _claimOf(weak, 0), abi.encodeWithSelector(IRollup.NotPaid.selector, weak.id));
    }

    function test_PaysAfterTheExit() public {
        _advance();
        vm.prank(_owner(1));
        registry.requestExit(1);
        vm.warp(vm.getBlockTimestamp() + EXIT_DELAY);
        vm.prank(_owner(1));
        registry.withdraw(1);
        rollup.claimProver(1, _claimOf(winner, 0));
        vm.assertEq(token.balanceOf(_owner(1)), registry.minStake() + 5 * unit, "balance");
    }

    function _advance() private {
        _toEnd();
        rollup.advance();
        unit = rollup.candidateOf(winner.id).payout.proverUnit();
        vm.assertEq(unit, (uint256(50 ether) * 15) / 19 / 2 / 15, "unit");
    }

    function _expectRefused(uint256 proverIndex, Claim[] memory claims, bytes memory reason) private {
        vm.expectRevert(reason);
        rollup.claimProver(proverIndex, claims);
    }
}
