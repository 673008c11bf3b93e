import { expect } from "chai";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { BlobFolder } from "../../src/blobs/index.ts";
import { NoRoomError } from "../../src/chain/noRoom.ts";
import { SmallDisk } from "../support/smallDisk.ts";
import { expectRejection } from "../support/expectRejection.ts";

const BLOB = new Uint8Array(131_072);
const [one, other] = ["0x01", "0x02"].map((first) => first.padEnd(66, "0")) as [string, string];

describe("a folder of blobs on a disk that is full", () => {
  it("names what it has no room for, leaves nothing of it, and keeps it when there is room again", async function () {
    const disk = await SmallDisk.mount(this, 16);
    try {
      const folder = join(disk.folder, "blobs");
      const blobs = new BlobFolder(folder);
      await blobs.put(one, BLOB);
      await disk.fill(65_536);
      await expectRejection(blobs.put(other, BLOB), NoRoomError, `no room for ${folder}/${other}.blob on its disk`);
      expect(await readdir(folder)).to.deep.equal([`${one}.blob`]);
      await disk.makeRoom();
      await blobs.put(other, BLOB);
      expect(await readdir(folder)).to.have.members([`${one}.blob`, `${other}.blob`]);
    } finally {
      disk.unmount();
    }
  });
});
