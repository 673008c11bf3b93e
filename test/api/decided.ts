import { id, type Log, Wallet } from "ethers";
import type { ChainClient } from "../../src/chain/index.ts";
import { transferElements } from "../../src/protocol/elements.ts";
import { packFlags } from "../../src/protocol/flags.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { proposalId } from "../../src/protocol/proposal.ts";
import { roundId } from "../../src/protocol/round.ts";
import { packTerms } from "../../src/protocol/terms.ts";
import { encodeTranscript } from "../../src/protocol/transcript.ts";
import { packTransfer } from "../../src/protocol/transfer.ts";
import { DEPLOYMENT, logOf } from "./offline.ts";

export const profile = PROFILES.large;
const SLOTS = 3;
export const PER_BLOCK = 128;
export const proposer = new Wallet(id("proposer")).address;

/** A height that L1 has decided. */
export interface Decided {
  readonly height: number;
  readonly proposal: bigint;
  readonly logs: readonly Log[];
}

/** What L1 says of a height that is decided in its block `10 * height`: two slots fulfilled, one withheld. */
export function decide(client: ChainClient, height: number, parent: bigint, txCount: number, fork = ""): Decided {
  const round = roundId({ height, attempt: 1 });
  const orderCommitment = id(`order ${height}${fork}`);
  const offer = { domain: DEPLOYMENT.domain, roundId: round, parent, orderCommitment, proverShareBps: 5_000, proposer };
  const proposal = proposalId(offer);
  const terms = packTerms({ roundId: round, proverShareBps: 5_000, burnBid: 10n, parentRef: 0 });
  const flags = packFlags(SLOTS, { voted: () => true, delivered: (slot) => slot !== 2 });
  const events: readonly (readonly [string, readonly unknown[]])[] = [
    ["RoundOpened", [round, parent, 100n, false]],
    ["Committed", [proposer, terms, orderCommitment, 100n + BigInt(height), encodeTranscript([1, 1, 2])]],
    ["Revealed", [proposal, proposer, round, 1n, txCount, 2n, 0n, []]],
    ["CandidateProven", [proposal, round, 0n, 8n, 2n, 0n, 2n, 5n, 1n, flags]],
    ["CandidatePaid", [proposal, proposer, 0n, 10n, 1n, 2n, 3n]],
    ["Advanced", [round, proposal, 5n, 6n, 7n]],
  ];
  const logs = events.map((event, index) => logOf(client, "rollup", event, { block: 10 * height, index, fork }));
  return { height, proposal, logs };
}

/** The elements of a block full of transfers of one account, all different. */
export function fullBlock(height: number): bigint[] {
  const transferOf = (place: number) => {
    const packed = packTransfer({ from: 1, to: place % 2 === 0 ? 2 : 0, amount: BigInt(1 + place), fee: 0n });
    return { packed, r8y: BigInt(height), s: BigInt(1 + place) };
  };
  const places = Array.from({ length: PER_BLOCK }, (_, place) => transferOf(place));
  return [0, 1].flatMap((base) => transferElements(profile, places.slice(64 * base, 64 * (base + 1))));
}
