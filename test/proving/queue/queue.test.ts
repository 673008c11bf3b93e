import { expect } from "chai";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { encodeKeys, profileKeys } from "../../../src/deploy/parameters.ts";
import { secretKeyFromSeed } from "../../../src/protocol/eddsa.ts";
import { keyOf } from "../../../src/protocol/keys.ts";
import { PROFILES } from "../../../src/protocol/profile.ts";
import { keyOwnershipInput } from "../../../src/proving/inputs.ts";
import type { ProofTask } from "../../../src/proving/prover.ts";
import { ProvingError } from "../../../src/proving/errors.ts";
import { QueueProver, QueueUnavailableError, runProveWorker, TransportKey } from "../../../src/proving/queue/index.ts";
import { proofVerifier } from "../../../src/proving/verifyProof.ts";
import { loadProfileBuild } from "../../../src/setup/profileBuild.ts";
import { projectPath } from "../../../src/setup/project.ts";
import { expectRejection } from "../../support/expectRejection.ts";
import { hasRedis, TestRedis } from "../../support/redis.ts";

const TIMEOUT_MS = 180_000;
const PROOFS = 4;

const secrets = Array.from({ length: PROOFS }, (_, i) => secretKeyFromSeed(`queue ${i}`));
const taskOf = (i: number): ProofTask => {
  const secret = secrets[i]!;
  const statement = { key: keyOf(secret), owner: 5n, domain: 7n, seed: 0n, beta: 0n };
  return { input: keyOwnershipInput(statement, secret), publicInputs: [statement.key, 5n, 7n, 0n, 0n] };
};

describe("proofs by workers on other machines", function () {
  this.timeout(TIMEOUT_MS);
  let redis: TestRedis;
  let folder: string;
  const children: ChildProcess[] = [];
  const key = TransportKey.random();

  before(async function () {
    if (!hasRedis()) {
      console.warn("skipped: there is no redis-server on this machine (apt-get install redis-server)");
      return this.skip();
    }
    redis = await TestRedis.start();
    folder = await mkdtemp(join(tmpdir(), "b52-workers-"));
  });
  after(async () => {
    for (const child of children) child.kill("SIGKILL");
    // Nothing of this is there if the tests are skipped.
    await (redis as TestRedis | undefined)?.stop();
    if ((folder as string | undefined) !== undefined) await rm(folder, { recursive: true, force: true });
  });

  /** A worker as its operator starts it. @returns its lines, as they come */
  function start(keyFile: string): { readonly child: ChildProcess; readonly until: (text: string) => Promise<void> } {
    const child = spawn(
      process.execPath,
      [
        ...[
          "--import",
          "./src/loader/register.mjs",
          "src/cli/main.ts",
          "prove-worker",
          "--key",
          keyFile,
          "--threads",
          "1",
        ],
        ...["--provers", key.publicKey, "--patience", "2"],
      ],
      { cwd: projectPath(), env: { ...process.env, B52_QUEUE: redis.url }, stdio: ["ignore", "inherit", "pipe"] },
    );
    children.push(child);
    let said = "";
    const waiting = new Set<() => void>();
    child.stderr.on("data", (chunk) => {
      said += String(chunk);
      for (const each of waiting) each();
    });
    child.on("exit", () => waiting.forEach((each) => each()));
    const until = (text: string): Promise<void> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (said.includes(text)) resolve();
          else if (child.exitCode !== null || child.signalCode !== null) reject(new Error(`worker ended: ${said}`));
          else return;
          waiting.delete(look);
        };
        waiting.add(look);
        look();
      });
    return { child, until };
  }

  it("are made though a worker is killed in the middle of one, and nothing in Redis tells the key", async () => {
    const build = await loadProfileBuild(PROFILES.dev);
    const { common, keyOwnership } = encodeKeys(profileKeys(build));
    const verifier = proofVerifier({ common, circuit: keyOwnership });
    const files = ["a", "b"].map((name) => join(folder, `${name}.key`));
    const workers = await Promise.all(files.map(async (file) => (await TransportKey.ofFile(file)).publicKey));
    const warnings: string[] = [];
    const prover = await QueueProver.connect({
      ...{ url: redis.url, key, workers, onWarning: (line) => warnings.push(line) },
      circuits: { KeyOwnership: build.KeyOwnership.circuit.hash },
      verify: (_, publicInputs, proof) => Promise.resolve(verifier.verify(publicInputs, proof)),
    });
    try {
      const proofs = Promise.all(secrets.map((_, i) => prover.prove("KeyOwnership", taskOf(i))));
      const first = start(files[0]!);
      await first.until("begins KeyOwnership");
      // It has a job, and none is done: all that Redis will ever be told of them is there.
      await expectNoSecret(redis.url);
      first.child.kill("SIGKILL");
      await once(first.child, "exit");
      const second = start(files[1]!);
      for (const [i, proof] of (await proofs).entries())
        expect(verifier.verify(taskOf(i).publicInputs, proof), `proof ${i}`).to.equal(true);
      // What is made is there for a prover that was restarted.
      const begun = performance.now();
      await prover.prove("KeyOwnership", taskOf(0));
      expect(performance.now() - begun).to.be.lessThan(2_000);
      await expectNoSecret(redis.url);
      second.child.kill("SIGTERM");
      const [code] = (await once(second.child, "exit")) as [number | null];
      expect(code, "how a worker ends that is told to").to.be.oneOf([0, 143, 130]);
      expect(warnings).to.deep.equal([]);
    } finally {
      await prover.close();
    }
  });

  it("are not believed: a worker that gives no proof is found out", async () => {
    const other = TransportKey.random();
    const worker = TransportKey.random();
    const stop = new AbortController();
    const warnings: string[] = [];
    const circuits = { KeyOwnership: "0xaa" };
    const lies = { prove: () => Promise.resolve(`0x${"00".repeat(256)}`), close: () => Promise.resolve() };
    const working = runProveWorker(
      { url: redis.url, key: worker, provers: [other.publicKey], prover: lies, circuits, threads: 1 },
      stop.signal,
    );
    const prover = await QueueProver.connect({
      ...{ url: redis.url, key: other, workers: [worker.publicKey], circuits, proofMs: 20_000 },
      ...{ onWarning: (line: string) => warnings.push(line), verify: () => Promise.resolve(false) },
    });
    try {
      await expectRejection(
        prover.prove("KeyOwnership", taskOf(0)),
        Error,
        "no KeyOwnership proof: workers have given 3 that do not verify",
      );
      expect(warnings).to.have.length(3);
    } finally {
      await prover.close();
      stop.abort();
      await working;
    }
  });

  it("fail without a word of what was proven, and are given up in time", async () => {
    const other = TransportKey.random();
    const worker = TransportKey.random();
    const stop = new AbortController();
    const seen: unknown[] = [];
    const fails = {
      prove: () => Promise.reject(new RangeError(`KeyOwnership input secret is ${secrets[0]}`)),
      close: () => Promise.resolve(),
    };
    const circuits = { KeyOwnership: "0xaa" };
    const working = runProveWorker(
      {
        ...{ url: redis.url, key: worker, provers: [other.publicKey], prover: fails, circuits, threads: 1 },
        onEvent: (event) => event.kind === "failed" && seen.push(event.error),
      },
      stop.signal,
    );
    const options = { url: redis.url, key: other, circuits, verify: () => Promise.resolve(true) };
    const prover = await QueueProver.connect({
      ...{ ...options, workers: [worker.publicKey], onWarning: () => undefined },
    });
    try {
      const error = await expectRejection(prover.prove("KeyOwnership", taskOf(0)), ProvingError, worker.publicKey);
      expect(error.message).to.contain("has failed: RangeError");
      expect(String(seen[0])).to.contain(`${secrets[0]}`);
      await expectNoSecret(redis.url);
    } finally {
      await prover.close();
      stop.abort();
      await working;
    }
    const alone = await QueueProver.connect({
      ...{ ...options, key: TransportKey.random(), workers: [worker.publicKey], onWarning: () => undefined },
      proofMs: 300,
    });
    try {
      await expectRejection(alone.prove("KeyOwnership", taskOf(1)), ProvingError, "no worker has made it in 0.3 s");
      const cancel = AbortSignal.abort(new Error("stop"));
      await expectRejection(alone.prove("KeyOwnership", taskOf(1), cancel), Error, "was cancelled");
    } finally {
      await alone.close();
    }
  });

  it("end at once where there is no Redis, and say where it should be", async () => {
    const nowhere = "redis://:secret@127.0.0.1:1";
    const options = { key, workers: [], circuits: {}, verify: () => Promise.resolve(true), onWarning: () => undefined };
    const error = await expectRejection(
      QueueProver.connect({ ...options, url: nowhere, startMs: 500 }),
      QueueUnavailableError,
      "Redis at redis://127.0.0.1:1 does not answer",
    );
    expect(error.message).not.to.contain("secret");
  });
});

describe("a program whose Redis is not there", function () {
  this.timeout(60_000);

  for (const [name, begin] of [
    [
      "prover",
      `QueueProver.connect({ ...common, workers: [], verify: async () => true, onWarning() {}, startMs: 500 })`,
    ],
    [
      "worker",
      `runProveWorker({ ...common, provers: [key.publicKey], prover: {}, threads: 1 }, AbortSignal.timeout(500))`,
    ],
  ] as const) {
    it(`has nothing open once the ${name} has given up, and ends`, async () => {
      const script = `
        import { QueueProver, runProveWorker, TransportKey } from "./src/proving/queue/index.ts";
        const key = TransportKey.random();
        const common = { url: "redis://127.0.0.1:1", key, circuits: {} };
        await ${begin}.catch(({ name }) => console.log(name));
        const givenUp = performance.now();
        process.on("exit", () => console.log(Math.round(performance.now() - givenUp)));`;
      const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", script], {
        cwd: projectPath(),
        stdio: ["ignore", "pipe", "inherit"],
        timeout: 50_000,
      });
      let said = "";
      child.stdout.on("data", (chunk) => (said += String(chunk)));
      const [code] = (await once(child, "close")) as [number | null];
      const [error, milliseconds] = said.split("\n");
      expect({ code, error }).to.deep.equal({ code: 0, error: "QueueUnavailableError" });
      expect(Number(milliseconds), "milliseconds until it has ended").to.be.lessThan(10_000);
    });
  }
});

/** Looks through everything that a Redis holds. */
async function expectNoSecret(url: string): Promise<void> {
  const client = new Redis(url);
  try {
    const texts: string[] = [];
    for (const name of await client.keys("*")) {
      const dump = await client.dumpBuffer(name);
      texts.push(name, dump.toString("latin1"));
      if ((await client.type(name)) === "hash") texts.push(JSON.stringify(await client.hgetall(name)));
    }
    expect(texts.join("")).to.contain("b52-proofs");
    const all = texts.join("\n");
    for (const secret of secrets)
      for (const form of [`${secret}`, secret.toString(16)])
        expect(all.includes(form), "a scalar in Redis").to.equal(false);
  } finally {
    client.disconnect();
  }
}
