import { globSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { blobOptions } from "../../src/cli/options.ts";
import { SETTINGS } from "../../src/daemon/settings/index.ts";
import { projectPath } from "../../src/setup/project.ts";

/** Folders whose errors a program of `./b52 node` shows as well as a command. */
const SHARED = ["blobs", "chain", "daemon", "database", "gossip", "proving", "roles", "state", "sync"];

/** A flag within a text for people, as in `use another node (--rpc)`; commands may be named with theirs. */
const FLAG = /["`][^"`]*[ (]--[a-z][^"`]*["`]/g;

describe("messages", () => {
  it("of what programs and commands share name no flags: in a file a setting is called otherwise", () => {
    const found = SHARED.flatMap((folder) => globSync(`src/${folder}/**/*.ts`, { cwd: projectPath() })).flatMap(
      (path) =>
        readFileSync(projectPath(path), "utf8")
          .split("\n")
          .filter((line) => !/^\s*(\/?\*|\/\/)/.test(line))
          .flatMap((line) => line.match(FLAG) ?? [])
          .filter((text) => !text.includes("b52 "))
          .map((text) => `${path}: ${text}`),
    );
    expect(found).to.deep.equal([]);
  });

  it("name options that commands and programs call the same", () => {
    expect(Object.keys(SETTINGS)).to.include.members(blobOptions().map((option) => option.attributeName()));
  });
});
