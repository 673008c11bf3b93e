import { homedir } from "node:os";
import { join } from "node:path";
import { makeFolder } from "../../chain/folders.ts";
import type { Deployment } from "../../chain/deployment.ts";
import { ProcessLock } from "../../database/index.ts";
import { accountName } from "../../sync/index.ts";

const folder = (): string => join(homedir(), ".b52", "locks");

/** Where the lock of a key is. */
export const keyLockFile = (address: string, deployment: Deployment): string =>
  join(folder(), `${accountName(address, deployment)}.lock`);

/** Where the program that has the lock sends for commands with the same key. */
export const keySocket = (address: string, deployment: Deployment): string =>
  join(folder(), `${accountName(address, deployment)}.sock`);

/**
 * Takes a key for this process: two programs of a machine that use one would take each other's nonces and promise the
 * same things twice, whatever folders they have. What programs on other machines do, a duty ledger and listening tell.
 * @param address of the key on L1
 * @throws {LockedError} naming the process that has it
 */
export async function lockKey(address: string, deployment: Deployment): Promise<ProcessLock> {
  await makeFolder(folder());
  return ProcessLock.take(keyLockFile(address, deployment), `the key of ${address}`);
}
