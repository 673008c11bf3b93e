import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { LogLine } from "../../log/index.ts";

/** A number as it is now; undefined where there is none yet. */
type Reading = number | undefined;

/** Codes of all errors, see docs/logs.md. */
export const ERROR_CODES = ["api-fault", "key-in-use", "role-failed", "transactions-ended"] as const;

/** All numbers of a program, for Prometheus. Modules give plain values; only this file knows its client. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #lines: Counter<"level" | "code">;
  readonly #actions: Counter<"action">;
  readonly #messages: Counter<"topic" | "verdict">;
  readonly #proofs: Histogram<"circuit">;

  constructor() {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#lines = new Counter({
      ...{ name: "b52_log_lines_total", help: "Lines of the log, by level and code.", registers },
      labelNames: ["level", "code"],
    });
    // Prometheus sees no growth of what was not there before.
    for (const code of ERROR_CODES) this.#lines.inc({ level: "error", code }, 0);
    this.#actions = new Counter({
      ...{ name: "b52_actions_total", help: "What the role has done, by kind.", registers },
      labelNames: ["action"],
    });
    this.#messages = new Counter({
      ...{ name: "b52_gossip_messages_total", help: "Messages from peers, by topic and verdict.", registers },
      labelNames: ["topic", "verdict"],
    });
    this.#proofs = new Histogram({
      ...{ name: "b52_proof_seconds", help: "What proofs took, by circuit.", registers },
      labelNames: ["circuit"],
      buckets: [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256],
    });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** Counts a line of the log, and what it tells. */
  onLine({ level, code, fields }: LogLine): void {
    this.#lines.inc({ level, code });
    if (code === "done" && typeof fields["action"] === "string") this.#actions.inc({ action: fields["action"] });
    const { circuit, seconds } = fields;
    if (code === "proven" && typeof circuit === "string" && typeof seconds === "number")
      this.#proofs.observe({ circuit }, seconds);
  }

  onVerdict(topic: string | undefined, verdict: string): void {
    this.#messages.inc({ topic: topic ?? "none", verdict });
  }

  /** Reads a value whenever somebody asks for the numbers. */
  gauge(name: string, help: string, read: () => Reading): void {
    new Gauge({
      ...{ name, help, registers: [this.#registry] },
      collect() {
        const value = read();
        if (value === undefined) this.reset();
        else this.set(value);
      },
    });
  }

  /** The same for values of several things, by the label that tells them apart. */
  gauges(name: string, help: string, label: string, read: () => Readonly<Record<string, Reading>>): void {
    new Gauge({
      ...{ name, help, labelNames: [label], registers: [this.#registry] },
      collect() {
        this.reset();
        for (const [each, value] of Object.entries(read())) if (value !== undefined) this.set({ [label]: each }, value);
      },
    });
  }
}
