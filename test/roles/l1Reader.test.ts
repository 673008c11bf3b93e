import { expect } from "chai";
import { id, Wallet, ZeroHash } from "ethers";
import type { ChainClient } from "../../src/chain/index.ts";
import type { Phase } from "../../src/protocol/phase.ts";
import { LogScan } from "../../src/chain/scan.ts";
import { encodeOperation, operationChain, packOperation } from "../../src/protocol/operation.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { roundId } from "../../src/protocol/round.ts";
import { type Flags, packFlags } from "../../src/protocol/flags.ts";
import { isAbsence } from "../../src/roles/absent.ts";
import { packTerms } from "../../src/protocol/terms.ts";
import { encodeTranscript } from "../../src/protocol/transcript.ts";
import { L1History, L1Reader, type L1Span, type L1View, l1View } from "../../src/roles/index.ts";
import { ProverCourt__factory, ProverRegistry__factory, Rollup__factory } from "../../typechain-types/index.ts";
import { roundIn } from "./views.ts";

const ROLLUP = new Wallet(id("rollup")).address;
const REGISTRY = new Wallet(id("registry")).address;
const COURT = new Wallet(id("court")).address;
const BRIDGE = new Wallet(id("bridge")).address;
const ELIGIBLE_STAKE = 10n;
const rollup = Rollup__factory.createInterface();
const registry = ProverRegistry__factory.createInterface();
const court = ProverCourt__factory.createInterface();

/** A chain of three blocks, in the last of which somebody registers as a prover, and has posted an operation. */
const forkOf = (name: string) => {
  const owner = new Wallet(id(name)).address;
  const { data, topics } = registry.encodeEventLog("Registered", [1, 5, owner, ELIGIBLE_STAKE]);
  const hash = (number: number): string => (number < 2 ? ZeroHash : id(name));
  const operation = { from: 1, to: 0, amount: 0n, l1Owner: BigInt(owner), key: 0n };
  return { owner, operation, hash, log: { address: REGISTRY, data, topics } };
};
type Fork = ReturnType<typeof forkOf>;

/** What a reader needs of a chain. @param change called after each answer: what the chain is from then on */
function clientOf(first: Fork, change: (method: string, calls: number) => Fork | undefined): ChainClient {
  let fork = first;
  const calls = new Map<string, number>();
  const answer = async <T>(method: string, value: T): Promise<T> => {
    const count = (calls.get(method) ?? 0) + 1;
    calls.set(method, count);
    fork = change(method, count) ?? fork;
    return value;
  };
  const due = { queueCut: 0n, first: 0n, count: 1n };
  const state = { phase: 0n, roundId: 0n, commitRoundId: 0n, due, commitDue: due };
  const fake = {
    provider: {
      getBlock: (block: number | "latest") => {
        const number = block === "latest" ? 2 : block;
        return answer("getBlock", { number, hash: fork.hash(number), timestamp: number });
      },
      getBlockNumber: () => Promise.resolve(2),
      send: () => answer("getBlock", { number: "0x2", hash: fork.hash(2), parentHash: fork.hash(1), timestamp: "0x2" }),
      getLogs: ({ blockHash }: { blockHash: string }) => {
        if (![ZeroHash, fork.hash(2)].includes(blockHash)) return Promise.reject(new Error("unknown block"));
        return answer("getLogs", blockHash === fork.hash(2) ? [fork.log] : []);
      },
    },
    deployment: {
      ...{ profile: PROFILES.dev, domain: 1n, started: { number: 0, hash: ZeroHash } },
      contracts: { rollup: ROLLUP, registry: REGISTRY, court: COURT, bridge: BRIDGE },
    },
    scan: new LogScan(),
    rollup: { interface: rollup, fairShareBps: () => answer("fairShareBps", 0n) },
    court: { interface: court },
    bridge: {
      queue: () => Promise.resolve({ settled: 0n, posted: 1n }),
      filters: { OperationPosted: () => undefined },
      queryFilter: () =>
        answer("queue", [{ args: { index: 0n, operation: encodeOperation(fork.operation), postedAt: 1n } }]),
      operationOf: () => Promise.resolve({ chain: operationChain(0n, encodeOperation(fork.operation)) }),
    },
    registry: {
      interface: registry,
      eligibleStake: () => answer("eligibleStake", ELIGIBLE_STAKE),
      maxSlotsPerProver: () => answer("maxSlotsPerProver", 7n),
    },
    roundView: { roundState: () => answer("roundState", state) },
  };
  return fake as unknown as ChainClient;
}

/** Reads once more where L1 was reorganised in the middle. */
const readOn = async (reader: L1Reader): Promise<L1View> =>
  reader.read().catch((error: unknown) => {
    expect(isAbsence(error), String(error)).to.equal(true);
    return reader.read();
  });

describe("the reader of L1", () => {
  const [dropped, kept] = [forkOf("dropped"), forkOf("kept")];
  const METHODS = ["getBlock", "getLogs", "roundState"];

  it("shows one chain, at whichever moment L1 is reorganised", async () => {
    for (const method of METHODS) {
      for (let at = 1; at <= 4; at++) {
        const client = clientOf(dropped, (name, calls) => (name === method && calls === at ? kept : undefined));
        const reader = new L1Reader({ client });
        await readOn(reader);
        const { block, provers, operations } = await readOn(reader);
        const fork = block.hash === kept.hash(2) ? kept : dropped;
        const owners = provers.map(({ owner }) => owner);
        expect(owners, `after ${method} ${at}`).to.deep.equal([fork.owner]);
        expect(operations, `after ${method} ${at}`).to.deep.equal([packOperation(fork.operation)]);
      }
    }
  });

  it("tells of all logs up to a view, once; again if it was not heard, or after a reorganisation", async () => {
    let [fork, isDeaf] = [dropped, true];
    const client = clientOf(dropped, () => fork);
    const heard: string[] = [];
    const onView = ({ block }: L1View, { from, to, logs }: L1Span): void => {
      if (isDeaf) throw new Error("deaf");
      heard.push(`${from}-${to} of ${block.hash === kept.hash(2) ? "kept" : "dropped"}: ${logs.length}`);
    };
    const reader = new L1Reader({ client, onView });
    const failure = await reader.read().catch((error: unknown) => error);
    expect(failure).to.have.property("message", "deaf");
    expect(reader.latest, "what was not told is not shown").to.equal(undefined);
    isDeaf = false;
    await reader.read();
    await reader.read();
    expect(heard).to.deep.equal(["0-2 of dropped: 1"]);
    fork = kept;
    // The fake chain changes after an answer.
    await readOn(reader);
    const { block } = await readOn(reader);
    expect(heard.slice(1)).to.deep.equal(["0-2 of kept: 1"]);
    expect(reader.latest?.block).to.equal(block);
  });

  it("applies no event twice when the node fails in the middle", async () => {
    for (const at of [1, 2]) {
      const client = clientOf(kept, (method, calls) => {
        if (method === "getBlock" && calls === at) throw new Error("gone");
        return undefined;
      });
      const reader = new L1Reader({ client });
      await reader.read().catch(() => undefined);
      expect((await reader.read()).provers, `failing at ${at}`).to.have.length(1);
    }
  });
});

describe("what events tell", () => {
  it("of provers is who counts in rounds to come", () => {
    const history = new L1History(PROFILES.dev);
    const tell = (name: string, args: object): string => {
      history.apply({ name, args: { index: 1n, ...args } });
      const { provers } = l1View(history, {
        ...{ block: { number: 1, hash: ZeroHash }, now: 0n, round: roundIn("Proposing"), operations: [] },
        ...{ keysOf: () => [], domain: 1n, profile: PROFILES.dev, eligibleStake: ELIGIBLE_STAKE, maxSlotsPerProver: 7 },
      });
      return provers.map(({ stake, isEligible }) => `${stake}${isEligible ? "" : " out"}`).join();
    };
    expect(tell("Registered", { key: 5n, owner: "me", stake: 10n })).to.equal("10");
    expect(tell("Slashed", { burnt: 1n, stake: 9n })).to.equal("9 out");
    expect(tell("StakeAdded", { amount: 1n, stake: 10n })).to.equal("10");
    expect(tell("ExitRequested", { withdrawableAt: 1n })).to.equal("10 out");
    expect(tell("Withdrawn", { owner: "me", stake: 10n })).to.equal("0 out");
  });

  it("of deposits is what they were last, for each parity", () => {
    const history = new L1History(PROFILES.dev);
    const move = (name: string, lane: bigint, balance: bigint): void =>
      history.apply({ name, args: { proposer: "me", lane, amount: 1n, balance } });
    move("Deposited", 0n, 5n);
    move("Deposited", 1n, 7n);
    expect(history.proposers.deposits.get("me")).to.deep.equal([5n, 7n]);
    move("Withdrawn", 1n, 0n);
    expect(history.proposers.deposits.get("me")).to.deep.equal([5n, 0n]);
  });

  it("of what is handed in before a forest is the deliveries and votes that L1 keeps", () => {
    const large = { ...PROFILES.dev, levels: 6 };
    const history = new L1History(large);
    const tell = (name: string, args: object): void => history.apply({ name, args: { proposalId: 1n, ...args } });
    tell("HandedIn", { slots: [1n, 70n] });
    tell("VotesKept", { word: 0n, votes: 0b11000n });
    tell("VotesKept", { word: 1n, votes: 1n });
    tell("HandedIn", { slots: [0n] });
    const kept = packFlags(127, {
      delivered: (slot) => [0, 1, 70].includes(slot),
      voted: (slot) => [3, 4, 64].includes(slot),
    });
    expect(history.commits.handedIn.get(1n)).to.deep.equal(kept);
    tell("CandidateProven", { score: 1n, silent: 0n, flags: [0n, 0n] });
    tell("HandedIn", { slots: [2n] });
    expect(history.commits.handedIn.get(1n), "of a candidate its flags say more").to.deep.equal(kept);
  });

  it("of a block with branches is what the one says whose parent has won", () => {
    const history = new L1History(PROFILES.dev);
    const [one, two] = [1, 2].map((height) => roundId({ height, attempt: 1 })) as [bigint, bigint];
    const tell = (name: string, args: object): void => history.apply({ name, args: { ...args } });
    const named = (index: number): string => encodeTranscript(Array<number>(7).fill(index));
    const commit = (proposer: string, round: bigint, parentRef: number, transcript: string): void => {
      const terms = packTerms({ roundId: round, proverShareBps: 0, burnBid: 1n, parentRef });
      tell("Committed", { proposer, terms, orderCommitment: ZeroHash, transcript, committedAt: 1n });
    };
    const prove = (proposer: string, round: bigint, proposalId: bigint): void => {
      tell("Revealed", { proposalId, proposer, roundId: round, txsRoot: 0n, blobHashes: [] });
      tell("CandidateProven", { proposalId, score: 1n, silent: 0n, flags: [1n] });
      tell("CandidatePaid", { proposalId });
      tell("Advanced", { proposalId, roundId: round });
    };
    ["winner", "loser", "me"].forEach((proposer, i) => tell("SeatTaken", { proposer, seat: BigInt(i + 1) }));
    commit("loser", one, 0, named(1));
    commit("winner", one, 0, named(2));
    commit("me", two, 2, named(3));
    commit("me", two, 1, named(4));
    prove("winner", one, 11n);
    prove("me", two, 22n);
    expect([...history.payments.paid.values()].map(({ transcript }) => transcript)).to.deep.equal([named(2), named(4)]);
    expect([...history.payments.paid.values()].map(({ height }) => height)).to.deep.equal([1, 2]);
    // Of what was proven nothing is left to settle, on no branch.
    expect(history.commits.all.map(({ proposer }) => proposer)).to.deep.equal(["loser"]);
  });

  it("of a lane with branches that nobody has proven, only what L1 wants opened is there to be settled", () => {
    const history = new L1History(PROFILES.dev);
    const [winner, both, dead] = ["winner", "both", "dead"].map((name) => new Wallet(id(name)).address) as [
      string,
      string,
      string,
    ];
    const nameOf = new Map([winner, both, dead].map((address, i) => [address, ["winner", "both", "dead"][i]]));
    const [one, two] = [1, 2].map((height) => roundId({ height, attempt: 1 })) as [bigint, bigint];
    const commit = (proposer: string, round: bigint, parentRef: number): void => {
      const terms = packTerms({ roundId: round, proverShareBps: 0, burnBid: 1n, parentRef });
      const transcript = encodeTranscript(Array<number>(7).fill(1));
      const args = { proposer, terms, orderCommitment: ZeroHash, transcript, committedAt: 1n };
      history.apply({ name: "Committed", args });
    };
    const unsettledIn = (phase: Phase, height: number, parentRef: number): string => {
      const round = { ...roundIn(phase), round: { height, attempt: 1 }, parentRef, opens: 1n, proposalEnds: 1n };
      const { unsettled } = l1View(history, {
        ...{ block: { number: 1, hash: ZeroHash }, now: 1n, round, operations: [] },
        ...{ keysOf: () => [], domain: 1n, profile: PROFILES.dev, eligibleStake: ELIGIBLE_STAKE, maxSlotsPerProver: 7 },
      });
      return unsettled.map(({ proposer, terms }) => `${nameOf.get(proposer)} on ${terms.parentRef}`).join(", ");
    };
    [winner, both, dead].forEach((proposer, i) =>
      history.apply({ name: "SeatTaken", args: { proposer, seat: BigInt(i + 1) } }),
    );
    commit(winner, one, 0);
    for (const parentRef of [3, 2, 1]) commit(both, two, parentRef);
    for (const parentRef of [3, 2]) commit(dead, two, parentRef);
    expect(unsettledIn("Proving", 1, 0), "while the height before is open").to.equal("");
    expect(unsettledIn("Revealing", 2, 1), "before that is final on L1").to.not.contain("both");
    const [proposalId, roundOne] = [11n, one];
    history.apply({ name: "Revealed", args: { proposalId, proposer: winner, roundId: roundOne, blobHashes: [] } });
    history.apply({ name: "CandidateProven", args: { proposalId, score: 1n, silent: 0n, flags: [1n] } });
    history.apply({ name: "CandidatePaid", args: { proposalId } });
    history.apply({ name: "Advanced", args: { proposalId, roundId: roundOne } });
    // Where no branch is on the block that won, the first commit stands for the lane.
    expect(unsettledIn("Revealing", 2, 1)).to.equal("dead on 3");
    expect(unsettledIn("Expired", 2, 1)).to.equal("both on 1, dead on 3");
    expect(unsettledIn("Frozen", 2, 1), "a freeze wants the first").to.equal(
      "both on 3, both on 2, both on 1, dead on 3, dead on 2",
    );
  });

  it("of broken promises is who has voted and not delivered, until the court has charged it or no longer can", () => {
    const history = new L1History(PROFILES.dev);
    const tell = (name: string, args: object): void => history.apply({ name, args: { ...args } });
    const transcript = encodeTranscript([1, 2, 3, 1, 2, 3, 1]);
    const decide = (height: number, proposals: readonly (readonly [bigint, Flags])[]): void => {
      const round = roundId({ height, attempt: 1 });
      for (const [proposalId, flags] of proposals) {
        const proposer = `proposer of ${proposalId}`;
        const terms = packTerms({ roundId: round, proverShareBps: 0, burnBid: 1n, parentRef: 0 });
        tell("Committed", { proposer, terms, orderCommitment: ZeroHash, transcript, committedAt: 1n });
        tell("Revealed", { proposalId, proposer, roundId: round, txsRoot: 0n, txCount: 0n, blobHashes: [] });
        tell("CandidateProven", { proposalId, score: 1n, silent: 0n, flags });
      }
      const [[winner]] = proposals as [readonly [bigint, Flags]];
      tell("CandidatePaid", { proposalId: winner });
      expect(history.provers.debts.some((debt) => debt.height === height)).to.equal(false);
      tell("Advanced", { proposalId: winner, roundId: round });
    };
    const owed = (): string[] =>
      history.provers.debts.map(({ proposalId, proverIndex }) => `${proposalId}: ${proverIndex}`);
    const flags = (delivered: readonly number[], voted: readonly number[]): Flags =>
      packFlags(7, { voted: (slot) => voted.includes(slot), delivered: (slot) => delivered.includes(slot) });
    // Prover 1 has not delivered slot 3, prover 2 neither of its two; prover 3 has voted for nothing, in the winner.
    decide(1, [
      [11n, flags([0, 6], [0, 1, 3, 4, 6])],
      [12n, flags([], [2])],
    ]);
    expect(owed()).to.deep.equal(["11: 1", "11: 2", "12: 3"]);
    tell("Slashed", { proposalId: 11n, proverIndex: 2n, undelivered: 2n, voted: 2n, amount: 5n, burnt: 5n });
    expect(owed()).to.deep.equal(["11: 1", "12: 3"]);
    history.provers.forgive(12n);
    decide(2, [[21n, flags([0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4, 5])]]);
    expect(owed()).to.deep.equal(["11: 1"]);
    expect(history.provers.debts[0]).to.deep.equal({ proposalId: 11n, proverIndex: 1, transcript, height: 1 });
    decide(1_024, [[31n, flags([], [])]]);
    expect(owed(), "1,023 heights later").to.deep.equal(["11: 1"]);
    decide(1_025, [[41n, flags([], [])]]);
    expect(owed(), "the rollup has forgotten its scores").to.deep.equal([]);
  });
});
