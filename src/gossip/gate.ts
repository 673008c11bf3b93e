import { B52Error } from "../protocol/errors.ts";
import { slotCount } from "../protocol/nodes.ts";
import { BoundedMap } from "./bounded.ts";
import { CertificateChecker, type GossipRoute } from "./certificate.ts";
import { type Envelope, isSealed, messageId, openEnvelope } from "./envelope.ts";
import { MAX_BYTES, MAX_COUNTED, MAX_SEEN, QUOTA, QUOTA_SECONDS } from "./limits.ts";
import { decodeMessage, type Messages } from "./messages.ts";
import type { Topic } from "./topics.ts";
import { validateProof } from "./validators/proof.ts";
import { validateProposal } from "./validators/proposal.ts";
import { validateTransaction } from "./validators/transaction.ts";
import { validateVote } from "./validators/vote.ts";
import { ACCEPT, type Accepted, ignore, type Refused, reject, type Verdict } from "./verdict.ts";
import type { GossipView } from "./view.ts";

/** A message that was accepted. */
export interface Received<T extends Topic = Topic> {
  readonly topic: T;
  /** Address of the envelope's owner, with its checksum. */
  readonly sender: string;
  readonly message: Messages[T];
}

export type Judgement = (Accepted & { readonly received: Received }) | Refused;

/** The validator of each topic, pure. */
const VALIDATORS: {
  readonly [T in Topic]: (message: Messages[T], sender: string, view: GossipView) => Verdict;
} = {
  transactions: (transfer, _, view) => validateTransaction(transfer, view),
  proposals: validateProposal,
  votes: validateVote,
  proofs: validateProof,
};

/**
 * What a quota of each topic is for; undefined for what this node does not know: that is refused at no cost, and a
 * sender may make up as many names as it likes.
 */
const SUBJECTS: { readonly [T in Topic]: (message: Messages[T], view: GossipView) => bigint | undefined } = {
  transactions: (_, { now }) => now / QUOTA_SECONDS,
  proposals: ({ proposal }, { rounds }) => rounds.find(({ roundId }) => roundId === proposal.roundId)?.roundId,
  votes: knownId,
  proofs: knownId,
};

function knownId({ proposalId }: { readonly proposalId: bigint }, { proposals }: GossipView): bigint | undefined {
  return proposals.has(proposalId) ? proposalId : undefined;
}

/** A sender has one proof for each slot, and may have filled in for others before. */
function quotaOf(topic: Topic, { rollup: { profile } }: GossipView): number {
  return topic === "proofs" ? Math.min(QUOTA.proofs, 2 * slotCount(profile)) : QUOTA[topic];
}

/**
 * Judges what a node hears. It remembers which messages it has judged and how many each sender has sent; all else
 * follows from the bytes and the view. Whatever the bytes are, it does not throw.
 */
export class Gate {
  readonly #route: GossipRoute;
  readonly #certificates: CertificateChecker;
  readonly #seen = new BoundedMap<string, true>(MAX_SEEN);
  readonly #counts = new BoundedMap<string, number>(MAX_COUNTED);

  constructor(route: GossipRoute) {
    this.#route = route;
    this.#certificates = new CertificateChecker(route);
  }

  /** Cheap checks come first, and signatures of messages last. */
  judge(bytes: Uint8Array, view: GossipView): Judgement {
    const envelope = formed(() => openEnvelope(bytes));
    if (envelope === undefined) return reject("malformed envelope");
    if (bytes.length > MAX_BYTES[envelope.topic]) return reject("message is too long");
    const id = messageId(envelope);
    if (this.#seen.has(id)) return ignore("duplicate");
    if (!isSealed(this.#route.domain, bytes, envelope)) return reject("bad network signature");
    const certified = this.#certificates.check(envelope.certificate, view.now);
    if (certified.verdict !== "ACCEPT") return certified;
    const judgement = this.#judgeMessage(envelope, envelope.topic, view);
    // What was ignored may come again: when this node knows more it may be welcome.
    if (judgement.verdict !== "IGNORE") this.#seen.set(id, true);
    return judgement;
  }

  #judgeMessage<T extends Topic>({ certificate, body }: Envelope, topic: T, view: GossipView): Judgement {
    const message = formed(() => decodeMessage(topic, body));
    if (message === undefined) return reject("malformed message");
    const sender = certificate.owner;
    const subject = SUBJECTS[topic](message, view);
    if (subject !== undefined) {
      const account = `${topic} ${sender} ${subject}`;
      const count = (this.#counts.get(account) ?? 0) + 1;
      if (count > quotaOf(topic, view)) return ignore("over quota");
      this.#counts.set(account, count);
    }
    const verdict = VALIDATORS[topic](message, sender, view);
    return verdict.verdict === "ACCEPT" ? { ...ACCEPT, received: { topic, sender, message } } : verdict;
  }
}

/** What was decoded; undefined for what nobody has encoded. */
function formed<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof B52Error) return undefined;
    throw error;
  }
}
