import type { ProverVote } from "../../block/assign.ts";
import { type Advance, advance, settle, type SubmitProofReturn } from "../../chain/index.ts";
import type { Rules } from "../../state/executor.ts";
import { rollupName } from "../../sync/names.ts";
import type { Wait } from "../action.ts";
import { countVoters } from "../hearing.ts";
import { Journal } from "../journal.ts";
import type { L1View } from "../l1View.ts";
import { type Drive, drive } from "../loop.ts";
import { Memory } from "../memory.ts";
import type { Mempool } from "../mempool.ts";
import { Committer } from "./committer.ts";
import { Deliverer, type DelivererPorts } from "./deliverer.ts";
import { Drafter, type DrafterPorts } from "./drafter.ts";
import { nextProposer } from "./next.ts";
import { NO_PROPOSALS, proposerEntry, type ProposerMemory, proposerOwn, type ProposerOwn } from "./own.ts";
import { Treasurer } from "./treasurer.ts";
import type { ProposerAction, ProposerPolicy, ProposerView } from "./view.ts";
import { votesThatCount } from "./voters.ts";

export interface ProposerOptions {
  readonly name: string;
  readonly policy: ProposerPolicy;
  readonly rules: Rules;
  /** Decides instead of `nextProposer`: for whoever plays differently. */
  readonly next?: typeof nextProposer;
  /** Told of each action that L1 has taken. */
  readonly onDone?: (action: ProposerAction, result: ProposerResult) => void;
}

/** What became of an action. */
export interface ProposerResult {
  readonly submitted?: SubmitProofReturn;
  /** Of an own commit that was settled, BID_UNIT. */
  readonly forfeited?: bigint;
  readonly advanced?: Advance | undefined;
}

export interface ProposerPorts extends DrafterPorts, DelivererPorts {
  /** Taken from the gossip, offered to the builder. */
  readonly mempool: Mempool;
}

/** Offers blocks, commits to them, reveals them, and brings their proofs to L1. */
export class Proposer implements Drive<ProposerAction> {
  readonly name: string;
  readonly #options: ProposerOptions;
  readonly #ports: ProposerPorts;
  readonly #memory: ProposerMemory;
  /** Offers, as `offerKey` writes them. */
  readonly #sent = new Set<string>();
  readonly #drafter: Drafter;
  readonly #committer: Committer;
  readonly #deliverer: Deliverer;
  readonly #treasurer: Treasurer;
  /** What the last decision was made by, and is acted by: L1 may have moved on since, and says so. */
  #seen: L1View | undefined;

  constructor(options: ProposerOptions, ports: ProposerPorts) {
    this.name = options.name;
    this.#options = options;
    this.#ports = ports;
    const journal = new Journal(ports.store, proposerEntry, rollupName(ports.client.deployment));
    this.#memory = new Memory(journal, proposerOwn, NO_PROPOSALS);
    this.#drafter = new Drafter(options, ports, this.#memory, this.#sent);
    this.#committer = new Committer(options, ports, this.#memory);
    this.#deliverer = new Deliverer(options.rules, ports, this.#memory, this.#sent);
    this.#treasurer = new Treasurer(ports);
  }

  /** What it has done so far. */
  get own(): ProposerOwn {
    return this.#memory.own;
  }

  /** By parity of the height, BID_UNIT, as L1 had them at its last look; undefined before the first one. */
  get deposits(): ProposerView["deposits"] | undefined {
    return this.#treasurer.deposits;
  }

  /** Runs until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { waker, gossip, hearing } = this.#ports;
    hearing.listen(gossip, ["transactions", "proposals", "votes", "proofs"], () => waker.wake());
    this.#drafter.remember();
    await drive(this, this.#ports, signal);
  }

  async next(refused: ReadonlySet<string>, signal?: AbortSignal): Promise<ProposerAction | Wait> {
    const { next = nextProposer, policy } = this.#options;
    const l1 = (this.#seen = await this.#catchUp(signal));
    return next(await this.#look(l1, refused), this.own, policy);
  }

  async perform(action: ProposerAction, signal?: AbortSignal): Promise<void> {
    const result = await this.#do(action, this.#seen!, signal);
    this.#options.onDone?.(action, result ?? {});
  }

  async #do(action: ProposerAction, l1: L1View, signal: AbortSignal | undefined): Promise<ProposerResult | void> {
    const { client, signer } = this.#ports;
    switch (action.kind) {
      case "settle":
        return { forfeited: (await settle(client, signer, action.commitment)).forfeited };
      case "draft":
        return this.#drafter.draft(action, l1, signal);
      case "offer":
        return this.#drafter.offer(action);
      case "raise":
        return this.#memory.write(action);
      case "commit":
        return this.#committer.commit(action, l1);
      case "reveal":
        return this.#deliverer.reveal(action.proposalId, l1);
      case "submit":
        return { submitted: await this.#deliverer.submit(action.proposalId, l1) };
      case "handIn":
        return this.#deliverer.handIn(action, l1);
      case "advance":
        return { advanced: await advance(client, signer) };
      default:
        return this.#treasurer.perform(action);
    }
  }

  /** Reads L1, and brings what it knows to the same block. */
  async #catchUp(signal?: AbortSignal): Promise<L1View> {
    const { reader, ledger, hearing, mempool, log } = this.#ports;
    const l1 = await reader.read();
    if (ledger.head !== l1.finalProposal) {
      const included = await ledger.sync(signal);
      mempool.revise(ledger.state, (transfer) => included?.has(transfer));
    }
    hearing.prune(l1);
    for (const transfer of hearing.transfers.splice(0)) mempool.add(transfer, ledger.state);
    await ledger.learn(l1, log, signal);
    const { roundNumber } = l1.round;
    if (await this.#memory.forget(roundNumber)) await this.#committer.forget(roundNumber);
    return l1;
  }

  /** Puts together what the decision follows from. */
  async #look(l1: L1View, refused: ReadonlySet<string>): Promise<ProposerView> {
    const { reader, ledger, signer, hearing } = this.#ports;
    const { rules, policy } = this.#options;
    const me = await signer.getAddress();
    await this.#deliverer.collect(me, l1);
    const votesOf = (proposalId: bigint): readonly ProverVote[] =>
      votesThatCount(hearing.votes.get(proposalId) ?? [], l1, policy.minProvers);
    const known = [l1.round.parent, ...l1.open.map(({ proposalId }) => proposalId)];
    return {
      ...{ l1, me, refused },
      forest: rules.profile,
      economy: await reader.economy(),
      ...(await this.#treasurer.look(me, l1, policy)),
      votes: new Map(this.own.drafts.map(({ proposalId }) => [proposalId, votesOf(proposalId)])),
      offers: [...hearing.proposals].map(([proposalId, { proposal, burnBid }]) => ({
        ...proposal,
        ...{ proposalId, burnBid },
      })),
      voters: new Map([...hearing.votes].map(([id, heard]) => [id, countVoters(heard)])),
      proofs: this.#deliverer.proofs,
      buildable: new Set(known.filter((id) => ledger.stateAfter(id) !== undefined)),
      values: await this.#drafter.values(),
      sent: this.#sent,
    };
  }
}
