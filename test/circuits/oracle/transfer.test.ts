import { expect } from "chai";
import fc from "fast-check";
import { MalformedError, OutOfRangeError } from "../../../src/protocol/errors.ts";
import { FIELD, SUBGROUP_ORDER } from "../../../src/protocol/field.ts";
import { packTransfer, unpackTransfer } from "../../../src/protocol/transfer.ts";
import { signatureBus } from "../../../src/proving/inputs.ts";
import {
  applyTransfer,
  type BaseTrace,
  InadmissibleTransferError,
  isAdmitted,
  State,
} from "../../../src/state/index.ts";
import { traceBlock } from "../../../src/state/trace.ts";
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
import { type Accounts, BALANCE_LIMIT, bits, EMPTY, layers, replaced, wei } from "./encodings.ts";
import { accountInputs, crownOf, outputsOf } from "./expectAgreement.ts";
import { minus, signed } from "./signatures.ts";
import { type OracleTransfer, publicBits, type TransferEffect, transferEffect, transferMessage } from "./transfer.ts";

const circuit = () => loadCircuit(gadget("transfer", "Transfer", DEPTH, CROWN));

/** A transfer before it is packed and signed. */
interface Draft {
  readonly from: number;
  readonly to: number;
  readonly amount: bigint;
  readonly fee: bigint;
  readonly signer: number;
  readonly nonce: bigint;
  readonly domain: bigint;
}

const DOMAIN = 777n;
const pack = ({ from, to, amount, fee }: Draft): bigint =>
  BigInt(from) * 2n ** 64n + BigInt(to) * 2n ** 48n + amount * 2n ** 16n + fee;

/** One thing that is wrong with a transfer, or unusual: before it is signed, or after. */
type Fault = { readonly name: string } & (
  | { readonly draft: (draft: Draft, state: Accounts, place: number) => Draft }
  | { readonly packed: (packed: bigint) => bigint }
  | { readonly after: (transfer: OracleTransfer) => OracleTransfer }
);

const FAULTS: readonly Fault[] = [
  { name: "too much", draft: (draft, state) => ({ ...draft, amount: packedBeyond(state[draft.from]!.balance) }) },
  {
    name: "a fee too much",
    draft: (draft, state) => ({
      ...draft,
      amount: packedUpTo(state[draft.from]!.balance, 27, 100),
      fee: 2047n * 32n + 9n,
    }),
  },
  // Less or nothing, with a greater exponent than it takes: the executor's transfers have no such form, a block may.
  {
    name: "an amount in another form",
    draft: (draft) => ({ ...draft, amount: (draft.amount / 320n) * 32n + (draft.amount % 32n) + 1n }),
  },
  { name: "another nonce", draft: (draft) => ({ ...draft, nonce: draft.nonce + 1n }) },
  { name: "another domain", draft: (draft) => ({ ...draft, domain: DOMAIN + 1n }) },
  { name: "another signer", draft: (draft) => ({ ...draft, signer: (draft.signer + 1) % OWNED.length }) },
  { name: "from account 0", draft: (draft) => ({ ...draft, from: 0 }) },
  { name: "from elsewhere", draft: (draft, _, place) => ({ ...draft, from: place }) },
  { name: "to elsewhere", draft: (draft, _, place) => ({ ...draft, to: place }) },
  { name: "from an alias", draft: (draft) => ({ ...draft, from: aliased(draft.from) }) },
  { name: "to an alias", draft: (draft) => ({ ...draft, to: aliased(draft.to) }) },
  { name: "81 bits", packed: (packed) => packed + 2n ** 80n },
  { name: "another amount than signed", after: (transfer) => ({ ...transfer, packed: transfer.packed + 2n ** 21n }) },
  {
    name: "S + l",
    after: (transfer) => ({
      ...transfer,
      signature: { ...transfer.signature, s: transfer.signature.s + SUBGROUP_ORDER },
    }),
  },
  {
    name: "another S",
    after: (transfer) => ({ ...transfer, signature: { ...transfer.signature, s: transfer.signature.s - 1n } }),
  },
  {
    name: "R8 off the curve",
    after: (transfer) => ({ ...transfer, signature: { ...transfer.signature, r8: { x: 1n, y: 1n } } }),
  },
  { name: "the other x", after: (transfer) => ({ ...transfer, signerX: FIELD - transfer.signerX }) },
  { name: "no operation", after: (transfer) => ({ ...transfer, packed: 0n }) },
];

const cases = fc.record({
  state: accounts,
  from: inUse,
  to: fc.oneof({ weight: 4, arbitrary: inUse }, { weight: 2, arbitrary: fc.constant(0) }),
  part: fc.constantFrom(0, 1, 50, 100),
  scalar: fc.bigInt(1n, SUBGROUP_ORDER - 1n),
  negated: fc.boolean(),
  place: elsewhere,
  fault: faultOf(FAULTS),
});

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

/** A transfer that is allowed but where an account is full, has no owner, or for its fault. */
function transferOf({ state, from, to, part, scalar, negated, place, fault }: Case): OracleTransfer {
  const { balance, nonce } = state[from]!;
  const room = to === 0 || to === from ? balance : BALANCE_LIMIT - 1n - state[to]!.balance;
  const most = room < balance ? room : balance;
  const amount = packedUpTo(most, 27, part);
  const fee = packedUpTo(balance - wei(amount), 11, part);
  const honest: Draft = { from, to, amount, fee, signer: from - 1, nonce, domain: DOMAIN };
  const draft = fault !== null && "draft" in fault ? fault.draft(honest, state, place) : honest;
  const packed = fault !== null && "packed" in fault ? fault.packed(pack(draft)) : pack(draft);
  const { secret, point } = OWNED[draft.signer]!;
  const message = transferMessage(draft.domain, packed, draft.nonce);
  const signer = negated ? minus(point) : point;
  const signature = signed(negated ? SUBGROUP_ORDER - secret : secret, signer, message, scalar);
  const transfer = { packed, signerX: signer.x, signature };
  return fault !== null && "after" in fault ? fault.after(transfer) : transfer;
}

/** What a prover could claim that the sender's account is after it: as paid for, or untouched. */
function claims(state: Accounts, packed: bigint): Accounts[] {
  const from = Number(bits(packed, 64, 16)) % state.length;
  const sender = state[from]!;
  const balance = sender.balance - wei(bits(packed, 16, 32)) - wei(bits(packed, 0, 16));
  return [replaced(state, from, { ...sender, balance, nonce: sender.nonce + 1n }), state];
}

const stateOf = (accounts: Accounts): State =>
  State.ofGenesis({ accountDepth: DEPTH, accounts: accounts.slice(1, 1 + OWNED.length) });

/** Whether the executor applies the transfer, undefined if its amounts are not in the form that the executor packs. */
function isExecuted(accounts: Accounts, { packed, signerX, signature }: OracleTransfer): boolean | undefined {
  const transfer = packed >> 80n === 0n ? unpackTransfer(packed) : undefined;
  if (transfer === undefined || packTransfer(transfer) !== packed) return undefined;
  const { key, nonce } = accounts[transfer.from] ?? EMPTY;
  const signed = { ...transfer, nonce, sender: { x: signerX, y: key }, signature };
  return isAdmitted(() => applyTransfer(stateOf(accounts), signed, DOMAIN));
}

/** One place for a transfer in each base node. */
const SIZES = { arity: 2, levels: 1, accountDepth: DEPTH, transfersPerBase: 1, operationsPerBase: 1 };
const RULES = { profile: { name: "oracle", ...SIZES }, domain: DOMAIN, crownDepth: CROWN, operationCrownDepth: CROWN };

/** What a prover finds that a block of this transfer does, from its public data alone; undefined if it refuses it. */
function traced(accounts: Accounts, { packed, signature: { r8, s } }: OracleTransfer): BaseTrace | undefined {
  const elements = packed === 0n ? [] : [packed << 160n, r8.y, s];
  try {
    return traceBlock(stateOf(accounts), { operations: "0x", elements }, RULES).bases[0];
  } catch (error) {
    const expected = [InadmissibleTransferError, MalformedError, OutOfRangeError];
    if (!expected.some((kind) => error instanceof kind)) throw error;
    return undefined;
  }
}

/** The effect of a transfer by whichever pair of points has signed it: public are their y coordinates. */
function effectOfAny(accounts: Accounts, { packed, signerX, signature }: OracleTransfer): TransferEffect | undefined {
  const { r8, s } = signature;
  const pairs = [signerX, FIELD - signerX].flatMap((x) =>
    [r8, minus(r8)].map((other) => ({ packed, signerX: x, signature: { r8: other, s } })),
  );
  return pairs.map((pair) => transferEffect(accounts, DOMAIN, pair)).find((effect) => effect !== undefined);
}

/** What both say of a base node, undefined if it is refused. */
const outcome = (trace: BaseTrace | undefined) =>
  trace && { root: trace.nextStateRoot, fee: trace.fees, executed: trace.txCount, exit: trace.exits[0] };
const outcomeOf = (effect: TransferEffect | undefined) =>
  effect && {
    root: layers(effect.accounts).at(-1)![0],
    fee: effect.fee,
    executed: effect.executed,
    exit: effect.exit,
  };

describe("Transfer against the oracle", () => {
  before(compiling(circuit));

  it(`proves what the encodings allow, with their outcome, and nothing else (seed ${SEED})`, async function () {
    this.timeout(600_000);
    const transfer = await circuit();
    const seen = { allowed: 0, refused: 0, exits: 0, executed: 0 };
    await fc.assert(
      fc.asyncProperty(cases, async (one) => {
        const drawn = transferOf(one);
        const { packed, signerX, signature } = drawn;
        const isAllowed = isExecuted(one.state, drawn);
        const effect = transferEffect(one.state, DOMAIN, drawn);
        const nothing = { accounts: one.state, fee: 0n, executed: 0n, exit: 0n, ...publicBits(drawn) };
        const { accounts: after, ...rest } = effect ?? nothing;
        const expected = { ...rest, nextCrown: crownOf(after) };
        const found = [];
        for (const between of claims(one.state, packed)) {
          const inputs = {
            domain: DOMAIN,
            transfer: packed,
            signerX,
            signature: signatureBus(signature),
            ...accountInputs(one.state, between, Number(bits(packed, 64, 16)), Number(bits(packed, 48, 16))),
          };
          const outputs = await outputsOf(transfer, inputs, expected);
          if (outputs !== undefined) found.push(outputs);
        }
        if (effect === undefined) expect(found, one.fault?.name ?? "no fault").to.deep.equal([]);
        else {
          expect(found, one.fault?.name ?? "no fault").to.have.length.greaterThan(0);
          for (const outputs of found) expect(outputs).to.deep.equal(expected);
        }
        // Who proves another's block executes it first, and must not refuse there what the circuit takes. So does who
        // makes a block, with what the circuit refuses.
        expect(outcome(traced(one.state, drawn)), one.fault?.name ?? "no fault").to.deep.equal(
          outcomeOf(effectOfAny(one.state, drawn)),
        );
        if (isAllowed !== undefined) {
          expect(isAllowed, one.fault?.name ?? "no fault").to.equal(effect !== undefined);
          seen.executed++;
        }
        seen[effect === undefined ? "refused" : "allowed"]++;
        if (expected.exit !== 0n) seen.exits++;
      }),
      { seed: SEED, numRuns: RUNS },
    );
    expect(Math.min(seen.allowed, seen.refused), JSON.stringify(seen)).to.be.greaterThan(RUNS / 5);
    expect(seen.exits).to.be.greaterThan(RUNS / 20);
    expect(seen.executed).to.be.greaterThan(RUNS / 2);
  });
});
