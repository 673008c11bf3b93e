import type { RoundState } from "../chain/index.ts";
import { hasFlag } from "../protocol/flags.ts";
import { type ShownPhase, shownPhase } from "../protocol/phase.ts";
import { BID_UNIT } from "../protocol/terms.ts";
import type { L1Commit, L1View } from "../roles/index.ts";
import type { TallyFigures } from "./tally.ts";
import type { TrafficFigures } from "./traffic.ts";
import { formatEther } from "ethers";

/** A program as the status shows it. */
export interface ProgramStatus {
  readonly name: string;
  readonly pid: number;
  /** Why it is not ready; undefined if it is. */
  readonly trouble: string | undefined;
  /** Connected ones. */
  readonly peers: number | undefined;
}

export interface DevnetStatus {
  readonly l1: L1View;
  readonly figures: TallyFigures;
  readonly traffic: TrafficFigures;
  readonly programs: readonly ProgramStatus[];
  /** Of proposers, by address with its checksum. */
  readonly names: ReadonlyMap<string, string>;
}

/** What the devnet is doing, as lines for people. */
export function statusLines({ l1, figures, traffic, programs, names }: DevnetStatus): string[] {
  const { heights, candidates, unclesPaid, slashed, transactions } = figures;
  const commit = (each: L1Commit): string =>
    `  ${(names.get(each.commitment.proposer) ?? each.commitment.proposer).padEnd(12)} ${stateOf(each)}`;
  const ready = programs.filter(({ trouble }) => trouble === undefined).length;
  return [
    `L1 block ${l1.block.number} | ${roundLine(l1.round, l1.now)}`,
    `${heights} final, ${candidates} proven, ${unclesPaid} uncles paid, ${slashed} slashed, ` +
      `${transactions} L2 transactions`,
    `sent: ${traffic.transfers} transfers, ${traffic.exits} exits, ${traffic.deposits} deposits` +
      (traffic.refused > 0 ? `; ${traffic.refused} refused` : ""),
    ...(l1.open.length === 0 ? [] : ["open round:", ...l1.open.map(commit)]),
    ...(l1.next.length === 0 ? [] : ["next height:", ...l1.next.map(commit)]),
    `${ready} of ${programs.length} programs ready`,
    ...programs.map(programLine),
  ];
}

function roundLine(state: RoundState, now: bigint): string {
  const { proposalEnds, revealEnds, provingEnds, acceptanceEnds } = state;
  const ends = { Proposing: proposalEnds, Revealing: revealEnds, Proving: provingEnds, Delivering: acceptanceEnds };
  const end = (ends as Partial<Record<ShownPhase, bigint>>)[shownPhase(state)];
  return `${roundName(state)}${end === undefined ? "" : `, ${end > now ? end - now : 0n} s left`}`;
}

/** The round and what L1 accepts in it, in the words of `b52 status`. An attempt is named where there was one. */
export function roundName(state: Pick<RoundState, "round" | "phase">): string {
  const { height, attempt } = state.round;
  return `height ${height}${attempt === 0 ? "" : `, attempt ${attempt}`}: ${shownPhase(state)}`;
}

function stateOf({ commitment, provers, transcript, reveal, candidate }: L1Commit): string {
  const { burnBid, proverShareBps } = commitment.terms;
  const terms = `bids ${formatEther(burnBid * BID_UNIT)}, gives ${proverShareBps / 100} %, ${provers} provers`;
  if (candidate === undefined) return `${terms}, ${reveal === undefined ? "committed" : "revealed"}`;
  const delivered = transcript.filter((_, slot) => hasFlag(candidate.flags, "delivered", slot)).length;
  return `${terms}, proven: ${delivered} of ${transcript.length} delivered, score ${candidate.score}`;
}

function programLine({ name, pid, trouble, peers }: ProgramStatus): string {
  const connected = peers === undefined ? "" : `, ${peers} peers`;
  return `  ${name.padEnd(12)} ${trouble === undefined ? "ready" : `NOT READY: ${trouble}`}${connected} (pid ${pid})`;
}

/** Shows lines in place of those that it showed before, on a terminal; elsewhere the first one, when it has changed. */
export class Screen {
  readonly #stream: Pick<NodeJS.WriteStream, "write" | "isTTY" | "columns">;
  #shown = 0;
  #last = "";

  constructor(stream: Pick<NodeJS.WriteStream, "write" | "isTTY" | "columns"> = process.stderr) {
    this.#stream = stream;
  }

  /** @param brief what a log gets, where there is no terminal */
  show(lines: readonly string[], brief: string): void {
    if (!this.#stream.isTTY) {
      if (brief !== this.#last) this.#stream.write(`${brief}\n`);
      this.#last = brief;
      return;
    }
    const width = this.#stream.columns;
    this.clear();
    this.#stream.write(lines.map((line) => `${line.slice(0, width - 1)}\n`).join(""));
    this.#shown = lines.length;
  }

  /** A line that stays. */
  note(line: string): void {
    this.clear();
    this.#stream.write(`${line}\n`);
  }

  clear(): void {
    if (this.#shown > 0) this.#stream.write(`\u001b[${this.#shown}A\u001b[0J`);
    this.#shown = 0;
  }
}
