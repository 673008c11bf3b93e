import { InvalidArgumentError, Option } from "commander";
import { endpointOf } from "../chain/url.ts";
import { type EngineChoice, parseEngine, PROVER_VARIABLE } from "../proving/engineChoice.ts";
import { projectPath } from "../setup/project.ts";
import { callerPath } from "./paths.ts";
import { PROFILES, type ProfileName } from "../protocol/profile.ts";

const MAX_COUNT = 1_000_000;
/** No profile has more accounts. */
const MAX_ACCOUNT = 65_535;

/** A whole number from 1. */
export function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > MAX_COUNT)
    throw new InvalidArgumentError(`Expected a whole number from 1 to ${MAX_COUNT}.`);
  return count;
}

/** The index of an account that some L2 can have; how many this one has, only its deployment tells. */
export function parseAccount(text: string): number {
  const index = Number(text);
  if (!/^\d+$/.test(text) || index < 1 || index > MAX_ACCOUNT)
    throw new InvalidArgumentError(
      `Expected the number of an account, from 1; the largest rollups have ${MAX_ACCOUNT}.`,
    );
  return index;
}

/** The http(s) address of an Ethereum JSON-RPC endpoint. @throws {NodeAddressError} which does not show it */
export function parseRpcUrl(text: string): string {
  endpointOf(text, "what --rpc has");
  return text;
}

export const profileOption = (fallback: ProfileName): Option =>
  new Option("-p, --profile <name>", "sizes of circuits and tree").choices(Object.keys(PROFILES)).default(fallback);

export const jsonOption = (): Option => new Option("--json", "end with one line of JSON on standard output");

/** For what is done once, see `Errand`. */
export const againOption = (): Option =>
  new Option(
    "--again",
    "do it although an earlier run was asked for the same and was killed before it told what came of it",
  );

export const rpcOption = (description: string): Option =>
  new Option(
    "--rpc <url>",
    `${description}; http://user:password@host if it wants them, which are never shown. ` +
      "A call may take B52_RPC_TIMEOUT seconds (default: 60)",
  ).argParser(parseRpcUrl);

/** @throws {UnknownProverError} */
export function parseProver(text: string): EngineChoice {
  const engine = parseEngine(text, `--prover or ${PROVER_VARIABLE}`);
  return typeof engine === "string" ? engine : { rapidsnark: callerPath(engine.rapidsnark) };
}

export const proverOption = (): Option =>
  new Option("--prover <name>", "what makes proofs: kernels, snarkjs, or rapidsnark=PATH, a binary of your own")
    .env(PROVER_VARIABLE)
    .argParser(parseProver);

export const verboseOption = (): Option => new Option("--verbose", "show the stack of an unexpected error");

export const deploymentOption = (description: string): Option =>
  new Option("--deployment <file>", description)
    .argParser(callerPath)
    .default(projectPath("build", "deployment.json"), "build/deployment.json");

const collect = (place: string, before: readonly string[] = []): readonly string[] => [...before, place];

/** Where blobs come from, besides those that are kept already. */
export const blobOptions = (): Option[] => [
  new Option(
    "--beacon <url>",
    "a consensus node that serves whole blobs; L1 keeps them for about 18 days (may be given several times)",
  ).argParser((text: string, before?: readonly string[]) => {
    endpointOf(text, "what --beacon has");
    return collect(text, before);
  }),
  new Option(
    "--archives <place>",
    "an archive of blobs: a folder, or its address on a web server (may be given several times)",
  ).argParser((text: string, before?: readonly string[]) =>
    collect(/^https?:\/\//i.test(text) ? text : callerPath(text), before),
  ),
];

export const databaseOption = (): Option =>
  new Option(
    "--db <folder>",
    "where the L2 is kept that was rebuilt from L1 (default: one for each rollup in build/sync)",
  ).argParser(callerPath);
