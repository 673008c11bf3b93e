import { expect } from "chai";
import {
  elementsByBase,
  FIELD,
  packExit,
  publicKey,
  secretKeyFromSeed,
  sign,
  type SignedTransfer,
  signTransfer,
  SUBGROUP_ORDER,
  transferMessage,
  unpackTransferElements,
} from "../../src/protocol/index.ts";
import * as state from "../../src/state/index.ts";
import {
  accountLeaf,
  applyTransfer,
  executeBlock,
  type ExecutedBlock,
  fillBlock,
  InadmissibleTransferError,
  rootOfPath,
  type State,
} from "../../src/state/index.ts";
import {
  deposit,
  DOMAIN,
  ETHER,
  forcedExit,
  forcedTransfer,
  GENESIS,
  genesisState,
  PROFILE,
  RULES,
  transfer,
  transfersOf,
  userSecret,
} from "./fixtures.ts";

const FEE = ETHER / 1000n;

function total(of: State): bigint {
  return GENESIS.accounts.reduce((sum, _, i) => sum + of.account(i + 1).balance, 0n);
}

describe("executeBlock", () => {
  it("moves amounts, takes fees, counts nonces and leaves the given state alone", () => {
    const before = genesisState();
    const root = before.root;
    const block = executeBlock(before, [], [transfer(1, 2, 0), transfer(2, 3, 0), transfer(1, 3, 1)], RULES);
    expect(before.root).to.equal(root);
    expect(block.state.account(1)).to.include({ balance: 98n * ETHER - 2n * FEE, nonce: 2n });
    expect(block.state.account(2)).to.include({ balance: 100n * ETHER - FEE, nonce: 1n });
    expect(block.state.account(3)).to.include({ balance: 102n * ETHER, nonce: 0n });
    expect(block.bases.map(({ txCount }) => txCount)).to.deep.equal([2n, 1n, 0n, 0n]);
    expect(total(before) - total(block.state)).to.equal(block.bases.reduce((sum, { fees }) => sum + fees, 0n));
  });

  it("chains the base nodes and publishes exactly their elements, without zeros at the end", () => {
    const {
      bases,
      data,
      txCount,
      state: after,
    } = executeBlock(genesisState(), [], [transfer(1, 2, 0), transfer(2, 1, 0), transfer(3, 1, 0)], RULES);
    expect(bases[0]!.prevStateRoot).to.equal(genesisState().root);
    for (let i = 1; i < bases.length; i++) expect(bases[i]!.prevStateRoot).to.equal(bases[i - 1]!.nextStateRoot);
    expect(bases.at(-1)!.nextStateRoot).to.equal(after.root);
    expect([data.operations, txCount]).to.deep.equal(["0x", 3n]);
    expect(data.elements).to.have.length(5 + 3);
    expect(elementsByBase(PROFILE, data)).to.deep.equal(bases.map(({ elements }) => elements));
    for (const base of bases) {
      const published = transfersOf(base).map(({ packed, signed }) => {
        const { r8, s } = signed?.signature ?? { r8: { y: 0n }, s: 0n };
        return { packed, r8y: r8.y, s };
      });
      expect(unpackTransferElements(PROFILE, base.elements)).to.deep.equal(published);
    }
  });

  it("traces what each root follows from: sender's path, then receiver's path in the tree between", () => {
    const { bases } = executeBlock(genesisState(), [], [transfer(1, 2, 0), transfer(2, 2, 0)], RULES);
    const [base] = bases as [(typeof bases)[0]];
    let root = base.prevStateRoot;
    for (const { signed, sender, senderPath, receiver, receiverPath } of transfersOf(base)) {
      const { from, to, amount, fee } = signed!;
      expect(rootOfPath(from, accountLeaf(sender), senderPath)).to.equal(root);
      const charged = { ...sender, balance: sender.balance - amount - fee, nonce: sender.nonce + 1n };
      root = rootOfPath(from, accountLeaf(charged), senderPath);
      expect(rootOfPath(to, accountLeaf(receiver), receiverPath)).to.equal(root);
      root = rootOfPath(to, accountLeaf({ ...receiver, balance: receiver.balance + amount }), receiverPath);
    }
    expect(root).to.equal(base.nextStateRoot);
    expect(base.crown).to.deep.equal(genesisState().crown(1));
  });

  it("traces unused places as walks along account 0", () => {
    const { bases, state: after } = executeBlock(genesisState(), [], [], RULES);
    expect(after.root).to.equal(genesisState().root);
    for (const base of bases) {
      for (const { packed, signed, sender, senderPath, receiverPath } of transfersOf(base)) {
        expect([packed, signed]).to.deep.equal([0n, undefined]);
        expect(rootOfPath(0, accountLeaf(sender), senderPath)).to.equal(base.nextStateRoot);
        expect(receiverPath).to.deep.equal(senderPath);
      }
    }
  });

  it("takes an exit out of the sender's account, to its L1 owner, in the leaf of its place", () => {
    const {
      state: after,
      bases,
      exits,
    } = executeBlock(genesisState(), [], [transfer(1, 2, 0), transfer(3, 0, 0), transfer(3, 0, 1)], RULES);
    expect(after.account(3)).to.include({ balance: 98n * ETHER - 2n * FEE, nonce: 2n });
    expect(after.account(0)).to.deep.equal(state.EMPTY_ACCOUNT);
    expect(bases.map(({ txCount }) => txCount)).to.deep.equal([2n, 1n, 0n, 0n]);
    const packed = packExit({ l1Owner: 3n, amount: ETHER });
    expect(bases.map((base) => base.exits)).to.deep.equal([
      [0n, packed],
      [packed, 0n],
      [0n, 0n],
      [0n, 0n],
    ]);
    expect(exits).to.deep.equal([1, 65_536].map((position) => ({ position, l1Owner: 3n, amount: ETHER, packed })));
  });

  it("charges a transfer to oneself the fee only", () => {
    const { state: after } = executeBlock(genesisState(), [], [transfer(1, 1, 0, { amount: 99n * ETHER })], RULES);
    expect(after.account(1)).to.include({ balance: 100n * ETHER - FEE, nonce: 1n });
  });

  it("spends a balance to the last wei and to none further", () => {
    const all = transfer(1, 2, 0, { amount: 99_999n * FEE });
    expect(executeBlock(genesisState(), [], [all], RULES).state.account(1).balance).to.equal(0n);
    expect(() => executeBlock(genesisState(), [], [transfer(1, 2, 0, { amount: 100n * ETHER })], RULES)).to.throw(
      state.InsufficientBalanceError,
    );
  });

  it("refuses more transfers than a block proves", () => {
    const many = Array.from({ length: 9 }, (_, nonce) => transfer(1, 2, nonce));
    expect(() => executeBlock(genesisState(), [], many, RULES)).to.throw(
      state.BlockFullError,
      "block has 9 transfers, expected at most 8",
    );
  });
});

describe("inadmissible transfers", () => {
  const good = transfer(1, 2, 0);
  const resigned = (change: Partial<SignedTransfer>): SignedTransfer => ({ ...good, ...change });
  const cases: [string, SignedTransfer, new (...args: never[]) => Error, RegExp][] = [
    [
      "a sender beyond the tree, which would alias account 1",
      transfer(257, 2, 0),
      state.AccountOutOfRangeError,
      /^from is account 257, expected 1 to 255$/,
    ],
    ["a receiver beyond the tree", transfer(1, 258, 0), state.AccountOutOfRangeError, /^to is account 258/],
    ["account 0 as sender", transfer(0, 2, 0), state.AccountOutOfRangeError, /^from is account 0/],
    [
      "an exit of more than the balance",
      transfer(1, 0, 0, { amount: 100n * ETHER }),
      state.InsufficientBalanceError,
      /^balance of sender 1/,
    ],
    ["an exit signed for a receiver", resigned({ to: 0 }), state.BadSignatureError, /^signature of sender 1/],
    [
      "an index that overflows into the next field",
      resigned({ to: 2 + 2 ** 16 }),
      state.AccountOutOfRangeError,
      /^to is account 65538/,
    ],
    [
      "a sender that does not exist",
      transfer(9, 2, 0),
      state.UnknownSenderError,
      /^sender 9 does not exist, expected an account that a deposit has opened$/,
    ],
    [
      "a receiver that does not exist",
      transfer(1, 9, 0),
      state.UnknownReceiverError,
      /^receiver 9 does not exist, expected an account that a deposit has opened$/,
    ],
    [
      "a nonce of the future",
      transfer(1, 2, 1),
      state.WrongNonceError,
      /^the transfer of account 1 has nonce 1, expected 0, which that account signs next$/,
    ],
    [
      "an amount with too many digits",
      resigned({ amount: 123_456_789_123n }),
      state.UnencodableTransferError,
      /123456789123 wei is not representable/,
    ],
    ["a negative amount", resigned({ amount: -1n }), state.UnencodableTransferError, /-1 wei is not representable/],
    [
      "a fee with too many digits",
      resigned({ fee: 2049n }),
      state.UnencodableTransferError,
      /2049 wei is not representable/,
    ],
    [
      "more than the balance",
      transfer(1, 2, 0, { amount: 101n * ETHER }),
      state.InsufficientBalanceError,
      /expected at least 101001000000000000000 wei$/,
    ],
    [
      "another's key",
      { ...signTransfer(userSecret(2), DOMAIN, good, 0n) },
      state.WrongSenderKeyError,
      /^public key of sender 1 is/,
    ],
    [
      "a key off the curve",
      resigned({ sender: { x: good.sender.x + 1n, y: good.sender.y } }),
      state.BadSignatureError,
      /^signature of sender 1/,
    ],
    [
      "a key that is no field element",
      resigned({ sender: { x: good.sender.x, y: good.sender.y + FIELD } }),
      state.WrongSenderKeyError,
      /expected one with y \d+$/,
    ],
    [
      "a signature for another domain",
      signTransfer(userSecret(1), DOMAIN + 1n, good, 0n),
      state.BadSignatureError,
      /^signature of sender 1/,
    ],
    [
      "a signature over another amount",
      resigned({ amount: 2n * ETHER }),
      state.BadSignatureError,
      /^signature of sender 1/,
    ],
    [
      "a signature with S + l",
      resigned({ signature: { ...good.signature, s: good.signature.s + SUBGROUP_ORDER } }),
      state.BadSignatureError,
      /^signature/,
    ],
  ];

  for (const [name, bad, error, message] of cases) {
    it(`refuses ${name} and changes nothing`, () => {
      const before = genesisState();
      const { root } = before;
      expect(() => applyTransfer(before, bad, DOMAIN)).to.throw(error, message);
      expect(before.root).to.equal(root);
      expect(() => executeBlock(before, [], [transfer(3, 4, 0), bad], RULES)).to.throw(InadmissibleTransferError);
      expect(before.root).to.equal(root);
    });
  }

  it("refuses a replay", () => {
    expect(() => executeBlock(genesisState(), [], [good, good], RULES)).to.throw(
      state.WrongNonceError,
      "the transfer of account 1 has nonce 0, expected 1, which that account signs next",
    );
  });

  it("refuses a payment that the receiver's account cannot hold", () => {
    const full = { ...GENESIS.accounts[1]!, balance: 2n ** 96n - 1n };
    const rich = state.State.ofGenesis({ ...GENESIS, accounts: [GENESIS.accounts[0]!, full] });
    expect(() => applyTransfer(rich, transfer(1, 2, 0, { amount: 1n }), DOMAIN)).to.throw(
      state.BalanceOverflowError,
      "expected below 2^96",
    );
    expect(applyTransfer(rich, transfer(2, 2, 0, { amount: ETHER }), DOMAIN).receiver.nonce).to.equal(1n);
  });

  it("refuses an exit from an account without an L1 owner", () => {
    const [first, ...others] = GENESIS.accounts;
    const accounts = [{ ...first!, l1Owner: 0n }, ...others];
    const ownerless = state.State.ofGenesis({ ...GENESIS, accounts });
    expect(() => applyTransfer(ownerless, transfer(1, 0, 0), DOMAIN)).to.throw(
      state.NoExitOwnerError,
      "sender 1 has no l1Owner, expected one to exit to",
    );
    expect(applyTransfer(ownerless, transfer(2, 0, 0), DOMAIN).exit).to.not.equal(0n);
  });

  it("refuses an account whose key is of low order, for which anything verifies", () => {
    const identity = { x: 0n, y: 1n };
    const weak = state.State.ofGenesis({
      ...GENESIS,
      accounts: [{ ...GENESIS.accounts[0]!, key: identity.y }, GENESIS.accounts[1]!],
    });
    const forged = { ...good, sender: identity, signature: { r8: publicKey(5n), s: 5n } };
    expect(() => applyTransfer(weak, forged, DOMAIN)).to.throw(state.BadSignatureError);
  });

  it("refuses a signature over a packed value that is not the transfer's", () => {
    const secret = userSecret(1);
    const signature = sign(secret, transferMessage(DOMAIN, 0n, 0n));
    expect(() => applyTransfer(genesisState(), resigned({ signature }), DOMAIN)).to.throw(state.BadSignatureError);
    expect(publicKey(secret)).to.not.deep.equal(publicKey(secretKeyFromSeed("stranger")));
  });
});

describe("fillBlock", () => {
  /** Everything but the state, which is compared by its root. */
  const summary = ({ state, ...block }: ExecutedBlock) => ({ ...block, root: state.root });

  it("checks every signature as often as executing the block does", () => {
    let reads = 0;
    const counted = Array.from({ length: 3 }, (_, nonce) => {
      const { signature, ...signed } = transfer(1, 2, nonce);
      return Object.defineProperty(signed, "signature", { get: () => (reads++, signature) }) as SignedTransfer;
    });
    executeBlock(genesisState(), [], counted, RULES);
    const once = reads;
    expect(once).to.be.greaterThan(0);
    fillBlock(genesisState(), [], counted, RULES);
    expect(reads - once).to.equal(once);
  });

  it("takes what can be applied in order, says why the rest was dropped and stops at a full block", () => {
    const before = genesisState();
    const { root } = before;
    const good = Array.from({ length: 8 }, (_, nonce) => transfer(1, 2, nonce));
    const poor = transfer(3, 4, 0, { amount: 1000n * ETHER });
    const pool = [transfer(4, 5, 7), poor, ...good, transfer(5, 1, 0)];
    const { executed, transfers, dropped, rest } = fillBlock(before, [], pool, RULES);
    expect(before.root).to.equal(root);
    expect(transfers).to.deep.equal(good);
    expect(dropped.map(({ transfer: of, reason }) => [of, reason.name])).to.deep.equal([
      [pool[0], "WrongNonceError"],
      [poor, "InsufficientBalanceError"],
    ]);
    expect(rest).to.deep.equal(pool.slice(-1));
    expect(executed.bases.every(({ txCount }) => txCount === 2n)).to.equal(true);
    expect(summary(executed)).to.deep.equal(summary(executeBlock(before, [], transfers, RULES)));
  });

  it("takes of one account and nonce what pays most, of equals what came first, and of strangers nothing", () => {
    const fee = ETHER / 100n;
    const [first, replaced, again] = [2, 3, 4].map((to) => transfer(1, to, 0, { fee: to === 2 ? 0n : fee })) as [
      SignedTransfer,
      SignedTransfer,
      SignedTransfer,
    ];
    const next = transfer(1, 5, 1);
    const forged = { ...first, fee: ETHER };
    const stranger = { ...signTransfer(userSecret(2), DOMAIN, { ...first, fee: ETHER }, 0n) };
    const poor = transfer(1, 2, 0, { amount: 1000n * ETHER, fee: ETHER });
    const { transfers, dropped } = fillBlock(
      genesisState(),
      [],
      [first, next, forged, stranger, poor, replaced, again],
      RULES,
    );
    expect(transfers).to.deep.equal([replaced, next]);
    expect(dropped.map(({ transfer: of, reason }) => [of, reason.name])).to.deep.equal([
      [forged, "BadSignatureError"],
      [stranger, "WrongSenderKeyError"],
      [poor, "InsufficientBalanceError"],
      [again, "WrongNonceError"],
      [first, "WrongNonceError"],
    ]);
  });

  it("lets operations go first: they take room and give balances", () => {
    const before = genesisState();
    const operations = [deposit(6), forcedTransfer(5, 4, { amount: 100n * ETHER }), forcedExit(3)];
    const pool = [
      transfer(5, 1, 0),
      transfer(6, 1, 0, { amount: ETHER / 2n }),
      ...Array.from({ length: 4 }, (_, nonce) => transfer(1, 2, nonce)),
    ];
    const { executed, transfers, dropped, rest } = fillBlock(before, operations, pool, RULES);
    expect(before.root).to.equal(genesisState().root);
    expect(transfers).to.deep.equal(pool.slice(1, 5));
    expect(dropped.map(({ reason }) => reason.name)).to.deep.equal(["InsufficientBalanceError"]);
    expect(rest).to.deep.equal(pool.slice(5));
    expect(summary(executed)).to.deep.equal(summary(executeBlock(before, operations, transfers, RULES)));
    expect(executed.bases.map(({ l1OpCount }) => l1OpCount)).to.deep.equal([2n, 1n, 0n, 0n]);
    expect(() => executeBlock(before, operations, [...transfers, ...rest], RULES)).to.throw(
      state.BlockFullError,
      "block has 5 transfers, expected at most 4",
    );
  });
});
