pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";
include "circomlib/circuits/comparators.circom";
include "babyJubjub.circom";
include "bits.circom";
include "multiplyBase.circom";
include "tags.circom";

/// A prover's key: the hash of a public key.
///
/// inputs:
///   x, y - {Field} coordinates of A
/// outputs:
///   out - {Field}
template KeyHash() {
    signal input x;
    signal input y;
    signal output out;

    out <== Poseidon(3)([TAG_KEY(), x, y]);
}

/// The key of a secret scalar, and its VRF output.
///
/// 0 < secret < l, so that a key has one scalar: s + l gives the same A but another beta, and 0 gives the identity. A =
/// s B8 lies in the prime subgroup, so low-order keys and torsion twins A + T cannot be expressed.
///
/// inputs:
///   secret - {Scalar}
///   seed   - {Field} VRF seed, 0 if unused
/// outputs:
///   key  - {Field}
///   beta - {Field} Poseidon(TAG_VRF, secret, seed), 0 if seed is 0
template KeyOfSecret() {
    signal input secret;
    signal input seed;
    signal output key;
    signal output beta;

    // A - the scalar is reduced ...
    signal bits[251] <== BitsAtMost(251, SUBGROUP_ORDER() - 1)(secret);

    // ... and has an inverse, so it is not 0.
    signal inverse <-- secret == 0 ? 0 : 1 / secret;
    secret * inverse === 1;

    // B - key
    signal A[2] <== MultiplyBase()(bits);
    key <== KeyHash()(A[0], A[1]);

    // C - VRF
    signal vrf <== Poseidon(3)([TAG_VRF(), secret, seed]);
    signal unseeded <== IsZero()(seed);
    beta <== vrf * (1 - unseeded);
}

/// The worker of a node proof: a key by knowledge of its secret scalar, or nobody.
///
/// inputs:
///   secret    - {Scalar} any valid one if anonymous
///   anonymous - {Bool}
///   roundSeed - {Field} VRF seed of the round, 0 if unused
/// outputs:
///   key  - {Field} 0 if anonymous
///   beta - {Field} 0 if anonymous or roundSeed is 0
template Worker() {
    signal input secret;
    signal input anonymous;
    signal input roundSeed;
    signal output key;
    signal output beta;

    anonymous * (1 - anonymous) === 0;

    component known = KeyOfSecret();
    known.secret <== secret;
    known.seed <== roundSeed;

    key <== known.key * (1 - anonymous);
    beta <== known.beta * (1 - anonymous);
}
