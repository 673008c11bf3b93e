import { babyjubjub } from "@noble/curves/misc.js";
import { concat, getBytes, hexlify, sha512, toUtf8Bytes } from "ethers";
import { A, D, isSignature, isTorsionFree, type Point } from "./babyJubjub.ts";
import { MalformedError } from "./errors.ts";
import { assertField, FIELD, S_BOUND, SUBGROUP_ORDER } from "./field.ts";
import { toHex32 } from "./hex.ts";
import { poseidon } from "./poseidon.ts";

export type { Point };

/** A reduced secret scalar, `0 < s < SUBGROUP_ORDER`. */
export type SecretKey = bigint;

export type PublicKey = Point;

/** circomlib's EdDSA-Poseidon signature. */
export interface Signature {
  readonly r8: Point;
  readonly s: bigint;
}

const Curve = babyjubjub.Point;

/**
 * @throws {MalformedError} unless `0 < secret < SUBGROUP_ORDER`. A larger scalar would be a second secret of one key
 */
export function assertSecretKey(secret: SecretKey): SecretKey {
  if (secret <= 0n || secret >= SUBGROUP_ORDER)
    throw new MalformedError("secret key", "hidden", "1 to SUBGROUP_ORDER - 1");
  return secret;
}

/** The secret key that `seed` stands for: uniform if the seed has 256 bits of entropy. */
export function secretKeyFromSeed(seed: Uint8Array | string): SecretKey {
  const bytes = typeof seed === "string" ? toUtf8Bytes(seed) : seed;
  return (BigInt(sha512(concat([toUtf8Bytes("b52.seed"), bytes]))) % (SUBGROUP_ORDER - 1n)) + 1n;
}

/** `secret * Base8`. */
export function publicKey(secret: SecretKey): PublicKey {
  return Curve.BASE.multiply(assertSecretKey(secret)).toAffine();
}

/** Whether both coordinates are canonical and satisfy the curve equation. */
export function isOnCurve({ x, y }: Point): boolean {
  if (x < 0n || x >= FIELD || y < 0n || y >= FIELD) return false;
  const xx = (x * x) % FIELD;
  const yy = (y * y) % FIELD;
  return (A * xx + yy - 1n - D * xx * yy) % FIELD === 0n;
}

/** The points with this y coordinate: two that are each other's negative, one where x is 0, or none. */
export function pointsAt(y: bigint): Point[] {
  if (y < 0n || y >= FIELD) return [];
  const yy = (y * y) % FIELD;
  const { Fp } = Curve;
  const square = Fp.div(Fp.sub(1n, yy), Fp.sub(A, Fp.mul(D, yy)));
  try {
    const x = Fp.sqrt(square);
    return x === 0n ? [{ x, y }] : [x, FIELD - x].sort((a, b) => (a < b ? -1 : 1)).map((root) => ({ x: root, y }));
  } catch {
    return []; // the square of nothing
  }
}

/** Whether `key` is a point of the prime subgroup other than the identity: no low order, no torsion twin. */
export function isPublicKey(key: PublicKey): boolean {
  if (!isOnCurve(key) || key.x === 0n) return false;
  return isTorsionFree(key);
}

/** Signs a field element. The nonce is derived, so one message has one signature. */
export function sign(secret: SecretKey, message: bigint): Signature {
  assertField(message, "message");
  const key = publicKey(secret);
  const nonce = BigInt(sha512(concat([toUtf8Bytes("b52.nonce"), toHex32(secret), toHex32(message)]))) % SUBGROUP_ORDER;
  const r8 = Curve.BASE.multiply(nonce).toAffine();
  const s = (nonce + 8n * challenge(r8, key, message) * secret) % SUBGROUP_ORDER;
  return { r8, s };
}

/**
 * Whether `signature` is valid, exactly as the circuits see it, so that whoever proves a block takes what its proposer
 * could prove: a key may have a part of low order, which 8 A is without. Who admits keys asks {@link isPublicKey}, too.
 * Malformed keys, points and scalars give false, never an error.
 */
export function verify(key: PublicKey, message: bigint, signature: Signature): boolean {
  const { r8, s } = signature;
  if (message < 0n || message >= FIELD || s < 0n || s >= S_BOUND) return false;
  if (!isOnCurve(r8) || !isOnCurve(key)) return false;
  return isSignature(key, challenge(r8, key, message) % SUBGROUP_ORDER, signature);
}

/** The 96 bytes R8x, R8y, S as hexadecimal. */
export function encodeSignature({ r8, s }: Signature): string {
  return concat([toHex32(r8.x), toHex32(r8.y), toHex32(s)]);
}

/** @throws {MalformedError} unless `encoded` is 96 bytes */
export function decodeSignature(encoded: string): Signature {
  const [x, y, s] = splitWords(encoded, 3, "signature");
  return { r8: { x: x!, y: y! }, s: s! };
}

/** The 64 bytes x, y as hexadecimal. */
export function encodePublicKey({ x, y }: PublicKey): string {
  return concat([toHex32(x), toHex32(y)]);
}

/** @throws {MalformedError} unless `encoded` is 64 bytes naming a valid public key */
export function decodePublicKey(encoded: string): PublicKey {
  const [x, y] = splitWords(encoded, 2, "public key");
  const key = { x: x!, y: y! };
  if (!isPublicKey(key)) throw new MalformedError("public key", encoded, "a point of the prime subgroup");
  return key;
}

function challenge(r8: Point, key: PublicKey, message: bigint): bigint {
  return poseidon([r8.x, r8.y, key.x, key.y, message]);
}

function splitWords(encoded: string, count: number, name: string): bigint[] {
  if (!/^0x([0-9a-fA-F]{2})*$/.test(encoded) || encoded.length !== 2 + 64 * count) {
    throw new MalformedError(name, encoded, `${32 * count} bytes of hexadecimal`);
  }
  const bytes = getBytes(encoded);
  return Array.from({ length: count }, (_, i) => BigInt(hexlify(bytes.subarray(32 * i, 32 * i + 32))));
}
