import type { BlobStore } from "../blobs/source.ts";
import type { ChainClient, From } from "../chain/index.ts";
import type { SharedClock } from "./clock.ts";
import type { Log } from "../log/index.ts";
import type { NodeDatabase } from "../database/index.ts";
import type { Gossip, Identity } from "../gossip/index.ts";
import type { CircuitName } from "../proving/circuitInstance.ts";
import type { CircuitProver } from "../proving/prover.ts";
import type { Store } from "../state/store.ts";
import type { Hearing } from "./hearing.ts";
import type { L1Reader } from "./l1Reader.ts";
import type { Ledger } from "./ledger.ts";
import type { Waker } from "./loop.ts";

/** What every role works with. One process may share reader and clock between its roles. */
export interface RolePorts {
  readonly clock: SharedClock;
  readonly client: ChainClient;
  /** Sends this role's transactions. */
  readonly signer: From;
  readonly reader: L1Reader;
  readonly ledger: Ledger;
  /** Tells whoever operates the role; its lines are about this role. */
  readonly log: Log;
  /** See `LoopPorts.maxSleep`. */
  readonly maxSleep?: bigint;
}

/** What roles that talk work with besides. */
export interface TalkingPorts extends RolePorts {
  readonly gossip: Gossip;
  readonly identity: Identity;
  readonly hearing: Hearing;
  readonly waker: Waker;
  /** Where the blobs of blocks come from, and where own ones are kept. */
  readonly blobs: BlobStore;
  /** Keeps the role's journal: records of the database under the role's name. */
  readonly store: Store;
  /** Keeps what its keys have promised, and its proofs. One process at a time has it open. */
  readonly database: Pick<NodeDatabase, "duties" | "jobs" | "requireFreeSpace">;
}

/** Makes the proofs of nodes. */
export type NodeProver = Pick<CircuitProver, "prove">;

/** Checks the proofs of nodes. */
export interface NodeVerifier {
  /** Whether a proof of the circuit is valid for these public inputs. Malformed proofs give false, never an error. */
  verify(circuit: CircuitName, publicInputs: readonly bigint[], proof: string): Promise<boolean>;
}
