pragma circom 2.2.0;

include "blobField.circom";
include "content.circom";
include "hashMany.circom";
include "node.circom";
include "polynomial.circom";
include "tags.circom";
include "vote.circom";

/// What MergeRollup and RootRollup share: children joined into one node, and their votes.
///
/// Child i starts from the state in which child i - 1 ended and carries this node's depth plus 1, so children cannot be
/// swapped, repeated, or taken from another level or block. All have one number of elements, so one power of z.
///
/// phases:
///   A - the children follow each other, one level below; their contents' hashes
///   B - this node's content
///   C - the children's evaluations as one
///   D - votes
///
/// parameters:
///   arity    - {Uint8} children of a node
///   levels   - {Uint8} depth of the base nodes
///   hasPower - {Bool} whether zPow is computed; the root's is of no use and stays 0
/// inputs:
///   depth                                  - {Uint8} this node's depth
///   index[(levels - 1) * digitBits(arity)] - {Bool} bits of its index
///   child[arity]                           - {Content} the children's contents
///   key[arity]                             - {Field} keys of the children's slots, 0 if none
///   assigned[arity]                        - {Uint14} slots assigned to each of these provers
///   voted[arity]                           - {Bool} boolean by the caller's constraint
///   burnBid                                - {Uint64} range checked by the caller
///   proposalId                             - {Field}
///   vote[arity]                            - {SignedVote} anything where voted = 0
/// outputs:
///   childContent[arity] - {Field} hashes of the children's contents
///   joined              - {Content} this node's content
template MergeCore(arity, levels, hasPower) {
    var width = digitBits(arity);
    signal input depth;
    signal input index[(levels - 1) * width];
    input Content child[arity];
    signal input key[arity];
    signal input assigned[arity];
    signal input voted[arity];
    signal input burnBid;
    signal input proposalId;
    input SignedVote vote[arity];
    signal output childContent[arity];
    output Content joined;

    // A
    for (var i = 0; i < arity; i++) {
        child[i].level === depth + 1;
        if (i > 0) {
            child[i].prevStateRoot === child[i - 1].nextStateRoot;
            child[i].zPow === child[0].zPow;
        }
        childContent[i] <== ContentHash()(child[i]);
    }

    // B
    component txs = HashMany(TAG_TXS(), arity);
    component withdrawals = HashMany(TAG_WITHDRAWALS(), arity);
    component provers = HashMany(TAG_PROVERS(), 2 * arity);
    var fees = 0;
    var l1OpCount = 0;
    var txCount = 0;
    for (var i = 0; i < arity; i++) {
        txs.in[i] <== child[i].txsRoot;
        withdrawals.in[i] <== child[i].withdrawalsRoot;
        provers.in[i] <== key[i];
        provers.in[arity + i] <== child[i].proversRoot;
        fees += child[i].fees;
        l1OpCount += child[i].l1OpCount;
        txCount += child[i].txCount;
    }

    joined.level <== depth;
    joined.prevStateRoot <== child[0].prevStateRoot;
    joined.nextStateRoot <== child[arity - 1].nextStateRoot;
    joined.txsRoot <== txs.out;
    joined.fees <== fees;
    joined.l1OpCount <== l1OpCount;
    joined.txCount <== txCount;
    joined.withdrawalsRoot <== withdrawals.out;
    joined.proversRoot <== provers.out;

    // C - a number that is only added needs no limbs of its own
    var baby = babySteps(arity, hasPower ? arity : 0);
    signal powers[baby][6] <== Powers(baby)(SplitLimbs()(child[0].zPow));
    component whole = Polynomial(arity, baby);
    whole.power <== powers;
    for (var i = 0; i < arity; i++) {
        if (i % baby == 0 && i + 1 < arity) {
            for (var k = 0; k < 3; k++) {
                whole.coefficient[i][2 * k] <== child[i].dataEval[k];
                whole.coefficient[i][2 * k + 1] <== 0;
            }
        } else {
            whole.coefficient[i] <== SplitLimbs()(child[i].dataEval);
        }
    }
    joined.dataEval <== ContentLimbs()(whole.out);
    if (hasPower) {
        joined.zPow <== ContentLimbs()(Power(arity, baby)(powers));
    } else {
        joined.zPow <== [0, 0, 0];
    }

    // D
    component counted[arity];
    for (var i = 0; i < arity; i++) {
        counted[i] = Vote(arity, levels);
        counted[i].enabled <== voted[i];
        counted[i].key <== key[i];
        counted[i].assigned <== assigned[i];
        counted[i].burnBid <== burnBid;
        counted[i].proposalId <== proposalId;
        counted[i].depth <== depth + 1;
        for (var j = 0; j < width; j++) {
            counted[i].index[j] <== (i >> j) & 1;
        }
        for (var j = 0; j < (levels - 1) * width; j++) {
            counted[i].index[width + j] <== index[j];
        }
        counted[i].vote <== vote[i];
    }
}
