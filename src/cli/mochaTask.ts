import type { TaskOverrideActionFunction } from "hardhat/types/tasks";
import { TESTED_PROFILES } from "./commands/test.ts";
import { setUp } from "./setup.ts";

/**
 * `hardhat test mocha`, which needs circuits and keys when it runs all tests. Single files are left to whoever names
 * them.
 */
const mochaTask: TaskOverrideActionFunction<{ testFiles?: string[] }> = async (args, _, runSuper) => {
  if (!args.testFiles?.length) await setUp({ profiles: TESTED_PROFILES });
  return runSuper(args) as Promise<unknown>;
};

export default mochaTask;
