import { expect } from "chai";
import { readFileSync } from "node:fs";
import { blockGas, GAS } from "../../src/simulation/gas.ts";
import { expectNear } from "../support/expectNear.ts";

const page = readFileSync(new URL("../../docs/benchmarks.md", import.meta.url), "utf8");

/** The gas of a line of the table of transactions. */
function measured(transaction: string): number {
  const line = page.split("\n").find((each) => each.startsWith(`| ${transaction} `));
  if (line === undefined) throw new Error(`docs/benchmarks.md has no line "${transaction}"`);
  return Number(line.split("|")[2]!.replaceAll(",", ""));
}

describe("gas in the model", () => {
  it("is what was measured", () => {
    expect({
      commit: measured("commit, seven slots, lane that has committed before"),
      revealOfOneBlob: measured("reveal of one blob"),
      revealOfOneMore: measured("reveal, one more blob in the same transaction"),
      proof: measured("submitProof, one more proof"),
      advance: measured("advance, with two paid uncles"),
      claimProver: measured("claimProver, one slot"),
      claimProposer: measured("claimProposer, by one who has claimed before"),
      handIn: measured("handIn, a base node of a candidate of seven slots"),
      handInOneMore: measured("handIn, one more node in the same transaction"),
      slash: measured("slash, a prover that has withheld a slot"),
      settle: measured("settle, a commit that was never revealed"),
      register: measured("register"),
    }).to.deep.equal(Object.fromEntries(Object.entries(GAS).filter(([name]) => name in MEASURED)));
    expect(GAS.submission[2]).to.equal(measured("submitProof, without any proof (arity 2)"));
  });

  it("adds up to the block of 128 x 128 that the page has", () => {
    const whole = /Best: arity 16 with (\d+) gas/.exec(page);
    const { gas, blobs } = blockGas({ transactions: 16_384, transfersPerBase: 128, arity: 16, commits: 0 });
    // The page counts blobs at 8,192 gas each, and no advance.
    expectNear((gas - GAS.advance + 8_192 * blobs) / 16_384, Number(whole![1]), 3);
  });
});

const MEASURED = {
  ...{ commit: 1, revealOfOneBlob: 1, revealOfOneMore: 1, proof: 1, advance: 1, claimProver: 1, claimProposer: 1 },
  ...{ handIn: 1, handInOneMore: 1, slash: 1, settle: 1, register: 1 },
};
