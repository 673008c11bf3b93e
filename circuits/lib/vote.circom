pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/poseidon.circom";
include "babyJubjub.circom";
include "bits.circom";
include "eddsa.circom";
include "key.circom";
include "node.circom";
include "tags.circom";

/// A vote as a prover signed it.
bus SignedVote() {
    Point key; // {Point} the prover's public key
    signal packed; // {Uint120} depth (8) << 112 | index (32) << 80 | capacity (16) << 64 | minBurnBid (64)
    Signature signature; // {Signature} over proposalId and packed
}

/// Counts a vote for one slot: enabled = 1 has a witness only for a valid vote by the slot's key, enabled = 0 for any.
///
/// While not enabled the packed vote and the count are replaced by 0, which every check accepts, and the signature is
/// not checked: a missing or bad vote never makes a block unprovable.
///
/// phases:
///   A - the key is not 0 and belongs to the public key
///   B - the fields of the vote, in range because they are cut from one decomposition
///   C - it covers the node: depth <= node's depth and index = the node's ancestor there
///   D - capacity for all that the transcript assigns to the prover; bid high enough
///   E - the signature
///
/// parameters:
///   arity  - {Uint8} children of a node
///   levels - {Uint8} depth of the base nodes
/// inputs:
///   enabled    - {Bool} boolean by the caller's constraint
///   key        - {Field} key of the slot, 0 if none
///   assigned   - {Uint14} slots assigned to this prover
///   burnBid    - {Uint64} range checked by the caller
///   proposalId - {Field}
///   depth      - {Uint8} depth of the slot
///   index[levels * digitBits(arity)] - {Bool} bits of the slot's index, those beyond its depth 0
///   vote       - {SignedVote} anything while not enabled
template Vote(arity, levels) {
    var width = digitBits(arity);
    signal input enabled;
    signal input key;
    signal input assigned;
    signal input burnBid;
    signal input proposalId;
    signal input depth;
    signal input index[levels * width];
    input SignedVote vote;

    // A - enabled needs a key that has an inverse, so not 0
    signal keyInverse <-- key == 0 ? 0 : enabled / key;
    key * keyInverse === enabled;
    signal signerKey <== KeyHash()(vote.key.x, vote.key.y);
    enabled * (signerKey - key) === 0;

    // B
    signal terms <== enabled * vote.packed;
    signal bits[120] <== Num2Bits(120)(terms);
    var minBurnBid = 0;
    var capacity = 0;
    var voteIndex = 0;
    var voteDepth = 0;
    for (var i = 0; i < 64; i++) { minBurnBid += bits[i] * (1 << i); }
    for (var i = 0; i < 16; i++) { capacity += bits[64 + i] * (1 << i); }
    for (var i = 0; i < 32; i++) { voteIndex += bits[80 + i] * (1 << i); }
    for (var i = 0; i < 8; i++) { voteDepth += bits[112 + i] * (1 << i); }

    // C - up[k] says that the vote stands k levels above the slot; the ancestor there is index >> (k width)
    signal up[levels + 1];
    signal ancestor[levels + 1];
    var any = 0;
    var height = 0;
    var found = 0;
    for (var k = 0; k <= levels; k++) {
        // Boolean here, one of them by the sum, the right one by depth - voteDepth.
        up[k] <-- depth - voteDepth == k ? 1 : 0;
        up[k] * (1 - up[k]) === 0;
        any += up[k];
        height += k * up[k];
        var shifted = 0;
        for (var i = k * width; i < levels * width; i++) {
            shifted += index[i] * (1 << (i - k * width));
        }
        ancestor[k] <== up[k] * shifted;
        found += ancestor[k];
    }
    any === 1;
    height === depth - voteDepth;
    found === voteIndex;

    // D - a difference of two such numbers is a small number only if it is not negative
    signal needed <== enabled * assigned;
    Range(16)(capacity - needed);
    Range(64)(burnBid - minBurnBid);

    // E
    signal message <== Poseidon(3)([TAG_VOTE(), proposalId, terms]);
    (_, _) <== EdDSAVerify()(enabled, vote.key, vote.signature, message);
}
