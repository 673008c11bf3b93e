import { archiveCommand } from "./archive.ts";
import { benchCommand } from "./bench.ts";
import { checkCommand } from "./check.ts";
import { coverageCommand } from "./coverage.ts";
import { demoCommand } from "./demo.ts";
import { deployCommand } from "./deploy.ts";
import { devnetCommand } from "./devnet.ts";
import { escapeCommand } from "./escape.ts";
import { ledgerCommand } from "./ledger.ts";
import { lifecycleCommand } from "./lifecycle.ts";
import { mutateCommand } from "./mutate.ts";
import { nodeCommand } from "./node/index.ts";
import { claimCommand } from "./operator/claim.ts";
import { keyCommand } from "./operator/key.ts";
import { seatCommand } from "./operator/seat.ts";
import { stakeCommand } from "./operator/stake.ts";
import { proveWorkerCommand } from "./proveWorker.ts";
import { setupCommand } from "./setup.ts";
import { simulateCommand } from "./simulate.ts";
import { statusCommand } from "./status.ts";
import { syncCommand } from "./sync.ts";
import { testCommand } from "./test.ts";
import { walletCommand } from "./wallet/index.ts";
import type { CreateCommand } from "../program.ts";

/** All of `b52`, in the order in which help lists them. */
export const COMMANDS: readonly CreateCommand[] = [
  setupCommand,
  demoCommand,
  devnetCommand,
  lifecycleCommand,
  testCommand,
  checkCommand,
  coverageCommand,
  mutateCommand,
  benchCommand,
  simulateCommand,
  deployCommand,
  statusCommand,
  nodeCommand,
  keyCommand,
  stakeCommand,
  seatCommand,
  claimCommand,
  syncCommand,
  archiveCommand,
  ledgerCommand,
  proveWorkerCommand,
  walletCommand,
  escapeCommand,
];
