export * from "./logMath.ts";
export * from "./sizeRule.ts";
export { type Entry, type ScorePolicy } from "./scorePolicy.ts";
export * from "./plainScore.ts";
export * from "./stakeScore.ts";
export * from "./dynamicScore.ts";
export * from "./raceScore.ts";
