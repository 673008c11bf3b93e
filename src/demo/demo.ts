import type { Entry } from "../sim/books.ts";
import { balanceBooks } from "./books.ts";
import { claimAll } from "./claims.ts";
import { count, tokens } from "./format.ts";
import { playBridge, playEscape } from "./bridge.ts";
import { playGame } from "./game.ts";
import { heightAt, STORY_HEIGHTS } from "./heights.ts";
import type { DemoOptions } from "./options.ts";
import { POLICY_STORIES } from "./policies.ts";
import type { Tally } from "./tally.ts";
import { openStage, type Stage } from "./stage.ts";

/** The last line of `--json`. Token amounts are in wei. */
export interface DemoSummary {
  readonly heights: number;
  readonly candidates: number;
  readonly unclesPaid: number;
  readonly restarts: number;
  readonly unfulfilledSlots: number;
  readonly proofs: number;
  readonly distinctProvers: readonly number[];
  /** Provers that paid for what they had promised and not delivered. */
  readonly slashed: number;
  /** Proofs that their provers put on L1 themselves. */
  readonly handedIn: number;
  /** Commits that lost a part of their bid. */
  readonly forfeited: number;
  /** Of those, blocks that were proven, and paid for the provers that they named without their votes. */
  readonly bluffed: number;
  /** Blocks whose reveal took more than one transaction. */
  readonly revealedInParts: number;
  /** Deposits from L1 that opened an account of the L2. */
  readonly depositsSettled: number;
  /** Transfers and exits that owners forced from L1, as blocks had to have them. */
  readonly forcedIncluded: number;
  /** Exits to L1 that were paid to their owners, with real proofs. */
  readonly exitsClaimed: number;
  /** Accounts that left a frozen chain, with real proofs and data from L1 and blobs. */
  readonly escaped: number;
  /** Whether a height was revealed in the very window that the one before left. */
  readonly pipelined: boolean;
  /** score / payout / burn of each rollup that was played. */
  readonly policies: readonly string[];
  readonly burned: bigint;
  readonly minted: bigint;
  readonly claimed: bigint;
  /** Credited to the builders of L1 blocks, for prompt advances. */
  readonly tipped: bigint;
  readonly conserved: boolean;
  readonly seconds: { readonly setup: number; readonly prove: number; readonly total: number };
}

/** For whoever has read nothing yet. */
const HOW_A_HEIGHT_IS_DECIDED = [
  "\nHow a block is decided, at each height anew:",
  "  1. Proposers order transfers into blocks and keep the order secret. Each offers provers a share of the reward.",
  "  2. Provers who have a stake vote for the blocks that they will prove, at no cost.",
  "  3. A proposer commits on L1: to its hidden order, to who proves which node of a tree, and to a bid that burns.",
  "  4. When nobody can commit any more, proposers reveal. Provers prove their nodes; the tree goes to L1 at once.",
  "  5. The highest score wins: the number of provers that kept their word, cubed, times the bid, squared. Bids are",
  "     whole numbers of 0.0001 B52: 7 provers and a bid of 0.1 B52 score 7^3 x 1,000^2 = 343,000,000.",
  "     It is multiplied by a factor that grows slowly with the size of the block, so that empty ones lose: the levels",
  "     of the smallest tree with room for its transfers, times the binary digits of their number plus 1.",
];

/**
 * Takes L2 blocks through their whole life with real proofs.
 * @throws NotConservedError if a single wei is amiss at the end
 */
export async function runDemo(options: DemoOptions): Promise<DemoSummary> {
  const { full, heights, output } = options;
  const started = performance.now();
  const tallies: Tally[] = [];
  const policies: string[] = [];

  const main = async (world: Stage): Promise<void> => {
    for (const line of HOW_A_HEIGHT_IS_DECIDED) output.print(line);
    for (let height = 1; height <= (full ? Math.max(heights, STORY_HEIGHTS) : heights); height++) {
      output.print(`\nHeight ${height}`);
      await heightAt(height)(world);
    }
    if (!full) return;
    await playGame(world);
    await playBridge(world);
    await playEscape(world);
  };
  tallies.push(await playIn(await openStage(options), main));
  policies.push("plain/perBlock/winner");
  for (const { name, economics, heights } of full ? POLICY_STORIES : []) {
    output.print(`\nAnother rollup, with other policies: ${name}`);
    const story = async (world: Stage): Promise<void> => {
      for (const height of heights) await height(world);
    };
    tallies.push(await playIn(await openStage(options, economics), story));
    policies.push(name);
  }
  return summarise(tallies, policies, options, (performance.now() - started) / 1000);
}

/** Plays in a world, lets everyone claim, and balances its books. */
async function playIn(world: Stage, story: (world: Stage) => Promise<void>): Promise<Tally> {
  const { output, tally } = world;
  try {
    await story(world);
    output.print("\nClaims");
    await claimAll(world);
    output.print("\nBooks");
    for (const { what, is } of await balance(world)) output.print(`  ${what}: ${tokens(is)}, as it should be`);
    return tally;
  } finally {
    await world.prover.close();
    await world.l1.connection.close();
  }
}

async function balance({ client, cast, newcomer, economics, state, tally, l1 }: Stage): Promise<Entry[]> {
  return balanceBooks(client, tally, state, {
    holders: [{ address: await l1.deployer.getAddress() }, ...cast.provers, ...cast.proposers, ...cast.users, newcomer],
    initialSupply: economics.initialSupply,
  });
}

function summarise(
  tallies: readonly Tally[],
  policies: readonly string[],
  { setupSeconds, output }: DemoOptions,
  elapsed: number,
): DemoSummary {
  const total = (of: (tally: Tally) => number): number => tallies.reduce((sum, tally) => sum + of(tally), 0);
  const wei = (of: (tally: Tally) => bigint): bigint => tallies.reduce((sum, tally) => sum + of(tally), 0n);
  const summary: DemoSummary = {
    heights: total((tally) => tally.distinctProvers.length),
    candidates: total((tally) => tally.candidates),
    unclesPaid: total((tally) => tally.unclesPaid),
    restarts: total((tally) => tally.restarts),
    unfulfilledSlots: total((tally) => tally.unfulfilledSlots),
    proofs: total((tally) => tally.proofs),
    distinctProvers: tallies.flatMap((tally) => tally.distinctProvers),
    slashed: total((tally) => tally.slashed),
    handedIn: total((tally) => tally.handedIn),
    forfeited: total((tally) => tally.forfeited),
    bluffed: total((tally) => tally.bluffed),
    revealedInParts: total((tally) => tally.revealedInParts),
    depositsSettled: total((tally) => tally.depositsSettled),
    forcedIncluded: total((tally) => tally.forcedIncluded),
    exitsClaimed: total((tally) => tally.exitsClaimed),
    escaped: total((tally) => tally.escaped),
    pipelined: tallies.some((tally) => tally.pipelined),
    policies,
    burned: wei((tally) => tally.burned),
    minted: wei((tally) => tally.minted),
    claimed: wei((tally) => tally.claimed),
    tipped: wei((tally) => tally.tipped),
    conserved: true,
    seconds: {
      setup: round(setupSeconds),
      prove: round(total((tally) => tally.proveSeconds)),
      total: round(setupSeconds + elapsed),
    },
  };
  const { heights, candidates, unclesPaid, restarts, proofs, minted, burned, claimed, tipped, seconds } = summary;
  const registrationFees = wei((tally) => tally.registrationFees);
  output.print(
    `\n${count(heights, "block")} decided among ${count(candidates, "proven candidate")} ` +
      `(${count(unclesPaid, "paid uncle")}, ` +
      `${count(restarts, "restart")}) with ${count(proofs, "Groth16 proof")};` +
      ` minted ${tokens(minted)}, of which ${tokens(tipped)} went to builders of L1 blocks,` +
      ` burned ${tokens(burned)}, of which ${tokens(registrationFees)} when provers registered, claimed ` +
      `${tokens(claimed)}; balances add up to the last wei.` +
      ` ${seconds.total} s, of which proving ${seconds.prove} s and set-up ${seconds.setup} s.`,
  );
  return summary;
}

const round = (seconds: number): number => Math.round(seconds * 10) / 10;
