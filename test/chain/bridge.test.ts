import { expect } from "chai";
import hre from "hardhat";
import * as actions from "../../src/chain/actions/index.ts";
import { ContractError } from "../../src/chain/errors.ts";
import { packExit } from "../../src/protocol/exit.ts";
import { NotRepresentableError } from "../../src/protocol/float.ts";
import { encodeOperation } from "../../src/protocol/operation.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { limitedNode } from "../support/limitedNode.ts";
import { takenBack } from "../support/takenBack.ts";
import { toHex32 } from "../../src/protocol/hex.ts";
import { createMadeUpWorld, passTo, type MadeUpWorld, simulateEscape, simulateExits } from "../../src/sim/madeUp.ts";
import {
  decideBlock,
  draftBlock,
  fullTranscript,
  proveBlock,
  revealBlock,
  type MadeUpBlock,
  type MadeUpBlockOptions,
} from "../../src/sim/madeUpBlock.ts";

const profile = PROFILES.dev;
const ETHER = 10n ** 18n;
const FEE = ETHER / 100n;

async function refusal(promise: Promise<unknown>): Promise<ContractError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(ContractError);
  return error as ContractError;
}

describe("chain client of the bridge", () => {
  let world: MadeUpWorld;

  const setUp = async (economics = {}): Promise<MadeUpWorld> => {
    const connection = await hre.network.create();
    const created = await createMadeUpWorld(connection, { profile, provers: 2, proposers: 3, economics });
    const { client, deployer, proposers } = created;
    for (const user of [deployer, ...proposers]) {
      await actions.transfer(client, deployer, user.address, 100n * ETHER);
      await actions.approveAsset(client, user, 1_000n * ETHER);
    }
    return created;
  };
  const begin = takenBack(setUp);
  beforeEach(async () => {
    world = await begin();
  });

  const draft = (options: Partial<MadeUpBlockOptions> = {}) =>
    draftBlock(world, {
      proposer: world.proposers[0]!,
      burnBid: 1_000n,
      transcript: fullTranscript(profile, 2),
      elements: 2,
      ...options,
    });

  const deposit = (amount = 5n * ETHER) =>
    actions.depositAsset(world.client, world.proposers[1]!, {
      to: 3,
      amount,
      key: 7n,
      l1Owner: world.proposers[2]!.address,
    });

  describe("the queue", () => {
    it("takes deposits and forced operations, and gives them back as they were posted", async () => {
      const { client, proposers } = world;
      const [, user, owner] = proposers;
      const before = await client.asset.balanceOf(user!.address);
      expect((await deposit()).index).to.equal(0);
      expect(before - (await client.asset.balanceOf(user!.address))).to.equal(5n * ETHER + FEE);
      expect((await actions.forceTransfer(client, owner!, { from: 3, to: 4, amount: ETHER })).index).to.equal(1);
      expect((await actions.forceExit(client, owner!, { from: 3, amount: 2n * ETHER })).index).to.equal(2);

      const l1Owner = BigInt(owner!.address);
      const expected = [
        { from: 0, to: 3, amount: 5n * ETHER, l1Owner, key: 7n },
        { from: 3, to: 4, amount: ETHER, l1Owner, key: 0n },
        { from: 3, to: 0, amount: 2n * ETHER, l1Owner, key: 0n },
      ];
      const queue = await actions.getQueue(client);
      expect(queue.map(({ operation }) => operation)).to.deep.equal(expected);
      expect(queue.map(({ index }) => index)).to.deep.equal([0, 1, 2]);
      expect(queue.map(({ encoded }) => encoded)).to.deep.equal(expected.map(encodeOperation));
      for (const { index, postedAt } of queue)
        expect((await client.bridge.operationOf(index)).postedAt).to.equal(postedAt);
      expect(await actions.getQueue(client, { first: 1, count: 1 })).to.deep.equal([queue[1]]);
      expect(await actions.getQueue(client, { first: 3 })).to.deep.equal([]);
    });

    it("is read at a node with limits, though somebody has filled it", async () => {
      const { client, proposers } = world;
      for (let i = 0; i < 12; i++) await actions.forceExit(client, proposers[0]!, { from: 3, amount: ETHER });
      const queue = await actions.getQueue(client);
      expect(queue).to.have.length(12);
      for (const limits of [{ blocks: 3 }, { logs: 2 }]) {
        expect(await actions.getQueue(limitedNode(client, limits))).to.deep.equal(queue);
        const due = await actions.getQueue(limitedNode(client, limits), { first: 0, count: 4 });
        expect(due).to.deep.equal(queue.slice(0, 4));
      }
    });

    it("takes what owners have signed, from anybody, in the order that they signed", async () => {
      const { client, proposers } = world;
      const [sender, owner, other] = proposers;
      const list = [
        await actions.signForcedOperation(client, owner!, { from: 5, to: 6, amount: ETHER }),
        await actions.signForcedOperation(client, owner!, { from: 5, amount: 3n * ETHER, ahead: 1 }),
        await actions.signForcedOperation(client, other!, { from: 6, amount: ETHER }),
      ];
      expect((await actions.include(client, sender!, list)).index).to.equal(0);
      const queue = await actions.getQueue(client);
      expect(queue.map(({ operation: { from, to } }) => [from, to])).to.deep.equal([
        [5, 6],
        [5, 0],
        [6, 0],
      ]);
      expect(queue.map(({ operation: { l1Owner } }) => l1Owner)).to.deep.equal(
        [owner, owner, other].map((signer) => BigInt(signer!.address)),
      );
      const error = await refusal(actions.include(client, sender!, [list[0]!]));
      expect(error).to.include({ call: "include", error: "InvalidSignature" });
      expect(error.args).to.deep.equal({ l1Owner: owner!.address, nonce: 2n });
    });

    it("refuses with what is wrong, and an amount without an encoding before anything is sent", async () => {
      const { client, proposers } = world;
      const [user] = proposers;
      const blocks = await client.provider.getBlockNumber();
      const amount = ETHER + 1n;
      for (const promise of [
        deposit(amount),
        actions.forceExit(client, user!, { from: 1, amount }),
        actions.forceTransfer(client, user!, { from: 1, to: 2, amount }),
      ]) {
        expect(await promise.catch((reason: unknown) => reason)).to.be.instanceOf(NotRepresentableError);
      }
      expect(await client.provider.getBlockNumber()).to.equal(blocks);
      expect((await refusal(actions.forceExit(client, user!, { from: 0, amount: ETHER }))).error).to.equal(
        "InvalidAccount",
      );
      expect((await refusal(deposit(0n))).error).to.equal("InvalidAmount");
      expect((await refusal(deposit(2_000n * ETHER))).error).to.match(/^ERC20Insufficient/);
    });

    it("says what a block must begin with, and a block that does is final", async () => {
      const { client, proposers } = world;
      expect(await actions.getDueOperations(client)).to.deep.equal([]);
      await deposit();
      await deposit(6n * ETHER);
      await world.connection.networkHelpers.time.increase(1);
      // The first round opens with a commit, long after nothing was cut: what was posted before the failed attempt's
      // end is due.
      const { commitDue } = await actions.getRoundState(client);
      const due = await actions.getDueOperations(client);
      expect(due).to.have.length(commitDue.count);

      const block = await draft();
      await decideBlock(world, block);
      const { due: next } = await actions.getRoundState(client);
      const block2 = await draft();
      expect(block2.effects.l1OpCount).to.equal(BigInt(next.count));
      await deposit(7n * ETHER);
      await decideBlock(world, block2);
      const settled = Number((await client.bridge.queue()).settled);
      expect(settled).to.equal(2);
      expect((await actions.getQueue(client)).map(({ operation: { amount } }) => amount)).to.deep.equal([7n * ETHER]);
      expect((await actions.claimFees(client, proposers[0]!, proposers[0]!.address)).fees).to.equal(2n * FEE);
    });
  });

  describe("reveal", () => {
    /** A revealable block of operations and two blobs. */
    async function committed(): Promise<{ block: MadeUpBlock; commitment: actions.Commitment }> {
      await deposit();
      // What is due in a round was posted before it.
      await decideBlock(world, await draft({ elements: 0 }));
      const block = await draft({ elements: 2 });
      const { commitment } = await actions.commit(world.client, block.proposer, block);
      await passTo(world, "proposalEnds");
      return { block, commitment };
    }

    it("brings operations and blobs, and tells what they are", async () => {
      const { block, commitment } = await committed();
      const { rollup } = world.client;
      const { receipts, receipt, proposalId, l1OpCount } = await revealBlock(world, block, commitment);
      expect(receipts).to.deep.equal([receipt]);
      expect(proposalId).to.equal(block.proposalId);
      expect(l1OpCount).to.equal(Number(block.effects.l1OpCount));
      const [revealed] = await rollup.queryFilter(rollup.filters.Revealed(proposalId));
      expect([...revealed!.args.blobHashes]).to.deep.equal(block.order.blobHashes);
      expect(revealed!.args.txCount).to.equal(2n);
      await actions.submitProof(world.client, world.deployer, proveBlock(world, block, commitment));
    });

    it("says when all of it is on L1 already", async () => {
      const { block, commitment } = await committed();
      await revealBlock(world, block, commitment);
      await expectRejection(
        revealBlock(world, block, commitment),
        actions.AlreadyRevealedError,
        `proposal ${toHex32(block.proposalId)} is revealed already`,
      );
    });
  });

  describe("exits", () => {
    it("of a final block are paid to their owners, once", async () => {
      const { client, deployer, proposers } = world;
      const owner = proposers[2]!;
      const withdrawalsRoot = 1_234n;
      const block = await draft({ withdrawalsRoot });
      await decideBlock(world, block);
      const { proposalId } = block;
      expect(await actions.getCandidate(client, proposalId)).to.include({
        isFinal: true,
        withdrawalsRoot,
        l1OpCount: 0n,
      });
      const claims = [3n, 4n].map((amount, i) => ({
        proposalId,
        position: i,
        exit: packExit({ l1Owner: BigInt(owner.address), amount: amount * ETHER }),
      }));
      const before = await client.asset.balanceOf(owner.address);
      const proven = simulateExits(
        world,
        claims.map(({ position, exit }) => ({ withdrawalsRoot, position, packed: exit })),
      );
      expect((await actions.claimExits(client, deployer, { claims, ...proven })).amount).to.equal(7n * ETHER);
      expect((await client.asset.balanceOf(owner.address)) - before).to.equal(7n * ETHER);
      const error = await refusal(actions.claimExits(client, deployer, { claims, ...proven }));
      expect(error).to.include({ call: "claimExits", error: "AlreadyClaimed" });
    });
  });

  describe("the end of the chain", () => {
    it("comes when no block does: accounts escape, and the queue is refunded", async () => {
      const { client, deployer, proposers } = world;
      const owner = proposers[2]!;
      await deposit();
      await actions.forceExit(client, owner, { from: 1, amount: ETHER });
      expect((await refusal(actions.freeze(client, deployer))).error).to.equal("FreezeTooEarly");
      await world.connection.networkHelpers.time.increase(7 * 86_400 + 1);
      const queue = await actions.getQueue(client);
      const { stateRoot } = await actions.freeze(client, deployer);
      expect(stateRoot).to.equal(client.deployment.genesis.root);
      expect((await actions.getRoundState(client)).phase).to.equal("Frozen");

      const account = { index: 9, l1Owner: owner.address, balance: 11n * ETHER };
      const before = await client.asset.balanceOf(owner.address);
      const proof = simulateEscape(world, { ...account, stateRoot, l1Owner: BigInt(owner.address) });
      expect((await actions.escape(client, deployer, { ...account, proof })).amount).to.equal(account.balance);
      expect((await refusal(actions.escape(client, deployer, { ...account, proof }))).error).to.equal("AlreadyEscaped");
      const refunds = [];
      for (const { index, encoded } of queue)
        refunds.push((await actions.refund(client, deployer, index, encoded)).amount);
      expect(refunds).to.deep.equal([5n * ETHER + FEE, FEE]);
      expect((await client.asset.balanceOf(owner.address)) - before).to.equal(16n * ETHER + 2n * FEE);
      expect((await refusal(deposit())).error).to.equal("IsFrozen");
    });
  });
});
