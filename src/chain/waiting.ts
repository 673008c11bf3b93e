/** Whoever waits for an L1: who may stop that, and who is told. */
export interface Patience {
  /** Aborted when the user asks to stop. */
  readonly signal?: AbortSignal | undefined;
  /** Gets a line about what is waited for, when it takes long. */
  readonly onWait?: ((line: string) => void) | undefined;
}

/** How long nothing is said, and how often then. */
const FIRST_NOTE_MS = 2_000;
const NOTE_INTERVAL_MS = 10_000;

/** Waits for what another machine does: stops at once when it is asked to, and says what for. */
export class Waiting {
  readonly signal: AbortSignal | undefined;
  readonly #onWait: (line: string) => void;
  /** Of several things that are waited for at a time one is named. */
  #quietUntil = 0;

  constructor({ signal, onWait = () => undefined }: Patience = {}) {
    this.signal = signal;
    this.#onWait = onWait;
  }

  /**
   * @param what for the line, asked for when it is shown
   * @throws the signal's reason
   */
  async until<T>(task: Promise<T>, what: () => string): Promise<T> {
    const { signal } = this;
    const started = performance.now();
    const note = (): void => {
      const now = performance.now();
      if (now >= this.#quietUntil) {
        this.#quietUntil = now + FIRST_NOTE_MS;
        this.#onWait(`waiting for ${what()} (${Math.round((now - started) / 1_000)} s)`);
      }
      timer = setTimeout(note, NOTE_INTERVAL_MS);
    };
    let timer = setTimeout(note, FIRST_NOTE_MS);
    let stop = (): void => undefined;
    const stopped = new Promise<never>((_, reject) => {
      stop = () => reject(signal!.reason as Error);
    });
    try {
      signal?.throwIfAborted();
      signal?.addEventListener("abort", stop, { once: true });
      return await (signal ? Promise.race([task, stopped]) : task);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      // Nobody waits for it any more, whatever becomes of it.
      task.catch(() => undefined);
    }
  }
}
