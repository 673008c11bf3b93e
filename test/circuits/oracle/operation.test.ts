import { expect } from "chai";
import fc from "fast-check";
import { FIELD } from "../../../src/protocol/field.ts";
import { compiling, gadget, loadCircuit } from "../support/testCircuit.ts";
import {
  accounts,
  aliased,
  CROWN,
  DEPTH,
  elsewhere,
  faultOf,
  inUse,
  OWNED,
  packedBeyond,
  packedUpTo,
  RUNS,
  SEED,
} from "./arbitraries.ts";
import { type Accounts, BALANCE_LIMIT, bits, replaced, wei } from "./encodings.ts";
import { accountInputs, crownOf, outputsOf } from "./expectAgreement.ts";
import { operationEffect } from "./operation.ts";

const circuit = () => loadCircuit(gadget("operation", "Operation", DEPTH, CROWN));

interface Draft {
  readonly from: number;
  readonly to: number;
  readonly amount: bigint;
  readonly l1Owner: bigint;
  /** Below 2^256, of which the words take what they have room for. */
  readonly key: bigint;
}

/** One thing that is different from what the bridge and the account's owner would post. */
interface Change {
  readonly name: string;
  readonly of: (draft: Draft, state: Accounts, place: number) => Draft;
}

const CHANGES: readonly Change[] = [
  { name: "another owner", of: (draft) => ({ ...draft, l1Owner: draft.l1Owner ^ 1n }) },
  { name: "owner 0", of: (draft) => ({ ...draft, l1Owner: 0n }) },
  { name: "another key", of: (draft) => ({ ...draft, key: draft.key ^ 1n }) },
  { name: "no key", of: (draft) => ({ ...draft, key: 0n }) },
  { name: "the field order for a key", of: (draft) => ({ ...draft, key: FIELD }) },
  { name: "the key and the field order", of: (draft) => ({ ...draft, key: (draft.key + FIELD) % 2n ** 256n }) },
  {
    name: "more than the sender has",
    of: (draft, state) => ({ ...draft, amount: packedBeyond(state[draft.from]?.balance ?? 0n) }),
  },
  {
    name: "more than there is room for",
    of: (draft, state) => ({ ...draft, amount: packedBeyond(BALANCE_LIMIT - 1n - (state[draft.to]?.balance ?? 0n)) }),
  },
  { name: "the largest amount", of: (draft) => ({ ...draft, amount: 2n ** 32n - 1n }) },
  { name: "from elsewhere", of: (draft, _, place) => ({ ...draft, from: place }) },
  { name: "to elsewhere", of: (draft, _, place) => ({ ...draft, to: place }) },
  { name: "from an alias", of: (draft) => ({ ...draft, from: aliased(draft.from) }) },
  { name: "to an alias", of: (draft) => ({ ...draft, to: aliased(draft.to) }) },
  { name: "to oneself", of: (draft) => ({ ...draft, to: draft.from }) },
  { name: "to nobody", of: (draft) => ({ ...draft, to: 0 }) },
];

const cases = fc.record({
  state: accounts,
  kind: fc.constantFrom("deposit", "opening", "transfer", "exit"),
  from: inUse,
  to: inUse,
  place: elsewhere,
  part: fc.constantFrom(0, 1, 50, 100),
  change: faultOf(CHANGES),
});

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

/** Words of an operation that applies, but for its change or where the accounts do not allow any. */
function wordsOf({ state, kind, from, to, place, part, change }: Case): [bigint, bigint] {
  const room = BALANCE_LIMIT - 1n - state[to]!.balance;
  const { balance, l1Owner } = state[from]!;
  const drafts: Readonly<Record<typeof kind, Draft>> = {
    deposit: { from: 0, to, amount: packedUpTo(room, 27, part), l1Owner: state[to]!.l1Owner, key: state[to]!.key },
    opening: { from: 0, to: place, amount: packedUpTo(10n ** 18n, 27, part), l1Owner, key: OWNED[from - 1]!.point.y },
    transfer: { from, to, amount: packedUpTo(balance < room ? balance : room, 27, part), l1Owner, key: 0n },
    exit: { from, to: 0, amount: packedUpTo(balance, 27, part), l1Owner, key: 0n },
  };
  const draft = change === null ? drafts[kind] : change.of(drafts[kind], state, place);
  const word0 =
    BigInt(draft.from) * 2n ** 224n +
    BigInt(draft.to) * 2n ** 208n +
    draft.amount * 2n ** 176n +
    draft.l1Owner * 2n ** 16n +
    draft.key / 2n ** 240n;
  return [word0, draft.key % 2n ** 240n];
}

describe("Operation against the oracle", () => {
  before(compiling(circuit));

  it(`has a witness for any operation, and only with the outcome of the encodings (seed ${SEED})`, async function () {
    this.timeout(600_000);
    const operation = await circuit();
    const seen = { changed: 0, unchanged: 0, exits: 0 };
    await fc.assert(
      fc.asyncProperty(cases, async (one) => {
        const [word0, word1] = wordsOf(one);
        const { accounts: after, ...rest } = operationEffect(one.state, word0, word1);
        const expected = { ...rest, nextCrown: crownOf(after) };
        const [from, to] = [Number(bits(word0, 224, 16)), Number(bits(word0, 208, 16))];
        const sender = one.state[from % one.state.length]!;
        const debited = { ...sender, balance: sender.balance - wei(bits(word0, 176, 32)) };
        const found = [];
        for (const between of [one.state, replaced(one.state, from % one.state.length, debited)]) {
          const inputs = { word0, word1, ...accountInputs(one.state, between, from, to) };
          const outputs = await outputsOf(operation, inputs, expected);
          if (outputs !== undefined) found.push(outputs);
        }
        expect(found, one.change?.name ?? "no change").to.have.length.greaterThan(0);
        for (const outputs of found) expect(outputs, one.change?.name ?? "no change").to.deep.equal(expected);
        seen[after === one.state ? "unchanged" : "changed"]++;
        if (expected.exit !== 0n) seen.exits++;
      }),
      { seed: SEED, numRuns: RUNS },
    );
    expect(Math.min(seen.changed, seen.unchanged, seen.exits), JSON.stringify(seen)).to.be.greaterThan(RUNS / 10);
  });
});
