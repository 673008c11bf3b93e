import { getBytes, id, Wallet } from "ethers";
import {
  encodeMessage,
  type GossipRoute,
  type GossipView,
  type Identity,
  type KnownProposal,
  NetworkKey,
  sealEnvelope,
  signCertificate,
} from "../../src/gossip/index.ts";
import { type SecretKey, secretKeyFromSeed } from "../../src/protocol/eddsa.ts";
import { keyOf } from "../../src/protocol/keys.ts";
import { slotCount } from "../../src/protocol/nodes.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { type Proposal, proposalId } from "../../src/protocol/proposal.ts";
import { roundId } from "../../src/protocol/round.ts";
import { signVote, type Vote } from "../../src/protocol/vote.ts";

const DOMAIN = 0xb52n;
const NOW = 1_000_000n;
const profile = PROFILES.dev;

export const route: GossipRoute = { chainId: 31_337n, rollup: new Wallet(id("bench rollup")).address, domain: DOMAIN };

/** A prover that can speak. */
export interface BenchProver {
  readonly secret: SecretKey;
  readonly identity: Identity;
}

/** Provers, proposals that they may vote for, and what a node knows of both. */
export interface BenchCast {
  readonly provers: readonly BenchProver[];
  readonly proposals: readonly Proposal[];
  readonly view: GossipView;
}

export async function createCast(provers: number, proposals: number): Promise<BenchCast> {
  const people = await Promise.all(
    Array.from({ length: provers }, async (_, i) => {
      const wallet = new Wallet(id(`bench owner ${i}`));
      const key = new NetworkKey(getBytes(id(`bench network key ${i}`)));
      const certificate = await signCertificate(wallet, route, { networkKey: key.publicKey, expiry: NOW + 3_600n });
      return { secret: secretKeyFromSeed(`bench prover ${i}`), identity: { key, certificate, domain: DOMAIN } };
    }),
  );
  const round = roundId({ height: 1, attempt: 1 });
  const offered = Array.from({ length: proposals }, (_, i): Proposal => ({
    ...{ domain: DOMAIN, roundId: round, parent: 1n, orderCommitment: id(`bench order ${i}`) },
    ...{ proverShareBps: 5_000, proposer: new Wallet(id(`bench proposer ${i}`)).address },
  }));
  const view: GossipView = {
    ...{ now: NOW, rollup: { ...route, profile, minBid: 1n }, rounds: [{ roundId: round, parents: [1n] }] },
    proposals: new Map(
      offered.map((proposal): [bigint, KnownProposal] => [proposalId(proposal), { proposal, committed: undefined }]),
    ),
    provers: new Map(
      people.map(({ secret, identity: { certificate } }, index) => [
        keyOf(secret),
        { index: index + 1, owner: certificate.owner, stake: 1n, isEligible: true },
      ]),
    ),
    ...{ deposits: new Map(), account: () => undefined },
  };
  return { provers: people, proposals: offered, view };
}

/** A prover's vote for a proposal. */
export const castVote = ({ secret }: BenchProver, proposal: Proposal, minBurnBid = 1n): Vote =>
  signVote(secret, {
    ...{ proposalId: proposalId(proposal), depth: 0, index: 0, capacity: slotCount(profile), minBurnBid },
  });

export const sealVote = ({ identity }: BenchProver, vote: Vote): Uint8Array =>
  sealEnvelope(identity, "votes", encodeMessage("votes", vote));
