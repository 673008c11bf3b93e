import { expect } from "chai";
import { PHASES } from "../../src/protocol/phase.ts";
import { ContractError } from "../../src/chain/errors.ts";
import { type LogLine, logTo } from "../../src/log/index.ts";
import {
  actionKey,
  Follower,
  type FollowerPolicy,
  type L1View,
  nextFollower,
  type RolePorts,
} from "../../src/roles/index.ts";
import { ACCEPTANCE_ENDS, commitOf, l1Of, PARENT, PROPOSAL_ENDS, REVEAL_ENDS, roundIn } from "./views.ts";

const policy: FollowerPolicy = { advanceAfter: 60, settles: true, slashes: true };
const none: ReadonlySet<string> = new Set();
const says = (l1: L1View, head = PARENT, by = policy, dropped = none): string => {
  const action = nextFollower({ l1, head, dropped, refused: none }, by);
  return action.kind === "wait" ? `wait ${action.until ?? "for news"}` : action.kind;
};

describe("what a follower does next", () => {
  it("follows what is final before all else, in every phase", () => {
    const unsettled = [commitOf({ proposalId: 9n }).commitment];
    for (const phase of PHASES) expect(says(l1Of(phase, { unsettled }), 1n), phase).to.equal("sync");
  });

  it("makes a decided block final when nobody has for a while", () => {
    const at = (now: bigint) => l1Of("Advanceable", { now });
    expect(says(at(ACCEPTANCE_ENDS + 59n))).to.equal(`wait ${ACCEPTANCE_ENDS + 60n}`);
    expect(says(at(ACCEPTANCE_ENDS + 60n))).to.equal("advance");
    expect(says(at(ACCEPTANCE_ENDS + 60n), PARENT, { ...policy, advanceAfter: undefined })).to.equal("wait for news");
  });

  it("leaves that to the first reveal where the next height runs already, unless none comes", () => {
    const round = roundIn("Revealing", { advanceDue: true });
    const at = (now: bigint) => l1Of("Revealing", { now, round });
    expect(says(at(PROPOSAL_ENDS))).to.equal(`wait ${PROPOSAL_ENDS + 60n}`);
    expect(says(at(PROPOSAL_ENDS + 60n))).to.equal("advance");
  });

  it("settles what proposers leave", () => {
    const [commit] = [commitOf({ proposalId: 9n }).commitment];
    const l1 = l1Of("Expired", { unsettled: [commit] });
    expect(nextFollower({ l1, head: PARENT, dropped: none, refused: none }, policy)).to.deep.equal({
      ...{ kind: "settle", commitment: commit },
    });
    expect(says(l1, PARENT, { ...policy, settles: false })).to.equal("wait for news");
  });

  it("has provers charged for what they owe, unless the court will not hear of it", () => {
    const debt = { proposalId: 9n, proverIndex: 2, transcript: "0x0002" };
    const l1 = l1Of("Revealing", { debts: [{ ...debt, height: 2 }] });
    const slash = { kind: "slash", ...debt } as const;
    expect(nextFollower({ l1, head: PARENT, dropped: none, refused: none }, policy)).to.deep.equal(slash);
    expect(says(l1, PARENT, { ...policy, slashes: false })).to.match(/^wait/);
    expect(says(l1, PARENT, policy, new Set([actionKey(slash)]))).to.match(/^wait/);
    const other = { ...debt, proverIndex: 3, height: 2 };
    expect(says(l1Of("Revealing", { debts: [other] }), PARENT, policy, new Set([actionKey(slash)]))).to.equal("slash");
  });

  it("looks again at the end of each window", () => {
    expect(says(l1Of("Proposing"))).to.equal(`wait ${PROPOSAL_ENDS}`);
    expect(says(l1Of("Revealing"))).to.equal(`wait ${REVEAL_ENDS}`);
    expect(says(l1Of("Proving"))).to.equal(`wait ${ACCEPTANCE_ENDS}`);
  });
});

describe("a follower that the court refuses a slash", () => {
  /** What it says, and how often it asks, until it waits for L1. */
  async function refusedBy(error: string): Promise<{ lines: LogLine[]; asked: number }> {
    const stop = new AbortController();
    const lines: LogLine[] = [];
    let asked = 0;
    const send = () => {
      asked++;
      return Promise.reject(new ContractError("slash", error, {}, "it says so"));
    };
    const debts = [{ proposalId: 9n, proverIndex: 2, transcript: "0x0002", height: 2 }];
    const ports = {
      client: { court: { slash: { populateTransaction: () => Promise.resolve({}) } } },
      signer: { send },
      clock: {
        now: () => Promise.resolve(5n),
        until: async () => stop.abort(new Error("done")),
        busy: () => () => undefined,
      },
      reader: { read: () => Promise.resolve(l1Of("Revealing", { debts })), watch: () => () => undefined },
      ledger: { head: PARENT },
      log: logTo((line) => lines.push(line)),
    };
    await new Follower({ name: "me", policy }, ports as unknown as RolePorts).run(stop.signal);
    return { lines, asked };
  }

  it("does not warn of what nobody owes, and asks no more", async () => {
    for (const error of ["NotLiable", "NothingOwed", "AlreadySlashed", "SlashClosed"]) {
      const { lines, asked } = await refusedBy(error);
      expect(lines.map(({ level, code }) => `${level} ${code}`)).to.deep.equal(["info needless"]);
      expect(lines[0]!.message).to.equal("slash is not needed: slash was refused: it says so");
      expect(asked).to.equal(1);
    }
  });

  it("warns of all else, and tries again later", async () => {
    const { lines } = await refusedBy("Paused");
    expect(lines.map(({ level, code }) => `${level} ${code}`)).to.deep.equal(["warn put-off"]);
  });
});
