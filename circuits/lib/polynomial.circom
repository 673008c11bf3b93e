pragma circom 2.2.0;

include "blobField.circom";

// Polynomials at a point z of the field of blobs, and powers of z, with few products: the powers up to z^baby once,
// then Horner's rule over blocks of `baby` coefficients. {Number}: see blobField.circom.

/// Sums of products in Powers, Polynomial and Power together.
function sumsOfProducts(n, exponent, baby) {
    var count = baby - 1 + (n - 1) \ baby + (n % baby == 1 || baby == 1 ? 0 : 1);
    for (var giant = exponent \ baby; giant > 1; giant = giant \ 2) { count += 1 + giant % 2; }
    return count + (exponent % baby == 0 ? 0 : 1);
}

/// The number of powers with which n coefficients and z^exponent take the fewest sums of products, at most 28.
function babySteps(n, exponent) {
    var best = 1;
    for (var baby = 2; baby <= 28 && baby <= n; baby++) {
        if (sumsOfProducts(n, exponent, baby) < sumsOfProducts(n, exponent, best)) { best = baby; }
    }
    return best;
}

/// z, z^2 .. z^count.
///
/// inputs:
///   z[6] - {Number} below q
/// outputs:
///   out[count][6] - {Number} below q
template Powers(count) {
    signal input z[6];
    signal output out[count][6];

    out[0] <== z;
    for (var i = 1; i < count; i++) {
        out[i] <== SumOfProducts(1)([out[i - 1]], [z], [0, 0, 0, 0, 0, 0]);
    }
}

/// The polynomial with some coefficients at z.
///
/// parameters:
///   n    - {Uint32} number of coefficients, at least 2
///   baby - {Uint8} number of powers, at most n and 28
/// inputs:
///   coefficient[n][6] - {Number} below q. The lowest of a block that others follow is only added: its limbs may have
///                       up to 86 bits
///   power[baby][6]    - {Number} z, z^2 .. z^baby
/// outputs:
///   out[6] - {Number} below q
template Polynomial(n, baby) {
    signal input coefficient[n][6];
    signal input power[baby][6];
    signal output out[6];

    assert(n >= 2);
    var blocks = (n + baby - 1) \ baby;
    signal sum[blocks][6];
    component step[blocks];
    for (var i = blocks - 1; i >= 0; i--) {
        var first = baby * i;
        var isLast = i == blocks - 1;
        var products = (isLast ? n - first : baby) - 1;
        if (isLast && products == 0) {
            sum[i] <== coefficient[first];
        } else {
            step[i] = SumOfProducts(products + (isLast ? 0 : 1));
            for (var k = 0; k < products; k++) {
                step[i].a[k] <== coefficient[first + 1 + k];
                step[i].b[k] <== power[k];
            }
            if (!isLast) {
                step[i].a[products] <== sum[i + 1];
                step[i].b[products] <== power[baby - 1];
            }
            step[i].c <== coefficient[first];
            sum[i] <== step[i].out;
        }
    }
    out <== sum[0];
}

/// z^n: (z^baby)^(n \ baby) z^(n % baby), by squares and products.
///
/// parameters:
///   n    - {Uint32} at least baby
///   baby - {Uint8} number of powers
/// inputs:
///   power[baby][6] - {Number} z, z^2 .. z^baby
/// outputs:
///   out[6] - {Number} below q
template Power(n, baby) {
    signal input power[baby][6];
    signal output out[6];

    var giant = n \ baby;
    var bits = 0;
    while (giant >> bits > 1) { bits++; }
    var zero[6] = [0, 0, 0, 0, 0, 0];
    signal square[bits + 1][6];
    signal product[bits + 1][6];
    square[bits] <== power[baby - 1];
    product[bits] <== square[bits];
    for (var i = bits - 1; i >= 0; i--) {
        square[i] <== SumOfProducts(1)([product[i + 1]], [product[i + 1]], zero);
        if ((giant >> i) & 1 == 1) {
            product[i] <== SumOfProducts(1)([square[i]], [power[baby - 1]], zero);
        } else {
            product[i] <== square[i];
        }
    }
    if (n % baby == 0) {
        out <== product[0];
    } else {
        out <== SumOfProducts(1)([product[0]], [power[n % baby - 1]], zero);
    }
}
