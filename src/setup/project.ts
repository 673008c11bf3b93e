import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The top of the project, without a trailing separator. */
export const PROJECT_ROOT = fileURLToPath(new URL("../../", import.meta.url)).replace(/\/$/, "");

/** A path inside the project. */
export const projectPath = (...parts: string[]): string => [PROJECT_ROOT, ...parts].join("/");

/** Of the program. */
export function projectVersion(): string {
  return (JSON.parse(readFileSync(projectPath("package.json"), "utf8")) as { version: string }).version;
}
