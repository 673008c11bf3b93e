import { babyjubjub } from "@noble/curves/misc.js";
import { expect } from "chai";
import { FIELD, type Point, poseidon, publicKey, SUBGROUP_ORDER } from "../../../src/protocol/index.ts";
import { pointBus } from "../../../src/proving/inputs.ts";
import { choosableSignals } from "../support/choosable.ts";
import { expectUnprovable } from "../support/expectUnprovable.ts";
import { mutateHints } from "../support/hints.ts";
import { montgomery, multiply } from "../support/points.ts";
import { compiling, gadget, type Inputs, loadCircuit } from "../support/testCircuit.ts";

const Curve = babyjubjub.Point;
const l = SUBGROUP_ORDER;
const modulo = (value: bigint): bigint => ((value % FIELD) + FIELD) % FIELD;
const B8 = publicKey(1n);
/** The largest multiple of 2^126 in the field order: k is below it. */
const BOUND = (FIELD >> 126n) << 126n;
const HALF = (FIELD + 1n) / 2n;

describe("DoubleAndAdd", () => {
  const circuit = () => loadCircuit(gadget("multiplyPoint", "DoubleAndAdd"));
  const at = (plus: bigint, p: bigint, q: bigint): Inputs => ({
    plus,
    P: montgomery(multiply(B8, p)),
    Q: montgomery(multiply(B8, q)),
  });
  const opposite = (k: bigint): bigint => l - k;

  it("gives 2 P + Q and 2 P - Q, and no other point", async () => {
    const step = await circuit();
    for (const [p, q] of [
      [2n, 1n],
      [3n, 1n],
      [1n, 3n],
      [opposite(2n), 1n],
      [12345n, 67890n],
    ] as const) {
      for (const plus of [0n, 1n]) {
        const witness = await step.witness(at(plus, p, q));
        expect(step.broken(witness)).to.equal(0);
        const sum = 2n * p + (plus === 1n ? q : opposite(q));
        expect([step.read(witness, "out[0]"), step.read(witness, "out[1]")]).to.deep.equal(
          montgomery(multiply(B8, sum)),
        );
        expect(choosableSignals(step, witness)).to.deep.equal([]);
        expect(mutateHints(step, witness).free).to.deep.equal([]);
      }
    }
  });

  it("has no witness where a sum in between, or the result, is the identity", async () => {
    const step = await circuit();
    await expectUnprovable(step, at(0n, 5n, 5n), "DoubleAndAdd");
    await expectUnprovable(step, at(1n, 5n, opposite(5n)), "DoubleAndAdd");
    await expectUnprovable(step, at(0n, 5n, 10n), "DoubleAndAdd");
    await expectUnprovable(step, at(1n, 5n, opposite(10n)), "DoubleAndAdd");
  });

  it("leaves everything open where it adds a point to itself, which is why MultiplyPoint excludes that", async () => {
    const step = await circuit();
    const witness = await step.witness(at(1n, 5n, 5n));
    const [u, v] = montgomery(multiply(B8, 5n));
    for (const lambda of [1n, 2n, 77n]) {
      const middle = modulo(lambda * lambda - 168698n - 2n * u);
      const mu = modulo(Curve.Fp.div(2n * v, modulo(u - middle)) - lambda);
      const x = modulo(mu * mu - 168698n - middle - u);
      const forged = { lambda, middle, mu, "out[0]": x, "out[1]": mu * (u - x) - v };
      expect(step.broken(step.edit(witness, forged))).to.equal(0);
    }
  });
});

describe("MultiplyPoint", () => {
  const circuit = () => loadCircuit(gadget("multiplyPoint", "MultiplyPoint"));
  const P = publicKey(777n);
  const inputs = (h: bigint, point: Point = P): Inputs => ({ h, P: pointBus(point) });

  before(compiling(circuit));

  it("multiplies by hashes of any size, whichever sign is taken", async () => {
    const product = await circuit();
    const edges = [
      2n ** 127n,
      2n ** 128n + 1n,
      l - 1n,
      l + 2n,
      2n ** 252n - 1n,
      2n ** 252n,
      2n ** 253n - 1n,
      2n ** 253n,
      2n * l + 3n,
      4n * l - 5n,
      4n * l + 4n,
      6n * l + 2n,
      BOUND - 1n,
    ];
    const random = Array.from({ length: 25 }, (_, i) => poseidon([BigInt(i)]));
    for (const h of [...edges, ...random]) {
      for (const point of [P, publicKey(l - 1n)]) {
        const witness = await product.witness(inputs(h, point));
        expect(product.broken(witness), String(h)).to.equal(0);
        expect([product.read(witness, "out[0]"), product.read(witness, "out[1]")], String(h)).to.deep.equal(
          pointBus(multiply(point, h % l)),
        );
      }
    }
  });

  it("leaves no signal free, and no hint can be changed alone", async () => {
    const product = await circuit();
    for (const h of [poseidon([1n]), 2n ** 251n + 12345n]) {
      const witness = await product.witness(inputs(h));
      expect(choosableSignals(product, witness)).to.deep.equal([]);
      const { tried, free } = mutateHints(product, witness);
      expect(tried).to.be.greaterThan(500);
      expect(free).to.deep.equal([]);
    }
  });

  it("has two witnesses where h and 8 l - h are both large, with the same point", async () => {
    const product = await circuit();
    const h = 3n * l + 5n;
    const negated = { x: FIELD - P.x, y: P.y };
    // (8 l - h)(-P) has the very k and Q that h P has with the other sign.
    const other = await product.witness(inputs(8n * l - h, negated));
    const witness = product.edit(other, { h, "P.x": P.x, negative: 1n });
    expect(product.broken(witness)).to.equal(0);
    expect([product.read(witness, "out[0]"), product.read(witness, "out[1]")]).to.deep.equal(
      pointBus(multiply(P, h % l)),
    );
    // Not so the sign alone, nor half a sign.
    for (const negative of [0n, 2n, FIELD - 1n])
      expect(product.broken(product.edit(witness, { negative }))).to.be.greaterThan(0);
  });

  it("takes no k below 2^252, for which it would give (k + 2^252) P", async () => {
    const product = await circuit();
    const k = 2n ** 200n + 1n;
    // The first sum is 3 Q with either of these highest bits, so one constraint is all that tells them apart.
    const larger = await product.witness(inputs(k + 2n ** 252n));
    // Two ones of the bound are missing then instead of one.
    const missing = Object.fromEntries(product.signals(/\.complete\[0\]\.inv$/).map((inv) => [inv, HALF]));
    expect(Object.keys(missing)).to.have.length(1);
    expect(product.broken(product.edit(larger, { h: k, k, "bits[252]": 0n, ...missing }))).to.equal(1);
    expect(product.broken(product.edit(larger, { h: k, k }))).to.be.greaterThan(1);
  });

  it("has no witness for hashes that nobody finds: at the ends, and near some multiples of l", async () => {
    const product = await circuit();
    for (const h of [0n, 1n, 8n * l - FIELD]) await expectUnprovable(product, inputs(h), "MultiplyPoint");
    for (const h of [8n * l - BOUND, BOUND, FIELD - 1n]) await expectUnprovable(product, inputs(h), "TightBits");
    // A sum would be the identity. Beside 4 l the next one would be Q or -Q, and Q would be added to it.
    for (const h of [
      3n * l - 1n,
      5n * l,
      6n * l - 2n,
      6n * l + 1n,
      7n * l,
      4n * l - 4n,
      4n * l + 3n,
      l,
      l + 1n,
      2n * l,
    ])
      await expectUnprovable(product, inputs(h), "DoubleAndAdd");
  });
});
