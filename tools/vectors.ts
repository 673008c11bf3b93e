/**
 * Writes `test/vectors/*.json`, the values that hold Solidity, Circom and TypeScript together.
 * Each file is `{ "count": n, "cases": [{...}] }`: a value is a boolean, a name, 0x and 64 digits for a number, 0x
 * bytes, or a list of those.
 *
 * Run: node --import tsx tools/vectors.ts
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { toBeHex } from "ethers";
import type { Case, Value } from "./vectors/case.ts";
import { blocks, evaluations } from "./vectors/blocks.ts";
import { exits } from "./vectors/exits.ts";
import { coverage, nodes, transcripts } from "./vectors/forests.ts";
import { compressions, contentGroups, hashManys, poseidons } from "./vectors/hashes.ts";
import { dues, operations, signedOperations } from "./vectors/operations.ts";
import { burns, issuance, rewards } from "./vectors/payments.ts";
import { candidates, commits, lanes, proposals, reveals } from "./vectors/rounds.ts";
import { exponents, logarithms, minusLogarithms, policies, scores, sizes } from "./vectors/scores.ts";
import { keysAndVrf, votes } from "./vectors/signatures.ts";
import { contents, publicInputs, roots } from "./vectors/statements.ts";
import { elements, floats, limbs, transfers } from "./vectors/transfers.ts";

/** Every file's cases, by file name. */
export function vectors(): Record<string, Case[]> {
  return {
    poseidon: poseidons(),
    compress: compressions(),
    hashMany: hashManys(),
    proposal: proposals(),
    commit: commits(),
    nodes: nodes(),
    coverage: coverage(),
    transcript: transcripts(),
    keys: keysAndVrf(),
    vote: votes(),
    transfer: transfers(),
    float: floats(),
    elements: elements(),
    limbs: limbs(),
    operation: operations(),
    signedOperation: signedOperations(),
    due: dues(),
    block: blocks(),
    evaluation: evaluations(),
    reveal: reveals(),
    exit: exits(),
    content: contents(),
    contentGroups: contentGroups(),
    publicInputs: publicInputs(),
    root: roots(),
    score: scores(),
    ln: logarithms(),
    minusLn: minusLogarithms(),
    size: sizes(),
    policy: policies(),
    exponent: exponents(),
    issuance: issuance(),
    reward: rewards(),
    burns: burns(),
    lane: lanes(),
    candidate: candidates(),
  };
}

/** The text of a vector file. */
export function format(cases: readonly Case[]): string {
  const plain = (value: Value): unknown =>
    typeof value === "bigint" || typeof value === "number"
      ? toBeHex(value, 32)
      : Array.isArray(value)
        ? value.map(plain)
        : value;
  const rows = cases.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])));
  return `${JSON.stringify({ count: toBeHex(cases.length, 32), cases: rows }, null, 1)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = new URL("../test/vectors/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  for (const [name, cases] of Object.entries(vectors())) writeFileSync(new URL(`${name}.json`, folder), format(cases));
}
