// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IForestParts} from "./interfaces/IForestParts.sol";
import {IForestVerifier, Statement} from "./interfaces/IForestVerifier.sol";
import {Checks} from "./libraries/Checks.sol";
import {Data} from "./libraries/Data.sol";
import {SlotFlagsLibrary} from "./types/SlotFlags.sol";
import {SlotRange, SlotRangeLibrary} from "./types/SlotRange.sol";

/// @title Proof forests in parts
/// @notice IForestParts has the reasons and every function's documentation.
contract ForestParts is IForestParts {
    /* IMMUTABLES */

    /// @inheritdoc IForestParts
    IForestVerifier public immutable verifier;
    uint256 private immutable arity;
    uint256 private immutable slotCount;

    /* STORAGE */

    /// @inheritdoc IForestParts
    mapping(bytes32 digest => bool) public isVerified;

    /// @dev Calldata positions of lists about the whole forest: of slot 0's entry, or where it would be if the list had
    /// one.
    struct Forest {
        uint256 keys;
        uint256 assigned;
        uint256 flags;
        uint256 contents;
        uint256 betas;
    }

    /// @dev Digests of lists about a range: of its own slots, then of the children of its nodes that are not in it.
    struct Lists {
        bytes32 keys;
        bytes32 assigned;
        bytes32 flags;
        bytes32 contents;
        bytes32 betas;
    }

    constructor(IForestVerifier verifier_) {
        verifier = verifier_;
        arity = verifier_.arity();
        slotCount = verifier_.slotCount();
    }

    /* VERIFICATION */

    /// @inheritdoc IForestParts
    function verifyPart(
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
    ) external returns (bytes32 digest) {
        SlotRange memory range = SlotRangeLibrary.create(arity, slotCount, first, end);
        Checks.requireFlags(flags, slotCount);
        uint256 flagsPosition;
        assembly ("memory-safe") {
            flagsPosition := flags.offset
        }
        // The lists have no slots but the range's and its children's, or the verifier refuses them.
        Lists memory lists;
        lists.keys = Data.hash(keys);
        lists.assigned = keccak256(assigned);
        lists.flags = _hashFlags(range, flagsPosition);
        lists.contents = Data.hash(contents);
        lists.betas = Data.hash(betas);
        digest = _digest(statement, range, rootCommitment, lists);
        if (isVerified[digest]) revert AlreadyVerified(digest);
        bool valid = verifier.verifyRange(
            statement,
            first,
            end,
            keys,
            assigned,
            flags,
            rootCommitment,
            contents,
            betas,
            proofs
        );
        if (!valid) revert InvalidPart(first, end);
        isVerified[digest] = true;
        emit PartVerified(statement.proposalId, first, end, digest);
    }

    /// @inheritdoc IForestParts
    function verifyParts(
        Statement calldata statement,
        uint256[] calldata keys,
        bytes calldata assigned,
        uint256[] calldata flags,
        uint256 rootCommitment,
        uint256[] calldata contents,
        uint256[] calldata betas,
        uint256[] calldata cuts
    ) external view returns (bool) {
        // Parts were verified with lists of their own: nothing has looked at these yet.
        Checks.requireLength("keys", slotCount, keys.length);
        Checks.requireLength("assigned", 2 * slotCount, assigned.length);
        Checks.requireLength("contents", slotCount - 1, contents.length);
        Checks.requireLength("betas", statement.roundSeed == 0 ? 0 : slotCount, betas.length);
        Checks.requireFlags(flags, slotCount);

        Forest memory forest;
        assembly ("memory-safe") {
            mstore(forest, keys.offset)
            mstore(add(forest, 0x20), assigned.offset)
            mstore(add(forest, 0x40), flags.offset)
            // The root has no content.
            mstore(add(forest, 0x60), sub(contents.offset, 0x20))
            mstore(add(forest, 0x80), betas.offset)
        }
        _requireVerified(statement, rootCommitment, forest, cuts);
        return true;
    }

    function _requireVerified(
        Statement calldata statement,
        uint256 rootCommitment,
        Forest memory forest,
        uint256[] calldata cuts
    ) private view {
        uint256 first = 0;
        for (uint256 i = 0; i <= cuts.length; ++i) {
            uint256 end = i == cuts.length ? slotCount : cuts[i];
            SlotRange memory range = SlotRangeLibrary.create(arity, slotCount, first, end);
            bytes32 digest = _digest(
                statement,
                range,
                rootCommitment,
                _listsOf(range, forest, statement.roundSeed != 0)
            );
            if (!isVerified[digest]) revert MissingPart(first, end);
            first = end;
        }
    }

    /* DIGESTS */

    /// @dev Every value has its own place, and the length of every list follows from the range and the statement:
    /// nothing can move from one to another.
    function _digest(
        Statement calldata statement,
        SlotRange memory range,
        uint256 rootCommitment,
        Lists memory lists
    ) private pure returns (bytes32) {
        // Only the root's proof depends on what it commits to.
        if (range.first != 0) rootCommitment = 0;
        return keccak256(abi.encode(statement, range.first, range.end, rootCommitment, lists));
    }

    /// @dev What `verifyPart` would be given about the range.
    function _listsOf(
        SlotRange memory range,
        Forest memory forest,
        bool hasBetas
    ) private pure returns (Lists memory lists) {
        lists.keys = _hashListed(range, forest.keys, 32, range.first);
        lists.assigned = _hashListed(range, forest.assigned, 2, range.first);
        lists.flags = _hashFlags(range, forest.flags);
        lists.contents = _hashListed(range, forest.contents, 32, range.first == 0 ? 1 : range.first);
        uint256 betas = hasBetas ? 32 : 0;
        lists.betas = _hashCalldata(forest.betas + betas * range.first, betas * range.count(), 0, 0);
    }

    /// @param list  calldata position of slot 0's entry
    /// @param bytes_ of an entry
    /// @param first the range's first slot that has one
    function _hashListed(
        SlotRange memory range,
        uint256 list,
        uint256 bytes_,
        uint256 first
    ) private pure returns (bytes32) {
        return
            _hashCalldata(
                list + bytes_ * first,
                bytes_ * (range.end - first),
                list + bytes_ * range.childrenFirst,
                bytes_ * (range.childrenEnd - range.childrenFirst)
            );
    }

    /// @dev Of the range's own slots votes and deliveries, of children outside only votes: who proves those does not
    /// matter to their parents.
    function _hashFlags(SlotRange memory range, uint256 flags) private pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    _flagsOf(flags, range.first, range.end, (1 << SlotFlagsLibrary.SLOTS) | 1),
                    _flagsOf(flags, range.childrenFirst, range.childrenEnd, 1)
                )
            );
    }

    /// @param flags calldata position of the first word
    /// @param kinds which flags, those of a word's first slot
    /// @return words the words with flags of the slots from `first` up to `end`, without those of other slots
    function _flagsOf(
        uint256 flags,
        uint256 first,
        uint256 end,
        uint256 kinds
    ) private pure returns (uint256[] memory words) {
        if (first == end) return words;
        uint256 firstWord = first / SlotFlagsLibrary.SLOTS;
        uint256 lastWord = (end - 1) / SlotFlagsLibrary.SLOTS;
        words = new uint256[](lastWord - firstWord + 1);
        for (uint256 word = firstWord; word <= lastWord; ++word) {
            uint256 from = word == firstWord ? first % SlotFlagsLibrary.SLOTS : 0;
            uint256 to = word == lastWord ? ((end - 1) % SlotFlagsLibrary.SLOTS) + 1 : SlotFlagsLibrary.SLOTS;
            uint256 all;
            assembly ("memory-safe") {
                all := calldataload(add(flags, shl(5, word)))
            }
            words[word - firstWord] = all & (((1 << to) - (1 << from)) * kinds);
        }
    }

    /// @return digest of two pieces of calldata, one after the other
    function _hashCalldata(
        uint256 first,
        uint256 firstBytes,
        uint256 second,
        uint256 secondBytes
    ) private pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            let copy := mload(0x40)
            calldatacopy(copy, first, firstBytes)
            calldatacopy(add(copy, firstBytes), second, secondBytes)
            digest := keccak256(copy, add(firstBytes, secondBytes))
        }
    }
}
