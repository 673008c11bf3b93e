import type { Groth16Proof } from "../protocol/proof.ts";
import type { CircuitInput } from "./circuitInput.ts";
import type { EngineName } from "./groth16/engine.ts";

/** What a thread of the pool is given. */
export interface ProveTask {
  readonly wasmPath: string;
  readonly circuitHash: string;
  readonly zkeyPath: string;
  readonly zkeyHash: string;
  readonly input: CircuitInput;
  /** What proves; left out, the kernels, or snarkjs where the machine cannot run them. */
  readonly engine?: EngineName | undefined;
}

export type ProvePhase = "queued" | "witness" | "proof" | "check" | "done";

export interface ProveResult {
  readonly proof: Groth16Proof;
  readonly publicSignals: readonly bigint[];
}
