pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "lib/bits.circom";
include "lib/compressed.circom";
include "lib/content.circom";
include "lib/hashMany.circom";
include "lib/key.circom";
include "lib/merge.circom";
include "lib/packedCounts.circom";
include "lib/tags.circom";
include "lib/vote.circom";

/// The root of the forest: a merge at depth 0, opened for L1 instead of hashed into a content, which also checks the
/// vote for its own slot (it has no parent to do so).
///
/// phases:
///   A - packed counts and mask; ranges
///   B - children and their votes
///   C - the vote for the root's own slot
///   D - worker
///   E - V, compressed to C, x, y
///
/// parameters:
///   arity  - {Uint8} children of a node: 2, 4, 8 or 16
///   levels - {Uint8} depth of the base nodes, at least 1
/// inputs (public first, in their order):
///   C, x, y              - {Field} see CompressedInputs
///   domain               - {Field}
///   proposalId           - {Field}
///   burnBid              - {Uint64}
///   roundSeed            - {Field} 0 if unused
///   ownKey               - {Field} key of the root's slot, 0 if none
///   assigned             - {Uint(14 arity + 14)} a merge's childAssigned with the root's own count at position arity
///   mask                 - {Uint(arity + 1)} a merge's mask with the root's own vote at position arity
///   childKey[arity]      - {Field} registered keys of the children's slots, 0 if none
///   child[arity]         - {Content} the children's contents
///   vote[arity + 1]      - {SignedVote} the root's own last; anything where the mask bit is 0
///   secret               - {Scalar} the worker's
///   anonymous            - {Bool}
template RootRollup(arity, levels) {
    var width = digitBits(arity);
    signal input C;
    signal input x;
    signal input y;
    signal input domain;
    signal input proposalId;
    signal input burnBid;
    signal input roundSeed;
    signal input ownKey;
    signal input assigned;
    signal input mask;
    signal input childKey[arity];
    input Content child[arity];
    input SignedVote vote[arity + 1];
    signal input secret;
    signal input anonymous;

    // A
    signal counts[arity + 1] <== UnpackCounts(arity + 1)(assigned);
    signal voted[arity + 1] <== Num2Bits(arity + 1)(mask);
    Range(64)(burnBid);

    // B
    component core = MergeCore(arity, levels, 0);
    core.depth <== 0;
    for (var i = 0; i < (levels - 1) * width; i++) {
        core.index[i] <== 0;
    }
    core.child <== child;
    core.burnBid <== burnBid;
    core.proposalId <== proposalId;
    for (var i = 0; i < arity; i++) {
        core.key[i] <== childKey[i];
        core.assigned[i] <== counts[i];
        core.voted[i] <== voted[i];
        core.vote[i] <== vote[i];
    }

    // C
    component own = Vote(arity, levels);
    own.enabled <== voted[arity];
    own.key <== ownKey;
    own.assigned <== counts[arity];
    own.burnBid <== burnBid;
    own.proposalId <== proposalId;
    own.depth <== 0;
    for (var i = 0; i < levels * width; i++) {
        own.index[i] <== 0;
    }
    own.vote <== vote[arity];

    // D
    component worker = Worker();
    worker.secret <== secret;
    worker.anonymous <== anonymous;
    worker.roundSeed <== roundSeed;

    // E
    signal proversRoot <== HashMany(TAG_PROVERS(), 2)([ownKey, core.joined.proversRoot]);
    component opened = CompressedInputs(20 + 2 * arity);
    opened.x <== x;
    opened.V[0] <== core.joined.prevStateRoot;
    opened.V[1] <== core.joined.nextStateRoot;
    opened.V[2] <== core.joined.txsRoot;
    opened.V[3] <== core.joined.fees;
    opened.V[4] <== core.joined.l1OpCount;
    opened.V[5] <== core.joined.txCount;
    opened.V[6] <== core.joined.withdrawalsRoot;
    for (var i = 0; i < 3; i++) {
        opened.V[7 + i] <== core.joined.dataEval[i];
    }
    opened.V[10] <== proversRoot;
    opened.V[11] <== domain;
    opened.V[12] <== proposalId;
    opened.V[13] <== burnBid;
    opened.V[14] <== worker.key;
    opened.V[15] <== roundSeed;
    opened.V[16] <== worker.beta;
    opened.V[17] <== ownKey;
    opened.V[18] <== assigned;
    opened.V[19] <== mask;
    for (var i = 0; i < arity; i++) {
        opened.V[20 + i] <== core.childContent[i];
        opened.V[20 + arity + i] <== childKey[i];
    }
    C === opened.C;
    y === opened.y;
}
