import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readDeploymentParameters } from "@nomicfoundation/hardhat-ignition/helpers";
import type { TaskOverrideActionFunction } from "hardhat/types/tasks";
import { HardhatPluginError } from "hardhat/plugins";
import { B52Error } from "../protocol/errors.ts";
import { assertCommonKeyAllowed } from "./developmentKeys.ts";

/** `hardhat ignition deploy`, which by itself would take development keys to any network. */
const deployTask: TaskOverrideActionFunction<{ parameters?: string }> = async (args, hre, runSuper) => {
  const text = await parameterText(args.parameters, hre.config.paths.ignition);
  const connection = await hre.network.create();
  try {
    const chainId = (await connection.provider.request({ method: "eth_chainId" })) as string;
    for (const [commonKey] of text.matchAll(/\b0x[0-9a-f]{640}\b/gi))
      assertCommonKeyAllowed(BigInt(chainId), commonKey);
  } catch (error) {
    throw error instanceof B52Error ? new HardhatPluginError("b52", error.message, error) : error;
  } finally {
    await connection.close();
  }
  return runSuper(args) as Promise<unknown>;
};

/**
 * The parameters as Ignition finds them: on the command line, in a file, or in `<module>.config.json` beside the
 * modules.
 */
async function parameterText(parameters: string | undefined, folder: string): Promise<string> {
  if (parameters !== undefined && !/\.json5?$/.test(parameters)) return parameters;
  const beside = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name.endsWith(".config.json"));
  const files = parameters === undefined ? (await beside()).map((name) => join(folder, name)) : [parameters];
  // Parsed as Ignition does: JSON5 may spread a string over several lines.
  const found = await Promise.all(files.map((file) => readDeploymentParameters(file)));
  return JSON.stringify(found, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
}

export default deployTask;
