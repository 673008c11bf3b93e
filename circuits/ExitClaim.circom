pragma circom 2.2.0;

include "lib/compressed.circom";
include "lib/exits.circom";

/// Shows L1 that exits are in lists of exits that it knows the roots of, several at a time, of any blocks.
///
/// Who gains nothing from a claim may still make it: L1 pays the owner that the exit names, and each position of a
/// block once.
///
/// phases:
///   A - the claims, each with a list and a path of its own
///   B - V, compressed to C, x, y
///
/// parameters:
///   arity  - {Uint8} children of a node in the forest: 2, 4, 8 or 16
///   levels - {Uint8} depth of the base nodes
///   exits  - {Uint32} leaves of a base node's list, at most 2^16
///   claims - {Uint8} exits that are shown at most
/// inputs (public first, in their order):
///   C, x, y                         - {Field} see CompressedInputs
///   root[claims]                    - {Field} withdrawalsRoot of each exit's block, 0 for no claim
///   position[claims]                - {Uint48} base node's index << 16 | place in its list, 0 for no claim
///   exit[claims]                    - {Uint192} amount (32) << 160 | l1Owner (160), 0 for no claim
///   leaves[claims][exits]           - {Field} the list of the exit's base node; 0 for no claim
///   children[claims][levels][arity] - {Field} the path from there, from the lowest; 0 for no claim
template ExitClaim(arity, levels, exits, claims) {
    signal input C;
    signal input x;
    signal input y;
    signal input root[claims];
    signal input position[claims];
    signal input exit[claims];
    signal input leaves[claims][exits];
    signal input children[claims][levels][arity];

    // A
    component claim[claims];
    for (var i = 0; i < claims; i++) {
        claim[i] = ExitInList(arity, levels, exits);
        claim[i].root <== root[i];
        claim[i].position <== position[i];
        claim[i].exit <== exit[i];
        claim[i].leaves <== leaves[i];
        claim[i].children <== children[i];
    }

    // B
    component opened = CompressedInputs(3 * claims);
    opened.x <== x;
    for (var i = 0; i < claims; i++) {
        opened.V[3 * i] <== root[i];
        opened.V[3 * i + 1] <== position[i];
        opened.V[3 * i + 2] <== exit[i];
    }
    C === opened.C;
    y === opened.y;
}
