import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import * as actions from "../../src/chain/actions/index.ts";
import { economicsOf } from "../../src/deploy/economics.ts";
import { packFlags } from "../../src/protocol/flags.ts";
import { slotCount } from "../../src/protocol/nodes.ts";
import type { Profile } from "../../src/protocol/profile.ts";
import { passTo } from "../../src/sim/madeUp.ts";
import { fullTranscript, proveBlock, revealBlock, slotProof } from "../../src/sim/madeUpBlock.ts";
import { commitTo, gasOf, openWorld, profileOf } from "./benchWorld.ts";

/** Gas of what is done where somebody has broken its word. */
export interface CourtGas {
  /** A prover that has withheld a slot, by anybody. */
  readonly slash: number;
  /** A base node's proof that a candidate of seven slots lacks. */
  readonly handInFirst: number;
  /** One more in the same transaction. */
  readonly handInFurther: number;
  /** A base node's proof that a candidate of 2,047 slots lacks, each of whose provers holds 43 of them. */
  readonly handInAt2047: number;
  /** Settling a commit that was never revealed. */
  readonly forfeit: number;
}

export const measureCourt = async (note: (line: string) => void): Promise<CourtGas> => ({
  ...(await measureBlame()),
  ...(await measureHandIns(note)),
});

/**
 * What provers and proposers answer for: a forest of seven, of which a prover has withheld its slot, beside a commit
 * that is never revealed.
 */
async function measureBlame(): Promise<Pick<CourtGas, "slash" | "forfeit">> {
  const profile = profileOf(2, 2, 3);
  const slots = slotCount(profile);
  const world = await openWorld({ profile, provers: slots, proposers: 2 });
  const { client, deployer } = world;
  const [proposer, phantom] = world.proposers as [HardhatEthersSigner, HardhatEthersSigner];
  const withheld = slots - 1;
  const { block, commitment } = await commitTo(world, proposer, slots);
  const lost = await commitTo(world, phantom, slots);
  await passTo(world, "proposalEnds");
  await revealBlock(world, block, commitment);
  const partly = packFlags(slots, { voted: () => true, delivered: (slot) => slot !== withheld });
  await actions.submitProof(client, deployer, proveBlock(world, block, commitment, partly));
  await passTo(world, "acceptanceEnds");
  await actions.advance(client, deployer);
  const forfeit = await actions.settle(client, deployer, lost.commitment);
  const { proposalId, transcript } = block;
  const slash = await actions.slash(client, deployer, {
    ...{ proposalId, proverIndex: transcript[withheld]! },
    transcript: commitment.transcript,
  });
  return { slash: gasOf(slash), forfeit: gasOf(forfeit) };
}

/** Bases that a candidate lacks, in a small forest and in a large one. */
async function measureHandIns(
  note: (line: string) => void,
): Promise<Pick<CourtGas, "handInFirst" | "handInFurther" | "handInAt2047">> {
  const small = profileOf(2, 2, 3);
  const bases = [3, 4, 5, 6];
  const [first, all] = await handInEach(small, slotCount(small), bases, [bases.slice(0, 1), bases]);
  const large = profileOf(2, 10, 3);
  note(`a forest of ${slotCount(large).toLocaleString("en")} slots, to hand in a node of`);
  const { maxSlotsPerProver } = economicsOf(large);
  const provers = Math.ceil(slotCount(large) / maxSlotsPerProver);
  // Its prover has delivered nothing else, so that it is one more.
  const last = slotCount(large) - 1;
  const held = fullTranscript(large, provers).flatMap((prover, slot) =>
    prover === 1 + (last % provers) ? [slot] : [],
  );
  const [atLarge] = await handInEach(large, provers, held, [[last]]);
  return {
    handInFirst: first!,
    handInFurther: Math.round((all! - first!) / (bases.length - 1)),
    handInAt2047: atLarge!,
  };
}

/** Gas of handing in each of some lists of slots, to a candidate that lacks `missing`. */
async function handInEach(
  profile: Profile,
  provers: number,
  missing: readonly number[],
  lists: readonly (readonly number[])[],
): Promise<number[]> {
  const world = await openWorld({ profile, provers, proposers: 1 });
  const { client, deployer, connection } = world;
  const { block, commitment } = await commitTo(world, world.proposers[0]!, provers);
  await passTo(world, "proposalEnds");
  await revealBlock(world, block, commitment);
  const partly = packFlags(block.transcript.length, {
    voted: () => true,
    delivered: (slot) => !missing.includes(slot),
  });
  await actions.submitInParts(client, deployer, proveBlock(world, block, commitment, partly));
  const whole = proveBlock(world, block, commitment);
  const { contents } = whole.forest;
  const gas: number[] = [];
  for (const slots of lists) {
    const before = await connection.networkHelpers.takeSnapshot();
    const proofs = slots.map((slot) => slotProof(world, whole, slot));
    gas.push(Number((await actions.handIn(client, deployer, { commitment, contents, proofs })).gasUsed));
    await before.restore();
  }
  return gas;
}
