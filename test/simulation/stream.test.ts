import { expect } from "chai";
import { deviation, gini, herfindahl, mean, nakamoto, quantile, summarize } from "../../src/simulation/statistics.ts";
import { Stream, Streams } from "../../src/simulation/stream.ts";
import { expectNear } from "../support/expectNear.ts";

describe("streams of random numbers", () => {
  const draw = (stream: Stream): number[] => Array.from({ length: 50_000 }, () => stream.uniform());

  it("are the same for the same name on every machine, and others for another", () => {
    expect(
      Array.from(
        { length: 3 },
        (
          (s) => () =>
            s.bits()
        )(new Stream("b52")),
      ),
    ).to.deep.equal([3_991_294_013, 718_885_564, 2_760_183_762]);
    expect(new Stream("b53").bits()).not.to.equal(new Stream("b52").bits());
  });

  it("are named by seed, scenario, run and purpose", () => {
    const first = (...[seed, scenario, run]: [string, string, number]): number =>
      new Streams(seed, scenario, run).of("values").bits();
    expect(first("a", "b", 1)).to.equal(first("a", "b", 1));
    expect(new Set([first("a", "b", 1), first("c", "b", 1), first("a", "c", 1), first("a", "b", 2)]).size).to.equal(4);
  });

  it("are uniform, exponential and normal", () => {
    const uniform = draw(new Stream("uniform"));
    expectNear(mean(uniform), 0.5, 0.005);
    expectNear(deviation(uniform), Math.sqrt(1 / 12), 0.003);
    const stream = new Stream("others");
    const exponential = Array.from({ length: 50_000 }, () => stream.exponential());
    expectNear(mean(exponential), 1, 0.02);
    expectNear(deviation(exponential), 1, 0.03);
    const normal = Array.from({ length: 50_000 }, () => stream.normal());
    expectNear(mean(normal), 0, 0.02);
    expectNear(deviation(normal), 1, 0.02);
  });
});

describe("statistics", () => {
  it("summarize a sample", () => {
    const { n, mean, low, high, q05, q50, q95 } = summarize([1, 2, 3, 4, 5]);
    expect([n, mean, q50]).to.deep.equal([5, 3, 3]);
    expectNear(high - low, (2 * 1.959964 * Math.sqrt(2.5)) / Math.sqrt(5), 1e-6);
    expectNear(q05, 1.2, 1e-12);
    expectNear(q95, 4.8, 1e-12);
    expect(quantile([7], 0.3)).to.equal(7);
  });

  it("measure concentration", () => {
    expect(herfindahl([1, 1, 1, 1])).to.equal(0.25);
    expect(herfindahl([1, 0, 0])).to.equal(1);
    expectNear(gini([5, 5, 5]), 0, 1e-12);
    expectNear(gini([0, 0, 0, 1]), 0.75, 1e-12);
    expect(nakamoto([1, 1, 1, 1])).to.equal(3);
    expect(nakamoto([51, 1, 1])).to.equal(1);
  });
});
