import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { CLAIMS_PER_PROOF } from "../protocol/profile.ts";
import { TOPICS } from "../chain/actions/publish.ts";
import { SCORE_POLICIES, type ScorePolicyName } from "./policies.ts";

/** What decides which contracts a deployment has; everything else is a parameter. */
export interface RollupModuleOptions {
  readonly scorePolicy: ScorePolicyName;
}

const GENESIS_TOPIC = TOPICS.indexOf("Genesis");

/**
 * Deploys token, verifiers, prover registry, bridge, policies, rollup and court, binds them to each other for ever,
 * hands over the genesis backing, starts, and publishes the genesis accounts. The L2 pays in the native token. Running
 * it twice changes nothing; a run that was cut off is taken up where it stopped.
 *
 * Every parameter is explained in `parameters.ts`, which also writes parameter files.
 */
export const rollupModule = ({ scorePolicy }: RollupModuleOptions) =>
  buildModule("B52", (m) => {
    const parameter = (name: string) => m.getParameter(name);
    const parameters = (...names: readonly string[]) => names.map(parameter);

    const token = m.contract("B52Token", parameters("initialSupply"));
    const verifier = m.contract(
      "ForestVerifier",
      parameters(
        "arity",
        "levels",
        "operationsPerBase",
        "commonKey",
        "baseKey",
        "mergeKey",
        "rootKey",
        "keyOwnershipKey",
        "operationsKey",
      ),
    );
    const parts = m.contract("ForestParts", [verifier]);
    const blobVerifier = m.contract("BlobVerifier");
    const claimVerifier = m.contract("ClaimVerifier", [
      CLAIMS_PER_PROOF,
      ...parameters("commonKey", "exitClaimKey", "escapeClaimKey"),
    ]);
    const bridge = m.contract("Bridge", [
      token,
      claimVerifier,
      ...parameters("operationFee", "maxOperations", "escapeDelay"),
    ]);
    const registry = m.contract("ProverRegistry", [
      token,
      verifier,
      ...parameters("minStake", "eligibleStake", "maxSlotsPerProver", "exitDelay", "registrationFee"),
    ]);
    const policy = SCORE_POLICIES[scorePolicy];
    const scorer = m.contract("Scorer", [
      m.contract(policy.contract, parameters(...policy.args)),
      registry,
      parameter("nodeWeights"),
    ]);
    const roundView = m.contract("RoundView");
    const relay = m.contract("CommitRelay");
    const bulletin = m.contract("Bulletin");
    const ranking = m.contract("CommitRanking", [roundView]);
    const rollup = m.contract("Rollup", [
      {
        token,
        registry,
        verifier,
        parts,
        blobVerifier,
        bridge,
        scorer,
        fairShareBps: parameter("fairShareBps"),
        relay,
        burnRule: parameter("burnRule"),
        genesisRoot: parameter("genesisRoot"),
        genesisSupply: parameter("genesisSupply"),
        proposalWindow: parameter("proposalWindow"),
        acceptanceWindow: parameter("acceptanceWindow"),
        minBid: parameter("minBid"),
        forfeitBps: parameter("forfeitBps"),
        maxUncles: parameter("maxUncles"),
        uncleMinScoreBps: parameter("uncleMinScoreBps"),
        uncleBurnBps: parameter("uncleBurnBps"),
        uncleRewardBps: parameter("uncleRewardBps"),
        initialReward: parameter("initialReward"),
        halvingInterval: parameter("halvingInterval"),
        advanceTip: parameter("advanceTip"),
        elementsPerBase: parameter("elementsPerBase"),
      },
    ]);

    const court = m.contract("ProverCourt", [
      rollup,
      {
        slashWindow: parameter("slashWindow"),
        baseRateBps: parameter("baseRateBps"),
      },
    ]);

    const bindings = [
      m.call(token, "bind", [rollup], { id: "BindToken" }),
      m.call(registry, "bind", [rollup, court], { id: "BindRegistry" }),
      m.call(bridge, "bind", [rollup], { id: "BindBridge" }),
      m.call(token, "transfer", [bridge, parameter("genesisSupply")], { id: "FundGenesis" }),
    ];
    const started = m.call(rollup, "start", [], { after: bindings });
    m.call(bulletin, "publish", [GENESIS_TOPIC, m.staticCall(rollup, "domain"), parameter("genesisAccounts")], {
      id: "PublishGenesis",
      after: [started],
    });

    return {
      token,
      verifier,
      parts,
      blobVerifier,
      claimVerifier,
      bridge,
      registry,
      scorer,
      roundView,
      relay,
      bulletin,
      ranking,
      rollup,
      court,
    };
  });
