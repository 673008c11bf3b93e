// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IForestVerifier, NodeContext, NodeStatement, Statement} from "./interfaces/IForestVerifier.sol";
import {Checks} from "./libraries/Checks.sol";
import {CodePage} from "./libraries/CodePage.sol";
import {CompressedInputs} from "./libraries/CompressedInputs.sol";
import {BLOB_FIELD, FIELD} from "./libraries/Constants.sol";
import {Groth16Batch} from "./libraries/Groth16Batch.sol";
import {NodeNumbering} from "./libraries/NodeNumbering.sol";
import {PowerSums} from "./libraries/PowerSums.sol";
import {SingleProof} from "./libraries/SingleProof.sol";
import {VerifyingKeys} from "./libraries/VerifyingKeys.sol";
import {SlotRange, SlotRangeLibrary} from "./types/SlotRange.sol";

/// @title The verifier of proof forests
/// @notice Every node of a block's proof tree is a Groth16 proof of its own, wired to its children by content hashes
/// that are public inputs. This contract derives all public inputs of all nodes from what the block claims, and
/// verifies all proofs in one pairing product (see Groth16Batch for why that is sound), or those of a range of slots,
/// or of some slots.
///
/// Proof j of the batch is the one of the j-th of these slots, with the coefficient `ratio^j`. One circuit serves a
/// contiguous range of slots: the root slot 0, the merges up to the first base slot, then the bases: first those of L1
/// operations, as many as the block's count of operations needs, the rest transfers. Of each public input the batch
/// only needs the sum weighted with the coefficients, so a value that all nodes share costs one multiplication, and one
/// that differs costs a step of Horner's rule in each node.
///
/// The contract has no state and no owner. Verifying keys are data, fixed at deployment.
contract ForestVerifier is IForestVerifier {
    using Groth16Batch for Groth16Batch.Batch;

    /* CONSTANTS */

    /// @dev Of transfers and of operations.
    uint256 private constant BASE_INPUTS = 8;
    uint256 private constant KEY_OWNERSHIP_INPUTS = 5;
    /// @dev Circuits of a forest.
    uint256 private constant CIRCUITS = 4;
    uint256 private constant STATEMENT_WORDS = 14;
    /// @dev The word of a statement that is a value of BLOB_FIELD.
    uint256 private constant DATA_EVAL = 12;
    /// @dev V of the root before childContent and childKey.
    uint256 private constant ROOT_VALUES = 20;
    /// @dev Circuits have values of BLOB_FIELD in three limbs: two of so many bits, and the rest.
    uint256 private constant LIMB_BITS = 86;
    uint256 private constant LIMB_MASK = (1 << LIMB_BITS) - 1;
    /// @dev The voted and the delivered bit of the first slot in a flag word.
    uint256 private constant FLAGS_OF_SLOT = 0x10000000000000001;
    /// @dev Bits of one count in childAssigned: a slot count must be below 2^14.
    uint256 private constant ASSIGNED_BITS = 14;
    uint256 private constant MAX_ASSIGNED = 0x3fff;

    /* ERRORS */

    error UnsupportedLevels(uint256 levels);
    error UnsupportedOperationsPerBase(uint256 operationsPerBase);

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

    /// @dev `common | keyOwnership | root | base | merge | operations`
    address private immutable keyPage;
    uint256 private immutable keyPageSize;
    uint256 private immutable arityBits;
    uint256 private immutable firstBaseSlot;

    /* CONSTRUCTOR */

    /// @param operationsPerBase_ from 1 to 2^16 - 1
    /// @param common_            what all circuits share; VerifyingKeys has the layouts
    /// @param merge              not looked at when `levels_` is 1: then the root merges the bases
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
        if (operationsPerBase_ == 0 || operationsPerBase_ > type(uint16).max) {
            revert UnsupportedOperationsPerBase(operationsPerBase_);
        }
        arity = arity_;
        levels = levels_;
        operationsPerBase = operationsPerBase_;
        arityBits = bits;
        slotCount = NodeNumbering.firstSlot(bits, levels_ + 1);
        firstBaseSlot = NodeNumbering.firstSlot(bits, levels_);

        VerifyingKeys.Circuit[] memory circuits = new VerifyingKeys.Circuit[](5);
        circuits[0] = VerifyingKeys.Circuit("keyOwnership", KEY_OWNERSHIP_INPUTS, keyOwnership);
        circuits[1] = VerifyingKeys.Circuit("root", CompressedInputs.COUNT, root);
        circuits[2] = VerifyingKeys.Circuit("base", BASE_INPUTS, base);
        circuits[3] = VerifyingKeys.Circuit("merge", levels_ == 1 ? 0 : _mergeInputs(arity_), merge);
        circuits[4] = VerifyingKeys.Circuit("operations", BASE_INPUTS, operations);
        bytes memory page = VerifyingKeys.validated(common_, circuits);
        keyPage = CodePage.write(page);
        keyPageSize = page.length;
        keysHash = keccak256(abi.encode(arity_, levels_, operationsPerBase_, page));
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
        SlotRange memory whole = SlotRangeLibrary.create(arity, slotCount, 0, slotCount);
        return _verify(statement, whole, keys, assigned, flags, rootCommitment, contents, betas, proofs);
    }

    /// @inheritdoc IForestVerifier
    function verifyRange(
        Statement calldata statement,
        uint256 first,
        uint256 end,
        uint256[] calldata keys,
        bytes calldata assigned,
        uint256[] calldata flags,
        uint256 rootCommitment,
        uint256[] calldata contents,
        uint256[] calldata betas,
        bytes calldata proofs
    ) external view returns (bool) {
        SlotRange memory range = SlotRangeLibrary.create(arity, slotCount, first, end);
        return _verify(statement, range, keys, assigned, flags, rootCommitment, contents, betas, proofs);
    }

    /// @inheritdoc IForestVerifier
    function verifyNodes(
        NodeContext calldata context,
        NodeStatement[] calldata nodes,
        bytes calldata proofs
    ) external view returns (bool) {
        _requireCanonical(context);
        _requireSlots(nodes);
        Checks.requireLength("proofs", Groth16Batch.PROOF_SIZE * nodes.length, proofs.length);
        uint256 operationsEnd = firstBaseSlot + _operationNodes(context.l1OpCount);
        uint256 position;
        assembly ("memory-safe") {
            position := proofs.offset
        }
        uint256 common = CodePage.load(keyPage, keyPageSize);
        Groth16Batch.Batch memory batch = Groth16Batch.start(position, nodes.length, CIRCUITS, _batchRatio());
        uint256 next = _addNodes(batch, common + _mergeCircuit(), context, nodes, 0, firstBaseSlot);
        next = _addNodes(batch, common + _operationCircuit(), context, nodes, next, operationsEnd);
        _addNodes(batch, common + _baseCircuit(), context, nodes, next, slotCount);
        return batch.check(common);
    }

    /// @inheritdoc IForestVerifier
    function verifyKeyOwnership(
        uint256 key,
        address owner,
        uint256 domain,
        uint256 seed,
        uint256 beta,
        bytes calldata proof
    ) external view returns (bool) {
        uint256[] memory inputs = new uint256[](1 + KEY_OWNERSHIP_INPUTS);
        (inputs[1], inputs[2], inputs[3], inputs[4], inputs[5]) = (key, uint160(owner), domain, seed, beta);
        return SingleProof.verify(keyPage, keyPageSize, Groth16Batch.COMMON_SIZE, inputs, proof);
    }

    /* RANGES */

    /// @dev Calldata positions of the lists, so that they are read without bounds checks once their lengths are known:
    /// where the entry of slot 0 would be if the list had one.
    struct Slots {
        uint256 keys;
        uint256 assigned;
        uint256 flags;
        uint256 contents;
        uint256 betas; // of the range's own slots, if the round has a seed
    }

    function _verify(
        Statement calldata statement,
        SlotRange memory range,
        uint256[] calldata keys,
        bytes calldata assigned,
        uint256[] calldata flags,
        uint256 rootCommitment,
        uint256[] calldata contents,
        uint256[] calldata betas,
        bytes calldata proofs
    ) private view returns (bool) {
        uint256 listed = range.listed();
        Checks.requireLength("keys", listed, keys.length);
        Checks.requireLength("assigned", 2 * listed, assigned.length);
        // The root has no content.
        Checks.requireLength("contents", range.first == 0 ? listed - 1 : listed, contents.length);
        Checks.requireLength("proofs", Groth16Batch.PROOF_SIZE * range.count(), proofs.length);
        Checks.requireFlags(flags, slotCount);
        _requireCanonical(statement);
        Checks.requireCanonical(rootCommitment);
        Checks.requireLength("betas", statement.roundSeed == 0 ? 0 : range.count(), betas.length);

        Slots memory slots;
        uint256 first = range.first;
        uint256 position;
        assembly ("memory-safe") {
            mstore(slots, sub(keys.offset, shl(5, first)))
            mstore(add(slots, 0x20), sub(assigned.offset, shl(1, first)))
            mstore(add(slots, 0x40), flags.offset)
            mstore(add(slots, 0x60), sub(sub(contents.offset, shl(5, first)), shl(5, iszero(first))))
            mstore(add(slots, 0x80), sub(betas.offset, shl(5, first)))
            position := proofs.offset
        }
        return _verifyBatch(statement, range, slots, rootCommitment, position);
    }

    /// @param position of the first proof in calldata
    function _verifyBatch(
        Statement calldata statement,
        SlotRange memory range,
        Slots memory slots,
        uint256 rootCommitment,
        uint256 position
    ) private view returns (bool) {
        uint256 common = CodePage.load(keyPage, keyPageSize);
        Groth16Batch.Batch memory batch = Groth16Batch.start(position, range.count(), CIRCUITS, _batchRatio());
        (uint256 first, uint256 end) = (range.first, range.end);
        (uint256[] memory merge, uint256[] memory base) = _sums(range, slots, batch.ratio);
        if (first == 0) {
            batch.add(common + _rootCircuit(), _rootScalars(statement, slots, rootCommitment), 1);
            ++first;
        }
        if (first < end && first < firstBaseSlot) {
            uint256 stop = end < firstBaseSlot ? end : firstBaseSlot;
            _complete(merge, statement, slots, batch, first, stop);
            batch.add(common + _mergeCircuit(), merge, stop - first);
            first = stop;
        }
        if (first == end) return batch.check(common);

        _complete(base, statement, slots, batch, first, end);
        uint256 operationsEnd = firstBaseSlot + _operationNodes(statement.l1OpCount);
        if (first < operationsEnd) {
            uint256 stop = end < operationsEnd ? end : operationsEnd;
            uint256[] memory operations = _operationSums(slots, first, stop, batch.ratio);
            _complete(operations, statement, slots, batch, first, stop);
            // What bases of both kinds sum up to, less the operations: transfers.
            for (uint256 i = 0; i < base.length; ++i) {
                base[i] = addmod(base[i], FIELD - operations[i], FIELD);
            }
            batch.add(common + _operationCircuit(), operations, stop - first);
            first = stop;
        }
        if (first < end) batch.add(common + _baseCircuit(), base, end - first);
        return batch.check(common);
    }

    /// @dev Hashes the whole call (the statement, all that public inputs are derived from, the proofs) and what the
    /// calls of one deployment have in common. Never 0, so no coefficient is.
    function _batchRatio() private view returns (uint256 ratio) {
        bytes32 deployment = keysHash;
        assembly ("memory-safe") {
            let input := mload(0x40)
            calldatacopy(input, 0, calldatasize())
            mstore(add(input, calldatasize()), deployment)
            ratio := add(mod(keccak256(input, add(calldatasize(), 0x20)), sub(FIELD, 1)), 1)
        }
    }

    /// @return how many bases prove operations
    function _operationNodes(uint256 l1OpCount) private view returns (uint256) {
        uint256 places = operationsPerBase * (slotCount - firstBaseSlot);
        if (l1OpCount > places) revert TooManyOperations(l1OpCount, places);
        return (l1OpCount + operationsPerBase - 1) / operationsPerBase;
    }

    /* SCALARS OF THE ROOT */

    function _rootScalars(
        Statement calldata statement,
        Slots memory slots,
        uint256 rootCommitment
    ) private view returns (uint256[] memory scalars) {
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
        values[8] = statement.dataEval & LIMB_MASK;
        values[9] = (statement.dataEval >> LIMB_BITS) & LIMB_MASK;
        values[10] = statement.dataEval >> (2 * LIMB_BITS);
        values[11] = statement.proversRoot;
        values[12] = statement.domain;
        values[13] = statement.proposalId;
        values[14] = statement.burnBid;
        values[15] = key * delivered;
        values[16] = statement.roundSeed;
        if (statement.roundSeed != 0) values[17] = _validBeta(slots, 0);
        values[18] = key;
        for (uint256 i = 0; i < children; ++i) {
            (uint256 childKey, uint256 childAssigned, uint256 childVoted, ) = _slot(slots, 1 + i);
            assigned |= childAssigned << (ASSIGNED_BITS * i);
            voted |= childVoted << i;
            values[1 + ROOT_VALUES + i] = _content(slots, 1 + i);
            values[1 + ROOT_VALUES + children + i] = childKey;
        }
        values[19] = assigned;
        values[20] = voted;
        scalars = CompressedInputs.compress(values);
        scalars[0] = 1;
    }

    /* SCALARS OF THE OTHER NODES */

    /// @dev Merges and bases of both kinds have their public inputs in this order: content, what only merges have, two
    /// values that all nodes of the kind share, proposalId, node, workerKey, roundSeed, beta. Indexes from the end:
    uint256 private constant BETA = 1;
    uint256 private constant ROUND_SEED = 2;
    uint256 private constant WORKER_KEY = 3;
    uint256 private constant NODE = 4;
    uint256 private constant PROPOSAL_ID = 5;
    /// @dev Of a merge burnBid and domain, of a base domain and z.
    uint256 private constant SHARED = 7;
    uint256 private constant CONTENT = 1;

    /// @dev Validates all slots that lists about the range have, and sums over them by Horner's rule, from the last
    /// slot to the first: the first one of each circuit gets weight 1.
    /// @return merge sums over the range's merges, of what differs from node to node: content, workerKey, and what they
    /// say of their children
    /// @return base  sums over the range's bases, of both kinds: content and workerKey
    function _sums(
        SlotRange memory range,
        Slots memory slots,
        uint256 ratio
    ) private view returns (uint256[] memory merge, uint256[] memory base) {
        uint256 firstBase = firstBaseSlot;
        merge = new uint256[](1 + _mergeInputs(arity));
        base = new uint256[](1 + BASE_INPUTS);
        uint256[] memory unused = new uint256[](merge.length);

        uint256 firstMerge = range.first == 0 ? 1 : range.first;
        // Slots below are children of the root or of nodes outside the range.
        uint256 families = arity * firstMerge + 1;
        _addSlots(
            _childSlots(range, slots),
            range.childrenFirst,
            range.childrenEnd,
            families,
            ratio,
            unused,
            merge,
            unused
        );
        uint256 first = range.first < firstBase ? firstBase : range.first;
        _addSlots(slots, first, range.end, families, ratio, base, merge, unused);
        uint256 end = range.end < firstBase ? range.end : firstBase;
        _addSlots(slots, firstMerge, end, families, ratio, merge, merge, unused);
    }

    /// @dev Positions for the children outside the range: what lists have of them follows what they have of the range.
    function _childSlots(SlotRange memory range, Slots memory slots) private pure returns (Slots memory children) {
        unchecked {
            uint256 shift = range.childrenFirst - range.end;
            children.keys = slots.keys - 32 * shift;
            children.assigned = slots.assigned - 2 * shift;
            children.flags = slots.flags;
            children.contents = slots.contents - 32 * shift;
        }
    }

    /// @param families where the children of the range's merges begin
    /// @param own      sums over content and workerKey
    /// @param parents  sums over childContent, childKey, childAssigned and mask
    /// @param unused   takes what no circuit needs
    function _addSlots(
        Slots memory slots,
        uint256 first,
        uint256 end,
        uint256 families,
        uint256 ratio,
        uint256[] memory own,
        uint256[] memory parents,
        uint256[] memory unused
    ) private view {
        if (families < end) {
            uint256 start = families < first ? first : families;
            _addFamilies(slots, start, end, ratio, own, parents);
            end = start;
        }
        _addFamilies(slots, first, end, ratio, own, unused);
    }

    /// @dev Whole families of siblings, from the last one to the first.
    function _addFamilies(
        Slots memory slots,
        uint256 first,
        uint256 end,
        uint256 ratio,
        uint256[] memory own,
        uint256[] memory parents
    ) private view {
        if (first >= end) return;
        uint256 word = 32 * end;
        first *= 32;
        uint256 width = 32 * arity;
        uint256 workerKey = own.length - WORKER_KEY;
        assembly ("memory-safe") {
            // `word` is 32 times the slot. The slots' own sums are kept in scratch space, because the stack is full.
            workerKey := add(add(own, 0x20), shl(5, workerKey))
            mstore(0x00, mload(add(own, 0x40)))
            mstore(0x20, mload(workerKey))
            // parents[2 + i] is childContent[i], parents[2 + arity + i] is childKey[i].
            let sums := add(parents, 0x60)
            for {} gt(word, first) {} {
                let assigned := 0
                let mask := 0
                for {
                    let sum := add(sums, width)
                } gt(sum, sums) {} {
                    sum := sub(sum, 0x20)
                    word := sub(word, 0x20)

                    let value := calldataload(add(mload(add(slots, 0x60)), word))
                    if iszero(lt(value, FIELD)) {
                        first := not(0)
                        break
                    }
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
                    case 0 {
                        if or(held, flags) {
                            first := not(0)
                            break
                        }
                    }
                    default {
                        if iszero(and(lt(value, FIELD), lt(sub(held, 1), MAX_ASSIGNED))) {
                            first := not(0)
                            break
                        }
                    }
                    mstore(0x20, addmod(mulmod(mload(0x20), ratio, FIELD), mul(value, shr(64, flags)), FIELD))
                }
                let sum := add(sums, shl(1, width))
                mstore(sum, addmod(mulmod(mload(sum), ratio, FIELD), assigned, FIELD))
                mstore(add(sum, 0x20), addmod(mulmod(mload(add(sum, 0x20)), ratio, FIELD), mask, FIELD))
            }
            mstore(add(own, 0x40), mload(0x00))
            mstore(workerKey, mload(0x20))
        }
        if (first == type(uint256).max) _refuse(slots, word / 32);
    }

    /// @dev The operations' part of what `_sums` has of the bases: they end wherever the count of operations says, be
    /// it within a family.
    function _operationSums(
        Slots memory slots,
        uint256 first,
        uint256 end,
        uint256 ratio
    ) private pure returns (uint256[] memory sums) {
        sums = new uint256[](1 + BASE_INPUTS);
        uint256 contents;
        uint256 workerKeys;
        while (end > first) {
            (uint256 key, , , uint256 delivered) = _slot(slots, --end);
            contents = addmod(mulmod(contents, ratio, FIELD), _content(slots, end), FIELD);
            workerKeys = addmod(mulmod(workerKeys, ratio, FIELD), key * delivered, FIELD);
        }
        sums[CONTENT] = contents;
        sums[sums.length - WORKER_KEY] = workerKeys;
    }

    /// @dev Makes Horner's sums over the slots of one circuit its scalars: adds what they have in common, and gives the
    /// first slot the coefficient that the batch has come to.
    function _complete(
        uint256[] memory sums,
        Statement calldata statement,
        Slots memory slots,
        Groth16Batch.Batch memory batch,
        uint256 first,
        uint256 end
    ) private view {
        uint256 length = sums.length;
        (sums[0], sums[length - NODE]) = _placeSums(first, end, batch.ratio);
        if (statement.roundSeed != 0) sums[length - BETA] = _betaSum(slots, first, end, batch.ratio);
        uint256 coefficient = batch.coefficient;
        for (uint256 i = 0; i < length; ++i) {
            sums[i] = mulmod(sums[i], coefficient, FIELD);
        }
        bool isMerge = first < firstBaseSlot;
        (uint256 domain, uint256 burnBid, uint256 z) = (statement.domain, statement.burnBid, statement.z);
        if (isMerge) _setShared(sums, burnBid, domain, statement.proposalId, statement.roundSeed);
        else _setShared(sums, domain, z, statement.proposalId, statement.roundSeed);
    }

    /// @dev What all nodes of the kind share, times the sum of their coefficients.
    function _setShared(
        uint256[] memory sums,
        uint256 shared,
        uint256 alsoShared,
        uint256 proposalId,
        uint256 roundSeed
    ) private pure {
        (uint256 ones, uint256 length) = (sums[0], sums.length);
        sums[length - SHARED] = mulmod(shared, ones, FIELD);
        sums[length - SHARED + 1] = mulmod(alsoShared, ones, FIELD);
        sums[length - PROPOSAL_ID] = mulmod(proposalId, ones, FIELD);
        sums[length - ROUND_SEED] = mulmod(roundSeed, ones, FIELD);
    }

    /// @dev Sums over the VRF outputs of the slots from `first` up to `end`. Apart from the other sums, because most
    /// rounds have none.
    function _betaSum(
        Slots memory slots,
        uint256 first,
        uint256 end,
        uint256 ratio
    ) private pure returns (uint256 sum) {
        while (end > first) {
            sum = addmod(mulmod(sum, ratio, FIELD), _validBeta(slots, --end), FIELD);
        }
    }

    /// @return ones  sum of the weights of the slots from `first` up to `end`; the first has weight 1
    /// @return nodes sum of weight times node
    function _placeSums(uint256 first, uint256 end, uint256 ratio) private view returns (uint256 ones, uint256 nodes) {
        uint256 bits = arityBits;
        (uint256 depth, uint256 start, uint256 next) = NodeNumbering.layerOf(bits, first);
        for (uint256 weight = 1; first < end; (++depth, start = next, next = (next << bits) + 1)) {
            uint256 stop = end < next ? end : next;
            (uint256 sum, uint256 indexes, uint256 power) = PowerSums.geometric(ratio, stop - first);
            indexes = addmod(indexes, mulmod(NodeNumbering.node(depth, first - start), sum, FIELD), FIELD);
            ones = addmod(ones, mulmod(weight, sum, FIELD), FIELD);
            nodes = addmod(nodes, mulmod(weight, indexes, FIELD), FIELD);
            weight = mulmod(weight, power, FIELD);
            first = stop;
        }
    }

    /* SINGLE NODES */

    /// @dev Adds the nodes of one circuit: those from number `first` on whose slots are below `end`.
    /// @return next the number of the first node that is not
    function _addNodes(
        Groth16Batch.Batch memory batch,
        uint256 circuit,
        NodeContext calldata context,
        NodeStatement[] calldata nodes,
        uint256 first,
        uint256 end
    ) private view returns (uint256 next) {
        next = first;
        if (next == nodes.length || nodes[next].slot >= end) return next;
        bool isMerge = nodes[next].slot < firstBaseSlot;
        uint256[] memory sums = new uint256[](1 + (isMerge ? _mergeInputs(arity) : BASE_INPUTS));
        uint256 coefficient = batch.coefficient;
        for (; next < nodes.length; ++next) {
            NodeStatement calldata node = nodes[next];
            if (node.slot >= end) break;
            _addNode(sums, coefficient, node);
            if (isMerge) _addChildren(sums, coefficient, node);
            else _requireChildren(node, 0);
            coefficient = mulmod(coefficient, batch.ratio, FIELD);
        }
        (uint256 domain, uint256 burnBid, uint256 z) = (context.domain, context.burnBid, context.z);
        if (isMerge) _setShared(sums, burnBid, domain, context.proposalId, context.roundSeed);
        else _setShared(sums, domain, z, context.proposalId, context.roundSeed);
        batch.add(circuit, sums, next - first);
    }

    /// @dev Of a node, what all kinds have.
    function _addNode(uint256[] memory sums, uint256 coefficient, NodeStatement calldata node) private view {
        uint256 length = sums.length;
        _add(sums, 0, coefficient, 1);
        _add(sums, CONTENT, coefficient, node.content);
        _add(sums, length - NODE, coefficient, NodeNumbering.nodeAt(arityBits, node.slot));
        _add(sums, length - WORKER_KEY, coefficient, node.workerKey);
        _add(sums, length - BETA, coefficient, node.beta);
    }

    /// @dev Of a merge, what it says of its children.
    function _addChildren(uint256[] memory sums, uint256 coefficient, NodeStatement calldata node) private view {
        uint256 children = arity;
        _requireChildren(node, children);
        (uint256[] calldata contents, uint256[] calldata keys) = (node.childContents, node.childKeys);
        uint256[] calldata counts = node.childAssigned;
        uint256 slot = children * node.slot + 1;
        uint256 mask = node.mask;
        uint256 packed = 0;
        for (uint256 i = 0; i < children; ++i) {
            (uint256 key, uint256 assigned) = (keys[i], counts[i]);
            _requireSlot(slot + i, key, assigned, (mask >> i) & 1);
            _add(sums, 2 + i, coefficient, contents[i]);
            _add(sums, 2 + children + i, coefficient, key);
            packed |= assigned << (ASSIGNED_BITS * i);
        }
        _add(sums, 2 + 2 * children, coefficient, packed);
        _add(sums, 3 + 2 * children, coefficient, mask);
    }

    /// @dev sums[i] += coefficient * value
    function _add(uint256[] memory sums, uint256 i, uint256 coefficient, uint256 value) private pure {
        Checks.requireCanonical(value);
        assembly ("memory-safe") {
            let sum := add(sums, shl(5, add(i, 1)))
            mstore(sum, addmod(mload(sum), mulmod(coefficient, value, FIELD), FIELD))
        }
    }

    function _requireChildren(NodeStatement calldata node, uint256 children) private pure {
        uint256 contents = node.childContents.length;
        if (contents != children) revert InvalidLength("childContents", children, contents);
        uint256 keys = node.childKeys.length;
        if (keys != children) revert InvalidLength("childKeys", children, keys);
        uint256 counts = node.childAssigned.length;
        if (counts != children) revert InvalidLength("childAssigned", children, counts);
        if (node.mask >> children != 0) revert InvalidMask(node.mask);
    }

    function _requireSlots(NodeStatement[] calldata nodes) private view {
        if (nodes.length == 0) revert NoNodes();
        uint256 previous = 0;
        for (uint256 i = 0; i < nodes.length; ++i) {
            uint256 slot = nodes[i].slot;
            if (slot == 0 || slot >= slotCount) revert InvalidSlot(slot);
            if (slot <= previous) revert SlotsNotAscending(previous, slot);
            previous = slot;
        }
    }

    /* SLOTS */

    function _validSlot(
        Slots memory slots,
        uint256 slot
    ) private pure returns (uint256 key, uint256 assigned, uint256 voted, uint256 delivered) {
        (key, assigned, voted, delivered) = _slot(slots, slot);
        _requireSlot(slot, key, assigned, voted | delivered);
    }

    function _requireSlot(uint256 slot, uint256 key, uint256 assigned, uint256 flags) private pure {
        Checks.requireCanonical(key);
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

    function _slot(
        Slots memory slots,
        uint256 slot
    ) private pure returns (uint256 key, uint256 assigned, uint256 voted, uint256 delivered) {
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
        Checks.requireCanonical(beta);
        (, , , uint256 delivered) = _slot(slots, slot);
        if (beta != 0 && delivered == 0) revert BetaWithoutDelivery(slot);
    }

    /* CHECKS */

    function _requireCanonical(Statement calldata statement) private pure {
        for (uint256 i = 0; i < STATEMENT_WORDS; ++i) {
            uint256 value;
            assembly ("memory-safe") {
                value := calldataload(add(statement, shl(5, i)))
            }
            if (value >= FIELD && (i != DATA_EVAL || value >= BLOB_FIELD)) revert NotCanonical(value);
        }
    }

    /// @dev `l1OpCount` is held to the number of places instead.
    function _requireCanonical(NodeContext calldata context) private pure {
        Checks.requireCanonical(context.domain);
        Checks.requireCanonical(context.proposalId);
        Checks.requireCanonical(context.z);
        Checks.requireCanonical(context.roundSeed);
        Checks.requireCanonical(context.burnBid);
    }

    /* VERIFYING KEYS */

    function _mergeInputs(uint256 children) private pure returns (uint256) {
        return 10 + 2 * children;
    }

    /// @dev Offset in the key page, and so are the next ones.
    function _rootCircuit() private pure returns (uint256) {
        return Groth16Batch.COMMON_SIZE + VerifyingKeys.size(KEY_OWNERSHIP_INPUTS);
    }

    function _baseCircuit() private pure returns (uint256) {
        return _rootCircuit() + VerifyingKeys.size(CompressedInputs.COUNT);
    }

    function _mergeCircuit() private pure returns (uint256) {
        return _baseCircuit() + VerifyingKeys.size(BASE_INPUTS);
    }

    /// @dev The last one.
    function _operationCircuit() private view returns (uint256) {
        return keyPageSize - VerifyingKeys.size(BASE_INPUTS);
    }
}
