import { expect } from "chai";
import { cutElements, encodeBlob } from "../../src/blobs/blob.ts";
import { BlobUnavailableError } from "../../src/blobs/errors.ts";
import type { ApiPorts } from "../../src/api/index.ts";
import { logTo } from "../../src/log/index.ts";
import { until } from "../support/until.ts";
import { decide, fullBlock, PER_BLOCK, profile } from "./decided.ts";
import { offlineApi, type OfflineApi, viewAt } from "./offline.ts";

describe("the API of a final block whose blob nobody gave", () => {
  const [blob] = cutElements(fullBlock(1)).map(encodeBlob);
  let offline: OfflineApi;
  let said: string[];
  let asked: number;
  let looks: number;
  /** A block of L1 comes. */
  let look: () => void;

  /** @param failures how often the blob is not to be had */
  async function begin(failures: number): Promise<void> {
    said = [];
    [asked, looks] = [0, 0];
    let proposalId = 0n;
    offline = await offlineApi(
      {
        reader: {
          latest: viewAt(10),
          watch(listen) {
            look = listen;
            return () => undefined;
          },
        },
        ledger: {
          learn: async () => {
            looks++;
          },
          block: () => undefined,
        },
        synced: {
          head: { height: 0 },
          block: (height: number) => (height === 1 ? { proposalId } : undefined),
          exitsOf: () => [],
        } as unknown as ApiPorts["synced"],
        blobs: {
          ...{ name: "somebody", check: () => Promise.resolve() },
          get: ({ versionedHash }) =>
            ++asked <= failures
              ? Promise.reject(new BlobUnavailableError(versionedHash, ["not yet"]))
              : Promise.resolve(blob!),
        },
        log: logTo(({ code, level }) => {
          if (level !== "debug") said.push(code);
        }),
      },
      { profile },
    );
    const { client, index } = offline;
    Object.assign(client.provider, { getBlock: () => Promise.resolve({ timestamp: 102 }) });
    const one = decide(client, 1, 0n, PER_BLOCK);
    proposalId = one.proposal;
    index.feed(viewAt(10), { from: 0, to: 10, logs: one.logs });
    look();
  }
  afterEach(() => offline.close());

  const known = (): number => offline.index.sql.all("SELECT 1 FROM transfers WHERE nonce IS NOT NULL").length;

  it("asks again, and completes the block when somebody gives it", async () => {
    await begin(1);
    await until("the block is complete", () => known() === PER_BLOCK);
    expect(asked).to.equal(2);
    expect(said).to.deep.equal(["blob-missing", "blob-found"]);
  });

  it("says so once, and asks once a minute, not at each block of L1", async () => {
    await begin(Infinity);
    await until("it was asked for again", () => asked === 2);
    for (let i = 0; i < 5; i++) {
      const before = looks;
      look();
      await until("another look", () => looks > before);
    }
    expect(asked).to.equal(2);
    expect(said).to.deep.equal(["blob-missing"]);
    expect(known()).to.equal(0);
  });
});
