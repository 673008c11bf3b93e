pragma circom 2.2.0;

include "hashMany.circom";
include "tags.circom";

/// Fixes a vector that L1 knows by three field elements.
///
/// C binds V before x = keccak(C, V) is known, so y = sum V_i x^i can agree with L1's own vector only if V does, but
/// for a probability of n / p.
///
/// parameters:
///   n - {Uint8} length of V
/// inputs:
///   V[n] - {Field}
///   x    - {Field} drawn by L1 after C
/// outputs:
///   C - {Field} hashMany(TAG_ROOT, V)
///   y - {Field} sum of V_i x^i
template CompressedInputs(n) {
    signal input V[n];
    signal input x;
    signal output C;
    signal output y;

    C <== HashMany(TAG_ROOT(), n)(V);

    signal horner[n];
    horner[n - 1] <== V[n - 1];
    for (var i = n - 2; i >= 0; i--) {
        horner[i] <== V[i] + x * horner[i + 1];
    }
    y <== horner[0];
}
