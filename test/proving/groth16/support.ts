import { compileKernels } from "../../../src/proving/groth16/compileKernels.ts";
import { Kernels } from "../../../src/proving/groth16/kernels.ts";
import { placeFillers } from "../../../src/proving/groth16/multiscalar.ts";

/** Kernels with a memory of their own, ready for sums. */
export async function newKernels(): Promise<Kernels> {
  const kernels = await Kernels.create(await WebAssembly.compile(await compileKernels()));
  placeFillers(kernels);
  return kernels;
}
