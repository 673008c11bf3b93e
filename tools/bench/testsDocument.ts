import { rowsOf, table } from "./document.ts";
import { TEST_FIGURES, type TestFigure, type TestsBench } from "./tests.ts";

const WHAT: Readonly<Record<TestFigure, string>> = {
  demoBare: "`./b52 demo` in a fresh clone: packages, contracts, circuits, keys, three heights",
  default: "`./b52 test` in a clone that is set up",
  oneFile: "`./b52 test` again, one small source file changed",
  all: "`./b52 test --all`",
};

const COLUMNS = ["command", "seconds", "load before"] as const;

/**
 * What `bench tests` says to people.
 * @param before the section that an earlier run has left: its rows of what was not measured now stay
 */
export function describeTests({ report, processors, loads }: TestsBench, before = ""): string {
  const rowOf = (figure: TestFigure): (string | number)[][] => {
    const seconds = report[`${figure}Seconds`];
    if (seconds !== undefined) return [[WHAT[figure], seconds, loads[figure]!.toFixed(1)]];
    const kept = rowsOf(before).filter(({ command }) => command === WHAT[figure]);
    return kept.map((row) => COLUMNS.map((column) => row[column] ?? ""));
  };
  return `The commands themselves on one machine with ${processors} processors. Load is the average of the minute before
each: above 1 a processor, other programs were in the way.

${table(COLUMNS, TEST_FIGURES.flatMap(rowOf))}`;
}
