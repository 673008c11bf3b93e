import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";

/** Compares with `test/snapshots/<name>.json`, exactly. UPDATE_SNAPSHOTS=1 rewrites it. */
export function expectSnapshot(name: string, measured: object): void {
  const file = new URL(`../snapshots/${name}.json`, import.meta.url);
  if (process.env.UPDATE_SNAPSHOTS === "1") writeFileSync(file, `${JSON.stringify(measured, null, 2)}\n`);
  expect(measured).to.deep.equal(JSON.parse(readFileSync(file, "utf8")));
}
