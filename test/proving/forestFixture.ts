import { keccak256 } from "ethers";
import {
  domainOf,
  keyOf,
  orderCommitment,
  type PackedOperation,
  type Profile,
  type SecretKey,
  secretKeyFromSeed,
  type SignedTransfer,
  signTransfer,
  signVote,
  slotCount,
  type Vote,
  type VoteTerms,
} from "../../src/protocol/index.ts";
import { crownDepths } from "../../src/proving/crownDepth.ts";
import { BlockPlan } from "../../src/proving/forest.ts";
import type { PlannedBlock } from "../../src/proving/plannedBlock.ts";
import { type ExecutedBlock, executeBlock, State } from "../../src/state/index.ts";
import { ETHER, GENESIS, userSecret } from "../state/fixtures.ts";

export const FIXTURE_DOMAIN = domainOf({ chainId: 31337n, rollup: "0x00000000000000000000000000000000000000B5" });
export const PROPOSAL_ID = 987_654_321n;
export const BURN_BID = 500n;

/** Prover `index` of the registry; 0 is nobody. */
export function proverSecret(index: number): SecretKey {
  return secretKeyFromSeed(`prover ${index}`);
}

export function vote(prover: number, change: Partial<VoteTerms> = {}): Vote {
  return signVote(proverSecret(prover), {
    proposalId: PROPOSAL_ID,
    depth: 0,
    index: 0,
    capacity: 100,
    minBurnBid: BURN_BID,
    ...change,
  });
}

/** The order of an executed block. */
export function orderOf({ txsRoot, txCount, data }: Pick<ExecutedBlock, "txsRoot" | "txCount" | "data">): string {
  const proposer = "0x00000000000000000000000000000000000000A1";
  const salt = `0x${"5a".repeat(32)}`;
  return orderCommitment({
    domain: FIXTURE_DOMAIN,
    roundId: 1n,
    proposer,
    txsRoot,
    txCount,
    blobHashes: data.elements.length === 0 ? [] : [keccak256("0x0b")],
    operationsHash: keccak256(data.operations),
    salt,
  });
}

/** Executes a block on the genesis state, or another one. */
export function executed(
  profile: Profile,
  operations: readonly PackedOperation[],
  transfers: readonly SignedTransfer[],
  state?: State,
): ExecutedBlock {
  const before = state ?? State.ofGenesis({ ...GENESIS, accountDepth: profile.accountDepth });
  return executeBlock(before, operations, transfers, { profile, domain: FIXTURE_DOMAIN, ...crownDepths(profile) });
}

/** A transfer of one ether by the owner of `from`. */
export function payment(from: number, to: number, nonce: number, fee = 0n): SignedTransfer {
  return signTransfer(userSecret(from), FIXTURE_DOMAIN, { from, to, amount: ETHER, fee }, BigInt(nonce));
}

/** Three transfers. */
function threePayments(profile: Profile): ExecutedBlock {
  const payments = [
    [1, 2],
    [2, 3],
    [4, 4],
  ] as const;
  const transfers = payments.map(([from, to], i) => payment(from, to, 0, BigInt(i) * 1000n));
  return executed(profile, [], transfers);
}

/** A block in which provers 1, 2, 3 take turns and all of them voted for everything. */
export function plannedBlock(
  profile: Profile,
  change: Partial<PlannedBlock> = {},
  block = threePayments(profile),
): PlannedBlock {
  const transcript = change.transcript ?? Array.from({ length: slotCount(profile) }, (_, slot) => (slot % 3) + 1);
  return {
    profile,
    bases: block.bases,
    domain: FIXTURE_DOMAIN,
    proposalId: PROPOSAL_ID,
    orderCommitment: orderOf(block),
    burnBid: BURN_BID,
    roundSeed: 0n,
    transcript,
    keys: transcript.map((prover) => (prover === 0 ? 0n : keyOf(proverSecret(prover)))),
    votes: [vote(1), vote(2), vote(3)],
    ...change,
  };
}

export function plan(profile: Profile, change: Partial<PlannedBlock> = {}, block?: ExecutedBlock): BlockPlan {
  return new BlockPlan(plannedBlock(profile, change, block));
}
