import { expect } from "chai";
import { z } from "zod";
import { Journal } from "../../src/roles/index.ts";
import { Memory } from "../../src/roles/memory.ts";
import { StoredValue } from "../../src/roles/storedValue.ts";
import { MemoryStore } from "../../src/state/store.ts";

const entry = z.object({ roundNumber: z.bigint(), what: z.string() });
const said = (own: string, { what }: z.output<typeof entry>): string => `${own}${what}`;
const opened = (store: MemoryStore) => new Memory(new Journal(store, entry, "rollup"), said, "");

describe("what a role has done", () => {
  it("is the fold of its journal, now and after a restart", async () => {
    const store = new MemoryStore();
    const memory = opened(store);
    await memory.write({ roundNumber: 1n, what: "a" });
    await memory.write({ roundNumber: 2n, what: "b" });
    for (const each of [memory, opened(store)]) expect(each.own).to.equal("ab");
  });

  it("is forgotten round by round", async () => {
    const store = new MemoryStore();
    const memory = opened(store);
    await memory.write({ roundNumber: 1n, what: "a" });
    await memory.write({ roundNumber: 2n, what: "b" });
    expect(await memory.forget(1n), "nothing is older").to.equal(false);
    expect(memory.own).to.equal("ab");
    expect(await memory.forget(2n)).to.equal(true);
    for (const each of [memory, opened(store)]) expect(each.own).to.equal("b");
    expect(await memory.forget(3n)).to.equal(true);
    expect(memory.own).to.equal("");
  });
});

describe("a value that is stored", () => {
  it("is what was written last, now and after a restart", async () => {
    const coding = { encode: (value: number) => `${value}`, decode: (encoded?: string) => Number(encoded ?? "-1") };
    const store = new MemoryStore();
    const value = new StoredValue(store, "count", coding);
    expect(value.value, "nothing was written").to.equal(-1);
    await value.write(7);
    await value.write(8);
    for (const each of [value, new StoredValue(store, "count", coding)]) expect(each.value).to.equal(8);
  });
});
