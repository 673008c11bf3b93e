// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICommitRanking} from "../../../contracts/interfaces/ICommitRanking.sol";
import {IRollup, Opening} from "../../../contracts/interfaces/IRollup.sol";
import {BID_UNIT} from "../../../contracts/libraries/Constants.sol";
import {Fixture} from "../support/Fixture.sol";
import {create} from "../support/create.sol";
import {vm} from "../support/Vm.sol";

/// @dev A commit that fails forfeits half of its bid.
contract ForfeitDeviationTest is Fixture {
    /// @dev A bluff: 100 tokens and seven names, not one vote. Proving it with nobody settled the lane, so it led
    /// everybody's ranking for gas alone, and its bid came back whole. It forfeits as if it were never proven: 50
    /// tokens of 100.
    function test_ProvingWithNobodyIsNoWayOut() public {
        (Draft memory h, Draft memory x) = _contest(60_000, SEAT);
        _submitFull(h);
        _submit(x, 0, 0);
        vm.assertEq(rollup.candidateOf(x.id).payout.silent(), 7, "silent");
        _expectRoundOpen(x);
        _expectFinal(h, "the honest block won");
        vm.expectRevert(abi.encodeWithSelector(IRollup.LaneInUse.selector, BOB, 1));
        vm.prank(BOB);
        rollup.withdraw(1, SEAT);
        vm.assertEq(_settle(x), SEAT / 2, "forfeited");
        _expectDeposit(BOB, SEAT - SEAT / 2);
    }

    /// @dev The same bluff drew the next height's commits onto itself and died: the bluffer's own one, on the block
    /// that won, was alone and took that height for the least bid. Before anybody has to commit to the next height the
    /// ranking shows that the bluff has nobody.
    function test_ABluffDrawsNobodyToTheNextHeight() public {
        (Draft memory h, Draft memory x) = _contest(60_000, SEAT);
        vm.assertEq(_leader(h, x), x.id, "nothing is proven yet");
        _submit(x, 0, 0);
        _submitFull(h);
        vm.warp(_round().provingEnds);
        vm.assertEq(_leader(h, x), h.id, "what can still be reached");
        Draft memory y = _commit(_child(CAROL, 60_000, h, ALICE));
        Draft memory z = _commit(_child(BOB, MIN_BID, h, ALICE));
        _toEnd();
        _reveal(y);
        _reveal(z);
        _submitFull(y);
        _submitFull(z);
        _expectFinal(y, "the honest block won again");
    }

    /// @dev Own stakes with the heaviest slots and their votes, strangers' names on the rest. By weight it would lose 8
    /// of 19 parts, by provers it loses four of seven, and half as much again.
    function test_SilentProversCountByHeads() public {
        (Draft memory h, Draft memory x) = _contest(60_000, 100_000);
        _submitFull(h);
        _submit(x, 7, 7);
        _expectFinal(h, "the honest block won");
        vm.assertFalse(rollup.candidateOf(x.id).payout.isPaid(), "no uncle");
        vm.assertEq(_settle(x), 42_858, "four of seven");
    }

    function test_AVoteOfEveryNamedProverSettles() public {
        Draft memory h = _propose(ALICE, 60_000, 5_000, _everyone());
        // Prover 1 holds two slots, 99 is nobody: two provers are named.
        Draft memory x = _propose(BOB, 100, 5_000, _transcript(1, 1, 2, 99, 0, 0, 0));
        _revealBoth(h, x);
        _submitFull(h);
        _submit(x, 2, 0);
        vm.assertEq(rollup.candidateOf(x.id).payout.named(), 2, "named");
        vm.assertEq(rollup.candidateOf(x.id).payout.silent(), 1, "silent");
        vm.assertTrue(rollup.laneOf(BOB, 1).isUnsettled(), "one vote is missing");
        _submit(x, 4, 0);
        vm.assertFalse(rollup.laneOf(BOB, 1).isUnsettled(), "settled");
        _toEnd();
        rollup.advance();
        vm.expectRevert(abi.encodeWithSelector(IRollup.NothingToSettle.selector, BOB, x.terms.roundId()));
        this.settle(x);
    }

    function test_ABlockThatNamesNobodyOwesNothing() public {
        Draft memory h = _propose(ALICE, 60_000, 5_000, _everyone());
        Draft memory x = _propose(BOB, 100, 5_000, _transcript(0, 0, 0, 0, 0, 0, 0));
        _revealBoth(h, x);
        _submitFull(h);
        _submit(x, 0, 0);
        vm.assertFalse(rollup.laneOf(BOB, 1).isUnsettled(), "settled");
    }

    /// @dev The winner burns its bid. The uncle burns a part of it and what it forfeits for the silent one.
    function test_PaymentSettles() public {
        (Draft memory a, Draft memory b) = _contest(300, 290);
        _submit(a, 0x3f, 0x3f);
        _submit(b, 0x3f, 0x3f);
        vm.assertTrue(rollup.laneOf(ALICE, 1).isUnsettled() && rollup.laneOf(BOB, 1).isUnsettled(), "one is silent");
        _toEnd();
        rollup.advance();
        vm.assertTrue(rollup.candidateOf(b.id).payout.isPaid(), "an uncle");
        vm.assertFalse(rollup.laneOf(ALICE, 1).isUnsettled() || rollup.laneOf(BOB, 1).isUnsettled(), "settled");
        _expectDeposit(ALICE, SEAT - 300);
        _expectDeposit(BOB, SEAT - 97 - 32);
    }

    /// @dev A high bid of which few votes are proven loses to a low one of the same proposer's. It was a paid uncle,
    /// burnt a third and answered for nobody: half of all that it had promised was burnt. Now it burns as much as if it
    /// were never proven, and no reward makes up for what it forfeits.
    function test_AnUncleForfeitsForTheSilent() public {
        (Draft memory high, Draft memory low) = _contest(1_000, 500);
        _submit(high, 0xf, 0xf);
        _submitFull(low);
        vm.assertEq(rollup.candidateOf(high.id).payout.silent(), 3, "silent");
        _expectFinal(low, "the low one won");
        vm.assertTrue(rollup.candidateOf(high.id).payout.isPaid(), "an uncle");
        // Three halves of three sevenths of a half are 321.4; its own third is cut to what is left of a half.
        _expectDeposit(ALICE, SEAT - 500);
        (uint256 earned, ) = rollup.creditOf(ALICE);
        for (uint256 index = 1; index <= 4; ++index) earned += rollup.claimProver(index, _claimOf(high, index - 1));
        vm.assertTrue(earned <= (500 - 322) * BID_UNIT, "no more than what it burnt as an uncle");
    }

    /// @dev What an earlier commit of the lane was proven as is no excuse for the next one.
    function test_AnEarlierProofExcusesNothing() public {
        (Draft memory h, Draft memory x) = _contest(60_000, 700);
        _submitFull(h);
        _submit(x, 0x3f, 0);
        _toEnd();
        rollup.advance();
        vm.assertEq(_settle(x), 75, "three halves of one of seven");
        _final(CAROL, 0);
        Draft memory y = _propose(BOB, 700, 5_000, _everyone());
        vm.warp(_round().revealEnds);
        vm.assertEq(_settle(y), 350, "all of it");
    }

    function settle(Draft memory d) external {
        _settle(d);
    }

    function _settle(Draft memory d) private returns (uint256) {
        return rollup.settle(_opening(d), keccak256(d.transcript));
    }

    /// @return which of two commits everybody who asks is told to be ahead
    function _leader(Draft memory a, Draft memory b) private returns (uint256) {
        ICommitRanking ranking = ICommitRanking(create("CommitRanking", abi.encode(roundView)));
        Opening[] memory openings = new Opening[](2);
        (openings[0], openings[1]) = (_opening(a), _opening(b));
        bytes[] memory transcripts = new bytes[](2);
        (transcripts[0], transcripts[1]) = (a.transcript, b.transcript);
        return ranking.rank(rollup, openings, transcripts)[0].proposalId;
    }

    function _expectRoundOpen(Draft memory d) private {
        vm.expectRevert(abi.encodeWithSelector(IRollup.RoundOpen.selector, d.terms.roundId()));
        this.settle(d);
    }

    function _expectDeposit(address proposer, uint256 deposit) private view {
        vm.assertEq(rollup.laneOf(proposer, 1).deposit(), deposit, "deposit");
    }
}
