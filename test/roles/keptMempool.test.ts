import { expect } from "chai";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NodeDatabase } from "../../src/database/index.ts";
import type { SignedTransfer } from "../../src/protocol/transfer.ts";
import { transferId } from "../../src/protocol/transferId.ts";
import { type Drop, keptMempool } from "../../src/roles/index.ts";
import type { State } from "../../src/state/state.ts";
import { SmallDisk } from "../support/smallDisk.ts";

const KEY = { x: 0n, y: 1n };
const transfer = (from: number, nonce: bigint, fee: bigint): SignedTransfer => ({
  ...{ from, to: 9, amount: 1n, fee, nonce, sender: KEY },
  // A signature is of one nonce.
  signature: { r8: { x: 0n, y: 1n }, s: 1n + nonce },
});
const stateOf = (nonce: bigint): State =>
  ({ account: () => ({ key: KEY.y, balance: 10n ** 18n, nonce, l1Owner: 0n }) }) as unknown as State;

describe("a mempool on disk", () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "b52-mempool-"))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("comes back after a restart, without what has become impossible, and knows why", async () => {
    const [stays, used, rival, better] = [
      transfer(1, 5n, 1_000n),
      transfer(1, 3n, 1_000n),
      transfer(2, 4n, 1_000n),
      transfer(2, 4n, 2_000n),
    ] as [SignedTransfer, SignedTransfer, SignedTransfer, SignedTransfer];
    {
      using database = await NodeDatabase.open(folder, "rollup", { now: () => 7 });
      const mempool = keptMempool(database.mempool, stateOf(3n));
      for (const each of [used, stays, rival, better, better]) mempool.add(each, stateOf(3n));
      expect(mempool.add(transfer(3, 2n, 1n), stateOf(3n))).to.equal("nonce used");
      expect(mempool.transfers).to.have.deep.members([stays, used, better]);
    }
    using database = await NodeDatabase.open(folder, "rollup", { now: () => 8 });
    const drops: Drop[] = [];
    const mempool = keptMempool(database.mempool, stateOf(4n), { onDrop: (drop) => drops.push(drop) });
    expect(mempool.transfers).to.have.deep.members([stays, better]);
    expect(drops).to.deep.equal([{ transfer: used, reason: "nonce used" }]);
    const reasonsOf = (each: SignedTransfer) =>
      database.mempool.drops(transferId(each)).map(({ reason, at }) => `${reason} at ${at}`);
    expect(reasonsOf(rival)).to.deep.equal(["replaced by a rival at 7"]);
    expect(reasonsOf(used)).to.deep.equal(["nonce used at 8"]);
    expect(reasonsOf(transfer(3, 2n, 1n))).to.deep.equal(["nonce used at 7"]);
    expect(reasonsOf(better)).to.deep.equal([]);
    expect(database.mempool.transfers().map(({ sender, nonce }) => [sender, nonce])).to.deep.equal([
      [1, 5n],
      [2, 4n],
    ]);
  });

  it("goes on in memory while its disk is full, says so once, and is kept when there is room", async function () {
    const disk = await SmallDisk.mount(this, 16);
    try {
      const said: string[] = [];
      const log = { warn: (code: string, message: string) => void said.push(`${code}: ${message}`) };
      const [before, lost, used, after] = [1, 2, 3, 4].map((from) => transfer(from, 5n, 1_000n));
      {
        using database = await NodeDatabase.open(join(disk.folder, "data"), "rollup");
        const mempool = keptMempool(database.mempool, stateOf(5n), {}, log);
        mempool.add(before!, stateOf(5n));
        await disk.fill();
        for (const each of [lost!, used!]) expect(mempool.add(each, stateOf(5n))).to.equal(undefined);
        const late: State = stateOf(5n);
        const isUsed = (index: number) => ({ ...late.account(index), nonce: index === used!.from ? 6n : 5n });
        mempool.revise({ account: isUsed } as unknown as State);
        expect(mempool.transfers).to.have.deep.members([before, lost]);
        expect(said).to.have.length(1);
        expect(said[0]).to.match(/^mempool-not-kept: .* in memory alone: .*database or disk is full/);
        await disk.makeRoom();
        mempool.add(after!, stateOf(5n));
      }
      using database = await NodeDatabase.open(join(disk.folder, "data"), "rollup");
      const mempool = keptMempool(database.mempool, stateOf(5n), {}, log);
      expect(mempool.transfers).to.have.deep.members([before, lost, after]);
      expect(said).to.have.length(1);
    } finally {
      disk.unmount();
    }
  });
});
