import { expect } from "chai";
import { NodeSilentError } from "../../../src/chain/errors.ts";
import { DiskFullError, type Job, JobTakenError } from "../../../src/database/index.ts";
import { type LogLine, logTo } from "../../../src/log/index.ts";
import { ProvingError } from "../../../src/proving/errors.ts";
import { WrongProofError } from "../../../src/proving/queue/errors.ts";
import { attempt, REST_SECONDS } from "../../../src/roles/prover/attempt.ts";

const silence = { attempts: 3, seconds: 60, isAmbiguous: false, cause: undefined };
const WHERE = { proposal: 7n, slot: 3 };

describe("a slot whose proof cannot be made", () => {
  function ports() {
    const lines: LogLine[] = [];
    const waited: bigint[] = [];
    const clock = {
      now: () => Promise.resolve(100n),
      until: (moment: bigint) => Promise.resolve(void waited.push(moment)),
    };
    return { lines, waited, clock, log: logTo((line) => lines.push(line)) };
  }
  const failing = (error: Error) => () => Promise.reject(error);

  it("rests, and the role goes on: no workers, what is no proof, no room, no L1, a lease that runs", async () => {
    for (const error of [
      new ProvingError("BaseRollup", "slot 3", "no worker has made it in 3600 s"),
      new WrongProofError("BaseRollup", "slot 3", 3),
      new DiskFullError("write", "/data/node.sqlite", new Error("database or disk is full")),
      // What L1 says of the slash window, once for all: a role that ended with this would wait for it for ever.
      new NodeSilentError("the node", "eth_call", "no answer in 20 s", silence),
      new JobTakenError({ circuit: "BaseRollup", proposalId: 7n, slot: 3 } as Job),
    ]) {
      const { lines, waited, ...rest } = ports();
      expect(await attempt(failing(error), rest, WHERE, new AbortController().signal)).to.equal(undefined);
      expect(waited).to.deep.equal([100n + REST_SECONDS]);
      const [{ level, code, message }] = lines as [LogLine];
      expect([level, code, message]).to.deep.equal([
        ...["warn", "proof-failed", `the proof of slot 3 is put off: ${error.message}`],
      ]);
    }
  });

  it("ends the role where anything else has failed", async () => {
    const { waited, ...rest } = ports();
    const error = new Error("the disk is gone");
    expect(await attempt(failing(error), rest, WHERE, new AbortController().signal)).to.equal(error);
    expect(waited).to.deep.equal([]);
  });

  it("is nothing to speak of when the role stops, or when it is made", async () => {
    const { lines, waited, ...rest } = ports();
    const error = new ProvingError("BaseRollup", "slot 3", "cancelled");
    expect(await attempt(failing(error), rest, WHERE, AbortSignal.abort())).to.equal(undefined);
    expect(await attempt(() => Promise.resolve(), rest, WHERE, new AbortController().signal)).to.equal(undefined);
    expect([lines, waited]).to.deep.equal([[], []]);
  });
});
