import { hashAt, headOf, type L1Head } from "../chain/head.ts";
import type { ChainClient, Commitment, RoundState } from "../chain/index.ts";
import { getCandidate, getQueue, getRoundState } from "../chain/index.ts";
import type { PackedOperation } from "../protocol/operation.ts";
import { roundOf } from "../protocol/round.ts";
import { type Economy, readEconomy } from "./economy.ts";
import { l1View } from "./l1Reading.ts";
import type { L1View } from "./l1View.ts";
import { type L1Span, LogFollower } from "./logFollower.ts";

export interface L1ReaderPorts {
  readonly client: ChainClient;
  /**
   * Told of each new view together with all logs since the one before, so that what is made from logs is of the same
   * block. A span begins at the deployment when L1 was reorganised, and in each process once. If it throws, the view is
   * not shown, and the same logs come again.
   */
  readonly onView?: (view: L1View, span: L1Span) => void;
  /** The latest block that this program has seen, if it looks for blocks; else the node is asked each time. */
  readonly head?: () => L1Head | undefined;
}

/** What registry and rollup were deployed with. */
interface Limits {
  readonly eligibleStake: bigint;
  readonly maxSlotsPerProver: number;
  /** Whether a prover is paid once for a block, not for each slot. */
  readonly isByHead: boolean;
}

/**
 * Reads L1 for roles, once for each block however many ask. It follows the logs from the deployment on; when L1 was
 * reorganised it begins again.
 */
export class L1Reader {
  readonly #client: ChainClient;
  readonly #onView: L1ReaderPorts["onView"];
  readonly #head: () => L1Head | undefined;
  /** Number of a block that this program has acted in, and that the next view must not be older than. */
  #expected = 0;
  readonly #logs: LogFollower;
  #view: L1View | undefined;
  #economy: Economy | undefined;
  #limits: Limits | undefined;
  #reading: Promise<unknown> = Promise.resolve();
  readonly #watchers = new Set<() => void>();
  readonly #keys = new Map<string, readonly bigint[]>();
  readonly #operations = new Map<string, readonly PackedOperation[]>();
  /** Of candidates that somebody owes a proof of: when their slash window ends, Unix seconds. */
  readonly #slashEnds = new Map<bigint, bigint>();

  constructor({ client, onView, head = () => undefined }: L1ReaderPorts) {
    this.#client = client;
    this.#head = head;
    this.#onView = onView;
    this.#logs = new LogFollower(client, onView !== undefined, () => {
      this.#keys.clear();
      this.#operations.clear();
      this.#slashEnds.clear();
    });
  }

  /** L1 at its latest block. */
  async read(): Promise<L1View> {
    const reading = this.#reading.then(async () => this.#read());
    this.#reading = reading.catch(() => undefined);
    return reading;
  }

  /** From now on a view is of this block at least: a transaction of this program is in it. */
  expect(block: number): void {
    this.#expected = Math.max(this.#expected, block);
  }

  /** What was read last, without asking the node; undefined before the first time. */
  get latest(): L1View | undefined {
    return this.#view;
  }

  /** Calls `onChange` whenever somebody has read a new block. @returns how to end that */
  watch(onChange: () => void): () => void {
    this.#watchers.add(onChange);
    return () => this.#watchers.delete(onChange);
  }

  /** What the rollup was deployed with: asked for once. */
  async economy(): Promise<Economy> {
    return (this.#economy ??= await readEconomy(this.#client));
  }

  async #readLimits(): Promise<Limits> {
    const { registry, rollup } = this.#client;
    const [eligibleStake, maxSlots, fairShareBps] = await Promise.all([
      registry.eligibleStake(),
      registry.maxSlotsPerProver(),
      rollup.fairShareBps(),
    ]);
    return { eligibleStake, maxSlotsPerProver: Number(maxSlots), isByHead: fairShareBps > 0n };
  }

  async #read(): Promise<L1View> {
    const { provider, deployment } = this.#client;
    for (;;) {
      const latest = await this.#latest();
      const block = { number: latest.number, hash: latest.hash };
      if (this.#view?.block.hash === block.hash) return this.#view;
      // A node that is behind tells of a block that was followed before.
      if (this.#view !== undefined && block.number < this.#view.block.number && this.#logs.isRecent(block.hash))
        return this.#view;
      const { isByHead, ...limits } = (this.#limits ??= await this.#readLimits());
      const isQuiet = await this.#logs.follow(latest, isByHead);
      const round = await getRoundState(this.#client, block.number);
      await this.#resolve(round);
      const operations = await this.#due(round);
      await this.#forgive(latest.timestamp);
      // All of it belongs to one block if that is still there. Where only the round was read, its successor tells.
      if (!isQuiet && (await hashAt(provider, block.number, block.number)) !== block.hash) continue;
      const view = l1View(this.#logs.history, {
        block,
        now: latest.timestamp,
        round,
        operations,
        keysOf: (commitment) =>
          this.#keys.get(keysId(commitment, true)) ?? this.#keys.get(keysId(commitment, false)) ?? [],
        domain: deployment.domain,
        profile: deployment.profile,
        ...limits,
      });
      this.#tell(view);
      this.#view = view;
      for (const onChange of this.#watchers) onChange();
      return view;
    }
  }

  #tell(view: L1View): void {
    this.#onView?.(view, this.#logs.untold(view.block.number));
    this.#logs.forgetUntold();
  }

  async #latest(): Promise<L1Head> {
    const seen = this.#head();
    return seen !== undefined && seen.number >= this.#expected ? seen : headOf(this.#client.provider);
  }

  /** Looks up the keys of the slots of every commit that may still win. */
  async #resolve({ round, eligibleAt, opens, proposalEnds }: RoundState): Promise<void> {
    const wanted = new Set<string>();
    for (const commitment of this.#logs.history.commits.all) {
      const { height, attempt } = roundOf(commitment.terms.roundId);
      const isOpen = height === round.height && attempt === round.attempt && commitment.committedAt >= opens;
      const isNext = height === round.height + 1 && attempt === 1 && commitment.committedAt >= proposalEnds;
      if (!isOpen && !isNext) continue;
      const id = keysId(commitment, isOpen);
      wanted.add(id);
      if (this.#keys.has(id)) continue;
      // The next round opens when the acceptance window of this one begins.
      const [keys] = await this.#client.registry.resolve(
        commitment.transcript,
        isOpen ? eligibleAt : proposalEnds - 1n,
      );
      this.#keys.set(id, [...keys]);
    }
    for (const id of [...this.#keys.keys()]) if (!wanted.has(id)) this.#keys.delete(id);
  }

  /** Forgets what the court can no longer charge. */
  async #forgive(now: bigint): Promise<void> {
    for (const proposalId of new Set(this.#logs.history.provers.debts.map((debt) => debt.proposalId))) {
      let until = this.#slashEnds.get(proposalId);
      if (until === undefined) {
        const [candidate, slashWindow] = await Promise.all([
          getCandidate(this.#client, proposalId),
          this.#client.court.slashWindow(),
        ]);
        until = (candidate?.acceptanceEnds ?? 0n) + slashWindow;
        this.#slashEnds.set(proposalId, until);
      }
      if (now < until) continue;
      this.#logs.history.provers.forgive(proposalId);
      this.#slashEnds.delete(proposalId);
    }
  }

  async #due({ due }: RoundState): Promise<readonly PackedOperation[]> {
    if (due.count === 0) return [];
    const id = `${due.first} ${due.count}`;
    const known = this.#operations.get(id);
    if (known !== undefined) return known;
    const operations = (await getQueue(this.#client, due)).map(({ packed }) => packed);
    this.#operations.clear();
    this.#operations.set(id, operations);
    return operations;
  }
}

/** A commit is named once in a block. Who is eligible is certain when its round is open, and foreseen before. */
const keysId = ({ proposer, orderCommitment, committedAt }: Commitment, isOpen: boolean): string =>
  [proposer, orderCommitment, committedAt, isOpen].join();
