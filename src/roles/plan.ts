import { id } from "ethers";
import type { Vote } from "../protocol/vote.ts";
import { BlockPlan } from "../proving/forest.ts";
import type { ExecutedBlock, Rules } from "../state/executor.ts";
import type { L1Commit, L1View } from "./l1View.ts";
import type { Ledger } from "./ledger.ts";

/**
 * What every node of a commit of the open round proves; undefined if its block or the state below it is not known here.
 * @param votes those that the transcript relies on
 */
export function planOf(
  { round }: Pick<L1View, "round">,
  { commitment, proposalId, transcript, keys }: L1Commit,
  votes: readonly Vote[],
  ledger: Pick<Ledger, "executed">,
  rules: Rules,
): BlockPlan | undefined {
  const executed = ledger.executed(proposalId);
  if (executed === undefined) return undefined;
  return new BlockPlan({
    profile: rules.profile,
    bases: executed.bases,
    domain: rules.domain,
    proposalId,
    orderCommitment: commitment.orderCommitment,
    burnBid: commitment.terms.burnBid,
    roundSeed: round.roundSeed,
    transcript,
    keys,
    votes,
  });
}

/** Names that were made of commits: a view of L1 is looked at many times. */
const names = new WeakMap<object, { readonly roundSeed: bigint; readonly name: string }>();

/**
 * What a plan depends on besides its block's data and the votes, hashed. A proposalId does not tell: after a
 * reorganisation of L1 its proposer may have committed the same order with another bid or transcript, to a round with
 * other keys or another seed.
 */
export function planName(
  { round: { roundSeed } }: Pick<L1View, "round">,
  commit: Pick<L1Commit, "proposalId" | "commitment" | "keys">,
): string {
  const known = names.get(commit);
  if (known?.roundSeed === roundSeed) return known.name;
  const { proposalId, commitment, keys } = commit;
  const name = id([proposalId, commitment.terms.burnBid, commitment.transcript, roundSeed, ...keys].join(" "));
  names.set(commit, { roundSeed, name });
  return name;
}

interface KnownPlan {
  readonly name: string;
  /** Anew when a block below it has changed. */
  readonly executed: ExecutedBlock;
  readonly plan: BlockPlan;
}

/** Plans of the open round's blocks, each made once for what it depends on. */
export class Plans {
  readonly #rules: Rules;
  readonly #ledger: Pick<Ledger, "executed">;
  readonly #known = new Map<bigint, KnownPlan>();

  constructor(rules: Rules, ledger: Pick<Ledger, "executed">) {
    this.#rules = rules;
    this.#ledger = ledger;
  }

  /** @param votes asked for if the plan is made now @param onChange told if there was another one of the block */
  of(
    l1: Pick<L1View, "round">,
    commit: L1Commit,
    votes: () => readonly Vote[],
    onChange: () => void = () => undefined,
  ): BlockPlan | undefined {
    const { proposalId } = commit;
    const executed = this.#ledger.executed(proposalId);
    if (executed === undefined) return undefined;
    const name = planName(l1, commit);
    const known = this.#known.get(proposalId);
    if (known?.name === name && known.executed === executed) return known.plan;
    const plan = planOf(l1, commit, votes(), this.#ledger, this.#rules)!;
    this.#known.set(proposalId, { name, executed, plan });
    if (known !== undefined) onChange();
    return plan;
  }

  /** Forgets all but those of these commits. @returns proposalIds of the others */
  keep(open: readonly Pick<L1Commit, "proposalId">[]): bigint[] {
    const gone = [...this.#known.keys()].filter((known) => !open.some(({ proposalId }) => proposalId === known));
    for (const proposalId of gone) this.#known.delete(proposalId);
    return gone;
  }
}
