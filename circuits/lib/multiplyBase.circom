pragma circom 2.2.0;

include "circomlib/circuits/babyjub.circom";
include "circomlib/circuits/montgomery.circom";
include "babyJubjub.circom";

/// Sum of two points, in Edwards coordinates.
function addPoints(p, q) {
    var product = 168696 * p[0] * q[0] * p[1] * q[1];
    return [
        (p[0] * q[1] + p[1] * q[0]) / (1 + product),
        (p[1] * q[1] - 168700 * p[0] * q[0]) / (1 - product)
    ];
}

/// k times a point, in Edwards coordinates.
function multiplyConstant(point, k) {
    var sum[2] = [0, 1];
    var power[2] = point;
    for (var i = 0; i < 254; i++) {
        if ((k >> i) & 1 == 1) { sum = addPoints(sum, power); }
        power = addPoints(power, power);
    }
    return sum;
}

/// A point that is neither of order 1 nor 2, in Montgomery coordinates.
function montgomeryOf(point) {
    var u = (1 + point[1]) / (1 - point[1]);
    return [u, u / point[0]];
}

/// s B8 for a scalar of 251 bits.
///
/// With G = B8 / 2 and signed bits z = 2 b - 1, s B8 = (2^251 - 1) G + sum of z_i 2^i G. Two signed bits are a multiple
/// of +-1 or +-3, whose u depends on the product of the two, and whose v is a sum of them: one constraint, and 3 to add
/// it.
///
/// Those additions are incomplete and meet no exception: before bits 2 w and 2 w + 1 the sum is m G with m = 2^251 - 1
/// +- less than 4^w, and what is added is at most 3 * 4^w. Modulo l, 2^251 is 0.32 l. For w < 124 all that can be added
/// so far is below 4^124 = 2^248 < 0.17 l, so neither sum nor difference of the two is 0. The three highest bits are
/// added completely: there the sum may be anything, the identity for s = 0.
///
/// inputs:
///   bits[251] - {Bool} least significant first
/// outputs:
///   out       - {Field[2]} Edwards coordinates
template MultiplyBase() {
    signal input bits[251];
    signal output out[2];

    var half[2] = multiplyConstant(BASE8(), (SUBGROUP_ORDER() + 1) \ 2);
    var power[2] = half; // 4^w G
    signal both[125];
    signal sum[125][2];

    sum[0] <== montgomeryOf(multiplyConstant(half, (1 << 251) - 1));
    for (var w = 0; w < 124; w++) {
        var double[2] = addPoints(power, power);
        var one[2] = montgomeryOf(power);
        var three[2] = montgomeryOf(addPoints(power, double));
        var low = bits[2 * w];
        var high = bits[2 * w + 1];
        both[w] <== low * high;
        // same is 1 for +-3 and 0 for +-1
        var same = 1 - low - high + 2 * both[w];
        var u = one[0] + (three[0] - one[0]) * same;
        var v = (three[1] - one[1]) / 2 * (2 * low - 1) + (three[1] + one[1]) / 2 * (2 * high - 1);
        sum[w + 1] <== MontgomeryAdd()(sum[w], [u, v]);
        power = addPoints(double, double);
    }

    // The highest three: 2 n - 7 times 2^248 G for the number n that they are.
    var multiple[8][2];
    for (var n = 0; n < 8; n++) {
        multiple[n] = multiplyConstant(power, SUBGROUP_ORDER() + 2 * n - 7);
    }
    both[124] <== bits[248] * bits[249];
    signal top[2];
    for (var c = 0; c < 2; c++) {
        var at[2];
        for (var n = 0; n < 2; n++) {
            var m = 4 * n;
            at[n] = multiple[m][c] + (multiple[m + 1][c] - multiple[m][c]) * bits[248]
                + (multiple[m + 2][c] - multiple[m][c]) * bits[249]
                + (multiple[m + 3][c] - multiple[m + 2][c] - multiple[m + 1][c] + multiple[m][c]) * both[124];
        }
        top[c] <== at[0] + (at[1] - at[0]) * bits[250];
    }
    signal low[2] <== Montgomery2Edwards()(sum[124]);
    (out[0], out[1]) <== BabyAdd()(low[0], low[1], top[0], top[1]);
}
