/**
 * The part of ffjavascript that the keys use; the package ships no types. `Uint8Array` elements are little-endian
 * Montgomery.
 */
declare module "ffjavascript" {
  export class ChaCha {
    constructor(seed: readonly number[]);
  }

  export interface Field {
    readonly n8: number;
    readonly one: Uint8Array;
    /** Values on the domain to coefficients, and back. */
    ifft(values: Uint8Array): Promise<Uint8Array>;
    fft(coefficients: Uint8Array): Promise<Uint8Array>;
    /** Element `i` times `first * factor^i`. */
    batchApplyKey(elements: Uint8Array, first: Uint8Array, factor: Uint8Array): Promise<Uint8Array>;
    fromRng(rng: ChaCha): Uint8Array;
    random(this: void): Uint8Array;
    toObject(a: Uint8Array): bigint;
    fromObject(a: bigint): Uint8Array;
  }

  export interface Group {
    readonly F: { readonly n8: number };
    readonly g: Uint8Array;
    readonly gAffine: Uint8Array;
    readonly zeroAffine: Uint8Array;
    fromRng(rng: ChaCha): Uint8Array;
    toAffine(a: Uint8Array): Uint8Array;
    timesFr(a: Uint8Array, scalar: Uint8Array): Uint8Array;
    timesScalar(a: Uint8Array, scalar: bigint): Uint8Array;
    isZero(a: Uint8Array): boolean;
    isValid(a: Uint8Array): boolean;
    eq(a: Uint8Array, b: Uint8Array): boolean;
    toUncompressed(a: Uint8Array): Uint8Array;
    batchLEMtoU(points: Uint8Array): Promise<Uint8Array>;
    fromObject(a: unknown): Uint8Array;
    /** The sum of affine points times canonical scalars of 32 bytes. */
    multiExpAffine(points: Uint8Array, scalars: Uint8Array): Promise<Uint8Array>;
  }

  export interface Curve {
    readonly Fr: Field;
    readonly G1: Group;
    readonly G2: Group;
    readonly Gt: { toObject(a: Uint8Array): unknown };
    /** `code` is the curve's WebAssembly, present in single-threaded curves. */
    readonly tm: { readonly code: Uint8Array<ArrayBuffer> };
    pairing(a: Uint8Array, b: Uint8Array): Promise<Uint8Array>;
    terminate(): Promise<void>;
  }

  export function buildBn128(singleThread: boolean): Promise<Curve>;
}
