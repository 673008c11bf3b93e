/** Lines are this far apart, milliseconds. */
const INTERVAL = 2_000;

/** Says how far something is and how long the rest may take, as long as it goes on like this. */
export class Progress {
  readonly #name: string;
  readonly #all: number;
  readonly #note: (line: string) => void;
  readonly #start = performance.now();
  #last = performance.now();
  #done = 0;

  constructor(name: string, all: number, note: (line: string) => void) {
    this.#name = name;
    this.#all = all;
    this.#note = note;
  }

  step(): void {
    this.#done++;
    const now = performance.now();
    if (now - this.#last < INTERVAL) return;
    this.#last = now;
    const left = ((now - this.#start) / this.#done) * (this.#all - this.#done);
    this.#note(`${this.#name}: ${this.#done} of ${this.#all}, ${Math.ceil(left / 1_000)} s left`);
  }
}
