import { decodeVote, encodeVote } from "../../protocol/messages.ts";
import type { Vote } from "../../protocol/vote.ts";
import type { BlockPlan } from "../../proving/forest.ts";
import type { Rules } from "../../state/executor.ts";
import type { Hearing } from "../hearing.ts";
import { commitIn, type L1View } from "../l1View.ts";
import type { Ledger } from "../ledger.ts";
import { Plans } from "../plan.ts";
import type { ProverMemory } from "./own.ts";

export interface OpenPlansPorts {
  readonly ledger: Pick<Ledger, "executed">;
  readonly hearing: Hearing;
}

/** What a prover proves of the blocks of the open round: with its own votes, and those that it has heard. */
export class OpenPlans {
  readonly #plans: Plans;
  readonly #ports: OpenPlansPorts;
  readonly #memory: ProverMemory;
  readonly #onChange: (proposalId: bigint) => void;

  /** @param onChange told of a block for which there was another plan: what was sent for that is worth nothing now */
  constructor(rules: Rules, ports: OpenPlansPorts, memory: ProverMemory, onChange: (proposalId: bigint) => void) {
    this.#plans = new Plans(rules, ports.ledger);
    this.#ports = ports;
    this.#memory = memory;
    this.#onChange = onChange;
  }

  /** Undefined if L1 has no such commit, or if its block or the state below it is not known here. */
  of(proposalId: bigint, l1: L1View): BlockPlan | undefined {
    const commit = commitIn(l1, proposalId);
    if (commit === undefined) return undefined;
    return this.#plans.of(
      l1,
      commit,
      () => this.#votesFor(proposalId),
      () => this.#onChange(proposalId),
    );
  }

  /** Forgets all but those of these commits. @returns proposalIds of the others */
  keep(open: L1View["open"]): bigint[] {
    return this.#plans.keep(open);
  }

  /** Its own and those that it has heard: whatever else was cast, its proofs do not show. */
  #votesFor(proposalId: bigint): Vote[] {
    const { own } = this.#memory;
    const isMeant = (entry: { readonly proposalId: bigint }): boolean => entry.proposalId === proposalId;
    const heard = own.ballots.find(isMeant)?.votes ?? this.#ports.hearing.votes.get(proposalId)?.map(encodeVote);
    const cast = own.votes.filter(isMeant).map(({ vote }) => vote);
    return [...new Set([...cast, ...(heard ?? [])])].map(decodeVote);
  }
}
