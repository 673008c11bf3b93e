import { existsSync } from "node:fs";
import { join } from "node:path";
import { B52Error } from "../protocol/errors.ts";
import { projectPath } from "../setup/project.ts";
import { Program } from "./program.ts";

/** An L1 that the devnet starts itself. */
export type L1Kind = "anvil" | "hardhat";

/** Seconds between two blocks, so that L1's clock goes with everybody's; in hardhat.config.ts, too. */
const BLOCK_SECONDS = 1;

/** Where anvil is, if the registry has it for this machine. */
export const ANVIL = projectPath("node_modules", "@foundry-rs", "anvil-linux-amd64", "bin", "anvil");
const START_TIMEOUT_MS = 60_000;

/** What tells, of the lines that a node writes, where it listens. */
const LISTENING = /(?:Listening on |JSON-RPC server at http:\/\/)127\.0\.0\.1:(\d+)/;

/** A chain of this devnet alone. */
export interface DevnetL1 {
  readonly kind: L1Kind;
  readonly url: string;
  readonly program: Program;
}

/** A node of L1 does not say that it listens. */
export class L1SilentError extends B52Error {
  constructor(kind: L1Kind, logFile: string) {
    super(`${kind} has not said where it listens within ${START_TIMEOUT_MS / 1_000} s; ${logFile} tells more`);
  }
}

/** anvil where its package is there, else Hardhat's node. */
export const defaultL1 = (): L1Kind => (existsSync(ANVIL) ? "anvil" : "hardhat");

/**
 * Starts a chain for development on a free port of this machine. It makes a block every {@link BLOCK_SECONDS}.
 * @param folder for its log
 * @throws {L1SilentError} @throws {ProgramEndedError} when it ends instead @throws the signal's reason
 */
export async function startL1(kind: L1Kind, folder: string, signal: AbortSignal): Promise<DevnetL1> {
  signal.throwIfAborted();
  const logFile = join(folder, `${kind}.log`);
  let onPort: (port: number) => void = () => undefined;
  const program = Program.start({
    ...{ name: kind, logFile },
    command: kind === "anvil" ? { path: ANVIL, args: anvilArguments() } : { node: hardhatArguments() },
    onLine: (line) => {
      const [, port] = LISTENING.exec(line) ?? [];
      if (port !== undefined) onPort(Number(port));
    },
  });
  try {
    const timeout = AbortSignal.any([signal, AbortSignal.timeout(START_TIMEOUT_MS)]);
    const port = await new Promise<number>((resolve, reject) => {
      onPort = resolve;
      const late = (): void => reject(signal.aborted ? (signal.reason as Error) : new L1SilentError(kind, logFile));
      timeout.addEventListener("abort", late, { once: true });
      program.watch().catch(reject);
    });
    return { kind, url: `http://127.0.0.1:${port}`, program };
  } catch (error) {
    await program.stop();
    throw error;
  }
}

/** The node itself picks the port, so nobody else can have it. */
const anvilArguments = (): string[] => [
  ...["--host", "127.0.0.1", "--port", "0", "--chain-id", "31337"],
  ...["--block-time", `${BLOCK_SECONDS}`, "--order", "fifo"],
];

/** Hardhat's command. */
export const HARDHAT = projectPath("node_modules", "hardhat", "dist", "src", "cli.js");

const hardhatArguments = (): string[] => [
  HARDHAT,
  // The network of this name in hardhat.config.ts makes blocks by the clock.
  ...["node", "--network", "devnet", "--hostname", "127.0.0.1", "--port", "0"],
];
