import { groth16, wtns } from "snarkjs";
import { B52Error } from "../protocol/errors.ts";
import type { CircuitInput } from "./circuitInput.ts";
import { KernelsError, KeyTamperedError } from "./errors.ts";
import { readBytes, sha256, sha256OfFile } from "./files.ts";
import { Board } from "./groth16/board.ts";
import { chooseEngine } from "./groth16/engine.ts";
import { loadCircuitKey } from "./groth16/keyCache.ts";
import { Kernels } from "./groth16/kernels.ts";
import { placeFillers } from "./groth16/multiscalar.ts";
import { help, prove } from "./groth16/prove.ts";
import { WitnessGenerator } from "./groth16/witness.ts";
import { exportVerifyingKey, type SnarkjsVerifyingKey, type VerifyingKey } from "./keys/verifyingKey.ts";
import type {
  CheckTask,
  CircuitFiles,
  HelpTask,
  LoadResult,
  LoadTask,
  ProofResult,
  ProofTask,
  ProveMessage,
  ProveTask,
  WitnessTask,
} from "./proveTask.ts";
import { serve } from "../threads/threads.ts";

type Report = (message: ProveMessage) => void;

type Answer = LoadResult | ProofResult | Uint8Array | number | undefined;

serve(async (task: ProveTask, report: Report): Promise<Answer> => {
  switch (task.kind) {
    case "load":
      return load(task);
    case "prove":
      return makeProof(task, report);
    case "help":
      return giveHelp(task);
    case "witness":
      return makeWitness(task);
    case "check":
      return check(task);
  }
});

async function load({ files, engine }: LoadTask): Promise<LoadResult> {
  const chosen = engine === "snarkjs" ? undefined : await chooseEngine();
  if (chosen?.name !== "kernels") {
    if (engine === "kernels") throw new KernelsError(chosen?.reason ?? "unknown");
    // Who asked for it knows.
    const warnings = chosen ? [`proofs are made by snarkjs, which takes several times as long: ${chosen.reason}`] : [];
    return { circuit: { engine: "snarkjs" }, warnings };
  }
  const wasm = await readBytes(files.wasmPath);
  const [witness, kernels] = await Promise.all([WebAssembly.compile(wasm), Kernels.create(chosen.module)]);
  const { key, warnings } = await loadCircuitKey(kernels, files);
  return { circuit: { engine: "kernels", kernels: chosen.module, witness, key }, warnings };
}

async function makeProof(task: ProofTask, report: Report): Promise<ProofResult> {
  report({ phase: "witness" });
  const result = await (task.circuit.engine === "kernels" ? byKernels(task, report) : bySnarkjs(task, report));
  report({ phase: "check" });
  await check({ ...task, result });
  return result;
}

async function check({ files, verifyingKey, result }: Omit<CheckTask, "kind">): Promise<undefined> {
  const key = await verifyingKeyOf(files, verifyingKey);
  if (!(await groth16.verify(key, result.publicSignals.map(String), result.proof as SnarkjsProof))) {
    throw new B52Error(
      `the proof does not verify: ${files.wasmPath} and ${files.zkeyPath} belong to different circuits`,
    );
  }
}

/** Kept for the life of the thread, by files and hashes. */
const generators = new Map<string, Promise<WitnessGenerator>>();

async function makeWitness({ files, input }: WitnessTask): Promise<Uint8Array> {
  const id = JSON.stringify(files);
  const loading = generators.get(id) ?? loadGenerator(files);
  generators.set(id, loading);
  loading.catch(() => generators.delete(id));
  return (await loading).generate(input);
}

async function loadGenerator({ wasmPath, zkeyPath, zkeyHash }: CircuitFiles): Promise<WitnessGenerator> {
  const [wasm, hash] = await Promise.all([readBytes(wasmPath), sha256OfFile(zkeyPath)]);
  if (hash !== zkeyHash) throw new KeyTamperedError(zkeyPath, "zkeyHash", hash, zkeyHash);
  return WitnessGenerator.compile(wasm);
}

/** When the thread could begin its first task. */
const READY = clock();

/** Returns the seconds from being asked, or from the thread's start, to the first part; undefined if there was none. */
async function giveHelp({ circuit, board, thread, askedAt }: HelpTask): Promise<number | undefined> {
  const kernels = await kernelsOf(circuit.kernels);
  let joined: number | undefined;
  const onPart = (): void => void (joined ??= clock());
  kernels.guarded(() => help(kernels, circuit.key, new Board(board), thread, onPart));
  return joined === undefined ? undefined : (joined - Math.max(askedAt, READY)) / 1000;
}

/** Milliseconds, on a clock that threads share. */
function clock(): number {
  return performance.timeOrigin + performance.now();
}

/** Kept for the life of the thread. */
let instance: Promise<Kernels> | undefined;

function kernelsOf(module: WebAssembly.Module): Promise<Kernels> {
  instance ??= Kernels.create(module).then((kernels) => (placeFillers(kernels), kernels));
  return instance;
}

async function byKernels({ circuit, input, pieces }: ProofTask, report: Report): Promise<ProofResult> {
  if (circuit.engine !== "kernels") throw new TypeError("a circuit for snarkjs");
  const kernels = await kernelsOf(circuit.kernels);
  const witness = await new WitnessGenerator(circuit.witness).generate(input);
  report({ phase: "proof" });
  try {
    const onBoard = ({ data }: Board): void => report({ board: data });
    return kernels.guarded(() => prove(kernels, circuit.key, witness, { pieces, ...(pieces > 1 && { onBoard }) }));
  } finally {
    witness.fill(0);
  }
}

/** Kept for the life of the thread, by path and hash. */
const files = new Map<string, Promise<{ readonly wasm: Uint8Array; readonly zkey: Uint8Array }>>();

async function bySnarkjs(task: ProofTask, report: Report): Promise<ProofResult> {
  const id = JSON.stringify(task.files);
  const reading = files.get(id) ?? readFiles(task.files);
  files.set(id, reading);
  reading.catch(() => files.delete(id));
  const { wasm, zkey } = await reading;
  // Without it snarkjs starts threads of its own. It takes a tenth of a second to build.
  await import("../protocol/curve.ts");
  const witness = await calculateWitness(task.input, wasm);
  report({ phase: "proof" });
  const { proof, publicSignals } = await groth16.prove(zkey, witness);
  witness.fill(0);
  return { proof, publicSignals: publicSignals.map(BigInt) };
}

async function readFiles({ wasmPath, zkeyPath, zkeyHash }: CircuitFiles): Promise<{
  readonly wasm: Uint8Array;
  readonly zkey: Uint8Array;
}> {
  const [wasm, zkey] = await Promise.all([readBytes(wasmPath), readBytes(zkeyPath)]);
  const hash = sha256(zkey);
  if (hash !== zkeyHash) throw new KeyTamperedError(zkeyPath, "zkeyHash", hash, zkeyHash);
  return { wasm, zkey };
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

type SnarkjsProof = Parameters<typeof groth16.verify>[2];

/** Kept for the life of the thread, by the key's hash. */
const verifyingKeys = new Map<string, Promise<SnarkjsVerifyingKey>>();

function verifyingKeyOf({ zkeyHash }: CircuitFiles, verifyingKey: VerifyingKey): Promise<SnarkjsVerifyingKey> {
  const known = verifyingKeys.get(zkeyHash) ?? exportVerifyingKey(verifyingKey);
  verifyingKeys.set(zkeyHash, known);
  return known;
}
