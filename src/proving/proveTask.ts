import type { Groth16Proof } from "../protocol/proof.ts";
import type { CircuitInput } from "./circuitInput.ts";
import type { BoardData } from "./groth16/board.ts";
import type { CircuitKey } from "./groth16/circuitKey.ts";
import type { EngineName } from "./groth16/engine.ts";
import type { VerifyingKey } from "./keys/verifyingKey.ts";

/** The files of a circuit. */
export interface CircuitFiles {
  readonly wasmPath: string;
  readonly circuitHash: string;
  readonly zkeyPath: string;
  readonly zkeyHash: string;
}

/** What threads share to prove a circuit: compiled modules, and the key; for snarkjs, which reads files, nothing. */
export type LoadedCircuit =
  | { readonly engine: "snarkjs" }
  | {
      readonly engine: "kernels";
      readonly kernels: WebAssembly.Module;
      readonly witness: WebAssembly.Module;
      readonly key: CircuitKey;
    };

/** Loads a circuit for all threads. */
export interface LoadTask {
  readonly kind: "load";
  readonly files: CircuitFiles;
  /** What proves; left out, the kernels, or snarkjs where the machine cannot run them. */
  readonly engine: EngineName | undefined;
}

export interface LoadResult {
  readonly circuit: LoadedCircuit;
  readonly warnings: readonly string[];
}

/** Makes a witness for a prover of the operator's, and looks whether the `.zkey` is the one that was loaded. */
export interface WitnessTask {
  readonly kind: "witness";
  readonly files: CircuitFiles;
  readonly input: CircuitInput;
}

/** Checks a proof that was made elsewhere. */
export interface CheckTask {
  readonly kind: "check";
  readonly files: CircuitFiles;
  readonly verifyingKey: VerifyingKey;
  readonly result: ProofResult;
}

/** Makes one proof and checks it. */
export interface ProofTask {
  readonly kind: "prove";
  readonly files: CircuitFiles;
  readonly circuit: LoadedCircuit;
  readonly verifyingKey: VerifyingKey;
  readonly input: CircuitInput;
  /** How many parts each sum is cut into, for threads that help. */
  readonly pieces: number;
}

export interface ProofResult {
  readonly proof: Groth16Proof;
  readonly publicSignals: readonly bigint[];
  /** That the sums took, on whatever threads; by the kernels only. */
  readonly sumSeconds?: number;
}

/** Does parts of a proof that another thread makes. */
export interface HelpTask {
  readonly kind: "help";
  readonly circuit: Extract<LoadedCircuit, { engine: "kernels" }>;
  readonly board: BoardData;
  /** From 1, another one for each helper of a proof. */
  readonly thread: number;
  /** Milliseconds since the epoch. */
  readonly askedAt: number;
}

/** What a thread of the pool is given. */
export type ProveTask = LoadTask | ProofTask | HelpTask | WitnessTask | CheckTask;

export type ProvePhase = "queued" | "witness" | "proof" | "check" | "done";

/** What a thread reports while it makes a proof: what it begins, or work that others may share. */
export type ProveMessage = { readonly phase: ProvePhase } | { readonly board: BoardData };
