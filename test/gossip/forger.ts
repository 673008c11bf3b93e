import { id } from "ethers";
import { encodeMessage } from "../../src/gossip/index.ts";
import { signVote } from "../../src/protocol/vote.ts";
import { identityOf, proposal, route, secrets, vote, wallets } from "./fixture.ts";
import { flood, type Forgery, sealed, unsigned } from "./flooding.ts";

// A process that floods a node with what nobody should take, as fast as it is told to:
//   forger.ts ADDRESS SECONDS MESSAGES_PER_SECOND
// It ends with a line of JSON: how many messages it has sent.

const [address, seconds, perSecond] = process.argv.slice(2) as [string, string, string];

const identities = {
  prover: await identityOf(wallets.prover),
  proposer: await identityOf(wallets.proposer),
  liar: await identityOf(wallets.user),
  /** Says that it speaks for the prover, whose certificate it does not have. */
  thief: await identityOf(wallets.user, { owner: wallets.prover.address }),
};

const liarsVote = signVote(secrets.user, { ...vote, minBurnBid: 1n });
const voteOf = (i: number) => encodeMessage("votes", { ...vote, minBurnBid: BigInt(i + 1) });
const bidOf = (i: number) =>
  encodeMessage("proposals", { proposal: { ...proposal, orderCommitment: id(`order ${i}`) }, burnBid: 10n });

/** First what costs a peer nothing: after three forgeries it is not listened to any more. */
const forgeries: readonly ((i: number) => Forgery)[] = [
  // For proposals that nobody has heard of, so that a node can only wait.
  (i) => sealed(identities.liar, "votes", encodeMessage("votes", { ...vote, proposalId: BigInt(i + 1) })),
  // Signed as they should be, by somebody who is registered, and no votes.
  (i) => sealed(identities.liar, "votes", encodeMessage("votes", { ...liarsVote, minBurnBid: BigInt(i + 2) })),
  (i) => unsigned(identities.prover, "votes", voteOf(i)),
  (i) => unsigned(identities.proposer, "proposals", bidOf(i)),
  (i) => sealed(identities.thief, "votes", voteOf(i)),
];

const figures = await flood({
  ...{ address, seconds: Number(seconds), perSecond: Number(perSecond) },
  ...{ route, forgeries },
});
console.log(JSON.stringify(figures));
