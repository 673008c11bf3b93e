import { keccak256 } from "ethers";
import { z } from "zod";
import type { Draft } from "../../block/draft.ts";
import { cutElements, encodeBlob } from "../../blobs/blob.ts";
import { versionedHashOf } from "../../blobs/kzg.ts";
import type { Proposal } from "../../protocol/proposal.ts";
import { hexString } from "../hexString.ts";
import type { Memory } from "../memory.ts";

/**
 * An order that was drafted: with its salt, without which nothing can be revealed, and the proofs that a reveal takes.
 * Written before it is offered.
 */
export const draftEntry = z.strictObject({
  kind: z.literal("draft"),
  roundNumber: z.bigint(),
  roundId: z.bigint(),
  parent: z.bigint(),
  /** The operations that it begins with, see `Due`: in another round of the same height they may be others. */
  due: z.strictObject({ first: z.number().int(), count: z.number().int() }),
  proverShareBps: z.number().int(),
  /** What it was offered with, BID_UNIT. */
  burnBid: z.bigint(),
  orderCommitment: hexString,
  proposalId: z.bigint(),
  salt: hexString,
  txsRoot: z.bigint(),
  txCount: z.bigint(),
  /** Its data, see `BlockData`. */
  operations: hexString,
  elements: z.array(z.bigint()),
  /** All that the reveal takes of each blob and its elements do not tell at once, see `RevealedBlob`. */
  blobs: z.array(
    z.strictObject({
      commitment: hexString,
      blobProof: hexString,
      cellProofs: hexString,
      y: z.bigint(),
      proof: hexString,
    }),
  ),
  /** L1 time, Unix seconds. */
  draftedAt: z.bigint(),
});

/** A higher bid for a draft. Written before it is offered. */
export const raiseEntry = z.strictObject({
  kind: z.literal("raise"),
  roundNumber: z.bigint(),
  proposalId: z.bigint(),
  /** BID_UNIT. */
  burnBid: z.bigint(),
});

/** What is sent to L1 for a draft. Written before it is sent, and there is one for each parent in a round. */
export const commitEntry = z.strictObject({
  kind: z.literal("commit"),
  roundNumber: z.bigint(),
  proposalId: z.bigint(),
  burnBid: z.bigint(),
  transcript: z.array(z.number().int()),
  /** `encodeVote`: those that the transcript relies on. */
  votes: z.array(hexString),
});

export const proposerEntry = z.discriminatedUnion("kind", [draftEntry, raiseEntry, commitEntry]);

export type DraftEntry = Readonly<z.output<typeof draftEntry>>;
export type CommitEntry = Readonly<z.output<typeof commitEntry>>;
export type RaiseEntry = Readonly<z.output<typeof raiseEntry>>;
export type ProposerEntry = DraftEntry | RaiseEntry | CommitEntry;

/** What a proposer has done, as far as it matters still. */
export interface ProposerOwn {
  readonly drafts: readonly DraftEntry[];
  readonly raises: readonly RaiseEntry[];
  readonly commits: readonly CommitEntry[];
}

/** What a draft is revealed with. Its blobs' bytes follow from its elements. */
export function revealOf({
  salt,
  txsRoot,
  txCount,
  operations,
  elements,
  blobs,
}: DraftEntry): Pick<Draft, "order" | "blobs"> {
  const coefficients = cutElements(elements);
  const revealed = blobs.map(({ commitment, blobProof, cellProofs, y, proof }, i) => ({
    sidecar: {
      versionedHash: versionedHashOf(commitment),
      blob: encodeBlob(coefficients[i]!),
      ...{ commitment, cellProofs },
      proof: blobProof,
    },
    ...{ y, proof },
  }));
  const blobHashes = revealed.map(({ sidecar }) => sidecar.versionedHash);
  return { order: { txsRoot, txCount, blobHashes, operationsHash: keccak256(operations), salt }, blobs: revealed };
}

/** The proposal that a draft is offered as. @param domain of the rollup @param proposer address */
export function proposalOf(draft: DraftEntry, domain: bigint, proposer: string): Proposal {
  const { roundId, parent, orderCommitment, proverShareBps } = draft;
  return { domain, roundId, parent, orderCommitment, proverShareBps, proposer };
}

export type ProposerMemory = Memory<ProposerEntry, ProposerOwn>;

export const NO_PROPOSALS: ProposerOwn = { drafts: [], raises: [], commits: [] };

/** The pure fold of a proposer's journal. Of two commits to a round in one place the first one counts. */
export function proposerOwn(own: ProposerOwn, entry: ProposerEntry): ProposerOwn {
  if (entry.kind === "draft") return { ...own, drafts: [...own.drafts, entry] };
  if (entry.kind === "raise") return { ...own, raises: [...own.raises, entry] };
  const draft = own.drafts.find(({ proposalId }) => proposalId === entry.proposalId);
  if (draft !== undefined && intentOn(own, entry.roundNumber, draft) !== undefined) return own;
  return { ...own, commits: [...own.commits, entry] };
}

/** The draft of a proposal that was written down. */
export const draftIn = ({ drafts }: ProposerOwn, proposalId: bigint): DraftEntry =>
  drafts.find((entry) => entry.proposalId === proposalId)!;

/** What is sent for a draft, if that was decided. */
export const intentIn = ({ commits }: ProposerOwn, proposalId: bigint): CommitEntry | undefined =>
  commits.find((entry) => entry.proposalId === proposalId);

/** What a block must fit to be possible: its parent, and the operations that blocks begin with. */
export type Place = Pick<DraftEntry, "parent" | "due">;

export const isAt = (place: Place, { parent, due }: Place): boolean =>
  parent === place.parent && due.first === place.due.first && due.count === place.due.count;

/** What is sent for a round in a place, if that was decided. */
export function intentOn({ drafts, commits }: ProposerOwn, roundNumber: bigint, place: Place): CommitEntry | undefined {
  return commits.find(
    (entry) =>
      entry.roundNumber === roundNumber &&
      drafts.some((draft) => draft.proposalId === entry.proposalId && isAt(place, draft)),
  );
}

/** What a draft is offered with, BID_UNIT. */
export function bidOf({ raises }: ProposerOwn, { proposalId, burnBid }: DraftEntry): bigint {
  return raises.reduce(
    (most, raise) => (raise.proposalId === proposalId && raise.burnBid > most ? raise.burnBid : most),
    burnBid,
  );
}
