// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Entry, IScorePolicy} from "../../../contracts/interfaces/IScorePolicy.sol";
import {FIELD} from "../../../contracts/libraries/Constants.sol";
import {LogMath} from "../../../contracts/libraries/LogMath.sol";
import {SizeRule, SizeRuleLibrary} from "../../../contracts/types/SizeRule.sol";
import {create} from "../support/create.sol";
import {bound, vm} from "../support/Vm.sol";

/// @dev The parameters that a policy was made with.
interface IParameters {
    function stakeUnit() external view returns (uint256);
    function minExponent() external view returns (uint256);
    function maxExponent() external view returns (uint256);
}

contract ScorePoliciesTest {
    uint16 private constant CUBIC = 3 * 4096;
    SizeRule private constant UNSIZED = SizeRule.wrap(0);
    /// @dev Height and transactions, 3 to a base node, arity 4.
    SizeRule private constant SIZED = SizeRule.wrap((uint256(3) << 40) | (3 << 8) | 2);

    IScorePolicy private immutable plain = IScorePolicy(create("PlainScore", abi.encode(UNSIZED)));
    IScorePolicy private immutable stake = IScorePolicy(create("StakeScore", abi.encode(UNSIZED, 1 ether)));
    IScorePolicy private immutable dynamic = IScorePolicy(
        create("DynamicScore", abi.encode(UNSIZED, 341, 100, 4096, 8 * 4096, CUBIC))
    );
    IScorePolicy private immutable race = IScorePolicy(create("RaceScore", abi.encode(UNSIZED)));

    /* LOGARITHM */

    function testFuzz_LnNeverFalls(uint256 x, uint256 more) public pure {
        x = bound(x, 1, type(uint256).max);
        uint256 y = bound(more, x, type(uint256).max);
        vm.assertTrue(LogMath.ln(x) <= LogMath.ln(y), "far apart");
        if (x != type(uint256).max) vm.assertTrue(LogMath.ln(x) <= LogMath.ln(x + 1), "neighbours");
    }

    function testFuzz_LnSeparatesNumbersBelow81Bits(uint256 x, uint8 bits) public pure {
        x = bound(x, 1, (1 << bound(bits, 1, 81)) - 1);
        vm.assertTrue(LogMath.ln(x) < LogMath.ln(x + 1), "neighbours");
    }

    /// @dev Where the reduction takes one step more or fewer, neighbours take different paths.
    function test_LnNeverFallsAtTheStepsOfTheReduction() public pure {
        uint256[16] memory steps = [
            uint256(0x85aac367cc487b14c5c9),
            0x8b95c1e3ea8bd6e6fbe4,
            0x91c3d373ab11c3360fd6,
            0x9837f0518db8a96f46ad,
            0x9ef5326091a111ada091,
            0xa5fed6a9b15138ea1cbd,
            0xad583eea42a14ac64980,
            0xb504f333f9de6484597d,
            0xbd08a39f580c36bea881,
            0xc5672a115506dadd3e2a,
            0xce248c151f8480e3e235,
            0xd744fccad69d6af439a6,
            0xe0ccdeec2a94e1110658,
            0xeac0c6e7dd24392ed02d,
            0xf5257d152486cc2c7b9d,
            0x100000000000000000000
        ];
        for (uint256 i = 0; i < 16; ++i) {
            for (uint256 x = steps[i] - 20; x < steps[i] + 20; ++x) {
                vm.assertTrue(LogMath.ln(x << 100) < LogMath.ln((x + 1) << 100), "step");
            }
        }
    }

    function testFuzz_LnOfAProductIsTheSum(uint128 x, uint128 y) public pure {
        if (x == 0 || y == 0) return;
        uint256 sum = LogMath.ln(x) + LogMath.ln(y);
        uint256 product = LogMath.ln(uint256(x) * y);
        vm.assertTrue(product < sum + 2 ** 18 && sum < product + 2 ** 17, "error below 2^-78");
    }

    function testFuzz_MinusLnNeverGrowsAndIsAtLeastItsBound(uint256 beta) public pure {
        beta = bound(beta, 1, FIELD - 2);
        vm.assertTrue(LogMath.minusLn(beta) >= LogMath.minusLn(beta + 1), "grows");
        vm.assertTrue(LogMath.minusLn(beta) >= LogMath.atMostMinusLn(beta), "bound");
        uint256 high = FIELD - 1 - (beta >> 130);
        vm.assertTrue(LogMath.minusLn(high) >= LogMath.atMostMinusLn(high), "bound near p");
        vm.assertTrue(LogMath.minusLn(FIELD - 1) != 0, "0 at the end");
    }

    function test_LogarithmsRefuseWhatHasNone() public {
        vm.expectRevert(abi.encodeWithSelector(LogMath.OutOfDomain.selector, 0));
        this.ln(0);
        vm.expectRevert(abi.encodeWithSelector(LogMath.OutOfDomain.selector, 0));
        this.minusLn(0);
        vm.expectRevert(abi.encodeWithSelector(LogMath.OutOfDomain.selector, FIELD));
        this.minusLn(FIELD);
    }

    function ln(uint256 x) external pure returns (uint256) {
        return LogMath.ln(x);
    }

    function minusLn(uint256 beta) external pure returns (uint256) {
        return LogMath.minusLn(beta);
    }

    /* ORDER */

    /// @dev At k = 3 the logarithmic score never contradicts the integers, and ties only what agrees in 81 leading
    /// bits.
    function testFuzz_CubicExponentNeverReordersIntegers(uint16 n, uint64 b, uint16 otherN, uint64 otherB) public view {
        _assertSameOrder(_entry(n, b), _entry(otherN, otherB));
        // The bid that comes closest to the same score with other provers, and its neighbours.
        if (otherN == 0) return;
        uint256 closest = _sqrt((uint256(n) ** 3 * uint256(b) ** 2) / uint256(otherN) ** 3);
        for (uint256 bid = closest > 2 ? closest - 2 : 0; bid <= closest + 2 && bid <= type(uint64).max; ++bid) {
            _assertSameOrder(_entry(n, b), _entry(otherN, uint64(bid)));
        }
    }

    function test_NearTiesOf51And49Provers() public view {
        Entry memory majority = _entry(51, 1_000_000);
        vm.assertTrue(dynamic.score(_entry(49, 1_061_845)) < dynamic.score(majority), "one bid less loses");
        vm.assertTrue(dynamic.score(_entry(49, 1_061_846)) > dynamic.score(majority), "one bid more wins");
        _assertSameOrder(majority, _entry(49, 1_061_845));
        _assertSameOrder(majority, _entry(49, 1_061_846));
    }

    /// @dev 51^3 B^2 and 49^3 B'^2 agree in more than 81 leading bits (a convergent of (51 / 49)^1.5): a tie here,
    /// though not as integers.
    function test_WhatIsCloserThanTheResolutionTies() public view {
        Entry memory a = _entry(51, 28_515_294_882_654_097);
        Entry memory b = _entry(49, 30_278_824_529_698_803);
        vm.assertTrue(plain.score(a) != plain.score(b), "integers differ");
        vm.assertEq(dynamic.score(a), dynamic.score(b), "logarithms agree");
    }

    function testFuzz_EveryUnitOfABidAndEveryProverCounts(uint16 n, uint64 b, uint16 k) public view {
        Entry memory entry = _entry(uint16(bound(n, 1, 65_534)), uint64(bound(b, 1, type(uint64).max - 1)));
        entry.exponent = uint16(bound(k, 4096, type(uint16).max));
        (uint256 exact, uint256 logarithm) = (plain.score(entry), dynamic.score(entry));
        ++entry.burnBid;
        vm.assertTrue(plain.score(entry) > exact && dynamic.score(entry) > logarithm, "bid");
        --entry.burnBid;
        ++entry.provers;
        vm.assertTrue(plain.score(entry) > exact && dynamic.score(entry) > logarithm, "prover");
    }

    function testFuzz_RaceIsWonByTheFastest(uint256 seed, uint8 count, uint64 b) public view {
        Entry memory entry = _drawn(seed, bound(count, 1, 12), uint64(bound(b, 1, type(uint64).max - 1)));
        uint256 fastest;
        for (uint256 i = 0; i < entry.stakes.length; ++i) {
            if (entry.betas[i] == 0) continue;
            uint256 speed = (uint256(entry.stakes[i]) << 156) / LogMath.minusLn(entry.betas[i]);
            if (speed > fastest) fastest = speed;
        }
        uint256 score = race.score(entry);
        vm.assertEq(score, fastest == 0 ? 0 : LogMath.ln(fastest) + LogMath.ln(uint256(entry.burnBid) ** 2), "score");
        if (fastest == 0) return;
        ++entry.burnBid;
        vm.assertTrue(race.score(entry) > score, "bid");
    }

    /// @dev Also with the last prover's flags still missing: submissions only improve.
    function testFuzz_OneMoreProverNeverLowersAScore(uint256 seed, uint8 count, uint64 b) public view {
        uint256 provers = bound(count, 2, 12);
        Entry memory all = _drawn(seed, provers, b);
        Entry memory fewer = _drawn(seed, provers - 1, b);
        vm.assertTrue(race.score(fewer) <= race.score(all), "race");
        vm.assertTrue(stake.score(fewer) <= stake.score(all), "stake");
        vm.assertTrue(plain.score(fewer) <= plain.score(all), "plain");
        vm.assertTrue(dynamic.score(fewer) <= dynamic.score(all), "dynamic");
    }

    function testFuzz_SplittingAStakeGainsNothing(uint96 whole, uint96 part, uint64 b) public view {
        part = uint96(bound(part, 0, whole));
        Entry memory one = _entry(1, b);
        one.stakes = new uint96[](1);
        one.stakes[0] = whole;
        Entry memory two = _entry(2, b);
        two.stakes = new uint96[](2);
        (two.stakes[0], two.stakes[1]) = (part, whole - part);
        vm.assertEq(stake.score(one), stake.score(two), "stake");
    }

    /* EXTREMES */

    function test_NothingOverflowsAtTheExtremes() public {
        Entry memory entry = _entry(type(uint16).max, type(uint64).max);
        entry.txCount = type(uint32).max;
        entry.exponent = type(uint16).max;
        entry.stakes = new uint96[](300);
        entry.betas = new uint256[](300);
        for (uint256 i = 0; i < 300; ++i) {
            (entry.stakes[i], entry.betas[i]) = (type(uint96).max, i == 0 ? 1 : FIELD - 1);
        }
        IScorePolicy[4] memory policies = [
            IScorePolicy(create("PlainScore", abi.encode(SIZED))),
            IScorePolicy(create("StakeScore", abi.encode(SIZED, 1))),
            IScorePolicy(create("DynamicScore", abi.encode(SIZED, 65_535, 65_534, 4096, 65_535, 65_535))),
            IScorePolicy(create("RaceScore", abi.encode(SIZED)))
        ];
        for (uint256 i = 0; i < 4; ++i) {
            uint256 score = policies[i].score(entry);
            vm.assertTrue(score != 0 && score >> 200 == 0, "score");
            vm.assertEq(policies[i].fraction(type(uint200).max, 10_000), type(uint200).max, "whole");
            vm.assertTrue(policies[i].fraction(score, 1) < score, "part");
            vm.assertEq(policies[i].fraction(score, 0), 0, "nothing");
        }
    }

    function test_NoProversScoreNothing() public view {
        Entry memory entry = _entry(0, type(uint64).max);
        vm.assertTrue(
            plain.score(entry) == 0 && stake.score(entry) == 0 && dynamic.score(entry) == 0 && race.score(entry) == 0,
            "no provers"
        );
        vm.assertTrue(dynamic.score(_entry(1, 1)) > 0, "one prover");
        entry = _entry(1, 1);
        (entry.stakes, entry.betas) = (new uint96[](1), new uint256[](1));
        entry.stakes[0] = 1 ether;
        vm.assertEq(race.score(entry), 0, "no beta");
        vm.assertEq(stake.score(entry), 1, "one unit");
    }

    function test_RaceRefusesABetaOutsideTheField() public {
        Entry memory entry = _drawn(1, 3, 7);
        entry.betas[2] = FIELD;
        vm.expectRevert(abi.encodeWithSelector(LogMath.OutOfDomain.selector, FIELD));
        race.score(entry);
        // Beyond the field the bound that spares logarithms means nothing, and this one would never be asked for its
        // own.
        (entry.stakes[1], entry.betas[1]) = (entry.stakes[2], FIELD / 2);
        entry.betas[2] = FIELD + 1;
        vm.expectRevert(abi.encodeWithSelector(LogMath.OutOfDomain.selector, FIELD + 1));
        race.score(entry);
    }

    function testFuzz_SizeRaisesEveryScore(uint32 small, uint32 large, uint256 seed) public {
        if (small > large) (small, large) = (large, small);
        Entry memory entry = _drawn(seed, 5, 1000);
        entry.betas[0] = FIELD / 2;
        IScorePolicy[4] memory policies = [
            IScorePolicy(create("PlainScore", abi.encode(SIZED))),
            IScorePolicy(create("StakeScore", abi.encode(SIZED, 1))),
            IScorePolicy(create("DynamicScore", abi.encode(SIZED, 10, 5, 4096, 8 * 4096, CUBIC))),
            IScorePolicy(create("RaceScore", abi.encode(SIZED)))
        ];
        for (uint256 i = 0; i < 4; ++i) {
            entry.txCount = small;
            uint256 smallScore = policies[i].score(entry);
            entry.txCount = large;
            vm.assertTrue(policies[i].score(entry) >= smallScore, "size");
        }
    }

    /* FRACTION */

    /// @dev For the logarithmic scores too, a fraction of 2^-2d stands for a bid that is 2^d times smaller.
    function testFuzz_FractionIsOfTheProductNotOfTheLogarithm(uint16 n, uint32 b, uint256 bps) public view {
        Entry memory entry = _entry(uint16(bound(n, 1, 65_535)), uint64(bound(b, 1, type(uint32).max)) << 8);
        bps = bound(bps, 1, 10_000);
        uint256 least = plain.fraction(plain.score(entry), bps);
        uint256 leastLogarithm = dynamic.fraction(dynamic.score(entry), bps);
        Entry memory lower = _entry(entry.provers, entry.burnBid);
        for (uint256 i = 0; i < 8; ++i) {
            lower.burnBid >>= 1;
            uint256 exact = plain.score(lower);
            // Equal but for rounding at bps = 2500.
            if (exact * 10_000 == plain.score(entry) * bps) continue;
            vm.assertTrue((exact >= least) == (dynamic.score(lower) >= leastLogarithm), "same verdict");
        }
    }

    /* EXPONENT */

    function testFuzz_ExponentMovesTowardsTheTargetByAnEighthAtMost(uint256 k, uint16 n) public view {
        k = bound(k, 4096, 8 * 4096);
        uint256 next = dynamic.nextExponent(k, n);
        vm.assertTrue(next >= 4096 && next <= 8 * 4096, "clamped");
        vm.assertTrue(n >= 100 || next > k || k == 8 * 4096, "up");
        vm.assertTrue(n <= 100 || next <= k, "down");
        vm.assertTrue(n != 100 || next == k, "at the target");
        vm.assertTrue(next <= k + k / 8 && next >= k - k / 8, "step");
        vm.assertTrue(
            n == type(uint16).max || dynamic.nextExponent(k, uint256(n) + 1) <= next,
            "fewer provers, higher exponent"
        );
        vm.assertEq(
            plain.nextExponent(0, n) + stake.nextExponent(0, n) + race.nextExponent(0, n),
            0,
            "others have none"
        );
    }

    /// @dev With a large target an eighth of what is missing may be less than the least unit.
    function test_ExponentRisesByOneUnitAtLeast() public {
        IScorePolicy large = IScorePolicy(
            create("DynamicScore", abi.encode(UNSIZED, 1_001, 1_000, 4096, 8 * 4096, CUBIC))
        );
        vm.assertEq(large.nextExponent(4096, 999), 4097, "rises");
        vm.assertEq(large.nextExponent(4096 * 4, 999), 4096 * 4 + 2, "by more");
        vm.assertEq(large.nextExponent(4096 * 2, 999), 4096 * 2 + 1, "by one unit of its own");
        vm.assertEq(large.nextExponent(4097, 1_001), 4097, "falls by whole units only");
    }

    function test_OnlyADynamicScoreBeginsWithAnExponent() public view {
        vm.assertEq(plain.initialExponent() + stake.initialExponent() + race.initialExponent(), 0, "others");
        vm.assertEq(dynamic.initialExponent(), CUBIC, "dynamic");
    }

    /* CONSTRUCTORS */

    function test_ConstructorsTakeTheBounds() public {
        address most = create("StakeScore", abi.encode(UNSIZED, type(uint96).max));
        vm.assertEq(IParameters(most).stakeUnit(), type(uint96).max, "stakeUnit");
        address one = create("DynamicScore", abi.encode(UNSIZED, 2, 1, 4096, 4096, 4096));
        vm.assertEq(IParameters(one).maxExponent(), 4096, "one exponent");
        address greatest = create("DynamicScore", abi.encode(UNSIZED, 2, 1, 65_535, 65_535, 65_535));
        vm.assertEq(IParameters(greatest).minExponent(), 65_535, "the greatest");
    }

    function test_ConstructorsNameWhatTheyRefuse() public {
        _expectInvalid("stakeUnit", 0);
        create("StakeScore", abi.encode(UNSIZED, 0));
        _expectInvalid("stakeUnit", 2 ** 96);
        create("StakeScore", abi.encode(UNSIZED, 2 ** 96));
        _expectInvalid("targetProvers", 0);
        create("DynamicScore", abi.encode(UNSIZED, 7, 0, 4096, 8192, 4096));
        _expectInvalid("targetProvers", 7);
        create("DynamicScore", abi.encode(UNSIZED, 7, 7, 4096, 8192, 4096));
        _expectInvalid("minExponent", 4095);
        create("DynamicScore", abi.encode(UNSIZED, 7, 6, 4095, 8192, 4096));
        _expectInvalid("maxExponent", 65_536);
        create("DynamicScore", abi.encode(UNSIZED, 7, 6, 4096, 65_536, 4096));
        _expectInvalid("maxExponent", 4999);
        create("DynamicScore", abi.encode(UNSIZED, 7, 6, 5000, 4999, 5000));
        _expectInvalid("initialExponent", 4999);
        create("DynamicScore", abi.encode(UNSIZED, 7, 6, 5000, 6000, 4999));
        _expectInvalid("initialExponent", 6001);
        create("DynamicScore", abi.encode(UNSIZED, 7, 6, 5000, 6000, 6001));
        uint256[5] memory rules = [
            uint256(1) << 42,
            (uint256(1) << 42) | (3 << 8) | 2,
            3 << 8,
            (3 << 8) | 5,
            (uint256(3) << 40) | 2
        ];
        for (uint256 i = 0; i < 5; ++i) {
            vm.expectRevert(abi.encodeWithSelector(SizeRuleLibrary.InvalidSizeRule.selector, rules[i]));
            create("PlainScore", abi.encode(SizeRule.wrap(rules[i])));
        }
    }

    /* SUPPORT */

    function _expectInvalid(string memory name, uint256 value) private {
        vm.expectRevert(abi.encodeWithSelector(IScorePolicy.InvalidParameter.selector, name, value));
    }

    function _entry(uint16 provers, uint64 burnBid) private pure returns (Entry memory entry) {
        (entry.provers, entry.burnBid, entry.exponent) = (provers, burnBid, CUBIC);
    }

    /// @dev The first `count` provers of a seed, of very different stakes; every seventh or so has no beta.
    function _drawn(uint256 seed, uint256 count, uint64 burnBid) private pure returns (Entry memory entry) {
        entry = _entry(uint16(count), burnBid);
        (entry.stakes, entry.betas) = (new uint96[](count), new uint256[](count));
        for (uint256 i = 0; i < count; ++i) {
            uint256 word = uint256(keccak256(abi.encode(seed, i)));
            entry.stakes[i] = uint96(word >> (160 + (word % 90))) + 1 ether;
            entry.betas[i] = word % 7 == 0 ? 0 : uint256(keccak256(abi.encode(word))) % FIELD;
        }
    }

    function _assertSameOrder(Entry memory a, Entry memory b) private view {
        (uint256 exactA, uint256 exactB) = (plain.score(a), plain.score(b));
        (uint256 logarithmA, uint256 logarithmB) = (dynamic.score(a), dynamic.score(b));
        if (exactA > exactB) (exactA, exactB, logarithmA, logarithmB) = (exactB, exactA, logarithmB, logarithmA);
        if (exactB - exactA > exactB >> 80) vm.assertTrue(logarithmA < logarithmB, "order");
        else vm.assertTrue(exactA == exactB ? logarithmA == logarithmB : logarithmA <= logarithmB, "near tie");
    }

    function _sqrt(uint256 x) private pure returns (uint256 root) {
        for (uint256 bit = 1 << 127; bit != 0; bit >>= 1) {
            uint256 next = root | bit;
            if (next * next <= x) root = next;
        }
    }
}
