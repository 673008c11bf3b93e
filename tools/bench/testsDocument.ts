import { table } from "./document.ts";
import { TEST_FIGURES, type TestFigure, type TestsBench } from "./tests.ts";

const WHAT: Readonly<Record<TestFigure, string>> = {
  demoBare: "`./b52 demo` in a fresh clone: packages, contracts, circuits, keys, three heights",
  default: "`./b52 test` in a clone that is set up",
  oneFile: "`./b52 test` again, one small source file changed",
  all: "`./b52 test --all`",
};

/** What `bench tests` says to people. */
export function describeTests({ report, processors, loads }: TestsBench): string {
  const measured = TEST_FIGURES.filter((figure) => report[`${figure}Seconds`] !== undefined);
  return `The commands themselves on one machine with ${processors} processors. Load is the average of the minute before
each: above 1 a processor, other programs were in the way.

${table(
  ["command", "seconds", "load before"],
  measured.map((figure) => [WHAT[figure], report[`${figure}Seconds`]!, loads[figure]!.toFixed(1)]),
)}`;
}
