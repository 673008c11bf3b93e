import { expect } from "chai";
import {
  compressInputs,
  FIELD,
  packExit,
  placeExits,
  type PlacedExit,
  type Profile,
} from "../../src/protocol/index.ts";
import { exitClaimJob } from "../../src/proving/claims.ts";
import { choicesAsWritten } from "./support/asWritten.ts";
import { choosableSignals } from "./support/choosable.ts";
import { expectPublicInputsBound } from "./support/expectBound.ts";
import { expectUnprovable } from "./support/expectUnprovable.ts";
import { compiling, type Inputs, loadCircuit, mainInstance } from "./support/testCircuit.ts";

/** Four base nodes with lists of three exits. */
const PROFILE: Profile = {
  name: "exits",
  arity: 2,
  levels: 2,
  accountDepth: 2,
  transfersPerBase: 3,
  operationsPerBase: 2,
};

const instance = mainInstance("ExitClaim", 2, 2, 3, 4);
const circuit = () => loadCircuit(instance);

const exit = (owner: bigint, amount: bigint): bigint => packExit({ l1Owner: owner, amount });
const block = (first: bigint): PlacedExit[] =>
  placeExits([0n, 1n, 2n, 3n].map((base) => [0n, 1n, 2n].map((leaf) => exit(first + 3n * base + leaf, 10n ** 18n))));

const ONE = block(1n);
const TWO = block((1n << 160n) - 50n);

const claims = (...list: readonly (readonly [PlacedExit[], number])[]): Inputs =>
  exitClaimJob(
    PROFILE,
    list.map(([exits, i]) => ({ exits, position: exits[i]!.position })),
  ).input;

/** Four exits of two blocks. */
const full = (): Inputs => claims([ONE, 0], [TWO, 11], [ONE, 5], [TWO, 4]);

/** The inputs with other values for some signals of one claim, and the public inputs that L1 would take for them. */
function changed(inputs: Inputs, i: number, change: Readonly<Record<string, unknown>>): Inputs {
  const next: Record<string, unknown> = { ...inputs };
  for (const [signal, value] of Object.entries(change)) {
    next[signal] = (inputs[signal] as readonly unknown[]).map((old, k) => (k === i ? value : old));
  }
  const [root, position, packed] = ["root", "position", "exit"].map((signal) => next[signal] as bigint[]);
  const { commitment, x, y } = compressInputs([0, 1, 2, 3].flatMap((k) => [root![k]!, position![k]!, packed![k]!]));
  return { ...next, C: commitment, x, y };
}

const part = (inputs: Inputs, signal: string, i: number) => (inputs[signal] as readonly (bigint | bigint[])[])[i]!;

describe("ExitClaim, for all inputs", () => {
  it("leaves the prover no choice but hints", async () => {
    expect(await choicesAsWritten(instance, ["C", "y", "root"])).to.deep.equal(
      [0, 1, 2, 3].map((i) => `claim[${i}].IsZero.inv`),
    );
  });
});

describe("ExitClaim", () => {
  before(compiling(circuit));

  it("shows four exits of two blocks, and leaves no signal free", async () => {
    const claim = await circuit();
    const witness = await claim.witness(full());
    expectPublicInputsBound(claim, witness);
    expect(choosableSignals(claim, witness)).to.deep.equal([]);
  });

  it("shows fewer, the rest all 0, and even the same one twice: L1 pays each once", async () => {
    const claim = await circuit();
    for (const inputs of [claims([TWO, 7]), claims([ONE, 3], [ONE, 4]), claims([ONE, 3], [ONE, 3])]) {
      const witness = await claim.witness(inputs);
      expectPublicInputsBound(claim, witness);
      expect(
        choosableSignals(claim, witness).every((signal) => /^main\.claim\[\d\]\.IsZero_\d+_\d+\.inv$/.test(signal)),
      ).to.equal(true);
    }
  });

  it("refuses any other value at any place of V", async () => {
    const claim = await circuit();
    const inputs = full();
    const vector = [0, 1, 2, 3].flatMap((i) =>
      ["root", "position", "exit"].map((signal) => part(inputs, signal, i) as bigint),
    );
    const honest = compressInputs(vector);
    expect([inputs.C, inputs.x, inputs.y]).to.deep.equal([honest.commitment, honest.x, honest.y]);
    for (let at = 0; at < vector.length; at++) {
      const { commitment, x, y } = compressInputs(vector.map((value, k) => (k === at ? (value + 1n) % FIELD : value)));
      await expectUnprovable(claim, { ...inputs, C: commitment, x, y }, "ExitClaim");
    }
    await expectUnprovable(claim, { ...inputs, x: (inputs.x as bigint) + 1n }, "ExitClaim");
  });

  it("refuses, at each place, an exit, a position or a root that is not the claim's", async () => {
    const claim = await circuit();
    const inputs = full();
    for (let i = 0; i < 4; i++) {
      const value = (signal: string): bigint => part(inputs, signal, i) as bigint;
      await expectUnprovable(claim, changed(inputs, i, { exit: value("exit") + (1n << 160n) }), "IsChild");
      await expectUnprovable(claim, changed(inputs, i, { exit: value("exit") + 1n }), "IsChild");
      await expectUnprovable(claim, changed(inputs, i, { position: value("position") ^ 1n }), "IsChild");
      await expectUnprovable(claim, changed(inputs, i, { position: value("position") + (1n << 18n) }), "ExitInList");
      await expectUnprovable(claim, changed(inputs, i, { root: part(inputs, "root", (i + 1) % 4) }), "ExitInList");
    }
  });

  it("gives no claim anything of another's list or path", async () => {
    const claim = await circuit();
    const inputs = full();
    for (const [i, other] of [
      [0, 1],
      [1, 0],
      [2, 3],
      [3, 0],
    ] as const) {
      const path = { leaves: part(inputs, "leaves", other), children: part(inputs, "children", other) };
      await expectUnprovable(claim, changed(inputs, i, path), "IsChild");
      // The other's exit at this one's root, with all that belongs to the exit.
      const whole = { ...path, exit: part(inputs, "exit", other), position: part(inputs, "position", other) };
      if (part(inputs, "root", i) !== part(inputs, "root", other))
        await expectUnprovable(claim, changed(inputs, i, whole), "ExitInList");
    }
  });

  it("gives what a claim of nothing holds no effect on the others, and takes no root or position with it", async () => {
    const claim = await circuit();
    const inputs = claims([ONE, 0], [TWO, 11]);
    // Garbage in the third place, which claims nothing, helps no forged claim in the second.
    const garbage = changed(inputs, 2, {
      leaves: [0n, 7n, 8n],
      children: [
        [0n, 9n],
        [0n, 10n],
      ],
    });
    expect(claim.broken(await claim.witness(garbage))).to.equal(0);
    await expectUnprovable(claim, changed(garbage, 1, { exit: 7n }), "IsChild");
    await expectUnprovable(claim, changed(garbage, 2, { exit: 7n, position: 1n }), "IsChild");
    for (const change of [{ root: part(inputs, "root", 0) }, { root: 1n }, { position: 1n }, { position: 65536n }]) {
      await expectUnprovable(claim, changed(inputs, 2, change), "ExitInList");
    }
  });
});
