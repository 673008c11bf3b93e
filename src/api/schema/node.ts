import { z } from "zod";
import { address, answer, count, decimal, hash, height, l1Block, wei } from "./values.ts";

/** What this node is, and what its rollup is. */
export const status = answer({
  version: z.string().describe("Of the program."),
  rollup: z.object({
    chainId: decimal,
    domain: hash,
    contracts: z.record(z.string(), address),
    asset: z.object({ symbol: z.string(), decimals: count }),
    profile: z.object({
      name: z.string(),
      arity: count,
      levels: count,
      accountDepth: count,
      transfersPerBase: count,
      operationsPerBase: count,
    }),
    genesis: z.object({ root: hash, supply: wei }),
    started: l1Block,
  }),
  finalHeight: count.describe("As L1 has decided."),
  syncedHeight: count.describe("As the L2 is known here."),
  units: z.record(z.string(), z.string()).describe("What the numbers of answers count."),
});

export const peer = z.object({
  id: z.string(),
  addresses: z.array(z.string()).describe("Multiaddrs of its connections."),
  direction: z.enum(["inbound", "outbound"]),
  agent: z.string().nullable().describe("What it says it is."),
  score: z.number().describe("Below 0: it has forged, or broken the rules of the mesh."),
});
export const peers = answer({ items: z.array(peer) });

/** How far back this node reaches. */
export const archive = answer({
  firstHeight: height.nullable().describe("Whose transfers are known here, as of all that follow; null: none."),
  lastHeight: count.describe("The last final block."),
  unreadable: count.describe("Final blocks whose blobs nobody gives."),
  snapshots: z
    .array(z.object({ height, bytes: count, writtenAt: z.int().describe("Unix seconds, by this node's own clock.") }))
    .describe("Copies of the L2 with unclaimed exits, see `./b52 sync --snapshot`."),
});
