import { id } from "ethers";
import { commit, commitBranch } from "../../chain/index.ts";
import { encodeVote } from "../../protocol/messages.ts";
import type { Rules } from "../../state/executor.ts";
import { before } from "../deadline.ts";
import { type L1View, parentRefOf } from "../l1View.ts";
import type { TalkingPorts } from "../ports.ts";
import { transcriptFor } from "./campaigning.ts";
import { type CommitEntry, type DraftEntry, draftIn, intentOn, type ProposerMemory } from "./own.ts";
import type { ProposerAction, ProposerPolicy } from "./view.ts";
import { votesThatCount } from "./voters.ts";

export interface CommitterOptions {
  readonly policy: ProposerPolicy;
  readonly rules: Rules;
}

type Ports = Pick<TalkingPorts, "client" | "signer" | "hearing" | "database">;

/** Commits to drafts: to one on each parent, whatever becomes of the process. */
export class Committer {
  readonly #options: CommitterOptions;
  readonly #ports: Ports;
  readonly #memory: ProposerMemory;

  constructor(options: CommitterOptions, ports: Ports, memory: ProposerMemory) {
    this.#options = options;
    this.#ports = ports;
    this.#memory = memory;
  }

  async commit({ proposalId, burnBid }: ProposerAction & { kind: "commit" }, l1: L1View): Promise<void> {
    const { client, signer, database } = this.#ports;
    const { own } = this.#memory;
    const draft = draftIn(own, proposalId);
    const intent = intentOn(own, draft.roundNumber, draft) ?? (await this.#intend(draft, burnBid, l1));
    const { roundId, parent, due, proverShareBps, orderCommitment } = draft;
    const { transcript } = intent;
    const me = await signer.getAddress();
    const data = JSON.stringify({ proposalId: `${proposalId}`, burnBid: `${intent.burnBid}`, transcript });
    const duty = {
      ...{ key: me, kind: "commit" as const, roundNumber: draft.roundNumber, data, hash: id(data) },
      subject: `${roundId} on ${parent} with ${due.count} from ${due.first}`,
    };
    await database.requireFreeSpace();
    database.duties.record({ ...duty, state: "written" });
    const terms = { roundId, proverShareBps, burnBid: intent.burnBid, parentRef: parentRefOf(l1, parent) };
    const first = l1.next.find(({ commitment }) => commitment.proposer === me && commitment.terms.roundId === roundId);
    // To the open round, or while that is revealed and proven to the next one.
    const sender = before(signer, l1, l1.round.proposalEnds, l1.round.acceptanceEnds);
    if (first === undefined) await commit(client, sender, { terms, orderCommitment, transcript });
    else await commitBranch(client, sender, { terms, orderCommitment, transcript }, first.commitment);
    database.duties.record({ ...duty, state: "signed" });
  }

  /** Forgets promises of rounds before `roundNumber`. */
  async forget(roundNumber: bigint): Promise<void> {
    this.#ports.database.duties.forget(await this.#ports.signer.getAddress(), roundNumber);
  }

  /** Decides what is committed to on a draft's parent, for good. */
  async #intend(draft: DraftEntry, burnBid: bigint, l1: L1View): Promise<CommitEntry> {
    const { policy, rules } = this.#options;
    const { proposalId, roundNumber } = draft;
    const heard = votesThatCount(this.#ports.hearing.votes.get(proposalId) ?? [], l1, policy.minProvers);
    const view = { l1, forest: rules.profile, votes: new Map([[proposalId, heard]]) };
    const { transcript, votes } = transcriptFor(view, draft, burnBid);
    const intent: CommitEntry = {
      ...{ kind: "commit", roundNumber, proposalId, burnBid },
      transcript: [...transcript],
      votes: [...votes.values()].map(encodeVote),
    };
    await this.#memory.write(intent);
    return intent;
  }
}
