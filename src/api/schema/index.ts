import "./names.ts";

export * from "./account.ts";
export * from "./block.ts";
export * from "./bridge.ts";
export * from "./event.ts";
export * from "./node.ts";
export * from "./problem.ts";
export * from "./proposal.ts";
export * from "./prover.ts";
export * from "./round.ts";
export * from "./transaction.ts";
export * from "./values.ts";
