import { expect } from "chai";
import { AbiCoder, concat, encodeBytes32String, id, keccak256, solidityPacked } from "ethers";
import {
  commitDigest,
  dataPoint,
  domainOf,
  type Order,
  orderCommitment,
  type Proposal,
  proposalId,
  revealDigest,
  vrfBeta,
} from "../../src/protocol/index.ts";

const ALICE = "0x00000000000000000000000000000000000A11cE";
const BOB = "0x0000000000000000000000000000000000000B0b";
const order: Order = {
  domain: 1n,
  roundId: 2n,
  proposer: ALICE,
  txsRoot: 3n,
  txCount: 4n,
  blobHashes: [id("blob 0"), id("blob 1")],
  operationsHash: id("operations"),
  salt: id("salt"),
};
const proposal: Proposal = {
  domain: 1n,
  roundId: 2n,
  parent: 0n,
  orderCommitment: orderCommitment(order),
  proverShareBps: 5,
  proposer: ALICE,
};

/** Every variant of `value` with one field changed gives another result than `value` and than all other variants. */
function bindsAll<T extends object>(value: T, changes: Partial<T>[], hash: (value: T) => unknown): void {
  const results = [value, ...changes.map((change) => ({ ...value, ...change }))].map((one) => String(hash(one)));
  expect(new Set(results).size).to.equal(changes.length + 1);
  expect(changes.flatMap(Object.keys).sort()).to.deep.equal(Object.keys(value).sort());
}

describe("proposal", () => {
  it("a domain is chain and contract, in 248 bits", () => {
    bindsAll({ chainId: 1n, rollup: ALICE }, [{ chainId: 2n }, { rollup: BOB }], domainOf);
    const encoded = solidityPacked(
      ["bytes32", "uint256", "uint256"],
      [`${"0x6235322e646f6d61696e".padEnd(66, "0")}`, 1n, ALICE],
    );
    expect(domainOf({ chainId: 1n, rollup: ALICE })).to.equal(BigInt(keccak256(encoded)) >> 8n);
  });

  it("an order commitment binds everything, the proposer too", () => {
    bindsAll(
      order,
      [
        { domain: 9n },
        { roundId: 9n },
        { proposer: BOB },
        { txsRoot: 9n },
        { txCount: 9n },
        { blobHashes: [id("blob 1"), id("blob 0")] },
        { operationsHash: id("x") },
        { salt: id("y") },
      ],
      orderCommitment,
    );
  });

  it("a proposalId binds everything but the bid, in 248 bits", () => {
    const changes: Partial<Proposal>[] = [
      { domain: 9n },
      { roundId: 9n },
      { parent: 9n },
      { orderCommitment: id("x") },
      { proverShareBps: 6 },
      { proposer: BOB },
    ];
    bindsAll(proposal, changes, proposalId);
    expect(proposalId(proposal) < 2n ** 248n).to.equal(true);
  });

  it("refuses fields that do not fit their Solidity type", () => {
    expect(() => proposalId({ ...proposal, proverShareBps: 2 ** 16 })).to.throw("out-of-bounds");
    expect(() => proposalId({ ...proposal, roundId: 2n ** 64n })).to.throw("out-of-bounds");
    expect(() => orderCommitment({ ...order, operationsHash: "0x12" })).to.throw();
  });

  it("a commit digest binds everything, in 192 bits", () => {
    const commit = { terms: 1n, orderCommitment: id("o"), transcript: "0x0001", committedAt: 5n };
    bindsAll(
      commit,
      [{ terms: 2n }, { orderCommitment: id("p") }, { transcript: "0x000100" }, { committedAt: 6n }],
      commitDigest,
    );
    expect(commitDigest(commit) < 2n ** 192n).to.equal(true);
    expect(() => commitDigest({ ...commit, terms: 1n << 168n })).to.throw("terms is");
  });

  it("a reveal digest binds everything", () => {
    bindsAll(
      { txsRoot: 1n, txCount: 7n, dataEval: 2n, l1OpCount: 3n },
      [{ txsRoot: 4n }, { txCount: 8n }, { dataEval: 5n }, { l1OpCount: 6n }],
      revealDigest,
    );
  });

  it("an order commitment is that of Solidity's abi.encode", () => {
    const { domain, roundId, proposer, txsRoot, txCount, blobHashes, operationsHash, salt } = order;
    const tag = encodeBytes32String("b52.order");
    const blobs = keccak256(concat(blobHashes));
    const types = ["bytes32", "uint256", "uint64", "address", "uint256", "uint256", "bytes32", "bytes32", "bytes32"];
    const encoded = AbiCoder.defaultAbiCoder().encode(types, [
      ...[tag, domain, roundId, proposer, txsRoot],
      ...[txCount, blobs, operationsHash, salt],
    ]);
    expect(orderCommitment(order)).to.equal(keccak256(encoded));
    expect(orderCommitment({ ...order, blobHashes: [] })).to.equal(
      keccak256(encoded.replace(blobs.slice(2), keccak256("0x").slice(2))),
    );
  });

  it("z has 248 bits and is fixed by the commitment", () => {
    const tag = encodeBytes32String("b52.data");
    expect(dataPoint(id("a"))).to.equal(BigInt(keccak256(concat([tag, id("a")]))) >> 8n);
    expect(dataPoint(id("a"))).to.not.equal(dataPoint(id("b")));
  });

  it("a VRF value depends on secret and seed, and is 0 without seed or secret", () => {
    expect(new Set([vrfBeta(1n, 5n), vrfBeta(2n, 5n), vrfBeta(1n, 6n)]).size).to.equal(3);
    expect([vrfBeta(1n, 0n), vrfBeta(undefined, 5n)]).to.deep.equal([0n, 0n]);
  });
});
