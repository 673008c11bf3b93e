import { createHash } from "node:crypto";
import { mkdir, readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { replaceFile } from "../chain/replaceFile.ts";
import { projectPath } from "./project.ts";

/** SHA-256 over the names and contents of files and whole folders, given as paths inside the project. */
export async function fingerprint(paths: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const file of (await Promise.all(paths.map(filesIn))).flat().sort()) {
    const content = await readFile(projectPath(file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

async function filesIn(path: string): Promise<string[]> {
  try {
    const entries = await readdir(projectPath(path), { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(projectPath().length + 1));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return [path];
    throw error;
  }
}

const stampPath = (step: string): string => projectPath("build", "setup", `${step}.sha256`);

/** The fingerprint with which a step was last finished; undefined when it never was. */
export async function readStamp(step: string): Promise<string | undefined> {
  return readFile(stampPath(step), "utf8").catch(() => undefined);
}

export async function writeStamp(step: string, value: string): Promise<void> {
  const path = stampPath(step);
  await mkdir(dirname(path), { recursive: true });
  await replaceFile(path, [value]);
}
