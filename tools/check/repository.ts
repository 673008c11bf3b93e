import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { projectPath, PROJECT_ROOT } from "../../src/setup/project.ts";

/** What is checked: the files that git tracks or would. */
export interface Repository {
  /** Paths from the top of the project, with `/`. */
  readonly files: readonly string[];
  readonly read: (file: string) => string;
}

/** Something wrong at a place. */
export interface Fault {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** What was found and what was expected. */
  readonly message: string;
}

/** This project's own repository; files that are deleted but not yet committed are left out. */
export function ownRepository(): Repository {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: PROJECT_ROOT,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  return {
    files: [...new Set(listed.split("\0"))].filter((file) => file !== "" && existsSync(projectPath(file))).sort(),
    read: (file) => readFileSync(projectPath(file), "utf8"),
  };
}
