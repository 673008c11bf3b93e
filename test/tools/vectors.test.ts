import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { format, vectors } from "../../tools/vectors.ts";

const folder = new URL("../vectors/", import.meta.url);

describe("vectors", () => {
  const all = vectors();

  it("has a file for every list and no other", () => {
    expect(readdirSync(folder).sort()).to.deep.equal(
      Object.keys(all)
        .map((name) => `${name}.json`)
        .sort(),
    );
  });

  for (const [name, cases] of Object.entries(all)) {
    it(`${name}.json is what the code gives`, () => {
      expect(readFileSync(new URL(`${name}.json`, folder), "utf8")).to.equal(format(cases));
    });
  }
});
