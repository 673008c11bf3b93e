import { expect } from "chai";
import { keyHash, keyOf, publicKey, secretKeyFromSeed, SUBGROUP_ORDER, vrfBeta } from "../../../src/protocol/index.ts";
import { expectUnprovable } from "../support/expectUnprovable.ts";
import { gadget, loadCircuit } from "../support/testCircuit.ts";
import { choicesAsWritten } from "../support/asWritten.ts";
import { choosableSignals } from "../support/choosable.ts";

const secret = secretKeyFromSeed("worker");

describe("KeyOfSecret", () => {
  const circuit = () => loadCircuit(gadget("key", "KeyOfSecret"));

  it("agrees with the library at both ends of the scalars", async () => {
    const gadget = await circuit();
    for (const scalar of [1n, 2n, secret, SUBGROUP_ORDER - 1n]) {
      const witness = await gadget.witness({ secret: scalar, seed: 77n });
      expect(gadget.broken(witness)).to.equal(0);
      expect(gadget.read(witness, "key")).to.equal(keyHash(publicKey(scalar)));
      expect(gadget.read(witness, "beta")).to.equal(vrfBeta(scalar, 77n));
      if (scalar === secret) expect(choosableSignals(gadget, witness)).to.deep.equal([]);
    }
  });

  it("gives beta 0 without a seed", async () => {
    const gadget = await circuit();
    expect(gadget.read(await gadget.witness({ secret, seed: 0n }), "beta")).to.equal(0n);
  });

  it("refuses the scalars 0, l, s + l and l + 1: every key has one scalar and one beta", async () => {
    const gadget = await circuit();
    await expectUnprovable(gadget, { secret: 0n, seed: 1n }, "KeyOfSecret");
    for (const scalar of [SUBGROUP_ORDER, SUBGROUP_ORDER + 1n, SUBGROUP_ORDER + 5n]) {
      await expectUnprovable(gadget, { secret: scalar, seed: 1n }, "TightBits");
    }
  });
});

describe("Worker", () => {
  const circuit = () => loadCircuit(gadget("key", "Worker"));

  it("leaves the prover no choice", async () => {
    expect(await choicesAsWritten(gadget("key", "Worker"))).to.deep.equal([]);
  });

  it("shows its key and beta, or is anonymous and shows neither", async () => {
    const worker = await circuit();
    const named = await worker.witness({ secret, anonymous: 0n, roundSeed: 5n });
    expect([worker.read(named, "key"), worker.read(named, "beta")]).to.deep.equal([keyOf(secret), vrfBeta(secret, 5n)]);
    const anonymous = await worker.witness({ secret: 1n, anonymous: 1n, roundSeed: 5n });
    expect([worker.read(anonymous, "key"), worker.read(anonymous, "beta")]).to.deep.equal([0n, 0n]);
    expect(worker.broken(named) + worker.broken(anonymous)).to.equal(0);
    expect(choosableSignals(worker, named)).to.deep.equal([]);
    expect(choosableSignals(worker, anonymous)).to.deep.equal([]);
  });

  it("cannot be anonymous in part, to show a key or beta of its choice", async () => {
    const worker = await circuit();
    for (const anonymous of [2n, -1n]) {
      const key = keyOf(secret) * (1n - anonymous);
      const beta = vrfBeta(secret, 5n) * (1n - anonymous);
      const witness = await worker.witness({ secret, anonymous: 0n, roundSeed: 5n });
      expect(worker.broken(worker.edit(witness, { anonymous, key, beta }))).to.be.greaterThan(0);
    }
    await expectUnprovable(worker, { secret, anonymous: 2n, roundSeed: 5n }, "Worker");
  });
});
