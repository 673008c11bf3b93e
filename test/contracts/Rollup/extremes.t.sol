// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CourtConfig, IProverCourt} from "../../../contracts/interfaces/IProverCourt.sol";
import {Claim, Config, IRollup} from "../../../contracts/interfaces/IRollup.sol";
import {BurnRule} from "../../../contracts/libraries/Burns.sol";
import {BID_UNIT, BPS} from "../../../contracts/libraries/Constants.sol";
import {LaneLibrary} from "../../../contracts/types/Lane.sol";
import {Payout} from "../../../contracts/types/Payout.sol";
import {CourtFixture} from "../ProverCourt/CourtFixture.sol";
import {skip, vm} from "../support/Vm.sol";

/// @dev Blocks of rollups with the least and the greatest parameters that a deployment takes, and then everybody
/// leaves: nobody is locked in, and nothing is left over, to the wei.
abstract contract Extremes is CourtFixture {
    address private constant BUILDER = address(0xB1D);

    Draft[] private _all;

    function test_EverybodyPlaysAndLeavesWithWhatIsTheirs() public {
        _rich(DAVE);
        vm.coinbase(BUILDER);
        for (uint256 round = 0; round < _rounds(); ++round) {
            _deposit(DAVE, uint16(round + 1), FIVE);
            _playTwoHeights();
        }
        _claimAll();
        _leaveAll();
    }

    /* ROUNDS */

    /// @dev A winner, a rival that some have voted for and few have worked for, one that is never proven, and one that
    /// nobody has voted for. Then the height after it, to which all of them have committed ahead.
    function _playTwoHeights() private {
        uint256 first = _all.length;
        uint256 bid = rollup.minBid();
        Draft memory winner = _add(_propose(ALICE, _bid(4 * bid), _share(7_000), _everyone()));
        Draft memory rival = _add(_propose(BOB, _bid(3 * bid), _share(10_000), _everyone()));
        _add(_propose(CAROL, bid, _share(0), _everyone()));
        Draft memory lonely = _add(_propose(DAVE, bid, _share(1), _everyone()));
        _toReveal();
        _reveal(winner);
        _reveal(rival);
        _reveal(lonely);
        _submit(winner, ALL, ALL & ~uint256(1));
        _submit(rival, 0x7c, 0x70);
        _submit(lonely, 0, 0);
        vm.warp(_round().provingEnds);
        Draft memory next = _add(_commit(_ahead(BOB, 2 * bid, winner)));
        Draft memory dead = _add(_commit(_ahead(ALICE, 2 * bid, rival)));
        Draft memory branch = _add(_branch(_ahead(ALICE, 3 * bid, winner), dead));
        _toEnd();
        rollup.advance();
        vm.assertEq(rollup.finalProposal(), winner.id, "the winner");
        _slashAll(winner, rival, lonely);
        _playAhead(next, branch);
        skip(SLASH_WINDOW);
        for (uint256 i = first; i < _all.length; ++i) {
            _trySettle(_all[i]);
        }
    }

    function _playAhead(Draft memory a, Draft memory b) private {
        _reveal(a);
        _reveal(b);
        _submitFull(a);
        _submitFull(b);
        _toEnd();
        rollup.advance();
        uint256 won = rollup.finalProposal();
        vm.assertTrue(won == a.id || won == b.id, "one of them");
    }

    /// @dev For the next height, on one of the blocks of this one.
    function _ahead(address proposer, uint256 bid, Draft memory parent) private returns (Draft memory) {
        uint256 seat = rollup.seatOf(parent.proposer);
        return _draftOn(proposer, _bid(bid), _share(5_000), _everyone(), parent.id, seat);
    }

    /// @dev What stays unsettled would keep its proposer from leaving.
    function _trySettle(Draft memory d) private {
        try rollup.settle(_opening(d), keccak256(d.transcript)) {} catch (bytes memory reason) {
            bytes4 selector = bytes4(reason);
            bool isDone = selector == IRollup.NothingToSettle.selector || selector == IRollup.WrongOpening.selector;
            vm.assertTrue(isDone, "settled, or a branch that died");
        }
    }

    function _slashAll(Draft memory winner, Draft memory rival, Draft memory lonely) private {
        uint256 before = token.totalSupply();
        uint256 burnt = _slash(winner, 1);
        vm.assertTrue(burnt != 0, "the root was promised");
        for (uint256 index = 2; index <= 7; ++index) {
            burnt += _trySlash(rival, index);
            _expectNothingOwed(winner, index);
            _expectNothingOwed(lonely, index);
        }
        vm.assertEq(before - token.totalSupply(), burnt, "burnt");
    }

    function _trySlash(Draft memory d, uint256 index) private returns (uint256 burnt) {
        try court.slash(d.id, index, d.transcript) returns (uint256 amount) {
            vm.assertTrue(amount != 0 && (index == 3 || index == 4), "slots 2 and 3 were promised");
            return amount;
        } catch (bytes memory reason) {
            bytes4 selector = bytes4(reason);
            bool isFree = selector == IProverCourt.NothingOwed.selector || selector == IProverCourt.NotLiable.selector;
            vm.assertTrue(isFree, "a debt is charged");
        }
    }

    function _add(Draft memory d) private returns (Draft memory) {
        _all.push(d);
        return d;
    }

    /* THE END */

    function _claimAll() private {
        for (uint256 i = 0; i < _all.length; ++i) {
            Draft memory d = _all[i];
            Payout payout = rollup.candidateOf(d.id).payout;
            if (payout.proverUnit() == 0) continue;
            uint256 flags = rollup.flagsOf(d.id)[0];
            for (uint256 slot = 0; slot < 7; ++slot) {
                if (((flags & (flags >> 64)) >> slot) & 1 == 0) continue;
                Claim[] memory claims = _claimOf(d, slot);
                uint256 before = token.balanceOf(address(rollup));
                rollup.claimProver(_indexAt(d.transcript, slot), claims);
                vm.assertTrue(token.balanceOf(address(rollup)) < before, "claimed");
            }
        }
    }

    function _leaveAll() private {
        address[5] memory proposers = [ALICE, BOB, CAROL, DAVE, BUILDER];
        for (uint256 i = 0; i < proposers.length; ++i) {
            (uint128 rewards, ) = rollup.creditOf(proposers[i]);
            vm.startPrank(proposers[i]);
            if (rewards != 0) rollup.claimProposer(proposers[i]);
            for (uint256 lane = 0; i < 4 && lane < 2; ++lane) {
                rollup.withdraw(lane, rollup.laneOf(proposers[i], lane).deposit());
            }
            vm.stopPrank();
        }
        vm.assertEq(token.balanceOf(address(rollup)), 0, "nothing is left in the rollup");
        for (uint256 index = 1; index <= 7; ++index) {
            vm.prank(_owner(index));
            registry.requestExit(index);
        }
        skip(registry.exitDelay());
        for (uint256 index = 1; index <= 7; ++index) {
            if (_stakeOf(index) == 0) continue;
            vm.prank(_owner(index));
            registry.withdraw(index);
        }
        vm.assertEq(token.balanceOf(address(registry)), 0, "nothing is left in the registry");
    }

    /* WHAT A DEPLOYMENT SAYS */

    function _rounds() internal pure virtual returns (uint256) {
        return 3;
    }

    function _bid(uint256 bid) private pure returns (uint256) {
        return bid < LaneLibrary.MAX_DEPOSIT ? bid : LaneLibrary.MAX_DEPOSIT;
    }

    function _share(uint256 share) private view returns (uint256) {
        return rollup.fairShareBps() == 0 ? share : rollup.fairShareBps();
    }
}

contract LeastTest is Extremes {
    function _config() internal override returns (Config memory c) {
        c = super._config();
        (c.genesisSupply, c.proposalWindow, c.acceptanceWindow, c.minBid) = (0, 1, 4, 1);
        (c.forfeitBps, c.maxUncles, c.uncleMinScoreBps, c.uncleBurnBps, c.uncleRewardBps) = (0, 0, 0, 0, 0);
        (c.initialReward, c.halvingInterval) = (0, 1);
    }
}

contract SmallestWindowsTest is Extremes {
    function _config() internal override returns (Config memory c) {
        c = super._config();
        (c.proposalWindow, c.acceptanceWindow, c.minBid, c.halvingInterval) = (1, 4, 1, 1);
        (c.uncleMinScoreBps, c.maxUncles, c.uncleBurnBps) = (0, 15, 0);
    }
}

contract OddWindowsTest is Extremes {
    function _config() internal override returns (Config memory c) {
        c = super._config();
        (c.proposalWindow, c.acceptanceWindow, c.minBid, c.halvingInterval) = (240, 7, 1, type(uint256).max);
        (c.forfeitBps, c.uncleMinScoreBps, c.maxUncles, c.uncleBurnBps) = (BPS, 1, 1, BPS);
    }
}

contract GreatestTest is Extremes {
    function _courtConfig() internal pure override returns (CourtConfig memory) {
        return CourtConfig({slashWindow: 1, baseRateBps: BPS});
    }

    function _rounds() internal pure override returns (uint256) {
        return 1;
    }

    function _config() internal override returns (Config memory c) {
        c = super._config();
        c.minBid = LaneLibrary.MAX_DEPOSIT;
        (c.forfeitBps, c.maxUncles, c.uncleMinScoreBps, c.uncleBurnBps, c.uncleRewardBps) = (BPS, 15, 0, BPS, BPS);
        (c.initialReward, c.halvingInterval, c.advanceTip) = (ELIGIBLE_STAKE, type(uint256).max, type(uint256).max);
    }

    function setUp() public override {
        super.setUp();
        address[4] memory proposers = [ALICE, BOB, CAROL, DAVE];
        uint256 more = LaneLibrary.MAX_DEPOSIT - SEAT;
        for (uint256 i = 0; i < 4; ++i) {
            token.transfer(proposers[i], 2 * more * BID_UNIT);
            vm.startPrank(proposers[i]);
            rollup.deposit(0, more);
            rollup.deposit(1, more);
            vm.stopPrank();
        }
    }
}

contract WholeRewardByHeadTest is Extremes {
    function _config() internal override returns (Config memory c) {
        c = super._config();
        (c.fairShareBps, c.burnRule, c.initialReward, c.advanceTip) = (BPS, BurnRule.EveryCommit, 13, 1);
        (c.maxUncles, c.uncleMinScoreBps, c.uncleRewardBps) = (15, 0, BPS);
    }
}

contract LeastShareByHeadTest is Extremes {
    function _config() internal override returns (Config memory c) {
        c = super._config();
        (c.fairShareBps, c.burnRule, c.initialReward, c.advanceTip) = (1, BurnRule.EveryCommit, 12_345, 7);
        (c.maxUncles, c.uncleMinScoreBps, c.uncleRewardBps) = (1, BPS, 1);
    }
}
