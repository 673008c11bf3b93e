// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bulletin, Topic} from "../../../contracts/Bulletin.sol";
import {vm} from "../support/Vm.sol";

contract BulletinTest {
    Bulletin private immutable bulletin = new Bulletin();

    function testFuzz_PublishEmitsTheVeryBytes(
        uint8 topic,
        uint256 subject,
        address publisher,
        bytes calldata data
    ) public {
        Topic known = Topic(topic % 6);
        vm.expectEmit(address(bulletin));
        emit Bulletin.Published(known, subject, publisher, data);
        vm.prank(publisher);
        bulletin.publish(known, subject, data);
    }
}
