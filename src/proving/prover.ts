import type { Node } from "../protocol/nodes.ts";
import type { CircuitInput } from "./circuitInput.ts";
import type { CircuitName } from "./circuitInstance.ts";
import { ProvingError } from "./errors.ts";
import { placeOf, ProverPool, type ProverPoolOptions, type ProvingCircuit } from "./pool.ts";

/** A proof to be made. */
export interface ProofTask {
  readonly input: CircuitInput;
  /** What the proof must show. */
  readonly publicInputs: readonly bigint[];
  /** The place in the proof tree, for messages; left out for a proof outside the tree. */
  readonly node?: Node;
}

/** Makes proofs of a profile's circuits. */
export interface CircuitProver {
  /** 256 bytes as hexadecimal. Aborting `signal` ends the work at once. */
  prove(circuit: CircuitName, task: ProofTask, signal?: AbortSignal): Promise<string>;
  /** Ends all work at once. */
  close(): Promise<void>;
}

export type ProvingCircuits = Readonly<Partial<Record<CircuitName, ProvingCircuit>>>;

const OTHER_INPUTS = "it would show other public inputs than it is for";

/** Makes real proofs, in worker threads. */
export class PoolProver implements CircuitProver {
  readonly #circuits: ProvingCircuits;
  readonly #pool: ProverPool;

  constructor(circuits: ProvingCircuits, options?: ProverPoolOptions) {
    this.#circuits = circuits;
    this.#pool = new ProverPool(options);
  }

  /**
   * @throws everything that {@link ProverPool.prove} does
   * @throws {ProvingError} if the input is not that of the public inputs
   */
  async prove(circuit: CircuitName, { input, publicInputs, node }: ProofTask, signal?: AbortSignal): Promise<string> {
    const { proof, publicSignals } = await this.#pool.prove({
      circuit: this.#circuits[circuit]!,
      input,
      signal,
      ...(node && { node }),
    });
    const isAsked =
      publicSignals.length === publicInputs.length && publicSignals.every((v, i) => v === publicInputs[i]);
    if (!isAsked) throw new ProvingError(circuit, placeOf(node), OTHER_INPUTS);
    return proof;
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}
