// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRollup} from "../../../contracts/interfaces/IRollup.sol";
import {Phase, RoundState} from "../../../contracts/interfaces/IRoundView.sol";
import {BID_UNIT} from "../../../contracts/libraries/Constants.sol";
import {Rewards} from "../../../contracts/libraries/Rewards.sol";
import {RoundIdLibrary} from "../../../contracts/types/RoundId.sol";
import {Fixture} from "../support/Fixture.sol";
import {bound, Vm, vm} from "../support/Vm.sol";

/// @dev Weights: root 5, inner 2 x 3, bases 4 x 2; all together 19. Uncles: two, from a quarter of the winner's score,
/// burn 33.33 %, share 10 %.
contract AdvanceTest is Fixture {
    uint256 private constant ALL = 0x7f;

    /* WHEN */

    function test_NotBeforeTheWindowEnds() public {
        Draft memory d = _propose(ALICE, 100, 5_000, _everyone());
        _toReveal();
        _reveal(d);
        _submitFull(d);
        uint256 end = _round().acceptanceEnds;
        vm.warp(end - 1);
        vm.expectRevert(abi.encodeWithSelector(IRollup.AdvanceTooEarly.selector, end - 1, end));
        rollup.advance();
        vm.warp(end);
        vm.prank(DAVE);
        rollup.advance();
        vm.assertEq(rollup.finalProposal(), d.id, "final");
        vm.expectRevert(abi.encodeWithSelector(IRollup.AdvanceTooEarly.selector, end, end + 300));
        rollup.advance();
    }

    function test_NotWithoutAProof() public {
        Draft memory d = _propose(ALICE, 100, 5_000, _everyone());
        _toReveal();
        _reveal(d);
        _toEnd();
        vm.expectRevert(abi.encodeWithSelector(IRollup.NothingProven.selector, RoundIdLibrary.pack(1, 1)));
        rollup.advance();
    }

    /* THE WINNER */

    function test_MovesTheStateAndOpensTheNextHeight() public {
        Draft memory d = _draft(ALICE, 100, 5_000, _everyone());
        d.fees = 7 ether;
        _commit(d);
        _toReveal();
        _reveal(d);
        _submitFull(d);
        _toEnd();

        uint256 supply = token.totalSupply();
        uint256 unit = 25 ether / uint256(19);
        vm.expectEmit(address(rollup));
        emit IRollup.CandidatePaid(d.id, ALICE, 0, 100, unit, 50 ether - 19 * unit, 7 ether);
        vm.expectEmit(address(rollup));
        emit IRollup.Advanced(RoundIdLibrary.pack(1, 1), d.id, d.nextStateRoot, 50 ether, 100 * BID_UNIT);
        vm.expectEmit(address(rollup));
        emit IRollup.RoundOpened(RoundIdLibrary.pack(2, 1), d.id, vm.getBlockTimestamp(), false);
        rollup.advance();

        vm.assertEq(rollup.stateRoot(), d.nextStateRoot, "state root");
        vm.assertEq(rollup.finalProposal(), d.id, "final proposal");
        // The fees are still with the bridge.
        vm.assertEq(bridge.backing(), GENESIS_SUPPLY, "backing");
        RoundState memory state = _round();
        vm.assertEq(uint256(state.phase), uint256(Phase.Proposing), "phase");
        vm.assertTrue(state.roundId == RoundIdLibrary.pack(2, 1), "round");
        vm.assertEq(state.opens, vm.getBlockTimestamp(), "opens");
        vm.assertEq(state.ranked, 0, "ranked");
        _expectCredit(ALICE, 50 ether - 19 * unit, 7 ether);
        vm.assertEq(rollup.candidateOf(d.id).payout.proverUnit(), unit, "prover unit");
        vm.assertEq(token.totalSupply(), supply + 50 ether - 100 * BID_UNIT, "supply");
        _expectDeposit(ALICE, SEAT - 100);
    }

    function test_TheRewardScalesWithWhatWasFulfilled() public {
        Draft memory d = _propose(ALICE, 100, 6_000, _transcript(1, 2, 3, 4, 0, 5, 5));
        _toReveal();
        _reveal(d);
        // Fulfilled: the root and one base node, 7 of 19. What is not assigned counts as well.
        _submit(d, 0x09, 0x09);
        _toEnd();
        rollup.advance();
        uint256 effective = (uint256(50 ether) * 7) / 19;
        uint256 unit = (effective * 6_000) / 10_000 / 7;
        vm.assertEq(rollup.candidateOf(d.id).payout.proverUnit(), unit, "unit");
        _expectCredit(ALICE, effective - 7 * unit, 0);
    }

    function test_WithoutProversABlockWinsAndEarnsNothing() public {
        Draft memory d = _draft(ALICE, 100, 5_000, _everyone());
        d.fees = 1 ether;
        _commit(d);
        Draft memory e = _propose(BOB, 100, 5_000, _transcript(0, 0, 0, 0, 0, 0, 0));
        _toReveal();
        _reveal(d);
        _reveal(e);
        _submit(d, 0, ALL);
        _submit(e, 0, 0);
        _toEnd();
        uint256 supply = token.totalSupply();
        bool first = d.id < e.id;
        rollup.advance();
        vm.assertEq(rollup.finalProposal(), first ? d.id : e.id, "final");
        _expectCredit(ALICE, 0, first ? 1 ether : 0);
        _expectCredit(BOB, 0, 0);
        vm.assertEq(token.totalSupply(), supply - 100 * BID_UNIT, "only the winner's bid burns");
    }

    function test_TheRewardHalves() public {
        uint256[5] memory rewards = [uint256(50 ether), 50 ether, 25 ether, 25 ether, 12.5 ether];
        for (uint256 height = 1; height <= 5; ++height) {
            vm.assertEq(rollup.blockReward(height), rewards[height - 1], "schedule");
            uint256 supply = token.totalSupply();
            Draft memory d = _propose(ALICE, 100, 5_000, _everyone());
            _toReveal();
            _reveal(d);
            _submitFull(d);
            _toEnd();
            rollup.advance();
            vm.assertEq(token.totalSupply(), supply + rewards[height - 1] - 100 * BID_UNIT, "minted");
        }
        vm.assertEq(rollup.blockReward(2 * 96 + 1), 0, "the last of it");
        vm.assertEq(rollup.blockReward(type(uint32).max), 0, "for ever");
    }

    /* UNCLES */

    function test_TwoUnclesShareTheUncleReward() public {
        Draft[] memory d = _decide(300_000, 200_001, 250_001);
        uint256 supply = token.totalSupply();
        rollup.advance();
        vm.assertEq(rollup.finalProposal(), d[0].id, "final");
        uint256 unit = uint256(2.5 ether) / 2 / 19;
        vm.assertEq(rollup.candidateOf(d[1].id).payout.proverUnit(), unit, "unit of the second uncle");
        vm.assertEq(rollup.candidateOf(d[2].id).payout.proverUnit(), unit, "unit of the first uncle");
        _expectCredit(BOB, 2.5 ether - 19 * unit, 0);
        _expectCredit(CAROL, 2.5 ether - 19 * unit, 0);
        // Burns are rounded up: 200,001 x 0.3333 = 66,660.33, 250,001 x 0.3333 = 83,325.33.
        _expectDeposit(ALICE, SEAT - 300_000);
        _expectDeposit(BOB, SEAT - 66_661);
        _expectDeposit(CAROL, SEAT - 83_326);
        uint256 burnt = (300_000 + 66_661 + 83_326) * BID_UNIT;
        vm.assertEq(token.totalSupply(), supply + 55 ether - burnt, "supply");
    }

    /// @dev With small bids they burn less than the uncles' reward.
    function test_AnUncleEarnsAtMostWhatItBurns() public {
        Draft[] memory d = _decide(300, 200, 250);
        uint256 supply = token.totalSupply();
        rollup.advance();
        uint256[2] memory burnt = [uint256(67) * BID_UNIT, 84 * BID_UNIT];
        for (uint256 i = 0; i < 2; ++i) {
            uint256 unit = burnt[i] / 2 / 19;
            vm.assertEq(rollup.candidateOf(d[1 + i].id).payout.proverUnit(), unit, "unit");
            _expectCredit(i == 0 ? BOB : CAROL, burnt[i] - 19 * unit, 0);
        }
        vm.assertEq(token.totalSupply(), supply + 50 ether - 300 * BID_UNIT, "supply");
    }

    function test_AnUncleHasAQuarterOfTheScore() public {
        // (300,000 / 600,000)^2 is just a quarter.
        Draft[] memory d = _decide(600_000, 300_000, 299_999);
        rollup.advance();
        vm.assertTrue(rollup.candidateOf(d[1].id).payout.proverUnit() != 0, "a quarter");
        vm.assertEq(rollup.candidateOf(d[2].id).payout.proverUnit(), 0, "less than a quarter");
        uint256 unit = uint256(5 ether) / 2 / 19;
        vm.assertEq(rollup.candidateOf(d[1].id).payout.proverUnit(), unit, "the only uncle takes all");
        _expectDeposit(CAROL, SEAT);
        _expectCredit(CAROL, 0, 0);
    }

    function test_AnUncleWithoutProversIsNone() public {
        Draft memory d = _propose(ALICE, 100, 5_000, _everyone());
        Draft memory e = _propose(BOB, 100, 5_000, _everyone());
        _toReveal();
        _reveal(d);
        _reveal(e);
        _submitFull(d);
        _submit(e, 0, 0);
        _toEnd();
        rollup.advance();
        _expectDeposit(BOB, SEAT);
        _expectCredit(BOB, 0, 0);
    }

    /// @dev Places that an earlier height has filled are left over in the ranking.
    function test_BlocksOfAnEarlierHeightAreNoUncles() public {
        Draft[] memory old = _decide(300, 290, 280);
        rollup.advance();
        _final(DAVE, 0);
        Draft memory a = _propose(ALICE, 300, 5_000, _everyone());
        Draft memory b = _propose(BOB, 290, 5_000, _everyone());
        _toReveal();
        _reveal(a);
        _reveal(b);
        _submitFull(a);
        _submitFull(b);
        _toEnd();
        uint256 deposit = rollup.laneOf(CAROL, 1).deposit();
        vm.recordLogs();
        rollup.advance();
        uint256 paid;
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != IRollup.CandidatePaid.selector) continue;
            ++paid;
            vm.assertTrue(uint256(logs[i].topics[1]) != old[2].id, "of height 1");
        }
        vm.assertEq(paid, 2, "the winner and its uncle");
        _expectDeposit(CAROL, deposit);
    }

    /// @dev Whoever fills the uncle places with its own blocks pays for each, and gets no more than that back.
    function test_OnesOwnUnclesBurnTheirBidsToo() public {
        uint256 supply = token.totalSupply();
        _decide(300, 300, 300);
        rollup.advance();
        uint256 a = rollup.laneOf(ALICE, 1).deposit();
        uint256 b = rollup.laneOf(BOB, 1).deposit();
        uint256 c = rollup.laneOf(CAROL, 1).deposit();
        vm.assertEq(a + b + c, 3 * SEAT - 300 - 2 * 100, "burnt");
        vm.assertEq(token.totalSupply(), supply + 50 ether - 300 * BID_UNIT, "supply");
    }

    /* MONEY */

    /// @dev A round mints exactly what can be claimed from it, whatever was offered, assigned and fulfilled.
    function testFuzz_NothingIsLostOrCreated(uint256 seed) public {
        Draft[3] memory d;
        address[3] memory proposers = [ALICE, BOB, CAROL];
        for (uint256 i = 0; i < 3; ++i) {
            bytes memory transcript;
            for (uint256 slot = 0; slot < 7; ++slot) {
                transcript = abi.encodePacked(transcript, uint16(uint256(keccak256(abi.encode(seed, i, slot))) % 9));
            }
            d[i] = _propose(
                proposers[i],
                bound(seed >> (64 * i), MIN_BID, 500),
                (seed >> (16 * i)) % 10_001,
                transcript
            );
        }
        _toReveal();
        for (uint256 i = 0; i < 3; ++i) {
            _reveal(d[i]);
            (uint256[] memory keys, ) = _expectedKeys(d[i].transcript);
            uint256 mask = uint256(keccak256(abi.encode(seed, i)));
            for (uint256 slot = 0; slot < 7; ++slot) {
                if (keys[slot] == 0) mask &= ~(1 << slot);
            }
            _submit(d[i], mask & ALL, mask & ALL);
        }
        _toEnd();
        uint256 supply = token.totalSupply();
        uint256 held = token.balanceOf(address(rollup));
        rollup.advance();

        uint256 claimable;
        uint256 burnt;
        for (uint256 i = 0; i < 3; ++i) {
            claimable +=
                rollup.candidateOf(d[i].id).payout.proverUnit() * rollup.candidateOf(d[i].id).payout.fulfilledWeight();
            (uint256 rewards, ) = rollup.creditOf(proposers[i]);
            claimable += rewards;
            uint256 deposit = rollup.laneOf(proposers[i], 1).deposit();
            burnt += SEAT - deposit;
        }
        vm.assertTrue(claimable <= 55 ether, "more than the reward");
        vm.assertEq(token.totalSupply(), supply + claimable - burnt * BID_UNIT, "supply");
        vm.assertEq(token.balanceOf(address(rollup)), held + claimable - burnt * BID_UNIT, "balance");
    }

    function testFuzz_TheSplitIsExact(uint96 reward, uint32 assigned, uint32 fulfilled, uint16 shareBps) public pure {
        uint256 total = bound(assigned, 1, type(uint32).max);
        uint256 done = bound(fulfilled, 0, total);
        (uint256 effective, uint256 unit, uint256 rest) = Rewards.split(reward, done, total, shareBps % 10_001, done);
        vm.assertEq(unit * done + rest, effective, "split");
        vm.assertTrue(effective <= reward, "effective");
        vm.assertTrue(unit <= type(uint96).max, "unit");
        vm.assertTrue(done == 0 || unit * done + done > (effective * (shareBps % 10_001)) / 10_000, "rounding");
    }

    function _decide(uint256 alice, uint256 bob, uint256 carol) private returns (Draft[] memory d) {
        d = new Draft[](3);
        d[0] = _propose(ALICE, alice, 5_000, _everyone());
        d[1] = _propose(BOB, bob, 5_000, _everyone());
        d[2] = _propose(CAROL, carol, 5_000, _everyone());
        _toReveal();
        for (uint256 i = 0; i < 3; ++i) {
            _reveal(d[i]);
            _submitFull(d[i]);
        }
        _toEnd();
    }

    function _expectCredit(address proposer, uint256 expectedRewards, uint256 expectedFees) private view {
        (uint128 rewards, uint128 fees) = rollup.creditOf(proposer);
        vm.assertEq(rewards, expectedRewards, "rewards");
        vm.assertEq(fees, expectedFees, "fees");
    }

    function _expectDeposit(address proposer, uint256 expected) private view {
        uint256 deposit = rollup.laneOf(proposer, 1).deposit();
        vm.assertEq(deposit, expected, "deposit");
    }
}
