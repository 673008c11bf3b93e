import { setTimeout as sleep } from "node:timers/promises";
import type { StreamEvent } from "../../src/api/schema/index.ts";

/** An event as a stream has it. */
export interface Event {
  readonly id: string;
  readonly data: StreamEvent;
}

/** Reads a stream of server-sent events until it is stopped. */
export function readEvents(url: string, onEvent: (event: Event) => void, lastId?: string): { stop(): void } {
  const stop = new AbortController();
  const read = async (): Promise<void> => {
    const headers: Record<string, string> = lastId === undefined ? {} : { "last-event-id": lastId };
    const response = await fetch(url, { headers, signal: stop.signal });
    let text = "";
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const messages = text.split("\n\n");
      text = messages.pop()!;
      for (const message of messages) {
        const [, id, type, data] = /^id: (.*)\nevent: (.*)\ndata: (.*)$/.exec(message) ?? [];
        if (id === undefined) continue;
        const parsed = JSON.parse(data!) as StreamEvent;
        if (parsed.type !== type) throw new Error(`event ${type} has data of type ${parsed.type}`);
        onEvent({ id, data: parsed });
      }
    }
  };
  read().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return { stop: () => stop.abort() };
}

const PATIENCE_MS = 20_000;

/** What `look` gives as soon as it does not throw any more. */
export async function eventually<T>(look: () => Promise<T>): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() > end) throw error;
      await sleep(20);
    }
  }
}
