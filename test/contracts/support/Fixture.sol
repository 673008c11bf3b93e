// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IB52Token} from "../../../contracts/interfaces/IB52Token.sol";
import {BlobOpening} from "../../../contracts/interfaces/IBlobVerifier.sol";
import {IBridge} from "../../../contracts/interfaces/IBridge.sol";
import {IClaimVerifier} from "../../../contracts/interfaces/IClaimVerifier.sol";
import {IForestParts} from "../../../contracts/interfaces/IForestParts.sol";
import {Statement} from "../../../contracts/interfaces/IForestVerifier.sol";
import {IProverRegistry} from "../../../contracts/interfaces/IProverRegistry.sol";
import {Claim, Config, HandIn, IRollup, Opening, Order, Submission} from "../../../contracts/interfaces/IRollup.sol";
import {Due, IRoundView, RoundState} from "../../../contracts/interfaces/IRoundView.sol";
import {IScorePolicy} from "../../../contracts/interfaces/IScorePolicy.sol";
import {IScorer} from "../../../contracts/interfaces/IScorer.sol";
import {BurnRule} from "../../../contracts/libraries/Burns.sol";
import {BID_UNIT, BLOB_FIELD, ELEMENTS_PER_BLOB, FIELD} from "../../../contracts/libraries/Constants.sol";
import {ContentGroups} from "../../../contracts/libraries/Contents.sol";
import {Operations} from "../../../contracts/libraries/Operations.sol";
import {Proposals} from "../../../contracts/libraries/Proposals.sol";
import {Reveal} from "../../../contracts/types/Reveal.sol";
import {RoundId} from "../../../contracts/types/RoundId.sol";
import {Terms, TermsLibrary} from "../../../contracts/types/Terms.sol";
import {create} from "./create.sol";
import {IStubBlobVerifier} from "./IStubBlobVerifier.sol";
import {IStubVerifier} from "./IStubVerifier.sol";
import {skip, vm} from "./Vm.sol";

/// @notice A whole deployment with a stub verifier, and the steps of a block's life as a participant takes them.
/// @dev Arity 2, two levels: slots 0 | 1 2 | 3 4 5 6, weighing 5, 3 and 2. A base has room for two operations; three
/// may be due at once, and the transfers of a block take three blobs at most. The asset is the native token unless a
/// test says otherwise.
abstract contract Fixture {
    uint256 internal constant PROPOSAL_WINDOW = 60;
    uint256 internal constant ACCEPTANCE_WINDOW = 240;
    uint256 internal constant REVEAL_WINDOW = 60;
    uint256 internal constant EXIT_DELAY = 601;
    uint256 internal constant MIN_BID = 10;
    uint256 internal constant REWARD = 50 ether;
    uint256 internal constant GENESIS_SUPPLY = 1_000 ether;
    uint256 internal constant GENESIS_ROOT = 0x6e5;
    uint256 internal constant ELIGIBLE_STAKE = 200 ether;
    /// @dev Of a prover.
    uint96 internal constant STAKE = uint96(2 * ELIGIBLE_STAKE);
    uint256 internal constant WEIGHTS = (2 << 32) | (3 << 16) | 5;
    uint256 internal constant SEAT = 1_000_000;

    uint256 internal constant FORFEIT_BPS = 5_000;
    uint256 internal constant OPERATION_FEE = 0.01 ether;
    uint256 internal constant MAX_OPERATIONS = 3;
    uint256 internal constant ESCAPE_DELAY = 10_000;
    uint256 internal constant OPERATIONS_PER_BASE = 2;
    /// @dev Of a whole block.
    uint256 internal constant ELEMENTS = 12_000;
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
        uint256 txCount;
        bytes operations;
        bytes32[] blobHashes;
        // Of its first blob among those that the stub carries; the others follow.
        uint256 firstPlace;
        bytes32 salt;
        bytes32 order;
        uint256 parent;
        uint256 committedAt;
        uint256 id;
        uint256 nextStateRoot;
        uint256 fees;
    }

    IB52Token internal token;
    IStubVerifier internal verifier;
    IStubBlobVerifier internal blobVerifier;
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
        blobVerifier = IStubBlobVerifier(create("StubBlobVerifier", ""));
        registry = _newRegistry(STAKE, _exitDelay());
        claimVerifier = IClaimVerifier(create("StubClaimVerifier", ""));
        bridge = _newBridge(OPERATION_FEE, _maxOperations(), ESCAPE_DELAY);
        rollup = _newRollup(_config());
        roundView = IRoundView(create("RoundView", ""));
    }

    /// @dev What a candidate keeps of the contents of its forest.
    function _contentsHash(uint256[] memory contents) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(_grouped(contents).sections));
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
                create(
                    "ProverRegistry",
                    abi.encode(token, verifier, minStake, ELIGIBLE_STAKE, _maxSlotsPerProver(), exitDelay, 0)
                )
            );
    }

    function _newBridge(uint256 operationFee, uint256 maxOperations, uint256 escapeDelay) internal returns (IBridge) {
        return IBridge(create("Bridge", abi.encode(_asset(), claimVerifier, operationFee, maxOperations, escapeDelay)));
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

    function _elementsPerBase() internal view virtual returns (uint256) {
        return ELEMENTS / _arity() ** _levels();
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

    /// @dev No limit, unless a test is about it.
    function _maxSlotsPerProver() internal view virtual returns (uint256) {
        return verifier.slotCount();
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
                blobVerifier: blobVerifier,
                bridge: bridge,
                scorer: _newScorer(_policy(), _weights()),
                fairShareBps: 0,
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
                elementsPerBase: _elementsPerBase()
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
        d.txCount = 6;
        d.salt = keccak256(abi.encode("salt", _nonce));
        d.operations = _encode(state.commitDue);
        _setBlobs(d, 1);
        d.nextStateRoot = uint256(keccak256(abi.encode("state", _nonce))) % FIELD;
    }

    /// @dev Gives a block that many blobs of its own.
    function _setBlobs(Draft memory d, uint256 count) internal {
        d.blobHashes = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            bytes32 hash = keccak256(abi.encode("blob", ++_nonce));
            // The first byte is a version.
            d.blobHashes[i] = (hash >> 8) | bytes32(uint256(1) << 248);
            uint256 place = blobVerifier.carry(d.blobHashes[i]);
            if (i == 0) d.firstPlace = place;
        }
        _fix(d, _order(d));
    }

    /// @dev Fixes the order, and with it who the proposal is.
    function _fix(Draft memory d, Order memory order) internal view {
        d.order = this.orderCommitment(d.terms.roundId(), d.proposer, order);
        d.id = Proposals.proposalId(rollup.domain(), d.parent, d.terms, d.order, d.proposer);
    }

    function orderCommitment(RoundId roundId, address proposer, Order calldata order) external view returns (bytes32) {
        return Proposals.orderCommitment(rollup.domain(), roundId, proposer, order);
    }

    function _order(Draft memory d) internal pure returns (Order memory) {
        return Order(d.txsRoot, d.txCount, d.blobHashes, keccak256(d.operations), d.salt);
    }

    /// @dev What blocks of a round begin with.
    function _encode(Due memory due) internal view returns (bytes memory encoded) {
        for (uint256 i = 0; i < due.count; ++i) {
            encoded = abi.encodePacked(encoded, operations[due.first + i]);
        }
    }

    /// @dev What the polynomial of a made-up blob is at the point.
    function _y(bytes32 blobHash, uint256 z) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode("y", blobHash, z))) % BLOB_FIELD;
    }

    /// @dev One of a block's blobs, as the stub takes it.
    function _blob(Draft memory d, uint256 number) internal pure returns (BlobOpening memory) {
        uint256 z = Proposals.dataPoint(d.order);
        bytes32 blobHash = d.blobHashes[number];
        uint256 y = _y(blobHash, z);
        bytes32[3] memory points = [bytes32(0), 0, keccak256(abi.encode(blobHash, z, y))];
        return BlobOpening(number, d.firstPlace + number, y, points);
    }

    /// @dev Those of a block's blobs whose bit is set.
    function _blobs(Draft memory d, uint256 mask) internal pure returns (BlobOpening[] memory blobs) {
        blobs = new BlobOpening[](d.blobHashes.length);
        uint256 count = 0;
        for (uint256 number = 0; number < blobs.length; ++number) {
            if ((mask >> number) & 1 == 1) blobs[count++] = _blob(d, number);
        }
        assembly ("memory-safe") {
            mstore(blobs, count)
        }
    }

    /// @dev The definition, power by power.
    function _dataEval(Draft memory d) internal view returns (uint256 sum) {
        uint256 z = Proposals.dataPoint(d.order);
        uint256 count = d.operations.length / 60;
        for (uint256 i = 0; i < 2 * count; ++i) {
            uint256 word = 0;
            for (uint256 j = 0; j < 30; ++j) {
                word = (word << 8) | uint8(d.operations[30 * i + j]);
            }
            (uint256 node, uint256 place) = (i / (2 * OPERATIONS_PER_BASE), i % (2 * OPERATIONS_PER_BASE));
            sum = addmod(sum, mulmod(word, _power(z, _elementsPerBase() * node + place), BLOB_FIELD), BLOB_FIELD);
        }
        uint256 first = _elementsPerBase() * ((count + OPERATIONS_PER_BASE - 1) / OPERATIONS_PER_BASE);
        for (uint256 b = 0; b < d.blobHashes.length; ++b) {
            uint256 power = _power(z, first + ELEMENTS_PER_BLOB * b);
            sum = addmod(sum, mulmod(_y(d.blobHashes[b], z), power, BLOB_FIELD), BLOB_FIELD);
        }
    }

    /// @dev By the precompile for it.
    function _power(uint256 base, uint256 exponent) private view returns (uint256) {
        (, bytes memory result) = address(5).staticcall(
            abi.encode(uint256(32), uint256(32), uint256(32), base, exponent, BLOB_FIELD)
        );
        return abi.decode(result, (uint256));
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
        _revealPart(d, d.operations, type(uint256).max);
    }

    /// @dev Both of the open round, as soon as reveals are taken.
    function _revealBoth(Draft memory a, Draft memory b) internal {
        _toReveal();
        _reveal(a);
        _reveal(b);
    }

    /// @dev Blocks of ALICE and BOB in one round, both with everybody's names, and revealed.
    function _contest(uint256 bid, uint256 rivalBid) internal returns (Draft memory a, Draft memory b) {
        a = _propose(ALICE, bid, 5_000, _everyone());
        b = _propose(BOB, rivalBid, 5_000, _everyone());
        _revealBoth(a, b);
    }

    /// @param operations_ those of the block, or none
    /// @param blobs       which of its blobs, one bit each
    function _revealPart(Draft memory d, bytes memory operations_, uint256 blobs) internal {
        rollup.reveal(_opening(d), keccak256(d.transcript), _order(d), operations_, _blobs(d, blobs));
    }

    /// @return parts that are published: bit 0 for the operations, then one bit a blob; of a whole one all bits
    function _known(Draft memory d) internal view returns (uint256) {
        Reveal reveal = rollup.revealOf(d.id);
        return reveal.isWhole() ? type(uint256).max : Reveal.unwrap(reveal);
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
        s.txCount = d.txCount;
        s.withdrawalsRoot = _withdrawalsRoot(d);
        s.dataEval = _dataEval(d);
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
            z: Proposals.dataPoint(s.opening.orderCommitment),
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
            if (index == 0 || !registry.isEligible(index, eligibleAt)) continue;
            uint256 before = 0;
            for (uint256 i = 0; i < slot; ++i) {
                if (_indexAt(transcript, i) == index) ++before;
            }
            if (before < registry.maxSlotsPerProver()) keys[slot] = _key(index);
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

    /// @dev Makes final what has won the round: this block.
    function _expectFinal(Draft memory d, string memory what) internal {
        _toEnd();
        rollup.advance();
        vm.assertEq(rollup.finalProposal(), d.id, what);
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

    /* SINGLE NODES */

    /// @dev What a court says of a node that its slot's prover has proven.
    function _shown(Draft memory d, uint256 slot) internal view returns (HandIn memory shown) {
        uint256[] memory contents = _submission(d, 0, 0).contents;
        shown.contentsHash = _contentsHash(contents);
        shown.slots = _slots(slot);
        shown.digests = new bytes32[](1);
        shown.digests[0] = _digest(slot, contents);
        shown.flags = new uint256[]((verifier.slotCount() + 63) / 64);
        shown.flags[slot / 64] = 1 << (64 + (slot % 64));
        shown.holdings = _holding(d.transcript, _indexAt(d.transcript, slot));
    }

    /// @dev What a node is known by: its slot, its content and those of its children.
    function _digest(uint256 slot, uint256[] memory contents) private view returns (bytes32) {
        bytes memory node = abi.encode(slot, contents[slot - 1]);
        uint256 first = _arity() * slot + 1;
        for (uint256 child = first; child < first + _arity() && child <= contents.length; ++child) {
            node = abi.encodePacked(node, contents[child - 1]);
        }
        return keccak256(node);
    }

    /// @dev How many slots a prover holds, and those.
    function _holding(bytes memory transcript, uint256 index) private pure returns (uint256[] memory holding) {
        holding = new uint256[](1 + transcript.length / 2);
        uint256 count = 0;
        for (uint256 slot = 0; slot < transcript.length / 2; ++slot) {
            if (_indexAt(transcript, slot) == index) holding[++count] = slot;
        }
        holding[0] = count;
        assembly ("memory-safe") {
            mstore(holding, add(count, 1))
        }
    }

    /// @dev All groups of a forest's contents, opened.
    function _grouped(uint256[] memory contents) internal pure returns (ContentGroups memory self) {
        self.groups = _hashEach(contents, 32);
        self.openedGroups = (1 << self.groups.length) - 1;
        self.contents = contents;
        uint256[] memory hashes = new uint256[](self.groups.length);
        for (uint256 i = 0; i < hashes.length; ++i) {
            hashes[i] = uint256(self.groups[i]);
        }
        self.sections = _hashEach(hashes, 8);
        self.openedSections = (1 << self.sections.length) - 1;
    }

    /// @dev Of so many words at a time; the last may be of fewer.
    function _hashEach(uint256[] memory words, uint256 size) private pure returns (bytes32[] memory hashes) {
        hashes = new bytes32[]((words.length + size - 1) / size);
        for (uint256 i = 0; i < hashes.length; ++i) {
            uint256 left = words.length - size * i;
            uint256[] memory some = new uint256[](left < size ? left : size);
            for (uint256 j = 0; j < some.length; ++j) {
                some[j] = words[size * i + j];
            }
            hashes[i] = keccak256(abi.encodePacked(some));
        }
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
}
