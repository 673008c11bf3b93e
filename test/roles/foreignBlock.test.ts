import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { PROFILES } from "../../src/protocol/profile.ts";
import { TrapdoorProver } from "../../src/sim/trapdoorProver.ts";
import { planForeignBlock, proveForeignBlock, revealForeignBlock } from "../support/foreignBlock.ts";

describe("a block whose proposer says nothing but what is on L1", () => {
  it("is known to whoever has L1 and its blobs, and L1 takes a forest of all its nodes", async () => {
    const folder = await mkdtemp(join(tmpdir(), "b52-foreign-"));
    const block = await revealForeignBlock(new TrapdoorProver(PROFILES.dev), folder);
    const plan = await planForeignBlock(block, folder);
    expect(plan.statement.txsRoot).to.equal(block.txsRoot);
    expect(plan.statement.nextStateRoot).to.equal(block.stateRoot);
    expect(await proveForeignBlock(block, plan)).to.deep.include({ provers: 0n, nextStateRoot: block.stateRoot });
    await block.close();
    await rm(folder, { recursive: true });
  });
});
