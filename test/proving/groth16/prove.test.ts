import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { groth16, wtns } from "snarkjs";
import { FIELD, type Profile, PROFILES } from "../../../src/protocol/index.ts";
import type { CircuitInput } from "../../../src/proving/circuitInput.ts";
import { compileProfile } from "../../../src/proving/circuits.ts";
import type { CompiledCircuit } from "../../../src/proving/compileCircuit.ts";
import { curve } from "../../../src/protocol/curve.ts";
import { Board } from "../../../src/proving/groth16/board.ts";
import { prepareKey } from "../../../src/proving/groth16/circuitKey.ts";
import { KernelMemoryError } from "../../../src/proving/groth16/kernels.ts";
import {
  drawRandomness,
  help,
  prove,
  type Randomness,
  WitnessLengthError,
} from "../../../src/proving/groth16/prove.ts";
import { WitnessError, WitnessGenerator } from "../../../src/proving/groth16/witness.ts";
import { inMemory, viewOf } from "../../../src/proving/keys/binfile.ts";
import { writeLE256 } from "../../../src/proving/keys/bytes.ts";
import { buildKeys } from "../../../src/proving/keys/build.ts";
import type { ProvingKey } from "../../../src/proving/keys/provingKey.ts";
import { projectPath } from "../../../src/setup/project.ts";
import { midCircuit } from "../../../tools/bench/midCircuit.ts";
import {
  chainSource,
  compileTestCircuit,
  SQUARE_SOURCE,
  tallSource,
  type TestCircuit,
  temporaryFolder,
} from "../../support/testCircuit.ts";
import { profileInputs } from "../profileInputs.ts";
import { newKernels } from "./support.ts";

interface Proven {
  readonly proof: unknown;
  readonly publicSignals: readonly string[];
}

const FIXED: Randomness = { r: FIELD - 123_456_789n, s: (1n << 250n) + 987_654_321n };

/** snarkjs' proof of what its witness generator finds, with these r and s. */
async function provenBySnarkjs(
  input: CircuitInput,
  wasmPath: string,
  zkey: Uint8Array,
  { r, s }: Randomness,
): Promise<Proven> {
  const file = { type: "mem" as const, data: new Uint8Array() };
  await wtns.calculate(input as Parameters<typeof wtns.calculate>[0], wasmPath, file);
  const { Fr } = curve;
  const { random } = Fr;
  const drawn = [r, s];
  Fr.random = () => Fr.fromObject(drawn.shift()!);
  try {
    const proven = await groth16.prove(zkey, file.data);
    expect(drawn).to.deep.equal([]);
    return proven;
  } finally {
    Fr.random = random;
  }
}

async function provenHere(input: CircuitInput, wasmPath: string, zkey: Uint8Array, fixed: Randomness): Promise<Proven> {
  const kernels = await newKernels();
  const key = prepareKey(kernels, inMemory(zkey), "test.zkey");
  const generator = await WitnessGenerator.compile(await readFile(wasmPath));
  const { proof, publicSignals } = prove(kernels, key, await generator.generate(input), { randomness: fixed });
  return { proof, publicSignals: publicSignals.map(String) };
}

async function expectSameProof(
  { wasmPath }: { readonly wasmPath: string },
  { zkeyPath }: ProvingKey,
  input: CircuitInput,
  fixed = FIXED,
): Promise<void> {
  const zkey = await readFile(zkeyPath);
  const theirs = await provenBySnarkjs(input, wasmPath, zkey, fixed);
  const ours = await provenHere(input, wasmPath, zkey, fixed);
  expect(JSON.stringify(ours)).to.equal(JSON.stringify({ proof: theirs.proof, publicSignals: theirs.publicSignals }));
}

describe("proofs of the kernels", function () {
  this.timeout(600_000);

  describe("of small circuits", () => {
    const folder = temporaryFolder();
    let circuits: TestCircuit[];
    let keys: ProvingKey[];
    before(async () => {
      circuits = [
        await compileTestCircuit(folder(), "Square", SQUARE_SOURCE),
        await compileTestCircuit(folder(), "Chain", chainSource(3)),
        await compileTestCircuit(folder(), "Tall", tallSource(60)),
      ];
      keys = await buildKeys(circuits, { buildDir: folder() });
    });

    it("are those of snarkjs, to the byte", async () => {
      for (const a of [0n, 1n, FIELD - 1n, 12_345n]) {
        await expectSameProof(circuits[0]!, keys[0]!, { a });
        await expectSameProof(circuits[1]!, keys[1]!, { a, b: 4n });
        await expectSameProof(circuits[1]!, keys[1]!, { a, b: FIELD - a });
      }
    });

    it("are those of snarkjs for r and s at the ends", async () => {
      for (const r of [0n, 1n, FIELD - 1n]) {
        for (const s of [0n, 1n, FIELD - 1n]) await expectSameProof(circuits[1]!, keys[1]!, { a: 3n, b: 4n }, { r, s });
      }
    });

    it("are made with other r and s each time, all over the field", () => {
      const drawn = Array.from({ length: 200 }, drawRandomness).flatMap(({ r, s }) => [r, s]);
      expect(new Set(drawn).size).to.equal(400);
      for (const value of drawn) expect(value >= 0n && value < FIELD).to.equal(true);
      // With 400 draws, each quarter misses all of them once in 10^49.
      expect(new Set(drawn.map((value) => (4n * value) / FIELD)).size).to.equal(4);
    });

    it("leave nothing of the witness in the kernels' memory", async () => {
      const kernels = await newKernels();
      const key = prepareKey(kernels, inMemory(await readFile(keys[1]!.zkeyPath)), "Chain.zkey");
      const generator = await WitnessGenerator.compile(await readFile(circuits[1]!.wasmPath));
      const secret = 0x5ec2e75ec2e75ec2e75ec2e75ec2e75ec2e7n;
      const witness = await generator.generate({ a: 3n, b: secret });
      const needle = Buffer.alloc(32);
      for (let i = 0; i < 32; i++) needle[i] = Number((secret >> BigInt(8 * i)) & 255n);
      expect(Buffer.from(witness).includes(needle)).to.equal(true);
      const before = kernels.functions.mark();
      prove(kernels, key, witness);
      expect(kernels.functions.mark()).to.equal(before);
      const limb = Buffer.from(new Float64Array([Number(secret & ((1n << 51n) - 1n))]).buffer);
      const memory = Buffer.from(kernels.all());
      expect(memory.includes(needle)).to.equal(false);
      expect(memory.includes(limb)).to.equal(false);
    });

    it("are the same when other threads help, leave, or fail", async () => {
      const zkey = await readFile(keys[1]!.zkeyPath);
      const secret = FIELD - 0x5ec2e75ec2e75ec2e75ec2e75ec2e75ec2e7n;
      const [alone, leader, helper] = await Promise.all([newKernels(), newKernels(), newKernels()]);
      const key = prepareKey(alone, inMemory(zkey), "Chain.zkey");
      const generator = await WitnessGenerator.compile(await readFile(circuits[1]!.wasmPath));
      const witness = await generator.generate({ a: 3n, b: secret });
      const expected = prove(alone, key, witness, { randomness: FIXED }).proof;
      for (const pieces of [1, 2, 3, 8, 1000]) {
        for (const failing of [false, true]) {
          let parts = 0;
          const onBoard = (board: Board): void => {
            const onPart = (): void => {
              if (++parts < 3) return;
              board.recall();
              if (failing) throw new RangeError("out of luck");
            };
            const helping = (): void => help(helper, key, new Board(board.data), 1, onPart);
            if (failing) expect(helping).to.throw("out of luck");
            else helping();
            board.admit();
          };
          const { proof } = prove(leader, key, witness, { randomness: FIXED, pieces, onBoard });
          expect(proof, `${pieces} pieces`).to.deep.equal(expected);
          expect(parts).to.equal(3);
        }
      }
      const needle = Buffer.alloc(32);
      writeLE256(viewOf(needle), 0, secret);
      expect(Buffer.from(witness).includes(needle)).to.equal(true);
      for (const kernels of [leader, helper]) expect(Buffer.from(kernels.all()).includes(needle)).to.equal(false);
    });

    it("need no more memory the five-hundredth time than the second", async () => {
      const kernels = await newKernels();
      const key = prepareKey(kernels, inMemory(await readFile(keys[1]!.zkeyPath)), "Chain.zkey");
      const generator = await WitnessGenerator.compile(await readFile(circuits[1]!.wasmPath));
      const once = async (): Promise<number[]> => {
        prove(kernels, key, await generator.generate({ a: 3n, b: 4n }));
        return [kernels.all().length, kernels.functions.mark()];
      };
      await once();
      const second = await once();
      for (let i = 0; i < 497; i++) await once();
      expect(await once()).to.deep.equal(second);
    });

    it("say that memory is full, and how much they have", async () => {
      const kernels = await newKernels();
      expect(() => kernels.guarded(() => kernels.functions.allocate(2 ** 32 - 2 ** 16))).to.throw(
        KernelMemoryError,
        /^out of memory: the prover has [1-9]\d* MiB and gets no more$/,
      );
      expect(() =>
        kernels.guarded(() => {
          throw new RangeError("another fault");
        }),
      ).to.throw(RangeError, "another fault");
    });

    it("are refused a witness of another length", async () => {
      const kernels = await newKernels();
      const key = prepareKey(kernels, inMemory(await readFile(keys[1]!.zkeyPath)), "Chain.zkey");
      expect(() => prove(kernels, key, new Uint8Array(32 * (key.head.signals + 1)))).to.throw(
        WitnessLengthError,
        `Invalid witness length: ${key.head.signals + 1}, expected ${key.head.signals}`,
      );
    });

    it("take witnesses that are those of snarkjs, and name what is wrong with an input", async () => {
      const generator = await WitnessGenerator.compile(await readFile(circuits[1]!.wasmPath));
      const input = { a: FIELD - 3n, b: 1n << 200n };
      const file = { type: "mem" as const, data: new Uint8Array() };
      await wtns.calculate(input, circuits[1]!.wasmPath, file);
      const witness = await generator.generate(input);
      expect(Buffer.from(witness).equals(Buffer.from(file.data).subarray(-witness.length))).to.equal(true);
      const refused = async (wrong: CircuitInput): Promise<string> =>
        generator.generate(wrong).then(
          () => expect.fail("a witness"),
          (error: unknown) => (expect(error).to.be.instanceOf(WitnessError), (error as Error).message),
        );
      expect(await refused({ a: 1n })).to.equal("Not all inputs have been set: 1 of 2");
      expect(await refused({ a: [1n, 2n], b: 1n })).to.equal("Too many values for input signal a: 2, expected 1");
      expect(await refused({ a: [], b: 1n })).to.equal("Not enough values for input signal a: 0, expected 1");
    });
  });

  for (const profile of [PROFILES.dev, PROFILES.deep] as readonly Profile[]) {
    describe(`of the profile ${profile.name} are those of snarkjs, to the byte:`, () => {
      let circuits: CompiledCircuit[];
      let keys: ProvingKey[];
      before(async () => {
        circuits = await compileProfile(profile, { buildDir: projectPath("build") });
        keys = await buildKeys(circuits, { buildDir: projectPath("build", "keys") });
      });

      const inputs = profileInputs(profile);

      it("all of its circuits", () => {
        expect(circuits.map(({ name }) => name)).to.have.members(Object.keys(inputs));
      });

      for (const [name, input] of Object.entries(inputs)) {
        it(name, () => {
          const at = circuits.findIndex((circuit) => circuit.name === name);
          return expectSameProof(circuits[at]!, keys[at]!, input());
        });
      }
    });
  }

  it("of a circuit of over 100,000 constraints are those of snarkjs, to the byte", async function () {
    this.timeout(3_600_000);
    const { circuit, key, input } = await midCircuit(projectPath("build"));
    expect(circuit.constraints).to.be.at.least(100_000);
    await expectSameProof(circuit, key, input);
  });
});
