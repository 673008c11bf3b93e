// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IForestVerifier, NodeStatement, Statement} from "./interfaces/IForestVerifier.sol";
import {Bn254, FIELD} from "./libraries/Bn254.sol";
import {CodePage} from "./libraries/CodePage.sol";
import {Groth16Batch} from "./libraries/Groth16Batch.sol";
import {NodeNumbering} from "./libraries/NodeNumbering.sol";
import {PowerSums} from "./libraries/PowerSums.sol";

/// @title The verifier of proof forests
/// @notice Every node of a block's proof tree is a Groth16 proof of its own, wired to its children by content hashes that are public
/// inputs. This contract derives all public inputs of all nodes from what the block claims, and verifies all proofs in one
/// pairing product (see Groth16Batch for why that is sound).
///
/// Proof j of the batch is the one of slot j, with the coefficient `ratio^j`. One circuit serves a contiguous range of slots: the root slot 0,
/// the merges up to the first base slot, the bases the rest. Of each public input the batch only needs the sum weighted with the coefficients, so
/// a value that all nodes share costs one multiplication, and one that differs costs a step of Horner's rule in each node.
///
/// The contract has no state and no owner. Verifying keys are data, fixed at deployment.
contract ForestVerifier is IForestVerifier {
    using Groth16Batch for Groth16Batch.Batch;

    /* CONSTANTS */

    uint256 private constant BASE_INPUTS = 8;
    uint256 private constant ROOT_INPUTS = 3;
    uint256 private constant KEY_OWNERSHIP_INPUTS = 5;
    uint256 private constant STATEMENT_WORDS = 14;
    /// @dev V of the root before childContent and childKey.
    uint256 private constant ROOT_VALUES = 18;
    uint256 private constant SLOTS_PER_FLAG_WORD = 64;
    /// @dev The voted and the delivered bit of the first slot in a flag word.
    uint256 private constant FLAGS_OF_SLOT = 0x10000000000000001;
    /// @dev Bits of one count in childAssigned: a slot count must be below 2^14.
    uint256 private constant ASSIGNED_BITS = 14;
    uint256 private constant MAX_ASSIGNED = 0x3fff;

    /* ERRORS */

    error UnsupportedLevels(uint256 levels);
    /// @notice A point of a verifying key is off its curve or subgroup, not canonical, or infinity.
    error InvalidKeyPoint(string key, uint256 offset);
    /// @notice Delta is gamma or its negative: phase 2 of the set-up was skipped and proofs can be forged.
    error DeltaEqualsGamma(string key);
    /// @notice Two circuits have the same delta, or one the negative of the other's: the private points of one complete forged proofs
    /// of the other.
    error DeltaShared(string key, string other);

    /* STORAGE (code only) */

    /// @inheritdoc IForestVerifier
    uint256 public immutable arity;
    /// @inheritdoc IForestVerifier
    uint256 public immutable levels;
    /// @inheritdoc IForestVerifier
    uint256 public immutable slotCount;
    /// @inheritdoc IForestVerifier
    uint256 public immutable operationsPerBase;
    /// @notice Identifies the verifying keys and the shape of the forest.
    bytes32 public immutable keysHash;

    /// @dev `common | keyOwnership | root | base | merge`
    address private immutable KEY_PAGE;
    uint256 private immutable KEY_PAGE_SIZE;
    uint256 private immutable ARITY_BITS;
    uint256 private immutable FIRST_BASE_SLOT;

    /* CONSTRUCTOR */

    /// @param common_      `alpha (64: x, y) | beta (128: x1, x0, y1, y0) | gamma (128)`, shared by all circuits
    /// @param base         `delta (128) | IC_0 .. IC_n (64 each)`, and so are the next four
    /// @param merge        not looked at when `levels_` is 1: then the root merges the bases
    constructor(
        uint256 arity_,
        uint256 levels_,
        uint256 operationsPerBase_,
        bytes memory common_,
        bytes memory base,
        bytes memory merge,
        bytes memory root,
        bytes memory keyOwnership,
        bytes memory operations
    ) {
        uint256 bits = NodeNumbering.arityBits(arity_);
        if (levels_ == 0 || bits * (levels_ + 1) > ASSIGNED_BITS) revert UnsupportedLevels(levels_);
        arity = arity_;
        levels = levels_;
        operationsPerBase = operationsPerBase_;
        ARITY_BITS = bits;
        slotCount = NodeNumbering.firstSlot(bits, levels_ + 1);
        FIRST_BASE_SLOT = NodeNumbering.firstSlot(bits, levels_);

        _validateCommon(common_);
        _validateCircuit("keyOwnership", keyOwnership, KEY_OWNERSHIP_INPUTS);
        _validateCircuit("root", root, ROOT_INPUTS);
        _validateCircuit("base", base, BASE_INPUTS);
        if (levels_ == 1) merge = "";
        else _validateCircuit("merge", merge, _mergeInputs(arity_));

        _validateCircuit("operations", operations, BASE_INPUTS);

        _requireDistinctDeltas(common_, ["keyOwnership", "root", "base", "merge"], [keyOwnership, root, base, merge]);

        bytes memory page = bytes.concat(common_, keyOwnership, root, base, merge, operations);
        KEY_PAGE = CodePage.write(page);
        KEY_PAGE_SIZE = page.length;
        keysHash = keccak256(abi.encode(arity_, levels_, page));
    }

    /* VERIFICATION */

    /// @inheritdoc IForestVerifier
    function verifyForest(
        Statement calldata statement,
        uint256[] calldata keys,
        bytes calldata assigned,
        uint256[] calldata flags,
        uint256 rootCommitment,
        uint256[] calldata contents,
        uint256[] calldata betas,
        bytes calldata proofs
    ) external view returns (bool) {
        _requireLength("keys", slotCount, keys.length);
        _requireLength("assigned", 2 * slotCount, assigned.length);
        _requireLength("contents", slotCount - 1, contents.length);
        _requireLength("proofs", Groth16Batch.PROOF_SIZE * slotCount, proofs.length);
        _requireFlags(flags);
        _requireCanonical(statement);
        _requireCanonical(rootCommitment);
        _requireLength("betas", statement.roundSeed == 0 ? 0 : slotCount, betas.length);

        Slots memory slots;
        uint256 proof;
        assembly ("memory-safe") {
            mstore(slots, keys.offset)
            mstore(add(slots, 0x20), assigned.offset)
            mstore(add(slots, 0x40), flags.offset)
            mstore(add(slots, 0x60), sub(contents.offset, 0x20))
            mstore(add(slots, 0x80), mul(betas.offset, iszero(iszero(betas.length))))
            proof := proofs.offset
        }
        return _verify(statement, slots, rootCommitment, proof);
    }

    /// @inheritdoc IForestVerifier
    function verifyNode(NodeStatement calldata node, bytes calldata proof) external view returns (bool) {
        if (node.slot == 0 || node.slot >= slotCount) revert InvalidSlot(node.slot);
        bool isMerge = node.slot < FIRST_BASE_SLOT;
        uint256[] memory inputs = isMerge ? _mergeInputsOf(node) : _baseInputsOf(node);
        uint256 circuit = Groth16Batch.COMMON_SIZE + _circuitSize(KEY_OWNERSHIP_INPUTS) + _circuitSize(ROOT_INPUTS);
        if (isMerge) circuit += _circuitSize(BASE_INPUTS);
        return _verifyOne(circuit, inputs, proof);
    }

    /// @inheritdoc IForestVerifier
    function verifyKeyOwnership(uint256 key, address owner, uint256 domain, uint256 seed, uint256 beta, bytes calldata proof)
        external
        view
        returns (bool)
    {
        uint256[] memory inputs = new uint256[](1 + KEY_OWNERSHIP_INPUTS);
        (inputs[1], inputs[2], inputs[3], inputs[4], inputs[5]) = (key, uint160(owner), domain, seed, beta);
        return _verifyOne(Groth16Batch.COMMON_SIZE, inputs, proof);
    }

    /* FOREST */

    /// @dev Calldata positions of the lists, so that they are read without bounds checks once their lengths are known.
    struct Slots {
        uint256 keys;
        uint256 assigned;
        uint256 flags;
        uint256 contents; // where slot 0, which has none, would be
        uint256 betas; // 0: there are none
    }

    /// @dev The part of a layer's sums that only depends on its place.
    struct Layer {
        uint256 coefficient; // of its first slot
        uint256 ones; // sum of the coefficients
        uint256 nodes; // sum of coefficient times node
    }

    /// @param proof calldata position of the root's proof
    function _verify(Statement calldata statement, Slots memory slots, uint256 rootCommitment, uint256 proof)
        private
        view
        returns (bool)
    {
        uint256 ratio = _batchRatio();
        Layer[] memory layers = _layers(ratio);
        uint256[] memory root = _rootScalars(statement, slots, rootCommitment);
        (uint256[] memory merge, uint256[] memory base) = _scalars(statement, slots, layers, ratio);

        uint256 common = CodePage.load(KEY_PAGE, KEY_PAGE_SIZE);
        uint256 circuit = common + Groth16Batch.COMMON_SIZE + _circuitSize(KEY_OWNERSHIP_INPUTS);
        uint256 bases = FIRST_BASE_SLOT;
        Groth16Batch.Batch memory batch = Groth16Batch.open(slotCount, levels == 1 ? 2 : 3);
        batch.add(circuit, root, proof, 1, 1, ratio);
        circuit += _circuitSize(ROOT_INPUTS);
        if (levels > 1) {
            uint256 mergeCircuit = circuit + _circuitSize(BASE_INPUTS);
            batch.add(mergeCircuit, merge, proof + Groth16Batch.PROOF_SIZE, bases - 1, ratio, ratio);
        }
        proof += Groth16Batch.PROOF_SIZE * bases;
        batch.add(circuit, base, proof, slotCount - bases, layers[levels].coefficient, ratio);
        return batch.check(common);
    }

    /// @dev Hashes the whole call (the statement, all that public inputs are derived from, the proofs) and what the calls of one
    /// deployment have in common. Never 0, so no coefficient is.
    function _batchRatio() private view returns (uint256 ratio) {
        bytes32 deployment = keysHash;
        assembly ("memory-safe") {
            let input := mload(0x40)
            calldatacopy(input, 0, calldatasize())
            mstore(add(input, calldatasize()), deployment)
            ratio := add(mod(keccak256(input, add(calldatasize(), 0x20)), sub(FIELD, 1)), 1)
        }
    }

    /// @dev The root's public inputs open V: `y` is the polynomial with coefficients V at the point `x`.
    function _rootScalars(Statement calldata statement, Slots memory slots, uint256 rootCommitment)
        private
        view
        returns (uint256[] memory scalars)
    {
        uint256 children = arity;
        (uint256 key, uint256 assigned, uint256 voted, uint256 delivered) = _validSlot(slots, 0);
        assigned <<= ASSIGNED_BITS * children;
        voted <<= children;

        // C, then V.
        uint256[] memory values = new uint256[](1 + ROOT_VALUES + 2 * children);
        values[0] = rootCommitment;
        values[1] = statement.prevStateRoot;
        values[2] = statement.nextStateRoot;
        values[3] = statement.txsRoot;
        values[4] = statement.fees;
        values[5] = statement.l1OpCount;
        values[6] = statement.txCount;
        values[7] = statement.withdrawalsRoot;
        values[8] = statement.dataEval;
        values[9] = statement.proversRoot;
        values[10] = statement.domain;
        values[11] = statement.proposalId;
        values[12] = statement.burnBid;
        values[13] = key * delivered;
        values[14] = statement.roundSeed;
        if (slots.betas != 0) values[15] = _validBeta(slots, 0);
        values[16] = key;
        for (uint256 i = 0; i < children; ++i) {
            (uint256 childKey, uint256 childAssigned, uint256 childVoted,) = _slot(slots, 1 + i);
            assigned |= childAssigned << (ASSIGNED_BITS * i);
            voted |= childVoted << i;
            values[1 + ROOT_VALUES + i] = _content(slots, 1 + i);
            values[1 + ROOT_VALUES + children + i] = childKey;
        }
        values[17] = assigned;
        values[18] = voted;

        uint256 x;
        assembly ("memory-safe") {
            x := mod(keccak256(add(values, 0x20), shl(5, mload(values))), FIELD)
        }
        uint256 y;
        for (uint256 i = values.length - 1; i > 0; --i) {
            y = addmod(mulmod(y, x, FIELD), values[i], FIELD);
        }
        scalars = new uint256[](1 + ROOT_INPUTS);
        (scalars[0], scalars[1], scalars[2], scalars[3]) = (1, rootCommitment, x, y);
    }

    /// @dev The scalars of the IC points of merges and bases.
    function _scalars(Statement calldata statement, Slots memory slots, Layer[] memory layers, uint256 ratio)
        private
        view
        returns (uint256[] memory merge, uint256[] memory base)
    {
        uint256 children = arity;
        merge = new uint256[](1 + _mergeInputs(children));
        base = new uint256[](1 + BASE_INPUTS);

        // From the last slot to the first: the sums over children go on from layer to layer. The root's children have no merge above them.
        uint256 depth = levels;
        for (; depth > 1; --depth) {
            _addLayer(slots, depth, layers[depth], ratio, depth == levels ? base : merge, merge);
        }
        // The first merge, slot 1, has the coefficient ratio^1, and Horner's rule ended with weight 1.
        uint256 shared = 4 + 2 * children;
        for (uint256 i = 2; i < shared; ++i) {
            merge[i] = mulmod(merge[i], ratio, FIELD);
        }
        _addLayer(slots, 1, layers[1], ratio, levels == 1 ? base : merge, new uint256[](merge.length));

        merge[shared] = mulmod(statement.burnBid, merge[0], FIELD);
        merge[shared + 1] = mulmod(statement.domain, merge[0], FIELD);
        merge[shared + 2] = mulmod(statement.proposalId, merge[0], FIELD);
        merge[shared + 5] = mulmod(statement.roundSeed, merge[0], FIELD);

        base[2] = mulmod(statement.domain, base[0], FIELD);
        base[3] = mulmod(statement.r, base[0], FIELD);
        base[4] = mulmod(statement.proposalId, base[0], FIELD);
        base[7] = mulmod(statement.roundSeed, base[0], FIELD);

        if (slots.betas != 0) {
            uint256 bases = FIRST_BASE_SLOT;
            merge[shared + 6] = mulmod(ratio, _betaSum(slots, 1, bases, ratio), FIELD);
            base[8] = mulmod(layers[levels].coefficient, _betaSum(slots, bases, slotCount, ratio), FIELD);
        }
    }

    /// @param own      scalars of the layer's circuit
    /// @param parents  scalars of the merges, to which the layer's slots are children
    function _addLayer(
        Slots memory slots,
        uint256 depth,
        Layer memory layer,
        uint256 ratio,
        uint256[] memory own,
        uint256[] memory parents
    ) private view {
        (uint256 contents, uint256 workerKeys) = _layerSums(slots, depth, ratio, parents);
        // In both circuits content comes first, and node, workerKey, roundSeed, beta come last.
        uint256 node = own.length - 4;
        own[0] = addmod(own[0], layer.ones, FIELD);
        own[1] = addmod(own[1], mulmod(layer.coefficient, contents, FIELD), FIELD);
        own[node] = addmod(own[node], layer.nodes, FIELD);
        own[node + 1] = addmod(own[node + 1], mulmod(layer.coefficient, workerKeys, FIELD), FIELD);
    }

    /// @dev Validates the slots of a layer and sums over them by Horner's rule: from the last to the first, which gets weight 1.
    /// In `parents` the sums over childContent, childKey, childAssigned and mask are carried on.
    function _layerSums(Slots memory slots, uint256 depth, uint256 ratio, uint256[] memory parents)
        private
        view
        returns (uint256 contents, uint256 workerKeys)
    {
        uint256 first = 32 * NodeNumbering.firstSlot(ARITY_BITS, depth);
        uint256 word = 32 * NodeNumbering.firstSlot(ARITY_BITS, depth + 1);
        uint256 width = 32 * arity;
        assembly ("memory-safe") {
            // `word` is 32 times the slot. The layer's own sums are kept in scratch space, because the stack is full.
            mstore(0x00, 0)
            mstore(0x20, 0)
            // parents[2 + i] is childContent[i], parents[2 + arity + i] is childKey[i].
            let sums := add(parents, 0x60)
            for { } gt(word, first) { } {
                let assigned := 0
                let mask := 0
                for { let sum := add(sums, width) } gt(sum, sums) { } {
                    sum := sub(sum, 0x20)
                    word := sub(word, 0x20)

                    let value := calldataload(add(mload(add(slots, 0x60)), word))
                    if iszero(lt(value, FIELD)) { first := not(0) break }
                    mstore(0x00, addmod(mulmod(mload(0x00), ratio, FIELD), value, FIELD))
                    mstore(sum, addmod(mulmod(mload(sum), ratio, FIELD), value, FIELD))

                    value := calldataload(add(mload(slots), word))
                    mstore(add(sum, width), addmod(mulmod(mload(add(sum, width)), ratio, FIELD), value, FIELD))

                    let held := shr(240, calldataload(add(mload(add(slots, 0x20)), shr(4, word))))
                    assigned := or(shl(ASSIGNED_BITS, assigned), held)
                    // 64 slots a word; bit slot % 64
                    let flags := calldataload(add(mload(add(slots, 0x40)), shl(5, shr(11, word))))
                    flags := and(shr(and(shr(5, word), 63), flags), FLAGS_OF_SLOT)
                    mask := or(shl(1, mask), and(flags, 1))

                    switch value
                    case 0 { if or(held, flags) { first := not(0) break } }
                    default { if iszero(and(lt(value, FIELD), lt(sub(held, 1), MAX_ASSIGNED))) { first := not(0) break } }
                    mstore(0x20, addmod(mulmod(mload(0x20), ratio, FIELD), mul(value, shr(64, flags)), FIELD))
                }
                let sum := add(sums, shl(1, width))
                mstore(sum, addmod(mulmod(mload(sum), ratio, FIELD), assigned, FIELD))
                mstore(add(sum, 0x20), addmod(mulmod(mload(add(sum, 0x20)), ratio, FIELD), mask, FIELD))
            }
            contents := mload(0x00)
            workerKeys := mload(0x20)
        }
        if (first == type(uint256).max) _refuse(slots, word / 32);
    }

    /// @dev Sums over the slots from `first` up to `end` like `_layerSums`. Apart from it, because most rounds have no betas.
    function _betaSum(Slots memory slots, uint256 first, uint256 end, uint256 ratio) private pure returns (uint256 sum) {
        while (end > first) {
            sum = addmod(mulmod(sum, ratio, FIELD), _validBeta(slots, --end), FIELD);
        }
    }

    function _layers(uint256 ratio) private view returns (Layer[] memory layers) {
        layers = new Layer[](levels + 1);
        uint256 coefficient = 1;
        for (uint256 depth = 0; depth < layers.length; ++depth) {
            (uint256 ones, uint256 indexes, uint256 power) = PowerSums.geometric(ratio, ARITY_BITS * depth);
            uint256 nodes = addmod(mulmod(NodeNumbering.node(depth, 0), ones, FIELD), indexes, FIELD);
            Layer memory layer = layers[depth];
            layer.coefficient = coefficient;
            layer.ones = mulmod(coefficient, ones, FIELD);
            layer.nodes = mulmod(coefficient, nodes, FIELD);
            coefficient = mulmod(coefficient, power, FIELD);
        }
    }

    /* SINGLE PROOFS */

    /// @param circuit offset of the verifying key in the key page
    /// @param inputs  public inputs from index 1
    function _verifyOne(uint256 circuit, uint256[] memory inputs, bytes calldata proof) private view returns (bool) {
        _requireLength("proof", Groth16Batch.PROOF_SIZE, proof.length);
        inputs[0] = 1;
        for (uint256 i = 1; i < inputs.length; ++i) {
            _requireCanonical(inputs[i]);
        }
        uint256 position;
        assembly ("memory-safe") {
            position := proof.offset
        }
        uint256 common = CodePage.load(KEY_PAGE, KEY_PAGE_SIZE);
        Groth16Batch.Batch memory batch = Groth16Batch.open(1, 1);
        batch.add(common + circuit, inputs, position, 1, 1, 1);
        return batch.check(common);
    }

    function _baseInputsOf(NodeStatement calldata node) private view returns (uint256[] memory inputs) {
        _requireChildren(node, 0);
        _requireCanonical(node.burnBid);
        inputs = new uint256[](1 + BASE_INPUTS);
        (inputs[2], inputs[3], inputs[4]) = (node.domain, node.r, node.proposalId);
        _setOwnInputs(inputs, node);
    }

    function _mergeInputsOf(NodeStatement calldata node) private view returns (uint256[] memory inputs) {
        uint256 children = arity;
        _requireChildren(node, children);
        _requireCanonical(node.r);
        inputs = new uint256[](1 + _mergeInputs(children));
        uint256 packed = 0;
        for (uint256 i = 0; i < children; ++i) {
            (uint256 key, uint256 assigned) = (node.childKeys[i], node.childAssigned[i]);
            _requireSlot(children * node.slot + 1 + i, key, assigned, node.mask >> i & 1);
            inputs[2 + i] = node.childContents[i];
            inputs[2 + children + i] = key;
            packed |= assigned << (ASSIGNED_BITS * i);
        }
        uint256 shared = 2 + 2 * children;
        (inputs[shared], inputs[shared + 1], inputs[shared + 2]) = (packed, node.mask, node.burnBid);
        (inputs[shared + 3], inputs[shared + 4]) = (node.domain, node.proposalId);
        _setOwnInputs(inputs, node);
    }

    /// @dev In both circuits content comes first, and node, workerKey, roundSeed, beta come last.
    function _setOwnInputs(uint256[] memory inputs, NodeStatement calldata node) private view {
        uint256 last = inputs.length - 1;
        inputs[1] = node.content;
        inputs[last - 3] = NodeNumbering.nodeAt(ARITY_BITS, node.slot);
        (inputs[last - 2], inputs[last - 1], inputs[last]) = (node.workerKey, node.roundSeed, node.beta);
    }

    function _requireChildren(NodeStatement calldata node, uint256 children) private pure {
        _requireLength("childContents", children, node.childContents.length);
        _requireLength("childKeys", children, node.childKeys.length);
        _requireLength("childAssigned", children, node.childAssigned.length);
        if (node.mask >> children != 0) revert InvalidMask(node.mask);
    }

    /* SLOTS */

    function _validSlot(Slots memory slots, uint256 slot)
        private
        pure
        returns (uint256 key, uint256 assigned, uint256 voted, uint256 delivered)
    {
        (key, assigned, voted, delivered) = _slot(slots, slot);
        _requireSlot(slot, key, assigned, voted | delivered);
    }

    function _requireSlot(uint256 slot, uint256 key, uint256 assigned, uint256 flags) private pure {
        _requireCanonical(key);
        if (key == 0) {
            if (flags != 0) revert FlagWithoutKey(slot);
            if (assigned != 0) revert InvalidAssigned(slot, key, assigned);
        } else if (assigned == 0 || assigned > MAX_ASSIGNED) {
            revert InvalidAssigned(slot, key, assigned);
        }
    }

    /// @dev Names what is wrong with a slot.
    function _refuse(Slots memory slots, uint256 slot) private pure {
        _validSlot(slots, slot);
        revert NotCanonical(_content(slots, slot));
    }

    function _slot(Slots memory slots, uint256 slot)
        private
        pure
        returns (uint256 key, uint256 assigned, uint256 voted, uint256 delivered)
    {
        assembly ("memory-safe") {
            key := calldataload(add(mload(slots), shl(5, slot)))
            assigned := shr(240, calldataload(add(mload(add(slots, 0x20)), shl(1, slot))))
            // slot / 64 words of 32 bytes, bit slot % 64
            let bits := shr(and(slot, 63), calldataload(add(mload(add(slots, 0x40)), shl(5, shr(6, slot)))))
            voted := and(bits, 1)
            delivered := and(shr(64, bits), 1)
        }
    }

    /// @param slot not 0
    function _content(Slots memory slots, uint256 slot) private pure returns (uint256 content) {
        assembly ("memory-safe") {
            content := calldataload(add(mload(add(slots, 0x60)), shl(5, slot)))
        }
    }

    function _validBeta(Slots memory slots, uint256 slot) private pure returns (uint256 beta) {
        assembly ("memory-safe") {
            beta := calldataload(add(mload(add(slots, 0x80)), shl(5, slot)))
        }
        _requireCanonical(beta);
        (,,, uint256 delivered) = _slot(slots, slot);
        if (beta != 0 && delivered == 0) revert BetaWithoutDelivery(slot);
    }

    /* CHECKS */

    function _requireLength(string memory what, uint256 expected, uint256 actual) private pure {
        if (actual != expected) revert InvalidLength(what, expected, actual);
    }

    function _requireCanonical(uint256 value) private pure {
        if (value >= FIELD) revert NotCanonical(value);
    }

    function _requireCanonical(Statement calldata statement) private pure {
        for (uint256 i = 0; i < STATEMENT_WORDS; ++i) {
            uint256 value;
            assembly ("memory-safe") {
                value := calldataload(add(statement, shl(5, i)))
            }
            _requireCanonical(value);
        }
    }

    function _requireFlags(uint256[] calldata flags) private view {
        uint256 remaining = slotCount;
        _requireLength("flags", (remaining + SLOTS_PER_FLAG_WORD - 1) / SLOTS_PER_FLAG_WORD, flags.length);
        for (uint256 i = 0; i < flags.length; ++i) {
            uint256 used = remaining < SLOTS_PER_FLAG_WORD ? remaining : SLOTS_PER_FLAG_WORD;
            uint256 voted = (1 << used) - 1;
            uint256 unused = flags[i] & ~(voted | (voted << SLOTS_PER_FLAG_WORD));
            if (unused != 0) revert UnusedFlags(i, unused);
            remaining -= used;
        }
    }

    /* VERIFYING KEYS */

    function _mergeInputs(uint256 children) private pure returns (uint256) {
        return 10 + 2 * children;
    }

    function _circuitSize(uint256 inputs) private pure returns (uint256) {
        return Groth16Batch.G2_SIZE + (1 + inputs) * Groth16Batch.G1_SIZE;
    }

    function _validateCommon(bytes memory common) private view {
        _requireLength("common", Groth16Batch.COMMON_SIZE, common.length);
        _validateG1("common", common, 0);
        _validateG2("common", common, Groth16Batch.G1_SIZE);
        _validateG2("common", common, Groth16Batch.G1_SIZE + Groth16Batch.G2_SIZE);
    }

    function _validateCircuit(string memory name, bytes memory circuit, uint256 inputs) private view {
        _requireLength(name, _circuitSize(inputs), circuit.length);
        _validateG2(name, circuit, 0);
        for (uint256 offset = Groth16Batch.G2_SIZE; offset < circuit.length; offset += Groth16Batch.G1_SIZE) {
            _validateG1(name, circuit, offset);
        }
    }

    /// @param circuits an empty one is not used
    function _requireDistinctDeltas(bytes memory common, string[4] memory names, bytes[4] memory circuits) private pure {
        bytes32 gamma = _lineOf(common, Groth16Batch.G1_SIZE + Groth16Batch.G2_SIZE);
        for (uint256 i = 0; i < circuits.length; ++i) {
            if (circuits[i].length == 0) continue;
            bytes32 delta = _lineOf(circuits[i], 0);
            if (delta == gamma) revert DeltaEqualsGamma(names[i]);
            for (uint256 j = 0; j < i; ++j) {
                if (delta == _lineOf(circuits[j], 0)) revert DeltaShared(names[j], names[i]);
            }
        }
    }

    /// @dev Tells G2 points apart up to their sign: by x alone.
    function _lineOf(bytes memory key, uint256 offset) private pure returns (bytes32 hash) {
        uint256 position = _position(key, offset);
        assembly ("memory-safe") {
            hash := keccak256(position, 0x40)
        }
    }

    function _validateG1(string memory name, bytes memory key, uint256 offset) private pure {
        if (!Bn254.isG1(_position(key, offset))) revert InvalidKeyPoint(name, offset);
    }

    function _validateG2(string memory name, bytes memory key, uint256 offset) private view {
        if (!Bn254.isG2(_position(key, offset))) revert InvalidKeyPoint(name, offset);
    }

    function _position(bytes memory data, uint256 offset) private pure returns (uint256 position) {
        assembly ("memory-safe") {
            position := add(add(data, 0x20), offset)
        }
    }
}
