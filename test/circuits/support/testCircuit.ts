import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { wtns } from "snarkjs";
import { FIELD } from "../../../src/protocol/field.ts";
import { type CircuitInstance, circuitInstance, type CircuitName } from "../../../src/proving/circuitInstance.ts";
import { compileCircuit, type CompiledCircuit } from "../../../src/proving/compileCircuit.ts";
import type { CircuitInput } from "../../../src/proving/pool.ts";
import { projectPath } from "../../../src/setup/project.ts";
import { type ConstraintSystem, readConstraintSystem, violations } from "./constraintSystem.ts";

export type Inputs = CircuitInput;

/** A compiled instance with which witnesses are made, edited and checked. */
export class TestCircuit {
  readonly compiled: CompiledCircuit;
  readonly system: ConstraintSystem;
  /** Wire of each signal, -1 if simplification replaced it by others. */
  readonly #wires: ReadonlyMap<string, number>;
  readonly #names = new Map<number, string[]>();
  readonly #inputs: ReadonlySet<number>;

  /** @param wires by the names of the signals, in the compiler's order: outputs, inputs, others */
  constructor(compiled: CompiledCircuit, system: ConstraintSystem, wires: ReadonlyMap<string, number>) {
    this.compiled = compiled;
    this.system = system;
    this.#wires = wires;
    const { publicOutputs, publicInputs, privateInputs } = system.header;
    // An input that no constraint mentions has no wire, so their number alone does not tell which wires are inputs.
    this.#inputs = new Set([...wires.values()].slice(publicOutputs, publicOutputs + publicInputs + privateInputs));
    for (const [name, wire] of wires) {
      const names = this.#names.get(wire);
      if (names === undefined) this.#names.set(wire, [name]);
      else names.push(name);
    }
  }

  /** The witness that the compiled generator gives. Rejects, naming template and line, if an assertion fails. */
  async witness(inputs: Inputs): Promise<bigint[]> {
    const file = { type: "mem" as const, data: new Uint8Array() };
    await quietly(() => wtns.calculate(inputs as Parameters<typeof wtns.calculate>[0], this.compiled.wasmPath, file));
    const values = Buffer.from(file.data).subarray(-32 * this.system.header.wires);
    return Array.from({ length: this.system.header.wires }, (_, i) =>
      BigInt(
        `0x${Buffer.from(values.subarray(32 * i, 32 * i + 32))
          .reverse()
          .toString("hex")}`,
      ),
    );
  }

  /** The wire of `main.<signal>`. */
  wire(signal: string): number {
    const wire = this.#wires.get(`main.${signal}`);
    if (wire === undefined) throw new Error(`no signal main.${signal} in ${this.compiled.name}`);
    return wire;
  }

  /** Whether a wire is an input of the circuit. */
  isInput(wire: number): boolean {
    return this.#inputs.has(wire);
  }

  /** Names of a wire. */
  names(wire: number): readonly string[] {
    return this.#names.get(wire) ?? [];
  }

  /** Names of the signals whose name, without `main.`, matches, and that have a wire of their own. */
  signals(pattern: RegExp): string[] {
    const names = [...this.#wires].filter(([, wire]) => wire >= 0).map(([name]) => name.slice("main.".length));
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
  const publicSignals = [...(body ?? "").matchAll(/^ *signal input (\w+)/gm)].map(([, signal]) => signal!);
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
export function compiling(...circuits: readonly (() => Promise<TestCircuit>)[]): (this: Mocha.Context) => Promise<void> {
  return async function () {
    this.timeout(600_000);
    for (const circuit of circuits) await circuit();
  };
}

async function load(instance: CircuitInstance): Promise<TestCircuit> {
  const compiled = await compileCircuit(instance, { outDir: OUT_DIR });
  const [system, symbols] = await Promise.all([readConstraintSystem(compiled.r1csPath), readFile(compiled.symPath, "utf8")]);
  const wires = new Map<string, number>();
  for (const line of symbols.split("\n")) {
    const [, wire, , name] = line.split(",");
    if (name !== undefined) wires.set(name, Number(wire));
  }
  return new TestCircuit(compiled, system, wires);
}
