/** The part of the WebAssembly API that proving uses: its types are in TypeScript's DOM library only. */
declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: { initial: number });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  interface Instance {
    readonly exports: Readonly<Record<string, unknown>>;
  }
  /** A trap. */
  class RuntimeError extends Error {}
  class Module {
    private readonly code: never;
  }
  /** Rejects with a CompileError when the code uses what this engine does not have. */
  function compile(code: Uint8Array<ArrayBuffer>): Promise<Module>;
  function instantiate(module: Module, imports?: Readonly<Record<string, object>>): Promise<Instance>;
  function instantiate(
    code: Uint8Array<ArrayBuffer>,
    imports: { env: { memory: Memory } },
  ): Promise<{ instance: Instance }>;
}
