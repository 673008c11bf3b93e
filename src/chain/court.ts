import { ProverCourt__factory, type ProverCourt } from "../../typechain-types/index.ts";
import type { ChainClient } from "./client.ts";

/** The court that the registry is bound to. */
export async function courtOf({ registry, provider }: ChainClient): Promise<ProverCourt> {
  return ProverCourt__factory.connect(await registry.court(), provider);
}
