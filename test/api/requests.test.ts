import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { id } from "ethers";
import {
  accountAnswer,
  accounts as accountsAnswer,
  MAX_PAGE,
  problem,
  REASONS,
  sent,
  transactionAnswer,
  type Problem,
} from "../../src/api/schema/index.ts";
import { PROBLEM_KINDS } from "../../src/api/problem.ts";
import { EventStream } from "../../src/api/stream.ts";
import { GossipClosedError, MAX_NONCE_AHEAD } from "../../src/gossip/index.ts";
import { accountKeyOf } from "../../src/protocol/keys.ts";
import { secretKeyFromSeed } from "../../src/protocol/eddsa.ts";
import { FIELD } from "../../src/protocol/field.ts";
import { toHex32 } from "../../src/protocol/hex.ts";
import { encodeTransfer } from "../../src/protocol/messages.ts";
import { accountCount, PROFILES } from "../../src/protocol/profile.ts";
import { signTransfer, type SignedTransfer, type Transfer } from "../../src/protocol/transfer.ts";
import { transferId } from "../../src/protocol/transferId.ts";
import type { Account } from "../../src/state/account.ts";
import { ReadApiError } from "../../src/wallet/errors.ts";
import { waitingTransfers } from "../../src/wallet/waiting.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { eventually, type Event, readEvents } from "./client.ts";
import { DEPLOYMENT, offlineApi, type OfflineApi, viewAt } from "./offline.ts";

const ACCOUNTS = accountCount(PROFILES.dev);
const secret = secretKeyFromSeed("requests");
const poor = secretKeyFromSeed("poor");
const account = (owner: bigint, balance: bigint): Account => ({
  ...{ key: accountKeyOf(owner), balance, nonce: 0n, l1Owner: 5n },
});
/** Account 1 is rich, account 2 has 10 wei. */
const accounts = [account(secret, 10n ** 20n), account(poor, 10n)];

const transferOf = (change: Partial<Transfer> = {}, nonce = 0n, by = secret): SignedTransfer =>
  signTransfer(by, DEPLOYMENT.domain, { from: 1, to: 2, amount: 1_000n, fee: 100n, ...change }, nonce);

const post = async (url: string, body: string, type = "application/json"): Promise<Response> =>
  fetch(`${url}/v1/transactions`, { method: "POST", headers: { "content-type": type }, body });
const send = async (url: string, transfer: SignedTransfer | string): Promise<Response> =>
  post(url, JSON.stringify({ transfer: typeof transfer === "string" ? transfer : encodeTransfer(transfer) }));

/** What a response says is wrong: always a problem document. */
async function problemOf(response: Response): Promise<Problem & { kind: string }> {
  expect(response.headers.get("content-type")).to.match(/^application\/problem\+json/);
  const told = problem.parse(await response.json());
  expect(told.status).to.equal(response.status);
  const kind = told.type.replace("urn:b52:problem:", "");
  expect(PROBLEM_KINDS).to.include(kind);
  return { ...told, kind };
}

describe("what is asked of the API and cannot be answered", () => {
  let offline: OfflineApi;
  before(async () => {
    offline = await offlineApi({ latest: viewAt(1) }, { accounts, transfersPerSecond: 1_000 });
  });
  after(async () => offline.close());

  it("is told with the parameter, what it is, and what was expected", async () => {
    const cases: readonly (readonly [path: string, status: number, parameter: string, found: string])[] = [
      ["/v1/blocks?limit=0", 400, "limit", "0"],
      [`/v1/blocks?limit=${MAX_PAGE + 1}`, 400, "limit", `${MAX_PAGE + 1}`],
      ["/v1/blocks?limit=1.5", 400, "limit", "1.5"],
      ["/v1/blocks?limit=x", 400, "limit", "x"],
      ["/v1/blocks?limit=1&limit=2", 400, "limit", '["1","2"]'],
      ["/v1/blocks?cursor=x", 400, "cursor", "x"],
      ["/v1/blocks?cursor=1.2", 400, "cursor", "1.2"],
      ["/v1/blocks?cursor=99999999999999999", 400, "cursor", "99999999999999999"],
      ["/v1/exits?cursor=1", 400, "cursor", "1"],
      ["/v1/blocks?hieght=1", 400, "hieght", "given"],
      ["/v1/blocks/0", 400, "height", "0"],
      ["/v1/blocks/1", 404, "height", "1"],
      ["/v1/accounts/0", 400, "index", "0"],
      [`/v1/accounts/${ACCOUNTS}`, 400, "index", `${ACCOUNTS}`],
      ["/v1/accounts/3", 404, "index", "3"],
      ["/v1/accounts?key=0x1", 400, "key", "0x1"],
      ["/v1/accounts?owner=me", 400, "owner", "me"],
      ["/v1/provers/1", 404, "index", "1"],
      [`/v1/proposals/${id("none")}`, 404, "proposalId", id("none")],
      [`/v1/proposals/${id("none")}/forest`, 404, "proposalId", id("none")],
      [`/v1/proposals/${id("none").toUpperCase()}`, 400, "proposalId", `${id("none").toUpperCase()}`],
      [`/v1/transactions/${id("none")}`, 404, "id", id("none")],
      ["/v1/bridge/operations?state=lost", 400, "state", "lost"],
      ["/v1/archive/snapshots/7", 404, "height", "7"],
    ];
    for (const [path, status, parameter, found] of cases) {
      const told = await problemOf(await fetch(`${offline.url}${path}`));
      expect([told.status, told.parameter, told.found], path).to.deep.equal([status, parameter, found]);
      expect(told.expected, path).to.be.a("string").and.not.equal("");
      expect(told.detail, path).to.include(told.expected!);
    }
    const nowhere = await problemOf(await fetch(`${offline.url}/v2/blocks`));
    expect([nowhere.kind, nowhere.status]).to.deep.equal(["no-route", 404]);
  });

  it("waits for a first look at L1", async () => {
    const blind = await offlineApi();
    expect((await problemOf(await fetch(`${blind.url}/v1/round`))).kind).to.equal("not-ready");
    expect((await problemOf(await send(blind.url, transferOf()))).kind).to.equal("not-ready");
    await blind.close();
  });

  it("is no fault of the node, and a fault is told without its reasons", async () => {
    const broken = await offlineApi({ latest: viewAt(1), peers: () => Promise.reject(new Error("a secret")) });
    const told = await problemOf(await fetch(`${broken.url}/v1/peers`));
    expect([told.kind, told.detail.includes("secret")]).to.deep.equal(["internal-error", false]);
    await broken.close();
  });

  it("may not be read by web pages, unless the operator says whose", async () => {
    const open = await offlineApi({ latest: viewAt(1) }, { allowOrigin: "https://example.org" });
    const allowed = async (url: string, method = "GET"): Promise<string | null> =>
      (await fetch(`${url}/v1/round`, { method })).headers.get("access-control-allow-origin");
    expect(await allowed(offline.url)).to.equal(null);
    expect(await allowed(open.url)).to.equal("https://example.org");
    expect(await allowed(open.url, "OPTIONS")).to.equal("https://example.org");
    await open.close();
  });
});

describe("accounts of the L2", () => {
  it("are found by key, by owner and by both, page by page", async () => {
    const many = Array.from({ length: 30 }, (_, i) => ({ ...account(secret, 1n), l1Owner: BigInt(1 + (i % 3)) }));
    const offline = await offlineApi({ latest: viewAt(1) }, { accounts: [...many, account(poor, 1n)] });
    const indexesOf = async (query: string): Promise<number[]> => {
      const found: number[] = [];
      let cursor = "";
      for (;;) {
        const response = await fetch(`${offline.url}/v1/accounts?limit=4${query}${cursor}`);
        const { items, next } = accountsAnswer.parse(await response.json());
        found.push(...items.map(({ index }) => index));
        if (next === null) return found;
        cursor = `&cursor=${next}`;
      }
    };
    const all = Array.from({ length: 31 }, (_, i) => i + 1);
    const key = toHex32(many[0]!.key);
    const owner = "0x0000000000000000000000000000000000000002";
    expect(await indexesOf("")).to.deep.equal(all);
    expect(await indexesOf(`&key=${key}`)).to.deep.equal(all.slice(0, 30));
    expect(await indexesOf(`&owner=${owner}`)).to.deep.equal(all.slice(0, 30).filter((index) => index % 3 === 2));
    expect(await indexesOf(`&owner=${owner}&key=${toHex32(accountKeyOf(poor))}`)).to.deep.equal([]);
    expect(await indexesOf(`&key=${toHex32(1n)}`)).to.deep.equal([]);
    await offline.close();
  });
});

describe("a transfer that is sent to the API", () => {
  let offline: OfflineApi;
  const published: SignedTransfer[] = [];
  let isDown = false;
  beforeEach(async () => {
    published.length = 0;
    isDown = false;
    const take = async (transfer: SignedTransfer): Promise<void> => {
      if (isDown) throw new GossipClosedError();
      published.push(transfer);
    };
    offline = await offlineApi({ latest: viewAt(1), send: take }, { accounts, transfersPerSecond: 1_000 });
  });
  afterEach(async () => offline.close());

  const refusal = async (transfer: SignedTransfer | string): Promise<string | undefined> => {
    const response = await send(offline.url, transfer);
    if (response.status === 200) {
      sent.parse(await response.json());
      return undefined;
    }
    const told = await problemOf(response);
    expect([told.kind, told.status, told.parameter]).to.deep.equal(["refused", 422, "transfer"]);
    expect(REASONS).to.include(told.reason);
    return told.reason;
  };

  it("is refused with the reason, and goes to nobody then", async () => {
    const good = transferOf();
    const { sender, signature } = good;
    const strange = { x: (sender.x + 1n) % FIELD, y: sender.y };
    const other = transferOf({}, 0n, poor);
    const cases: readonly (readonly [reason: string, transfer: SignedTransfer])[] = [
      ["sender is no account", transferOf({ from: 0 })],
      ["sender is no account", transferOf({ from: ACCOUNTS })],
      ["receiver is no account", transferOf({ to: ACCOUNTS })],
      ["sender's key is no public key", { ...good, sender: strange }],
      ["sender has no account yet", transferOf({ from: 3 })],
      ["account has another key", other],
      ["nonce is too far ahead", transferOf({}, MAX_NONCE_AHEAD + 1n)],
      ["bad transfer signature", { ...good, signature: { ...signature, s: signature.s - 1n } }],
      ["balance too low", transferOf({ from: 2, to: 1 }, 0n, poor)],
    ];
    for (const [reason, transfer] of cases) expect(await refusal(transfer), reason).to.equal(reason);
    expect(published).to.deep.equal([]);
  });

  it("is given to its wallet, by nonce, while it waits", async () => {
    const [second, first] = [transferOf({}, 1n), transferOf()];
    for (const transfer of [second, first]) expect(await refusal(transfer)).to.equal(undefined);
    expect(await waitingTransfers(offline.url, 1)).to.deep.equal([first, second]);
    expect(await waitingTransfers(`${offline.url}/`, 2)).to.deep.equal([]);
    const nowhere = createServer((_, response) => response.writeHead(404).end()).listen(0, "127.0.0.1");
    await new Promise((resolve) => nowhere.once("listening", resolve));
    const url = `http://127.0.0.1:${(nowhere.address() as AddressInfo).port}`;
    await expectRejection(waitingTransfers(url, 1), ReadApiError, "does not tell which transfers wait: it has no /v1/");
    nowhere.close();
    await expectRejection(waitingTransfers(url, 1), ReadApiError, "does not answer");
  });

  it("is refused where another one stands in its place", async () => {
    expect(await refusal(transferOf())).to.equal(undefined);
    expect(await refusal(transferOf())).to.equal("known already");
    expect(await refusal(transferOf({ amount: 2_000n, fee: 109n }))).to.equal("rival pays as much");
    expect(await refusal(transferOf({ amount: 2_000n, fee: 110n }))).to.equal(undefined);
    for (let nonce = 1n; nonce < MAX_NONCE_AHEAD; nonce++)
      expect(await refusal(transferOf({}, nonce))).to.equal(undefined);
    expect(await refusal(transferOf({}, MAX_NONCE_AHEAD))).to.equal("too many of the account");
    expect(published).to.have.length(Number(MAX_NONCE_AHEAD) + 1);
  });

  it("is refused where its nonce is used, it pays too little, or there is no room", async () => {
    const used = [{ ...accounts[0]!, nonce: 1n }, accounts[1]!];
    const strict = await offlineApi(
      { latest: viewAt(1) },
      { accounts: used, minFee: 50n, maxTransfers: 1, transfersPerSecond: 1_000 },
    );
    const reasonOf = async (transfer: SignedTransfer) => (await problemOf(await send(strict.url, transfer))).reason;
    expect(await reasonOf(transferOf())).to.equal("nonce is used");
    expect(await reasonOf(transferOf({ fee: 49n }, 1n))).to.equal("fee too low");
    expect((await send(strict.url, transferOf({}, 1n))).status).to.equal(200);
    expect(await reasonOf(transferOf({}, 2n))).to.equal("pool full");
    await strict.close();
  });

  it("says what has become of it when another one replaced it", async () => {
    const [first, second] = [transferOf(), transferOf({ amount: 2_000n, fee: 110n })];
    for (const transfer of [first, second]) expect(await refusal(transfer)).to.equal(undefined);
    const found = await Promise.all(
      [first, second].map(async (transfer) => {
        const response = await fetch(`${offline.url}/v1/transactions/${transferId(transfer)}`);
        const { state, reason } = transactionAnswer.parse(await response.json()).transaction;
        return [state, reason];
      }),
    );
    expect(found).to.deep.equal([
      ["dropped", "replaced by a rival"],
      ["waiting", null],
    ]);
    const response = await fetch(`${offline.url}/v1/accounts/1`);
    expect(accountAnswer.parse(await response.json()).account.waiting).to.equal(1);
  });

  it("is no transfer where its bytes say none, or more than one thing", async () => {
    const good = encodeTransfer(transferOf());
    const cases = [
      ["0x", "0x"],
      [good.slice(0, -2), good.slice(0, 80)],
      [`${good}00`, good.slice(0, 80)],
      [good.replace("0x", "xx"), "xx"],
      [`0x${"00".repeat(10)}${good.slice(22)}`, "encoded transfer is no operation"],
    ] as const;
    for (const [encoded, found] of cases) {
      const told = await problemOf(await send(offline.url, encoded));
      expect([told.kind, told.parameter], encoded).to.deep.equal(["invalid-parameter", "transfer"]);
      expect(told.found).to.include(found);
    }
    const bodies: readonly (readonly [body: string, type: string, kind: string])[] = [
      ["{", "application/json", "invalid-parameter"],
      ["", "application/json", "invalid-parameter"],
      ["[]", "application/json", "invalid-parameter"],
      ["{}", "application/json", "invalid-parameter"],
      [JSON.stringify({ transfer: good, memo: "hi" }), "application/json", "invalid-parameter"],
      [JSON.stringify({ transfer: good }), "text/plain", "unsupported-media-type"],
      [JSON.stringify({ transfer: good.padEnd(5_000, "0") }), "application/json", "too-large"],
    ];
    for (const [body, type, kind] of bodies)
      expect((await problemOf(await post(offline.url, body, type))).kind, body.slice(0, 40)).to.equal(kind);
    expect(published).to.deep.equal([]);
  });

  it("is sent again when the network was down", async () => {
    isDown = true;
    expect((await problemOf(await send(offline.url, transferOf()))).kind).to.equal("network-down");
    isDown = false;
    expect(await refusal(transferOf())).to.equal(undefined);
    expect(published).to.have.length(1);
    expect(await refusal(transferOf())).to.equal("known already");
  });

  it("waits its turn when many are sent", async () => {
    const busy = await offlineApi({ latest: viewAt(1) }, { accounts, transfersPerSecond: 2 });
    const kinds: string[] = [];
    for (let nonce = 0n; nonce < 4n; nonce++) {
      const response = await send(busy.url, transferOf({}, nonce));
      kinds.push(response.status === 200 ? "sent" : (await problemOf(response)).kind);
    }
    expect(kinds.slice(0, 2)).to.deep.equal(["sent", "sent"]);
    expect(kinds).to.include("too-many-transfers");
    await busy.close();
  });

  it("does not wait for many that are refused at once", async () => {
    const busy = await offlineApi({ latest: viewAt(1) }, { accounts, transfersPerSecond: 2 });
    for (let i = 0; i < 4; i++)
      expect((await problemOf(await send(busy.url, transferOf({ from: 3 })))).kind).to.equal("refused");
    expect((await send(busy.url, transferOf())).status).to.equal(200);
    await busy.close();
  });
});

describe("the stream of events", () => {
  it("goes on where a reader stopped, as far as events are kept, and else begins anew", async () => {
    const offline = await offlineApi({ latest: viewAt(1) }, { accounts, maxEvents: 4, transfersPerSecond: 1_000 });
    const url = `${offline.url}/v1/events`;
    const heard: Event[] = [];
    const first = readEvents(url, (event) => heard.push(event));
    await eventually(async () => expect(heard).to.have.length(1));
    expect(heard[0]!.data.type).to.equal("reset");
    for (let nonce = 0n; nonce < 6n; nonce++) await send(offline.url, transferOf({}, nonce));
    await eventually(async () => expect(heard).to.have.length(7));
    first.stop();
    const after = async (lastId: string | undefined, count: number): Promise<Event[]> => {
      const again: Event[] = [];
      const reading = readEvents(url, (event) => again.push(event), lastId);
      await eventually(async () => expect(again).to.have.length(count));
      reading.stop();
      return again;
    };
    expect(await after(heard[4]!.id, 2)).to.deep.equal(heard.slice(5));
    expect(await after(heard[2]!.id, 4)).to.deep.equal(heard.slice(3));
    for (const lost of [heard[1]!.id, "00000000-3", "nonsense", `${heard[0]!.id.split("-")[0]}-99`]) {
      const [reset] = await after(lost, 1);
      expect([reset!.data.type, reset!.id], lost).to.deep.equal(["reset", heard[6]!.id]);
    }
    await offline.close();
  });

  it("has so many readers and no more, shows signs of life, and ends with the node", async () => {
    const offline = await offlineApi({ latest: viewAt(1) }, { maxStreams: 2, heartbeatMs: 20 });
    const url = `${offline.url}/v1/events`;
    const [one, two] = await Promise.all([fetch(url), fetch(url)]);
    expect((await problemOf(await fetch(url))).kind).to.equal("too-many-streams");
    expect(offline.api.stats().streams).to.equal(2);
    const reader = one.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!text.includes("\n\n:\n\n")) text += (await reader.read()).value ?? "";
    await two.body!.cancel();
    await eventually(async () => expect(offline.api.stats().streams).to.equal(1));
    const three = await fetch(url);
    await three.body!.cancel();
    await offline.close();
    let ended = false;
    while (!ended) ended = (await reader.read()).done;
  });

  it("is no place for a request that wants no body, which would wait for one and keep a reader's place", async () => {
    const offline = await offlineApi({ latest: viewAt(1) }, { maxStreams: 1 });
    const url = `${offline.url}/v1/events`;
    const { status } = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(5_000) });
    expect([status, offline.api.stats().streams]).to.deep.equal([404, 0]);
    await (await fetch(url)).body!.cancel();
    await offline.close();
  });

  it("leaves behind a reader that does not read", async () => {
    const stream = new EventStream({ maxStreams: 1, maxEvents: 4, heartbeatMs: 60_000 });
    const server = createServer((_, response) => stream.add(response, {}, undefined, undefined)).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const slow = request({ port: (server.address() as AddressInfo).port }, (response) => response.pause());
    slow.on("error", () => undefined).end();
    await eventually(async () => expect(stream.readers).to.equal(1));
    const event = {
      type: "handedIn",
      proposalId: id("any"),
      slots: Array.from({ length: 10_000 }, (_, i) => i),
    } as const;
    // Sockets of the machine take some megabytes before anything waits here.
    for (let i = 0; i < 1_000 && stream.readers === 1; i++) {
      stream.push(event);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(stream.readers).to.equal(0);
    slow.destroy();
    stream.close();
    server.close();
  });

  it("listens where it is told to, and on this machine alone by default", async () => {
    const offline = await offlineApi();
    expect(offline.url).to.match(/^http:\/\/127\.0\.0\.1:/);
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    const { port } = taken.address() as { port: number };
    const error = await offline.api.listen({ port }).catch((failure: unknown) => failure);
    expect(error).to.be.an("error");
    taken.close();
    await offline.close();
  });
});
