// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PoseidonT3} from "poseidon-solidity/PoseidonT3.sol";

/// @notice What the rollup does not do, to be compared with what it does: an exit claimed by a binary Poseidon path that L1 hashes itself.
/// See docs/decisions/exit-claims.md.
contract PoseidonPathMeter {
    error WrongRoot(uint256 root, uint256 expected);

    /// @notice Reverts unless `leaf` is the one at `index` under `root`. As a transaction, it costs what a claim would, without the bookkeeping and the payment.
    /// @param siblings from the leaf upwards
    function check(uint256 root, uint256 leaf, uint256 index, uint256[] calldata siblings) external {
        uint256 node = leaf;
        for (uint256 i = 0; i < siblings.length; ++i) {
            node = index >> i & 1 == 0 ? PoseidonT3.hash([node, siblings[i]]) : PoseidonT3.hash([siblings[i], node]);
        }
        if (node != root) revert WrongRoot(node, root);
    }
}
