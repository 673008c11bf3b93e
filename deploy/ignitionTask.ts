import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TaskOverrideActionFunction } from "hardhat/types/tasks";
import { HardhatPluginError } from "hardhat/plugins";
import { B52Error } from "../src/protocol/errors.ts";
import { assertCommonKeyAllowed } from "./developmentKeys.ts";

/** `hardhat ignition deploy`, which by itself would take development keys to any network. */
const deployTask: TaskOverrideActionFunction<{ parameters?: string }> = async (args, hre, runSuper) => {
  const text = await parameterText(args.parameters, hre.config.paths.ignition);
  const connection = await hre.network.create();
  try {
    const chainId = (await connection.provider.request({ method: "eth_chainId" })) as string;
    for (const [commonKey] of text.matchAll(/\b0x[0-9a-f]{640}\b/gi)) assertCommonKeyAllowed(BigInt(chainId), commonKey);
  } catch (error) {
    throw error instanceof B52Error ? new HardhatPluginError("b52", error.message, error) : error;
  } finally {
    await connection.close();
  }
  return runSuper(args);
};

/** The parameters as Ignition finds them: in a file, on the command line, or in `parameters.json` beside the modules. */
async function parameterText(parameters: string | undefined, folder: string): Promise<string> {
  if (parameters === undefined) return readFile(join(folder, "parameters.json"), "utf8").catch(() => "");
  return /\.json5?$/.test(parameters) ? readFile(parameters, "utf8").catch(() => "") : parameters;
}

export default deployTask;
