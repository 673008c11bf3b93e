import { join } from "node:path";
import { id, type Provider, Wallet } from "ethers";
import { makeFolder } from "../chain/folders.ts";
import { writeDeployment } from "../chain/deployment.ts";
import { approveAsset } from "../chain/index.ts";
import { replaceFile } from "../chain/replaceFile.ts";
import { economicsOf, leastDelays, type Economics } from "../deploy/economics.ts";
import { createOperatorKeystore, operatorKeys, type OperatorKeys } from "../operator/index.ts";
import { B52Error } from "../protocol/errors.ts";
import { PROFILES } from "../protocol/profile.ts";
import { type Cast, castOf, extras, type Party, type Proposer, type Prover } from "../sim/cast.ts";
import { openL1 } from "../sim/l1.ts";
import { realProver } from "../sim/realProver.ts";
import { createWorld, type World } from "../sim/world.ts";

/** The rollup of a devnet: the small one that a laptop proves. */
export const DEVNET_PROFILE = PROFILES.dev;

/** Of accounts on the L2. */
const USERS = 6;
const NEWCOMERS = 3;

/** Keys of a devnet are worth nothing, so guessing their password may be cheap. */
const SCRYPT_N = 1_024;

const ETHER = 10n ** 18n;

export interface StageOptions {
  /** Of the node; it signs for an account with ether, or `B52_PRIVATE_KEY` does. */
  readonly rpc: string;
  /** For files of this run. */
  readonly folder: string;
  /** In the name of the deployment's journal, and in no other's. */
  readonly label: string;
  /** All keys follow from it. */
  readonly seed: string;
  readonly provers: number;
  readonly proposers: number;
  /** Seconds. */
  readonly proposalWindow: number;
  readonly acceptanceWindow: number;
  readonly signal: AbortSignal;
  readonly note: (line: string) => void;
}

/** A program that is to be run. */
export interface Role {
  /** `prover-1` */
  readonly name: string;
  readonly role: "prover" | "proposer" | "follower";
  /** On L1; undefined for a follower that sends nothing. */
  readonly address: string | undefined;
  /** Its settings are here. */
  readonly configFile: string;
  readonly dataDir: string;
}

/** A rollup that is deployed, with all who are registered, and the files that their programs start from. */
export interface Stage {
  readonly world: World;
  readonly economics: Economics;
  readonly roles: readonly Role[];
  close(): Promise<void>;
}

type Windows = Pick<StageOptions, "proposalWindow" | "acceptanceWindow">;

/** Windows in which no block could be made. */
export class WindowTooShortError extends B52Error {
  constructor(name: string, seconds: number, least: number, why: string) {
    super(`the ${name} window is ${seconds} s, expected at least ${least} s: ${why}`, { name, seconds, least });
  }
}

/**
 * A slot is proven after those below it, between the first quarter of the acceptance window and the last. Votes and
 * commits take some blocks of L1.
 * @throws {WindowTooShortError}
 */
export function requireWindows({ proposalWindow, acceptanceWindow }: Windows): void {
  const least = 2 * SECONDS_PER_PROOF * (DEVNET_PROFILE.levels + 1);
  if (acceptanceWindow < least)
    throw new WindowTooShortError(
      "acceptance",
      acceptanceWindow,
      least,
      "proofs are made in half of it, in three steps",
    );
  if (proposalWindow < LEAST_PROPOSAL_WINDOW)
    throw new WindowTooShortError(
      "proposal",
      proposalWindow,
      LEAST_PROPOSAL_WINDOW,
      "votes and commits take some blocks",
    );
}

/** Windows that a devnet can have: the shortest that leave time for what is done in them. */
export const economicsOfDevnet = ({ proposalWindow, acceptanceWindow }: Windows): Economics => {
  const economics = { ...economicsOf(DEVNET_PROFILE), proposalWindow, acceptanceWindow };
  return { ...economics, exitDelay: leastDelays(economics).exitDelay };
};

/** Deploys a rollup, registers provers with real proofs, takes proposers' seats, and writes settings and keys. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const { rpc, folder, signal, note } = options;
  const calls = lastCalls(signal);
  const l1 = await openL1({ url: rpc, isRealTime: true, signal: calls.signal, onWait: note });
  try {
    const economics = economicsOfDevnet(options);
    const { cast, keys } = castOfDevnet(options, l1.provider);
    const prover = await realProver(DEVNET_PROFILE);
    const world = await createWorld({
      ...{ l1, profile: DEVNET_PROFILE, prover, cast, economics, signal, note },
      label: options.label,
    }).finally(() => prover.close());
    await letPayIn(world);
    const { deployment } = world.client;
    await writeDeployment(deploymentFile(folder), deployment);
    await replaceFile(passwordFile(folder), [`${PASSWORD}\n`]);
    const [serving] = cast.newcomers.slice(-1);
    const parties: [Role["role"], Party][] = [
      ["follower", serving!],
      ...cast.proposers.map((party): [Role["role"], Party] => ["proposer", party]),
      ...cast.provers.map((party): [Role["role"], Party] => ["prover", party]),
    ];
    const roles = await Promise.all(
      parties.map(([role, party]) => {
        const name = role === "follower" ? role : party.name;
        return writeRole({ rpc, folder, role, name, operator: { ...party, privateKey: keys.get(party.name)! } });
      }),
    );
    signal.throwIfAborted();
    calls.isPatient = true;
    return { world, economics, roles, close: async () => l1.connection.close() };
  } catch (error) {
    await l1.connection.close();
    throw error;
  }
}

/** How long an open stage can be asked after a signal, ms: for the sums of what was done. */
const LAST_CALLS_MS = 4_000;

/** A signal that follows `signal`: at once, or after the last calls where somebody has become patient. */
function lastCalls(signal: AbortSignal): { readonly signal: AbortSignal; isPatient: boolean } {
  const controller = new AbortController();
  const calls = { signal: controller.signal, isPatient: false };
  const end = (): void => controller.abort(signal.reason);
  const onAbort = (): void => (calls.isPatient ? void setTimeout(end, LAST_CALLS_MS).unref() : end());
  if (signal.aborted) end();
  else signal.addEventListener("abort", onAbort, { once: true });
  return calls;
}

/** Operators' keys follow from their L1 keys, as in the programs. */
function castOfDevnet(
  { seed, provers, proposers }: StageOptions,
  provider: Provider,
): { cast: Cast; keys: ReadonlyMap<string, string> } {
  const users = castOf(seed, provider, extras({ users: USERS, newcomers: NEWCOMERS }));
  const keys = new Map(users.newcomers.map(({ name, privateKey }) => [name, privateKey]));
  const operator = (name: string): Party & { readonly keys: OperatorKeys } => {
    const privateKey = id(`${seed}/operator/${name}`);
    keys.set(name, privateKey);
    const signer = new Wallet(privateKey, provider);
    return { name, signer, address: signer.address, keys: operatorKeys(privateKey) };
  };
  const names = (role: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${role}-${i + 1}`);
  const cast: Cast = {
    ...users,
    provers: names("prover", provers).map((name): Prover => {
      const { keys: own, ...party } = operator(name);
      return { ...party, secret: own.proverSecret, key: own.proverKey, index: 0 };
    }),
    proposers: names("proposer", proposers).map((name): Proposer => {
      const { keys: own, ...party } = operator(name);
      return { ...party, revealer: new Wallet(own.revealKey, provider) };
    }),
  };
  return { cast, keys };
}

/** Lets users' deposits take what they have on L1. */
async function letPayIn({ client, cast }: World): Promise<void> {
  const users = [...cast.users, ...cast.newcomers];
  await Promise.all(users.map(({ signer }) => approveAsset(client, signer, 1_000n * ETHER)));
}

export interface RoleFiles extends Pick<StageOptions, "rpc" | "folder"> {
  readonly role: Role["role"];
  readonly name: string;
  /** Undefined for a follower that sends nothing. */
  readonly operator?: Pick<Party, "address"> & { readonly privateKey: string };
}

/** Writes what a program starts from. */
export async function writeRole({ rpc, folder, role, name, operator }: RoleFiles): Promise<Role> {
  const own = join(folder, name);
  await makeFolder(own);
  const [keystore, configFile, dataDir] = ["operator.json", "node.json", "data"].map((file) => join(own, file)) as [
    string,
    string,
    string,
  ];
  if (operator !== undefined) await createOperatorKeystore(keystore, operator.privateKey, PASSWORD, SCRYPT_N);
  const settings = {
    ...{ rpc: [rpc], deployment: deploymentFile(folder), dataDir, passwordFile: passwordFile(folder) },
    ...{ listen: ["/ip4/127.0.0.1/tcp/0"], status: ANY_PORT, mdns: false },
    ...(operator !== undefined && { keystore }),
    ...(role === "follower" && { serves: operator !== undefined, api: ANY_PORT }),
    ...(role === "proposer" && { patience: PATIENCE }),
    // Nobody else has these keys.
    ...(role === "prover" && { iAmAlone: true, threads: 1, secondsPerProof: SECONDS_PER_PROOF }),
  };
  await replaceFile(configFile, [`${JSON.stringify(settings, null, 2)}\n`]);
  return { name, role, address: operator?.address, configFile, dataDir };
}

/** What a proof of this profile takes where many programs share a machine. */
const SECONDS_PER_PROOF = 6;

/** Seconds; L1 makes a block in each. */
const LEAST_PROPOSAL_WINDOW = 8;

/** Seconds that provers get to vote where no window is running: they are all here. */
const PATIENCE = 10;

const ANY_PORT = "127.0.0.1:0";
const PASSWORD = "devnet";

const passwordFile = (folder: string): string => join(folder, "password");
const deploymentFile = (folder: string): string => join(folder, "deployment.json");
