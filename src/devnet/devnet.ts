import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hexlify } from "ethers";
import { BlobFolder } from "../blobs/folder.ts";
import { makeFolder } from "../chain/folders.ts";
import { B52Error } from "../protocol/errors.ts";
import { L1Reader } from "../roles/index.ts";
import { projectPath } from "../setup/project.ts";
import { accountsOf } from "../sim/cast.ts";
import { MemoryStore } from "../state/store.ts";
import { syncWithL1 } from "../sync/sync.ts";
import { SyncedState } from "../sync/syncedState.ts";
import { apiOf } from "./api.ts";
import { balanceBooks } from "./books.ts";
import { type DevnetL1, type L1Kind, startL1 } from "./l1.ts";
import { DevnetNode } from "./node.ts";
import { openStage, requireWindows, type Role, type Stage, type StageOptions, writeRole } from "./stage.ts";
import type { DevnetStatus, ProgramStatus } from "./status.ts";
import { type TallyFigures, TallyReader } from "./tally.ts";
import { Traces } from "./traces.ts";
import { Traffic } from "./traffic.ts";

export interface DevnetOptions extends Pick<
  StageOptions,
  "provers" | "proposers" | "proposalWindow" | "acceptanceWindow" | "seed" | "signal" | "note"
> {
  /** An L1 of its own, or the address of one for development. */
  readonly l1: L1Kind | { readonly url: string };
  /** Whether logs and data stay, however it ends. */
  readonly keep?: boolean;
  /** What the environment of a program has besides this process's. */
  readonly env?: (role: Role) => Readonly<Record<string, string>>;
}

/** How often a program is started again that has ended by itself. */
const MAX_RESTARTS = 3;

/** Milliseconds between two looks at all that the devnet shows. */
const LOOK_MS = 1_000;

/** How long programs, and L1 after them, may take to stop in order, ms. */
const STOP_MS = { nodes: 3_500, l1: 500 };

/** What a devnet has done, as its last line says it. */
export interface DevnetResult extends TallyFigures {
  readonly conserved: true;
  readonly proofs: number;
  /** Of programs, for whatever reason. */
  readonly restarts: number;
  readonly l1: L1Kind | "url";
}

/** A program ends again and again. */
export class UnstableProgramError extends B52Error {
  constructor(name: string, logFile: string) {
    super(`${name} has ended by itself more than ${MAX_RESTARTS} times; ${logFile} tells why`, { name, logFile });
  }
}

/**
 * A network on one machine: an L1, a rollup on it, and the programs that operators run, each in a process of its own,
 * which know of each other what they would know anywhere.
 */
export class Devnet {
  readonly stage: Stage;
  readonly nodes: DevnetNode[];
  readonly traffic: Traffic;
  readonly #l1: DevnetL1 | undefined;
  readonly #options: DevnetOptions;
  readonly #traces: Traces;
  readonly #tally: TallyReader;
  readonly #reader: L1Reader;
  readonly #stopTraffic = new AbortController();
  #trafficEnds: Promise<void> = Promise.resolve();

  private constructor(traces: Traces, stage: Stage, l1: DevnetL1 | undefined, options: DevnetOptions) {
    const { client, cast } = stage.world;
    this.#traces = traces;
    this.stage = stage;
    this.nodes = stage.roles.map((role) => new DevnetNode(role, traces.folder, options.env?.(role)));
    this.#l1 = l1;
    this.#options = options;
    const { proposalWindow, acceptanceWindow } = options;
    this.#tally = new TallyReader(client, {
      proposal: BigInt(proposalWindow),
      acceptance: BigInt(acceptanceWindow),
    });
    this.#reader = new L1Reader({ client });
    // A block of this rollup holds a handful.
    const every = acceptanceWindow / 16;
    this.traffic = new Traffic(
      {
        ...{ seed: options.seed, users: cast.users, newcomers: cast.newcomers.slice(0, -1) },
        ...{ transferEverySeconds: every, depositEverySeconds: 8 * every },
      },
      { client, log: options.note, ...apiOf(() => this.follower.addresses?.api) },
    );
  }

  /** Starts everything, and waits until each program can do its work. What fails ends what was begun. */
  static async start(options: DevnetOptions): Promise<Devnet> {
    const { l1: wanted, signal, note, keep = false } = options;
    requireWindows(options);
    await makeFolder(projectPath("build", "devnet"));
    const folder = await mkdtemp(projectPath("build", "devnet", "run-"));
    const label = `devnet-${hexlify(randomBytes(4)).slice(2)}`;
    const traces = new Traces(folder, label);
    // Whoever asks twice to stop, or for whom stopping takes too long, is left with nothing, too, unless it has run:
    // its sums have not been seen then.
    let hasRun = false;
    signal.addEventListener("abort", () => traces.removeAtExit(keep || hasRun), { once: true });
    let l1: DevnetL1 | undefined;
    let devnet: Devnet | undefined;
    try {
      if (typeof wanted === "string") {
        note(`starting ${wanted}`);
        l1 = await startL1(wanted, folder, signal);
      }
      const rpc = l1?.url ?? (wanted as { readonly url: string }).url;
      const stage = await openStage({ ...options, rpc, folder, label });
      traces.addKeys(
        stage.roles.flatMap(({ address }) => address ?? []),
        stage.world.client.deployment,
      );
      devnet = new Devnet(traces, stage, l1, options);
      await devnet.#startNodes();
      devnet.#trafficEnds = devnet.traffic.run(devnet.#stopTraffic.signal);
      hasRun = true;
      return devnet;
    } catch (error) {
      if (devnet !== undefined) await devnet.stop();
      else await l1?.program.stop(STOP_MS.l1);
      const isLeft = traces.remove(keep || !signal.aborted);
      if (isLeft) note(`what is there of logs and data is in ${folder}`);
      throw error;
    }
  }

  /** For all files of this run. */
  get folder(): string {
    return this.#traces.folder;
  }

  get follower(): DevnetNode {
    return this.nodes[0]!;
  }

  /** @throws if there is none */
  node(name: string): DevnetNode {
    const found = this.nodes.find((node) => node.name === name);
    if (found === undefined)
      throw new B52Error(`no program ${name}, expected one of ${this.nodes.map((node) => node.name).join(", ")}`);
    return found;
  }

  /** Undefined if it was there before. */
  get l1(): DevnetL1 | undefined {
    return this.#l1;
  }

  /** Where L1 is. */
  get rpc(): string {
    return this.#l1?.url ?? (this.#options.l1 as { readonly url: string }).url;
  }

  /** Starts one more follower, which sends nothing. Settles when it can do its work. */
  async addFollower(name: string): Promise<DevnetNode> {
    const role = await writeRole({ rpc: this.rpc, folder: this.folder, role: "follower", name });
    const node = new DevnetNode(role, this.folder, this.#options.env?.(role));
    this.nodes.push(node);
    node.start(reachable(this.follower));
    await node.ready(this.#options.signal);
    return node;
  }

  /** Starts a program again. Settles when it can do its work. */
  async restart(node: DevnetNode): Promise<void> {
    node.start(this.nodes.flatMap((other) => (other === node ? [] : reachable(other))));
    await node.ready(this.#options.signal);
  }

  /** Everything that there is to show. Starts programs again that have ended by themselves. */
  async look(): Promise<DevnetStatus> {
    if (this.#l1?.program.exit !== undefined) await this.#l1.program.watch();
    for (const node of this.nodes.filter(({ isMissing }) => isMissing)) await this.#restart(node);
    const [l1, figures, programs] = await Promise.all([
      this.#reader.read(),
      this.#tally.read(),
      Promise.all(this.nodes.map(programStatus)),
    ]);
    const names = new Map(this.stage.roles.flatMap(({ name, address }) => (address ? [[address, name]] : [])));
    return { l1, figures, traffic: this.traffic.figures, programs, names };
  }

  /** Until that many heights are final. @param onStatus is told every second */
  async run(heights: number, onStatus: (status: DevnetStatus) => void): Promise<void> {
    const { signal } = this.#options;
    signal.throwIfAborted();
    const aborted = once(signal, "abort").then(() => Promise.reject(signal.reason as Error));
    aborted.catch(() => undefined);
    for (;;) {
      signal.throwIfAborted();
      // An L1 that is silent need not keep it.
      const status = await Promise.race([this.look(), aborted]);
      onStatus(status);
      if (status.figures.heights >= heights) return;
      await sleep(LOOK_MS, undefined, { signal });
    }
  }

  /**
   * Ends the traffic and all programs, and checks that no wei has come from nowhere or gone nowhere.
   * @param signal by default that of the devnet
   * @throws {NotConservedError}
   */
  async balance(signal: AbortSignal = this.#options.signal): Promise<DevnetResult> {
    this.#stopTraffic.abort();
    await this.#trafficEnds;
    await Promise.all(this.nodes.map((node) => node.look()));
    // What programs send now would move what is being counted.
    await this.#stopNodes();
    const { client, cast } = this.stage.world;
    const accounts = accountsOf(cast.users);
    const synced = await SyncedState.open(new MemoryStore(), client.deployment, () => Promise.resolve(accounts));
    const blobs = new BlobFolder(join(this.follower.role.dataDir, "blobs"));
    await syncWithL1(client, synced, { blobs, location: "memory", signal });
    const proposers = cast.proposers.map(({ address }) => address);
    await balanceBooks(client, proposers, synced);
    const sum = (value: (node: DevnetNode) => number): number => this.nodes.reduce((all, node) => all + value(node), 0);
    return {
      ...(await this.#tally.read()),
      conserved: true,
      proofs: sum(({ proofs }) => proofs),
      restarts: sum(({ restarts }) => restarts),
      l1: this.#l1?.kind ?? "url",
    };
  }

  /** Ends all programs, L1 last. */
  async stop(): Promise<void> {
    this.#stopTraffic.abort();
    await this.#stopNodes();
    await this.#trafficEnds;
    await this.stage.close();
    await this.#l1?.program.stop(STOP_MS.l1);
  }

  /**
   * Removes what a devnet that has stopped has left.
   * @param isFailure leaves logs and data for somebody to read @returns whether they are left
   */
  removeTraces(isFailure: boolean): boolean {
    return this.#traces.remove(isFailure || this.#options.keep === true);
  }

  async #startNodes(): Promise<void> {
    const { note } = this.#options;
    note(`starting ${this.nodes.length} programs; their logs are in ${this.folder}`);
    const { signal } = this.#options;
    this.follower.start([]);
    await this.follower.listening(signal);
    for (const node of this.nodes.slice(1)) node.start(reachable(this.follower));
    await Promise.all(this.nodes.map((node) => node.ready(signal)));
  }

  async #stopNodes(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop(STOP_MS.nodes)));
  }

  async #restart(node: DevnetNode): Promise<void> {
    const { exit, logFile } = node.program!;
    this.#options.note(`${node.name} has ended (${exit?.signal ?? `exit code ${exit?.code}`}), and is started again`);
    if (node.restarts >= MAX_RESTARTS) throw new UnstableProgramError(node.name, logFile);
    await this.restart(node);
  }
}

/** libp2p addresses of a program that runs. */
const reachable = ({ addresses, isMissing }: DevnetNode): readonly string[] =>
  isMissing ? [] : (addresses?.addresses ?? []);

async function programStatus(node: DevnetNode): Promise<ProgramStatus> {
  const { name, program } = node;
  if (program === undefined || program.exit !== undefined)
    return { name, pid: program?.pid ?? 0, trouble: "it does not run", peers: undefined };
  const [trouble, peers] = await Promise.all([node.trouble(), node.look()]);
  return { name, pid: program.pid, trouble: trouble?.split("\n", 1)[0], peers };
}
