import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../log/index.ts";

/** What one part may take to close, ms. All of a node has five seconds. */
const PART_MS = 1_500;

interface Part {
  readonly name: string;
  readonly close: () => Promise<void> | void;
}

/** Closes parts in the reverse order of their beginning, each in its time: one that hangs does not keep the rest. */
export class Closing {
  readonly #parts: Part[] = [];
  readonly #log: Log;
  readonly #partMs: number;
  #closing: Promise<void> | undefined;

  constructor(log: Log, partMs = PART_MS) {
    this.#log = log;
    this.#partMs = partMs;
  }

  add(name: string, close: Part["close"]): void {
    this.#parts.push({ name, close });
  }

  /** Once, however often it is asked for. Never throws. */
  close(): Promise<void> {
    return (this.#closing ??= this.#closeAll());
  }

  async #closeAll(): Promise<void> {
    for (let part = this.#parts.pop(); part !== undefined; part = this.#parts.pop()) await this.#closePart(part);
  }

  async #closePart({ name, close }: Part): Promise<void> {
    const timer = new AbortController();
    try {
      const late = sleep(this.#partMs, "late" as const, { signal: timer.signal }).catch(() => "late" as const);
      const end = await Promise.race([Promise.resolve(close()), late]);
      if (end === "late")
        this.#log.warn("close-late", `${name} does not close in ${this.#partMs} ms, and is left`, { part: name });
    } catch (error) {
      this.#log.warn("close-failed", `${name} does not close in order: ${(error as Error).message}`, {
        part: name,
        error,
      });
    } finally {
      timer.abort();
    }
  }
}
