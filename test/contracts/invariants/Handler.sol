// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NodeContext, NodeStatement, Statement} from "../../../contracts/interfaces/IForestVerifier.sol";
import {NodeProof, RootProof} from "../../../contracts/interfaces/IProverCourt.sol";
import {ExitClaim} from "../../../contracts/interfaces/IBridge.sol";
import {Claim, HandIn, Opening, Submission} from "../../../contracts/interfaces/IRollup.sol";
import {BID_UNIT, FIELD} from "../../../contracts/libraries/Constants.sol";
import {ContentGroups} from "../../../contracts/libraries/Contents.sol";
import {Operations} from "../../../contracts/libraries/Operations.sol";
import {Proposals} from "../../../contracts/libraries/Proposals.sol";
import {Due} from "../../../contracts/interfaces/IRoundView.sol";
import {RoundId, RoundIdLibrary} from "../../../contracts/types/RoundId.sol";
import {TermsLibrary} from "../../../contracts/types/Terms.sol";
import {vm} from "../support/Vm.sol";
import {Options} from "./Model.sol";
import {Properties} from "./Properties.sol";

/// @notice Everybody who plays: proposers, provers, those who only want harm, and the clock. Each function is one step
/// of one of them, chosen by dice among what is possible now. What the model allows must succeed, what it does not must
/// fail, and after every step the properties hold.
contract Handler is Properties {
    uint256 private _entropy;
    /// @dev What was handed in that no forest has.
    mapping(bytes32 what => bool) private _kept;
    /// @dev Steps that changed something, by name: nothing may be left out of a campaign.
    mapping(bytes32 step => uint256) public count;

    constructor(Options memory options_) {
        options = options_;
    }

    /* STEPS */

    function propose(uint256 dice) external {
        if (_begins(dice) && (_tryPropose() || _tryReveal() || _tryProve() || _trySettle())) _check();
        else wait(dice);
    }

    function reveal(uint256 dice) external {
        if (_begins(dice) && (_tryReveal() || _tryPropose() || _tryProve())) _check();
        else wait(dice);
    }

    function prove(uint256 dice) external {
        if (_begins(dice) && (_tryProve() || _tryReveal() || _tryPropose())) _check();
        else wait(dice);
    }

    function settle(uint256 dice) external {
        if (_begins(dice) && (_trySettle() || _trySlash() || _tryReveal() || _tryPropose() || _tryProve())) _check();
        else wait(dice);
    }

    function judge(uint256 dice) external {
        _roll(dice);
        if (_trySlash() || _tryRedeem()) _check();
        else this.prove(dice);
    }

    function account(uint256 dice) external {
        _roll(dice);
        uint256 kind = _random(4);
        if (kind == 0) _moveDeposit();
        else if (kind == 1 || !(options.isFair ? _claimShare() : _claimProver())) _claimProposer();
        _check();
    }

    function cross(uint256 dice) external {
        _roll(dice);
        uint256 kind = _random(8);
        if (kind < 4) _postOperation();
        else if (kind < 6 || !_claimFees()) _claimExit();
        _check();
    }

    function stake(uint256 dice) external {
        _roll(dice);
        _moveStake();
        _check();
    }

    function grief(uint256 dice) external {
        _roll(dice);
        _grief();
        _check();
    }

    /// @dev To the next edge of a window or a second beside it; now and then a little, or far too long, or a year.
    function wait(uint256 dice) public {
        _roll(dice);
        uint256 to = _nextEdge();
        uint256 kind = _random(16);
        if (kind == 0) to = _now() + _random(2_000);
        else if (kind < 3) to = _now() + 1 + _random(30);
        else if (kind < 5 && to > _now() + 1) --to;
        else if (kind < 7) ++to;
        if (_random(256) == 0) to += 365 days;
        vm.warp(to);
        vm.prevrandao(keccak256(abi.encode(to)));
        _did("wait");
        _check();
    }

    /// @dev 7: wherever the others left it, an honest proposer commits, reveals, proves and wins. Or nobody does.
    function finish() external {
        _roll(blocks.length);
        if (_random(2) == 0) _winOnce();
        else _stop();
        _leave();
    }

    function _winOnce() private {
        address honest = _proposer(HONEST);
        token.transfer(honest, 2 * SEAT * BID_UNIT);
        vm.startPrank(honest);
        token.approve(address(rollup), type(uint256).max);
        rollup.deposit(0, SEAT);
        rollup.deposit(1, SEAT);
        vm.stopPrank();
        seats[2 * HONEST].deposit = seats[2 * HONEST + 1].deposit = SEAT;

        if (_isDue()) _advance();
        if (candidates.length == 0 && _now() >= _proposalEnds() && !_isOver()) vm.warp(_acceptanceEnds());
        // Where somebody has proven already, the honest builds on the leader, else on the final block.
        uint256 parent = candidates.length == 0 ? 0 : _best()[0];
        uint256 id = _commitBlock(HONEST, SEAT, 5_000, _everyone(), parent, false);
        vm.warp(parent == 0 ? _proposalEnds() : _acceptanceEnds());
        if (parent != 0) _decide();
        _revealBlock(id);
        uint256 mask = _eligibleMask(blocks[id]);
        vm.assertTrue(_proveBlock(id, mask, mask), "7: not proven");
        vm.warp(_acceptanceEnds());
        _advance();
        vm.assertEq(last, id, "7: the honest proposer did not win");
        _check();
        _did("honest end");
    }

    /// @dev No block comes any more. When the delay is over, a round may be open, with all that is done before a proof.
    function _stop() private {
        if (!_isDue() && candidates.length != 0) vm.warp(_acceptanceEnds());
        if (_isDue()) _advance();
        uint256 from = decidedAt + ESCAPE_DELAY;
        uint256 before = 1 + _random(2 * (PROPOSAL_WINDOW + ACCEPTANCE_WINDOW));
        if (_now() + before < from) vm.warp(from - before);
        for (uint256 i = 0; i < 12; ++i) {
            uint256 kind = _random(4);
            if (kind == 0) _tryReveal();
            else if (kind == 1) _trySettle();
            else if (kind == 2) _tryPropose();
            else if (_now() < from) vm.warp(_nextEdge() < from ? _nextEdge() : from);
            _check();
        }
        if (_now() < from) vm.warp(from);
        if (roundNumber != 0 && !_isOver()) _did("end of an open round");
    }

    /// @dev 1: after a freeze everybody gets what is theirs, and nothing is left over.
    function _leave() private {
        if (_now() < decidedAt + ESCAPE_DELAY) vm.warp(decidedAt + ESCAPE_DELAY);
        bridge.freeze();
        for (uint256 i = settled; i < posted.length; ++i) {
            uint256 amount = posted[i].deposited + OPERATION_FEE;
            uint256 before = asset.balanceOf(posted[i].owner);
            bridge.refund(i, operations[i]);
            vm.assertEq(asset.balanceOf(posted[i].owner) - before, amount, "1: refunded");
            queued -= amount;
        }
        for (uint256 id = 1; id < blocks.length; ++id) {
            if (_hasExit(id)) _payExit(id);
        }
        for (uint256 who = 0; who < PROPOSERS; ++who) {
            if (feesOf[_proposer(who)] != 0) _payFees(_proposer(who));
        }
        // The whole L2 as if it were one account.
        bytes memory proof = abi.encode(_finalRoot(), 1, ALICE, balances);
        bridge.escape(1, ALICE, balances, proof);
        balances = 0;
        for (uint256 lane = 0; lane < seats.length; ++lane) {
            _leaveLane(lane);
        }
        _checkTokens();
        _earn();
        vm.assertEq(asset.balanceOf(address(bridge)), 0, "1: something is left over");
        vm.assertEq(token.balanceOf(address(rollup)), 0, "1: something is left of deposits or rewards");
    }

    /// @dev What anybody has earned and not claimed yet.
    function _earn() private {
        for (uint256 id = 1; id < blocks.length; ++id) {
            Block storage b = blocks[id];
            for (uint256 slot = 0; b.unit != 0 && slot < SLOTS; ++slot) {
                if (((b.voted & b.delivered) >> slot) & 1 == 0) continue;
                uint256 index = _indexAt(b.draft.transcript, slot);
                uint256 own = 1 << (options.isFair ? index : slot);
                if (b.claimed & own != 0) continue;
                b.claimed |= own;
                rollup.claimProver(index, _claimSlots(b.draft, 1 << slot));
            }
        }
        address builder = block.coinbase;
        for (uint256 who = 0; who <= PROPOSERS; ++who) {
            address earner = who == PROPOSERS ? builder : _proposer(who);
            if (rewardsOf[earner] == 0) continue;
            vm.prank(earner);
            rollup.claimProposer(address(0xF00D));
        }
    }

    /// @dev A commit that the freeze has cut short is free, an older one is not.
    function _leaveLane(uint256 lane) private {
        Seat storage own = seats[lane];
        address proposer = _proposer(lane / 2);
        if (_isUnsettled(own)) {
            (, bool isLive, uint256 id) = _fate(own);
            bool isCut = blocks[own.first].roundNumber >= roundNumber;
            if (isCut) id = own.first;
            else if (isLive) _forfeit(lane, blocks[id]);
            own.first = 0;
            rollup.settle(_opening(blocks[id].draft), keccak256(blocks[id].draft.transcript));
        }
        vm.prank(proposer);
        rollup.withdraw(lane & 1, own.deposit);
        own.deposit = 0;
    }

    /* PROPOSERS */

    /// @dev Once a height is decided, half of the time somebody advances; else whatever comes next does, and the model
    /// is ahead of the rollup until then.
    /// @return whether there is anything left to do for now
    function _begins(uint256 dice) private returns (bool) {
        _roll(dice);
        if (!_isDue()) return _random(16) != 0;
        if (_random(2) == 0) {
            _advance();
            return true;
        }
        _decide();
        if (_trySettle() || _tryReveal() || _tryPropose()) _did("implicit advance");
        else rollup.advance();
        return true;
    }

    function _advance() private {
        uint256 reward = REWARD >> ((height - 1) / 2);
        uint256 before = token.totalSupply();
        _decide();
        rollup.advance();
        // 3: burns only lower it.
        vm.assertTrue(token.totalSupply() <= before + reward + reward / 10, "3: more than the reward");
        _did("advance");
    }

    function _tryPropose() private returns (bool) {
        (uint256 height_, , uint256 roundNumber_, bool isAhead) = _target();
        uint256 parent = isAhead ? _anyParent() : 0;
        if (isAhead && parent == 0) return false;
        uint256 first = _random(HONEST);
        for (uint256 i = 0; i < HONEST; ++i) {
            uint256 who = (first + i) % HONEST;
            Seat storage own = seats[_laneOf(who, height_)];
            if (own.deposit < MIN_BID) continue;
            bool isBranch = own.first != 0 && blocks[own.first].roundNumber == roundNumber_;
            if (isBranch ? !_hasRoom(who, roundNumber_, parent) || !isAhead : _isUnsettled(own)) continue;
            uint256 bid = _random(8) == 0 ? own.deposit : MIN_BID * (1 + _random(8));
            if (bid > own.deposit) bid = own.deposit;
            uint256 share = _random(3) * 5_000;
            if (_random(3) == 0) share = _random(10_001);
            if (options.isFair) share = FAIR_SHARE_BPS;
            _commitBlock(who, bid, share, _anyTranscript(), parent, isBranch);
            return true;
        }
        return false;
    }

    /// @return id a live block of the open round that somebody may build on; 0: none
    function _anyParent() private returns (uint256 id) {
        uint256[] storage all = committed[roundNumber];
        if (all.length == 0) return 0;
        uint256 first = _random(all.length);
        for (uint256 i = 0; i < all.length; ++i) {
            id = all[(first + i) % all.length];
            // Mostly on what is proven, but also on what never will be.
            if (_isLive(blocks[id]) && (blocks[id].isProven || _random(3) == 0)) return id;
        }
        return 0;
    }

    /// @return whether the seat has no commit on this parent yet
    function _hasRoom(uint256 who, uint256 roundNumber_, uint256 parent) private view returns (bool) {
        uint256[] storage all = committed[roundNumber_];
        for (uint256 i = 0; i < all.length; ++i) {
            if (blocks[all[i]].who == who && blocks[all[i]].parentRef == _seatNumber(blocks[parent].who)) return false;
        }
        return true;
    }

    function _anyTranscript() private returns (bytes memory transcript) {
        if (_random(2) == 0) return _everyone();
        uint256 range = 1 + _random(MAX_PROVERS + 1);
        for (uint256 slot = 0; slot < SLOTS; ++slot) {
            transcript = abi.encodePacked(transcript, uint16(_random(range + 1)));
        }
    }

    function _commitBlock(
        uint256 who,
        uint256 bid,
        uint256 share,
        bytes memory transcript,
        uint256 parent,
        bool isBranch
    ) private returns (uint256 id) {
        (uint256 height_, uint256 attempt_, uint256 roundNumber_, bool isAhead) = _target();
        Due memory due = _commitDue();
        if (roundNumber_ == roundNumber + 2) _openRound(height_, attempt_, roundNumber_, _now(), false, due.queueCut);
        hasNext = hasNext || isAhead;

        id = blocks.length;
        Block storage b = blocks.push();
        b.roundNumber = roundNumber_;
        b.who = who;
        b.parentRef = isAhead ? _seatNumber(blocks[parent].who) : 0;
        b.bid = bid;
        b.shareBps = share;
        b.l1OpCount = due.count;
        b.isFalse = who != HONEST && due.count != 0 && _random(8) == 0;
        b.exit = (uint32(_random(4)) << 5) | 16;
        b.draft = _newDraft(id, RoundIdLibrary.pack(height_, attempt_), transcript, isAhead ? parent : last);
        _fillDraft(b, due);
        committed[roundNumber_].push(id);
        _sendCommit(id, isBranch, isAhead);
    }

    function _sendCommit(uint256 id, bool isBranch, bool isAhead) private {
        Draft memory d = blocks[id].draft;
        Seat storage own = seats[_laneOf(blocks[id])];
        if (isBranch) {
            Draft memory first = blocks[own.first].draft;
            vm.prank(d.proposer);
            rollup.commitBranch(d.terms, d.order, d.transcript, _opening(first), keccak256(first.transcript));
            _did("branch");
            return;
        }
        (own.first, own.isSettled) = (id, false);
        if (_random(4) == 0) {
            vm.prank(RELAY);
            rollup.commitFor(d.proposer, d.terms, d.order, d.transcript, blocks[id].roundNumber);
            _did("relayed commit");
        } else {
            vm.prank(d.proposer);
            rollup.commit(d.terms, d.order, d.transcript);
            _did(isAhead ? bytes32("commit ahead") : bytes32("commit"));
        }
    }

    function _newDraft(
        uint256 id,
        RoundId roundId,
        bytes memory transcript,
        uint256 parent
    ) private returns (Draft memory d) {
        Block storage b = blocks[id];
        d.proposer = _proposer(b.who);
        d.terms = TermsLibrary.pack(roundId, b.shareBps, b.bid, b.parentRef);
        d.transcript = transcript;
        d.parent = parent == 0 ? 0 : blocks[parent].draft.id;
        d.txsRoot = uint256(keccak256(abi.encode("txs", id))) % FIELD;
        d.salt = keccak256(abi.encode("salt", id));
        d.nextStateRoot = uint256(keccak256(abi.encode("state", id))) % FIELD;
        d.fees = _random(3) * 1 ether;
        d.committedAt = _now();
    }

    /// @dev Two nodes at least are left for transfers: room for two blobs.
    function _fillDraft(Block storage b, Due memory due) private {
        Draft memory d = b.draft;
        d.txCount = TX_COUNT;
        d.operations = _encode(due);
        // Something else in the last one.
        if (b.isFalse) d.operations[60 * due.count - 40] ^= 0x01;
        _setBlobs(d, _random(3));
        b.draft = d;
    }

    function _tryReveal() private returns (bool) {
        uint256 id = _anyOf(true);
        if (id == 0) return false;
        _revealBlock(id);
        return true;
    }

    /// @dev Everything, or any part of it, known or not.
    function _revealBlock(uint256 id) private {
        Block storage b = blocks[id];
        Draft memory d = b.draft;
        uint256 all = (2 << d.blobHashes.length) - 1;
        uint256 parts = b.who == HONEST || _random(2) == 0 ? all : _random(all + 1);
        bool isFirst = b.known == 0;
        if (b.known & parts != 0) _did("known part");
        _revealPart(d, parts & 1 == 1 ? d.operations : bytes(""), parts >> 1);
        // Operations that are not there are known.
        b.known |= d.operations.length == 0 ? parts | 1 : parts;
        if (b.known != all) {
            vm.assertEq(_known(d), b.known, "known");
            _did("part");
            return;
        }
        if (!isFirst) _did("last part");
        (b.isRevealed, isRevealed) = (true, true);
        (b.ends, b.eligibleAt, b.seed, b.exponent) = (_acceptanceEnds(), eligibleAt, seed, exponent);
        _did("reveal");
    }

    function _trySettle() private returns (bool) {
        uint256 from = _random(seats.length);
        for (uint256 i = 0; i < seats.length; ++i) {
            uint256 lane = (from + i) % seats.length;
            Seat storage own = seats[lane];
            if (!_isUnsettled(own)) continue;
            (bool isOpen, bool isLive, uint256 id) = _fate(own);
            if (isOpen) continue;
            uint256 deposit = own.deposit;
            if (isLive) _forfeit(lane, blocks[id]);
            own.first = 0;
            Draft memory d = blocks[id].draft;
            uint256 forfeited = rollup.settle(_opening(d), keccak256(d.transcript));
            vm.assertEq(forfeited, deposit - own.deposit, "forfeited");
            _did(isLive ? bytes32("forfeit") : bytes32("settle"));
            return true;
        }
        return false;
    }

    function _moveDeposit() private {
        uint256 lane = _random(2 * HONEST);
        address proposer = _proposer(lane / 2);
        Seat storage own = seats[lane];
        if (_isInUse(own) || own.deposit < 100) {
            uint256 more = 100 + _random(1_000);
            token.transfer(proposer, more * BID_UNIT);
            vm.prank(proposer);
            rollup.deposit(lane & 1, more);
            own.deposit += more;
            _did("deposit");
            return;
        }
        // Down to where bids and deposits are of one size.
        uint256 less = own.deposit - _random(own.deposit < 1_000 ? own.deposit + 1 : 1_000);
        uint256 before = token.balanceOf(proposer);
        vm.prank(proposer);
        rollup.withdraw(lane & 1, less);
        own.deposit -= less;
        vm.assertEq(token.balanceOf(proposer) - before, less * BID_UNIT, "1: withdrawn");
        _did("withdraw");
    }

    function _claimProposer() private {
        address proposer = _proposer(_random(HONEST));
        if (rewardsOf[proposer] == 0) return;
        address to = address(uint160(0xF00D0000 + blocks.length));
        uint256 before = token.balanceOf(to);
        vm.prank(proposer);
        rollup.claimProposer(to);
        vm.assertEq(token.balanceOf(to) - before, rewardsOf[proposer], "3: claimed");
        rewards -= rewardsOf[proposer];
        rewardsOf[proposer] = 0;
        _did("claim proposer");
    }

    /* THE BRIDGE */

    function _postOperation() private {
        address user = address(uint160(0xD0000 + _random(3)));
        asset.transfer(user, 6 ether);
        vm.prank(user);
        asset.approve(address(bridge), type(uint256).max);
        uint256 kind = _random(3);
        uint16 account = uint16(1 + _random(9));
        if (kind == 0) _deposit(user, account, FIVE);
        else if (kind == 1) _forceTransfer(user, account, 10, FIVE);
        else _forceExit(user, account, FIVE);
        uint256 deposited = kind == 0 ? 5 ether : 0;
        posted.push(Posted(_now(), deposited, user));
        queued += deposited + OPERATION_FEE;
        _did(kind == 0 ? bytes32("deposit asset") : bytes32("force"));
    }

    function _claimFees() private returns (bool) {
        address proposer = _proposer(_random(HONEST));
        if (feesOf[proposer] == 0) {
            _mustFail(address(bridge), abi.encodeCall(bridge.claimFees, (proposer)), proposer, "no fees");
            return false;
        }
        _payFees(proposer);
        _did("claim fees");
        return true;
    }

    function _payFees(address proposer) private {
        address to = address(uint160(0xF00D0000 + blocks.length));
        uint256 before = asset.balanceOf(to);
        vm.prank(proposer);
        bridge.claimFees(to);
        vm.assertEq(asset.balanceOf(to) - before, feesOf[proposer], "3: fees");
        fees -= feesOf[proposer];
        feesOf[proposer] = 0;
    }

    function _claimExit() private {
        if (blocks.length == 1) return;
        uint256 id = last != 0 && _random(2) == 0 ? last : 1 + _random(blocks.length - 1);
        if (!_hasExit(id)) {
            // None, or claimed, or of a block that is not final.
            (ExitClaim[] memory list, bytes memory proof) = _exitClaim(id);
            bytes memory call_ = abi.encodeCall(bridge.claimExits, (list, 0, proof));
            _mustFail(address(bridge), call_, address(this), "foreign exit");
            return;
        }
        _payExit(id);
        _did("claim exit");
    }

    function _hasExit(uint256 id) private view returns (bool) {
        Block storage b = blocks[id];
        return winnerOf[b.roundNumber] == id && b.exit >> 5 != 0 && !b.isExitClaimed;
    }

    function _payExit(uint256 id) private {
        (ExitClaim[] memory list, bytes memory proof) = _exitClaim(id);
        address owner = _exitOwner(id);
        uint256 amount = Operations.valueOf(blocks[id].exit);
        uint256 before = asset.balanceOf(owner);
        bridge.claimExits(list, 0, proof);
        vm.assertEq(asset.balanceOf(owner) - before, amount, "1: exit");
        blocks[id].isExitClaimed = true;
        exits -= amount;
    }

    function _exitOwner(uint256 id) private pure returns (address) {
        return address(uint160(0xE0000 + id));
    }

    /// @dev The one exit of a block, in a place that its number gives.
    function _exitClaim(uint256 id) private view returns (ExitClaim[] memory list, bytes memory proof) {
        Block storage b = blocks[id];
        uint256 leaf = b.exit >> 5 == 0 ? 0 : (uint256(b.exit) << 160) | uint160(_exitOwner(id));
        list = new ExitClaim[](1);
        list[0] = ExitClaim(b.draft.id, id % 7, leaf);
        uint256[] memory values = new uint256[](12);
        (values[0], values[1], values[2]) = (_withdrawalsRoot(b.draft), id % 7, leaf);
        proof = abi.encode(0, values);
    }

    /* PROVERS */

    function _tryProve() private returns (bool) {
        uint256 id = _anyOf(false);
        if (id == 0) return false;
        uint256 can = _eligibleMask(blocks[id]);
        uint256 kind = _random(4);
        uint256 will = can & _willing(id);
        if (kind == 0) return _handIn(id, can) || _proveBlock(id, can, will);
        if (kind == 1) return _proveBlock(id, can, will);
        if (kind == 2) return _proveBlock(id, can, will & _random(128));
        if (blocks[id].isProven && _random(4) != 0) return false;
        // A griefer's poor forest, or one that raises only one slot.
        return _proveBlock(id, can & _random(128), will & _random(128));
    }

    /// @dev Who is out is out for a round, whosever block it is: in every other one some provers deliver nothing.
    /// @return slots mask of those whose provers are not
    function _willing(uint256 id) private view returns (uint256 slots) {
        Block storage b = blocks[id];
        uint256 dice = uint256(keccak256(abi.encode(b.roundNumber)));
        if (dice >> 255 == 0) return 127;
        for (uint256 slot = 0; slot < SLOTS; ++slot) {
            uint256 index = _indexAt(b.draft.transcript, slot);
            slots |= ((dice >> (index % 64)) & 1) << slot;
        }
    }

    /// @param wantsReveal whether a block that can be revealed is wanted, or one that can be proven
    function _anyOf(bool wantsReveal) private returns (uint256 id) {
        uint256[] storage all = committed[roundNumber];
        if (all.length == 0) return 0;
        uint256 first = _random(all.length);
        for (uint256 i = 0; i < all.length; ++i) {
            id = all[(first + i) % all.length];
            if (wantsReveal ? _canReveal(blocks[id]) : _canProve(blocks[id])) return id;
        }
        return 0;
    }

    /// @return isMore whether it was an improvement; if not, it was refused
    function _proveBlock(uint256 id, uint256 voted, uint256 delivered) private returns (bool isMore) {
        bool isFirst = !blocks[id].isProven;
        Submission memory s = _forest(id, voted, delivered);
        isMore = _improve(id, voted, delivered);
        if (!isMore) {
            _mustFail(address(rollup), abi.encodeCall(rollup.submitProof, (s)), address(this), "no improvement");
            return true;
        }
        (, uint256 place) = rollup.submitProof(s);
        uint256[] memory best = _best();
        vm.assertTrue(place == MAX_RANKED || best[place] == id, "2: place");
        _did(isFirst ? bytes32("candidate") : bytes32("improvement"));
        return true;
    }

    /// @dev What anybody may bring of a block: some of its nodes, by the provers of their slots or by nobody, and
    /// merges with any votes that there are.
    function _handIn(uint256 id, uint256 can) private returns (bool) {
        if (_random(3) == 0) return _handInRoot(id, can);
        uint256 nodes = (1 + _random(63)) << 1;
        uint256 named = nodes & can & _willing(id) & _random(128);
        uint256 votes = _childrenOf(nodes) & can & _random(128);
        uint256[] memory contents = _contents(blocks[id].draft.id);
        bool isProven = blocks[id].isProven;
        bool isMore;
        if (isProven) isMore = _improve(id, votes, named);
        else isMore = _keep(blocks[id], votes, named, contents);
        bytes memory call_ = _handInCall(id, nodes, named, votes, contents);
        if (!isMore) {
            _mustFail(address(court), call_, address(this), "nothing new");
            return true;
        }
        _mustSucceed(address(court), call_);
        _did(isProven ? bytes32("hand-in") : bytes32("early hand-in"));
        return true;
    }

    /// @dev Of its children's contents none is made up.
    function _handInRoot(uint256 id, uint256 can) private returns (bool) {
        Block storage b = blocks[id];
        uint256 votes = 7 & can & _random(8);
        bool isNamed = can & _willing(id) & 1 == 1 && _random(2) == 0;
        bool isProven = b.isProven;
        bool isMore = isProven ? _improve(id, votes, isNamed ? 1 : 0) : _keepRight(b, votes, isNamed ? 1 : 0);
        bytes memory call_ = _rootCall(id, votes, isNamed);
        if (!isMore) {
            _mustFail(address(court), call_, address(this), "nothing new");
            return true;
        }
        _mustSucceed(address(court), call_);
        _did(isProven ? bytes32("root") : bytes32("early root"));
        return true;
    }

    /// @dev Of a block that nothing is proven of. One in four has a content that the forest will turn out not to
    /// have: neither that node nor its parent counts. Votes do.
    function _keep(
        Block storage b,
        uint256 votes,
        uint256 named,
        uint256[] memory contents
    ) private returns (bool isMore) {
        uint256 madeUp = _random(4) == 0 ? 1 + _random(SLOTS - 1) : 0;
        uint256 wrong;
        if (madeUp != 0) {
            contents[madeUp - 1] = 1 + _random(2);
            wrong = named & ((1 << madeUp) | (1 << ((madeUp - 1) / 2)));
        }
        isMore = _keepRight(b, votes, named & ~wrong);
        b.handedIn |= wrong;
        for (uint256 slot = 1; slot < SLOTS; ++slot) {
            if ((wrong >> slot) & 1 == 0) continue;
            bytes32 what = keccak256(abi.encode(b.draft.id, slot, madeUp, contents[madeUp - 1]));
            if (!_kept[what]) _kept[what] = isMore = true;
        }
    }

    function _keepRight(Block storage b, uint256 votes, uint256 named) private returns (bool isMore) {
        isMore = (named & ~b.handedInRight) | (votes & ~b.voted) != 0;
        b.handedIn |= named;
        b.handedInRight |= named;
        b.voted |= votes;
    }

    /// @return mask the children of some merges: those of slot 1 are 3 and 4, those of slot 2 are 5 and 6
    function _childrenOf(uint256 nodes) private pure returns (uint256 mask) {
        return (((nodes >> 1) & 1) * 0x18) | (((nodes >> 2) & 1) * 0x60);
    }

    /// @param nodes one bit a slot, and so are the others
    /// @param named of those, made by the provers of their slots
    /// @param votes that the merges among them show
    function _handInCall(
        uint256 id,
        uint256 nodes,
        uint256 named,
        uint256 votes,
        uint256[] memory contents
    ) private view returns (bytes memory) {
        Draft memory d = blocks[id].draft;
        (NodeProof[] memory list, bytes memory proofs) = _nodeProofs(blocks[id], nodes, named, votes, contents);
        return abi.encodeCall(court.handIn, (_opening(d), d.transcript, _oneGroup(contents), list, proofs));
    }

    /// @return list   in slot order
    /// @return proofs the only ones of these nodes that the stub takes
    function _nodeProofs(
        Block storage b,
        uint256 nodes,
        uint256 named,
        uint256 votes,
        uint256[] memory contents
    ) private view returns (NodeProof[] memory list, bytes memory proofs) {
        list = new NodeProof[](SLOTS);
        uint256 found;
        for (uint256 slot = 1; slot < SLOTS; ++slot) {
            if ((nodes >> slot) & 1 == 0) continue;
            NodeProof memory node = list[found++];
            (node.slot, node.isAnonymous) = (slot, (named >> slot) & 1 == 0);
            if (slot < 3) node.mask = (votes >> (2 * slot + 1)) & 3;
            if (b.seed != 0 && !node.isAnonymous) node.beta = _beta(_indexAt(b.draft.transcript, slot), b.seed);
            proofs = bytes.concat(proofs, verifier.nodeProof(_context(b), _statement(b, node, contents)));
        }
        assembly ("memory-safe") {
            mstore(list, found)
        }
    }

    function _context(Block storage b) private view returns (NodeContext memory) {
        return
            NodeContext({
                domain: rollup.domain(),
                proposalId: b.draft.id,
                z: Proposals.dataPoint(b.draft.order),
                roundSeed: b.seed,
                burnBid: b.bid,
                l1OpCount: b.l1OpCount
            });
    }

    function _statement(
        Block storage b,
        NodeProof memory node,
        uint256[] memory contents
    ) private view returns (NodeStatement memory s) {
        (uint256[] memory keys, uint256[] memory held) = _keysOf(b);
        (s.slot, s.beta, s.mask) = (node.slot, node.beta, node.mask);
        s.content = contents[node.slot - 1];
        if (!node.isAnonymous) s.workerKey = keys[node.slot];
        uint256 children = node.slot < 3 ? 2 : 0;
        s.childContents = new uint256[](children);
        s.childKeys = new uint256[](children);
        s.childAssigned = new uint256[](children);
        for (uint256 i = 0; i < children; ++i) {
            uint256 child = 2 * node.slot + 1 + i;
            s.childContents[i] = contents[child - 1];
            (s.childKeys[i], s.childAssigned[i]) = (keys[child], held[child]);
        }
    }

    function _rootCall(uint256 id, uint256 votes, bool isNamed) private view returns (bytes memory) {
        Block storage b = blocks[id];
        Draft memory d = b.draft;
        RootProof memory root;
        (root.nextStateRoot, root.txsRoot, root.fees) = (d.nextStateRoot, d.txsRoot, d.fees);
        (root.l1OpCount, root.txCount, root.withdrawalsRoot) = (b.l1OpCount, d.txCount, _withdrawalsRoot(d));
        (root.dataEval, root.isAnonymous) = (_dataEval(d), !isNamed);
        root.mask = (votes >> 1) | ((votes & 1) << 2);
        if (b.seed != 0 && isNamed) root.beta = _beta(_indexAt(d.transcript, 0), b.seed);
        uint256[] memory contents = _contents(d.id);
        ContentGroups memory groups = _oneGroup(contents);
        bytes memory proof = _rootProof(b, root);
        return abi.encodeCall(court.handInRoot, (_opening(d), d.transcript, groups, root, proof));
    }

    /// @dev What lists about the range of the root have: itself and its two children.
    struct RootLists {
        uint256[] keys;
        bytes assigned;
        uint256[] contents;
        uint256[] flags;
        uint256[] betas;
    }

    /// @return The only proof of this root that the stub takes.
    function _rootProof(Block storage b, RootProof memory root) private view returns (bytes memory) {
        (uint256[] memory keys, uint256[] memory held) = _keysOf(b);
        RootLists memory lists;
        (lists.keys, lists.contents, lists.flags) = (new uint256[](3), new uint256[](2), new uint256[](1));
        for (uint256 slot = 0; slot < 3; ++slot) {
            lists.keys[slot] = keys[slot];
            lists.assigned = abi.encodePacked(lists.assigned, uint16(held[slot]));
            if (slot != 0) lists.contents[slot - 1] = _contents(b.draft.id)[slot - 1];
        }
        lists.flags[0] = ((root.mask & 3) << 1) | (root.mask >> 2) | (root.isAnonymous ? 0 : 1 << 64);
        if (b.seed != 0) {
            lists.betas = new uint256[](1);
            lists.betas[0] = root.beta;
        }
        bytes32 claimed = keccak256(
            abi.encode(
                _blockStatement(b),
                uint256(0),
                uint256(1),
                lists.keys,
                lists.assigned,
                lists.flags,
                root.rootCommitment,
                lists.contents,
                lists.betas
            )
        );
        return abi.encode(claimed);
    }

    /// @return keys of provers that count, by slot
    /// @return held how many slots that prover has
    function _keysOf(Block storage b) private view returns (uint256[] memory keys, uint256[] memory held) {
        bytes memory transcript = b.draft.transcript;
        uint256 can = _eligibleMask(b);
        (keys, held) = (new uint256[](SLOTS), new uint256[](SLOTS));
        for (uint256 slot = 0; slot < SLOTS; ++slot) {
            if ((can >> slot) & 1 == 0) continue;
            uint256 index = _indexAt(transcript, slot);
            keys[slot] = _key(index);
            for (uint256 i = 0; i < SLOTS; ++i) {
                if ((can >> i) & 1 == 1 && _indexAt(transcript, i) == index) ++held[slot];
            }
        }
    }

    /// @dev The only forest of these votes and deliveries that the stub takes.
    function _forest(uint256 id, uint256 voted, uint256 delivered) private view returns (Submission memory s) {
        Block storage b = blocks[id];
        Draft memory d = b.draft;
        (uint256[] memory keys, uint256[] memory held) = _keysOf(b);
        bytes memory assigned;
        s.flags = new uint256[](1);
        s.flags[0] = (delivered << 64) | voted;
        s.betas = new uint256[](b.seed == 0 ? 0 : SLOTS);
        for (uint256 slot = 0; slot < SLOTS; ++slot) {
            bool hasBeta = b.seed != 0 && (delivered >> slot) & 1 == 1;
            if (hasBeta) s.betas[slot] = _beta(_indexAt(d.transcript, slot), b.seed);
            assigned = abi.encodePacked(assigned, uint16(held[slot]));
        }
        s.opening = _opening(d);
        s.transcript = d.transcript;
        s.nextStateRoot = d.nextStateRoot;
        s.txsRoot = d.txsRoot;
        s.fees = d.fees;
        s.l1OpCount = b.l1OpCount;
        s.txCount = d.txCount;
        s.withdrawalsRoot = _withdrawalsRoot(d);
        s.dataEval = _dataEval(d);
        s.contents = _contents(d.id);
        s.proofs = new bytes(256 * SLOTS);
        s.rootCommitment = verifier.seal(_blockStatement(b), keys, assigned, s.flags, s.betas);
    }

    function _blockStatement(Block storage b) private view returns (Statement memory) {
        Draft memory d = b.draft;
        return
            Statement({
                domain: rollup.domain(),
                proposalId: d.id,
                z: Proposals.dataPoint(d.order),
                roundSeed: b.seed,
                burnBid: b.bid,
                prevStateRoot: _finalRoot(),
                nextStateRoot: d.nextStateRoot,
                txsRoot: d.txsRoot,
                fees: d.fees,
                l1OpCount: b.l1OpCount,
                txCount: d.txCount,
                withdrawalsRoot: _withdrawalsRoot(d),
                dataEval: _dataEval(d),
                proversRoot: 0
            });
    }

    /// @dev All contents of a forest, opened.
    function _oneGroup(uint256[] memory contents) private pure returns (ContentGroups memory self) {
        (self.sections, self.openedSections) = (new bytes32[](1), 1);
        (self.groups, self.openedGroups, self.contents) = (new bytes32[](1), 1, contents);
        self.groups[0] = keccak256(abi.encodePacked(contents));
        self.sections[0] = keccak256(abi.encodePacked(self.groups));
    }

    function _contents(uint256 proposalId) private pure returns (uint256[] memory contents) {
        contents = new uint256[](SLOTS - 1);
        for (uint256 i = 0; i < contents.length; ++i) {
            contents[i] = uint256(keccak256(abi.encode("content", proposalId, i))) % FIELD;
        }
    }

    function _claimProver() private returns (bool) {
        if (last == 0) return false;
        uint256 id = 1 + _random(blocks.length - 1);
        if (!blocks[id].isPaid) id = last;
        Block storage b = blocks[id];
        uint256 left = b.voted & b.delivered & ~b.claimed;
        if (b.unit == 0 || left == 0) return false;
        uint256 slot = 0;
        while ((left >> slot) & 1 == 0) {
            ++slot;
        }
        uint256 index = _indexAt(b.draft.transcript, slot);
        // All slots of that prover at once, or one.
        bool takesAll = _random(2) == 0;
        uint256 mask;
        for (uint256 i = slot; i < SLOTS; ++i) {
            bool isOwn = (left >> i) & 1 == 1 && _indexAt(b.draft.transcript, i) == index;
            if (isOwn && (takesAll || i == slot)) mask |= 1 << i;
        }
        uint256 amount = b.unit * _weight(mask);
        uint256 before = token.balanceOf(_owner(index));
        rollup.claimProver(index, _claimSlots(b.draft, mask));
        vm.assertEq(token.balanceOf(_owner(index)) - before, amount, "3: claimed");
        b.claimed |= mask;
        unclaimed -= amount;
        _checkBlock(id);
        _did("claim prover");
        return true;
    }

    /// @dev Any slot that a prover fulfilled claims its share, and no slot claims it again.
    function _claimShare() private returns (bool) {
        if (last == 0) return false;
        uint256 id = 1 + _random(blocks.length - 1);
        if (!blocks[id].isPaid) id = last;
        Block storage b = blocks[id];
        uint256 slot = _random(SLOTS);
        if (b.unit == 0 || ((b.voted & b.delivered) >> slot) & 1 == 0) return false;
        uint256 index = _indexAt(b.draft.transcript, slot);
        Claim[] memory claims = _claimSlots(b.draft, 1 << slot);
        if ((b.claimed >> index) & 1 == 1) {
            _mustFail(
                address(rollup),
                abi.encodeCall(rollup.claimProver, (index, claims)),
                address(this),
                "second share"
            );
            return true;
        }
        uint256 before = token.balanceOf(_owner(index));
        rollup.claimProver(index, claims);
        vm.assertEq(token.balanceOf(_owner(index)) - before, b.unit, "3: claimed");
        b.claimed |= 1 << index;
        unclaimed -= b.unit;
        _did("claim share");
        return true;
    }

    function _claimSlots(Draft storage d, uint256 mask) private view returns (Claim[] memory claims) {
        claims = new Claim[](1);
        uint256[] memory slots = new uint256[](SLOTS);
        uint256 found;
        for (uint256 slot = 0; slot < SLOTS; ++slot) {
            if ((mask >> slot) & 1 == 1) slots[found++] = slot;
        }
        assembly ("memory-safe") {
            mstore(slots, found)
        }
        claims[0] = Claim(d.id, d.transcript, slots);
    }

    function _moveStake() private {
        uint256 index = 1 + _random(MAX_PROVERS);
        if (index > proverCount) {
            index = ++proverCount;
            _register(index);
            _setProver(index, STAKE, true, _now());
            stakes += STAKE;
            _did("register");
            return;
        }
        uint256 own = _proverAt(index, _now()).stake;
        uint256 withdrawableAt = registry.proverOf(index).withdrawableAt;
        if (withdrawableAt != 0) {
            if (_now() < withdrawableAt || own == 0) return;
            vm.prank(_owner(index));
            registry.withdraw(index);
            _setProver(index, 0, false, _now());
            stakes -= own;
            _did("withdraw stake");
            return;
        }
        if (_random(16) == 0 && index > 4) {
            vm.prank(_owner(index));
            registry.requestExit(index);
            _setProver(index, own, false, _now());
            _did("exit");
        } else {
            uint256 amount = (_random(4) * ELIGIBLE_STAKE) / 4;
            if (amount == 0) return;
            _addStake(index, amount);
            _setProver(index, own + amount, own + amount >= ELIGIBLE_STAKE, _now());
            stakes += amount;
            _did("add stake");
        }
    }

    /* COURT */

    /// @dev 4: a prover pays for what it voted for and did not deliver in a block that matters, and for nothing else.
    function _trySlash() private returns (bool) {
        (uint256 id, uint256 index) = _anySuspect();
        if (id == 0) return false;
        Block storage b = blocks[id];
        Draft memory d = b.draft;
        if (!_canSlash(b, index)) {
            bytes memory call_ = abi.encodeCall(court.slash, (d.id, index, d.transcript));
            _mustFail(address(court), call_, address(this), "foreign slash");
            return true;
        }
        _slashFor(b, index);
        // And half of the time for everything else that was not kept in the round.
        uint256[] storage all = committed[b.roundNumber];
        for (uint256 i = _random(2) * all.length; i < all.length; ++i) {
            for (uint256 other = 1; other <= MAX_PROVERS; ++other) {
                if (_canSlash(blocks[all[i]], other)) _slashFor(blocks[all[i]], other);
            }
        }
        return true;
    }

    function _slashFor(Block storage b, uint256 index) private {
        uint256 burnt = court.slash(b.draft.id, index, b.draft.transcript);
        vm.assertEq(burnt, _slash(b, index), "4: slashed");
        burntIn[b.roundNumber][index] += burnt;
        vm.assertTrue(burntIn[b.roundNumber][index] <= _atStake(b, index), "12: more than a candidate can cost");
        _did("slash");
        if (burnt == 0) _did("smaller slash");
    }

    function _tryRedeem() private returns (bool) {
        if (last == 0 || _random(2) == 0) return false;
        uint256 index = 1 + _random(MAX_PROVERS);
        uint256 id = last;
        for (uint256 i = blocks.length; i != 1 && i + 32 > blocks.length; --i) {
            if (_canRedeem(blocks[i - 1], index)) id = i - 1;
        }
        Block storage b = blocks[id];
        bytes memory call_ = abi.encodeCall(court.redeem, (index, b.draft.id, b.draft.transcript));
        if (!_canRedeem(b, index)) {
            _mustFail(address(court), call_, address(this), "foreign redemption");
            return true;
        }
        court.redeem(index, b.draft.id, b.draft.transcript);
        --records[index].misses;
        b.redeemed |= 1 << index;
        (uint256 misses, ) = court.recordOf(index);
        vm.assertEq(misses, records[index].misses, "misses");
        _did("redeem");
        return true;
    }

    /// @return id    a block, mostly one that somebody has let down; 0: none
    /// @return index mostly somebody who has
    function _anySuspect() private returns (uint256 id, uint256 index) {
        index = 1 + _random(MAX_PROVERS);
        for (uint256 i = blocks.length; i != 1 && i + 16 > blocks.length; --i) {
            if (id == 0 && _random(16) == 0) id = i - 1;
            uint256 first = _random(MAX_PROVERS);
            for (uint256 j = 0; j < MAX_PROVERS; ++j) {
                uint256 suspect = 1 + ((first + j) % MAX_PROVERS);
                if (_canSlash(blocks[i - 1], suspect) && _random(2) == 0) return (i - 1, suspect);
            }
        }
    }

    /* GRIEFERS */

    function _grief() private {
        if (blocks.length == 1) return;
        uint256 id = 1 + _random(blocks.length - 1);
        // Half of the time one of the last.
        if (_random(2) == 0) id = blocks.length - 1 - _random(blocks.length < 4 ? 1 : 3);
        // Or one whose parent lost, or of a dead attempt whose commits to the next height look like those of this
        // round.
        uint256[] storage dead = committed[roundNumber < 2 || _random(2) == 0 ? roundNumber : roundNumber - 2];
        if (dead.length != 0 && _random(4) == 0) id = dead[_random(dead.length)];
        Block storage b = blocks[id];
        Draft memory d = b.draft;
        Opening memory o = _opening(d);
        bytes32 transcriptHash = keccak256(d.transcript);
        uint256 kind = _random(10);
        // A block of the round that opens with the next action.
        bool isNext = _isDue() && b.roundNumber > roundNumber;
        if (kind == 0 && !isNext && !_canProve(b)) {
            _mustFail(
                address(rollup),
                abi.encodeCall(rollup.submitProof, (_forest(id, 0, 0))),
                address(this),
                "replayed forest"
            );
        } else if (kind == 1 && !isNext && !_canReveal(b)) {
            _griefReveal(b);
        } else if (kind == 2 && _anyOf(false) != 0) {
            Submission memory s = _falseForest(_anyOf(false));
            _mustFail(address(rollup), abi.encodeCall(rollup.submitProof, (s)), address(this), "false forest");
        } else if (kind == 3) {
            _griefClaims(b);
        } else if (kind == 4) {
            _griefCommit(b);
        } else if (kind == 5) {
            uint256 lane = _random(2 * HONEST);
            uint256 amount = _isInUse(seats[lane]) ? 1 : seats[lane].deposit + 1;
            _mustFail(
                address(rollup),
                abi.encodeCall(rollup.withdraw, (lane & 1, amount)),
                _proposer(lane / 2),
                "deposit in use"
            );
        } else if (kind == 6 && !_isDue() && !_canSettle(id)) {
            _mustFail(
                address(rollup),
                abi.encodeCall(rollup.settle, (o, transcriptHash)),
                address(this),
                "early settlement"
            );
        } else if (kind == 7 && !_isDue()) {
            _mustFail(address(rollup), abi.encodeCall(rollup.advance, ()), address(this), "early advance");
        } else if (kind == 8) {
            HandIn memory shown;
            bytes memory call_ = abi.encodeCall(rollup.recordHandIn, (o, d.transcript, shown));
            _mustFail(
                address(rollup),
                call_,
                _canProve(b) || isNext ? address(this) : address(court),
                "foreign hand-in"
            );
        } else if (kind == 9) {
            _griefHandIn(_anyOf(false));
        }
    }

    /// @dev Nodes that nobody proved, or by or about provers that do not count.
    function _griefHandIn(uint256 id) private {
        if (id == 0) return;
        uint256 can = _eligibleMask(blocks[id]);
        uint256 kind = _random(4);
        uint256 foreign = 0x7e & ~can;
        if (kind < 2 && foreign == 0) kind += 2;
        uint256[] memory contents = _contents(blocks[id].draft.id);
        bytes memory call_;
        if (kind == 0) {
            // By a prover that does not count.
            call_ = _handInCall(id, 0x7e, foreign, 0, contents);
        } else if (kind == 1 && 0x78 & foreign != 0) {
            // A vote of one.
            call_ = _handInCall(id, 0x7e, can & 0x7e, 0x78 & foreign, contents);
        } else {
            // All of it, and one bit of the last proof, or its end.
            call_ = _handInCall(id, 0x7e, can & 0x7e, can & 0x78, contents);
            uint256 place = call_.length - (kind == 2 ? 256 : 1);
            call_[place] ^= 0x01;
        }
        _mustFail(address(court), call_, address(this), "false hand-in");
    }

    /// @dev A forest of the right block with something that nobody proved.
    function _falseForest(uint256 id) private returns (Submission memory s) {
        bytes memory transcript = blocks[id].draft.transcript;
        uint256 can = _eligibleMask(blocks[id]);
        uint256 kind = _random(4);
        if (kind == 0 && can != 127) {
            // A slot whose prover does not count.
            uint256 foreign = 127 & ~can;
            return _forest(id, foreign, foreign);
        }
        s = _forest(id, can, can);
        if (kind == 1) ++s.nextStateRoot;
        else if (kind == 2) s.fees += 1 ether;
        else s.transcript = abi.encodePacked(uint16(1 + _indexAt(transcript, 0)), _tail(transcript));
        if (kind == 0) s.rootCommitment ^= 1;
    }

    function _tail(bytes memory transcript) private pure returns (bytes memory tail) {
        tail = new bytes(transcript.length - 2);
        for (uint256 i = 0; i < tail.length; ++i) {
            tail[i] = transcript[i + 2];
        }
    }

    function _griefReveal(Block storage b) private {
        Draft memory d = b.draft;
        uint256 blobs = b.isFalse ? 0 : _random(4);
        bytes memory call_ = abi.encodeCall(
            rollup.reveal,
            (_opening(d), keccak256(d.transcript), _order(d), d.operations, _blobs(d, blobs))
        );
        bytes32 what = b.isFalse ? bytes32("false operations") : bytes32("late reveal");
        _mustFail(address(rollup), call_, address(this), what);
    }

    function _griefClaims(Block storage b) private {
        if (_random(2) == 0) b = blocks[last];
        if (!b.isProven) return;
        uint256 slot = _random(SLOTS);
        uint256 index = _indexAt(b.draft.transcript, slot);
        if (index == 0 || index > proverCount) return;
        bool isFulfilled = ((b.voted & b.delivered) >> slot) & 1 == 1;
        bool isDue = b.unit != 0 && isFulfilled && (b.claimed >> (options.isFair ? index : slot)) & 1 == 0;
        Claim[] memory claims = _claimSlots(b.draft, 1 << slot);
        if (isDue) {
            // Twice in one call.
            Claim memory claim = claims[0];
            claims = new Claim[](2);
            (claims[0], claims[1]) = (claim, claim);
        }
        _mustFail(address(rollup), abi.encodeCall(rollup.claimProver, (index, claims)), address(this), "claim");
    }

    function _griefCommit(Block storage b) private {
        Draft memory d = b.draft;
        uint256 kind = _random(4);
        if (kind == 3) {
            _griefBranch();
            return;
        }
        if (kind == 0) {
            // Of a stranger's seat.
            bytes memory call_ = abi.encodeCall(
                rollup.commitFor,
                (d.proposer, d.terms, d.order, d.transcript, b.roundNumber)
            );
            _mustFail(address(rollup), call_, d.proposer, "not the relay");
            return;
        }
        if (_isDue()) return;
        (uint256 height_, uint256 attempt_, uint256 roundNumber_, bool isAhead) = _target();
        if (kind == 1) ++height_;
        // A second commit in the same round, or a bid that is not covered.
        Seat storage own = seats[_laneOf(b.who, height_)];
        bool isTaken = own.first != 0 && (blocks[own.first].roundNumber == roundNumber_ || !own.isSettled);
        uint256 bid = isTaken ? MIN_BID : own.deposit + 1;
        if (bid < MIN_BID) bid = MIN_BID;
        d.terms = TermsLibrary.pack(RoundIdLibrary.pack(height_, attempt_), 0, bid, isAhead ? 1 : 0);
        _mustFail(
            address(rollup),
            abi.encodeCall(rollup.commit, (d.terms, d.order, d.transcript)),
            d.proposer,
            "commit"
        );
    }

    /// @dev A further commit that the deposit does not cover, or on a parent that has one.
    function _griefBranch() private {
        (uint256 height_, uint256 attempt_, uint256 roundNumber_, bool isAhead) = _target();
        uint256[] storage all = committed[roundNumber_];
        if (_isDue() || !isAhead || all.length == 0) return;
        Block storage b = blocks[all[_random(all.length)]];
        Seat storage own = seats[_laneOf(b.who, height_)];
        Draft memory d = b.draft;
        Draft memory first = blocks[own.first].draft;
        bool isTaken = own.deposit >= MIN_BID && _random(2) == 0;
        uint256 bid = isTaken ? MIN_BID : own.deposit + 1;
        d.terms = TermsLibrary.pack(RoundIdLibrary.pack(height_, attempt_), 0, bid, isTaken ? b.parentRef : 1_000);
        bytes memory call_ = abi.encodeCall(
            rollup.commitBranch,
            (d.terms, d.order, d.transcript, _opening(first), keccak256(first.transcript))
        );
        _mustFail(address(rollup), call_, d.proposer, "branch");
    }

    function _canSettle(uint256 id) private view returns (bool) {
        Seat storage own = seats[_laneOf(blocks[id])];
        if (!_isUnsettled(own)) return false;
        (bool isOpen, , uint256 due) = _fate(own);
        return !isOpen && due == id;
    }

    function _mustSucceed(address target, bytes memory call_) private {
        // The calls are made up before, as those that must fail are.
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, bytes memory answer) = target.call(call_);
        if (success) return;
        assembly ("memory-safe") {
            revert(add(answer, 32), mload(answer))
        }
    }

    function _mustFail(address target, bytes memory call_, address sender, bytes32 what) private {
        vm.prank(sender);
        // Any of several contracts is called here, and must refuse.
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, ) = target.call(call_);
        vm.assertFalse(success, string(abi.encodePacked("allowed: ", what)));
        _did(what);
    }

    /* DICE */

    function _nextEdge() private view returns (uint256 next) {
        uint256[5] memory edges = [
            _proposalEnds(),
            _revealEnds(),
            _provingEnds(),
            _acceptanceEnds(),
            blocks[last].ends + SLASH_WINDOW
        ];
        next = _now() + ACCEPTANCE_WINDOW;
        for (uint256 i = 0; i < edges.length; ++i) {
            if (edges[i] > _now() && edges[i] < next) next = edges[i];
        }
    }

    function _roll(uint256 dice) private {
        _entropy = uint256(keccak256(abi.encode(dice, _now(), blocks.length)));
    }

    function _random(uint256 below) private returns (uint256) {
        _entropy = uint256(keccak256(abi.encode(_entropy)));
        return _entropy % below;
    }

    function _did(bytes32 what) private {
        ++count[what];
    }
}
