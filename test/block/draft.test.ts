import { expect } from "chai";
import { type DraftParameters, draftBlock } from "../../src/block/draft.ts";
import { keccak256 } from "ethers";
import { versionedHashOf } from "../../src/blobs/kzg.ts";
import {
  dataPoint,
  evaluate,
  operationElements,
  operationNodes,
  orderCommitment,
  proposalId,
  transfersPerBlock,
} from "../../src/protocol/index.ts";
import { deposit, DOMAIN, ETHER, forcedExit, genesisState, PROFILE, RULES, transfer } from "../state/fixtures.ts";

const parameters: DraftParameters = {
  state: genesisState(),
  operations: [],
  pool: Array.from({ length: 9 }, (_, nonce) => transfer(1, 2, nonce)),
  rules: RULES,
  roundId: 7n,
  parent: 8n,
  proposer: "0x00000000000000000000000000000000000000A1",
  proverShareBps: 5_000,
  salt: `0x${"5a".repeat(32)}`,
};

describe("draftBlock", () => {
  it("begins with all due operations and fills the room that they leave", async () => {
    const operations = [deposit(6), forcedExit(2), forcedExit(9)];
    const { executed, dropped } = await draftBlock({ ...parameters, operations });
    expect(executed.l1OpCount).to.equal(3);
    expect(operationNodes(PROFILE, 3)).to.equal(2);
    expect(executed.bases.slice(0, 2).map(({ elements }) => elements)).to.deep.equal([
      operationElements(PROFILE, operations.slice(0, 2)),
      operationElements(PROFILE, operations.slice(2)),
    ]);
    expect(executed.bases.reduce((sum, { txCount }) => sum + txCount, 0n)).to.equal(
      BigInt(transfersPerBlock(PROFILE, 3)),
    );
    expect(dropped).to.deep.equal([]);
    expect(executed.state.account(6).balance).to.equal(ETHER);
    expect(parameters.state.root).to.equal(genesisState().root);
  });

  it("drops what an operation made impossible", async () => {
    const { dropped } = await draftBlock({
      ...parameters,
      operations: [forcedExit(1, { amount: 100n * ETHER })],
      pool: [transfer(1, 2, 0)],
    });
    expect(dropped.map(({ reason }) => reason.name)).to.deep.equal(["InsufficientBalanceError"]);
  });

  it("takes the replacement that pays more, at the place of what it replaces", async () => {
    const pool = [transfer(1, 2, 0), transfer(1, 3, 1), transfer(2, 1, 0), transfer(1, 4, 0, { fee: ETHER / 10n })];
    const { executed, dropped } = await draftBlock({ ...parameters, pool });
    const { state } = executed;
    expect([1, 2, 3, 4].map((index) => state.account(index).nonce)).to.deep.equal([2n, 1n, 0n, 0n]);
    expect([3, 4].map((index) => state.account(index).balance)).to.deep.equal([101n * ETHER, 101n * ETHER]);
    expect(dropped.map(({ transfer: of, reason }) => [of, reason.name])).to.deep.equal([[pool[0], "WrongNonceError"]]);
  });

  it("has no room for transfers in a block full of operations", async () => {
    const operations = Array.from({ length: 8 }, () => forcedExit(1));
    const { executed, dropped } = await draftBlock({ ...parameters, operations });
    expect(executed.bases.map(({ kind }) => kind)).to.deep.equal(Array(4).fill("operations"));
    expect(dropped).to.deep.equal([]);
  });

  it("commits to the order and to the blobs, which are ready to be sent", async () => {
    const draft = await draftBlock({ ...parameters, operations: [forcedExit(1)] });
    const { proposal, proposalId: id, executed, order, blobs } = draft;
    const { roundId, parent, proposer, proverShareBps, salt } = parameters;
    const { txsRoot, txCount, data } = executed;
    const [blob] = blobs;
    expect(order).to.deep.equal({
      ...{ txsRoot, txCount, salt },
      blobHashes: [versionedHashOf(blob!.sidecar.commitment)],
      operationsHash: keccak256(data.operations),
    });
    const orderHash = orderCommitment({ domain: DOMAIN, roundId, proposer, ...order });
    expect(proposal).to.deep.equal({
      domain: DOMAIN,
      roundId,
      parent,
      orderCommitment: orderHash,
      proverShareBps,
      proposer,
    });
    expect(id).to.equal(proposalId(proposal));
    expect(blob!.y).to.equal(evaluate(data.elements, dataPoint(orderHash)));
  });

  it("has no blob without transfers", async () => {
    const { order, blobs } = await draftBlock({ ...parameters, operations: [forcedExit(1)], pool: [] });
    expect([order.blobHashes, blobs, order.txCount]).to.deep.equal([[], [], 0n]);
  });
});
