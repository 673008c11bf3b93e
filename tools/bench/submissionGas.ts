import * as actions from "../../src/chain/actions/index.ts";
import { slotCount } from "../../src/protocol/nodes.ts";
import { elementsPerBase } from "../../src/protocol/profile.ts";
import { passTo } from "../../src/sim/madeUp.ts";
import { draftBlock, fullTranscript, proveBlock, revealBlock } from "../../src/sim/madeUpBlock.ts";
import { gasOf, openWorld, profileOf } from "./benchWorld.ts";

/** Gas of whole submissions, and what follows for one transaction of the L2. */
export interface SubmissionGas {
  /** `byProofs`: whole submissions by forest size, every slot with a prover of its own. */
  readonly submit: {
    readonly byProofs: Readonly<Record<string, number>>;
    readonly fixed: number;
    readonly marginalPerProof: number;
  };
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

/** How the figures of an arity come about. */
export interface ArityGas extends PerTransaction {
  readonly proofs: number;
  readonly fixed: number;
  readonly formula: string;
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
/** What a blob costs at least, by EIP-7918: its 131,072 units of blob gas at a sixteenth of the base fee. */
const GAS_PER_BLOB = 8_192;

/** @returns the report, and all arities that were looked at */
export async function measureSubmissions(
  note: (line: string) => void,
  signal?: AbortSignal,
): Promise<{ readonly report: SubmissionGas; readonly arities: readonly ArityGas[] }> {
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
      submit: {
        byProofs: Object.fromEntries([...submissions].map(([forest, gas]) => [slotCount(forest), gas])),
        fixed: Math.round(submissions.get(large)! - marginalPerProof * slotCount(large)),
        marginalPerProof: Math.round(marginalPerProof),
      },
      perL2TransactionAt128x128: { arity, proof, witness: Math.round(witness), total },
    },
    arities,
  };
}

/** Nodes of a tree over `bases` leaves in which every node has at most `arity` children. */
function nodesAbove(bases: number, arity: number): number {
  let nodes = bases;
  for (let width = bases; width > 1; nodes += width) width = Math.ceil(width / arity);
  return nodes;
}

/** The reveal of a full block, in as many transactions as its blobs take. */
async function measureWitness(): Promise<{ blobs: number; gas: number }> {
  const profile = profileOf(2, Math.log2(BASES), TRANSFERS);
  const world = await openWorld({ profile, provers: 0, proposers: 1 });
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
  const world = await openWorld({ profile, provers, proposers: 1 });
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
