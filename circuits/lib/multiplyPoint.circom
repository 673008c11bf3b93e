pragma circom 2.2.0;

include "circomlib/circuits/babyjub.circom";
include "circomlib/circuits/montgomery.circom";
include "babyJubjub.circom";
include "bits.circom";

/// 2 P + Q or 2 P - Q in Montgomery coordinates, as (P +- Q) + P, in 6 constraints: y of the sum in between is not
/// needed.
///
/// Incomplete. For points of one odd prime order, not the identity:
/// - P the negative of what is added: there is no witness, because lambda * 0 would have to be 2 P[1], which is not 0.
/// - 2 P the negative of what is added: none either, because middle is P[0], and 0 would have to be 2 P[1].
/// - P equal to what is added: lambda is free. The caller excludes this one.
///
/// inputs:
///   plus - {Bool} 1: 2 P + Q, 0: 2 P - Q
///   P, Q - {Field[2]} Montgomery coordinates
/// outputs:
///   out  - {Field[2]}
template DoubleAndAdd() {
    signal input plus;
    signal input P[2];
    signal input Q[2];
    signal output out[2];

    var a = 168698; // v^2 = u^3 + a u^2 + u

    // A - u of P +- Q, by the chord's slope
    signal y <== (2 * plus - 1) * Q[1];
    signal lambda <-- (P[1] - y) / (P[0] - Q[0]);
    // One slope, because P[0] and Q[0] differ.
    lambda * (P[0] - Q[0]) === P[1] - y;
    signal middle <== lambda * lambda - a - P[0] - Q[0];

    // B - P added. With v of the sum, lambda (P[0] - middle) - P[1], the chord's slope is 2 P[1] / (P[0] - middle) -
    // lambda
    signal mu <-- 2 * P[1] / (P[0] - middle) - lambda;
    // One slope, because where P[0] = middle there is none: P[1] is not 0.
    (lambda + mu) * (P[0] - middle) === 2 * P[1];
    out[0] <== mu * mu - a - middle - P[0];
    out[1] <== mu * (P[0] - out[0]) - P[1];
}

/// h P for a hash h.
///
/// A ladder of incomplete additions. Its scalar k is h or 8 l - h, whichever is at least 2^252, and Q is P or -P, so
/// that h P = k Q: 8 l P is the identity. After bit i the sum is a_i Q with a_i = 2 (k >> i) + 1, and each bit b makes
/// a_i = 2 a_(i+1) + 2 b - 1.
///
/// Every witness has the right point, whatever h is, because no sum is ever Q or -Q when Q is added to it. Modulo l, a
/// sum of +-1 comes from one of 0 or +-1. There is no witness for a sum of 0. And the first one is 3, 5 or 7, because
/// k >> 252 is not 0: leading zeros would keep it at 1.
///
/// There is a witness for all h but less than 2^128 of the 2^254: those near 0 and p that the bounds of k leave out,
/// and at most 36 near multiples of l, where a sum is 0. To find a message with such a hash takes 2^126 tries.
///
/// phases:
///   A - k, its bits, and that it is at least 2^252
///   B - Q
///   C - the sum a_1 Q
///   D - Q taken off if k is even: a_1 = 2 (k >> 1) + 1
///
/// inputs:
///   h    - {Field} nobody's choice
///   P    - {Point} of the prime subgroup, not the identity: by the caller's constraints
/// outputs:
///   out  - {Field[2]} Edwards coordinates
template MultiplyPoint() {
    signal input h;
    input Point P;
    signal output out[2];

    // A - 8 l - k is 0 or more and below p, so it is h and not h + p; where both k would do, either gives the same
    // point
    signal negative <-- (h >> 252) == 0 ? 1 : 0;
    negative * (1 - negative) === 0;
    signal k <== h + negative * (8 * SUBGROUP_ORDER() - 2 * h);
    // Below the largest multiple of 2^126 in p: half as many comparisons as with p itself.
    signal bits[254] <== BitsAtMost(254, ((-1 >> 126) << 126) - 1)(k);
    (1 - bits[253]) * (1 - bits[252]) === 0;

    // B
    signal x <== (1 - 2 * negative) * P.x;
    signal Q[2] <== Edwards2Montgomery()([x, P.y]);

    // C - the two highest bits say 3, 5 or 7: 2 * 2 - 1, 2 * 2 + 1 or 2 * 3 + 1
    signal Q2[2] <== MontgomeryDouble()(Q);
    signal Q3[2] <== MontgomeryAdd()(Q, Q2);
    signal both <== bits[253] * bits[252];
    signal first[2];
    first[0] <== Q2[0] + both * (Q3[0] - Q2[0]);
    first[1] <== Q2[1] + both * (Q3[1] - Q2[1]);
    signal sum[253][2]; // after bit i; the last one is sum[1]
    sum[252] <== DoubleAndAdd()(bits[253], first, Q);
    for (var i = 251; i > 0; i--) {
        sum[i] <== DoubleAndAdd()(bits[i], sum[i + 1], Q);
    }

    // D - complete, so it may be the identity that is added
    signal odd[2] <== Montgomery2Edwards()(sum[1]);
    signal off[2];
    off[0] <== (bits[0] - 1) * x;
    off[1] <== 1 + (1 - bits[0]) * (P.y - 1);
    (out[0], out[1]) <== BabyAdd()(odd[0], odd[1], off[0], off[1]);
}
