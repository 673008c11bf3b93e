// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICommitRelay} from "../../../contracts/interfaces/ICommitRelay.sol";
import {Config, IRollup} from "../../../contracts/interfaces/IRollup.sol";
import {Fixture} from "../support/Fixture.sol";
import {create} from "../support/create.sol";
import {vm} from "../support/Vm.sol";

/// @notice Signed commits in the rollup that takes them.
contract RelayedLifeTest is Fixture {
    uint256 private constant KEY = 0xe11e;
    address private immutable ELLE = vm.addr(KEY);
    address private constant ANYBODY = address(0xcafe);

    ICommitRelay private relay;

    function setUp() public override {
        super.setUp();
        _seat(ELLE);
    }

    function _config() internal override returns (Config memory config) {
        relay = ICommitRelay(create("CommitRelay", ""));
        config = super._config();
        config.relay = address(relay);
    }

    function test_ASignedCommitWins() public {
        Draft memory rival = _propose(ALICE, 50, 5_000, _everyone());
        Draft memory d = _draft(ELLE, 100, 5_000, _everyone());
        d.committedAt = vm.getBlockTimestamp();
        this.send(d, _round().commitRoundNumber, _sign(d, _round().commitRoundNumber));
        _toReveal();
        _reveal(rival);
        _reveal(d);
        _submitFull(rival);
        vm.assertEq(_submitFull(d), 0, "place");
        _expectFinal(d, "it is final");
        (uint256 rewards, ) = rollup.creditOf(ELLE);
        vm.assertTrue(rewards > 0, "paid");
        uint256 deposit = rollup.laneOf(ELLE, 1).deposit();
        vm.assertEq(deposit, SEAT - 100, "the bid burnt");
    }

    function test_ASignedCommitForTheNextHeightWins() public {
        Draft memory a = _proven(ALICE, 100);
        Draft memory d = _child(ELLE, 100, a, ALICE);
        d.committedAt = vm.getBlockTimestamp();
        this.send(d, _round().commitRoundNumber, _sign(d, _round().commitRoundNumber));
        _toEnd();
        _reveal(d);
        _submitFull(d);
        _expectFinal(d, "it is final");
    }

    function test_RevertsWhenItIsSentTwice() public {
        Draft memory d = _draft(ELLE, 100, 0, _everyone());
        uint256 roundNumber = _round().commitRoundNumber;
        bytes memory signature = _sign(d, roundNumber);
        this.send(d, roundNumber, signature);
        vm.expectRevert(abi.encodeWithSelector(IRollup.AlreadyCommitted.selector, ELLE, d.terms.roundId(), 0));
        this.send(d, roundNumber, signature);
    }

    /// @dev Height 2 attempt 1, a parent from the same seat: only the roundNumber tells the rounds apart.
    function test_RevertsForAReplayInTheNextAttempt() public {
        Draft memory a = _propose(ALICE, 100, 0, _everyone());
        _toReveal();
        _reveal(a);
        Draft memory d = _child(ELLE, 100, a, ALICE);
        d.committedAt = vm.getBlockTimestamp();
        uint256 roundNumber = _round().commitRoundNumber;
        bytes memory signature = _sign(d, roundNumber);
        this.send(d, roundNumber, signature);

        _toEnd();
        rollup.settle(_opening(a), keccak256(a.transcript));
        _proven(ALICE, 100);
        vm.assertEq(rollup.settle(_opening(d), keccak256(d.transcript)), 0, "dead, and its lane is free");
        vm.assertTrue(_round().commitRoundId == d.terms.roundId(), "the same round id");
        vm.expectRevert(abi.encodeWithSelector(IRollup.WrongRoundNumber.selector, roundNumber, roundNumber + 2));
        this.send(d, roundNumber, signature);

        // What ELLE signs now is taken.
        this.send(d, roundNumber + 2, _sign(d, roundNumber + 2));
    }

    /* SUPPORT */

    function send(Draft memory d, uint256 roundNumber, bytes memory signature) external {
        vm.prank(ANYBODY);
        relay.relay(rollup, d.proposer, d.terms, d.order, d.transcript, roundNumber, signature);
    }

    function _sign(Draft memory d, uint256 roundNumber) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(
            KEY,
            relay.digestOf(rollup, d.proposer, d.terms, d.order, keccak256(d.transcript), roundNumber)
        );
        return abi.encodePacked(r, s, v);
    }
}
