pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";

/// Poseidon hash of a list under a tag. The length is hashed first, so [a] and [a, 0] differ; there is no padding.
///
/// parameters:
///   tag - {Field} one of tags.circom
///   n   - {Uint32} length, at least 1
/// inputs:
///   in[n] - {Field}
/// outputs:
///   out - {Field}
template HashMany(tag, n) {
    signal input in[n];
    signal output out;

    var first = n < 14 ? n : 14;
    var chunks = (n - first + 14) \ 15;
    component hash[chunks + 1];

    hash[0] = Poseidon(2 + first);
    hash[0].inputs[0] <== tag;
    hash[0].inputs[1] <== n;
    for (var i = 0; i < first; i++) {
        hash[0].inputs[2 + i] <== in[i];
    }
    var at = first;
    for (var c = 1; c <= chunks; c++) {
        var size = n - at < 15 ? n - at : 15;
        hash[c] = Poseidon(1 + size);
        hash[c].inputs[0] <== hash[c - 1].out;
        for (var i = 0; i < size; i++) {
            hash[c].inputs[1 + i] <== in[at + i];
        }
        at += size;
    }
    out <== hash[chunks].out;
}
