import { globSync } from "node:fs";
import { projectPath } from "../setup/project.ts";

/**
 * The test suites. A test file belongs to the suite that names the nearest folder above it, so every file is in exactly
 * one.
 */
export const SUITES = {
  solidity: {
    what: "contracts, by tests in Solidity and by TypeScript that needs no circuits",
    folders: ["test/contracts"],
    needsCircuits: false,
  },
  node: { what: "TypeScript that needs neither circuits nor keys", folders: ["test"], needsCircuits: false },
  games: {
    what: "random games against a model, and every known attack",
    folders: ["test/contracts/invariants", "test/contracts/attacks"],
    needsCircuits: false,
  },
  circuits: { what: "compiled circuits", folders: ["test/circuits"], needsCircuits: true },
  proofs: {
    what: "keys, real proofs, and everything from the outside",
    folders: ["test/deploy", "test/e2e", "test/proving", "test/scripts"],
    needsCircuits: true,
  },
  network: {
    what: "networks of real programs whose machines fail: only when it is asked for (an hour)",
    folders: ["test/network"],
    needsCircuits: true,
  },
} as const satisfies Readonly<Record<string, Suite>>;

interface Suite {
  readonly what: string;
  /** Paths from the top of the project. */
  readonly folders: readonly string[];
  /** Whether circuits and keys of the tested profiles must be there. */
  readonly needsCircuits: boolean;
}

export type SuiteName = keyof typeof SUITES;

export const SUITE_NAMES = Object.keys(SUITES) as readonly SuiteName[];

/** What `./b52 test --all` runs. */
export const ALL_SUITES: readonly SuiteName[] = SUITE_NAMES.filter((name) => name !== "network");

/** What `./b52 test` runs. */
export const DEFAULT_SUITES: readonly SuiteName[] = ["solidity", "node"];

/** Files with tests, as paths from the top of the project, sorted. */
export const testFiles = (): string[] => globSync("test/**/*.{test.ts,t.sol}", { cwd: projectPath() }).sort();

export const isSolidity = (file: string): boolean => file.endsWith(".sol");

/** The suite that a test file belongs to. */
export function suiteOf(file: string): SuiteName {
  let [nearest, length] = ["node" as SuiteName, 0];
  for (const name of SUITE_NAMES) {
    for (const folder of SUITES[name].folders) {
      if (file.startsWith(`${folder}/`) && folder.length > length) [nearest, length] = [name, folder.length];
    }
  }
  return nearest;
}
