import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { PROJECT_ROOT } from "../setup/project.ts";

/** What every test depends on besides itself: packages, and how tests are compiled and run. */
const RUNNER = [
  ...["package.json", "package-lock.json", "tsconfig.json", "hardhat.config.ts"],
  "src/loader/register.mjs",
  ...["compiler.ts", "endWithParent.mjs", "node.ts", "project.ts"].map((name) => `src/setup/${name}`),
  ...["fileReporter", "mochaTask", "suites", "testCache", "testInputs", "testReport", "testRun"].map(
    (name) => `src/cli/${name}.ts`,
  ),
];
/** What a process may run that is started in the project. */
const PROGRAM = ["b52", "src", "tools", "scripts", "deploy", "contracts", "circuits"];
/** The project. */
const EVERYTHING = ".";
/** Made from the contracts, again by each of Hardhat's compilations. */
const TYPES_OF_CONTRACTS = "typechain-types";
/** Made from inputs, or by tests. */
const MADE = [TYPES_OF_CONTRACTS, "build", "artifacts", "cache", "node_modules", ".b52", ".git", "deploy/deployments"];

/** Files and folders of the project that a file depends on: `modules` by all that these depend on in turn. */
interface Dependencies {
  readonly modules: readonly string[];
  readonly data: readonly string[];
}

// Ways in which a file of the project is named, each with the path up to where it is computed.
const RELATIVE = /["'`](\.{1,2}\/[^"'`$]*)/g;
const NEAR = /new URL\(\s*["'`]([^"'`$]*)[^,)]*,\s*import\.meta\.url,?\s*\)/g;
const FROM_THE_TOP = /projectPath\(\s*((?:"[^"]*",?\s*)+)[^)]*\)/g;
/** Imports that are gone when a test runs. */
const TYPES = /^(import|export) type [^;]*;/gm;
/** Where no file is named: packages, this very file, the folder of a process, that of who has started it. */
const NAMELESS = [
  /^import [^;]*;/gm,
  /(createRequire|fileURLToPath)\(import\.meta\.url\)/g,
  /import\.meta\.resolve\("[^".]+"\)/g,
  /cwd: (PROJECT_ROOT|projectPath\(\))/g,
  /process\.env\["INIT_CWD"\] \?\? process\.cwd\(\)/g,
];
/** Every other way to one. */
const UNTRACED = [
  /import\.meta|\bPROJECT_ROOT\b|\bprojectPath\(|process\.cwd/,
  /\b(readFile|readdir|glob|open|opendir|createReadStream|cp|copyFile)(Sync)?\(\s*["'`](?!\/)/,
];
/** Where other modules have those ways from. */
const WAYS = "src/setup/project.ts";
const PROCESSES = /["'](node:)?(child_process|cluster)["']/;
const DEPLOYS = /["'](hardhat|@nomicfoundation\/[^"']*)["']/;

/** What they start is named in them, or knows nothing of the program: Ethereum nodes, stand-ins for tools. */
const NAMING = [
  ...["test/support/testNode.ts", "test/cli/launcher.test.ts"],
  ...["test/gossip/flood.test.ts", "test/gossip/reconnects.test.ts"],
  ...["test/roles/journal.test.ts", "test/state/state.test.ts", "test/sync/node.test.ts"],
];
/** Modules of tests and tools. What is tested starts compilers and its own workers only, and names those. */
const isAround = (file: string): boolean =>
  /^(test|tools|scripts|src\/cli|src\/setup)\//.test(file) && !NAMING.includes(file);

/**
 * What test files depend on: all that they import, directly or not; files that these name; all contracts where one is
 * deployed; all of the program where a process is started; all of the project where a file is found in a way that is
 * not understood here; and packages, Node, the machine and the environment. In doubt, more.
 */
export class TestInputs {
  readonly #root: string;
  readonly #environment: string;
  readonly #dependencies = new Map<string, Dependencies>();
  readonly #hashes = new Map<string, string>();

  constructor(root = PROJECT_ROOT, env = process.env) {
    this.#root = root;
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const relevant = variables.filter((variable) => /^(B52|NODE|HARDHAT)_/.test(variable)).sort();
    this.#environment = JSON.stringify([process.version, process.platform, process.arch, relevant]);
  }

  /** A hash over all that a test file depends on. @param file path from the top of the project */
  hashOf(file: string): string {
    const hash = createHash("sha256").update(this.#environment);
    for (const input of this.of(file)) hash.update(`\0${input}\0${this.#hash(input)}`);
    return hash.digest("hex");
  }

  /** The files and folders that a test file depends on, sorted. */
  of(file: string): string[] {
    const data = new Set([...RUNNER, ...(file.endsWith(".sol") ? ["contracts"] : [])]);
    // A set is walked through to its end, also while it grows.
    const modules = new Set([file]);
    for (const module of modules) {
      const found = this.#dependenciesOf(module);
      for (const path of found.modules) modules.add(path);
      for (const path of found.data) data.add(path);
    }
    return [...new Set([...data, ...modules])].sort();
  }

  #dependenciesOf(file: string): Dependencies {
    let found = this.#dependencies.get(file);
    if (found === undefined) {
      found = this.#read(file);
      this.#dependencies.set(file, found);
    }
    return found;
  }

  #read(file: string): Dependencies {
    if (file === WAYS) return { modules: [], data: [] };
    const text = readFileSync(join(this.#root, file), "utf8").replaceAll(TYPES, "");
    const named = [RELATIVE, NEAR].flatMap((way) =>
      [...text.matchAll(way)].map(([, path]) => join(dirname(file), path!)),
    );
    const fromTheTop = [...text.matchAll(FROM_THE_TOP)].map(([, parts]) =>
      [...parts!.matchAll(/"([^"]*)"/g)].map(([, part]) => part).join("/"),
    );
    const paths = [...named, ...fromTheTop];
    const isOfContracts = DEPLOYS.test(text) || paths.some((path) => path.startsWith(TYPES_OF_CONTRACTS));
    // What is made does not count before it is there either: the folder that it comes to be in would.
    const found = paths
      .filter((path) => !isMade(path))
      .map((path) => this.#existing(path))
      .filter((path) => !isMade(path));
    const rest = [NEAR, FROM_THE_TOP, ...NAMELESS].reduce((left, way) => left.replaceAll(way, ""), text);
    const isModule = (path: string): boolean =>
      /\.([mc]?[tj]s|sol)$/.test(path) && statSync(join(this.#root, path)).isFile();
    return {
      modules: found.filter(isModule),
      data: [
        ...found.filter((path) => !isModule(path)),
        ...(isOfContracts ? ["contracts"] : []),
        ...(isAround(file) && PROCESSES.test(text) ? PROGRAM : []),
        ...(UNTRACED.some((way) => way.test(rest)) ? [EVERYTHING] : []),
      ],
    };
  }

  /** A file or folder; of a path that goes on where it is computed, the folder. */
  #existing(path: string): string {
    const ways = [path.replace(/\/$/, ""), `${path}.ts`, path.replace(/\.js$/, ".ts")];
    return ways.find((way) => existsSync(join(this.#root, way))) ?? dirname(path);
  }

  #hash(path: string): string {
    let hash = this.#hashes.get(path);
    if (hash === undefined) {
      hash = this.#hashContent(path);
      this.#hashes.set(path, hash);
    }
    return hash;
  }

  #hashContent(path: string): string {
    const full = join(this.#root, path);
    const stat = statSync(full, { throwIfNoEntry: false });
    if (stat === undefined) return "missing";
    const hash = createHash("sha256");
    if (!stat.isDirectory()) return hash.update(readFileSync(full)).digest("hex");
    for (const name of readdirSync(full).sort()) {
      const entry = join(path, name);
      if (!isMade(entry)) hash.update(`${name}\0${this.#hash(entry)}\0`);
    }
    return hash.digest("hex");
  }
}

const isMade = (path: string): boolean => MADE.some((made) => path === made || path.startsWith(`${made}/`));
