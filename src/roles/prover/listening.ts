import type { ChainClient } from "../../chain/index.ts";
import type { DutyLedger } from "../../database/index.ts";
import type { Log } from "../../log/index.ts";
import type { Vote } from "../../protocol/vote.ts";
import type { L1View } from "../l1View.ts";
import type { VoteLedger } from "./voteLedger.ts";

/** What decides whether a prover signs. */
export interface Listening {
  /** L1 time, Unix seconds, since when it listens; undefined: nobody else can have signed with its key. */
  readonly since: bigint | undefined;
  /** From the opening of a round to its decision, seconds. */
  readonly roundSeconds: bigint;
  /** Whether its operator vouches that no other program has its key. */
  readonly isAlone: boolean;
}

/**
 * L1 time from which on a prover votes; undefined: at once. With an empty ledger it does not know what its key has
 * promised: the ledger may be lost, or a program on another machine may sign with the key right now. So it first
 * listens for as long as a whole round takes: by then what was promised before is over, and another program would have
 * been heard. Time counts and not rounds, because no round opens while all provers listen.
 */
export function silentUntil({ since, roundSeconds, isAlone }: Listening): bigint | undefined {
  return since === undefined || isAlone ? undefined : since + roundSeconds;
}

export interface ListenerPorts {
  readonly client: ChainClient;
  readonly duties: DutyLedger;
  readonly votes: VoteLedger;
  readonly log: Log;
}

/** Finds out whether anybody else signs with a prover's key. */
export class Listener {
  readonly #ports: ListenerPorts;
  readonly #isAlone: boolean;
  #roundSeconds: bigint | undefined;

  constructor(ports: ListenerPorts, isAlone: boolean) {
    this.#ports = ports;
    this.#isAlone = isAlone;
  }

  /**
   * @param heard votes of anybody
   * @returns until when nothing may be signed, if so; and votes with the key that this program has not cast
   */
  async listen(
    { now, round }: Pick<L1View, "now" | "round">,
    heard: Iterable<Vote>,
  ): Promise<{ readonly until: bigint | undefined; readonly foreign: readonly Vote[] }> {
    const { duties, votes, log } = this.#ports;
    const { key } = votes;
    if (!this.#isAlone && duties.isEmpty(key) && duties.listeningSince(key) === undefined) {
      duties.listenSince(key, now);
      log.warn(
        "listens",
        "nothing is known of what the key has promised before, so it votes for nothing until a round has passed in " +
          "which nobody else has signed with it",
      );
    }
    const foreign = votes.hear(heard, round.commitRoundNumber);
    for (const { proposalId: proposal, capacity } of foreign) {
      duties.listenSince(key, now);
      log.error(
        "key-in-use",
        `a vote for ${capacity} slots with its key was heard that this program has not cast: another program signs ` +
          "with the key, or its ledger is lost; it votes for nothing until a round has passed without",
        { proposal },
      );
    }
    const since = duties.listeningSince(key);
    if (since === undefined) return { until: undefined, foreign };
    const until = silentUntil({ since, isAlone: this.#isAlone, roundSeconds: await this.#seconds() });
    return { until: until !== undefined && now < until ? until : undefined, foreign };
  }

  async #seconds(): Promise<bigint> {
    const { rollup } = this.#ports.client;
    this.#roundSeconds ??= (await rollup.proposalWindow()) + (await rollup.acceptanceWindow());
    return this.#roundSeconds;
  }
}
