import { expect } from "chai";
import {
  FIELD,
  keyOf,
  packVote,
  poseidon,
  secretKeyFromSeed,
  sign,
  signVote,
  type Signature,
  TAG,
  type VoteTerms,
} from "../../../src/protocol/index.ts";
import { pointBus, signatureBus } from "../../../src/proving/inputs.ts";
import { expectUnprovable } from "../support/expectUnprovable.ts";
import { OFF_CURVE } from "../support/points.ts";
import { compiling, gadget, type Inputs, loadCircuit } from "../support/testCircuit.ts";
import { choicesAsWritten } from "../support/asWritten.ts";
import { choosableSignals } from "../support/choosable.ts";

const secret = secretKeyFromSeed("voter");
const PROPOSAL = 987654321n;

/** What the slot is and how it differs from what the vote says. */
interface Slot {
  readonly enabled?: bigint;
  readonly key?: bigint;
  readonly assigned?: bigint;
  readonly burnBid?: bigint;
  readonly proposalId?: bigint;
  readonly depth?: bigint;
  readonly index?: number;
  readonly packed?: bigint;
  readonly signature?: Signature;
}

const TERMS: VoteTerms = { proposalId: PROPOSAL, depth: 1, index: 0, capacity: 3, minBurnBid: 100n };

/** A valid vote by one prover for (1, 0), counted for slot (2, 1) with 3 slots assigned and 100 bid. */
function inputs(slot: Slot = {}, terms: Partial<VoteTerms> = {}): Inputs {
  const vote = signVote(secret, { ...TERMS, ...terms });
  const index = slot.index ?? 1;
  return {
    enabled: slot.enabled ?? 1n,
    key: slot.key ?? keyOf(secret),
    assigned: slot.assigned ?? 3n,
    burnBid: slot.burnBid ?? 100n,
    proposalId: slot.proposalId ?? PROPOSAL,
    depth: slot.depth ?? 2n,
    index: [BigInt(index & 1), BigInt(index >> 1)],
    vote: [pointBus(vote.key), slot.packed ?? packVote(vote), signatureBus(slot.signature ?? vote.signature)],
  };
}

const circuit = () => loadCircuit(gadget("vote", "Vote", 2, 2));

describe("Vote", () => {
  before(compiling(circuit));

  it("leaves the prover no choice but a hint", async () => {
    expect(await choicesAsWritten(gadget("vote", "Vote", 2, 2))).to.deep.equal(["keyInverse"]);
  });

  it("counts at its node and below", async () => {
    const vote = await circuit();
    const covered: [Slot, Partial<VoteTerms>][] = [
      [{}, {}],
      [{ index: 0 }, {}],
      [{ depth: 1n, index: 0 }, {}],
      [{ depth: 0n, index: 0 }, { depth: 0 }],
      [{ index: 3 }, { depth: 0 }],
      [{ index: 3 }, { depth: 1, index: 1 }],
      [{ index: 3 }, { depth: 2, index: 3 }],
    ];
    for (const [slot, terms] of covered) {
      const witness = await vote.witness(inputs(slot, terms));
      expect(vote.broken(witness)).to.equal(0);
      expect(choosableSignals(vote, witness)).to.deep.equal([]);
    }
  });

  it("counts with more capacity than needed and a lower bid than offered, up to the largest numbers", async () => {
    const vote = await circuit();
    const most = inputs(
      { assigned: 16383n, burnBid: (1n << 64n) - 1n },
      { capacity: 65535, minBurnBid: (1n << 64n) - 1n },
    );
    expect(vote.broken(await vote.witness(most))).to.equal(0);
    expect(vote.broken(await vote.witness(inputs({ assigned: 0n }, { capacity: 0, minBurnBid: 0n })))).to.equal(0);
  });

  it("does not count for a node that it does not cover", async () => {
    const vote = await circuit();
    await expectUnprovable(await circuit(), inputs({ index: 2 }), "Vote");
    await expectUnprovable(vote, inputs({ index: 3 }), "Vote");
    await expectUnprovable(vote, inputs({ depth: 1n, index: 1 }), "Vote");
    await expectUnprovable(vote, inputs({ depth: 0n, index: 0 }), "Vote"); // above
    await expectUnprovable(vote, inputs({ depth: 1n, index: 0 }, { depth: 2, index: 0 }), "Vote");
    await expectUnprovable(vote, inputs({}, { depth: 255 }), "Vote");
    await expectUnprovable(vote, inputs({}, { index: 2 ** 32 - 1 }), "Vote");
  });

  it("does not count for another proposal, prover, too many slots or too low a bid", async () => {
    const vote = await circuit();
    await expectUnprovable(vote, inputs({ proposalId: PROPOSAL + 1n }), "EdDSAVerify");
    await expectUnprovable(vote, inputs({ key: keyOf(secret - 1n) }), "Vote");
    await expectUnprovable(vote, inputs({ assigned: 4n }), "Num2Bits");
    await expectUnprovable(vote, inputs({ burnBid: 99n }), "Num2Bits");
    await expectUnprovable(vote, inputs({ burnBid: FIELD - 1n }), "Num2Bits");
  });

  it("does not count for key 0, nor without a key by a forged inverse", async () => {
    const vote = await circuit();
    await expectUnprovable(vote, inputs({ key: 0n }), "Vote");
    const witness = await vote.witness(inputs());
    // Two constraints stand in the way: 0 has no inverse, and nobody knows a public key whose hash is 0.
    expect(vote.broken(vote.edit(witness, { key: 0n, keyInverse: 0n }))).to.equal(2);
  });

  it("does not count with terms that were not signed", async () => {
    const vote = await circuit();
    await expectUnprovable(vote, inputs({ packed: packVote({ ...TERMS, capacity: 4 }) }), "EdDSAVerify");
    await expectUnprovable(vote, inputs({ packed: packVote({ ...TERMS, minBurnBid: 99n }) }), "EdDSAVerify");
  });

  it("reads packed fields in one way: (index 1, capacity 4) is not (index 0, capacity 4 + 2^16)", async () => {
    const vote = await circuit();
    // Signed for (1, 1), wanted for slot (2, 1), which is below (1, 0). The index bit moves down as 2 * 2^79.
    const witness = await vote.witness(inputs({ index: 3 }, { index: 1, capacity: 4 }));
    const forged = vote.edit(witness, {
      "index[1]": 0n,
      "bits[80]": 0n,
      "bits[79]": 2n,
      "ancestor[0]": 1n,
      "ancestor[1]": 0n,
    });
    expect(vote.broken(forged)).to.be.greaterThan(0);
  });

  it("refuses a vote beyond its 120 bits, even if signed", async () => {
    const vote = await circuit();
    const packed = packVote(TERMS) + (1n << 120n);
    const signature = sign(secret, poseidon([TAG.vote, PROPOSAL, packed]));
    await expectUnprovable(vote, inputs({ packed, signature }), "Num2Bits");
  });

  it("refuses ancestors mixed from fractions of several", async () => {
    const vote = await circuit();
    // Slot (2, 3) is not below (1, 0), but -1 * 3 + 3 * 1 - 1 * 0 = 0 with weights that sum to 1 and stand at height 1.
    const witness = await vote.witness(inputs());
    const forged = vote.edit(witness, {
      "index[1]": 1n,
      "up[0]": -1n,
      "up[1]": 3n,
      "up[2]": -1n,
      "ancestor[0]": -3n,
      "ancestor[1]": 3n,
      "ancestor[2]": 0n,
    });
    expect(vote.broken(forged)).to.be.greaterThan(0);
    // All else is consistent: only the selectors are not boolean.
    expect(vote.broken(forged)).to.be.at.most(3);
  });

  it("refuses the ancestor at another height, and two ancestors at once", async () => {
    const vote = await circuit();
    // Slot (2, 3) is below index 0 at depth 0, but the vote says depth 1.
    const low = await vote.witness(inputs());
    const higher = vote.edit(low, { "index[1]": 1n, "up[1]": 0n, "up[2]": 1n, "ancestor[1]": 0n, "ancestor[2]": 0n });
    expect(vote.broken(higher)).to.be.greaterThan(0);
    // Slot (2, 1) itself and its parent (1, 0) add up to index 1 at height 0 + 1.
    const right = await vote.witness(inputs({ index: 3 }, { index: 1 }));
    const both = vote.edit(right, { "index[1]": 0n, "up[0]": 1n, "up[1]": 1n, "ancestor[0]": 1n, "ancestor[1]": 0n });
    expect(vote.broken(both)).to.be.greaterThan(0);
  });

  it("has a witness for any garbage while not enabled", async () => {
    const vote = await circuit();
    const signature = { r8: { x: 0n, y: 0n }, s: FIELD - 1n };
    const garbage = { vote: [pointBus(OFF_CURVE), FIELD - 1n, signatureBus(signature)] };
    for (const key of [0n, keyOf(secret)]) {
      for (const [depth, index] of [
        [0n, 0],
        [1n, 1],
        [2n, 3],
      ] as const) {
        const off = inputs({ enabled: 0n, key, depth, index, assigned: 16383n, burnBid: 0n });
        expect(vote.broken(await vote.witness({ ...off, ...garbage }))).to.equal(0);
        expect(vote.broken(await vote.witness(off))).to.equal(0);
      }
    }
  });

  it("cannot be enabled afterwards", async () => {
    const vote = await circuit();
    const off = await vote.witness(inputs({ enabled: 0n, proposalId: PROPOSAL + 1n }));
    expect(vote.broken(vote.edit(off, { enabled: 1n, keyInverse: inverse(keyOf(secret)) }))).to.be.greaterThan(0);
  });
});

function inverse(value: bigint): bigint {
  let result = 1n;
  for (let power = value, left = FIELD - 2n; left > 0n; left >>= 1n, power = (power * power) % FIELD) {
    if (left & 1n) result = (result * power) % FIELD;
  }
  return result;
}
