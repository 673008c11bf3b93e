import { expect } from "chai";
import { concat, dataSlice, getBytes, hexlify, keccak256, toBeHex, toBigInt } from "ethers";
import { network } from "hardhat";
import { BLOB_FIELD } from "../../src/protocol/blobField.ts";
import { childSlots, nodeAt, nodeNumber } from "../../src/protocol/nodes.ts";
import { basePublicInputs, mergePublicInputs, rootPublicInputs } from "../../src/protocol/publicInputs.ts";
import { rootInputs, rootVector } from "../../src/protocol/rootInputs.ts";
import { packAssigned } from "../../src/protocol/transcript.ts";
import type { ForestVerifier } from "../../typechain-types/index.ts";
import {
  circuitOf,
  createSetup,
  proveSlot,
  publicInputs,
  randomForest,
  slotCount,
  type Forest,
  type ForestSetup,
  type Statement,
} from "../../src/sim/trapdoorForest.ts";
import {
  encodedKeys,
  forestArguments,
  nodeArguments,
  verifierArguments,
  type ForestArguments,
  type NodeStatement,
} from "../../src/sim/verifierArguments.ts";
import { Random } from "../../src/sim/random.ts";
import { deploySnarkjsVerifiers } from "../support/snarkjsVerifier.ts";
import {
  BASE_FIELD,
  encodeProof,
  FIELD,
  Fr,
  g1,
  g2,
  outsideG2,
  randomScalar,
  shiftC,
  simulateProof,
  word,
  type Proof,
} from "../../src/sim/trapdoor.ts";

const { ethers } = await network.create();
const PROOF_BYTES = 256;
const INFINITY = `0x${"00".repeat(64)}`;
const BASE_SLOT = 5;
const ROUND_SEED = 5n;

interface Fixture {
  readonly setup: ForestSetup;
  readonly verifier: ForestVerifier;
}

const fixtures = new Map<string, Promise<Fixture>>();

/** One deployment per shape is enough: the verifier has no state. */
function fixture(arity = 2, levels = 2): Promise<Fixture> {
  const seed = `verifier/${arity}/${levels}`;
  if (!fixtures.has(seed)) {
    const setup = createSetup(new Random(seed), arity, levels);
    const deployed = ethers.deployContract("ForestVerifier", verifierArguments(setup));
    fixtures.set(
      seed,
      deployed.then((verifier) => ({ setup, verifier })),
    );
  }
  return fixtures.get(seed)!;
}

/** Of the field that a statement's value is of. */
const orderOf = (field: keyof Statement): bigint => (field === "dataEval" ? BLOB_FIELD : FIELD);

function verify(verifier: ForestVerifier, forest: Forest): Promise<boolean> {
  return verifier.verifyForest(...forestArguments(forest));
}

/** Whether a raw call returns true: false and any revert are refusals. */
async function accepts(verifier: ForestVerifier, data: string): Promise<boolean> {
  try {
    return toBigInt(await ethers.provider.call({ to: await verifier.getAddress(), data })) === 1n;
  } catch (error) {
    if (error instanceof Error && /revert/.test(error.message)) return false;
    throw error;
  }
}

function calldata(verifier: ForestVerifier, args: ForestArguments): string {
  return verifier.interface.encodeFunctionData("verifyForest", args);
}

function clone(forest: Forest): Forest {
  return {
    ...forest,
    statement: { ...forest.statement },
    slots: forest.slots.map((slot) => ({ ...slot })),
    proofs: [...forest.proofs],
  };
}

/** Replaces some words of a proof: A.x A.y B.x1 B.x0 B.y1 B.y0 C.x C.y. */
function patch(proof: string, words: Record<number, (word: bigint) => bigint>): string {
  const patched = Array.from({ length: 8 }, (_, i) => {
    const value = toBigInt(dataSlice(proof, 32 * i, 32 * i + 32));
    return word(words[i]?.(value) ?? value);
  });
  return concat(patched);
}

const negate = (y: bigint) => (BASE_FIELD - y) % BASE_FIELD;

/** A valid forest in which every slot has a prover, and a chance to spoil it before it is proven. */
async function assignedForest(
  seed: string,
  arrange: (forest: Forest) => void = () => {},
  roundSeed = 0n,
): Promise<Fixture & { forest: Forest }> {
  const { setup, verifier } = await fixture();
  const random = new Random(seed);
  const forest = randomForest(random, setup, { roundSeed });
  for (const slot of forest.slots) {
    Object.assign(slot, { key: randomScalar(random), assigned: 1 + random.index(7), voted: true, delivered: true });
    if (roundSeed !== 0n) slot.beta = randomScalar(random);
  }
  arrange(forest);
  forest.proofs = forest.slots.map((_, slot) => proveSlot(random, forest, slot));
  return { setup, verifier, forest };
}

describe("ForestVerifier", () => {
  describe("deployment", () => {
    it("fits the code size limit at the largest arity", async () => {
      const { verifier } = await fixture(16, 1);
      const code = await ethers.provider.getCode(await verifier.getAddress());
      expect(getBytes(code).length).to.be.below(24_576);
    });

    it("knows its shape", async () => {
      for (const [arity, levels, slots] of [
        [2, 1, 3],
        [2, 3, 15],
        [4, 2, 21],
        [16, 1, 17],
      ] as const) {
        const { verifier } = await fixture(arity, levels);
        expect(await verifier.arity()).to.equal(BigInt(arity));
        expect(await verifier.levels()).to.equal(BigInt(levels));
        expect(await verifier.slotCount()).to.equal(BigInt(slots));
      }
    });

    it("refuses circuits that share a delta: one circuit's private points would forge another's proofs", async () => {
      const { setup, verifier } = await fixture();
      for (const name of ["merge", "root", "keyOwnership", "operations"] as const) {
        const shared = { ...setup, [name]: { ...setup[name], delta: setup.base.delta } };
        await expect(
          ethers.deployContract("ForestVerifier", verifierArguments(shared)),
          name,
        ).to.be.revertedWithCustomError(verifier, "DeltaShared");
      }
    });

    it("identifies keys and shape by keysHash", async () => {
      const { setup, verifier } = await fixture();
      const hash = await verifier.keysHash();
      const same = await ethers.deployContract("ForestVerifier", verifierArguments(setup));
      expect(await same.keysHash()).to.equal(hash);
      const other = { ...setup, base: { ...setup.base, delta: setup.base.delta + 1n } };
      expect(await (await ethers.deployContract("ForestVerifier", verifierArguments(other))).keysHash()).not.to.equal(
        hash,
      );
      const deeper = await ethers.deployContract("ForestVerifier", verifierArguments({ ...setup, levels: 3 }));
      expect(await deeper.keysHash()).not.to.equal(hash);
      const wider = await ethers.deployContract(
        "ForestVerifier",
        verifierArguments({ ...setup, operationsPerBase: 3 }),
      );
      expect(await wider.keysHash()).not.to.equal(hash);
    });

    it("refuses arities and levels that it cannot number", async () => {
      const { setup, verifier } = await fixture();
      for (const arity of [0, 1, 3, 5, 32]) {
        const deployment = ethers.deployContract("ForestVerifier", verifierArguments({ ...setup, arity }));
        await expect(deployment).to.be.revertedWithCustomError(verifier, "UnsupportedArity").withArgs(arity);
      }
      for (const levels of [0, 14, 255]) {
        const deployment = ethers.deployContract("ForestVerifier", verifierArguments({ ...setup, levels }));
        await expect(deployment).to.be.revertedWithCustomError(verifier, "UnsupportedLevels").withArgs(levels);
      }
      expect(
        await (await ethers.deployContract("ForestVerifier", verifierArguments({ ...setup, levels: 13 }))).slotCount(),
      ).to.equal(16_383n);
    });

    it("refuses bases without places for operations, or with more than it can count", async () => {
      const { setup, verifier } = await fixture();
      for (const operationsPerBase of [0, 1 << 16]) {
        await expect(ethers.deployContract("ForestVerifier", verifierArguments({ ...setup, operationsPerBase })))
          .to.be.revertedWithCustomError(verifier, "UnsupportedOperationsPerBase")
          .withArgs(operationsPerBase);
      }
      const most = await ethers.deployContract(
        "ForestVerifier",
        verifierArguments({ ...setup, operationsPerBase: 65_535 }),
      );
      expect(await most.operationsPerBase()).to.equal(65_535n);
    });

    it("refuses keys of a wrong length", async () => {
      const { setup, verifier } = await fixture();
      for (const [i, name] of [
        [3, "common"],
        [4, "base"],
        [5, "merge"],
        [6, "root"],
        [7, "keyOwnership"],
        [8, "operations"],
      ] as const) {
        const args = verifierArguments(setup);
        const length = getBytes(args[i]).length;
        args[i] = dataSlice(args[i], 0, length - 64);
        await expect(ethers.deployContract("ForestVerifier", args))
          .to.be.revertedWithCustomError(verifier, "InvalidLength")
          .withArgs(name, length, length - 64);
      }
    });

    it("refuses key points that are infinite, off the curve, outside the subgroup or not canonical", async () => {
      const { setup, verifier } = await fixture();
      const outside = outsideG2(new Random("outside")).toAffine();
      const outsideWords = concat([outside.x.c1, outside.x.c0, outside.y.c1, outside.y.c0].map(word));
      const zeroG2 = `0x${"00".repeat(128)}`;
      const notCanonical = (key: string, offset: number) =>
        word(toBigInt(dataSlice(key, offset, offset + 32)) + BASE_FIELD);
      const off = (key: string, offset: number) => word(toBigInt(dataSlice(key, offset, offset + 32)) + 1n);
      const { common, root } = encodedKeys(setup);
      const cases: [at: 3 | 6 | 8, name: string, point: number, offset: number, bytes: string][] = [
        [3, "common", 0, 0, INFINITY],
        [3, "common", 0, 32, off(common, 32)],
        [3, "common", 0, 0, notCanonical(common, 0)],
        [3, "common", 64, 64, zeroG2],
        [3, "common", 64, 64, outsideWords],
        [3, "common", 192, 192, zeroG2],
        [3, "common", 192, 224, notCanonical(common, 224)],
        [6, "root", 0, 0, outsideWords],
        [6, "root", 0, 0, zeroG2],
        [6, "root", 128, 128, INFINITY],
        [6, "root", 320, 352, off(root, 352)],
        [8, "operations", 0, 0, outsideWords],
        [8, "operations", 640, 640, INFINITY],
      ];
      for (const [at, name, point, offset, bytes] of cases) {
        const args = verifierArguments(setup);
        args[at] = concat([
          dataSlice(args[at], 0, offset),
          bytes,
          dataSlice(args[at], offset + getBytes(bytes).length),
        ]);
        await expect(ethers.deployContract("ForestVerifier", args), `${name} ${offset}`)
          .to.be.revertedWithCustomError(verifier, "InvalidKeyPoint")
          .withArgs(name, point);
      }
    });

    it("refuses a key without phase 2", async () => {
      const { setup, verifier } = await fixture();
      for (const name of ["base", "merge", "root", "keyOwnership", "operations"] as const) {
        const forgeable = { ...setup, [name]: { ...setup[name], delta: setup.common.gamma } };
        await expect(ethers.deployContract("ForestVerifier", verifierArguments(forgeable)))
          .to.be.revertedWithCustomError(verifier, "DeltaEqualsGamma")
          .withArgs(name);
      }
    });
  });

  describe("valid forests", () => {
    it("are simulated from the public inputs that the library derives", async () => {
      const { setup } = await fixture(4, 2);
      const forest = randomForest(new Random("library"), setup, { roundSeed: ROUND_SEED });
      const shape = { arity: 4, levels: 2 };
      for (const [slot, { key, assigned, voted, delivered, content, beta }] of forest.slots.entries()) {
        const children = slot < 5 ? childSlots(shape, slot).map((child) => forest.slots[child]!) : [];
        const node = nodeNumber(nodeAt(shape, slot));
        const self = { ...forest.statement, content, node, workerKey: delivered ? key : 0n, beta };
        const mask = (slots: typeof children) =>
          slots.reduce((sum, child, i) => sum | (child.voted ? 1n << BigInt(i) : 0n), 0n);
        const childContent = children.map((child) => child.content);
        const childKey = children.map((child) => child.key);
        if (slot >= 5) {
          expect(publicInputs(forest, slot)).to.deep.equal(basePublicInputs(self));
        } else if (slot > 0) {
          const childAssigned = packAssigned(children.map((child) => child.assigned));
          const merge = { ...self, childContent, childKey, childAssigned, mask: mask(children) };
          expect(publicInputs(forest, slot)).to.deep.equal(mergePublicInputs(merge));
        } else {
          const ballot = [...children, { key, assigned, voted, delivered, content, beta }];
          const packed = packAssigned(ballot.map((slot) => slot.assigned));
          const vector = rootVector({
            ...self,
            childContent,
            childKey,
            ownKey: key,
            assigned: packed,
            mask: mask(ballot),
          });
          const inputs = rootInputs(vector);
          expect(publicInputs({ ...forest, rootCommitment: inputs.commitment }, 0)).to.deep.equal(
            rootPublicInputs(inputs),
          );
        }
      }
    });

    for (const [arity, levels] of [
      [2, 1],
      [2, 2],
      [2, 3],
      [2, 6],
      [4, 1],
      [4, 2],
      [4, 3],
      [8, 1],
      [8, 2],
      [16, 1],
      [16, 2],
    ] as const) {
      it(`accepts arity ${arity}, levels ${levels}`, async () => {
        const { setup, verifier } = await fixture(arity, levels);
        expect(await verify(verifier, randomForest(new Random(`valid/${arity}/${levels}`), setup))).to.equal(true);
      });
    }

    it("accepts a round seed while all workers are anonymous", async () => {
      const { setup, verifier } = await fixture();
      const random = new Random("anonymous");
      const forest = randomForest(random, setup, { roundSeed: 5n });
      for (const slot of forest.slots) Object.assign(slot, { delivered: false, beta: 0n });
      forest.proofs = forest.slots.map((_, slot) => proveSlot(random, forest, slot));
      expect(await verify(verifier, forest)).to.equal(true);
    });

    it("accepts values at the edges", async () => {
      const { verifier, forest } = await assignedForest("edges", ({ slots, statement }) => {
        Object.assign(slots[0]!, { key: FIELD - 1n, assigned: 16_383 });
        Object.assign(slots[2]!, { key: FIELD - 1n, assigned: 16_383, content: FIELD - 1n });
        Object.assign(slots[6]!, { key: 1n, assigned: 16_383, content: 0n });
        Object.assign(statement, {
          burnBid: FIELD - 1n,
          proversRoot: FIELD - 1n,
          dataEval: BLOB_FIELD - 1n,
          domain: 0n,
        });
      });
      expect(await verify(verifier, forest)).to.equal(true);
    });

    it("accepts a re-randomised proof: nothing may be keyed on proof bytes", async () => {
      const { verifier, forest } = await assignedForest("rerandomised");
      forest.proofs = forest.proofs.map((proof) => patch(proof, { 1: negate, 4: negate, 5: negate }));
      expect(await verify(verifier, forest)).to.equal(true);
    });
  });

  describe("claims that were not proven", () => {
    const statementFields: (keyof Statement)[] = [
      ...(["domain", "proposalId", "z", "roundSeed", "burnBid", "prevStateRoot", "nextStateRoot", "txsRoot"] as const),
      ...(["fees", "l1OpCount", "txCount", "withdrawalsRoot", "dataEval", "proversRoot"] as const),
    ];
    for (const field of statementFields) {
      it(`refuses another ${field}`, async () => {
        const { verifier, forest } = await assignedForest("statement", undefined, ROUND_SEED);
        forest.statement[field] = (forest.statement[field] + 1n) % orderOf(field);
        expect(await verify(verifier, forest)).to.equal(false);
      });
    }

    it("refuses a dataEval that is another one's, in a different limb or modulo p", async () => {
      const { verifier, forest } = await assignedForest("limbs", ({ statement }) => (statement.dataEval = 1n));
      expect(await verify(verifier, forest)).to.equal(true);
      for (const dataEval of [1n << 86n, 1n << 172n, 1n + FIELD]) {
        const changed = clone(forest);
        changed.statement.dataEval = dataEval;
        expect(await verify(verifier, changed), `${dataEval}`).to.equal(false);
      }
    });

    it("refuses another root commitment", async () => {
      const { verifier, forest } = await assignedForest("commitment");
      forest.rootCommitment = (forest.rootCommitment + 1n) % FIELD;
      expect(await verify(verifier, forest)).to.equal(false);
    });

    it("refuses any other key, count, vote, delivery or content of any slot", async () => {
      for (const [arity, levels] of [
        [2, 3],
        [4, 1],
      ] as const) {
        const { setup, verifier } = await fixture(arity, levels);
        const random = new Random(`slots/${arity}/${levels}`);
        const forest = randomForest(random, setup);
        for (let slot = 0; slot < slotCount(setup); slot++) {
          const { key, assigned, voted, delivered, content } = forest.slots[slot]!;
          const changes: Partial<Forest["slots"][number]>[] = [{ key: randomScalar(random), assigned: assigned || 1 }];
          if (key !== 0n) changes.push({ assigned: assigned + 1 }, { voted: !voted }, { delivered: !delivered });
          if (slot !== 0) changes.push({ content: (content + 1n) % FIELD });
          for (const change of changes) {
            const changed = clone(forest);
            Object.assign(changed.slots[slot]!, change);
            expect(await verify(verifier, changed), `slot ${slot} ${Object.keys(change)}`).to.equal(false);
          }
        }
      }
    });

    it("refuses two children that changed places", async () => {
      const { verifier, forest } = await assignedForest("children");
      for (const [left, right] of [
        [1, 2],
        [3, 4],
        [4, 5],
      ] as const) {
        const swapped = clone(forest);
        [swapped.slots[left], swapped.slots[right]] = [swapped.slots[right]!, swapped.slots[left]!];
        [swapped.proofs[left], swapped.proofs[right]] = [swapped.proofs[right]!, swapped.proofs[left]!];
        expect(await verify(verifier, swapped)).to.equal(false);
      }
    });

    it("refuses proofs that changed places, even where only the node differs", async () => {
      const { verifier, forest } = await assignedForest("places", ({ slots }) => {
        for (const [left, right] of [
          [1, 2],
          [3, 4],
        ] as const)
          slots[right] = { ...slots[left]! };
        // The merges 1 and 2 also have equal children.
        slots[5] = { ...slots[3]! };
        slots[6] = { ...slots[3]! };
      });
      expect(await verify(verifier, forest)).to.equal(true);
      for (const [left, right] of [
        [1, 2],
        [3, 4],
        [3, 6],
        [0, 1],
        [1, 3],
      ] as const) {
        const swapped = clone(forest);
        [swapped.proofs[left], swapped.proofs[right]] = [swapped.proofs[right]!, swapped.proofs[left]!];
        expect(await verify(verifier, swapped), `${left} ${right}`).to.equal(false);
        const repeated = clone(forest);
        repeated.proofs[right] = repeated.proofs[left]!;
        expect(await verify(verifier, repeated), `${left} twice`).to.equal(false);
      }
    });

    it("refuses a node proof made for another proposal, domain, bid or data point", async () => {
      const { verifier, forest } = await assignedForest("elsewhere");
      const cases = [
        ["proposalId", 1],
        ["proposalId", 5],
        ["domain", 1],
        ["domain", 5],
        ["burnBid", 1],
        ["z", 5],
        ["roundSeed", 5],
      ] as const;
      for (const [field, slot] of cases) {
        const elsewhere = clone(forest);
        elsewhere.statement[field]++;
        const changed = clone(forest);
        changed.proofs[slot] = proveSlot(new Random(`elsewhere/${field}`), elsewhere, slot);
        expect(await verify(verifier, changed), `${field} ${slot}`).to.equal(false);
      }
    });

    it("credits a delivery to the slot's own key only", async () => {
      const { verifier, forest } = await assignedForest("worker");
      for (const slot of [0, 1, 4]) {
        const anonymous = clone(forest);
        anonymous.slots[slot]!.delivered = false;
        const claimed = clone(forest);
        claimed.proofs[slot] = proveSlot(new Random("worker"), anonymous, slot);
        expect(await verify(verifier, claimed), `anonymous proof claimed, slot ${slot}`).to.equal(false);
        anonymous.proofs[slot] = claimed.proofs[slot]!;
        expect(await verify(verifier, anonymous)).to.equal(true);
      }
    });
  });

  describe("attacks on the batch", () => {
    it("refuses errors of one circuit that cancel when summed plainly", async () => {
      const { verifier, forest } = await assignedForest("cancel");
      for (const [left, right] of [
        [3, 4],
        [1, 2],
        [5, 6],
      ] as const) {
        const changed = clone(forest);
        changed.proofs[left] = shiftC(forest.proofs[left]!, 7n);
        changed.proofs[right] = shiftC(forest.proofs[right]!, -7n);
        expect(await verify(verifier, changed)).to.equal(false);
      }
    });

    it("refuses errors that cancel under coefficients that would not depend on them", async () => {
      const { verifier, forest } = await assignedForest("adaptive");
      const call = calldata(verifier, forestArguments(forest));
      const bytes = getBytes(call).length;
      const weaker = {
        "the forest before": call,
        "the call without proofs": dataSlice(call, 0, bytes - PROOF_BYTES * forest.proofs.length),
      };
      for (const [name, hashed] of Object.entries(weaker)) {
        const ratio = 1n + (toBigInt(keccak256(concat([hashed, await verifier.keysHash()]))) % (FIELD - 1n));
        const changed = clone(forest);
        changed.proofs[3] = shiftC(forest.proofs[3]!, 7n * ratio);
        changed.proofs[4] = shiftC(forest.proofs[4]!, -7n);
        expect(await verify(verifier, changed), name).to.equal(false);
      }
    });

    it("refuses a false content that its parent's error cancels", async () => {
      const { setup, verifier, forest } = await assignedForest("contents");
      const changed = clone(forest);
      changed.slots[4]!.content++;
      // The base's own input grew by 1, and so did childContent[1] of its parent: with equal coefficients these shifts
      // would make up for both.
      const { common, base, merge } = setup;
      changed.proofs[4] = shiftC(forest.proofs[4]!, Fr.div(5n - common.gamma * base.ic[1]!, base.delta));
      changed.proofs[1] = shiftC(forest.proofs[1]!, Fr.div(-5n - common.gamma * merge.ic[3]!, merge.delta));
      expect(await verify(verifier, changed)).to.equal(false);
    });

    it("refuses every single byte that was changed anywhere in the call", async () => {
      const { setup, verifier } = await fixture();
      const random = new Random("bytes");
      const data = getBytes(
        calldata(verifier, forestArguments(randomForest(random, setup, { roundSeed: ROUND_SEED }))),
      );
      expect(await accepts(verifier, hexlify(data))).to.equal(true);
      // Nothing reads what pads `assigned` (7 slots, 14 bytes) to a whole word.
      const assigned = 4 + Number(toBigInt(data.slice(4 + 15 * 32, 4 + 16 * 32))) + 32;
      for (let i = 0; i < 400; i++) {
        const at = random.index(data.length);
        if (at >= assigned + 14 && at < assigned + 32) continue;
        const changed = data.slice();
        changed[at]! ^= 1 + random.index(255);
        expect(await accepts(verifier, hexlify(changed)), `byte ${at} became ${changed[at]}`).to.equal(false);
      }
    });
  });

  describe("malformed input", () => {
    it("names lists of a wrong length", async () => {
      const { verifier, forest } = await assignedForest("lengths", undefined, ROUND_SEED);
      const cases: [i: 1 | 2 | 3 | 5 | 6 | 7, name: string, length: number][] = [
        [1, "keys", 7],
        [2, "assigned", 14],
        [3, "flags", 1],
        [5, "contents", 6],
        [6, "betas", 7],
        [7, "proofs", 7 * PROOF_BYTES],
      ];
      for (const [i, name, length] of cases) {
        for (const change of [-1, 1]) {
          const args = forestArguments(forest);
          const list = args[i];
          if (typeof list === "string") {
            args[i as 2] = change < 0 ? dataSlice(list, 0, length - 1) : concat([list, "0x00"]);
          } else {
            args[i as 1] = change < 0 ? list.slice(0, -1) : [...list, 0n];
          }
          await expect(verifier.verifyForest(...args))
            .to.be.revertedWithCustomError(verifier, "InvalidLength")
            .withArgs(name, length, length + change);
        }
      }
    });

    it("names scalars that are not canonical: + p is another encoding of the same field element", async () => {
      const { verifier, forest } = await assignedForest("scalars");
      const refuse = async (value: bigint, change: (forest: Forest) => void) => {
        const changed = clone(forest);
        change(changed);
        await expect(verify(verifier, changed)).to.be.revertedWithCustomError(verifier, "NotCanonical").withArgs(value);
      };
      for (const field of Object.keys(forest.statement) as (keyof Statement)[]) {
        const value = forest.statement[field] + orderOf(field);
        await refuse(value, ({ statement }) => void (statement[field] = value));
      }
      await refuse(forest.rootCommitment + FIELD, (changed) => void (changed.rootCommitment += FIELD));
      await refuse(FIELD, (changed) => void (changed.rootCommitment = FIELD));
      await refuse(2n ** 256n - 1n, ({ slots }) => void (slots[3]!.content = 2n ** 256n - 1n));
      for (const slot of forest.slots.keys()) {
        const { key, content } = forest.slots[slot]!;
        await refuse(key + FIELD, ({ slots }) => void (slots[slot]!.key += FIELD));
        if (slot !== 0) await refuse(content + FIELD, ({ slots }) => void (slots[slot]!.content += FIELD));
      }
    });

    it("names flags and counts of slots that have no key", async () => {
      const { setup, verifier } = await fixture();
      const random = new Random("nobody");
      for (let slot = 0; slot < slotCount(setup); slot++) {
        const forest = randomForest(random, setup);
        forest.slots[slot] = { ...forest.slots[slot]!, key: 0n, assigned: 0, voted: false, delivered: false };
        for (const flag of ["voted", "delivered"] as const) {
          const changed = clone(forest);
          changed.slots[slot]![flag] = true;
          changed.proofs = changed.slots.map((_, i) => proveSlot(random, changed, i));
          await expect(verify(verifier, changed))
            .to.be.revertedWithCustomError(verifier, "FlagWithoutKey")
            .withArgs(slot);
        }
        forest.slots[slot]!.assigned = 1;
        await expect(verify(verifier, forest))
          .to.be.revertedWithCustomError(verifier, "InvalidAssigned")
          .withArgs(slot, 0, 1);
      }
    });

    it("names counts that are 0 or flow over into the next child's", async () => {
      const { verifier, forest } = await assignedForest("counts");
      for (const slot of forest.slots.keys()) {
        for (const assigned of [0, 1 << 14, 0xffff]) {
          const changed = clone(forest);
          changed.slots[slot]!.assigned = assigned;
          await expect(verify(verifier, changed))
            .to.be.revertedWithCustomError(verifier, "InvalidAssigned")
            .withArgs(slot, changed.slots[slot]!.key, assigned);
        }
      }
    });

    it("names flags that a submission cannot have", async () => {
      const { verifier, forest } = await assignedForest("flags");
      for (const bit of [7n, 63n, 64n + 7n, 127n, 128n, 191n, 192n, 255n]) {
        const args = forestArguments(forest);
        args[3] = [args[3][0]! | (1n << bit)];
        await expect(verifier.verifyForest(...args))
          .to.be.revertedWithCustomError(verifier, "UnusedFlags")
          .withArgs(0, 1n << bit);
      }
      const { setup, verifier: larger } = await fixture(4, 3);
      const args = forestArguments(randomForest(new Random("flags"), setup));
      for (const [index, bit] of [
        [0, 128n],
        [1, 21n],
        [1, 64n + 21n],
        [1, 255n],
      ] as const) {
        const flags = [...args[3]];
        flags[index]! |= 1n << bit;
        const changed: ForestArguments = [...args];
        changed[3] = flags;
        await expect(larger.verifyForest(...changed))
          .to.be.revertedWithCustomError(larger, "UnusedFlags")
          .withArgs(index, 1n << bit);
      }
    });

    it("refuses every coordinate that is not canonical", async () => {
      const { verifier, forest } = await assignedForest("coordinates");
      for (const slot of [0, 1, BASE_SLOT]) {
        for (let i = 0; i < 8; i++) {
          const changed = clone(forest);
          changed.proofs[slot] = patch(forest.proofs[slot]!, { [i]: (value) => value + BASE_FIELD });
          const refused = expect(verify(verifier, changed), `slot ${slot} word ${i}`).to.be;
          // The first A is used as it is, like every B: only the pairing looks at them.
          if (i < 2 ? slot === 0 : i < 6) await refused.revertedWithCustomError(verifier, "PairingRejected");
          else await refused.revertedWithCustomError(verifier, "InvalidProofPoint").withArgs(slot);
        }
      }
    });

    it("refuses points off the curve and outside G2", async () => {
      const { verifier, forest } = await assignedForest("points");
      const { x, y } = outsideG2(new Random("outside")).toAffine();
      for (const slot of [0, 2, BASE_SLOT]) {
        const proof = forest.proofs[slot]!;
        const changed = clone(forest);
        changed.proofs[slot] = patch(proof, { 7: (value) => (value + 1n) % BASE_FIELD });
        await expect(verify(verifier, changed))
          .to.be.revertedWithCustomError(verifier, "InvalidProofPoint")
          .withArgs(slot);
        changed.proofs[slot] = patch(proof, { 1: (value) => (value + 1n) % BASE_FIELD });
        const offCurve = expect(verify(verifier, changed)).to.be;
        if (slot === 0) await offCurve.revertedWithCustomError(verifier, "PairingRejected");
        else await offCurve.revertedWithCustomError(verifier, "InvalidProofPoint").withArgs(slot);
        changed.proofs[slot] = patch(proof, { 5: (value) => (value + 1n) % BASE_FIELD });
        await expect(verify(verifier, changed)).to.be.revertedWithCustomError(verifier, "PairingRejected");
        changed.proofs[slot] = patch(proof, { 2: () => x.c1, 3: () => x.c0, 4: () => y.c1, 5: () => y.c0 });
        await expect(verify(verifier, changed)).to.be.revertedWithCustomError(verifier, "PairingRejected");
      }
    });

    it("refuses points at infinity", async () => {
      const { verifier, forest } = await assignedForest("infinity");
      for (const slot of [0, 1, BASE_SLOT]) {
        for (const points of [
          [0, 1],
          [2, 3, 4, 5],
          [6, 7],
          [0, 1, 2, 3, 4, 5],
          [0, 1, 2, 3, 4, 5, 6, 7],
        ]) {
          const changed = clone(forest);
          changed.proofs[slot] = patch(forest.proofs[slot]!, Object.fromEntries(points.map((i) => [i, () => 0n])));
          expect(await verify(verifier, changed), `slot ${slot} ${points}`).to.equal(false);
        }
      }
      const empty = clone(forest);
      empty.proofs = empty.proofs.map(() => `0x${"00".repeat(PROOF_BYTES)}`);
      expect(await verify(verifier, empty)).to.equal(false);
    });
  });

  describe("operation nodes", () => {
    /** Two places in each of four bases, slots 3 to 6. */
    async function withOperations(l1OpCount: number) {
      return assignedForest("operations", ({ statement }) => (statement.l1OpCount = BigInt(l1OpCount)));
    }

    /** The same claims, with a slot proven by another circuit. */
    function provenAs(forest: Forest, slot: number, circuit: "base" | "operations"): Forest {
      const changed = clone(forest);
      const proof = simulateProof(new Random(`as ${circuit}`), forest.setup[circuit], publicInputs(forest, slot));
      changed.proofs[slot] = encodeProof(proof);
      return changed;
    }

    for (const [arity, levels, seed] of [
      [2, 1, 0n],
      [2, 2, 0n],
      [2, 2, ROUND_SEED],
      [4, 1, ROUND_SEED],
      [8, 1, 0n],
    ] as const) {
      it(`are accepted whatever their number: arity ${arity}, levels ${levels}, seed ${seed}`, async () => {
        const { setup, verifier } = await fixture(arity, levels);
        for (let l1OpCount = 0; l1OpCount <= 2 * arity ** levels; l1OpCount++) {
          const overrides = { l1OpCount: BigInt(l1OpCount), roundSeed: seed };
          const forest = randomForest(new Random(`operations/${arity}/${levels}`), setup, overrides);
          expect(await verify(verifier, forest), `${l1OpCount} operations`).to.equal(true);
        }
      });
    }

    it("are the first ones, as many as the operations fill", async () => {
      for (const [l1OpCount, operationNodes] of [
        [0, 0],
        [1, 1],
        [2, 1],
        [3, 2],
        [7, 4],
        [8, 4],
      ] as const) {
        const { verifier, forest } = await withOperations(l1OpCount);
        for (const slot of [3, 4, 5, 6]) {
          const [own, other] =
            slot - 3 < operationNodes ? (["operations", "base"] as const) : (["base", "operations"] as const);
          expect(await verify(verifier, provenAs(forest, slot, own)), `${own} in slot ${slot}`).to.equal(true);
          expect(await verify(verifier, provenAs(forest, slot, other)), `${other} in slot ${slot}`).to.equal(false);
        }
      }
    });

    it("cannot be smuggled in by a count shifted by one, even if the root proves that count", async () => {
      for (const [proven, claimed] of [
        [2, 3],
        [3, 2],
        [0, 1],
        [1, 0],
      ] as const) {
        const { verifier, forest } = await withOperations(proven);
        const shifted = clone(forest);
        shifted.statement.l1OpCount = BigInt(claimed);
        shifted.proofs[0] = proveSlot(new Random("shifted"), shifted, 0);
        expect(await verify(verifier, shifted), `${proven} shown as ${claimed}`).to.equal(false);
        // Only one base is of the other kind now.
        const slot = 3 + Math.floor(Math.min(proven, claimed) / 2);
        shifted.proofs[slot] = proveSlot(new Random("shifted"), shifted, slot);
        expect(await verify(verifier, shifted), `${claimed} with another base`).to.equal(true);
      }
    });

    it("are counted by the root, also where the count does not change their number", async () => {
      const { verifier, forest } = await withOperations(3);
      forest.statement.l1OpCount = 4n;
      expect(await verify(verifier, forest)).to.equal(false);
      forest.proofs[0] = proveSlot(new Random("four"), forest, 0);
      expect(await verify(verifier, forest)).to.equal(true);
    });

    it("are named when they have no places", async () => {
      const { verifier, forest } = await withOperations(8);
      for (const l1OpCount of [9n, FIELD - 1n]) {
        forest.statement.l1OpCount = l1OpCount;
        await expect(verify(verifier, forest))
          .to.be.revertedWithCustomError(verifier, "TooManyOperations")
          .withArgs(l1OpCount, 8);
      }
    });

    it("have a key of their own: it is not that of transfers", async () => {
      const { setup, verifier, forest } = await withOperations(3);
      const swapped = { ...setup, base: setup.operations, operations: setup.base };
      const other = await ethers.deployContract("ForestVerifier", verifierArguments(swapped));
      expect(await verify(verifier, forest)).to.equal(true);
      expect(await verify(other, forest)).to.equal(false);
      expect(await verify(other, (await withOperations(0)).forest)).to.equal(false);
    });

    it("bind every public input, like those of transfers", async () => {
      const { verifier, forest } = await assignedForest(
        "operation inputs",
        ({ statement }) => (statement.l1OpCount = 3n),
        ROUND_SEED,
      );
      for (const field of ["domain", "proposalId", "z", "roundSeed"] as const) {
        const elsewhere = clone(forest);
        elsewhere.statement[field]++;
        for (const slot of [3, 4, 5]) {
          const changed = clone(forest);
          changed.proofs[slot] = proveSlot(new Random(`operations/${field}`), elsewhere, slot);
          expect(await verify(verifier, changed), `${field} ${slot}`).to.equal(false);
        }
      }
      for (const slot of [3, 4, 5]) {
        for (const change of [
          { content: (forest.slots[slot]!.content + 1n) % FIELD },
          { delivered: false, beta: 0n },
          { beta: (forest.slots[slot]!.beta + 1n) % FIELD },
        ]) {
          const changed = clone(forest);
          Object.assign(changed.slots[slot]!, change);
          // The parent agrees, so only the slot's own proof can object.
          const parent = Math.floor((slot - 1) / 2);
          changed.proofs[parent] = proveSlot(new Random("parent"), changed, parent);
          expect(await verify(verifier, changed), `slot ${slot} ${Object.keys(change)}`).to.equal(false);
        }
        const swapped = clone(forest);
        [swapped.proofs[slot], swapped.proofs[slot + 1]] = [forest.proofs[slot + 1]!, forest.proofs[slot]!];
        expect(await verify(verifier, swapped), `places of ${slot} and ${slot + 1}`).to.equal(false);
      }
    });

    it("do not make up for errors in transfers that cancel when summed plainly", async () => {
      const { setup, verifier, forest } = await withOperations(3);
      for (const [operation, transfer] of [
        [3, 5],
        [4, 5],
        [4, 6],
      ] as const) {
        const changed = clone(forest);
        changed.proofs[operation] = shiftC(forest.proofs[operation]!, Fr.div(7n, setup.operations.delta));
        changed.proofs[transfer] = shiftC(forest.proofs[transfer]!, Fr.div(FIELD - 7n, setup.base.delta));
        expect(await verify(verifier, changed)).to.equal(false);
      }
    });
  });

  describe("VRF outputs", () => {
    for (const [arity, levels] of [
      [2, 1],
      [2, 3],
      [4, 2],
      [16, 1],
    ] as const) {
      it(`are accepted and bound in every slot: arity ${arity}, levels ${levels}`, async () => {
        const { setup, verifier } = await fixture(arity, levels);
        const forest = randomForest(new Random(`betas/${arity}/${levels}`), setup, { roundSeed: ROUND_SEED });
        expect(await verify(verifier, forest)).to.equal(true);
        const delivered = [...forest.slots.keys()].filter((slot) => forest.slots[slot]!.delivered);
        expect(delivered.length).to.be.above(0);
        for (const slot of delivered) {
          for (const beta of [0n, (forest.slots[slot]!.beta + 1n) % FIELD]) {
            const changed = clone(forest);
            changed.slots[slot]!.beta = beta;
            expect(await verify(verifier, changed), `slot ${slot}`).to.equal(false);
          }
        }
      });
    }

    it("are refused in exchange for each other", async () => {
      const { verifier, forest } = await assignedForest("betas swapped", undefined, ROUND_SEED);
      for (const [left, right] of [
        [0, 1],
        [1, 2],
        [3, 4],
        [2, 6],
      ] as const) {
        const swapped = clone(forest);
        [swapped.slots[left]!.beta, swapped.slots[right]!.beta] = [forest.slots[right]!.beta, forest.slots[left]!.beta];
        expect(await verify(verifier, swapped), `${left} ${right}`).to.equal(false);
      }
    });

    it("are named when missing, or superfluous in a round without a seed", async () => {
      const seeded = await assignedForest("betas missing", undefined, ROUND_SEED);
      const plain = await assignedForest("betas superfluous");
      for (const [{ verifier, forest }, betas, expected] of [
        [seeded, [], 7],
        [plain, Array<bigint>(7).fill(0n), 0],
      ] as const) {
        const args = forestArguments(forest);
        args[6] = [...betas];
        await expect(verifier.verifyForest(...args))
          .to.be.revertedWithCustomError(verifier, "InvalidLength")
          .withArgs("betas", expected, betas.length);
      }
    });

    it("are named when not canonical, or of a slot that was not delivered", async () => {
      const { verifier, forest } = await assignedForest("betas malformed", undefined, ROUND_SEED);
      for (const slot of forest.slots.keys()) {
        const { beta } = forest.slots[slot]!;
        const changed = clone(forest);
        changed.slots[slot]!.beta += FIELD;
        await expect(verify(verifier, changed))
          .to.be.revertedWithCustomError(verifier, "NotCanonical")
          .withArgs(beta + FIELD);
        Object.assign(changed.slots[slot]!, { beta, delivered: false });
        changed.proofs[slot] = proveSlot(new Random("undelivered"), changed, slot);
        await expect(verify(verifier, changed))
          .to.be.revertedWithCustomError(verifier, "BetaWithoutDelivery")
          .withArgs(slot);
      }
    });
  });

  describe("verifyNodes", () => {
    const MERGE_SLOT = 1;
    /** Of a forest of arity 2 with two levels. */
    const NODES = [1, 2, 3, 4, 5, 6];

    const verifySome = (verifier: ForestVerifier, forest: Forest, slots: readonly number[]) =>
      verifier.verifyNodes(...nodeArguments(forest, slots));

    /** A forest with a seed whose nodes are shown without the rest. */
    async function seeded(arity = 2, levels = 2) {
      const { setup, verifier } = await fixture(arity, levels);
      return {
        setup,
        verifier,
        forest: randomForest(new Random(`node/${arity}/${levels}`), setup, { roundSeed: ROUND_SEED }),
      };
    }

    /** Merges, two bases of operations (slots 3 and 4), two of transfers: all of them delivered, with a seed. */
    const withOperations = (seed: string) =>
      assignedForest(seed, ({ statement }) => (statement.l1OpCount = 3n), ROUND_SEED);

    it("accepts every base and merge of a forest, alone and together with others", async () => {
      for (const [arity, levels] of [
        [2, 1],
        [2, 3],
        [4, 2],
        [16, 2],
      ] as const) {
        const { verifier, forest } = await seeded(arity, levels);
        const slots = [...forest.slots.keys()].slice(1, 40);
        for (const slot of slots) expect(await verifySome(verifier, forest, [slot]), `slot ${slot}`).to.equal(true);
        expect(await verifySome(verifier, forest, slots), "all").to.equal(true);
        const random = new Random(`some/${arity}/${levels}`);
        for (let i = 0; i < 10; i++) {
          const some = slots.filter(() => random.chance(1, 3));
          if (some.length > 0) expect(await verifySome(verifier, forest, some), `${some}`).to.equal(true);
        }
      }
    });

    it("looks at one proof for each node, whatever follows in the call", async () => {
      const { verifier, forest } = await seeded();
      const to = await verifier.getAddress();
      for (const slots of [[BASE_SLOT], [MERGE_SLOT, BASE_SLOT]]) {
        const args = nodeArguments(forest, slots);
        const call = verifier.interface.encodeFunctionData("verifyNodes", args);
        for (const rest of [forest.proofs[BASE_SLOT]!, forest.proofs[BASE_SLOT + 1]!, "0x01"]) {
          const answer = await ethers.provider.call({ to, data: concat([call, rest]) });
          expect(verifier.interface.decodeFunctionResult("verifyNodes", answer)[0]).to.equal(true);
        }
        args[2] = concat(slots.map(() => forest.proofs[BASE_SLOT + 1]!));
        const wrong = verifier.interface.encodeFunctionData("verifyNodes", args);
        const data = concat([wrong, ...slots.map((slot) => forest.proofs[slot]!)]);
        const answer = await ethers.provider.call({ to, data });
        expect(verifier.interface.decodeFunctionResult("verifyNodes", answer)[0]).to.equal(false);
      }
    });

    it("accepts a round without a seed", async () => {
      const { verifier, forest } = await assignedForest("plain node");
      for (const slots of [[MERGE_SLOT], [BASE_SLOT], NODES])
        expect(await verifySome(verifier, forest, slots)).to.equal(true);
    });

    it("accepts re-randomised proofs: nothing may be keyed on proof bytes", async () => {
      const { verifier, forest } = await withOperations("rerandomised nodes");
      forest.proofs = forest.proofs.map((proof) => patch(proof, { 1: negate, 4: negate, 5: negate }));
      for (const slots of [[MERGE_SLOT], [BASE_SLOT], NODES])
        expect(await verifySome(verifier, forest, slots)).to.equal(true);
    });

    it("binds what all nodes share", async () => {
      const { verifier, forest } = await withOperations("bound context");
      for (const [slots, fields] of [
        [
          [1, 2],
          ["domain", "proposalId", "roundSeed", "burnBid"],
        ],
        [
          [3, 4],
          ["domain", "proposalId", "roundSeed", "z"],
        ],
        [
          [5, 6],
          ["domain", "proposalId", "roundSeed", "z"],
        ],
        [
          [1, 4, 6],
          ["domain", "proposalId", "roundSeed", "burnBid", "z"],
        ],
      ] as const) {
        const [context, nodes, proofs] = nodeArguments(forest, slots);
        for (const field of fields) {
          const other = { ...context, [field]: (context[field] + 1n) % FIELD };
          expect(await verifier.verifyNodes(other, nodes, proofs), `${slots} ${field}`).to.equal(false);
        }
      }
    });

    it("binds every public input of every node", async () => {
      const { verifier, forest } = await assignedForest("bound", ({ slots }) => (slots[3]!.voted = false), ROUND_SEED);
      for (const slots of [[MERGE_SLOT], [BASE_SLOT], [1, 2], [5, 6], [1, 2, 4, 5]]) {
        const [context, nodes, proofs] = nodeArguments(forest, slots);
        expect(await verifier.verifyNodes(context, nodes, proofs)).to.equal(true);
        for (const [at, honest] of nodes.entries()) {
          const changes: Partial<NodeStatement>[] = (["content", "workerKey", "beta"] as const).map((field) => ({
            [field]: (honest[field] + 1n) % FIELD,
          }));
          for (const i of honest.childKeys.keys()) {
            changes.push({ childContents: honest.childContents.with(i, (honest.childContents[i]! + 1n) % FIELD) });
            changes.push({ childKeys: honest.childKeys.with(i, (honest.childKeys[i]! + 1n) % FIELD) });
            changes.push({ childAssigned: honest.childAssigned.with(i, honest.childAssigned[i]! + 1) });
            changes.push({ mask: honest.mask ^ (1n << BigInt(i)) });
          }
          if (slots.length === 1) changes.push({ slot: honest.slot + 1 });
          for (const change of changes) {
            const label = `slot ${honest.slot} of ${slots}: ${Object.keys(change)}`;
            const changed = nodes.with(at, { ...honest, ...change });
            expect(await verifier.verifyNodes(context, changed, proofs), label).to.equal(false);
          }
        }
      }
    });

    it("refuses proofs that changed places, even where only the node differs", async () => {
      const { verifier, forest } = await assignedForest(
        "node places",
        ({ slots }) => {
          for (const child of [4, 5, 6]) slots[child] = { ...slots[3]! };
          slots[2] = { ...slots[1]! };
        },
        ROUND_SEED,
      );
      expect(await verifySome(verifier, forest, NODES)).to.equal(true);
      for (const [left, right] of [
        [1, 2],
        [3, 4],
        [3, 6],
        [2, 3],
      ] as const) {
        const swapped = clone(forest);
        [swapped.proofs[left], swapped.proofs[right]] = [swapped.proofs[right]!, swapped.proofs[left]!];
        const repeated = clone(forest);
        repeated.proofs[right] = repeated.proofs[left]!;
        for (const slots of [NODES, [left, right], [right]]) {
          expect(await verifySome(verifier, swapped, slots), `${left} ${right} of ${slots}`).to.equal(false);
          expect(await verifySome(verifier, repeated, slots), `${left} twice of ${slots}`).to.equal(false);
        }
      }
    });

    it("credits a node to its worker only, and an anonymous one to nobody", async () => {
      const { verifier, forest } = await withOperations("node worker");
      for (const slot of [MERGE_SLOT, 3, BASE_SLOT]) {
        const anonymous = clone(forest);
        Object.assign(anonymous.slots[slot]!, { delivered: false, beta: 0n });
        for (const slots of [[slot], NODES]) {
          expect(await verifySome(verifier, anonymous, slots), `named as anonymous, ${slot}`).to.equal(false);
          const proven = { ...anonymous, proofs: [...forest.proofs] };
          proven.proofs[slot] = proveSlot(new Random("node worker"), anonymous, slot);
          expect(await verifySome(verifier, proven, slots), `anonymous, ${slot}`).to.equal(true);
          const claimed = { ...proven, slots: forest.slots };
          expect(await verifySome(verifier, claimed, slots), `anonymous as named, ${slot}`).to.equal(false);
        }
      }
    });

    it("refuses VRF outputs in exchange for each other", async () => {
      const { verifier, forest } = await withOperations("node betas");
      for (const [left, right] of [
        [1, 2],
        [3, 4],
        [4, 5],
        [2, 6],
      ] as const) {
        const swapped = clone(forest);
        [swapped.slots[left]!.beta, swapped.slots[right]!.beta] = [forest.slots[right]!.beta, forest.slots[left]!.beta];
        expect(await verifySome(verifier, swapped, [left, right]), `${left} ${right}`).to.equal(false);
      }
    });

    it("takes as many bases for operations as the block's count fills", async () => {
      for (const [l1OpCount, operationNodes] of [
        [0, 0],
        [1, 1],
        [2, 1],
        [3, 2],
        [7, 4],
        [8, 4],
      ] as const) {
        const arrange = ({ statement }: Forest) => void (statement.l1OpCount = BigInt(l1OpCount));
        const { setup, verifier, forest } = await assignedForest("node operations", arrange);
        expect(await verifySome(verifier, forest, [3, 4, 5, 6]), `${l1OpCount} operations`).to.equal(true);
        for (const slot of [3, 4, 5, 6]) {
          const other = clone(forest);
          const wrong = slot - 3 < operationNodes ? setup.base : setup.operations;
          other.proofs[slot] = encodeProof(simulateProof(new Random("kind"), wrong, publicInputs(forest, slot)));
          for (const slots of [[slot], [3, 4, 5, 6]]) {
            expect(await verifySome(verifier, forest, slots), `${l1OpCount}: ${slots}`).to.equal(true);
            expect(await verifySome(verifier, other, slots), `${l1OpCount}: other kind in ${slot}`).to.equal(false);
          }
        }
      }
    });

    it("names operations that have no places", async () => {
      const { verifier, forest } = await withOperations("node places of operations");
      for (const l1OpCount of [9n, FIELD - 1n, 2n ** 256n - 1n]) {
        forest.statement.l1OpCount = l1OpCount;
        await expect(verifySome(verifier, forest, [MERGE_SLOT]))
          .to.be.revertedWithCustomError(verifier, "TooManyOperations")
          .withArgs(l1OpCount, 8);
      }
    });

    it("refuses errors that cancel when summed plainly", async () => {
      const { setup, verifier, forest } = await withOperations("node errors");
      for (const [left, right] of [
        [1, 2],
        [3, 4],
        [5, 6],
        [2, 3],
        [4, 5],
      ] as const) {
        const changed = clone(forest);
        for (const [slot, error] of [
          [left, 7n],
          [right, FIELD - 7n],
        ] as const)
          changed.proofs[slot] = shiftC(forest.proofs[slot]!, Fr.div(error, circuitOf(forest, slot).delta));
        expect(await verifySome(verifier, changed, [left, right])).to.equal(false);
        expect(await verifySome(verifier, changed, NODES)).to.equal(false);
      }
      // A base's own content, and what its parent says of it: with equal coefficients these shifts would make up for
      // both.
      const { common, base, merge } = setup;
      const changed = clone(forest);
      changed.slots[5]!.content++;
      changed.proofs[5] = shiftC(forest.proofs[5]!, Fr.div(5n - common.gamma * base.ic[1]!, base.delta));
      changed.proofs[2] = shiftC(forest.proofs[2]!, Fr.div(-5n - common.gamma * merge.ic[2]!, merge.delta));
      expect(await verifySome(verifier, changed, [2, 5])).to.equal(false);
    });

    it("refuses errors that cancel under coefficients that would not depend on all of the call", async () => {
      const { setup, verifier, forest } = await withOperations("adaptive nodes");
      const slots = [5, 6];
      const args = nodeArguments(forest, slots);
      const call = verifier.interface.encodeFunctionData("verifyNodes", args);
      const shifted = (ratio: bigint) => {
        const changed = clone(forest);
        changed.proofs[5] = shiftC(forest.proofs[5]!, 7n * ratio);
        changed.proofs[6] = shiftC(forest.proofs[6]!, -7n);
        return changed;
      };
      const bytes = getBytes(call).length;
      const head = 4 + 32 * 6;
      const weaker = {
        "the call before": call,
        "the call without proofs": dataSlice(call, 0, bytes - PROOF_BYTES * slots.length),
        "the proofs": concat(slots.map((slot) => forest.proofs[slot]!)),
        "the context": dataSlice(call, 0, head),
        "the statements": dataSlice(call, head),
      };
      for (const [name, hashed] of Object.entries(weaker)) {
        for (const tail of [await verifier.keysHash(), "0x"]) {
          const ratio = 1n + (toBigInt(keccak256(concat([hashed, tail]))) % (FIELD - 1n));
          expect(await verifySome(verifier, shifted(ratio), slots), name).to.equal(false);
        }
      }
      // Nor does the ratio of one statement serve another one with the same proofs.
      const content = (forest.slots[6]!.content + 1n) % FIELD;
      const { common, base } = setup;
      const ratio = 1n + (toBigInt(keccak256(concat([call, await verifier.keysHash()]))) % (FIELD - 1n));
      const claimed = clone(forest);
      claimed.slots[6] = { ...forest.slots[6]!, content };
      claimed.proofs[5] = shiftC(forest.proofs[5]!, Fr.div(FIELD - common.gamma * base.ic[1]! * ratio, base.delta));
      expect(await verifySome(verifier, claimed, slots)).to.equal(false);
    });

    it("refuses every single byte that was changed anywhere in the call", async () => {
      // Merges: a base has empty lists, which may stand anywhere in the call.
      const { verifier, forest } = await withOperations("node bytes");
      const data = getBytes(verifier.interface.encodeFunctionData("verifyNodes", nodeArguments(forest, [1, 2])));
      expect(await accepts(verifier, hexlify(data))).to.equal(true);
      const random = new Random("node bytes");
      // Merges do not have z and l1OpCount.
      const unused = [2, 5];
      for (let i = 0; i < 400; i++) {
        const at = random.index(data.length);
        if (unused.includes(Math.floor((at - 4) / 32))) continue;
        const changed = data.slice();
        changed[at]! ^= 1 + random.index(255);
        expect(await accepts(verifier, hexlify(changed)), `byte ${at} became ${changed[at]}`).to.equal(false);
      }
    });

    it("names slots that are not bases or merges, or do not ascend", async () => {
      const { verifier, forest } = await seeded();
      const [context, [honest], proof] = nodeArguments(forest, [BASE_SLOT]);
      for (const slot of [0n, 7n, 2n ** 32n, 2n ** 256n - 1n]) {
        await expect(verifier.verifyNodes(context, [{ ...honest!, slot }], proof))
          .to.be.revertedWithCustomError(verifier, "InvalidSlot")
          .withArgs(slot);
      }
      for (const [slots, previous, slot] of [
        [[5, 5], 5, 5],
        [[1, 1], 1, 1],
        [[2, 1], 2, 1],
        [[6, 1], 6, 1],
        [[1, 3, 5, 4], 5, 4],
        [[1, 3, 1], 3, 1],
      ] as const) {
        await expect(verifySome(verifier, forest, slots))
          .to.be.revertedWithCustomError(verifier, "SlotsNotAscending")
          .withArgs(previous, slot);
      }
    });

    it("names an empty list", async () => {
      const { verifier, forest } = await seeded();
      await expect(verifySome(verifier, forest, [])).to.be.revertedWithCustomError(verifier, "NoNodes");
    });

    it("names what is malformed", async () => {
      const { verifier, forest } = await assignedForest("malformed node", undefined, ROUND_SEED);
      const slots = [MERGE_SLOT, BASE_SLOT];
      const [context, nodes, proofs] = nodeArguments(forest, slots);
      const refuse = async (at: number, change: Partial<NodeStatement>, error: string, ...args: unknown[]) => {
        await expect(verifier.verifyNodes(context, nodes.with(at, { ...nodes[at]!, ...change }), proofs))
          .to.be.revertedWithCustomError(verifier, error)
          .withArgs(...args);
      };
      for (const field of ["domain", "proposalId", "z", "roundSeed", "burnBid"] as const) {
        for (const slot of slots) {
          const [, alone, proof] = nodeArguments(forest, [slot]);
          const value = context[field] + FIELD;
          await expect(verifier.verifyNodes({ ...context, [field]: value }, alone, proof))
            .to.be.revertedWithCustomError(verifier, "NotCanonical")
            .withArgs(value);
        }
      }
      for (const [at, slot] of slots.entries()) {
        const honest = nodes[at]!;
        for (const field of ["content", "workerKey", "beta"] as const)
          await refuse(at, { [field]: honest[field] + FIELD }, "NotCanonical", honest[field] + FIELD);
        for (const name of ["childContents", "childKeys", "childAssigned"] as const) {
          const children = honest[name].length;
          await refuse(at, { [name]: [...honest[name], 1] }, "InvalidLength", name, children, children + 1);
        }
        const changed = clone(forest);
        changed.proofs[slot] = patch(forest.proofs[slot]!, { 6: (x) => x + BASE_FIELD });
        await expect(verifySome(verifier, changed, slots))
          .to.be.revertedWithCustomError(verifier, "InvalidProofPoint")
          .withArgs(at);
        changed.proofs[slot] = patch(forest.proofs[slot]!, { 3: (x) => x + BASE_FIELD });
        const outside = verifySome(verifier, changed, slots);
        await expect(outside).to.be.revertedWithCustomError(verifier, "PairingRejected");
      }
      for (const bytes of [dataSlice(proofs, 1), dataSlice(proofs, PROOF_BYTES), concat([proofs, proofs])]) {
        await expect(verifier.verifyNodes(context, nodes, bytes))
          .to.be.revertedWithCustomError(verifier, "InvalidLength")
          .withArgs("proofs", 2 * PROOF_BYTES, getBytes(bytes).length);
      }
      await refuse(1, { mask: 1n }, "InvalidMask", 1n);
      await refuse(0, { mask: 4n }, "InvalidMask", 4n);
      const { childContents, childKeys, childAssigned } = nodes[0]!;
      for (const i of [0, 1]) {
        const child = 2 * MERGE_SLOT + 1 + i;
        const key = childKeys[i]!;
        const nobody = childKeys.with(i, 0n);
        const raised = [childContents[i]! + FIELD, key + FIELD] as const;
        await refuse(0, { childContents: childContents.with(i, raised[0]) }, "NotCanonical", raised[0]);
        await refuse(0, { childKeys: childKeys.with(i, raised[1]) }, "NotCanonical", raised[1]);
        await refuse(0, { childKeys: nobody }, "FlagWithoutKey", child);
        await refuse(0, { childKeys: nobody, mask: 0n }, "InvalidAssigned", child, 0, childAssigned[i]!);
        for (const count of [0, 1 << 14])
          await refuse(0, { childAssigned: childAssigned.with(i, count) }, "InvalidAssigned", child, key, count);
      }
    });

    it("refuses points at infinity", async () => {
      const { verifier, forest } = await withOperations("nodes at infinity");
      for (const slot of NODES) {
        const changed = clone(forest);
        changed.proofs[slot] = `0x${"00".repeat(PROOF_BYTES)}`;
        expect(await verifySome(verifier, changed, [slot])).to.equal(false);
        expect(await verifySome(verifier, changed, NODES)).to.equal(false);
      }
    });
  });

  describe("verifyKeyOwnership", () => {
    const owner = toBeHex(0xb52n, 20);
    const inputs = [11n, 0xb52n, 13n, 0n, 0n];

    async function owned() {
      const { setup, verifier } = await fixture();
      const proof = encodeProof(simulateProof(new Random("owned"), setup.keyOwnership, inputs));
      return { setup, verifier, proof };
    }

    it("accepts a valid proof", async () => {
      const { verifier, proof } = await owned();
      expect(await verifier.verifyKeyOwnership(11n, owner, 13n, 0n, 0n, proof)).to.equal(true);
      expect(
        await verifier.verifyKeyOwnership(11n, owner, 13n, 0n, 0n, patch(proof, { 1: negate, 4: negate, 5: negate })),
      ).to.equal(true);
    });

    it("binds key, owner, domain, seed and beta", async () => {
      const { verifier, proof } = await owned();
      expect(await verifier.verifyKeyOwnership(12n, owner, 13n, 0n, 0n, proof)).to.equal(false);
      expect(await verifier.verifyKeyOwnership(11n, toBeHex(0xb53n, 20), 13n, 0n, 0n, proof)).to.equal(false);
      expect(await verifier.verifyKeyOwnership(11n, owner, 14n, 0n, 0n, proof)).to.equal(false);
      expect(await verifier.verifyKeyOwnership(11n, owner, 13n, 1n, 0n, proof)).to.equal(false);
      expect(await verifier.verifyKeyOwnership(11n, owner, 13n, 0n, 1n, proof)).to.equal(false);
    });

    it("refuses a proof of another circuit with the same public inputs", async () => {
      const { setup, verifier } = await owned();
      const other = { ...setup.keyOwnership, delta: setup.base.delta };
      const proof = encodeProof(simulateProof(new Random("circuit"), other, inputs));
      expect(await verifier.verifyKeyOwnership(11n, owner, 13n, 0n, 0n, proof)).to.equal(false);
    });

    it("names what is malformed", async () => {
      const { verifier, proof } = await owned();
      for (const i of [0, 2, 3, 4]) {
        const [key, , domain, seed, beta] = inputs.map((input, j) => (i === j ? input + FIELD : input)) as [
          bigint,
          bigint,
          bigint,
          bigint,
          bigint,
        ];
        await expect(verifier.verifyKeyOwnership(key, owner, domain, seed, beta, proof))
          .to.be.revertedWithCustomError(verifier, "NotCanonical")
          .withArgs(inputs[i]! + FIELD);
      }
      await expect(verifier.verifyKeyOwnership(11n, owner, 13n, 0n, 0n, dataSlice(proof, 1)))
        .to.be.revertedWithCustomError(verifier, "InvalidLength")
        .withArgs("proof", 256, 255);
      await expect(verifier.verifyKeyOwnership(11n, owner, 13n, 0n, 0n, patch(proof, { 6: (x) => x + BASE_FIELD })))
        .to.be.revertedWithCustomError(verifier, "InvalidProofPoint")
        .withArgs(0);
      await expect(
        verifier.verifyKeyOwnership(11n, owner, 13n, 0n, 0n, patch(proof, { 3: (x) => x + BASE_FIELD })),
      ).to.be.revertedWithCustomError(verifier, "PairingRejected");
    });
  });

  describe("against the verifier that snarkjs generates", () => {
    /** Ways to hand in a proof, most of them bad. */
    const spoil: Record<string, (random: Random, proof: Proof) => string> = {
      "as it is": (_, proof) => encodeProof(proof),
      "-A, -B": (_, { a, b, c }) => encodeProof({ a: a.negate(), b: b.negate(), c }),
      "-A": (_, { a, b, c }) => encodeProof({ a: a.negate(), b, c }),
      "another A": (random, { b, c }) => encodeProof({ a: g1(randomScalar(random)), b, c }),
      "another B": (_, { a, c }) => encodeProof({ a, b: g2(3n), c }),
      "another C": (random, { a, b }) => encodeProof({ a, b, c: g1(randomScalar(random)) }),
      "C at infinity": (_, proof) => patch(encodeProof(proof), { 6: () => 0n, 7: () => 0n }),
      "B at infinity": (_, proof) => patch(encodeProof(proof), { 2: () => 0n, 3: () => 0n, 4: () => 0n, 5: () => 0n }),
      "coordinate + q": (random, proof) =>
        patch(encodeProof(proof), { [random.index(8)]: (value) => value + BASE_FIELD }),
      "a flipped bit": (random, proof) =>
        patch(encodeProof(proof), { [random.index(8)]: (value) => value ^ (1n << BigInt(random.index(254))) }),
    };

    it("decides alike on key ownership", async () => {
      const { setup, verifier } = await fixture();
      const [oracle] = await deploySnarkjsVerifiers(ethers, [setup.keyOwnership]);
      const random = new Random("oracle/ownership");
      let accepted = 0;
      for (const [name, change] of Object.entries(spoil)) {
        for (const shift of [0n, 1n]) {
          const inputs = [
            random.below(FIELD - 1n),
            random.below(1n << 160n),
            random.below(FIELD),
            random.below(FIELD),
            random.below(FIELD),
          ] as const;
          const proof = change(random, simulateProof(random, setup.keyOwnership, inputs));
          const [key, owner, domain, seed, beta] = inputs;
          const args = [key + shift, toBeHex(owner, 20), domain, seed, beta, proof] as const;
          const ours = await accepts(verifier, verifier.interface.encodeFunctionData("verifyKeyOwnership", [...args]));
          expect(ours, `${name} ${shift}`).to.equal(await oracle!.accepts(proof, [key + shift, ...inputs.slice(1)]));
          if (ours) accepted++;
        }
      }
      expect(accepted).to.equal(2);
    });

    it("accepts a forest exactly if snarkjs accepts every node", async () => {
      const { setup, verifier } = await fixture();
      const circuits = [setup.root, setup.merge, setup.base, setup.operations];
      const oracles = await deploySnarkjsVerifiers(ethers, circuits);
      const random = new Random("oracle/forest");
      const forest = randomForest(random, setup, { l1OpCount: 1n });
      const judge = (proof: string, slot: number) =>
        oracles[circuits.indexOf(circuitOf(forest, slot))]!.accepts(proof, publicInputs(forest, slot));
      for (const [slot, proof] of forest.proofs.entries())
        expect(await judge(proof, slot), `slot ${slot}`).to.equal(true);

      let accepted = 0;
      for (const [name, change] of Object.entries(spoil)) {
        for (const slot of forest.slots.keys()) {
          const changed = clone(forest);
          const proof = change(random, simulateProof(random, circuitOf(forest, slot), publicInputs(forest, slot)));
          changed.proofs[slot] = proof;
          const ours = await accepts(verifier, calldata(verifier, forestArguments(changed)));
          expect(ours, `${name}, slot ${slot}`).to.equal(await judge(proof, slot));
          if (ours) accepted++;
        }
      }
      expect(accepted).to.equal(2 * slotCount(setup));
    });

    it("accepts some nodes exactly if snarkjs accepts each of them", async () => {
      const { setup, verifier } = await fixture();
      const circuits = [setup.merge, setup.operations, setup.base];
      const oracles = await deploySnarkjsVerifiers(ethers, circuits);
      const random = new Random("oracle/nodes");
      const forest = randomForest(random, setup, { l1OpCount: 3n, roundSeed: ROUND_SEED });
      const judge = (proof: string, slot: number) =>
        oracles[circuits.indexOf(circuitOf(forest, slot))]!.accepts(proof, publicInputs(forest, slot));
      let accepted = 0;
      for (const [name, change] of Object.entries(spoil)) {
        for (const slot of [1, 4, 5]) {
          const changed = clone(forest);
          const proof = change(random, simulateProof(random, circuitOf(forest, slot), publicInputs(forest, slot)));
          changed.proofs[slot] = proof;
          const expected = await judge(proof, slot);
          for (const slots of [[slot], [1, 2, 4, 5]]) {
            const call = verifier.interface.encodeFunctionData("verifyNodes", nodeArguments(changed, slots));
            expect(await accepts(verifier, call), `${name}, slot ${slot} of ${slots}`).to.equal(expected);
          }
          if (expected) accepted++;
        }
      }
      expect(accepted).to.equal(2 * 3);
    });
  });
});
