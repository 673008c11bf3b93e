import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const require = createRequire(import.meta.url);

/** A small compiled circuit, with what keys and provers need. */
export interface TestCircuit {
  readonly name: string;
  readonly hash: string;
  readonly r1csPath: string;
  readonly wasmPath: string;
}

/** `n + 1` constraints over `n + 4` signals: two outputs, a public and a private input. */
export function chainSource(n: number): string {
  return `
    pragma circom 2.1.0;
    template Chain(n) {
      signal input a;
      signal input b;
      signal output c;
      signal output d;
      signal x[n + 1];
      x[0] <== a * b;
      for (var i = 0; i < n; i++) x[i + 1] <== (x[i] + 3 * a + i) * (x[i] - 2 * b);
      c <== x[n];
      d <== 5 * x[n \\ 2] + 7;
    }
    component main { public [a] } = Chain(${n});`;
}

/** `n` constraints over four signals: a large domain and few points. */
export function tallSource(n: number): string {
  return `
    pragma circom 2.1.0;
    template Tall(n) {
      signal input a;
      signal input b;
      signal input c;
      for (var i = 0; i < n; i++) (a + i) * (b - i) === c + i;
    }
    component main { public [a] } = Tall(${n});`;
}

/** Every signal is public. */
export const SQUARE_SOURCE = `
  pragma circom 2.1.0;
  template Square() { signal input a; signal output b; b <== a * a; }
  component main { public [a] } = Square();`;

/** `b` must be the inverse of `a`: not every input has a witness. */
export const INVERSE_SOURCE = `
  pragma circom 2.1.0;
  template Inverse() { signal input a; signal input b; a * b === 1; }
  component main { public [a] } = Inverse();`;

export async function compileTestCircuit(folder: string, name: string, source: string): Promise<TestCircuit> {
  await writeFile(join(folder, `${name}.circom`), source);
  // circom runs in WebAssembly and sees its working folder only.
  await promisify(execFile)(
    process.execPath,
    [require.resolve("circom2/cli.js"), `${name}.circom`, "--r1cs", "--wasm", "--O2"],
    {
      cwd: folder,
    },
  );
  const r1csPath = join(folder, `${name}.r1cs`);
  const hash = createHash("sha256")
    .update(await readFile(r1csPath))
    .digest("hex");
  return { name, hash, r1csPath, wasmPath: join(folder, `${name}_js`, `${name}.wasm`) };
}

/** A folder that is removed when the tests of the enclosing `describe` are over. */
export function temporaryFolder(): () => string {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "b52-test-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  return () => folder;
}
