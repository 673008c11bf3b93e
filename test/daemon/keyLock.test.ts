import { expect } from "chai";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ZeroAddress, ZeroHash } from "ethers";
import type { Deployment } from "../../src/chain/deployment.ts";
import { lockKey } from "../../src/daemon/compose/keyLock.ts";
import { LockedError } from "../../src/database/index.ts";
import { expectRejection } from "../support/expectRejection.ts";

const on = (chainId: bigint): Deployment =>
  ({
    ...{ chainId, domain: 1n, contracts: { rollup: ZeroAddress } },
    ...{ started: { number: 0, hash: ZeroHash }, genesis: { root: 1n, supply: 0n } },
  }) as unknown as Deployment;

describe("the lock of a key", () => {
  it("lets one program of a machine use a key on a rollup, whatever its folder", async () => {
    const home = process.env["HOME"];
    const folder = await mkdtemp(join(tmpdir(), "b52-home-"));
    process.env["HOME"] = folder;
    try {
      const lock = await lockKey("0xA", on(1n));
      await expectRejection(lockKey("0xA", on(1n)), LockedError, `the key of 0xA is held by process ${process.pid} on`);
      for (const other of [await lockKey("0xB", on(1n)), await lockKey("0xA", on(2n))]) other.release();
      lock.release();
      (await lockKey("0xA", on(1n))).release();
    } finally {
      if (home === undefined) delete process.env["HOME"];
      else process.env["HOME"] = home;
      await rm(folder, { recursive: true, force: true });
    }
    expect(process.env["HOME"]).to.equal(home);
  });
});
