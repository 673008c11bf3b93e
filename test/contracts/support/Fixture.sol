// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IB52Token} from "../../../contracts/interfaces/IB52Token.sol";
import {IBridge} from "../../../contracts/interfaces/IBridge.sol";
import {IClaimVerifier} from "../../../contracts/interfaces/IClaimVerifier.sol";
import {IForestParts} from "../../../contracts/interfaces/IForestParts.sol";
import {Statement} from "../../../contracts/interfaces/IForestVerifier.sol";
import {IPayoutPolicy} from "../../../contracts/interfaces/IPayoutPolicy.sol";
import {IProverRegistry} from "../../../contracts/interfaces/IProverRegistry.sol";
import {Claim, Config, IRollup, Opening, Submission} from "../../../contracts/interfaces/IRollup.sol";
import {Due, IRoundView, RoundState} from "../../../contracts/interfaces/IRoundView.sol";
import {IScorePolicy} from "../../../contracts/interfaces/IScorePolicy.sol";
import {IScorer} from "../../../contracts/interfaces/IScorer.sol";
import {BurnRule} from "../../../contracts/libraries/Burns.sol";
import {BID_UNIT, FIELD, WORD_BYTES} from "../../../contracts/libraries/Constants.sol";
import {Data} from "../../../contracts/libraries/Data.sol";
import {Operations} from "../../../contracts/libraries/Operations.sol";
import {Proposals} from "../../../contracts/libraries/Proposals.sol";
import {Terms, TermsLibrary} from "../../../contracts/types/Terms.sol";
import {create} from "./create.sol";
import {IStubVerifier} from "./IStubVerifier.sol";
import {skip, vm} from "./Vm.sol";

/// @notice A whole deployment with a stub verifier, and the steps of a block's life as a participant takes them.
/// @dev Arity 2, two levels: slots 0 | 1 2 | 3 4 5 6, weighing 5, 3 and 2. A base has room for two operations; three
/// may be due at once. The asset is the native token unless a test says otherwise.
abstract contract Fixture {
    uint256 internal constant PROPOSAL_WINDOW = 60;
    uint256 internal constant ACCEPTANCE_WINDOW = 240;
    uint256 internal constant REVEAL_WINDOW = 60;
    uint256 internal constant EXIT_DELAY = 601;
    uint256 internal constant MIN_BID = 10;
    uint256 internal constant REWARD = 50 ether;
    uint256 internal constant GENESIS_SUPPLY = 1_000 ether;
    uint256 internal constant GENESIS_ROOT = 0x6e5;
    uint256 internal constant STAKE_PER_SLOT = 1 ether;
    uint256 internal constant FEE = 0.04 ether;
    /// @dev Of a prover: all seven slots, and a fee for each.
    uint96 internal constant STAKE = uint96(7 * (STAKE_PER_SLOT + FEE));
    uint256 internal constant WEIGHTS = (2 << 32) | (3 << 16) | 5;
    uint256 internal constant SEAT = 1_000_000;

    uint256 internal constant FORFEIT_BPS = 5_000;
    uint256 internal constant OPERATION_FEE = 0.01 ether;
    uint256 internal constant MAX_OPERATIONS = 3;
    uint256 internal constant ESCAPE_DELAY = 10_000;
    uint256 internal constant CHUNK_WORDS = 8;
    uint256 internal constant MAX_WORDS = 20;
    /// @dev A float: 5 ether.
    uint32 internal constant FIVE = (5 << 5) | 18;

    address internal constant RELAY = address(0x2E1A);
    address internal constant ALICE = address(0xA11CE);
    address internal constant BOB = address(0xB0B);
    address internal constant CAROL = address(0xCA201);
    address internal constant DAVE = address(0xDA7E);
    address internal constant COURT = address(0xC0127);

    /// @dev A proposal with all its secrets.
    struct Draft {
        address proposer;
        Terms terms;
        bytes transcript;
        uint256 txsRoot;
        bytes32 salt;
        bytes data;
        bytes32 order;
        uint256 parent;
        uint256 committedAt;
        uint256 id;
        uint256 nextStateRoot;
        uint256 fees;
    }

    IB52Token internal token;
    IStubVerifier internal verifier;
    IProverRegistry internal registry;
    IClaimVerifier internal claimVerifier;
    IBridge internal bridge;
    IRollup internal rollup;
    IRoundView internal roundView;
    /// @dev What was posted, in order.
    bytes[] internal operations;

    uint256 private _nonce;

    /* DEPLOYMENT */

    function setUp() public virtual {
        _deploy();
        _start();
        _seat(ALICE);
        _seat(BOB);
        _seat(CAROL);
        _seat(DAVE);
        for (uint256 i = 1; i <= 7; ++i) {
            _register(i);
        }
        skip(1);
    }

    function _deploy() internal {
        vm.warp(1_900_000_000);
        token = IB52Token(create("B52Token", abi.encode(1_000_000_000 ether)));
        verifier = IStubVerifier(create("StubVerifier", abi.encode(_arity(), _levels())));
        registry = _newRegistry(verifier.slotCount() * (STAKE_PER_SLOT + FEE), _exitDelay());
        claimVerifier = IClaimVerifier(create("StubClaimVerifier", ""));
        bridge = _newBridge(OPERATION_FEE, _maxOperations(), verifier.operationsPerBase(), ESCAPE_DELAY);
        rollup = _newRollup(_config());
        roundView = IRoundView(create("RoundView", ""));
    }

    function _newRollup(Config memory config) internal returns (IRollup) {
        return IRollup(create("Rollup", abi.encode(config)));
    }

    function _newScorer(IScorePolicy policy_, uint256 weights) internal returns (IScorer) {
        return IScorer(create("Scorer", abi.encode(policy_, registry, weights)));
    }

    function _newRegistry(uint256 minStake, uint256 exitDelay) internal returns (IProverRegistry) {
        return
            IProverRegistry(
                create("ProverRegistry", abi.encode(token, verifier, minStake, STAKE_PER_SLOT, exitDelay, 0))
            );
    }

    function _newBridge(
        uint256 operationFee,
        uint256 maxOperations,
        uint256 operationsPerBase,
        uint256 escapeDelay
    ) internal returns (IBridge) {
        return
            IBridge(
                create(
                    "Bridge",
                    abi.encode(_asset(), claimVerifier, operationFee, maxOperations, operationsPerBase, escapeDelay)
                )
            );
    }

    function _start() internal {
        token.bind(address(rollup));
        registry.bind(address(rollup), _court());
        bridge.bind(address(rollup));
        _fund(bridge.asset(), GENESIS_SUPPLY);
        rollup.start();
    }

    function _court() internal virtual returns (address) {
        return COURT;
    }

    function _arity() internal view virtual returns (uint256) {
        return 2;
    }

    function _levels() internal view virtual returns (uint256) {
        return 2;
    }

    function _weights() internal view virtual returns (uint256) {
        return WEIGHTS;
    }

    function _policy() internal virtual returns (IScorePolicy) {
        return IScorePolicy(create("PlainScore", abi.encode(0)));
    }

    function _maxOperations() internal view virtual returns (uint256) {
        return MAX_OPERATIONS;
    }

    function _exitDelay() internal view virtual returns (uint256) {
        return EXIT_DELAY;
    }

    function _asset() internal virtual returns (IERC20) {
        return token;
    }

    function _fund(IERC20 asset, uint256 amount) internal virtual {
        asset.transfer(address(bridge), amount);
    }

    function _config() internal virtual returns (Config memory) {
        return
            Config({
                token: token,
                registry: registry,
                verifier: verifier,
                parts: IForestParts(address(0)),
                bridge: bridge,
                scorer: _newScorer(_policy(), _weights()),
                payout: IPayoutPolicy(address(0)),
                relay: RELAY,
                burnRule: BurnRule.Winner,
                genesisRoot: GENESIS_ROOT,
                genesisSupply: GENESIS_SUPPLY,
                proposalWindow: PROPOSAL_WINDOW,
                acceptanceWindow: ACCEPTANCE_WINDOW,
                minBid: MIN_BID,
                forfeitBps: FORFEIT_BPS,
                maxUncles: 2,
                uncleMinScoreBps: 2_500,
                uncleBurnBps: 3_333,
                uncleRewardBps: 1_000,
                initialReward: REWARD,
                halvingInterval: 2,
                advanceTip: 0,
                maxWords: MAX_WORDS,
                chunkWords: CHUNK_WORDS
            });
    }

    /* PARTICIPANTS */

    function _seat(address proposer) internal {
        token.transfer(proposer, 2 * SEAT * BID_UNIT);
        vm.startPrank(proposer);
        token.approve(address(rollup), type(uint256).max);
        rollup.deposit(0, SEAT);
        rollup.deposit(1, SEAT);
        vm.stopPrank();
    }

    /// @dev Whether the lane for heights like this one may still have to pay for a commit.
    function _inUse(address proposer, uint256 height) internal view returns (bool) {
        return rollup.laneOf(proposer, height).isInUse(rollup.head().roundNumber());
    }

    function _owner(uint256 index) internal pure virtual returns (address) {
        return address(uint160(0x1000 + index));
    }

    function _key(uint256 index) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode("key", index))) % FIELD;
    }

    function _keyProof(uint256 key, address owner) internal view returns (bytes memory) {
        return abi.encode(key, owner, rollup.domain(), 0, 0);
    }

    /// @dev Registers the prover that the next index will name.
    function _register(uint256 index) internal {
        uint256 stake = registry.minStake();
        token.transfer(_owner(index), stake);
        bytes memory proof = _keyProof(_key(index), _owner(index));
        vm.startPrank(_owner(index));
        token.approve(address(registry), stake);
        registry.register(_key(index), stake, proof);
        vm.stopPrank();
    }

    function _addStake(uint256 index, uint256 amount) internal {
        token.transfer(_owner(index), amount);
        vm.startPrank(_owner(index));
        token.approve(address(registry), amount);
        registry.addStake(index, amount);
        vm.stopPrank();
    }

    /* THE LIFE OF A BLOCK */

    function _draft(
        address proposer,
        uint256 bid,
        uint256 shareBps,
        bytes memory transcript
    ) internal returns (Draft memory) {
        return _draftOn(proposer, bid, shareBps, transcript, _round().parent, 0);
    }

    /// @dev For the next height, on a block that may win.
    function _child(
        address proposer,
        uint256 bid,
        Draft memory parent,
        address parentProposer
    ) internal returns (Draft memory) {
        return _draftOn(proposer, bid, 5_000, _everyone(), parent.id, rollup.seatOf(parentProposer));
    }

    function _draftOn(
        address proposer,
        uint256 bid,
        uint256 shareBps,
        bytes memory transcript,
        uint256 parent,
        uint256 parentRef
    ) internal returns (Draft memory d) {
        RoundState memory state = _round();
        d.proposer = proposer;
        d.terms = TermsLibrary.pack(state.commitRoundId, shareBps, bid, parentRef);
        d.transcript = transcript;
        d.parent = parent;
        d.txsRoot = uint256(keccak256(abi.encode("txs", ++_nonce))) % FIELD;
        d.salt = keccak256(abi.encode("salt", _nonce));
        _setData(
            d,
            abi.encodePacked(
                _prefix(state.commitDue),
                bytes30(keccak256(abi.encode("word", _nonce))),
                bytes30(uint240(_nonce))
            )
        );
        d.nextStateRoot = uint256(keccak256(abi.encode("state", _nonce))) % FIELD;
    }

    /// @dev Fixes the order, and with it who the proposal is.
    function _setData(Draft memory d, bytes memory data) internal view {
        d.data = data;
        d.order = Proposals.orderCommitment(
            rollup.domain(),
            d.terms.roundId(),
            d.proposer,
            d.txsRoot,
            _dataHash(_chunkHashes(data)),
            d.salt
        );
        d.id = Proposals.proposalId(rollup.domain(), d.parent, d.terms, d.order, d.proposer);
    }

    /// @dev What blocks of a round begin with: the due operations, and zeros in the rest of their nodes.
    function _prefix(Due memory due) internal view returns (bytes memory prefix) {
        for (uint256 i = 0; i < due.count; ++i) {
            prefix = abi.encodePacked(prefix, operations[due.first + i]);
        }
        if (due.count % verifier.operationsPerBase() != 0) prefix = abi.encodePacked(prefix, new bytes(60));
    }

    /// @return part as much of the chunk as there is
    function _chunk(bytes memory data, uint256 chunk) internal pure returns (bytes memory part) {
        uint256 chunkBytes = CHUNK_WORDS * WORD_BYTES;
        uint256 from = chunk * chunkBytes;
        uint256 length = data.length - from < chunkBytes ? data.length - from : chunkBytes;
        part = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            part[i] = data[from + i];
        }
    }

    function _chunkHashes(bytes memory data) internal pure returns (bytes32[] memory hashes) {
        uint256 chunkBytes = CHUNK_WORDS * WORD_BYTES;
        hashes = new bytes32[](data.length == 0 ? 1 : (data.length + chunkBytes - 1) / chunkBytes);
        for (uint256 chunk = 0; chunk < hashes.length; ++chunk) {
            hashes[chunk] = keccak256(_chunk(data, chunk));
        }
    }

    function _dataHash(bytes32[] memory hashes) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(hashes));
    }

    function _commit(Draft memory d) internal returns (Draft memory) {
        d.committedAt = vm.getBlockTimestamp();
        vm.prank(d.proposer);
        rollup.commit(d.terms, d.order, d.transcript);
        return d;
    }

    function _branch(Draft memory d, Draft memory first) internal returns (Draft memory) {
        d.committedAt = vm.getBlockTimestamp();
        vm.prank(d.proposer);
        rollup.commitBranch(d.terms, d.order, d.transcript, _opening(first), keccak256(first.transcript));
        return d;
    }

    /// @dev The only block of a fresh round, revealed and proven.
    function _proven(address proposer, uint256 bid) internal returns (Draft memory d) {
        d = _propose(proposer, bid, 5_000, _everyone());
        _toReveal();
        _reveal(d);
        _submitFull(d);
    }

    function _propose(
        address proposer,
        uint256 bid,
        uint256 shareBps,
        bytes memory transcript
    ) internal returns (Draft memory) {
        return _commit(_draft(proposer, bid, shareBps, transcript));
    }

    function _opening(Draft memory d) internal pure returns (Opening memory) {
        return Opening(d.proposer, d.terms, d.order, d.committedAt);
    }

    function _reveal(Draft memory d) internal {
        uint256 chunks = _chunkHashes(d.data).length;
        for (uint256 chunk = 0; chunk < chunks; ++chunk) {
            _revealChunk(d, chunk);
        }
    }

    function _revealChunk(Draft memory d, uint256 chunk) internal {
        bytes32[] memory hashes = _chunkHashes(d.data);
        bytes memory data = _chunk(d.data, chunk);
        rollup.reveal(_opening(d), keccak256(d.transcript), d.txsRoot, d.salt, hashes, chunk, data);
    }

    /// @param voted     one bit a slot, slots 0-63
    /// @param delivered likewise
    function _submission(Draft memory d, uint256 voted, uint256 delivered) internal view returns (Submission memory s) {
        uint256[] memory flags = new uint256[]((verifier.slotCount() + 63) / 64);
        flags[0] = (delivered << 64) | voted;
        return _submission(d, flags);
    }

    function _submission(Draft memory d, uint256[] memory flags) internal view returns (Submission memory s) {
        s.opening = _opening(d);
        s.transcript = d.transcript;
        s.nextStateRoot = d.nextStateRoot;
        s.txsRoot = d.txsRoot;
        s.fees = d.fees;
        s.l1OpCount = _round().due.count;
        s.txCount = 6;
        s.withdrawalsRoot = _withdrawalsRoot(d);
        s.dataEval = this.evaluate(d.data, Proposals.dataPoint(d.order));
        s.proversRoot = uint256(keccak256(d.transcript)) % FIELD;
        s.flags = flags;
        s.contents = new uint256[](verifier.slotCount() - 1);
        for (uint256 i = 0; i < s.contents.length; ++i) {
            s.contents[i] = uint256(keccak256(abi.encode("content", d.id, i))) % FIELD;
        }
        s.betas = _betas(d.transcript, flags);
        s.proofs = new bytes(256 * verifier.slotCount());
        s.rootCommitment = _sealed(s, d.id);
    }

    /// @dev What stands for the root of the block's exits.
    function _withdrawalsRoot(Draft memory d) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode("withdrawals", d.nextStateRoot))) % FIELD;
    }

    /// @dev Of the workers of delivered slots; none in a round without a seed.
    function _betas(bytes memory transcript, uint256[] memory flags) internal view returns (uint256[] memory betas) {
        uint256 seed = _round().roundSeed;
        if (seed == 0) return betas;
        betas = new uint256[](transcript.length / 2);
        for (uint256 slot = 0; slot < betas.length; ++slot) {
            if ((flags[slot >> 6] >> (64 + (slot & 63))) & 1 == 1) {
                betas[slot] = _beta(_indexAt(transcript, slot), seed);
            }
        }
    }

    /// @dev What stands for Poseidon(TAG, scalar, seed).
    function _beta(uint256 index, uint256 seed) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode("beta", index, seed))) % FIELD;
    }

    /// @dev The only root commitment that the stub accepts. Keys and counts are worked out here, not asked from the
    /// rollup.
    function _sealed(Submission memory s, uint256 id) internal view returns (uint256) {
        Statement memory statement = Statement({
            domain: rollup.domain(),
            proposalId: id,
            r: Proposals.dataPoint(s.opening.orderCommitment),
            roundSeed: _round().roundSeed,
            burnBid: s.opening.terms.burnBid(),
            prevStateRoot: rollup.stateRoot(),
            nextStateRoot: s.nextStateRoot,
            txsRoot: s.txsRoot,
            fees: s.fees,
            l1OpCount: s.l1OpCount,
            txCount: s.txCount,
            withdrawalsRoot: s.withdrawalsRoot,
            dataEval: s.dataEval,
            proversRoot: s.proversRoot
        });
        (uint256[] memory keys, bytes memory assigned) = _expectedKeys(s.transcript);
        return verifier.seal(statement, keys, assigned, s.flags, s.betas);
    }

    function _expectedKeys(
        bytes memory transcript
    ) internal view returns (uint256[] memory keys, bytes memory assigned) {
        uint48 eligibleAt = _round().eligibleAt;
        uint256 slots = transcript.length / 2;
        keys = new uint256[](slots);
        for (uint256 slot = 0; slot < slots; ++slot) {
            uint256 index = _indexAt(transcript, slot);
            if (index != 0 && registry.isEligible(index, eligibleAt)) keys[slot] = _key(index);
        }
        for (uint256 slot = 0; slot < slots; ++slot) {
            uint256 held = 0;
            for (uint256 i = 0; i < slots; ++i) {
                if (keys[slot] != 0 && keys[i] == keys[slot]) ++held;
            }
            assigned = abi.encodePacked(assigned, uint16(held));
        }
    }

    function _indexAt(bytes memory transcript, uint256 slot) internal pure returns (uint256) {
        return (uint256(uint8(transcript[2 * slot])) << 8) | uint8(transcript[2 * slot + 1]);
    }

    function _submit(Draft memory d, uint256 voted, uint256 delivered) internal returns (uint256 place) {
        (, place) = rollup.submitProof(_submission(d, voted, delivered));
    }

    /// @dev All slots of the transcript, fulfilled.
    function _submitFull(Draft memory d) internal returns (uint256 place) {
        uint256 mask = _assignedMask(d.transcript);
        return _submit(d, mask, mask);
    }

    function _assignedMask(bytes memory transcript) internal pure returns (uint256 mask) {
        for (uint256 slot = 0; slot < transcript.length / 2; ++slot) {
            if (_indexAt(transcript, slot) != 0) mask |= 1 << slot;
        }
    }

    /// @dev A block that is final, with these fees.
    function _final(address proposer, uint256 fees) internal returns (Draft memory d) {
        d = _draft(proposer, 100, 5_000, _everyone());
        d.fees = fees;
        _commit(d);
        _toReveal();
        _reveal(d);
        _submitFull(d);
        _toEnd();
        rollup.advance();
    }

    /* OPERATIONS */

    /// @dev Anybody who can pay for operations.
    function _rich(address user) internal {
        token.transfer(user, 100 ether);
        vm.prank(user);
        token.approve(address(bridge), type(uint256).max);
    }

    function _deposit(address user, uint16 to, uint32 amount) internal returns (uint256 index) {
        return _deposit(user, to, amount, _key(to), user);
    }

    function _deposit(
        address user,
        uint16 to,
        uint32 amount,
        uint256 key,
        address l1Owner
    ) internal returns (uint256 index) {
        operations.push(Operations.encode(0, to, amount, l1Owner, key));
        vm.prank(user);
        return bridge.deposit(to, amount, key, l1Owner);
    }

    function _forceTransfer(address user, uint16 from, uint16 to, uint32 amount) internal returns (uint256 index) {
        operations.push(Operations.encode(from, to, amount, user, 0));
        vm.prank(user);
        return bridge.forceTransfer(from, to, amount);
    }

    function _forceExit(address user, uint16 from, uint32 amount) internal returns (uint256 index) {
        operations.push(Operations.encode(from, 0, amount, user, 0));
        vm.prank(user);
        return bridge.forceExit(from, amount);
    }

    /* TIME */

    function _round() internal view returns (RoundState memory) {
        return roundView.roundState(rollup);
    }

    function _toReveal() internal {
        vm.warp(_round().proposalEnds);
    }

    function _toProving() internal {
        vm.warp(_round().revealEnds);
    }

    function _toEnd() internal {
        vm.warp(_round().acceptanceEnds);
    }

    /* TRANSCRIPTS */

    /// @dev One prover per slot of a seven-slot forest.
    function _transcript(
        uint16 a,
        uint16 b,
        uint16 c,
        uint16 d,
        uint16 e,
        uint16 f,
        uint16 g
    ) internal pure returns (bytes memory) {
        return abi.encodePacked(a, b, c, d, e, f, g);
    }

    /// @dev Provers 1-7, one slot each.
    function _everyone() internal pure returns (bytes memory) {
        return _transcript(1, 2, 3, 4, 5, 6, 7);
    }

    function _claimOf(Draft memory d, uint256 slot) internal pure returns (Claim[] memory claims) {
        claims = new Claim[](1);
        claims[0] = Claim(d.id, d.transcript, _slots(slot));
    }

    function _slots(uint256 slot) internal pure returns (uint256[] memory slots) {
        slots = new uint256[](1);
        slots[0] = slot;
    }

    function evaluate(bytes calldata data, uint256 r) external pure returns (uint256) {
        return Data.evaluate(data, r);
    }
}
