import { groth16, wtns } from "snarkjs";
import { B52Error } from "../protocol/errors.ts";
import { KeyTamperedError } from "./errors.ts";
import { readBytes, sha256 } from "./files.ts";
import { placeKey } from "./groth16/circuitKey.ts";
import { Kernels } from "./groth16/kernels.ts";
import { chooseEngine } from "./groth16/engine.ts";
import { prove } from "./groth16/prove.ts";
import { WitnessGenerator } from "./groth16/witness.ts";
import { type SnarkjsVerifyingKey, exportVerifyingKey, readVerifyingKey } from "./keys/verifyingKey.ts";
import type { CircuitInput } from "./circuitInput.ts";
import type { ProvePhase, ProveResult, ProveTask } from "./proveTask.ts";
import { serve } from "./threads.ts";

/** Proves one circuit. */
interface Prover {
  readonly verifyingKey: SnarkjsVerifyingKey;
  witness(input: CircuitInput): Promise<Uint8Array>;
  prove(witness: Uint8Array): Promise<ProveResult>;
}

/** Kept for the life of the thread, by circuit and key. */
const cache = new Map<string, Promise<Prover>>();

/** Makes one proof and checks it; reports each phase as it begins. */
serve(async (task: ProveTask, report: (phase: ProvePhase) => void): Promise<ProveResult> => {
  const prover = await proverOf(task);
  report("witness");
  const witness = await prover.witness(task.input);
  report("proof");
  const { proof, publicSignals } = await prover.prove(witness);
  report("check");
  if (!(await groth16.verify(prover.verifyingKey, publicSignals.map(String), proof as SnarkjsProof))) {
    throw new B52Error(`the proof does not verify: ${task.wasmPath} and ${task.zkeyPath} belong to different circuits`);
  }
  return { proof, publicSignals };
});

type SnarkjsProof = Parameters<typeof groth16.verify>[2];

async function proverOf(task: ProveTask): Promise<Prover> {
  const id = `${task.circuitHash} ${task.zkeyHash} ${task.engine}`;
  const cached = cache.get(id);
  if (cached) return cached;
  const loading = load(task);
  cache.set(id, loading);
  loading.catch(() => cache.delete(id));
  return loading;
}

/** The same for all circuits of the thread. */
let engine: ReturnType<typeof chooseEngine> | undefined;

async function load({ wasmPath, zkeyPath, zkeyHash, engine: name }: ProveTask): Promise<Prover> {
  const [wasm, zkey] = await Promise.all([readBytes(wasmPath), readBytes(zkeyPath)]);
  const hash = sha256(zkey);
  if (hash !== zkeyHash) throw new KeyTamperedError(zkeyPath, "zkeyHash", hash, zkeyHash);
  const verifyingKey = await exportVerifyingKey(await readVerifyingKey(zkey, zkeyPath));
  const chosen = name === "snarkjs" ? undefined : await (engine ??= chooseEngine());
  if (chosen?.name !== "kernels") return { verifyingKey, ...snarkjsProver(wasm, zkey) };
  const [generator, kernels] = await Promise.all([WitnessGenerator.compile(wasm), Kernels.create(chosen.module)]);
  const key = kernels.guarded(() => placeKey(kernels, zkey, zkeyPath));
  return {
    verifyingKey,
    witness: (input) => generator.generate(input),
    prove: async (witness) => kernels.guarded(() => prove(kernels, key, witness)),
  };
}

function snarkjsProver(wasm: Uint8Array, zkey: Uint8Array): Omit<Prover, "verifyingKey"> {
  return {
    witness: (input) => calculateWitness(input, wasm),
    async prove(witness) {
      const { proof, publicSignals } = await groth16.prove(zkey, witness);
      return { proof, publicSignals: publicSignals.map(BigInt) };
    },
  };
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
