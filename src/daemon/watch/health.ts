import type { Log } from "../../log/index.ts";

/** `degraded`: it works, and somebody should look. `down`: the program cannot do its work. */
export type Condition = "ok" | "degraded" | "down";

export interface Component {
  readonly condition: Condition;
  /** What was found, in a clause. */
  readonly detail: string;
}

export type NamedComponent = Component & { readonly name: string };

/** Milliseconds between two warnings about the same. */
const REMIND_MS = 60_000;

/** What state the parts of a program are in. Each is asked when somebody wants to know. */
export class Health {
  readonly #parts = new Map<string, () => Component>();
  readonly #log: Log;
  readonly #now: () => number;
  /** When each part that is down was last warned of. */
  readonly #warned = new Map<string, number>();

  constructor(log: Log, now: () => number = Date.now) {
    this.#log = log;
    this.#now = now;
  }

  /** Asks `component` from now on, in place of what was asked before under the name. */
  set(name: string, component: () => Component): void {
    this.#parts.set(name, component);
  }

  report(): NamedComponent[] {
    return [...this.#parts].map(([name, component]) => ({ name, ...component() }));
  }

  /** Whether nothing is down. */
  get isReady(): boolean {
    return this.report().every(({ condition }) => condition !== "down");
  }

  /** Warns of what is down, once a minute as long as it is, and says when it is over. */
  remind(): void {
    for (const { name, condition, detail } of this.report()) {
      const warned = this.#warned.get(name);
      if (condition !== "down") {
        if (warned !== undefined)
          this.#log.info("recovered", `${name} is ${condition} again: ${detail}`, { part: name });
        this.#warned.delete(name);
      } else if (warned === undefined || this.#now() - warned >= REMIND_MS) {
        this.#warned.set(name, this.#now());
        this.#log.warn("not-ready", `${name} is down: ${detail}`, { part: name });
      }
    }
  }
}
