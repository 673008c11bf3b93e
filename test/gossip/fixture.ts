import { getBytes, id, Wallet } from "ethers";
import {
  type Certificate,
  Gate,
  type GossipRoute,
  type GossipView,
  type Identity,
  type Judgement,
  type KnownProver,
  encodeMessage,
  type Messages,
  NetworkKey,
  type ProofMessage,
  type ProposalMessage,
  sealEnvelope,
  signCertificate,
  type Topic,
} from "../../src/gossip/index.ts";
import { type SecretKey, secretKeyFromSeed } from "../../src/protocol/eddsa.ts";
import { accountKeyOf, keyOf } from "../../src/protocol/keys.ts";
import { slotCount } from "../../src/protocol/nodes.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { type Proposal, proposalId } from "../../src/protocol/proposal.ts";
import { roundId } from "../../src/protocol/round.ts";
import { type SignedTransfer, signTransfer } from "../../src/protocol/transfer.ts";
import { signVote, type Vote } from "../../src/protocol/vote.ts";
import { Random } from "../../src/sim/random.ts";
import { encodeProof, randomCircuit, randomCommon, simulateProof } from "../../src/sim/trapdoor.ts";

export const profile = PROFILES.dev;
export const ETHER = 10n ** 18n;
export const NOW = 1_000_000n;
export const DOMAIN = 77n;
export const route: GossipRoute = { chainId: 31_337n, rollup: new Wallet(id("rollup")).address, domain: DOMAIN };

export const wallets = {
  proposer: new Wallet(id("proposer")),
  prover: new Wallet(id("prover")),
  user: new Wallet(id("user")),
};
export const secrets: Record<"prover" | "user" | "other", SecretKey> = {
  prover: secretKeyFromSeed("prover"),
  user: secretKeyFromSeed("user"),
  other: secretKeyFromSeed("other"),
};

/** Who speaks for a wallet, with a certificate that says so. */
export async function identityOf(wallet: Wallet, change: Partial<Certificate> = {}): Promise<Identity> {
  const key = new NetworkKey(getBytes(id(`network key of ${wallet.address}`)));
  const certificate = await signCertificate(wallet, route, { networkKey: key.publicKey, expiry: NOW + 3_600n });
  return { key, certificate: { ...certificate, ...change }, domain: DOMAIN };
}

const ROUND = roundId({ height: 3, attempt: 1 });
const PARENT = 12_345n;
export const transfer = signTransfer(secrets.user, DOMAIN, { from: 1, to: 2, amount: ETHER, fee: ETHER / 100n }, 0n);

export const proposal: Proposal = {
  domain: DOMAIN,
  roundId: ROUND,
  parent: PARENT,
  orderCommitment: id("order"),
  proverShareBps: 5_000,
  proposer: wallets.proposer.address,
};
export const PROPOSAL_ID = proposalId(proposal);

export const vote: Vote = signVote(secrets.prover, {
  proposalId: PROPOSAL_ID,
  depth: 0,
  index: 0,
  capacity: slotCount(profile),
  minBurnBid: 1n,
});

const random = new Random("gossip");
export const proof: ProofMessage = {
  proposalId: PROPOSAL_ID,
  slot: 3,
  mask: 0n,
  workerKey: keyOf(secrets.prover),
  beta: 0n,
  proof: encodeProof(simulateProof(random, randomCircuit(random, randomCommon(random), 1), [1n])),
};

export const offer: ProposalMessage = { proposal, burnBid: 10n };

/** A good message of each topic, and whose it is. */
export const GOOD: { readonly [T in Topic]: readonly [Messages[T], keyof typeof wallets] } = {
  transactions: [transfer, "user"],
  proposals: [offer, "proposer"],
  votes: [vote, "prover"],
  proofs: [proof, "prover"],
};

export const PROVER: KnownProver = { index: 1, owner: wallets.prover.address, stake: 1n, isEligible: true };

/** A node that has heard of the proposal. @param isCommitted whether L1 has it, too */
export function viewOf(isCommitted: boolean, change: Partial<GossipView> = {}): GossipView {
  const keys = Array.from({ length: slotCount(profile) }, () => keyOf(secrets.prover));
  return {
    now: NOW,
    rollup: { ...route, profile, minBid: 2n },
    rounds: [{ roundId: ROUND, parents: [PARENT] }],
    proposals: new Map([[PROPOSAL_ID, { proposal, committed: isCommitted ? { keys, isOpen: true } : undefined }]]),
    provers: new Map([[keyOf(secrets.prover), PROVER]]),
    deposits: new Map([[wallets.proposer.address, [0n, 10n]]]),
    account: (index) => (index === 1 ? { key: accountKeyOf(secrets.user), nonce: 0n } : undefined),
    ...change,
  };
}

/** What a topic's good message needs L1 to have. */
export const isCommitted = (topic: Topic): boolean => topic === "proofs";

/** What a node that hears nothing else says of a message. */
export async function judge<T extends Topic>(
  topic: T,
  message: Messages[T],
  change: Partial<GossipView> = {},
  sender: keyof typeof wallets = GOOD[topic][1],
): Promise<Judgement> {
  const bytes = sealEnvelope(await identityOf(wallets[sender]), topic, encodeMessage(topic, message));
  return new Gate(route).judge(bytes, viewOf(isCommitted(topic), change));
}

export const signedBy = (secret: SecretKey, change: Partial<SignedTransfer> = {}): SignedTransfer => {
  const { nonce, ...terms } = { ...transfer, ...change };
  return signTransfer(secret, DOMAIN, terms, nonce);
};
