import type { Fault, Repository } from "./repository.ts";

/** Columns of source and comment. */
const WIDTH = 120;
const SOURCE = /\.(ts|sol|circom)$/;
/** What npm has no formatter for; spaces that one step of indentation takes. */
const UNFORMATTED = /\.circom$/;
const INDENTATION = 4;

/** What formatters leave: lines that are too long, and all of the layout where there is no formatter. */
export function checkSources({ files, read }: Repository): Fault[] {
  return files
    .filter((file) => SOURCE.test(file))
    .flatMap((file) => {
      const text = read(file);
      const lines = text.split("\n");
      const faults = lines.flatMap((line, i) =>
        faultsOf(line, UNFORMATTED.test(file)).map((message) => ({ file, line: i + 1, message })),
      );
      if (UNFORMATTED.test(file) && (!text.endsWith("\n") || text.endsWith("\n\n")))
        faults.push({ file, line: lines.length, message: "expected one line feed at the end" });
      return faults;
    });
}

function faultsOf(line: string, isUnformatted: boolean): string[] {
  const faults: string[] = [];
  const columns = [...line].length;
  if (columns > WIDTH) faults.push(`${columns} columns, expected at most ${WIDTH}`);
  if (!isUnformatted) return faults;
  if (/\s$/.test(line)) faults.push("space at the end of the line");
  if (line.includes("\t")) faults.push("a tab, expected spaces");
  const indentation = line.length - line.trimStart().length;
  // Block comments continue one column behind their star.
  if (indentation % INDENTATION !== 0 && !line.trimStart().startsWith("*"))
    faults.push(`indented by ${indentation}, expected steps of ${INDENTATION}`);
  return faults;
}
