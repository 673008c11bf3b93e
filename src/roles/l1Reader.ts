import { type BaseContract, getAddress, type Log } from "ethers";
import { PrunedNodeError } from "../chain/errors.ts";
import { headOf, type L1Head, mayHaveLogs } from "../chain/head.ts";
import type { ChainClient, Commitment, RoundState } from "../chain/index.ts";
import { getCandidate, getQueue, getRoundState } from "../chain/index.ts";
import type { PackedOperation } from "../protocol/operation.ts";
import { roundOf } from "../protocol/round.ts";
import { type Economy, readEconomy } from "./economy.ts";
import { L1History } from "./history/l1History.ts";
import { l1View } from "./l1Reading.ts";
import type { L1View } from "./l1View.ts";

/** Logs of the rollup's contracts in blocks that follow one another. There are no others in these blocks. */
export interface L1Span {
  readonly from: number;
  readonly to: number;
  /** In the order in which L1 has them, those of bridge and bulletin among them. */
  readonly logs: readonly Log[];
}

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

/** Blocks by which a node may be behind for a moment. */
const RECENT = 8;

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
  #history: L1History;
  /** The last block whose logs are in the history. */
  #scanned: { readonly number: number; readonly hash: string } | undefined;
  /** Hashes of the blocks at which it was read last. */
  #recent: readonly string[] = [];
  #view: L1View | undefined;
  /** Logs that nobody was told of yet. */
  #untold: { readonly from: number; readonly logs: Log[] } | undefined;
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
    this.#history = new L1History(client.deployment.profile);
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
      if (this.#view !== undefined && block.number < this.#view.block.number && this.#recent.includes(block.hash))
        return this.#view;
      const { isByHead, ...limits } = (this.#limits ??= await this.#readLimits());
      const isQuiet = await this.#follow(latest, isByHead);
      const round = await getRoundState(this.#client, block.number);
      await this.#resolve(round);
      const operations = await this.#due(round);
      await this.#forgive(latest.timestamp);
      // All of it belongs to one block if that is still there. Where only the round was read, its successor tells.
      if (!isQuiet && (await provider.getBlock(block.number))?.hash !== block.hash) continue;
      const view = l1View(this.#history, {
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
    const { from, logs } = this.#untold ?? { from: view.block.number, logs: [] };
    this.#onView?.(view, { from, to: view.block.number, logs });
    this.#untold = undefined;
  }

  async #latest(): Promise<L1Head> {
    const seen = this.#head();
    return seen !== undefined && seen.number >= this.#expected ? seen : headOf(this.#client.provider);
  }

  #remember(latest: L1Head): void {
    this.#scanned = latest;
    this.#recent = [...this.#recent.slice(1 - RECENT), latest.hash];
  }

  /** Whether the blocks whose logs are in the history are still there. */
  async #isLinked({ number, hash }: L1View["block"], latest: L1Head): Promise<boolean> {
    if (latest.number === number + 1) return latest.parentHash === hash;
    return (await this.#client.provider.getBlock(number))?.hash === hash;
  }

  /**
   * @param latest as it was before its logs are asked for: if it is dropped meanwhile, the next look notices
   * @returns whether it needed no logs, and nothing that is read for the view can have changed
   */
  async #follow(latest: L1Head, isByHead: boolean): Promise<boolean> {
    const { provider, deployment, scan, rollup, registry, court } = this.#client;
    if (this.#scanned !== undefined && !(await this.#isLinked(this.#scanned, latest))) {
      this.#scanned = undefined;
      this.#recent = [];
      this.#untold = undefined;
      this.#keys.clear();
      this.#operations.clear();
      this.#slashEnds.clear();
    }
    if (this.#scanned === undefined) this.#history = new L1History(deployment.profile, isByHead);
    const addresses = deployment.contracts;
    const contracts = new Map<string, Pick<BaseContract, "interface">>([
      [addresses.rollup, rollup],
      [addresses.registry, registry],
      [addresses.court, court],
    ]);
    const isTold = this.#onView !== undefined;
    const address = [...contracts.keys(), ...(isTold ? [addresses.bridge, addresses.bulletin] : [])];
    const from = this.#scanned === undefined ? deployment.started.number : this.#scanned.number + 1;
    if (from === latest.number && !mayHaveLogs(latest, address)) {
      this.#remember(latest);
      return true;
    }
    const logs = await scan.all(from, latest.number, async (fromBlock, toBlock) =>
      // By its hash, a block that the node does not have is an error, not one without logs.
      provider.getLogs(
        fromBlock === latest.number ? { address, blockHash: latest.hash } : { address, fromBlock, toBlock },
      ),
    );
    if (from === deployment.started.number && logs.length === 0) throw new PrunedNodeError(from);
    for (const log of logs) {
      const event = contracts.get(getAddress(log.address))?.interface.parseLog(log);
      if (event) this.#history.apply({ name: event.name, args: event.args.toObject() });
    }
    if (isTold) (this.#untold ??= { from, logs: [] }).logs.push(...logs);
    this.#remember(latest);
    return false;
  }

  /** Looks up the keys of the slots of every commit that may still win. */
  async #resolve({ round, eligibleAt, opens, proposalEnds }: RoundState): Promise<void> {
    const wanted = new Set<string>();
    for (const commitment of this.#history.commits.all) {
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
    for (const proposalId of new Set(this.#history.provers.debts.map((debt) => debt.proposalId))) {
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
      this.#history.provers.forgive(proposalId);
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
