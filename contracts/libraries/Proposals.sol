// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Order} from "../interfaces/IRollup.sol";
import {RoundId} from "../types/RoundId.sol";
import {Terms} from "../types/Terms.sol";

/// @notice The hashes that name domains, orders, proposals and commits. See docs/encodings.md.
library Proposals {
    bytes32 internal constant TAG_DOMAIN = "b52.domain";
    bytes32 internal constant TAG_ORDER = "b52.order";
    bytes32 internal constant TAG_PROPOSAL = "b52.proposal";
    bytes32 internal constant TAG_DATA = "b52.data";

    /// @return what every signature and proof binds: one chain and one rollup on it
    function domain(uint256 chainId, address rollup) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(TAG_DOMAIN, chainId, rollup))) >> 8;
    }

    function orderCommitment(
        uint256 domain_,
        RoundId roundId,
        address proposer,
        Order calldata order
    ) internal pure returns (bytes32) {
        bytes32 blobs = keccak256(abi.encodePacked(order.blobHashes));
        return
            keccak256(
                abi.encode(
                    TAG_ORDER,
                    domain_,
                    roundId,
                    proposer,
                    order.txsRoot,
                    order.txCount,
                    blobs,
                    order.operationsHash,
                    order.salt
                )
            );
    }

    function proposalId(
        uint256 domain_,
        uint256 parent,
        Terms terms,
        bytes32 order,
        address proposer
    ) internal pure returns (uint256) {
        return
            uint256(
                keccak256(
                    abi.encode(TAG_PROPOSAL, domain_, terms.roundId(), parent, order, terms.proverShareBps(), proposer)
                )
            ) >> 8;
    }

    function commitDigest(
        Terms terms,
        bytes32 order,
        bytes32 transcriptHash,
        uint256 committedAt
    ) internal pure returns (uint192 digest) {
        // uint192(uint256(keccak256(abi.encode(terms, order, transcriptHash, committedAt)))), without taking the
        // memory: every commit pays for this.
        assembly ("memory-safe") {
            let preimage := mload(0x40)
            mstore(preimage, terms)
            mstore(add(preimage, 32), order)
            mstore(add(preimage, 64), transcriptHash)
            mstore(add(preimage, 96), committedAt)
            digest := shr(64, shl(64, keccak256(preimage, 128)))
        }
    }

    /// @return z the point at which a block's polynomial is evaluated, fixed once the order is; below both fields
    function dataPoint(bytes32 order) internal pure returns (uint256 z) {
        return uint256(keccak256(abi.encode(TAG_DATA, order))) >> 8;
    }

    /// @return the one word that is kept of a reveal
    function revealDigest(
        uint256 txsRoot,
        uint256 txCount,
        uint256 dataEval,
        uint256 l1OpCount
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(txsRoot, txCount, dataEval, l1OpCount));
    }
}
