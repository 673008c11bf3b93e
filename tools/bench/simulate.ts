import { drift, type DriftMechanism, type DriftOptions } from "../../src/simulation/fast/drift.ts";
import { execute } from "../../src/simulation/run/execute.ts";
import { configOf, planOf } from "../../src/simulation/run/plan.ts";
import { scenarioOf } from "../../src/simulation/scenarios/index.ts";
import { Stream } from "../../src/simulation/stream.ts";

export interface SimulateBench {
  /** Of the drift scenario with 100 provers, the slowest of its mechanisms; by CPU time. */
  readonly roundsPerSecondPerCore: number;
  /** How much faster two workers do its sweep than one. */
  readonly speedup2Workers: number;
  readonly roundsPerSecond: Readonly<Record<DriftMechanism, number>>;
}

const ROUNDS = 400_000;
const MECHANISMS: readonly DriftMechanism[] = ["perBlock", "fairPay", "race"];
const SETTING: Omit<DriftOptions, "mechanism"> = {
  ...{ reaction: "reinvest", provers: 100, held: 51, reward: 1e-4, unclePay: 0.1, valueNoise: 0.02, cost: 0.6 },
  rounds: ROUNDS,
};
/** Enough for a worker to be at work longer than it takes to start. */
const RUNS = 1_500;

export async function benchSimulate({
  signal,
  note,
}: {
  readonly signal: AbortSignal;
  readonly note: (line: string) => void;
}): Promise<SimulateBench> {
  const speeds = MECHANISMS.map((mechanism): [DriftMechanism, number] => [mechanism, roundsPerSecond(mechanism)]);
  for (const [mechanism, speed] of speeds) note(`${mechanism}: ${speed.toLocaleString("en")} rounds a second`);
  const [one, two] = [await sweepSeconds(1, signal), await sweepSeconds(2, signal)];
  note(`a sweep takes one worker ${one.toFixed(1)} s, two ${two.toFixed(1)} s`);
  return {
    roundsPerSecondPerCore: Math.min(...speeds.map(([, speed]) => speed)),
    speedup2Workers: Math.round((one / two) * 100) / 100,
    roundsPerSecond: Object.fromEntries(speeds) as Record<DriftMechanism, number>,
  };
}

function roundsPerSecond(mechanism: DriftMechanism): number {
  const play = (rounds: number): void => {
    const streams = { values: new Stream("bench/values"), race: new Stream("bench/race") };
    Array.from(drift({ ...SETTING, mechanism, rounds }, streams, [rounds]));
  };
  play(ROUNDS / 10);
  const before = process.cpuUsage();
  play(ROUNDS);
  const { user, system } = process.cpuUsage(before);
  return Math.round(ROUNDS / ((user + system) / 1e6));
}

async function sweepSeconds(workers: number, signal: AbortSignal): Promise<number> {
  const scenario = scenarioOf("drift");
  const plan = planOf(scenario, configOf(scenario, { isSweep: false, runs: RUNS, sets: { mechanism: MECHANISMS } }));
  const start = performance.now();
  await execute(plan, plan.units, { workers, signal, onUnit: () => undefined });
  return (performance.now() - start) / 1_000;
}

export function describeSimulate({ roundsPerSecond, speedup2Workers }: SimulateBench): string {
  const rows = Object.entries(roundsPerSecond).map(
    ([mechanism, speed]) => `| ${mechanism} | ${speed.toLocaleString("en")} |`,
  );
  return [
    "Rounds of the drift scenario with 100 provers in a second of one core's CPU time, by mechanism. Target: 200,000.",
    ["| mechanism | rounds |", "| --- | --- |", ...rows].join("\n"),
    `Two workers do a sweep ${speedup2Workers} times as fast as one.`,
  ].join("\n\n");
}
