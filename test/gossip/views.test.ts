import { expect } from "chai";
import type { GossipView } from "../../src/gossip/index.ts";
import { Views } from "../../src/gossip/views.ts";
import { until } from "../support/until.ts";
import { viewOf } from "./fixture.ts";

describe("views", () => {
  it("are the last one while L1 hangs", async () => {
    let hangs = false;
    const first = viewOf(false);
    const views = new Views(() => (hangs ? new Promise<GossipView>(() => undefined) : first));
    expect(await views.get()).to.equal(first);
    hangs = true;
    await until("it is old", () => views.age! > 200);
    expect(await views.get()).to.equal(first);
  });
});
