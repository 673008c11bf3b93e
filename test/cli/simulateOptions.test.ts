import { expect } from "chai";
import { Command } from "commander";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CaseFlags, caseOptions, mergeFlags, shardOption } from "../../src/cli/simulateOptions.ts";

describe("options of b52 simulate", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "b52-simulate-"))));
  after(() => rmSync(folder, { recursive: true }));

  function parse(...args: readonly string[]): CaseFlags & { shard?: unknown } {
    const command = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    for (const option of [...caseOptions(), shardOption()]) command.addOption(option);
    return command.parse(args, { from: "user" }).opts();
  }

  it("take numbers and words, one or several", () => {
    expect(parse("--set", "share=0.51,0.6", "--set", "mechanism=race").set).to.deep.equal({
      share: [0.51, 0.6],
      mechanism: ["race"],
    });
  });

  it("come before what a file says", () => {
    const file = join(folder, "config.json");
    writeFileSync(file, JSON.stringify({ seed: "file", runs: 7, set: { share: 0.6, mechanism: ["race", "fairPay"] } }));
    expect(mergeFlags(parse("--config", file, "--runs", "3", "--set", "share=0.7"))).to.deep.equal({
      seed: "file",
      runs: 3,
      set: { share: [0.7], mechanism: ["race", "fairPay"] },
    });
  });

  it("say what a file should be", () => {
    const file = join(folder, "broken.json");
    writeFileSync(file, "{ runs: 7 }");
    expect(() => parse("--config", file)).to.throw(/^config is .*broken.json, expected JSON with seed, runs and set/);
  });

  it("refuse what a file should not say, and guess what was meant", () => {
    const file = join(folder, "odd.json");
    const refusal = (json: unknown) => () => {
      writeFileSync(file, JSON.stringify(json));
      return parse("--config", file);
    };
    expect(refusal({ sett: { share: 1 } })).to.throw(/is sett, expected seed, runs or set \(did you mean set\?\)$/);
    expect(refusal({ runs: "7" })).to.throw(/^runs of .*odd.json is the text "7", expected a whole number from 1$/);
    expect(refusal({ runs: 0 })).to.throw("expected a whole number from 1");
    expect(refusal({ seed: 5 })).to.throw("is 5, expected a text");
    expect(refusal({ set: { share: [] } })).to.throw("expected a value, or a list of some");
    expect(refusal([])).to.throw("it is no object");
  });

  it("refuse what is no shard", () => {
    expect(parse("--shard", "2/4").shard).to.deep.equal({ number: 2, of: 4 });
    for (const wrong of ["0/4", "5/4", "2", "a/b"]) expect(() => parse("--shard", wrong)).to.throw("1 <= i <= n");
  });
});
