import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { groth16, wtns } from "snarkjs";
import { PROFILES } from "../../src/protocol/profile.ts";
import type { CircuitInput } from "../../src/proving/circuitInput.ts";
import { compileProfile } from "../../src/proving/circuits.ts";
import type { CompiledCircuit } from "../../src/proving/compileCircuit.ts";
import { curve } from "../../src/protocol/curve.ts";
import { prepareKey } from "../../src/proving/groth16/circuitKey.ts";
import { chooseEngine } from "../../src/proving/groth16/engine.ts";
import { Kernels } from "../../src/proving/groth16/kernels.ts";
import { placeFillers } from "../../src/proving/groth16/multiscalar.ts";
import { PAIR_BYTES } from "../../src/proving/groth16/limbs.ts";
import { type ProofPhase, prove } from "../../src/proving/groth16/prove.ts";
import { WitnessGenerator } from "../../src/proving/groth16/witness.ts";
import { inMemory } from "../../src/proving/keys/binfile.ts";
import { buildKeys } from "../../src/proving/keys/build.ts";
import { proveByRapidsnark } from "../../src/proving/rapidsnark.ts";
import type { ProvingKey } from "../../src/proving/keys/provingKey.ts";
import { profileInputs } from "../../test/proving/profileInputs.ts";
import { measuredSecondsPerTransfer } from "./large.ts";
import { midCircuit } from "./midCircuit.ts";
import { peakMemory } from "./peakMemory.ts";

/** CPU seconds of one thread, medians of interleaved rounds, from the input to the proof, without its verification. */
export interface ProverBench {
  /** What this machine proves with. */
  readonly probe: string;
  readonly rounds: number;
  /** A product in Fq, called from JavaScript, and the same by snarkjs' arithmetic: nanoseconds. */
  readonly nsPerMul: number;
  readonly nsPerMulWasmcurves: number;
  readonly circuits: readonly CircuitTimes[];
  /** How many times as long snarkjs takes: for the BaseRollup of dev, and for one of over 100,000 constraints. */
  readonly ratioDev: number;
  readonly ratioMid?: number;
  /** A transfer of the profile large, as `bench large` has measured it, or null and why. */
  readonly secondsPerTransferLarge: number | null;
  readonly secondsPerTransferLargeReason?: string;
  /** Of a process that makes one proof of that one. */
  readonly peakMiBMid?: { readonly kernels: number; readonly snarkjs: number };
}

export interface CircuitTimes {
  readonly name: string;
  readonly constraints: number;
  readonly snarkjs: number;
  readonly kernels: number;
  readonly ratio: number;
  /** rapidsnark, with a witness of ours: of all its threads, and reading the key, which it does for every proof. */
  readonly rapidsnark?: number;
  /** Bringing the key to the kernels' memory, once in the life of a thread. */
  readonly place: number;
  readonly phases: Readonly<Record<"witness" | ProofPhase, number>>;
}

export interface BenchProverOptions {
  readonly buildDir: string;
  readonly rounds: number;
  /** Also a circuit of over 100,000 constraints, which takes minutes to compile the first time. */
  readonly mid: boolean;
  /** A rapidsnark binary to measure, too. */
  readonly rapidsnark?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly note: (line: string) => void;
}

const DEV = PROFILES.dev;

/** Proves with snarkjs and with the kernels in turn, in one process and one thread. */
export async function benchProver({
  buildDir,
  rounds,
  mid,
  rapidsnark,
  signal,
  note,
}: BenchProverOptions): Promise<ProverBench> {
  const engine = await chooseEngine();
  if (engine.name !== "kernels") throw new Error(`the kernels do not run here: ${engine.reason}`);
  const keysOf = (circuits: readonly CompiledCircuit[]): Promise<ProvingKey[]> =>
    buildKeys(circuits, { buildDir: join(buildDir, "keys"), ...(signal && { signal }) });
  const products = await timeProducts(engine.module);

  const circuits = await compileProfile(DEV, { buildDir, signal });
  const keys = await keysOf(circuits);
  const inputs = profileInputs(DEV);
  const times: CircuitTimes[] = [];
  const measure = async (circuit: CompiledCircuit, key: ProvingKey, input: CircuitInput): Promise<CircuitTimes> => {
    note(`${circuit.name}, ${circuit.constraints} constraints: ${rounds} rounds`);
    const time = await timeCircuit(engine.module, circuit, key, input, { rounds, rapidsnark, signal });
    times.push(time);
    return time;
  };
  for (const [i, circuit] of circuits.entries())
    await measure(circuit, keys[i]!, inputs[circuit.name as keyof typeof inputs]());
  const ratioDev = times.find(({ name }) => name === "BaseRollup")!.ratio;
  const large = await measuredSecondsPerTransfer(buildDir);
  const report = {
    ...{ probe: engine.name, rounds, ...products, circuits: times, ratioDev },
    secondsPerTransferLarge: large.seconds,
    ...(large.seconds === null && { secondsPerTransferLargeReason: large.reason }),
  };
  if (!mid) return report;

  const { circuit, key, input } = await midCircuit(buildDir, signal);
  const { ratio } = await measure({ ...circuit, name: "BaseRollup, 9 transfers" }, key, input);
  const peak = (name: "kernels" | "snarkjs"): Promise<number> => peakMemory(name, circuit, key, input, signal);
  return { ...report, ratioMid: ratio, peakMiBMid: { kernels: await peak("kernels"), snarkjs: await peak("snarkjs") } };
}

async function timeCircuit(
  module: WebAssembly.Module,
  { name, constraints, wasmPath }: CompiledCircuit,
  { zkeyPath }: ProvingKey,
  input: CircuitInput,
  { rounds, rapidsnark, signal }: Pick<BenchProverOptions, "rounds" | "rapidsnark" | "signal">,
): Promise<CircuitTimes> {
  const [wasm, zkey] = await Promise.all([readFile(wasmPath), readFile(zkeyPath)]);
  const kernels = await Kernels.create(module);
  const generator = await WitnessGenerator.compile(wasm);
  const clock = new Clock();
  placeFillers(kernels);
  const key = prepareKey(kernels, inMemory(zkey), zkeyPath);
  const place = clock.lap();

  const samples: {
    snarkjs: number;
    kernels: number;
    rapidsnark: number;
    phases: Record<"witness" | ProofPhase, number>;
  }[] = [];
  for (let round = 0; round < rounds; round++) {
    signal?.throwIfAborted();
    clock.lap();
    const file = { type: "mem" as const, data: new Uint8Array() };
    await wtns.calculate(input as Parameters<typeof wtns.calculate>[0], wasm, file);
    await groth16.prove(zkey, file.data);
    const snarkjs = clock.lap();

    const phases = { witness: 0, rows: 0, transforms: 0, sums: 0 };
    let phase: keyof typeof phases = "witness";
    const witness = await generator.generate(input);
    const onPhase = (next: ProofPhase): void => {
      phases[phase] = clock.lap();
      phase = next;
    };
    prove(kernels, key, witness, { onPhase });
    phases[phase] = clock.lap();
    const external =
      rapidsnark === undefined ? 0 : phases.witness + (await cpuOfRapidsnark(rapidsnark, zkeyPath, witness));
    const kernelsSeconds = Object.values(phases).reduce((a, b) => a + b);
    samples.push({ snarkjs, kernels: kernelsSeconds, rapidsnark: external, phases });
  }
  const snarkjs = median(samples.map((sample) => sample.snarkjs));
  const ours = median(samples.map((sample) => sample.kernels));
  const phase = (of: "witness" | ProofPhase): number => round3(median(samples.map(({ phases }) => phases[of])));
  return {
    name,
    constraints,
    snarkjs: round3(snarkjs),
    kernels: round3(ours),
    ratio: round3(snarkjs / ours),
    ...(rapidsnark !== undefined && { rapidsnark: round3(median(samples.map((sample) => sample.rapidsnark))) }),
    place: round3(place),
    phases: {
      witness: phase("witness"),
      rows: phase("rows"),
      transforms: phase("transforms"),
      sums: phase("sums"),
    },
  };
}

/** CPU seconds of the process, by a shell's clock: Node does not tell those of its children. */
async function cpuOfRapidsnark(path: string, zkeyPath: string, witness: Uint8Array): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "b52-rapidsnark-"));
  try {
    const [timed, times] = [join(folder, "timed"), join(folder, "times")];
    await writeFile(timed, timedScript(path, times), { mode: 0o700 });
    await proveByRapidsnark(timed, zkeyPath, witness);
    const seconds = (await readFile(times, "utf8")).trim().split(" ").map(Number);
    return seconds.reduce((a, b) => a + b);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A shell script that runs a program with its own arguments, and writes the seconds that it took. */
function timedScript(path: string, times: string): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  return [
    "#!/usr/bin/env bash",
    'TIMEFORMAT="%U %S"',
    `{ time ${quoted(path)} "$@" >/dev/null 2>&1; } 2>${quoted(times)}`,
    "",
  ].join("\n");
}

/** A product a call, eight independent ones in turn; the kernels make two in a call. */
async function timeProducts(module: WebAssembly.Module): Promise<Pick<ProverBench, "nsPerMul" | "nsPerMulWasmcurves">> {
  const CALLS = 400_000;
  const kernels = await Kernels.create(module);
  const pairs = Array.from({ length: 9 }, () => kernels.functions.allocate(PAIR_BYTES));
  for (const pair of pairs) kernels.writePair(pair, [3n ** 150n, 5n ** 100n]);

  const { tm } = curve;
  const memory = new WebAssembly.Memory({ initial: 25 });
  const { instance } = await WebAssembly.instantiate(tm.code, { env: { memory } });
  const multiply = instance.exports.f1m_mul as (a: number, b: number, out: number) => void;
  const free = new Uint32Array(memory.buffer, 0, 1)[0]!;
  new Uint8Array(memory.buffer, free, 9 * 32).fill(7);

  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < 9; round++) {
    const clock = new Clock();
    for (let i = 0; i < CALLS; i++) kernels.functions.mulFq(pairs[i & 7]!, pairs[i & 7]!, pairs[8]!);
    ours.push(clock.lap() / (2 * CALLS));
    for (let i = 0; i < CALLS; i++) multiply(free + 32 * (i & 7), free + 256, free + 32 * (i & 7));
    theirs.push(clock.lap() / CALLS);
  }
  const nanoseconds = (samples: number[]): number => Math.round(median(samples) * 1e10) / 10;
  return { nsPerMul: nanoseconds(ours), nsPerMulWasmcurves: nanoseconds(theirs) };
}

/** CPU time of the process, in seconds. */
class Clock {
  #last = process.cpuUsage();

  /** Since the last lap. */
  lap(): number {
    const { user, system } = process.cpuUsage(this.#last);
    this.#last = process.cpuUsage();
    return (user + system) / 1e6;
  }
}

function median(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[samples.length >> 1]!;
}

function round3(value: number): number {
  return Math.round(1_000 * value) / 1_000;
}
