import { assertField } from "../protocol/field.ts";
import type { Node } from "../protocol/nodes.ts";
import { encodeProof, type Groth16Proof } from "../protocol/proof.ts";
import type { CircuitInput, SignalValue } from "./circuitInput.ts";
import { CancelledError, KeyTamperedError, ProverBusyError, ProverClosedError, ProvingError } from "./errors.ts";
import type { EngineName } from "./groth16/engine.ts";
import type { ProvingKey } from "./keys/provingKey.ts";
import type { ProvePhase, ProveResult, ProveTask } from "./proveTask.ts";
import { ThreadPool } from "./threads.ts";

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
  /** Proofs made at a time, 2 by default; each takes a core and keeps the keys that it used in memory. */
  readonly threads?: number;
  /** Proofs that may wait for a thread, 4096 by default: the proofs of the largest forests. */
  readonly maxQueue?: number;
  /** What proves: the kernels of `groth16/` by default, and snarkjs where the machine cannot run them. */
  readonly engine?: EngineName;
}

/**
 * Makes real Groth16 proofs in worker threads. Every proof is checked against its verifying key before it is handed
 * out.
 */
export class ProverPool {
  readonly #threads: ThreadPool<ProveTask, ProveResult, ProvePhase>;
  readonly #limit: number;
  readonly #engine: EngineName | undefined;
  #inHand = 0;
  #closed = false;

  constructor({ threads = 2, maxQueue = 4096, engine }: ProverPoolOptions = {}) {
    this.#threads = new ThreadPool(new URL("./prove.worker.ts", import.meta.url), threads);
    this.#limit = threads + maxQueue;
    this.#engine = engine;
  }

  /**
   * @throws ProvingError naming circuit and node, when the input satisfies no witness or an artefact is unusable
   * @throws OutOfRangeError when an input is not a canonical field element
   * @throws KeyTamperedError when the key was built for another circuit
   * @throws ProverBusyError when too many proofs wait already
   * @throws CancelledError @throws ProverClosedError
   */
  async prove({ circuit, input, node, onProgress = () => undefined, signal }: ProveRequest): Promise<Proof> {
    const { name, hash, wasmPath, key } = circuit;
    const where = placeOf(node);
    if (this.#closed) throw new ProverClosedError(name, where);
    if (signal?.aborted) throw new CancelledError(`the ${name} proof of ${where}`, signal.reason);
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
      const task: ProveTask = {
        wasmPath,
        circuitHash: hash,
        zkeyPath: key.zkeyPath,
        zkeyHash: key.manifest.zkeyHash,
        input,
        engine: this.#engine,
      };
      const { proof, publicSignals } = await this.#threads.run(task, report, signal);
      report("done");
      return { proof: encodeProof(proof), publicSignals, groth16: proof };
    } catch (cause) {
      if (signal?.aborted) throw new CancelledError(`the ${name} proof of ${where}`, signal.reason);
      // It may have been closed meanwhile, which the rule does not see.
      // eslint-disable-next-line ts/no-unnecessary-condition
      if (this.#closed) throw new ProverClosedError(name, where);
      throw new ProvingError(name, where, cause);
    } finally {
      this.#inHand--;
    }
  }

  /** Ends all work at once; proofs in hand fail with ProverClosedError. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#threads.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** circom would reduce the value silently and prove something else. */
function assertSignal(value: SignalValue, name: string): void {
  if (typeof value === "bigint") assertField(value, name);
  else value.forEach((element, i) => assertSignal(element, `${name}[${i}]`));
}

/** A place in the proof tree, for messages. */
export function placeOf(node: Node | undefined): string {
  return node ? `node (${node.depth}, ${node.index})` : "no node";
}
