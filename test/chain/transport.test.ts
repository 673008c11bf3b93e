import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { keccak256, Network, Transaction, Wallet } from "ethers";
import { makeSidecar } from "../../src/blobs/sidecar.ts";
import { ChainUnreachableError, NodeSilentError, NodeUnusableError } from "../../src/chain/errors.ts";
import { connectProvider, NodeProvider, RpcRefusal, oneNode } from "../../src/chain/provider.ts";
import { callTimeoutMs, MAX_ANSWER_BYTES } from "../../src/chain/transport.ts";
import { endpointOf, NodeAddressError, shortUrl } from "../../src/chain/url.ts";
import { Waiting } from "../../src/chain/waiting.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { type RpcProxy, startProxy } from "../faults/rpcProxy.ts";
import { freePort } from "../support/testNode.ts";

/** Short, so that tests are: shares of it are what is asserted. */
const TIMEOUT_MS = 1_500;

const FILLING = Buffer.alloc(2 ** 20, " ");

describe("transport", () => {
  let node: RpcProxy;
  let lines: string[];
  const stop = new AbortController();

  beforeEach(async () => {
    node = await startProxy();
    node.behave = () => ({ result: "0x7a69" });
    lines = [];
  });
  afterEach(() => node.close());

  const provider = (timeoutMs = TIMEOUT_MS, signal = stop.signal): NodeProvider => {
    const waiting = new Waiting({ signal, onWait: (line) => lines.push(line) });
    return new NodeProvider(oneNode(endpointOf(node.url), waiting, timeoutMs), Network.from(31_337), waiting);
  };

  const milliseconds = async (task: () => Promise<unknown>): Promise<number> => {
    const started = performance.now();
    await task();
    return performance.now() - started;
  };

  it("gives up on a node that never answers, within the time that a call may take", async () => {
    node.behave = () => "silent";
    const took = await milliseconds(() =>
      expectRejection(
        provider().send("eth_getLogs", [{}]),
        NodeSilentError,
        `${node.url} does not answer eth_getLogs: no answer in 0.5 s (tried `,
      ),
    );
    expect(took).to.be.lessThan(TIMEOUT_MS + 500);
    expect(node.calls.length, "it is asked again").to.be.greaterThan(1);
  });

  it("asks again where the node is busy, falls over, cuts the connection, or says later", async () => {
    const faults = [
      { status: 429 },
      { status: 503 },
      "cut",
      { error: { code: -32_000, message: "transaction indexing is in progress" } },
      { error: { code: 429, message: "Your app has exceeded its compute units per second capacity" } },
    ] as const;
    for (const fault of faults) {
      const before = node.calls.length;
      node.behave = () => (node.calls.length === before + 1 ? fault : { result: "0x2a" });
      expect(await provider(10_000).getBlockNumber(), JSON.stringify(fault)).to.equal(42);
      expect(node.calls.length - before).to.equal(2);
    }
  });

  it("asks again only for what was put off, of several calls", async () => {
    const later = { error: { code: -32_000, message: "transaction indexing is in progress" } };
    node.behave = ({ method }) =>
      method === "eth_gasPrice" && node.calls.length === 2 ? later : { result: `0x${method.length}` };
    const asked = provider(10_000);
    const answers = await Promise.all([asked.send("eth_blockNumber", []), asked.send("eth_gasPrice", [])]);
    expect(answers).to.deep.equal(["0x15", "0x12"]);
    expect(node.calls.map(({ method }) => method)).to.deep.equal(["eth_blockNumber", "eth_gasPrice", "eth_gasPrice"]);
  });

  it("gives up on a node that is busy for ever, and does what it asks for", async () => {
    node.behave = () => ({ status: 429, headers: { "retry-after": "1" } });
    const took = await milliseconds(() =>
      expectRejection(
        provider(2_500).getBlockNumber(),
        NodeSilentError,
        "HTTP 429 Too Many Requests (tried 3 times in 2 s)",
      ),
    );
    expect(took).to.be.within(1_900, 2_900);
  });

  it("says what it waits for when it takes longer than 2 seconds, without what is secret in the address", async () => {
    node.behave = () => "silent";
    const address = node.url.replace("://", "://user:pass@") + "/v3/secret?key=secret";
    const waiting = new Waiting({ onWait: (line) => lines.push(line) });
    const asked = new NodeProvider(oneNode(endpointOf(address), waiting, 2_600), Network.from(31_337), waiting);
    const error = await asked.getBlockNumber().catch((reason: unknown) => reason as Error);
    expect(lines).to.deep.equal([`waiting for eth_blockNumber from ${node.url}/…: no answer in 0.9 s (2 s)`]);
    expect(`${(error as Error).stack}${JSON.stringify(error)}`).to.not.match(/secret|user|pass/);
    expect(node.headers.authorization).to.equal(`Basic ${Buffer.from("user:pass").toString("base64")}`);
  });

  it("stops at once on a signal, in the middle of a call and between two", async () => {
    for (const behaviour of ["silent", { status: 503 }] as const) {
      node.behave = () => behaviour;
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 100);
      const took = await milliseconds(async () => {
        const error = await provider(60_000, controller.signal)
          .getBlockNumber()
          .catch((reason: unknown) => reason as Error);
        expect(error).to.have.property("name", "AbortError");
      });
      expect(took).to.be.lessThan(1_000);
    }
  });

  it("sends what the node signs itself only once where it may have arrived", async () => {
    for (const fault of ["cut", { status: 502 }] as const) {
      node.calls.length = 0;
      node.behave = () => fault;
      await expectRejection(
        provider().request({ method: "eth_sendTransaction", params: [{}] }),
        NodeSilentError,
        "(tried once in 0 s); the transaction may have been sent all the same; expected",
      );
      expect(node.calls).to.have.length(1);
    }
    node.behave = () => (node.calls.length === 2 ? { status: 429 } : { result: "0x01" });
    expect(await provider(10_000).request({ method: "eth_sendTransaction", params: [{}] })).to.equal("0x01");
  });

  it("takes a signed transaction for sent that had arrived before the connection was cut", async () => {
    const signed = "0x02c0";
    let isKnown = true;
    node.behave = ({ method }) => {
      if (method === "eth_getTransactionByHash") return { result: isKnown ? {} : null };
      return node.calls.length === 1 ? "cut" : { error: { code: -32_000, message: "already known" } };
    };
    const send = () => provider(10_000).request({ method: "eth_sendRawTransaction", params: [signed] });
    expect(await send()).to.equal(keccak256(signed));
    node.calls.length = 0;
    isKnown = false;
    await expectRejection(send(), RpcRefusal, "already known");
  });

  it("takes one with blobs for sent, too: they are no part of its hash", async () => {
    const { blob, commitment, proof, cellProofs } = await makeSidecar([5n]);
    const wallet = new Wallet(`0x${"b5".repeat(32)}`);
    for (const isByCells of [false, true]) {
      const sent = Transaction.from({
        ...{ type: 3, chainId: 31_337, nonce: 0, to: wallet.address, gasLimit: 21_000 },
        ...{ maxFeePerGas: 2, maxPriorityFeePerGas: 1, maxFeePerBlobGas: 1 },
        ...(isByCells && { blobWrapperVersion: 1 }),
        blobs: [{ data: blob, commitment, proof: isByCells ? cellProofs : proof }],
      });
      sent.signature = wallet.signingKey.sign(sent.unsignedHash);
      node.calls.length = 0;
      // It was mined while nobody heard of it.
      node.behave = ({ method, params }) => {
        if (method === "eth_getTransactionByHash") return { result: params[0] === sent.hash ? {} : null };
        return node.calls.length === 1 ? "cut" : { error: { code: -32_000, message: "nonce too low" } };
      };
      const send = provider(10_000).request({ method: "eth_sendRawTransaction", params: [sent.serialized] });
      expect(await send).to.equal(sent.hash);
    }
  });

  it("takes a result with a null error beside it, and no error without a message", async () => {
    node.behave = () => ({ result: "0x2a", error: null });
    expect(await provider().getBlockNumber()).to.equal(42);
    node.behave = () => ({ result: "0x2a", error: "busy" });
    await expectRejection(provider().getBlockNumber(), NodeUnusableError, "does not speak JSON-RPC");
  });

  it("passes on what a node refuses, whatever the HTTP status, and whole batches", async () => {
    const refusal = { code: 3, message: "execution reverted", data: "0x08c379a0" };
    node.behave = () => ({ error: refusal });
    const error = await expectRejection(
      provider().request({ method: "eth_call", params: [{}] }),
      RpcRefusal,
      "execution reverted",
    );
    expect(error).to.include({ code: 3, data: "0x08c379a0" });
  });

  it("reads no more of an answer than any is long", async () => {
    let sent = 0;
    const endless = createServer((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const more = (): void => {
        while (!response.destroyed && response.write(FILLING)) sent += FILLING.length;
      };
      response.on("drain", more);
      more();
    }).listen(0, "127.0.0.1");
    await once(endless, "listening");
    const waiting = new Waiting({ signal: stop.signal });
    const { port } = endless.address() as AddressInfo;
    const asked = new NodeProvider(
      oneNode(endpointOf(`http://127.0.0.1:${port}`), waiting, 60_000),
      Network.from(31_337),
      waiting,
    );
    await expectRejection(
      asked.request({ method: "eth_getLogs", params: [{}] }),
      RpcRefusal,
      `the answer has more than ${MAX_ANSWER_BYTES} bytes`,
    );
    expect(sent).to.be.lessThan(2 * MAX_ANSWER_BYTES);
    asked.destroy();
    endless.closeAllConnections();
    endless.close();
    await once(endless, "close");
  });

  it("says what is wrong with what answers, and does not ask again", async () => {
    node.behave = () => ({ status: 401 });
    await expectRejection(
      connectProvider(node.url),
      NodeUnusableError,
      `${node.url} answers HTTP 401 Unauthorized, expected user and password, or the key, in the address`,
    );
    node.behave = () => ({ status: 404 });
    await expectRejection(
      connectProvider(node.url),
      NodeUnusableError,
      "answers HTTP 404 Not Found, expected an Ethereum node",
    );
    expect(node.calls).to.have.length(2);
  });

  it("names a node that cannot be reached", async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    await expectRejection(
      connectProvider(url),
      ChainUnreachableError,
      `no Ethereum node answers at ${url}: connect ECONNREFUSED`,
    );
  });

  it("takes as long as the environment says", async () => {
    expect(callTimeoutMs({})).to.equal(60_000);
    expect(callTimeoutMs({ B52_RPC_TIMEOUT: "2.5" })).to.equal(2_500);
    for (const text of ["0", "-1", "long", "1e9", ""])
      expect(() => callTimeoutMs({ B52_RPC_TIMEOUT: text })).to.throw(
        NodeUnusableError,
        `B52_RPC_TIMEOUT is ${text}, expected seconds, more than 0 and at most 3600`,
      );
  });
});

describe("addresses of nodes", () => {
  it("are shown without user, password, path and query", () => {
    for (const [address, shown] of [
      ["http://127.0.0.1:8545", "http://127.0.0.1:8545"],
      ["http://127.0.0.1:8545/", "http://127.0.0.1:8545"],
      ["https://user:secret@node.example:443/rpc", "https://node.example/…"],
      ["https://node.example/v3/0123456789abcdef", "https://node.example/…"],
      ["https://node.example/?apikey=secret#secret", "https://node.example/…"],
    ] as const)
      expect(shortUrl(address)).to.equal(shown);
  });

  it("give user and password as a header, whatever characters they have", () => {
    const { url, headers } = endpointOf("https://us%40er:p%3A%25ss%@node.example/rpc");
    expect(url).to.equal("https://node.example/rpc");
    expect(Buffer.from(headers.authorization!.split(" ")[1]!, "base64").toString()).to.equal("us@er:p%3A%25ss%");
    expect(endpointOf("https://node.example/rpc").headers).to.deep.equal({});
  });

  it("that are none are refused, and not shown", () => {
    for (const address of ["localhost:8545", "ws://user:secret@host", "user:secret@host", "secret"]) {
      expect(() => endpointOf(address, "what --rpc has"))
        .to.throw(NodeAddressError, "what --rpc has is no address of a node, expected http://host:port")
        .with.property("stack")
        .that.does.not.match(/secret/);
    }
  });
});
