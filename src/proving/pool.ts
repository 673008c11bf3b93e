import { assertField } from "../protocol/field.ts";
import type { Node } from "../protocol/nodes.ts";
import { encodeProof, type Groth16Proof } from "../protocol/proof.ts";
import type { CircuitInput, SignalValue } from "./circuitInput.ts";
import {
  CancelledError,
  KeyTamperedError,
  proofOf,
  ProverBusyError,
  ProverClosedError,
  ProvingError,
} from "./errors.ts";
import { type EngineChoice } from "./engineChoice.ts";
import { Board } from "./groth16/board.ts";
import type { EngineName } from "./groth16/engine.ts";
import type { ProvingKey } from "./keys/provingKey.ts";
import type {
  CircuitFiles,
  LoadedCircuit,
  LoadResult,
  ProofResult,
  ProofTask,
  ProveMessage,
  ProvePhase,
  ProveTask,
} from "./proveTask.ts";
import { proveByRapidsnark } from "./rapidsnark.ts";
import { type SharedProof, Teamwork } from "./teamwork.ts";
import { ThreadPool } from "../threads/threads.ts";

/** What a proof is made with. */
export interface ProvingCircuit {
  readonly name: string;
  /** The hash that the key was built for. */
  readonly hash: string;
  /** circom's witness generator. */
  readonly wasmPath: string;
  readonly key: ProvingKey;
}

export interface ProveRequest {
  readonly circuit: ProvingCircuit;
  readonly input: CircuitInput;
  /** The place in the proof tree, for messages; left out for a proof outside the tree. */
  readonly node?: Node;
  readonly onProgress?: (progress: ProveProgress) => void;
  /** Aborting it ends the work at once, also in the middle of a proof. */
  readonly signal?: AbortSignal | undefined;
}

export interface ProveProgress {
  readonly circuit: string;
  readonly node: Node | undefined;
  readonly phase: ProvePhase;
  /** Milliseconds since the proof was asked for. */
  readonly elapsed: number;
}

export interface Proof {
  /** 256 bytes as hexadecimal, in the order of the EVM's pairing precompile. */
  readonly proof: string;
  readonly publicSignals: readonly bigint[];
  /** The same proof for snarkjs. */
  readonly groth16: Groth16Proof;
}

export interface ProverPoolOptions {
  /** Proofs made at a time, 2 by default; each takes a core. A proof that is alone is made by several threads. */
  readonly threads?: number;
  /** Proofs that may wait for a thread, 4096 by default: the proofs of the largest forests. */
  readonly maxQueue?: number;
  /** What proves: by default the kernels of `groth16/`, and snarkjs where the machine cannot run them. */
  readonly engine?: EngineChoice | undefined;
  /** Hears what an operator should know and no proof fails for; Node's warnings by default. */
  readonly onWarning?: (warning: string) => void;
}

/**
 * Makes real Groth16 proofs in worker threads, which share the keys. Every proof is checked against its verifying key
 * before it is handed out.
 */
export class ProverPool {
  readonly #threads: ThreadPool<ProveTask, unknown, ProveMessage>;
  readonly #teamwork: Teamwork;
  readonly #circuits = new Map<string, Promise<LoadedCircuit>>();
  readonly #size: number;
  readonly #limit: number;
  readonly #engine: EngineChoice | undefined;
  /** rapidsnark uses all cores: one of its processes at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #onWarning: (warning: string) => void;
  /** Warnings that were given: what holds for all circuits is said once. */
  readonly #warned = new Set<string>();
  #inHand = 0;
  readonly #closing = new AbortController();

  constructor({ threads = 2, maxQueue = 4096, engine, onWarning = warn }: ProverPoolOptions = {}) {
    const pool = new ThreadPool<ProveTask, unknown, ProveMessage>(
      new URL("./prove.worker.ts", import.meta.url),
      threads,
    );
    this.#threads = pool;
    this.#teamwork = new Teamwork({
      get free() {
        return pool.free;
      },
      get waiting() {
        return pool.waiting;
      },
      run: (task, signal) => pool.run(task, () => undefined, signal) as Promise<number | undefined>,
    });
    this.#size = threads;
    this.#limit = threads + maxQueue;
    this.#engine = engine;
    this.#onWarning = onWarning;
  }

  /**
   * @throws ProvingError naming circuit and node, when the input satisfies no witness or an artefact is unusable
   * @throws OutOfRangeError when an input is not a canonical field element
   * @throws KeyTamperedError when the key was built for another circuit
   * @throws ProverBusyError when too many proofs wait already
   * @throws CancelledError @throws ProverClosedError
   */
  async prove({ circuit, input, node, onProgress = () => undefined, signal }: ProveRequest): Promise<Proof> {
    const { name, hash, key } = circuit;
    const where = placeOf(node);
    if (this.#closing.signal.aborted) throw new ProverClosedError(name, where);
    if (signal?.aborted) throw new CancelledError(`the ${proofOf(name, where)}`, signal.reason);
    for (const [signal, value] of Object.entries(input)) assertSignal(value, `${name} input ${signal}`);
    if (key.manifest.circuitHash !== hash)
      throw new KeyTamperedError(key.zkeyPath, "circuitHash", key.manifest.circuitHash, hash);
    if (this.#inHand >= this.#limit) throw new ProverBusyError(name, where, this.#limit);

    const start = performance.now();
    const report = (phase: ProvePhase): void =>
      onProgress({ circuit: name, node, phase, elapsed: performance.now() - start });
    this.#inHand++;
    report("queued");
    try {
      const { proof, publicSignals } = await this.#make(circuit, input, report, signal);
      report("done");
      return { proof: encodeProof(proof), publicSignals, groth16: proof };
    } catch (cause) {
      if (signal?.aborted) throw new CancelledError(`the ${proofOf(name, where)}`, signal.reason);
      // It may have been closed meanwhile, which the rule does not see.
      // eslint-disable-next-line ts/no-unnecessary-condition
      if (this.#closing.signal.aborted) throw new ProverClosedError(name, where);
      throw new ProvingError(name, where, cause);
    } finally {
      this.#inHand--;
    }
  }

  /** Ends all work at once; proofs in hand fail with ProverClosedError. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([this.#threads.close(), this.#turn]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #make(
    circuit: ProvingCircuit,
    input: CircuitInput,
    onPhase: (phase: ProvePhase) => void,
    signal: AbortSignal | undefined,
  ): Promise<ProofResult> {
    const files = filesOf(circuit);
    const { verifyingKey } = circuit.key;
    if (typeof this.#engine === "object")
      return this.#makeByRapidsnark(this.#engine.rapidsnark, { files, verifyingKey, input }, onPhase, signal);
    const loaded = await untilAborted(this.#load(files, this.#engine), signal);
    const { zkeyHash } = files;
    const isShared = this.#size > 1 && this.#teamwork.pays(zkeyHash, 1);
    // Two for every thread, so that those that come late, or are slow, have little to wait for.
    const pieces = isShared ? 2 * this.#size : 1;
    let shared: SharedProof | undefined;
    let seconds: number | undefined;
    const onMessage = (message: ProveMessage): void => {
      if ("phase" in message) return onPhase(message.phase);
      if (loaded.engine !== "kernels") return;
      shared = { zkeyHash, circuit: loaded, board: new Board(message.board), signal };
      this.#teamwork.begin(shared);
    };
    try {
      const task: ProveTask = { kind: "prove", files, circuit: loaded, verifyingKey, input, pieces };
      const making = this.#threads.run(task, onMessage, signal) as Promise<ProofResult>;
      this.#teamwork.balance();
      const result = await making;
      seconds = result.sumSeconds;
      return result;
    } finally {
      if (shared) this.#teamwork.end(shared, seconds);
      this.#teamwork.balance();
    }
  }

  async #makeByRapidsnark(
    path: string,
    { files, verifyingKey, input }: Pick<ProofTask, "files" | "verifyingKey" | "input">,
    onPhase: (phase: ProvePhase) => void,
    signal: AbortSignal | undefined,
  ): Promise<ProofResult> {
    const run = (task: ProveTask): Promise<unknown> => this.#threads.run(task, () => undefined, signal);
    const either = AbortSignal.any(signal ? [signal, this.#closing.signal] : [this.#closing.signal]);
    onPhase("witness");
    const witness = (await run({ kind: "witness", files, input })) as Uint8Array;
    try {
      const proving = this.#turn.then(() => {
        either.throwIfAborted();
        onPhase("proof");
        return proveByRapidsnark(path, files.zkeyPath, witness, either);
      });
      this.#turn = proving.catch(() => undefined);
      const result = await untilAborted(proving, signal);
      onPhase("check");
      await run({ kind: "check", files, verifyingKey, result });
      return result;
    } finally {
      witness.fill(0);
    }
  }

  /** Once for all proofs of a circuit, whoever cancels; again if it failed. */
  #load(files: CircuitFiles, engine: EngineName | undefined): Promise<LoadedCircuit> {
    const id = JSON.stringify(files);
    const known = this.#circuits.get(id);
    if (known) return known;
    const task: ProveTask = { kind: "load", files, engine };
    const loading = this.#threads
      .run(task, () => undefined)
      .then((result) => {
        const { circuit, warnings } = result as LoadResult;
        for (const warning of warnings) this.#warn(warning);
        return circuit;
      });
    this.#circuits.set(id, loading);
    loading.catch(() => this.#circuits.delete(id));
    return loading;
  }

  #warn(warning: string): void {
    if (this.#warned.has(warning)) return;
    this.#warned.add(warning);
    this.#onWarning(warning);
  }
}

function filesOf({ hash, wasmPath, key }: ProvingCircuit): CircuitFiles {
  return { wasmPath, circuitHash: hash, zkeyPath: key.zkeyPath, zkeyHash: key.manifest.zkeyHash };
}

/** Settles as `work` does, or fails at once with the signal's reason when it is aborted. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

function warn(warning: string): void {
  process.emitWarning(warning, "ProverWarning");
}

/** circom would reduce the value silently and prove something else. */
function assertSignal(value: SignalValue, name: string): void {
  if (typeof value === "bigint") assertField(value, name);
  else value.forEach((element, i) => assertSignal(element, `${name}[${i}]`));
}

/** A place in the proof tree, for messages; empty for a proof that stands alone. */
export function placeOf(node: Node | undefined): string {
  return node ? `node (${node.depth}, ${node.index})` : "";
}
