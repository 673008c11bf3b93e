import type { CreateCommand } from "../program.ts";

/** All of `b52` by name, in the order in which help lists them. Each is loaded when it is asked for. */
const COMMANDS: Readonly<Record<string, () => Promise<CreateCommand>>> = {
  setup: async () => (await import("./setup.ts")).setupCommand,
  demo: async () => (await import("./demo.ts")).demoCommand,
  devnet: async () => (await import("./devnet.ts")).devnetCommand,
  lifecycle: async () => (await import("./lifecycle.ts")).lifecycleCommand,
  test: async () => (await import("./test.ts")).testCommand,
  check: async () => (await import("./check.ts")).checkCommand(async () => commandsFor([])),
  coverage: async () => (await import("./coverage.ts")).coverageCommand,
  mutate: async () => (await import("./mutate.ts")).mutateCommand,
  bench: async () => (await import("./bench.ts")).benchCommand,
  simulate: async () => (await import("./simulate.ts")).simulateCommand,
  deploy: async () => (await import("./deploy.ts")).deployCommand,
  status: async () => (await import("./status.ts")).statusCommand,
  node: async () => (await import("./node/index.ts")).nodeCommand,
  key: async () => (await import("./operator/key.ts")).keyCommand,
  stake: async () => (await import("./operator/stake.ts")).stakeCommand,
  seat: async () => (await import("./operator/seat.ts")).seatCommand,
  claim: async () => (await import("./operator/claim.ts")).claimCommand,
  sync: async () => (await import("./sync.ts")).syncCommand,
  archive: async () => (await import("./archive.ts")).archiveCommand,
  ledger: async () => (await import("./ledger.ts")).ledgerCommand,
  "prove-worker": async () => (await import("./proveWorker.ts")).proveWorkerCommand,
  wallet: async () => (await import("./wallet/index.ts")).walletCommand,
  escape: async () => (await import("./escape.ts")).escapeCommand,
};

/**
 * The command that the arguments name, so that a program that runs for months does not hold the code of all others; all
 * of them if it names none, for help and for what to say about a wrong name.
 * @param args what follows `b52`
 */
export async function commandsFor(args: readonly string[]): Promise<CreateCommand[]> {
  const [name] = args;
  const named = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  return named === undefined ? Promise.all(Object.values(COMMANDS).map((load) => load())) : [await named()];
}
