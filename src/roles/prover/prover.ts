import type { SecretKey } from "../../protocol/eddsa.ts";
import { keyOf } from "../../protocol/keys.ts";
import type { Proposal } from "../../protocol/proposal.ts";
import type { Rules } from "../../state/executor.ts";
import { rollupName } from "../../sync/names.ts";
import { type Wait, waitUntil } from "../action.ts";
import { countVoters, openRounds } from "../hearing.ts";
import { Journal } from "../journal.ts";
import type { L1View } from "../l1View.ts";
import { outputKey } from "../lateOutputs.ts";
import { type Drive, drive } from "../loop.ts";
import { Memory } from "../memory.ts";
import { StoredValue } from "../storedValue.ts";
import { Deliverer, type DelivererPorts } from "./deliverer.ts";
import { afterCommits, decodeLapses, encodeLapses, type Lapses } from "./lapses.ts";
import { nextProver } from "./next.ts";
import { OpenPlans } from "./openPlans.ts";
import { NO_DUTIES, ownAt, proverEntry, type ProverMemory, proverOwn, type ProverOwn } from "./own.ts";
import { ProofMaker, type ProofMakerPorts } from "./proofMaker.ts";
import { Treasurer } from "./treasurer.ts";
import { type ProverAction, type ProverPolicy, type ProverView, slotKey } from "./view.ts";
import { Voter } from "./voter.ts";

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

export type ProverPorts = ProofMakerPorts & DelivererPorts;

/** Votes for blocks, proves what committed transcripts assign to it, and delivers. */
export class Prover implements Drive<ProverAction> {
  readonly name: string;
  readonly #options: ProverOptions;
  readonly #ports: ProverPorts;
  readonly #key: bigint;
  readonly #memory: ProverMemory;
  readonly #lapses: StoredValue<Lapses>;
  /** See `ProverView`. */
  readonly #sent = new Set<string>();
  readonly #plans: OpenPlans;
  readonly #voter: Voter;
  readonly #maker: ProofMaker;
  readonly #deliverer: Deliverer;
  readonly #treasurer: Treasurer;
  /** What the last decision was made by, and is acted by: L1 may have moved on since, and says so. */
  #seen: L1View | undefined;

  constructor(options: ProverOptions, ports: ProverPorts) {
    const { name, index, secret, rules, onDone, isAlone = false, countCuts = () => 0 } = options;
    this.name = name;
    this.#options = options;
    this.#ports = ports;
    this.#key = keyOf(secret);
    const journal = new Journal(ports.store, proverEntry, rollupName(ports.client.deployment));
    this.#memory = new Memory(journal, proverOwn, NO_DUTIES);
    this.#lapses = new StoredValue(ports.store, "lapsed votes", { encode: encodeLapses, decode: decodeLapses });
    this.#plans = new OpenPlans(rules, ports, this.#memory, (proposalId) => {
      const stale = [slotKey(proposalId, ""), outputKey(proposalId, "")];
      for (const key of this.#sent) if (stale.some((prefix) => key.startsWith(prefix))) this.#sent.delete(key);
    });
    this.#voter = new Voter({ secret, isAlone, countCuts }, ports, this.#memory, this.#sent);
    this.#maker = new ProofMaker({ secret, onDone: (action) => onDone?.(action) }, ports, this.#memory, this.#plans);
    this.#deliverer = new Deliverer(ports, this.#memory, this.#plans, this.#sent);
    this.#treasurer = new Treasurer(ports, index);
  }

  /** What it has promised and made. */
  get own(): ProverOwn {
    return this.#memory.own;
  }

  /** Runs until the signal is aborted. Proofs in hand are given up then, and made anew after a restart. */
  async run(signal: AbortSignal): Promise<void> {
    const { waker, gossip, hearing } = this.#ports;
    hearing.listen(gossip, ["proposals", "votes", "proofs"], () => waker.wake());
    await drive(this, this.#ports, signal);
    await this.#maker.settle();
  }

  async next(refused: ReadonlySet<string>, signal?: AbortSignal): Promise<ProverAction | Wait> {
    this.#maker.throwIfFailed();
    const { next = nextProver, policy } = this.#options;
    const l1 = (this.#seen = await this.#catchUp(signal));
    const view = await this.#look(l1, refused);
    const silent = await this.#voter.silentUntil(l1);
    const own = ownAt(l1, this.own);
    if (silent === undefined) return next(view, own, policy);
    const action = next({ ...view, offers: [] }, own, policy);
    if (action.kind !== "wait") return action;
    const { until } = action;
    return waitUntil(until !== undefined && until < silent ? until : silent);
  }

  async perform(action: ProverAction, signal: AbortSignal): Promise<void> {
    await this.#do(action, this.#seen!, signal);
    // Of a proof that has only begun it tells when it is made.
    if (action.kind !== "prove") this.#options.onDone?.(action);
  }

  async #do(action: ProverAction, l1: L1View, signal: AbortSignal): Promise<void> {
    switch (action.kind) {
      case "keep":
        return this.#voter.keep(action.proposalId, l1);
      case "vote":
        return this.#voter.vote(action);
      case "sayVote":
        return this.#voter.say(action.proposalId);
      case "prove":
        return this.#maker.begin(action, l1, signal);
      case "publish":
        return this.#deliverer.publish(action, l1);
      case "handIn":
        return this.#deliverer.handIn(action, l1);
      case "complete":
        return this.#deliverer.complete(action.proposalId, l1);
      default:
        return this.#treasurer.perform(action, l1);
    }
  }

  /** Reads L1, and brings what it knows to the same block. */
  async #catchUp(signal?: AbortSignal): Promise<L1View> {
    const { reader, ledger, hearing, log } = this.#ports;
    const l1 = await reader.read();
    if (ledger.head !== l1.finalProposal) await ledger.sync(signal);
    hearing.prune(l1);
    await this.#forget(l1);
    await this.#voter.adoptOnce(l1);
    await this.#countLapses(l1);
    await ledger.learn(l1, log, signal);
    return l1;
  }

  /** Puts together what the decision follows from. */
  async #look(l1: L1View, refused: ReadonlySet<string>): Promise<ProverView> {
    const { reader, hearing } = this.#ports;
    const { index, rules, policy } = this.#options;
    const isOpen = ({ roundId, parent }: Proposal): boolean =>
      openRounds(l1).some((round) => round.roundId === roundId && round.parents.includes(parent));
    const offers = [...hearing.proposals]
      .filter(([, { proposal }]) => isOpen(proposal))
      .map(([proposalId, { proposal, burnBid }]) => ({ ...proposal, proposalId, burnBid }));
    const provable = l1.open.filter(
      ({ proposalId, reveal }) => reveal !== undefined && this.#plans.of(proposalId, l1) !== undefined,
    );
    return {
      ...{ l1, index, offers, refused },
      forest: rules.profile,
      key: this.#key,
      economy: await reader.economy(),
      ...(await this.#treasurer.look(l1, policy)),
      voters: new Map([...hearing.votes].map(([id, votes]) => [id, countVoters(votes)])),
      provable: new Set(provable.map(({ proposalId }) => proposalId)),
      proofs: this.#deliverer.heard,
      rates: this.#maker.rates,
      lapses: this.#lapses.value,
      inHand: this.#maker.inHand,
      sent: this.#sent,
    };
  }

  async #countLapses(l1: L1View): Promise<void> {
    const lapses = afterCommits(this.#lapses.value, l1, this.own);
    if (lapses !== this.#lapses.value) await this.#lapses.write(lapses);
  }

  /** Forgets rounds that are decided. */
  async #forget({ round, open, now }: L1View): Promise<void> {
    const { jobs } = this.#ports.database;
    for (const id of this.#plans.keep(open)) jobs.abort(id, "its round is decided");
    if (!(await this.#memory.forget(round.roundNumber))) return;
    jobs.prune(now);
    this.#voter.forget(round.roundNumber);
  }
}
