import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, readdir, rm, stat, truncate, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect } from "chai";
import { CancelledError, FileAccessError, KeyBuildError } from "../../../src/proving/errors.ts";
import { type KeyProgress, buildKeys } from "../../../src/proving/keys/build.ts";
import { manifestPathOf } from "../../../src/proving/keys/provingKey.ts";
import { expectRejection } from "../../support/expectRejection.ts";
import {
  SQUARE_SOURCE,
  type TestCircuit,
  chainSource,
  compileTestCircuit,
  tallSource,
  temporaryFolder,
} from "../../support/testCircuit.ts";

describe("building keys", () => {
  const folder = temporaryFolder();
  let chain: TestCircuit;
  let square: TestCircuit;
  /** Takes a second: time to be interrupted. */
  let tall: TestCircuit;
  let folders = 0;

  before(async () => {
    chain = await compileTestCircuit(folder(), "Chain", chainSource(3));
    square = await compileTestCircuit(folder(), "Square", SQUARE_SOURCE);
    tall = await compileTestCircuit(folder(), "Tall", tallSource(16_400));
  });

  const newFolder = (): string => join(folder(), "new", String(++folders));

  async function build(
    circuits: TestCircuit[],
    buildDir: string,
  ): Promise<{ paths: string[]; progress: KeyProgress[] }> {
    const progress: KeyProgress[] = [];
    const keys = await buildKeys(circuits, { buildDir, onProgress: (step) => progress.push(step) });
    return { paths: keys.map(({ zkeyPath }) => zkeyPath), progress };
  }

  it("gives keys in the order of circuits, with progress to the end of each; the same bytes elsewhere", async () => {
    const { paths, progress } = await build([square, chain], newFolder());
    for (const circuit of ["Square", "Chain"]) {
      expect(progress.findLast((step) => step.circuit === circuit)).to.deep.equal({ circuit, share: 1, cached: false });
    }
    expect(paths.map((path) => basename(path).split("-")[0])).to.deep.equal(["Square", "Chain"]);
    const again = await build([chain], newFolder());
    expect(await readFile(again.paths[0]!)).to.deep.equal(await readFile(paths[1]!));
  });

  it("takes a sound key from before and touches nothing", async () => {
    const buildDir = newFolder();
    const { paths } = await build([chain], buildDir);
    const before = await stat(paths[0]!, { bigint: true });
    const { progress } = await build([chain], buildDir);
    expect(progress).to.deep.equal([{ circuit: "Chain", share: 1, cached: true }]);
    expect((await stat(paths[0]!, { bigint: true })).mtimeNs).to.equal(before.mtimeNs);
  });

  it("builds every damaged key again, and no other", async () => {
    const damages: Record<string, (path: string) => Promise<void>> = {
      sound: () => Promise.resolve(),
      "half-written": (path) => truncate(path, 3000),
      empty: (path) => truncate(path, 0),
      missing: (path) => rm(path),
      "without a manifest": (path) => rm(manifestPathOf(path)),
      "with half a manifest": (path) => truncate(manifestPathOf(path), 50),
      changed: async (path) => writeFile(path, (await readFile(path)).fill(1, 2000, 2001)),
    };
    // Versions of one circuit lie side by side.
    const versions = Object.keys(damages).map((name) => ({ ...chain, name, hash: `${chain.hash} ${name}` }));
    const buildDir = newFolder();
    const { paths } = await build(versions, buildDir);
    const sound = await Promise.all(paths.map((path) => readFile(path)));
    await Promise.all(Object.values(damages).map((damage, i) => damage(paths[i]!)));
    const { progress } = await build(versions, buildDir);
    for (const { name } of versions) {
      expect(
        progress.find(({ circuit }) => circuit === name),
        name,
      ).to.deep.include({ cached: name === "sound" });
    }
    expect(await Promise.all(paths.map((path) => readFile(path)))).to.deep.equal(sound);
  });

  it("leaves nothing that is taken for a key when its process is killed", async () => {
    const buildDir = newFolder();
    const module = new URL("../../../src/proving/keys/build.ts", import.meta.url).href;
    const script = `
      const { buildKeys } = await import(${JSON.stringify(module)});
      const onProgress = () => console.log("begun");
      await buildKeys([${JSON.stringify(tall)}], { buildDir: ${JSON.stringify(buildDir)}, onProgress });`;
    const child = spawn(process.execPath, [
      "--import",
      import.meta.resolve("tsx"),
      "--input-type=module",
      "--eval",
      script,
    ]);
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect((await readdir(buildDir)).filter((name) => !name.endsWith(".partial"))).to.deep.equal([]);
    const { progress } = await build([tall], buildDir);
    expect(progress[0]).to.include({ circuit: "Tall", cached: false });
  });

  it("stops when it is cancelled and leaves no file behind", async () => {
    const buildDir = newFolder();
    const controller = new AbortController();
    const building = buildKeys([tall, chain], {
      buildDir,
      threads: 1,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expectRejection(building, CancelledError, "was cancelled");
    expect(await readdir(buildDir)).to.deep.equal([]);
    await expectRejection(
      buildKeys([chain], { buildDir, signal: controller.signal }),
      CancelledError,
      "building keys was cancelled",
    );
  });

  it("names the circuit whose constraints are missing", () =>
    expectRejection(
      buildKeys([{ ...chain, r1csPath: "/nowhere.r1cs" }], { buildDir: newFolder() }),
      KeyBuildError,
      "no development key for Chain: cannot read /nowhere.r1cs",
    ));

  it("names the circuit whose constraints are no such file", async () => {
    const r1csPath = join(folder(), "broken.r1cs");
    await writeFile(r1csPath, "<html>AccessDenied</html>");
    const building = buildKeys([{ ...chain, r1csPath }], { buildDir: newFolder() });
    await expectRejection(
      building,
      KeyBuildError,
      `no development key for Chain: ${r1csPath} is not a usable r1cs file: it begins with "<htm"`,
    );
  });

  it("names the folder that it cannot write", async () => {
    const file = join(folder(), "file");
    await writeFile(file, "");
    await expectRejection(
      buildKeys([chain], { buildDir: join(file, "keys") }),
      FileAccessError,
      `cannot write ${join(file, "keys")}`,
    );
  });
});
