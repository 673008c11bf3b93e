import type { EncodedKeys } from "../deploy/parameters.ts";
import type { Profile } from "../protocol/profile.ts";
import type { CircuitName } from "../proving/circuitInstance.ts";
import type { ProofTask } from "../proving/prover.ts";
import { Random } from "./random.ts";
import {
  type CircuitTrapdoor,
  type CommonTrapdoor,
  encodeCircuit,
  encodeProof,
  randomCircuit,
  simulateProof,
} from "./trapdoor.ts";
import { createSetup, type ForestSetup } from "./trapdoorForest.ts";
import { encodedKeys } from "./verifierArguments.ts";
import type { WorldProver } from "./world.ts";

/** Verifying keys of ExitClaim and EscapeClaim with circuits behind them, and what they share with all circuits. */
export interface RealClaims {
  readonly common: CommonTrapdoor;
  readonly exitClaim: string;
  readonly escapeClaim: string;
}

/**
 * Simulates proofs of any public inputs, true or not, in milliseconds, by the trapdoors of keys of its own. L1 verifies
 * them like real ones, for the same gas; of circuits and witnesses they say nothing.
 */
export class TrapdoorProver implements WorldProver {
  readonly random: Random;
  readonly setup: ForestSetup;
  readonly keys: EncodedKeys;
  readonly #circuits: Readonly<Record<CircuitName, CircuitTrapdoor>>;

  /** @param realClaims keys for claims that somebody else proves */
  constructor(
    { name, arity, levels, operationsPerBase }: Profile,
    {
      seed = `simulated/${name}/${arity}/${levels}`,
      realClaims,
    }: { seed?: string; realClaims?: RealClaims | undefined } = {},
  ) {
    this.random = new Random(seed);
    this.setup = createSetup(this.random, arity, levels, operationsPerBase, realClaims?.common);
    const { common, base, operations, merge, root, keyOwnership } = this.setup;
    const exitClaim = randomCircuit(this.random, common, 3);
    const escapeClaim = randomCircuit(this.random, common, 4);
    this.keys = {
      ...encodedKeys(this.setup),
      exitClaim: realClaims?.exitClaim ?? encodeCircuit(exitClaim),
      escapeClaim: realClaims?.escapeClaim ?? encodeCircuit(escapeClaim),
    };
    this.#circuits = {
      BaseRollup: base,
      OperationRollup: operations,
      MergeRollup: merge,
      RootRollup: root,
      KeyOwnership: keyOwnership,
      ExitClaim: exitClaim,
      EscapeClaim: escapeClaim,
    };
  }

  async prove(circuit: CircuitName, { publicInputs }: Pick<ProofTask, "publicInputs">): Promise<string> {
    return this.simulate(circuit, publicInputs);
  }

  /** 256 bytes as hexadecimal. */
  simulate(circuit: CircuitName, publicInputs: readonly bigint[]): string {
    return encodeProof(simulateProof(this.random, this.#circuits[circuit], publicInputs));
  }

  async close(): Promise<void> {}
}
