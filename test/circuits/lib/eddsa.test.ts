import { expect } from "chai";
import {
  FIELD,
  poseidon,
  publicKey,
  S_BOUND,
  secretKeyFromSeed,
  sign,
  type Point,
  type Signature,
  SUBGROUP_ORDER,
  verify,
} from "../../../src/protocol/index.ts";
import { pointBus, signatureBus } from "../../../src/proving/inputs.ts";
import { expectUnprovable } from "../support/expectUnprovable.ts";
import { add, LOW_ORDER, multiply, OFF_CURVE } from "../support/points.ts";
import { compiling, gadget, type Inputs, loadCircuit } from "../support/testCircuit.ts";
import { choicesAsWritten } from "../support/asWritten.ts";
import { choosableSignals } from "../support/choosable.ts";

const secret = secretKeyFromSeed("eddsa circuit");
const key = publicKey(secret);
const message = 1234567n;
const signature = sign(secret, message);

function inputs(enabled: bigint, A: Point, by: Signature, M: bigint = message): Inputs {
  return { enabled, A: pointBus(A), signature: signatureBus(by), M };
}

const circuit = () => loadCircuit(gadget("eddsa", "EdDSAVerify"));

describe("EdDSAVerify", () => {
  before(compiling(circuit));

  it("takes no other points, scalar or hash than those of its inputs", async () => {
    const choices = (await choicesAsWritten(gadget("eddsa", "EdDSAVerify"))).filter((signal) => !signal.includes("."));
    // What follows is sums of points.
    const points = ["hA", "inverse", "left", "rx", "ry", "x2", "x4", "y2", "y4"];
    expect([...new Set(choices.map((signal) => signal.replace(/\[\d+\]/, "")))]).to.deep.equal(points);
  });

  it("accepts what the library signs, for any message and with the smallest and largest secret", async () => {
    const eddsa = await circuit();
    for (const scalar of [secret, 1n, SUBGROUP_ORDER - 1n]) {
      for (const M of [0n, message, FIELD - 1n]) {
        const witness = await eddsa.witness(inputs(1n, publicKey(scalar), sign(scalar, M), M));
        expect(eddsa.broken(witness)).to.equal(0);
        if (M === message) expect(choosableSignals(eddsa, witness)).to.deep.equal([]);
      }
    }
  });

  it("refuses another message, key, R8 or S", async () => {
    const eddsa = await circuit();
    const { r8, s } = signature;
    await expectUnprovable(eddsa, inputs(1n, key, signature, message + 1n), "EdDSAVerify");
    await expectUnprovable(eddsa, inputs(1n, publicKey(secret - 1n), signature), "EdDSAVerify");
    await expectUnprovable(eddsa, inputs(1n, key, { r8: add(r8, key), s }), "EdDSAVerify");
    await expectUnprovable(eddsa, inputs(1n, key, { r8, s: s - 1n }), "EdDSAVerify");
    await expectUnprovable(eddsa, inputs(1n, key, { r8, s: SUBGROUP_ORDER - s }), "EdDSAVerify");
  });

  it("refuses S + l and S + 2 l, which satisfy the equation", async () => {
    const eddsa = await circuit();
    for (const times of [1n, 2n]) {
      const s = signature.s + times * SUBGROUP_ORDER;
      expect(multiply(publicKey(1n), s)).to.deep.equal(multiply(publicKey(1n), signature.s));
      await expectUnprovable(eddsa, inputs(1n, key, { r8: signature.r8, s }), "TightBits");
    }
  });

  it("takes S below the bound only", async () => {
    const eddsa = await circuit();
    // Nobody finds an R8 that goes with it. The bits of S come first.
    for (const s of [S_BOUND, SUBGROUP_ORDER - 1n])
      await expectUnprovable(eddsa, inputs(1n, key, { r8: signature.r8, s }), "TightBits");
    await expectUnprovable(eddsa, inputs(1n, key, { r8: signature.r8, s: S_BOUND - 1n }), "EdDSAVerify");
  });

  for (const { order, point } of LOW_ORDER) {
    it(`refuses a key of order ${order}, with which R8 = S B8 signs anything`, async () => {
      const forged: Signature = { r8: publicKey(99n), s: 99n };
      await expectUnprovable(await circuit(), inputs(1n, point, forged), "EdDSAVerify");
    });
  }

  it("refuses R8 shifted by a point of low order", async () => {
    const eddsa = await circuit();
    for (const { order, point } of LOW_ORDER.filter((low) => low.order > 1)) {
      // The challenge depends on R8: solve for S, as the key's owner could.
      const r8 = add(publicKey(99n), point);
      const h = poseidon([r8.x, r8.y, key.x, key.y, message]);
      const s = (99n + 8n * h * secret) % SUBGROUP_ORDER;
      expect(verify(key, message, { r8, s }), `order ${order}`).to.equal(false);
      await expectUnprovable(eddsa, inputs(1n, key, { r8, s }), "EdDSAVerify");
    }
  });

  it("compares both coordinates: left = -right and left = (0, -1) - right are no equation", async () => {
    const eddsa = await circuit();
    for (const order of [1, 2]) {
      const r8 = add(publicKey(99n), LOW_ORDER.find((low) => low.order === order)!.point);
      const h = poseidon([r8.x, r8.y, key.x, key.y, message]);
      const s = SUBGROUP_ORDER - ((99n + 8n * h * secret) % SUBGROUP_ORDER);
      await expectUnprovable(eddsa, inputs(1n, key, { r8, s }), "EdDSAVerify");
    }
  });

  it("refuses points that are not on the curve", async () => {
    const eddsa = await circuit();
    await expectUnprovable(eddsa, inputs(1n, OFF_CURVE, signature), "BabyCheck");
    await expectUnprovable(eddsa, inputs(1n, key, { r8: OFF_CURVE, s: signature.s }), "EdDSAVerify");
    await expectUnprovable(eddsa, inputs(1n, { x: 0n, y: 0n }, signature), "BabyCheck");
  });

  it("takes exactly what the library verifies, for points of any order", async function () {
    this.timeout(600_000);
    const eddsa = await circuit();
    const nonce = 99n;
    // Who has the secret of a key signs for it with any point of low order added to it, and to R8.
    const negative = { x: FIELD - key.x, y: key.y };
    const keys: [Point, bigint][] = [
      [key, secret],
      [negative, SUBGROUP_ORDER - secret],
      ...LOW_ORDER.map(({ point }): [Point, bigint] => [add(key, point), secret]),
      ...LOW_ORDER.map(({ point }): [Point, bigint] => [point, 0n]),
      [OFF_CURVE, secret],
    ];
    const seen = { valid: 0, invalid: 0 };
    for (const [A, scalar] of keys) {
      for (const shift of [LOW_ORDER[0]!, LOW_ORDER.at(-1)!]) {
        const r8 = add(publicKey(nonce), shift.point);
        const s = (nonce + 8n * poseidon([r8.x, r8.y, A.x, A.y, message]) * scalar) % SUBGROUP_ORDER;
        for (const by of [
          { r8, s },
          { r8, s: s + SUBGROUP_ORDER },
          { r8: { x: FIELD - r8.x, y: r8.y }, s },
        ]) {
          const isValid = verify(A, message, by);
          const witness = await eddsa.witness(inputs(1n, A, by)).catch((error: unknown) => {
            if (/Assert Failed/.test(String(error))) return undefined;
            throw error;
          });
          expect(witness !== undefined && eddsa.broken(witness) === 0).to.equal(isValid);
          seen[isValid ? "valid" : "invalid"]++;
        }
      }
    }
    expect(seen).to.deep.equal({ valid: 6, invalid: 60 });
  });

  it("has a witness for any garbage while not enabled", async () => {
    const eddsa = await circuit();
    const garbage: [Point, Signature][] = [
      [OFF_CURVE, { r8: OFF_CURVE, s: FIELD - 1n }],
      [
        { x: 0n, y: 0n },
        { r8: { x: 0n, y: 0n }, s: 0n },
      ],
      [
        { x: 0n, y: 1n },
        { r8: { x: 0n, y: FIELD - 1n }, s: SUBGROUP_ORDER },
      ],
      ...LOW_ORDER.map(({ point }): [Point, Signature] => [point, { r8: point, s: 5n }]),
    ];
    for (const [A, bad] of garbage)
      expect(eddsa.broken(await eddsa.witness(inputs(0n, A, bad, FIELD - 1n)))).to.equal(0);
  });

  it("cannot be enabled afterwards, nor halfway", async () => {
    const eddsa = await circuit();
    const off = await eddsa.witness(inputs(0n, key, { r8: signature.r8, s: 1n }));
    for (const enabled of [1n, 2n, FIELD - 1n]) expect(eddsa.broken(eddsa.edit(off, { enabled }))).to.be.greaterThan(0);
  });
});
