import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { replaceFile } from "../chain/replaceFile.ts";
import { PROJECT_ROOT } from "../setup/project.ts";
import { TestInputs } from "./testInputs.ts";
import type { TestResult } from "./testRun.ts";

const passed = z.strictObject({ inputs: z.string(), passing: z.int().min(1), seconds: z.number() });
const memory = z.record(z.string(), passed);

/** How a test file passed. */
type Passed = z.infer<typeof passed>;

/** The project whose tests are remembered, and where. */
export interface TestCacheOptions {
  readonly root?: string;
  readonly path?: string;
}

/**
 * Remembers which test files passed, and with which inputs. A file that failed, had tests left out, or whose inputs
 * changed while it ran is not remembered, and neither is any other that the same process ran when one had failed: a
 * test can make a later one fail.
 */
export class TestCache {
  readonly #files: readonly string[];
  readonly #root: string;
  readonly #path: string;
  #passed: Readonly<Record<string, Passed>> = {};
  #inputs = new Map<string, string>();

  private constructor(files: readonly string[], { root, path }: Required<TestCacheOptions>) {
    this.#files = files;
    this.#root = root;
    this.#path = path;
  }

  /** Looks at the inputs of these test files, and at what is remembered: nothing where that cannot be read. */
  static async open(
    files: readonly string[],
    { root = PROJECT_ROOT, path = `${root}/build/tests/passed.json` }: TestCacheOptions = {},
  ): Promise<TestCache> {
    const cache = new TestCache(files, { root, path });
    cache.#passed = await readMemory(path);
    cache.#inputs = inputsOf(files, root);
    return cache;
  }

  /** How a file passed with the inputs that it has now; undefined when it has not. */
  passed(file: string): Passed | undefined {
    const found = this.#passed[file];
    return found !== undefined && found.inputs === this.#inputs.get(file) ? found : undefined;
  }

  /** How long a file took when it last passed, whatever its inputs were. */
  secondsOf(file: string): number | undefined {
    return this.#passed[file]?.seconds;
  }

  /** Of these files, which ran, remembers those that passed, and forgets the others. */
  async remember(ran: readonly string[], results: readonly TestResult[]): Promise<void> {
    const after = inputsOf(this.#files, this.#root);
    const next = { ...(await readMemory(this.#path)) };
    for (const file of ran) delete next[file];
    for (const result of results) {
      const counted = result.files.reduce((sum, { passing }) => sum + passing, 0);
      if (result.failing > 0 || counted !== result.passing) continue;
      for (const { file, passing, pending, seconds } of result.files) {
        const inputs = this.#inputs.get(file);
        if (inputs === undefined || inputs !== after.get(file) || pending > 0 || passing === 0) continue;
        next[file] = { inputs, passing, seconds };
      }
    }
    await mkdir(dirname(this.#path), { recursive: true });
    await replaceFile(this.#path, [JSON.stringify(next)]);
  }
}

function inputsOf(files: readonly string[], root: string): Map<string, string> {
  const inputs = new TestInputs(root);
  return new Map(files.map((file) => [file, inputs.hashOf(file)]));
}

async function readMemory(path: string): Promise<Readonly<Record<string, Passed>>> {
  try {
    return memory.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return {}; // never written, or damaged: all tests run
  }
}
