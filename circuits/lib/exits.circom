pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/comparators.circom";
include "hashMany.circom";
include "node.circom";
include "path.circom";
include "tags.circom";

/// Bits that the places 0 .. n - 1 take.
function placeBits(n) {
    var bits = 0;
    while (1 << bits < n) { bits++; }
    return bits;
}

/// Whether one exit is in a block's list of exits, by the only position that it has there.
///
/// Each base node has a list of its own, whose hash is joined like a content, arity nodes at a time, up to the root's.
/// The height is fixed and every list has the same length, so an inner hash cannot be passed as a list, nor a list as
/// an exit.
///
/// A claim of nothing (exit 0) shows nothing: its root and its position are 0 as well and its path may be 0 throughout.
///
/// phases:
///   A - enabled or not
///   B - the place in the list and the bits of the base node's index, cut from the position: one number for each exit
///   C - the exit in the list of its base node
///   D - the list's hash under the root
///
/// parameters:
///   arity  - {Uint8} children of a node in the forest
///   levels - {Uint8} depth of the base nodes
///   exits  - {Uint32} leaves of a base node's list, at most 2^16
/// inputs:
///   root                    - {Field} withdrawalsRoot of the block, 0 for no claim
///   position                - {Uint48} base node's index << 16 | place in its list, 0 for no claim
///   exit                    - {Uint192} amount (32) << 160 | l1Owner (160), 0 for no claim
///   leaves[exits]           - {Field} the list of the exit's base node
///   children[levels][arity] - {Field} hashes of the lists' ancestors' children, from the lowest
template ExitInList(arity, levels, exits) {
    var width = digitBits(arity);
    var places = placeBits(exits);
    signal input root;
    signal input position;
    signal input exit;
    signal input leaves[exits];
    signal input children[levels][arity];

    assert(places <= 16);
    assert(levels * width <= 32);

    // A
    signal disabled <== IsZero()(exit);
    signal enabled <== 1 - disabled;
    disabled * position === 0;

    // B - an index at or beyond arity^levels, or a place beyond the list's bits, has no decomposition
    signal place[places];
    signal index[levels * width];
    var sum = 0;
    for (var i = 0; i < places; i++) {
        // Boolean here, the value by the sum.
        place[i] <-- (position >> i) & 1;
        place[i] * (1 - place[i]) === 0;
        sum += place[i] * (1 << i);
    }
    for (var i = 0; i < levels * width; i++) {
        // Boolean here, the value by the sum.
        index[i] <-- (position >> (16 + i)) & 1;
        index[i] * (1 - index[i]) === 0;
        sum += index[i] * (1 << (16 + i));
    }
    position === sum;

    // C - places beyond the list hold 0, which is no exit that could be claimed
    component listed = IsChild(places);
    listed.digit <== place;
    listed.node <== exit;
    for (var k = 0; k < 1 << places; k++) {
        if (k < exits) {
            listed.children[k] <== leaves[k];
        } else {
            listed.children[k] <== 0;
        }
    }

    // D - what was reached counts as 0 while not enabled; so does the root
    signal node[levels + 1];
    signal reached[levels + 1];
    component joined[levels];
    node[0] <== HashMany(TAG_WITHDRAWALS(), exits)(leaves);
    for (var l = 0; l < levels; l++) {
        reached[l] <== enabled * node[l];
        joined[l] = IsChild(width);
        for (var i = 0; i < width; i++) {
            joined[l].digit[i] <== index[l * width + i];
        }
        joined[l].children <== children[l];
        joined[l].node <== reached[l];
        node[l + 1] <== HashMany(TAG_WITHDRAWALS(), arity)(children[l]);
    }
    reached[levels] <== enabled * node[levels];
    root === reached[levels];
}
