import { isAccepting } from "../protocol/phase.ts";
import type {
  Gossip,
  GossipView,
  KnownProposal,
  ProofMessage,
  ProposalMessage,
  Received,
  RollupView,
  Topic,
} from "../gossip/index.ts";
import { proposalId } from "../protocol/proposal.ts";
import { roundId } from "../protocol/round.ts";
import type { SignedTransfer } from "../protocol/transfer.ts";
import type { Vote } from "../protocol/vote.ts";
import type { State } from "../state/state.ts";
import { type L1Commit, type L1View, ranking } from "./l1View.ts";

/** Transfers that wait to be looked at: as many as a pool holds. What comes meanwhile is let go. */
const MAX_TRANSFERS = 16_384;

/** What a role has accepted of the gossip, as far as it may still matter. */
export class Hearing {
  readonly proposals = new Map<bigint, ProposalMessage>();
  readonly votes = new Map<bigint, Vote[]>();
  readonly proofs = new Map<bigint, ProofMessage[]>();
  /** Not looked at yet. */
  readonly transfers: SignedTransfer[] = [];
  readonly #senders = new WeakMap<ProofMessage, string>();

  /**
   * Listens until the gossip is closed.
   * @param onHeard called after each message
   */
  listen(gossip: Gossip, topics: readonly Topic[], onHeard: () => void): void {
    for (const topic of topics) {
      const subscription = gossip.subscribe(topic);
      void (async () => {
        for await (const received of subscription) {
          this.hear(received);
          onHeard();
        }
      })();
    }
  }

  /** @param sender address; left out of what this node says itself */
  hear({ topic, message, sender }: Pick<Received, "topic" | "message"> & Partial<Pick<Received, "sender">>): void {
    switch (topic) {
      case "transactions":
        if (this.transfers.length < MAX_TRANSFERS) this.transfers.push(message as SignedTransfer);
        return;
      case "proposals":
        this.proposals.set(proposalId((message as ProposalMessage).proposal), message as ProposalMessage);
        return;
      case "votes":
        append(this.votes, (message as Vote).proposalId, message as Vote);
        return;
      case "proofs":
        if (sender !== undefined) this.#senders.set(message as ProofMessage, sender);
        append(this.proofs, (message as ProofMessage).proposalId, message as ProofMessage);
    }
  }

  /** Who has sent a proof that was heard: address; undefined for others. */
  senderOf(proof: ProofMessage): string | undefined {
    return this.#senders.get(proof);
  }

  /** Forgets proposals that can neither be committed to nor win any more, and all that was said of them. */
  prune(l1: L1View): void {
    const rounds = openRounds(l1).map((round) => round.roundId);
    const alive = new Set([...l1.open, ...l1.next].map((commit) => commit.proposalId));
    for (const [id, { proposal }] of this.proposals)
      if (!alive.has(id) && !rounds.includes(proposal.roundId)) this.proposals.delete(id);
    for (const heard of [this.votes, this.proofs] as Map<bigint, unknown>[])
      for (const id of [...heard.keys()]) if (!alive.has(id) && !this.proposals.has(id)) heard.delete(id);
  }
}

/**
 * What L1, and what was heard, let this node say of a message.
 * @param state after the last final block, as it is when somebody asks: a view lives on when the next one is final
 */
export function gossipView(
  l1: L1View,
  proposals: ReadonlyMap<bigint, ProposalMessage>,
  rollup: RollupView,
  state: () => State,
): GossipView {
  const known = new Map<bigint, KnownProposal>();
  for (const [id, { proposal }] of proposals) known.set(id, { proposal, committed: undefined });
  const addCommits = (commits: readonly L1Commit[], isOpen: boolean): void => {
    for (const { proposalId: id, parent, commitment, keys } of commits) {
      const { terms, orderCommitment, proposer } = commitment;
      const { roundId, proverShareBps } = terms;
      const proposal = { domain: rollup.domain, roundId, parent, orderCommitment, proverShareBps, proposer };
      known.set(id, { proposal, committed: { keys, isOpen } });
    }
  };
  addCommits(l1.open, true);
  addCommits(l1.next, false);
  return {
    now: l1.now,
    rollup,
    rounds: openRounds(l1),
    proposals: known,
    provers: new Map(l1.provers.map(({ key, ...prover }) => [key, prover])),
    deposits: l1.deposits,
    account(index) {
      const { key, nonce } = state().account(index);
      return key === 0n ? undefined : { key, nonce };
    },
  };
}

/** The rounds that take commits, and what their blocks may build on. */
export function openRounds(l1: L1View): GossipView["rounds"] {
  const { phase, commitRound, parent } = l1.round;
  if (commitRound === undefined) return [];
  const isAhead = isAccepting(phase);
  const parents = isAhead ? ranking(l1).map(({ proposalId }) => proposalId) : [parent];
  return [{ roundId: roundId(commitRound), parents }];
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const found = map.get(key);
  if (found === undefined) map.set(key, [value]);
  else found.push(value);
}

/** Distinct provers among those who cast votes. */
export const countVoters = (votes: readonly Vote[]): number =>
  new Set(votes.map(({ key }) => `${key.x} ${key.y}`)).size;
