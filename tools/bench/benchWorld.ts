import hre from "hardhat";
import type { ContractTransactionReceipt } from "ethers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import * as actions from "../../src/chain/actions/index.ts";
import type { Profile } from "../../src/protocol/profile.ts";
import { createMadeUpWorld, type MadeUpWorld, type MadeUpWorldOptions } from "../../src/sim/madeUp.ts";
import { draftBlock, fullTranscript, type MadeUpBlock } from "../../src/sim/madeUpBlock.ts";

/** A world on an in-process chain of its own. */
export const openWorld = async (options: MadeUpWorldOptions): Promise<MadeUpWorld> =>
  createMadeUpWorld(await hre.network.create(), options);

export const profileOf = (arity: number, levels: number, transfersPerBase: number): Profile => ({
  name: `bench-${arity}-${levels}`,
  arity,
  levels,
  accountDepth: 8,
  transfersPerBase,
  operationsPerBase: 8,
});

/** Commits to a block whose slots go in turn to provers 1 .. n. */
export async function commitTo(
  world: MadeUpWorld,
  proposer: HardhatEthersSigner,
  provers: number,
): Promise<{ block: MadeUpBlock; commitment: actions.Commitment }> {
  const transcript = fullTranscript(world.client.deployment.profile, provers);
  const block = await draftBlock(world, { proposer, burnBid: 1_000n, transcript });
  return { block, commitment: (await actions.commit(world.client, proposer, block)).commitment };
}

export const gasOf = ({ receipt }: { receipt: ContractTransactionReceipt }): number => Number(receipt.gasUsed);
