import type { SetupStep } from "./step.ts";

/** The prover's kernels, from AssemblyScript to WebAssembly. */
export const kernelsStep: SetupStep = {
  title: "prover kernels",
  async isDone() {
    const { areKernelsCompiled } = await import("../proving/groth16/compileKernels.ts");
    return areKernelsCompiled();
  },
  async run() {
    const { compileKernels } = await import("../proving/groth16/compileKernels.ts");
    await compileKernels();
  },
};
