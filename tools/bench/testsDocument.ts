import { table } from "./document.ts";
import { TEST_FIGURES, type TestFigure, type TestsBench } from "./tests.ts";

const WHAT: Readonly<Record<TestFigure, string>> = {
  demoBare: "`./b52 demo` in a fresh clone: packages, contracts, circuits, keys, three heights",
  default: "`./b52 test` in a clone that is set up",
  oneFile: "`./b52 test` again, one small source file changed",
  all: "`./b52 test --all`",
};

/**
 * What `bench tests` says to people.
 * @param before rows that an earlier run has left: those of what was not measured now stay
 */
export function describeTests({ report, processors, loads }: TestsBench, before: readonly string[][] = []): string {
  const rowOf = (figure: TestFigure): (string | number)[][] => {
    const seconds = report[`${figure}Seconds`];
    if (seconds !== undefined) return [[WHAT[figure], seconds, loads[figure]!.toFixed(1)]];
    return before.filter(([what]) => what === WHAT[figure]);
  };
  return `The commands themselves on one machine with ${processors} processors. Load is the average of the minute before
each: above 1 a processor, other programs were in the way.

${table(["command", "seconds", "load before"], TEST_FIGURES.flatMap(rowOf))}`;
}
