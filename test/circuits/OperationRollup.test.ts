import { expect } from "chai";
import {
  AMOUNT_MANTISSA_BITS,
  baseContent,
  type Content,
  contentHash,
  encodeFloat,
  evaluate,
  elementsPerBase,
  exitsPerBase,
  FIELD,
  hashMany,
  keyOf,
  nodeNumber,
  operationElements,
  packExit,
  type PackedOperation,
  type Profile,
  SUBGROUP_ORDER,
  TAG,
  vrfBeta,
  withdrawalsRootOf,
} from "../../src/protocol/index.ts";
import { crownDepths } from "../../src/proving/crownDepth.ts";
import { accountBus, operationInput } from "../../src/proving/inputs.ts";
import { type Account, executeBlock, State } from "../../src/state/index.ts";
import { Random } from "../../src/sim/random.ts";
import { choicesAsWritten } from "./support/asWritten.ts";
import { choosableSignals } from "./support/choosable.ts";
import { expectPublicInputsBound } from "./support/expectBound.ts";
import { expectUnprovable } from "./support/expectUnprovable.ts";
import { DOMAIN, PROPOSAL, prover, SEED, WORKER } from "./support/forest.ts";
import { type RawOperation, rawWords } from "./support/operations.ts";
import { compiling, type Inputs, loadCircuit, mainInstance } from "./support/testCircuit.ts";

const ETHER = 10n ** 18n;
const MAX_BALANCE = (1n << 96n) - 1n;
const Z = 2n ** 248n - 31415926535n;

/** One operation a node; a list of two exits. */
const ONE: Profile = { name: "one", arity: 2, levels: 1, accountDepth: 2, transfersPerBase: 2, operationsPerBase: 1 };
const FOUR: Profile = { ...ONE, name: "four", operationsPerBase: 4 };

const ownerOf = (index: number): bigint => (1n << 160n) - BigInt(index);
const keyAt = (index: number): bigint => FIELD - BigInt(index);

const ACCOUNTS: readonly Account[] = [1, 2, 3, 4].map((index) => ({
  key: keyAt(index),
  balance: index === 4 ? MAX_BALANCE : 10n * ETHER,
  nonce: BigInt(index),
  l1Owner: ownerOf(index),
}));

const genesis = (): State => State.ofGenesis({ accountDepth: ONE.accountDepth, accounts: ACCOUNTS });

const wei = (amount: bigint): bigint => encodeFloat(amount, AMOUNT_MANTISSA_BITS);
const deposit = (to: number, amount = ETHER, change: RawOperation = {}): PackedOperation =>
  rawWords({ to: BigInt(to), amount: wei(amount), l1Owner: ownerOf(to), key: keyAt(to), ...change });
const force = (from: number, to: number, amount = ETHER, change: RawOperation = {}): PackedOperation =>
  rawWords({ from: BigInt(from), to: BigInt(to), amount: wei(amount), l1Owner: ownerOf(from), ...change });

/** Inputs of the first base node of a block, its content, and the state after it. */
function node(profile: Profile, operations: readonly PackedOperation[], before = genesis()) {
  const { bases, state } = executeBlock(before, operations, [], { profile, domain: DOMAIN, ...crownDepths(profile) });
  const trace = bases[0]!;
  if (trace.kind !== "operations") throw new Error("the first node of a block with operations has some");
  const content = baseContent(profile.levels, trace, Z);
  const statement = {
    content: contentHash(content),
    domain: DOMAIN,
    z: Z,
    proposalId: PROPOSAL,
    node: nodeNumber({ depth: 1, index: 0 }),
    workerKey: keyOf(WORKER),
    roundSeed: SEED,
    beta: vrfBeta(WORKER, SEED),
  };
  return { inputs: operationInput(statement, trace, WORKER), content, state };
}

/** The inputs with what another content says. */
const claiming = (inputs: Inputs, content: Content, change: Partial<Content>): Inputs => ({
  ...inputs,
  content: contentHash({ ...content, ...change }),
});

const instanceOf = (profile: Profile) => {
  const { arity, levels, accountDepth, operationsPerBase } = profile;
  const { operationCrownDepth } = crownDepths(profile);
  return mainInstance(
    "OperationRollup",
    arity,
    levels,
    accountDepth,
    operationCrownDepth,
    elementsPerBase(profile),
    operationsPerBase,
    exitsPerBase(profile),
  );
};
const one = () => loadCircuit(instanceOf(ONE));
const four = () => loadCircuit(instanceOf(FOUR));

describe("OperationRollup, for all inputs", () => {
  it("leaves the prover no choice but hints", async () => {
    expect(await choicesAsWritten(instanceOf(ONE), ["content", "workerKey", "beta"])).to.deep.equal([
      ...Array<string>(2).fill("step[0].IsInTree.IsZero.inv"),
      ...Array<string>(10).fill("step[0].IsZero.inv"),
    ]);
  });
});

describe("OperationRollup", () => {
  before(compiling(one));

  it("executes a deposit, and leaves no signal free but inverses of 0", async () => {
    const circuit = await one();
    const { inputs, content, state } = node(ONE, [deposit(9)]);
    const witness = await circuit.witness(inputs);
    expectPublicInputsBound(circuit, witness);
    for (const signal of choosableSignals(circuit, witness))
      expect(signal).to.match(/^main\.step\[0\]\.(IsInTree_\d+_\d+\.)?IsZero_\d+_\d+\.inv$/);
    expect(state.account(9)).to.deep.equal({ key: keyAt(9), balance: ETHER, nonce: 0n, l1Owner: ownerOf(9) });
    expect(content).to.include({
      l1OpCount: 1n,
      txCount: 0n,
      fees: 0n,
      withdrawalsRoot: withdrawalsRootOf([0n, 0n]),
      proversRoot: 0n,
    });
    expect(content.txsRoot).to.equal(hashMany(TAG.txs, operationElements(ONE, [deposit(9)])));
  });

  it("refuses a content with any other field", async () => {
    const circuit = await one();
    const { inputs, content } = node(ONE, [deposit(9)]);
    for (const [name, value] of Object.entries<bigint | number>({ ...content })) {
      const wrong = { [name]: typeof value === "bigint" ? value + 1n : value + 1 };
      await expectUnprovable(circuit, claiming(inputs, content, wrong), "BaseCore");
    }
  });

  it("refuses to skip an operation that applies, and to apply one that does not", async () => {
    const circuit = await one();
    for (const operation of [deposit(9), deposit(1), force(1, 2), force(1, 0)]) {
      const { inputs, content } = node(ONE, [operation]);
      const skipped = { nextStateRoot: content.prevStateRoot };
      await expectUnprovable(circuit, claiming(inputs, content, skipped), "BaseCore");
      await expectUnprovable(
        circuit,
        claiming(inputs, content, { ...skipped, withdrawalsRoot: withdrawalsRootOf([0n, 0n]) }),
        "BaseCore",
      );
      await expectUnprovable(circuit, claiming(inputs, content, { ...skipped, l1OpCount: 0n }), "BaseCore");
      const exit = packExit({ l1Owner: ownerOf(9), amount: ETHER });
      await expectUnprovable(
        circuit,
        claiming(inputs, content, { ...skipped, withdrawalsRoot: withdrawalsRootOf([exit, 0n]) }),
        "BaseCore",
      );
    }
    // By somebody else, for too much, to nobody: what it would have led to is the content of one that applies.
    for (const [bad, good] of [
      [force(1, 2, ETHER, { l1Owner: ownerOf(2) }), force(1, 2)],
      [force(1, 0, ETHER, { l1Owner: ownerOf(2) }), force(1, 0)],
      [deposit(1, ETHER, { key: keyAt(2) }), deposit(1)],
    ] as const) {
      const { inputs, content } = node(ONE, [bad]);
      const { nextStateRoot, withdrawalsRoot } = node(ONE, [good]).content;
      await expectUnprovable(circuit, claiming(inputs, content, { nextStateRoot }), "BaseCore");
      await expectUnprovable(circuit, claiming(inputs, content, { nextStateRoot, withdrawalsRoot }), "BaseCore");
    }
  });

  it("refuses to prove one operation as another, or as none", async () => {
    const circuit = await one();
    const { inputs } = node(ONE, [deposit(9)]);
    const [high, low] = deposit(9);
    // Another key (low or high part), owner, exponent, mantissa, sender or receiver.
    for (const [word0, word1] of [
      [high, low + 1n],
      [high + 1n, low],
      [high + (1n << 16n), low],
      [high + (1n << 176n), low],
      [high - (1n << 181n), low],
      [high + (16n << 224n), low],
      [high + (1n << 208n), low],
    ]) {
      await expectUnprovable(circuit, { ...inputs, word0: [word0!], word1: [word1!] }, "BaseCore");
    }
    const { inputs: idle, content } = node(ONE, [rawWords({ l1Owner: 1n })]);
    for (const [word0, word1] of [
      [0n, 0n],
      [0n, 1n << 16n],
    ]) {
      const nothing = { ...idle, word0: [word0!], word1: [word1!] };
      await expectUnprovable(circuit, nothing, "BaseCore");
      const elements = operationElements(ONE, [[word0!, word1!]]);
      const txsRoot = hashMany(TAG.txs, elements);
      const dataEval = evaluate(elements, Z);
      await expectUnprovable(circuit, claiming(nothing, content, { txsRoot, dataEval }), "BaseCore");
      expect(
        circuit.broken(await circuit.witness(claiming(nothing, content, { txsRoot, dataEval, l1OpCount: 0n }))),
      ).to.equal(0);
    }
  });

  it("refuses words or a coefficient behind those of its operations", async () => {
    const circuit = await one();
    const { inputs, content } = node(ONE, [deposit(9)]);
    const elements = operationElements(ONE, [deposit(9)]);
    expect(elements).to.have.length(5);
    for (const at of [2, 3, 4]) {
      const other = elements.with(at, 1n);
      const change = { txsRoot: hashMany(TAG.txs, other), dataEval: evaluate(other, Z) };
      await expectUnprovable(circuit, claiming(inputs, content, change), "BaseCore");
    }
  });

  it("refuses exits that are forged, moved, left out or made up", async () => {
    const circuit = await one();
    const exit = packExit({ l1Owner: ownerOf(1), amount: ETHER });
    const refusedDeposit = deposit(1, ETHER, { key: keyAt(2) });
    for (const [operation, lists] of [
      [force(1, 0), [[0n, exit], [exit], [exit, exit], [exit - 1n, 0n], [exit + (1n << 160n), 0n], [0n, 0n]]],
      [
        refusedDeposit,
        [
          [0n, exit],
          [exit + 1n, 0n],
          [0n, 0n],
        ],
      ],
      [deposit(9), [[exit, 0n]]],
      [
        force(1, 2),
        [
          [exit, 0n],
          [0n, exit],
        ],
      ],
    ] as const) {
      const { inputs, content } = node(ONE, [operation]);
      for (const list of lists) {
        await expectUnprovable(
          circuit,
          claiming(inputs, content, { withdrawalsRoot: withdrawalsRootOf(list) }),
          "BaseCore",
        );
      }
    }
  });

  it("refuses accounts that are not in the state, and a receiver from before the sender's update", async () => {
    const circuit = await one();
    const { inputs } = node(ONE, [force(1, 2)]);
    for (const [role, account] of Object.entries({ sender: ACCOUNTS[0]!, receiver: ACCOUNTS[1]! })) {
      for (const field of ["key", "balance", "nonce", "l1Owner"] as const) {
        const other = accountBus({ ...account, [field]: account[field] - 1n });
        await expectUnprovable(circuit, { ...inputs, [role]: [other] }, "ReplaceInSubtree");
      }
    }
    await expectUnprovable(circuit, { ...inputs, receiverChildren: inputs.senderChildren! }, "ReplaceInCrown");
    const elsewhere = State.ofGenesis({
      accountDepth: 2,
      accounts: ACCOUNTS.map((account) => ({ ...account, nonce: 77n })),
    });
    const other = node(ONE, [force(1, 2)], elsewhere).inputs;
    await expectUnprovable(circuit, { ...other, crown: inputs.crown! }, "ReplaceInCrown");
    await expectUnprovable(circuit, { ...other, content: inputs.content! }, "BaseCore");
  });

  it("refuses elements evaluated elsewhere, nodes where no base node is, other workers", async () => {
    const circuit = await one();
    const { inputs } = node(ONE, [deposit(9)]);
    await expectUnprovable(circuit, { ...inputs, z: Z + 1n }, "BaseCore");
    for (const [depth, index] of [
      [0, 0],
      [2, 0],
      [1, 2],
    ] as const) {
      await expectUnprovable(circuit, { ...inputs, node: nodeNumber({ depth, index }) }, "NodePosition");
    }
    await expectUnprovable(circuit, { ...inputs, workerKey: keyOf(prover(0)) }, "BaseCore");
    await expectUnprovable(circuit, { ...inputs, beta: 0n }, "BaseCore");
    await expectUnprovable(circuit, { ...inputs, secret: WORKER + SUBGROUP_ORDER }, "TightBits");
    await expectUnprovable(circuit, { ...inputs, secret: 0n }, "KeyOfSecret");
  });

  describe("with four places", () => {
    before(compiling(four));

    it("executes several, one on the other, with exits at the places that caused them", async () => {
      const circuit = await four();
      const operations = [deposit(9), force(9, 0, ETHER / 2n), force(9, 1, ETHER), deposit(4)];
      const { inputs, content, state } = node(FOUR, operations);
      expectPublicInputsBound(circuit, await circuit.witness(inputs));
      const exits = [
        0n,
        packExit({ l1Owner: ownerOf(9), amount: ETHER / 2n }),
        0n,
        packExit({ l1Owner: ownerOf(4), amount: ETHER }),
      ];
      expect(content).to.include({ l1OpCount: 4n, withdrawalsRoot: withdrawalsRootOf(exits) });
      expect([9, 1].map((index) => state.account(index).balance)).to.deep.equal([ETHER / 2n, 10n * ETHER]);
    });

    it("leaves places unused, and counts what was posted whether it applies or not", async () => {
      const circuit = await four();
      const { inputs, content, state } = node(FOUR, [force(1, 9), force(1, 2, 11n * ETHER)]);
      expect(circuit.broken(await circuit.witness(inputs))).to.equal(0);
      expect([content.l1OpCount, content.nextStateRoot]).to.deep.equal([2n, content.prevStateRoot]);
      expect(state.root).to.equal(genesis().root);
    });

    it("agrees with the executor on anything that could be posted, malformed words included", async () => {
      const circuit = await four();
      const random = new Random("operations");
      const pick = <T>(...values: readonly T[]): T => values[random.index(values.length)]!;
      const index = (): bigint => BigInt(pick(0, 0, 1, 2, 3, 4, 9, 10, 15, 17, 25, 0xffff));
      const seen = { moved: 0, left: 0, unchanged: 0 };
      for (let i = 0, state = genesis(); i < 24; i++) {
        const operations = Array.from({ length: 4 }, () =>
          rawWords({
            from: index(),
            to: index(),
            amount: pick(0n, 1n << 5n, wei(ETHER), wei(3n * ETHER), (1n << 32n) - 1n, (79228162n << 5n) | 21n),
            l1Owner: pick(...[1, 2, 3, 4, 9, 10].map(ownerOf), 0n),
            key: pick(...[1, 2, 3, 4, 9, 10].map(keyAt), 0n, FIELD, keyAt(9) + FIELD, (1n << 256n) - 1n),
          }),
        ).filter(([high]) => high !== 0n);
        if (operations.length === 0) continue;
        const { inputs, content, state: after } = node(FOUR, operations, state);
        await circuit.witness(inputs);
        if (after.root !== state.root) seen.moved++;
        else seen.unchanged++;
        if (content.withdrawalsRoot !== withdrawalsRootOf([0n, 0n, 0n, 0n])) seen.left++;
        state = after;
      }
      for (const count of Object.values(seen)) expect(count).to.be.greaterThan(3);
    });
  });
});
