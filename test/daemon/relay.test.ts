import { expect } from "chai";
import { spawn } from "node:child_process";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { once } from "node:events";
import { type ContractTransactionReceipt, id, JsonRpcProvider, TransactionReceipt, Wallet, ZeroHash } from "ethers";
import type { Call, Sender, Wanted } from "../../src/chain/tx/index.ts";
import { RelayedError, RelayLostError, RelayServer, relaySender } from "../../src/daemon/relay/index.ts";
import { Undelivered } from "../../src/daemon/relay/undelivered.ts";
import { B52Error } from "../../src/protocol/errors.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { until } from "../support/until.ts";
import { callOf } from "./relayChild.ts";

const ROLLUP = "rollup 0x1 on chain 1";
const provider = new JsonRpcProvider("http://127.0.0.1:1", 1, { staticNetwork: true });
const wallet = (seed: string) => new Wallet(id(seed), provider) as Wallet & { provider: JsonRpcProvider };
const owner = wallet("owner");
const call = callOf(wallet("contract").address);

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
  ): Promise<void> => {
    relay = await RelayServer.open(path, { getAddress: () => Promise.resolve(owner.address), send }, ROLLUP);
  };

  it("sends what the key's owner wants, and gives the receipt as L1 has it", async () => {
    // A process that was killed has left it.
    writeFileSync(path, "");
    await open();
    expect(statSync(path).mode & 0o077).to.equal(0);
    const sender = (await relaySender(path, owner, ROLLUP))!;
    expect(await sender.getAddress()).to.equal(owner.address);
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

  it("gives what a command that was killed has had sent to the next that does the same, once", async () => {
    let mine = (): void => undefined;
    const mined = new Promise<ContractTransactionReceipt>((resolve) => {
      mine = () => resolve(receipt as ContractTransactionReceipt);
    });
    await open((...args) => {
      sent.push([args[0], args[1]]);
      return mined;
    });
    // It is killed once it has asked.
    const child = spawn(
      process.execPath,
      [
        "--import",
        "tsx",
        fileURLToPath(new URL("relayChild.ts", import.meta.url)),
        path,
        ROLLUP,
        owner.privateKey,
        call.to,
      ],
      { stdio: ["ignore", "ignore", "inherit"] },
    );
    await until("it is asked", () => sent.length === 1, 30_000);
    child.kill("SIGKILL");
    await once(child, "close");
    mine();
    await mined;
    const taken: string[] = [];
    const sender = (await relaySender(path, owner, ROLLUP, (what) => taken.push(what)))!;
    await sender.send({ ...call, data: "0x99" });
    expect([sent.length, taken.length]).to.deep.equal([2, 0]);
    expect((await sender.send(call)).hash).to.equal(receipt.hash);
    expect([sent.length, taken]).to.deep.equal([2, [`addStake (transaction ${receipt.hash})`]]);
    await sender.send(call);
    expect([sent.length, taken.length], "who wants it twice").to.deep.equal([3, 1]);
  });

  it("forgets what nobody has asked for in an hour, and what has failed", async () => {
    let now = 0;
    const undelivered = new Undelivered(() => now);
    const good = Promise.resolve(receipt as ContractTransactionReceipt);
    const bad = Promise.reject<ContractTransactionReceipt>(new Error("it is refused"));
    for (const name of ["soon", "late"]) undelivered.keep(name, good);
    undelivered.keep("bad", bad);
    await bad.catch(() => undefined);
    expect(undelivered.take("bad")).to.equal(undefined);
    now = 3_599_999;
    expect(undelivered.take("soon")).to.equal(good);
    expect(undelivered.take("soon")).to.equal(undefined);
    now++;
    expect(undelivered.take("late")).to.equal(undefined);
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
    isAsked = false;
    const waiting = expectRejection(sender.send({ ...call, call: "never" }), RelayLostError, "has ended while it sent");
    await until("it is asked", () => isAsked);
    await relay!.close();
    await waiting;
  });
});
