import { deployModule } from "../../src/deploy/deploy.ts";
import { developmentAccounts, genesisOf } from "../../src/deploy/genesis.ts";
import { economicsOf, type ModuleParameters, parametersOf } from "../../src/deploy/parameters.ts";
import type { DeployOptions } from "../../src/deploy/runModule.ts";
import type { L1Connection } from "../../src/chain/connection.ts";
import type { Deployment } from "../../src/chain/deployment.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { createSetup } from "../../src/sim/trapdoorForest.ts";
import { encodedKeys } from "../../src/sim/verifierArguments.ts";
import { Random } from "../../src/sim/random.ts";
import { encodeCircuit, randomCircuit } from "../../src/sim/trapdoor.ts";

const profile = PROFILES.dev;

/** Parameters of a rollup whose keys nobody has built: for tests of deploying. */
export function smallParameters(seed: string): ModuleParameters {
  const random = new Random(seed);
  const setup = createSetup(random, profile.arity, profile.levels, profile.operationsPerBase);
  const [exitClaim, escapeClaim] = [3, 4].map((inputs) => encodeCircuit(randomCircuit(random, setup.common, inputs)));
  return parametersOf(
    { profile, genesis: genesisOf(profile, developmentAccounts(3)), economics: economicsOf(profile) },
    { ...encodedKeys(setup), exitClaim: exitClaim!, escapeClaim: escapeClaim! },
  );
}

export const deploySmall = (
  connection: L1Connection,
  parameters: ModuleParameters,
  options?: DeployOptions,
): Promise<Deployment> => deployModule(connection, { profile }, parameters, options);
