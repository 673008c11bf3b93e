import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import hre from "hardhat";
import * as actions from "../../src/chain/actions/index.ts";
import { ContractError, TransactionError } from "../../src/chain/errors.ts";
import { MalformedError, OutOfRangeError } from "../../src/protocol/errors.ts";
import { CLAIMS_PER_PROOF } from "../../src/protocol/profile.ts";
import { decodeTransfer, encodeTransfer } from "../../src/protocol/messages.ts";
import { signTransfer, verifyTransfer } from "../../src/protocol/transfer.ts";
import {
  AccountOutOfRangeError,
  InsufficientBalanceError,
  UnknownReceiverError,
  WrongNonceError,
} from "../../src/state/admission.ts";
import { executeBlock } from "../../src/state/executor.ts";
import { MemoryStore } from "../../src/state/store.ts";
import { findGenesis, SyncedState, syncWithL1 } from "../../src/sync/index.ts";
import {
  balance,
  ChainAliveError,
  ChainEndedError,
  claim,
  crowdOf,
  deposit,
  describeCrowd,
  escape,
  exitsAhead,
  force,
  ForeignOwnerError,
  formatAmount,
  getAsset,
  InsufficientFundsError,
  NoAccountError,
  NoAmountError,
  NotOwnAccountError,
  parseAmount,
  type ProveClaim,
  ReplacementFeeError,
  send,
  type SendParameters,
  VoidOperationError,
  type WalletContext,
} from "../../src/wallet/index.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { ETHER, type PlayedL2, playHeight, playL2, playPublished, userWallet } from "../support/playedL2.ts";
import { takenBack } from "../support/takenBack.ts";
import { passTo } from "../../src/sim/madeUp.ts";
import { draftBlock, fullTranscript, proveBlock, revealBlock } from "../../src/sim/madeUpBlock.ts";

const LOCATION = "the store";
const OPERATION_FEE = ETHER / 100n;
const NONE_LEFT = { count: 0, amount: 0n };

describe("wallet", () => {
  let l2: PlayedL2;
  let synced: SyncedState;
  let prove: ProveClaim;
  const begin = takenBack(async () => playL2(await hre.network.create()));

  beforeEach(async () => {
    l2 = await begin();
    synced = await SyncedState.open(new MemoryStore(), l2.client.deployment, () => findGenesis(l2.client));
    prove = (circuit, task) => l2.prover.prove(circuit, task);
  });

  /** The wallet of signer `index`, with the L2 as it is now; 1 to 5 have an account with that number. */
  async function wallet(index: number): Promise<WalletContext> {
    const { client, connection, blobs } = l2;
    await syncWithL1(client, synced, { location: LOCATION, blobs: l2.blobs });
    const signer = (await connection.ethers.getSigners())[index]!;
    return { client, asset: getAsset(client), identity: userWallet(index), signer, synced, blobs };
  }

  const pay = (context: WalletContext, change: Partial<SendParameters> = {}) =>
    send(context, { to: 2, amount: ETHER, fee: 0n, isPublished: true, ...change });

  const assetOf = async (index: number): Promise<bigint> => l2.client.asset.balanceOf(userWallet(index).address);

  describe("full blocks", () => {
    it("are counted with the lowest fee in them, and forgotten when others have come", async () => {
      const paying = (...fees: bigint[]) => fees.map((fee) => ({ fee: (fee * ETHER) / 100n }));
      expect(crowdOf(await wallet(1))).to.equal(undefined);
      await playHeight(l2, paying(9n, 8n, 7n, 6n, 5n, 4n, 5n));
      expect(crowdOf(await wallet(1)), "room for one").to.equal(undefined);
      await playHeight(l2, paying(9n, 8n, 7n, 6n, 5n, 4n, 5n, 6n));
      await playHeight(l2, paying(9n, 8n, 7n, 6n, 5n, 3n, 5n, 6n));
      const lowestFee = (3n * ETHER) / 100n;
      const crowd = crowdOf(await wallet(1))!;
      expect(crowd).to.deep.equal({ blocks: 3, full: 2, lowestFee });
      expect(describeCrowd(crowd, (wei) => formatAmount(wei, getAsset(l2.client)))).to.match(
        /^2 of the last 3 blocks had no room for another transfer; the lowest fee in them is 0\.03 /,
      );
      for (let i = 0; i < 7; i++) await playHeight(l2, []);
      expect(crowdOf(await wallet(1))).to.deep.equal({ blocks: 8, full: 1, lowestFee });
      await playHeight(l2, []);
      expect(crowdOf(await wallet(1))).to.equal(undefined);
    });
  });

  describe("balance", () => {
    it("is all that the wallet has, wherever it is", async () => {
      const context = await wallet(1);
      const { address, key } = context.identity;
      expect(await balance(context)).to.deep.include({
        address,
        key,
        height: 0,
        isFrozen: false,
        ownedOnL1: [],
        queued: [],
        exits: [],
        fees: 0n,
        accounts: [
          {
            index: 1,
            key,
            balance: 1_000n * ETHER,
            nonce: 0n,
            l1Owner: BigInt(address),
            isEscaped: false,
            operations: 0,
            pending: [],
            pendingBalance: 1_000n * ETHER,
          },
        ],
      });
      await pay(context);
      await force(context, { to: 0, amount: 3n * ETHER });
      await deposit(context, { amount: 2n * ETHER });
      const before = await balance(context);
      expect(before.queued.map(({ operation }) => operation.amount)).to.deep.equal([3n * ETHER, 2n * ETHER]);
      expect(before.accounts[0]!.pending).to.have.length(1);
      expect(before.accounts[0]).to.include({ balance: 1_000n * ETHER, operations: 2, pendingBalance: 998n * ETHER });
      expect(before.l1.asset).to.equal(await assetOf(1));
      expect(exitsAhead(before)).to.equal(1);

      await playPublished(l2);
      await playPublished(l2);
      const after = await balance(await wallet(1));
      expect(after).to.deep.include({ height: 2, queued: [] });
      expect(after.accounts[0]).to.include({ balance: 998n * ETHER, nonce: 1n, pendingBalance: 998n * ETHER });
      expect(after.exits.map(({ amount }) => amount)).to.deep.equal([3n * ETHER]);
    });

    it("foresees the queue in its order, and what of it will have no effect or come back", async () => {
      const { client, deployer } = l2;
      const { address, key } = userWallet(1);
      await force(await wallet(1), { to: 0, amount: 600n * ETHER });
      await force(await wallet(1), { to: 0, amount: 600n * ETHER, isAnyway: true });
      await actions.depositAsset(client, deployer, { to: 1, amount: 300n * ETHER, key, l1Owner: address });
      await force(await wallet(1), { to: 2, amount: 650n * ETHER });
      await actions.depositAsset(client, deployer, { to: 2, amount: ETHER, key, l1Owner: address });
      const { queued, accounts } = await balance(await wallet(1));
      expect(queued.map(({ effect }) => effect)).to.deep.equal(["applied", "void", "applied", "applied", "returned"]);
      expect(exitsAhead({ queued, accounts }), "the one that is applied, and the deposit that comes back").to.equal(2);
      expect(accounts[0]).to.include({ operations: 3, pendingBalance: 50n * ETHER });
      for (let i = 0; i < 3; i++) await playHeight(l2, []);
      const after = await balance(await wallet(1));
      expect(after.accounts[0]).to.include({ balance: 50n * ETHER, operations: 0, pendingBalance: 50n * ETHER });
      expect(after.exits.map(({ amount }) => amount / ETHER)).to.deep.equal([600n, 1n]);
    });

    it("names accounts that others have the key of", async () => {
      await actions.depositAsset(l2.client, l2.deployer, {
        to: 9,
        amount: ETHER,
        key: 5n,
        l1Owner: userWallet(1).address,
      });
      await playHeight(l2);
      await playHeight(l2);
      const { ownedOnL1, accounts } = await balance(await wallet(1));
      expect(ownedOnL1.map(({ index }) => index)).to.deep.equal([9]);
      expect(accounts.map(({ index }) => index)).to.deep.equal([1]);
    });
  });

  it("knows the asset from the deployment, whatever the node says of it", async () => {
    const { client } = l2;
    const lying = new Proxy(client.asset, {
      get(target, name, receiver) {
        if (name === "decimals") return async () => 20n;
        return Reflect.get(target, name, receiver) as unknown;
      },
    });
    expect(parseAmount("1.5", getAsset({ ...client, asset: lying }))).to.equal((3n * ETHER) / 2n);
  });

  describe("deposit", () => {
    it("adds to the wallet's account", async () => {
      const before = await assetOf(1);
      expect(await deposit(await wallet(1), { amount: 5n * ETHER })).to.include({
        account: 1,
        opens: false,
        operation: 0,
        fee: OPERATION_FEE,
      });
      expect(before - (await assetOf(1))).to.equal(5n * ETHER + OPERATION_FEE);
      await playHeight(l2, []);
      await playHeight(l2, []);
      expect((await wallet(1)).synced.state.account(1).balance).to.equal(1_005n * ETHER);
    });

    it("opens the first free account for a new wallet, one for all deposits before the block", async () => {
      for (const index of [6, 7])
        await actions.transfer(l2.client, l2.deployer, userWallet(index).address, 100n * ETHER);
      const first = await deposit(await wallet(6), { amount: ETHER });
      const second = await deposit(await wallet(6), { amount: 2n * ETHER });
      const other = await deposit(await wallet(7), { amount: 4n * ETHER });
      expect([first, second, other].map(({ account, opens }) => [account, opens])).to.deep.equal([
        [6, true],
        [6, true],
        [7, true],
      ]);
      for (let i = 0; i < 3; i++) await playHeight(l2, []);
      const { state } = (await wallet(6)).synced;
      expect(state.account(6)).to.deep.include({
        key: userWallet(6).key,
        balance: 3n * ETHER,
        l1Owner: BigInt(userWallet(6).address),
      });
      expect(state.account(7).balance).to.equal(4n * ETHER);
    });

    describe("for a new wallet, when somebody has made deposits in its name", () => {
      const depositFor = async (
        to: number,
        key = userWallet(6).key,
        l1Owner = userWallet(6).address,
      ): Promise<void> => {
        await actions.depositAsset(l2.client, l2.deployer, { to, amount: 1n, key, l1Owner });
      };
      const depositThere = async (): Promise<number> => {
        await actions.transfer(l2.client, l2.deployer, userWallet(6).address, 100n * ETHER);
        const { account } = await deposit(await wallet(6), { amount: ETHER });
        for (let i = 0; i < 2; i++) await playHeight(l2, []);
        const opened = (await wallet(6)).synced.state.account(account);
        expect(opened).to.include({ key: userWallet(6).key, l1Owner: BigInt(userWallet(6).address) });
        return account;
      };

      it("to an index beyond the tree, is not stopped by them", async () => {
        await depositFor(60_000);
        expect(await depositThere()).to.equal(6);
      });

      it("to an index that another one opens before, does not follow them", async () => {
        await depositFor(9, 5n, l2.deployer.address);
        await depositFor(9);
        expect(await depositThere()).to.equal(6);
      });

      it("to an index that they open, follows them", async () => {
        await depositFor(9);
        await depositFor(9, 5n, l2.deployer.address);
        expect(await depositThere()).to.equal(9);
      });
    });

    it("comes back as an exit if somebody else was first", async () => {
      const { client, deployer } = l2;
      await actions.transfer(client, deployer, userWallet(6).address, 100n * ETHER);
      const context = await wallet(6);
      await actions.depositAsset(client, deployer, { to: 6, amount: ETHER, key: 5n, l1Owner: deployer.address });
      // It was synced and chosen before.
      await deposit(context, { amount: 3n * ETHER, account: 6 });
      await playHeight(l2, []);
      await playHeight(l2, []);
      const { exits, accounts } = await balance(await wallet(6));
      expect(accounts).to.deep.equal([]);
      expect(exits.map(({ amount }) => amount)).to.deep.equal([3n * ETHER]);
      expect((await claim(await wallet(6), prove)).amount).to.equal(3n * ETHER);
    });

    it("goes to a named account, which must be the wallet's or free", async () => {
      const context = await wallet(1);
      expect(await deposit(context, { amount: ETHER, account: 20 })).to.include({ account: 20, opens: true });
      await expectRejection(
        deposit(context, { amount: ETHER, account: 2 }),
        NotOwnAccountError,
        "key of account 2 is ",
      );
      await playHeight(l2, []);
      await playHeight(l2, []);
      expect((await balance(await wallet(1))).accounts.map(({ index }) => index)).to.deep.equal([1, 20]);
      expect(await deposit(await wallet(1), { amount: ETHER }), "the one with the most").to.include({ account: 1 });
      expect((await pay(await wallet(1), { account: 20, amount: ETHER / 2n })).transfer.from).to.equal(20);
    });

    it("goes into no account that somebody else opened with the wallet's key", async () => {
      const { client, deployer } = l2;
      const { key } = userWallet(6);
      await actions.transfer(client, deployer, userWallet(6).address, 100n * ETHER);
      await actions.depositAsset(client, deployer, { to: 6, amount: 50n * ETHER, key, l1Owner: deployer.address });
      await playHeight(l2, []);
      await playHeight(l2, []);
      expect(await deposit(await wallet(6), { amount: ETHER })).to.include({ account: 7, opens: true });
      const text = `L1 owner of account 6 is ${deployer.address}, expected this wallet's ${userWallet(6).address}`;
      await expectRejection(deposit(await wallet(6), { amount: ETHER, account: 6 }), NotOwnAccountError, text);
      for (let i = 0; i < 2; i++) await playHeight(l2, []);
      const context = await wallet(6);
      expect(
        (await balance(context)).accounts.map(({ index }) => index),
        "the safe one first",
      ).to.deep.equal([7, 6]);
      expect((await pay(context, { amount: ETHER / 2n })).transfer.from).to.equal(7);
      expect((await pay(context, { account: 6 })).transfer.from, "it is the wallet's to spend all the same").to.equal(
        6,
      );
      await expectRejection(
        force(context, { to: 0, amount: ETHER, account: 6 }),
        NotOwnAccountError,
        "L1 owner of account 6 is ",
      );
    });

    it("is refused if it is nothing, or to no account that there can be, before anything is sent", async () => {
      const context = await wallet(1);
      const blocks = await l2.client.provider.getBlockNumber();
      const text = "amount is 0 B52, expected at least 0.000000000000000001 B52";
      await expectRejection(deposit(context, { amount: 0n }), NoAmountError, text);
      await expectRejection(
        deposit(context, { amount: ETHER, account: 300 }),
        OutOfRangeError,
        "account is 300, expected 1 to 255",
      );
      expect(await l2.client.provider.getBlockNumber()).to.equal(blocks);
    });

    it("says that the wallet has no ether on L1", async () => {
      const context = await wallet(1);
      await l2.connection.networkHelpers.setBalance(context.identity.address, 0n);
      const reason = "failed: it has too little ether for the gas, expected more: send it some";
      const { address } = context.identity;
      await expectRejection(deposit(context, { amount: ETHER }), TransactionError, `by ${address} ${reason}`);
      await expectRejection(pay(context), TransactionError, `by ${address} ${reason}`);
    });

    it("sends nothing if the wallet has too little", async () => {
      const context = await wallet(9);
      const blocks = await l2.client.provider.getBlockNumber();
      await expectRejection(
        deposit(context, { amount: ETHER }),
        InsufficientFundsError,
        "the wallet has 0 B52 on L1, expected at least 1.01 B52 for the deposit and its fee",
      );
      expect(await l2.client.provider.getBlockNumber()).to.equal(blocks);
    });
  });

  describe("send", () => {
    it("signs what a proposer finds on L1 and puts into a block", async () => {
      const { transfer, encoded, ahead } = await pay(await wallet(1), { to: 3, amount: 7n * ETHER, fee: ETHER / 100n });
      expect(ahead).to.equal(0);
      expect(decodeTransfer(encoded)).to.deep.equal(transfer);
      expect(verifyTransfer(l2.rules.domain, transfer)).to.equal(true);
      await playPublished(l2);
      const { state } = (await wallet(1)).synced;
      expect(state.account(3).balance).to.equal(1_007n * ETHER);
      expect(state.account(1)).to.include({ balance: 993n * ETHER - ETHER / 100n, nonce: 1n });
    });

    it("counts what is published and in no block yet", async () => {
      const sent = [];
      for (let i = 0; i < 3; i++) sent.push(await pay(await wallet(1)));
      expect(sent.map(({ transfer, ahead }) => [transfer.nonce, ahead])).to.deep.equal([
        [0n, 0],
        [1n, 1],
        [2n, 2],
      ]);
      await playPublished(l2);
      const context = await wallet(1);
      expect(context.synced.state.account(1).nonce).to.equal(3n);
      expect((await pay(context)).transfer.nonce).to.equal(3n);
      // Before a block with all of it, the rest is all that there is.
      const error = await expectRejection(
        pay(await wallet(1), { amount: 997n * ETHER }),
        InsufficientBalanceError,
        "balance of sender 1 is ",
      );
      expect(error.details).to.include({ balance: 996n * ETHER, needed: 997n * ETHER });
    });

    it("counts what waits at a follower, too, if it is told of one, and nothing that it makes up", async () => {
      const answers = { transfers: [] as string[] };
      const server = createServer((_, response) => response.end(JSON.stringify(answers))).listen(0, "127.0.0.1");
      await once(server, "listening");
      const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const context = { ...(await wallet(1)), api };
      try {
        const printed = await pay(context, { amount: 990n * ETHER, isPublished: false });
        expect((await balance(context)).accounts[0]!.pending).to.deep.equal([]);
        // It is passed on. The other one is signed by somebody else.
        const { domain } = l2.client.deployment;
        const forged = signTransfer(userWallet(2).secret, domain, { from: 1, to: 2, amount: ETHER, fee: 0n }, 1n);
        answers.transfers = [printed.transfer, forged].map(encodeTransfer);
        const [account] = (await balance(context)).accounts;
        expect(account!.pending).to.deep.equal([printed.transfer]);
        expect(account!.pendingBalance).to.equal(10n * ETHER);
        await expectRejection(pay(context, { amount: 11n * ETHER }), InsufficientBalanceError, "balance of sender 1");
        const next = await pay(context);
        expect([next.transfer.nonce, next.ahead]).to.deep.equal([1n, 1]);
        // What is published and waits there as well is one.
        answers.transfers = [printed.transfer, next.transfer].map(encodeTransfer);
        expect((await balance(context)).accounts[0]!.pendingBalance).to.equal(9n * ETHER);
        expect((await force(context, { to: 2, amount: 10n * ETHER })).isAtRisk).to.equal(true);
      } finally {
        server.close();
      }
    });

    it("uses no account that somebody else owns on L1, unless it is named", async () => {
      const { client, deployer } = l2;
      await actions.transfer(client, deployer, userWallet(6).address, 100n * ETHER);
      await actions.depositAsset(client, deployer, {
        to: 9,
        amount: 50n * ETHER,
        key: userWallet(6).key,
        l1Owner: deployer.address,
      });
      for (let i = 0; i < 2; i++) await playHeight(l2, []);
      const context = await wallet(6);
      const text = `L1 owner of account 9 is ${deployer.address}, expected this wallet's ${userWallet(6).address}`;
      for (const to of [2, 0]) {
        const error = await expectRejection(pay(context, { to }), ForeignOwnerError, text);
        expect(error.message).to.contain("(--account 9 uses it all the same)");
      }
      await expectRejection(force(context, { to: 0, amount: ETHER }), NotOwnAccountError, text);
      expect((await pay(context, { account: 9 })).transfer.from).to.equal(9);
    });

    it("counts what is in the queue, and says if it depends on that", async () => {
      await actions.transfer(l2.client, l2.deployer, userWallet(6).address, 100n * ETHER);
      await deposit(await wallet(6), { amount: 50n * ETHER });
      await force(await wallet(1), { to: 0, amount: 700n * ETHER });
      expect(
        await pay(await wallet(1), { to: 6, amount: 100n * ETHER }),
        "its receiver is opened by the deposit",
      ).to.include({
        needsQueue: true,
      });
      expect(await pay(await wallet(2), { to: 3 })).to.include({ needsQueue: false });
      expect(await pay(await wallet(6), { amount: 40n * ETHER }), "it spends the deposit").to.include({
        needsQueue: true,
      });
      const text =
        "balance of sender 1 is 200 B52 after 1 operation in the queue and 1 transfer in no block yet, expected " +
        "at least 201 B52";
      await expectRejection(pay(await wallet(1), { amount: 201n * ETHER }), InsufficientBalanceError, text);
      for (let i = 0; i < 2; i++) await playPublished(l2);
      const { state } = (await wallet(6)).synced;
      expect([1, 6].map((index) => state.account(index).balance / ETHER)).to.deep.equal([200n, 110n]);
    });

    it("uses a nonce again whose transfer cannot come into a block any more", async () => {
      await pay(await wallet(1), { amount: 900n * ETHER });
      await force(await wallet(1), { to: 0, amount: 500n * ETHER });
      await playHeight(l2, []);
      await playHeight(l2, []);
      const again = await pay(await wallet(1), { amount: 400n * ETHER });
      expect(again).to.deep.include({ ahead: 0 });
      expect(again.transfer.nonce).to.equal(0n);
      await playPublished(l2);
      expect((await wallet(1)).synced.state.account(1).balance).to.equal(100n * ETHER);
    });

    it("replaces a published transfer if its nonce is named, and leaves no gaps", async () => {
      await pay(await wallet(1), { to: 2 });
      await pay(await wallet(1), { to: 2 });
      expect(await pay(await wallet(1), { to: 3, nonce: 1n, fee: 1n })).to.deep.include({ ahead: 1 });
      expect((await pay(await wallet(1))).transfer.nonce).to.equal(2n);
      await expectRejection(
        pay(await wallet(1), { nonce: 9n }),
        WrongNonceError,
        "account 1 has nonce 9, expected 3, which",
      );
    });

    it("replaces for a higher fee only, as proposers do, and says which one it takes", async () => {
      await pay(await wallet(1), { to: 2, fee: 2_047n * 10n ** 12n });
      await pay(await wallet(1), { to: 3 });
      const blocks = await l2.client.provider.getBlockNumber();
      for (const fee of [0n, 2_047n * 10n ** 12n]) {
        const error = await expectRejection(
          pay(await wallet(1), { to: 4, nonce: 0n, fee }),
          ReplacementFeeError,
          "fee of the transfer is ",
        );
        expect(error.message).to.match(
          / B52, expected at least 0\.00205 B52: it replaces the one with nonce 0, whose fee is 0\.002047 B52$/,
        );
      }
      expect(await l2.client.provider.getBlockNumber()).to.equal(blocks);
      await pay(await wallet(1), { to: 4, amount: 5n * ETHER, nonce: 0n, fee: 2_050n * 10n ** 12n });
      const [account] = (await balance(await wallet(1))).accounts;
      expect(account!.pending.map(({ to, nonce }) => [to, nonce])).to.deep.equal([
        [4, 0n],
        [3, 1n],
      ]);
      await playPublished(l2);
      const { state } = (await wallet(1)).synced;
      expect(state.account(1)).to.include({ nonce: 2n, balance: account!.pendingBalance });
      expect([2, 3, 4].map((index) => state.account(index).balance / ETHER)).to.deep.equal([1_000n, 1_001n, 1_005n]);
    });

    it("is refused if it is nothing or to the sender, which only takes back a published one", async () => {
      const context = await wallet(1);
      const nothing = "amount is 0 B52, expected at least 0.000000000000000001 B52";
      const toSender = "receiver is 1, expected another account than the sender's";
      for (const change of [{}, { to: 0 }, { nonce: 0n }, { isPublished: false }])
        await expectRejection(pay(context, { ...change, amount: 0n }), NoAmountError, nothing);
      for (const change of [{}, { nonce: 0n }, { isPublished: false }])
        await expectRejection(pay(context, { ...change, to: 1 }), MalformedError, toSender);

      await pay(context, { to: 2 });
      await expectRejection(pay(context, { to: 0, amount: 0n, nonce: 0n, fee: ETHER / 100n }), NoAmountError, nothing);
      await pay(context, { to: 1, amount: 0n, nonce: 0n, fee: ETHER / 100n });
      await playPublished(l2);
      const { state } = (await wallet(1)).synced;
      expect(state.account(1)).to.include({ nonce: 1n, balance: 1_000n * ETHER - ETHER / 100n });
      expect(state.account(2).balance).to.equal(1_000n * ETHER);
    });

    it("only prints what is not to be published", async () => {
      const blocks = await l2.client.provider.getBlockNumber();
      const printed = await pay(await wallet(1), { isPublished: false });
      expect(printed.transaction).to.equal(undefined);
      expect(await l2.client.provider.getBlockNumber()).to.equal(blocks);
      expect((await pay(await wallet(1))).transfer.nonce, "nobody knows of it").to.equal(0n);
    });

    it("is not led astray by what others publish, or by what is none", async () => {
      const { client, deployer, rules } = l2;
      const context = await wallet(1);
      const stranger = signTransfer(userWallet(1).secret, rules.domain, { from: 1, to: 2, amount: ETHER, fee: 0n }, 0n);
      const subject = rules.domain;
      await actions.publish(client, deployer, { topic: "Transaction", subject, data: encodeTransfer(stranger) });
      for (const data of [
        "0x",
        "0x1234",
        encodeTransfer({ ...stranger, nonce: 1n }),
        encodeTransfer({ ...stranger, from: 2 }),
      ]) {
        await actions.publish(client, context.signer, { topic: "Transaction", subject, data });
      }
      expect((await pay(await wallet(1))).transfer.nonce).to.equal(0n);
    });

    it("sends nothing that no block could have", async () => {
      const context = await wallet(1);
      const blocks = await l2.client.provider.getBlockNumber();
      const opened = "receiver 77 does not exist, expected an account that a deposit has opened";
      await expectRejection(pay(context, { to: 77 }), UnknownReceiverError, opened);
      await expectRejection(pay(context, { to: 256 }), AccountOutOfRangeError, "to is account 256");
      const tokens = "balance of sender 1 is 1000 B52, expected at least 1001 B52";
      await expectRejection(pay(context, { amount: 1_001n * ETHER }), InsufficientBalanceError, tokens);
      await expectRejection(pay(context, { account: 300 }), OutOfRangeError, "account is 300, expected 1 to 255");
      await expectRejection(pay(context, { account: 2 }), NotOwnAccountError, "key of account 2 is ");
      await expectRejection(pay(await wallet(9)), NoAccountError, "no account of the L2 has this wallet's key");
      expect(await l2.client.provider.getBlockNumber()).to.equal(blocks);
    });
  });

  describe("force", () => {
    it("moves and takes out what no proposer puts into a block", async () => {
      expect(await force(await wallet(1), { to: 3, amount: 10n * ETHER })).to.include({
        account: 1,
        operation: 0,
        fee: OPERATION_FEE,
      });
      await force(await wallet(1), { to: 0, amount: 20n * ETHER });
      await playHeight(l2, []);
      await playHeight(l2, []);
      const { state } = (await wallet(1)).synced;
      expect(state.account(1).balance).to.equal(970n * ETHER);
      expect(state.account(3).balance).to.equal(1_010n * ETHER);
      expect((await balance(await wallet(1))).exits.map(({ amount }) => amount)).to.deep.equal([20n * ETHER]);
    });

    it("takes out of an account that others have the key of only if it is named", async () => {
      await actions.depositAsset(l2.client, l2.deployer, {
        to: 9,
        amount: 5n * ETHER,
        key: 5n,
        l1Owner: userWallet(6).address,
      });
      await actions.transfer(l2.client, l2.deployer, userWallet(6).address, 100n * ETHER);
      for (let i = 0; i < 2; i++) await playHeight(l2, []);
      const context = await wallet(6);
      await expectRejection(
        force(context, { to: 0, amount: ETHER }),
        NoAccountError,
        "no account of the L2 has this wallet's key",
      );
      expect(await force(context, { to: 0, amount: ETHER, account: 9 })).to.include({ account: 9 });
    });

    it("refuses what would have no effect, and does not pay for it", async () => {
      const context = await wallet(1);
      const blocks = await l2.client.provider.getBlockNumber();
      const lost =
        "the operation would have no effect, and its fee of 0.01 B52 be lost (--anyway posts it all the same)";
      const poor = `balance of sender 1 is 1000 B52, expected at least 1001 B52: ${lost}`;
      await expectRejection(force(context, { to: 0, amount: 1_001n * ETHER }), VoidOperationError, poor);
      await expectRejection(
        force(context, { to: 99, amount: ETHER }),
        VoidOperationError,
        "receiver 99 does not exist",
      );
      for (const to of [0, 2]) {
        await expectRejection(
          force(context, { to, amount: 0n }),
          NoAmountError,
          "amount is 0 B52, expected at least 0.000000000000000001 B52",
        );
      }
      await expectRejection(
        force(context, { to: 1, amount: ETHER }),
        MalformedError,
        "receiver is 1, expected another account",
      );
      await expectRejection(force(context, { to: 300, amount: ETHER }), AccountOutOfRangeError, "to is account 300");
      const { address } = userWallet(2);
      const text = `L1 owner of account 2 is ${address}, expected this wallet's ${userWallet(1).address}`;
      await expectRejection(force(context, { to: 0, amount: ETHER, account: 2 }), NotOwnAccountError, text);
      expect(await l2.client.provider.getBlockNumber()).to.equal(blocks);
    });
  });

  describe("force, after what is in the queue", () => {
    it("is refused if that leaves too little for it, unless it is wanted anyway", async () => {
      await force(await wallet(1), { to: 0, amount: 999n * ETHER });
      const context = await wallet(1);
      const blocks = await l2.client.provider.getBlockNumber();
      const text =
        "balance of sender 1 is 1 B52 after 1 operation in the queue, expected at least 999 B52: the operation " +
        "would have no effect";
      await expectRejection(force(context, { to: 0, amount: 999n * ETHER }), VoidOperationError, text);
      expect(await l2.client.provider.getBlockNumber()).to.equal(blocks);
      expect(await force(context, { to: 0, amount: 999n * ETHER, isAnyway: true })).to.include({ operation: 1 });
      await expectRejection(
        force(context, { to: 1, amount: ETHER, isAnyway: true }),
        MalformedError,
        "receiver is 1, expected another account",
      );
    });

    it("may use what a deposit brings, and an account that one opens", async () => {
      await actions.transfer(l2.client, l2.deployer, userWallet(6).address, 100n * ETHER);
      await deposit(await wallet(6), { amount: 50n * ETHER });
      await deposit(await wallet(1), { amount: 10n * ETHER });
      expect(await force(await wallet(1), { to: 6, amount: 1_005n * ETHER })).to.include({
        account: 1,
        isAtRisk: false,
      });
      expect(await force(await wallet(6), { to: 0, amount: 1_050n * ETHER })).to.include({ account: 6 });
      for (let i = 0; i < 3; i++) await playHeight(l2, []);
      const { state } = (await wallet(1)).synced;
      expect([1, 6].map((index) => state.account(index).balance / ETHER)).to.deep.equal([5n, 5n]);
    });

    it("says if transfers that are in no block yet can come first, and leave too little", async () => {
      await pay(await wallet(1), { amount: 600n * ETHER });
      expect(await force(await wallet(1), { to: 0, amount: 300n * ETHER })).to.include({ isAtRisk: false });
      expect(await force(await wallet(1), { to: 0, amount: 500n * ETHER })).to.include({ isAtRisk: true });
      // The transfer comes into no block after those two, but may before them, and then leaves too little for the last
      // one.
      expect(await force(await wallet(1), { to: 0, amount: 150n * ETHER })).to.include({ isAtRisk: true });
    });
  });

  describe("claim", () => {
    it("takes all exits, several in a proof, and fees; nothing twice", async () => {
      for (let height = 0; height < 3; height++) {
        await pay(await wallet(1), { to: 0, amount: BigInt(height + 1) * ETHER, fee: ETHER / 10n });
        await pay(await wallet(1), { to: 0, amount: 10n * ETHER });
        await playPublished(l2);
      }
      const before = await assetOf(1);
      const proofs: string[] = [];
      const counted: ProveClaim = async (circuit, job) => {
        proofs.push(circuit);
        return prove(circuit, job);
      };
      const { exits, amount, fees, transactions } = await claim(await wallet(1), counted);
      expect(exits).to.have.length(6);
      expect(proofs).to.have.length(Math.ceil(6 / CLAIMS_PER_PROOF));
      expect({ amount, fees }).to.deep.equal({ amount: 36n * ETHER, fees: (3n * ETHER) / 10n });
      expect(transactions).to.have.length(3);
      expect((await assetOf(1)) - before).to.equal(amount + fees);
      expect(await claim(await wallet(1), counted)).to.deep.equal({
        exits: [],
        amount: 0n,
        fees: 0n,
        transactions: [],
        left: NONE_LEFT,
      });
      expect(proofs).to.have.length(2);
    });

    it("takes the largest first, and leaves dust unless it is told to take that too", async () => {
      const { bridge, provider } = l2.client;
      const amounts = [1n, OPERATION_FEE, 1n, 2n * ETHER, OPERATION_FEE / 2n, 1n];
      for (const amount of amounts) await pay(await wallet(4), { to: 0, amount });
      await playPublished(l2);
      const left = { count: 4, amount: 3n + OPERATION_FEE / 2n };
      const claimed = await claim(await wallet(4), prove);
      expect(claimed.exits.map(({ amount }) => amount)).to.deep.equal([2n * ETHER, OPERATION_FEE]);
      expect(claimed).to.deep.include({ amount: 2n * ETHER + OPERATION_FEE, left });
      const before = await provider.getBalance(userWallet(4).address);
      expect(await claim(await wallet(4), prove)).to.deep.equal({
        exits: [],
        amount: 0n,
        fees: 0n,
        transactions: [],
        left,
      });
      expect(await provider.getBalance(userWallet(4).address), "dust costs no ether").to.equal(before);
      expect(await balance(await wallet(4))).to.include({ operationFee: await bridge.operationFee() });

      const rest = await claim(await wallet(4), prove, { isAll: true });
      expect(rest.exits.map(({ amount }) => amount)).to.deep.equal([OPERATION_FEE / 2n, 1n, 1n, 1n]);
      expect(rest).to.deep.include({ amount: left.amount, left: NONE_LEFT });
    });

    it("keeps what was claimed when it fails, and goes on there", async () => {
      for (let i = 0; i < CLAIMS_PER_PROOF + 1; i++) await pay(await wallet(1), { to: 0 });
      await playPublished(l2);
      let left = 1;
      const failing: ProveClaim = async (circuit, job) => {
        if (left-- === 0) throw new Error("no memory");
        return prove(circuit, job);
      };
      const failure = await claim(await wallet(1), failing).catch((reason: unknown) => reason);
      expect((failure as Error).message).to.equal("no memory");
      expect((await balance(await wallet(1))).exits).to.have.length(1);
      expect((await claim(await wallet(1), prove)).amount).to.equal(ETHER);
    });

    it("is refused with a proof of something else", async () => {
      await pay(await wallet(1), { to: 0 });
      await playPublished(l2);
      const wrong: ProveClaim = async () => l2.prover.simulate("ExitClaim", [1n, 2n, 3n]);
      const error = await claim(await wallet(1), wrong).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(ContractError);
      expect(error).to.include({ call: "claimExits", error: "InvalidExitProof" });
    });
  });

  describe("escape", () => {
    const escapeNow = async (index: number, isAll = false) =>
      escape(await wallet(index), prove, { location: LOCATION, isAll });

    it("is refused while the chain lives, with the time from which it may be ended", async () => {
      const delay = await l2.client.bridge.escapeDelay();
      const begun = await expectRejection(
        escapeNow(1),
        ChainAliveError,
        "the rollup, which has no block yet, was started on ",
      );
      expect(begun.details["from"]).to.equal((begun.details["lastAdvance"] as bigint) + delay);
      await playHeight(l2);
      const error = await expectRejection(escapeNow(1), ChainAliveError, "height 1 became final on ");
      expect(error.details["from"]).to.equal((error.details["lastAdvance"] as bigint) + delay);
    });

    it("ends a dead chain and takes everything out: balances, the queue, exits and fees", async () => {
      await pay(await wallet(1), { to: 0, amount: 5n * ETHER });
      await playPublished(l2);
      await deposit(await wallet(1), { amount: 8n * ETHER });
      await force(await wallet(1), { to: 2, amount: ETHER });
      await deposit(await wallet(2), { amount: 9n * ETHER });
      await l2.connection.networkHelpers.time.increase(await l2.client.bridge.escapeDelay());
      const before = await assetOf(1);

      const { froze, accounts, refunds, claimed } = await escapeNow(1);
      expect(froze).to.equal(true);
      expect(accounts.map(({ account, amount }) => [account, amount])).to.deep.equal([[1, 995n * ETHER]]);
      expect(refunds.map(({ operation, amount }) => [operation, amount])).to.deep.equal([
        [0, 8n * ETHER + OPERATION_FEE],
        [1, OPERATION_FEE],
      ]);
      expect(claimed.amount).to.equal(5n * ETHER);
      expect((await assetOf(1)) - before).to.equal(1_008n * ETHER + 2n * OPERATION_FEE);
      expect(await escapeNow(1)).to.deep.include({ froze: false, accounts: [], refunds: [] });

      // Others come after it, and the bridge has enough for all.
      expect((await escapeNow(2)).froze).to.equal(false);
      for (const index of [3, 4, 5]) expect((await escapeNow(index)).accounts[0]!.amount).to.equal(1_000n * ETHER);
      expect(await l2.client.bridge.backing()).to.equal(0n);
      expect(await l2.client.asset.balanceOf(l2.client.deployment.contracts.bridge)).to.equal(0n);
      expect((await balance(await wallet(1))).isFrozen).to.equal(true);
    });

    it("begins with the largest account, and leaves dust unless it is told to take that too", async () => {
      const { client, connection, deployer } = l2;
      const { key, address } = userWallet(1);
      const others = [
        { to: 6, amount: 1n, key: 5n },
        { to: 7, amount: OPERATION_FEE, key: 5n },
        { to: 8, amount: 2n, key: 5n },
        { to: 9, amount: 2_000n * ETHER, key },
      ];
      for (const other of others) await actions.depositAsset(client, deployer, { ...other, l1Owner: address });
      await pay(await wallet(1), { to: 0, amount: 3n });
      await playPublished(l2);
      await playPublished(l2);
      await connection.networkHelpers.time.increase(await client.bridge.escapeDelay());
      const escaped = await escapeNow(1);
      expect(escaped.accounts.map(({ account }) => account)).to.deep.equal([9, 1, 7]);
      expect(escaped.left).to.deep.equal({ count: 2, amount: 3n });
      expect(escaped.claimed.left).to.deep.equal({ count: 1, amount: 3n });
      expect(await escapeNow(1)).to.deep.include({ accounts: [], left: escaped.left });

      const rest = await escapeNow(1, true);
      expect(rest.accounts.map(({ account }) => account)).to.deep.equal([8, 6]);
      expect(rest).to.deep.include({ left: NONE_LEFT });
      expect(rest.claimed).to.deep.include({ amount: 3n, left: NONE_LEFT });
    });

    it("first makes a block final that is proven and waits for that; the delay begins anew", async () => {
      const { client, connection, deployer, proposers, rules } = l2;
      const exit = signTransfer(
        userWallet(1).secret,
        rules.domain,
        { from: 1, to: 0, amount: 5n * ETHER, fee: 0n },
        0n,
      );
      const executed = executeBlock(l2.state, [], [exit], rules);
      const block = await draftBlock(l2, {
        proposer: proposers[0]!,
        burnBid: 1_000n,
        transcript: fullTranscript(rules.profile, 2),
        executed,
      });
      const { commitment } = await actions.commit(client, block.proposer, block);
      await passTo(l2, "proposalEnds");
      await revealBlock(l2, block, commitment);
      await actions.submitProof(client, deployer, proveBlock(l2, block, commitment));
      const delay = await client.bridge.escapeDelay();
      await connection.networkHelpers.time.increase(2n * delay);

      const steps: string[] = [];
      const location = LOCATION;
      const attempt = escape(await wallet(1), prove, { location, onStep: (step) => steps.push(step) });
      const error = await expectRejection(
        attempt,
        ChainAliveError,
        "height 1, which was proven and waited for that, became final on ",
      );
      expect(error.message).to.match(/ in 7 days; exits of that block can be claimed now \(b52 wallet claim\)$/);
      expect(error.details["from"]).to.equal((await client.bridge.lastAdvanceAt()) + delay);
      expect(steps).to.have.length(1);
      expect(steps[0]).to.match(/^height 1 is final now: transaction 0x/);
      expect((await claim(await wallet(1), prove)).amount).to.equal(5n * ETHER);

      await connection.networkHelpers.time.increase(delay);
      const { froze, accounts } = await escapeNow(1);
      expect(froze).to.equal(true);
      expect(accounts.map(({ amount }) => amount)).to.deep.equal([995n * ETHER]);
    });

    it("shows in the balance: what has escaped or is refunded is marked, and what still is to be", async () => {
      await actions.depositAsset(l2.client, l2.deployer, {
        to: 9,
        amount: ETHER,
        key: 5n,
        l1Owner: userWallet(1).address,
      });
      await playHeight(l2, []);
      await playHeight(l2, []);
      await deposit(await wallet(1), { amount: 8n * ETHER });
      await pay(await wallet(1));
      await l2.connection.networkHelpers.time.increase(await l2.client.bridge.escapeDelay());
      await actions.freeze(l2.client, l2.deployer);
      const marks = async () => {
        const { accounts, ownedOnL1, queued } = await balance(await wallet(1));
        return [
          accounts.map(({ isEscaped, pending, pendingBalance }) => [isEscaped, pending.length, pendingBalance]),
          ownedOnL1.map(({ isEscaped }) => isEscaped),
          queued.map(({ isRefunded }) => isRefunded),
        ];
      };
      // Nothing of what was published comes into a block any more.
      expect(await marks()).to.deep.equal([[[false, 0, 1_000n * ETHER]], [false], [false]]);
      await escapeNow(1);
      expect(await marks()).to.deep.equal([[[true, 0, 1_000n * ETHER]], [true], [true]]);
    });

    it("is all that is left to do when the chain has ended: nothing else is sent, or costs anything", async () => {
      await l2.connection.networkHelpers.time.increase(await l2.client.bridge.escapeDelay());
      await actions.freeze(l2.client, l2.deployer);
      const context = await wallet(1);
      const blocks = await l2.client.provider.getBlockNumber();
      for (const attempt of [
        () => pay(context),
        () => pay(context, { to: 0 }),
        () => pay(context, { isPublished: false }),
        () => deposit(context, { amount: ETHER }),
        () => force(context, { to: 2, amount: ETHER }),
        () => force(context, { to: 0, amount: ETHER }),
      ]) {
        const error = await expectRejection(attempt(), ChainEndedError, "the chain has ended");
        expect(error.message).to.contain("b52 escape takes out");
      }
      expect(await l2.client.provider.getBlockNumber()).to.equal(blocks);
    });

    it("does not end the chain before its prover is ready, and says at once that it has", async () => {
      await l2.connection.networkHelpers.time.increase(await l2.client.bridge.escapeDelay());
      const blocks = await l2.client.provider.getBlockNumber();
      const steps: string[] = [];
      const onStep = (step: string) => steps.push(step);
      const unready = () => Promise.reject(new Error("rapidsnark cannot be run"));
      const early = escape(await wallet(1), prove, { location: LOCATION, ready: unready, onStep });
      await expectRejection(early, Error, "rapidsnark cannot be run");
      expect(await l2.client.provider.getBlockNumber()).to.equal(blocks);
      expect(await l2.client.bridge.isFrozen()).to.equal(false);
      expect(steps).to.deep.equal([]);
      const failing: ProveClaim = () => Promise.reject(new Error("no memory"));
      await expectRejection(escape(await wallet(1), failing, { location: LOCATION, onStep }), Error, "no memory");
      expect(steps).to.have.length(1);
      expect(steps[0]).to.match(/^the chain has ended: transaction 0x[0-9a-f]{64}$/);
    });

    it("goes on where it was cut off", async () => {
      await deposit(await wallet(1), { amount: 8n * ETHER });
      await l2.connection.networkHelpers.time.increase(await l2.client.bridge.escapeDelay());
      const failing: ProveClaim = async () => {
        throw new Error("no memory");
      };
      const failure = await escape(await wallet(1), failing, { location: LOCATION }).catch((reason: unknown) => reason);
      expect((failure as Error).message).to.equal("no memory");
      const { froze, accounts, refunds } = await escapeNow(1);
      expect(froze, "it was frozen before").to.equal(false);
      expect([accounts.length, refunds.length]).to.deep.equal([1, 1]);
    });
  });
});
