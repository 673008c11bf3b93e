import { Command } from "commander";
import { PROFILES, type ProfileName } from "../../protocol/profile.ts";
import { B52Error } from "../../protocol/errors.ts";
import { LOCAL_CHAIN_IDS } from "../../proving/keys/networks.ts";
import type { CommandContext } from "../context.ts";
import { deploymentOption, jsonOption, profileOption, rpcOption } from "../options.ts";
import { createOutput } from "../output.ts";
import { callerPath } from "../paths.ts";
import { setUp } from "../setup.ts";

interface DeployFlags {
  readonly rpc: string;
  readonly profile: ProfileName;
  readonly genesis?: string;
  readonly deployment: string;
  readonly json?: true;
}

/**
 * The windows, prices and genesis accounts that this command deploys with are for development: anyone knows the
 * accounts' secrets.
 */
function assertLocal(chainId: bigint): void {
  if (LOCAL_CHAIN_IDS.includes(chainId)) return;
  throw new B52Error(
    `./b52 deploy uses development economics and is for chain ${LOCAL_CHAIN_IDS.join(" or ")}, not ${chainId}: ` +
      "use npx hardhat ignition deploy with a parameter file of your own",
  );
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
  "this rollup was on the chain already, and is as it was: nothing was deployed. Another one needs another --profile " +
  "or --genesis, or a chain that begins anew";

export const deployCommand = (context: CommandContext): Command =>
  new Command("deploy")
    .description(
      "Deploy token, registry, verifiers, bridge, rollup and court, bind them and start; what is deployed " +
        "already stays as it is.",
    )
    .addOption(rpcOption("the Ethereum node to deploy through").makeOptionMandatory())
    .addOption(profileOption("dev"))
    .option(
      "--genesis <file>",
      "JSON list of {key, balance, l1Owner}: the first L2 accounts (default: development accounts, which get ether " +
        "and tokens on L1 where they have none)",
      callerPath,
    )
    .addOption(deploymentOption("where to write what was deployed"))
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
The node's first account deploys and gets the tokens; with B52_PRIVATE_KEY in the environment (64 hexadecimal digits)
the account of that key does, and signs itself.`,
    )
    .action(async (flags: DeployFlags) => {
      const output = createOutput(flags.json === true);
      const profile = PROFILES[flags.profile];
      // A wrong address or file must not cost a set-up first.
      const { openConnection } = await import("../../chain/connection.ts");
      const { environmentKey } = await import("../../chain/privateKey.ts");
      const patience = { signal: context.signal, onWait: output.note };
      const connection = await openConnection(flags.rpc, patience, environmentKey());
      const { chainId } = await connection.ethers.provider.getNetwork();
      assertLocal(chainId);
      const [deployer] = await connection.ethers.getSigners();
      if (deployer === undefined) throw new NoDeployerError(connection.ethers.provider.name);
      const { developmentAccounts, genesisOf, readGenesisAccounts } = await import("../../deploy/genesis.ts");
      const accounts = flags.genesis === undefined ? developmentAccounts() : await readGenesisAccounts(flags.genesis);
      await setUp({ profiles: [flags.profile], signal: context.signal });

      const [
        { deployRollup },
        { endowDevelopmentAccounts },
        { attachRollup },
        parameters,
        { loadProfileBuild },
        { writeDeployment },
      ] = await Promise.all([
        import("../../deploy/deploy.ts"),
        import("../../deploy/endow.ts"),
        import("../../chain/client.ts"),
        import("../../deploy/parameters.ts"),
        import("../../setup/profileBuild.ts"),
        import("../../chain/deployment.ts"),
      ]);
      const plan = {
        profile,
        keys: parameters.profileKeys(await loadProfileBuild(profile)),
        genesis: genesisOf(profile, accounts),
        economics: parameters.economicsOf(profile),
      };
      try {
        const steps: string[] = [];
        const deployment = await deployRollup(connection, plan, {
          onStep(step, done, total) {
            steps.push(step);
            output.note(`${done} of ${total}: ${step}`);
          },
        });
        await writeDeployment(flags.deployment, deployment);
        if (flags.genesis === undefined)
          await endowDevelopmentAccounts(attachRollup(connection.ethers.provider, deployment), deployer);
        for (const [name, address] of Object.entries(deployment.contracts))
          output.print(`${name.padEnd(13)} ${address}`);
        output.print(`domain        ${deployment.domain}`);
        output.print(`written to ${flags.deployment}`);
        if (steps.length === 0) output.note(FOUND);
        output.result(deployment);
      } finally {
        await connection.close();
      }
    });
