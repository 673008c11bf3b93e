import { expect } from "chai";
import { ZeroHash } from "ethers";
import { join } from "node:path";
import { logTo } from "../../src/log/index.ts";
import { EMPTY_ACCOUNT, MemoryStore, State } from "../../src/state/index.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { SyncedState } from "../../src/sync/index.ts";
import { keptSnapshots } from "../../src/sync/archive.ts";
import { SmallDisk } from "../support/smallDisk.ts";
import { until } from "../support/until.ts";
import { offlineApi, offlineClient, viewAt } from "./offline.ts";

describe("a snapshot of the day", () => {
  it("that its disk has no room for is not tried at each block, and all else goes on", async function () {
    const disk = await SmallDisk.mount(this, 16);
    const client = offlineClient();
    const synced = await SyncedState.open(new MemoryStore(), client.deployment, () => Promise.resolve([]));
    client.provider.destroy();
    const later = State.ofGenesis({ accountDepth: PROFILES.dev.accountDepth, accounts: [] });
    const account = { ...EMPTY_ACCOUNT, key: 5n };
    later.setAccount(1, account);
    const block = { height: 1, proposalId: 9n, stateRoot: later.root, l1Block: { number: 5, hash: ZeroHash } };
    await synced.adopt([block], new Map([[1, account]]), new Map());

    const snapshots = join(disk.folder, "snapshots");
    const said: string[] = [];
    let looks = 0;
    let look = (): void => undefined;
    const watch = (listen: () => void) => {
      look = listen;
      return () => undefined;
    };
    const learn = (): Promise<void> => {
      looks++;
      return Promise.resolve();
    };
    await disk.fill();
    const offline = await offlineApi({
      ...{ synced, snapshots, log: logTo(({ code, message }) => said.push(`${code} ${message}`)) },
      reader: { latest: viewAt(1), watch },
      ledger: { learn, block: () => undefined },
    });
    try {
      for (let i = 1; i <= 3; i++) {
        await until(`look ${i}`, () => looks === i && said.length > 0);
        look();
      }
      await until("the last look", () => looks === 4);
      expect(said).to.have.length(1);
      expect(said[0]).to.match(/^api-behind /);
      expect(await keptSnapshots(snapshots)).to.deep.equal([]);
    } finally {
      await offline.close();
      disk.unmount();
    }
  });
});
