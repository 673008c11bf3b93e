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

// The points that MultiplyBase adds. A circuit's program computes functions anew for every witness, and these take
// thousands of inversions: so they are a template's parameters, which the compiler works out.

/// G, half of B8.
function BASE_HALF() {
    return multiplyConstant(BASE8(), (SUBGROUP_ORDER() + 1) \ 2);
}

/// (2^251 - 1) G, in Montgomery coordinates.
function BASE_START() {
    var half[2] = BASE_HALF();
    return montgomeryOf(multiplyConstant(half, (1 << 251) - 1));
}

/// 4^w G and 3 * 4^w G for w below 124, in Montgomery coordinates.
function BASE_WINDOWS() {
    var windows[124][2][2];
    var power[2] = BASE_HALF(); // 4^w G
    for (var w = 0; w < 124; w++) {
        var double[2] = addPoints(power, power);
        windows[w] = [montgomeryOf(power), montgomeryOf(addPoints(power, double))];
        power = addPoints(double, double);
    }
    return windows;
}

/// (2 n - 7) 2^248 G for n below 8.
function BASE_TOP() {
    var top[8][2];
    var half[2] = BASE_HALF();
    var power[2] = multiplyConstant(half, 1 << 248);
    var double[2] = addPoints(power, power);
    top[0] = multiplyConstant(power, SUBGROUP_ORDER() - 7);
    for (var n = 1; n < 8; n++) { top[n] = addPoints(top[n - 1], double); }
    return top;
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

    out <== AddMultiples(BASE_START(), BASE_WINDOWS(), BASE_TOP())(bits);
}

/// MultiplyBase with the points that it adds.
///
/// parameters:
///   start[2]           - in Montgomery coordinates
///   windows[124][2][2] - the point of each window and its triple, in Montgomery coordinates
///   multiple[8][2]     - what the highest three bits stand for, in Edwards coordinates
/// inputs, outputs:
///   as MultiplyBase
template AddMultiples(start, windows, multiple) {
    signal input bits[251];
    signal output out[2];

    signal both[125];
    signal sum[125][2];

    sum[0] <== start;
    for (var w = 0; w < 124; w++) {
        var one[2] = windows[w][0];
        var three[2] = windows[w][1];
        var low = bits[2 * w];
        var high = bits[2 * w + 1];
        both[w] <== low * high;
        // same is 1 for +-3 and 0 for +-1
        var same = 1 - low - high + 2 * both[w];
        var u = one[0] + (three[0] - one[0]) * same;
        var v = (three[1] - one[1]) / 2 * (2 * low - 1) + (three[1] + one[1]) / 2 * (2 * high - 1);
        sum[w + 1] <== MontgomeryAdd()(sum[w], [u, v]);
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
