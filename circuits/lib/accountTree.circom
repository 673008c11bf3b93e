pragma circom 2.2.0;

include "bits.circom";
include "compress.circom";
include "path.circom";

/// An account of the L2. One that is not in use has 0 throughout.
bus Account() {
    signal key; // {Field} y coordinate of the owner's public key
    signal balance; // {Uint96} wei
    signal nonce; // {Field} transfers sent so far
    signal l1Owner; // {Uint160} L1 address, 0 if nobody may force operations or exit
}

/// The account's leaf in the tree.
///
/// inputs:
///   account - {Account}
/// outputs:
///   out - {Field}
template AccountLeaf() {
    input Account account;
    signal output out;

    out <== Compress()([account.key, account.balance, account.nonce, account.l1Owner]);
}

/// Replaces one node below a subtree's root: the old and the new root from one opening of the path.
///
/// Each level is given with all four children. The one on the path must equal what was hashed below; the new children
/// differ from the old ones in that place only. So old and new root share their siblings, at 7 constraints a level
/// besides the two hashes. The height is fixed, so an inner node cannot be passed as a leaf.
///
/// parameters:
///   height - {Uint8} levels from the replaced node to the subtree's root
/// inputs:
///   digits[2 * height]  - {Bool} position of the node, base 4, lowest digit at the node
///   children[height][4] - {Field} children of the node's ancestors, from the lowest, before the replacement
///   oldNode, newNode    - {Field}
/// outputs:
///   oldRoot, newRoot - {Field}
template ReplaceInSubtree(height) {
    signal input digits[2 * height];
    signal input children[height][4];
    signal input oldNode;
    signal input newNode;
    signal output oldRoot;
    signal output newRoot;

    signal old[height + 1];
    signal new[height + 1];
    signal is[height][4];
    signal picked[height][2];
    signal changed[height][4];

    old[0] <== oldNode;
    new[0] <== newNode;
    for (var l = 0; l < height; l++) {
        is[l] <== OneHot(2)([digits[2 * l], digits[2 * l + 1]]);

        // The child at the digit is the old node. With digit bits a, b: c0 + a (c1 - c0) + b (c2 - c0) + ab (c3 - c2 -
        // c1 + c0)
        picked[l][0] <== digits[2 * l] * (children[l][1] - children[l][0]);
        picked[l][1] <== digits[2 * l + 1] * (children[l][2] - children[l][0]);
        is[l][3] * (children[l][3] - children[l][2] - children[l][1] + children[l][0])
            === old[l] - children[l][0] - picked[l][0] - picked[l][1];

        // One difference in all, so the last place follows from the other three.
        var rest = new[l] - old[l];
        for (var k = 0; k < 3; k++) {
            changed[l][k] <== children[l][k] + is[l][k] * (new[l] - old[l]);
            rest -= changed[l][k] - children[l][k];
        }
        changed[l][3] <== children[l][3] + rest;

        old[l + 1] <== Compress()(children[l]);
        new[l + 1] <== Compress()(changed[l]);
    }
    oldRoot <== old[height];
    newRoot <== new[height];
}

/// Root of a tree of 4^depth nodes.
///
/// inputs:
///   nodes[4^depth] - {Field} left to right
/// outputs:
///   root - {Field}
template CrownRoot(depth) {
    signal input nodes[4 ** depth];
    signal output root;

    // Heap order from the root at 0; the children of n are 4 n + 1 .. 4 n + 4.
    var inner = (4 ** depth - 1) \ 3;
    signal heap[inner + 4 ** depth];
    for (var i = 0; i < 4 ** depth; i++) {
        heap[inner + i] <== nodes[i];
    }
    for (var n = inner - 1; n >= 0; n--) {
        heap[n] <== Compress()([heap[4 * n + 1], heap[4 * n + 2], heap[4 * n + 3], heap[4 * n + 4]]);
    }
    root <== heap[0];
}

/// Replaces one of the crown's nodes, which must be the old one.
///
/// parameters:
///   depth - {Uint8} levels of the crown
/// inputs:
///   digits[2 * depth] - {Bool} position, base 4, lowest digit first
///   nodes[4^depth]    - {Field} left to right
///   oldNode, newNode  - {Field}
/// outputs:
///   out[4^depth] - {Field}
template ReplaceInCrown(depth) {
    var size = 4 ** depth;
    signal input digits[2 * depth];
    signal input nodes[size];
    signal input oldNode;
    signal input newNode;
    signal output out[size];

    signal is[size] <== OneHot(2 * depth)(digits);
    var rest = newNode - oldNode;
    for (var k = 0; k < size; k++) {
        // Where is[k] = 1 the node is the old one; elsewhere both sides are 0.
        is[k] * (nodes[k] - oldNode) === 0;
        if (k < size - 1) {
            out[k] <== nodes[k] + is[k] * (newNode - oldNode);
        } else {
            out[k] <== nodes[k] + rest;
        }
        rest -= out[k] - nodes[k];
    }
}

/// Replaces one account under a crown that is held open.
///
/// parameters:
///   accountDepth - {Uint8} levels of the account tree
///   crownDepth   - {Uint8} its top levels that are held open, less than accountDepth
/// inputs:
///   index[2 * accountDepth]                - {Bool} bits of the account's index, least significant first
///   children[accountDepth - crownDepth][4] - {Field} see ReplaceInSubtree
///   account                                - {Account} before the replacement
///   next                                   - {Account} after it
///   crown[4^crownDepth]                    - {Field} left to right, before the replacement
/// outputs:
///   nextCrown[4^crownDepth] - {Field} left to right, after it
template ReplaceAccount(accountDepth, crownDepth) {
    var pathDepth = accountDepth - crownDepth;
    signal input index[2 * accountDepth];
    signal input children[pathDepth][4];
    input Account account;
    input Account next;
    signal input crown[4 ** crownDepth];
    signal output nextCrown[4 ** crownDepth];

    component subtree = ReplaceInSubtree(pathDepth);
    component top = ReplaceInCrown(crownDepth);
    for (var i = 0; i < 2 * pathDepth; i++) {
        subtree.digits[i] <== index[i];
    }
    for (var i = 0; i < 2 * crownDepth; i++) {
        top.digits[i] <== index[2 * pathDepth + i];
    }
    subtree.children <== children;
    subtree.oldNode <== AccountLeaf()(account);
    subtree.newNode <== AccountLeaf()(next);
    top.nodes <== crown;
    top.oldNode <== subtree.oldRoot;
    top.newNode <== subtree.newRoot;
    nextCrown <== top.out;
}

/// The root that one account's leaf and its path give.
///
/// parameters:
///   accountDepth - {Uint8} levels of the account tree
/// inputs:
///   index[2 * accountDepth]   - {Bool} bits of the account's index, least significant first
///   children[accountDepth][4] - {Field} children of the leaf's ancestors, from the lowest
///   leaf                      - {Field}
/// outputs:
///   root - {Field}
template AccountRoot(accountDepth) {
    signal input index[2 * accountDepth];
    signal input children[accountDepth][4];
    signal input leaf;
    signal output root;

    signal node[accountDepth + 1];
    node[0] <== leaf;
    for (var l = 0; l < accountDepth; l++) {
        IsChild(2)([index[2 * l], index[2 * l + 1]], children[l], node[l]);
        node[l + 1] <== Compress()(children[l]);
    }
    root <== node[accountDepth];
}
