import { fitLine, type Line } from "./fit.ts";

/** Gas by size, and the line through it. */
export interface Growth {
  readonly bySize: Readonly<Record<string, number>>;
  readonly marginal: number;
  readonly fixed: number;
  /** Of a measurement from the line, and as a part of the measurement. */
  readonly largestDeviation: number;
  readonly largestDeviationRatio: number;
}

/** Measures at each of these sizes, one after the other. */
export async function grow<T>(
  sizes: readonly T[],
  measure: (size: T) => readonly [number, Promise<number>],
): Promise<Growth> {
  const points: [number, number][] = [];
  for (const size of sizes) {
    const [x, gas] = measure(size);
    points.push([x, await gas]);
  }
  return growthOf(points);
}

export function growthOf(points: readonly (readonly [size: number, gas: number])[]): Growth {
  const { slope, intercept, largestDeviation, largestDeviationRatio }: Line = fitLine(points);
  return {
    bySize: Object.fromEntries(points),
    marginal: Math.round(slope * 10) / 10,
    fixed: Math.round(intercept),
    largestDeviation: Math.round(largestDeviation),
    largestDeviationRatio: Math.round(largestDeviationRatio * 1e6) / 1e6,
  };
}

/** What is said of it on the way. @param unit of size */
export const describeGrowth = (
  what: string,
  { marginal, fixed, largestDeviationRatio }: Growth,
  unit: string,
): string =>
  `${what}: ${fixed.toLocaleString("en")} + ${marginal.toLocaleString("en")} gas a ${unit}, up to ` +
  `${(100 * largestDeviationRatio).toFixed(3)} % off the line`;
