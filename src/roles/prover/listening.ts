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

/** Seconds of L1 time that a restart may take, however short the proposal window is. */
const RESTART_SECONDS = 60n;

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
  #windows: { readonly proposal: bigint; readonly round: bigint } | undefined;
  /** L1 time until which the ledger has all that was signed, as this process has written it last. */
  #seen: bigint | undefined;
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
    await this.#look(now);
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
    // What was heard shows that it is not alone; and whoever is may have an old copy of its own ledger.
    const isAlone = this.#isAlone && !duties.isDoubtful(key);
    if (isAlone || duties.listeningSince(key) === undefined || duties.hasListened(key))
      return { until: undefined, foreign };
    const cuts = this.#ports.countCuts();
    const isCut = this.#cuts !== undefined && this.#cuts !== cuts;
    if (this.#cuts !== cuts) duties.listenSince(key, now);
    this.#cuts = cuts;
    const since = duties.listeningSince(key);
    const until = silentUntil({ since, isAlone: false, roundSeconds: (await this.#times()).round })!;
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

  /**
   * Writes down until when the ledger is whole. The first time it looks how long ago it was: the ledger may be a copy
   * that was made before it moved on, and what was signed since binds. That is votes of the round that is open, and
   * those are given within a proposal window, so whoever is back sooner was only restarted.
   */
  async #look(now: bigint): Promise<void> {
    const { duties, votes } = this.#ports;
    const { key } = votes;
    if (this.#seen === undefined) await this.#lookBack(key, now);
    if (this.#seen !== undefined && now <= this.#seen) return;
    duties.noteSeen(key, now);
    this.#seen = now;
  }

  async #lookBack(key: string, now: bigint): Promise<void> {
    const { duties, log } = this.#ports;
    const seen = duties.lastSeen(key);
    if (seen === undefined ? duties.isEmpty(key) : now - seen <= RESTART_SECONDS) return;
    const { proposal } = await this.#times();
    const grace = proposal > RESTART_SECONDS ? proposal : RESTART_SECONDS;
    if (seen !== undefined && now - seen <= grace) return;
    const listens = duties.listeningSince(key) !== undefined && !duties.hasListened(key);
    duties.noteOld(key, now);
    // What listens already says so.
    if (listens && !this.#isAlone) return;
    log.warn(
      "ledger-old",
      (seen === undefined ? "its ledger does not tell until when it is whole" : `its ledger ends ${now - seen} s ago`) +
        `, expected at most ${grace} s: the program was stopped that long, or the ledger is an old copy, which has ` +
        "forgotten what was signed since",
      { seen, grace },
    );
  }

  async #times(): Promise<{ readonly proposal: bigint; readonly round: bigint }> {
    if (this.#windows === undefined) {
      const { rollup } = this.#ports.client;
      const [proposal, acceptance] = await Promise.all([rollup.proposalWindow(), rollup.acceptanceWindow()]);
      this.#windows = { proposal, round: proposal + acceptance };
    }
    return this.#windows;
  }
}
