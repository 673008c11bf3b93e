import type { SumName } from "./circuitKey.ts";

/** Some windows of a sum: what one thread works out at a time. */
export interface Part {
  readonly sum: SumName;
  readonly first: number;
  readonly windows: number;
  /** Of the result. */
  readonly bytes: number;
}

/** What a board is made of: threads pass it on as it is. */
export interface BoardData {
  readonly parts: readonly Part[];
  readonly buffer: SharedArrayBuffer;
  readonly witnessBytes: number;
  readonly quotientBytes: number;
}

/** Words of the buffer. The states of the parts follow. */
const CHANGES = 0;
const QUOTIENT_IS_READY = 1;
const IS_RECALLED = 2;
const STATES = 3;

const FREE = 0;
const DONE = 1;
/** A part's state while the thread of number `i` works on it is `TAKEN + i`. */
const TAKEN = 2;

/**
 * What threads share that make one proof together: the witness, the quotient, and who does which part. A thread whose
 * part nobody else has waits for none of the others.
 */
export class Board {
  readonly data: BoardData;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #seconds: Float64Array;
  readonly #resultsAt: number;

  constructor(data: BoardData) {
    this.data = data;
    const { words, secondsAt, resultsAt } = layout(data.parts, data.witnessBytes + data.quotientBytes);
    this.#words = new Int32Array(data.buffer, 0, words);
    this.#seconds = new Float64Array(data.buffer, secondsAt, data.parts.length);
    this.#resultsAt = resultsAt;
  }

  static create(parts: readonly Part[], witness: Uint8Array, quotientBytes: number): Board {
    const { length } = layout(parts, witness.length + quotientBytes);
    const buffer = new SharedArrayBuffer(length);
    const board = new Board({ parts, buffer, witnessBytes: witness.length, quotientBytes });
    board.witness.set(witness);
    return board;
  }

  get witness(): Uint8Array {
    const { buffer, witnessBytes, quotientBytes } = this.data;
    return new Uint8Array(buffer, buffer.byteLength - witnessBytes - quotientBytes, witnessBytes);
  }

  get quotient(): Uint8Array {
    const { buffer, quotientBytes } = this.data;
    return new Uint8Array(buffer, buffer.byteLength - quotientBytes, quotientBytes);
  }

  /** What the points of a sum are multiplied by, see {@link Part.sum}. */
  announceQuotient(): void {
    Atomics.store(this.#words, QUOTIENT_IS_READY, 1);
    this.#change();
  }

  /** Takes a part that nobody has; its place among the parts. */
  take(thread: number): number | undefined {
    const ready = Atomics.load(this.#words, QUOTIENT_IS_READY) === 1;
    const place = this.data.parts.findIndex(
      ({ sum }, i) =>
        (ready || sum !== "h") && Atomics.compareExchange(this.#words, STATES + i, FREE, TAKEN + thread) === FREE,
    );
    return place < 0 ? undefined : place;
  }

  /** @param seconds that the part took */
  finish(place: number, result: Uint8Array, seconds: number): void {
    this.#result(place).set(result);
    this.#seconds[place] = seconds;
    Atomics.store(this.#words, STATES + place, DONE);
    this.#change();
  }

  /** Gives free what a thread has begun that will not finish it. */
  abandon(thread: number): void {
    this.data.parts.forEach((_, i) => Atomics.compareExchange(this.#words, STATES + i, TAKEN + thread, FREE));
    this.#change();
  }

  /** Parts that nobody has taken. */
  get free(): number {
    return this.data.parts.filter((_, i) => Atomics.load(this.#words, STATES + i) === FREE).length;
  }

  get isDone(): boolean {
    return this.data.parts.every((_, i) => Atomics.load(this.#words, STATES + i) === DONE);
  }

  /** Of all parts, on whatever thread. */
  get seconds(): number {
    return this.#seconds.reduce((sum, seconds) => sum + seconds, 0);
  }

  /** Asks helpers to leave when they have finished the parts that they are at. */
  recall(): void {
    Atomics.store(this.#words, IS_RECALLED, 1);
    this.#change();
  }

  /** Takes a {@link recall} back. */
  admit(): void {
    Atomics.store(this.#words, IS_RECALLED, 0);
  }

  get isRecalled(): boolean {
    return Atomics.load(this.#words, IS_RECALLED) === 1;
  }

  /** A number that changes with the board. */
  get changes(): number {
    return Atomics.load(this.#words, CHANGES);
  }

  /** Blocks the thread until the board is another than at `changes`. */
  wait(changes: number): void {
    Atomics.wait(this.#words, CHANGES, changes);
  }

  /** All windows of a sum, the lowest first. */
  resultOf(sum: SumName): Uint8Array {
    const results = this.data.parts.flatMap((part, i) => (part.sum === sum ? [this.#result(i)] : []));
    return new Uint8Array(Buffer.concat(results));
  }

  /** The witness is somebody's secret. */
  wipe(): void {
    const { buffer } = this.data;
    new Uint8Array(buffer, this.#resultsAt).fill(0);
  }

  #result(place: number): Uint8Array {
    const before = this.data.parts.slice(0, place).reduce((sum, { bytes }) => sum + bytes, 0);
    return new Uint8Array(this.data.buffer, this.#resultsAt + before, this.data.parts[place]!.bytes);
  }

  #change(): void {
    Atomics.add(this.#words, CHANGES, 1);
    Atomics.notify(this.#words, CHANGES);
  }
}

function layout(
  parts: readonly Part[],
  scalarBytes: number,
): { words: number; secondsAt: number; resultsAt: number; length: number } {
  const words = STATES + parts.length;
  const secondsAt = 8 * Math.ceil(words / 2);
  const resultsAt = secondsAt + 8 * parts.length;
  const results = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  return { words, secondsAt, resultsAt, length: resultsAt + results + scalarBytes };
}
