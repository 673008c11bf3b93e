import hre from "hardhat";
import { AbiCoder, keccak256, type ContractTransactionReceipt } from "ethers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import * as actions from "../../src/chain/actions/index.ts";
import { ELEMENTS_PER_BLOB } from "../../src/protocol/blobField.ts";
import { economicsOf } from "../../src/deploy/economics.ts";
import { packFlags } from "../../src/protocol/flags.ts";
import { slotCount } from "../../src/protocol/nodes.ts";
import { elementsPerBase, type Profile } from "../../src/protocol/profile.ts";
import {
  createMadeUpWorld,
  draftBlock,
  fullTranscript,
  passTo,
  proveBlock,
  registerKey,
  revealBlock,
  slotProof,
  type MadeUpWorld,
} from "../../src/sim/madeUp.ts";
import { type BridgeGas, type ClaimGas, measureBridge } from "./bridgeGas.ts";
import { benchParts } from "./scale.ts";

/** Gas of every verb, measured on an in-process chain with simulated proofs, whose gas is that of real ones. */
export interface GasReport extends BridgeGas {
  /**
   * `first`: in a lane that has never committed. `warm`: in one that has. `fiveWarm`: five of those in one round,
   * together.
   */
  readonly commit: { readonly first: number; readonly warm: number; readonly fiveWarm: number };
  /** A block with one blob. */
  readonly revealBlob: number;
  /** One more blob in the same transaction. */
  readonly revealFurtherBlob: number;
  /** `byProofs`: whole submissions by forest size, every slot with a prover of its own. */
  readonly submit: {
    readonly byProofs: Readonly<Record<string, number>>;
    readonly fixed: number;
    readonly marginalPerProof: number;
  };
  /** With two paid uncles, where the ring of outcomes has gone round once: from height 1,025 on. */
  readonly advance: number;
  /** One slot of one round, by a prover that was paid before. */
  readonly claim: number;
  readonly register: number;
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
  /** Counting one more slot of a forest whose provers are all different. */
  readonly countingPerSlot: number;
  /** A part of a forest, without its proofs. */
  readonly partFixed: number;
  readonly perL2TransactionAt128x128: PerTransaction;
}

/** L1 gas of one L2 transaction in a block of 128 base nodes with 128 transfers each. */
export interface PerTransaction {
  readonly arity: number;
  readonly proof: number;
  /** The transfer and its signature: the block's reveal, and every blob at what blobs cost at least, in gas. */
  readonly witness: number;
  readonly total: number;
}

export interface GasBench {
  readonly report: GasReport;
  /** All arities that were looked at, and how their figures come about. */
  readonly arities: readonly (PerTransaction & {
    readonly proofs: number;
    readonly fixed: number;
    readonly formula: string;
  })[];
  /** What the report sums up or leaves out. */
  readonly details: Readonly<Record<string, number>>;
  readonly claims: ClaimGas;
}

export interface BenchGasOptions {
  readonly signal?: AbortSignal | undefined;
  readonly note: (line: string) => void;
}

/**
 * Forests whose submissions are measured. The first two have the same circuits and give the marginal cost of a proof.
 */
const FORESTS = [
  { arity: 2, levels: 4 },
  { arity: 2, levels: 6 },
  { arity: 4, levels: 2 },
  { arity: 4, levels: 3 },
  { arity: 8, levels: 2 },
  { arity: 16, levels: 2 },
] as const;

const BASES = 128;
const TRANSFERS = 128;
const UNCLES = 2;
/** What a blob costs at least, by EIP-7918: its 131,072 units of blob gas at a sixteenth of the base fee. */
const GAS_PER_BLOB = 8_192;
/** Elements of the blocks whose reveals are measured: of one blob, and of two. */
const ELEMENTS = [3, ELEMENTS_PER_BLOB + 1] as const;

export async function benchGas({ signal, note }: BenchGasOptions): Promise<GasBench> {
  const { commit, revealBlob, revealFurtherBlob, advance, claim, register, details } = await measureLife(note, signal);

  const court = { ...(await measureCourt()), ...(await measureHandIns(note)) };
  note(
    `court: ${Object.entries(court)
      .map(([verb, gas]) => `${verb} ${gas.toLocaleString("en")}`)
      .join(", ")}`,
  );

  const { bridge, claims } = await measureBridge();
  note(
    `bridge: deposit ${bridge.deposit.toLocaleString("en")}, forced ${bridge.forced.toLocaleString("en")}, ` +
      `exitClaim ${bridge.exitClaim.toLocaleString("en")}`,
  );
  const parts = await benchParts({ signal, note });

  const submissions = new Map<(typeof FORESTS)[number], number>();
  for (const forest of FORESTS) {
    signal?.throwIfAborted();
    submissions.set(forest, await measureSubmission(forest));
    note(
      `submission of ${slotCount(forest)} proofs (arity ${forest.arity}): ` +
        `${submissions.get(forest)!.toLocaleString("en")} gas`,
    );
  }
  const [small, large] = FORESTS;
  const marginalPerProof = (submissions.get(large)! - submissions.get(small)!) / (slotCount(large) - slotCount(small));

  const transactions = BASES * TRANSFERS;
  const { blobs, gas: revealGas } = await measureWitness();
  const witness = (blobs * GAS_PER_BLOB + revealGas) / transactions;
  note(`reveal of ${blobs} blobs: ${revealGas.toLocaleString("en")} gas`);
  const arities = [2, 4, 8, 16].map((arity) => {
    const measured = FORESTS.findLast((forest) => forest.arity === arity)!;
    const fixed = submissions.get(measured)! - marginalPerProof * slotCount(measured);
    const proofs = nodesAbove(BASES, arity);
    const proof = (fixed + marginalPerProof * proofs) / transactions;
    const formula =
      `(${Math.round(fixed)} + ${Math.round(marginalPerProof)} x ${proofs} proofs) / ${transactions} + ` +
      `(${revealGas} + ${GAS_PER_BLOB} x ${blobs} blobs) / ${transactions} = ${Math.round(proof + witness)}`;
    return {
      arity,
      proofs,
      fixed: Math.round(fixed),
      proof: Math.round(proof),
      witness: Math.round(witness),
      total: Math.round(proof + witness),
      formula,
    };
  });
  const { arity, proof, total } = arities.reduce((best, candidate) =>
    candidate.total < best.total ? candidate : best,
  );

  return {
    report: {
      commit,
      revealBlob,
      revealFurtherBlob,
      submit: {
        byProofs: Object.fromEntries([...submissions].map(([forest, gas]) => [slotCount(forest), gas])),
        fixed: Math.round(submissions.get(large)! - marginalPerProof * slotCount(large)),
        marginalPerProof: Math.round(marginalPerProof),
      },
      advance,
      claim,
      register,
      ...court,
      ...bridge,
      ...parts,
      perL2TransactionAt128x128: { arity, proof, witness: Math.round(witness), total },
    },
    arities,
    details,
    claims,
  };
}

/** Nodes of a tree over `bases` leaves in which every node has at most `arity` children. */
function nodesAbove(bases: number, arity: number): number {
  let nodes = bases;
  for (let width = bases; width > 1; nodes += width) width = Math.ceil(width / arity);
  return nodes;
}

const gasOf = ({ receipt }: { receipt: ContractTransactionReceipt }): number => Number(receipt.gasUsed);

const profileOf = (arity: number, levels: number, transfersPerBase: number): Profile => ({
  name: `bench-${arity}-${levels}`,
  arity,
  levels,
  accountDepth: 8,
  transfersPerBase,
  operationsPerBase: 8,
});

/** Five proposers decide four heights, so that at the end nothing is done for the first time. */
async function measureLife(note: (line: string) => void, signal?: AbortSignal) {
  const profile = profileOf(2, 2, 600);
  const provers = slotCount(profile);
  const world = await connected((connection) =>
    createMadeUpWorld(connection, {
      profile,
      provers,
      proposers: 5,
      economics: { maxUncles: UNCLES, uncleMinScoreBps: 0 },
    }),
  );
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

/**
 * What provers and proposers answer for: a forest of seven, of which a prover has withheld its slot, beside a commit
 * that is never revealed.
 */
async function measureCourt(): Promise<Pick<GasReport, "slash" | "forfeit">> {
  const profile = profileOf(2, 2, 3);
  const slots = slotCount(profile);
  const world = await connected((connection) =>
    createMadeUpWorld(connection, { profile, provers: slots, proposers: 2 }),
  );
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
): Promise<Pick<GasReport, "handInFirst" | "handInFurther" | "handInAt2047">> {
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
  const world = await connected((connection) => createMadeUpWorld(connection, { profile, provers, proposers: 1 }));
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

/** Every slot in turn to provers 1 .. n. */
async function commitTo(world: MadeUpWorld, proposer: HardhatEthersSigner, provers: number) {
  const transcript = fullTranscript(world.client.deployment.profile, provers);
  const block = await draftBlock(world, { proposer, burnBid: 1_000n, transcript });
  return { block, commitment: (await actions.commit(world.client, proposer, block)).commitment };
}

/** The reveal of a full block, in as many transactions as its blobs take. */
async function measureWitness(): Promise<{ blobs: number; gas: number }> {
  const profile = profileOf(2, Math.log2(BASES), TRANSFERS);
  const world = await connected((connection) => createMadeUpWorld(connection, { profile, provers: 0, proposers: 1 }));
  const [proposer] = world.proposers;
  const transcript = new Array<number>(slotCount(profile)).fill(0);
  const elements = BASES * elementsPerBase(profile);
  const block = await draftBlock(world, { proposer: proposer!, burnBid: 1_000n, transcript, elements });
  const { commitment } = await actions.commit(world.client, proposer!, block);
  await passTo(world, "proposalEnds");
  const { receipts } = await revealBlock(world, block, commitment);
  return { blobs: block.blobs.length, gas: receipts.reduce((sum, { gasUsed }) => sum + Number(gasUsed), 0) };
}

/** A whole submission in which every slot has a prover of its own. */
async function measureSubmission({ arity, levels }: { arity: number; levels: number }): Promise<number> {
  const profile = profileOf(arity, levels, 3);
  const provers = slotCount(profile);
  const world = await connected((connection) => createMadeUpWorld(connection, { profile, provers, proposers: 1 }));
  const [proposer] = world.proposers;
  const block = await draftBlock(world, {
    proposer: proposer!,
    burnBid: 1_000n,
    transcript: fullTranscript(profile, provers),
  });
  const { commitment } = await actions.commit(world.client, proposer!, block);
  await passTo(world, "proposalEnds");
  await revealBlock(world, block, commitment);
  return gasOf(await actions.submitProof(world.client, world.deployer, proveBlock(world, block, commitment)));
}

async function connected(
  create: (connection: MadeUpWorld["connection"]) => Promise<MadeUpWorld>,
): Promise<MadeUpWorld> {
  return create(await hre.network.create());
}
