import { expect } from "chai";
import {
  MAX_NONCE_AHEAD,
  type GossipView,
  type Judgement,
  type KnownProver,
  type Topic,
  TOPICS,
} from "../../src/gossip/index.ts";
import type { PublicKey } from "../../src/protocol/eddsa.ts";
import { keyOf } from "../../src/protocol/keys.ts";
import { signVote, type VoteTerms } from "../../src/protocol/vote.ts";
import type { SignedTransfer } from "../../src/protocol/transfer.ts";
import { FIELD } from "../../src/protocol/field.ts";
import {
  DOMAIN,
  GOOD,
  judge,
  offer,
  profile,
  proof,
  PROVER,
  proposal,
  PROPOSAL_ID,
  secrets,
  signedBy,
  transfer,
  viewOf,
  vote,
  wallets,
} from "./fixture.ts";

/** `REJECT bad vote signature` */
const said = (judgement: Judgement): string =>
  judgement.verdict === "ACCEPT" ? "ACCEPT" : `${judgement.verdict} ${judgement.reason}`;

const nobody: Partial<GossipView> = { provers: new Map(), deposits: new Map() };
const deposited = (even: bigint, odd: bigint): Partial<GossipView> => ({
  deposits: new Map([[wallets.proposer.address, [even, odd]]]),
});
const proving = (change: Partial<KnownProver>): Partial<GossipView> => ({
  provers: new Map([[keyOf(secrets.prover), { ...PROVER, ...change }]]),
});
const ahead: Partial<GossipView> = {
  proposals: new Map([[PROPOSAL_ID, { proposal, committed: { keys: [], isOpen: false } }]]),
};
/** The sender's key and the point of order 2. */
const twin = { x: FIELD - transfer.sender.x, y: FIELD - transfer.sender.y };
const unknown: Partial<GossipView> = { proposals: new Map() };

describe("gossip verdicts", () => {
  for (const topic of TOPICS) {
    it(`accepts a good message on ${topic}`, async () => {
      const judgement = await judge(topic, GOOD[topic][0] as never);
      expect(judgement).to.deep.equal({
        verdict: "ACCEPT",
        received: { topic, sender: wallets[GOOD[topic][1]].address, message: GOOD[topic][0] },
      });
    });
  }

  const cases: { [T in Topic]: readonly (readonly [expected: string, judged: () => Promise<Judgement>])[] } = {
    transactions: [
      ["REJECT sender is no account", () => judge("transactions", { ...transfer, from: 0 })],
      ["REJECT sender is no account", () => judge("transactions", { ...transfer, from: 256 })],
      ["REJECT receiver is no account", () => judge("transactions", { ...transfer, to: 256 })],
      ["REJECT sender's key is no public key", () => judge("transactions", ...ownedBy({ x: 0n, y: 1n }))],
      // A circuit would take it, since 8 A is the same.
      ["REJECT sender's key is no public key", () => judge("transactions", ...ownedBy(twin))],
      ["IGNORE sender has no account yet", () => judge("transactions", signedBy(secrets.user, { from: 2 }))],
      ["IGNORE account has another key", () => judge("transactions", signedBy(secrets.other))],
      [
        "IGNORE nonce is used",
        () => judge("transactions", transfer, { account: () => ({ ...viewOf(false).account(1)!, nonce: 1n }) }),
      ],
      ["ACCEPT", () => judge("transactions", signedBy(secrets.user, { nonce: MAX_NONCE_AHEAD }))],
      [
        "IGNORE nonce is too far ahead",
        () => judge("transactions", signedBy(secrets.user, { nonce: MAX_NONCE_AHEAD + 1n })),
      ],
      ["REJECT bad transfer signature", () => judge("transactions", { ...transfer, amount: 2n * transfer.amount })],
    ],
    proposals: [
      [
        "REJECT proposal is another rollup's",
        () => judge("proposals", { ...offer, proposal: { ...proposal, domain: DOMAIN + 1n } }),
      ],
      [
        "REJECT proposal is not its sender's",
        () => judge("proposals", { ...offer, proposal: { ...proposal, proposer: wallets.user.address } }),
      ],
      ["REJECT proposal is not its sender's", () => judge("proposals", offer, {}, "user")],
      [
        "REJECT prover share is above 100 %",
        () => judge("proposals", { ...offer, proposal: { ...proposal, proverShareBps: 10_001 } }),
      ],
      ["ACCEPT", () => judge("proposals", { ...offer, proposal: { ...proposal, proverShareBps: 10_000 } })],
      ["ACCEPT", () => judge("proposals", { ...offer, burnBid: 2n })],
      ["REJECT bid is below the least one", () => judge("proposals", { ...offer, burnBid: 1n })],
      ["IGNORE proposer has no seat", () => judge("proposals", offer, nobody)],
      ["IGNORE bid is above the deposit", () => judge("proposals", { ...offer, burnBid: 11n })],
      ["IGNORE bid is above the deposit", () => judge("proposals", offer, deposited(9n, 9n))],
      ["IGNORE bid is above the deposit", () => judge("proposals", offer, deposited(10n, 9n))],
      ["ACCEPT", () => judge("proposals", offer, deposited(0n, 10n))],
      [
        "IGNORE round takes no commits",
        () => judge("proposals", { ...offer, proposal: { ...proposal, roundId: proposal.roundId + 1n } }),
      ],
      [
        "IGNORE parent is unknown",
        () => judge("proposals", { ...offer, proposal: { ...proposal, parent: proposal.parent + 1n } }),
      ],
    ],
    votes: [
      ["REJECT vote is for no node of the forest", () => judge("votes", { ...vote, depth: profile.levels + 1 })],
      ["REJECT vote is for no node of the forest", () => judge("votes", { ...vote, index: 1 })],
      ["ACCEPT", () => judge("votes", voteFor({ depth: profile.levels, index: 3 }))],
      ["REJECT vote is for no node of the forest", () => judge("votes", voteFor({ depth: profile.levels, index: 4 }))],
      ["REJECT vote is for no possible number of slots", () => judge("votes", { ...vote, capacity: 0 })],
      ["REJECT vote is for no possible number of slots", () => judge("votes", { ...vote, capacity: 8 })],
      ["REJECT voter's key is no point", () => judge("votes", { ...vote, key: { x: 1n, y: 1n } })],
      ["IGNORE proposal is unknown", () => judge("votes", vote, unknown)],
      ["IGNORE transcript is committed already", () => judge("votes", vote, { proposals: viewOf(true).proposals })],
      ["IGNORE voter is not registered", () => judge("votes", vote, nobody)],
      ["IGNORE voter is not eligible", () => judge("votes", vote, proving({ isEligible: false }))],
      ["REJECT vote is not its sender's", () => judge("votes", vote, {}, "user")],
      ["IGNORE bad vote signature", () => judge("votes", { ...vote, minBurnBid: 2n })],
    ],
    proofs: [
      ["REJECT proof is for no slot", () => judge("proofs", { ...proof, slot: 7 })],
      ["REJECT mask is of more votes than the node shows", () => judge("proofs", { ...proof, mask: 1n })],
      ["REJECT mask is of more votes than the node shows", () => judge("proofs", { ...proof, slot: 2, mask: 4n })],
      ["ACCEPT", () => judge("proofs", { ...proof, slot: 2, mask: 3n })],
      ["REJECT mask is of more votes than the node shows", () => judge("proofs", { ...proof, slot: 0, mask: 8n })],
      ["ACCEPT", () => judge("proofs", { ...proof, slot: 0, mask: 7n })],
      ["REJECT worker is not canonical", () => judge("proofs", { ...proof, workerKey: FIELD })],
      ["REJECT worker is not canonical", () => judge("proofs", { ...proof, beta: FIELD })],
      ["REJECT anonymous worker has a beta", () => judge("proofs", { ...proof, workerKey: 0n, beta: 1n })],
      ["IGNORE proposal is not committed", () => judge("proofs", proof, unknown)],
      ["IGNORE proposal is not committed", () => judge("proofs", proof, { proposals: viewOf(false).proposals })],
      // Who counts in a round is certain when it is open.
      ["IGNORE round is not open", () => judge("proofs", { ...proof, workerKey: 5n }, ahead)],
      // Another branch of L1 may have another transcript.
      ["IGNORE worker is not the slot's", () => judge("proofs", { ...proof, workerKey: 5n })],
      ["REJECT proof is not its sender's", () => judge("proofs", proof, {}, "user")],
      ["REJECT proof is not its sender's", () => judge("proofs", proof, {}, "proposer")],
      ["IGNORE worker is not registered", () => judge("proofs", proof, nobody)],
      ["ACCEPT", () => judge("proofs", proof, proving({ isEligible: false }))],
      ["IGNORE sender has no stake", () => judge("proofs", proof, proving({ isEligible: false, stake: 0n }))],
      ["ACCEPT", () => judge("proofs", { ...proof, workerKey: 0n })],
      ["IGNORE sender has no stake", () => judge("proofs", { ...proof, workerKey: 0n }, {}, "user")],
      // A seat costs nothing but gas, and may send as many that prove nothing as it likes.
      ["IGNORE sender has no stake", () => judge("proofs", { ...proof, workerKey: 0n }, {}, "proposer")],
      ["IGNORE sender has no stake", () => judge("proofs", { ...proof, workerKey: 0n }, proving({ stake: 0n }))],
      ["REJECT proof is no three points", () => judge("proofs", { ...proof, proof: `0x${"00".repeat(256)}` })],
      ["REJECT proof is no three points", () => judge("proofs", { ...proof, proof: `0x${"ff".repeat(256)}` })],
      ["REJECT proof is no three points", () => judge("proofs", { ...proof, proof: bump(proof.proof, 0) })],
      ["REJECT proof is no three points", () => judge("proofs", { ...proof, proof: bump(proof.proof, 2) })],
      ["REJECT proof is no three points", () => judge("proofs", { ...proof, proof: bump(proof.proof, 7) })],
    ],
  };

  for (const topic of TOPICS) {
    cases[topic].forEach(([expected, judged], i) => {
      it(`${topic} ${i}: ${expected}`, async () => {
        expect(said(await judged())).to.equal(expected);
      });
    });
  }
});

/** A transfer of an account whose key this is. */
function ownedBy(sender: PublicKey): [SignedTransfer, Partial<GossipView>] {
  return [{ ...transfer, sender }, { account: () => ({ key: sender.y, nonce: 0n }) }];
}

function voteFor(change: Partial<VoteTerms>) {
  return signVote(secrets.prover, {
    proposalId: PROPOSAL_ID,
    depth: 0,
    index: 0,
    capacity: 1,
    minBurnBid: 1n,
    ...change,
  });
}

/** Adds one to a word of a proof. */
function bump(encoded: string, word: number): string {
  const [from, to] = [2 + 64 * word, 66 + 64 * word];
  const next = (BigInt(`0x${encoded.slice(from, to)}`) + 1n).toString(16).padStart(64, "0");
  return encoded.slice(0, from) + next + encoded.slice(to);
}
