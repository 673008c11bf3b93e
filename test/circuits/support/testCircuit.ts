import { readFileSync } from "node:fs";
import { wtns } from "snarkjs";
import { FIELD } from "../../../src/protocol/field.ts";
import { type CircuitInstance, circuitInstance, type CircuitName } from "../../../src/proving/circuitInstance.ts";
import { compileCircuit, type CompiledCircuit } from "../../../src/proving/compileCircuit.ts";
import type { CircuitInput } from "../../../src/proving/circuitInput.ts";
import { projectPath } from "../../../src/setup/project.ts";
import { violations } from "./constraintSystem.ts";
import { NamedConstraints, readNamedConstraints } from "./namedConstraints.ts";

export type Inputs = CircuitInput;

/** Circuits bring their own memory. What the runtime sets aside for those of circom 1 is 2 GB, which costs time. */
const ONE_PAGE = { memorySize: 1 };
/** Its types leave the options out, and want arrays that can be written to. */
const calculate = wtns.calculate as (...args: [Inputs, string, { type: "mem" }, object]) => Promise<void>;

/** A compiled instance with which witnesses are made, edited and checked. */
export class TestCircuit extends NamedConstraints {
  readonly compiled: CompiledCircuit;

  constructor(compiled: CompiledCircuit, { system, wires }: NamedConstraints) {
    super(system, wires);
    this.compiled = compiled;
  }

  /** The witness that the compiled generator gives. Rejects, naming template and line, if an assertion fails. */
  async witness(inputs: Inputs): Promise<bigint[]> {
    const file = { type: "mem" as const, data: new Uint8Array() };
    await quietly(() => calculate(inputs, this.compiled.wasmPath, file, ONE_PAGE));
    const { wires } = this.system.header;
    const limbs = new DataView(file.data.buffer, file.data.byteOffset + file.data.byteLength - 32 * wires);
    const limb = (wire: number, i: number): bigint => limbs.getBigUint64(32 * wire + 8 * i, true);
    return Array.from(
      { length: wires },
      (_, wire) => limb(wire, 0) | (limb(wire, 1) << 64n) | (limb(wire, 2) << 128n) | (limb(wire, 3) << 192n),
    );
  }

  /** The wire of `main.<signal>`. */
  wire(signal: string): number {
    const wire = this.wires.get(`main.${signal}`);
    if (wire === undefined) throw new Error(`no signal main.${signal} in ${this.compiled.name}`);
    return wire;
  }

  /** Names of the signals whose name, without `main.`, matches, and that have a wire of their own. */
  signals(pattern: RegExp): string[] {
    const names = [...this.wires].filter(([, wire]) => wire >= 0).map(([name]) => name.slice("main.".length));
    return names.filter((name) => pattern.test(name));
  }

  read(witness: readonly bigint[], signal: string): bigint {
    return witness[this.wire(signal)]!;
  }

  /**
   * A copy of the witness with other values for some signals. What simplification replaced follows from the others, so
   * edits of it are left out.
   */
  edit(witness: readonly bigint[], edits: Readonly<Record<string, bigint>>): bigint[] {
    const forged = [...witness];
    for (const [signal, value] of Object.entries(edits)) {
      const wire = this.wire(signal);
      if (wire >= 0) forged[wire] = ((value % FIELD) + FIELD) % FIELD;
    }
    return forged;
  }

  /** How many constraints a witness breaks. */
  broken(witness: readonly bigint[]): number {
    return violations(this.system, witness).length;
  }
}

/** An instance of one of the main circuits for tests. */
export function mainInstance(template: CircuitName, ...parameters: number[]): CircuitInstance {
  return circuitInstance(template, parameters, [template, ...parameters].join("_"));
}

/** An instance of a gadget in `circuits/lib`, all inputs public, so that simplification leaves them what they are. */
export function gadget(file: string, template: string, ...parameters: (number | bigint)[]): CircuitInstance {
  const name = [template, ...parameters].join("_").slice(0, 60);
  const source = `lib/${file}.circom`;
  const body = readFileSync(projectPath("circuits", source), "utf8")
    .split(new RegExp(`^template ${template}\\(`, "m"))[1]
    ?.split(/^}/m)[0];
  const publicSignals = [...(body ?? "").matchAll(/^ *(?:signal input|input \w+) (\w+)/gm)].map(
    ([, signal]) => signal!,
  );
  return { name, source, template, parameters, publicSignals };
}

/** The witness generator prints failed assertions besides throwing them. */
async function quietly<T>(task: () => Promise<T>): Promise<T> {
  const { error } = console;
  console.error = () => {};
  try {
    return await task();
  } finally {
    console.error = error;
  }
}

const OUT_DIR = projectPath("build", "circuits", "test");
const loaded = new Map<string, Promise<TestCircuit>>();

/** Compiles an instance into the folder that all tests share, once. */
export function loadCircuit(instance: CircuitInstance): Promise<TestCircuit> {
  const key = JSON.stringify([instance.name, instance.parameters.map(String)]);
  let circuit = loaded.get(key);
  if (circuit === undefined) {
    circuit = load(instance);
    loaded.set(key, circuit);
  }
  return circuit;
}

/** A mocha hook that compiles what a suite needs, which may take longer than a test does. */
export function compiling(
  ...circuits: readonly (() => Promise<TestCircuit>)[]
): (this: Mocha.Context) => Promise<void> {
  return async function () {
    this.timeout(600_000);
    for (const circuit of circuits) await circuit();
  };
}

async function load(instance: CircuitInstance): Promise<TestCircuit> {
  const compiled = await compileCircuit(instance, { outDir: OUT_DIR });
  return new TestCircuit(compiled, await readNamedConstraints(compiled.r1csPath, compiled.symPath));
}
