import { createHash } from "node:crypto";
import type { Curve } from "ffjavascript";
import { FIELD } from "../../protocol/field.ts";
import { KeyForgeableError } from "../errors.ts";
import { BEACON_ITERATIONS_LOG, type TauSecrets, beaconRng, rngOf } from "./beacon.ts";
import { viewOf, writeSections } from "./binfile.ts";
import { writeLE256 } from "./bytes.ts";
import type { FixedBase } from "./fixedBase.ts";
import { lagrangeAt } from "./lagrange.ts";
import { inverse, mod, power } from "./modular.ts";
import { evaluateQap } from "./qap.ts";
import type { R1cs } from "./r1cs.ts";
import { SECTION, type HeaderPoints, writeHeader, writeProtocol } from "./zkey.ts";

/** The name that the one contribution to a development key carries inside the file. */
const CONTRIBUTION_NAME = "b52 development";
const CONTRIBUTION_TYPE_BEACON = 1;

/** `2 ** 512 mod FIELD`: the key holds its coefficients times Montgomery's constant squared. */
const MONTGOMERY_SQUARED = (1n << 512n) % FIELD;
const COEFFICIENT_BYTES = 12 + 32;

/** Points of the H basis that snarkjs hashes at a time. */
const HASH_CHUNK = 1 << 14;

export interface DevelopmentKeyParameters {
  readonly curve: Curve;
  readonly g1: FixedBase;
  readonly g2: FixedBase;
  readonly secrets: TauSecrets;
  /** The public beacon that delta is drawn from. */
  readonly deltaBeacon: Uint8Array;
}

/**
 * The Groth16 key that a public powers-of-tau file with these secrets gives: byte for byte the file that snarkjs writes
 * by `powersoftau new`, `powersoftau beacon`, `prepare phase2`, `zkey new` and `zkey beacon`, for a powers-of-tau file
 * larger than the circuit. Whoever knows tau can multiply the generators directly, so it takes seconds instead of
 * hours.
 *
 * @param onProgress hears the share done, 0 to 1
 * @returns the file in pieces
 * @throws KeyForgeableError if the beacon yields delta = gamma
 */
export async function writeDevelopmentKey(
  r1cs: R1cs,
  { curve, g1, g2, secrets, deltaBeacon }: DevelopmentKeyParameters,
  onProgress: (share: number) => void = () => undefined,
): Promise<Uint8Array[]> {
  const { tau, alpha, beta } = secrets;
  const rng = beaconRng(deltaBeacon);
  const deltaElement = curve.Fr.fromRng(rng);
  const delta = curve.Fr.toObject(deltaElement);
  if (delta === 1n) throw new KeyForgeableError("the development key");
  const deltaInverse = inverse(delta);

  const { domainLog, a, b, c } = evaluateQap(r1cs, tau);
  const domainSize = 2 ** domainLog;
  const combined = a.map((value, s) => (beta * value + alpha * b[s]! + c[s]!) % FIELD);
  const firstPrivate = r1cs.publicSignals + 1;
  const privates = combined.slice(firstPrivate);
  const divide = (value: bigint): bigint => (value * deltaInverse) % FIELD;
  // The quotient is known by its values on the odd points of the doubled domain.
  const quotientBasis = lagrangeAt(tau, domainLog + 1, 1, 2);
  // snarkjs hashes tau^i (tau^n - 1) for i < n - 1, but whole chunks of them: one more in large domains.
  const hashed = domainSize > HASH_CHUNK ? domainSize : domainSize - 1;
  const vanishing = powers(tau, hashed, mod(power(tau, BigInt(domainSize)) - 1n));

  // A point of G2 costs about as much as four of G1.
  const total = 16 + firstPrivate + a.length + 5 * b.length + 2 * privates.length + quotientBasis.length + hashed;
  let done = 0;
  const multiply = (base: FixedBase, scalars: readonly bigint[]): Uint8Array =>
    base.multiply(scalars, (points) => onProgress((done += base === g2 ? 4 * points : points) / total));

  const [alpha1, beta1, delta1, one1] = split(multiply(g1, [alpha, beta, delta, 1n]), 4);
  const [beta2, delta2, one2] = split(multiply(g2, [beta, delta, 1n]), 3);
  const points = {
    ic: multiply(g1, combined.slice(0, firstPrivate)),
    a: multiply(g1, a),
    b1: multiply(g1, b),
    b2: multiply(g2, b),
    cInitial: multiply(g1, privates),
    c: multiply(g1, privates.map(divide)),
    h: multiply(g1, quotientBasis.map(divide)),
    vanishing: multiply(g1, vanishing),
  };

  const header: HeaderPoints = {
    alpha1: alpha1!,
    beta1: beta1!,
    beta2: beta2!,
    gamma2: one2!,
    delta1: delta1!,
    delta2: delta2!,
  };

  // The circuit hash covers the key as it was before the contribution, when delta was 1.
  const hasher = createHash("blake2b512");
  for (const point of [alpha1!, beta1!]) hasher.update(await curve.G1.batchLEMtoU(point));
  hasher.update(await curve.G2.batchLEMtoU(beta2!));
  hasher.update(await curve.G2.batchLEMtoU(one2!));
  hasher.update(await curve.G1.batchLEMtoU(one1!));
  hasher.update(await curve.G2.batchLEMtoU(one2!));
  for (const [count, group, section] of [
    [firstPrivate, curve.G1, points.ic],
    [domainSize - 1, curve.G1, points.vanishing],
    [privates.length, curve.G1, points.cInitial],
    [a.length, curve.G1, points.a],
    [b.length, curve.G1, points.b1],
    [b.length, curve.G2, points.b2],
  ] as const) {
    hasher.update(uint32BE(count)).update(await group.batchLEMtoU(section));
  }

  return writeSections(
    "zkey",
    1,
    new Map([
      [SECTION.protocol, writeProtocol()],
      [
        SECTION.header,
        writeHeader({ signals: r1cs.signals, publicSignals: r1cs.publicSignals, domainSize, ...header }),
      ],
      [SECTION.ic, points.ic],
      [SECTION.coefficients, writeCoefficients(r1cs)],
      [SECTION.a, points.a],
      [SECTION.b1, points.b1],
      [SECTION.b2, points.b2],
      [SECTION.c, points.c],
      [SECTION.h, points.h],
      [SECTION.contributions, contributions(hasher.digest())],
    ]),
  );

  /** The transcript of one beacon contribution to a fresh key. */
  function contributions(circuitHash: Uint8Array): Uint8Array {
    const { G1, G2 } = curve;
    const s = G1.toAffine(G1.fromRng(rng));
    const sx = G1.toAffine(G1.timesFr(s, deltaElement));
    const transcript = createHash("blake2b512")
      .update(circuitHash)
      .update(G1.toUncompressed(s))
      .update(G1.toUncompressed(sx))
      .digest();
    const spx = G2.toAffine(G2.timesFr(G2.fromRng(rngOf(transcript)), deltaElement));
    const name = Buffer.from(CONTRIBUTION_NAME);
    const parameters = Buffer.concat([
      Buffer.of(1, name.length),
      name,
      Buffer.of(2, BEACON_ITERATIONS_LOG),
      Buffer.of(3, deltaBeacon.length),
      deltaBeacon,
    ]);
    return Buffer.concat([
      circuitHash,
      uint32LE(1),
      delta1!,
      s,
      sx,
      spx,
      transcript,
      uint32LE(CONTRIBUTION_TYPE_BEACON),
      uint32LE(parameters.length),
      parameters,
    ]);
  }
}

/**
 * The entries of A and B, then the ones in the rows of the public signals, as the prover multiplies them with a
 * witness.
 */
function writeCoefficients(r1cs: R1cs): Uint8Array {
  let count = r1cs.publicSignals + 1;
  r1cs.forEachTerm((matrix) => {
    if (matrix !== 2) count++;
  });
  const bytes = new Uint8Array(4 + count * COEFFICIENT_BYTES);
  const view = viewOf(bytes);
  view.setUint32(0, count, true);
  let at = 4;
  const write = (matrix: number, constraint: number, signal: number, value: bigint): void => {
    view.setUint32(at, matrix, true);
    view.setUint32(at + 4, constraint, true);
    view.setUint32(at + 8, signal, true);
    writeLE256(view, at + 12, (value * MONTGOMERY_SQUARED) % FIELD);
    at += COEFFICIENT_BYTES;
  };
  r1cs.forEachTerm((matrix, constraint, signal, value) => {
    if (matrix !== 2) write(matrix, constraint, signal, value);
  });
  for (let signal = 0; signal <= r1cs.publicSignals; signal++) write(0, r1cs.constraints + signal, signal, 1n);
  return bytes;
}

/** `first * base ** i` for `i < count`. */
function powers(base: bigint, count: number, first: bigint): bigint[] {
  const out: bigint[] = [];
  for (let i = 0, value = first; i < count; i++, value = (value * base) % FIELD) out.push(value);
  return out;
}

function split(bytes: Uint8Array, parts: number): Uint8Array[] {
  const size = bytes.length / parts;
  return Array.from({ length: parts }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

function uint32LE(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint32BE(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
