import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { hexlify } from "ethers";
import { HttpArchive, openArchive } from "../../src/blobs/archive.ts";
import { BeaconNode } from "../../src/blobs/beacon.ts";
import { BlobSourceError, BlobUnavailableError, WrongBlobError } from "../../src/blobs/errors.ts";
import { BlobFolder, blobFile, MemoryBlobs } from "../../src/blobs/folder.ts";
import { makeSidecar } from "../../src/blobs/sidecar.ts";
import { type BlobName, type BlobSource, type BlobStore, SourceList } from "../../src/blobs/source.ts";
import type { BlobSidecar } from "../../src/chain/blobSidecar.ts";
import { NodeAddressError } from "../../src/chain/url.ts";
import { expectRejection } from "../support/expectRejection.ts";

const GENESIS = 1_700_000_000n;
const SLOT = 12n;

type Answer = (request: URL) => { status?: number; body?: unknown; bytes?: Uint8Array } | undefined;

describe("sources of blobs", () => {
  let folder: string;
  let mine: BlobSidecar;
  let other: BlobSidecar;
  let name: BlobName;
  let server: Server;
  let url: string;
  let answer: Answer;
  const asked: string[] = [];

  before(async () => {
    [mine, other] = await Promise.all([makeSidecar([1n, 2n, 3n]), makeSidecar([4n])]);
    server = createServer((request: IncomingMessage, response: ServerResponse) => {
      asked.push(request.url!);
      const { status = 200, body, bytes } = answer(new URL(request.url!, url)) ?? { status: 404 };
      response.writeHead(status).end(bytes ?? JSON.stringify(body ?? {}));
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "b52-blobs-"));
    name = { versionedHash: mine.versionedHash, notBefore: GENESIS + 24n, notAfter: GENESIS + 61n };
    asked.length = 0;
    answer = () => undefined;
  });
  afterEach(() => rm(folder, { recursive: true }));
  after(() => server.close());

  describe("a folder", () => {
    it("gives what was put there, in a file named by its hash, and nothing else", async () => {
      const store = new BlobFolder(join(folder, "deep", "blobs"));
      await expectRejection(store.get(name), BlobUnavailableError, "does not have it");
      await store.put(mine.versionedHash, mine.blob);
      await store.put(mine.versionedHash, mine.blob);
      expect(hexlify(await store.get(name))).to.equal(hexlify(mine.blob));
      expect(await readdir(join(folder, "deep", "blobs"))).to.deep.equal([`${mine.versionedHash}.blob`]);
    });

    it("takes one blob from several writers at once", async () => {
      const store = new BlobFolder(folder);
      await Promise.all(Array.from({ length: 8 }, () => store.put(mine.versionedHash, mine.blob)));
      expect(hexlify(await store.get(name))).to.equal(hexlify(mine.blob));
      expect(await readdir(folder)).to.deep.equal([blobFile(mine.versionedHash)]);
    });

    it("puts a blob in the place of a damaged file, and has none before", async () => {
      const store = new BlobFolder(folder);
      for (const damaged of [other.blob, mine.blob.slice(0, 1_000), new Uint8Array()]) {
        await writeFile(join(folder, blobFile(mine.versionedHash)), damaged);
        expect(await store.has(mine.versionedHash)).to.equal(false);
        await store.put(mine.versionedHash, mine.blob);
        expect(await store.has(mine.versionedHash)).to.equal(true);
        expect(hexlify(await store.get(name))).to.equal(hexlify(mine.blob));
      }
    });

    it("notices another blob, half a blob and damage", async () => {
      const store = new BlobFolder(folder);
      const path = join(folder, blobFile(mine.versionedHash));
      await writeFile(path, other.blob);
      await expectRejection(store.get(name), WrongBlobError, `another blob: ${other.versionedHash}`);
      await truncate(path, 1_000);
      await expectRejection(store.get(name), WrongBlobError, "blob length is 1000 bytes");
      await writeFile(path, new Uint8Array(mine.blob.length).fill(0xff));
      await expectRejection(store.get(name), WrongBlobError, "value 0 of a blob");
    });

    it("is no file", async () => {
      await writeFile(join(folder, "file"), "");
      await new BlobFolder(folder).check();
      await new BlobFolder(join(folder, "missing")).check();
      await expectRejection(new BlobFolder(join(folder, "file")).check(), BlobSourceError, "is a file");
    });
  });

  describe("an archive on a server", () => {
    it("gives the files of a folder", async () => {
      answer = ({ pathname }) =>
        pathname === `/some/path/${mine.versionedHash}.blob` ? { bytes: mine.blob } : undefined;
      const archive = openArchive(`${url}/some/path/`);
      expect(archive).to.be.instanceOf(HttpArchive);
      expect(hexlify(await archive.get(name))).to.equal(hexlify(mine.blob));
      await expectRejection(
        archive.get({ ...name, versionedHash: other.versionedHash }),
        BlobUnavailableError,
        "does not have it",
      );
      await archive.check();
      expect(openArchive(folder)).to.be.instanceOf(BlobFolder);
    });

    it("is refused where its folder is not there, which a node's own need not be before its first blob", async () => {
      await openArchive(folder).check();
      const missing = join(folder, "missing");
      const { message } = await expectRejection(openArchive(missing).check(), BlobSourceError, "does not exist");
      expect(message).to.contain(missing);
    });

    it("is not believed, and named without what is secret in its address", async () => {
      answer = () => ({ bytes: other.blob });
      const archive = new HttpArchive(`${url.replace("://", "://user:hunter2@")}/key`);
      const { message } = await expectRejection(archive.get(name), WrongBlobError, "another blob");
      expect(message).to.not.contain("hunter2").and.not.contain("/key");
      answer = () => ({ status: 503 });
      await expectRejection(archive.get(name), BlobSourceError, "answers 503");
      await expectRejection(new HttpArchive("http://127.0.0.1:1").get(name), BlobSourceError, "does not answer");
      expect(() => new HttpArchive("ftp://x")).to.throw(NodeAddressError, "the address of the archive");
    });
  });

  describe("a beacon node", () => {
    const chain = (blobsOf: (slot: number, hashes: string[]) => string[] | undefined, isOld = false): Answer => {
      return ({ pathname, searchParams }) => {
        if (pathname === "/eth/v1/beacon/genesis") return { body: { data: { genesis_time: `${GENESIS}` } } };
        if (pathname === "/eth/v1/config/spec") return { body: { data: { SECONDS_PER_SLOT: `${SLOT}`, OTHER: [] } } };
        const slot = Number(pathname.split("/").at(-1));
        if (pathname.includes("/blobs/") && !isOld) {
          const data = blobsOf(slot, searchParams.getAll("versioned_hashes"));
          return data && { body: { data } };
        }
        if (!pathname.includes("/blob_sidecars/") || !isOld)
          return pathname.includes("sidecars") ? { status: 410 } : undefined;
        const data = blobsOf(slot, []);
        return data && { body: { data: data.map((blob) => ({ blob, kzg_commitment: commitmentOf(blob) })) } };
      };
    };
    const commitmentOf = (blob: string): string => [mine, other].find((one) => hexlify(one.blob) === blob)!.commitment;

    it("is asked for a slot's blob by its hash, the last slot first", async () => {
      answer = chain((slot, [hash]) => (slot === 4 ? [] : slot === 3 ? [hexlify(mine.blob)] : hash ? undefined : []));
      expect(hexlify(await new BeaconNode(url).get(name))).to.equal(hexlify(mine.blob));
      expect(asked.filter((path) => path.includes("/blobs/"))).to.deep.equal(
        [5, 4, 3].map((slot) => `/eth/v1/beacon/blobs/${slot}?versioned_hashes=${mine.versionedHash}`),
      );
    });

    it("from before Fulu gives sidecars, of which one is taken", async () => {
      answer = chain((slot) => (slot === 3 ? [other, mine].map(({ blob }) => hexlify(blob)) : undefined), true);
      const node = new BeaconNode(url);
      expect(hexlify(await node.get(name))).to.equal(hexlify(mine.blob));
      asked.length = 0;
      await node.get(name);
      expect(
        asked.some((path) => path.includes("/blobs/")),
        "what it serves is known then",
      ).to.equal(false);
    });

    it("may give others first: the one that fits is taken, in whatever slot", async () => {
      const [wrong, right] = [hexlify(other.blob), hexlify(mine.blob)];
      for (const isOld of [false, true]) {
        answer = chain((slot) => (slot === 5 ? [wrong] : slot === 3 ? [wrong, right] : undefined), isOld);
        expect(hexlify(await new BeaconNode(url).get(name))).to.equal(right);
      }
    });

    it("may not have it, or give another", async () => {
      answer = chain(() => undefined);
      await expectRejection(new BeaconNode(url).get(name), BlobUnavailableError, "in slots 2 to 5");
      answer = chain(() => [hexlify(other.blob)]);
      const { message } = await expectRejection(new BeaconNode(url).get(name), BlobUnavailableError, "in slots 2 to 5");
      expect(message).to.contain(`gives another blob: ${other.versionedHash}`);
      answer = chain(() => ["0x00"]);
      await expectRejection(new BeaconNode(url).get(name), BlobSourceError, "expected 131072 bytes");
    });

    it("is none that answers something else", async () => {
      await expectRejection(new BeaconNode(url).check(), BlobSourceError, "does not tell its genesis");
      answer = () => ({ bytes: Buffer.from("<html>") });
      await expectRejection(new BeaconNode(url).check(), BlobSourceError, "does not answer in JSON");
      answer = chain(() => undefined);
      await new BeaconNode(url).check();
    });
  });

  describe("a list", () => {
    const failing = (what: string): BlobSource => ({
      name: what,
      get: () => Promise.reject(new Error(`${what} is down`)),
      check: () => Promise.reject(new Error(`${what} is down`)),
    });
    const silent: BlobSource = {
      name: "silence",
      get: () => new Promise(() => undefined),
      check: () => Promise.resolve(),
    };

    it("tries one after the other, and keeps what it gets", async () => {
      const far = new MemoryBlobs();
      await far.put(mine.versionedHash, mine.blob);
      const store = new BlobFolder(folder);
      const list = new SourceList(store, [failing("first"), silent, far], { timeoutMs: 50 });
      expect(hexlify(await list.get(name))).to.equal(hexlify(mine.blob));
      expect(hexlify(await readFile(join(folder, blobFile(mine.versionedHash))))).to.equal(hexlify(mine.blob));
      expect(hexlify(await new SourceList(store, [failing("first")]).get(name))).to.equal(hexlify(mine.blob));
    });

    it("says which failed, and why", async () => {
      const list = new SourceList(new MemoryBlobs(), [failing("first"), silent], { timeoutMs: 50 });
      const { message } = await expectRejection(list.get(name), BlobUnavailableError, "first: first is down");
      expect(message).to.contain("silence: no answer in 0.05 s").and.contain("memory does not have it");
      expect(message).to.contain(mine.versionedHash).and.contain("beacon");
      await expectRejection(list.check(), Error, "first is down");
    });

    /** Gives what is asked for when it is let go. */
    const waiting = (): { source: BlobSource; asked: number; letGo: () => void; stopped: boolean } => {
      let letGo = (): void => undefined;
      const gate = new Promise<void>((resolve) => (letGo = resolve));
      const it = {
        ...{ asked: 0, letGo, stopped: false },
        source: {
          name: "the gate",
          get: async (_: BlobName, signal?: AbortSignal) => {
            it.asked++;
            signal?.addEventListener("abort", () => (it.stopped = true));
            await gate;
            return mine.blob;
          },
          check: () => Promise.resolve(),
        },
      };
      return it;
    };

    it("asks once for a blob that several want at once", async () => {
      const gate = waiting();
      const list = new SourceList(new BlobFolder(folder), [gate.source]);
      const found = [1, 2, 3].map(() => list.get(name));
      gate.letGo();
      for (const blob of await Promise.all(found)) expect(hexlify(blob)).to.equal(hexlify(mine.blob));
      expect(gate.asked).to.equal(1);
    });

    it("stops asking when the last who wants a blob has left, not before", async () => {
      const gate = waiting();
      const list = new SourceList(new MemoryBlobs(), [gate.source]);
      const [first, second] = [new AbortController(), new AbortController()];
      const left = list.get(name, first.signal);
      const stayed = list.get(name, second.signal);
      first.abort(new Error("the first left"));
      await expectRejection(left, Error, "the first left");
      expect(gate.stopped).to.equal(false);
      second.abort(new Error("the second left"));
      await expectRejection(stayed, Error, "the second left");
      expect(gate.stopped).to.equal(true);
      gate.letGo();
      expect(hexlify(await list.get(name))).to.equal(hexlify(mine.blob));
    });

    it("gives what it got though its own store does not take it, and warns", async () => {
      const full: BlobStore = Object.assign(new MemoryBlobs(), { put: () => Promise.reject(new Error("disk full")) });
      const far = new MemoryBlobs();
      await far.put(mine.versionedHash, mine.blob);
      const warnings: string[] = [];
      const list = new SourceList(full, [far], { onWarning: (warning) => void warnings.push(warning) });
      expect(hexlify(await list.get(name))).to.equal(hexlify(mine.blob));
      expect(warnings).to.deep.equal([`memory does not keep blob ${mine.versionedHash}: disk full`]);
      await expectRejection(list.put(mine.versionedHash, mine.blob), Error, "disk full");
    });

    it("repairs a damaged file of its own store", async () => {
      const far = new MemoryBlobs();
      await far.put(mine.versionedHash, mine.blob);
      const store = new BlobFolder(folder);
      await writeFile(join(folder, blobFile(mine.versionedHash)), other.blob);
      await new SourceList(store, [far]).get(name);
      expect(hexlify(await store.get(name))).to.equal(hexlify(mine.blob));
    });

    it("ends at once when it is asked to", async () => {
      const stop = new AbortController();
      const found = new SourceList(new MemoryBlobs(), [silent, failing("second")]).get(name, stop.signal);
      stop.abort(new Error("asked to stop"));
      await expectRejection(found, Error, "asked to stop");
    });
  });
});
