import { toHex32 } from "../protocol/hex.ts";
import { z } from "zod";
import { KeystoreFileError } from "../wallet/errors.ts";
import { createKeystore, publishedIn, unlockKeystore } from "../wallet/keystore.ts";
import { type OperatorIdentity, operatorKeys, type OperatorKeys } from "./keys.ts";

const published = z.object({
  revealer: z.string(),
  proverKey: z.string().regex(/^\d+$/).transform(BigInt),
});

/**
 * Encrypts an operator's key and writes it to a new file, which only its owner may read: a wallet's file that also says
 * what the operator is known by, so that showing it takes no password.
 * @param scryptN smaller makes guessing the password cheaper: for tests
 * @throws {KeystoreExistsError}
 */
export async function createOperatorKeystore(
  path: string,
  privateKey: string,
  password: string,
  scryptN?: number,
): Promise<OperatorKeys> {
  const keys = operatorKeys(privateKey);
  const { revealer, proverKey } = keys;
  const shown = { revealer, proverKey: proverKey.toString() };
  await createKeystore(path, privateKey, password, scryptN, shown);
  return keys;
}

/**
 * Opens any wallet's file.
 * @throws {KeystoreFileError} if it says something else than its key does
 * @throws {WrongPasswordError}
 */
export async function unlockOperator(path: string, password: string): Promise<OperatorKeys> {
  const { privateKey } = await unlockKeystore(path, password);
  const keys = operatorKeys(privateKey);
  const said = await operatorIn(path);
  for (const name of ["revealer", "proverKey"] as const)
    if (said !== undefined && said[name] !== keys[name])
      throw new KeystoreFileError(
        path,
        `it says that its ${name} is ${shown(said[name])}, but that is ${shown(keys[name])}`,
      );
  return keys;
}

const shown = (value: string | bigint): string => (typeof value === "bigint" ? toHex32(value) : value);

/** What the file says without a password; undefined for one that another program wrote. @throws {KeystoreFileError} */
export async function operatorIn(path: string): Promise<OperatorIdentity | undefined> {
  const { address, b52 } = await publishedIn(path);
  const parsed = published.safeParse(b52);
  return parsed.success && address !== undefined ? { address, ...parsed.data } : undefined;
}
