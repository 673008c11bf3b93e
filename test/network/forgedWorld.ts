import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { DevnetStatus } from "../../src/devnet/status.ts";
import type { Devnet } from "../../src/devnet/devnet.ts";
import type { GossipRoute } from "../../src/gossip/index.ts";
import { publicKey } from "../../src/protocol/eddsa.ts";
import { roundId } from "../../src/protocol/round.ts";
import { projectPath } from "../../src/setup/project.ts";
import type { FloodFigures } from "../gossip/flooding.ts";

/** What a forger knows of the devnet: what everybody can know who reads L1 and listens. */
export interface ForgedWorld {
  readonly route: GossipRoute;
  /** Rounds that offers may be for, with the block that they build on. */
  readonly roundId: bigint;
  readonly parent: bigint;
  /** Address of a proposer with a seat. */
  readonly proposer: string;
  /** Address of a prover's owner, and the prover's key. */
  readonly owner: string;
  readonly key: { readonly x: bigint; readonly y: bigint };
}

/** What offers may be for now: the next height, on the first block of the open round. */
export function forgedWorld({ stage }: Devnet, { l1 }: DevnetStatus): ForgedWorld {
  const { client, cast } = stage.world;
  const { chainId, contracts, domain } = client.deployment;
  const [prover, proposer] = [cast.provers[0]!, cast.proposers[0]!];
  return {
    route: { chainId, rollup: contracts.rollup, domain },
    roundId: roundId({ height: l1.round.round.height + 1, attempt: 1 }),
    parent: l1.open[0]!.proposalId,
    proposer: proposer.address,
    owner: prover.address,
    key: publicKey(prover.secret),
  };
}

/** Floods a node from a process of its own. Settles when that has ended. */
export async function floodFrom(
  world: ForgedWorld,
  address: string,
  { seconds, perSecond }: { readonly seconds: number; readonly perSecond: number },
): Promise<FloodFigures> {
  const described = JSON.stringify(world, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
  const forger = spawn(
    process.execPath,
    ["--import", "tsx", "test/network/forger.ts", address, `${seconds}`, `${perSecond}`, described],
    { cwd: projectPath(), stdio: ["ignore", "pipe", "inherit"] },
  );
  const [output, [code]] = await Promise.all([text(forger.stdout), once(forger, "exit") as Promise<[number | null]>]);
  if (code !== 0) throw new Error(`the forger has ended with exit code ${code}, expected 0`);
  return JSON.parse(output) as FloodFigures;
}

/** The inverse of what a forger is told. */
export const readWorld = (described: string): ForgedWorld =>
  JSON.parse(described, (_, value: unknown) =>
    typeof value === "string" && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value,
  ) as ForgedWorld;
