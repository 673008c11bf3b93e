import { expect } from "chai";
import { network } from "hardhat";
import { Wallet } from "ethers";
import { makeSidecar } from "../../src/blobs/sidecar.ts";
import { TransactionError } from "../../src/chain/errors.ts";
import { type BlobBid, bidFor, feeAfter } from "../../src/chain/tx/blobBid.ts";
import { send } from "../../src/chain/tx/index.ts";
import { startProxy } from "../faults/rpcProxy.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { startNode } from "../support/testNode.ts";
import { describeBlobTransactions, GAS, overHttp } from "./describeBlobTransactions.ts";

describeBlobTransactions("Hardhat's chain in this process", async () => {
  const connection = await network.create();
  const [deployer] = await connection.ethers.getSigners();
  return { provider: connection.ethers.provider, deployer: deployer!, close: () => connection.close() };
});
describeBlobTransactions("a node of its own", async () => overHttp(await startNode()));

describe("a blob transaction that a node takes in neither form", () => {
  it("fails with what the node says to each", async () => {
    const node = await startNode();
    const proxy = await startProxy(node.url);
    const chain = await overHttp({ url: proxy.url, stop: () => node.stop() });
    try {
      const revealer = new Wallet(`0x${"b8".repeat(32)}`, chain.provider);
      await (await chain.deployer.sendTransaction({ to: revealer.address, value: 10n ** 18n })).wait();
      const says = ["unexpected string", "no blobs while blocks come by the clock"];
      let sends = 0;
      proxy.behave = ({ method }) =>
        method === "eth_sendRawTransaction" ? { error: { code: -32_602, message: says[sends++ % 2]! } } : "pass";
      const transaction = { to: revealer.address, data: "0x", gasLimit: GAS, sidecars: [await makeSidecar([4n])] };
      await expectRejection(
        send("keep", revealer, { ...transaction, slots: 2 }),
        TransactionError,
        `with cell proofs it says "${says[0]}", with blob proofs "${says[1]}"`,
      );
    } finally {
      await chain.close();
      await proxy.close();
    }
  });
});

describe("a blob transaction that is not mined in time", () => {
  it("is none that was mined before anybody looked, where no other block comes", async () => {
    const node = await startNode();
    const proxy = await startProxy(node.url);
    const chain = await overHttp({ url: proxy.url, stop: () => node.stop() });
    try {
      const revealer = new Wallet(`0x${"b7".repeat(32)}`, chain.provider);
      await (await chain.deployer.sendTransaction({ to: revealer.address, value: 10n ** 18n })).wait();
      let isFirst = true;
      proxy.behave = ({ method }) => {
        if (method !== "eth_getTransactionReceipt" || !isFirst) return "pass";
        isFirst = false;
        return { result: null };
      };
      const transaction = { to: revealer.address, data: "0x", gasLimit: GAS, sidecars: [await makeSidecar([4n])] };
      const receipt = await send("keep", revealer, { ...transaction, slots: 2 });
      expect({ isFirst, status: receipt.status }).to.deep.equal({ isFirst: false, status: 1 });
    } finally {
      await chain.close();
      await proxy.close();
    }
  });
});

describe("what a blob transaction bids", () => {
  it("is enough after a window of full blocks", () => {
    expect(feeAfter(1n, 1_082n, 0)).to.equal(1n);
    expect(feeAfter(1_000_000n, 1_082n, 32)).to.be.within(12_452_000n, 12_454_000n);
    expect(feeAfter(1n, 1_082n, 2)).to.equal(3n);
  });

  const GWEI = 10n ** 9n;
  const ETHER = 10n ** 18n;
  const bidder = { gasLimit: 600_000n, blobs: 6, slots: 64, balance: 100n * ETHER };
  const cost = ({ maxFeePerGas, maxFeePerBlobGas }: BlobBid, { gasLimit, blobs } = bidder): bigint =>
    gasLimit * maxFeePerGas + BigInt(blobs) * 131_072n * maxFeePerBlobGas;

  it("grows for 16 slots of gas, and for all slots of blobs", () => {
    const market = { baseFee: GWEI, tip: GWEI, blobFee: 1_000n };
    const bid = bidFor(market, bidder);
    expect(bid.maxFeePerGas).to.equal(feeAfter(GWEI, 1_125n, 16) + GWEI);
    expect(bid.maxFeePerBlobGas).to.equal(feeAfter(1_000n, 1_082n, 64));
    expect(bidFor(market, { ...bidder, slots: 2 }).maxFeePerGas).to.equal(feeAfter(GWEI, 1_125n, 2) + GWEI);
  });

  it("takes no tip from a node that no block's maker asks for", () => {
    const bid = bidFor({ baseFee: GWEI, tip: ETHER, blobFee: 1n }, bidder);
    expect(bid.maxPriorityFeePerGas).to.equal(5n * GWEI);
    expect(bid.maxFeePerGas).to.equal(feeAfter(GWEI, 1_125n, 16) + 5n * GWEI);
  });

  it("stays within 0.9 ether and within the balance, and above what the next block needs", () => {
    for (const baseFee of [GWEI, 50n * GWEI, 500n * GWEI, 5_000n * GWEI]) {
      for (const blobFee of [1n, GWEI, 100n * GWEI]) {
        for (const balance of [0n, ETHER / 10n, ETHER / 2n, 100n * ETHER]) {
          const bid = bidFor({ baseFee, tip: GWEI, blobFee }, { ...bidder, balance });
          const next = bidFor({ baseFee, tip: GWEI, blobFee }, { ...bidder, slots: 1 });
          const budget = balance < (9n * ETHER) / 10n ? balance : (9n * ETHER) / 10n;
          expect(cost(bid) <= budget || cost(bid) === cost(next)).to.equal(true);
          expect(bid.maxFeePerGas >= feeAfter(baseFee, 1_125n, 1) + GWEI).to.equal(true);
          expect(bid.maxFeePerBlobGas >= blobFee).to.equal(true);
        }
      }
    }
  });
});
