import { join } from "node:path";
import { accountCount, type Profile, PROFILES } from "../protocol/profile.ts";
import { circuitInstance, type CircuitInstance } from "./circuitInstance.ts";
import { compileAll, compileProfile, type CompileProfileOptions } from "./circuits.ts";
import { crownDepth } from "./crownDepth.ts";

/** Constraints of a profile's circuits, and what one more transfer and one more vote cost at 65,536 accounts. */
export interface CircuitBench {
  readonly profile: string;
  /** Of every circuit of the profile. */
  readonly constraints: Readonly<Record<string, number>>;
  /** Accounts at which the marginals are measured. */
  readonly accounts: number;
  /** One more transfer in a base node, see {@link DEFINITIONS}. */
  readonly perTransfer: number;
  /** One more vote in a merge, see {@link DEFINITIONS}. */
  readonly perVote: number;
}

/** What the marginals mean. */
export const DEFINITIONS = {
  perTransfer: "(BaseRollup with 4 transfers - with 1) / 3: three transfers and their word of data; crown of the wide profile",
  perVote: "the Vote gadget on its own, its count of 14 bits and its mask bit",
} as const;

const WIDE: Profile = PROFILES.wide;

/** Compiles what is measured, unless it is compiled already. */
export async function benchCircuits(profile: Profile, options: CompileProfileOptions): Promise<CircuitBench> {
  const circuits = await compileProfile(profile, options);
  const outDir = join(options.buildDir, "circuits", "bench");
  const [few, more, vote, count, bit] = await compileAll(marginalInstances(), { ...options, outDir });
  return {
    profile: profile.name,
    constraints: Object.fromEntries(circuits.map(({ name, constraints }) => [name, constraints])),
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
    name: template, source: `lib/${source}.circom`, template, parameters, publicSignals: [],
  });
  return [
    base(FEW),
    base(MORE),
    gadget("vote", "Vote", arity, levels),
    gadget("packedCounts", "UnpackCounts", 1),
    gadget("bits", "Num2Bits", 1),
  ];
}
