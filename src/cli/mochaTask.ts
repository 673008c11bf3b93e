import type { TaskOverrideActionFunction } from "hardhat/types/tasks";
import { TESTED_PROFILES } from "./commands/test.ts";
import { FileReporter } from "./fileReporter.ts";
import { setUp } from "./setup.ts";
import { FILE_RESULTS } from "./testRun.ts";

/**
 * `hardhat test mocha`, which needs circuits and keys when it runs all tests. Single files are left to whoever names
 * them.
 */
const mochaTask: TaskOverrideActionFunction<{ testFiles?: string[] }> = async (args, hre, runSuper) => {
  if (!args.testFiles?.length) await setUp({ profiles: TESTED_PROFILES });
  if (process.env[FILE_RESULTS] !== undefined) hre.config.test.mocha.reporter = FileReporter;
  return runSuper(args) as Promise<unknown>;
};

export default mochaTask;
