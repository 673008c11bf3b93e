import { expect } from "chai";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Downloads } from "../../src/api/downloads.ts";
import { ProblemError } from "../../src/api/problem.ts";
import { problem } from "../../src/api/schema/index.ts";
import { eventually } from "./client.ts";
import { offlineApi, viewAt } from "./offline.ts";

/** More than what sockets hold of it for a reader that does not read. */
const LARGE = 64 * 2 ** 20;

describe("downloads of snapshots", () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "b52-downloads-"));
    file = join(folder, "snapshot-7.json");
    await writeFile(file, "");
    await truncate(file, LARGE);
  });
  afterEach(async () => rm(folder, { recursive: true }));

  it("are as many at once as are allowed, and one that ends makes room", async () => {
    const offline = await offlineApi({ latest: viewAt(1), snapshots: folder }, { maxDownloads: 2 });
    const url = `${offline.url}/v1/archive/snapshots/7`;
    const [one, two] = await Promise.all([fetch(url), fetch(url)]);
    const refused = await fetch(url);
    expect(refused.status).to.equal(429);
    const told = problem.parse(await refused.json());
    expect(told.type).to.equal("urn:b52:problem:too-many-downloads");
    expect(told.detail).to.equal("2 downloads are open, expected fewer: come again later");
    expect((await one.arrayBuffer()).byteLength).to.equal(LARGE);
    const third = await fetch(url);
    expect(third.status).to.equal(200);
    // Who goes away in the middle makes room, too.
    await two.body!.cancel();
    await eventually(async () => {
      const fourth = await fetch(url);
      await fourth.body!.cancel();
      expect(fourth.status).to.equal(200);
    });
    await third.body!.cancel();
    await offline.close();
  });

  it("end when they have taken their time: a reader that does not read keeps nobody out", async () => {
    const offline = await offlineApi({ latest: viewAt(1), snapshots: folder }, { maxDownloads: 1, downloadMs: 200 });
    const url = `${offline.url}/v1/archive/snapshots/7`;
    const slow = await fetch(url);
    await eventually(async () => {
      const next = await fetch(url);
      await next.body!.cancel();
      expect(next.status).to.equal(200);
    });
    const ended = await slow.arrayBuffer().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(ended, "what the slow reader is told").to.be.instanceOf(Error);
    await offline.close();
  });

  it("begin so often in a minute and no more", async () => {
    let now = 0;
    const limits = { maxDownloads: 100, downloadsPerMinute: 3, downloadMs: 60_000 };
    const downloads = new Downloads(limits, () => now);
    const begin = async (): Promise<void> => {
      const stream = downloads.begin(file);
      stream.destroy();
      await new Promise<void>((resolve) => stream.once("close", () => resolve()));
    };
    const refused = (): void => {
      const expected = "many downloads were begun, expected at most 3 in a minute: come again later";
      expect(() => downloads.begin(file)).to.throw(ProblemError, expected);
    };
    for (let i = 0; i < 3; i++) await begin();
    refused();
    now += 20_000;
    await begin();
    refused();
    now += 3_600_000;
    for (let i = 0; i < 3; i++) await begin();
    refused();
    expect(downloads.open).to.equal(0);
  });
});
