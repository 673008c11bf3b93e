// Loaded first by whatever runs this project's TypeScript outside Hardhat: `node --import ./src/loader/register.mjs`.
import * as module from "node:module";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The first Node that reads TypeScript without calling that an experiment. */
const STABLE = [24, 12];

const [major, minor] = process.versions.node.split(".").map(Number);
const isStable = major > STABLE[0] || (major === STABLE[0] && minor >= STABLE[1]);
if (isStable && process.features.typescript) {
  // What was compiled once is kept, so that programs start several times as fast. Without a place they do as before.
  module.enableCompileCache(fileURLToPath(new URL("../../.b52/compiled", import.meta.url)));
} else {
  const { register } = await import("tsx/esm/api");
  register();
}
