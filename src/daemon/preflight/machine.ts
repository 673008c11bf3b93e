import { createServer } from "node:net";
import { makeWritableFolder } from "../../chain/folders.ts";
import type { Deployment } from "../../chain/deployment.ts";
import { portTrouble } from "../../chain/port.ts";
import { freeBytes, NodeDatabase } from "../../database/index.ts";
import { isOpenToOthers } from "../../wallet/keystore.ts";
import { lockKey } from "../compose/keyLock.ts";
import { plural } from "../../log/index.ts";
import type { Configuration } from "../settings/index.ts";
import { type Finding, fail, ok, warn } from "./check.ts";

const MIB = 1_048_576;

/** The data folder can be written, has room, and nobody else has it open. */
export async function checkFolder(
  { settings: { dataDir, minFreeMib } }: Configuration,
  rollup: string,
): Promise<Finding> {
  await makeWritableFolder(dataDir);
  (await NodeDatabase.open(dataDir, rollup)).close();
  const free = Math.floor((await freeBytes(dataDir)) / MIB);
  if (free < minFreeMib)
    return fail(`${dataDir} has ${free} MiB free, expected ${minFreeMib} or more (setting minFreeMib)`);
  return ok(`${dataDir}, ${free} MiB free`);
}

/** No program of this machine runs with the key. @throws {LockedError} */
export async function checkKeyLock(address: string, deployment: Deployment): Promise<Finding> {
  (await lockKey(address, deployment)).release();
  return ok(`no other program of this machine has ${address}`);
}

/** The file of the key is its owner's alone. What it holds is looked at by whoever opens it. */
export async function checkKeystore({ settings: { keystore } }: Configuration, address: string): Promise<Finding> {
  if (await isOpenToOthers(keystore)) return fail(`others can read ${keystore}, expected nobody but you: chmod 600`);
  return ok(`${address} of ${keystore}`);
}

/** The password, if it is in a file, is its owner's alone. */
export async function checkPasswordFile(path: string): Promise<Finding> {
  if (await isOpenToOthers(path)) return warn(`others can read ${path}, expected nobody but you: chmod 600 ${path}`);
  return ok(`${path} is yours alone`);
}

/** Every port that the node would listen on is free. */
export async function checkPorts({ role, settings }: Configuration): Promise<Finding> {
  const { status, api, listen } = settings;
  const wanted = [
    ...(status === undefined ? [] : [{ ...status, setting: "status" }]),
    ...(role === "follower" && api !== undefined ? [{ ...api, setting: "api" }] : []),
    ...listen.flatMap((address) => tcpOf(address)),
  ];
  const taken: string[] = [];
  for (const { host, port, setting } of wanted) {
    const reason = port === 0 ? undefined : await whyTaken(host, port);
    if (reason !== undefined) taken.push(`${host}:${port} (setting ${setting}): ${reason}`);
  }
  if (taken.length > 0) return fail(`${taken.join("; ")}, expected free ports`);
  return ok(wanted.map(({ host, port, setting }) => `${setting} ${host}:${port}`).join(", ") || "none wanted");
}

function tcpOf(address: string): { host: string; port: number; setting: string }[] {
  const [, host, port] = /^\/ip[46]\/([^/]+)\/tcp\/(\d+)/.exec(address) ?? [];
  return host === undefined ? [] : [{ host, port: Number(port), setting: "listen" }];
}

function whyTaken(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", ({ code, message }: NodeJS.ErrnoException) => resolve(portTrouble(code, message)));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

/** Whether proofs can be made by what is set. */
export async function checkEngine({ settings: { prover, threads } }: Configuration): Promise<Finding> {
  const { parseEngine } = await import("../../proving/engineChoice.ts");
  const engine = prover === undefined ? undefined : parseEngine(prover, "the setting prover");
  if (typeof engine === "object") {
    const { assertRapidsnark } = await import("../../proving/rapidsnark.ts");
    await assertRapidsnark(engine.rapidsnark);
    return ok(`rapidsnark at ${engine.rapidsnark}`);
  }
  const { chooseEngine } = await import("../../proving/groth16/engine.ts");
  const found = engine ?? (await chooseEngine()).name;
  const detail = `${found}, ${plural(threads, "proof")} at a time`;
  return found === "kernels" ? ok(detail) : warn(`${detail}: slow, expected the kernels of this project`);
}
