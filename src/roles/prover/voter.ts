import type { SecretKey } from "../../protocol/eddsa.ts";
import { decodeVote, encodeVote } from "../../protocol/messages.ts";
import type { L1View } from "../l1View.ts";
import type { TalkingPorts } from "../ports.ts";
import { broadcast } from "../broadcast.ts";
import { Listener } from "./listening.ts";
import type { ProverMemory } from "./own.ts";
import { type ProverAction, voteKey } from "./view.ts";
import { VoteLedger } from "./voteLedger.ts";

export interface VoterOptions {
  readonly secret: SecretKey;
  readonly isAlone: boolean;
  readonly countCuts: () => number;
}

/** Gives a prover's votes, and finds out whether it may. */
export class Voter {
  readonly #ports: TalkingPorts;
  readonly #memory: ProverMemory;
  readonly #sent: Set<string>;
  readonly #ledger: VoteLedger;
  readonly #listener: Listener;
  #isAdopted = false;

  /** @param sent votes that were said since the start, as `voteKey` */
  constructor(options: VoterOptions, ports: TalkingPorts, memory: ProverMemory, sent: Set<string>) {
    const { secret, isAlone, countCuts } = options;
    const { client, log } = ports;
    const { duties } = ports.database;
    this.#ports = ports;
    this.#memory = memory;
    this.#sent = sent;
    this.#ledger = new VoteLedger(secret, duties);
    this.#listener = new Listener({ client, log, duties, votes: this.#ledger, countCuts }, isAlone);
  }

  /** Until when it votes for nothing, because somebody else may sign with its key. */
  async silentUntil(l1: L1View): Promise<bigint | undefined> {
    const { until, foreign } = await this.#listener.listen(l1, [...this.#ports.hearing.votes.values()].flat());
    if (foreign.length > 0) await this.#adopt(l1);
    return until;
  }

  /** Votes of this round that the ledger knows and the journal does not: of a process that ended in between. */
  async adoptOnce(l1: Pick<L1View, "round">): Promise<void> {
    if (!this.#isAdopted) await this.#adopt(l1);
  }

  /** Writes down the votes that were heard for a block. */
  async keep(proposalId: bigint, { round }: L1View): Promise<void> {
    const votes = (this.#ports.hearing.votes.get(proposalId) ?? []).map(encodeVote);
    await this.#memory.write({ kind: "ballot", roundNumber: round.roundNumber, proposalId, votes });
  }

  async vote(action: ProverAction & { kind: "vote" }): Promise<void> {
    const { roundNumber, proposalId, proposer, parent, capacity, minBurnBid } = action;
    await this.#ports.database.requireFreeSpace();
    const terms = { proposalId, depth: 0, index: 0, capacity, minBurnBid };
    const vote = this.#ledger.sign(roundNumber, terms, { proposer, parent });
    const promise = { roundNumber, proposalId, proposer, parent, capacity };
    await this.#memory.write({ kind: "vote", ...promise, vote: encodeVote(vote) });
    await this.say(proposalId);
  }

  /** Tells everybody, itself too, how it has voted. */
  async say(proposalId: bigint): Promise<void> {
    const { vote } = this.#memory.own.votes.find((entry) => entry.proposalId === proposalId)!;
    this.#ports.hearing.hear({ topic: "votes", message: decodeVote(vote) });
    await broadcast(this.#ports, "votes", decodeVote(vote));
    this.#sent.add(voteKey(proposalId));
  }

  /** Forgets promises of rounds before `roundNumber`. */
  forget(roundNumber: bigint): void {
    this.#ports.database.duties.forget(this.#ledger.key, roundNumber);
  }

  async #adopt({ round }: Pick<L1View, "round">): Promise<void> {
    for (const entry of this.#ledger.missing(this.#memory.own, round.roundNumber)) await this.#memory.write(entry);
    this.#isAdopted = true;
  }
}
