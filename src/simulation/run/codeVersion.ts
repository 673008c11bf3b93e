import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { projectPath } from "../../setup/project.ts";

/** Which code computed something. */
export interface CodeVersion {
  readonly version: string;
  /** Hash of the sources of the model and of the rules that it runs. */
  readonly sources: string;
}

const SOURCES = ["src/simulation/**/*.ts", "src/protocol/**/*.ts", "src/deploy/{economics,policies}.ts"];

let known: CodeVersion | undefined;

export function codeVersion(): CodeVersion {
  known ??= readVersion();
  return known;
}

function readVersion(): CodeVersion {
  const hash = createHash("sha256");
  for (const path of globSync(SOURCES, { cwd: projectPath() }).sort())
    hash.update(path).update(readFileSync(projectPath(path)));
  const { version } = JSON.parse(readFileSync(projectPath("package.json"), "utf8")) as { version: string };
  return { version, sources: hash.digest("hex") };
}
