import type { Group } from "ffjavascript";
import { BASE_FIELD, FIELD } from "../../protocol/field.ts";
import { curve } from "../../protocol/curve.ts";
import { KeyForgeableError, KeyPointError } from "../errors.ts";
import { type Source, viewOf } from "./binfile.ts";
import { readLE256 } from "./bytes.ts";
import { inverse } from "./modular.ts";
import { G1_BYTES, SECTION, readZkey } from "./zkey.ts";

export interface G1Point {
  readonly x: bigint;
  readonly y: bigint;
}

/** Coordinates over the extension field, each as `[c0, c1]` for `c0 + c1 u`. */
export interface G2Point {
  readonly x: readonly [bigint, bigint];
  readonly y: readonly [bigint, bigint];
}

/** A Groth16 verifying key. Alpha, beta and gamma are the same for all keys from the same powers of tau. */
export interface VerifyingKey {
  readonly alpha: G1Point;
  readonly beta: G2Point;
  readonly gamma: G2Point;
  readonly delta: G2Point;
  /** One point for the constant one, then one for each public input. */
  readonly ic: readonly G1Point[];
}

/** A verifying key in snarkjs' JSON. */
export interface SnarkjsVerifyingKey {
  readonly protocol: "groth16";
  readonly curve: "bn128";
  readonly nPublic: number;
  readonly vk_alpha_1: readonly string[];
  readonly vk_beta_2: readonly (readonly string[])[];
  readonly vk_gamma_2: readonly (readonly string[])[];
  readonly vk_delta_2: readonly (readonly string[])[];
  readonly vk_alphabeta_12: unknown;
  readonly IC: readonly (readonly string[])[];
}

/** A verifying key for the contracts: words of 32 big-endian bytes as hexadecimal. */
export interface EncodedVerifyingKey {
  /** `alpha | beta | gamma`, 320 bytes: shared by all circuits of a deployment. */
  readonly common: string;
  /** `delta | IC_0 .. IC_n`, `128 + 64 (n + 1)` bytes for `n` public inputs. */
  readonly circuit: string;
}

/**
 * The verifying key inside a `.zkey`.
 *
 * @throws FileMalformedError
 * @throws KeyForgeableError when delta equals gamma, up to sign
 * @throws KeyPointError when a point is not of the prime-order group, or is infinity
 */
export async function readVerifyingKey(zkey: Source, file: string): Promise<VerifyingKey> {
  const { header, section } = readZkey(zkey, file);
  const { G1, G2 } = curve;
  const checked = (group: Group, bytes: Uint8Array, name: string): Uint8Array => {
    if (group.isZero(bytes) || !group.isValid(bytes) || !group.isZero(group.timesScalar(bytes, FIELD)))
      throw new KeyPointError(file, name);
    return bytes;
  };
  const g1 = (bytes: Uint8Array, name: string): G1Point => decodeG1(checked(G1, bytes, name));
  const g2 = (bytes: Uint8Array, name: string): G2Point => decodeG2(checked(G2, bytes, name));

  const key = {
    alpha: g1(header.alpha1, "alpha"),
    beta: g2(header.beta2, "beta"),
    gamma: g2(header.gamma2, "gamma"),
    delta: g2(header.delta2, "delta"),
    ic: Array.from({ length: header.publicSignals + 1 }, (_, i) =>
      g1(section(SECTION.ic).read(i * G1_BYTES, G1_BYTES), `IC[${i}]`),
    ),
  };
  assertNotForgeable(key, file);
  return key;
}

/**
 * Refuses gamma and its negative, the two points with gamma's x: with either one a forger's C cancels public inputs.
 * @throws KeyForgeableError when delta equals gamma, up to sign
 */
export function assertNotForgeable({ gamma, delta }: VerifyingKey, name: string): void {
  if (gamma.x.every((part, i) => part === delta.x[i])) throw new KeyForgeableError(name);
}

/** The key as snarkjs exports it. @throws KeyForgeableError when delta equals gamma, up to sign */
export async function exportVerifyingKey(key: VerifyingKey): Promise<SnarkjsVerifyingKey> {
  assertNotForgeable(key, "the verifying key");
  const alpha = projectiveG1(key.alpha);
  const beta = projectiveG2(key.beta);
  const pairing = await curve.pairing(curve.G1.fromObject(alpha), curve.G2.fromObject(beta));
  return decimal({
    protocol: "groth16",
    curve: "bn128",
    nPublic: key.ic.length - 1,
    vk_alpha_1: alpha,
    vk_beta_2: beta,
    vk_gamma_2: projectiveG2(key.gamma),
    vk_delta_2: projectiveG2(key.delta),
    vk_alphabeta_12: curve.Gt.toObject(pairing),
    IC: key.ic.map(projectiveG1),
  }) as SnarkjsVerifyingKey;
}

/** The key as the contracts take it. @throws KeyForgeableError when delta equals gamma, up to sign */
export function encodeVerifyingKey(key: VerifyingKey): EncodedVerifyingKey {
  assertNotForgeable(key, "the verifying key");
  const encode = (points: readonly (G1Point | G2Point)[]): string =>
    `0x${points
      .flatMap(words)
      .map((word) => word.toString(16).padStart(64, "0"))
      .join("")}`;
  return { common: encode([key.alpha, key.beta, key.gamma]), circuit: encode([key.delta, ...key.ic]) };
}

/** The coordinates in the order of the EVM's pairing precompile: for G2 `x1 x0 y1 y0`. */
function words({ x, y }: G1Point | G2Point): readonly bigint[] {
  return typeof x === "bigint" ? [x, y as bigint] : [x[1], x[0], (y as G2Point["y"])[1], (y as G2Point["y"])[0]];
}

const MONTGOMERY_INVERSE = inverse(1n << 256n, BASE_FIELD);

function coordinates(bytes: Uint8Array): bigint[] {
  const view = viewOf(bytes);
  return Array.from(
    { length: bytes.length / 32 },
    (_, i) => (readLE256(view, 32 * i) * MONTGOMERY_INVERSE) % BASE_FIELD,
  );
}

function decodeG1(bytes: Uint8Array): G1Point {
  const [x, y] = coordinates(bytes) as [bigint, bigint];
  return { x, y };
}

function decodeG2(bytes: Uint8Array): G2Point {
  const [x0, x1, y0, y1] = coordinates(bytes) as [bigint, bigint, bigint, bigint];
  return { x: [x0, x1], y: [y0, y1] };
}

function projectiveG1({ x, y }: G1Point): readonly bigint[] {
  return [x, y, 1n];
}

function projectiveG2({ x, y }: G2Point): readonly (readonly bigint[])[] {
  return [x, y, [1n, 0n]];
}

/** Every bigint in `value` as a decimal string, which is how snarkjs writes JSON. */
function decimal(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, v: unknown) => (typeof v === "bigint" ? v.toString() : v)));
}
