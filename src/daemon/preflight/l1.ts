import { setTimeout as sleep } from "node:timers/promises";
import { formatEther } from "ethers";
import { type ChainClient, connectRollup } from "../../chain/client.ts";
import type { Deployment } from "../../chain/deployment.ts";
import { NoContractError, PrunedNodeError, WrongContractError } from "../../chain/errors.ts";
import { connectProvider } from "../../chain/provider.ts";
import { knownBlock } from "../../chain/head.ts";
import { slotCount } from "../../protocol/nodes.ts";
import type { Configuration, RoleName } from "../settings/index.ts";
import { ClockSkew } from "../watch/clockSkew.ts";
import { type CheckResult, type Finding, fail, ok, skipped, warn } from "./check.ts";

/** The order in which `connectRollup` looks. */
const STEPS = ["chain", "contracts", "old log"] as const;

function stepOf(error: unknown): number {
  if (error instanceof NoContractError || error instanceof WrongContractError) return 1;
  return error instanceof PrunedNodeError ? 2 : 0;
}

/** Chain, contracts and an old log of one node. @returns the client, if all is well */
export async function checkNode(
  url: string,
  number: number,
  deployment: Deployment,
  signal: AbortSignal,
): Promise<{ readonly results: CheckResult[]; readonly client: ChainClient | undefined }> {
  const named = (i: number): string => (number === 0 ? STEPS[i]! : `${STEPS[i]!} (node ${number + 1})`);
  try {
    const provider = await connectProvider(url, { signal });
    const client = await connectRollup(provider, deployment);
    const details = [
      `${provider.name} follows chain ${deployment.chainId} to block ${await provider.getBlockNumber()}`,
      `all ${Object.keys(deployment.contracts).length} are there, and bound to each other`,
      `the log of block ${deployment.started.number} is there`,
    ];
    return { results: details.map((detail, i) => ({ name: named(i), ...ok(detail) })), client };
  } catch (error) {
    signal.throwIfAborted();
    const failed = stepOf(error);
    const results = STEPS.map((_, i): CheckResult => {
      const found =
        i < failed ? ok("as deployed") : i > failed ? skipped("not looked at") : fail((error as Error).message);
      return { name: named(i), ...found };
    });
    return { results, client: undefined };
  }
}

const LOOK_MS = 100;
const NEXT_BLOCK_MS = 15_000;

/** This machine's clock against the next block of L1. */
export async function checkClock(
  { provider }: ChainClient,
  { settings: { maxClockSkewMs } }: Configuration,
  signal: AbortSignal,
): Promise<Finding> {
  const skew = new ClockSkew(1);
  const first = await knownBlock(provider, "latest");
  const deadline = Date.now() + NEXT_BLOCK_MS;
  for (;;) {
    const block = await knownBlock(provider, "latest");
    const seenAt = Date.now();
    if (block.hash !== first.hash) {
      skew.see({ number: block.number, timestamp: BigInt(block.timestamp) }, seenAt);
      const ms = skew.ms!;
      const detail = `${ms} ms from that of L1, as far as one block shows`;
      return Math.abs(ms) >= maxClockSkewMs ? warn(`${detail}, expected less than ${maxClockSkewMs} ms`) : ok(detail);
    }
    const behind = block.timestamp * 1_000 - seenAt;
    if (behind >= maxClockSkewMs)
      return warn(`at least ${behind} ms behind L1, expected less than ${maxClockSkewMs} ms`);
    if (seenAt > deadline)
      return warn(
        `no block of L1 came in ${NEXT_BLOCK_MS / 1_000} s, so nothing can be said; windows need blocks: ` +
          "a node for development may make them on demand alone: give it a block time",
      );
    await sleep(LOOK_MS, undefined, { signal });
  }
}

/** Gas of what a role sends in a round where everything is as usual; docs/benchmarks.md has the parts. */
export function gasPerRound(role: RoleName, { profile }: Deployment): bigint {
  const slots = BigInt(slotCount(profile));
  if (role === "prover") return 450_000n + 60_000n;
  // A forest, a commit, a reveal with a blob, an advance.
  if (role === "proposer") return 637_000n + 55_500n * slots + 34_000n + 135_000n + 150_000n;
  return 150_000n;
}

const FEW_ROUNDS = 100n;

/** For how many rounds an account has ether. @param perRound gas */
export async function checkGas({ provider }: ChainClient, address: string, perRound: bigint): Promise<Finding> {
  const [balance, { maxFeePerGas, gasPrice }] = await Promise.all([
    provider.getBalance(address),
    provider.getFeeData(),
  ]);
  const price = maxFeePerGas ?? gasPrice ?? 1n;
  const rounds = balance / (perRound * price);
  const detail = `${address} has ${formatEther(balance)} ether, enough for ${rounds} rounds at today's price`;
  if (rounds === 0n) return fail(`${detail}, expected ether for at least one`);
  return rounds < FEW_ROUNDS ? warn(`${detail}, expected ${FEW_ROUNDS} or more`) : ok(detail);
}
