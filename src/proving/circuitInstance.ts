import type { Profile } from "../protocol/profile.ts";
import { crownDepth } from "./crownDepth.ts";

/** A template with its parameters: what is compiled to one circuit. */
export interface CircuitInstance {
  /** Names the circuit and its files. */
  readonly name: string;
  /** The template's source, inside `circuits/`. */
  readonly source: string;
  readonly template: string;
  readonly parameters: readonly (number | bigint)[];
  /** Public input signals, in the order in which the template declares them. */
  readonly publicSignals: readonly string[];
}

/** The circuits of the forest, and the one that provers register with. */
export type CircuitName = "BaseRollup" | "MergeRollup" | "RootRollup" | "KeyOwnership";

/** Public signals in the order of docs/encodings.md. */
const PUBLIC_SIGNALS: Readonly<Record<CircuitName, readonly string[]>> = {
  BaseRollup: ["content", "domain", "r", "proposalId", "node", "workerKey", "roundSeed", "beta"],
  MergeRollup: [
    "content",
    "childContent",
    "childKey",
    "childAssigned",
    "mask",
    "burnBid",
    "domain",
    "proposalId",
    "node",
    "workerKey",
    "roundSeed",
    "beta",
  ],
  RootRollup: ["C", "x", "y"],
  KeyOwnership: ["key", "owner", "domain", "seed", "beta"],
};

/** One of the four circuits with parameters of one's own. */
export function circuitInstance(template: CircuitName, parameters: readonly (number | bigint)[], name: string = template): CircuitInstance {
  return { name, source: `${template}.circom`, template, parameters, publicSignals: PUBLIC_SIGNALS[template] };
}

/** All circuits of a profile. A profile with one level has no merge: its root joins base nodes. */
export function profileInstances(profile: Profile): CircuitInstance[] {
  const { arity, levels, accountDepth, transfersPerBase } = profile;
  return [
    circuitInstance("BaseRollup", [arity, levels, accountDepth, crownDepth(profile), transfersPerBase]),
    ...(levels > 1 ? [circuitInstance("MergeRollup", [arity, levels])] : []),
    circuitInstance("RootRollup", [arity, levels]),
    circuitInstance("KeyOwnership", []),
  ];
}

/** The circom program of an instance. */
export function mainSource({ source, template, parameters, publicSignals }: CircuitInstance): string {
  const visibility = publicSignals.length === 0 ? "" : ` {public [${publicSignals.join(", ")}]}`;
  return `pragma circom 2.1.0;\n\ninclude "${source}";\n\ncomponent main${visibility} = ${template}(${parameters.join(", ")});\n`;
}
