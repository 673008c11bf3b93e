import { join } from "node:path";
import { accountCount, exitsPerBase, type Profile, PROFILES } from "../protocol/profile.ts";
import { circuitInstance, type CircuitInstance, type CircuitName } from "./circuitInstance.ts";
import { compileAll, compileProfile, type CompileProfileOptions } from "./circuits.ts";
import type { CompiledCircuit } from "./compileCircuit.ts";
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
}

/** What the marginals mean. */
export const DEFINITIONS = {
  perTransfer:
    "(BaseRollup with 4 transfers - with 1) / 3: three transfers, their word of data and exits; crown of the " +
    "wide profile",
  perOperation:
    "(OperationRollup with 4 operations - with 1) / 3, with its two words of data; crown of the wide profile",
  perClaim: "(ExitClaim with 4 claims - with 1) / 3, with its part of V; lists of the wide profile",
  perVote: "the Vote gadget on its own, its count of 14 bits and its mask bit",
} as const;

const WIDE: Profile = PROFILES.wide;

/** Compiles a profile's circuits and those of the marginals, unless they are compiled already. */
export async function benchCircuits(profile: Profile, options: CompileProfileOptions): Promise<CircuitBench> {
  const circuits = await compileProfile(profile, options);
  const constraints = Object.fromEntries(circuits.map(({ name, constraints }) => [name, constraints]));
  return { profile: profile.name, constraints, ...(await measureMarginals(options)) };
}

/** Compiles what the marginals are the difference of, to `<buildDir>/circuits/bench/`. */
export async function measureMarginals(options: CompileProfileOptions): Promise<Marginals> {
  const outDir = join(options.buildDir, "circuits", "bench");
  const compiled = await compileAll(marginalInstances(), { ...options, outDir });
  const [transfers, transfer, operations, operation, claims, claim, vote, count, bit] = compiled;
  const each = (more: CompiledCircuit, few: CompiledCircuit): number =>
    Math.ceil((more.constraints - few.constraints) / (MORE - FEW));
  return {
    accounts: accountCount(WIDE),
    perTransfer: each(transfers!, transfer!),
    perOperation: each(operations!, operation!),
    perClaim: each(claims!, claim!),
    perVote: vote!.constraints + count!.constraints + bit!.constraints,
  };
}

const FEW = 1;
const MORE = 4;

function marginalInstances(): CircuitInstance[] {
  const { arity, levels, accountDepth } = WIDE;
  const named = (template: CircuitName, count: number, ...parameters: number[]): CircuitInstance =>
    circuitInstance(template, parameters, `${template}-${count}`);
  const base = (template: "BaseRollup" | "OperationRollup", places: number): CircuitInstance =>
    named(template, places, arity, levels, accountDepth, crownDepth(WIDE), places, places);
  const claims = (count: number): CircuitInstance =>
    named("ExitClaim", count, arity, levels, exitsPerBase(WIDE), count);
  const gadget = (source: string, template: string, ...parameters: number[]): CircuitInstance => ({
    name: template,
    source: `lib/${source}.circom`,
    template,
    parameters,
    publicSignals: [],
  });
  return [
    base("BaseRollup", MORE),
    base("BaseRollup", FEW),
    base("OperationRollup", MORE),
    base("OperationRollup", FEW),
    claims(MORE),
    claims(FEW),
    gadget("vote", "Vote", arity, levels),
    gadget("packedCounts", "UnpackCounts", 1),
    gadget("bits", "Num2Bits", 1),
  ];
}
