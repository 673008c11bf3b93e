/**
 * Variables of the environment that begin with `B52_` and are no settings of `./b52 node`: other commands, tests and
 * scripts read them.
 */
export const OTHER_VARIABLES: readonly string[] = [
  "B52_GETH",
  "B52_PRIVATE_KEY",
  "B52_PROFILES",
  "B52_PYTHON",
  "B52_RAPIDSNARK",
  "B52_RPC_URL",
  "B52_TEST_FILES",
  "B52_WALLET_PASSWORD",
];

/** What tests and searches draw from. */
const DRAWN = /_(SEED|RUNS)$/;

/** Whether it is known to be no setting. What is neither is a slip, and refused. */
export const isOtherVariable = (name: string): boolean => OTHER_VARIABLES.includes(name) || DRAWN.test(name);
