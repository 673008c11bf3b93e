import { expect } from "chai";
import {
  assignedCounts,
  decodeTranscript,
  emptyFlags,
  encodeAssigned,
  encodeTranscript,
  FLAG_KINDS,
  hasFlag,
  isFulfilled,
  MalformedError,
  OutOfRangeError,
  packAssigned,
  packFlags,
  withFlag,
} from "../../src/protocol/index.ts";

const forest = { arity: 2, levels: 2 };

describe("transcript", () => {
  const transcript = [0, 1, 65_535, 1, 2, 1, 0];

  it("is two big-endian bytes a slot", () => {
    expect(encodeTranscript(transcript)).to.equal("0x00000001ffff0001000200010000");
    expect(decodeTranscript(forest, encodeTranscript(transcript))).to.deep.equal(transcript);
  });

  it("refuses another length, other characters and indexes that do not fit", () => {
    const good = encodeTranscript(transcript);
    for (const bad of ["0x", good.slice(0, -2), `${good}00`, good.replace("ffff", "zzzz"), good.slice(2)]) {
      expect(() => decodeTranscript(forest, bad)).to.throw(MalformedError, "transcript length");
    }
    expect(() => encodeTranscript([65_536])).to.throw(OutOfRangeError, "prover index is 65536");
  });

  it("counts the slots of each prover in all, 0 where there is no key", () => {
    const keys = transcript.map((prover) => BigInt(prover));
    expect(assignedCounts(transcript, keys)).to.deep.equal([0, 3, 1, 3, 1, 3, 0]);
    expect(
      assignedCounts(
        transcript,
        keys.map((key) => (key === 1n ? 0n : key)),
      ),
    ).to.deep.equal([0, 0, 1, 0, 1, 0, 0]);
    expect(encodeAssigned([0, 3, 1])).to.equal("0x000000030001");
    expect(() => assignedCounts(transcript, [1n])).to.throw(MalformedError, "count of keys is 1, expected 7");
  });

  it("packs 14 bits a child, child 0 lowest, and refuses a count that overflows", () => {
    expect(packAssigned([1, 2, 16_383])).to.equal(1n + (2n << 14n) + (16_383n << 28n));
    expect(() => packAssigned([16_384, 0])).to.throw(OutOfRangeError, "assigned count");
  });
});

describe("flags", () => {
  it("give every slot four bits of its own, 64 slots a word", () => {
    const slots = 130;
    expect(emptyFlags(slots)).to.deep.equal([0n, 0n, 0n]);
    const seen = new Set<string>();
    for (const kind of FLAG_KINDS) {
      for (let slot = 0; slot < slots; slot++) {
        const flags = withFlag(emptyFlags(slots), kind, slot);
        seen.add(flags.join());
        const quarter = BigInt(64 * FLAG_KINDS.indexOf(kind));
        expect(flags[Math.floor(slot / 64)]).to.equal(1n << (quarter + BigInt(slot % 64)));
        for (const other of FLAG_KINDS) expect(hasFlag(flags, other, slot)).to.equal(other === kind);
      }
    }
    expect(seen.size).to.equal(4 * slots);
  });

  it("a slot is fulfilled if voted and delivered", () => {
    const flags = packFlags(4, { voted: (slot) => slot < 2, delivered: (slot) => slot % 2 === 0 });
    expect([0, 1, 2, 3].map((slot) => isFulfilled(flags, slot))).to.deep.equal([true, false, false, false]);
    expect(flags).to.deep.equal([0b0011n | (0b0101n << 64n)]);
    expect(hasFlag(flags, "voted", 64)).to.equal(false);
  });
});
