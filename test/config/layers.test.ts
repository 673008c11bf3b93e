import { expect } from "chai";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import ts from "typescript";
import { projectPath } from "../../src/setup/project.ts";

/** The folders of `src/`, ground first. A file imports from its own folder and from those of floors below its own. */
const FLOORS: readonly (readonly string[])[] = [
  // How Node comes to read TypeScript.
  ["loader"],
  // The rules, without I/O; what a program tells its operator; threads that do its work.
  ["protocol", "log", "threads"],
  // L2 accounts; the typed L1 client.
  ["state", "chain"],
  // What a program keeps in a database: it implements what lower floors ask for.
  ["database"],
  // Blobs as L1 has them, and where they come from.
  ["blobs"],
  ["proving", "sync", "gossip"],
  // `setup` compiles contracts and circuits, so it stands on `proving`.
  ["wallet", "block", "setup"],
  ["roles", "deploy"],
  // Money of provers and proposers on L1.
  ["operator"],
  // `simulation` models the mechanism; `sim` plays it with contracts and roles.
  ["api", "sim", "simulation"],
  ["daemon", "demo"],
  // Starts programs as they are, so nothing of them is imported but their configuration.
  ["devnet"],
  ["cli"],
];

/**
 * What folders beside `src/` import from; `src/` itself imports generated types, `src/cli/` loads tools and scripts.
 */
const OUTSIDE: Readonly<Record<string, readonly string[]>> = {
  deploy: ["src"],
  scripts: ["src"],
  tools: ["src", "typechain-types", "test"],
  test: ["src", "tools", "deploy", "scripts", "typechain-types"],
};

interface Import {
  readonly path: string;
  /** Loaded when it is needed, by `import()`. */
  readonly isDynamic: boolean;
}

/** Texts by path from the root of the project. */
type Sources = ReadonlyMap<string, string>;

/** Everything that a file imports from the project, types included. */
function importsOf(file: string, text: string): Import[] {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.filter(({ fileName }) => fileName.startsWith("."))
    .map(({ fileName, pos }) => ({
      path: normalize(join(dirname(file), fileName)),
      isDynamic: text.slice(0, pos).trimEnd().endsWith("import("),
    }));
}

const top = (path: string): string => path.split("/")[0]!;
const folder = (path: string): string => path.split("/")[1]!;
const floorOf = (path: string): number => FLOORS.findIndex((folders) => folders.includes(folder(path)));

function isAllowed(from: string, { path, isDynamic }: Import): boolean {
  if (top(from) !== "src") return top(path) === top(from) || (OUTSIDE[top(from)] ?? []).includes(top(path));
  if (top(path) === "typechain-types") return true;
  if (top(path) === "tools" || top(path) === "scripts") return folder(from) === "cli" && isDynamic;
  return top(path) === "src" && (folder(path) === folder(from) || floorOf(path) < floorOf(from));
}

/** Imports against the direction, as `importer -> imported`. */
function againstTheDirection(sources: Sources): string[] {
  return [...sources].flatMap(([file, text]) =>
    importsOf(file, text)
      .filter((imported) => !isAllowed(file, imported))
      .map(({ path }) => `${file} -> ${path}`),
  );
}

/** A way from a file back to itself for each file of `src/` at which a depth-first walk finds one. */
function circles(sources: Sources): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) found.push([...way.slice(way.indexOf(file)), file].join(" -> "));
    if (done.has(file) || way.includes(file)) return;
    for (const { path } of importsOf(file, sources.get(file) ?? "")) walk(path, [...way, file]);
    done.add(file);
  };
  for (const file of sources.keys()) if (top(file) === "src") walk(file, []);
  return found;
}

describe("the floors of the tree", () => {
  const patterns = ["src", ...Object.keys(OUTSIDE)].map((name) => `${name}/**/*.ts`);
  const sources: Sources = new Map(
    globSync(patterns, { cwd: projectPath() })
      .sort()
      .map((path) => [path, readFileSync(projectPath(path), "utf8")]),
  );

  it("hold every folder of src, and nothing lies beside them", () => {
    const files = [...sources.keys()].filter((path) => top(path) === "src");
    expect(files).to.have.length.greaterThan(100);
    expect(files.filter((path) => floorOf(path) < 0)).to.deep.equal([]);
  });

  it("take of the contracts' types only types from their index, which Node itself cannot load", () => {
    const wrong = [...sources].filter(
      ([file, text]) => top(file) === "src" && /^(import|export) (?!type)[^;]*typechain-types\/index\.ts"/m.test(text),
    );
    expect(wrong.map(([file]) => file)).to.deep.equal([]);
  });

  it("are imported from above only", () => {
    expect(againstTheDirection(sources)).to.deep.equal([]);
  });

  it("have no circles between files", () => {
    expect(circles(sources)).to.deep.equal([]);
  });

  describe("are checked by a test that finds", () => {
    const check = (file: string, text: string): string[] => againstTheDirection(new Map([[file, text]]));

    it("imports from a higher floor and from the same one, also of types and at run time", () => {
      for (const text of [
        'import { a } from "../sync/a.ts";',
        'import type { A } from "../sync/a.ts";',
        'type A = import("../sync/a.ts").A;',
        'export * from "../sync/a.ts";',
        'const a = await import("../sync/a.ts");',
      ]) {
        expect(check("src/state/b.ts", text), text).to.deep.equal(["src/state/b.ts -> src/sync/a.ts"]);
        expect(check("src/proving/b.ts", text), text).to.have.length(1);
        expect(check("src/wallet/b.ts", text), text).to.deep.equal([]);
      }
    });

    it("tests in what is tested, and tools that are not loaded by a command alone", () => {
      expect(check("src/sim/b.ts", 'import { a } from "../../test/a.ts";')).to.have.length(1);
      expect(check("src/cli/b.ts", 'import { a } from "../../tools/a.ts";')).to.have.length(1);
      expect(check("src/sim/b.ts", 'await import("../../tools/a.ts");')).to.have.length(1);
      expect(check("src/cli/b.ts", 'await import("../../tools/a.ts");')).to.deep.equal([]);
    });

    it("circles", () => {
      const circle: Sources = new Map([
        ["src/state/a.ts", 'import type { B } from "./b.ts";'],
        ["src/state/b.ts", 'import { c } from "./c.ts";'],
        ["src/state/c.ts", 'import { a } from "./a.ts";'],
      ]);
      expect(circles(circle)).to.deep.equal(["src/state/a.ts -> src/state/b.ts -> src/state/c.ts -> src/state/a.ts"]);
    });
  });
});
