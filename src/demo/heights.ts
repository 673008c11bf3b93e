import { getRoundState } from "../chain/index.ts";
import { transfersPerBlock } from "../protocol/profile.ts";
import { transfersOf } from "../sim/cast.ts";
import { percent } from "./format.ts";
import { play } from "./play.ts";
import type { Offer } from "./round.ts";
import type { Stage } from "./stage.ts";

/** Plays one height. */
export type Height = (world: Stage) => Promise<void>;

/** The least bid: five tokens of 10,000 BID_UNIT. */
export const LEAST_BID = 50_000n;

/** Two blocks, both proven: the one with more provers beats the one with twice the bid, which is a paid uncle. */
const contest: Height = async (world) => {
  const { cast, output } = world;
  const { bob, sally } = world;
  const transfers = pending(world);
  const offers: Offer[] = [
    { proposer: bob, proverShareBps: 6_000, burnBid: LEAST_BID, voters: cast.provers, transfers },
    {
      proposer: sally,
      proverShareBps: 4_000,
      burnBid: 2n * LEAST_BID,
      voters: cast.provers.slice(0, 3),
      transfers: byLargestFee(transfers),
    },
  ];
  output.print("Two proposers compete, with different orders, shares and bids. Both blocks are proven.");
  await play(world, offers);
};

/** One prover votes and then does not prove; an anonymous worker fills in. */
const withholding: Height = async (world) => {
  const { cast, output } = world;
  const [, , , , idle] = cast.provers;
  const offers: Offer[] = [
    {
      proposer: world.sally,
      proverShareBps: 5_000,
      burnBid: LEAST_BID,
      voters: cast.provers,
      transfers: pending(world),
    },
  ];
  output.print(`${idle!.name} votes, is assigned, and withholds. Somebody else fills in, without a name.`);
  const { height } = (await getRoundState(world.client)).commitRound!;
  const { advanced } = await play(world, offers, { idle: [idle!] });
  const full = await world.client.rollup.blockReward(height);
  output.print(
    `  The block succeeds all the same. ${idle!.name} does not count, so the score is lower, and only the ` +
      "fulfilled part of the reward " +
      `is minted: ${percent(advanced!.minted, full)}`,
  );
};

/** Nobody proves in time: the height gets a new attempt. */
const restart: Height = async (world) => {
  const { cast, client, output, tally } = world;
  const transfers = pending(world);
  const offers: Offer[] = [
    { proposer: world.bob, proverShareBps: 5_000, burnBid: LEAST_BID, voters: cast.provers, transfers },
    {
      proposer: world.sally,
      proverShareBps: 5_000,
      burnBid: LEAST_BID,
      voters: cast.provers,
      transfers: byLargestFee(transfers),
    },
  ];
  output.print("Two blocks are committed and revealed, and nobody proves either.");
  await play(world, offers, { idle: cast.provers });
  const { phase, round, commitRound } = await getRoundState(client);
  tally.restarts++;
  output.print(
    `  ${phase}: attempt ${round.attempt} is over, its votes and commits are dead; the next commit opens attempt ` +
      `${commitRound!.attempt}`,
  );
  await play(world, offers.slice(0, 1));
};

/** One proposer, all provers. */
const ordinary: Height = async (world) => {
  const { bob, sally } = world;
  const { commitRound } = await getRoundState(world.client);
  const proposer = commitRound!.height % 2 === 0 ? sally : bob;
  await play(world, [
    { proposer, proverShareBps: 5_000, burnBid: LEAST_BID, voters: world.cast.provers, transfers: pending(world) },
  ]);
};

const STORY: readonly Height[] = [contest, withholding, restart];

/** Heights that show every outcome of the plain contest. */
export const STORY_HEIGHTS = STORY.length;

/** What is played at `height`, counted from 1. */
export function heightAt(height: number): Height {
  return STORY[height - 1] ?? ordinary;
}

/** What users want to send after `state`. */
export function pending({ cast, state: final, rules }: Stage, state = final) {
  return transfersOf(cast.users, state, rules.domain, Math.min(transfersPerBlock(rules.profile), cast.users.length));
}

export function byLargestFee(transfers: Offer["transfers"]): Offer["transfers"] {
  return [...transfers].sort((a, b) => Number(b.fee - a.fee));
}
