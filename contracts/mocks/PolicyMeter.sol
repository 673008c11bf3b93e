// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Entry, IScorePolicy} from "../interfaces/IScorePolicy.sol";
import {LogMath} from "../libraries/LogMath.sol";

/// @notice Calls a policy as a rollup does, once in a transaction, and tells what it costs: the cold account, the
/// encoding of the entry, the policy.
contract PolicyMeter {
    function lnGas(uint256 x) external view returns (uint256 gasUsed) {
        gasUsed = gasleft();
        LogMath.ln(x);
        gasUsed -= gasleft();
    }

    function scoreGas(IScorePolicy policy, Entry memory entry) external view returns (uint256 gasUsed) {
        gasUsed = gasleft();
        policy.score(entry);
        gasUsed -= gasleft();
    }

    function fractionGas(IScorePolicy policy, uint256 score, uint256 bps) external view returns (uint256 gasUsed) {
        gasUsed = gasleft();
        policy.fraction(score, bps);
        gasUsed -= gasleft();
    }

    function nextExponentGas(
        IScorePolicy policy,
        uint256 exponent,
        uint256 provers
    ) external view returns (uint256 gasUsed) {
        gasUsed = gasleft();
        policy.nextExponent(exponent, provers);
        gasUsed -= gasleft();
    }
}
