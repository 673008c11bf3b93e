pragma circom 2.2.0;

include "lib/base.circom";
include "lib/operation.circom";

/// A leaf of the forest that executes L1 operations instead of transfers. L1 knows how many there are, so it knows
/// which of the base nodes, the first ones, are proven by this circuit.
///
/// The account tree's crown is held open as in BaseRollup.
///
/// phases:
///   A - operations
///   B - elements
///   C - what every base node has: state roots, exits, content, position, worker
///   D - public inputs that are only bound
///
/// parameters:
///   arity        - {Uint8} children of a node in the forest: 2, 4, 8 or 16
///   levels       - {Uint8} depth of the base nodes
///   accountDepth - {Uint8} levels of the account tree (arity 4), at most 8
///   crownDepth   - {Uint8} its top levels that are held open, less than accountDepth
///   stride       - {Uint32} elements of any base node, at least those of the operations
///   operations   - {Uint32} places for operations
///   exits        - {Uint32} leaves of the list of exits, at least `operations`
/// inputs (public first, in their order):
///   content                       - {Field} this node's
///   domain                        - {Field}
///   z                             - {Uint248} where the elements are evaluated
///   proposalId                    - {Field}
///   node                          - {Uint40} levels << 32 | index
///   workerKey                     - {Field} 0 if anonymous
///   roundSeed                     - {Field} 0 if unused
///   beta                          - {Field} VRF output of the worker
///   crown[4^crownDepth]           - {Field} before the first operation, left to right
///   word0[operations]             - {Uint240} 0 = no operation
///   word1[operations]             - {Uint240}
///   sender[operations], receiver[operations] - {Account} see Operation
///   senderChildren[operations][accountDepth - crownDepth][4], receiverChildren of that shape - {Field} see Operation
///   secret                        - {Scalar} the worker's
///   anonymous                     - {Bool}
template OperationRollup(arity, levels, accountDepth, crownDepth, stride, operations, exits) {
    var pathDepth = accountDepth - crownDepth;
    var crownSize = 4 ** crownDepth;
    signal input content;
    signal input domain;
    signal input z;
    signal input proposalId;
    signal input node;
    signal input workerKey;
    signal input roundSeed;
    signal input beta;
    signal input crown[crownSize];
    signal input word0[operations];
    signal input word1[operations];
    input Account sender[operations];
    signal input senderChildren[operations][pathDepth][4];
    input Account receiver[operations];
    signal input receiverChildren[operations][pathDepth][4];
    signal input secret;
    signal input anonymous;

    // A
    component step[operations];
    signal crowns[operations + 1][crownSize];
    var executed = 0;
    crowns[0] <== crown;
    for (var o = 0; o < operations; o++) {
        step[o] = Operation(accountDepth, crownDepth);
        step[o].word0 <== word0[o];
        step[o].word1 <== word1[o];
        step[o].crown <== crowns[o];
        step[o].sender <== sender[o];
        step[o].senderChildren <== senderChildren[o];
        step[o].receiver <== receiver[o];
        step[o].receiverChildren <== receiverChildren[o];
        crowns[o + 1] <== step[o].nextCrown;
        executed += step[o].executed;
    }

    // B
    component elements = OperationElements(operations);
    for (var o = 0; o < operations; o++) {
        elements.word[o] <== step[o].wordBits;
    }

    // C
    component core = BaseCore(arity, levels, crownDepth, stride, 2 * operations, operations, exits);
    core.content <== content;
    core.z <== z;
    core.node <== node;
    core.workerKey <== workerKey;
    core.roundSeed <== roundSeed;
    core.beta <== beta;
    core.prevCrown <== crowns[0];
    core.nextCrown <== crowns[operations];
    for (var o = 0; o < operations; o++) {
        core.exit[o] <== step[o].exit;
    }
    core.element <== elements.out;
    core.fees <== 0;
    core.l1OpCount <== executed;
    core.txCount <== 0;
    core.secret <== secret;
    core.anonymous <== anonymous;

    // D - a public input that no constraint uses would not be bound to the proof
    signal domainSquare <== domain * domain;
    signal proposalSquare <== proposalId * proposalId;
}
