pragma circom 2.2.0;

include "accountTree.circom";
include "content.circom";
include "elements.circom";
include "hashMany.circom";
include "key.circom";
include "node.circom";
include "tags.circom";

/// What BaseRollup and OperationRollup share: everything about a leaf of the forest but the execution itself.
///
/// phases:
///   A - state roots before and after
///   B - elements: their hash and their evaluation
///   C - list of exits
///   D - content
///   E - position in the tree
///   F - worker
///
/// parameters:
///   arity      - {Uint8} children of a node in the forest
///   levels     - {Uint8} depth of the base nodes
///   crownDepth - {Uint8} top levels of the account tree that are held open
///   stride     - {Uint32} elements of any base node
///   used       - {Uint32} the first of them, which are not 0 by their places; at least 2
///   places     - {Uint32} transfers or operations proven here
///   exits      - {Uint32} leaves of the list of exits, at least `places`
/// inputs:
///   content                   - {Field} this node's
///   z                         - {Uint248} where the elements are evaluated
///   node                      - {Uint40} levels << 32 | index
///   workerKey                 - {Field} 0 if anonymous
///   roundSeed                 - {Field} 0 if unused
///   beta                      - {Field} VRF output of the worker
///   prevCrown[4^crownDepth]   - {Field} before the first step, left to right
///   nextCrown[4^crownDepth]   - {Field} after the last
///   element[used][6]          - {Number} see elements.circom
///   fees, l1OpCount, txCount  - {Field} this node's sums
///   exit[places]              - {Uint192} what each place lets out, 0 if nothing
///   secret                    - {Scalar} the worker's
///   anonymous                 - {Bool}
template BaseCore(arity, levels, crownDepth, stride, used, places, exits) {
    signal input content;
    signal input z;
    signal input node;
    signal input workerKey;
    signal input roundSeed;
    signal input beta;
    signal input prevCrown[4 ** crownDepth];
    signal input nextCrown[4 ** crownDepth];
    signal input element[used][6];
    signal input fees;
    signal input l1OpCount;
    signal input txCount;
    signal input exit[places];
    signal input secret;
    signal input anonymous;

    assert(places <= exits);
    assert(used <= stride);

    Content proven;

    // A
    proven.prevStateRoot <== CrownRoot(crownDepth)(prevCrown);
    proven.nextStateRoot <== CrownRoot(crownDepth)(nextCrown);

    // B
    (proven.txsRoot, proven.dataEval, proven.zPow) <== NodeElements(stride, used)(element, z);

    // C - as long in every node, whatever it executes
    component list = HashMany(TAG_WITHDRAWALS(), exits);
    for (var i = 0; i < exits; i++) {
        if (i < places) {
            list.in[i] <== exit[i];
        } else {
            list.in[i] <== 0;
        }
    }
    proven.withdrawalsRoot <== list.out;

    // D
    proven.level <== levels;
    proven.fees <== fees;
    proven.l1OpCount <== l1OpCount;
    proven.txCount <== txCount;
    proven.proversRoot <== 0;
    signal computed <== ContentHash()(proven);
    content === computed;

    // E
    component position = NodePosition(arity, levels, levels);
    position.node <== node;

    // F
    component worker = Worker();
    worker.secret <== secret;
    worker.anonymous <== anonymous;
    worker.roundSeed <== roundSeed;
    workerKey === worker.key;
    beta === worker.beta;
}
