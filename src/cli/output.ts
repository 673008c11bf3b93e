import { getAddress, toBeHex } from "ethers";
import { toHex32 } from "../protocol/hex.ts";

/**
 * Where a command writes. Results are for standard output, everything about the way there is for standard error, so
 * that `--json` leaves exactly one line on standard output.
 */
export interface Output {
  /** A line about progress, on standard error. */
  readonly note: (line: string) => void;
  /** A line of the readable result, on standard output; on standard error when the result is JSON. */
  readonly print: (line?: string) => void;
  /** The result: one line of JSON on standard output. Does nothing without `--json`. */
  readonly result: (value: unknown) => void;
}

export function createOutput(json: boolean): Output {
  const note = (line: string): void => void process.stderr.write(`${line}\n`);
  return {
    note,
    print: json ? (line = "") => note(line) : (line = "") => void process.stdout.write(`${line}\n`),
    result: json ? (value) => void process.stdout.write(`${toJson(value)}\n`) : () => undefined,
  };
}

/** What names something, or is a hash of it: it is written as the read API and explorers write it. */
const IDS: readonly string[] = ["domain", "key", "parent", "proposalId", "proverKey", "root", "roundSeed", "stateRoot"];

/**
 * JSON on one line. A bigint becomes a decimal string; an id, a root or a key 32 bytes of hexadecimal; an owner an
 * address.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (name, field: unknown) => {
    if (typeof field !== "bigint") return field;
    if (name === "l1Owner") return getAddress(toBeHex(field, 20));
    return IDS.includes(name) ? toHex32(field) : field.toString();
  });
}

export { plural } from "../log/plural.ts";
