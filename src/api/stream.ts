import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import { ProblemError } from "./problem.ts";
import type { StreamEvent } from "./schema/index.ts";

interface Sent {
  readonly number: number;
  readonly event: StreamEvent;
}

export interface EventStreamOptions {
  readonly maxStreams: number;
  readonly maxEvents: number;
  readonly heartbeatMs: number;
}

/** Bytes that may wait for a reader that is slower than what happens. */
const MAX_WAITING = 1_048_576;

/**
 * What happens, for as many readers as are allowed. The last events are kept, so that a reader that was away goes on
 * where it stopped; who was away for longer, or whose node was restarted, is told to begin anew.
 */
export class EventStream {
  /** Tells the ids of this process from those of others. */
  readonly #run = randomBytes(4).toString("hex");
  readonly #options: EventStreamOptions;
  readonly #kept: Sent[] = [];
  readonly #readers = new Set<ServerResponse>();
  #next = 1;
  readonly #heart: NodeJS.Timeout;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#heart = setInterval(() => this.#write(":\n\n"), options.heartbeatMs);
    this.#heart.unref();
  }

  get readers(): number {
    return this.#readers.size;
  }

  push(event: StreamEvent): void {
    const sent = { number: this.#next++, event };
    this.#kept.push(sent);
    if (this.#kept.length > this.#options.maxEvents) this.#kept.shift();
    this.#write(this.#encode(sent));
  }

  /** @throws {ProblemError} where a further reader has no place */
  requireRoom(): void {
    const { maxStreams } = this.#options;
    if (this.#readers.size < maxStreams) return;
    throw new ProblemError("too-many-streams", `${maxStreams} streams are open, expected fewer: come again later`);
  }

  /**
   * Begins with what came after `lastId`, or with `reset`.
   * @param response that nothing was written to
   * @param headers that it begins with
   */
  add(
    response: ServerResponse,
    headers: Readonly<Record<string, string>>,
    lastId: string | undefined,
    block: { readonly number: number; readonly hash: string } | undefined,
  ): void {
    response.writeHead(200, { ...headers, "content-type": "text/event-stream", "cache-control": "no-store" });
    const missed = this.#after(lastId);
    if (missed === undefined)
      response.write(this.#encode({ number: this.#next - 1, event: { type: "reset", block: block ?? null } }));
    else for (const sent of missed) response.write(this.#encode(sent));
    this.#readers.add(response);
    response.on("close", () => this.#readers.delete(response));
    response.on("error", () => this.#readers.delete(response));
  }

  close(): void {
    clearInterval(this.#heart);
    for (const reader of this.#readers) reader.end();
    this.#readers.clear();
  }

  /** Undefined where these are not all there. */
  #after(lastId: string | undefined): readonly Sent[] | undefined {
    const [run, number] = lastId?.split("-") ?? [];
    if (run !== this.#run || number === undefined || !/^\d{1,15}$/.test(number)) return undefined;
    const last = Number(number);
    const first = this.#kept[0]?.number ?? this.#next;
    if (last < first - 1 || last >= this.#next) return undefined;
    return this.#kept.filter((sent) => sent.number > last);
  }

  #encode({ number, event }: Sent): string {
    return `id: ${this.#run}-${number}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
  }

  #write(text: string): void {
    for (const reader of this.#readers) {
      reader.write(text);
      // It comes back and goes on from what it has heard.
      if (reader.writableLength > MAX_WAITING) reader.destroy();
    }
  }
}
