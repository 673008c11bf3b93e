/**
 * The part of ffjavascript that is used here; the package ships no types. `Uint8Array` elements are little-endian
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
    e(a: bigint): Uint8Array;
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
    add(a: Uint8Array, b: Uint8Array): Uint8Array;
    neg(a: Uint8Array): Uint8Array;
    toJacobian(a: Uint8Array): Uint8Array;
    /** From canonical big-endian coordinates, those of G2 with the imaginary part first: affine, and not checked. */
    fromRprUncompressed(bytes: Uint8Array, offset: number): Uint8Array;
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
    readonly Gt: {
      readonly one: Uint8Array;
      toObject(a: Uint8Array): unknown;
      mul(a: Uint8Array, b: Uint8Array): Uint8Array;
      eq(a: Uint8Array, b: Uint8Array): boolean;
    };
    readonly tm: Memory;
    /** What a pairing needs of a Jacobian point, computed once. */
    prepareG1(a: Uint8Array): Uint8Array;
    prepareG2(a: Uint8Array): Uint8Array;
    /** Of prepared points, neither of them infinity. */
    millerLoop(a: Uint8Array, b: Uint8Array): Uint8Array;
    finalExponentiation(a: Uint8Array): Uint8Array;
    pairing(a: Uint8Array, b: Uint8Array): Promise<Uint8Array>;
    terminate(): Promise<void>;
  }

  /** The instance's memory, and what runs in it. */
  export interface Memory {
    readonly instance: WebAssembly.Instance;
    /** The curve's WebAssembly, present in single-threaded curves. */
    readonly code: Uint8Array<ArrayBuffer>;
    /** Where its free memory began before the call that has it locked; 0: none has. */
    readonly oldPFree: number;
    /** Unlocks it, and frees what the call has taken. */
    endSyncOp(): void;
    /** @returns a place for so many bytes */
    alloc(bytes: number): number;
    setBuff(place: number, bytes: Uint8Array): void;
    getBuff(place: number, bytes: number): Uint8Array;
  }

  /** Adds functions to a curve's WebAssembly before it is compiled. */
  export type Plugin = (module: unknown) => void;

  export function buildBn128(singleThread: boolean, plugins?: Plugin): Promise<Curve>;
}
