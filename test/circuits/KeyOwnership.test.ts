import { expect } from "chai";
import { keyHash, keyOf, publicKey, secretKeyFromSeed, SUBGROUP_ORDER, vrfBeta } from "../../src/protocol/index.ts";
import { choicesAsWritten } from "./support/asWritten.ts";
import { choosableSignals } from "./support/choosable.ts";
import { expectPublicInputsBound } from "./support/expectBound.ts";
import { expectUnprovable } from "./support/expectUnprovable.ts";
import { add, LOW_ORDER } from "./support/points.ts";
import { compiling, type Inputs, loadCircuit, mainInstance } from "./support/testCircuit.ts";

const secret = secretKeyFromSeed("owner");
const instance = mainInstance("KeyOwnership");
const circuit = () => loadCircuit(instance);

function inputs(change: Partial<Record<string, bigint>> = {}): Inputs {
  const seed = 5n;
  return {
    key: keyOf(secret),
    owner: 0xabcdn,
    domain: 99n,
    seed,
    beta: vrfBeta(secret, seed),
    secret,
    ...change,
  };
}

describe("KeyOwnership, for all inputs", () => {
  it("leaves the prover no choice", async () => {
    expect(await choicesAsWritten(instance, ["beta"])).to.deep.equal([]);
  });
});

describe("KeyOwnership", () => {
  before(compiling(circuit));

  it("proves a registration and a VRF claim, and leaves no signal free", async () => {
    const ownership = await circuit();
    const claim = await ownership.witness(inputs());
    expectPublicInputsBound(ownership, claim);
    expect(choosableSignals(ownership, claim)).to.deep.equal([]);
    const registration = await ownership.witness(inputs({ seed: 0n, beta: 0n }));
    expect(ownership.broken(registration)).to.equal(0);
  });

  it("refuses another key or beta", async () => {
    const ownership = await circuit();
    await expectUnprovable(ownership, inputs({ key: keyOf(secret - 1n) }), "KeyOwnership");
    await expectUnprovable(ownership, inputs({ key: 0n }), "KeyOwnership");
    await expectUnprovable(ownership, inputs({ beta: 0n }), "KeyOwnership");
    await expectUnprovable(ownership, inputs({ seed: 6n }), "KeyOwnership");
    await expectUnprovable(ownership, inputs({ seed: 0n }), "KeyOwnership");
  });

  it("refuses a second scalar of the same key, and with it a second beta", async () => {
    const ownership = await circuit();
    const twin = secret + SUBGROUP_ORDER;
    await expectUnprovable(ownership, inputs({ secret: twin }), "TightBits");
    await expectUnprovable(ownership, inputs({ secret: SUBGROUP_ORDER, key: keyHash({ x: 0n, y: 1n }) }), "TightBits");
    await expectUnprovable(ownership, inputs({ secret: 0n, key: keyHash({ x: 0n, y: 1n }) }), "KeyOfSecret");
  });

  it("refuses keys outside the prime subgroup: low order and torsion twins", async () => {
    const ownership = await circuit();
    for (const { order, point } of LOW_ORDER) {
      if (order > 1)
        await expectUnprovable(ownership, inputs({ key: keyHash(add(publicKey(secret), point)) }), "KeyOwnership");
      await expectUnprovable(ownership, inputs({ key: keyHash(point) }), "KeyOwnership");
    }
  });
});
