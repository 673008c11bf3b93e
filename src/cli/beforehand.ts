import type { EngineChoice } from "../proving/engineChoice.ts";
import { assertRunnable } from "./prover.ts";

/** What a command that deploys and proves has been given. */
export interface GivenMeans {
  readonly rpc?: string | undefined;
  readonly prover?: EngineChoice | undefined;
}

/**
 * Checks what a command was given before it sets anything up or sends anything: that what proves can be run, and that
 * the node answers.
 * @throws {RapidsnarkError} @throws {ChainUnreachableError} @throws {NodeAddressError}
 */
export async function checkBeforehand({ rpc, prover }: GivenMeans, signal: AbortSignal): Promise<void> {
  await assertRunnable(prover);
  if (rpc === undefined) return;
  const { connectProvider } = await import("../chain/provider.ts");
  const provider = await connectProvider(rpc, { signal });
  provider.destroy();
}
