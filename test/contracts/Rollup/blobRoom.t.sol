// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRollup} from "../../../contracts/interfaces/IRollup.sol";
import {Fixture} from "../support/Fixture.sol";
import {vm} from "../support/Vm.sol";

/// @dev Four nodes of 1,024 elements fill one blob.
contract OneWholeBlobTest is Fixture {
    function _elementsPerBase() internal pure override returns (uint256) {
        return 1_024;
    }

    function test_ABlockThatFillsABlobNeedsNoSecondOne() public {
        Draft memory d = _draft(ALICE, 100, 0, _everyone());
        _setBlobs(d, 2);
        _commit(d);
        _toReveal();
        vm.expectRevert(abi.encodeWithSelector(IRollup.TooManyBlobs.selector, 2, 1));
        _reveal(d);
    }
}

/// @dev Beside a node of operations three of 2,731 elements are two blobs and one element.
contract OneElementMoreTest is Fixture {
    function _elementsPerBase() internal pure override returns (uint256) {
        return 2_731;
    }

    function test_OneElementMoreHasABlobOfItsOwn() public {
        Draft memory d = _withAnOperation(3);
        _reveal(d);
        vm.assertTrue(rollup.revealOf(d.id).isWhole(), "revealed");
    }

    function test_AndNotTwo() public {
        Draft memory d = _withAnOperation(4);
        vm.expectRevert(abi.encodeWithSelector(IRollup.TooManyBlobs.selector, 4, 3));
        _reveal(d);
    }

    /// @dev CAROL's, committed.
    function _withAnOperation(uint256 blobs) private returns (Draft memory d) {
        _rich(DAVE);
        _proven(ALICE, 100);
        _deposit(DAVE, 1, FIVE);
        _toEnd();
        d = _draft(CAROL, 100, 0, _everyone());
        _setBlobs(d, blobs);
        _commit(d);
        _toReveal();
    }
}
