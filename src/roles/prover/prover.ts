import { handInProofs } from "../../block/handInProofs.ts";
import { submitBlock } from "../../block/submitBlock.ts";
import { addStake, approve, claimProver, redeem, requestExit, withdrawStake } from "../../chain/index.ts";
import { encodeMessage, type Messages, sealEnvelope, type Topic } from "../../gossip/index.ts";
import type { SecretKey } from "../../protocol/eddsa.ts";
import { keyOf } from "../../protocol/keys.ts";
import { decodeVote, encodeVote } from "../../protocol/messages.ts";
import type { Proposal } from "../../protocol/proposal.ts";
import type { Vote } from "../../protocol/vote.ts";
import type { BlockPlan } from "../../proving/forest.ts";
import type { Rules } from "../../state/executor.ts";
import { rollupName } from "../../sync/syncedState.ts";
import { type Wait, waitUntil } from "../action.ts";
import { before } from "../deadline.ts";
import { countVoters, openRounds } from "../hearing.ts";
import { Journal } from "../journal.ts";
import type { L1Commit, L1View } from "../l1View.ts";
import { type Drive, drive } from "../loop.ts";
import { planName, Plans } from "../plan.ts";
import { slotCount } from "../../protocol/nodes.ts";
import { attempt } from "./attempt.ts";
import type { CircuitName } from "../../proving/circuitInstance.ts";
import type { NodeProver, NodeVerifier, TalkingPorts } from "../ports.ts";
import { ProofCredit } from "../proofCredit.ts";
import { ForeignProofs } from "./foreignProofs.ts";
import { nextProver } from "./next.ts";
import { NO_DUTIES, type ProofEntry, type ProverEntry, proverEntry, proverOwn, type ProverOwn } from "./own.ts";
import { afterCommits, decodeLapses, encodeLapses, type Lapses } from "./lapses.ts";
import { Listener } from "./listening.ts";
import { decodeRates, encodeRates, learn, type Rates } from "./rates.ts";
import { RedeemReader } from "./redeeming.ts";
import { claimsOf, isStakeLow } from "./standing.ts";
import { type ProverAction, type ProverPolicy, type ProverView, slotKey, voteKey } from "./view.ts";
import { VoteLedger } from "./voteLedger.ts";
import { proveSlot } from "./work.ts";

export interface ProverOptions {
  readonly name: string;
  /** In the registry. */
  readonly index: number;
  /** Of the registered key. */
  readonly secret: SecretKey;
  readonly policy: ProverPolicy;
  readonly rules: Rules;
  /**
   * Whether its operator vouches that nobody else signs with the key, and did not in the round that runs: then it need
   * not listen first when its duty ledger is empty.
   */
  readonly isAlone?: boolean;
  /** How many times it was found cut off from peers or L1, now included; left out if it never is. */
  readonly countCuts?: () => number;
  /** Decides instead of `nextProver`: for whoever plays differently. */
  readonly next?: typeof nextProver;
  /** Told of each action that is done. */
  readonly onDone?: (action: ProverAction) => void;
}

export interface ProverPorts extends TalkingPorts {
  readonly prover: NodeProver;
  /** Checks what others have proven before it is shown to L1. */
  readonly verifier: NodeVerifier;
}

/** Where the store keeps what proofs take. */
const RATES = "proving rates";

/** Where it keeps which proposers have let its votes lapse. */
const LAPSES = "lapsed votes";

/** Votes for blocks, proves what committed transcripts assign to it, and delivers. */
export class Prover implements Drive<ProverAction> {
  readonly name: string;
  readonly #options: ProverOptions;
  readonly #ports: ProverPorts;
  readonly #key: bigint;
  readonly #journal: Journal<ProverEntry>;
  readonly #votes: VoteLedger;
  readonly #listener: Listener;
  #isAdopted = false;
  #own: ProverOwn;
  readonly #sent = new Set<string>();
  /** What the last decision was made by, and is acted by: L1 may have moved on since, and says so. */
  #seen: L1View | undefined;
  readonly #inHand = new Map<string, Promise<void>>();
  readonly #plans: Plans;
  #slashSeconds: bigint | undefined;
  readonly #foreign: ForeignProofs;
  readonly #redeemable: RedeemReader;
  #rates: Rates;
  #lapses: Lapses;
  #balance: { readonly block: string; readonly amount: bigint } | undefined;
  /** What ended a proof that should not have ended. */
  #failure: Error | undefined;

  constructor(options: ProverOptions, ports: ProverPorts) {
    this.name = options.name;
    this.#options = options;
    this.#ports = ports;
    this.#key = keyOf(options.secret);
    this.#plans = new Plans(options.rules, ports.ledger);
    const { client, log } = ports;
    this.#redeemable = new RedeemReader(client, options.index);
    const { duties } = ports.database;
    const votes = (this.#votes = new VoteLedger(options.secret, duties));
    const { countCuts = () => 0, isAlone = false } = options;
    this.#listener = new Listener({ client, log, duties, votes, countCuts }, isAlone);
    this.#journal = new Journal(ports.store, proverEntry, rollupName(ports.client.deployment));
    this.#own = this.#journal.entries.reduce(proverOwn, NO_DUTIES);
    this.#rates = decodeRates(ports.store.get(RATES));
    this.#lapses = decodeLapses(ports.store.get(LAPSES));
    const credit = new ProofCredit((proof) => ports.hearing.senderOf(proof));
    this.#foreign = new ForeignProofs(ports.verifier, credit, ({ proposalId, slot }) =>
      ports.log.warn("proof-invalid", "a proof that was heard does not verify, and is left out", {
        ...{ proposal: proposalId, slot },
      }),
    );
  }

  /** What it has promised and made. */
  get own(): ProverOwn {
    return this.#own;
  }

  /** Runs until the signal is aborted. Proofs in hand are given up then, and made anew after a restart. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, reader, waker, log, maxSleep, gossip, hearing } = this.#ports;
    hearing.listen(gossip, ["proposals", "votes", "proofs"], () => waker.wake());
    await drive(this, { clock, reader, waker, log, ...(maxSleep !== undefined && { maxSleep }) }, signal);
    await Promise.all(this.#inHand.values());
  }

  async next(refused: ReadonlySet<string>): Promise<ProverAction | Wait> {
    if (this.#failure !== undefined) throw this.#failure;
    const { next = nextProver, policy } = this.#options;
    const view = await this.#look(refused);
    const silent = await this.#silentUntil(view.l1);
    const own = this.#ownAt(view.l1);
    if (silent === undefined) return next(view, own, policy);
    const action = next({ ...view, offers: [] }, own, policy);
    if (action.kind !== "wait") return action;
    const { until } = action;
    return waitUntil(until !== undefined && until < silent ? until : silent);
  }

  async perform(action: ProverAction, signal: AbortSignal): Promise<void> {
    await this.#do(action, this.#seen!, signal);
    if (action.kind !== "prove") this.#options.onDone?.(action);
  }

  async #do(action: ProverAction, l1: L1View, signal: AbortSignal): Promise<void> {
    switch (action.kind) {
      case "keep": {
        const { proposalId } = action;
        const votes = (this.#ports.hearing.votes.get(proposalId) ?? []).map(encodeVote);
        return this.#write({ kind: "ballot", roundNumber: l1.round.roundNumber, proposalId, votes });
      }
      case "vote": {
        const { roundNumber, proposalId, proposer, parent, capacity, minBurnBid } = action;
        await this.#ports.database.requireFreeSpace();
        const terms = { proposalId, depth: 0, index: 0, capacity, minBurnBid };
        const vote = this.#votes.sign(roundNumber, terms, { proposer, parent });
        const promise = { roundNumber, proposalId, proposer, parent, capacity };
        await this.#write({ kind: "vote", ...promise, vote: encodeVote(vote) });
        return this.#sayVote(proposalId);
      }
      case "sayVote":
        return this.#sayVote(action.proposalId);
      case "prove":
        return this.#begin(action, l1, signal);
      case "publish":
        return this.#publishProof(action, l1);
      case "handIn":
        return this.#handIn(action, l1);
      case "complete":
        return this.#complete(action.proposalId, l1);
      case "claim":
        return this.#claim(l1);
      case "redeem": {
        const { client, signer } = this.#ports;
        const { proposalId, transcript } = action;
        await redeem(client, signer, { proverIndex: this.#options.index, proposalId, transcript });
        return;
      }
      case "addStake":
        return this.#addStake(action.amount);
      case "requestExit":
        await requestExit(this.#ports.client, this.#ports.signer, this.#options.index);
        return;
      case "withdraw":
        await withdrawStake(this.#ports.client, this.#ports.signer, this.#options.index);
    }
  }

  async #look(refused: ReadonlySet<string>): Promise<ProverView> {
    const { reader, ledger, hearing, log } = this.#ports;
    const { index, rules } = this.#options;
    const l1 = (this.#seen = await reader.read());
    if (ledger.head !== l1.finalProposal) await ledger.sync();
    hearing.prune(l1);
    await this.#forget(l1);
    await this.#adopt(l1);
    await this.#countLapses(l1);
    await ledger.learn(l1, log);
    const isOpen = ({ roundId, parent }: Proposal): boolean =>
      openRounds(l1).some((round) => round.roundId === roundId && round.parents.includes(parent));
    const offers = [...hearing.proposals]
      .filter(([, { proposal }]) => isOpen(proposal))
      .map(([proposalId, { proposal, burnBid }]) => ({ ...proposal, proposalId, burnBid }));
    const provable = l1.open.filter(
      ({ proposalId, reveal }) => reveal !== undefined && this.#plan(proposalId, l1) !== undefined,
    );
    return {
      ...{ l1, index, offers, refused },
      forest: rules.profile,
      key: this.#key,
      economy: await reader.economy(),
      balance: isStakeLow({ l1, index }, this.#options.policy) ? await this.#balanceAt(l1) : 0n,
      redeemable: this.#options.policy.redeems ? await this.#redeemable.read(l1) : [],
      voters: new Map([...hearing.votes].map(([id, votes]) => [id, countVoters(votes)])),
      provable: new Set(provable.map(({ proposalId }) => proposalId)),
      proofs: this.#foreign.credible(hearing.proofs),
      rates: this.#rates,
      lapses: this.#lapses,
      inHand: new Set(this.#inHand.keys()),
      sent: this.#sent,
    };
  }

  /** Makes proofs, and measures what that takes. @param onProven is told of each that is made */
  #timed(onProven: (circuit: CircuitName, seconds: number) => void): NodeProver {
    return {
      prove: async (circuit, task, signal) => {
        const begun = performance.now();
        const proof = await this.#ports.prover.prove(circuit, task, signal);
        const seconds = (performance.now() - begun) / 1_000;
        onProven(circuit, seconds);
        this.#rates = learn(this.#rates, circuit, seconds);
        await this.#ports.store.write(new Map([[RATES, encodeRates(this.#rates)]]));
        return proof;
      },
    };
  }

  /** Begins a proof, and goes on with other things meanwhile. */
  #begin({ proposalId, slot, isNamed }: ProverAction & { kind: "prove" }, l1: L1View, signal: AbortSignal): void {
    const { clock, waker, log, database } = this.#ports;
    const { secret, onDone } = this.#options;
    const id = slotKey(proposalId, slot);
    const done = clock.busy();
    const work = async (): Promise<void> => {
      const plan = this.#plan(proposalId, l1)!;
      const name = planName(l1, commitIn(l1, proposalId)!);
      const keepUntil = l1.round.acceptanceEnds + (await this.#slashWindow());
      const job = await proveSlot(
        { plan, slot, secret: isNamed ? secret : undefined, keepUntil },
        database,
        this.#timed((circuit, seconds) =>
          log.info("proven", `a ${circuit} proof is made`, { proposal: proposalId, slot, isNamed, circuit, seconds }),
        ),
        signal,
      );
      if (job === undefined) return;
      const { mask, workerKey, beta, proof } = job;
      const { roundNumber } = l1.round;
      await this.#write({ kind: "proof", roundNumber, proposalId, slot, plan: name, mask, workerKey, beta, proof });
      onDone?.({ kind: "prove", proposalId, slot, isNamed });
    };
    const task = attempt(work, { clock, log }, { proposal: proposalId, slot }, signal)
      .then((failure) => {
        this.#failure ??= failure;
      })
      .finally(() => {
        this.#inHand.delete(id);
        waker.wake();
        done();
      });
    this.#inHand.set(id, task);
  }

  /** Seconds. */
  async #slashWindow(): Promise<bigint> {
    return (this.#slashSeconds ??= await this.#ports.client.court.slashWindow());
  }

  /** Until when it votes for nothing, because somebody else may sign with its key. */
  async #silentUntil(l1: L1View): Promise<bigint | undefined> {
    const { until, foreign } = await this.#listener.listen(l1, [...this.#ports.hearing.votes.values()].flat());
    if (foreign.length > 0) await this.#adopt(l1, true);
    return until;
  }

  /** Votes of this round that the ledger knows and the journal does not. */
  async #adopt({ round }: Pick<L1View, "round">, isAnew = false): Promise<void> {
    if (this.#isAdopted && !isAnew) return;
    for (const entry of this.#votes.missing(this.#own, round.roundNumber)) await this.#write(entry);
    this.#isAdopted = true;
  }

  async #sayVote(proposalId: bigint): Promise<void> {
    const { vote } = this.#own.votes.find((entry) => entry.proposalId === proposalId)!;
    // Nobody hears its own messages.
    this.#ports.hearing.hear({ topic: "votes", message: decodeVote(vote) });
    await this.#publish("votes", decodeVote(vote));
    this.#sent.add(voteKey(proposalId));
  }

  async #publishProof({ proposalId, slot }: ProverAction & { kind: "publish" }, l1: L1View): Promise<void> {
    const { mask, workerKey, beta, proof } = this.#proofOf(proposalId, slot, l1);
    await this.#publish("proofs", { proposalId, slot, mask, workerKey, beta, proof });
    this.#sent.add(slotKey(proposalId, slot));
  }

  async #handIn({ proposalId, slots, others }: ProverAction & { kind: "handIn" }, l1: L1View): Promise<void> {
    const { client, signer, hearing } = this.#ports;
    const { commitment } = l1.open.find((open) => open.proposalId === proposalId)!;
    const plan = this.#plan(proposalId, l1)!;
    const own = slots.map((slot) => this.#proofOf(proposalId, slot, l1));
    const helped = await this.#foreign.deliveries(plan, others, hearing.proofs.get(proposalId) ?? []);
    const sender = before(signer, l1, l1.round.acceptanceEnds);
    if (own.length + helped.length > 0) await handInProofs(client, sender, commitment, plan, [...own, ...helped]);
  }

  /** Submits a forest of its own proofs and others. One that is bad leaves a gap: then it decides anew. */
  async #complete(proposalId: bigint, l1: L1View): Promise<void> {
    const { client, signer, hearing } = this.#ports;
    const { commitment } = l1.open.find((open) => open.proposalId === proposalId)!;
    const plan = this.#plan(proposalId, l1)!;
    const own = this.#ownAt(l1).proofs.filter((proof) => proof.proposalId === proposalId);
    const forest = await this.#foreign.forest(plan, own, hearing.proofs.get(proposalId) ?? []);
    if (forest.length === slotCount(this.#options.rules.profile))
      await submitBlock(client, before(signer, l1, l1.round.acceptanceEnds), { commitment }, plan, forest);
  }

  async #addStake(amount: bigint): Promise<void> {
    const { client, signer } = this.#ports;
    const registry = await client.registry.getAddress();
    const allowance = await client.token.allowance(await signer.getAddress(), registry);
    if (allowance < amount) await approve(client, signer, registry, amount);
    await addStake(client, signer, this.#options.index, amount);
  }

  /** What its owner has of the native token, wei. */
  async #balanceAt({ block }: L1View): Promise<bigint> {
    if (this.#balance?.block !== block.hash) {
      const { client, signer } = this.#ports;
      this.#balance = { block: block.hash, amount: await client.token.balanceOf(await signer.getAddress()) };
    }
    return this.#balance.amount;
  }

  async #claim(l1: L1View): Promise<void> {
    const { client, signer } = this.#ports;
    const { index } = this.#options;
    await claimProver(client, signer, index, claimsOf(l1, index));
  }

  #plan(proposalId: bigint, l1: L1View): BlockPlan | undefined {
    const commit = commitIn(l1, proposalId);
    if (commit === undefined) return undefined;
    // What was sent for the block that it was is worth nothing for the one that it is.
    const forget = (): void => {
      for (const key of this.#sent) if (key.startsWith(slotKey(proposalId, ""))) this.#sent.delete(key);
    };
    return this.#plans.of(l1, commit, () => this.#votesFor(proposalId), forget);
  }

  /** What it has done, without proofs for what L1 has taken back. */
  #ownAt(l1: L1View): ProverOwn {
    const names = new Map(l1.open.map((commit) => [commit.proposalId, planName(l1, commit)]));
    const isGood = ({ proposalId, plan }: ProofEntry): boolean => (names.get(proposalId) ?? plan) === plan;
    return { ...this.#own, proofs: this.#own.proofs.filter(isGood) };
  }

  /** Its own and those that it has heard: whatever else was cast, its proofs do not show. */
  #votesFor(proposalId: bigint): Vote[] {
    const isMeant = (entry: { readonly proposalId: bigint }): boolean => entry.proposalId === proposalId;
    const heard = this.#own.ballots.find(isMeant)?.votes ?? this.#ports.hearing.votes.get(proposalId)?.map(encodeVote);
    const own = this.#own.votes.filter(isMeant).map(({ vote }) => vote);
    return [...new Set([...own, ...(heard ?? [])])].map(decodeVote);
  }

  #proofOf(proposalId: bigint, slot: number, l1: L1View): ProofEntry {
    return this.#ownAt(l1).proofs.find((entry) => entry.proposalId === proposalId && entry.slot === slot)!;
  }

  async #publish<T extends Topic>(topic: T, message: Messages[T]): Promise<void> {
    const { gossip, identity } = this.#ports;
    await gossip.publish(topic, sealEnvelope(identity, topic, encodeMessage(topic, message)));
  }

  async #write(entry: ProverEntry): Promise<void> {
    await this.#journal.append(entry);
    this.#own = proverOwn(this.#own, entry);
  }

  async #countLapses(l1: L1View): Promise<void> {
    const lapses = afterCommits(this.#lapses, l1, this.#own);
    if (lapses === this.#lapses) return;
    this.#lapses = lapses;
    await this.#ports.store.write(new Map([[LAPSES, encodeLapses(lapses)]]));
  }

  /** Forgets rounds that are decided. */
  async #forget({ round, open, now }: L1View): Promise<void> {
    const { duties, jobs } = this.#ports.database;
    for (const id of this.#plans.keep(open)) jobs.abort(id, "its round is decided");
    if (this.#journal.entries.every(({ roundNumber }) => roundNumber >= round.roundNumber)) return;
    await this.#journal.prune(round.roundNumber);
    jobs.prune(now);
    duties.forget(this.#votes.key, round.roundNumber);
    this.#own = this.#journal.entries.reduce(proverOwn, NO_DUTIES);
  }
}

const commitIn = ({ open }: L1View, proposalId: bigint): L1Commit | undefined =>
  open.find((commit) => commit.proposalId === proposalId);
