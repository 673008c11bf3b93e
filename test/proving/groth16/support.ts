import { compileKernels } from "../../../src/proving/groth16/compileKernels.ts";
import { Kernels } from "../../../src/proving/groth16/kernels.ts";

/** Kernels with a memory of their own. */
export async function newKernels(): Promise<Kernels> {
  return Kernels.create(await WebAssembly.compile(await compileKernels()));
}
