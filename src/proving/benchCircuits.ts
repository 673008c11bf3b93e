import { join } from "node:path";
import { accountCount, type Profile, PROFILES } from "../protocol/profile.ts";
import { circuitInstance, type CircuitInstance } from "./circuitInstance.ts";
import { compileAll, compileProfile, type CompileProfileOptions } from "./circuits.ts";
import { crownDepth } from "./crownDepth.ts";

/** What one more of something costs, in constraints, at {@link Marginals.accounts} accounts. */
export interface Marginals {
  /** Size of the account tree. */
  readonly accounts: number;
  /** One more transfer in a base node, see {@link DEFINITIONS}. */
  readonly perTransfer: number;
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
  perTransfer: "(BaseRollup with 4 transfers - with 1) / 3: three transfers and their word of data; crown of the wide profile",
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
  const [more, few, vote, count, bit] = await compileAll(marginalInstances(), { ...options, outDir });
  return {
    accounts: accountCount(WIDE),
    perTransfer: Math.ceil((more!.constraints - few!.constraints) / (MORE - FEW)),
    perVote: vote!.constraints + count!.constraints + bit!.constraints,
  };
}

const FEW = 1;
const MORE = 4;

function marginalInstances(): CircuitInstance[] {
  const { arity, levels, accountDepth } = WIDE;
  const base = (transfers: number): CircuitInstance =>
    circuitInstance("BaseRollup", [arity, levels, accountDepth, crownDepth(WIDE), transfers], `BaseRollup-${transfers}`);
  const gadget = (source: string, template: string, ...parameters: number[]): CircuitInstance => ({
    name: template,
    source: `lib/${source}.circom`,
    template,
    parameters,
    publicSignals: [],
  });
  return [
    base(MORE),
    base(FEW),
    gadget("vote", "Vote", arity, levels),
    gadget("packedCounts", "UnpackCounts", 1),
    gadget("bits", "Num2Bits", 1),
  ];
}
