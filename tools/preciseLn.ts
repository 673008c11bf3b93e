const STATE_BITS = 512n;

/**
 * The natural logarithm to `bits` binary places, rounded down but for the last few of them. It shares nothing with the
 * one that the protocol uses: binary digits of log2 by repeated squaring, times ln 2 by Machin's formula.
 *
 * @param x above 0
 * @param bits at most 256
 */
export function preciseLn(x: bigint, bits = 192): bigint {
  let log2 = BigInt(x.toString(2).length - 1);
  let power = (x << STATE_BITS) >> log2;
  for (let digit = 0; digit < bits + 64; digit++) {
    power = (power * power) >> STATE_BITS;
    const carry = power >> (STATE_BITS + 1n);
    power >>= carry;
    log2 = (log2 << 1n) | carry;
  }
  return (log2 * LN2) >> (STATE_BITS + 64n);
}

/** 2^512 ln 2 */
const LN2 = 18n * inverseAtanh(26n) - 2n * inverseAtanh(4801n) + 8n * inverseAtanh(8749n);

/** atanh(1 / n) */
function inverseAtanh(n: bigint): bigint {
  let sum = 0n;
  for (let power = (1n << STATE_BITS) / n, k = 1n; power > 0n; power /= n * n, k += 2n) sum += power / k;
  return sum;
}
