import type { Provider } from "ethers";
import { B52Token__factory } from "../../typechain-types/factories/B52Token__factory.ts";
import { Bridge__factory } from "../../typechain-types/factories/Bridge__factory.ts";
import { Bulletin__factory } from "../../typechain-types/factories/Bulletin__factory.ts";
import { ClaimVerifier__factory } from "../../typechain-types/factories/ClaimVerifier__factory.ts";
import { CommitRanking__factory } from "../../typechain-types/factories/CommitRanking__factory.ts";
import { CommitRelay__factory } from "../../typechain-types/factories/CommitRelay__factory.ts";
import { ForestParts__factory } from "../../typechain-types/factories/ForestParts__factory.ts";
import { ForestVerifier__factory } from "../../typechain-types/factories/ForestVerifier__factory.ts";
import { ProverCourt__factory } from "../../typechain-types/factories/ProverCourt__factory.ts";
import { ProverRegistry__factory } from "../../typechain-types/factories/ProverRegistry__factory.ts";
import { Rollup__factory } from "../../typechain-types/factories/Rollup__factory.ts";
import { RoundView__factory } from "../../typechain-types/factories/RoundView__factory.ts";
import { Scorer__factory } from "../../typechain-types/factories/Scorer__factory.ts";
import type {
  B52Token,
  Bridge,
  Bulletin,
  ClaimVerifier,
  CommitRanking,
  CommitRelay,
  ForestParts,
  ForestVerifier,
  ProverCourt,
  ProverRegistry,
  Rollup,
  RoundView,
  Scorer,
} from "../../typechain-types/index.ts";
import type { Deployment } from "./deployment.ts";
import { NoContractError, NodeTooEarlyError, PrunedNodeError, WrongChainError, WrongContractError } from "./errors.ts";
import { requireOfNodes } from "./pool/provider.ts";
import { decodeRevert } from "./revert.ts";
import { LogScan } from "./scan.ts";

/** A rollup on a chain. All functions in `actions/` take one. */
export interface ChainClient {
  readonly provider: Provider;
  readonly deployment: Deployment;
  /** Asks the node for logs, and remembers how many it gives. */
  readonly scan: LogScan;
  readonly rollup: Rollup;
  readonly registry: ProverRegistry;
  readonly court: ProverCourt;
  readonly token: B52Token;
  readonly verifier: ForestVerifier;
  readonly parts: ForestParts;
  readonly bridge: Bridge;
  readonly claimVerifier: ClaimVerifier;
  /** What the L2 pays in: any ERC-20, maybe the native token. */
  readonly asset: B52Token;
  readonly scorer: Scorer;
  readonly roundView: RoundView;
  readonly relay: CommitRelay;
  readonly bulletin: Bulletin;
  readonly ranking: CommitRanking;
}

/**
 * Connects to a deployed rollup, once it is certain that the chain is the right one and the contracts are there.
 *
 * @throws WrongChainError @throws NodeTooEarlyError @throws NoContractError @throws WrongContractError @throws
 * PrunedNodeError
 */
export async function connectRollup(provider: Provider, deployment: Deployment): Promise<ChainClient> {
  const { contracts, domain } = deployment;
  await requireOfNodes(provider, (node) => requireChain(node, deployment));
  await Promise.all(
    Object.entries(contracts).map(async ([name, address]) => {
      if ((await provider.getCode(address)) === "0x") throw new NoContractError(name, address, deployment.chainId);
    }),
  );

  const client = attachRollup(provider, deployment);
  await requireValue("domain", () => client.rollup.domain(), domain);
  await requireBound(client);
  await requireOfNodes(provider, (node) => requireOldLogs(node, deployment));
  return client;
}

/**
 * The node follows the chain of the deployment. Chains for development may have the same id and the same first block:
 * the block in which the rollup was started is there in one of them.
 */
async function requireChain(provider: Provider, { chainId, genesisBlock, started }: Deployment): Promise<void> {
  const [network, genesis, block] = await Promise.all([
    provider.getNetwork(),
    provider.getBlock(0),
    provider.getBlock(started.number),
  ]);
  if (network.chainId !== chainId) throw new WrongChainError("chain id", network.chainId, chainId);
  if (genesis?.hash !== genesisBlock) throw new WrongChainError("block 0", genesis?.hash ?? "missing", genesisBlock);
  if (block === null) throw new NodeTooEarlyError(await provider.getBlockNumber(), started.number);
  if (block.hash !== started.hash)
    throw new WrongChainError(`block ${started.number}`, String(block.hash), started.hash);
}

/** Who has dropped the log of the start would let what was later look empty. */
async function requireOldLogs(provider: Provider, { contracts, started }: Deployment): Promise<void> {
  const rollup = Rollup__factory.connect(contracts.rollup, provider);
  const logs = await rollup.queryFilter(rollup.filters.Started(), started.number, started.number);
  if (logs.length === 0) throw new PrunedNodeError(started.number);
}

/** The contracts know each other: each is the one that the others work with. Only the bulletin is nobody's. */
async function requireBound({
  deployment,
  rollup,
  registry,
  court,
  bridge,
  scorer,
  parts,
  ranking,
}: ChainClient): Promise<void> {
  const { contracts } = deployment;
  const bindings = [
    ["rollup", rollup, ["registry", "token", "verifier", "parts", "blobVerifier", "bridge", "scorer", "relay"]],
    ["registry", registry, ["rollup", "court", "token", "verifier"]],
    ["court", court, ["rollup", "registry", "verifier"]],
    ["bridge", bridge, ["rollup", "asset"]],
    ["scorer", scorer, ["registry"]],
    ["parts", parts, ["verifier"]],
    ["ranking", ranking, ["roundView"]],
  ] as const;
  const checks = bindings.flatMap(([name, contract, others]) =>
    others.map((other) =>
      requireValue(`${other} of the ${name}`, () => contract.getFunction(other).staticCall(), contracts[other]),
    ),
  );
  await Promise.all([
    ...checks,
    requireValue("claimVerifier of the bridge", () => bridge.claims(), contracts.claimVerifier),
  ]);
}

/** @throws {WrongContractError} if the chain says otherwise, or nothing, as another contract does */
async function requireValue(what: string, ask: () => Promise<unknown>, expected: unknown): Promise<void> {
  const actual = await ask().catch((error: unknown) => {
    const { code } = Object(error) as { code?: unknown };
    const isOtherContract = code === "CALL_EXCEPTION" || code === "BAD_DATA" || decodeRevert(what, error) !== undefined;
    if (!isOtherContract) throw error;
    return "not there";
  });
  if (actual !== expected) throw new WrongContractError(what, actual, expected);
}

/** The client of contracts that are known to be there. */
export function attachRollup(provider: Provider, deployment: Deployment): ChainClient {
  const { rollup, registry, court, token, verifier, parts, bridge, claimVerifier, asset } = deployment.contracts;
  const { scorer, roundView, relay, bulletin, ranking } = deployment.contracts;
  return {
    provider,
    deployment,
    scan: new LogScan(),
    rollup: Rollup__factory.connect(rollup, provider),
    registry: ProverRegistry__factory.connect(registry, provider),
    court: ProverCourt__factory.connect(court, provider),
    token: B52Token__factory.connect(token, provider),
    verifier: ForestVerifier__factory.connect(verifier, provider),
    parts: ForestParts__factory.connect(parts, provider),
    bridge: Bridge__factory.connect(bridge, provider),
    claimVerifier: ClaimVerifier__factory.connect(claimVerifier, provider),
    asset: B52Token__factory.connect(asset, provider),
    scorer: Scorer__factory.connect(scorer, provider),
    roundView: RoundView__factory.connect(roundView, provider),
    relay: CommitRelay__factory.connect(relay, provider),
    bulletin: Bulletin__factory.connect(bulletin, provider),
    ranking: CommitRanking__factory.connect(ranking, provider),
  };
}
