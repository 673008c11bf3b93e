pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "bits.circom";

// Arithmetic modulo q, the order of BLS12-381's scalar field, in which blobs are evaluated. It exceeds this field's p.
//
// {Number} is an integer of 255 bits in six limbs, least significant first: five of 43 bits and one of 40. In a content
// two limbs are one: {ContentNumber} has limbs of 86, 86 and 83 bits.

/// Bits of the n-th limb of a {Number}.
function limbBits(n) {
    return n < 5 ? 43 : 40;
}

/// q, a {Number}.
function BLOB_FIELD() {
    return [0x7ff00000001, 0x7cb7fdfffff, 0x54ef6900bff, 0x40404d0ec02, 0x1d7d483339d, 0xe7db4ea653];
}

/// The matrix that gives the coefficients of a polynomial of degree 10 from its values at 0 .. 10.
function INTERPOLATION() {
    var matrix[11][11];
    for (var t = 0; t < 11; t++) {
        // Lagrange's polynomial, 1 at t and 0 at the other points
        var lagrange[11];
        for (var k = 0; k < 11; k++) { lagrange[k] = k == 0 ? 1 : 0; }
        for (var s = 0; s < 11; s++) {
            if (s != t) {
                for (var k = 10; k >= 0; k--) {
                    lagrange[k] = ((k > 0 ? lagrange[k - 1] : 0) - s * lagrange[k]) / (t - s);
                }
            }
        }
        for (var k = 0; k < 11; k++) { matrix[k][t] = lagrange[k]; }
    }
    return matrix;
}

/// Divides by q, for hints alone: [0] is the quotient in seven limbs of 43 bits, [1] the remainder in six.
///
/// parameters:
///   column[11] - integers, least significant first, each weighing 2^43 times the one before; below 2^515 in all
function divided(column) {
    var q[6] = BLOB_FIELD();
    var result[2][7];
    var rest[13];
    var carry = 0;
    for (var i = 0; i < 13; i++) {
        carry += i < 11 ? column[i] : 0;
        rest[i] = carry & ((1 << 43) - 1);
        carry = carry >> 43;
    }
    for (var j = 6; j >= 0; j--) {
        // Too small by 1 at most: three limbs of the rest over two of q, rounded up.
        var digit = ((rest[j + 6] << 86) + (rest[j + 5] << 43) + rest[j + 4]) \ ((q[5] << 43) + q[4] + 1);
        for (var pass = 0; pass < 2; pass++) {
            var borrow = 0;
            var next[7];
            for (var i = 0; i < 7; i++) {
                var value = (1 << 88) + rest[j + i] - (i < 6 ? digit * q[i] : 0) - borrow;
                next[i] = value & ((1 << 43) - 1);
                borrow = (1 << 45) - (value >> 43);
            }
            if (borrow == 0) {
                for (var i = 0; i < 7; i++) { rest[j + i] = next[i]; }
                result[0][j] += digit;
            }
            digit = 1;
        }
    }
    for (var i = 0; i < 6; i++) { result[1][i] = rest[i]; }
    return result;
}

/// The limbs of bits, all of them sums.
///
/// parameters:
///   n - {Uint8} number of bits, at most 255
/// inputs:
///   bits[n] - {Bool} least significant first
/// outputs:
///   out[6] - {Number}
template LimbsOfBits(n) {
    signal input bits[n];
    signal output out[6];

    assert(n <= 255);
    for (var k = 0; k < 6; k++) {
        var sum = 0;
        for (var i = 0; i < 43 && 43 * k + i < n; i++) {
            sum += bits[43 * k + i] * (1 << i);
        }
        out[k] <== sum;
    }
}

/// The limbs of a number as contents have them.
///
/// inputs:
///   in[6] - {Number}
/// outputs:
///   out[3] - {ContentNumber}
template ContentLimbs() {
    signal input in[6];
    signal output out[3];

    for (var i = 0; i < 3; i++) {
        out[i] <== in[2 * i] + in[2 * i + 1] * (1 << 43);
    }
}

/// A number modulo p.
///
/// inputs:
///   in[6] - {Number}
/// outputs:
///   out - {Field}
template Joined() {
    signal input in[6];
    signal output out;

    var sum = 0;
    for (var i = 0; i < 6; i++) { sum += in[i] * (1 << (43 * i)); }
    out <== sum;
}

/// The limbs of a content's number that are in range. That it is below q was proven with the content.
///
/// inputs:
///   in[3] - {ContentNumber}
/// outputs:
///   out[6] - {Number}
template SplitLimbs() {
    signal input in[3];
    signal output out[6];

    signal low[86] <== Num2Bits(86)(in[0]);
    signal middle[86] <== Num2Bits(86)(in[1]);
    signal high[83] <== Num2Bits(83)(in[2]);
    out <== JoinBits()(low, middle, high);
}

/// The limbs of a number from the bits of its limbs in a content.
///
/// inputs:
///   low[86], middle[86], high[83] - {Bool} least significant first
/// outputs:
///   out[6] - {Number}
template JoinBits() {
    signal input low[86];
    signal input middle[86];
    signal input high[83];
    signal output out[6];

    component limbs = LimbsOfBits(255);
    for (var i = 0; i < 255; i++) {
        if (i < 86) {
            limbs.bits[i] <== low[i];
        } else if (i < 172) {
            limbs.bits[i] <== middle[i - 86];
        } else {
            limbs.bits[i] <== high[i - 172];
        }
    }
    out <== limbs.out;
}

/// The limbs of a content's number that is below q: there is no witness for another one.
///
/// From the highest limb, each is compared with that of q - 1 as long as those above are equal.
///
/// inputs:
///   in[3] - {ContentNumber}
/// outputs:
///   out[6] - {Number}
template CanonicalLimbs() {
    signal input in[3];
    signal output out[6];

    var q[6] = BLOB_FIELD();
    signal high[83];
    signal middle[86];
    signal low[86];
    signal equal[2];
    (high, equal[0]) <== TightBits(83, q[4] + (q[5] << 43))(in[2], 1);
    (middle, equal[1]) <== TightBits(86, q[2] + (q[3] << 43))(in[1], equal[0]);
    (low, _) <== TightBits(86, q[0] + (q[1] << 43) - 1)(in[0], equal[1]);
    out <== JoinBits()(low, middle, high);
}

/// Shows that a sum of columns is quotient * q + remainder.
///
/// Both sides are the same integer, because they agree modulo 2^344 and modulo p and differ by less than 2^344 p.
/// Modulo 2^258 and p would not do: the sum plus or minus 2^258 p would have a quotient, too.
///
/// phases:
///   A - quotient and remainder, in range
///   B - agreement modulo 2^344, four columns at a time
///   C - agreement modulo p
///
/// inputs:
///   column[11]   - {Field} integers from 0, column k weighing 2^(43 k): at most 2^86 (28 min(k + 1, 11 - k) + 1) each
///                  and 28 q^2 + q in all
///   quotient[7]  - {Field} 260 bits in limbs of 43 bits and one of 2
///   remainder[3] - {ContentNumber} below q
/// outputs:
///   out[6] - {Number} the remainder
template Division() {
    signal input column[11];
    signal input quotient[7];
    signal input remainder[3];
    signal output out[6];

    // A - one pair only: the remainder is below q, and 28 q + 1 below 2^260
    for (var k = 0; k < 7; k++) {
        Range(k < 6 ? 43 : 2)(quotient[k]);
    }
    out <== CanonicalLimbs()(remainder);

    // B - column by column, what both sides differ by
    var q[6] = BLOB_FIELD();
    var difference[12];
    for (var k = 0; k < 11; k++) { difference[k] += column[k]; }
    for (var k = 0; k < 6; k++) {
        difference[k] -= out[k];
        for (var i = 0; i < 7; i++) { difference[i + k] -= quotient[i] * q[k]; }
    }
    // Of columns 0 .. 3 the last outweighs the others: at most 113 * 2^86 are in it, and four products, 4 * 2^86 and a
    // limb are taken away. Columns 4 .. 7 end with one like it. So a carry is from -2^46 to 2^50 - 2^46 - 1, and a sum,
    // below 2^223, does not wrap around p: what the carry times 2^172 equals here it equals as an integer.
    signal carry[2];
    for (var g = 0; g < 2; g++) {
        var sum = g == 0 ? 0 : carry[0];
        for (var k = 0; k < 4; k++) { sum += difference[4 * g + k] * (1 << (43 * k)); }
        carry[g] <== sum / (1 << 172);
        Range(50)(carry[g] + (1 << 46));
    }

    // C
    var all = 0;
    for (var k = 11; k >= 0; k--) { all = all * (1 << 43) + difference[k]; }
    all === 0;
}

/// The coefficients of a polynomial of degree 10.
///
/// parameters:
///   interpolation[11][11] - INTERPOLATION(). The compiler works parameters out; what a template calls is computed anew
///                           for every witness.
/// inputs:
///   value[11] - {Field} at 0 .. 10
/// outputs:
///   out[11]   - {Field} least significant first
template Interpolate(interpolation) {
    signal input value[11];
    signal output out[11];

    for (var k = 0; k < 11; k++) {
        var sum = 0;
        for (var t = 0; t < 11; t++) { sum += interpolation[k][t] * value[t]; }
        out[k] <== sum;
    }
}

/// A sum of products modulo q.
///
/// A number is a polynomial at 2^43 with its limbs as coefficients. A product of two has degree 10, so its values at
/// eleven points determine it, one constraint each, and the values of a sum are the sums of the values.
///
/// phases:
///   A - values of each product at 0 .. 10; from them the columns, which are the coefficients of the whole sum
///   B - its remainder
///
/// parameters:
///   n - {Uint8} products, 1 to 28
/// inputs:
///   a[n][6], b[n][6] - {Number} below q
///   c[6]             - {Number} below q; its limbs may exceed their bits, up to 2^86
/// outputs:
///   out[6] - {Number} below q
template SumOfProducts(n) {
    signal input a[n][6];
    signal input b[n][6];
    signal input c[6];
    signal output out[6];

    assert(n >= 1 && n <= 28);

    // A - column k has min(k + 1, 11 - k) products of limbs for each pair, and c
    signal value[n][11];
    var sum[11];
    for (var i = 0; i < n; i++) {
        for (var t = 0; t < 11; t++) {
            var left = 0;
            var right = 0;
            for (var k = 5; k >= 0; k--) {
                left = left * t + a[i][k];
                right = right * t + b[i][k];
            }
            value[i][t] <== left * right;
            sum[t] += value[i][t];
        }
    }
    var column[11] = Interpolate(INTERPOLATION())(sum);
    for (var k = 0; k < 6; k++) { column[k] += c[k]; }

    // B
    var hint[2][7] = divided(column);
    signal quotient[7];
    signal remainder[3];
    component division = Division();
    for (var k = 0; k < 11; k++) { division.column[k] <== column[k]; }
    for (var k = 0; k < 7; k++) {
        // There is one quotient only, and one remainder: see Division.
        quotient[k] <-- hint[0][k];
        division.quotient[k] <== quotient[k];
    }
    for (var k = 0; k < 3; k++) {
        remainder[k] <-- hint[1][2 * k] + (hint[1][2 * k + 1] << 43);
        division.remainder[k] <== remainder[k];
    }
    out <== division.out;
}
