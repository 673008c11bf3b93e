import { B52Error } from "../../protocol/errors.ts";
import { fromLimbs, LIMBS, toLimbs } from "./limbs.ts";

/** The system, or WebAssembly's limit of 4 GiB, leaves no room for a key or a proof. */
export class KernelMemoryError extends B52Error {
  constructor(bytes: number, cause: unknown) {
    super(`out of memory: the prover has ${Math.round(bytes / 2 ** 20)} MiB and gets no more`, { bytes }, { cause });
  }
}

/**
 * What the kernels export, see `assembly/`. Addresses and counts are numbers; a group's `degree` is its coordinates'.
 */
export interface KernelFunctions {
  allocate(bytes: number): number;
  mark(): number;
  release(to: number): void;
  /** A release that leaves zeros. */
  wipe(to: number): void;
  setFillers(degree: number, first: number, second: number): void;
  importPoints(degree: number, out: number, kept: number, file: number, first: number, n: number): number;
  exportPoint(degree: number, out: number, point: number): void;
  windowCount(c: number): number;
  multiply(
    degree: number,
    points: number,
    scalars: number,
    chosen: number,
    n: number,
    c: number,
    first: number,
    windows: number,
    out: number,
  ): void;
  multiplyRows(
    out: number,
    rows: number,
    first: number,
    end: number,
    starts: number,
    entries: number,
    wires: number,
    coefficients: number,
  ): void;
  unpackAll(out: number, bytes: number, n: number): void;
  powers(out: number, first: number, ratio: number, n: number): void;
  twiddles(out: number, root: number, n: number): void;
  reverse(out: number, factors: number, n: number): void;
  toCoefficients(data: number, n: number, roots: number): void;
  toValues(data: number, n: number, roots: number): void;
  multiplyAll(out: number, a: number, b: number, pairs: number): void;
  quotient(out: number, a: number, b: number, c: number, n: number): void;
  mulFq(out: number, a: number, b: number): void;
  mulSumFq(out: number, a: number, b: number, c: number, d: number): void;
  mulTwoFq(out: number, out2: number, a: number, b: number, c: number, d: number): void;
  mulComplexFq(out: number, out2: number, a: number, b: number, c: number, d: number): void;
  squareFq(out: number, a: number): void;
  squareDifferenceFq(out: number, a: number, b: number): void;
  reduceFq(out: number, a: number): void;
  inverseFq(out: number, a: number): void;
  sumXFq(
    out0: number,
    out1: number,
    difference: number,
    square: number,
    a0: number,
    a1: number,
    b0: number,
    b1: number,
  ): void;
  sumYFq(out0: number, out1: number, product: number, first: number, second: number): void;
  mulFr(out: number, a: number, b: number): void;
  mulSumFr(out: number, a: number, b: number, c: number, d: number): void;
  reduceFr(out: number, a: number): void;
}

/**
 * One instance of the kernels, with a memory of its own. WebAssembly says addresses above 2 GiB as negative numbers,
 * and takes them so.
 */
export class Kernels {
  readonly functions: KernelFunctions;
  readonly #memory: WebAssembly.Memory;

  private constructor(instance: WebAssembly.Instance) {
    this.functions = instance.exports as unknown as KernelFunctions;
    this.#memory = instance.exports.memory as WebAssembly.Memory;
  }

  static async create(module: WebAssembly.Module): Promise<Kernels> {
    return new Kernels(await WebAssembly.instantiate(module));
  }

  /**
   * Runs work that allocates: the kernels trap when they get no memory.
   *
   * @throws KernelMemoryError
   */
  guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError && error.message === "unreachable")
        throw new KernelMemoryError(this.#memory.buffer.byteLength, error);
      throw error;
    }
  }

  /** The whole memory. Valid until something is allocated. */
  all(): Uint8Array {
    return new Uint8Array(this.#memory.buffer);
  }

  /** Valid until something is allocated. */
  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, address >>> 0, length);
  }

  /** Valid until something is allocated. */
  doubles(address: number, length: number): Float64Array {
    return new Float64Array(this.#memory.buffer, address >>> 0, length);
  }

  /** Two numbers as they are, not times R. */
  writePair(address: number, values: readonly [bigint, bigint]): void {
    const limbs = this.doubles(address, 2 * LIMBS);
    values.forEach((value, lane) => toLimbs(value).forEach((limb, i) => (limbs[2 * i + lane] = Number(limb))));
  }

  readPair(address: number): [bigint, bigint] {
    const limbs = this.doubles(address, 2 * LIMBS);
    const lane = (first: number): bigint => fromLimbs(limbs.filter((_, i) => i % 2 === first));
    return [lane(0), lane(1)];
  }

  /** Copies bytes to where they stay. */
  place(bytes: Uint8Array): number {
    const address = this.functions.allocate(bytes.length);
    this.bytes(address, bytes.length).set(bytes);
    return address;
  }

  /** Zeros. */
  clear(bytes: number): number {
    const address = this.functions.allocate(bytes);
    this.bytes(address, bytes).fill(0);
    return address;
  }
}
