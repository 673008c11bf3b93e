import { expect } from "chai";
import fc from "fast-check";
import {
  accountKeyOf,
  encodeOperations,
  type Operation,
  type PackedOperation,
  packExit,
  packOperation,
  type SignedTransfer,
} from "../../src/protocol/index.ts";
import {
  type Account,
  accountLeaf,
  EMPTY_ACCOUNT,
  executeBlock,
  executeOperation,
  replayBlock,
  rootOfPath,
  fillBlock,
  State,
} from "../../src/state/index.ts";
import {
  deposit,
  ETHER,
  forcedExit,
  forcedTransfer,
  GENESIS,
  genesisState,
  operationsOf,
  PROFILE,
  RULES,
  transfer,
  userSecret,
} from "./fixtures.ts";
import { genesisWith, HUGE, MOST, OPERATION_CASES } from "./operationCases.ts";

interface Outcome {
  readonly state: State;
  readonly exit: bigint;
}

function execute(operation: PackedOperation, before = genesisState()): Outcome {
  const state = before.fork();
  const { exit } = executeOperation(state, operation);
  return { state, exit };
}

/** The packed exit of an operation's whole amount to its l1Owner. */
const exitOf = ([high]: PackedOperation): bigint =>
  (((high >> 176n) & 0xffff_ffffn) << 160n) | BigInt.asUintN(160, high >> 16n);

for (const [kind, cases] of Object.entries(OPERATION_CASES)) {
  describe(kind, () => {
    for (const { name, operation, effect, before } of cases) {
      it(`${name}: ${effect}`, () => {
        const { state, exit } = execute(operation, before);
        expect(state.account(0)).to.deep.equal(EMPTY_ACCOUNT);
        if (effect === "applies") return expect(state.root).to.not.equal(before.root);
        expect(state.root).to.equal(before.root);
        return expect(exit).to.equal(effect === "exits" ? exitOf(operation) : 0n);
      });
    }
  });
}

describe("operations that apply", () => {
  it("deposits open an account with key, amount and owner", () => {
    const { state, exit } = execute(deposit(9, { l1Owner: 77n }));
    expect(state.account(9)).to.deep.equal({
      key: accountKeyOf(userSecret(9)),
      balance: ETHER,
      nonce: 0n,
      l1Owner: 77n,
    });
    expect(exit).to.equal(0n);
  });

  it("deposits pay into an account with the same key and owner, whoever pays, and change nothing else of it", () => {
    const before = genesisWith({ 2: { nonce: 5n } });
    const { state, exit } = execute(deposit(2), before);
    expect(state.account(2)).to.deep.equal({ ...before.account(2), balance: 101n * ETHER });
    expect(exit).to.equal(0n);
  });

  it("deposits find no room in a full tree but for accounts that are there", () => {
    const full = State.ofGenesis({ accountDepth: 1, accounts: GENESIS.accounts.slice(0, 3) });
    expect([1, 2, 3].map((to) => execute(deposit(to), full).exit)).to.deep.equal([0n, 0n, 0n]);
    for (const to of [4, 5, 16]) {
      const { state, exit } = execute(deposit(to), full);
      expect([state.root, exit]).to.deep.equal([full.root, packExit({ l1Owner: BigInt(to), amount: ETHER })]);
    }
  });

  it("forced transfers move the amount, without a fee or a nonce", () => {
    const { state, exit } = execute(forcedTransfer(1, 2));
    expect(state.account(1)).to.deep.equal({ ...GENESIS.accounts[0]!, balance: 99n * ETHER });
    expect(state.account(2)).to.deep.equal({ ...GENESIS.accounts[1]!, balance: 101n * ETHER });
    expect(exit).to.equal(0n);
  });

  it("forced exits take the amount out, without a fee or a nonce, and leave the account its owner's", () => {
    for (const amount of [ETHER, 100n * ETHER]) {
      const { state, exit } = execute(forcedExit(1, { amount }));
      expect(state.account(1)).to.deep.equal({ ...GENESIS.accounts[0]!, balance: 100n * ETHER - amount });
      expect(exit).to.equal(packExit({ l1Owner: 1n, amount }));
    }
  });

  it("go to the last wei, and fill an account", () => {
    const before = genesisWith({ 1: { balance: ETHER }, 2: { balance: MOST - ETHER } });
    const { state } = execute(forcedTransfer(1, 2), before);
    expect([state.account(1).balance, state.account(2).balance]).to.deep.equal([0n, MOST]);
    expect(execute(deposit(2), before).state.account(2).balance).to.equal(MOST);
  });
});

describe("operation nodes", () => {
  const operations = [deposit(6), forcedTransfer(6, 1, { l1Owner: 6n }), forcedExit(2)];

  it("come first and take what they need, unused places 0", () => {
    const { bases, data, l1OpCount, exits } = executeBlock(genesisState(), operations, [transfer(3, 4, 0)], RULES);
    expect(bases.map(({ kind }) => kind)).to.deep.equal(["operations", "operations", "transfers", "transfers"]);
    expect(bases.map((base) => base.l1OpCount)).to.deep.equal([2n, 1n, 0n, 0n]);
    expect(bases.map(({ txCount }) => txCount)).to.deep.equal([0n, 0n, 1n, 0n]);
    expect(bases[1]!.elements).to.deep.equal([...operations[2]!, 0n, 0n, 0n]);
    expect(bases[1]!.exits).to.deep.equal([packExit({ l1Owner: 2n, amount: ETHER }), 0n]);
    expect([l1OpCount, exits.map(({ position }) => position)]).to.deep.equal([3, [65_536]]);
    expect(data.operations).to.equal(encodeOperations(operations));
    expect(data.elements).to.deep.equal(bases[2]!.elements.slice(0, 3));
    for (let i = 1; i < bases.length; i++) expect(bases[i]!.prevStateRoot).to.equal(bases[i - 1]!.nextStateRoot);
  });

  it("refuse words that are no operation", () => {
    expect(() => executeBlock(genesisState(), [[0n, 5n]], [], RULES)).to.throw("expected one with a first word");
  });

  it("refuse more operations than a block has places", () => {
    const many = Array.from({ length: 9 }, () => forcedExit(1));
    expect(() => executeBlock(genesisState(), many, [], RULES)).to.throw("l1OpCount is 9, expected 0 to 8");
    expect(executeBlock(genesisState(), many.slice(1), [], RULES).state.account(1).balance).to.equal(92n * ETHER);
  });

  it("trace what each root follows from, with indexes reduced to the tree", () => {
    const six = { key: accountKeyOf(userSecret(6)), l1Owner: 6n };
    // The operation, the accounts that it walks past, what it takes from the first and what it makes of the second.
    const steps: [PackedOperation, number, number, bigint, (receiver: Account) => Partial<Account>][] = [
      [deposit(6), 0, 6, 0n, ({ balance }) => ({ ...six, balance: balance + ETHER })],
      [forcedTransfer(6, 1), 6, 1, ETHER, ({ balance }) => ({ balance: balance + ETHER })],
      [forcedExit(2), 2, 0, ETHER, () => ({})],
      [forcedTransfer(1, 258), 1, 2, 0n, () => ({})],
      [forcedExit(513, { l1Owner: 1n }), 1, 0, 0n, () => ({})],
      [deposit(65_535), 0, 255, 0n, () => ({})],
      [forcedTransfer(1, 1), 1, 1, 0n, () => ({})],
    ];
    const { bases, state } = executeBlock(
      genesisState(),
      steps.map(([operation]) => operation),
      [],
      RULES,
    );
    const traces = bases.flatMap(operationsOf);
    let { root } = genesisState();
    steps.forEach(([words, from, to, taken, change], i) => {
      const { sender, senderPath, receiver, receiverPath, ...trace } = traces[i]!;
      expect(trace.words).to.deep.equal(words);
      expect(rootOfPath(from, accountLeaf(sender), senderPath)).to.equal(root);
      root = rootOfPath(from, accountLeaf({ ...sender, balance: sender.balance - taken }), senderPath);
      expect(rootOfPath(to, accountLeaf(receiver), receiverPath)).to.equal(root);
      root = rootOfPath(to, accountLeaf({ ...receiver, ...change(receiver) }), receiverPath);
    });
    expect(root).to.equal(state.root);
    const { words, sender, senderPath, receiver, receiverPath } = traces[7]!;
    expect([words, sender, receiver]).to.deep.equal([[0n, 0n], EMPTY_ACCOUNT, EMPTY_ACCOUNT]);
    expect([senderPath, receiverPath]).to.deep.equal([state.path(0), state.path(0)]);
    for (const base of bases) expect([base.crownDepth, base.crown.length]).to.deep.equal([1, 4]);
  });
});

const SEED = 52;
const INDEXES = [0, 1, 2, 3, 4, 5, 6, 7, 255, 256, 257, 258, 65_535];
const AMOUNTS = [0n, 1n, ETHER, 60n * ETHER, 100n * ETHER, 5n * 10n ** 28n, HUGE];

describe(`blocks of anything (seed ${SEED})`, () => {
  const index = fc.constantFrom(...INDEXES);
  const amount = fc.constantFrom(...AMOUNTS);
  const l1Owner = fc.constantFrom(1n, 2n, 3n, 6n, 2n ** 160n - 1n);
  const key = fc.constantFrom(...[1, 2, 6, 7].map((user) => accountKeyOf(userSecret(user))));
  const some = fc.integer({ min: 1, max: INDEXES.length - 1 }).map((i) => INDEXES[i]!);
  const operation: fc.Arbitrary<Operation> = fc.oneof(
    fc.record({ from: fc.constant(0), to: some, amount, l1Owner, key }),
    fc.record({ from: some, to: index, amount, l1Owner, key: fc.constant(0n) }),
  );
  const payment = fc.tuple(
    fc.integer({ min: 1, max: 7 }),
    fc.integer({ min: 0, max: 7 }),
    fc.constantFrom(...AMOUNTS.slice(0, 5)),
  );
  const block = fc.tuple(fc.array(operation, { maxLength: 8 }), fc.array(payment, { maxLength: 6 }));

  const supply = (state: State): bigint =>
    Array.from({ length: 256 }, (_, i) => state.account(i).balance).reduce((sum, one) => sum + one);

  const seen = { exits: 0, transfers: 0, changed: 0 };

  /** Executes operations and whatever of the payments can be, and checks the block. */
  function step(
    before: State,
    operations: readonly PackedOperation[],
    payments: readonly (readonly [number, number, bigint])[],
  ): State {
    const nonces = new Map<number, number>();
    const pool = payments.map(([from, to, value]): SignedTransfer => {
      const sent = nonces.get(from) ?? Number(before.account(from).nonce);
      nonces.set(from, sent + 1);
      return transfer(from, to, sent, { amount: value });
    });
    const { executed, transfers } = fillBlock(before, operations, pool, RULES);
    const { state, data, exits, bases } = executed;

    const replayed = replayBlock(before, PROFILE, data, state.root);
    expect(replayed.exits).to.deep.equal(exits);
    expect(replayed.state.root).to.equal(state.root);
    expect(state.account(0)).to.deep.equal(EMPTY_ACCOUNT);

    seen.exits += exits.length;
    seen.transfers += transfers.length;
    if (operations.length > 0 && state.root !== before.root) seen.changed++;
    const deposited = operations.reduce((sum, [high]) => (high >> 224n === 0n ? sum + amountOf(high) : sum), 0n);
    const taken = exits.reduce((sum, exit) => sum + exit.amount, 0n) + bases.reduce((sum, { fees }) => sum + fees, 0n);
    expect(supply(state) + taken).to.equal(supply(before) + deposited);
    return state;
  }

  it("replay to what was executed and neither make nor lose a wei", () => {
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 4 }), (blocks) => {
        blocks.reduce(
          (state, [operations, payments]) => step(state, operations.map(packOperation), payments),
          genesisState(),
        );
      }),
      { seed: SEED, numRuns: 40 },
    );
    for (const [what, count] of Object.entries(seen))
      expect(count, `too few to mean anything: ${what}`).to.be.greaterThan(40);
  });
});

/** Wei of a first word, whatever its encoding. */
function amountOf(high: bigint): bigint {
  return ((high >> 181n) & (2n ** 27n - 1n)) * 10n ** ((high >> 176n) & 31n);
}
