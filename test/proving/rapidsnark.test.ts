import { createRequire } from "node:module";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { CancelledError, ProverClosedError, ProvingError } from "../../src/proving/errors.ts";
import { environmentEngine, nameOfEngine, parseEngine, UnknownProverError } from "../../src/proving/engineChoice.ts";
import { buildKeys } from "../../src/proving/keys/build.ts";
import { ProverPool, type ProvingCircuit } from "../../src/proving/pool.ts";
import type { ProvePhase } from "../../src/proving/proveTask.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { chainSource, compileTestCircuit, INVERSE_SOURCE, temporaryFolder } from "../support/testCircuit.ts";

const SNARKJS = JSON.stringify(pathToFileURL(createRequire(import.meta.url).resolve("snarkjs")).href);

/** Folders of witnesses that are still there. */
async function leftOver(): Promise<string[]> {
  const names = await Promise.all(["/dev/shm", tmpdir()].map((folder) => readdir(folder).catch(() => [])));
  return names.flat().filter((name) => name.startsWith("b52-rapidsnark-"));
}

describe("proofs by an operator's rapidsnark", function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const input = { a: 3n, b: 4n };
  const shown = [7155n * 7136n, 5n * 84n + 7n, 3n];
  let chain: ProvingCircuit;
  let inverse: ProvingCircuit;
  before(async () => {
    const circuits = [
      await compileTestCircuit(folder(), "Chain", chainSource(3)),
      await compileTestCircuit(folder(), "Inverse", INVERSE_SOURCE),
    ];
    const keys = await buildKeys(circuits, { buildDir: folder() });
    chain = { ...circuits[0]!, key: keys[0]! };
    inverse = { ...circuits[1]!, key: keys[1]! };
  });

  const pools: ProverPool[] = [];
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.close()));
    expect(await leftOver()).to.deep.equal([]);
  });
  function poolOf(path: string): ProverPool {
    const pool = new ProverPool({ threads: 1, engine: { rapidsnark: path } });
    pools.push(pool);
    return pool;
  }

  /** A program with rapidsnark's command line: `zkey`, `witness`, `proof` and `publics` are its four arguments. */
  async function program(name: string, body: string): Promise<string> {
    const path = join(folder(), `${name}.mjs`);
    const lines = [
      `#!${process.execPath}`,
      `import { readFileSync, statSync, writeFileSync } from "node:fs";`,
      `const [zkey, witness, proof, publics] = process.argv.slice(2);`,
      body,
      `process.exit(0);`,
    ];
    await writeFile(path, lines.join("\n"), { mode: 0o700 });
    return path;
  }
  const PROVES = `
    const { groth16 } = await import(${SNARKJS});
    const made = await groth16.prove(zkey, witness, console);
    const write = (path, value) => writeFileSync(path, JSON.stringify(value));`;
  const honest = (): Promise<string> =>
    program("honest", `${PROVES} write(proof, made.proof); write(publics, made.publicSignals);`);

  /** What any prover must do. */
  function behavesLikeAProver(pathOf: () => Promise<string>): void {
    it("makes proofs that are checked, and reports its phases", async () => {
      const phases: ProvePhase[] = [];
      const onProgress = ({ phase }: { phase: ProvePhase }): void => void phases.push(phase);
      const pool = poolOf(await pathOf());
      const proofs = await Promise.all([
        pool.prove({ circuit: chain, input, onProgress }),
        pool.prove({ circuit: chain, input: { a: 3n, b: 5n } }),
      ]);
      expect(proofs[0].publicSignals).to.deep.equal(shown);
      expect(proofs[0].proof).to.have.length(2 + 2 * 256);
      expect(proofs[1].publicSignals).not.to.deep.equal(shown);
      expect(phases).to.deep.equal(["queued", "witness", "proof", "check", "done"]);
    });

    it("is not asked for what has no witness, or for another key", async () => {
      const pool = poolOf(await pathOf());
      const reason = "no Inverse proof: Assert Failed. Error in template Inverse";
      await expectRejection(pool.prove({ circuit: inverse, input }), ProvingError, reason);
      const { key } = chain;
      const changed = { ...chain, key: { ...key, manifest: { ...key.manifest, zkeyHash: "0".repeat(64) } } };
      await expectRejection(pool.prove({ circuit: changed, input }), ProvingError, "does not match its manifest");
    });
  }

  describe("(a script in its place)", () => {
    behavesLikeAProver(honest);

    it("leaves the witness for nobody else to read, and not for long", async () => {
      const seen = join(folder(), "seen");
      const path = await program(
        "curious",
        `${PROVES} write(proof, made.proof); write(publics, made.publicSignals);
        write(${JSON.stringify(seen)}, [statSync(witness.replace(/[^/]*$/, "")).mode & 0o777, witness]);`,
      );
      await poolOf(path).prove({ circuit: chain, input });
      const [mode, witness] = JSON.parse(await readFile(seen, "utf8")) as [number, string];
      expect(mode).to.equal(0o700);
      await expectRejection(readFile(witness), Error, "ENOENT");
    });

    it("hands out no proof of anything else", async () => {
      const path = await program(
        "wrong",
        `${PROVES} write(proof, { ...made.proof, pi_c: made.proof.pi_a }); write(publics, made.publicSignals);`,
      );
      await expectRejection(poolOf(path).prove({ circuit: chain, input }), ProvingError, "the proof does not verify");
      const lying = await program(
        "lying",
        `${PROVES} write(proof, made.proof); write(publics, ["1", ...made.publicSignals.slice(1)]);`,
      );
      await expectRejection(poolOf(lying).prove({ circuit: chain, input }), ProvingError, "the proof does not verify");
    });

    it("says what went wrong", async () => {
      const failures: [string, string][] = [
        [`console.error("first"); console.error("zkey: wrong curve"); process.exit(3);`, "failed: zkey: wrong curve"],
        [`process.exit(7);`, "failed: it ended with code 7"],
        [`process.kill(process.pid, "SIGTERM"); await new Promise(() => setTimeout(() => {}, 1e6));`, "SIGTERM"],
        [``, "wrote no proof that can be read"],
        [`writeFileSync(proof, "{"); writeFileSync(publics, "[]");`, "wrote no proof that can be read"],
        [`writeFileSync(proof, '{"pi_a":[1]}'); writeFileSync(publics, "[]");`, "wrote no proof that can be read"],
      ];
      for (const [body, reason] of failures) {
        const path = await program("failing", body);
        await expectRejection(poolOf(path).prove({ circuit: chain, input }), ProvingError, reason);
      }
      const path = join(folder(), "nothing");
      const reason = `rapidsnark at ${path} cannot be run`;
      await expectRejection(poolOf(path).prove({ circuit: chain, input }), ProvingError, reason);
    });

    it("is killed when its proof is cancelled, or the pool closed, and takes the next proof", async () => {
      const pidPath = join(folder(), "pid");
      const path = await program(
        "endless",
        `const { existsSync } = await import("node:fs");
        if (existsSync(${JSON.stringify(pidPath)})) {
          ${PROVES} write(proof, made.proof); write(publics, made.publicSignals);
        }
        else {
          writeFileSync(${JSON.stringify(pidPath)}, String(process.pid));
          await new Promise(() => setTimeout(() => {}, 1e6));
        }`,
      );
      const started = async (): Promise<number> => {
        for (;;) {
          const text = await readFile(pidPath, "utf8").catch(() => "");
          if (text !== "") return Number(text);
          await new Promise((resolve) => setImmediate(resolve));
        }
      };
      const expectGone = async (pid: number): Promise<void> => {
        for (;;) {
          try {
            process.kill(pid, 0);
          } catch {
            return;
          }
          await new Promise((resolve) => setImmediate(resolve));
        }
      };
      const pool = poolOf(path);
      const controller = new AbortController();
      const cancelled = pool.prove({ circuit: chain, input, signal: controller.signal });
      const pid = await started();
      controller.abort();
      await expectRejection(cancelled, CancelledError, "the Chain proof was cancelled");
      await expectGone(pid);
      expect((await pool.prove({ circuit: chain, input })).publicSignals).to.deep.equal(shown);

      await rm(pidPath);
      const closed = expectRejection(
        pool.prove({ circuit: chain, input }),
        ProverClosedError,
        "the prover pool is closed",
      );
      const second = await started();
      await pool.close();
      await closed;
      await expectGone(second);
    });
  });

  const real = process.env["B52_RAPIDSNARK"];
  (real === undefined ? describe.skip : describe)(
    real === undefined ? "(the real one: skipped, B52_RAPIDSNARK names none)" : "(the real one)",
    () => behavesLikeAProver(() => Promise.resolve(real!)),
  );
});

describe("which prover is asked for", () => {
  it("is said by a name, or by the path of a rapidsnark", () => {
    for (const text of ["kernels", "snarkjs", "rapidsnark=/opt/rapidsnark=2/prover"])
      expect(nameOfEngine(parseEngine(text, "x"))).to.equal(text);
    expect(parseEngine("rapidsnark=/a=b", "x")).to.deep.equal({ rapidsnark: "/a=b" });
    for (const text of ["", "rapidsnark", "rapidsnark=", "gnark", "Kernels"])
      expect(() => parseEngine(text, "B52_PROVER")).to.throw(
        UnknownProverError,
        `B52_PROVER is ${JSON.stringify(text)}, expected kernels, snarkjs or rapidsnark=PATH`,
      );
  });

  it("may be said by the environment", () => {
    expect(environmentEngine({})).to.equal(undefined);
    expect(environmentEngine({ B52_PROVER: "" })).to.equal(undefined);
    expect(environmentEngine({ B52_PROVER: "snarkjs" })).to.equal("snarkjs");
    expect(() => environmentEngine({ B52_PROVER: "other" })).to.throw(UnknownProverError, "B52_PROVER");
  });
});
