import { toHex32 } from "../../../protocol/hex.ts";
import { Command } from "commander";
import type { CommandContext } from "../../context.ts";
import { createOutput } from "../../output.ts";
import { choosePassword, typedLine } from "../../password.ts";
import { type KeystoreFlags, keystoreOptions } from "../../wallet.ts";

interface NewFlags extends KeystoreFlags {
  readonly import?: true;
}

export const newCommand = ({ signal }: CommandContext): Command => {
  const command = new Command("new")
    .description(
      "Make a wallet: a new L1 key, from which the L2 key follows, encrypted in a new file. Keep a copy of the " +
        "file, and the password.",
    )
    .option(
      "--import",
      "take an L1 key that there is already, from B52_PRIVATE_KEY or typed in: 64 hexadecimal digits, " +
        "with or without 0x",
    )
    .action(async ({ import: isImport, ...flags }: NewFlags) => {
      const output = createOutput(flags.json === true);
      const { existsSync } = await import("node:fs");
      const { hexlify, randomBytes } = await import("ethers");
      const { createKeystore } = await import("../../../wallet/keystore.ts");
      const { KeystoreExistsError } = await import("../../../wallet/errors.ts");
      // Not worth a password; what decides is that the file is made anew.
      if (existsSync(flags.wallet)) throw new KeystoreExistsError(flags.wallet);
      const privateKey = isImport ? await importedKey(signal) : hexlify(randomBytes(32));
      const password = await choosePassword({ ...flags, signal });
      const { address, key } = await createKeystore(flags.wallet, privateKey, password);
      output.print(`wallet   ${flags.wallet}`);
      output.print(`address  ${address}`);
      output.print(`L2 key   ${toHex32(key)}`);
      output.result({ wallet: flags.wallet, address, key });
    });
  for (const option of keystoreOptions()) command.addOption(option);
  return command;
};

/** From the environment, else typed. @throws {PrivateKeyError} */
async function importedKey(signal: AbortSignal): Promise<string> {
  const { environmentKey, parsePrivateKey } = await import("../../../chain/privateKey.ts");
  return environmentKey() ?? parsePrivateKey(await typedLine({ signal }, "L1 private key: "), "what was typed");
}
