// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Claim, Config, IRollup} from "../../../contracts/interfaces/IRollup.sol";
import {BID_UNIT} from "../../../contracts/libraries/Constants.sol";
import {Fixture} from "../support/Fixture.sol";
import {skip, vm} from "../support/Vm.sol";

/// @notice Provers that share alike. Reward 50 tokens, of which they have half; uncles share 5 more, and not more than
/// they burn.
contract FairPayTest is Fixture {
    uint256 private constant SHARE_BPS = 5_000;

    function _config() internal override returns (Config memory c) {
        c = super._config();
        c.fairShareBps = SHARE_BPS;
    }

    function setUp() public override {
        super.setUp();
        for (uint256 i = 8; i <= 14; ++i) _register(i);
    }

    function test_ACommitOffersTheFairShare() public {
        uint256[3] memory shares = [uint256(0), SHARE_BPS - 1, SHARE_BPS + 1];
        for (uint256 i = 0; i < 3; ++i) {
            Draft memory d = _draft(ALICE, 100, shares[i], _everyone());
            vm.expectRevert(abi.encodeWithSelector(IRollup.ShareOutOfRange.selector, shares[i], SHARE_BPS, SHARE_BPS));
            this.commit(d);
        }
        _propose(ALICE, 100, SHARE_BPS, _everyone());
    }

    /// @dev Three provers in the winner, one of them in the uncle as well.
    function test_EqualSharesForTheProversOfACandidate() public {
        (Draft memory a, Draft memory b) = _contest(
            300,
            _transcript(1, 2, 1, 3, 0, 0, 0),
            _transcript(3, 4, 0, 0, 0, 0, 0),
            290
        );
        uint256 supply = token.totalSupply();
        rollup.advance();
        // The uncle burns 97 of its 290 units, and earns no more.
        uint256 share = _ofProvers((REWARD * 13) / 19, 3);
        uint256 uncles = _ofProvers((97 * BID_UNIT * 8) / 19, 2);
        vm.assertEq(rollup.candidateOf(a.id).payout.proverUnit(), share, "in the winner");
        vm.assertEq(rollup.candidateOf(b.id).payout.proverUnit(), uncles, "in the uncle");
        uint256 minted = token.totalSupply() + (300 + 97) * BID_UNIT - supply;
        vm.assertEq(minted, _rewards(ALICE) + _rewards(BOB) + 3 * share + 2 * uncles, "minted");
        vm.assertEq(minted, (REWARD * 13) / 19 + (97 * BID_UNIT * 8) / 19, "what was fulfilled");

        vm.expectEmit(address(rollup));
        emit IRollup.ProverClaimed(1, a.id, _slots(2), share);
        vm.assertEq(rollup.claimProver(1, _claimOf(a, 2)), share, "any of its slots");
        vm.expectRevert(abi.encodeWithSelector(IRollup.AlreadyClaimed.selector, a.id, 0));
        rollup.claimProver(1, _claimOf(a, 0));
        vm.assertEq(rollup.claimProver(2, _claimOf(a, 1)), share, "its neighbour");
        Claim[] memory both = new Claim[](2);
        (both[0], both[1]) = (_claimOf(a, 3)[0], _claimOf(b, 0)[0]);
        vm.assertEq(rollup.claimProver(3, both), share + uncles, "a share in each");
        vm.assertEq(token.balanceOf(_owner(3)), share + uncles, "paid to the owner");
    }

    function test_SlotsOfOneClaimAreOneShare() public {
        Draft memory d = _final(ALICE, 0);
        uint256[] memory slots = new uint256[](2);
        (slots[0], slots[1]) = (0, 0);
        Claim[] memory claims = new Claim[](1);
        claims[0] = Claim(d.id, d.transcript, slots);
        vm.expectRevert(abi.encodeWithSelector(IRollup.AlreadyClaimed.selector, d.id, 0));
        rollup.claimProver(1, claims);
    }

    function test_WhatWasNotFulfilledHasNoShare() public {
        Draft memory d = _propose(ALICE, 100, SHARE_BPS, _everyone());
        _toReveal();
        _reveal(d);
        _submit(d, 0x7f, 0x7e);
        _toEnd();
        rollup.advance();
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotFulfilled.selector, d.id, 0));
        rollup.claimProver(1, _claimOf(d, 0));
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotAssigned.selector, d.id, 1, 1, 2));
        rollup.claimProver(1, _claimOf(d, 1));
    }

    function test_WithoutProversThereAreNoShares() public {
        Draft memory d = _propose(ALICE, 100, SHARE_BPS, _everyone());
        _toReveal();
        _reveal(d);
        _submit(d, 0, 0);
        _toEnd();
        rollup.advance();
        vm.assertEq(rollup.candidateOf(d.id).payout.proverUnit(), 0, "share");
    }

    /* DEVIATIONS */

    /// @dev Seven stakes in a candidate with the least bid. Where all proven candidates counted, they took half of what
    /// the round's provers got, 12.5 of 25 tokens, and burnt nothing.
    function test_SybilsInAnUnpaidCandidateGetNothing() public {
        (Draft memory a, Draft memory s) = _contest(1_000, _everyone(), _sybils(), MIN_BID);
        rollup.advance();
        vm.assertFalse(rollup.candidateOf(s.id).payout.isPaid(), "no uncle");
        vm.expectRevert(abi.encodeWithSelector(IRollup.NotPaid.selector, s.id));
        rollup.claimProver(8, _claimOf(s, 0));
        vm.assertEq(rollup.claimProver(1, _claimOf(a, 0)), _ofProvers(REWARD, 7), "the winner's provers have all");
    }

    /// @dev Seven stakes in a paid uncle. Where all paid candidates had one pool for their provers, they took half of
    /// 27.5 tokens, and burnt a third of a bid of 0.19. The winner's provers keep their 25 tokens.
    function test_SybilsInAPaidUncleDiluteNobody() public {
        (Draft memory a, Draft memory s) = _contest(2_000, _everyone(), _sybils(), 1_900);
        rollup.advance();
        vm.assertTrue(rollup.candidateOf(s.id).payout.isPaid(), "an uncle");
        vm.assertEq(rollup.claimProver(1, _claimOf(a, 0)), _ofProvers(REWARD, 7), "the winner's provers have all");
        uint256 earned = _rewards(BOB) + 7 * rollup.claimProver(8, _claimOf(s, 0));
        vm.assertEq(earned, 634 * BID_UNIT, "what the uncle burnt");
    }

    /// @dev The commit does not choose the share: a winner with its own seven stakes pays its proposer half.
    function test_AWinnersProposerKeepsItsFixedPart() public {
        (Draft memory e, ) = _contest(2_000, _sybils(), _everyone(), 1_900);
        rollup.advance();
        vm.assertEq(rollup.claimProver(8, _claimOf(e, 0)), _ofProvers(REWARD, 7), "its provers");
        vm.assertEq(_rewards(ALICE), REWARD - 7 * _ofProvers(REWARD, 7), "its proposer");
    }

    /* SUPPORT */

    function commit(Draft memory d) external {
        _commit(d);
    }

    /// @dev Who was paid is remembered 256 provers to a word.
    function test_EachOfFiveHundredProversIsPaidOnce() public {
        for (uint256 i = 15; i <= 513; ++i) _register(i);
        (Draft memory a, ) = _contest(300, _transcript(1, 255, 256, 257, 511, 512, 513), _everyone(), 290);
        rollup.advance();
        uint256 share = rollup.candidateOf(a.id).payout.proverUnit();
        for (uint256 slot = 0; slot < 7; ++slot) {
            uint256 index = [uint256(1), 255, 256, 257, 511, 512, 513][slot];
            vm.assertEq(rollup.claimProver(index, _claimOf(a, slot)), share, "paid");
            vm.expectRevert(abi.encodeWithSelector(IRollup.AlreadyClaimed.selector, a.id, slot));
            rollup.claimProver(index, _claimOf(a, slot));
        }
    }

    /// @dev Both proven with everything, and the window over.
    function _contest(
        uint256 bid,
        bytes memory first,
        bytes memory second,
        uint256 rivalBid
    ) private returns (Draft memory a, Draft memory b) {
        skip(1);
        a = _propose(ALICE, bid, SHARE_BPS, first);
        b = _propose(BOB, rivalBid, SHARE_BPS, second);
        _toReveal();
        _reveal(a);
        _reveal(b);
        _submitFull(a);
        _submitFull(b);
        _toEnd();
    }

    function _sybils() private pure returns (bytes memory) {
        return _transcript(8, 9, 10, 11, 12, 13, 14);
    }

    /// @return what each prover has of a scaled reward
    function _ofProvers(uint256 effective, uint256 provers) private pure returns (uint256) {
        return (effective * SHARE_BPS) / 10_000 / provers;
    }

    function _rewards(address proposer) private view returns (uint256 rewards) {
        (rewards, ) = rollup.creditOf(proposer);
    }
}
