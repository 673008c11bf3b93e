// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {CourtConfig, IProverCourt} from "../../../contracts/interfaces/IProverCourt.sol";
import {IScorePolicy, Entry} from "../../../contracts/interfaces/IScorePolicy.sol";
import {Config} from "../../../contracts/interfaces/IRollup.sol";
import {Due} from "../../../contracts/interfaces/IRoundView.sol";
import {BurnRule} from "../../../contracts/libraries/Burns.sol";
import {BID_UNIT} from "../../../contracts/libraries/Constants.sol";
import {Operations} from "../../../contracts/libraries/Operations.sol";
import {SizeRule} from "../../../contracts/types/SizeRule.sol";
import {Fixture} from "../support/Fixture.sol";
import {create} from "../support/create.sol";
import {vm} from "../support/Vm.sol";

enum Scoring {
    Plain,
    Stake,
    Dynamic,
    Race
}

/// @notice Which rollup is played.
struct Options {
    Scoring scoring;
    BurnRule burnRule;
    uint256 advanceTip;
    /// Whether all provers of a round share what its blocks earn them.
    bool isFair;
    /// Whether the L2 pays in another token than the native one.
    bool hasOwnAsset;
    /// Slots of a forest that one prover can hold.
    uint256 maxSlots;
}

/// @notice The game as the design tells it, played along in plain storage: who is owed what, who may do what, who wins.
/// It reads nothing that the contracts store, and has none of their packing, ring buffers and laziness, only their
/// clock.
abstract contract Model is Fixture {
    uint256 internal constant SLOTS = 7;
    uint256 internal constant MAX_PROVERS = 9;
    /// @dev The last one never plays before the end.
    uint256 internal constant PROPOSERS = 5;
    uint256 internal constant HONEST = 4;
    uint256 internal constant MAX_RANKED = 3;
    uint256 internal constant TX_COUNT = 6;
    uint256 internal constant SLASH_WINDOW = 120;
    uint256 internal constant BASE_RATE_BPS = 2_500;
    uint256 internal constant STAKE_UNIT = 1 ether;
    uint256 internal constant FAIR_SHARE_BPS = 5_000;

    /// @dev A commit and all that came of it.
    struct Block {
        Draft draft;
        /// Of the round that it was made for.
        uint256 roundNumber;
        uint256 who;
        uint256 parentRef;
        uint256 bid;
        uint256 shareBps;
        /// Whether it begins with something else than what is due: nobody can reveal it.
        bool isFalse;
        /// What is published: bit 0 the operations, then one bit a blob; once all is, `isRevealed`.
        uint256 known;
        bool isRevealed;
        bool isProven;
        /// What it begins with.
        uint256 l1OpCount;
        /// Of its one exit, a float; 0: none.
        uint32 exit;
        bool isExitClaimed;
        /// One bit a slot. Votes may come before any forest.
        uint256 voted;
        uint256 delivered;
        /// Proofs that came before any forest, and those of them with contents that the forest has.
        uint256 handedIn;
        uint256 handedInRight;
        /// One bit a slot; under fair pay, a prover.
        uint256 claimed;
        uint256 score;
        uint256 provers;
        bool isPaid;
        /// Wei for a unit of weight; under fair pay, for a prover.
        uint256 unit;
        /// Of its round, from the reveal on.
        uint256 ends;
        uint256 eligibleAt;
        uint256 seed;
        uint256 exponent;
        /// One bit a prover.
        uint256 slashed;
        uint256 redeemed;
    }

    /// @dev What the court remembers of a prover.
    struct Record {
        uint256 misses;
        uint256 lastMissAt;
    }

    /// @dev A deposit, and the first commit on it; 0: none that matters.
    struct Seat {
        uint256 deposit;
        uint256 first;
        bool isSettled;
    }

    /// @dev What was posted on L1, beside its encoding.
    struct Posted {
        uint256 postedAt;
        /// Wei.
        uint256 deposited;
        address owner;
    }

    struct Past {
        uint256 time;
        uint256 stake;
        bool isActive;
    }

    Options internal options;
    IScorePolicy internal policy;
    IProverCourt internal court;
    IERC20 internal asset;

    /* THE ROUND */

    uint256 internal height;
    uint256 internal attempt;
    uint256 internal roundNumber;
    uint256 internal opens;
    bool internal isPipelined;
    bool internal hasNext;
    bool internal isRevealed;
    uint256 internal exponent;
    uint256 internal queueCut;
    uint256 internal decidedAt;
    uint256 internal eligibleAt;
    uint256 internal seed;
    /// @dev The final block; 0: genesis.
    uint256 internal last;
    /// @dev Proven in the open round.
    uint256[] internal candidates;
    Block[] internal blocks;
    mapping(uint256 roundNumber => uint256[]) internal committed;
    mapping(uint256 roundNumber => uint256 id) internal winnerOf;
    /// @dev 1 + the lowest score that was paid; 0: undecided.
    mapping(uint256 height => uint256) internal lowestOf;
    mapping(uint256 height => uint256) internal seedOf;
    mapping(uint256 height => uint256) internal countedAtOf;

    /* THE BOOKS */

    /// @dev By 2 * proposer + parity of the height.
    Seat[2 * PROPOSERS] internal seats;
    mapping(uint256 index => Past[]) internal pasts;
    mapping(uint256 index => Record) internal records;
    /// @dev Of a prover in a round: what its slashes came to, wei, what they have burnt, and at which rate.
    mapping(uint256 roundNumber => mapping(uint256 index => uint256)) internal chargedIn;
    mapping(uint256 roundNumber => mapping(uint256 index => uint256)) internal burntIn;
    mapping(uint256 roundNumber => mapping(uint256 index => uint256)) internal rateIn;
    mapping(address proposer => uint256) internal rewardsOf;
    mapping(address proposer => uint256) internal feesOf;
    uint256 internal proverCount;
    uint256 internal supply;
    uint256 internal stakes;
    uint256 internal rewards;
    /// @dev What provers may still claim.
    uint256 internal unclaimed;

    /* THE BOOKS OF THE BRIDGE */

    Posted[] internal posted;
    /// @dev How many of them are part of final blocks.
    uint256 internal settled;
    /// @dev What it owes, wei: L2 balances, deposits and fees in the queue, exits of final blocks, fees of proposers.
    uint256 internal balances;
    uint256 internal queued;
    uint256 internal exits;
    uint256 internal fees;

    /* DEPLOYMENT */

    function setUp() public override {
        blocks.push();
        super.setUp();
        policy = rollup.scorer().policy();
        supply = 1_000_000_000 ether;
        for (uint256 i = 0; i < 2 * HONEST; ++i) {
            seats[i].deposit = SEAT;
        }
        for (uint256 index = 1; index <= 7; ++index) {
            _setProver(index, STAKE, true, vm.getBlockTimestamp() - 1);
        }
        (proverCount, stakes) = (7, 7 * STAKE);
        (height, balances, decidedAt) = (1, GENESIS_SUPPLY, vm.getBlockTimestamp() - 1);
        exponent = policy.initialExponent();
    }

    function _policy() internal override returns (IScorePolicy) {
        SizeRule rule = SizeRule.wrap(0);
        if (options.scoring == Scoring.Stake) {
            return IScorePolicy(create("StakeScore", abi.encode(rule, STAKE_UNIT)));
        }
        if (options.scoring == Scoring.Dynamic) {
            return IScorePolicy(create("DynamicScore", abi.encode(rule, SLOTS, 3, 4_096, 32_768, 12_288)));
        }
        if (options.scoring == Scoring.Race) return IScorePolicy(create("RaceScore", abi.encode(rule)));
        return IScorePolicy(create("PlainScore", abi.encode(rule)));
    }

    function _asset() internal override returns (IERC20) {
        return asset = options.hasOwnAsset ? IERC20(create("B52Token", abi.encode(1_000_000_000 ether))) : token;
    }

    function _config() internal override returns (Config memory c) {
        c = super._config();
        c.burnRule = options.burnRule;
        c.advanceTip = options.advanceTip;
        if (options.isFair) c.fairShareBps = FAIR_SHARE_BPS;
    }

    function _court() internal override returns (address) {
        CourtConfig memory config = CourtConfig(SLASH_WINDOW, BASE_RATE_BPS);
        court = IProverCourt(create("ProverCourt", abi.encode(rollup, config)));
        return address(court);
    }

    function _maxSlotsPerProver() internal view override returns (uint256) {
        return options.maxSlots;
    }

    function _usesBetas() internal view returns (bool) {
        return options.scoring == Scoring.Race;
    }

    /// @dev Keys count that were there a whole round before their seed; there was none before the first seeds of the
    /// first two heights.
    function _drawSeed(uint256 height_) private {
        bool isFirst = height_ <= 2 && seedOf[height_] == 0;
        seedOf[height_] = uint256(keccak256(abi.encode(block.prevrandao, height_))) >> 48;
        countedAtOf[height_] = isFirst ? _now() : _now() - PROPOSAL_WINDOW - ACCEPTANCE_WINDOW;
    }

    function _exitDelay() internal view override returns (uint256) {
        return EXIT_DELAY + (_usesBetas() ? 3 * (PROPOSAL_WINDOW + ACCEPTANCE_WINDOW) : 0);
    }

    /* THE CLOCK */

    function _now() internal view returns (uint256) {
        return vm.getBlockTimestamp();
    }

    function _proposalEnds() internal view returns (uint256) {
        return opens + (isPipelined ? ACCEPTANCE_WINDOW : PROPOSAL_WINDOW);
    }

    function _revealEnds() internal view returns (uint256) {
        return _proposalEnds() + REVEAL_WINDOW;
    }

    function _acceptanceEnds() internal view returns (uint256) {
        return _proposalEnds() + ACCEPTANCE_WINDOW;
    }

    function _provingEnds() internal view returns (uint256) {
        return _acceptanceEnds() - REVEAL_WINDOW;
    }

    /// @return when nothing more comes of the round
    function _ends() internal view returns (uint256) {
        if (candidates.length != 0) return _acceptanceEnds();
        return isRevealed ? _provingEnds() : _revealEnds();
    }

    function _isOver() internal view returns (bool) {
        return _now() >= _ends();
    }

    /// @dev The height is decided, and the next action makes that final.
    function _isDue() internal view returns (bool) {
        return candidates.length != 0 && _now() >= _acceptanceEnds();
    }

    /* OPERATIONS */

    /// @return count from `first` on, posted before the cut
    function _dueCount(uint256 first, uint256 cut) internal view returns (uint256 count) {
        while (count < MAX_OPERATIONS && first + count < posted.length && posted[first + count].postedAt < cut) ++count;
    }

    /// @return what a block of the open round begins with
    function _openDue() internal view returns (Due memory) {
        return Due(queueCut, settled, _dueCount(settled, queueCut));
    }

    /// @return what one begins with that is committed to now
    function _commitDue() internal view returns (Due memory) {
        if (_now() < _proposalEnds()) return _openDue();
        (uint256 cut, uint256 first) = (_proposalEnds(), settled + _openDue().count);
        if (_isOver()) (cut, first) = (_ends(), settled);
        return Due(cut, first, _dueCount(first, cut));
    }

    /* PROVERS */

    function _setProver(uint256 index, uint256 stake, bool isActive, uint256 time) internal {
        pasts[index].push(Past(time, stake, isActive));
    }

    function _proverAt(uint256 index, uint256 time) internal view returns (Past memory past) {
        Past[] storage all = pasts[index];
        for (uint256 i = all.length; i != 0; --i) {
            if (all[i - 1].time <= time) return all[i - 1];
        }
    }

    /// @return mask slots of a revealed block with a prover that counts
    function _eligibleMask(Block storage b) internal view returns (uint256 mask) {
        bytes memory transcript = b.draft.transcript;
        uint8[MAX_PROVERS + 2] memory held;
        for (uint256 slot = 0; slot < SLOTS; ++slot) {
            uint256 index = _indexAt(transcript, slot);
            if (!_proverAt(index, b.eligibleAt).isActive || held[index] == options.maxSlots) continue;
            ++held[index];
            mask |= 1 << slot;
        }
    }

    function _burnStake(uint256 index, uint256 amount) internal returns (uint256 burnt) {
        Past memory now_ = _proverAt(index, _now());
        burnt = amount < now_.stake ? amount : now_.stake;
        _setProver(index, now_.stake - burnt, now_.isActive && now_.stake - burnt >= ELIGIBLE_STAKE, _now());
        stakes -= burnt;
        supply -= burnt;
    }

    /* COURT */

    /// @return voted       slots of a block that the prover has a proven vote for
    /// @return undelivered those of them without a proof of its own
    function _promises(Block storage b, uint256 index) internal view returns (uint256 voted, uint256 undelivered) {
        bytes memory transcript = b.draft.transcript;
        for (uint256 slot = 0; slot < SLOTS; ++slot) {
            if ((b.voted >> slot) & 1 == 0 || _indexAt(transcript, slot) != index) continue;
            ++voted;
            if ((b.delivered >> slot) & 1 == 0) ++undelivered;
        }
    }

    function _canSlash(Block storage b, uint256 index) internal view returns (bool) {
        (, uint256 undelivered) = _promises(b, index);
        bool isOpen = b.isProven && _now() >= b.ends && _now() < b.ends + SLASH_WINDOW;
        return isOpen && undelivered != 0 && (b.slashed >> index) & 1 == 0 && _matters(b);
    }

    function _canRedeem(Block storage b, uint256 index) internal view returns (bool) {
        (uint256 voted, uint256 undelivered) = _promises(b, index);
        bool isKept = b.isPaid && voted != 0 && undelivered == 0 && _now() >= b.ends + SLASH_WINDOW;
        bool isNew = b.ends > records[index].lastMissAt && (b.redeemed >> index) & 1 == 0;
        return isKept && isNew && records[index].misses != 0;
    }

    /// @return wei that one candidate can cost a prover
    function _atStake(Block storage b, uint256 index) internal view returns (uint256) {
        bool usesStakes = options.scoring == Scoring.Stake || _usesBetas();
        return usesStakes ? _proverAt(index, b.eligibleAt).stake : ELIGIBLE_STAKE;
    }

    /// @dev The first slash of a round sets the rate of all, and is the one miss; the largest is paid once.
    function _slash(Block storage b, uint256 index) internal returns (uint256 burnt) {
        b.slashed |= 1 << index;
        uint256 rate = rateIn[b.roundNumber][index];
        if (rate == 0) {
            Record storage record = records[index];
            rate = BASE_RATE_BPS * (1 + record.misses);
            rateIn[b.roundNumber][index] = rate;
            // At 2,500 a miss the rate is whole after three.
            if (record.misses < 3) ++record.misses;
            if (record.lastMissAt < b.ends) record.lastMissAt = b.ends;
        }
        (uint256 voted, uint256 undelivered) = _promises(b, index);
        uint256 amount = (_fullSlash(b, index, rate) * undelivered) / voted;
        uint256 known = chargedIn[b.roundNumber][index];
        if (amount <= known) return 0;
        chargedIn[b.roundNumber][index] = amount;
        return _burnStake(index, amount - known);
    }

    function _fullSlash(Block storage b, uint256 index, uint256 rate) private view returns (uint256 amount) {
        uint256 most = _atStake(b, index);
        uint256 heard = _proversOf(b, b.voted);
        uint256 voters;
        for (uint256 i = 1; i <= MAX_PROVERS; ++i) {
            voters += (heard >> i) & 1;
        }
        amount = (b.bid * BID_UNIT * 3) / 2 / voters;
        if (amount < (rate * most) / 10_000) amount = (rate * most) / 10_000;
        if (amount > most) amount = most;
    }

    /// @return whether the block was paid, or would have been if everybody had kept their word
    function _matters(Block storage b) private view returns (bool) {
        uint256 lowest = lowestOf[b.draft.terms.roundId().height()];
        if (b.isPaid || _usesBetas()) return true;
        if (lowest == 0) return false;
        (uint256 score, ) = _score(b, b.voted, 0);
        return score >= lowest - 1;
    }

    /* COMMITS */

    /// @dev What a commit that is made now is for.
    function _target() internal view returns (uint256 height_, uint256 attempt_, uint256 roundNumber_, bool isAhead) {
        if (_now() < _proposalEnds()) return (height, attempt, roundNumber, false);
        if (_isOver()) return (height, attempt + 1, roundNumber + 2, false);
        return (height + 1, 1, roundNumber + 1, true);
    }

    function _seatNumber(uint256 who) internal pure returns (uint256) {
        return who + 1;
    }

    function _laneOf(uint256 who, uint256 height_) internal pure returns (uint256) {
        return 2 * who + (height_ & 1);
    }

    function _laneOf(Block storage b) internal view returns (uint256) {
        return _laneOf(b.who, b.draft.terms.roundId().height());
    }

    function _isUnsettled(Seat storage own) internal view returns (bool) {
        return own.first != 0 && !own.isSettled;
    }

    /// @return whether the deposit may not leave
    function _isInUse(Seat storage own) internal view returns (bool) {
        return own.first != 0 && (!own.isSettled || blocks[own.first].roundNumber == roundNumber);
    }

    /// @return whether the block is one of the open round, built on the final block
    function _isLive(Block storage b) internal view returns (bool) {
        if (b.roundNumber != roundNumber) return false;
        return b.parentRef == (isPipelined ? _seatNumber(blocks[last].who) : 0);
    }

    function _canReveal(Block storage b) internal view returns (bool) {
        return _isLive(b) && !b.isFalse && !b.isRevealed && _now() >= _proposalEnds() && _now() < _revealEnds();
    }

    /// @return whether proofs of it are taken
    function _canProve(Block storage b) internal view returns (bool) {
        return
            _isLive(b) &&
            b.isRevealed &&
            _now() >= _proposalEnds() &&
            _now() < (b.isProven ? _acceptanceEnds() : _provingEnds());
    }

    /// @dev Of a lane with an unsettled commit.
    /// @return isOpen whether that is still to be seen
    /// @return isLive whether the parent of one of its commits won
    /// @return id     the commit that has to be opened
    function _fate(Seat storage own) internal view returns (bool isOpen, bool isLive, uint256 id) {
        id = own.first;
        uint256 round = blocks[id].roundNumber;
        if (blocks[id].parentRef == 0) return (round == roundNumber && !_isOver(), true, id);
        if (round > roundNumber) return (round == roundNumber + 1 && !_isOver(), false, id);
        uint256 parent = winnerOf[round - 1];
        if (parent == 0) return (false, false, id);
        uint256[] storage all = committed[round];
        for (uint256 i = 0; i < all.length; ++i) {
            Block storage b = blocks[all[i]];
            if (b.who != blocks[id].who || b.parentRef != _seatNumber(blocks[parent].who)) continue;
            return (round == roundNumber && !_isOver(), true, all[i]);
        }
        return (false, false, id);
    }

    /// @return part of a bid, rounded up
    function _part(uint256 bid, uint256 bps) internal pure returns (uint256) {
        return _up(bid * bps, 10_000);
    }

    function _up(uint256 numerator, uint256 denominator) private pure returns (uint256) {
        return (numerator + denominator - 1) / denominator;
    }

    function _burnLane(uint256 lane, uint256 amount) internal {
        seats[lane].deposit -= amount;
        supply -= amount * BID_UNIT;
    }

    function _forfeit(uint256 lane, Block storage b) internal {
        _burnLane(lane, options.burnRule == BurnRule.EveryCommit ? b.bid : _forfeited(b));
    }

    /// @return what a block forfeits that does not win: three halves of the silent part, of the whole at most
    function _forfeited(Block storage b) internal view returns (uint256) {
        uint256 whole = b.bid * FORFEIT_BPS;
        if (!b.isProven) return _up(whole, 10_000);
        (uint256 silent, uint256 named) = _silent(b);
        if (silent == 0) return 0;
        uint256 part = _up(whole * silent * 3, 20_000 * named);
        return part < _up(whole, 10_000) ? part : _up(whole, 10_000);
    }

    /// @return silent provers of a revealed block of whom no vote is proven
    /// @return named  all that count of those it names
    function _silent(Block storage b) internal view returns (uint256 silent, uint256 named) {
        uint256 all = _proversOf(b, _eligibleMask(b));
        uint256 heard = _proversOf(b, b.voted);
        for (uint256 index = 1; index <= MAX_PROVERS; ++index) {
            named += (all >> index) & 1;
            silent += ((all & ~heard) >> index) & 1;
        }
    }

    /* PROOFS */

    function _weight(uint256 mask) internal pure returns (uint256 sum) {
        uint8[7] memory weights = [5, 3, 3, 2, 2, 2, 2];
        for (uint256 slot = 0; slot < SLOTS; ++slot) {
            if ((mask >> slot) & 1 == 1) sum += weights[slot];
        }
    }

    /// @param mask   fulfilled slots
    /// @param proven slots whose VRF outputs are known now
    function _score(
        Block storage b,
        uint256 mask,
        uint256 proven
    ) internal view returns (uint256 score, uint256 provers) {
        uint96[] memory stakes_ = new uint96[](SLOTS);
        uint256[] memory betas = new uint256[](SLOTS);
        uint256 total;
        uint256 seen;
        bytes memory transcript = b.draft.transcript;
        for (uint256 index = 1; index <= MAX_PROVERS; ++index) {
            for (uint256 slot = 0; slot < SLOTS; ++slot) {
                if ((mask >> slot) & 1 == 0 || _indexAt(transcript, slot) != index) continue;
                if ((seen >> index) & 1 == 0) {
                    seen |= 1 << index;
                    stakes_[provers] = uint96(_proverAt(index, b.eligibleAt).stake);
                    total += stakes_[provers++];
                }
                if ((proven >> slot) & 1 == 1) betas[provers - 1] = _beta(index, b.seed);
            }
        }
        if (options.scoring == Scoring.Plain) return (provers ** 3 * b.bid ** 2, provers);
        if (options.scoring == Scoring.Stake) return ((total / STAKE_UNIT) ** 3 * b.bid ** 2, provers);
        uint256[] memory none;
        assembly ("memory-safe") {
            mstore(stakes_, provers)
            mstore(betas, provers)
        }
        Entry memory entry = Entry({
            burnBid: uint64(b.bid),
            provers: uint16(provers),
            txCount: uint32(TX_COUNT),
            exponent: uint16(b.exponent),
            stakes: _usesBetas() ? stakes_ : new uint96[](0),
            betas: _usesBetas() ? betas : none
        });
        score = policy.score(entry);
    }

    /// @dev Votes and deliveries of a verified forest, or of one node, are added to what is known.
    /// @return isMore whether that is an improvement; if not, nothing has changed
    function _improve(uint256 id, uint256 voted, uint256 delivered) internal returns (bool isMore) {
        Block storage b = blocks[id];
        uint256 proven = delivered;
        if (!b.isProven) delivered |= b.handedInRight;
        if (_now() >= _provingEnds()) voted = 0;
        voted |= b.voted;
        delivered |= b.delivered;
        (uint256 score, uint256 provers) = _score(b, voted & delivered, proven);
        if (b.isProven && voted == b.voted && delivered == b.delivered && score <= b.score) return false;
        (b.voted, b.delivered, b.provers) = (voted, delivered, provers);
        if (score > b.score) b.score = score;
        (uint256 silent, ) = _silent(b);
        if (silent == 0 || options.burnRule == BurnRule.EveryCommit) seats[_laneOf(b)].isSettled = true;
        if (b.isProven) return true;
        b.isProven = true;
        candidates.push(id);
        if (options.burnRule == BurnRule.EveryCommit) _burnLane(_laneOf(b), b.bid);
        return true;
    }

    /// @return mask one bit a prover of these slots
    function _proversOf(Block storage b, uint256 slots) internal view returns (uint256 mask) {
        bytes memory transcript = b.draft.transcript;
        for (uint256 slot = 0; slot < SLOTS; ++slot) {
            if ((slots >> slot) & 1 == 1) mask |= 1 << _indexAt(transcript, slot);
        }
    }

    function _beats(uint256 a, uint256 b) internal view returns (bool) {
        if (blocks[a].score != blocks[b].score) return blocks[a].score > blocks[b].score;
        uint256 timeA = blocks[a].draft.committedAt;
        uint256 timeB = blocks[b].draft.committedAt;
        return timeA != timeB ? timeA < timeB : blocks[a].draft.id < blocks[b].draft.id;
    }

    /// @return best candidates of the open round, best first
    function _best() internal view returns (uint256[] memory best) {
        uint256 count = candidates.length < MAX_RANKED ? candidates.length : MAX_RANKED;
        best = new uint256[](count);
        uint256 taken;
        for (uint256 place = 0; place < count; ++place) {
            uint256 bestAt = type(uint256).max;
            for (uint256 i = 0; i < candidates.length; ++i) {
                if ((taken >> i) & 1 == 1) continue;
                if (bestAt == type(uint256).max || _beats(candidates[i], candidates[bestAt])) bestAt = i;
            }
            taken |= 1 << bestAt;
            best[place] = candidates[bestAt];
        }
    }

    /* ENDS OF ROUNDS */

    function _openRound(
        uint256 height_,
        uint256 attempt_,
        uint256 roundNumber_,
        uint256 opens_,
        bool isPipelined_,
        uint256 queueCut_
    ) internal {
        (height, attempt, roundNumber, opens, isPipelined) = (height_, attempt_, roundNumber_, opens_, isPipelined_);
        queueCut = queueCut_;
        (hasNext, isRevealed) = (false, false);
        delete candidates;
        eligibleAt = opens_ - 1;
        if (!_usesBetas()) return;
        // None yet, or one so old that provers who have left would count.
        if (opens_ > countedAtOf[height_] + 3 * (PROPOSAL_WINDOW + ACCEPTANCE_WINDOW)) _drawSeed(height_);
        if (attempt_ == 1) _drawSeed(height_ + 1);
        seed = seedOf[height_];
        if (countedAtOf[height_] < opens_) eligibleAt = countedAtOf[height_] - 1;
    }

    /// @dev The best candidate wins, uncles and provers are paid, and the next height opens.
    function _decide() internal {
        uint256[] memory best = _best();
        uint256 reward = REWARD >> ((height - 1) / 2);
        uint256 paid = 1;
        for (; paid < best.length; ++paid) {
            uint256 score = blocks[best[paid]].score;
            if (score == 0 || !_isNear(score, blocks[best[0]].score)) break;
        }
        for (uint256 place = 0; place < paid; ++place) {
            _pay(best[place], place, place == 0 ? reward : (reward * 1_000) / 10_000 / (paid - 1));
        }
        lowestOf[height] = 1 + blocks[best[paid - 1]].score;
        (last, winnerOf[roundNumber]) = (best[0], best[0]);
        _settleBlock(blocks[last]);
        exponent = policy.nextExponent(exponent, blocks[last].provers);
        decidedAt = _now();
        if (hasNext) _openRound(height + 1, 1, roundNumber + 1, _proposalEnds(), true, _proposalEnds());
        else _openRound(height + 1, 1, roundNumber + 1, _now(), false, _acceptanceEnds());
    }

    /// @dev Its operations are on the L2, its fees and its exit have left it.
    function _settleBlock(Block storage b) private {
        for (uint256 i = 0; i < b.l1OpCount; ++i) {
            Posted storage operation = posted[settled++];
            queued -= operation.deposited + OPERATION_FEE;
            balances += operation.deposited;
        }
        uint256 exit = Operations.valueOf(b.exit);
        uint256 earned = b.draft.fees + b.l1OpCount * OPERATION_FEE;
        balances -= b.draft.fees + exit;
        exits += exit;
        fees += earned;
        feesOf[b.draft.proposer] += earned;
    }

    /// @return whether an uncle's score is at least a quarter of the winner's
    function _isNear(uint256 score, uint256 best) private view returns (bool) {
        if (options.scoring == Scoring.Plain || options.scoring == Scoring.Stake) return 4 * score >= best;
        return score >= policy.fraction(best, 2_500);
    }

    function _pay(uint256 id, uint256 place, uint256 reward) private {
        Block storage b = blocks[id];
        address proposer = b.draft.proposer;
        b.isPaid = true;
        seats[_laneOf(b)].isSettled = true;
        uint256 burnt = b.bid;
        if (place != 0) {
            uint256 own = _part(b.bid, 3_333);
            uint256 whole = _part(b.bid, FORFEIT_BPS);
            uint256 forfeited = _forfeited(b);
            if (own > whole - forfeited) own = whole - forfeited;
            burnt = forfeited + own;
            uint256 most = (options.burnRule == BurnRule.Winner ? own : b.bid) * BID_UNIT;
            if (reward > most) reward = most;
        }
        uint256 fulfilled = _weight(b.voted & b.delivered);
        uint256 earned;
        uint256 parts = options.isFair ? b.provers : fulfilled;
        if (fulfilled != 0) {
            earned = (reward * fulfilled) / _weight((1 << SLOTS) - 1);
            b.unit = (earned * b.shareBps) / 10_000 / parts;
        }
        uint256 own = earned - b.unit * parts;
        supply += earned;
        unclaimed += b.unit * parts;
        rewards += own;
        if (place == 0) {
            uint256 tip = _now() < _acceptanceEnds() + REVEAL_WINDOW ? options.advanceTip : 0;
            if (tip > own) tip = own;
            rewardsOf[block.coinbase] += tip;
            own -= tip;
        }
        rewardsOf[proposer] += own;
        if (options.burnRule == BurnRule.Winner) _burnLane(_laneOf(b), burnt);
    }
}
