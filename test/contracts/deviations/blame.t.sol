// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NodeProof} from "../../../contracts/interfaces/IProverCourt.sol";
import {CourtFixture} from "../ProverCourt/CourtFixture.sol";
import {vm} from "../support/Vm.sol";

/// @notice Of every assigned slot without a fulfilled proof it is known whose fault that is, and nobody else pays.
contract BlameTest is CourtFixture {
    /// @dev Whatever is voted for and delivered.
    function testFuzz_EverySlotHasOneCulpritAtMost(uint256 voted, uint256 delivered) public {
        (voted, delivered) = (voted & ALL, delivered & ALL);
        Draft memory d = _revealed();
        _submit(d, voted, delivered);
        _toEnd();
        rollup.advance();
        uint256 silent = 0;
        for (uint256 slot = 0; slot < 7; ++slot) {
            bool isVoted = (voted >> slot) & 1 == 1;
            if (!isVoted) ++silent;
            if (isVoted && (delivered >> slot) & 1 == 0) {
                vm.assertTrue(_slash(d, slot + 1) != 0, "voted and not delivered: the prover's");
            } else {
                _expectNothingOwed(d, slot + 1);
            }
        }
        vm.assertEq(rollup.candidateOf(d.id).payout.silent(), silent, "not voted: the proposer's");
    }

    /// @dev A proposer shows everybody's votes and leaves everybody out, in the last second for that. All that it is
    /// able to take from anybody is undone by one transaction, which anybody can send.
    function testFuzz_WhoeverIsLeftOutDelivers(uint256 delivered) public {
        Draft memory d = _revealed();
        vm.warp(_round().provingEnds - 1);
        _submit(d, ALL, delivered & ALL);
        NodeProof[] memory nodes = new NodeProof[](6);
        for (uint256 slot = 1; slot < 7; ++slot) nodes[slot - 1] = _node(slot);
        uint256 end = _acceptanceEnds(d) - 1;
        vm.warp(end);
        if (delivered & 0x7e != 0x7e) _handIn(d, nodes);
        if (delivered & 1 == 0) _handInRoot(d, _rootOf(d, 0, false));
        vm.warp(end + 1);
        rollup.advance();
        for (uint256 index = 1; index <= 7; ++index) _expectNothingOwed(d, index);
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 7, "and earns");
    }

    /// @dev A proposer brings its first forest in the last second for votes, and shows none of some provers: from then
    /// on no vote is added, and nobody could show one before there was a candidate. The provers lost all their pay, and
    /// the proposer little. A vote that anybody has handed in before is kept, though, and counts as soon as there is a
    /// forest, whichever that is; others before it with made-up contents keep nobody out.
    /// @param shown by the forest, one bit a slot
    function testFuzz_ALateForestHidesNoVoteThatWasHandedIn(uint256 shown, bool isCrowded) public {
        Draft memory d = _revealed();
        uint256[] memory madeUp = _contentsOf(d);
        for (uint256 i = 0; i < madeUp.length; ++i) madeUp[i] += 1;
        if (isCrowded) _handIn(d, _nodes(_merge(1, 1, false), _merge(2, 2, false)), madeUp);
        _handIn(d, _nodes(_merge(1, 3, true), _merge(2, 3, true)));
        _handInRoot(d, _rootOf(d, 7, true));
        vm.warp(_round().provingEnds - 1);
        _submit(d, shown & ALL, ALL);
        vm.assertEq(rollup.candidateOf(d.id).standing.provers(), 7, "provers");
        vm.assertEq(rollup.candidateOf(d.id).payout.silent(), 0, "silent");
        _toEnd();
        rollup.advance();
        for (uint256 slot = 0; slot < 7; ++slot) {
            vm.assertTrue(rollup.claimProver(slot + 1, _claimOf(d, slot)) > 0, "paid");
        }
    }
}
