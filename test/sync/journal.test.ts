import { expect } from "chai";
import fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LevelStore } from "../../src/state/levelStore.ts";
import { MemoryStore, type Store } from "../../src/state/store.ts";
import { Journal } from "../../src/sync/journal.ts";

const KEYS = ["a", "b", "c"];

const contents = (store: Store): (string | undefined)[] => KEYS.map((key) => store.get(key));

describe("Journal", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "b52-journal-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it("takes blocks back in turn, whatever they wrote and removed", async () => {
    const block = fc.dictionary(fc.constantFrom(...KEYS), fc.option(fc.string(), { nil: undefined }));
    await fc.assert(
      fc.asyncProperty(fc.array(block, { minLength: 1, maxLength: 6 }), async (blocks) => {
        const journal = new Journal(new MemoryStore(), 10);
        const seen: (string | undefined)[][] = [];
        for (const changes of blocks) {
          await journal.write(new Map(Object.entries(changes)));
          seen.push(contents(journal));
        }
        for (const expected of seen.reverse().slice(1)) {
          expect(await journal.takeBack()).to.equal(true);
          expect(contents(journal)).to.deep.equal(expected);
        }
        expect(await journal.takeBack(), "the first write is the beginning").to.equal(false);
      }),
      { numRuns: 50 },
    );
  });

  it("goes on with other blocks after it took some back", async () => {
    const journal = new Journal(new MemoryStore(), 10);
    for (const value of ["0", "1", "2"]) await journal.write(new Map([["a", value]]));
    await journal.takeBack();
    await journal.write(new Map([["b", "other"]]));
    expect(contents(journal)).to.deep.equal(["1", "other", undefined]);
    await journal.takeBack();
    await journal.takeBack();
    expect(contents(journal)).to.deep.equal(["0", undefined, undefined]);
  });

  it("forgets the oldest blocks, and what they left is not there any more", async () => {
    const store = new MemoryStore();
    const journal = new Journal(store, 2);
    for (const value of ["0", "1", "2", "3"]) await journal.write(new Map([["a", value]]));
    expect([1, 2, 3].map((count) => store.get(`undo:${count}`) !== undefined)).to.deep.equal([false, true, true]);
    expect([await journal.takeBack(), await journal.takeBack(), await journal.takeBack()]).to.deep.equal([
      true,
      true,
      false,
    ]);
    expect(journal.get("a")).to.equal("1");
  });

  it("keeps notes, and makes changes together with what it takes back", async () => {
    const journal = new Journal(new MemoryStore(), 10);
    await journal.write(new Map([["a", "0"]]));
    await journal.write(new Map([["a", "1"]]));
    await journal.note(new Map([["b", "noted"]]));
    await journal.takeBack(new Map([["c", "with it"]]));
    expect(contents(journal)).to.deep.equal(["0", "noted", "with it"]);
  });

  it("works the same on disk", async () => {
    let journal = new Journal(await LevelStore.open(folder), 10);
    for (const value of ["0", "1", "2"])
      await journal.write(
        new Map([
          ["a", value],
          ["b", value === "1" ? "x" : undefined],
        ]),
      );
    await journal.close();
    journal = new Journal(await LevelStore.open(folder), 10);
    await journal.takeBack();
    expect(contents(journal)).to.deep.equal(["1", "x", undefined]);
    await journal.takeBack();
    expect(contents(journal)).to.deep.equal(["0", undefined, undefined]);
    await journal.close();
  });
});
