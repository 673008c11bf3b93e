import { SigningKey } from "ethers";
import { B52Error } from "../protocol/errors.ts";

/** Where an L1 key may be taken from instead of being typed. */
export const PRIVATE_KEY_ENV = "B52_PRIVATE_KEY";

/** What should be a private key and is none. It is not shown: it may be one with a slip in it. */
export class PrivateKeyError extends B52Error {
  constructor(source: string, found: string) {
    super(`${source} is no private key: it is ${found}, expected 64 hexadecimal digits, with or without 0x`, {
      source,
    });
  }
}

/**
 * A private key as programs have it, 0x and 64 lower-case digits.
 * @param source where the text comes from, for the error
 * @throws {PrivateKeyError}
 */
export function parsePrivateKey(text: string, source: string): string {
  const digits = text.trim().replace(/^0x/i, "");
  if (!/^[0-9a-f]*$/i.test(digits)) throw new PrivateKeyError(source, "something with other characters");
  if (digits.length !== 64) throw new PrivateKeyError(source, `${digits.length} digits long`);
  const key = new SigningKey(`0x${digits.toLowerCase()}`);
  try {
    // The constructor takes any 32 bytes; the public key shows whether the number is in range.
    SigningKey.computePublicKey(key.privateKey);
  } catch {
    throw new PrivateKeyError(source, "zero, or above the order of the curve");
  }
  return key.privateKey;
}

/** The private key in the environment, if there is one. @throws {PrivateKeyError} */
export function environmentKey(env: Readonly<Record<string, string | undefined>> = process.env): string | undefined {
  const text = env[PRIVATE_KEY_ENV];
  return text === undefined || text === "" ? undefined : parsePrivateKey(text, PRIVATE_KEY_ENV);
}
