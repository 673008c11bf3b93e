import { B52Error } from "./errors.ts";
import { assertUint } from "./field.ts";

const EXPONENT_BITS = 5;

/** Mantissa bits of a transfer's amount. */
export const AMOUNT_MANTISSA_BITS = 27;
/** Mantissa bits of a transfer's fee. */
export const FEE_MANTISSA_BITS = 11;

/** A value that no mantissa and power of ten give exactly. Nothing is ever rounded for the user. */
export class NotRepresentableError extends B52Error {
  constructor(value: bigint, mantissaBits: number) {
    const most = 2 ** mantissaBits - 1;
    super(`${value} wei is not representable, expected at most ${most} times a power of ten up to 10^31`, {
      value,
      mantissaBits,
    });
  }
}

/**
 * `mantissa << 5 | exponent` for `mantissa * 10^exponent = value`, with the smallest exponent.
 * @throws {NotRepresentableError}
 */
export function encodeFloat(value: bigint, mantissaBits: number): bigint {
  let mantissa = value;
  let exponent = 0n;
  // This also bounds the work that a number from somebody else can cause.
  if (value >> BigInt(mantissaBits) >= 10n ** 31n) throw new NotRepresentableError(value, mantissaBits);
  while (mantissa >> BigInt(mantissaBits) !== 0n && mantissa % 10n === 0n) {
    mantissa /= 10n;
    exponent++;
  }
  if (value < 0n || mantissa >> BigInt(mantissaBits) !== 0n || exponent >= 1n << BigInt(EXPONENT_BITS)) {
    throw new NotRepresentableError(value, mantissaBits);
  }
  return (mantissa << BigInt(EXPONENT_BITS)) | exponent;
}

/** The value of any encoding, canonical or not. */
export function decodeFloat(encoded: bigint, mantissaBits: number): bigint {
  assertUint(encoded, mantissaBits + EXPONENT_BITS, "encoded amount");
  return (encoded >> BigInt(EXPONENT_BITS)) * 10n ** (encoded & 31n);
}

/**
 * The nearest values with an encoding: `below` is at most `value`, `above` at least. Both are `value` if it has an
 * encoding. `above` is undefined beyond the greatest.
 */
export function nearestFloats(
  value: bigint,
  mantissaBits: number,
): { readonly below: bigint; readonly above: bigint | undefined } {
  const limit = 1n << BigInt(mantissaBits);
  const greatest = (limit - 1n) * 10n ** 31n;
  if (value < 0n) throw new NotRepresentableError(value, mantissaBits);
  if (value > greatest) return { below: greatest, above: undefined };
  let unit = 1n;
  while (value / unit >= limit) unit *= 10n;
  if (value % unit === 0n) return { below: value, above: value };
  const mantissa = value / unit;
  // Where the unit grows by ten, the greatest mantissa of the smaller unit may be nearer from below. One more than that
  // mantissa has an encoding in the larger unit only.
  const finer = ((limit - 1n) * unit) / 10n;
  const step = mantissa === limit - 1n ? unit * 10n : unit;
  return { below: finer > mantissa * unit ? finer : mantissa * unit, above: (value / step + 1n) * step };
}
