import { execFile, spawn } from "node:child_process";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { FileAccessError, KeyTamperedError, PreparedKeyError } from "../../../src/proving/errors.ts";
import { type CircuitKey, prepareKey } from "../../../src/proving/groth16/circuitKey.ts";
import {
  encode,
  loadCircuitKey,
  preparedPathOf,
  readPrepared,
  type ZkeyFile,
} from "../../../src/proving/groth16/keyCache.ts";
import { inMemory } from "../../../src/proving/keys/binfile.ts";
import { buildKeys } from "../../../src/proving/keys/build.ts";
import { expectRejection } from "../../support/expectRejection.ts";
import { chainSource, compileTestCircuit, temporaryFolder } from "../../support/testCircuit.ts";
import { newKernels } from "./support.ts";

const module = (path: string): string => JSON.stringify(new URL(`../../../src/proving/${path}`, import.meta.url).href);

/** Runs a script in a process of its own until it prints something, and kills it. */
async function killed(script: string): Promise<void> {
  const args = ["--import", import.meta.resolve("tsx"), "--input-type=module", "--eval", script];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on("close", (_, signal) => resolve(signal)));
  await Promise.race([
    new Promise((resolve) => child.stdout.once("data", resolve)),
    ended.then(() => expect.fail("ended by itself")),
  ]);
  child.kill("SIGKILL");
  expect(await ended).to.equal("SIGKILL");
}

describe("prepared keys", function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let original: ZkeyFile & { readonly wasmPath: string };
  before(async () => {
    const circuit = await compileTestCircuit(folder(), "Chain", chainSource(3));
    const [key] = await buildKeys([circuit], { buildDir: folder() });
    original = { zkeyPath: key!.zkeyPath, zkeyHash: key!.manifest.zkeyHash, wasmPath: circuit.wasmPath };
  });

  /** The key in a folder of its own. */
  async function copyOfKey(name: string): Promise<ZkeyFile> {
    await mkdir(join(folder(), name));
    const zkeyPath = join(folder(), name, basename(original.zkeyPath));
    await copyFile(original.zkeyPath, zkeyPath);
    return { ...original, zkeyPath };
  }
  const filesOf = async ({ zkeyPath }: ZkeyFile): Promise<string[]> => (await readdir(dirname(zkeyPath))).sort();

  let expected: CircuitKey;
  before(async () => {
    const zkey = await readFile(original.zkeyPath);
    expected = prepareKey(await newKernels(), inMemory(zkey), original.zkeyPath);
  });
  function expectWhole({ head, data }: CircuitKey): void {
    expect(head).to.deep.equal(expected.head);
    expect(Buffer.from(data).equals(Buffer.from(expected.data))).to.equal(true);
  }

  it("are made once, and read from then on", async () => {
    const file = await copyOfKey("once");
    const path = await preparedPathOf(file);
    const kernels = await newKernels();
    const made = await loadCircuitKey(kernels, file);
    expect(made.warnings).to.deep.equal([]);
    expectWhole(made.key);
    expect(await filesOf(file)).to.have.members([basename(file.zkeyPath), basename(path)]);
    // The .zkey is not even looked at.
    await writeFile(file.zkeyPath, "something else");
    const read = await loadCircuitKey(kernels, file);
    expect(read.warnings).to.deep.equal([]);
    expectWhole(read.key);
  });

  it("are of one .zkey: another one is refused, or prepared for itself", async () => {
    const file = await copyOfKey("other");
    const kernels = await newKernels();
    const { zkeyHash } = file;
    const other = { ...file, zkeyHash: zkeyHash.replace(/./g, (digit) => (digit === "0" ? "1" : "0")) };
    expect(await preparedPathOf(other)).not.to.equal(await preparedPathOf(file));
    await expectRejection(loadCircuitKey(kernels, other), KeyTamperedError, `zkeyHash is ${zkeyHash}, expected `);
    expect(await filesOf(file)).to.deep.equal([basename(file.zkeyPath)]);
  });

  it("that are damaged are named, refused and made again", async () => {
    const file = await copyOfKey("damaged");
    const kernels = await newKernels();
    await loadCircuitKey(kernels, file);
    const path = await preparedPathOf(file);
    const whole = await readFile(path);
    const changedAt = (at: number): Buffer => {
      const bytes = Buffer.from(whole);
      bytes[at]! ^= 1;
      return bytes;
    };
    const cases: [Buffer, string][] = [
      [Buffer.alloc(0), "0 bytes, shorter than a header"],
      [whole.subarray(0, 43), "43 bytes, shorter than a header"],
      [whole.subarray(0, 100), "100 bytes, its head alone would have"],
      [whole.subarray(0, -1), "its checksum is another one"],
      [Buffer.concat([whole, Buffer.alloc(1)]), "its checksum is another one"],
      [changedAt(0), "it begins otherwise"],
      [changedAt(10), "its checksum is another one"],
      [changedAt(60), "its checksum is another one"],
      [changedAt(whole.length >> 1), "its checksum is another one"],
      [changedAt(whole.length - 1), "its checksum is another one"],
    ];
    for (const [bytes, reason] of cases) {
      await writeFile(path, bytes);
      await expectRejection(readPrepared(path), PreparedKeyError, `${path} is not a usable prepared key: ${reason}`);
      const { key, warnings } = await loadCircuitKey(kernels, file);
      expectWhole(key);
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.include(path).and.include(reason).and.include(`made again from ${file.zkeyPath}`);
      expect((await readFile(path)).equals(whole), reason).to.equal(true);
      expect((await loadCircuitKey(kernels, file)).warnings).to.deep.equal([]);
    }
  });

  it("are none under the name of another key, as a file that was copied by mistake", async () => {
    const file = await copyOfKey("swapped");
    const path = await preparedPathOf(file);
    const foreign = encode(expected, await preparedPathOf({ ...file, zkeyHash: "of another key" }));
    await writeFile(path, Buffer.concat(foreign));
    await expectRejection(readPrepared(path), PreparedKeyError, "its checksum is another one");
    const { key, warnings } = await loadCircuitKey(await newKernels(), file);
    expectWhole(key);
    expect(warnings).to.have.length(1);
    expectWhole(await readPrepared(path));
  });

  it("that cannot be kept are used all the same, with a warning", async () => {
    const file = await copyOfKey("unkept");
    const path = await preparedPathOf(file);
    await mkdir(path);
    const { key, warnings } = await loadCircuitKey(await newKernels(), file);
    expectWhole(key);
    expect(warnings).to.have.length(2);
    expect(warnings[0]).to.include(`cannot read ${path}`);
    expect(warnings[1]).to.include(`cannot write ${path}`);
    await expectRejection(readPrepared(path), FileAccessError, path);
  });

  it("of other kernels go, and what killed processes left; what others write stays", async () => {
    const file = await copyOfKey("others");
    const path = await preparedPathOf(file);
    const stem = path.replace(/\.[0-9a-f]{16}\.prepared$/, "");
    const gone = await promisify(execFile)(process.execPath, ["-e", "console.log(process.pid)"]);
    const old = [`${stem}.0123456789abcdef.prepared`, `${path}.${gone.stdout.trim()}-1-1.partial`];
    const kept = [`${path}.${process.pid}-0-999.partial`, `${stem}-more.0123456789abcdef.prepared`];
    await Promise.all([...old, ...kept].map((name) => writeFile(name, "")));
    await loadCircuitKey(await newKernels(), file);
    expect(await filesOf(file)).to.have.members([file.zkeyPath, path, ...kept].map((name) => basename(name)));
  });

  it("are whole or not there when their writer is killed in the middle", async () => {
    const file = await copyOfKey("killed");
    const path = await preparedPathOf(file);
    await killed(`
      const { readFile } = await import("node:fs/promises");
      const { writeAtomically } = await import(${module("files.ts")});
      const { encode, loadCircuitKey } = await import(${module("groth16/keyCache.ts")});
      const { compileKernels } = await import(${module("groth16/compileKernels.ts")});
      const { Kernels } = await import(${module("groth16/kernels.ts")});
      const kernels = await Kernels.create(await WebAssembly.compile(await compileKernels()));
      const { key } = await loadCircuitKey(kernels, ${JSON.stringify(original)});
      const path = ${JSON.stringify(path)};
      const pieces = encode(key, path);
      function* slowly() {
        yield* pieces.slice(0, -1);
        yield pieces.at(-1).subarray(0, 1000);
        console.log("half");
        for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      }
      await writeAtomically(path, slowly());`);
    const [partial] = (await filesOf(file)).filter((name) => name.endsWith(".partial"));
    expect(partial).to.match(/^Chain-.*\.prepared\.\d+-0-\d+\.partial$/);
    const { key, warnings } = await loadCircuitKey(await newKernels(), file);
    expect(warnings).to.deep.equal([]);
    expectWhole(key);
    expect(await filesOf(file)).to.have.members([basename(file.zkeyPath), basename(path)]);
  });

  it("are whole when a process is killed in the middle of a proof", async () => {
    const file = await copyOfKey("proving");
    await killed(`
      const { loadKey, manifestPathOf } = await import(${module("keys/provingKey.ts")});
      const { ProverPool } = await import(${module("pool.ts")});
      const found = await loadKey(manifestPathOf(${JSON.stringify(original.zkeyPath)}));
      const key = { ...found, zkeyPath: ${JSON.stringify(file.zkeyPath)} };
      const wasmPath = ${JSON.stringify(original.wasmPath)};
      const circuit = { name: "Chain", hash: key.manifest.circuitHash, wasmPath, key };
      const onProgress = ({ phase }) => phase === "proof" && console.log("proving");
      const pool = new ProverPool();
      for (;;) await pool.prove({ circuit, input: { a: 3n, b: 4n }, onProgress });`);
    expectWhole(await readPrepared(await preparedPathOf(file)));
  });
});
