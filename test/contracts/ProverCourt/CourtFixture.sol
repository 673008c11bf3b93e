// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NodeContext, NodeStatement} from "../../../contracts/interfaces/IForestVerifier.sol";
import {CourtConfig, IProverCourt, NodeProof} from "../../../contracts/interfaces/IProverCourt.sol";
import {IProverRegistry} from "../../../contracts/interfaces/IProverRegistry.sol";
import {Proposals} from "../../../contracts/libraries/Proposals.sol";
import {Fixture} from "../support/Fixture.sol";
import {create} from "../support/create.sol";
import {vm} from "../support/Vm.sol";

abstract contract CourtFixture is Fixture {
    uint256 internal constant SLASH_WINDOW = 120;
    uint256 internal constant BASE_RATE_BPS = 2_500;
    /// @dev The first slash of a prover that delivers nothing.
    uint256 internal constant FULL = ELIGIBLE_STAKE / 4;
    /// @dev Every slot of the seven.
    uint256 internal constant ALL = 0x7f;

    IProverCourt internal court;
    /// @dev Of the block that is brought before it.
    uint256 internal operationCount;

    function _court() internal override returns (address) {
        court = _newCourt(_courtConfig());
        return address(court);
    }

    function _newCourt(CourtConfig memory config) internal returns (IProverCourt) {
        return IProverCourt(create("ProverCourt", abi.encode(rollup, roundView, config)));
    }

    function _courtConfig() internal pure virtual returns (CourtConfig memory) {
        return CourtConfig({slashWindow: SLASH_WINDOW, baseRateBps: BASE_RATE_BPS});
    }

    /// @dev Committed by ALICE and revealed, for seven provers.
    function _revealed() internal returns (Draft memory d) {
        d = _propose(ALICE, 100, 5_000, _everyone());
        _toReveal();
        _reveal(d);
    }

    /// @dev Committed by ALICE after a block of BOB, with three operations.
    function _withOperations() internal returns (Draft memory d) {
        _rich(DAVE);
        _final(BOB, 0);
        for (uint16 i = 1; i <= 3; ++i) {
            _deposit(DAVE, i, FIVE);
        }
        operationCount = 3;
        // Nobody proves in this round; what was posted in it is due in the next attempt.
        _propose(BOB, 100, 5_000, _everyone());
        vm.warp(_round().revealEnds);
        d = _propose(ALICE, 100, 5_000, _everyone());
    }

    /// @dev Proven with every vote; slot 3, prover 4, is not delivered.
    function _withheld() internal returns (Draft memory d) {
        d = _revealed();
        _submit(d, ALL, ALL & ~uint256(1 << 3));
    }

    /// @dev Ends at the last second in which prover 4 can be slashed for slot 3 of `d`: it has asked to leave, and is
    /// still there.
    /// @param exitsAt from when on it can leave
    function _expectNoExitBeforeTheLastSlash(Draft memory d, uint256 exitsAt) internal {
        _toReveal();
        _reveal(d);
        _submit(d, ALL, 0x77);
        _toEnd();
        rollup.advance();
        uint256 last = _acceptanceEnds(d) + SLASH_WINDOW - 1;
        vm.warp(last);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.ExitNotOver.selector, 4, last, exitsAt));
        vm.prank(_owner(4));
        registry.withdraw(4);
    }

    /// @dev At the first second in which prover 4 can be slashed for `_withheld`.
    function _slashable() internal returns (Draft memory d) {
        d = _withheld();
        _toEnd();
        rollup.advance();
    }

    /// @dev Nobody revealed in the round that the advance opened: a commit opens the next attempt.
    function _toFresh() internal {
        vm.warp(_round().revealEnds);
    }

    function _acceptanceEnds(Draft memory d) internal view returns (uint256) {
        return rollup.candidateOf(d.id).setting.acceptanceEnds();
    }

    function _slash(Draft memory d, uint256 index) internal returns (uint256) {
        return court.slash(d.id, index, d.transcript);
    }

    function _expectNothingOwed(Draft memory d, uint256 index) internal {
        vm.expectRevert(abi.encodeWithSelector(IProverCourt.NothingOwed.selector, d.id, index));
        _slash(d, index);
    }

    function _stakeOf(uint256 index) internal view returns (uint256) {
        return registry.proverOf(index).stake;
    }

    /// @dev The only proof of this node that the stub accepts. The statement is worked out here.
    function _nodeProof(Draft memory d, uint256 slot) internal view returns (NodeProof memory node) {
        node.slot = slot;
        node.contents = _submission(d, 0, 0).contents;
        node.proof = _proofOf(d, node);
    }

    function _proofOf(Draft memory d, NodeProof memory node) internal view returns (bytes memory) {
        return verifier.nodeProof(_context(d), _statement(d, node));
    }

    function _context(Draft memory d) internal view returns (NodeContext memory) {
        return
            NodeContext({
                domain: rollup.domain(),
                proposalId: d.id,
                z: Proposals.dataPoint(d.order),
                roundSeed: 0,
                burnBid: d.terms.burnBid(),
                l1OpCount: operationCount
            });
    }

    function _statement(Draft memory d, NodeProof memory node) internal view returns (NodeStatement memory s) {
        s.slot = node.slot;
        s.content = node.contents[node.slot - 1];
        s.workerKey = _key(_indexAt(d.transcript, node.slot));
        s.mask = node.mask;
        uint256 first = _arity() * node.slot + 1;
        uint256 children = first < rollup.slotCount() ? _arity() : 0;
        s.childContents = new uint256[](children);
        s.childKeys = new uint256[](children);
        s.childAssigned = new uint256[](children);
        for (uint256 i = 0; i < children; ++i) {
            s.childContents[i] = node.contents[first + i - 1];
            s.childKeys[i] = _key(_indexAt(d.transcript, first + i));
            s.childAssigned[i] = _slotsOf(d.transcript, _indexAt(d.transcript, first + i));
        }
    }

    function _slotsOf(bytes memory transcript, uint256 index) private pure returns (uint256 count) {
        for (uint256 slot = 0; slot < transcript.length / 2; ++slot) {
            if (_indexAt(transcript, slot) == index) ++count;
        }
    }
}
