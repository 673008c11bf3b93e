import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/**
 * Deploys token, forest verifier, prover registry and rollup, binds them to each other for ever, hands over the genesis backing and starts.
 * The L2 pays in the native token. Running it twice changes nothing; a run that was cut off is taken up where it stopped.
 *
 * Every parameter is explained in `deploy/parameters.ts`, which also writes parameter files.
 */
export default buildModule("B52", (m) => {
  const parameter = (name: string) => m.getParameter(name);

  const token = m.contract("B52Token", [parameter("initialSupply")]);
  const verifier = m.contract("ForestVerifier", [
    parameter("arity"),
    parameter("levels"),
    parameter("commonKey"),
    parameter("baseKey"),
    parameter("mergeKey"),
    parameter("rootKey"),
    parameter("keyOwnershipKey"),
  ]);
  const registry = m.contract("ProverRegistry", [
    token,
    verifier,
    parameter("minStake"),
    parameter("stakePerSlot"),
    parameter("exitDelay"),
  ]);
  const rollup = m.contract("Rollup", [
    {
      token,
      registry,
      verifier,
      asset: token,
      genesisRoot: parameter("genesisRoot"),
      genesisSupply: parameter("genesisSupply"),
      proposalWindow: parameter("proposalWindow"),
      acceptanceWindow: parameter("acceptanceWindow"),
      minBid: parameter("minBid"),
      maxUncles: parameter("maxUncles"),
      uncleMinScoreBps: parameter("uncleMinScoreBps"),
      uncleBurnBps: parameter("uncleBurnBps"),
      uncleRewardBps: parameter("uncleRewardBps"),
      initialReward: parameter("initialReward"),
      halvingInterval: parameter("halvingInterval"),
      nodeWeights: parameter("nodeWeights"),
      maxWords: parameter("maxWords"),
    },
  ]);

  const bindings = [
    m.call(token, "bind", [rollup], { id: "BindToken" }),
    m.call(registry, "bind", [rollup], { id: "BindRegistry" }),
    m.call(token, "transfer", [rollup, parameter("genesisSupply")], { id: "FundGenesis" }),
  ];
  m.call(rollup, "start", [], { after: bindings });

  return { token, verifier, registry, rollup };
});
