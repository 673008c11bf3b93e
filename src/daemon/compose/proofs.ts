import { join } from "node:path";
import type { Log } from "../../log/index.ts";
import { parseEngine } from "../../proving/engineChoice.ts";
import type { CircuitProver } from "../../proving/prover.ts";
import { nodeVerifier } from "../../roles/index.ts";
import type { Settings } from "../settings/index.ts";
import { NoWorkersError } from "../errors.ts";
import type { Circuits } from "./circuits.ts";

/** Of the data folder: what workers know this prover by. */
export const QUEUE_KEY_FILE = "queue.key";

/**
 * What makes proofs: threads of this process, or workers on other machines.
 * @throws {NoWorkersError} @throws {QueueUnavailableError} @throws {UnknownProverError}
 */
export async function openProver(settings: Settings, circuits: Circuits, log: Log): Promise<CircuitProver> {
  const { queue: url, queueWorkers: workers, dataDir, threads } = settings;
  const onWarning = (warning: string): void => log.warn("prover-warning", warning);
  if (url === undefined) {
    const engine = settings.prover === undefined ? undefined : parseEngine(settings.prover, "the setting prover");
    return circuits.prover({ threads, engine, onWarning });
  }
  const { QueueProver, TransportKey } = await import("../../proving/queue/index.ts");
  const key = await TransportKey.ofFile(join(dataDir, QUEUE_KEY_FILE));
  if (workers.length === 0) throw new NoWorkersError();
  const verifier = nodeVerifier(circuits.keys);
  log.info("queue", `proofs are made by workers: each is started by b52 prove-worker --provers ${key.publicKey}`, {
    workers: workers.length,
  });
  return QueueProver.connect({
    url,
    key,
    workers,
    circuits: circuits.hashes,
    verify: verifier.verify.bind(verifier),
    onWarning,
  });
}
