import type { Economics } from "../deploy/parameters.ts";
import { getRoundState } from "../chain/index.ts";
import { byLargestFee, LEAST_BID, pending } from "./heights.ts";
import { play } from "./play.ts";
import { increaseStake } from "../sim/world.ts";
import type { Stage } from "./stage.ts";

/** A rollup with policies of its own, and the heights that show what they change. */
export interface PolicyStory {
  readonly name: string;
  readonly economics: Partial<Economics>;
  readonly heights: readonly ((world: Stage) => Promise<void>)[];
}

const ETHER = 10n ** 18n;

/** Ada has staked four times as much as the others. */
async function endowAda(world: Stage): Promise<void> {
  const [ada] = world.cast.provers;
  await increaseStake(world, ada!, 3n * world.stake);
  world.tally.staked += 3n * world.stake;
  world.output.print(
    "Ada stakes four times as much as the others. She and Blaise outweigh the three others, at equal bids.",
  );
}

/** Two blocks with equal bids and provers of their own. */
function duel(bobs: readonly [number, number], sallys: readonly [number, number]) {
  return async (world: Stage): Promise<void> => {
    const { cast } = world;
    const { bob, sally } = world;
    const transfers = pending(world);
    const offer = { proverShareBps: 5_000, burnBid: LEAST_BID };
    await play(world, [
      { ...offer, proposer: bob, voters: cast.provers.slice(...bobs), transfers },
      { ...offer, proposer: sally, voters: cast.provers.slice(...sallys), transfers: byLargestFee(transfers) },
    ]);
  };
}

/** One block with the first `voters` provers. Says how the exponent moved. */
function solo(voters: number) {
  return async (world: Stage): Promise<void> => {
    const { cast, client, output } = world;
    const before = (await getRoundState(client)).exponent;
    const offer = {
      proverShareBps: 5_000,
      burnBid: LEAST_BID,
      voters: cast.provers.slice(0, voters),
      transfers: pending(world),
    };
    const { commitRound } = await getRoundState(client);
    const { bob, sally } = world;
    await play(world, [{ ...offer, proposer: commitRound!.height % 2 === 0 ? sally : bob }]);
    const after = (await getRoundState(client)).exponent;
    output.print(
      `  ${voters} provers against a target of 4: the exponent goes from ${before / 4096} to ${after / 4096}`,
    );
  };
}

export const POLICY_STORIES: readonly PolicyStory[] = [
  {
    name: "stake/fairPay/everyCommit",
    economics: { scorePolicy: { kind: "stake", stakeUnit: ETHER }, fairShareBps: 5_000, burnRule: "everyCommit" },
    heights: [
      async (world) => {
        await endowAda(world);
        await duel([2, 5], [0, 2])(world);
      },
    ],
  },
  {
    name: "dynamic/perBlock/winner",
    economics: {
      scorePolicy: {
        kind: "dynamic",
        targetProvers: 4,
        minExponent: 4096,
        maxExponent: 6 * 4096,
        initialExponent: 3 * 4096,
      },
    },
    heights: [solo(2), solo(5)],
  },
  { name: "race/perBlock/winner", economics: { scorePolicy: { kind: "race" } }, heights: [duel([0, 2], [2, 5])] },
];
