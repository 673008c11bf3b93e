import { BASE_FIELD, FIELD } from "../../protocol/field.ts";
import { compileKernels } from "./compileKernels.ts";
import { Kernels } from "./kernels.ts";
import { modulo, MONTGOMERY_R, PAIR_BYTES } from "./limbs.ts";

/** What proves on this machine: the kernels, or snarkjs and why. */
export type Engine =
  | { readonly name: "kernels"; readonly module: WebAssembly.Module }
  | { readonly name: "snarkjs"; readonly reason: string };

export type EngineName = Engine["name"];

/** Compiles the kernels, if that has not been done, and tries whether this machine multiplies as they need. */
export async function chooseEngine(): Promise<Engine> {
  return engineOf(await compileKernels());
}

/** Tries compiled kernels. */
export async function engineOf(code: Uint8Array<ArrayBuffer>): Promise<Engine> {
  let module: WebAssembly.Module;
  try {
    module = await WebAssembly.compile(code);
  } catch {
    return { name: "snarkjs", reason: `Node ${process.versions.node} here has no relaxed SIMD` };
  }
  const kernels = await Kernels.create(module);
  if (!multipliesExactly(kernels)) {
    return { name: "snarkjs", reason: "this processor has no fused multiply-add for vectors" };
  }
  return { name: "kernels", module };
}

/**
 * Whether products are exact. `relaxed_madd` may round twice, where the processor has no fused instruction: then almost
 * every product is wrong, and the largest ones most of all.
 */
export function multipliesExactly(kernels: Pick<Kernels, "functions" | "writePair" | "readPair">): boolean {
  const { functions } = kernels;
  const mark = functions.mark();
  const [a, b, out] = [0, 1, 2].map(() => functions.allocate(PAIR_BYTES)) as [number, number, number];
  const exact = (["mulFq", "mulFr"] as const).every((name) => {
    const prime = name === "mulFq" ? BASE_FIELD : FIELD;
    const inputs = [...probes(prime)];
    return inputs.every((x, i) => {
      const y = inputs[(7 * i + 3) % inputs.length]!;
      kernels.writePair(a, [x, y]);
      kernels.writePair(b, [y, y]);
      functions[name](out, a, b);
      const [first, second] = kernels.readPair(out);
      return modulo(first * MONTGOMERY_R - x * y, prime) === 0n && modulo(second * MONTGOMERY_R - y * y, prime) === 0n;
    });
  });
  functions.release(mark);
  return exact;
}

/** 0, 1, the ends of the field, numbers of full limbs, and some that look random. */
function* probes(prime: bigint): Generator<bigint> {
  const half = prime / 2n;
  yield* [0n, 1n, -1n, half, -half];
  for (let value = 3n, i = 0; i < 59; i++) {
    value = modulo(value ** 5n + BigInt(i), prime);
    yield value - half;
  }
}
