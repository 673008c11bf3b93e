import { homedir } from "node:os";
import { join } from "node:path";
import { Option } from "commander";
import type { WalletContext, WalletView } from "../wallet/context.ts";
import type { Left } from "../wallet/dust.ts";
import type { WalletIdentity, WalletKeys } from "../wallet/keys.ts";
import { endpointOf } from "../chain/url.ts";
import type { EngineChoice } from "../proving/engineChoice.ts";
import { againOption, blobOptions, databaseOption, deploymentOption, jsonOption, rpcOption } from "./options.ts";
import { createOutput, type Output, plural } from "./output.ts";
import { readPassword } from "./password.ts";
import { callerPath } from "./paths.ts";
import { type RollupFlags, type SyncFlags, withRollup, withSynced } from "./rollup.ts";

/** Which wallet, and how to open it. */
export interface KeystoreFlags {
  readonly wallet: string;
  readonly passwordFile?: string;
  readonly json?: true;
}

export interface WalletFlags extends KeystoreFlags, RollupFlags, SyncFlags {
  readonly api?: string;
  readonly again?: true;
}

export const keystoreOptions = (): Option[] => [
  new Option("--wallet <file>", "the wallet's keystore")
    .argParser(callerPath)
    .default(join(homedir(), ".b52", "wallet.json"), "~/.b52/wallet.json"),
  new Option(
    "--password-file <file>",
    "its first line is the password (else B52_WALLET_PASSWORD, else it is asked for)",
  ).argParser(callerPath),
  jsonOption(),
];

export const walletOptions = (): Option[] => [
  rpcOption("an Ethereum node of the chain that the rollup is on").makeOptionMandatory(),
  deploymentOption("what `b52 deploy` wrote"),
  databaseOption(),
  ...blobOptions(),
  new Option(
    "--api <url>",
    "the read API of a follower, to count what was sent through it, too (default: what was published on L1 alone)",
  ).argParser((text) => {
    endpointOf(text, "what --api has");
    return text;
  }),
  ...keystoreOptions(),
];

/** For what takes tokens to L1. */
export interface TakeFlags extends WalletFlags {
  readonly all?: true;
  readonly prover?: EngineChoice;
}

export const allOption = (): Option =>
  new Option(
    "--all",
    "also what is worth less than the bridge's fee for an operation: anybody can send that, and taking it costs ether",
  );

/** A line about what was not worth taking, if there is any. */
export function describeLeft({ count, amount }: Left, noun: string, tokens: (wei: bigint) => string): string[] {
  return count === 0
    ? []
    : [
        `left ${plural(count, noun)} worth less than the bridge's fee for an operation, ${tokens(amount)} in all ` +
          "(--all takes them too)",
      ];
}

/** What every task of a wallet command gets. */
export interface WalletTask<C extends WalletView> {
  readonly context: C;
  readonly output: Output;
  /** Of the L2's database. */
  readonly location: string;
}

/** The options of what a wallet does once. */
export const walletDeedOptions = (): Option[] => [againOption(), ...walletOptions()];

/**
 * Runs `task` with the wallet unlocked and the L2 as L1 has it now.
 * @param what it does once: the command and its arguments, see `Asked`. Undefined for what is harmless a second time
 */
export async function withWallet(
  flags: WalletFlags,
  signal: AbortSignal,
  what: readonly unknown[] | undefined,
  task: (task: WalletTask<WalletContext>) => Promise<void>,
): Promise<void> {
  const identity = await unlock(flags, signal);
  const { withSender } = await import("./sender.ts");
  await withView(flags, identity, signal, ({ context, ...rest }) =>
    withSender(context.client, identity.privateKey, rest.output, what && { what, again: flags.again }, (signer) =>
      task({ ...rest, context: { ...context, identity, signer } }),
    ),
  );
}

/** The same for what needs no secret. */
export async function withWalletView(
  flags: WalletFlags,
  signal: AbortSignal,
  task: (task: WalletTask<WalletView>) => Promise<void>,
): Promise<void> {
  await withView(flags, await identify(flags, signal), signal, task);
}

/**
 * Whose wallet it is: what its file says, or what its password opens if the file does not tell or a file with the
 * password is named, so that a wrong one is found out.
 */
export async function identify(flags: KeystoreFlags, signal: AbortSignal): Promise<WalletIdentity> {
  const { identityOf } = await import("../wallet/keystore.ts");
  const { address, key } = await identityOf(flags.wallet);
  if (key === undefined || flags.passwordFile !== undefined) {
    const unlocked = await unlock(flags, signal);
    return { address: unlocked.address, key: unlocked.key };
  }
  await warnIfOpen(flags);
  return { address, key };
}

/** The password is all that is left between others and the key. */
async function warnIfOpen({ wallet, json }: KeystoreFlags): Promise<void> {
  const { isOpenToOthers } = await import("../wallet/keystore.ts");
  if (await isOpenToOthers(wallet))
    createOutput(json === true).note(
      `warning: others can read ${wallet}, expected nobody but you: chmod 600 ${wallet}`,
    );
}

async function unlock(flags: KeystoreFlags, signal: AbortSignal): Promise<WalletKeys> {
  const { identityOf, unlockKeystore } = await import("../wallet/keystore.ts");
  // A file that is missing is not worth a password.
  await identityOf(flags.wallet);
  await warnIfOpen(flags);
  return unlockKeystore(flags.wallet, await readPassword({ ...flags, signal }));
}

async function withView(
  flags: WalletFlags,
  identity: WalletIdentity,
  signal: AbortSignal,
  task: (task: WalletTask<WalletView>) => Promise<void>,
): Promise<void> {
  const output = createOutput(flags.json === true);
  const { getAsset } = await import("../wallet/context.ts");
  await withRollup(flags, output, signal, (client) =>
    withSynced(client, flags, output, signal, (synced, location, blobs) =>
      task({ output, location, context: { client, asset: getAsset(client), identity, synced, blobs, api: flags.api } }),
    ),
  );
}
