import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { OutOfRangeError, PROFILES } from "../../src/protocol/index.ts";
import { circuitHash, MissingIncludeError } from "../../src/proving/circuitHash.ts";
import {
  type CircuitInstance,
  circuitInstance,
  mainSource,
  profileInstances,
} from "../../src/proving/circuitInstance.ts";
import { compileAll, compileProfile, type CompileProgress } from "../../src/proving/circuits.ts";
import { CircuitCompilationError, compileCircuit, findCompiled } from "../../src/proving/compileCircuit.ts";
import { crownDepth } from "../../src/proving/crownDepth.ts";
import { readR1csHeader } from "../../src/proving/r1cs.ts";

/** Compiles in well under a second. */
const small = (parameter = 3, name = "small"): CircuitInstance => ({
  name,
  source: "lib/bits.circom",
  template: "OneHot",
  parameters: [parameter],
  publicSignals: ["in"],
});

/** Has a compiler busy for some seconds. */
const large = (name: string): CircuitInstance => circuitInstance("MergeRollup", [4, 2], name);

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail("did not reject"),
    (error: unknown) => error,
  );
}

describe("compileCircuit", () => {
  let outDir: string;
  beforeEach(async () => (outDir = await mkdtemp(join(tmpdir(), "b52-circuits-"))));
  afterEach(() => rm(outDir, { recursive: true, force: true }));

  it("writes a circuit whose header says what was compiled", async () => {
    const circuit = await compileCircuit(small(), { outDir });
    const header = await readR1csHeader(circuit.r1csPath);
    expect(header).to.include({ publicOutputs: 8, publicInputs: 3, privateInputs: 0 });
    expect(circuit).to.include({ name: "small", publicInputs: 3, constraints: header.constraints });
    for (const path of [circuit.wasmPath, circuit.symPath]) expect((await stat(path)).size).to.be.greaterThan(0);
  });

  it("lets other users read what it writes, as far as the mask of this one does", async () => {
    const circuit = await compileCircuit(small(), { outDir });
    const ordinary = join(outDir, "ordinary");
    await mkdir(ordinary);
    const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);
    expect(await modeOf(dirname(circuit.r1csPath))).to.equal(await modeOf(ordinary));
    await writeFile(join(ordinary, "file"), "");
    for (const path of [circuit.r1csPath, circuit.wasmPath])
      expect(await modeOf(path), path).to.equal(await modeOf(join(ordinary, "file")));
  });

  it("finds it again without compiling, until its parameters change", async () => {
    expect(await findCompiled(small(), outDir)).to.equal(undefined);
    const circuit = await compileCircuit(small(), { outDir });
    const { mtimeMs } = await stat(circuit.r1csPath);
    expect(await compileCircuit(small(), { outDir })).to.deep.equal(circuit);
    expect((await stat(circuit.r1csPath)).mtimeMs).to.equal(mtimeMs);

    expect(await findCompiled(small(2), outDir)).to.equal(undefined);
    const changed = await compileCircuit(small(2), { outDir });
    expect(changed.publicInputs).to.equal(2);
    expect(changed.hash).to.not.equal(circuit.hash);
  });

  it("compiles again over a damaged record", async () => {
    const circuit = await compileCircuit(small(), { outDir });
    await writeFile(join(outDir, "small", "circuit.json"), "{");
    expect(await findCompiled(small(), outDir)).to.equal(undefined);
    expect(await compileCircuit(small(), { outDir })).to.deep.equal(circuit);
  });

  it("compiles again what is damaged, cut off or gone, as after a power cut", async () => {
    const circuit = await compileCircuit(small(), { outDir });
    for (const path of [circuit.wasmPath, circuit.r1csPath]) {
      const whole = await readFile(path);
      const flipped = Buffer.from(whole);
      flipped[flipped.length - 1]! ^= 1;
      for (const damage of [
        () => writeFile(path, flipped),
        () => writeFile(path, whole.subarray(0, -1)),
        () => writeFile(path, ""),
        () => rm(path),
      ]) {
        await damage();
        expect(await findCompiled(small(), outDir), path).to.equal(undefined);
        expect(await compileCircuit(small(), { outDir })).to.deep.equal(circuit);
        expect((await readFile(path)).equals(whole)).to.equal(true);
      }
    }
  });

  it("takes what an earlier version compiled, which noted no sums", async () => {
    const circuit = await compileCircuit(small(), { outDir });
    const info = join(outDir, "small", "circuit.json");
    const { sums: _sums, ...earlier } = JSON.parse(await readFile(info, "utf8")) as Record<string, unknown>;
    await writeFile(info, JSON.stringify(earlier));
    expect(await findCompiled(small(), outDir)).to.deep.equal(circuit);
  });

  it("leaves nothing of a failed compilation, and what was there before", async () => {
    const circuit = await compileCircuit(small(), { outDir });
    const error = await rejection(compileCircuit({ ...small(), template: "Missing" }, { outDir }));
    expect(error).to.be.instanceOf(CircuitCompilationError);
    expect((error as Error).message).to.match(/^circuit small does not compile: error/);
    expect(await readdir(outDir)).to.deep.equal(["small"]);
    expect(await findCompiled(small(), outDir)).to.deep.equal(circuit);
  });

  it("removes what a process that died left half-made, but nothing of a living one", async () => {
    const dead = join(outDir, ".small-99999999-abcdef");
    const living = join(outDir, `.small-${process.ppid}-abcdef`);
    for (const folder of [dead, living]) await mkdir(folder);
    await compileCircuit(small(), { outDir });
    expect((await readdir(outDir)).sort()).to.deep.equal([`.small-${process.ppid}-abcdef`, "small"]);
  });

  it("stops the compiler when aborted", async () => {
    const abort = new AbortController();
    const reason = new Error("enough");
    const compiling = rejection(compileCircuit(large("large"), { outDir, signal: abort.signal }));
    setTimeout(() => abort.abort(reason), 300);
    const start = performance.now();
    expect(await compiling).to.equal(reason);
    expect(performance.now() - start).to.be.lessThan(3000);
    expect(await readdir(outDir)).to.deep.equal([]);
    expect(await rejection(compileCircuit(small(), { outDir, signal: abort.signal }))).to.equal(reason);
  });

  it("stops the other compilers when one fails", async () => {
    const broken = { ...small(3, "broken"), template: "Missing" };
    const error = await rejection(compileAll([large("a"), broken, large("b")], { outDir }));
    expect(error).to.be.instanceOf(CircuitCompilationError);
    expect(await readdir(outDir)).to.deep.equal([]);
  });

  it("reports what it does, in order", async () => {
    const seen: CompileProgress[] = [];
    const options = { outDir, onProgress: (progress: CompileProgress) => seen.push(progress), concurrency: 1 };
    const circuits = await compileAll([small(2, "a"), small(3, "b")], options);
    expect(circuits.map(({ name }) => name)).to.deep.equal(["a", "b"]);
    await compileAll([small(2, "a")], options);
    expect(seen.map(({ name, state, done, total }) => [name, state, done, total])).to.deep.equal([
      ["a", "compiling", 0, 2],
      ["a", "compiled", 1, 2],
      ["b", "compiling", 1, 2],
      ["b", "compiled", 2, 2],
      ["a", "cached", 1, 1],
    ]);
  });

  it("says which file is no r1cs file", async () => {
    const path = join(outDir, "not.r1cs");
    await writeFile(path, "<html>AccessDenied</html>");
    expect(String(await rejection(readR1csHeader(path)))).to.contain(path);
    const { r1csPath } = await compileCircuit(small(), { outDir });
    await writeFile(path, (await readFile(r1csPath)).subarray(0, 30));
    expect(String(await rejection(readR1csHeader(path)))).to.contain(path);
  });
});

describe("circuit instances", () => {
  it("have one hash each, which names and folders do not change", async () => {
    const all = [...profileInstances(PROFILES.dev), ...profileInstances(PROFILES.deep)];
    const hashes = await Promise.all(all.map(circuitHash));
    expect(new Set(hashes).size).to.equal(all.length - 2); // KeyOwnership and EscapeClaim are the same in both
    expect(await circuitHash({ ...all[0]!, name: "another" })).to.equal(hashes[0]);
  });

  it("name an include that is not there", async () => {
    expect(await rejection(circuitHash({ ...small(), source: "missing.circom" }))).to.be.instanceOf(
      MissingIncludeError,
    );
  });

  it("list the public signals of the encodings", () => {
    const base = "{public [content, domain, z, proposalId, node, workerKey, roundSeed, beta]}";
    const instances = profileInstances({ ...PROFILES.dev, operationsPerBase: 3 });
    const main = (name: string): string => mainSource(instances.find((instance) => instance.name === name)!);
    expect(main("BaseRollup")).to.contain(`${base} = BaseRollup(2, 2, 4, 1, 6, 2, 3);`);
    expect(main("OperationRollup")).to.contain(`${base} = OperationRollup(2, 2, 4, 2, 6, 3, 3);`);
    expect(main("ExitClaim")).to.contain("{public [C, x, y]} = ExitClaim(2, 2, 3, 4);");
    expect(main("EscapeClaim")).to.contain("{public [stateRoot, index, l1Owner, balance]} = EscapeClaim(4);");
  });

  it("have no merge where the root joins base nodes", () => {
    const names = profileInstances({ ...PROFILES.dev, levels: 1 }).map(({ name }) => name);
    expect(names).to.deep.equal([
      "BaseRollup",
      "OperationRollup",
      "RootRollup",
      "KeyOwnership",
      "ExitClaim",
      "EscapeClaim",
    ]);
  });

  it("refuse sizes that no circuit has", async () => {
    const buildDir = join(tmpdir(), "b52-never-written");
    for (const change of [
      { arity: 3 },
      { levels: 0 },
      { accountDepth: 9 },
      { transfersPerBase: 0 },
      { operationsPerBase: 0 },
    ]) {
      expect(await rejection(compileProfile({ ...PROFILES.dev, ...change }, { buildDir }))).to.be.instanceOf(
        OutOfRangeError,
      );
    }
  });
});

describe("crownDepth", () => {
  it("grows with the transfers of a base node and stays below the root's distance to the leaves", () => {
    expect(crownDepth(PROFILES.deep)).to.equal(1);
    expect(crownDepth(PROFILES.wide)).to.equal(2);
    expect(crownDepth({ accountDepth: 8, transfersPerBase: 128 })).to.equal(3);
    expect(crownDepth({ accountDepth: 1, transfersPerBase: 1000 })).to.equal(0);
  });
});
