import { toHex32 } from "../protocol/hex.ts";
import { stat } from "node:fs/promises";
import { decryptKeystoreJson, encryptKeystoreJson, getAddress, isKeystoreJson, SigningKey } from "ethers";
import { createFile } from "../chain/newFile.ts";
import { readNamedFile } from "../chain/textFile.ts";
import { KeystoreExistsError, KeystoreFileError, WrongPasswordError } from "./errors.ts";
import { type WalletIdentity, type WalletKeys, walletKeys } from "./keys.ts";

/** Work that trying a password takes, as geth and ethers have it: most of a second. */
const SCRYPT_N = 131_072;

/** What the file says beside the encrypted key. Only unlocking shows whether that is true. */
interface StoredIdentity {
  readonly b52?: { readonly key?: unknown };
  readonly address?: unknown;
}

/**
 * Encrypts a key and writes it to a new file, which only its owner may read: a Web3 keystore, which other wallets open
 * too.
 * @param scryptN smaller makes guessing the password cheaper: for tests
 * @param shown what the file says besides, without a password
 * @throws {KeystoreExistsError}
 */
export async function createKeystore(
  path: string,
  privateKey: string,
  password: string,
  scryptN = SCRYPT_N,
  shown: Readonly<Record<string, string>> = {},
): Promise<WalletKeys> {
  const keys = walletKeys(privateKey);
  const { address, key } = keys;
  const json = await encryptKeystoreJson({ address, privateKey }, password, { scrypt: { N: scryptN } });
  const text = `${JSON.stringify({ ...(JSON.parse(json) as object), b52: { key: key.toString(), ...shown } })}\n`;
  if (!(await createFile(path, text))) throw new KeystoreExistsError(path);
  return keys;
}

/** @throws {KeystoreFileError} @throws {WrongPasswordError} */
export async function unlockKeystore(path: string, password: string): Promise<WalletKeys> {
  const json = await readKeystore(path);
  // Checked before the key is decrypted, because a fault may be in what the file says, not in the password.
  const { address, key } = identityIn(path, json);
  let privateKey: string;
  try {
    ({ privateKey } = await decryptKeystoreJson(json, password));
  } catch (cause) {
    if ((cause as { argument?: unknown }).argument === "password") throw new WrongPasswordError(path);
    throw new KeystoreFileError(path, "its key cannot be decrypted", { cause });
  }
  const keys = walletKeys(new SigningKey(privateKey).privateKey);
  if (address !== keys.address)
    throw new KeystoreFileError(path, `it says that it is ${address}, but its key is that of ${keys.address}`);
  if (key !== undefined && key !== keys.key)
    throw new KeystoreFileError(path, `it says that its L2 key is ${toHex32(key)}, but that is ${toHex32(keys.key)}`);
  return keys;
}

/**
 * Whose wallet it is, as far as the file says without a password. A keystore of another program does not know the L2
 * key.
 * @throws {KeystoreFileError}
 */
export async function identityOf(path: string): Promise<Pick<WalletIdentity, "address"> & Partial<WalletIdentity>> {
  const identity = identityIn(path, await readKeystore(path));
  if (identity.address === undefined) throw new KeystoreFileError(path, "it does not say its address");
  return { ...identity, address: identity.address };
}

/** What the file says without a password, unchecked but for the address. @throws {KeystoreFileError} */
export async function publishedIn(path: string): Promise<{ readonly address?: string; readonly b52: unknown }> {
  const json = await readKeystore(path);
  const { address } = identityIn(path, json);
  return { ...(address !== undefined && { address }), b52: (JSON.parse(json) as StoredIdentity).b52 };
}

/** Whether others than its owner may read or write the file; nothing can be said of that on Windows. */
export async function isOpenToOthers(path: string): Promise<boolean> {
  return process.platform !== "win32" && ((await stat(path)).mode & 0o077) !== 0;
}

const MISSING = "it does not exist (b52 wallet new makes one, b52 key new an operator's)";

async function readKeystore(path: string): Promise<string> {
  const text = await readNamedFile(path, KeystoreFileError, MISSING);
  if (!isKeystoreJson(text)) throw new KeystoreFileError(path, "it is no Web3 keystore");
  return text;
}

/** @throws {KeystoreFileError} */
function identityIn(path: string, json: string): Partial<WalletIdentity> {
  const { address, b52 } = JSON.parse(json) as StoredIdentity;
  const key = b52?.key;
  return {
    ...(typeof address === "string" &&
      /^(0x)?[0-9a-f]{40}$/i.test(address) && { address: checkedAddress(path, address) }),
    ...(typeof key === "string" && /^\d+$/.test(key) && { key: BigInt(key) }),
  };
}

/** @throws {KeystoreFileError} if it has capitals, but not those of its checksum */
function checkedAddress(path: string, text: string): string {
  const digits = text.slice(-40);
  try {
    return getAddress(`0x${digits}`);
  } catch (cause) {
    const expected = getAddress(`0x${digits.toLowerCase()}`);
    throw new KeystoreFileError(path, `its address ${text} has a wrong checksum, expected ${expected}`, { cause });
  }
}
