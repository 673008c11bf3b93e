import { homedir } from "node:os";
import { join } from "node:path";
import { Option } from "commander";
import type { OperatorContext, OperatorIdentity, OperatorKeys } from "../operator/index.ts";
import { againOption, deploymentOption, jsonOption, rpcOption } from "./options.ts";
import { createOutput, type Output } from "./output.ts";
import { readPassword } from "./password.ts";
import { callerPath } from "./paths.ts";
import { type RollupFlags, withRollup } from "./rollup.ts";

export interface OperatorFile {
  readonly keystore: string;
  readonly passwordFile?: string | undefined;
}

export interface KeyFlags extends OperatorFile {
  readonly json?: true;
}

export interface OperatorFlags extends KeyFlags, RollupFlags {
  readonly again?: true;
}

export const keyOptions = (): Option[] => [
  new Option("--keystore <file>", "the operator's encrypted key")
    .argParser(callerPath)
    .env("B52_KEYSTORE")
    .default(join(homedir(), ".b52", "operator.json"), "~/.b52/operator.json"),
  new Option(
    "--password-file <file>",
    "its first line is the password (else B52_WALLET_PASSWORD, else it is asked for)",
  )
    .argParser(callerPath)
    .env("B52_PASSWORD_FILE"),
  jsonOption(),
];

export const operatorOptions = (): Option[] => [
  rpcOption("an Ethereum node of the chain that the rollup is on").makeOptionMandatory(),
  deploymentOption("what `b52 deploy` wrote"),
  againOption(),
  ...keyOptions(),
];

/**
 * Tokens, as wei; asked before a password and before L1.
 * @param decimals that the contract has of an amount
 * @throws {MalformedError} @throws {NoAmountError}
 */
export async function parseTokens(text: string, decimals = 18): Promise<bigint> {
  const { parseTokens } = await import("../wallet/amount.ts");
  const wei = parseTokens("amount", text, decimals) * 10n ** BigInt(18 - decimals);
  if (wei > 0n) return wei;
  const { NoAmountError } = await import("../wallet/errors.ts");
  const { formatTokens } = await import("../operator/index.ts");
  throw new NoAmountError(formatTokens(0n), formatTokens(10n ** BigInt(18 - decimals)));
}

/** An operator's keys. @throws {KeystoreFileError} @throws {WrongPasswordError} @throws {NoPasswordError} */
export async function unlockedOperator(
  { keystore, passwordFile }: OperatorFile,
  signal: AbortSignal,
): Promise<OperatorKeys> {
  const { identityOf, isOpenToOthers } = await import("../wallet/keystore.ts");
  const { unlockOperator } = await import("../operator/index.ts");
  // A file that is missing is not worth a password.
  await identityOf(keystore);
  // The password is all that is left between others and the key.
  if (await isOpenToOthers(keystore))
    createOutput(true).note(`warning: others can read ${keystore}, expected nobody but you: chmod 600 ${keystore}`);
  return unlockOperator(keystore, await readPassword({ passwordFile, signal }));
}

/** What an operator is known by: what the file says, or what its password opens if it does not tell. */
export async function identifiedOperator(file: OperatorFile, signal: AbortSignal): Promise<OperatorIdentity> {
  const { operatorIn } = await import("../operator/index.ts");
  return (await operatorIn(file.keystore)) ?? (await unlockedOperator(file, signal));
}

/**
 * Runs `task` once with the operator's keys, on the rollup that the flags name.
 * @param what the command and its arguments, see `Asked`
 */
export async function withOperator(
  flags: OperatorFlags,
  signal: AbortSignal,
  what: readonly unknown[],
  task: (context: OperatorContext, output: Output) => Promise<void>,
): Promise<void> {
  const output = createOutput(flags.json === true);
  const keys = await unlockedOperator(flags, signal);
  const { withSender } = await import("./sender.ts");
  await withRollup(flags, output, signal, (client) =>
    withSender(client, keys.privateKey, output, { what, again: flags.again }, (signer) =>
      task({ client, keys, signer }, output),
    ),
  );
}
