import { expect } from "chai";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  openJob,
  type OpenedJob,
  queueJobId,
  sealJob,
  SealedJobError,
  TransportKey,
  TransportKeyError,
} from "../../../src/proving/queue/index.ts";
import { expectRejection } from "../../support/expectRejection.ts";

const SECRET = 1_234_567_890_123_456_789_012_345_678_901_234_567_890n;
const job: OpenedJob = {
  circuit: "MergeRollup",
  circuitHash: "0xaa",
  task: { input: { secret: SECRET, child: [[1n], [2n]] }, publicInputs: [5n, 6n], node: { depth: 1, index: 1 } },
};
const [prover, worker, second, stranger] = Array.from({ length: 4 }, () => TransportKey.random()) as [
  TransportKey,
  TransportKey,
  TransportKey,
  TransportKey,
];
const workers = [worker.publicKey, second.publicKey];
const provers = [prover.publicKey];

describe("a sealed job", () => {
  it("is read by each of its workers, and shows nobody else the secret", () => {
    const sealed = sealJob(job, prover, workers);
    for (const key of [worker, second]) expect(openJob(sealed, key, provers)).to.deep.equal(job);
    const text = JSON.stringify(sealed);
    for (const form of [`${SECRET}`, SECRET.toString(16)]) {
      expect(text).not.to.include(form);
      for (const base64 of [sealed.body, ...Object.values(sealed.keys)])
        expect(Buffer.from(base64, "base64").toString("latin1")).not.to.include(form);
    }
    expect(() => openJob(sealed, stranger, provers)).to.throw(SealedJobError, "is not for this worker");
    // Nor to its own prover, whose key may be stolen later.
    expect(() => openJob(sealed, prover, provers)).to.throw(SealedJobError, "is not for this worker");
  });

  it("is another one each time, of the same id", () => {
    const [a, b] = [sealJob(job, prover, workers), sealJob(job, prover, workers)];
    expect(a.id)
      .to.equal(b.id)
      .and.to.equal(queueJobId(job.circuit, job.circuitHash, job.task));
    expect(a.body).not.to.equal(b.body);
    expect(a.ephemeral).not.to.equal(b.ephemeral);
    const other = { ...job.task, publicInputs: [5n, 7n] };
    expect(queueJobId(job.circuit, job.circuitHash, other)).not.to.equal(a.id);
  });

  it("is refused from provers that the worker does not work for, whoever they say that they are", () => {
    const forged = sealJob(job, stranger, workers);
    expect(() => openJob(forged, worker, provers)).to.throw(SealedJobError, "does not work for");
    expect(() => openJob({ ...forged, from: prover.publicKey }, worker, provers)).to.throw(
      SealedJobError,
      "not as its prover has sealed it",
    );
  });

  it("is refused when any part of it is another one's, also to a worker that could read it", () => {
    const sealed = sealJob(job, prover, workers);
    const other = sealJob({ ...job, task: { ...job.task, publicInputs: [9n] } }, prover, workers);
    const flip = (base64: string): string => {
      const bytes = Buffer.from(base64, "base64");
      bytes[bytes.length >> 1]! ^= 1;
      return bytes.toString("base64");
    };
    const changed = [
      { ...sealed, body: other.body },
      { ...sealed, body: flip(sealed.body) },
      { ...sealed, ephemeral: other.ephemeral },
      { ...sealed, id: other.id },
      { ...sealed, circuit: "RootRollup" },
      { ...sealed, circuitHash: "0xbb" },
      { ...sealed, keys: other.keys },
      { ...sealed, keys: { [worker.publicKey]: sealed.keys[second.publicKey]! } },
      { ...sealed, keys: { [worker.publicKey]: flip(sealed.keys[worker.publicKey]!) } },
      { ...other, keys: sealed.keys },
      { ...sealed, ephemeral: "00".repeat(32) },
    ];
    for (const [i, each] of changed.entries())
      expect(() => openJob(each, worker, provers), `change ${i}`).to.throw(SealedJobError, "not as its prover");
    expect(() => openJob({ ...sealed, more: 1 }, worker, provers)).to.throw(SealedJobError, "no job of this program");
    expect(() => openJob("text", worker, provers)).to.throw(SealedJobError, "no job of this program");
  });
});

describe("a key of the queue", () => {
  it("is made once, for its owner alone, and refused if it is damaged", async () => {
    const folder = await mkdtemp(join(tmpdir(), "b52-queue-"));
    try {
      const path = join(folder, "queue.key");
      const [a, b] = await Promise.all([TransportKey.ofFile(path), TransportKey.ofFile(path)]);
      expect(a.publicKey).to.equal(b.publicKey);
      expect((await TransportKey.ofFile(path)).publicKey).to.equal(a.publicKey);
      expect((await stat(path)).mode & 0o777).to.equal(0o600);
      const text = await readFile(path, "utf8");
      await writeFile(path, text.slice(0, 20));
      const error = await expectRejection(TransportKey.ofFile(path), TransportKeyError, "20 digits long");
      expect(error.message).not.to.include(text.slice(0, 20));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
