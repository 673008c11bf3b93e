import { expect } from "chai";
import { encodeFloat, FIELD, AMOUNT_MANTISSA_BITS } from "../../../src/protocol/index.ts";
import { type Account, EMPTY_ACCOUNT } from "../../../src/state/account.ts";
import { choicesAsWritten } from "../support/asWritten.ts";
import { choosableSignals } from "../support/choosable.ts";
import { expectUnprovable } from "../support/expectUnprovable.ts";
import { type Effect, EFFECTS, gadgetCase, type RawOperation, rawWords } from "../support/operations.ts";
import { PlainTree } from "../support/plainTree.ts";
import { compiling, gadget, type Inputs, loadCircuit, type TestCircuit } from "../support/testCircuit.ts";

const DEPTH = 2;
const CROWN = 1;
const MAX_BALANCE = (1n << 96n) - 1n;
const ETHER = 10n ** 18n;
/** The largest amount that can be encoded. */
const MOST = (1n << 32n) - 1n;

const instance = gadget("operation", "Operation", DEPTH, CROWN);
const circuit = () => loadCircuit(instance);

const wei = (value: bigint): bigint => encodeFloat(value, AMOUNT_MANTISSA_BITS);
const keyOf = (index: number): bigint => FIELD - 1000n - BigInt(index);
const ownerOf = (index: number): bigint => (1n << 160n) - BigInt(index);

/**
 * Accounts 1 to 3 in use, 4 full, 5 without an l1Owner, 6 with room for one wei, 7 with an owner that is no address;
 * the others are not in use.
 */
const ACCOUNTS: readonly Account[] = [
  EMPTY_ACCOUNT,
  ...[10n * ETHER, 20n * ETHER, 0n, MAX_BALANCE, 5n * ETHER, MAX_BALANCE - 1n, ETHER].map((balance, i) => ({
    key: keyOf(i + 1),
    balance,
    nonce: BigInt(i),
    l1Owner: i + 1 === 5 ? 0n : i + 1 === 7 ? (1n << 160n) + 7n : ownerOf(i + 1),
  })),
];

const tree = (): PlainTree => new PlainTree(DEPTH, ACCOUNTS);

const deposit = (to: bigint, amount: bigint, change: RawOperation = {}): RawOperation => ({
  to,
  amount: wei(amount),
  l1Owner: ownerOf(Number(to)),
  key: keyOf(Number(to)),
  ...change,
});
const force = (from: bigint, to: bigint, amount: bigint, change: RawOperation = {}): RawOperation => ({
  from,
  to,
  amount: wei(amount),
  l1Owner: ownerOf(Number(from)),
  ...change,
});

/** What every operation does, whoever proves it. */
const CASES: readonly (readonly [string, Effect, RawOperation])[] = [
  ["no operation", "nothing", {}],
  ["no operation before a word that is not 0", "nothing", { key: 7n }],
  ["words that name no account", "nothing", { amount: wei(ETHER), l1Owner: ownerOf(1), key: keyOf(1) }],

  ["a deposit opens an account that is not in use", "opens", deposit(9n, ETHER)],
  ["a deposit of nothing opens one too", "opens", deposit(15n, 0n)],
  ["a deposit opens one with the most that fits", "opens", deposit(9n, 79228162n * 10n ** 21n)],
  ["a deposit adds to the account of its key and owner", "adds", deposit(1n, ETHER)],
  ["a deposit adds the last wei that fits", "adds", deposit(6n, 1n)],
  ["a deposit of nothing to a full account of its key", "adds", deposit(4n, 0n)],
  ["a deposit to another's account", "returns", deposit(1n, ETHER, { key: keyOf(2) })],
  [
    "a deposit to an account that somebody else opened with the depositor's key",
    "returns",
    deposit(1n, ETHER, { l1Owner: ownerOf(2) }),
  ],
  ["a deposit to an account of its key without an owner", "returns", deposit(5n, ETHER)],
  ["a deposit beyond what an account holds", "returns", deposit(4n, 1n)],
  ["a deposit of 2 wei where 1 fits", "returns", deposit(6n, 2n)],
  ["a deposit of more than an empty account holds", "returns", deposit(9n, 79228163n * 10n ** 21n)],
  ["the largest deposit", "returns", deposit(9n, 0n, { amount: MOST })],
  ["the largest deposit to a full account", "returns", deposit(4n, 0n, { amount: MOST })],
  ["a deposit beyond the tree, to what the low bits name", "returns", deposit(17n, ETHER, { key: keyOf(1) })],
  ["a deposit beyond the tree, where the low bits name nothing", "returns", deposit(25n, ETHER)],
  ["a deposit beyond the tree, where the low bits name account 0", "returns", deposit(16n, ETHER)],
  ["a deposit to the last index of 16 bits", "returns", deposit(0xffffn, ETHER)],
  ["a deposit to the highest bit alone", "returns", deposit(1n << 15n, ETHER)],
  ["a deposit without a key, where nobody is", "returns", deposit(9n, ETHER, { key: 0n })],
  ["a deposit without a key, where somebody is", "returns", deposit(1n, ETHER, { key: 0n })],
  ["a deposit whose key is the field order: no key", "returns", deposit(9n, ETHER, { key: FIELD })],
  ["a deposit whose key wraps around the field order", "adds", deposit(1n, ETHER, { key: keyOf(1) + FIELD })],
  ["a deposit with the largest key", "opens", deposit(9n, ETHER, { key: (1n << 256n) - 1n })],
  ["a deposit without an owner", "opens", deposit(9n, ETHER, { l1Owner: 0n })],
  ["a deposit without key, owner or amount", "returns", { to: 9n }],

  ["a forced transfer", "moves", force(1n, 2n, ETHER)],
  ["a forced transfer back to a lower index", "moves", force(2n, 1n, ETHER)],
  ["a forced transfer of everything", "moves", force(1n, 3n, 10n * ETHER)],
  ["a forced transfer of nothing, from an empty purse", "moves", force(3n, 1n, 0n)],
  ["a forced transfer of the last wei that fits", "moves", force(1n, 6n, 1n)],
  ["a forced transfer with a key that says nothing", "moves", force(1n, 2n, ETHER, { key: 77n })],
  ["a forced transfer by somebody else", "nothing", force(1n, 2n, ETHER, { l1Owner: ownerOf(2) })],
  ["a forced transfer of a wei too much", "nothing", force(3n, 2n, 1n)],
  ["the largest forced transfer", "nothing", force(1n, 2n, 0n, { amount: MOST })],
  ["the largest forced transfer from a full account", "nothing", force(4n, 2n, 0n, { amount: MOST })],
  ["a forced transfer to nobody's account", "nothing", force(1n, 9n, ETHER)],
  ["a forced transfer that the receiver has no room for", "nothing", force(1n, 4n, 1n)],
  ["a forced transfer of 2 wei where 1 fits", "nothing", force(1n, 6n, 2n)],
  ["a forced transfer to beyond the tree", "nothing", force(1n, 18n, ETHER)],
  ["a forced transfer from beyond the tree", "nothing", force(17n, 2n, ETHER, { l1Owner: ownerOf(1) })],
  ["a forced transfer from and to beyond the tree", "nothing", force(17n, 18n, ETHER, { l1Owner: ownerOf(1) })],
  ["a forced transfer to oneself", "nothing", force(1n, 1n, ETHER)],
  ["a forced transfer to oneself that would overflow before the debit", "nothing", force(4n, 4n, ETHER)],
  ["a forced transfer to oneself under another index", "nothing", force(1n, 17n, ETHER)],
  ["a forced transfer from an account without owner, by owner 0", "nothing", force(5n, 1n, ETHER, { l1Owner: 0n })],
  ["a forced transfer from nobody's account, by owner 0", "nothing", force(9n, 1n, 0n, { l1Owner: 0n })],
  ["a forced transfer by the low bits of an owner that is no address", "nothing", force(7n, 1n, 1n, { l1Owner: 7n })],

  ["a forced exit", "leaves", force(1n, 0n, ETHER)],
  ["a forced exit of everything", "leaves", force(1n, 0n, 10n * ETHER)],
  ["a forced exit of nothing", "leaves", force(3n, 0n, 0n)],
  ["a forced exit with a key that says nothing", "leaves", force(1n, 0n, ETHER, { key: keyOf(1) })],
  ["a forced exit by somebody else", "nothing", force(1n, 0n, ETHER, { l1Owner: ownerOf(2) })],
  ["a forced exit of a wei too much", "nothing", force(3n, 0n, 1n)],
  ["the largest forced exit", "nothing", force(4n, 0n, 0n, { amount: MOST })],
  ["a forced exit from beyond the tree", "nothing", force(17n, 0n, ETHER, { l1Owner: ownerOf(1) })],
  ["a forced exit from an account without owner, by owner 0", "nothing", force(5n, 0n, ETHER, { l1Owner: 0n })],
  ["a forced exit from nobody's account, by owner 0", "nothing", force(9n, 0n, 0n, { l1Owner: 0n })],
  ["a forced exit by the low bits of an owner that is no address", "nothing", force(7n, 0n, 1n, { l1Owner: 7n })],
];

/** What the circuit says that happened. */
async function outcome(operation: TestCircuit, inputs: Inputs) {
  const witness = await operation.witness(inputs);
  expect(operation.broken(witness)).to.equal(0);
  return {
    nextCrown: Array.from({ length: 4 ** CROWN }, (_, i) => operation.read(witness, `nextCrown[${i}]`)),
    executed: operation.read(witness, "executed"),
    exit: operation.read(witness, "exit"),
  };
}

const fingerprint = (inputs: Inputs): string =>
  JSON.stringify(inputs, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value));

describe("IsInTree", () => {
  for (const depth of [1, 2, 7, 8]) {
    it(`tells indexes of a tree of ${4 ** depth} accounts from others`, async () => {
      const isInTree = await loadCircuit(gadget("operation", "IsInTree", depth));
      const count = 4 ** depth;
      for (const index of new Set([0, 1, count - 1, count, count + 1, 2 * count, 2 ** 15, 2 ** 16 - 1])) {
        if (index >= 2 ** 16) continue;
        const witness = await isInTree.witness({
          index: Array.from({ length: 16 }, (_, i) => BigInt((index >> i) & 1)),
        });
        expect(isInTree.broken(witness)).to.equal(0);
        expect(isInTree.read(witness, "out"), `${index}`).to.equal(index < count ? 1n : 0n);
      }
      expect(await choicesAsWritten(gadget("operation", "IsInTree", depth))).to.deep.equal(
        depth < 8 ? ["IsZero.inv"] : [],
      );
    });
  }
});

describe("Operation", () => {
  before(compiling(circuit));

  for (const [name, effect, raw] of CASES) {
    it(`${name}: ${effect}, and no claim gives anything else`, async () => {
      const operation = await circuit();
      const { inputs, nextCrown, executed, exit } = gadgetCase(tree(), rawWords(raw), effect, CROWN);
      const expected = { nextCrown, executed, exit };
      expect(await outcome(operation, inputs)).to.deep.equal(expected);
      const tried = new Set([fingerprint(inputs)]);
      for (const other of EFFECTS) {
        const claimed = gadgetCase(tree(), rawWords(raw), other, CROWN).inputs;
        if (tried.has(fingerprint(claimed))) continue;
        tried.add(fingerprint(claimed));
        const found = await outcome(operation, claimed).catch((error: unknown) => {
          expect(String(error)).to.match(/Assert Failed/);
          return expected;
        });
        expect(found, other).to.deep.equal(expected);
      }
    });
  }

  it("does not let a transfer to oneself seem to apply, even where that would change nothing", async () => {
    const operation = await circuit();
    for (const account of [1n, 4n]) {
      const words = rawWords(force(account, account, ETHER));
      await expectUnprovable(operation, gadgetCase(tree(), words, "moves", CROWN).inputs, "ReplaceInCrown");
      expect(
        operation.read(await operation.witness(gadgetCase(tree(), words, "nothing", CROWN).inputs), "moved"),
      ).to.equal(0n);
    }
  });

  it("does one after the other: opened, moved, emptied, and topped up again", async () => {
    const operation = await circuit();
    const state = tree();
    const steps: [Effect, RawOperation][] = [
      ["opens", deposit(9n, ETHER)],
      ["moves", force(9n, 2n, ETHER / 2n)],
      ["leaves", force(9n, 0n, ETHER / 2n)],
      ["nothing", force(9n, 0n, 1n)],
      ["returns", deposit(9n, 3n, { l1Owner: 1n })],
      ["adds", deposit(9n, 3n)],
    ];
    let at = state;
    for (const [effect, raw] of steps) {
      const { inputs, nextCrown, executed, exit, after } = gadgetCase(at, rawWords(raw), effect, CROWN);
      expect(await outcome(operation, inputs), effect).to.deep.equal({ nextCrown, executed, exit });
      at = after;
    }
    expect(at.account(9)).to.deep.equal({ key: keyOf(9), balance: 3n, nonce: 0n, l1Owner: ownerOf(9) });
  });

  it("leaves no signal free but inverses of 0, which nothing else uses", async () => {
    const operation = await circuit();
    for (const [effect, raw] of [
      ["opens", deposit(9n, ETHER)],
      ["moves", force(1n, 2n, ETHER)],
      ["leaves", force(1n, 0n, ETHER)],
      ["returns", deposit(25n, ETHER)],
      ["nothing", force(1n, 2n, ETHER, { l1Owner: ownerOf(2) })],
    ] as const) {
      const witness = await operation.witness(gadgetCase(tree(), rawWords(raw), effect, CROWN).inputs);
      for (const signal of choosableSignals(operation, witness).map((name) => name.slice("main.".length))) {
        expect(signal, effect).to.match(/IsZero_\d+_\d+\.inv$/);
        expect(witness[operation.wire(signal.replace(/inv$/, "out"))] ?? 1n, signal).to.equal(1n);
      }
    }
  });

  it("leaves the prover no choice: words and accounts determine everything but hints, for any of them", async () => {
    const hints = ["IsInTree.IsZero.inv", "IsInTree.IsZero.inv", ...Array<string>(10).fill("IsZero.inv")];
    expect(await choicesAsWritten(instance)).to.deep.equal(hints);
  });

  it("refuses to take a hint for a condition", async () => {
    const operation = await circuit();
    const words = rawWords(force(1n, 2n, 11n * ETHER, { l1Owner: ownerOf(2) }));
    const witness = await operation.witness(gadgetCase(tree(), words, "nothing", CROWN).inputs);
    const flip = (edits: Record<string, bigint>) => operation.broken(operation.edit(witness, edits));
    // 0 as an inverse makes any number look like 0.
    for (const inverse of operation.signals(/IsZero_\d+_\d+\.inv$/)) {
      if (operation.read(witness, inverse) !== 0n) expect(flip({ [inverse]: 0n }), inverse).to.be.greaterThan(0);
    }
    // The sign of a difference is its highest bit, which the lowest could take over.
    const lowest = operation.signals(/AtLeast_\d+_\d+\.bits\[0\]$/);
    for (const [i, sign] of ["covered", "holds"].entries()) {
      const bit = operation.read(witness, lowest[i]!);
      const carried = bit + (operation.read(witness, sign) === 1n ? 1n : -1n) * (1n << 131n);
      expect(flip({ [sign]: 1n - operation.read(witness, sign), [lowest[i]!]: carried }), sign).to.be.greaterThan(0);
    }
    for (const decision of [
      "covered",
      "isOwner",
      "authorized",
      "payable",
      "takeable",
      "paying",
      "moved",
      "left",
      "executed",
    ]) {
      expect(flip({ [decision]: 1n - operation.read(witness, decision) }), decision).to.be.greaterThan(0);
    }
  });

  it("refuses words beyond 240 bits", async () => {
    const operation = await circuit();
    const { inputs } = gadgetCase(tree(), rawWords(force(1n, 2n, ETHER)), "moves", CROWN);
    for (const word of ["word0", "word1"]) {
      for (const value of [(inputs[word] as bigint) + (1n << 240n), FIELD - 1n]) {
        await expectUnprovable(operation, { ...inputs, [word]: value }, "Num2Bits");
      }
    }
  });

  it("refuses bits that flow from one field into the next", async () => {
    const operation = await circuit();
    const { inputs } = gadgetCase(tree(), rawWords(force(1n, 2n, ETHER, { key: 1n << 255n })), "moves", CROWN);
    const witness = await operation.witness(inputs);
    // The lowest bit of a field taken as twice the highest of the one below.
    for (const [high, low] of [
      [16, 15],
      [176, 175],
      [208, 207],
      [224, 223],
    ] as const) {
      const bit = operation.read(witness, `wordBits[0][${high}]`);
      const below = operation.read(witness, `wordBits[0][${low}]`);
      const forged = operation.edit(witness, {
        [`wordBits[0][${high}]`]: 1n - bit,
        [`wordBits[0][${low}]`]: below + (bit === 1n ? 2n : -2n),
      });
      expect(operation.broken(forged), `bit ${high}`).to.be.greaterThan(0);
    }
  });
});
