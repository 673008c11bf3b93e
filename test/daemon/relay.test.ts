import { expect } from "chai";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { type ContractTransactionReceipt, id, JsonRpcProvider, TransactionReceipt, Wallet, ZeroHash } from "ethers";
import type { Call, Sender, Wanted } from "../../src/chain/tx/index.ts";
import {
  type OnceSender,
  RelayedError,
  RelayLostError,
  RelayServer,
  relaySender,
} from "../../src/daemon/relay/index.ts";
import { B52Error } from "../../src/protocol/errors.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { until } from "../support/until.ts";

const ROLLUP = "rollup 0x1 on chain 1";
const NAMES = { rollup: ROLLUP, journal: "a journal" };
const provider = new JsonRpcProvider("http://127.0.0.1:1", 1, { staticNetwork: true });
const wallet = (seed: string) => new Wallet(id(seed), provider) as Wallet & { provider: JsonRpcProvider };
const owner = wallet("owner");
const call: Call = { call: "addStake", to: wallet("contract").address, data: "0x1234", value: 10n ** 30n };

const receipt = new TransactionReceipt(
  {
    ...{ to: call.to, from: owner.address, contractAddress: null, hash: id("hash"), index: 2, blockHash: id("block") },
    ...{ blockNumber: 7, logsBloom: ZeroHash, gasUsed: 2n ** 60n, cumulativeGasUsed: 5n, gasPrice: 9n, type: 2 },
    ...{ status: 1, root: null },
    logs: [
      {
        ...{ transactionHash: id("hash"), transactionIndex: 2, blockHash: id("block"), blockNumber: 7, removed: false },
        ...{ address: call.to, data: "0x05", topics: [id("topic")], index: 3 },
      },
    ],
  },
  provider,
);

describe("a program that sends for commands", () => {
  let folder: string;
  let path: string;
  let relay: RelayServer | undefined;
  const sent: [Call, Wanted | undefined][] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "b52-relay-"));
    path = join(folder, "key.sock");
  });
  afterEach(async () => {
    await relay?.close();
    relay = undefined;
    sent.length = 0;
    await rm(folder, { recursive: true });
  });
  after(() => provider.destroy());

  const open = async (
    send: Sender["send"] = (...args) => {
      sent.push([args[0], args[1]]);
      return Promise.resolve(receipt as ContractTransactionReceipt);
    },
    known: ReadonlySet<string> = new Set(),
  ): Promise<void> => {
    const sentOnce: OnceSender["sentOnce"] = (name) => Promise.resolve(known.has(name) ? ({} as never) : undefined);
    relay = await RelayServer.open(path, { getAddress: () => Promise.resolve(owner.address), send, sentOnce }, NAMES);
  };

  it("says how long a path is that no socket can have", async () => {
    path = join("/", "x".repeat(200));
    await expectRejection(open(), B52Error, "has a path of 201 bytes, expected at most 10");
  });

  it("sends what the key's owner wants, and gives the receipt as L1 has it", async () => {
    // A process that was killed has left it.
    writeFileSync(path, "");
    await open();
    expect(statSync(path).mode & 0o077).to.equal(0);
    const sender = (await relaySender(path, owner, ROLLUP))!;
    expect(await sender.getAddress()).to.equal(owner.address);
    expect(sender.journal).to.equal("a journal");
    const found = await sender.send(call, { deadline: 5n });
    expect(sent).to.deep.equal([[call, { deadline: 5n }]]);
    expect(found.toJSON()).to.deep.equal(receipt.toJSON());
    expect(JSON.stringify(found.logs)).to.equal(JSON.stringify(receipt.logs));
    await relay!.close();
    expect(existsSync(path)).to.equal(false);
    expect(await relaySender(path, owner, ROLLUP), "nobody listens").to.equal(undefined);
  });

  it("sends nothing for whoever has another key, or signs for another rollup or another request", async () => {
    await open();
    for (const [who, rollup] of [
      [wallet("thief"), ROLLUP],
      [owner, "another rollup"],
    ] as const) {
      const sender = (await relaySender(path, who, rollup))!;
      await expectRejection(sender.send(call), RelayedError, `not signed by the key of ${owner.address}`);
    }
    // What was signed once says nothing on another connection.
    const socket = connect(path).setEncoding("utf8");
    await once(socket, "data");
    const signature = await owner.signMessage("");
    socket.write(`${JSON.stringify({ request: "{}", signature })}\n`);
    const [answer] = (await once(socket, "data")) as [string];
    expect(answer).to.contain("UnsignedRequestError");
    expect(sent).to.deep.equal([]);
  });

  it("takes no call with blobs, and nothing that is no call", async () => {
    await open();
    const sender = (await relaySender(path, owner, ROLLUP))!;
    await expectRejection(sender.send({ ...call, sidecars: [{}] as never }), B52Error, "blobs of addStake is 1");
    await expectRejection(sender.send({ ...call, to: "nobody" }), RelayedError, "request is call.to: ");
    const socket = connect(path).setEncoding("utf8");
    await once(socket, "data");
    socket.write("nonsense\n");
    expect(((await once(socket, "data")) as [string])[0]).to.contain("request is no JSON");
    expect(sent).to.deep.equal([]);
  });

  it("tells whether it was sent before, and after a failure whether it may still be mined", async () => {
    const known = new Set(["known", "open"]);
    await open((...args) => {
      sent.push([args[0], args[1]]);
      if (args[1]?.once === "open") return Promise.reject(new B52Error("it was not mined in time"));
      return Promise.resolve(receipt as ContractTransactionReceipt);
    }, known);
    const taken: string[] = [];
    const sender = (await relaySender(path, owner, ROLLUP, (what) => taken.push(what)))!;
    await sender.send(call, { once: "new" });
    expect(taken).to.deep.equal([]);
    await sender.send(call, { once: "known" });
    expect(taken).to.deep.equal([`addStake (transaction ${receipt.hash})`]);
    expect(sent.map(([, wanted]) => wanted?.once)).to.deep.equal(["new", "known"]);
    const late = await expectRejection(sender.send(call, { once: "open" }), RelayedError, "not mined in time");
    expect(late.isOpen).to.equal(true);
  });

  it("tells why something is not sent, and a command what to do when it ends", async () => {
    let isAsked = false;
    await open(({ call: name }) => {
      isAsked = true;
      return name === "addStake" ? Promise.reject(new B52Error("it is refused")) : new Promise(() => undefined);
    });
    const sender = (await relaySender(path, owner, ROLLUP))!;
    const error = await expectRejection(sender.send(call), RelayedError, "it is refused");
    expect(error.details).to.deep.equal({ name: "B52Error" });
    expect(error.isOpen).to.equal(false);
    isAsked = false;
    const waiting = expectRejection(sender.send({ ...call, call: "never" }), RelayLostError, "has ended while it sent");
    await until("it is asked", () => isAsked);
    await relay!.close();
    await waiting;
  });
});
