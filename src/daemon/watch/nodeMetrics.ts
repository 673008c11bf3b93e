import type { BulletinStatus } from "../../gossip/bulletin.ts";
import type { L1Prover, L1View } from "../../roles/index.ts";
import type { Facts } from "./facts.ts";
import type { Health } from "./health.ts";
import { inEther } from "./units.ts";
import type { Metrics } from "./metrics.ts";

/** What numbers are read from. */
export interface Readings {
  readonly facts: Facts;
  readonly health: Health;
  readonly peers: number | undefined;
  readonly l1: L1View | undefined;
  readonly mempool: number | undefined;
  readonly bulletin: BulletinStatus | undefined;
  readonly prover: L1Prover | undefined;
}

/** Every number that a node tells besides counts of log lines, messages and proofs. */
export function registerMetrics(metrics: Metrics, board: Readings): void {
  const { facts, health } = board;
  const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1_000);
  metrics.gauges("b52_part_condition", "Condition of a part: 2 ok, 1 degraded, 0 down.", "part", () =>
    Object.fromEntries(
      health.report().map(({ name, condition }) => [name, { ok: 2, degraded: 1, down: 0 }[condition]]),
    ),
  );
  metrics.gauge("b52_l1_block", "Number of the latest block of L1.", () => facts.head?.number);
  metrics.gauge("b52_l1_block_age_seconds", "Seconds since a new block of L1 was seen.", () =>
    facts.headSeenAt === undefined ? undefined : (Date.now() - facts.headSeenAt) / 1_000,
  );
  metrics.gauge("b52_l1_failures", "Looks at L1 that have failed since the start.", () => facts.l1Failures);
  metrics.gauge("b52_clock_skew_seconds", "This machine's clock less that of L1.", () => seconds(facts.skew.ms));
  metrics.gauge("b52_peers", "Connected peers.", () => board.peers);
  metrics.gauge(
    "b52_bulletin_published",
    "Messages that went over L1 since the start.",
    () => board.bulletin?.published,
  );
  metrics.gauge("b52_disk_free_bytes", "Free disk where the data folder is.", () => facts.freeBytes);
  metrics.gauges("b52_balance_ether", "Ether of the operator's accounts on L1.", "account", () =>
    Object.fromEntries(Object.entries(facts.balances).map(([name, wei]) => [name, inEther(wei)])),
  );
  metrics.gauge("b52_height", "Height of the open round.", () => board.l1?.round.round.height);
  metrics.gauge("b52_attempt", "Attempt of the open round.", () => board.l1?.round.round.attempt);
  metrics.gauge("b52_candidates", "Proven candidates of the open round.", () => board.l1?.round.ranked);
  metrics.gauge("b52_mempool_transfers", "Transfers that wait for a block.", () => board.mempool);
  metrics.gauge("b52_stake_tokens", "Stake of the prover.", () => board.prover && inEther(board.prover.stake));
  metrics.gauge("b52_stake_eligible", "Whether the prover counts in rounds to come.", () =>
    board.prover === undefined ? undefined : Number(board.prover.isEligible),
  );
}
