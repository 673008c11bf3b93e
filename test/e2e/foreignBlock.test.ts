import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { PROFILES } from "../../src/protocol/profile.ts";
import { realProver } from "../../src/sim/realProver.ts";
import { planForeignBlock, proveForeignBlock, revealForeignBlock } from "../support/foreignBlock.ts";

describe("the public witness of a block", () => {
  it("suffices for real proofs of all nodes: operations, transfers, merges without votes, root", async function () {
    this.timeout(600_000);
    const folder = await mkdtemp(join(tmpdir(), "b52-foreign-"));
    const prover = await realProver(PROFILES.dev);
    const block = await revealForeignBlock(prover, folder);
    const plan = await planForeignBlock(block, folder);
    expect(plan.block.bases.map(({ kind }) => kind)).to.include.members(["operations", "transfers"]);
    expect(await proveForeignBlock(block, plan)).to.deep.include({ nextStateRoot: block.stateRoot });
    await block.close();
    await prover.close();
    await rm(folder, { recursive: true });
  });
});
