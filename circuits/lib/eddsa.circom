pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";
include "circomlib/circuits/babyjub.circom";
include "circomlib/circuits/escalarmulany.circom";
include "circomlib/circuits/escalarmulfix.circom";
include "babyJubjub.circom";
include "bits.circom";

/// An EdDSA signature.
bus Signature() {
    Point R8; // {Point} first half
    signal S; // {Scalar} second half
}

/// EdDSA-Poseidon: S B8 = R8 + 8 h A with h = Poseidon(R8, A, M), or no check at all.
///
/// The equation is that of circomlib's EdDSAPoseidonVerifier, with three differences: A and R8 must be on the curve;
/// S < l and h < p are compared bit by bit (cheaper); and while not enabled a fixed point takes the place of what was
/// given, so that any garbage has a witness and nothing is half checked.
///
/// phases:
///   A - what was given, or B8 and 0
///   B - points on the curve; S is reduced
///   C - h by its canonical bits
///   D - 8 A, which is not the identity
///   E - the equation
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
    signal rx <== base[0] + enabled * (signature.R8.x - base[0]);
    signal ry <== base[1] + enabled * (signature.R8.y - base[1]);
    signal s <== enabled * signature.S;
    r8y <== ry - (1 - enabled) * base[1];

    // B - points on the curve; S reduced, so that S + l is not a second signature
    BabyCheck()(ax, ay);
    BabyCheck()(rx, ry);
    sBits <== BitsAtMost(251, SUBGROUP_ORDER() - 1)(s);

    // C - h, by its canonical bits
    signal h <== Poseidon(5)([rx, ry, ax, ay, M]);
    signal hBits[254] <== BitsAtMost(254, -1)(h);

    // D - 8 A, in the prime subgroup, and not its identity: keys of order 1, 2, 4 and 8 have x = 0 here
    signal (x2, y2) <== BabyDbl()(ax, ay);
    signal (x4, y4) <== BabyDbl()(x2, y2);
    signal (x8, y8) <== BabyDbl()(x4, y4);
    signal inverse <-- x8 == 0 ? 0 : 1 / x8;
    // Only a non-zero x8 has an inverse.
    x8 * inverse === 1;

    // E - the equation
    signal left[2] <== EscalarMulFix(251, base)(sBits);
    signal hA[2] <== EscalarMulAny(254)(hBits, [x8, y8]);
    signal (rightX, rightY) <== BabyAdd()(rx, ry, hA[0], hA[1]);
    enabled * (left[0] - rightX) === 0;
    enabled * (left[1] - rightY) === 0;
}
