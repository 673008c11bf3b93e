import { CLAIMS_PER_PROOF, elementsPerBase, exitsPerBase, type Profile } from "../protocol/profile.ts";
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

/** The circuits of the forest, the one that provers register with, and those that money leaves with. */
export type CircuitName =
  "BaseRollup" | "OperationRollup" | "MergeRollup" | "RootRollup" | "KeyOwnership" | "ExitClaim" | "EscapeClaim";

/** The same for both kinds of base nodes. */
const BASE_SIGNALS = ["content", "domain", "z", "proposalId", "node", "workerKey", "roundSeed", "beta"];

/** Public signals in the order of docs/encodings.md. */
const PUBLIC_SIGNALS: Readonly<Record<CircuitName, readonly string[]>> = {
  BaseRollup: BASE_SIGNALS,
  OperationRollup: BASE_SIGNALS,
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
  ExitClaim: ["C", "x", "y"],
  EscapeClaim: ["stateRoot", "index", "l1Owner", "balance"],
};

/** One of these circuits with parameters of one's own. */
export function circuitInstance(
  template: CircuitName,
  parameters: readonly (number | bigint)[],
  name: string = template,
): CircuitInstance {
  return { name, source: `${template}.circom`, template, parameters, publicSignals: PUBLIC_SIGNALS[template] };
}

/** All circuits of a profile. A profile with one level has no merge: its root joins base nodes. */
export function profileInstances(profile: Profile): CircuitInstance[] {
  const { arity, levels, accountDepth, transfersPerBase, operationsPerBase } = profile;
  const exits = exitsPerBase(profile);
  const base = (places: number): number[] => [
    arity,
    levels,
    accountDepth,
    crownDepth({ accountDepth, transfersPerBase: places }),
    elementsPerBase(profile),
    places,
    exits,
  ];
  return [
    circuitInstance("BaseRollup", base(transfersPerBase)),
    circuitInstance("OperationRollup", base(operationsPerBase)),
    ...(levels > 1 ? [circuitInstance("MergeRollup", [arity, levels])] : []),
    circuitInstance("RootRollup", [arity, levels]),
    circuitInstance("KeyOwnership", []),
    circuitInstance("ExitClaim", [arity, levels, exits, CLAIMS_PER_PROOF]),
    circuitInstance("EscapeClaim", [accountDepth]),
  ];
}

/** The circom program of an instance. */
export function mainSource({ source, template, parameters, publicSignals }: CircuitInstance): string {
  const visibility = publicSignals.length === 0 ? "" : ` {public [${publicSignals.join(", ")}]}`;
  return (
    `pragma circom 2.2.0;\n\ninclude "${source}";\n\ncomponent main${visibility} = ` +
    `${template}(${parameters.join(", ")});\n`
  );
}
