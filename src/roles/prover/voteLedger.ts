import { z } from "zod";
import type { Duty, DutyLedger } from "../../database/index.ts";
import { publicKey, type PublicKey, type SecretKey } from "../../protocol/eddsa.ts";
import { keyOf } from "../../protocol/keys.ts";
import { encodeVote } from "../../protocol/messages.ts";
import { signVote, verifyVote, type Vote, voteMessage, type VoteTerms } from "../../protocol/vote.ts";
import type { ProverOwn, VoteEntry } from "./own.ts";

/** What a duty says of a vote besides its proposal. */
const votedTerms = z.object({
  depth: z.number().int(),
  index: z.number().int(),
  capacity: z.number().int(),
  minBurnBid: z.string(),
  proposer: z.string().optional(),
  parent: z.string().optional(),
});

/** What a vote is for, besides the block: of a proposer's offers on a parent one can be committed. */
export type Offered = Pick<VoteEntry, "proposer" | "parent">;

/** A prover's votes as its duty ledger knows them: what other programs with the key have signed among them. */
export class VoteLedger {
  readonly key: string;
  readonly #secret: SecretKey;
  readonly #publicKey: PublicKey;
  readonly #duties: DutyLedger;
  /** Votes that were looked at. */
  readonly #seen = new WeakSet<Vote>();

  constructor(secret: SecretKey, duties: DutyLedger) {
    this.key = `${keyOf(secret)}`;
    this.#secret = secret;
    this.#publicKey = publicKey(secret);
    this.#duties = duties;
  }

  /** Writes the duty, then signs. @throws {DutyConflictError} if the key has promised something else */
  sign(roundNumber: bigint, terms: VoteTerms, offered: Offered = {}): Vote {
    return this.#duties.sign(this.#dutyOf(roundNumber, terms, offered), () => signVote(this.#secret, terms));
  }

  /**
   * Votes from a round on that the ledger has and the journal has not: the process ended in between, or they were
   * imported. They bind like any other.
   */
  missing(own: ProverOwn, from: bigint): VoteEntry[] {
    const known = new Set(own.votes.map(({ proposalId }) => `${proposalId}`));
    return this.#duties
      .of(this.key, from)
      .filter(({ kind, subject }) => kind === "vote" && !known.has(subject))
      .map(({ subject, roundNumber, data }) => {
        const { minBurnBid, proposer, parent, ...terms } = votedTerms.parse(JSON.parse(data));
        const proposalId = BigInt(subject);
        const vote = signVote(this.#secret, { ...terms, proposalId, minBurnBid: BigInt(minBurnBid) });
        return {
          ...{ kind: "vote", roundNumber, proposalId, capacity: terms.capacity, vote: encodeVote(vote) },
          ...(proposer !== undefined && { proposer }),
          ...(parent !== undefined && { parent: BigInt(parent) }),
        };
      });
  }

  /**
   * Adds votes of the key that this program has not cast. @returns those: somebody else signs with the key, or this
   * program did before it lost its ledger
   */
  hear(votes: Iterable<Vote>, roundNumber: bigint): Vote[] {
    const foreign: Vote[] = [];
    for (const vote of votes) {
      const { x, y } = vote.key;
      if (x !== this.#publicKey.x || y !== this.#publicKey.y || this.#seen.has(vote)) continue;
      this.#seen.add(vote);
      const duty = this.#dutyOf(roundNumber, vote);
      // Anybody can say that a vote is the key's.
      if (this.#duties.has(duty) || !verifyVote(vote)) continue;
      foreign.push(vote);
      const isContradiction = this.#duties
        .of(this.key)
        .some(({ kind, subject }) => kind === "vote" && subject === duty.subject);
      if (!isContradiction) this.#duties.record({ ...duty, state: "signed" });
    }
    return foreign;
  }

  #dutyOf(roundNumber: bigint, terms: VoteTerms, { proposer, parent }: Offered = {}): Omit<Duty, "state"> {
    const { proposalId, depth, index, capacity, minBurnBid } = terms;
    return {
      ...{ key: this.key, kind: "vote", subject: `${proposalId}`, roundNumber },
      hash: `0x${voteMessage(terms).toString(16)}`,
      data: JSON.stringify({
        ...{ depth, index, capacity, minBurnBid: `${minBurnBid}` },
        ...(parent !== undefined && { proposer, parent: `${parent}` }),
      }),
    };
  }
}
