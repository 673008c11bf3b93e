/** A straight line through measurements, and how far they are from it. */
export interface Line {
  readonly slope: number;
  readonly intercept: number;
  /** Largest distance of a measurement from the line. */
  readonly largestDeviation: number;
  /** The same as a part of that measurement. */
  readonly largestDeviationRatio: number;
}

/** Least squares. A deviation says more than two points can: it takes at least three. @throws {RangeError} */
export function fitLine(points: readonly (readonly [x: number, y: number])[]): Line {
  if (new Set(points.map(([x]) => x)).size < 3)
    throw new RangeError(`${points.length} measurements, expected three of different sizes`);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x0, y0] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const slope = mean(points.map(([x, y]) => (x - x0) * (y - y0))) / mean(points.map(([x]) => (x - x0) ** 2));
  const intercept = y0 - slope * x0;
  const deviations = points.map(([x, y]) => Math.abs(y - slope * x - intercept));
  return {
    slope,
    intercept,
    largestDeviation: Math.max(...deviations),
    largestDeviationRatio: Math.max(...deviations.map((deviation, i) => deviation / points[i]![1])),
  };
}
