import { BeaconNode, type BlobSource, openArchive } from "../../blobs/index.ts";
import type { ChainClient } from "../../chain/index.ts";
import { type Deployment, readDeployment } from "../../chain/deployment.ts";
import type { Network } from "../../gossip/libp2p/index.ts";
import type { OperatorKeys } from "../../operator/index.ts";
import { knownProfile } from "../../setup/knownProfile.ts";
import { rollupName } from "../../sync/index.ts";
import { loadCircuits } from "../compose/circuits.ts";
import type { Configuration } from "../settings/index.ts";
import { type Check, type CheckResult, ok, runChecks, skipped } from "./check.ts";
import { checkClock, checkGas, checkNode, gasPerRound } from "./l1.ts";
import { checkEngine, checkFolder, checkKeyLock, checkKeystore, checkPasswordFile, checkPorts } from "./machine.ts";
import { checkSeat, checkStake } from "./money.ts";
import { checkBlobs, checkPeers, visit } from "./network.ts";

export interface PreflightOptions {
  /** Opens the keystore; it is a finding if that does not work. Undefined for a role that needs no key. */
  readonly unlock: (() => Promise<OperatorKeys>) | undefined;
  readonly signal: AbortSignal;
  /** Told of each result when it is there. */
  readonly onResult?: (result: CheckResult) => void;
}

/** Looks at everything that a role needs, before it is started. Makes its data folder, and sends nothing to L1. */
export async function preflight(
  configuration: Configuration,
  { unlock, signal, onResult = () => undefined }: PreflightOptions,
): Promise<CheckResult[]> {
  const { role, settings } = configuration;
  const results: CheckResult[] = [];
  const look = async (...checks: Check[]): Promise<boolean> => {
    let isFine = true;
    for (const check of checks) {
      const [result] = await runChecks([check], signal);
      isFine &&= result!.outcome !== "fail";
      take(result!);
    }
    return isFine;
  };
  const take = (result: CheckResult): void => {
    results.push(result);
    onResult(result);
  };
  const leave = (why: string, ...names: string[]): void => names.forEach((name) => take({ name, ...skipped(why) }));

  let deployment: Deployment | undefined;
  const isKnown = await look({
    name: "deployment",
    async run() {
      deployment = await readDeployment(settings.deployment);
      return ok(`${settings.deployment}, profile ${knownProfile(deployment).name}`);
    },
  });
  let keys: OperatorKeys | undefined;
  if (unlock !== undefined)
    await look({
      name: "key",
      async run() {
        keys = await unlock();
        return checkKeystore(configuration, keys.address);
      },
    });
  if (keys !== undefined && settings.passwordFile !== undefined)
    await look({ name: "password file", run: () => checkPasswordFile(settings.passwordFile!) });
  await look({ name: "ports", run: () => checkPorts(configuration) });
  if (role === "prover") await look({ name: "prover", run: () => checkEngine(configuration) });
  if (!isKnown || deployment === undefined) {
    leave("there is no deployment", "data folder", "chain", "contracts", "old log");
    return results;
  }
  const rollup = rollupName(deployment);
  if (keys !== undefined) {
    const { address } = keys;
    await look({ name: "key lock", run: async () => checkKeyLock(address, deployment!) });
  }
  await look({ name: "data folder", run: () => checkFolder(configuration, rollup) });
  const client = await lookAtNodes(settings.rpc, deployment, signal, take);
  if (client === undefined) return results;
  try {
    await lookAtRollup(client, configuration, keys, look);
    await lookAtNetwork(client, configuration, look);
  } finally {
    client.provider.destroy();
  }
  return results;
}

/** @returns a client through the first node that can be used */
async function lookAtNodes(
  urls: readonly string[],
  deployment: Deployment,
  signal: AbortSignal,
  take: (result: CheckResult) => void,
): Promise<ChainClient | undefined> {
  const clients: ChainClient[] = [];
  for (const [i, url] of urls.entries()) {
    const { results, client } = await checkNode(url, i, deployment, signal);
    results.forEach(take);
    if (client !== undefined) clients.push(client);
  }
  for (const { provider } of clients.slice(1)) provider.destroy();
  return clients[0];
}

type Look = (...checks: Check[]) => Promise<boolean>;

async function lookAtRollup(
  client: ChainClient,
  configuration: Configuration,
  keys: OperatorKeys | undefined,
  look: Look,
): Promise<void> {
  const { role } = configuration;
  await look({ name: "clock", run: (signal) => checkClock(client, configuration, signal) });
  if (role !== "follower")
    await look({
      name: "circuits",
      async run() {
        const { keys: found } = await loadCircuits(client);
        return ok(`those that the rollup verifies (${found.common.length / 2 - 1} bytes in common)`);
      },
    });
  if (keys === undefined) return;
  const { address, revealer } = keys;
  if (role === "prover") await look({ name: "stake", run: () => checkStake(client, keys) });
  if (role === "proposer") await look({ name: "seat", run: () => checkSeat(client, keys, configuration) });
  const gas = gasPerRound(role, client.deployment);
  await look({ name: "gas", run: () => checkGas(client, address, gas) });
  if (role === "proposer") await look({ name: "gas for reveals", run: () => checkGas(client, revealer, 135_000n) });
}

async function lookAtNetwork(client: ChainClient, configuration: Configuration, look: Look): Promise<void> {
  const { beacon, archives } = configuration.settings;
  let network: Network | undefined;
  try {
    await look({
      name: "peers",
      async run(signal) {
        network = await visit(client, configuration);
        return checkPeers(network, configuration, signal);
      },
    });
    const sources: BlobSource[] = [
      ...(network !== undefined && network.status().peers > 0 ? [network.blobs] : []),
      ...archives.map(openArchive),
      ...beacon.map((url) => new BeaconNode(url)),
    ];
    await look({ name: "blobs", run: (signal) => checkBlobs(client, sources, signal) });
  } finally {
    await network?.close();
  }
}
