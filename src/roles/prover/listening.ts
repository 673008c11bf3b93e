import type { ChainClient } from "../../chain/index.ts";
import type { DutyLedger } from "../../database/index.ts";
import { type Log, plural } from "../../log/index.ts";
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

/** Seconds of L1 time within which it says once until when it listens. */
const SAY_SECONDS = 60n;

export interface ListenerPorts {
  readonly client: ChainClient;
  readonly duties: DutyLedger;
  readonly votes: VoteLedger;
  readonly log: Log;
  /** How many times it was found that the program hears nobody, or does not see L1; looks once more itself. */
  readonly countCuts: () => number;
}

/** Finds out whether anybody else signs with a prover's key. */
export class Listener {
  readonly #ports: ListenerPorts;
  readonly #isAlone: boolean;
  #roundSeconds: bigint | undefined;
  /** Cuts until it last looked; undefined: this process has not listened yet. */
  #cuts: number | undefined;
  #said: { readonly at: bigint; readonly until: bigint } | undefined;

  constructor(ports: ListenerPorts, isAlone: boolean) {
    this.#ports = ports;
    this.#isAlone = isAlone;
  }

  /**
   * Only time counts in which this process was connected all along: what it missed may be the vote that matters.
   * @param heard votes of anybody
   * @returns until when nothing may be signed, if so; and votes with the key that this program has not cast
   */
  async listen(
    { now, round }: Pick<L1View, "now" | "round">,
    heard: Iterable<Vote>,
  ): Promise<{ readonly until: bigint | undefined; readonly foreign: readonly Vote[] }> {
    const { duties, votes, log } = this.#ports;
    const { key } = votes;
    if (!this.#isAlone && duties.isEmpty(key) && duties.listeningSince(key) === undefined) duties.listenSince(key, now);
    const foreign = votes.hear(heard, round.commitRoundNumber);
    for (const { proposalId: proposal, capacity } of foreign) {
      duties.noteForeign(key, now);
      log.error(
        "key-in-use",
        `a vote for ${plural(capacity, "slot")} with its key was heard that this program has not cast: another ` +
          "program signs with the key, or its ledger is lost; it votes for nothing until a round has passed without",
        { proposal },
      );
    }
    // What was heard shows that it is not alone.
    const isAlone = this.#isAlone && !duties.isForeign(key);
    if (isAlone || duties.listeningSince(key) === undefined || duties.hasListened(key))
      return { until: undefined, foreign };
    const cuts = this.#ports.countCuts();
    const isCut = this.#cuts !== undefined && this.#cuts !== cuts;
    if (this.#cuts !== cuts) duties.listenSince(key, now);
    this.#cuts = cuts;
    const since = duties.listeningSince(key);
    const until = silentUntil({ since, isAlone: false, roundSeconds: await this.#seconds() })!;
    if (now >= until) {
      duties.endListening(key);
      return { until: undefined, foreign };
    }
    if (foreign.length > 0) this.#said = { at: now, until };
    this.#say(now, until, isCut);
    return { until, foreign };
  }

  #say(now: bigint, until: bigint, isCut: boolean): void {
    const said = this.#said;
    if (said !== undefined && (said.until === until || now - said.at < SAY_SECONDS)) return;
    this.#said = { at: now, until };
    this.#ports.log.warn(
      "listens",
      (isCut ? "it had too few peers or did not see L1, so it listens anew: " : "") +
        "it does not know all that its key has promised before, so it votes for nothing until a round has passed, " +
        `in ${until - now} s of L1 time, in which it is connected all along and nobody else has signed with the key`,
      { until, isCut },
    );
  }

  async #seconds(): Promise<bigint> {
    const { rollup } = this.#ports.client;
    this.#roundSeconds ??= (await rollup.proposalWindow()) + (await rollup.acceptanceWindow());
    return this.#roundSeconds;
  }
}
