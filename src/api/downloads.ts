import { createReadStream, type ReadStream } from "node:fs";
import { Allowance } from "./allowance.ts";
import { ProblemError } from "./problem.ts";

export interface DownloadLimits {
  /** Files that may be on their way at once. */
  readonly maxDownloads: number;
  /** Files that may be begun in a minute, and as many at once after a rest. */
  readonly downloadsPerMinute: number;
  /** Milliseconds that one may take: a reader that takes a byte a minute would keep its place for ever. */
  readonly downloadMs: number;
}

/** Copies of the L2, which may be long: for as many readers as are allowed, all together. */
export class Downloads {
  readonly #limits: DownloadLimits;
  readonly #allowance: Allowance;
  readonly #open = new Set<ReadStream>();

  /** @param now as of {@link Allowance} */
  constructor(limits: DownloadLimits, now?: () => number) {
    this.#limits = limits;
    const { downloadsPerMinute } = limits;
    this.#allowance = new Allowance(downloadsPerMinute / 60, { burst: downloadsPerMinute, now });
  }

  get open(): number {
    return this.#open.size;
  }

  /** Opens a file, which is to be read or destroyed. @throws {ProblemError} where there is no place for one more */
  begin(path: string): ReadStream {
    const { maxDownloads, downloadsPerMinute, downloadMs } = this.#limits;
    const refuse = (found: string, expected: string): ProblemError =>
      new ProblemError("too-many-downloads", `${found}, expected ${expected}: come again later`);
    if (this.#open.size >= maxDownloads) throw refuse(`${this.#open.size} downloads are open`, "fewer");
    if (!this.#allowance.take()) throw refuse("many downloads were begun", `at most ${downloadsPerMinute} in a minute`);
    const file = createReadStream(path);
    const late = setTimeout(() => {
      file.destroy(new Error(`the download of ${path} is not done after ${downloadMs} ms`));
    }, downloadMs);
    this.#open.add(file);
    file.once("close", () => {
      clearTimeout(late);
      this.#open.delete(file);
    });
    return file;
  }
}
