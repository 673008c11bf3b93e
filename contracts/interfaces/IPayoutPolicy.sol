// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;
interface IPayoutPolicy {
    function record(uint256 counter, bytes calldata transcript, uint256[] calldata flags) external;
    function fund(uint256 counter, uint256 amount) external returns (uint256 funded);
    function claim(uint256 counter, uint256 proverIndex) external returns (uint256 amount);
}
