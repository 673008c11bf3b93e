import { expect } from "chai";
import { MemoryBlobs } from "../../src/blobs/folder.ts";
import { BlobUnavailableError } from "../../src/blobs/errors.ts";
import { encodeBlob } from "../../src/blobs/blob.ts";
import { Kzg, versionedHashOf } from "../../src/blobs/kzg.ts";
import { ListenError } from "../../src/gossip/libp2p/index.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { describeGossip } from "./describeGossip.ts";
import { startLine, startNode, stopNodes } from "./libp2pSwarm.ts";

describe("libp2p", () => {
  afterEach(stopNodes);

  describeGossip("libp2p", async (peers) => {
    const networks = await startLine(
      peers.map(({ name }) => name),
      (name) => peers.find((peer) => peer.name === name)!,
    );
    return networks.map(({ gossip }) => gossip);
  });

  it("names the port that is taken, and the setting", async () => {
    const first = await startNode("a");
    const taken = first.addresses[0]!.replace(/\/p2p\/.*/, "");
    await expectRejection(startNode("b", { listen: [taken] }), ListenError, `${taken}: EADDRINUSE`);
  });
});

describe("blobs of peers", () => {
  const coefficients = [1n, 2n, 3n];
  const blob = encodeBlob(coefficients);
  const nameOf = (versionedHash: string) => ({ versionedHash, notBefore: 0n, notAfter: 0n });
  let hash: string;

  before(async () => {
    hash = versionedHashOf((await Kzg.load()).commit(coefficients));
  });
  afterEach(stopNodes);

  it("come from whoever has them", async () => {
    const blobs = new MemoryBlobs();
    await blobs.put(hash, blob);
    const [, , asking] = await startLine(["a", "b", "c"], (name) => (name === "b" ? { blobs } : {}));
    expect(Buffer.from(await asking!.blobs.get(nameOf(hash))).equals(blob)).to.equal(true);
    await asking!.blobs.check();
  });

  it("are refused if they are other ones, and the peer is asked no more", async () => {
    const blobs = new MemoryBlobs();
    await blobs.put(hash, encodeBlob([1n, 2n, 4n]));
    const [asking] = await startLine(["a", "b"], () => ({ blobs }));
    await expectRejection(asking!.blobs.get(nameOf(hash)), BlobUnavailableError, "gives another blob");
    await expectRejection(asking!.blobs.get(nameOf(hash)), BlobUnavailableError, "no peers");
  });

  it("are not to be had where nobody has them", async () => {
    const [asking] = await startLine(["a", "b"]);
    await expectRejection(asking!.blobs.get(nameOf(hash)), BlobUnavailableError, "that it does not have it");
  });
});
