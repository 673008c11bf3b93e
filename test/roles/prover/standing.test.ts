import { expect } from "chai";
import { packFlags } from "../../../src/protocol/flags.ts";
import { encodeTranscript } from "../../../src/protocol/transcript.ts";
import type { ChainClient } from "../../../src/chain/index.ts";
import {
  isKept,
  type KeptBlock,
  type L1View,
  NEW_RECORD,
  nextProver,
  type ProverPolicy,
  type ProverView,
  RedeemReader,
} from "../../../src/roles/index.ts";
import { ACCEPTANCE_ENDS, commitOf, l1Of, OPENS, PROPOSAL_ENDS, ROUND_NUMBER, SLOTS } from "../views.ts";
import { BLOCK, offerOf, ownOf, POLICY, viewOf, voteFor } from "./views.ts";

const TOKEN = 10n ** 18n;
const withProver = (l1: L1View, change: Partial<L1View["provers"][number]>): L1View => ({
  ...l1,
  provers: l1.provers.map((prover) => (prover.index === 1 ? { ...prover, ...change } : prover)),
});
const does = (view: ProverView, own = ownOf(), policy: Partial<ProverPolicy> = {}) =>
  nextProver(view, own, { ...POLICY, ...policy });

describe("a prover's stake", () => {
  const stake = { floor: 150n * TOKEN, target: 200n * TOKEN };
  const says = (has: bigint, balance: bigint, policy: Partial<ProverPolicy> = { stake }) => {
    const l1 = withProver(l1Of("Advanceable"), { stake: has * TOKEN });
    const action = does(viewOf(l1, { balance: balance * TOKEN }), ownOf(), policy);
    return action.kind === "addStake" ? action.amount / TOKEN : action.kind;
  };

  it("is filled up before it no longer counts, as far as its owner's tokens go", () => {
    expect(says(150n, 500n)).to.equal("wait");
    expect(says(149n, 500n)).to.equal(51n);
    expect(says(120n, 30n)).to.equal(30n);
    expect(says(120n, 0n)).to.equal("wait");
    expect(says(120n, 500n, { stake: undefined })).to.equal("wait");
  });

  it("is not added to where that does not let it count: 100 tokens are needed", () => {
    expect(says(60n, 39n)).to.equal("wait");
    expect(says(60n, 40n)).to.equal(40n);
  });

  it("is left alone once it leaves", () => {
    const l1 = withProver(l1Of("Advanceable"), { stake: 1n, withdrawableAt: 5n });
    expect(does(viewOf(l1, { balance: 500n * TOKEN }), ownOf(), { stake }).kind).to.equal("wait");
    expect(says(120n, 500n, { stake, exit: true })).to.equal("requestExit");
  });
});

describe("a prover's misses", () => {
  const flags = (delivered: readonly number[], voted = delivered): KeptBlock["flags"] =>
    packFlags(SLOTS, { voted: (slot) => voted.includes(slot), delivered: (slot) => delivered.includes(slot) });
  const block = (proposalId: bigint, change: Partial<KeptBlock> = {}): KeptBlock => ({
    ...{ proposalId, transcript: encodeTranscript([1, 2, 1, 2, 2, 2, 1]), flags: flags([0, 2, 6]), redeemed: [] },
    ...change,
  });

  it("are redeemed one by one, when a round can be slashed for no more, unless it leaves", () => {
    const redeemable = [5n, 6n].map((proposalId) => ({ proposalId, transcript: "0x01", from: ACCEPTANCE_ENDS + 9n }));
    const l1 = l1Of("Advanceable");
    const at = (now: bigint) => viewOf({ ...l1, now }, { redeemable });
    expect(does(at(ACCEPTANCE_ENDS))).to.deep.equal({ kind: "wait", until: ACCEPTANCE_ENDS + 9n });
    expect(does(at(ACCEPTANCE_ENDS + 9n))).to.deep.equal({ kind: "redeem", proposalId: 5n, transcript: "0x01" });
    expect(does(viewOf({ ...l1, now: ACCEPTANCE_ENDS + 9n })).kind).to.equal("wait");
    expect(does(at(ACCEPTANCE_ENDS + 9n), ownOf(), { redeems: false }).kind).to.equal("wait");
    expect(does(at(ACCEPTANCE_ENDS + 9n), ownOf(), { exit: true }).kind).to.equal("requestExit");
  });

  it("are redeemed by blocks in which it kept all that it had promised, each once", () => {
    expect(isKept(block(5n), 1)).to.equal(true);
    expect(isKept(block(5n), 2), "it promised nothing").to.equal(false);
    expect(isKept(block(5n, { flags: flags([0, 2], [0, 2, 6]) }), 1), "it owed one").to.equal(false);
    expect(isKept(block(5n, { flags: flags([0, 2]) }), 1), "nothing was promised of the third").to.equal(true);
    expect(isKept(block(5n, { redeemed: [1] }), 1)).to.equal(false);
    expect(isKept(block(5n, { redeemed: [2] }), 1)).to.equal(true);
  });

  it("are redeemed by blocks that came later, and L1 is asked for them once a block, if there is a miss", async () => {
    const asked: string[] = [];
    const acceptanceEnds = new Map([
      [5n, 1_000n],
      [6n, 2_000n],
      [7n, 3_000n],
    ]);
    const court = {
      recordOf: (index: number) => {
        asked.push(`record of ${index}`);
        return Promise.resolve({ misses: 1n, lastMissAt: 1_000n });
      },
      slashWindow: () => Promise.resolve(600n),
    };
    const reader = new RedeemReader({ court } as unknown as ChainClient, 1, (id) => {
      asked.push(`block ${id}`);
      return Promise.resolve(acceptanceEnds.get(id)!);
    });
    const records = (misses: number): L1View["records"] => new Map([[1, { ...NEW_RECORD, misses }]]);
    const kept = [block(5n), block(6n), block(7n, { redeemed: [1] }), block(8n, { flags: flags([], [0]) })];
    expect(await reader.read(l1Of("Advanceable", { kept, records: records(0) }))).to.deep.equal([]);
    expect(asked).to.deep.equal([]);
    const l1 = l1Of("Advanceable", { kept, records: records(1) });
    const { transcript } = block(6n);
    for (let i = 0; i < 2; i++)
      expect(await reader.read(l1)).to.deep.equal([{ proposalId: 6n, transcript, from: 2_600n }]);
    expect(asked).to.have.members(["record of 1", "block 5", "block 6"]);
  });
});

describe("a prover that leaves", () => {
  const exit = { exit: true };

  it("gives no new votes, and says again those that it gave", () => {
    const l1 = l1Of("Proposing", { now: OPENS + 80n });
    const offers = [offerOf(1n, 10n), offerOf(2n, 9n)];
    expect(does(viewOf(l1, { offers })).kind).to.equal("vote");
    expect(does(viewOf(l1, { offers }), ownOf(), exit).kind).to.equal("requestExit");
    const own = ownOf(voteFor(1n, 2));
    expect(does(viewOf(l1, { offers }), own, exit)).to.deep.equal({ kind: "sayVote", proposalId: 1n });
    const sent = new Set(["vote 1"]);
    expect(does(viewOf(l1, { offers, sent }), own, exit).kind, "its vote may still be used").to.equal("wait");
  });

  it("finishes what it has promised before it asks for its exit", () => {
    const own = ownOf(voteFor(BLOCK, 7));
    const open = [commitOf({ proposalId: BLOCK })];
    expect(does(viewOf(l1Of("Proving", { open })), own, exit).kind).to.equal("prove");
    const unprovable = { provable: new Set<bigint>() };
    expect(does(viewOf(l1Of("Proving", { open }), unprovable), own, exit).kind).to.equal("wait");
    // In a round that is over nobody relies on it.
    expect(does(viewOf(l1Of("Advanceable", { open })), own, exit).kind).to.equal("requestExit");
    const strangers = [commitOf({ proposalId: BLOCK, transcript: [2, 3, 2, 3, 2, 3, 2] })];
    expect(does(viewOf(l1Of("Proving", { open: strangers }), unprovable), own, exit).kind).to.equal("requestExit");
  });

  it("stays for a block of the next round that names it, and for one that may still come", () => {
    const vote = voteFor(BLOCK, 7, { roundNumber: ROUND_NUMBER + 1n });
    const now = PROPOSAL_ENDS;
    const l1 = l1Of("Proving", { now });
    expect(does(viewOf(l1), ownOf(vote), exit).kind, "it may be committed").to.equal("wait");
    expect(does(viewOf({ ...l1, next: [commitOf({ proposalId: BLOCK })] }), ownOf(vote), exit).kind).to.equal("wait");
    expect(does(viewOf(l1), ownOf(), exit).kind).to.equal("requestExit");
    expect(does(viewOf(l1Of("Expired")), ownOf(voteFor(BLOCK, 7)), exit).kind, "no window runs").to.equal(
      "requestExit",
    );
  });

  it("claims everything, waits for its delay, takes its stake back, and has nothing more to do", () => {
    const flags = packFlags(SLOTS, { voted: () => true, delivered: () => true });
    const transcript = encodeTranscript([1, 2, 1, 1, 2, 3, 1]);
    const paid = [{ proposalId: 5n, height: 1, transcript, flags, isByHead: false, claimed: [] }];
    const out = l1Of("Advanceable");
    expect(does(viewOf({ ...out, paid }), ownOf(), { ...exit, claimFrom: 99 }).kind).to.equal("claim");
    const later = ACCEPTANCE_ENDS + 50n;
    const leaving = withProver(out, { withdrawableAt: later, stake: 5n });
    expect(does(viewOf(leaving), ownOf(), exit)).to.deep.equal({ kind: "wait", until: later });
    expect(does(viewOf({ ...leaving, now: later }), ownOf(), exit).kind).to.equal("withdraw");
    const gone = withProver({ ...leaving, now: later }, { stake: 0n });
    expect(does(viewOf(gone), ownOf(), exit)).to.deep.equal({ kind: "wait", until: undefined });
  });
});
