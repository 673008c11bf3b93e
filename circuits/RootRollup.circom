pragma circom 2.1.0;

include "circomlib/circuits/bitify.circom";
include "lib/bits.circom";
include "lib/compressed.circom";
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
///   stateRoot[arity + 1] - {Field} before, between and after the children
///   child*[arity]        - {Field} the rest of each child's content
///   vote*[arity + 1]     - {Point, Uint120, Scalar} votes, the root's own last; anything where the mask bit is 0
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
    signal input stateRoot[arity + 1];
    signal input childTxsRoot[arity];
    signal input childFees[arity];
    signal input childL1OpCount[arity];
    signal input childTxCount[arity];
    signal input childWithdrawalsRoot[arity];
    signal input childDataEval[arity];
    signal input childRPow[arity];
    signal input childProversRoot[arity];
    signal input voteKeyX[arity + 1];
    signal input voteKeyY[arity + 1];
    signal input votePacked[arity + 1];
    signal input voteR8x[arity + 1];
    signal input voteR8y[arity + 1];
    signal input voteS[arity + 1];
    signal input secret;
    signal input anonymous;

    // A
    signal counts[arity + 1] <== UnpackCounts(arity + 1)(assigned);
    signal voted[arity + 1] <== Num2Bits(arity + 1)(mask);
    Range(64)(burnBid);

    // B
    component core = MergeCore(arity, levels);
    core.depth <== 0;
    for (var i = 0; i < (levels - 1) * width; i++) {
        core.index[i] <== 0;
    }
    core.stateRoot <== stateRoot;
    core.childTxsRoot <== childTxsRoot;
    core.childFees <== childFees;
    core.childL1OpCount <== childL1OpCount;
    core.childTxCount <== childTxCount;
    core.childWithdrawalsRoot <== childWithdrawalsRoot;
    core.childDataEval <== childDataEval;
    core.childRPow <== childRPow;
    core.childProversRoot <== childProversRoot;
    core.burnBid <== burnBid;
    core.proposalId <== proposalId;
    for (var i = 0; i < arity; i++) {
        core.key[i] <== childKey[i];
        core.assigned[i] <== counts[i];
        core.voted[i] <== voted[i];
        core.voteKeyX[i] <== voteKeyX[i];
        core.voteKeyY[i] <== voteKeyY[i];
        core.votePacked[i] <== votePacked[i];
        core.voteR8x[i] <== voteR8x[i];
        core.voteR8y[i] <== voteR8y[i];
        core.voteS[i] <== voteS[i];
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
    own.keyX <== voteKeyX[arity];
    own.keyY <== voteKeyY[arity];
    own.packed <== votePacked[arity];
    own.R8x <== voteR8x[arity];
    own.R8y <== voteR8y[arity];
    own.S <== voteS[arity];

    // D
    component worker = Worker();
    worker.secret <== secret;
    worker.anonymous <== anonymous;
    worker.roundSeed <== roundSeed;

    // E
    signal proversRoot <== HashMany(TAG_PROVERS(), 2)([ownKey, core.proversRoot]);
    component opened = CompressedInputs(18 + 2 * arity);
    opened.x <== x;
    opened.V[0] <== stateRoot[0];
    opened.V[1] <== stateRoot[arity];
    opened.V[2] <== core.txsRoot;
    opened.V[3] <== core.fees;
    opened.V[4] <== core.l1OpCount;
    opened.V[5] <== core.txCount;
    opened.V[6] <== core.withdrawalsRoot;
    opened.V[7] <== core.dataEval;
    opened.V[8] <== proversRoot;
    opened.V[9] <== domain;
    opened.V[10] <== proposalId;
    opened.V[11] <== burnBid;
    opened.V[12] <== worker.key;
    opened.V[13] <== roundSeed;
    opened.V[14] <== worker.beta;
    opened.V[15] <== ownKey;
    opened.V[16] <== assigned;
    opened.V[17] <== mask;
    for (var i = 0; i < arity; i++) {
        opened.V[18 + i] <== core.childContent[i];
        opened.V[18 + arity + i] <== childKey[i];
    }
    C === opened.C;
    y === opened.y;
}
