import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { ZeroHash } from "ethers";
import { secretKeyFromSeed } from "../../src/protocol/eddsa.ts";
import { accountKeyOf } from "../../src/protocol/keys.ts";
import { firstSlot, slotCount } from "../../src/protocol/nodes.ts";
import { type Profile, PROFILES, transfersPerBlock } from "../../src/protocol/profile.ts";
import { signTransfer } from "../../src/protocol/transfer.ts";
import { compileProfile } from "../../src/proving/circuits.ts";
import { crownDepth } from "../../src/proving/crownDepth.ts";
import { BlockPlan } from "../../src/proving/forest.ts";
import { kernelsHash } from "../../src/proving/groth16/compileKernels.ts";
import { buildKeys } from "../../src/proving/keys/build.ts";
import { ProverPool } from "../../src/proving/pool.ts";
import { executeBlock } from "../../src/state/executor.ts";
import { State } from "../../src/state/state.ts";
import { peakMemory } from "./peakMemory.ts";

/**
 * A block of the large profile, from sources to proofs. Seconds, on the machine and at the load of the run: compare
 * them with each other.
 */
export interface LargeBench {
  readonly profile: string;
  readonly transfersPerBase: number;
  readonly accounts: number;
  readonly circuits: readonly LargeCircuit[];
  /** Of all circuits that were not there yet. */
  readonly seconds: { readonly compile: number; readonly keys: number; readonly execute: number };
  readonly processors: number;
  /** Average of a quarter of an hour, after those steps: above 1 a processor, other programs were in the way. */
  readonly load: number;
  /** CPU seconds by a pool of one thread, from the input to the checked proof; the first of a circuit loads its key. */
  readonly proofs: readonly { readonly circuit: string; readonly seconds: number }[];
  /** Of the last proof of a base node, by the transfers in it. */
  readonly secondsPerTransfer: number;
  /** Of a process that makes one proof of a base node, with a key that was prepared before. */
  readonly peakMiB: number;
  /** Of the kernels that were measured. */
  readonly kernels: string;
}

export interface LargeCircuit {
  readonly name: string;
  readonly constraints: number;
  readonly keyBytes: number;
}

export interface BenchLargeOptions {
  readonly buildDir: string;
  readonly signal?: AbortSignal | undefined;
  readonly note: (line: string) => void;
}

const PROFILE = PROFILES.large;
const USERS = 64;
const ETHER = 10n ** 18n;
/** Anything: no contract looks at what is proven here. */
const DOMAIN = 1n;

/**
 * Compiles the large profile, builds its keys, executes a full block, and proves every node of it, one after the other.
 */
export async function benchLarge({ buildDir, signal, note }: BenchLargeOptions): Promise<LargeBench> {
  const [circuits, compile] = await timed(() =>
    compileProfile(PROFILE, {
      buildDir,
      signal,
      onProgress: ({ name, state, constraints }) =>
        note(`circuit ${name} ${state}${constraints ? `: ${constraints} constraints` : ""}`),
    }),
  );
  const [keys, keySeconds] = await timed(() =>
    buildKeys(circuits, {
      buildDir: join(buildDir, "keys"),
      ...(signal && { signal }),
      onProgress: ({ circuit, share }) => note(`key of ${circuit} ${Math.round(100 * share)} %`),
    }),
  );

  const [plan, execute] = await timed(async () => planFullBlock(PROFILE));
  const load = Math.round(10 * loadavg()[2]!) / 10;
  note(`a block of ${transfersPerBlock(PROFILE)} transfers executed`);
  const byName = new Map(circuits.map((circuit, i) => [circuit.name, { ...circuit, key: keys[i]! }]));
  // One at a time: the largest proofs need several gigabytes each.
  const pool = new ProverPool({ threads: 1, engine: "kernels" });
  const proofs: { circuit: string; seconds: number }[] = [];
  try {
    for (let slot = slotCount(PROFILE) - 1; slot >= 0; slot--) {
      const { circuit, input, node } = plan.job(slot);
      const { hash, wasmPath, key } = byName.get(circuit)!;
      const request = { circuit: { name: circuit, hash, wasmPath, key }, input, node, ...(signal && { signal }) };
      const before = process.cpuUsage();
      await pool.prove(request);
      const { user, system } = process.cpuUsage(before);
      const seconds = Math.round((user + system) / 10_000) / 100;
      proofs.push({ circuit, seconds });
      note(`${circuit} at depth ${node.depth}, index ${node.index} proven in ${seconds} s of CPU time`);
    }
  } finally {
    await pool.close();
  }
  const bases = proofs.filter(({ circuit }) => circuit === "BaseRollup");
  const base = byName.get("BaseRollup")!;
  const { input } = plan.job(firstSlot(PROFILE, PROFILE.levels));
  const bench: LargeBench = {
    profile: PROFILE.name,
    transfersPerBase: PROFILE.transfersPerBase,
    accounts: 4 ** PROFILE.accountDepth,
    circuits: await Promise.all(
      circuits.map(async ({ name, constraints }, i) => ({
        name,
        constraints,
        keyBytes: (await stat(keys[i]!.zkeyPath)).size,
      })),
    ),
    seconds: { compile, keys: keySeconds, execute },
    processors: availableParallelism(),
    load,
    proofs,
    secondsPerTransfer: Math.round((1_000 * bases.at(-1)!.seconds) / PROFILE.transfersPerBase) / 1_000,
    peakMiB: await peakMemory("kernels", base, base.key, input, signal),
    kernels: await kernelsHash(),
  };
  await mkdir(buildDir, { recursive: true });
  await writeFile(join(buildDir, MEASURED), JSON.stringify(bench));
  return bench;
}

/** What a run of {@link benchLarge} leaves for `bench prover`. */
const MEASURED = "bench-large.json";

/** What a transfer of a base node cost when these kernels proved it, or why that is not known. */
export async function measuredSecondsPerTransfer(
  buildDir: string,
): Promise<{ readonly seconds: number } | { readonly seconds: null; readonly reason: string }> {
  const text = await readFile(join(buildDir, MEASURED), "utf8").catch(() => undefined);
  if (text === undefined) return { seconds: null, reason: "never measured here: run ./b52 bench large" };
  const { kernels, secondsPerTransfer } = JSON.parse(text) as LargeBench;
  return kernels === (await kernelsHash())
    ? { seconds: secondsPerTransfer }
    : { seconds: null, reason: "measured with other kernels: run ./b52 bench large again" };
}

/** Everybody pays the next one, as often as it takes to fill the block. */
export function planFullBlock(profile: Profile): BlockPlan {
  const secrets = Array.from({ length: USERS }, (_, i) => secretKeyFromSeed(`bench/large/${i}`));
  const accounts = secrets.map((secret) => ({
    key: accountKeyOf(secret),
    balance: 1_000n * ETHER,
    nonce: 0n,
    l1Owner: 1n,
  }));
  const state = State.ofGenesis({ accountDepth: profile.accountDepth, accounts });
  const transfers = Array.from({ length: transfersPerBlock(profile) }, (_, i) => {
    const transfer = { from: 1 + (i % USERS), to: 1 + ((i + 1) % USERS), amount: ETHER, fee: ETHER / 100n };
    return signTransfer(secrets[i % USERS]!, DOMAIN, transfer, BigInt(Math.floor(i / USERS)));
  });
  const operationCrownDepth = crownDepth({ ...profile, transfersPerBase: profile.operationsPerBase });
  const rules = { profile, domain: DOMAIN, crownDepth: crownDepth(profile), operationCrownDepth };
  const { bases } = executeBlock(state, [], transfers, rules);
  const nobody = new Array<number>(slotCount(profile)).fill(0);
  return new BlockPlan({
    ...rules,
    bases,
    proposalId: 1n,
    orderCommitment: ZeroHash,
    burnBid: 1n,
    roundSeed: 0n,
    transcript: nobody,
    keys: nobody.map(() => 0n),
    votes: [],
  });
}

async function timed<T>(work: () => Promise<T>): Promise<[result: T, seconds: number]> {
  const start = performance.now();
  const result = await work();
  return [result, Math.round((performance.now() - start) / 10) / 100];
}
