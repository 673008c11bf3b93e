import { expect } from "chai";
import fc from "fast-check";
import { SUBGROUP_ORDER } from "../../../src/protocol/field.ts";
import { pointBus, signatureBus } from "../../../src/proving/inputs.ts";
import { compiling, gadget, loadCircuit } from "../support/testCircuit.ts";
import { faultOf, OWNED, RUNS, SEED } from "./arbitraries.ts";
import { outputsOf } from "./expectAgreement.ts";
import { keyOf, signed } from "./signatures.ts";
import { isCounted, type OracleSlot, type OracleVote, voteMessage } from "./vote.ts";

const ARITY = 4;
const LEVELS = 2;
const WIDTH = 2; // bits of a child's number

const circuit = () => loadCircuit(gadget("vote", "Vote", ARITY, LEVELS));

/** A vote before it is packed and signed. */
interface Draft {
  readonly depth: number;
  readonly index: number;
  readonly capacity: bigint;
  readonly minBurnBid: bigint;
  readonly proposalId: bigint;
  readonly prover: number;
}

/** One thing that is wrong: with the vote before it is signed, after it, or with the slot. */
type Fault = { readonly name: string } & (
  | { readonly draft: (draft: Draft) => Draft }
  | { readonly after: (vote: OracleVote) => OracleVote }
  | { readonly slot: (slot: OracleSlot) => OracleSlot }
);

const FAULTS: readonly Fault[] = [
  { name: "another node of its depth", draft: (draft) => ({ ...draft, index: draft.index + 1 }) },
  { name: "a node far away", draft: (draft) => ({ ...draft, index: draft.index + 2 ** 31 }) },
  { name: "a deeper node", draft: (draft) => ({ ...draft, depth: draft.depth + 1, index: draft.index * ARITY }) },
  { name: "a higher depth of the same index", draft: (draft) => ({ ...draft, depth: Math.max(draft.depth - 1, 0) }) },
  { name: "beyond any depth", draft: (draft) => ({ ...draft, depth: 255 }) },
  { name: "another proposal", draft: (draft) => ({ ...draft, proposalId: draft.proposalId + 1n }) },
  { name: "another prover", draft: (draft) => ({ ...draft, prover: (draft.prover + 1) % OWNED.length }) },
  { name: "121 bits", after: (vote) => ({ ...vote, packed: vote.packed + 2n ** 120n }) },
  { name: "another capacity than signed", after: (vote) => ({ ...vote, packed: vote.packed ^ (1n << 79n) }) },
  { name: "S + l", after: (vote) => withS(vote, vote.signature.s + SUBGROUP_ORDER) },
  { name: "another S", after: (vote) => withS(vote, vote.signature.s === 0n ? 1n : vote.signature.s - 1n) },
  { name: "a key off the curve", after: (vote) => ({ ...vote, key: { x: 1n, y: 1n } }) },
  { name: "nobody's slot", slot: (slot) => ({ ...slot, key: 0n }) },
  { name: "one slot too many", slot: (slot) => ({ ...slot, assigned: slot.assigned + 1n }) },
  { name: "a bid too low", slot: (slot) => ({ ...slot, burnBid: slot.burnBid === 0n ? 0n : slot.burnBid - 1n }) },
];

const withS = (vote: OracleVote, s: bigint): OracleVote => ({ ...vote, signature: { ...vote.signature, s } });

const cases = fc.record({
  depth: fc.integer({ min: 0, max: LEVELS }),
  place: fc.nat(),
  up: fc.nat(),
  prover: fc.nat({ max: OWNED.length - 1 }),
  assigned: fc.oneof(fc.constantFrom(0n, 16383n), fc.bigInt(1n, 40n)),
  spare: fc.bigInt(0n, 3n),
  burnBid: fc.oneof(fc.constantFrom(0n, 2n ** 64n - 1n), fc.bigInt(0n, 2n ** 64n - 1n)),
  below: fc.constantFrom(0n, 1n, 2n ** 63n),
  proposalId: fc.bigInt(0n, 2n ** 248n - 1n),
  scalar: fc.bigInt(1n, SUBGROUP_ORDER - 1n),
  fault: faultOf(FAULTS),
});

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

/** A vote that counts for a slot, but for its fault. */
function caseOf(one: Case): { vote: OracleVote; slot: OracleSlot } {
  const { depth, prover, assigned, burnBid, proposalId, fault } = one;
  const index = one.place % ARITY ** depth;
  const up = one.up % (depth + 1);
  const honest: Draft = {
    depth: depth - up,
    index: Math.floor(index / ARITY ** up),
    capacity: assigned + (fault !== null && "slot" in fault ? 0n : one.spare),
    minBurnBid: burnBid < one.below || (fault !== null && "slot" in fault) ? burnBid : burnBid - one.below,
    proposalId,
    prover,
  };
  const draft = fault !== null && "draft" in fault ? fault.draft(honest) : honest;
  const packed =
    BigInt(draft.depth) * 2n ** 112n + BigInt(draft.index) * 2n ** 80n + draft.capacity * 2n ** 64n + draft.minBurnBid;
  const { secret, point } = OWNED[draft.prover]!;
  const signature = signed(secret, point, voteMessage(draft.proposalId, packed), one.scalar);
  const vote = { packed, key: point, signature };
  const slot = { arity: ARITY, depth, index, key: keyOf(OWNED[prover]!.point), assigned, burnBid, proposalId };
  return {
    vote: fault !== null && "after" in fault ? fault.after(vote) : vote,
    slot: fault !== null && "slot" in fault ? fault.slot(slot) : slot,
  };
}

describe("Vote against the oracle", () => {
  before(compiling(circuit));

  it(`counts what the encodings count and nothing else, and never stands in the way (seed ${SEED})`, async function () {
    this.timeout(600_000);
    const counting = await circuit();
    const seen = { counted: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(cases, async (one) => {
        const { vote, slot } = caseOf(one);
        const inputs = {
          key: slot.key,
          assigned: slot.assigned,
          burnBid: slot.burnBid,
          proposalId: slot.proposalId,
          depth: BigInt(slot.depth),
          index: Array.from({ length: LEVELS * WIDTH }, (_, i) => BigInt((slot.index >> i) & 1)),
          vote: [pointBus(vote.key), vote.packed, signatureBus(vote.signature)],
        };
        const expected = isCounted(vote, slot);
        const name = one.fault?.name ?? "no fault";
        expect((await outputsOf(counting, { ...inputs, enabled: 1n }, {})) !== undefined, name).to.equal(expected);
        expect(await outputsOf(counting, { ...inputs, enabled: 0n }, {}), name).to.deep.equal({});
        seen[expected ? "counted" : "refused"]++;
      }),
      { seed: SEED, numRuns: RUNS },
    );
    expect(Math.min(seen.counted, seen.refused), JSON.stringify(seen)).to.be.greaterThan(RUNS / 5);
  });
});
