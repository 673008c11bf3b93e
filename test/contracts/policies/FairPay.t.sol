// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPayoutPolicy} from "../../../contracts/interfaces/IPayoutPolicy.sol";
import {create} from "../support/create.sol";
import {vm} from "../support/Vm.sol";

contract FairPayTest {
    uint256 private constant ROUND_NUMBER = 7;
    address private constant OTHER = address(0xb0b);

    IPayoutPolicy private immutable pay = IPayoutPolicy(create("FairPay", ""));

    /* RECORD */

    function test_Record_CountsAProverOnceOverCandidatesAndResubmissions() public {
        pay.record(ROUND_NUMBER, _transcript(1, 2, 1, 300), _fulfilled(7));
        _assertProvers(2, "two provers in three slots");
        pay.record(ROUND_NUMBER, _transcript(1, 2, 1, 300), _fulfilled(15));
        _assertProvers(3, "one more in a resubmission");
        pay.record(ROUND_NUMBER, _transcript(2, 300, 65_535, 9), _fulfilled(7));
        _assertProvers(4, "one more in another candidate");
        vm.assertTrue(pay.isOwed(address(this), ROUND_NUMBER, 65_535), "the last index");
        vm.assertFalse(pay.isOwed(address(this), ROUND_NUMBER, 9), "not fulfilled");
    }

    function test_Record_ReadsEveryWord() public {
        bytes memory transcript = new bytes(2 * 66);
        transcript[2 * 65] = 0x01;
        transcript[2 * 65 + 1] = 0x02;
        uint256[] memory flags = new uint256[](2);
        flags[1] = (2 << 64) | 2;
        pay.record(ROUND_NUMBER, transcript, flags);
        _assertProvers(1, "slot 65");
        vm.assertTrue(pay.isOwed(address(this), ROUND_NUMBER, 0x0102), "its prover");
    }

    function test_Record_CountsTheFirstProverOfAWordAlone() public {
        pay.record(ROUND_NUMBER, _transcript(256, 0, 0, 0), _fulfilled(1));
        _assertProvers(1, "prover 256");
        pay.record(ROUND_NUMBER, _transcript(256, 257, 512, 0), _fulfilled(7));
        _assertProvers(3, "257 and 512 too");
    }

    function test_Record_CountsFulfilledSlotsOnly() public {
        uint256[] memory flags = new uint256[](1);
        // Slot 0 voted, slot 1 delivered, slot 2 paid, slot 3 handed in.
        flags[0] = 1 | (2 << 64) | (4 << 128) | (8 << 192);
        pay.record(ROUND_NUMBER, _transcript(1, 2, 3, 4), flags);
        _assertProvers(0, "nobody");
    }

    function test_Record_RevertsWhenFunded() public {
        pay.fund(ROUND_NUMBER, 100);
        vm.expectRevert(abi.encodeWithSelector(IPayoutPolicy.AlreadyFunded.selector, address(this), ROUND_NUMBER));
        pay.record(ROUND_NUMBER, _transcript(1, 2, 3, 4), _fulfilled(15));
    }

    function test_Record_BelongsToTheCaller() public {
        pay.record(ROUND_NUMBER, _transcript(1, 2, 3, 4), _fulfilled(15));
        vm.startPrank(OTHER);
        pay.record(ROUND_NUMBER, _transcript(5, 5, 5, 5), _fulfilled(15));
        vm.assertEq(pay.fund(ROUND_NUMBER, 1_000), 1_000, "the other's only prover");
        vm.stopPrank();
        (uint256 provers, uint256 share, bool isFunded) = pay.roundOf(address(this), ROUND_NUMBER);
        vm.assertEq(provers, 4, "provers");
        vm.assertEq(share, 0, "share");
        vm.assertFalse(isFunded, "funded");
        vm.assertFalse(pay.isOwed(address(this), ROUND_NUMBER, 5), "a stranger's prover");
        (provers, , ) = pay.roundOf(address(this), ROUND_NUMBER + 1);
        vm.assertEq(provers, 0, "another round");
    }

    /* FUND */

    function test_Fund_RoundsTheShareDown() public {
        pay.record(ROUND_NUMBER, _transcript(1, 2, 3, 0), _fulfilled(7));
        vm.expectEmit(address(pay));
        emit IPayoutPolicy.RoundFunded(address(this), ROUND_NUMBER, 3, 33);
        vm.assertEq(pay.fund(ROUND_NUMBER, 101), 99, "funded");
        vm.assertEq(pay.claim(ROUND_NUMBER, 2), 33, "share");
    }

    function test_Fund_ReturnsZeroWithoutProvers() public {
        vm.assertEq(pay.fund(ROUND_NUMBER, 1 ether), 0, "funded");
        (, uint256 share, bool isFunded) = pay.roundOf(address(this), ROUND_NUMBER);
        vm.assertEq(share, 0, "share");
        vm.assertTrue(isFunded, "isFunded");
        _expectNothingOwed(address(this), 1);
        pay.claim(ROUND_NUMBER, 1);
    }

    function test_Fund_RevertsTheSecondTime() public {
        pay.fund(ROUND_NUMBER, 0);
        vm.expectRevert(abi.encodeWithSelector(IPayoutPolicy.AlreadyFunded.selector, address(this), ROUND_NUMBER));
        pay.fund(ROUND_NUMBER, 1);
    }

    /* CLAIM */

    function test_Claim_RevertsBeforeTheRoundIsFunded() public {
        pay.record(ROUND_NUMBER, _transcript(1, 2, 3, 4), _fulfilled(15));
        vm.expectRevert(abi.encodeWithSelector(IPayoutPolicy.NotFunded.selector, address(this), ROUND_NUMBER));
        pay.claim(ROUND_NUMBER, 1);
    }

    function test_Claim_RevertsForWhoHasNothingAndForAnotherRollup() public {
        pay.record(ROUND_NUMBER, _transcript(1, 2, 3, 4), _fulfilled(7));
        pay.fund(ROUND_NUMBER, 300);
        // Fulfilled nothing; 2^16 above a prover; the place of nobody.
        uint256[3] memory strangers = [uint256(4), 65_537, 0];
        for (uint256 i = 0; i < 3; ++i) {
            _expectNothingOwed(address(this), strangers[i]);
            pay.claim(ROUND_NUMBER, strangers[i]);
        }
        vm.prank(OTHER);
        vm.expectRevert(abi.encodeWithSelector(IPayoutPolicy.NotFunded.selector, OTHER, ROUND_NUMBER));
        pay.claim(ROUND_NUMBER, 1);
        vm.prank(OTHER);
        pay.fund(ROUND_NUMBER, 1);
        _expectNothingOwed(OTHER, 1);
        vm.prank(OTHER);
        pay.claim(ROUND_NUMBER, 1);
        vm.assertEq(pay.claim(ROUND_NUMBER, 1), 100, "still there for its own rollup");
    }

    function test_Claim_RevertsTheSecondTime() public {
        pay.record(ROUND_NUMBER, _transcript(1, 2, 3, 4), _fulfilled(15));
        pay.fund(ROUND_NUMBER, 400);
        vm.assertEq(pay.claim(ROUND_NUMBER, 3), 100, "first");
        _expectNothingOwed(address(this), 3);
        pay.claim(ROUND_NUMBER, 3);
        vm.assertEq(pay.claim(ROUND_NUMBER, 4), 100, "its neighbour");
    }

    function testFuzz_ClaimsAddUpToWhatWasFunded(
        bytes32 first,
        bytes32 second,
        uint16 slots,
        uint16 others,
        uint96 amount
    ) public {
        pay.record(ROUND_NUMBER, abi.encode(first), _fulfilled(slots));
        pay.record(ROUND_NUMBER, abi.encode(second), _fulfilled(others));
        (uint256 provers, , ) = pay.roundOf(address(this), ROUND_NUMBER);
        uint256 funded = pay.fund(ROUND_NUMBER, amount);
        uint256 claimed = 0;
        uint256 claims = 0;
        for (uint256 slot = 0; slot < 16; ++slot) {
            (uint256 sum, uint256 count) = _claimSlot(first, slots, slot);
            (uint256 otherSum, uint256 otherCount) = _claimSlot(second, others, slot);
            claimed += sum + otherSum;
            claims += count + otherCount;
        }
        vm.assertEq(claims, provers, "provers");
        vm.assertEq(claimed, funded, "funded");
        vm.assertTrue(funded <= amount && amount - funded <= (provers == 0 ? amount : provers - 1), "dust");
    }

    /* SUPPORT */

    /// @dev Claims for the prover of a fulfilled slot, if it was not paid for another.
    function _claimSlot(
        bytes32 transcript,
        uint256 fulfilled,
        uint256 slot
    ) private returns (uint256 amount, uint256 count) {
        uint256 index = uint16(uint256(transcript) >> (16 * (15 - slot)));
        if ((fulfilled >> slot) & 1 == 0 || !pay.isOwed(address(this), ROUND_NUMBER, index)) return (0, 0);
        return (pay.claim(ROUND_NUMBER, index), 1);
    }

    function _assertProvers(uint256 expected, string memory message) private view {
        (uint256 provers, , ) = pay.roundOf(address(this), ROUND_NUMBER);
        vm.assertEq(provers, expected, message);
    }

    function _expectNothingOwed(address rollup, uint256 index) private {
        vm.expectRevert(abi.encodeWithSelector(IPayoutPolicy.NothingOwed.selector, rollup, ROUND_NUMBER, index));
    }

    function _transcript(uint16 a, uint16 b, uint16 c, uint16 d) private pure returns (bytes memory) {
        return abi.encodePacked(a, b, c, d);
    }

    /// @param slots one bit each
    function _fulfilled(uint256 slots) private pure returns (uint256[] memory flags) {
        flags = new uint256[](1);
        flags[0] = (slots << 64) | slots;
    }
}
