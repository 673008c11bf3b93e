/**
 * Variables of the environment that begin with `B52_` and are no settings of `./b52 node`: other commands, tests and
 * scripts read them. What is neither here nor a setting is a slip, and refused.
 */
export const OTHER_VARIABLES: readonly string[] = [
  "B52_GETH",
  "B52_INVARIANT_RUNS",
  "B52_INVARIANT_SEED",
  "B52_ORACLE_RUNS",
  "B52_ORACLE_SEED",
  "B52_PRIVATE_KEY",
  "B52_PROFILES",
  "B52_PYTHON",
  "B52_RAPIDSNARK",
  "B52_RPC_URL",
  "B52_TEST_FILES",
  "B52_WALLET_PASSWORD",
];
