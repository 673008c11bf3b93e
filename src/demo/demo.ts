import type { ProfileName } from "../protocol/profile.ts";
import { balanceBooks } from "./books.ts";
import { claimAll } from "./claims.ts";
import { count, tokens } from "./format.ts";
import { heightAt } from "./heights.ts";
import { createWorld, type World } from "./world.ts";

export interface DemoOptions {
  readonly profile: ProfileName;
  readonly heights: number;
  readonly seed: string;
  /** An Ethereum node; one inside this process when undefined. */
  readonly rpc?: string;
  /** How long the set-up before took. */
  readonly setupSeconds: number;
  readonly output: {
    /** A line about progress. */
    note(line: string): void;
    /** A line of the readable result. */
    print(line?: string): void;
  };
  readonly signal: AbortSignal;
}

/** The last line of `--json`. Token amounts are in wei. */
export interface DemoSummary {
  readonly heights: number;
  readonly candidates: number;
  readonly unclesPaid: number;
  readonly restarts: number;
  readonly unfulfilledSlots: number;
  readonly proofs: number;
  readonly distinctProvers: readonly number[];
  readonly burned: bigint;
  readonly minted: bigint;
  readonly claimed: bigint;
  /** Credited to the builders of L1 blocks, for prompt advances. */
  readonly tipped: bigint;
  readonly conserved: boolean;
  readonly seconds: { readonly setup: number; readonly prove: number; readonly total: number };
}

/** Takes L2 blocks through their whole life with real proofs. @throws NotConservedError if a single wei is amiss at the end */
export async function runDemo(options: DemoOptions): Promise<DemoSummary> {
  const started = performance.now();
  const world = await createWorld(options);
  try {
    for (let height = 1; height <= options.heights; height++) {
      options.output.print(`\nHeight ${height}`);
      await heightAt(height)(world);
    }
    options.output.print("\nClaims");
    await claimAll(world);
    return await summarise(world, options, (performance.now() - started) / 1000);
  } finally {
    await world.pool.close();
    await world.l1.connection.close();
  }
}

async function summarise(world: World, { heights, setupSeconds, output }: DemoOptions, elapsed: number): Promise<DemoSummary> {
  const { client, cast, economics, state, tally, stake, l1 } = world;
  const entries = await balanceBooks(client, tally, state, {
    holders: [{ address: await l1.deployer.getAddress() }, ...cast.provers, ...Object.values(cast.proposers)],
    staked: stake * BigInt(cast.provers.length),
    initialSupply: economics.initialSupply,
    accounts: cast.users.map(({ account }) => account),
  });
  output.print("\nBooks");
  for (const { what, is } of entries) output.print(`  ${what}: ${tokens(is)}, as it should be`);

  const { candidates, unclesPaid, restarts, unfulfilledSlots, proofs, distinctProvers, burned, minted, claimed, tipped } = tally;
  const seconds = { setup: round(setupSeconds), prove: round(tally.proveSeconds), total: round(setupSeconds + elapsed) };
  output.print(
    `\n${count(heights, "block")} decided among ${count(candidates, "proven candidate")} (${count(unclesPaid, "paid uncle")}, ` +
      `${count(restarts, "restart")}) with ${count(proofs, "Groth16 proof")};` +
      ` minted ${tokens(minted)}, burned ${tokens(burned)}, claimed ${tokens(claimed)}; balances add up to the last wei.` +
      ` ${seconds.total} s, of which proving ${seconds.prove} s and set-up ${seconds.setup} s.`,
  );
  return {
    heights,
    candidates,
    unclesPaid,
    restarts,
    unfulfilledSlots,
    proofs,
    distinctProvers,
    burned,
    minted,
    claimed,
    tipped,
    conserved: true,
    seconds,
  };
}

const round = (seconds: number): number => Math.round(seconds * 10) / 10;
