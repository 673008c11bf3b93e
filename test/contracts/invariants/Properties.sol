// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Due, RoundState} from "../../../contracts/interfaces/IRoundView.sol";
import {BurnRule} from "../../../contracts/libraries/Burns.sol";
import {BID_UNIT} from "../../../contracts/libraries/Constants.sol";
import {Candidate} from "../../../contracts/types/Candidate.sol";
import {Head} from "../../../contracts/types/Head.sol";
import {RoundIdLibrary} from "../../../contracts/types/RoundId.sol";
import {vm} from "../support/Vm.sol";
import {Model} from "./Model.sol";

/// @notice What must always hold, checked after every step. Numbers are those of the design's list of properties.
abstract contract Properties is Model {
    /// @dev What a candidate was last seen with.
    struct Seen {
        uint256 score;
        uint256 provers;
        uint256 fulfilledWeight;
        uint256 flags;
    }

    mapping(uint256 id => Seen) private _seen;
    mapping(uint256 roundNumber => bytes32) private _meaning;
    mapping(uint256 height => uint256 id) private _finalOf;

    function _check() internal {
        _checkTokens();
        _checkSeats();
        _checkRound();
        _checkRanking();
        _checkMeaning();
    }

    /// @dev 1: every token is where the books have it, to the wei, and what is owed is all that there is.
    function _checkTokens() internal view {
        uint256 deposits;
        for (uint256 i = 0; i < seats.length; ++i) {
            deposits += seats[i].deposit * BID_UNIT;
        }
        uint256 owed = balances + queued + exits + fees;
        vm.assertEq(bridge.backing(), owed, "1: owed by the bridge");
        vm.assertEq(asset.balanceOf(address(bridge)), owed, "1: balance of the bridge");
        vm.assertEq(token.balanceOf(address(rollup)), deposits + rewards + unclaimed, "1: balance of the rollup");
        vm.assertEq(token.balanceOf(address(registry)), stakes, "1: balance of the registry");
        vm.assertEq(token.totalSupply(), supply, "1: supply");
    }

    /// @dev 1, 10: deposits and credits, seat by seat; no live bid is above its deposit.
    function _checkSeats() private view {
        for (uint256 lane = 0; lane < seats.length; ++lane) {
            address proposer = _proposer(lane / 2);
            (uint256 deposit, bool inUse) = (rollup.laneOf(proposer, lane & 1).deposit(), _inUse(proposer, lane & 1));
            vm.assertEq(deposit, seats[lane].deposit, "1: deposit");
            vm.assertEq(inUse ? 1 : 0, _isInUse(seats[lane]) ? 1 : 0, "lane in use");
            // Under the rule that every commit burns, what is proven has left the deposit already.
            bool isBurnt = seats[lane].isSettled && options.burnRule == BurnRule.EveryCommit;
            if (inUse && !isBurnt) _checkBids(lane, deposit);
            if (lane & 1 == 1) continue;
            (uint256 rewards_, uint256 fees_) = rollup.creditOf(proposer);
            vm.assertEq(rewards_, rewardsOf[proposer], "1: rewards");
            vm.assertEq(fees_, feesOf[proposer], "1: fees");
        }
        for (uint256 index = 1; index <= proverCount; ++index) {
            vm.assertEq(registry.proverOf(index).stake, _proverAt(index, type(uint256).max).stake, "1: stake");
        }
    }

    function _checkBids(uint256 lane, uint256 deposit) private view {
        uint256[] storage all = committed[blocks[seats[lane].first].roundNumber];
        for (uint256 i = 0; i < all.length; ++i) {
            Block storage b = blocks[all[i]];
            if (b.who == lane / 2) vm.assertTrue(b.bid <= deposit, "10: bid above deposit");
        }
    }

    /// @dev 2, 7: the round is the one that the rules lead to, and a height has one final block for ever.
    function _checkRound() private {
        Head head = rollup.head();
        vm.assertTrue(head.roundId() == RoundIdLibrary.pack(height, attempt), "2: round");
        vm.assertEq(head.roundNumber(), roundNumber, "roundNumber");
        vm.assertEq(head.opens(), opens, "opens");
        vm.assertEq(head.exponent(), exponent, "exponent");
        vm.assertEq(head.queueCut(), queueCut, "9: cut of the queue");
        vm.assertEq(head.settled(), settled, "settled");
        vm.assertEq(head.decidedAt(), decidedAt, "decided");
        vm.assertTrue(head.isPipelined() == isPipelined, "pipelined");
        vm.assertTrue(head.hasNext() == hasNext, "next");
        vm.assertTrue(head.isRevealed() == isRevealed, "revealed");
        uint256 finalId = rollup.finalProposal();
        vm.assertEq(finalId, last == 0 ? 0 : blocks[last].draft.id, "2: final block");
        vm.assertEq(rollup.stateRoot(), _finalRoot(), "2: state root");
        if (_finalOf[height] == 0) _finalOf[height] = finalId;
        vm.assertEq(_finalOf[height], finalId, "2: another final block");
    }

    /// @dev 2, 6, 10: who is ranked where; what counts for each candidate; nothing falls.
    function _checkRanking() private {
        uint256[] memory best = _best();
        uint256[] memory ranking = rollup.ranking();
        vm.assertEq(ranking.length, best.length, "2: ranked");
        for (uint256 place = 0; place < best.length; ++place) {
            vm.assertEq(ranking[place], blocks[best[place]].draft.id, "2: place");
        }
        for (uint256 i = 0; i < candidates.length; ++i) {
            _checkBlock(candidates[i]);
        }
        if (last != 0) _checkBlock(last);
    }

    function _checkBlock(uint256 id) internal {
        Block storage b = blocks[id];
        Candidate memory c = rollup.candidateOf(b.draft.id);
        uint256 fulfilled = b.voted & b.delivered;
        uint256 flags = rollup.flagsOf(b.draft.id)[0];
        vm.assertEq(
            flags,
            (b.handedIn << 192) | ((options.isFair ? 0 : b.claimed) << 128) | (b.delivered << 64) | b.voted,
            "6: flags"
        );
        if (!b.isProven) return;
        vm.assertEq(c.standing.score(), b.score, "6: score");
        vm.assertEq(c.standing.provers(), b.provers, "6: provers");
        vm.assertEq(c.payout.fulfilledWeight(), _weight(fulfilled), "6: fulfilled");
        (uint256 silent, ) = _silent(b);
        vm.assertEq(c.payout.silent(), silent, "4: silent");
        vm.assertEq(c.payout.proverUnit(), b.unit, "3: unit");
        vm.assertTrue(c.payout.isPaid() == b.isPaid, "3: paid");
        vm.assertTrue(c.payout.isFinal() == (winnerOf[b.roundNumber] == id), "2: final");
        vm.assertEq(c.offer.l1OpCount(), b.l1OpCount, "operations");
        Seen memory seen = _seen[id];
        vm.assertTrue(c.standing.score() >= seen.score && c.standing.provers() >= seen.provers, "10: score");
        vm.assertTrue(
            c.payout.fulfilledWeight() >= seen.fulfilledWeight && flags & seen.flags == seen.flags,
            "10: flags"
        );
        _seen[id] = Seen(c.standing.score(), c.standing.provers(), c.payout.fulfilledWeight(), flags);
    }

    /// @dev 9: windows, parent, seed, and who counts with which stake, from the first look to the last.
    function _checkMeaning() private {
        if (roundNumber == 0 || _isDue()) return;
        RoundState memory state = _round();
        (uint256 height_, uint256 attempt_, uint256 roundNumber_, ) = _target();
        vm.assertTrue(state.commitRoundId == RoundIdLibrary.pack(height_, attempt_), "9: round of commits");
        vm.assertEq(state.commitRoundNumber, roundNumber_, "9: roundNumber of commits");
        vm.assertEq(state.provingEnds, _provingEnds(), "9: end of proving");
        vm.assertEq(state.acceptanceEnds, _acceptanceEnds(), "9: end");
        vm.assertEq(state.eligibleAt, eligibleAt, "9: eligibility");
        vm.assertEq(state.roundSeed, seed, "9: seed");
        vm.assertEq(state.parentRef, isPipelined ? _seatNumber(blocks[last].who) : 0, "9: parent");

        _checkDue(state.due, _openDue());
        _checkDue(state.commitDue, _commitDue());

        uint256[] memory indexes = new uint256[](MAX_PROVERS);
        bytes memory transcript = new bytes(2 * MAX_PROVERS);
        for (uint256 i = 0; i < MAX_PROVERS; ++i) {
            indexes[i] = i + 1;
            transcript[2 * i + 1] = bytes1(uint8(i + 1));
        }
        (uint256[] memory keys, bytes memory assigned, ) = registry.resolve(transcript, state.eligibleAt);
        uint96[] memory staked = registry.stakesAt(indexes, state.eligibleAt);
        for (uint256 i = 0; i < MAX_PROVERS; ++i) {
            Past memory past = _proverAt(i + 1, eligibleAt);
            vm.assertEq(keys[i], past.isActive ? _key(i + 1) : 0, "9: key");
            vm.assertEq(staked[i], past.stake, "9: stake");
        }
        bytes32 meaning = keccak256(abi.encode(_fixed(state), keys, assigned, staked));
        if (_meaning[roundNumber] == 0) _meaning[roundNumber] = meaning;
        vm.assertEq(_meaning[roundNumber], meaning, "9: an open round means something else now");
    }

    /// @return what of the round's state does not change while it is open
    function _fixed(RoundState memory state) private pure returns (bytes memory) {
        return
            bytes.concat(
                abi.encode(state.roundId, state.opens, state.proposalEnds, state.revealEnds, state.acceptanceEnds),
                abi.encode(state.parent, state.stateRoot, state.parentRef, state.eligibleAt),
                abi.encode(state.roundSeed, state.exponent, state.due)
            );
    }

    function _checkDue(Due memory due, Due memory expected) private pure {
        vm.assertEq(due.queueCut, expected.queueCut, "9: cut");
        vm.assertEq(due.first, expected.first, "9: first due");
        vm.assertEq(due.count, expected.count, "9: due");
    }

    function _finalRoot() internal view returns (uint256) {
        return last == 0 ? GENESIS_ROOT : blocks[last].draft.nextStateRoot;
    }

    function _proposer(uint256 who) internal pure returns (address) {
        return [ALICE, BOB, CAROL, DAVE, address(0xF4A)][who];
    }
}
