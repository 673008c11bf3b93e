import { expect } from "chai";
import { dropsTo } from "../../src/daemon/compose/drops.ts";
import { logTo } from "../../src/log/index.ts";
import type { Drop } from "../../src/roles/index.ts";

describe("what leaves the mempool", () => {
  it("is told as a loss unless a block has it", () => {
    const said: string[] = [];
    const tell = dropsTo(logTo(({ level, code, message }) => said.push(`${level} ${code}: ${message}`)));
    const transfer = { from: 3, nonce: 7n } as Drop["transfer"];
    tell({ transfer, reason: "included" });
    tell({ transfer, reason: "overtaken by a rival" });
    expect(said).to.deep.equal([
      "debug transfer-included: a transfer is in a block",
      "info transfer-dropped: a transfer is dropped: overtaken by a rival",
    ]);
  });
});
