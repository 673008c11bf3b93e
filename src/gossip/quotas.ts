import { slotCount } from "../protocol/nodes.ts";
import { BPS } from "../protocol/terms.ts";
import { BoundedMap } from "./bounded.ts";
import { ACCOUNT_QUOTA, MAX_COUNTED, MIN_RAISE_BPS, QUOTA, QUOTA_SECONDS } from "./limits.ts";
import type { Messages } from "./messages.ts";
import { type Topic, TOPICS } from "./topics.ts";
import { ignore, type Refused } from "./verdict.ts";
import type { GossipView } from "./view.ts";

/** Whose message about what a quota is for, and how many there may be. */
interface Subject {
  readonly name: string;
  readonly limit: number;
  /** BID_UNIT, of a proposal. */
  readonly bid?: bigint;
}

type SubjectOf<T extends Topic> = (message: Messages[T], sender: string, view: GossipView) => Subject;

/** Only of what this node knows: a sender may make up as many names as it likes. */
const SUBJECTS: { readonly [T in Topic]: SubjectOf<T> } = {
  transactions: (_, sender, { now }) => ({ name: `${sender} ${now / QUOTA_SECONDS}`, limit: QUOTA.transactions }),
  proposals: ({ proposal: { roundId, parent }, burnBid }, sender) => ({
    ...{ name: `${sender} ${roundId} ${parent}`, limit: QUOTA.proposals, bid: burnBid },
  }),
  votes: ({ proposalId, key }) => ({ name: `${key.x} ${key.y} ${proposalId}`, limit: QUOTA.votes }),
  // A sender has one proof for each slot, and may have filled in for others before.
  proofs: ({ proposalId }, sender, { rollup: { profile } }) => ({
    ...{ name: `${sender} ${proposalId}`, limit: Math.min(QUOTA.proofs, 2 * slotCount(profile)) },
  }),
};

interface Count {
  readonly messages: number;
  /** BID_UNIT, the highest that was offered. */
  readonly bid: bigint;
}

const NONE: Count = { messages: 0, bid: 0n };

/** What each sender has sent. */
export class Quotas {
  /** Of each topic its own: anybody may send transfers by as many names as it likes, and push out what was counted. */
  readonly #counts: { readonly [T in Topic]: BoundedMap<string, Count> };
  readonly #accounts = new BoundedMap<string, number>(MAX_COUNTED);

  constructor() {
    const maps = TOPICS.map((topic) => [topic, new BoundedMap<string, Count>(MAX_COUNTED)] as const);
    this.#counts = Object.fromEntries(maps) as Record<Topic, BoundedMap<string, Count>>;
  }

  /** Why one more message is too much; undefined if it is not. Counts nothing: nobody has signed it yet. */
  refuses<T extends Topic>(topic: T, message: Messages[T], sender: string, view: GossipView): Refused | undefined {
    const { name, limit, bid = 0n } = SUBJECTS[topic](message, sender, view);
    const { messages, bid: highest } = this.#counts[topic].get(name) ?? NONE;
    if (messages >= limit) return ignore("over quota");
    const least = highest + (highest * MIN_RAISE_BPS + BPS - 1n) / BPS;
    return topic === "proposals" && bid < least ? ignore("bid is not raised enough") : undefined;
  }

  /** Counts a message whose sender is certain. @returns its name for {@link uncount} */
  count<T extends Topic>(topic: T, message: Messages[T], sender: string, view: GossipView): string {
    const { name, bid = 0n } = SUBJECTS[topic](message, sender, view);
    const before = this.#counts[topic].get(name) ?? NONE;
    this.#counts[topic].set(name, { messages: before.messages + 1, bid: bid > before.bid ? bid : before.bid });
    return name;
  }

  /** Takes back one of a sender's messages, which was not looked at after all. */
  uncount(topic: Topic, name: string): void {
    const count = this.#counts[topic].get(name);
    if (count !== undefined) this.#counts[topic].set(name, { ...count, messages: count.messages - 1 });
  }

  /** Counts a good transfer of an account. Whether it is one too many in this minute. */
  countTransfer({ from }: Messages["transactions"], { now }: GossipView): boolean {
    const name = `${from} ${now / QUOTA_SECONDS}`;
    const count = (this.#accounts.get(name) ?? 0) + 1;
    this.#accounts.set(name, count);
    return count > ACCOUNT_QUOTA;
  }
}
