import type { Groth16Proof } from "../protocol/proof.ts";
import type { CircuitInput } from "./circuitInput.ts";

/** What a thread of the pool is given. */
export interface ProveTask {
  readonly wasmPath: string;
  readonly circuitHash: string;
  readonly zkeyPath: string;
  readonly zkeyHash: string;
  readonly input: CircuitInput;
}

export type ProvePhase = "queued" | "witness" | "proof" | "check" | "done";

export interface ProveResult {
  readonly proof: Groth16Proof;
  readonly publicSignals: readonly bigint[];
}
