import { B52Error } from "../../protocol/errors.ts";
import { viewOf } from "../keys/binfile.ts";
import { writeLE256 } from "../keys/bytes.ts";
import type { CircuitInput, SignalValue } from "../circuitInput.ts";

/** An input for which the circuit has no witness, or that is not this circuit's. */
export class WitnessError extends B52Error {}

/** What circom's WebAssembly exports. Values pass through a place in its memory, 32 bytes, little-endian. */
interface CircuitFunctions {
  readonly memory: WebAssembly.Memory;
  getSharedRWMemoryStart(): number;
  init(sanityCheck: 0 | 1): void;
  getFieldNumLen32(): number;
  getWitnessSize(): number;
  getInputSize(): number;
  /** Signals are named by the halves of a 64-bit hash. */
  getInputSignalSize(high: number, low: number): number;
  setInputSignal(high: number, low: number, index: number): void;
  getWitness(signal: number): void;
  getMessageChar(): number;
}

const VALUE_BYTES = 32;
const FAILURES = [
  "Signal not found.",
  "Too many signals set.",
  "Signal already set.",
  "Assert Failed.",
  "Not enough memory.",
  "Input signal array access exceeds the size.",
];

/**
 * A circuit's witness generator, compiled once. Every witness is made by a new instance, so that none stays behind in
 * its memory.
 */
export class WitnessGenerator {
  readonly #module: WebAssembly.Module;

  /** @param module may come from another thread */
  constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  static async compile(wasm: Uint8Array<ArrayBuffer>): Promise<WitnessGenerator> {
    return new WitnessGenerator(await WebAssembly.compile(wasm));
  }

  /**
   * @returns canonical numbers of 32 bytes, little-endian, one for each signal
   * @throws WitnessError
   */
  async generate(input: CircuitInput): Promise<Uint8Array> {
    const circuit = await instantiate(this.#module);
    circuit.init(0);
    let set = 0;
    for (const [name, value] of Object.entries(input)) set += setSignal(circuit, name, flat(value));
    const size = circuit.getInputSize();
    if (set < size) throw new WitnessError(`Not all inputs have been set: ${set} of ${size}`, { set, size });
    return readWitness(circuit);
  }
}

async function instantiate(module: WebAssembly.Module): Promise<CircuitFunctions> {
  let messages = "";
  const message = (): string => {
    let text = "";
    for (let code = circuit.getMessageChar(); code !== 0; code = circuit.getMessageChar())
      text += String.fromCharCode(code);
    return text;
  };
  const ignored = (): void => undefined;
  const runtime = {
    exceptionHandler(code: number): never {
      throw new WitnessError(`${FAILURES[code - 1] ?? "Unknown error."} ${messages}`.trim(), { code });
    },
    printErrorMessage: () => void (messages += `${message()}\n`),
    // What circuits log; it must be taken away.
    writeBufferMessage: () => void message(),
    showSharedRWMemory: ignored,
    printDebug: ignored,
    log: ignored,
    error: ignored,
  };
  const { exports } = await WebAssembly.instantiate(module, { runtime });
  const circuit = exports as unknown as CircuitFunctions;
  const bytes = 4 * circuit.getFieldNumLen32();
  if (bytes !== VALUE_BYTES)
    throw new WitnessError(`The circuit's numbers have ${bytes} bytes, expected ${VALUE_BYTES}`, { bytes });
  return circuit;
}

/** The place that values pass through; valid until the circuit's memory grows. */
function shared(circuit: CircuitFunctions): Uint8Array {
  return new Uint8Array(circuit.memory.buffer, circuit.getSharedRWMemoryStart(), VALUE_BYTES);
}

function flat(value: SignalValue): bigint[] {
  return typeof value === "bigint" ? [value] : value.flatMap(flat);
}

/** Returns how many values were set. */
function setSignal(circuit: CircuitFunctions, name: string, values: readonly bigint[]): number {
  const hash = fnv1a(name);
  const [high, low] = [Number(hash >> 32n), Number(hash & 0xffffffffn)];
  const size = circuit.getInputSignalSize(high, low);
  const fail = (what: string): never => {
    throw new WitnessError(`${what} for input signal ${name}: ${values.length}, expected ${size}`, { name, size });
  };
  if (values.length < size) fail("Not enough values");
  if (values.length > size) fail("Too many values");
  values.forEach((value, i) => {
    writeLE256(viewOf(shared(circuit)), 0, value);
    circuit.setInputSignal(high, low, i);
  });
  return values.length;
}

function readWitness(circuit: CircuitFunctions): Uint8Array {
  const signals = circuit.getWitnessSize();
  const witness = new Uint8Array(VALUE_BYTES * signals);
  const value = shared(circuit);
  for (let signal = 0; signal < signals; signal++) {
    circuit.getWitness(signal);
    witness.set(value, VALUE_BYTES * signal);
  }
  return witness;
}

/** How circom names signals. */
function fnv1a(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text, "latin1")) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}
