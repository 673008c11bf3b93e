// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Fixture} from "../support/Fixture.sol";
import {skip, vm} from "../support/Vm.sol";

/// @dev Three places: a leader and two uncles.
contract RankingTest is Fixture {
    uint256 private constant ALL = 0x7f;

    function test_ByScore() public {
        Draft[] memory d = _commitAll(100, 300, 200, 400);
        vm.assertEq(_submitFull(d[0]), 0, "alice");
        vm.assertEq(_submitFull(d[1]), 0, "bob");
        vm.assertEq(_submitFull(d[2]), 1, "carol");
        _expectRanking(d[1].id, d[2].id, d[0].id);
        vm.assertEq(_submitFull(d[3]), 0, "dave");
        _expectRanking(d[3].id, d[1].id, d[2].id);
    }

    /// @dev The break-even bid of 49 provers against 51 is 1.0618 times as high; here 6 against 7: (7 / 6)^1.5 =
    /// 1.2601.
    function test_ProversAgainstBids() public {
        Draft[] memory d = _commitAll(10_000, 12_601, 12_602, 10_000);
        _submitFull(d[0]);
        _submit(d[1], 0x3f, 0x3f);
        _submit(d[2], 0x3f, 0x3f);
        _expectRanking(d[2].id, d[0].id, d[1].id);
    }

    function test_TiesGoToTheEarlierCommit() public {
        Draft memory alice = _propose(ALICE, 100, 0, _everyone());
        skip(1);
        Draft memory bob = _propose(BOB, 100, 0, _everyone());
        skip(1);
        Draft memory carol = _propose(CAROL, 100, 0, _everyone());
        _toReveal();
        _reveal(alice);
        _reveal(bob);
        _reveal(carol);
        _submitFull(carol);
        _submitFull(alice);
        _submitFull(bob);
        _expectRanking(alice.id, bob.id, carol.id);
    }

    function test_TiesOfOneBlockGoToTheSmallerId() public {
        Draft[] memory d = _commitAll(100, 100, 100, 100);
        // A full ranking refuses exactly the one with the greatest id.
        uint256[] memory ids = new uint256[](4);
        for (uint256 i = 0; i < 4; ++i) {
            ids[i] = d[i].id;
        }
        _sort(ids);
        for (uint256 i = 0; i < 4; ++i) {
            if (d[i].id != ids[3]) _submitFull(d[i]);
        }
        _expectRanking(ids[0], ids[1], ids[2]);
        for (uint256 i = 0; i < 4; ++i) {
            if (d[i].id != ids[3]) continue;
            vm.assertEq(_submitFull(d[i]), 3, "not ranked");
        }
    }

    function test_AnUnrankedCandidateKeepsWhatItHasAndMayComeBack() public {
        Draft[] memory d = _commitAll(100, 200, 300, 250);
        _submitFull(d[0]);
        _submitFull(d[1]);
        _submitFull(d[2]);
        vm.assertEq(_submit(d[3], 1, 1), 3, "not ranked");
        vm.assertEq(rollup.candidateOf(d[3].id).standing.provers(), 1, "kept");
        _expectRanking(d[2].id, d[1].id, d[0].id);
        vm.assertEq(_submitFull(d[3]), 1, "place");
        _expectRanking(d[2].id, d[3].id, d[1].id);
    }

    function test_APushedOutCandidateKeepsWhatItHasAndMayComeBack() public {
        Draft[] memory d = _commitAll(100, 200, 300, 250);
        _submit(d[0], 0x1f, 0x1f);
        _submitFull(d[1]);
        _submitFull(d[2]);
        _submit(d[3], 0x07, 0x07);
        // 125 x 100^2 against 27 x 250^2: pushed out.
        _expectRanking(d[2].id, d[1].id, d[3].id);
        vm.assertEq(rollup.candidateOf(d[0].id).standing.provers(), 5, "kept");
        // With slots 5 and 6 beside the five that it has: 343 x 100^2.
        vm.assertEq(_submit(d[0], 0x60, 0x60), 2, "place");
        _expectRanking(d[2].id, d[1].id, d[0].id);
    }

    function test_AnImprovedCandidateClimbs() public {
        Draft[] memory d = _commitAll(100, 110, 120, 50);
        _submit(d[0], 1, 1);
        _submit(d[1], 1, 1);
        _submit(d[2], 1, 1);
        _expectRanking(d[2].id, d[1].id, d[0].id);
        vm.assertEq(_submit(d[0], ALL, ALL), 0, "place");
        _expectRanking(d[0].id, d[2].id, d[1].id);
        vm.assertEq(_submit(d[1], 3, 3), 1, "place");
        _expectRanking(d[0].id, d[1].id, d[2].id);
    }

    /// @dev The ranking is that of a plain sort, whatever the bids, the masks and the order of submissions.
    function testFuzz_IsASort(uint256 seed) public {
        uint64[4] memory bids;
        for (uint256 i = 0; i < 4; ++i) {
            bids[i] = uint64(100 + ((seed >> (8 * i)) & 3));
        }
        Draft[] memory d = _commitAll(bids[0], bids[1], bids[2], bids[3]);
        uint256[] memory scores = new uint256[](4);
        bool[] memory done = new bool[](4);
        for (uint256 n = 0; n < 4; ++n) {
            uint256 i = (seed >> 40) % 4;
            while (done[i]) i = (i + 1) % 4;
            seed = uint256(keccak256(abi.encode(seed)));
            done[i] = true;
            uint256 mask = (1 << seed % 8) - 1;
            scores[i] = (seed % 8) ** 3 * uint256(bids[i]) ** 2;
            rollup.submitProof(_submission(d[i], mask, mask));
        }
        uint256[] memory ranking = rollup.ranking();
        vm.assertEq(ranking.length, 3, "ranked");
        for (uint256 place = 0; place < 3; ++place) {
            uint256 best = 4;
            for (uint256 i = 0; i < 4; ++i) {
                if (!done[i]) continue;
                bool better =
                    best == 4 || scores[i] > scores[best] || (scores[i] == scores[best] && d[i].id < d[best].id);
                if (better) best = i;
            }
            done[best] = false;
            vm.assertEq(ranking[place], d[best].id, "place");
        }
    }

    function _commitAll(uint256 a, uint256 b, uint256 c, uint256 e) private returns (Draft[] memory d) {
        d = new Draft[](4);
        d[0] = _propose(ALICE, a, 5_000, _everyone());
        d[1] = _propose(BOB, b, 5_000, _everyone());
        d[2] = _propose(CAROL, c, 5_000, _everyone());
        d[3] = _propose(DAVE, e, 5_000, _everyone());
        _toReveal();
        for (uint256 i = 0; i < 4; ++i) {
            _reveal(d[i]);
        }
    }

    function _expectRanking(uint256 first, uint256 second, uint256 third) private view {
        uint256[] memory expected = new uint256[](3);
        (expected[0], expected[1], expected[2]) = (first, second, third);
        vm.assertEq(rollup.ranking(), expected, "ranking");
    }

    function _sort(uint256[] memory a) private pure {
        for (uint256 i = 1; i < a.length; ++i) {
            for (uint256 j = i; j > 0 && a[j - 1] > a[j]; --j) {
                (a[j - 1], a[j]) = (a[j], a[j - 1]);
            }
        }
    }
}
