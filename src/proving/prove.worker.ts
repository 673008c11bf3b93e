import { groth16, wtns } from "snarkjs";
import { B52Error } from "../protocol/errors.ts";
import { KeyTamperedError } from "./errors.ts";
import { readBytes, sha256 } from "./files.ts";
import { type SnarkjsVerifyingKey, exportVerifyingKey, readVerifyingKey } from "./keys/verifyingKey.ts";
import type { CircuitInput } from "./circuitInput.ts";
import type { ProvePhase, ProveResult, ProveTask } from "./proveTask.ts";
import { serve } from "./threads.ts";

interface Artefacts {
  readonly wasm: Uint8Array;
  readonly zkey: Uint8Array;
  readonly verifyingKey: SnarkjsVerifyingKey;
}

/** Kept for the life of the thread, by circuit and key. */
const cache = new Map<string, Promise<Artefacts>>();

/** Makes one proof and checks it; reports each phase as it begins. */
serve(async (task: ProveTask, report: (phase: ProvePhase) => void): Promise<ProveResult> => {
  const { wasm, zkey, verifyingKey } = await artefactsOf(task);
  report("witness");
  const witness = await calculateWitness(task.input, wasm);
  report("proof");
  const { proof, publicSignals } = await groth16.prove(zkey, witness);
  report("check");
  if (!(await groth16.verify(verifyingKey, publicSignals, proof))) {
    throw new B52Error(`the proof does not verify: ${task.wasmPath} and ${task.zkeyPath} belong to different circuits`);
  }
  return { proof, publicSignals: publicSignals.map(BigInt) };
});

async function artefactsOf(task: ProveTask): Promise<Artefacts> {
  const id = `${task.circuitHash} ${task.zkeyHash}`;
  const cached = cache.get(id);
  if (cached) return cached;
  const loading = load(task);
  cache.set(id, loading);
  loading.catch(() => cache.delete(id));
  return loading;
}

async function load({ wasmPath, zkeyPath, zkeyHash }: ProveTask): Promise<Artefacts> {
  const [wasm, zkey] = await Promise.all([readBytes(wasmPath), readBytes(zkeyPath)]);
  const hash = sha256(zkey);
  if (hash !== zkeyHash) throw new KeyTamperedError(zkeyPath, "zkeyHash", hash, zkeyHash);
  return { wasm, zkey, verifyingKey: await exportVerifyingKey(await readVerifyingKey(zkey, zkeyPath)) };
}

/** circom's runtime prints a failed assertion and then throws the same text: the error is enough. */
async function calculateWitness(input: CircuitInput, wasm: Uint8Array): Promise<Uint8Array> {
  const file: { type: "mem"; data: Uint8Array } = { type: "mem", data: new Uint8Array() };
  const print = console.error;
  console.error = () => undefined;
  try {
    await wtns.calculate(input as Parameters<typeof wtns.calculate>[0], wasm, file);
  } finally {
    console.error = print;
  }
  return file.data;
}
