import { toHex32 } from "../../../protocol/hex.ts";
import { Command } from "commander";
import type { OperatorIdentity } from "../../../operator/index.ts";
import type { CommandContext } from "../../context.ts";
import { identifiedOperator, type KeyFlags, keyOptions } from "../../operator.ts";
import { createOutput } from "../../output.ts";
import { choosePassword, typedLine } from "../../password.ts";

export function keyCommand({ signal }: CommandContext): Command {
  const command = new Command("key").description(
    "Make, take over and show the key that a prover or a proposer runs with.",
  );
  const create = (name: string, description: string, run: (flags: KeyFlags) => Promise<void>): void => {
    const child = command.command(name).description(description).action(run);
    for (const option of keyOptions()) child.addOption(option);
  };
  create(
    "new",
    "Make a new L1 key, from which all other keys of an operator follow, encrypted in a new file. Keep a copy of " +
      "the file, and the password.",
    async (flags) => {
      const { hexlify, randomBytes } = await import("ethers");
      await write(flags, () => Promise.resolve(hexlify(randomBytes(32))), signal);
    },
  );
  create(
    "import",
    "Take an L1 key that there is already, from B52_PRIVATE_KEY or typed in: 64 hexadecimal digits, with or " +
      "without 0x.",
    async (flags) => {
      const { environmentKey, parsePrivateKey } = await import("../../../chain/privateKey.ts");
      const given = async (): Promise<string> =>
        environmentKey() ?? parsePrivateKey(await typedLine({ signal }, "L1 private key: "), "what was typed");
      await write(flags, given, signal);
    },
  );
  create("show", "Show what the operator is known by. Secrets are never shown.", async (flags) =>
    show(flags, await identifiedOperator(flags, signal)),
  );
  return command;
}

async function write(flags: KeyFlags, key: () => Promise<string>, signal: AbortSignal): Promise<void> {
  const { existsSync } = await import("node:fs");
  const { createOperatorKeystore } = await import("../../../operator/index.ts");
  const { KeystoreExistsError } = await import("../../../wallet/errors.ts");
  // Not worth a password; what decides is that the file is made anew.
  if (existsSync(flags.keystore)) throw new KeystoreExistsError(flags.keystore);
  const privateKey = await key();
  const password = await choosePassword({ passwordFile: flags.passwordFile, signal });
  show(flags, await createOperatorKeystore(flags.keystore, privateKey, password));
}

function show({ keystore, json }: KeyFlags, { address, revealer, proverKey }: OperatorIdentity): void {
  const output = createOutput(json === true);
  output.print(`keystore    ${keystore}`);
  output.print(`address     ${address}  (owns stake and seat; needs ether and tokens)`);
  output.print(`reveals     ${revealer}  (a proposer's; needs ether)`);
  output.print(`prover key  ${toHex32(proverKey)}`);
  output.result({ keystore, address, revealer, proverKey });
}
