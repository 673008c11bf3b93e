import { expect } from "chai";
import {
  accountKeyOf,
  baseContent,
  BLOB_FIELD,
  compress,
  type Content,
  contentElements,
  contentHash,
  elementsPerBase,
  evaluate,
  exitsPerBase,
  FIELD,
  hashMany,
  keyOf,
  nodeNumber,
  packExit,
  packTransfer,
  poseidon,
  type Profile,
  publicKey,
  secretKeyFromSeed,
  sign,
  SUBGROUP_ORDER,
  TAG,
  type Transfer,
  transferMessage,
  vrfBeta,
  withdrawalsRootOf,
} from "../../src/protocol/index.ts";
import { crownDepths } from "../../src/proving/crownDepth.ts";
import { accountBus, baseInput, signatureBus } from "../../src/proving/inputs.ts";
import { type Account, accountLeaf, EMPTY_ACCOUNT, executeBlock, State } from "../../src/state/index.ts";
import { signTransfer, type SignedTransfer } from "../../src/protocol/index.ts";
import { choicesAsWritten } from "./support/asWritten.ts";
import { choosableSignals } from "./support/choosable.ts";
import { expectPublicInputsBound } from "./support/expectBound.ts";
import { expectUnprovable } from "./support/expectUnprovable.ts";
import { DOMAIN, PROPOSAL, prover, SEED, WORKER } from "./support/forest.ts";
import { PlainTree } from "./support/plainTree.ts";
import { add, LOW_ORDER } from "./support/points.ts";
import { compiling, type Inputs, loadCircuit, mainInstance } from "./support/testCircuit.ts";

const ETHER = 10n ** 18n;
const MAX_BALANCE = (1n << 96n) - 1n;
const Z = 2n ** 248n - 31415926535n;

/** One transfer a node: 16 accounts, four of them in use; a list of two exits. */
const ONE: Profile = { name: "one", arity: 2, levels: 1, accountDepth: 2, transfersPerBase: 1, operationsPerBase: 2 };
/** Four transfers a node make two words. */
const FOUR: Profile = { ...ONE, name: "four", transfersPerBase: 4 };

const user = (index: number) => secretKeyFromSeed(`user ${index}`);

const ACCOUNTS: readonly Account[] = [1, 2, 3, 4].map((index) => ({
  key: accountKeyOf(user(index)),
  balance: index === 4 ? MAX_BALANCE : 10n * ETHER,
  nonce: BigInt(index),
  l1Owner: BigInt(index),
}));

const genesis = (accounts = ACCOUNTS): State => State.ofGenesis({ accountDepth: ONE.accountDepth, accounts });

function signed(
  from: number,
  to: number,
  nonce: bigint,
  change: Partial<Transfer> = {},
  domain = DOMAIN,
): SignedTransfer {
  return signTransfer(user(from), domain, { from, to, amount: ETHER, fee: ETHER / 100n, ...change }, nonce);
}

/** Inputs of a base node of the first block, and its content. */
function base(
  profile: Profile,
  transfers: readonly SignedTransfer[],
  state = genesis(),
): { inputs: Inputs; content: Content; elements: readonly bigint[] } {
  const trace = executeBlock(state, [], transfers, { profile, domain: DOMAIN, ...crownDepths(profile) }).bases[0]!;
  if (trace.kind !== "transfers") throw new Error("a block without operations has none");
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
  return { inputs: baseInput(statement, trace, WORKER), content, elements: trace.elements };
}

const instanceOf = (profile: Profile) => {
  const { arity, levels, accountDepth, transfersPerBase } = profile;
  const { crownDepth } = crownDepths(profile);
  return mainInstance(
    "BaseRollup",
    arity,
    levels,
    accountDepth,
    crownDepth,
    elementsPerBase(profile),
    transfersPerBase,
    exitsPerBase(profile),
  );
};
const one = () => loadCircuit(instanceOf(ONE));
const four = () => loadCircuit(instanceOf(FOUR));

/** The inputs with another packed transfer, signed by the sender over what is claimed. */
function repacked(inputs: Inputs, packed: bigint, secret = user(1), nonce = 1n): Inputs {
  const { r8, s } = sign(secret, poseidon([TAG.transfer, DOMAIN, packed, nonce]));
  return { ...inputs, transfer: [packed], signature: [signatureBus({ r8, s })] };
}

/** The inputs with a content of other elements, which their txsRoot and their evaluation agree on. */
function publishing({ inputs, content }: ReturnType<typeof base>, elements: readonly bigint[]): Inputs {
  const txsRoot = hashMany(
    TAG.txs,
    elements.map((element) => element % FIELD),
  );
  return { ...inputs, content: contentHash({ ...content, txsRoot, dataEval: evaluate(elements, Z) }) };
}

const honest = (): Inputs => base(ONE, [signed(1, 2, 1n)]).inputs;

describe("BaseRollup, for all inputs", () => {
  it("leaves the prover no choice but hints", async () => {
    expect(await choicesAsWritten(instanceOf(ONE), ["content", "workerKey", "beta"])).to.deep.equal([
      "step[0].fromInverse",
      "step[0].nobody.inv",
      "step[0].noop.inv",
      "step[0].ownerInverse",
      "step[0].receiverInverse",
    ]);
  });
});

describe("BaseRollup", () => {
  before(compiling(one));

  it("executes a transfer, and leaves no signal free", async () => {
    const circuit = await one();
    const witness = await circuit.witness(honest());
    expectPublicInputsBound(circuit, witness);
    expect(choosableSignals(circuit, witness)).to.deep.equal([]);
  });

  it("executes nothing: a no-op needs no signature and changes no state", async () => {
    const circuit = await one();
    const { inputs, content } = base(ONE, []);
    expect([content.nextStateRoot, content.txCount, content.fees]).to.deep.equal([content.prevStateRoot, 0n, 0n]);
    const garbage = {
      signerX: [5n],
      signature: [signatureBus({ r8: { x: 0n, y: 0n }, s: FIELD - 1n })],
    };
    expect(circuit.broken(await circuit.witness({ ...inputs, ...garbage }))).to.equal(0);
  });

  it("empties an account and fills one to the last wei that fits", async () => {
    const circuit = await one();
    const all = base(ONE, [signed(1, 2, 1n, { amount: 99n * (ETHER / 10n), fee: ETHER / 10n })]).inputs;
    expect(circuit.broken(await circuit.witness(all))).to.equal(0);
    const nearlyFull = ACCOUNTS.map((account, i) => (i === 1 ? { ...account, balance: MAX_BALANCE - 1n } : account));
    const last = base(ONE, [signed(1, 2, 1n, { amount: 1n, fee: 0n })], genesis(nearlyFull)).inputs;
    expect(circuit.broken(await circuit.witness(last))).to.equal(0);
  });

  it("refuses to pay more than the balance or to receive more than 96 bits", async () => {
    const circuit = await one();
    for (const [to, amount, fee] of [
      [2, 10n * ETHER, 10n ** 15n],
      [2, 11n * ETHER, 0n],
      [2, 2n ** 26n * 10n ** 31n, 0n],
      [4, 1n, 0n],
    ] as const) {
      const target = base(ONE, [signed(1, to, 1n, { amount: 0n, fee: 0n })]).inputs;
      await expectUnprovable(circuit, repacked(target, packTransfer({ from: 1, to, amount, fee })), "Num2Bits");
    }
  });

  it("refuses signatures over another nonce, domain, amount or by another key", async () => {
    const circuit = await one();
    const inputs = honest();
    const packed = packTransfer(signed(1, 2, 1n));
    const others = [
      sign(user(1), transferMessage(DOMAIN, packed, 0n)),
      sign(user(1), transferMessage(DOMAIN, packed, 2n)),
      sign(user(1), transferMessage(DOMAIN + 1n, packed, 1n)),
      sign(user(1), transferMessage(DOMAIN, packed + 32n, 1n)),
      sign(user(2), transferMessage(DOMAIN, packed, 1n)),
    ];
    for (const other of others) {
      await expectUnprovable(circuit, { ...inputs, signature: [signatureBus(other)] }, "EdDSAVerify");
    }
    const stranger = publicKey(user(2));
    const theirs = repacked(inputs, packed, user(2));
    await expectUnprovable(circuit, { ...theirs, signerX: [stranger.x] }, "BabyCheck");
  });

  it("refuses S + l, low-order keys and torsion twins in place of the sender's", async () => {
    const circuit = await one();
    const inputs = honest();
    const { signature } = signed(1, 2, 1n);
    const second = { ...signature, s: signature.s + SUBGROUP_ORDER };
    await expectUnprovable(circuit, { ...inputs, signature: [signatureBus(second)] }, "TightBits");
    for (const { order, point } of LOW_ORDER) {
      await expectUnprovable(circuit, { ...inputs, signerX: [point.x] }, "BabyCheck");
      if (order === 1) continue;
      const twin = add(publicKey(user(1)), point);
      await expectUnprovable(circuit, { ...inputs, signerX: [twin.x] }, order === 2 ? "EdDSAVerify" : "BabyCheck");
    }
  });

  it("takes either point with the key's y, each with its own signature", async () => {
    const circuit = await one();
    const transfer = signed(1, 2, 1n);
    const node = base(ONE, [transfer]);
    const { inputs } = node;
    const packed = packTransfer(transfer);
    const negative = SUBGROUP_ORDER - user(1);
    const { x } = publicKey(negative);
    expect([x, accountKeyOf(negative)]).to.deep.equal([FIELD - publicKey(user(1)).x, accountKeyOf(user(1))]);
    const { r8, s } = sign(negative, transferMessage(DOMAIN, packed, 1n));
    const content = publishing(node, [packed << 160n, r8.y, s, 0n]);
    const other = { ...repacked(content, packed, negative), signerX: [x] };
    expect(circuit.broken(await circuit.witness(other))).to.equal(0);
    await expectUnprovable(circuit, { ...other, content: inputs.content! }, "BaseCore");
    await expectUnprovable(circuit, { ...inputs, signerX: [x] }, "EdDSAVerify");
    await expectUnprovable(circuit, { ...other, signerX: inputs.signerX! }, "EdDSAVerify");
  });

  it("takes nothing from an account whose key is y of no point, or of one of low order", async () => {
    const circuit = await one();
    const [first, ...others] = ACCOUNTS as [Account, ...Account[]];
    const ofKey = (key: bigint, x: bigint, change: Inputs): Inputs => {
      const state = genesis([{ ...first, key }, ...others]);
      const trace = { sender: [accountBus(state.account(1))], senderChildren: [state.path(1).slice(0, 1)] };
      return { ...honest(), ...trace, crown: state.crown(1), signerX: [x], ...change };
    };
    for (const { point } of LOW_ORDER) {
      if (point.y === 0n) continue; // an account that does not exist
      const anything = { signature: [signatureBus({ r8: publicKey(99n), s: 99n })] };
      await expectUnprovable(circuit, ofKey(point.y, point.x, anything), "EdDSAVerify");
    }
    const { x, y } = publicKey(user(1));
    for (const key of [y + 1n, FIELD - y + 1n]) await expectUnprovable(circuit, ofKey(key, x, {}), "BabyCheck");
  });

  it("refuses an index beyond the tree that names the same leaf", async () => {
    const circuit = await one();
    const inputs = honest();
    const amount = packTransfer({ from: 0, to: 0, amount: ETHER, fee: 0n });
    for (const [from, to] of [
      [17n, 2n],
      [1n, 18n],
      [1n + (1n << 15n), 2n],
      [1n, 1026n],
    ] as const) {
      await expectUnprovable(circuit, repacked(inputs, (from << 64n) | (to << 48n) | amount), "Transfer");
    }
  });

  it("refuses account 0, empty senders and empty receivers", async () => {
    const circuit = await one();
    const inputs = honest();
    const { inputs: idle } = base(ONE, []);
    const amount = packTransfer({ from: 0, to: 0, amount: 1n, fee: 0n });
    await expectUnprovable(circuit, repacked(idle, amount), "Transfer");
    await expectUnprovable(circuit, repacked(idle, (1n << 48n) | amount), "Transfer");
    // An exit: account 0 stands where the receiver's would, not account 2.
    await expectUnprovable(circuit, repacked(inputs, (1n << 64n) | amount), "ReplaceInSubtree");
    // Account 5 is not in use: its leaf is a true member of the tree, but nobody's account.
    const state = genesis();
    const to5 = { ...inputs, ...receiver(state, 5) };
    await expectUnprovable(circuit, repacked(to5, (1n << 64n) | (5n << 48n)), "Transfer");
    const from5 = { ...idle, senderChildren: [state.path(5).slice(0, 1)] };
    // Its key is 0, which is y of a point of order 4.
    for (const [x, template] of [
      [0n, "BabyCheck"],
      [LOW_ORDER.find(({ point }) => point.y === 0n)!.point.x, "EdDSAVerify"],
    ] as const) {
      const unowned = { ...repacked(from5, (5n << 64n) | (2n << 48n)), signerX: [x] };
      await expectUnprovable(circuit, unowned, template);
    }
  });

  it("refuses account 0 as a sender even if it had an owner", async () => {
    const circuit = await one();
    const state = genesis();
    state.setAccount(0, state.account(1));
    const sender0 = { sender: [accountBus(state.account(0))], senderChildren: [state.path(0).slice(0, 1)] };
    const inputs = { ...base(ONE, [signed(1, 4, 1n, { amount: 0n, fee: 0n })], state).inputs, ...receiver(state, 4) };
    await expectUnprovable(circuit, repacked({ ...inputs, ...sender0 }, 4n << 48n), "Transfer");
  });

  it("refuses a no-op that is none and a transfer passed off as a no-op", async () => {
    const circuit = await one();
    const witness = await circuit.witness(honest());
    // IsZero's inverse is the prover's choice: 0 makes any number look like 0.
    expect(circuit.broken(circuit.edit(witness, { "step[0].noop.inv": 0n }))).to.be.greaterThan(0);
    const { inputs: idle } = base(ONE, []);
    // Only a fee, from nobody to nobody.
    await expectUnprovable(circuit, repacked(idle, 1n << 5n), "Transfer");
  });

  it("refuses accounts that are not in the state", async () => {
    const circuit = await one();
    const inputs = honest();
    const [sender, receiver] = ACCOUNTS as [Account, Account];
    const otherSender = (change: Partial<Account>) => ({ ...inputs, sender: [accountBus({ ...sender, ...change })] });
    await expectUnprovable(circuit, otherSender({ balance: sender.balance + 1n }), "ReplaceInSubtree");
    await expectUnprovable(circuit, otherSender({ l1Owner: 9n }), "ReplaceInSubtree");
    const otherReceiver = { ...inputs, receiver: [accountBus({ ...receiver, nonce: 9n })] };
    await expectUnprovable(circuit, otherReceiver, "ReplaceInSubtree");
    // The receiver's path before the sender's update, of the same subtree, is not that of the state between.
    await expectUnprovable(circuit, { ...inputs, receiverChildren: inputs.senderChildren! }, "ReplaceInCrown");
    const richer = genesis(ACCOUNTS.map((account) => ({ ...account, balance: 20n * ETHER })));
    const elsewhere = base(ONE, [signed(1, 2, 1n)], richer).inputs;
    await expectUnprovable(circuit, { ...elsewhere, crown: inputs.crown! }, "ReplaceInCrown");
    await expectUnprovable(circuit, { ...elsewhere, content: inputs.content! }, "BaseCore");
  });

  it("refuses an inner node as an account", async () => {
    const circuit = await one();
    const state = genesis();
    const leaves = [0, 1, 2, 3].map((index) => accountLeaf(state.account(index)));
    const crown = [compress(leaves), ...state.crown(1).slice(1)];
    expect(crown).to.deep.equal(state.crown(1));
    // Four leaf hashes read as key, balance, nonce and owner; one level up the path has nowhere to end.
    const inner = {
      sender: [leaves],
      senderChildren: [[crown]],
    };
    await expectUnprovable(circuit, { ...honest(), ...inner }, "BabyCheck");
    const { inputs: idle } = base(ONE, []);
    await expectUnprovable(circuit, { ...idle, ...inner, transfer: [0n] }, "Num2Bits");
  });

  it("lets an amount out to the sender's l1Owner, and leaves no signal free but inverses of 0", async () => {
    const circuit = await one();
    const { inputs, content } = base(ONE, [signed(1, 0, 1n)]);
    const witness = await circuit.witness(inputs);
    expectPublicInputsBound(circuit, witness);
    expect(choosableSignals(circuit, witness).sort()).to.deep.equal([
      "main.step[0].nobody.inv",
      "main.step[0].receiverInverse",
    ]);
    const exit = packExit({ l1Owner: ACCOUNTS[0]!.l1Owner, amount: ETHER });
    expect(content).to.include({ withdrawalsRoot: withdrawalsRootOf([exit, 0n]), txCount: 1n, fees: ETHER / 100n });
    expect(content.nextStateRoot).to.equal(withBalance(1, 9n * ETHER - ETHER / 100n, 2n).root);
  });

  it("refuses exits that are forged, moved, left out or made up", async () => {
    const circuit = await one();
    const exit = packExit({ l1Owner: 1n, amount: ETHER });
    const exits: (readonly [SignedTransfer[], bigint[][]])[] = [
      [
        [signed(1, 0, 1n)],
        [[0n, exit], [exit], [exit, exit], [exit, 0n, 0n], [exit + 1n, 0n], [exit + (1n << 160n), 0n], [0n, 0n]],
      ],
      [[signed(1, 2, 1n)], [[exit, 0n]]],
      [[], [[exit, 0n], [0n, exit], [0n]]],
    ];
    for (const [transfers, lists] of exits) {
      const { inputs, content } = base(ONE, transfers);
      for (const list of lists) {
        const forged = contentHash({ ...content, withdrawalsRoot: withdrawalsRootOf(list) });
        await expectUnprovable(circuit, { ...inputs, content: forged }, "BaseCore");
      }
    }
  });

  it("refuses exits to nobody, and to an owner beyond 160 bits, which would run into the amount", async () => {
    const circuit = await one();
    expect(circuit.broken(await circuit.witness(exitTo((1n << 160n) - 1n)))).to.equal(0);
    await expectUnprovable(circuit, exitTo(0n), "Transfer");
    await expectUnprovable(circuit, exitTo(1n << 160n), "Num2Bits");
    await expectUnprovable(circuit, exitTo((1n << 160n) + 1n), "Num2Bits");
    await expectUnprovable(circuit, exitTo(FIELD - 1n), "Num2Bits");
  });

  it("refuses an exit that is passed off as a transfer, and the other way round", async () => {
    const circuit = await one();
    // IsZero's inverse is the prover's choice: 0 makes any receiver look like nobody.
    const transfer = await circuit.witness(honest());
    expect(circuit.broken(circuit.edit(transfer, { "step[0].nobody.inv": 0n }))).to.be.greaterThan(0);
    const { inputs } = base(ONE, [signed(1, 0, 1n)]);
    const exit = await circuit.witness(inputs);
    expect(circuit.broken(circuit.edit(exit, { "step[0].received": 1n }))).to.be.greaterThan(0);
    // What the account has left is not its to keep, and nothing goes to account 0.
    const enriched = { ...inputs, receiver: [accountBus({ ...EMPTY_ACCOUNT, balance: ETHER })] };
    await expectUnprovable(circuit, enriched, "ReplaceInSubtree");
    const { inputs: paid } = base(ONE, [signed(1, 2, 1n)]);
    await expectUnprovable(circuit, { ...inputs, content: paid.content! }, "BaseCore");
  });

  it("refuses a packed transfer beyond 80 bits and bits that are not boolean", async () => {
    const circuit = await one();
    const inputs = honest();
    const [packed] = inputs.transfer as readonly bigint[];
    await expectUnprovable(circuit, repacked(inputs, packed! + (1n << 80n)), "Num2Bits");
    // Account 2 as twice account 1.
    const witness = await circuit.witness(inputs);
    const [low, high] = ["elements.transfer[0][48]", "elements.transfer[0][49]"];
    expect([low, high].map((bit) => circuit.read(witness, bit))).to.deep.equal([0n, 1n]);
    expect(circuit.broken(circuit.edit(witness, { [low]: 2n, [high]: 0n }))).to.be.greaterThan(0);
  });

  it("refuses a content with any other field, L1 operations and exits included", async () => {
    const circuit = await one();
    const { inputs, content } = base(ONE, [signed(1, 2, 1n)]);
    for (const [name, value] of Object.entries<bigint | number>({ ...content })) {
      const wrong = contentHash({ ...content, [name]: typeof value === "bigint" ? value + 1n : value + 1 });
      await expectUnprovable(circuit, { ...inputs, content: wrong }, "BaseCore");
    }
  });

  describe("publishes what it proves and nothing else:", () => {
    const { inputs, content, elements } = base(ONE, [signed(1, 2, 1n)]);
    const idle = base(ONE, []);
    it("elements are the word, R8.y, S and a zero", async () => {
      const { r8, s } = signed(1, 2, 1n).signature;
      expect(elements).to.deep.equal([packTransfer(signed(1, 2, 1n)) << 160n, r8.y, s, 0n]);
      expect(idle.elements).to.deep.equal([0n, 0n, 0n, 0n]);
      for (const node of [{ inputs, content, elements }, idle])
        expect(publishing(node, node.elements)).to.deep.equal(node.inputs);
    });

    it("no R8.y + p or S + p, which have the same hash, and no S + l", async () => {
      const circuit = await one();
      for (const [at, more] of [
        [1, FIELD],
        [2, FIELD],
        [2, SUBGROUP_ORDER],
      ] as const) {
        const other = elements.with(at, elements[at]! + more);
        await expectUnprovable(circuit, publishing({ inputs, content, elements }, other), "BaseCore");
      }
    });

    it("no other word, signature or coefficient in the padding", async () => {
      const circuit = await one();
      for (const at of [0, 1, 2, 3]) {
        const other = elements.with(at, elements[at]! + 1n);
        await expectUnprovable(circuit, publishing({ inputs, content, elements }, other), "BaseCore");
      }
    });

    it("no garbage in a no-op, whatever its signature is said to be", async () => {
      const circuit = await one();
      const garbage = { signature: [signatureBus({ r8: { x: 0n, y: 5n }, s: 7n })] };
      for (const other of [
        [0n, 5n, 7n, 0n],
        [0n, 0n, 7n, 0n],
        [0n, 5n, 0n, 0n],
        [1n << 80n, 0n, 0n, 0n],
        [1n, 0n, 0n, 0n],
      ])
        await expectUnprovable(circuit, { ...publishing(idle, other), ...garbage }, "BaseCore");
    });

    it("no evaluation or power in other limbs of the same number modulo q", async () => {
      const circuit = await one();
      const honest = contentElements(content);
      const [EVALUATION, POWER] = [8, 11];
      for (const at of [EVALUATION, POWER]) {
        const number = honest[at]! + (honest[at + 1]! << 86n) + (honest[at + 2]! << 172n) + BLOB_FIELD;
        const [low, middle, high] = honest.slice(at, at + 3) as [bigint, bigint, bigint];
        for (const limbs of [
          [BigInt.asUintN(86, number), BigInt.asUintN(86, number >> 86n), number >> 172n],
          [low + (1n << 86n), middle - 1n, high],
          [low, middle + (1n << 86n), high - 1n],
        ]) {
          const other = poseidon([TAG.content, ...honest.toSpliced(at, 3, ...limbs)]);
          await expectUnprovable(circuit, { ...inputs, content: other }, "BaseCore");
        }
      }
    });
  });

  it("refuses elements evaluated elsewhere, nodes where no base node is, other workers", async () => {
    const circuit = await one();
    const inputs = honest();
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

    it("executes several transfers, to oneself, back and forth, with an unused place and two words", async () => {
      const circuit = await four();
      const { inputs } = base(FOUR, [signed(1, 2, 1n), signed(2, 1, 2n), signed(1, 1, 2n)]);
      expectPublicInputsBound(circuit, await circuit.witness(inputs));
    });

    it("lets several out, each at the place of its transfer, and everything that an account has", async () => {
      const circuit = await four();
      const transfers = [signed(1, 0, 1n), signed(1, 2, 2n), signed(2, 0, 2n, { amount: 11n * ETHER, fee: 0n })];
      const { inputs, content } = base(FOUR, transfers);
      expect(circuit.broken(await circuit.witness(inputs))).to.equal(0);
      const exits = [packExit({ l1Owner: 1n, amount: ETHER }), 0n, packExit({ l1Owner: 2n, amount: 11n * ETHER }), 0n];
      expect(content.withdrawalsRoot).to.equal(withdrawalsRootOf(exits));
    });
  });
});

/** The genesis with another balance and nonce of one account. */
function withBalance(index: number, balance: bigint, nonce: bigint): State {
  return genesis(ACCOUNTS.map((account, i) => (i + 1 === index ? { ...account, balance, nonce } : account)));
}

/** Inputs of an exit of account 1 as if it belonged to `l1Owner`, which need not be an address. */
function exitTo(l1Owner: bigint): Inputs {
  const { inputs, content } = base(ONE, [signed(1, 0, 1n)]);
  const before = new PlainTree(ONE.accountDepth, [EMPTY_ACCOUNT, { ...ACCOUNTS[0]!, l1Owner }, ...ACCOUNTS.slice(1)]);
  const after = before.clone();
  after.set(1, { ...before.account(1), balance: 9n * ETHER - ETHER / 100n, nonce: 2n });
  const exit = packExit({ l1Owner: 0n, amount: ETHER }) + l1Owner;
  const claimed = {
    ...content,
    prevStateRoot: before.root,
    nextStateRoot: after.root,
    withdrawalsRoot: withdrawalsRootOf([exit % FIELD, 0n]),
  };
  return {
    ...inputs,
    content: contentHash(claimed),
    crown: before.crown(1),
    sender: [accountBus(before.account(1))],
    senderChildren: [before.path(1).slice(0, 1)],
    receiverChildren: [after.path(0).slice(0, 1)],
  };
}

/** The receiver's signals for an account as it stands in `state`. */
function receiver(state: State, index: number): Inputs {
  return { receiver: [accountBus(state.account(index))], receiverChildren: [state.path(index).slice(0, 1)] };
}
