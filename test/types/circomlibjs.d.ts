/** The parts of circomlibjs that serve as an independent oracle. */
declare module "circomlibjs" {
  interface Field {
    e(value: bigint): Uint8Array;
    toObject(element: Uint8Array): bigint;
  }
  interface Poseidon {
    (inputs: readonly bigint[], initialState?: bigint): Uint8Array;
    F: Field;
  }
  interface Eddsa {
    F: Field;
    prv2pub(seed: Uint8Array): Uint8Array[];
    signPoseidon(seed: Uint8Array, message: Uint8Array): { R8: Uint8Array[]; S: bigint };
    verifyPoseidon(message: Uint8Array, signature: { R8: Uint8Array[]; S: bigint }, key: Uint8Array[]): boolean;
  }
  export function buildPoseidonReference(): Promise<Poseidon>;
  export function buildEddsa(): Promise<Eddsa>;
}
