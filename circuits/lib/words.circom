pragma circom 2.2.0;

/// Packs transfers three to a word, the first in the highest bits; unused places of the last word are 0.
///
/// parameters:
///   n - {Uint32} number of transfers
/// inputs:
///   transfer[n] - {Uint80} range checked where they are decoded
/// outputs:
///   word[ceil(n / 3)] - {Uint240}
template PackWords(n) {
    var words = (n + 2) \ 3;
    signal input transfer[n];
    signal output word[words];

    for (var w = 0; w < words; w++) {
        var sum = 0;
        for (var k = 0; k < 3 && 3 * w + k < n; k++) {
            sum += transfer[3 * w + k] * (1 << (160 - 80 * k));
        }
        word[w] <== sum;
    }
}

/// Evaluates the data at r, and the power that the next node's evaluation is multiplied with.
///
/// inputs:
///   word[n] - {Uint240}
///   r       - {Field}
/// outputs:
///   dataEval - {Field} sum of word_i r^i
///   rPow     - {Field} r^n
template EvaluateData(n) {
    signal input word[n];
    signal input r;
    signal output dataEval;
    signal output rPow;

    signal horner[n];
    signal power[n + 1];
    horner[n - 1] <== word[n - 1];
    for (var i = n - 2; i >= 0; i--) {
        horner[i] <== word[i] + r * horner[i + 1];
    }
    power[0] <== 1;
    for (var i = 0; i < n; i++) {
        power[i + 1] <== power[i] * r;
    }
    dataEval <== horner[0];
    rPow <== power[n];
}
