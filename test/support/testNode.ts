import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { delimiter, join } from "node:path";
import { connectProvider } from "../../src/chain/provider.ts";
import { ANVIL, HARDHAT } from "../../src/devnet/l1.ts";
import { projectPath } from "../../src/setup/project.ts";

const START_TIMEOUT_MS = 30_000;

export interface TestNode {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * A development chain in a process of its own: anvil, or Hardhat's node where the registry has no anvil for the
 * machine. It makes a block for every transaction.
 */
export async function startNode(chainId = 31_337): Promise<TestNode> {
  const port = await freePort();
  const [program, args] = existsSync(ANVIL)
    ? [ANVIL, ["--host", "127.0.0.1", "--port", `${port}`, "--chain-id", `${chainId}`, "--silent"]]
    : [process.execPath, [HARDHAT, "node", "--hostname", "127.0.0.1", "--port", `${port}`, "--chain-id", `${chainId}`]];
  return start(program, args, port);
}

/** Where geth is, if it is anywhere: named in B52_GETH, built into .b52/bin, or on PATH. */
export const GETH = [
  process.env["B52_GETH"],
  projectPath(".b52", "bin", "geth"),
  ...(process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "geth")),
].find((path) => path !== undefined && existsSync(path));

/** geth's chain for development. @param period seconds between blocks; 0: a block for each transaction, and no other */
export async function startGeth(period: number): Promise<TestNode> {
  const [port, engine] = [await freePort(), await freePort()];
  const args = [
    ...["--dev", "--dev.period", `${period}`, "--http", "--http.addr", "127.0.0.1", "--http.port", `${port}`],
    ...["--port", "0", "--authrpc.port", `${engine}`, "--nodiscover", "--ipcdisable"],
  ];
  return start(GETH!, args, port);
}

async function start(program: string, args: readonly string[], port: number): Promise<TestNode> {
  const child = spawn(program, args, { stdio: "ignore" });
  const exited = once(child, "exit");
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      (await connectProvider(url)).destroy();
      break;
    } catch (error) {
      if (Date.now() > deadline || child.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return {
    url,
    async stop() {
      child.kill();
      await exited;
    },
  };
}

/** A port that nobody listens on right now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
