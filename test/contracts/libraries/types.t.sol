// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RoundClock} from "../../../contracts/libraries/RoundClock.sol";
import {Score} from "../../../contracts/libraries/Score.sol";
import {Tally} from "../../../contracts/libraries/Tally.sol";
import {Head, HeadLibrary} from "../../../contracts/types/Head.sol";
import {Lane, LaneLibrary} from "../../../contracts/types/Lane.sol";
import {Ledger, LedgerLibrary} from "../../../contracts/types/Ledger.sol";
import {Offer, OfferLibrary} from "../../../contracts/types/Offer.sol";
import {Outcome, OutcomeLibrary} from "../../../contracts/types/Outcome.sol";
import {Payout, PayoutLibrary} from "../../../contracts/types/Payout.sol";
import {QueueEntry, QueueEntryLibrary} from "../../../contracts/types/QueueEntry.sol";
import {RoundId, RoundIdLibrary} from "../../../contracts/types/RoundId.sol";
import {Seed} from "../../../contracts/types/Seed.sol";
import {Setting, SettingLibrary} from "../../../contracts/types/Setting.sol";
import {SlotFlags, SlotFlagsLibrary} from "../../../contracts/types/SlotFlags.sol";
import {Standing, StandingLibrary} from "../../../contracts/types/Standing.sol";
import {Terms, TermsLibrary} from "../../../contracts/types/Terms.sol";
import {Windows, WindowsLibrary} from "../../../contracts/types/Windows.sol";
import {vm} from "../support/Vm.sol";

/// @notice Fields of packed values come back as they went in, stand where their files say, and never run over into each
/// other.
contract TypesTest {
    using RoundClock for Head;

    function testFuzz_RoundId(uint32 height, uint32 attempt) public pure {
        RoundId id = RoundIdLibrary.pack(height, attempt);
        vm.assertEq(RoundId.unwrap(id), (uint256(height) << 32) | attempt, "layout");
        vm.assertEq(id.height(), height, "height");
        vm.assertEq(id.attempt(), attempt, "attempt");
    }

    function testFuzz_Terms(uint64 roundId, uint16 shareBps, uint64 bid, uint24 parentRef) public pure {
        Terms terms = TermsLibrary.pack(RoundId.wrap(roundId), shareBps, bid, parentRef);
        vm.assertEq(
            Terms.unwrap(terms),
            (uint256(roundId) << 104) | (uint256(shareBps) << 88) | (uint256(bid) << 24) | parentRef,
            "layout"
        );
        vm.assertEq(RoundId.unwrap(terms.roundId()), roundId, "roundId");
        vm.assertEq(terms.proverShareBps(), shareBps, "share");
        vm.assertEq(terms.burnBid(), bid, "bid");
        vm.assertEq(terms.parentRef(), parentRef, "parentRef");
        vm.assertTrue(terms.isCanonical(), "canonical");
    }

    function testFuzz_Head(
        uint64 roundId,
        uint16 exponent,
        bool isPipelined,
        uint32 roundNumber,
        uint40[4] memory numbers,
        uint8 ranked
    ) public pure {
        ranked %= 32;
        (uint256 opens, uint256 queueCut) = (numbers[0] >> 6, numbers[1] >> 6);
        (uint256 settled, uint256 decidedAt) = (numbers[2] >> 7, numbers[3] >> 6);
        Head head = Head.wrap(
            (uint256(exponent) << 240) |
                (uint256(roundId) << 176) |
                (settled << 143) |
                (queueCut << 108) |
                (decidedAt << 74) |
                (isPipelined ? 1 << 68 : 0) |
                (uint256(roundNumber) << 34) |
                opens
        );
        vm.assertEq(head.ranked(), 0, "nothing ranked");
        vm.assertFalse(head.hasNext() || head.isRevealed() || head.isFrozen(), "nothing done");
        head = head.withRanked(31).withRanked(ranked);
        vm.assertFalse(head.hasNext() || head.isRevealed() || head.isFrozen(), "still nothing done");
        vm.assertTrue(head.withNext().hasNext() && !head.withNext().isRevealed(), "next");
        vm.assertTrue(head.withRevealed().isRevealed() && !head.withRevealed().hasNext(), "revealed");
        vm.assertTrue(head.asFrozen().isFrozen() && !head.asFrozen().hasNext(), "frozen");
        head = head.withNext().withRevealed().asFrozen();
        vm.assertEq(RoundId.unwrap(head.roundId()), roundId, "roundId");
        vm.assertEq(head.settled(), settled, "settled");
        vm.assertEq(head.queueCut(), queueCut, "queueCut");
        vm.assertEq(head.decidedAt(), decidedAt, "decidedAt");
        vm.assertEq(head.exponent(), exponent, "exponent");
        vm.assertTrue(head.isPipelined() == isPipelined, "pipelined");
        vm.assertEq(head.ranked(), ranked, "ranked");
        vm.assertEq(head.roundNumber(), roundNumber, "roundNumber");
        vm.assertEq(head.opens(), opens, "opens");
    }

    function testFuzz_TheHeadOfAChainThatStarts(uint16 exponent, uint40 moment) public pure {
        moment >>= 6;
        Head head = HeadLibrary.first(exponent, moment);
        uint256 expected = (uint256(exponent) << 240) | (uint256(1) << 208) | (uint256(moment) << 74);
        vm.assertEq(Head.unwrap(head), expected, "height 1, attempt 0, decided now");
        vm.assertTrue(head.isStarted() && !Head.wrap(0).isStarted(), "started");
    }

    function testFuzz_TheNextAttempt(uint256 word, uint40 opens, uint40 queueCut) public pure {
        (opens, queueCut) = (opens >> 6, queueCut >> 6);
        // Neither the attempt nor the round number is at its end.
        Head head = Head.wrap(word & ~(uint256(1) << 207) & ~(uint256(1) << 65));
        Head next = head.nextAttempt(opens, queueCut);
        vm.assertEq(next.roundId().height(), head.roundId().height(), "the same height");
        vm.assertEq(next.roundId().attempt(), head.roundId().attempt() + 1, "attempt");
        vm.assertEq(next.roundNumber(), head.roundNumber() + 2, "not that of commits made ahead");
        vm.assertEq(next.exponent(), head.exponent(), "exponent");
        vm.assertEq(next.settled(), head.settled(), "settled");
        vm.assertEq(next.decidedAt(), head.decidedAt(), "decidedAt");
        vm.assertTrue(next.opens() == opens && next.queueCut() == queueCut, "moments");
        vm.assertFalse(next.isPipelined(), "fresh");
        _expectNothingDone(next);
    }

    function testFuzz_TheNextHeight(
        uint256 word,
        uint16 exponent,
        uint40[3] memory moments,
        uint16 l1OpCount
    ) public pure {
        (uint256 opens, uint256 queueCut, uint256 decidedAt) = (moments[0] >> 6, moments[1] >> 6, moments[2] >> 6);
        // Neither the height, the round number nor what is settled is at its end.
        Head head = Head.wrap(word & ~(uint256(1) << 239) & ~(uint256(1) << 65) & ~(uint256(1) << 175));
        Head next = head.nextHeight(exponent, opens, queueCut, l1OpCount, decidedAt);
        vm.assertEq(next.roundId().height(), head.roundId().height() + 1, "height");
        vm.assertEq(next.roundId().attempt(), 1, "attempt");
        vm.assertEq(next.roundNumber(), head.roundNumber() + 1, "roundNumber");
        vm.assertEq(next.exponent(), exponent, "exponent");
        vm.assertEq(next.settled(), head.settled() + l1OpCount, "settled");
        vm.assertEq(next.decidedAt(), decidedAt, "decidedAt");
        vm.assertTrue(next.opens() == opens && next.queueCut() == queueCut, "moments");
        vm.assertTrue(next.isPipelined() == head.hasNext(), "commits were made ahead");
        _expectNothingDone(next);
    }

    function _expectNothingDone(Head head) private pure {
        vm.assertEq(head.ranked(), 0, "nothing ranked");
        vm.assertFalse(head.hasNext() || head.isRevealed() || head.isFrozen(), "nothing done");
    }

    function testFuzz_Windows(uint32 proposal, uint32 acceptance) public pure {
        Windows windows = WindowsLibrary.pack(proposal, acceptance);
        vm.assertEq(Windows.unwrap(windows), (uint256(acceptance) << 32) | proposal, "layout");
        vm.assertEq(windows.proposal(), proposal, "proposal");
        vm.assertEq(windows.acceptance(), acceptance, "acceptance");
        vm.assertEq(windows.reveal(), acceptance / 4, "reveal");
        vm.assertEq(windows.round(), uint256(proposal) + acceptance, "round");
    }

    function testFuzz_Clock(uint256 word, uint32 proposal, uint32 acceptance, uint40 moment) public pure {
        Head head = Head.wrap(word);
        Windows windows = WindowsLibrary.pack(proposal, acceptance);
        uint256 proposalEnds = head.opens() + (head.isPipelined() ? acceptance : proposal);
        uint256 acceptanceEnds = proposalEnds + acceptance;
        uint256 provingEnds = acceptanceEnds - acceptance / 4;
        uint256 ends = head.isRevealed() ? provingEnds : proposalEnds + acceptance / 4;
        if (head.ranked() != 0) ends = acceptanceEnds;
        vm.assertEq(head.proposalEnds(windows), proposalEnds, "proposalEnds");
        vm.assertEq(head.revealEnds(windows), proposalEnds + acceptance / 4, "revealEnds");
        vm.assertEq(head.provingEnds(windows), provingEnds, "provingEnds");
        vm.assertEq(head.acceptanceEnds(windows), acceptanceEnds, "acceptanceEnds");
        vm.assertEq(head.ends(windows), ends, "ends");
        for (uint256 i = 0; i < 3; ++i) {
            uint256 second = [ends, acceptanceEnds, moment][i];
            vm.assertTrue(head.isOver(windows, second) == (second >= ends), "over");
            vm.assertTrue(
                head.isDecided(windows, second) == (head.ranked() != 0 && second >= acceptanceEnds),
                "decided"
            );
            if (second == 0) continue;
            vm.assertTrue(head.isOver(windows, second - 1) == (second - 1 >= ends), "over, a second before");
        }
    }

    function testFuzz_Offer(address proposer, uint40 bid, uint16 shareBps, uint24 seat, uint16 l1OpCount) public pure {
        Offer offer = OfferLibrary.pack(proposer, bid, shareBps, seat, l1OpCount);
        vm.assertEq(offer.proposer(), proposer, "proposer");
        vm.assertEq(offer.burnBid(), bid, "bid");
        vm.assertEq(offer.proverShareBps(), shareBps, "share");
        vm.assertEq(offer.seat(), seat, "seat");
        vm.assertEq(offer.l1OpCount(), l1OpCount, "operations");
    }

    function testFuzz_Setting(
        uint64 roundId,
        uint32 txCount,
        uint16 exponent,
        uint48 eligibleAt,
        uint40 acceptanceEnds
    ) public pure {
        Setting setting = SettingLibrary.pack(RoundId.wrap(roundId), txCount, exponent, eligibleAt, acceptanceEnds);
        uint256 upper = (uint256(acceptanceEnds) << 160) | (uint256(eligibleAt) << 112) | (uint256(exponent) << 96);
        vm.assertEq(Setting.unwrap(setting), upper | (uint256(txCount) << 64) | roundId, "layout");
        vm.assertEq(RoundId.unwrap(setting.roundId()), roundId, "roundId");
        vm.assertEq(setting.txCount(), txCount, "txCount");
        vm.assertEq(setting.exponent(), exponent, "exponent");
        vm.assertEq(setting.eligibleAt(), eligibleAt, "eligibleAt");
        vm.assertEq(setting.acceptanceEnds(), acceptanceEnds, "acceptanceEnds");
    }

    function testFuzz_Ledger(uint96 genesis, uint96 backing, uint40 posted) public pure {
        vm.assertFalse(Ledger.wrap(0).isStarted(), "not open");
        Ledger ledger = LedgerLibrary.start(genesis);
        vm.assertEq(ledger.backing(), genesis, "genesis");
        vm.assertEq(ledger.posted(), 0, "nothing posted");
        vm.assertTrue(ledger.isStarted() && !ledger.isFrozen(), "open");
        ledger = ledger.withPosted(~posted).withBacking(~backing).withPosted(posted).withBacking(backing);
        vm.assertTrue(ledger.isStarted() && !ledger.isFrozen(), "still open");
        ledger = ledger.asFrozen();
        vm.assertTrue(ledger.isStarted() && ledger.isFrozen(), "frozen");
        vm.assertEq(ledger.backing(), backing, "backing");
        vm.assertEq(ledger.posted(), posted, "posted");
    }

    function testFuzz_QueueEntry(uint216 chain, uint40 postedAt) public pure {
        QueueEntry entry = QueueEntryLibrary.pack(chain, postedAt);
        vm.assertEq(entry.chain(), chain, "chain");
        vm.assertEq(entry.postedAt(), postedAt, "postedAt");
    }

    function testFuzz_Outcome(uint256 score, uint24 seat, uint32 roundNumber, uint32 height) public pure {
        score >>= 56;
        Outcome outcome = OutcomeLibrary.pack(score, seat, roundNumber, height);
        uint256 tags = (uint256(roundNumber % (1 << 20)) << 12) | (height / 1_024) % (1 << 12);
        vm.assertEq(Outcome.unwrap(outcome), (score << 56) | (uint256(seat) << 32) | tags, "layout");
        vm.assertEq(outcome.lowestScore(), score, "score");
        vm.assertEq(outcome.seat(), seat, "seat");
        vm.assertEq(outcome.roundTag(), roundNumber % (1 << 20), "roundNumber");
        vm.assertTrue(outcome.isOf(height) == (seat != 0), "its height");
        vm.assertFalse(outcome.isOf(uint256(height) + OutcomeLibrary.RING), "a lap later");
    }

    function testFuzz_Seed(uint256 randomness, uint256 previous, uint32 height, uint32 roundTime, uint40 later) public {
        uint256 start = 1_900_000_000;
        // Few heights are first ones, and few seeds are none.
        if (previous % 2 == 0) height %= 5;
        Seed last = Seed.wrap(previous % 3 == 0 ? 0 : previous);
        vm.warp(start + uint256(roundTime) + later);
        vm.prevrandao(bytes32(randomness));
        Seed seed = last.draw(height, roundTime);
        bool isFirst = height < 3 && last.value() == 0;
        uint256 countedAt = isFirst ? start + roundTime + later : start + later;
        vm.assertEq(Seed.unwrap(seed), (seed.value() << 48) | countedAt, "layout");
        vm.assertEq(seed.value(), uint256(keccak256(abi.encode(randomness, height))) >> 48, "value");
        vm.assertEq(seed.countedAt(), countedAt, "countedAt");
        vm.assertEq(seed.eligibleAt(countedAt + 1), countedAt - 1, "before what counts");
        vm.assertEq(seed.eligibleAt(countedAt), countedAt - 1, "both");
        vm.assertEq(seed.eligibleAt(countedAt - 1), countedAt - 2, "before it opens");
        uint256 lastMoment = countedAt + 3 * uint256(roundTime);
        vm.assertFalse(seed.isStale(lastMoment, roundTime), "young enough");
        vm.assertTrue(seed.isStale(lastMoment + 1, roundTime), "too old");
        vm.assertTrue(Seed.wrap(countedAt).isStale(lastMoment, roundTime), "none");
    }

    function testFuzz_Lane(uint192 digest, uint32 roundNumber, uint40 deposit, uint40 later) public pure {
        vm.assume(digest != 0 && ~digest != 0);
        Lane lane = Lane.wrap(0).withDeposit(deposit).withCommit(digest, roundNumber).withDeposit(later);
        uint256 commit = (uint256(digest) << 64) | (uint256(roundNumber % (1 << 20)) << 40);
        vm.assertEq(Lane.unwrap(lane), commit | later, "layout");
        vm.assertEq(Lane.unwrap(lane.asSettled()), commit | (1 << 60) | later, "layout, settled");
        vm.assertTrue(lane.isUnsettled() && !lane.asSettled().isUnsettled(), "unsettled until then");
        vm.assertTrue(lane.asSettled().isCommitted(roundNumber), "settled");
        vm.assertEq(lane.cleared().deposit(), later, "cleared");
        vm.assertFalse(lane.cleared().isUnsettled() || lane.cleared().isCommitted(roundNumber), "nothing left");
        vm.assertEq(lane.digest(), digest, "digest");
        vm.assertEq(lane.deposit(), later, "deposit");
        vm.assertTrue(lane.isCommitted(roundNumber), "this round");
        vm.assertFalse(lane.isCommitted(uint256(roundNumber) + 1), "the next round");
        vm.assertFalse(lane.isCommitted(uint256(roundNumber) + (1 << 19)), "half way round");
        vm.assertTrue(lane.isCommitted(uint256(roundNumber) + (1 << 20)), "the tag wraps");
        vm.assertEq(lane.withCommit(~digest, roundNumber).digest(), ~digest, "another digest");
    }

    function testFuzz_LaneIds(address a, address b, uint32 height) public pure {
        vm.assertEq(LaneLibrary.idOf(a, height), 2 * uint256(uint160(a)) + (height % 2), "layout");
        vm.assertTrue(LaneLibrary.idOf(a, height) == LaneLibrary.idOf(a, uint256(height) + 2), "same parity");
        vm.assertTrue(LaneLibrary.idOf(a, height) != LaneLibrary.idOf(a, uint256(height) + 1), "other parity");
        vm.assertTrue(a == b || LaneLibrary.idOf(a, 0) | 1 != LaneLibrary.idOf(b, 1), "other proposer");
    }

    function testFuzz_Standing(uint256 score, uint40 committedAt, uint16 provers) public pure {
        score >>= 56;
        Standing standing = StandingLibrary.pack(score, committedAt, provers);
        vm.assertEq(Standing.unwrap(standing), (score << 56) | (uint256(committedAt) << 16) | provers, "layout");
        vm.assertEq(standing.score(), score, "score");
        vm.assertEq(standing.committedAt(), committedAt, "committedAt");
        vm.assertEq(standing.provers(), provers, "provers");
    }

    function testFuzz_Payout(
        uint96 fees,
        uint32 fulfilled,
        uint16 named,
        uint16 silent,
        uint96 unit,
        bool isFinal
    ) public pure {
        (fulfilled, named, silent) = (fulfilled >> 1, named >> 2, silent >> 2);
        Payout payout = PayoutLibrary.pack(fees, fulfilled, named, silent);
        vm.assertEq(payout.proverUnit(), 0, "not paid");
        vm.assertFalse(payout.isPaid(), "not yet");
        vm.assertFalse(payout.isFinal(), "nor final");
        payout = payout.asPaid(~unit, false).asPaid(unit, isFinal);
        vm.assertTrue(payout.isPaid(), "paid");
        vm.assertTrue(payout.isFinal() == isFinal, "final");
        vm.assertEq(payout.fees(), fees, "fees");
        vm.assertEq(payout.fulfilledWeight(), fulfilled, "fulfilled");
        vm.assertEq(payout.named(), named, "named");
        vm.assertEq(payout.silent(), silent, "silent");
        vm.assertEq(payout.proverUnit(), unit, "unit");
    }

    function testFuzz_SlotFlags(uint64 voted, uint64 delivered, uint8 at) public pure {
        uint256 slot = at;
        SlotFlags flags = SlotFlags.wrap((uint256(delivered) << 64) | voted);
        bool wasVoted = (voted >> slot % 64) & 1 == 1;
        bool wasDelivered = (delivered >> slot % 64) & 1 == 1;
        vm.assertTrue(flags.isFulfilled(slot) == (wasVoted && wasDelivered), "fulfilled");
        vm.assertFalse(flags.isPaid(slot), "not paid");
        flags = flags.withPaid(slot);
        vm.assertTrue(flags.isPaid(slot), "paid");
        vm.assertFalse(flags.isPaid(slot + 1), "its neighbour");
        vm.assertTrue(flags.isFulfilled(slot) == (wasVoted && wasDelivered), "unchanged");
        uint256 others = flags.fulfilled() & ~(1 << (slot & 63));
        flags = flags.withFulfilled(slot);
        vm.assertTrue(flags.isFulfilled(slot), "fulfilled now");
        vm.assertEq(flags.fulfilled() & ~(1 << (slot & 63)), others, "the others");
    }

    function testFuzz_WordsOfFlagsHaveRoomForAllSlotsAndNoMore(uint16 slots) public pure {
        uint256 words = SlotFlagsLibrary.words(slots);
        vm.assertTrue(64 * words >= slots && 64 * words < uint256(slots) + 64, "words");
    }

    function test_ScoreHasRoomForTheGreatest() public pure {
        uint256 n = type(uint16).max;
        uint256 b = type(uint64).max;
        uint256 score = Score.compute(n, b);
        vm.assertEq(score, n * n * n * b * b, "checked");
        vm.assertTrue(score < 1 << 176, "176 bits");
        vm.assertEq(StandingLibrary.pack(score, 0, 0).score(), score, "packed");
        vm.assertEq(Score.compute(0, b), 0, "no provers");
    }

    function testFuzz_AFractionOfAScoreIsRoundedUp(uint176 score, uint16 bps) public pure {
        uint256 part = Score.fraction(score, bps);
        vm.assertTrue(part * 10_000 >= uint256(score) * bps, "not down");
        vm.assertTrue(part == 0 || (part - 1) * 10_000 < uint256(score) * bps, "no further");
        vm.assertEq(Score.fraction(1, 1), 1, "the least");
    }

    /// @dev Closed form: the least bid of 49 that beats a bid of 1,000 of 51 is 1,000 x (51 / 49)^1.5 = 1,061.845.
    function test_BreakEvenBid() public pure {
        vm.assertTrue(Score.compute(49, 1_061) < Score.compute(51, 1_000), "1,061 loses");
        vm.assertTrue(Score.compute(49, 1_062) > Score.compute(51, 1_000), "1,062 wins");
    }

    function test_WeightOfEveryDepth() public pure {
        uint256[4] memory arities = [uint256(2), 4, 8, 16];
        for (uint256 i = 0; i < 4; ++i) {
            uint256 first = 0;
            uint256 width = 1;
            for (uint256 depth = 0; depth < 4; ++depth) {
                vm.assertEq(Tally.weightOf(first, arities[i], 0x0004000300020001), depth + 1, "first");
                vm.assertEq(Tally.weightOf(first + width - 1, arities[i], 0x0004000300020001), depth + 1, "last");
                first += width;
                width *= arities[i];
            }
        }
    }
}
