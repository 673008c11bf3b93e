// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NodeContext, NodeStatement, Statement} from "../../../contracts/interfaces/IForestVerifier.sol";
import {CourtConfig, IProverCourt, NodeProof, RootProof} from "../../../contracts/interfaces/IProverCourt.sol";
import {IProverRegistry} from "../../../contracts/interfaces/IProverRegistry.sol";
import {Submission} from "../../../contracts/interfaces/IRollup.sol";
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
        return IProverCourt(create("ProverCourt", abi.encode(rollup, config)));
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

    /* SINGLE NODES */

    /// @dev By the slot's own prover, without votes.
    function _node(uint256 slot) internal pure returns (NodeProof memory) {
        return NodeProof({slot: slot, isAnonymous: false, beta: 0, mask: 0});
    }

    function _merge(uint256 slot, uint256 mask, bool isAnonymous) internal pure returns (NodeProof memory) {
        return NodeProof({slot: slot, isAnonymous: isAnonymous, beta: 0, mask: mask});
    }

    function _nodes(NodeProof memory a) internal pure returns (NodeProof[] memory nodes) {
        nodes = new NodeProof[](1);
        nodes[0] = a;
    }

    function _nodes(NodeProof memory a, NodeProof memory b) internal pure returns (NodeProof[] memory nodes) {
        nodes = new NodeProof[](2);
        (nodes[0], nodes[1]) = (a, b);
    }

    function _contentsOf(Draft memory d) internal view returns (uint256[] memory) {
        return _submission(d, 0, 0).contents;
    }

    /// @dev Slot 3, by prover 4.
    function _handIn(Draft memory d) internal returns (uint256) {
        return _handIn(d, _nodes(_node(3)));
    }

    function _handIn(Draft memory d, NodeProof[] memory nodes) internal returns (uint256) {
        return _handIn(d, nodes, _contentsOf(d));
    }

    function _handIn(Draft memory d, NodeProof[] memory nodes, uint256[] memory contents) internal returns (uint256) {
        return _bring(d, nodes, contents, _proofsOf(d, nodes, contents));
    }

    function _bring(
        Draft memory d,
        NodeProof[] memory nodes,
        uint256[] memory contents,
        bytes memory proofs
    ) internal returns (uint256) {
        return court.handIn(_opening(d), d.transcript, _grouped(contents), nodes, proofs);
    }

    /// @dev The only proofs of these nodes that the stub accepts.
    function _proofsOf(
        Draft memory d,
        NodeProof[] memory nodes,
        uint256[] memory contents
    ) internal view returns (bytes memory proofs) {
        for (uint256 i = 0; i < nodes.length; ++i) {
            proofs = bytes.concat(proofs, verifier.nodeProof(_context(d), _statement(d, nodes[i], contents)));
        }
    }

    function _context(Draft memory d) internal view returns (NodeContext memory) {
        return
            NodeContext({
                domain: rollup.domain(),
                proposalId: d.id,
                z: Proposals.dataPoint(d.order),
                roundSeed: _round().roundSeed,
                burnBid: d.terms.burnBid(),
                l1OpCount: operationCount
            });
    }

    function _statement(
        Draft memory d,
        NodeProof memory node,
        uint256[] memory contents
    ) internal view returns (NodeStatement memory s) {
        (uint256[] memory keys, bytes memory assigned) = _expectedKeys(d.transcript);
        (s.slot, s.beta, s.mask) = (node.slot, node.beta, node.mask);
        s.content = contents[node.slot - 1];
        if (!node.isAnonymous) s.workerKey = keys[node.slot];
        uint256 first = _arity() * node.slot + 1;
        uint256 children = first < rollup.slotCount() ? _arity() : 0;
        s.childContents = new uint256[](children);
        s.childKeys = new uint256[](children);
        s.childAssigned = new uint256[](children);
        for (uint256 i = 0; i < children; ++i) {
            s.childContents[i] = contents[first + i - 1];
            s.childKeys[i] = keys[first + i];
            s.childAssigned[i] = _indexAt(assigned, first + i);
        }
    }

    /* THE ROOT */

    /// @dev By its own prover, unless it is anonymous.
    /// @param mask a bit for each child, then one for the root
    function _rootOf(Draft memory d, uint256 mask, bool isAnonymous) internal view returns (RootProof memory root) {
        Submission memory s = _submission(d, 0, 0);
        (root.nextStateRoot, root.txsRoot, root.fees) = (s.nextStateRoot, s.txsRoot, s.fees);
        (root.l1OpCount, root.txCount, root.withdrawalsRoot) = (operationCount, s.txCount, s.withdrawalsRoot);
        (root.dataEval, root.proversRoot) = (s.dataEval, s.proversRoot);
        (root.rootCommitment, root.mask, root.isAnonymous) = (0xc0, mask, isAnonymous);
    }

    function _handInRoot(Draft memory d, RootProof memory root) internal returns (uint256) {
        return _handInRoot(d, root, _contentsOf(d));
    }

    function _handInRoot(Draft memory d, RootProof memory root, uint256[] memory contents) internal returns (uint256) {
        bytes memory proof = _rootProof(d, root, contents);
        return court.handInRoot(_opening(d), d.transcript, _grouped(contents), root, proof);
    }

    /// @dev What lists about the range of the root have: itself and its children.
    struct RootLists {
        uint256[] keys;
        bytes assigned;
        uint256[] contents;
        uint256[] flags;
        uint256[] betas;
    }

    /// @dev The only proof of this root that the stub accepts.
    function _rootProof(
        Draft memory d,
        RootProof memory root,
        uint256[] memory contents
    ) internal view returns (bytes memory) {
        Submission memory s = _submission(d, 0, 0);
        s.contents = contents;
        Statement memory statement = Statement({
            domain: rollup.domain(),
            proposalId: d.id,
            z: Proposals.dataPoint(d.order),
            roundSeed: _round().roundSeed,
            burnBid: d.terms.burnBid(),
            prevStateRoot: rollup.stateRoot(),
            nextStateRoot: root.nextStateRoot,
            txsRoot: root.txsRoot,
            fees: root.fees,
            l1OpCount: root.l1OpCount,
            txCount: root.txCount,
            withdrawalsRoot: root.withdrawalsRoot,
            dataEval: root.dataEval,
            proversRoot: root.proversRoot
        });
        RootLists memory lists = _rootLists(s, root, statement.roundSeed != 0);
        bytes32 claimed = keccak256(
            abi.encode(
                statement,
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

    function _rootLists(
        Submission memory s,
        RootProof memory root,
        bool hasSeed
    ) private view returns (RootLists memory lists) {
        (uint256[] memory keys, bytes memory assigned) = _expectedKeys(s.transcript);
        lists.keys = new uint256[](1 + _arity());
        lists.contents = new uint256[](_arity());
        for (uint256 slot = 0; slot <= _arity(); ++slot) {
            lists.keys[slot] = keys[slot];
            lists.assigned = abi.encodePacked(lists.assigned, uint16(_indexAt(assigned, slot)));
            if (slot != 0) lists.contents[slot - 1] = s.contents[slot - 1];
        }
        lists.flags = new uint256[](s.flags.length);
        lists.flags[0] = (root.mask << 1) & ((2 << _arity()) - 1);
        lists.flags[0] |= (root.mask >> _arity()) | (root.isAnonymous ? 0 : 1 << 64);
        lists.betas = new uint256[](hasSeed ? 1 : 0);
        if (hasSeed) lists.betas[0] = root.beta;
    }
}
