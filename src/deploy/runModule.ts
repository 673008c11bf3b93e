import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import {
  deploy,
  type DeploymentResult,
  DeploymentResultType,
  type ExecutionEventListener,
  type IgnitionModule,
  type SuccessfulDeploymentResult,
} from "@nomicfoundation/ignition-core";
import type { L1Connection } from "../chain/connection.ts";
import { waitingOf } from "../chain/provider.ts";
import { B52Error } from "../protocol/errors.ts";
import { LOCAL_CHAIN_IDS } from "../proving/keys/networks.ts";
import { journalFolder, resumeJournal } from "./journal.ts";
import type { ModuleParameters } from "./parameters.ts";

export interface DeployOptions {
  /** One step of a deployment is done: a contract is deployed, or called. */
  readonly onStep?: ((step: string, done: number, total: number) => void) | undefined;
}

/** Blocks that a transaction must be in or under, before the next step builds on it. */
const CONFIRMATIONS = 5;

/** Chains for development make no blocks for nothing, and never take one back by themselves. */
export const confirmationsOn = (chainId: bigint): number => (LOCAL_CHAIN_IDS.includes(chainId) ? 1 : CONFIRMATIONS);

/** How often a node is asked for its latest block while a transaction is not confirmed. */
export const POLLING_MS = 200;

/** Ignition could not deploy. */
export class DeploymentFailedError extends B52Error {
  constructor(reason: string, journal: string, options?: ErrorOptions) {
    super(
      `the deployment stopped: ${reason}; expected every step to succeed: mend that and deploy again, ` +
        `which goes on where it stopped (to begin anew, remove deploy/deployments/${journal})`,
      { reason, journal },
      options,
    );
  }
}

/**
 * Runs a module of Ignition; a run that was cut off is taken up where it stopped.
 * @param journal the name of its journal
 * @returns the addresses of what it has deployed, by the names of its results
 * @throws {DeploymentFailedError} @throws the signal's reason
 */
export async function runModule(
  connection: L1Connection,
  module: IgnitionModule,
  parameters: ModuleParameters,
  journal: string,
  { onStep = () => undefined }: DeployOptions = {},
): Promise<Record<string, string>> {
  const { provider } = connection.ethers;
  const waiting = waitingOf(provider);
  const { default: hre } = (await import("hardhat")) as { default: HardhatRuntimeEnvironment };
  const { HardhatArtifactResolver } = await import("@nomicfoundation/hardhat-ignition/helpers");
  const { chainId } = await provider.getNetwork();
  const requiredConfirmations = confirmationsOn(chainId);
  const isInProcess = connection.networkConfig.type === "edr-simulated";
  if (!isInProcess) await resumeJournal(journal, connection, requiredConfirmations);

  let steps = 0;
  let done = 0;
  const listener = listenerOf({
    onSteps: (count) => (steps = count),
    onStep: (futureId) => onStep(futureId.split("#").at(-1)!, ++done, steps),
  });
  const run = deploy({
    // A node in this process mines at once, and is asked as often as Ignition likes.
    config: { requiredConfirmations, blockPollingInterval: POLLING_MS },
    provider: connection.provider,
    executionEventListener: listener,
    ...(isInProcess ? {} : { deploymentDir: journalFolder(journal) }),
    artifactResolver: new HardhatArtifactResolver(hre.artifacts),
    ignitionModule: module,
    deploymentParameters: { B52: parameters },
    accounts: (await connection.provider.request({ method: "eth_accounts" })) as string[],
  });
  let result: DeploymentResult;
  try {
    result = await waiting.until(run, () => `the node to make blocks: ${done} of ${steps} steps are done`);
  } catch (error) {
    waiting.signal?.throwIfAborted();
    if (error instanceof B52Error) throw error;
    throw new DeploymentFailedError(reasonIn(error), journal, { cause: error });
  }
  if (result.type !== DeploymentResultType.SUCCESSFUL_DEPLOYMENT)
    throw new DeploymentFailedError(describeResult(result), journal);
  const { contracts } = result;
  return Object.fromEntries(Object.entries(module.results).map(([name, { id }]) => [name, contracts[id]!.address]));
}

/** Tells how many steps are to be done, and of each that has succeeded. */
function listenerOf({
  onSteps,
  onStep,
}: {
  readonly onSteps: (count: number) => void;
  readonly onStep: (futureId: string) => void;
}): ExecutionEventListener {
  const ignore = async (): Promise<void> => undefined;
  const listeners: Partial<ExecutionEventListener> = {
    batchInitialize: async ({ batches }) => onSteps(batches.flat().length),
  };
  const onComplete = async ({ futureId, result }: { futureId: string; result: { type: string } }): Promise<void> => {
    if (result.type === "SUCCESS") onStep(futureId);
  };
  return new Proxy(listeners as ExecutionEventListener, {
    get: (_, event: keyof ExecutionEventListener) =>
      listeners[event] ?? (event.endsWith("ExecutionStateComplete") ? onComplete : ignore),
  });
}

/** What went wrong, and where, in one line. */
function describeResult(result: Exclude<DeploymentResult, SuccessfulDeploymentResult>): string {
  if (result.type !== DeploymentResultType.EXECUTION_ERROR) {
    const errors = Object.entries(result.errors).flatMap(([id, list]) => list.map((error) => `${id}: ${error}`));
    return oneLine(errors.join("; "));
  }
  const failed = result.failed.map(({ futureId, error }) => `${futureId}: ${error}`);
  const timedOut = result.timedOut.map(({ futureId }) => `${futureId}: its transaction was not mined in time`);
  const held = result.held.map(({ futureId, reason }) => `${futureId}: ${reason}`);
  return oneLine([...failed, ...timedOut, ...held].join("; "));
}

function reasonIn(error: unknown): string {
  return oneLine(error instanceof Error ? error.message : String(error));
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();
