import { B52Error } from "../protocol/errors.ts";
import { BoundedMap } from "./bounded.ts";
import { CertificateChecker, type GossipRoute } from "./certificate.ts";
import { ENVELOPE_BYTES, isSealed, messageId, openEnvelope } from "./envelope.ts";
import { type InnerCheck, innerFault } from "./inner.ts";
import { MAX_BYTES, MAX_COUNTED, MAX_SEEN } from "./limits.ts";
import { decodeMessage, type Messages } from "./messages.ts";
import { Quotas } from "./quotas.ts";
import { type Topic, TOPICS } from "./topics.ts";
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

/** A message whose envelope is good: what is left is its {@link InnerCheck}. */
export interface Sifted {
  readonly verdict: "SIFTED";
  readonly id: string;
  /** What it was counted as. */
  readonly counted: string;
  readonly received: Received;
  /** Undefined for what has none, and what this node does not check. */
  readonly inner: InnerCheck | undefined;
  /** roundId that it is about; undefined for transactions. */
  readonly round: bigint | undefined;
}

export interface GateOptions {
  /**
   * Whether the signatures in votes are checked: by those who build transcripts of them. Others pass votes on by their
   * envelopes. True by default.
   */
  readonly checksVotes?: boolean;
}

/** The validator of each topic, pure: the form, the rollup and the round, and who may say it. */
const VALIDATORS: {
  readonly [T in Topic]: (message: Messages[T], sender: string, view: GossipView) => Verdict;
} = {
  transactions: (transfer, _, view) => validateTransaction(transfer, view),
  proposals: validateProposal,
  votes: validateVote,
  proofs: validateProof,
};

/** The round that a message is about, which this node knows of if the validator has let it pass. */
const ROUNDS: { readonly [T in Topic]: (message: Messages[T], view: GossipView) => bigint | undefined } = {
  transactions: () => undefined,
  proposals: ({ proposal }) => proposal.roundId,
  votes: ({ proposalId }, { proposals }) => proposals.get(proposalId)?.proposal.roundId,
  proofs: ({ proposalId }, { proposals }) => proposals.get(proposalId)?.proposal.roundId,
};

/**
 * Judges what a node hears. It remembers which messages it has judged and how many each sender has sent; all else
 * follows from the bytes and the view. Whatever the bytes are, it does not throw.
 *
 * In this order: size, canonical encoding, whether it is new, rollup and round, who may say it, quota, signatures of
 * envelope and certificate; then what is inside, where that takes more. Cheap checks come first, and only signed
 * messages count.
 */
export class Gate {
  readonly #route: GossipRoute;
  readonly #checksVotes: boolean;
  readonly #certificates: CertificateChecker;
  readonly #quotas = new Quotas();
  readonly #seen = new BoundedMap<string, true>(MAX_SEEN);
  /** Who has signed a vote that is none, by round. */
  readonly #liars = new BoundedMap<string, true>(MAX_COUNTED);

  constructor(route: GossipRoute, { checksVotes = true }: GateOptions = {}) {
    this.#route = route;
    this.#checksVotes = checksVotes;
    this.#certificates = new CertificateChecker(route);
  }

  /** Judges a message at once, whatever that takes. */
  judge(bytes: Uint8Array, view: GossipView): Judgement {
    const sifted = this.sift(bytes, view);
    if (sifted.verdict !== "SIFTED") return sifted;
    return this.settle(sifted, sifted.inner && innerFault(this.#route.domain, sifted.inner), view);
  }

  /** Judges all but what is inside. What is sifted counts as seen until it is settled or let go. */
  sift(bytes: Uint8Array, view: GossipView): Sifted | Refused {
    const topic = TOPICS[bytes[1] ?? -1];
    if (topic !== undefined && bytes.length > MAX_BYTES[topic]) return reject("message is too long");
    const envelope = formed(() => openEnvelope(bytes));
    if (envelope === undefined) return reject("malformed envelope");
    const { certificate, body } = envelope;
    return this.#sift(envelope.topic, body, certificate.owner, view, () => {
      if (!isSealed(this.#route.domain, bytes, envelope)) return reject("bad network signature");
      return this.#certificates.check(certificate, view.now);
    });
  }

  /** The same for a message without an envelope, of whose sender L1 is certain. */
  siftPublished(topic: Topic, body: Uint8Array, sender: string, view: GossipView): Sifted | Refused {
    if (body.length + ENVELOPE_BYTES > MAX_BYTES[topic]) return reject("message is too long");
    return this.#sift(topic, body, sender, view, () => ACCEPT);
  }

  #sift<T extends Topic>(
    topic: T,
    body: Uint8Array,
    sender: string,
    view: GossipView,
    checkSender: () => Verdict,
  ): Sifted | Refused {
    const message = formed(() => decodeMessage(topic, body));
    if (message === undefined) return reject("malformed message");
    const id = messageId(topic, body, sender);
    if (this.#seen.has(id)) return ignore("duplicate");
    const verdict = VALIDATORS[topic](message, sender, view);
    if (verdict.verdict !== "ACCEPT") return verdict;
    const round = ROUNDS[topic](message, view);
    if (this.#liars.has(lieKey(sender, round))) return ignore("sender has lied in this round");
    const excess = this.#quotas.refuses(topic, message, sender, view);
    if (excess !== undefined) return excess;
    const certain = checkSender();
    if (certain.verdict !== "ACCEPT") return certain;
    const counted = this.#quotas.count(topic, message, sender, view);
    this.#seen.set(id, true);
    const isChecked = topic === "votes" ? this.#checksVotes : topic !== "proposals";
    const inner = isChecked ? ({ topic, message } as unknown as InnerCheck) : undefined;
    return { verdict: "SIFTED", id, counted, received: { topic, sender, message }, inner, round };
  }

  /** @param fault what `innerFault` has found */
  settle({ received, inner, round }: Sifted, fault: string | undefined, view: GossipView): Judgement {
    const { sender } = received;
    if (inner === undefined) return { ...ACCEPT, received };
    if (fault !== undefined) {
      // Everybody checks what is in other messages before passing them on.
      if (inner.topic !== "votes") return reject(fault);
      this.#liars.set(lieKey(sender, round), true);
      return ignore(fault);
    }
    if (round !== undefined && this.#liars.has(lieKey(sender, round))) return ignore("sender has lied in this round");
    if (inner.topic === "transactions" && this.#quotas.countTransfer(inner.message, view)) return ignore("over quota");
    return { ...ACCEPT, received };
  }

  /** For what is not settled after all: it may come again. */
  letGo({ id, counted, received }: Sifted): void {
    this.#seen.delete(id);
    this.#quotas.uncount(received.topic, counted);
  }
}

const lieKey = (sender: string, round: bigint | undefined): string => `${sender} ${round}`;

/** What was decoded; undefined for what nobody has encoded. */
function formed<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof B52Error) return undefined;
    throw error;
  }
}
