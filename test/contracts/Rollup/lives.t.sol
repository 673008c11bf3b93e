// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CandidateView, Claim} from "../../../contracts/interfaces/IRollup.sol";
import {Phase, RoundState} from "../../../contracts/interfaces/IRoundView.sol";
import {BID_UNIT} from "../../../contracts/libraries/Constants.sol";
import {Fixture} from "../support/Fixture.sol";
import {skip, vm} from "../support/Vm.sol";

/// @notice Random lives of a rollup: proposers, provers and clocks do whatever they please, and after every step the books must balance.
contract LivesTest is Fixture {
    Draft[] private open;
    Draft[] private paid;
    mapping(address proposer => mapping(uint256 parity => Draft)) private last;
    uint256 private entropy;
    uint256 private finalHeight;
    uint256 private restarts;

    function testFuzz_TheBooksBalance(uint256 seed) public {
        _live(seed, 50);
    }

    function test_ALongLifeHasEverythingInIt() public {
        _live(1, 400);
        vm.assertTrue(finalHeight >= 5, "heights");
        vm.assertTrue(paid.length > finalHeight, "uncles");
        vm.assertTrue(restarts > 0, "restarts");
    }

    function _live(uint256 seed, uint256 steps) private {
        entropy = seed;
        for (uint256 step = 0; step < steps; ++step) {
            _step();
            _checkBooks();
        }
        _claimEverything();
        // Nothing is left but deposits and backing: no dust.
        vm.assertEq(token.balanceOf(address(rollup)), rollup.backing() + _deposits() * BID_UNIT, "left over");
    }

    function _step() private {
        RoundState memory state = _round();
        uint256 dice = _random(20);
        if (dice == 0) {
            skip(_random(100));
        } else if (dice == 1) {
            _moveSeat();
        } else if (state.phase == Phase.Proposing || state.phase == Phase.Expired) {
            if (dice < 15) _tryCommit(state);
            else if (state.phase == Phase.Proposing) _toReveal();
        } else if (state.phase == Phase.Revealing || state.phase == Phase.Proving) {
            if (dice < 18) _trySubmit(state);
            else _toEnd();
        } else if (dice < 10) {
            _tryCommit(state);
        } else {
            _advance();
        }
    }

    function _tryCommit(RoundState memory state) private {
        address proposer = _proposer();
        (uint256 deposit,, bool inUse) = rollup.laneOf(proposer, state.commitRoundId.height() & 1);
        if (state.phase == Phase.Proposing && inUse || deposit < MIN_BID) return;
        if (state.phase == Phase.Expired && inUse) {
            _settle(last[proposer][state.commitRoundId.height() & 1]);
            return;
        }
        if (state.phase == Phase.Advanceable) {
            // The bid of the lane may burn with the advance that the commit makes: look again after it.
            _advance();
            return;
        }
        if (state.phase == Phase.Expired) {
            if (open.length != 0) ++restarts;
            delete open;
        }
        bytes memory transcript;
        for (uint256 slot = 0; slot < 7; ++slot) {
            transcript = abi.encodePacked(transcript, uint16(_random(9)));
        }
        uint256 most = deposit < 500 ? deposit : 500;
        Draft memory d = _draft(proposer, MIN_BID + _random(most - MIN_BID + 1), _random(10_001), transcript);
        d.fees = _random(3) * 1 ether;
        d = _commit(d);
        open.push(d);
        last[proposer][state.commitRoundId.height() & 1] = d;
    }

    /// @dev Refused while the commit may still be proven, or has been.
    function _settle(Draft memory d) private {
        if (_round().phase == Phase.Advanceable) _advance();
        try rollup.settle(_opening(d), keccak256(d.transcript)) {} catch {}
    }

    function _trySubmit(RoundState memory state) private {
        if (open.length == 0) return;
        Draft memory d = open[_random(open.length)];
        if (rollup.revealOf(d.id) == 0) {
            if (state.phase == Phase.Revealing) _reveal(d);
            return;
        }
        (uint256[] memory keys,) = _expectedKeys(d.transcript);
        uint256 mask = _random(128) | _random(128);
        for (uint256 slot = 0; slot < 7; ++slot) {
            if (keys[slot] == 0) mask &= ~(1 << slot);
        }
        // Refused if it is no improvement.
        try rollup.submitProof(_submission(d, mask, mask)) {} catch {}
    }

    function _advance() private {
        uint256 minted = token.totalSupply();
        uint256 leader = rollup.ranking()[0];
        rollup.advance();
        ++finalHeight;
        vm.assertEq(rollup.finalProposal(), leader, "the leader is final");
        vm.assertEq(_round().roundId.height(), finalHeight + 1, "one block a height");
        vm.assertTrue(token.totalSupply() <= minted + 55 ether, "minted more than the reward");
        for (uint256 i = 0; i < open.length; ++i) {
            if (rollup.candidateOf(open[i].id).proverUnit != 0) paid.push(open[i]);
        }
        delete open;
    }

    function _moveSeat() private {
        address proposer = _proposer();
        uint256 lane = _random(2);
        (uint256 deposit,, bool inUse) = rollup.laneOf(proposer, lane);
        if (inUse) {
            _settle(last[proposer][lane]);
            return;
        }
        uint256 amount = _random(deposit + 1);
        vm.startPrank(proposer);
        rollup.withdraw(lane, amount);
        rollup.deposit(lane, amount / 2);
        vm.stopPrank();
    }

    /// @dev Property: the rollup holds all that it owes.
    function _checkBooks() private view {
        uint256 owed = rollup.backing() + _deposits() * BID_UNIT + _unclaimed();
        address[4] memory proposers = [ALICE, BOB, CAROL, DAVE];
        for (uint256 i = 0; i < 4; ++i) {
            (uint256 rewards, uint256 fees) = rollup.creditOf(proposers[i]);
            owed += rewards + fees;
        }
        vm.assertEq(token.balanceOf(address(rollup)), owed, "balance");
        vm.assertEq(token.balanceOf(address(registry)), 7 * registry.minStake(), "stakes");
    }

    function _deposits() private view returns (uint256 sum) {
        address[4] memory proposers = [ALICE, BOB, CAROL, DAVE];
        for (uint256 i = 0; i < 8; ++i) {
            (uint256 deposit,,) = rollup.laneOf(proposers[i / 2], i & 1);
            sum += deposit;
        }
    }

    /// @dev What provers may still claim.
    function _unclaimed() private view returns (uint256 sum) {
        for (uint256 i = 0; i < paid.length; ++i) {
            CandidateView memory c = rollup.candidateOf(paid[i].id);
            uint256 flags = rollup.flagsOf(paid[i].id)[0];
            uint8[7] memory weights = [5, 3, 3, 2, 2, 2, 2];
            for (uint256 slot = 0; slot < 7; ++slot) {
                bool fulfilled = (flags & flags >> 64) >> slot & 1 == 1;
                bool claimed = flags >> 128 + slot & 1 == 1;
                if (fulfilled && !claimed) sum += weights[slot] * c.proverUnit;
            }
        }
    }

    function _claimEverything() private {
        for (uint256 i = 0; i < paid.length; ++i) {
            uint256 flags = rollup.flagsOf(paid[i].id)[0];
            for (uint256 slot = 0; slot < 7; ++slot) {
                if ((flags & flags >> 64) >> slot & 1 == 0) continue;
                rollup.claimProver(_indexAt(paid[i].transcript, slot), _claimOf(paid[i], slot));
            }
        }
        address[4] memory proposers = [ALICE, BOB, CAROL, DAVE];
        for (uint256 i = 0; i < 4; ++i) {
            (uint256 rewards, uint256 fees) = rollup.creditOf(proposers[i]);
            if (rewards + fees == 0) continue;
            vm.prank(proposers[i]);
            rollup.claimProposer(proposers[i]);
        }
    }

    function _proposer() private returns (address) {
        return [ALICE, BOB, CAROL, DAVE][_random(4)];
    }

    function _random(uint256 below) private returns (uint256) {
        entropy = uint256(keccak256(abi.encode(entropy)));
        return entropy % below;
    }
}
