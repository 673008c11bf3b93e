import { expect } from "chai";
import { concat, dataSlice, getBytes, toBigInt } from "ethers";
import { network } from "hardhat";
import type { ForestParts, ForestVerifier } from "../../typechain-types/index.ts";
import {
  createSetup,
  proveSlot,
  randomForest,
  slotCount,
  type Forest,
  type ForestSetup,
  type Statement,
} from "../../src/sim/trapdoorForest.ts";
import {
  forestArguments,
  rangeArguments,
  verifierArguments,
  type RangeArguments,
} from "../../src/sim/verifierArguments.ts";
import { Random } from "../../src/sim/random.ts";
import { FIELD, randomScalar, shiftC } from "../../src/sim/trapdoor.ts";

const connection = await network.create();
const { ethers } = connection;
const ROUND_SEED = 5n;
/**
 * Parts with the root, only merges, merges and bases, and only bases: the forest has 15 slots, its bases begin at slot
 * 7.
 */
const CUTS = [1, 5, 11];

interface Fixture {
  readonly setup: ForestSetup;
  readonly verifier: ForestVerifier;
  readonly parts: ForestParts;
}

async function deploy(arity: number, levels: number): Promise<Fixture> {
  const setup = createSetup(new Random(`parts/${arity}/${levels}`), arity, levels);
  const verifier = await ethers.deployContract("ForestVerifier", verifierArguments(setup));
  const parts = await ethers.deployContract("ForestParts", [await verifier.getAddress()]);
  return { setup, verifier, parts };
}

const deployed = deploy(2, 3);

interface Arrangement {
  readonly seed?: string;
  readonly overrides?: Partial<Statement>;
}

/**
 * A forest in which every slot has a prover, with operations in slots 7 and 8, and contracts that have seen nothing of
 * it.
 */
async function fresh({ seed = "forest", overrides = {} }: Arrangement = {}): Promise<Fixture & { forest: Forest }> {
  const fixture = await deployed;
  await restore();
  const random = new Random(seed);
  const forest = randomForest(random, fixture.setup, { l1OpCount: 3n, ...overrides });
  for (const slot of forest.slots) {
    Object.assign(slot, { key: randomScalar(random), assigned: 1 + random.index(7), voted: true, delivered: true });
    slot.beta = overrides.roundSeed === undefined ? 0n : randomScalar(random);
  }
  reprove(forest, seed);
  return { ...fixture, forest };
}

let snapshot: Promise<{ restore: () => Promise<void> }> | undefined;

/** Back to the deployment, where no part is known. */
async function restore(): Promise<void> {
  await (await snapshot)?.restore();
  snapshot ??= connection.networkHelpers.takeSnapshot();
  await snapshot;
}

function reprove(forest: Forest, seed: string): void {
  const random = new Random(`proofs/${seed}`);
  forest.proofs = forest.slots.map((_, slot) => proveSlot(random, forest, slot));
}

function clone(forest: Forest): Forest {
  return {
    ...forest,
    statement: { ...forest.statement },
    slots: forest.slots.map((slot) => ({ ...slot })),
    proofs: [...forest.proofs],
  };
}

const rangesOf = (forest: Forest, cuts: readonly number[]): [first: number, end: number][] =>
  [...cuts, slotCount(forest.setup)].map((end, i) => [i === 0 ? 0 : cuts[i - 1]!, end]);

async function bring(parts: ForestParts, forest: Forest, cuts: readonly number[] = CUTS): Promise<void> {
  for (const [first, end] of rangesOf(forest, cuts))
    await (await parts.verifyPart(...rangeArguments(forest, first, end))).wait();
}

async function isWhole(parts: ForestParts, forest: Forest, cuts: readonly number[] = CUTS): Promise<boolean> {
  const [statement, keys, assigned, flags, rootCommitment, contents, betas] = forestArguments(forest);
  return parts.verifyParts(statement, keys, assigned, flags, rootCommitment, contents, betas, [...cuts]);
}

/** Which parts of the forest are not known: a known one is refused as such, before anyone looks at its proofs. */
async function missing(
  parts: ForestParts,
  forest: Forest,
  cuts: readonly number[] = CUTS,
): Promise<[number, number][]> {
  const ranges = rangesOf(forest, cuts);
  const known = await Promise.all(
    ranges.map(async ([first, end]) => {
      const outcome = parts.verifyPart.staticCall(...rangeArguments(forest, first, end));
      const refusal = await outcome.then(
        () => undefined,
        ({ data }: { data?: string }) => parts.interface.parseError(data ?? "0x"),
      );
      return refusal?.name === "AlreadyVerified";
    }),
  );
  return ranges.filter((_, i) => !known[i]);
}

describe("ForestVerifier, ranges of slots", () => {
  for (const [arity, levels, roundSeed] of [
    [2, 1, 0n],
    [2, 3, ROUND_SEED],
    [2, 4, 0n],
    [4, 2, ROUND_SEED],
    [16, 1, 0n],
  ] as const) {
    it(`accepts every range of arity ${arity}, levels ${levels}, seed ${roundSeed}, and the whole as one`, async () => {
      const { setup, verifier } = await deploy(arity, levels);
      const slots = slotCount(setup);
      for (const l1OpCount of [0n, 3n]) {
        const forest = randomForest(new Random(`ranges/${arity}/${levels}`), setup, { roundSeed, l1OpCount });
        const starts = [0, ...Array.from({ length: (slots - 1) / arity }, (_, i) => arity * i + 1)];
        for (const first of starts) {
          for (const end of [...starts, slots].filter((end) => end > first)) {
            expect(await verifier.verifyRange(...rangeArguments(forest, first, end)), `${first} to ${end}`).to.equal(
              true,
            );
          }
        }
      }
    });
  }

  it("accepts ranges of layers with more than a hundred slots", async () => {
    const { setup, verifier } = await deploy(2, 7);
    const forest = randomForest(new Random("ranges/wide"), setup, { roundSeed: ROUND_SEED, l1OpCount: 3n });
    for (const [first, end] of [
      [0, 255],
      [63, 127],
      [95, 201],
      [127, 255],
      [191, 193],
      [253, 255],
    ] as const) {
      expect(await verifier.verifyRange(...rangeArguments(forest, first, end)), `${first} to ${end}`).to.equal(true);
    }
  });

  it("refuses whatever a range's nodes do not prove, of themselves and of their children", async () => {
    const { verifier, forest } = await fresh({ overrides: { roundSeed: ROUND_SEED } });
    for (const [first, end] of rangesOf(forest, CUTS)) {
      const parents = forest.slots.map((_, slot) => Math.floor((slot - 1) / 2));
      for (const [slot, { assigned, content, beta }] of forest.slots.entries()) {
        const isOwn = slot >= first && slot < end;
        const isChild = slot !== 0 && parents[slot]! >= first && parents[slot]! < end;
        const changes = {
          key: isOwn || isChild,
          assigned: isChild || (isOwn && slot === 0),
          voted: isChild || (isOwn && slot === 0),
          delivered: isOwn,
          content: (isOwn && slot !== 0) || isChild,
          beta: isOwn,
        };
        const others = {
          key: 7n,
          assigned: assigned + 1,
          voted: false,
          delivered: false,
          content: (content + 1n) % FIELD,
          beta: beta - 1n,
        };
        for (const [field, matters] of Object.entries(changes)) {
          const changed = clone(forest);
          Object.assign(changed.slots[slot]!, { [field]: others[field as keyof typeof others] });
          if (field === "delivered") changed.slots[slot]!.beta = 0n;
          const accepted = await verifier.verifyRange(...rangeArguments(changed, first, end));
          expect(accepted, `${field} of slot ${slot} for ${first} to ${end}`).to.equal(!matters);
        }
      }
    }
  });

  it("refuses another statement, but what only the root says in other ranges", async () => {
    const { verifier, forest } = await fresh({ overrides: { roundSeed: ROUND_SEED } });
    const byNodes = ["domain", "proposalId", "roundSeed"] as const;
    for (const [first, end] of rangesOf(forest, CUTS)) {
      const [hasRoot, hasMerges, hasBases] = [first === 0, first < 7 && end > 1, end > 7];
      for (const field of Object.keys(forest.statement) as (keyof Statement)[]) {
        const changed = clone(forest);
        // Four operations fill as many bases as three.
        changed.statement[field] += 1n;
        const matters =
          hasRoot && field !== "z"
            ? true
            : byNodes.some((name) => name === field) ||
              (field === "burnBid" && hasMerges) ||
              (field === "z" && hasBases);
        expect(
          await verifier.verifyRange(...rangeArguments(changed, first, end)),
          `${field} for ${first} to ${end}`,
        ).to.equal(!matters);
      }
    }
  });

  it("refuses proofs that changed places, within a range and between ranges", async () => {
    const { verifier, forest } = await fresh();
    for (const [left, right, first, end] of [
      [5, 6, 5, 11],
      [9, 10, 5, 11],
      [7, 9, 5, 11],
      [11, 12, 11, 15],
      [9, 11, 11, 15],
    ] as const) {
      const swapped = clone(forest);
      [swapped.proofs[left], swapped.proofs[right]] = [forest.proofs[right]!, forest.proofs[left]!];
      expect(await verifier.verifyRange(...rangeArguments(swapped, first, end)), `${left} ${right}`).to.equal(false);
    }
  });

  it("refuses errors that cancel when summed plainly, or under the coefficients of another range", async () => {
    const { verifier, forest } = await fresh();
    const [, ...whole] = rangeArguments(forest, 5, 15);
    const call = verifier.interface.encodeFunctionData("verifyRange", [forest.statement, ...whole]);
    const ratio = 1n + (toBigInt(ethers.keccak256(concat([call, await verifier.keysHash()]))) % (FIELD - 1n));
    for (const factor of [1n, ratio]) {
      const changed = clone(forest);
      changed.proofs[11] = shiftC(forest.proofs[11]!, 7n * factor);
      changed.proofs[12] = shiftC(forest.proofs[12]!, -7n);
      expect(await verifier.verifyRange(...rangeArguments(changed, 11, 15))).to.equal(false);
      expect(await verifier.verifyRange(...rangeArguments(changed, 5, 15))).to.equal(false);
    }
  });

  it("names ranges that there are not, or that separate siblings", async () => {
    const { verifier, forest } = await fresh();
    for (const [first, end] of [
      [0, 0],
      [5, 5],
      [11, 5],
      [0, 16],
      [0, 17],
      [15, 17],
      [0, 2],
      [2, 5],
      [5, 10],
      [0, 14],
    ] as const) {
      const args = rangeArguments(forest, 0, 15);
      [args[1], args[2]] = [first, end];
      await expect(verifier.verifyRange(...args))
        .to.be.revertedWithCustomError(verifier, "InvalidRange")
        .withArgs(first, end);
    }
    const [statement, , , ...lists] = rangeArguments(forest, 0, 15);
    await expect(verifier.verifyRange(statement, 2n ** 256n - 1n, 15, ...lists)).to.be.revertedWithCustomError(
      verifier,
      "InvalidRange",
    );
    await expect(verifier.verifyRange(statement, 1, 2n ** 256n - 1n, ...lists)).to.be.revertedWithCustomError(
      verifier,
      "InvalidRange",
    );
  });

  it("names lists of a wrong length", async () => {
    const { verifier, forest } = await fresh({ overrides: { roundSeed: ROUND_SEED } });
    for (const [first, end, own, listed] of [
      [0, 1, 1, 3],
      [1, 5, 4, 10],
      [3, 5, 2, 6],
      [5, 11, 6, 10],
      [11, 15, 4, 4],
    ] as const) {
      const cases: [i: 3 | 4 | 5 | 7 | 8 | 9, name: string, length: number][] = [
        [3, "keys", listed],
        [4, "assigned", 2 * listed],
        [5, "flags", 1],
        [7, "contents", first === 0 ? listed - 1 : listed],
        [8, "betas", own],
        [9, "proofs", 256 * own],
      ];
      for (const [i, name, length] of cases) {
        for (const change of [-1, 1]) {
          const args = rangeArguments(forest, first, end);
          const list = args[i];
          if (typeof list === "string")
            args[i as 4] = change < 0 ? dataSlice(list, 0, length - 1) : concat([list, "0x00"]);
          else args[i as 3] = change < 0 ? list.slice(0, -1) : [...list, 0n];
          await expect(verifier.verifyRange(...args), `${name} of ${first} to ${end}`)
            .to.be.revertedWithCustomError(verifier, "InvalidLength")
            .withArgs(name, length, length + change);
        }
      }
    }
  });

  it("names what is malformed in children outside the range, too", async () => {
    const { verifier, forest } = await fresh();
    for (const [slot, first, end] of [
      [2, 0, 1],
      [7, 1, 5],
      [13, 5, 11],
    ] as const) {
      const refuse = async (change: Partial<Forest["slots"][number]>, error: string, ...values: unknown[]) => {
        const changed = clone(forest);
        Object.assign(changed.slots[slot]!, change);
        await expect(verifier.verifyRange(...rangeArguments(changed, first, end)))
          .to.be.revertedWithCustomError(verifier, error)
          .withArgs(...values);
      };
      const { key, content } = forest.slots[slot]!;
      await refuse({ content: content + FIELD }, "NotCanonical", content + FIELD);
      await refuse({ key: key + FIELD }, "NotCanonical", key + FIELD);
      await refuse({ key: 0n }, "FlagWithoutKey", slot);
      await refuse(
        { key: 0n, voted: false, delivered: false },
        "InvalidAssigned",
        slot,
        0,
        forest.slots[slot]!.assigned,
      );
      await refuse({ assigned: 1 << 14 }, "InvalidAssigned", slot, key, 1 << 14);
    }
  });
});

describe("ForestParts", () => {
  it("fits the code size limit", async () => {
    const { parts } = await deployed;
    expect(getBytes(await ethers.provider.getCode(await parts.getAddress())).length).to.be.below(24_576);
  });

  for (const order of [
    [0, 1, 2, 3],
    [3, 2, 1, 0],
    [2, 0, 3, 1],
  ]) {
    it(`takes parts in any order: ${order}`, async () => {
      const { verifier, parts, forest } = await fresh();
      const ranges = rangesOf(forest, CUTS);
      for (const [done, i] of order.entries()) {
        const first = order.slice(done).reduce((least, part) => Math.min(least, part));
        await expect(isWhole(parts, forest))
          .to.be.revertedWithCustomError(parts, "MissingPart")
          .withArgs(...ranges[first]!);
        const [start, end] = ranges[i]!;
        const args = rangeArguments(forest, start, end);
        const digest = await parts.verifyPart.staticCall(...args);
        expect(await parts.isVerified(digest)).to.equal(false);
        await expect(parts.verifyPart(...args))
          .to.emit(parts, "PartVerified")
          .withArgs(forest.statement.proposalId, start, end, digest);
        expect(await parts.isVerified(digest)).to.equal(true);
      }
      expect(await isWhole(parts, forest)).to.equal(true);
      expect(await verifier.verifyForest(...forestArguments(forest))).to.equal(true);
    });
  }

  for (const [name, arity, levels, cuts, overrides] of [
    ["two levels of four", 4, 2, [5, 13], {}],
    ["VRF outputs", 2, 3, [3, 9], { roundSeed: ROUND_SEED }],
    ["more flag words than one", 4, 3, [9, 61, 69], { roundSeed: ROUND_SEED, l1OpCount: 31n }],
    ["a single part", 2, 2, [], {}],
    ["nothing but families", 2, 2, [1, 3, 5], { l1OpCount: 8n }],
  ] as const) {
    it(`accepts ${name}`, async () => {
      const { setup, parts } = await deploy(arity, levels);
      const forest = randomForest(new Random(name), setup, overrides);
      await bring(parts, forest, cuts);
      expect(await isWhole(parts, forest, cuts)).to.equal(true);
    });
  }

  it("refuses a part with a forged proof, and forgets it", async () => {
    const { parts, forest } = await fresh();
    for (const [first, end] of rangesOf(forest, CUTS)) {
      const forged = clone(forest);
      forged.proofs[end - 1] = shiftC(forest.proofs[end - 1]!, 1n);
      await expect(parts.verifyPart(...rangeArguments(forged, first, end)))
        .to.be.revertedWithCustomError(parts, "InvalidPart")
        .withArgs(first, end);
    }
    expect(await missing(parts, forest)).to.have.length(4);
  });

  it("takes a part once, whatever its proofs look like", async () => {
    const { parts, forest } = await fresh();
    await bring(parts, forest);
    const again = clone(forest);
    reprove(again, "again");
    expect(again.proofs[11]).not.to.equal(forest.proofs[11]);
    for (const [first, end] of rangesOf(forest, CUTS)) {
      await expect(parts.verifyPart(...rangeArguments(again, first, end))).to.be.revertedWithCustomError(
        parts,
        "AlreadyVerified",
      );
    }
    expect(await isWhole(parts, again)).to.equal(true);
  });

  it("remembers parts, not forests: another cut needs other parts", async () => {
    const { parts, forest } = await fresh();
    await bring(parts, forest);
    for (const [cuts, first, end] of [
      [[1, 5], 5, 15],
      [[5, 11], 0, 5],
      [[1, 3, 5, 11], 1, 3],
      [[1, 5, 11, 13], 11, 13],
      [[], 0, 15],
    ] as const) {
      await expect(isWhole(parts, forest, cuts))
        .to.be.revertedWithCustomError(parts, "MissingPart")
        .withArgs(first, end);
    }
    await (await parts.verifyPart(...rangeArguments(forest, 5, 15))).wait();
    expect(await isWhole(parts, forest, [1, 5])).to.equal(true);
  });

  it("refuses cuts that leave gaps, overlap, go backwards or beyond the forest", async () => {
    const { parts, forest } = await fresh();
    await bring(parts, forest);
    // Overlapping parts exist, but no list of cuts names them.
    await (await parts.verifyPart(...rangeArguments(forest, 1, 11))).wait();
    for (const [cuts, first, end] of [
      [[1, 5, 5, 11], 5, 5],
      [[1, 11, 5], 11, 5],
      [[1, 5, 11, 15], 15, 15],
      [[1, 5, 11, 17], 11, 17],
      [[0, 1, 5, 11], 0, 0],
      [[1, 5, 10], 5, 10],
      [[2, 5, 11], 0, 2],
    ] as const) {
      await expect(isWhole(parts, forest, cuts))
        .to.be.revertedWithCustomError(parts, "InvalidRange")
        .withArgs(first, end);
    }
  });

  describe("a part counts for nothing but what it was verified for", () => {
    it("not for another domain, proposal, data point, seed, bid, or any other claim of the block", async () => {
      const { parts, forest } = await fresh({ overrides: { roundSeed: ROUND_SEED } });
      await bring(parts, forest);
      for (const field of Object.keys(forest.statement) as (keyof Statement)[]) {
        const other = clone(forest);
        other.statement[field] += 1n;
        expect(await missing(parts, other), field).to.have.length(4);
        await expect(isWhole(parts, other), field).to.be.revertedWithCustomError(parts, "MissingPart").withArgs(0, 1);
      }
    });

    it("not for another transcript, vote, delivery, content or VRF output of a slot that it speaks of", async () => {
      const { parts, forest } = await fresh({ overrides: { roundSeed: ROUND_SEED } });
      await bring(parts, forest);
      const ranges = rangesOf(forest, CUTS);
      for (const [slot, { key, assigned, content, beta }] of forest.slots.entries()) {
        const isOwn = ([first, end]: [number, number]) => slot >= first && slot < end;
        const parent = Math.floor((slot - 1) / 2);
        const speaksOf = ([first, end]: [number, number]) =>
          isOwn([first, end]) || (slot !== 0 && parent >= first && parent < end);
        for (const [change, isAffected] of [
          [{ key: (key + 1n) % FIELD }, speaksOf],
          [{ assigned: assigned + 1 }, speaksOf],
          [{ voted: false }, speaksOf],
          [{ delivered: false, beta: 0n }, isOwn],
          [{ beta: (beta + 1n) % FIELD }, isOwn],
          ...(slot === 0 ? [] : ([[{ content: (content + 1n) % FIELD }, speaksOf]] as const)),
        ] as const) {
          const other = clone(forest);
          Object.assign(other.slots[slot]!, change);
          const label = `slot ${slot} ${Object.keys(change)}`;
          const affected = ranges.filter(isAffected);
          expect(await missing(parts, other), label).to.deep.equal(affected);
          await expect(isWhole(parts, other), label)
            .to.be.revertedWithCustomError(parts, "MissingPart")
            .withArgs(...affected[0]!);
        }
      }
    });

    it("not for another flag on either side of a word's edge", async () => {
      const cuts = [9, 61, 69];
      const { setup, parts } = await deploy(4, 3);
      const forest = randomForest(new Random("edges"), setup, {});
      await bring(parts, forest, cuts);
      for (const slot of [60, 61, 63, 64, 68, 69]) {
        const parent = Math.floor((slot - 1) / 4);
        for (const flag of ["voted", "delivered"] as const) {
          const other = clone(forest);
          other.slots[slot]![flag] = !other.slots[slot]![flag];
          const affected = rangesOf(forest, cuts).filter(
            ([first, end]) => (slot >= first && slot < end) || (flag === "voted" && parent >= first && parent < end),
          );
          expect(await missing(parts, other, cuts), `slot ${slot} ${flag}`).to.deep.equal(affected);
        }
      }
    });

    it("not for another commitment of the root; other parts do not depend on it", async () => {
      const { parts, forest } = await fresh();
      await bring(parts, forest);
      const other = clone(forest);
      other.rootCommitment = (forest.rootCommitment + 1n) % FIELD;
      expect(await missing(parts, other)).to.deep.equal([[0, 1]]);
    });

    it("not for another verifier", async () => {
      const { parts, forest } = await fresh();
      await bring(parts, forest);
      const other = await ethers.deployContract("ForestVerifier", verifierArguments(forest.setup));
      const others = await ethers.deployContract("ForestParts", [await other.getAddress()]);
      await expect(isWhole(others, forest)).to.be.revertedWithCustomError(parts, "MissingPart").withArgs(0, 1);
    });

    it("not for flags that nobody proves: those beyond the forest, and paid or handed in", async () => {
      const { parts, forest } = await fresh();
      await bring(parts, forest);
      const [statement, keys, assigned, flags, rootCommitment, contents, betas] = forestArguments(forest);
      for (const bit of [15n, 63n, 64n + 15n, 128n, 142n, 192n, 255n]) {
        const more = [flags[0]! | (1n << bit)];
        await expect(parts.verifyParts(statement, keys, assigned, more, rootCommitment, contents, betas, CUTS))
          .to.be.revertedWithCustomError(parts, "UnusedFlags")
          .withArgs(0, 1n << bit);
      }
    });
  });

  it("uses the parts that a richer forest has in common with the one before", async () => {
    const { parts, forest } = await fresh();
    forest.slots[13]!.delivered = false;
    reprove(forest, "poorer");
    await bring(parts, forest);
    const richer = clone(forest);
    richer.slots[13]!.delivered = true;
    reprove(richer, "richer");
    expect(await missing(parts, richer)).to.deep.equal([[11, 15]]);
    await (await parts.verifyPart(...rangeArguments(richer, 11, 15))).wait();
    expect(await isWhole(parts, richer)).to.equal(true);
    expect(await isWhole(parts, forest)).to.equal(true);
  });

  it("does not take values that moved to another list, or from one slot to the next, for the same", async () => {
    const { parts, forest } = await fresh();
    await bring(parts, forest);
    const [statement, first, end, keys, assigned, flags, rootCommitment, contents, betas, proofs] = rangeArguments(
      forest,
      5,
      11,
    );
    const last = keys.at(-1)!;
    const moved: Record<string, RangeArguments> = {
      "a key to the contents": [
        statement,
        first,
        end,
        keys.slice(0, -1),
        assigned,
        flags,
        rootCommitment,
        [last, ...contents],
        betas,
        proofs,
      ],
      "a content to the keys": [
        statement,
        first,
        end,
        [...keys, contents[0]!],
        assigned,
        flags,
        rootCommitment,
        contents.slice(1),
        betas,
        proofs,
      ],
      "a content to the betas": [
        statement,
        first,
        end,
        keys,
        assigned,
        flags,
        rootCommitment,
        contents.slice(0, -1),
        [contents.at(-1)!],
        proofs,
      ],
      "the boundary of the range": [
        statement,
        first,
        end - 2,
        keys,
        assigned,
        flags,
        rootCommitment,
        contents,
        betas,
        proofs,
      ],
      "the range itself": [
        statement,
        first + 2,
        end + 2,
        keys,
        assigned,
        flags,
        rootCommitment,
        contents,
        betas,
        proofs,
      ],
    };
    for (const [what, args] of Object.entries(moved)) {
      // Neither known nor accepted: AlreadyVerified would say that its digest is that of the part.
      await expect(parts.verifyPart(...args), what).to.be.revertedWithCustomError(parts, "InvalidLength");
    }
    // The same values in other places of lists that have the right length.
    const rotated = (list: readonly bigint[]) => [...list.slice(1), list[0]!];
    for (const args of [
      [statement, first, end, rotated(keys), assigned, flags, rootCommitment, contents, betas, proofs],
      [statement, first, end, keys, assigned, flags, rootCommitment, rotated(contents), betas, proofs],
      [statement, first, end, contents, assigned, flags, rootCommitment, keys, betas, proofs],
    ] as RangeArguments[]) {
      await expect(parts.verifyPart(...args))
        .to.be.revertedWithCustomError(parts, "InvalidPart")
        .withArgs(first, end);
    }
  });

  it("names lists of a wrong length when all parts are put together", async () => {
    const { parts, forest } = await fresh({ overrides: { roundSeed: ROUND_SEED } });
    await bring(parts, forest);
    const [statement, keys, assigned, flags, rootCommitment, contents, betas] = forestArguments(forest);
    const cases: [
      name: string,
      expected: number,
      actual: number,
      lists: [bigint[], string, bigint[], bigint[], bigint[]],
    ][] = [
      ["keys", 15, 16, [[...keys, 0n], assigned, flags, contents, betas]],
      ["assigned", 30, 29, [keys, dataSlice(assigned, 0, 29), flags, contents, betas]],
      ["flags", 1, 2, [keys, assigned, [...flags, 0n], contents, betas]],
      ["contents", 14, 13, [keys, assigned, flags, contents.slice(1), betas]],
      ["betas", 15, 0, [keys, assigned, flags, contents, []]],
    ];
    for (const [name, expected, actual, [k, a, f, c, b]] of cases) {
      await expect(parts.verifyParts(statement, k, a, f, rootCommitment, c, b, CUTS))
        .to.be.revertedWithCustomError(parts, "InvalidLength")
        .withArgs(name, expected, actual);
    }
    expect(await isWhole(parts, forest)).to.equal(true);
  });
});
