import type { CompressedInputs } from "../protocol/compressedInputs.ts";
import { type Content, contentHash } from "../protocol/content.ts";
import type { SecretKey } from "../protocol/eddsa.ts";
import { B52Error, MalformedError } from "../protocol/errors.ts";
import { toHex32 } from "../protocol/hex.ts";
import { packFlags } from "../protocol/flags.ts";
import type { ProvenForest, SlotProof, Statement, Worker } from "../protocol/forest.ts";
import { keyOf } from "../protocol/keys.ts";
import { ballotSlots, childSlots, type Node, nodeAt, shownVotes, slotCount } from "../protocol/nodes.ts";
import { baseCount } from "../protocol/profile.ts";
import { PROOF_BYTES } from "../protocol/proof.ts";
import { dataPoint } from "../protocol/proposal.ts";
import { basePublicInputs, mergePublicInputs, rootPublicInputs } from "../protocol/publicInputs.ts";
import { rootInputs, rootVector } from "../protocol/rootInputs.ts";
import { assignedCounts, encodeAssigned } from "../protocol/transcript.ts";
import type { Vote } from "../protocol/vote.ts";
import { vrfBeta } from "../protocol/vrf.ts";
import type { CircuitInput } from "./circuitInput.ts";
import type { CircuitName } from "./circuitInstance.ts";
import { baseInput, mergeInput, operationInput, rootInput } from "./inputs.ts";
import { contentsOf, countedVotes, type PlannedBlock } from "./plannedBlock.ts";
import { baseStatement, mergeStatement, openedContent, rootStatement, type StatedBlock } from "./statements.ts";

/** One proof to be made. */
export interface ProofJob extends Worker {
  readonly slot: number;
  /** See {@link SlotProof}. */
  readonly mask: bigint;
  readonly node: Node;
  readonly circuit: CircuitName;
  readonly publicInputs: readonly bigint[];
  readonly input: CircuitInput;
}

/** A proof claimed for, or asked of, a worker that the slot is not assigned to. */
export class WrongWorkerError extends B52Error {
  constructor(slot: number, workerKey: bigint, key: bigint) {
    super(
      `worker of slot ${slot} is ${toHex32(workerKey)}, expected ` +
        `${key === 0n ? "" : `${toHex32(key)} or `}0 (anonymous)`,
      { slot, workerKey, key },
    );
  }
}

/** A forest with gaps. */
export class MissingProofError extends B52Error {
  constructor(slots: readonly number[]) {
    super(`no proof for slot ${slots.join(", ")}, expected one for every slot`, { slots });
  }
}

/** What every node of one block proves, and for whom. */
export class BlockPlan implements StatedBlock {
  readonly block: PlannedBlock;
  /** In slot order. */
  readonly contents: readonly Content[];
  /** Content hashes, in slot order. */
  readonly contentHashes: readonly bigint[];
  /** Slots of each slot's prover in all, 0 where there is no key. */
  readonly assigned: readonly number[];
  /** The vote that counts for each slot. One valid vote of a prover serves all of its slots that the vote covers. */
  readonly votes: readonly (Vote | undefined)[];
  readonly z: bigint;

  /**
   * @throws {MalformedError} if bases, transcript or keys do not fit the profile
   * @throws {BrokenChainError} if the bases do not follow each other
   */
  constructor(block: PlannedBlock) {
    const { profile, bases, transcript, keys } = block;
    const slots = slotCount(profile);
    if (bases.length !== baseCount(profile))
      throw new MalformedError("count of base nodes", bases.length, `${baseCount(profile)}`);
    const firstTransfers = bases.findIndex(({ kind }) => kind === "transfers");
    if (firstTransfers >= 0 && bases.slice(firstTransfers).some(({ kind }) => kind === "operations")) {
      throw new MalformedError(
        "base node of operations",
        `behind base node ${firstTransfers} of transfers`,
        "before all of transfers",
      );
    }
    if (transcript.length !== slots) throw new MalformedError("transcript length", transcript.length, `${slots} slots`);
    if (keys.length !== slots) throw new MalformedError("count of keys", keys.length, `${slots}`);
    this.block = block;
    this.z = dataPoint(block.orderCommitment);
    this.assigned = assignedCounts(transcript, keys);
    this.contents = contentsOf(block, this.z);
    this.contentHashes = this.contents.map(contentHash);
    this.votes = countedVotes(block, this.assigned);
  }

  get statement(): Statement {
    const { domain, proposalId, roundSeed, burnBid } = this.block;
    return { domain, proposalId, z: this.z, roundSeed, burnBid, ...openedContent(this.contents[0]!) };
  }

  /**
   * The worker that `secret` makes in `slot`; undefined is anonymous.
   * @throws {WrongWorkerError} if the slot is another's
   */
  worker(slot: number, secret?: SecretKey): Worker {
    if (secret === undefined) return { workerKey: 0n, beta: 0n };
    const workerKey = keyOf(secret);
    this.#assertWorker(slot, workerKey);
    return { workerKey, beta: vrfBeta(secret, this.block.roundSeed) };
  }

  /** The proof of `slot` by the worker with `secret`, undefined for an anonymous one. @throws {WrongWorkerError} */
  job(slot: number, secret?: SecretKey): ProofJob {
    const node = nodeAt(this.block.profile, slot);
    const worker = this.worker(slot, secret);
    const mask = this.mask(slot);
    const publicInputs = this.publicInputs(slot, worker, mask);
    return { slot, node, mask, ...worker, publicInputs, ...this.#circuitInput(slot, worker, secret) };
  }

  /** The votes of this plan that a proof of `slot` shows, see {@link SlotProof}. */
  mask(slot: number): bigint {
    return ballotSlots(this.block.profile, slot).reduce(
      (mask, voter, i) => (this.votes[voter] === undefined ? mask : mask | (1n << BigInt(i))),
      0n,
    );
  }

  /** What a proof of `slot` by `worker` must have been made for. @param mask the votes that it shows */
  publicInputs(slot: number, worker: Worker, mask = this.mask(slot)): bigint[] {
    const { depth } = nodeAt(this.block.profile, slot);
    if (depth === 0) return rootPublicInputs(this.rootInputs(worker, mask));
    return depth === this.block.profile.levels
      ? basePublicInputs(baseStatement(this, slot, worker))
      : mergePublicInputs(mergeStatement(this, slot, worker, mask));
  }

  /** @param mask the votes that the root's proof shows */
  rootInputs(worker: Worker, mask = this.mask(0)): CompressedInputs {
    return rootInputs(rootVector(rootStatement(this, worker, mask)));
  }

  /**
   * The forest as L1 takes it, from one proof for every slot in any order.
   * @throws {MissingProofError} @throws {WrongWorkerError} if a proof claims a worker that L1 would not credit
   * @throws {MalformedError} for a proof of another size, or a beta where there is none
   */
  forest(proofs: readonly SlotProof[]): ProvenForest {
    const bySlot = new Map(proofs.map((proof) => [proof.slot, proof]));
    const missing = this.contents.flatMap((_, slot) => (bySlot.has(slot) ? [] : [slot]));
    if (missing.length > 0) throw new MissingProofError(missing);
    const ordered = this.contents.map((_, slot) => bySlot.get(slot)!);
    const hasSeed = this.block.roundSeed !== 0n;
    const voted = new Set<number>();
    for (const { slot, mask, workerKey, beta, proof } of ordered) {
      this.#assertWorker(slot, workerKey);
      const { length } = ballotSlots(this.block.profile, slot);
      if (mask >> BigInt(length) !== 0n)
        throw new MalformedError(`mask of slot ${slot}`, `${mask}`, `below 2^${length}`);
      for (const voter of shownVotes(this.block.profile, { slot, mask })) voted.add(voter);
      if (beta !== 0n && (workerKey === 0n || !hasSeed))
        throw new MalformedError(`beta of slot ${slot}`, `${beta}`, "0");
      if (proof.length !== 2 + 2 * PROOF_BYTES)
        throw new MalformedError(`proof of slot ${slot}`, `${(proof.length - 2) / 2} bytes`, `${PROOF_BYTES}`);
    }
    return {
      statement: this.statement,
      keys: this.block.keys,
      assigned: encodeAssigned(this.assigned),
      flags: packFlags(ordered.length, {
        voted: (slot) => voted.has(slot),
        delivered: (slot) => ordered[slot]!.workerKey !== 0n,
      }),
      rootCommitment: this.rootInputs(ordered[0]!, ordered[0]!.mask).commitment,
      contents: this.contentHashes.slice(1),
      betas: hasSeed ? ordered.map(({ beta }) => beta) : [],
      proofs: `0x${ordered.map(({ proof }) => proof.slice(2)).join("")}`,
    };
  }

  #assertWorker(slot: number, workerKey: bigint): void {
    const key = this.block.keys[slot]!;
    if (workerKey !== 0n && workerKey !== key) throw new WrongWorkerError(slot, workerKey, key);
  }

  #circuitInput(
    slot: number,
    worker: Worker,
    secret: SecretKey | undefined,
  ): { circuit: CircuitName; input: CircuitInput } {
    const { profile, bases } = this.block;
    const { depth, index } = nodeAt(profile, slot);
    if (depth === profile.levels) {
      const statement = baseStatement(this, slot, worker);
      const trace = bases[index]!;
      return trace.kind === "operations"
        ? { circuit: "OperationRollup", input: operationInput(statement, trace, secret) }
        : { circuit: "BaseRollup", input: baseInput(statement, trace, secret) };
    }
    const children = childSlots(profile, slot);
    const contents = children.map((child) => this.contents[child]!);
    const votes = children.map((child) => this.votes[child]);
    if (depth > 0)
      return {
        circuit: "MergeRollup",
        input: mergeInput(mergeStatement(this, slot, worker, this.mask(slot)), contents, votes, secret),
      };
    return {
      circuit: "RootRollup",
      input: rootInput(rootStatement(this, worker, this.mask(0)), contents, [...votes, this.votes[0]], secret),
    };
  }
}
