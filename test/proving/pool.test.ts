import { execFile } from "node:child_process";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { groth16 } from "snarkjs";
import { OutOfRangeError } from "../../src/protocol/errors.ts";
import { FIELD } from "../../src/protocol/field.ts";
import { decodeProof } from "../../src/protocol/proof.ts";
import {
  CancelledError,
  KeyTamperedError,
  ProverBusyError,
  ProverClosedError,
  ProvingError,
} from "../../src/proving/errors.ts";
import { buildKeys } from "../../src/proving/keys/build.ts";
import { exportVerifyingKey } from "../../src/proving/keys/verifyingKey.ts";
import { ProverPool, type ProvingCircuit } from "../../src/proving/pool.ts";
import { PoolProver } from "../../src/proving/prover.ts";
import type { ProvePhase } from "../../src/proving/proveTask.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { INVERSE_SOURCE, chainSource, compileTestCircuit, temporaryFolder } from "../support/testCircuit.ts";

describe("prover pool", () => {
  const folder = temporaryFolder();
  const input = { a: 3n, b: 4n };
  let chain: ProvingCircuit;
  let inverse: ProvingCircuit;
  let pool: ProverPool;

  before(async () => {
    const circuits = [
      await compileTestCircuit(folder(), "Chain", chainSource(3)),
      await compileTestCircuit(folder(), "Inverse", INVERSE_SOURCE),
    ];
    const keys = await buildKeys(circuits, { buildDir: folder() });
    [chain, inverse] = circuits.map((circuit, i) => ({ ...circuit, key: keys[i]! })) as ProvingCircuit[] as [
      ProvingCircuit,
      ProvingCircuit,
    ];
    pool = new ProverPool({ threads: 1, maxQueue: 3 });
  });
  after(() => pool.close());

  it("makes proofs that snarkjs verifies for exactly their public signals", async () => {
    const phases: ProvePhase[] = [];
    const {
      proof,
      publicSignals,
      groth16: own,
    } = await pool.prove({ circuit: chain, input, onProgress: ({ phase }) => phases.push(phase) });
    expect(phases).to.deep.equal(["queued", "witness", "proof", "check", "done"]);

    // x0 = 12, x1 = 21 * 4, x2 = 94 * 76, x3 = 7155 * 7136
    expect(publicSignals).to.deep.equal([7155n * 7136n, 5n * 84n + 7n, 3n]);
    const key = await exportVerifyingKey(chain.key.verifyingKey);
    const decoded = { ...decodeProof(proof), protocol: "groth16", curve: "bn128" } as Parameters<
      typeof groth16.verify
    >[2];
    expect(decoded).to.deep.equal(own);
    const signals = publicSignals.map(String);
    expect(await groth16.verify(key, signals, decoded)).to.equal(true);
    expect(await groth16.verify(key, [...signals.slice(0, 2), "4"], decoded)).to.equal(false);
  });

  it("hands out no proof of anything but what it was asked to show", async () => {
    const prover = new PoolProver({ BaseRollup: chain }, { threads: 1 });
    const shown = [7155n * 7136n, 5n * 84n + 7n, 3n];
    expect(await prover.prove("BaseRollup", { input, publicInputs: shown })).to.have.length(2 + 2 * 256);
    for (const publicInputs of [[...shown.slice(0, 2), 4n], shown.slice(0, 2), [...shown, 0n]]) {
      const task = { input, publicInputs, node: { depth: 1, index: 2 } };
      const reason = "no BaseRollup proof of node (1, 2): it would show other public inputs than it is for";
      await expectRejection(prover.prove("BaseRollup", task), ProvingError, reason);
    }
    await prover.close();
  });

  it("proves with snarkjs where it is told to, or where the machine cannot run the kernels", async () => {
    const other = new ProverPool({ threads: 1, engine: "snarkjs" });
    const { publicSignals, groth16: own } = await other.prove({ circuit: chain, input });
    await other.close();
    expect(publicSignals).to.deep.equal([7155n * 7136n, 5n * 84n + 7n, 3n]);
    const key = await exportVerifyingKey(chain.key.verifyingKey);
    expect(await groth16.verify(key, publicSignals.map(String), own as Parameters<typeof groth16.verify>[2])).to.equal(
      true,
    );
    await expectRejection(
      new ProverPool({ threads: 1, engine: "snarkjs" }).prove({ circuit: inverse, input }),
      ProvingError,
      "no Inverse proof: Assert Failed. Error in template Inverse",
    );
  });

  it("makes a new proof each time: proofs are randomised", async () => {
    const [first, second] = await Promise.all([
      pool.prove({ circuit: chain, input }),
      pool.prove({ circuit: chain, input }),
    ]);
    expect(first.publicSignals).to.deep.equal(second.publicSignals);
    expect(first.proof).not.to.equal(second.proof);
  });

  it("names circuit, node and constraint when there is no witness, and prints nothing", async () => {
    const impossible = pool.prove({ circuit: inverse, node: { depth: 2, index: 3 }, input });
    await expectRejection(
      impossible,
      ProvingError,
      "no Inverse proof of node (2, 3): Assert Failed. Error in template Inverse",
    );
  });

  it("names what is wrong with the input", async () => {
    await expectRejection(
      pool.prove({ circuit: chain, input: { a: 1n } }),
      ProvingError,
      "no Chain proof: Not all inputs have been set",
    );
    await expectRejection(
      pool.prove({ circuit: chain, input: { ...input, z: 1n } }),
      ProvingError,
      "Too many values for input signal z",
    );
  });

  it("refuses inputs that are not canonical field elements", async () => {
    for (const value of [FIELD, -1n, 1n << 256n]) {
      await expectRejection(
        pool.prove({ circuit: chain, input: { a: [1n, value], b: 1n } }),
        OutOfRangeError,
        `Chain input a[1] is ${value}`,
      );
    }
  });

  it("refuses a key of another circuit", async () => {
    await expectRejection(
      pool.prove({ circuit: { ...chain, key: inverse.key }, input }),
      KeyTamperedError,
      "circuitHash is",
    );
  });

  it("refuses a witness generator of another circuit", async () => {
    const { key } = chain;
    const mixed = {
      ...chain,
      wasmPath: inverse.wasmPath,
      hash: "mixed",
      key: { ...key, manifest: { ...key.manifest, circuitHash: "mixed" } },
    };
    const proving = pool.prove({ circuit: mixed, input: { a: 1n, b: 1n } });
    await expectRejection(proving, ProvingError, "no Chain proof: Invalid witness length");
  });

  it("refuses a key that was changed since it was loaded, and artefacts that are missing", async () => {
    const zkeyPath = join(folder(), "changed.zkey");
    await copyFile(chain.key.zkeyPath, zkeyPath);
    const bytes = await readFile(zkeyPath);
    bytes[3000]! ^= 1;
    await writeFile(zkeyPath, bytes);
    const fresh = new ProverPool({ threads: 1 });
    const changed = { ...chain, key: { ...chain.key, zkeyPath } };
    await expectRejection(
      fresh.prove({ circuit: changed, input }),
      ProvingError,
      "changed.zkey does not match its manifest: zkeyHash",
    );
    await expectRejection(
      fresh.prove({ circuit: { ...chain, wasmPath: "/nowhere.wasm" }, input }),
      ProvingError,
      "cannot read /nowhere.wasm",
    );
    await fresh.prove({ circuit: chain, input });
    await fresh.close();
  });

  it("takes no more proofs than its queue holds", async () => {
    const request = { circuit: chain, input, node: { depth: 1, index: 0 } };
    const accepted = Array.from({ length: 4 }, () => pool.prove(request));
    await expectRejection(
      pool.prove(request),
      ProverBusyError,
      "no Chain proof of node (1, 0): the prover pool already has 4 proofs in hand",
    );
    expect(await Promise.all(accepted)).to.have.length(4);
    await pool.prove(request);
  });

  it("cancels a proof in the queue and one in the middle, and goes on with the others", async () => {
    const [running, waiting] = [new AbortController(), new AbortController()];
    const node = { depth: 1, index: 1 };
    const first = pool.prove({
      circuit: chain,
      input,
      node,
      signal: running.signal,
      onProgress: ({ phase }) => {
        if (phase === "witness") waiting.abort();
        if (phase === "proof") running.abort();
      },
    });
    const second = pool.prove({ circuit: chain, input, node: { depth: 1, index: 0 }, signal: waiting.signal });
    const third = pool.prove({ circuit: chain, input });
    await Promise.all([
      expectRejection(first, CancelledError, "the Chain proof of node (1, 1) was cancelled"),
      expectRejection(second, CancelledError, "the Chain proof of node (1, 0) was cancelled"),
    ]);
    expect((await third).publicSignals).to.have.length(3);
    await expectRejection(
      pool.prove({ circuit: chain, input, signal: waiting.signal }),
      CancelledError,
      "was cancelled",
    );
  });

  it("fails what it has in hand when it is closed, and takes nothing more", async () => {
    const closing = new ProverPool({ threads: 1 });
    const pending = [closing.prove({ circuit: chain, input }), closing.prove({ circuit: chain, input })].map((proof) =>
      expectRejection(proof, ProverClosedError, "no Chain proof: the prover pool is closed"),
    );
    await closing.close();
    await Promise.all(pending);
    await expectRejection(closing.prove({ circuit: chain, input }), ProverClosedError, "the prover pool is closed");
  });

  /**
   * Makes a proof in a process of its own, which ends by itself, the pool still open; prints its public signals.
   * Another circuit is loaded there, too.
   */
  function proveInProcess(flags: readonly string[], options = "{}"): Promise<{ stdout: string; stderr: string }> {
    const url = (path: string): string => JSON.stringify(new URL(`../../src/proving/${path}`, import.meta.url).href);
    const script = `
      const { loadKey, manifestPathOf } = await import(${url("keys/provingKey.ts")});
      const { ProverPool } = await import(${url("pool.ts")});
      const key = await loadKey(manifestPathOf(${JSON.stringify(chain.key.zkeyPath)}));
      const wasmPath = ${JSON.stringify(chain.wasmPath)};
      const circuit = { name: "Chain", hash: key.manifest.circuitHash, wasmPath, key };
      const pool = new ProverPool(${options});
      const { publicSignals } = await pool.prove({ circuit, input: { a: 3n, b: 4n } });
      console.log(publicSignals.join(" "));
      const other = await loadKey(manifestPathOf(${JSON.stringify(inverse.key.zkeyPath)}));
      const ofOther = { name: "Inverse", wasmPath: ${JSON.stringify(inverse.wasmPath)} };
      const inverse = { ...ofOther, hash: other.manifest.circuitHash, key: other };
      await pool.prove({ circuit: inverse, input: {} }).catch(() => undefined);`;
    return promisify(execFile)(
      process.execPath,
      [...flags, "--import", import.meta.resolve("tsx"), "--input-type=module", "--eval", script],
      { timeout: 30_000 },
    );
  }
  const printed = { stdout: `${7155n * 7136n} 427 3\n`, stderr: "" };

  it("runs in a plain process, which ends by itself, the pool still open", async () => {
    expect(await proveInProcess([])).to.deep.equal(printed);
  });

  it("proves with snarkjs where the processor rounds a product before it adds, and says so once", async function () {
    if (process.arch !== "x64") this.skip(); // V8 can leave that instruction out on x64 alone
    const flags = ["--no-enable-fma3"];
    const { stderr } = await proveInProcess(flags, `{ engine: "kernels" }`).catch(
      (error: unknown) => error as Error & { stderr: string },
    );
    const reason = "this processor has no fused multiply-add for vectors";
    expect(stderr).to.include(reason);
    const proven = await proveInProcess(flags);
    expect(proven.stdout).to.equal(printed.stdout);
    const warning = `proofs are made by snarkjs, which takes several times as long: ${reason}`;
    expect(proven.stderr.split(warning)).to.have.length(2);
  });
});
