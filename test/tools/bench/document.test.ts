import { expect } from "chai";
import { withSection } from "../../../tools/bench/document.ts";

const PAGE = "# Page\n\nIntroduction.\n\n## Staying\n\nBy hand.\n\n## Figures\n\nOld.\n\n## Bluffing\n\nBy hand.\n";

describe("a page that a bench writes a section of", () => {
  it("keeps its other sections where they are", () => {
    expect(withSection(PAGE, "Figures", "New.\n")).to.equal(PAGE.replace("Old.", "New."));
    expect(withSection(PAGE, "Staying", "New.")).to.equal(PAGE.replace("By hand.", "New."));
    expect(withSection(PAGE, "Bluffing", "By hand.")).to.equal(PAGE);
  });

  it("gets a new section before the first that follows it in the alphabet, or at the end", () => {
    expect(withSection(PAGE, "Late", "New.")).to.equal(PAGE.replace("## Staying", "## Late\n\nNew.\n\n## Staying"));
    expect(withSection(PAGE, "Zero", "New.")).to.equal(`${PAGE}\n## Zero\n\nNew.\n`);
    expect(withSection("# Page\n", "Zero", "New.")).to.equal("# Page\n\n## Zero\n\nNew.\n");
  });
});
