import { join } from "node:path";
import {
  accountCount,
  elementsPerBase,
  exitsPerBase,
  OPERATION_WORDS,
  type Profile,
  PROFILES,
} from "../protocol/profile.ts";
import { circuitInstance, type CircuitInstance } from "./circuitInstance.ts";
import { compileAll, compileProfile, type CompileProfileOptions } from "./circuits.ts";
import { crownDepth } from "./crownDepth.ts";

/** What one more of something costs, in constraints, at {@link Marginals.accounts} accounts. */
export interface Marginals {
  /** Size of the account tree. */
  readonly accounts: number;
  /** One more transfer in a base node, see {@link DEFINITIONS}. */
  readonly perTransfer: number;
  /** One more L1 operation in a base node, see {@link DEFINITIONS}. */
  readonly perOperation: number;
  /** One more exit shown by a proof, see {@link DEFINITIONS}. */
  readonly perClaim: number;
  /** One more vote in a merge, see {@link DEFINITIONS}. */
  readonly perVote: number;
}

/** Constraints of every circuit of a profile, and the marginals. */
export interface CircuitBench extends Marginals {
  readonly profile: string;
  readonly constraints: Readonly<Record<string, number>>;
  /** Of the base node of transfers of the profile dev. */
  readonly devBase: number;
}

/** What the marginals mean. */
export const DEFINITIONS = {
  perTransfer: "a base node of 128 transfers divided by 128: the Transfer gadget on its own, and a share of BaseCore",
  perOperation:
    "a base node of 128 operations divided by 128: the Operation gadget on its own, and a share of BaseCore",
  perClaim: "(ExitClaim with 4 claims - with 1) / 3, with its part of V; lists of the wide profile",
  perVote: "the Vote gadget on its own, its count of 14 bits and its mask bit",
} as const;

const WIDE: Profile = PROFILES.wide;

/** Places in the base nodes that the marginals of places are about. */
const PLACES = 128;

/** Compiles a profile's circuits and those of the marginals, unless they are compiled already. */
export async function benchCircuits(profile: Profile, options: CompileProfileOptions): Promise<CircuitBench> {
  const circuits = await compileProfile(profile, options);
  const constraints = Object.fromEntries(circuits.map(({ name, constraints }) => [name, constraints]));
  const dev = profile.name === PROFILES.dev.name ? circuits : await compileProfile(PROFILES.dev, options);
  const devBase = dev.find(({ name }) => name === "BaseRollup")!.constraints;
  return { profile: profile.name, constraints, devBase, ...(await measureMarginals(options)) };
}

/** Compiles what the marginals are the difference of, to `<buildDir>/circuits/bench/`. */
export async function measureMarginals(options: CompileProfileOptions): Promise<Marginals> {
  const outDir = join(options.buildDir, "circuits", "bench");
  const compiled = await compileAll(marginalInstances(), { ...options, outDir });
  const constraints = Object.fromEntries(compiled.map((one) => [one.name, one.constraints]));
  const place = (gadget: string, core: string): number => constraints[gadget]! + Math.ceil(constraints[core]! / PLACES);
  return {
    accounts: accountCount(WIDE),
    perTransfer: place("Transfer", "BaseCore-transfers"),
    perOperation: place("Operation", "BaseCore-operations"),
    perClaim: Math.ceil((constraints["ExitClaim-4"]! - constraints["ExitClaim-1"]!) / 3),
    perVote: constraints["Vote"]! + constraints["UnpackCounts"]! + constraints["Num2Bits"]!,
  };
}

function marginalInstances(): CircuitInstance[] {
  const { arity, levels, accountDepth } = WIDE;
  const crown = crownDepth({ accountDepth, transfersPerBase: PLACES });
  const sizes = { transfersPerBase: PLACES, operationsPerBase: PLACES };
  const stride = elementsPerBase(sizes);
  const claims = (count: number): CircuitInstance =>
    circuitInstance("ExitClaim", [arity, levels, exitsPerBase(WIDE), count], `ExitClaim-${count}`);
  const gadget = (source: string, template: string, parameters: number[], name = template): CircuitInstance => ({
    name,
    source: `lib/${source}.circom`,
    template,
    parameters,
    publicSignals: [],
  });
  const core = (places: string, used: number): CircuitInstance =>
    gadget("base", "BaseCore", [arity, levels, crown, stride, used, PLACES, exitsPerBase(sizes)], `BaseCore-${places}`);
  return [
    gadget("transfer", "Transfer", [accountDepth, crown]),
    core("transfers", stride),
    gadget("operation", "Operation", [accountDepth, crown]),
    core("operations", OPERATION_WORDS * PLACES),
    claims(4),
    claims(1),
    gadget("vote", "Vote", [arity, levels]),
    gadget("packedCounts", "UnpackCounts", [1]),
    gadget("bits", "Num2Bits", [1]),
  ];
}
