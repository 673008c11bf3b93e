pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";
include "circomlib/circuits/babyjub.circom";
include "babyJubjub.circom";
include "bits.circom";
include "multiplyBase.circom";
include "multiplyPoint.circom";

/// An EdDSA signature.
bus Signature() {
    Point R8; // {Point} first half
    signal S; // {Scalar} second half
}

/// EdDSA-Poseidon: S B8 = R8 + 8 h A with h = Poseidon(R8, A, M), or no check at all.
///
/// The equation is that of circomlib's EdDSAPoseidonVerifier. A must be on the curve; that R8 is follows, because the
/// point that it is compared with is one. S is below l, by a bound that costs half as many comparisons. While not
/// enabled a fixed key and S take the place of what was given, so that any garbage has a witness and nothing is half
/// checked.
///
/// phases:
///   A - what was given, or B8 and 0
///   B - A on the curve; S is reduced
///   C - h
///   D - 8 A, which is not the identity
///   E - S B8 - 8 h A is R8
///
/// inputs:
///   enabled   - {Bool} boolean by the caller's constraint
///   A         - {Point} public key
///   signature - {Signature}
///   M         - {Field} message
/// outputs:
///   r8y      - {Field} R8.y, 0 while not enabled
///   sBits[251] - {Bool} bits of S, 0 while not enabled
template EdDSAVerify() {
    signal input enabled;
    input Point A;
    input Signature signature;
    signal input M;
    signal output r8y;
    signal output sBits[251];

    var base[2] = BASE8();

    // A - what was given, or B8 and 0
    signal ax <== base[0] + enabled * (A.x - base[0]);
    signal ay <== base[1] + enabled * (A.y - base[1]);
    signal s <== enabled * signature.S;
    r8y <== enabled * signature.R8.y;

    // B - S reduced, so that S + l is not a second signature
    BabyCheck()(ax, ay);
    sBits <== BitsAtMost(251, S_BOUND() - 1)(s);

    // C
    signal h <== Poseidon(5)([signature.R8.x, signature.R8.y, ax, ay, M]);

    // D - in the prime subgroup, and not its identity: keys of order 1, 2, 4 and 8 have x = 0 here
    Point A8;
    signal (x2, y2) <== BabyDbl()(ax, ay);
    signal (x4, y4) <== BabyDbl()(x2, y2);
    (A8.x, A8.y) <== BabyDbl()(x4, y4);
    signal inverse <-- A8.x == 0 ? 0 : 1 / A8.x;
    // Only a non-zero x has an inverse.
    A8.x * inverse === 1;

    // E
    signal left[2] <== MultiplyBase()(sBits);
    signal hA[2] <== MultiplyPoint()(h, A8);
    signal (rx, ry) <== BabyAdd()(left[0], left[1], -hA[0], hA[1]);
    enabled * (rx - signature.R8.x) === 0;
    enabled * (ry - signature.R8.y) === 0;
}
