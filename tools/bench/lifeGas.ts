import { AbiCoder, keccak256 } from "ethers";
import * as actions from "../../src/chain/actions/index.ts";
import { ELEMENTS_PER_BLOB } from "../../src/protocol/blobField.ts";
import { slotCount } from "../../src/protocol/nodes.ts";
import { type MadeUpWorld, passTo, registerKey } from "../../src/sim/madeUp.ts";
import { draftBlock, fullTranscript, proveBlock, revealBlock } from "../../src/sim/madeUpBlock.ts";
import { gasOf, openWorld, profileOf } from "./benchWorld.ts";

/** Gas of what proposers and provers do in every height. */
export interface LifeGas {
  /**
   * `first`: in a lane that has never committed. `warm`: in one that has. `fiveWarm`: five of those in one round,
   * together.
   */
  readonly commit: { readonly first: number; readonly warm: number; readonly fiveWarm: number };
  /** A block with one blob. */
  readonly revealBlob: number;
  /** One more blob in the same transaction. */
  readonly revealFurtherBlob: number;
  /** With two paid uncles, where the ring of outcomes has gone round once: from height 1,025 on. */
  readonly advance: number;
  /** One slot of one round, by a prover that was paid before. */
  readonly claim: number;
  readonly register: number;
}

/** What the report leaves out: what is done for the first time, and what proposers claim. */
export type LifeDetails = Readonly<
  Record<"commitOpeningRound" | "advanceFirstLap" | "claimProposerFirst" | "claimProposer", number>
>;

const UNCLES = 2;
/** Elements of the blocks whose reveals are measured: of one blob, and of two. */
const ELEMENTS = [3, ELEMENTS_PER_BLOB + 1] as const;

/** Five proposers decide four heights, so that at the end nothing is done for the first time. */
export async function measureLife(
  note: (line: string) => void,
  signal?: AbortSignal,
): Promise<LifeGas & { readonly details: LifeDetails }> {
  const profile = profileOf(2, 2, 600);
  const provers = slotCount(profile);
  const world = await openWorld({
    profile,
    provers,
    proposers: 5,
    economics: { maxUncles: UNCLES, uncleMinScoreBps: 0 },
  });
  const { client, deployer } = world;
  const register = gasOf(await registerKey(world, 424_242n));
  const transcript = fullTranscript(profile, provers);
  const gas: Record<string, number> = {};
  const reveals: number[] = [];
  let fiveWarm = 0;
  let last: { proposalId: bigint; transcript: string } | undefined;

  for (let height = 1; height <= 4; height++) {
    signal?.throwIfAborted();
    const blocks = [];
    for (const [i, proposer] of world.proposers.entries()) {
      const block = await draftBlock(world, {
        proposer,
        burnBid: BigInt(1_000 - i),
        transcript,
        elements: height === 3 ? (ELEMENTS[i] ?? 0) : 0,
        fees: 10n ** 15n,
      });
      const committed = await actions.commit(client, proposer, block);
      // The first commit of the chain opens the round as well.
      if (height === 1) gas[i === 0 ? "commitOpening" : "commitFirst"] = gasOf(committed);
      if (height === 3) fiveWarm += gas["commitWarm"] = gasOf(committed);
      blocks.push({ block, commitment: committed.commitment });
    }
    await passTo(world, "proposalEnds");
    for (const [i, { block, commitment }] of blocks.entries()) {
      const used = gasOf(await revealBlock(world, block, commitment));
      if (height === 3 && i < ELEMENTS.length) reveals.push(used);
    }
    for (const { block, commitment } of blocks.slice(0, 1 + UNCLES)) {
      await actions.submitProof(client, deployer, proveBlock(world, block, commitment));
    }
    await passTo(world, "acceptanceEnds");
    if (height === 4) await useRing(world, height);
    gas[height === 4 ? "advance" : "advanceFirstLap"] = gasOf(await actions.advance(client, deployer));
    if (height === 3)
      gas["claimProposerFirst"] = gasOf(
        await actions.claimProposer(client, world.proposers[0]!, world.proposers[0]!.address),
      );
    // Who committed and proved nothing has to settle before the lane takes another commit.
    for (const { commitment } of blocks.slice(1 + UNCLES)) await actions.settle(client, deployer, commitment);
    const [{ block, commitment }] = blocks as [(typeof blocks)[0]];
    last = { proposalId: block.proposalId, transcript: commitment.transcript };
    note(`height ${height} of 4 decided`);
  }
  await actions.claimProver(client, deployer, 1, [{ ...last!, slots: [0] }]);
  const claim = gasOf(await actions.claimProver(client, deployer, 2, [{ ...last!, slots: [1] }]));
  const proposer = world.proposers[0]!;
  const claimProposer = gasOf(await actions.claimProposer(client, proposer, proposer.address));

  const [one, two] = reveals as [number, number];
  return {
    commit: { first: gas["commitFirst"]!, warm: gas["commitWarm"]!, fiveWarm },
    revealBlob: one,
    revealFurtherBlob: two - one,
    advance: gas["advance"]!,
    claim,
    register,
    details: {
      commitOpeningRound: gas["commitOpening"]!,
      advanceFirstLap: gas["advanceFirstLap"]!,
      claimProposerFirst: gas["claimProposerFirst"]!,
      claimProposer,
    },
  };
}

/**
 * Puts something into the outcome of `height` that an earlier lap of the ring would have left there, instead of
 * deciding 1,024 heights first.
 */
async function useRing({ client, connection }: MadeUpWorld, height: number): Promise<void> {
  const { rollup } = client.deployment.contracts;
  const at = (key: number, mapping: number) =>
    keccak256(AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [key, mapping]));
  const isSet = async (key: number, mapping: number) =>
    BigInt(await client.provider.getStorage(rollup, at(key, mapping))) !== 0n;
  // The one mapping that has something for the last height and nothing for this one.
  for (let mapping = 0; mapping < 64; mapping++) {
    if (!(await isSet(height - 1, mapping)) || (await isSet(height, mapping))) continue;
    await connection.networkHelpers.setStorageAt(rollup, at(height, mapping), 1);
    return;
  }
  throw new Error("the rollup's outcomes are not in its first 64 places of storage");
}
