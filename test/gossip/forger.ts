import { multiaddr } from "@multiformats/multiaddr";
import { getBytes, id } from "ethers";
import { setTimeout as sleep } from "node:timers/promises";
import { MemoryBlobs } from "../../src/blobs/folder.ts";
import { encodeMessage, type Identity, NetworkKey, sealEnvelope, type Topic } from "../../src/gossip/index.ts";
import { Frames } from "../../src/gossip/libp2p/frame.ts";
import { createNode, type Node, topicName } from "../../src/gossip/libp2p/node.ts";
import { signVote } from "../../src/protocol/vote.ts";
import { identityOf, proposal, route, secrets, viewOf, vote, wallets } from "./fixture.ts";

// A process that floods a node with what nobody should take, as fast as it is told to:
//   forger.ts ADDRESS SECONDS MESSAGES_PER_SECOND
// It ends with a line of JSON: how many messages it has sent.

const [address, seconds, perSecond] = process.argv.slice(2) as [string, string, string];
const SLICE_MS = 20;

type Forgery = readonly [Topic, Uint8Array];

const identities = {
  prover: await identityOf(wallets.prover),
  proposer: await identityOf(wallets.proposer),
  liar: await identityOf(wallets.user),
  /** Says that it speaks for the prover, whose certificate it does not have. */
  thief: await identityOf(wallets.user, { owner: wallets.prover.address }),
};

const sealed = (identity: Identity, topic: Topic, body: Uint8Array): Forgery => [
  topic,
  sealEnvelope(identity, topic, body),
];

const unsigned = (identity: Identity, topic: Topic, body: Uint8Array): Forgery => {
  const [, bytes] = sealed(identity, topic, body);
  bytes[bytes.length - 1]! ^= 1;
  return [topic, bytes];
};

const liarsVote = signVote(secrets.user, { ...vote, minBurnBid: 1n });
const voteOf = (i: number) => encodeMessage("votes", { ...vote, minBurnBid: BigInt(i + 1) });
const bidOf = (i: number) =>
  encodeMessage("proposals", { proposal: { ...proposal, orderCommitment: id(`order ${i}`) }, burnBid: 10n });

/** First what costs a peer nothing: after three forgeries it is not listened to any more. */
const FORGERIES: readonly ((i: number) => Forgery)[] = [
  // For proposals that nobody has heard of, so that a node can only wait.
  (i) => sealed(identities.liar, "votes", encodeMessage("votes", { ...vote, proposalId: BigInt(i + 1) })),
  // Signed as they should be, by somebody who is registered, and no votes.
  (i) => sealed(identities.liar, "votes", encodeMessage("votes", { ...liarsVote, minBurnBid: BigInt(i + 2) })),
  (i) => unsigned(identities.prover, "votes", voteOf(i)),
  (i) => unsigned(identities.proposer, "proposals", bidOf(i)),
  (i) => sealed(identities.thief, "votes", voteOf(i)),
];

async function enter(seed: string): Promise<Node> {
  const node = await createNode({
    ...{ name: "forger", route, view: () => viewOf(false), listen: ["/ip4/127.0.0.1/tcp/0"] },
    ...{ discovery: false, blobs: new MemoryBlobs(), key: new NetworkKey(getBytes(id(`forger ${seed}`))) },
  });
  await node.dial(multiaddr(address));
  return node;
}

const frames = new Frames();
const end = performance.now() + Number(seconds) * 1_000;
let [sent, lives] = [0, 0];
while (performance.now() < end) {
  // Whoever is not listened to any more comes back under another name.
  const node = await enter(`${process.pid} ${lives++}`);
  const life = Math.min(end, performance.now() + 1_500);
  let next = 0;
  while (performance.now() < life) {
    const slice = performance.now() + SLICE_MS;
    for (let i = 0; i < (Number(perSecond) * SLICE_MS) / 1_000; i++) {
      const [topic, bytes] = FORGERIES[next++ % FORGERIES.length]!(sent);
      await node.services.pubsub.publish(topicName(route, topic), frames.next(bytes)).catch(() => undefined);
      sent++;
    }
    await sleep(Math.max(0, slice - performance.now()));
  }
  await node.stop();
}
console.log(JSON.stringify({ sent, lives }));
