// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bn254, FIELD, BASE_FIELD} from "../../../contracts/libraries/Bn254.sol";
import {CodePage} from "../../../contracts/libraries/CodePage.sol";
import {NodeNumbering} from "../../../contracts/libraries/NodeNumbering.sol";
import {PowerSums} from "../../../contracts/libraries/PowerSums.sol";
import {vm} from "../support/Vm.sol";

contract ForestLibrariesTest {
    /* POWER SUMS */

    function testFuzz_GeometricEqualsTheSumTermByTerm(uint256 ratio, uint8 seed) public pure {
        ratio %= FIELD;
        uint256 count = 1 + uint256(seed);
        uint256 expectedSum;
        uint256 expectedIndexSum;
        uint256 expectedPower = 1;
        for (uint256 i = 0; i < count; ++i) {
            expectedSum = addmod(expectedSum, expectedPower, FIELD);
            expectedIndexSum = addmod(expectedIndexSum, mulmod(i, expectedPower, FIELD), FIELD);
            expectedPower = mulmod(expectedPower, ratio, FIELD);
        }
        (uint256 sum, uint256 indexSum, uint256 power) = PowerSums.geometric(ratio, count);
        vm.assertEq(sum, expectedSum, "sum");
        vm.assertEq(indexSum, expectedIndexSum, "index sum");
        vm.assertEq(power, expectedPower, "power");
    }

    /* CODE PAGE */

    function testFuzz_PageKeepsItsBytes(bytes memory data) public {
        _assertKept(data);
    }

    function test_PageKeepsTheLargestData() public {
        bytes memory data = new bytes(24_575);
        data[0] = 0xef;
        data[24_574] = 0x01;
        _assertKept(data);
    }

    function test_PageRefusesDataThatIsTooLarge() public {
        vm.expectRevert(abi.encodeWithSelector(CodePage.PageTooLarge.selector, 24_576, 24_575));
        this.write(new bytes(24_576));
    }

    /// @dev The gas of a call is too little for its bytes, but enough to say so with what a creation leaves.
    function test_PageWithoutGasForItsBytesIsNotCreated() public {
        vm.expectRevert(abi.encodeWithSelector(CodePage.PageNotCreated.selector));
        this.write{gas: 3_000_000}(new bytes(20_000));
    }

    function write(bytes memory data) external returns (address) {
        return CodePage.write(data);
    }

    function _assertKept(bytes memory data) private {
        address page = CodePage.write(data);
        uint256 pointer = CodePage.load(page, data.length);
        bytes32 kept;
        uint256 size = data.length;
        assembly ("memory-safe") {
            kept := keccak256(pointer, size)
        }
        vm.assertTrue(kept == keccak256(data), "bytes");
        vm.assertEq(page.code.length, size + 1, "size");
        vm.assertTrue(page.code[0] == 0, "STOP");
    }

    /* NODE NUMBERING */

    function testFuzz_LayersFollowEachOther(uint8 seed, uint8 depthSeed) public pure {
        uint256 bits = 1 + (seed % 4);
        uint256 depth = depthSeed % 6;
        uint256 first = NodeNumbering.firstSlot(bits, depth);
        vm.assertEq(NodeNumbering.firstSlot(bits, depth + 1), first + (1 << (bits * depth)), "width");
        // The first child of the first node opens the next layer.
        vm.assertEq(NodeNumbering.firstSlot(bits, depth + 1), (first << bits) + 1, "first child");
    }

    function testFuzz_EverySlotHasItsNode(uint8 seed, uint8 depthSeed, uint256 indexSeed) public pure {
        uint256 bits = 1 + (seed % 4);
        uint256 depth = depthSeed % 6;
        uint256 index = indexSeed % (1 << (bits * depth));
        uint256 slot = NodeNumbering.firstSlot(bits, depth) + index;
        vm.assertEq(NodeNumbering.nodeAt(bits, slot), NodeNumbering.node(depth, index), "node");
        (uint256 layer, uint256 first, uint256 next) = NodeNumbering.layerOf(bits, slot);
        vm.assertEq(layer, depth, "depth");
        vm.assertEq(first, NodeNumbering.firstSlot(bits, depth), "first");
        vm.assertEq(next, NodeNumbering.firstSlot(bits, depth + 1), "next");
    }

    function test_OnlyFourAritiesAreNumbered() public {
        for (uint256 bits = 1; bits <= 4; ++bits) {
            vm.assertEq(NodeNumbering.arityBits(1 << bits), bits, "bits");
        }
        vm.expectRevert(abi.encodeWithSelector(NodeNumbering.UnsupportedArity.selector, 32));
        this.arityBits(32);
    }

    function arityBits(uint256 arity) external pure returns (uint256) {
        return NodeNumbering.arityBits(arity);
    }

    /* CURVE */

    function testFuzz_CurveEquationAgreesWithThePrecompile(
        uint256 x,
        uint256 y,
        uint256 scalar,
        bool multiple
    ) public view {
        if (multiple) (x, y) = _multiple(scalar);
        uint256[2] memory point = [x, y];
        uint256 position;
        bool accepted;
        assembly ("memory-safe") {
            position := point
            let input := mload(0x40)
            mstore(input, x)
            mstore(add(input, 0x20), y)
            mstore(add(input, 0x40), 0)
            mstore(add(input, 0x60), 0)
            accepted := staticcall(100000, 6, input, 0x80, input, 0x40)
        }
        vm.assertTrue(Bn254.isG1(position) == (accepted && (x | y) != 0), "curve");
    }

    function test_NegativeOfInfinityIsInfinity() public pure {
        uint256[2] memory infinity;
        uint256[2] memory negative = [uint256(1), 2];
        uint256 from;
        uint256 to;
        assembly ("memory-safe") {
            from := infinity
            to := negative
        }
        Bn254.copyNegative(from, to);
        vm.assertTrue(negative[0] == 0 && negative[1] == 0, "infinity");
    }

    function testFuzz_PointAndNegativeCancel(uint256 scalar) public view {
        (uint256 x, uint256 y) = _multiple(scalar);
        uint256[4] memory input = [x, y, 0, 0];
        uint256 from;
        bool accepted;
        assembly ("memory-safe") {
            from := input
        }
        Bn254.copyNegative(from, from + 0x40);
        vm.assertTrue(input[3] < BASE_FIELD, "canonical");
        assembly ("memory-safe") {
            accepted := staticcall(gas(), 6, input, 0x80, input, 0x40)
        }
        vm.assertTrue(accepted && input[0] == 0 && input[1] == 0, "cancel");
    }

    function _multiple(uint256 scalar) private view returns (uint256 x, uint256 y) {
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, 1)
            mstore(add(input, 0x20), 2)
            mstore(add(input, 0x40), scalar)
            pop(staticcall(gas(), 7, input, 0x60, input, 0x40))
            x := mload(input)
            y := mload(add(input, 0x20))
        }
    }
}
