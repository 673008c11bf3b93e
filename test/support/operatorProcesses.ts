import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { id, parseEther } from "ethers";
import { openConnection } from "../../src/chain/connection.ts";
import { writeDeployment } from "../../src/chain/deployment.ts";
import { attachRollup, type ChainClient, transfer } from "../../src/chain/index.ts";
import type { NodeProvider } from "../../src/chain/provider.ts";
import { createOperatorKeystore } from "../../src/operator/index.ts";
import { createKeystore } from "../../src/wallet/keystore.ts";
import { PROJECT_ROOT } from "../../src/setup/project.ts";
import { removeDeployment } from "./removeDeployment.ts";
import { deploySmall, smallParameters } from "./smallRollup.ts";
import { startNode } from "./testNode.ts";

const PASSWORD = "a password";
const WALLET_KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";

/** A process that was started. */
export interface Started {
  readonly child: ChildProcess;
  /** What it has said so far. */
  readonly said: () => string;
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

/**
 * A rollup on a node of its own, for which processes are started: with the key of an operator that has ether and
 * tokens, or with a wallet that has an account on the L2.
 */
export interface OperatorProcesses {
  readonly folder: string;
  readonly client: ChainClient;
  readonly address: string;
  /** Of the wallet: the second account for development. */
  readonly walletAddress: string;
  ask(method: string, ...params: unknown[]): Promise<unknown>;
  /** `./b52` with the operator's key, or the wallet's, in a process of its own, with a home of its own. */
  start(...args: string[]): Started;
  killAll(): void;
  close(): Promise<void>;
}

export async function operatorProcesses(name: string): Promise<OperatorProcesses> {
  const node = await startNode();
  const folder = await mkdtemp(join(tmpdir(), `b52-${name}-`));
  const connection = await openConnection(node.url);
  const deployment = await deploySmall(connection, smallParameters(name));
  await writeDeployment(join(folder, "deployment.json"), deployment);
  const client = attachRollup(connection.ethers.provider, deployment);
  const { address } = await createOperatorKeystore(join(folder, "key.json"), id(name), PASSWORD, 1_024);
  const { address: walletAddress } = await createKeystore(join(folder, "wallet.json"), WALLET_KEY, PASSWORD, 1_024);
  await writeFile(join(folder, "password"), PASSWORD);
  const [deployer] = await connection.ethers.getSigners();
  await (await deployer!.sendTransaction({ to: address, value: parseEther("1") })).wait();
  await transfer(client, deployer!, address, parseEther("1000"));
  const children: ChildProcess[] = [];
  const killAll = (): void => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
  };
  return {
    ...{ folder, client, address, walletAddress, killAll },
    ask: (method, ...params) => (client.provider as NodeProvider).request({ method, params }),
    start(...args) {
      const keys: Record<string, string> =
        args[0] === "wallet" ? { wallet: "wallet.json", db: "l2" } : { keystore: "key.json" };
      const files = { deployment: "deployment.json", ...keys, "password-file": "password" };
      const flags = Object.entries(files).flatMap(([option, file]) => [`--${option}`, join(folder, file)]);
      const child = spawn(
        process.execPath,
        ["--import", "./src/loader/register.mjs", "src/cli/main.ts", ...args, "--rpc", node.url, ...flags],
        { cwd: PROJECT_ROOT, env: { ...process.env, HOME: folder }, stdio: ["ignore", "pipe", "pipe"] },
      );
      children.push(child);
      let [stdout, stderr] = ["", ""];
      child.stdout.on("data", (chunk: Buffer) => (stdout += String(chunk)));
      child.stderr.on("data", (chunk: Buffer) => (stderr += String(chunk)));
      return {
        child,
        said: () => stderr,
        ended: once(child, "close").then(([code]) => ({ code: code as number | null, stdout, stderr })),
      };
    },
    async close() {
      killAll();
      await connection.close();
      await removeDeployment(deployment);
      await node.stop();
      await rm(folder, { recursive: true });
    },
  };
}
