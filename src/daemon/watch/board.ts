import type { NodePorts } from "../compose/ports.ts";
import type { RunningRole } from "../compose/role.ts";
import type { BulletinStatus } from "../../gossip/bulletin.ts";
import type { Log } from "../../log/index.ts";
import type { OperatorKeys } from "../../operator/index.ts";
import type { L1Prover, L1View } from "../../roles/index.ts";
import type { Configuration } from "../settings/index.ts";
import {
  balanceComponent,
  blobsComponent,
  clockComponent,
  diskComponent,
  l1Component,
  peersComponent,
  seatComponent,
  stakeComponent,
} from "./components.ts";
import { Facts } from "./facts.ts";
import { Health } from "./health.ts";
import { type Metrics } from "./metrics.ts";
import { type Readings, registerMetrics } from "./nodeMetrics.ts";

const LOOK_MS = 5_000;
const BALANCE_MS = 60_000;
/** The loop of events is taken to hang when it is this late, ms. */
const HANG_MS = 10_000;

/** Brings together what is known of a node, and says it: health, metrics, and whether new promises are held. */
export class Board implements Readings {
  readonly facts: Facts;
  readonly health: Health;
  readonly #configuration: Configuration;
  readonly #log: Log;
  readonly #timers: NodeJS.Timeout[] = [];
  #ports: NodePorts | undefined;
  #role: RunningRole | undefined;
  /** Why the role has ended. */
  #ended: string | undefined;
  #lookedAt = Date.now();
  #cuts = 0;

  constructor(configuration: Configuration, log: Log, metrics: Metrics) {
    const { settings } = configuration;
    this.#configuration = configuration;
    this.#log = log;
    this.facts = new Facts(log, settings.maxClockSkewMs);
    this.health = new Health(log);
    const { facts, health } = this;
    health.set("L1", () => l1Component(facts));
    health.set("peers", () => peersComponent(this.#ports?.network, settings, this.bulletin));
    health.set("disk", () => diskComponent(facts, settings));
    health.set("clock", () => clockComponent(facts, settings));
    health.set("blobs", () => blobsComponent(this.peers ?? 0, this.#ports?.sources.others.length ?? 0));
    health.set("role", () =>
      this.#ended !== undefined
        ? { condition: "down", detail: this.#ended }
        : {
            condition: this.#role === undefined ? "down" : "ok",
            detail: this.#role === undefined ? "starting" : "runs",
          },
    );
    registerMetrics(metrics, this);
    this.#look();
    this.#every(LOOK_MS, () => this.#look());
  }

  get role(): string {
    return this.#configuration.role;
  }

  get peers(): number | undefined {
    return this.#ports?.network.status().peers;
  }

  get l1(): L1View | undefined {
    return this.#ports?.reader.latest;
  }

  get mempool(): number | undefined {
    return this.#role?.mempool?.size;
  }

  get bulletin(): BulletinStatus | undefined {
    return this.#role?.bulletin?.status();
  }

  /** As the registry has it. */
  get prover(): L1Prover | undefined {
    const index = this.#role?.proverIndex;
    return index === undefined ? undefined : this.l1?.provers.find((prover) => prover.index === index);
  }

  /** Whether the loop of events goes round. */
  get isAlive(): boolean {
    return Date.now() - this.#lookedAt < LOOK_MS + HANG_MS;
  }

  /** Whether nothing new may be promised: nobody would hear it, or it could not be written. */
  get isHeld(): boolean {
    const { settings } = this.#configuration;
    const isDown = (condition: string): boolean => condition === "down";
    return (
      isDown(peersComponent(this.#ports?.network, settings).condition) ||
      isDown(diskComponent(this.facts, settings).condition)
    );
  }

  /**
   * How many times it was found that nobody is heard, L1 is not seen, or the process has stood still: it looks now, and
   * every few seconds. Whoever must not miss anything compares two counts.
   */
  countCuts(): number {
    const { facts } = this;
    const peers = peersComponent(this.#ports?.network, this.#configuration.settings);
    if (peers.condition === "down" || facts.l1Failure !== undefined || !this.isAlive) this.#cuts++;
    return this.#cuts;
  }

  watch(ports: NodePorts): void {
    this.#ports = ports;
  }

  follow(role: RunningRole, keys: OperatorKeys | undefined): void {
    this.#role = role;
    if (role.proverIndex !== undefined) this.health.set("stake", () => stakeComponent(this.prover));
    const { seat } = role;
    if (seat !== undefined) this.health.set("seat", () => seatComponent(seat()));
    if (keys === undefined || role.address === undefined) return;
    const accounts = {
      owner: keys.address,
      ...(this.role === "proposer" && { revealer: keys.revealer }),
    };
    const { client } = this.#ports!;
    const read = (): void => {
      this.facts.readBalances(client.provider, accounts).catch((error: unknown) => {
        this.#log.debug("balance-unknown", "balances were not read", { error });
      });
    };
    this.health.set("ether", () => balanceComponent(this.facts.balances));
    read();
    this.#every(BALANCE_MS, read);
  }

  end(why: string): void {
    this.#ended = why;
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  #look(): void {
    this.countCuts();
    this.facts.look();
    this.#lookedAt = Date.now();
    void this.facts.readDisk(this.#configuration.settings.dataDir).catch((error: unknown) => {
      this.#log.debug("disk-unknown", "the free disk was not read", { error });
    });
    if (this.#role !== undefined) this.health.remind();
  }

  #every(ms: number, task: () => void): void {
    this.#timers.push(setInterval(task, ms));
  }
}
