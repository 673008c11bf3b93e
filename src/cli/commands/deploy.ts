import { dirname } from "node:path";
import { Command, Option } from "commander";
import { toHex32 } from "../../protocol/hex.ts";
import { type Profile, PROFILES, type ProfileName } from "../../protocol/profile.ts";
import type { openConnection } from "../../chain/connection.ts";
import { type PresetName, PRESET_NAMES, presetOf, presetOn } from "../../deploy/presets.ts";
import { B52Error } from "../../protocol/errors.ts";
import { assertKeysAllowed, LOCAL_CHAIN_IDS } from "../../proving/keys/networks.ts";
import type { CommandContext } from "../context.ts";
import { deploymentOption, jsonOption, profileOption, rpcOption } from "../options.ts";
import { createOutput, type Output } from "../output.ts";
import { callerPath } from "../paths.ts";
import { setUp } from "../setup.ts";

interface DeployFlags {
  readonly rpc: string;
  readonly profile: ProfileName;
  readonly preset?: PresetName;
  readonly genesis?: string;
  readonly deployment: string;
  readonly json?: true;
}

/** Nobody signs the deployment. */
class NoDeployerError extends B52Error {
  constructor(node: string) {
    super(
      `${node} signs for nobody, expected a development node with accounts of its own, or a key in B52_PRIVATE_KEY`,
      {
        node,
      },
    );
  }
}

/** Where no step was left to do. */
const FOUND =
  "this rollup was on the chain already, and is as it was: nothing was deployed. Another one needs another " +
  "--profile, --preset or --genesis, or a chain that begins anew";

export const deployCommand = (context: CommandContext): Command =>
  new Command("deploy")
    .description(
      "Deploy token, registry, verifiers, bridge, rollup and court, bind them and start; what is deployed " +
        "already stays as it is.",
    )
    .addOption(rpcOption("the Ethereum node to deploy through").makeOptionMandatory())
    .addOption(profileOption("dev"))
    .addOption(
      new Option(
        "--preset <name>",
        "windows, score, stakes and prices (default: development on a chain for development; " +
          "elsewhere testnet or mainnet has to be named)",
      ).choices(PRESET_NAMES),
    )
    .option(
      "--genesis <file>",
      'JSON list of {key, balance, l1Owner}: the first L2 accounts; the balance is text, in wei, so "1" and 18 zeros ' +
        "are one token (default: development accounts, which get ether and tokens on L1 where they have none; only " +
        "on a chain for development)",
      callerPath,
    )
    .addOption(
      deploymentOption("where to write what was deployed; a file of another rollup that lives is not written over"),
    )
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
The node's first account deploys and gets the tokens; with B52_PRIVATE_KEY in the environment (64 hexadecimal digits)
the account of that key does, and signs itself. docs/modelling.md has the numbers of each preset, and their reasons.
A chain that is not for development takes no development keys, and needs a --genesis file.`,
    )
    .action(async (flags: DeployFlags) => {
      const output = createOutput(flags.json === true);
      // A wrong address or file must not cost a set-up first, nor the gas of what cannot be written down then.
      const { makeWritableFolder } = await import("../../chain/folders.ts");
      await makeWritableFolder(dirname(flags.deployment));
      const { openConnection } = await import("../../chain/connection.ts");
      const { environmentKey } = await import("../../chain/privateKey.ts");
      const patience = { signal: context.signal, onWait: output.note };
      const connection = await openConnection(flags.rpc, patience, environmentKey());
      try {
        await deploy(connection, flags, output, context.signal);
      } finally {
        await connection.close();
      }
    });

async function deploy(
  connection: Awaited<ReturnType<typeof openConnection>>,
  flags: DeployFlags,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const { provider } = connection.ethers;
  const { chainId } = await provider.getNetwork();
  const preset = presetOn(chainId, flags.preset);
  const { genesisAccountsOn, genesisOf } = await import("../../deploy/genesis.ts");
  const accounts = await genesisAccountsOn(chainId, flags.genesis);
  const [deployer] = await connection.ethers.getSigners();
  if (deployer === undefined) throw new NoDeployerError(provider.name);
  const profile = PROFILES[flags.profile];
  await assertOwnKeys(chainId, profile);
  await setUp({ profiles: [flags.profile], signal });

  const [
    { deployRollup, isRollupBegun },
    { endowDevelopmentAccounts },
    { attachRollup },
    { profileKeys },
    { loadProfileBuild },
    { DeploymentTakenError, isSame, livingIn, replaceBook },
  ] = await Promise.all([
    import("../../deploy/deploy.ts"),
    import("../../deploy/endow.ts"),
    import("../../chain/client.ts"),
    import("../../deploy/parameters.ts"),
    import("../../setup/profileBuild.ts"),
    import("../../deploy/addressBook.ts"),
  ]);
  const plan = {
    profile,
    keys: profileKeys(await loadProfileBuild(profile)),
    genesis: genesisOf(profile, accounts),
    economics: presetOf(preset, profile),
  };
  const living = await livingIn(flags.deployment, provider);
  if (living !== undefined && !(await isRollupBegun(provider, plan)))
    throw new DeploymentTakenError(flags.deployment, living);
  const steps: string[] = [];
  const deployment = await deployRollup(connection, plan, {
    onStep(step, done, total) {
      steps.push(step);
      output.note(`${done} of ${total}: ${step}`);
    },
  });
  // What was begun already may be another one.
  if (living !== undefined && !isSame(living, deployment)) throw new DeploymentTakenError(flags.deployment, living);
  const old = await replaceBook(flags.deployment, deployment);
  if (flags.genesis === undefined) await endowDevelopmentAccounts(attachRollup(provider, deployment), deployer);
  for (const [name, address] of Object.entries(deployment.contracts)) output.print(`${name.padEnd(13)} ${address}`);
  output.print(`preset        ${preset}`);
  output.print(`domain        ${toHex32(deployment.domain)}`);
  output.print(`written to ${flags.deployment}`);
  if (old !== undefined) output.note(`the file of a rollup that is gone, or unreadable, is ${old} now`);
  if (steps.length === 0) output.note(FOUND);
  output.result(deployment);
}

/**
 * On a public chain keys come from a ceremony, and are there already. Set-up would take minutes to make others, which
 * are refused.
 * @throws {NotSetUpError} @throws {DevelopmentKeysError}
 */
async function assertOwnKeys(chainId: bigint, profile: Profile): Promise<void> {
  if (LOCAL_CHAIN_IDS.includes(chainId)) return;
  const { loadProfileBuild } = await import("../../setup/profileBuild.ts");
  const circuits = Object.values(await loadProfileBuild(profile));
  assertKeysAllowed(
    chainId,
    circuits.map(({ key }) => key.manifest),
  );
}
