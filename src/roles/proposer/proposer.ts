import { id } from "ethers";
import type { CommittedBlock } from "../../block/commitDraft.ts";
import { keepBlobs } from "../../block/keepBlobs.ts";
import type { ProverVote } from "../../block/assign.ts";
import { handInProofs } from "../../block/handInProofs.ts";
import { revealBlock } from "../../block/revealBlock.ts";
import { submitBlock } from "../../block/submitBlock.ts";
import {
  type Advance,
  advance,
  approve,
  claimFees,
  claimProposer,
  commit,
  commitBranch,
  deposit,
  type From,
  getQueue,
  settle,
  type SubmitProofReturn,
} from "../../chain/index.ts";
import { draftBlock } from "../../block/draft.ts";
import { encodeMessage, sealEnvelope, type Topic, type Messages } from "../../gossip/index.ts";
import type { SlotProof } from "../../protocol/forest.ts";
import { keyHash } from "../../protocol/keys.ts";
import { BID_UNIT } from "../../protocol/terms.ts";
import { roundOf } from "../../protocol/round.ts";
import { rewardOf } from "../economy.ts";
import { countVoters } from "../hearing.ts";
import { decodeVote, encodeVote } from "../../protocol/messages.ts";
import type { Proposal } from "../../protocol/proposal.ts";
import type { Rules } from "../../state/executor.ts";
import { Journal } from "../journal.ts";
import { type L1Commit, type L1View, parentRefOf } from "../l1View.ts";
import { type Drive, drive } from "../loop.ts";
import type { Mempool } from "../mempool.ts";
import { planName, planOf } from "../plan.ts";
import type { NodeVerifier, TalkingPorts } from "../ports.ts";
import { ProofCredit } from "../proofCredit.ts";
import { rollupName } from "../../sync/syncedState.ts";
import type { Wait } from "../action.ts";
import { before } from "../deadline.ts";
import { Assembler } from "../assembler.ts";
import type { Builder } from "./builder.ts";
import { blockValue } from "./bidding.ts";
import { transcriptFor } from "./campaigning.ts";
import { lowLanes } from "./depositing.ts";
import { nextProposer } from "./next.ts";
import {
  type CommitEntry,
  type DraftEntry,
  intentOn,
  NO_PROPOSALS,
  type ProposerEntry,
  proposerEntry,
  proposerOwn,
  type ProposerOwn,
  revealOf,
} from "./own.ts";
import { lateProofs } from "./ownBlock.ts";
import { slotsLeft } from "./revealTime.ts";
import { SeatReader } from "./seat.ts";
import { offerKey, type ProposerAction, type ProposerPolicy, type ProposerView } from "./view.ts";
import { rankVoters } from "./voters.ts";

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

export interface ProposerPorts extends TalkingPorts {
  readonly builder: Builder;
  /** Taken from the gossip, offered to the builder. */
  readonly mempool: Mempool;
  readonly verifier: NodeVerifier;
  /** Sends reveals and nothing else: it has a private key here, as nodes do not sign blobs. */
  readonly revealer: From;
  /** 32 random bytes as hexadecimal: a salt that nobody else knows. */
  readonly salt: () => string;
}

/** Offers blocks, commits to them, reveals them, and brings their proofs to L1. */
export class Proposer implements Drive<ProposerAction> {
  readonly name: string;
  readonly #options: ProposerOptions;
  readonly #ports: ProposerPorts;
  readonly #journal: Journal<ProposerEntry>;
  #own: ProposerOwn;
  readonly #sent = new Set<string>();
  /** What the last decision was made by, and is acted by: L1 may have moved on since, and says so. */
  #seen: L1View | undefined;
  readonly #seat: SeatReader;
  readonly #credit: ProofCredit;
  /** Of the open round's own commit, once it is revealed; `name` as `planName` says. */
  #assembler: { readonly name: string; readonly proposalId: bigint; readonly assembler: Assembler } | undefined;

  constructor(options: ProposerOptions, ports: ProposerPorts) {
    this.name = options.name;
    this.#options = options;
    this.#ports = ports;
    this.#seat = new SeatReader(ports.client);
    this.#credit = new ProofCredit((proof) => ports.hearing.senderOf(proof));
    this.#journal = new Journal(ports.store, proposerEntry, rollupName(ports.client.deployment));
    this.#own = this.#journal.entries.reduce(proposerOwn, NO_PROPOSALS);
  }

  /** What it has done so far. */
  get own(): ProposerOwn {
    return this.#own;
  }

  /** Runs until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, reader, waker, log, maxSleep, gossip, hearing } = this.#ports;
    hearing.listen(gossip, ["transactions", "proposals", "votes", "proofs"], () => waker.wake());
    for (const draft of this.#own.drafts) this.#remember(draft);
    await drive(this, { clock, reader, waker, log, ...(maxSleep !== undefined && { maxSleep }) }, signal);
  }

  async next(refused: ReadonlySet<string>): Promise<ProposerAction | Wait> {
    const { next = nextProposer, policy } = this.#options;
    return next(await this.#look(refused), this.#own, policy);
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
        return this.#draft(action, l1, signal);
      case "offer":
        return this.#offer(action);
      case "raise":
        return this.#write(action);
      case "commit":
        return this.#commit(action, l1);
      case "reveal":
        await revealBlock(
          client,
          before(this.#ports.revealer, l1, l1.round.revealEnds),
          this.#committed(action.proposalId, l1),
          slotsLeft(l1),
        );
        return;
      case "submit": {
        const block = this.#committed(action.proposalId, l1);
        const { assembler } = this.#assembler!;
        const plan = this.#plan(action.proposalId, l1)!;
        const sender = before(signer, l1, l1.round.acceptanceEnds);
        return { submitted: await submitBlock(client, sender, block, plan, assembler.forest) };
      }
      case "handIn": {
        const { proposalId, slots } = action;
        const mine = l1.open.find((open) => open.proposalId === proposalId)!;
        const { assembler } = this.#assembler!;
        const late = lateProofs(l1, this.#options.rules.profile, mine, assembler.proofs);
        const shown = late.filter(({ slot }) => slots.includes(slot));
        const sender = before(signer, l1, l1.round.acceptanceEnds);
        await handInProofs(client, sender, mine.commitment, this.#plan(proposalId, l1)!, shown);
        return;
      }
      case "advance":
        return { advanced: await advance(client, signer) };
      case "deposit":
        return this.#deposit(action);
      case "claim":
        await claimProposer(client, signer, await signer.getAddress());
        return;
      case "claimFees":
        await claimFees(client, signer, await signer.getAddress());
    }
  }

  /** Brings everything up to date, and puts together what the decision follows from. */
  async #look(refused: ReadonlySet<string>): Promise<ProposerView> {
    const { reader, ledger, signer, hearing, mempool, log } = this.#ports;
    const { rules } = this.#options;
    const l1 = (this.#seen = await reader.read());
    if (ledger.head !== l1.finalProposal) {
      const included = await ledger.sync();
      mempool.revise(ledger.state, (transfer) => included?.has(transfer));
    }
    hearing.prune(l1);
    for (const transfer of hearing.transfers.splice(0)) mempool.add(transfer, ledger.state);
    await ledger.learn(l1, log);
    await this.#forget(l1);
    const me = await signer.getAddress();
    const mine = l1.open.find(({ commitment }) => commitment.proposer === me);
    if (mine?.reveal !== undefined) await this.#assemble(mine, l1);
    const votes = new Map(this.#own.drafts.map(({ proposalId }) => [proposalId, this.#votesFor(proposalId, l1)]));
    const proofs = new Map<bigint, readonly SlotProof[]>();
    if (this.#assembler !== undefined) proofs.set(this.#assembler.proposalId, this.#assembler.assembler.proofs);
    const buildable = new Set<bigint>();
    for (const id of [l1.round.parent, ...l1.open.map(({ proposalId }) => proposalId)])
      if (ledger.stateAfter(id) !== undefined) buildable.add(id);
    const offers = [...hearing.proposals].map(([proposalId, { proposal, burnBid }]) => ({
      ...proposal,
      ...{ proposalId, burnBid },
    }));
    const voters = new Map([...hearing.votes].map(([id, heard]) => [id, countVoters(heard)]));
    const { lanesInUse, deposits, rewards, fees } = await this.#seat.read(me, l1);
    const isLow = lowLanes({ l1, me, deposits }, this.#options.policy).length > 0;
    const balance = isLow ? await this.#ports.client.token.balanceOf(me) : 0n;
    return {
      ...{
        l1,
        forest: rules.profile,
        economy: await reader.economy(),
        me,
        lanesInUse,
        deposits,
        balance,
        rewards,
        fees,
      },
      ...{ votes, offers, voters, proofs, buildable, refused },
      values: await this.#values(),
      sent: this.#sent,
    };
  }

  /** What its drafts are worth to it if they win, wei of the native token. */
  async #values(): Promise<ReadonlyMap<bigint, bigint>> {
    const { reader, ledger } = this.#ports;
    const economy = await reader.economy();
    const { feePrice } = this.#options.policy;
    return new Map(
      this.#own.drafts.map(({ proposalId, roundId, proverShareBps }) => {
        const fees = ledger.executed(proposalId)?.bases.reduce((sum, base) => sum + base.fees, 0n) ?? 0n;
        const reward = rewardOf(economy, roundOf(roundId).height);
        return [proposalId, blockValue({ feePrice, proverShareBps }, { reward, fees })];
      }),
    );
  }

  async #draft(
    { roundNumber, roundId, parent }: ProposerAction & { kind: "draft" },
    l1: L1View,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { builder, client, signer, ledger, salt, database } = this.#ports;
    await database.requireFreeSpace();
    const { policy, rules } = this.#options;
    const { first, count } = l1.round.commitDue;
    const operations = (await getQueue(client, { first, count })).map(({ packed }) => packed);
    const { proverShareBps, burnBid } = policy;
    const request = {
      ...{ operations, rules, roundId, parent, proverShareBps },
      state: ledger.stateAfter(parent)!,
      proposer: await signer.getAddress(),
    };
    const pool = await builder.order(request, signal);
    const { proposal, proposalId, executed, order, blobs } = await draftBlock({ ...request, pool, salt: salt() });
    const { txsRoot, txCount } = order;
    const { data } = executed;
    await keepBlobs(this.#ports.blobs, { blobs });
    await this.#write({
      ...{ kind: "draft", roundNumber, roundId, parent, due: { first, count }, proverShareBps, burnBid, proposalId },
      orderCommitment: proposal.orderCommitment,
      ...{ salt: order.salt, txsRoot, txCount, operations: data.operations, elements: [...data.elements] },
      blobs: blobs.map(({ sidecar: { commitment, proof: blobProof, cellProofs }, y, proof }) => ({
        ...{ commitment, blobProof, cellProofs, y, proof },
      })),
      draftedAt: l1.now,
    });
    ledger.add({ proposalId, parent, txsRoot, txCount, data }, executed);
  }

  async #offer({ proposalId, burnBid }: ProposerAction & { kind: "offer" }): Promise<void> {
    const message = { proposal: await this.#proposalOf(this.#draftOf(proposalId)), burnBid };
    // Nobody hears its own messages, and votes for what is unknown are ignored.
    this.#ports.hearing.hear({ topic: "proposals", message });
    await this.#publish("proposals", message);
    this.#sent.add(offerKey(proposalId, burnBid));
  }

  async #commit({ proposalId, burnBid }: ProposerAction & { kind: "commit" }, l1: L1View): Promise<void> {
    const { client, signer, database } = this.#ports;
    const draft = this.#draftOf(proposalId);
    const intent = intentOn(this.#own, draft.roundNumber, draft) ?? (await this.#intend(draft, burnBid, l1));
    const { roundId, parent, due, proverShareBps, orderCommitment } = draft;
    const { transcript } = intent;
    const data = { proposalId: `${proposalId}`, burnBid: `${intent.burnBid}`, transcript };
    const duty = {
      ...{
        key: await signer.getAddress(),
        kind: "commit" as const,
        subject: `${roundId} on ${parent} with ${due.count} from ${due.first}`,
      },
      ...{ roundNumber: draft.roundNumber, data: JSON.stringify(data), hash: id(JSON.stringify(data)) },
    };
    await database.requireFreeSpace();
    database.duties.record({ ...duty, state: "written" });
    const terms = { roundId, proverShareBps, burnBid: intent.burnBid, parentRef: parentRefOf(l1, parent) };
    const me = await signer.getAddress();
    const first = l1.next.find(({ commitment }) => commitment.proposer === me && commitment.terms.roundId === roundId);
    // To the open round, or while that is revealed and proven to the next one.
    const sender = before(signer, l1, l1.round.proposalEnds, l1.round.acceptanceEnds);
    if (first === undefined) await commit(client, sender, { terms, orderCommitment, transcript });
    else await commitBranch(client, sender, { terms, orderCommitment, transcript }, first.commitment);
    database.duties.record({ ...duty, state: "signed" });
  }

  /** Decides what is committed to on a draft's parent, for good. */
  async #intend(draft: DraftEntry, burnBid: bigint, l1: L1View): Promise<CommitEntry> {
    const { proposalId, roundNumber } = draft;
    const heard = new Map([[proposalId, this.#votesFor(proposalId, l1)]]);
    const view = { l1, forest: this.#options.rules.profile, votes: heard };
    const { transcript, votes } = transcriptFor(view, draft, burnBid);
    const intent: CommitEntry = {
      ...{ kind: "commit", roundNumber, proposalId, burnBid },
      transcript: [...transcript],
      votes: [...votes.values()].map(encodeVote),
    };
    await this.#write(intent);
    return intent;
  }

  async #deposit({ lane, amount }: ProposerAction & { kind: "deposit" }): Promise<void> {
    const { client, signer } = this.#ports;
    const rollup = await client.rollup.getAddress();
    const allowance = await client.token.allowance(await signer.getAddress(), rollup);
    const wei = amount * BID_UNIT;
    if (allowance < wei) await approve(client, signer, rollup, wei);
    await deposit(client, signer, lane, amount);
  }

  async #publish<T extends Topic>(topic: T, message: Messages[T]): Promise<void> {
    const { gossip, identity } = this.#ports;
    await gossip.publish(topic, sealEnvelope(identity, topic, encodeMessage(topic, message)));
  }

  async #assemble(mine: L1Commit, l1: L1View): Promise<void> {
    const { proposalId } = mine;
    const name = planName(l1, mine);
    if (this.#assembler?.name !== name) {
      const plan = this.#plan(proposalId, l1);
      if (plan === undefined) return;
      this.#assembler = { name, proposalId, assembler: new Assembler(plan, this.#ports.verifier) };
    }
    const { hearing, log } = this.#ports;
    for (const proof of hearing.proofs.get(proposalId) ?? []) {
      if (this.#credit.isSpent(proof) || (await this.#assembler.assembler.add(proof))) continue;
      this.#credit.blame(proof);
      log.warn("proof-invalid", "a proof that was heard does not verify, and is left out", {
        ...{ proposal: proposalId, slot: proof.slot },
      });
    }
  }

  #plan(proposalId: bigint, l1: L1View) {
    const mine = l1.open.find((open) => open.proposalId === proposalId);
    const intent = this.#own.commits.find((entry) => entry.proposalId === proposalId);
    if (mine === undefined || intent === undefined) return undefined;
    return planOf(l1, mine, intent.votes.map(decodeVote), this.#ports.ledger, this.#options.rules);
  }

  #committed(proposalId: bigint, l1: L1View): CommittedBlock {
    const { commitment, transcript } = l1.open.find((open) => open.proposalId === proposalId)!;
    const entry = this.#draftOf(proposalId);
    const executed = this.#ports.ledger.executed(proposalId)!;
    const { proposer, terms, orderCommitment } = commitment;
    const { roundId, proverShareBps, burnBid } = terms;
    const { domain } = this.#options.rules;
    const proposal = { domain, roundId, parent: entry.parent, orderCommitment, proverShareBps, proposer };
    const draft = { proposal, proposalId, executed, ...revealOf(entry), dropped: [] };
    return { draft, commitment, transcript, burnBid, votes: this.#intentOf(proposalId).votes.map(decodeVote) };
  }

  /** The votes for a draft by who cast them and still counts, see `rankVoters`. */
  #votesFor(proposalId: bigint, l1: L1View): readonly ProverVote[] {
    const indexes = new Map(l1.provers.flatMap(({ key, index, isEligible }) => (isEligible ? [[key, index]] : [])));
    const votes = (this.#ports.hearing.votes.get(proposalId) ?? []).flatMap((vote) => {
      const prover = indexes.get(keyHash(vote.key));
      return prover === undefined ? [] : [{ prover, vote }];
    });
    return rankVoters(votes, l1, this.#options.policy.minProvers);
  }

  async #proposalOf({ roundId, parent, orderCommitment, proverShareBps }: DraftEntry): Promise<Proposal> {
    const { domain } = this.#options.rules;
    const proposer = await this.#ports.signer.getAddress();
    return { domain, roundId, parent, orderCommitment, proverShareBps, proposer };
  }

  #draftOf(proposalId: bigint): DraftEntry {
    return this.#own.drafts.find((entry) => entry.proposalId === proposalId)!;
  }

  #intentOf(proposalId: bigint) {
    return this.#own.commits.find((entry) => entry.proposalId === proposalId)!;
  }

  async #write(entry: ProposerEntry): Promise<void> {
    await this.#journal.append(entry);
    this.#own = proposerOwn(this.#own, entry);
  }

  /** Forgets rounds that are decided, and what belongs to them. */
  async #forget({ round }: L1View): Promise<void> {
    const { entries } = this.#journal;
    if (entries.every(({ roundNumber }) => roundNumber >= round.roundNumber)) return;
    await this.#journal.prune(round.roundNumber);
    this.#ports.database.duties.forget(await this.#ports.signer.getAddress(), round.roundNumber);
    this.#own = this.#journal.entries.reduce(proposerOwn, NO_PROPOSALS);
  }

  #remember({ proposalId, parent, txsRoot, txCount, operations, elements }: DraftEntry): void {
    this.#ports.ledger.add({ proposalId, parent, txsRoot, txCount, data: { operations, elements } });
  }
}
