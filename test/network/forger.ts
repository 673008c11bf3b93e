import { getBytes, id, Wallet } from "ethers";
import { encodeMessage, type Identity, NetworkKey, signCertificate } from "../../src/gossip/index.ts";
import type { Proposal } from "../../src/protocol/proposal.ts";
import { proposalId } from "../../src/protocol/proposal.ts";
import { secretKeyFromSeed } from "../../src/protocol/eddsa.ts";
import { signVote, type Vote } from "../../src/protocol/vote.ts";
import { flood, type Forgery, sealed, unsigned } from "../gossip/flooding.ts";
import { readWorld } from "./forgedWorld.ts";

// A process that floods a program of a devnet with forged votes and bids:
//   forger.ts ADDRESS SECONDS MESSAGES_PER_SECOND WORLD
// It ends with a line of JSON: how many messages it has sent.

const [address, seconds, perSecond, described] = process.argv.slice(2) as [string, string, string, string];
const { route, roundId, parent, proposer, owner, key } = readWorld(described);
const { domain } = route;
const EXPIRY = BigInt(Math.floor(Date.now() / 1_000)) + 3_600n;
const BID = 1_000_000n;

/** Speaks for itself, or says that it speaks for somebody. */
async function identityOf(name: string, change: { readonly owner?: string } = {}): Promise<Identity> {
  const network = new NetworkKey(getBytes(id(`network key of ${name}`)));
  const certificate = await signCertificate(new Wallet(id(name)), route, {
    networkKey: network.publicKey,
    expiry: EXPIRY,
  });
  return { key: network, certificate: { ...certificate, ...change }, domain };
}

const stranger = await identityOf("stranger");
const asProver = await identityOf("thief of a prover's name", { owner });
const asProposer = await identityOf("thief of a proposer's name", { owner: proposer });

const offerOf = (i: number): Proposal => ({
  ...{ domain, roundId, parent, proposer, proverShareBps: 5_000 },
  orderCommitment: id(`order ${i}`),
});
const bidOf = (i: number): Uint8Array => encodeMessage("proposals", { proposal: offerOf(i), burnBid: BID });
const signed = signVote(secretKeyFromSeed("stranger"), {
  ...{ proposalId: 1n, depth: 0, index: 0, capacity: 1, minBurnBid: 1n },
});
/** In the prover's name, for an offer that was never made. */
const voteOf = (i: number): Uint8Array => {
  const vote: Vote = { ...signed, proposalId: proposalId(offerOf(i)), key };
  return encodeMessage("votes", vote);
};

/** First what costs a peer nothing: after three forgeries it is not listened to any more. */
const forgeries: readonly ((i: number) => Forgery)[] = [
  (i) => sealed(stranger, "votes", voteOf(i)),
  (i) => sealed(asProver, "votes", voteOf(i)),
  (i) => unsigned(asProver, "votes", voteOf(i)),
  (i) => sealed(asProposer, "proposals", bidOf(i)),
  (i) => unsigned(asProposer, "proposals", bidOf(i)),
];

const figures = await flood({
  ...{ address, seconds: Number(seconds), perSecond: Number(perSecond) },
  ...{ route, forgeries },
});
console.log(JSON.stringify(figures));
