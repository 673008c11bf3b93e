import { expect } from "chai";
import { concat, dataSlice, toBeHex } from "ethers";
import {
  ContractError,
  getRoundState,
  type RoundState,
  submitProof,
  type SubmitProofParameters,
} from "../../src/chain/index.ts";
import { transfersOf } from "../../src/sim/cast.ts";
import { commitOffers, type Offer, revealAll } from "../../src/demo/round.ts";
import { openStage, type Stage } from "../../src/demo/stage.ts";
import type { CommittedBlock } from "../../src/block/commitDraft.ts";
import { planBlock } from "../../src/block/planBlock.ts";
import { proveSlots } from "../../src/block/proveSlots.ts";
import { publicKey } from "../../src/protocol/eddsa.ts";
import { FIELD } from "../../src/protocol/field.ts";
import type { ProvenForest, Statement } from "../../src/protocol/forest.ts";
import { PROOF_BYTES } from "../../src/protocol/proof.ts";

/** The field of the coordinates of BN254. */
const BASE_FIELD = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

/** Slots of the dev profile whose proofs and votes the fixture leaves out. */
const ANONYMOUS = 3;
const UNVOTED = 6;

// One block with real proofs, on a real chain, under every forgery that a submitter could try. Nothing but the last
// tests changes the chain.
describe("a submitter with real proofs", () => {
  const seed = "forgery";
  let world: Stage;
  let offers: Offer[];
  let blocks: CommittedBlock[];
  let honest: SubmitProofParameters;

  before(async function () {
    this.timeout(600_000);
    console.log(`      seed: ${seed}`);
    const silent = { note: () => undefined, print: () => undefined };
    world = await openStage({
      profile: "dev",
      heights: 1,
      seed,
      setupSeconds: 0,
      output: silent,
      signal: new AbortController().signal,
    });
    const { cast, state, rules, bob, sally } = world;
    const transfers = transfersOf(cast.users, state, rules.domain, 6);
    const offer = { proverShareBps: 5_000, burnBid: 50_000n, voters: cast.provers, transfers };
    offers = [
      { ...offer, proposer: bob },
      { ...offer, proposer: sally },
    ];
    ({ blocks } = await commitOffers(world, offers));
    const round = await revealAll(world, offers, blocks);
    honest = await prove(blocks[0]!, round);
  });
  after(async () => {
    await world.prover.close();
    await world.l1.connection.close();
  });

  async function prove(block: CommittedBlock, round: RoundState): Promise<SubmitProofParameters> {
    const { client, rules, cast, prover } = world;
    const secretOf = new Map(cast.provers.map(({ index, secret }) => [index, secret]));
    const silent = publicKey(secretOf.get(block.transcript[UNVOTED]!)!);
    const votes = block.votes.filter(({ key }) => key.x !== silent.x);
    const plan = await planBlock(client, { ...block, votes }, rules, round);
    const work = block.transcript.map((index, slot) => ({
      slot,
      secret: slot === ANONYMOUS ? undefined : secretOf.get(index),
    }));
    return { commitment: block.commitment, forest: plan.forest(await proveSlots(plan, work, prover)) };
  }

  /** @param change to fields of the commitment, of the forest or of its statement */
  async function refused(
    { commitment = honest.commitment, ...change }: Partial<ProvenForest & Statement & SubmitProofParameters>,
    error: string,
  ): Promise<void> {
    const { client, l1 } = world;
    const statement = { ...honest.forest.statement, ...change };
    const forest = { ...honest.forest, ...change, statement };
    const outcome: unknown = await submitProof(client, l1.deployer, { commitment, forest }).catch(
      (reason: unknown) => reason,
    );
    expect(outcome, `expected ${error}`).to.be.instanceOf(ContractError);
    expect((outcome as ContractError).error).to.equal(error);
  }

  const proofAt = (slot: number): string =>
    dataSlice(honest.forest.proofs, slot * PROOF_BYTES, (slot + 1) * PROOF_BYTES);
  const withProofs = (change: (slot: number) => string): string =>
    concat(
      honest.forest.contents
        .map((_, i) => i)
        .concat(honest.forest.contents.length)
        .map(change),
    );
  const withWord = (slot: number, word: number, change: (value: bigint) => bigint): string =>
    withProofs((at) => {
      if (at !== slot) return proofAt(at);
      const words = Array.from({ length: 8 }, (_, i) => dataSlice(proofAt(at), 32 * i, 32 * (i + 1)));
      words[word] = toBeHex(change(BigInt(words[word]!)), 32);
      return concat(words);
    });

  describe("cannot pass a changed proof", () => {
    it("swapped with the one of a sibling", async () => {
      const swap = new Map([
        [3, 4],
        [4, 3],
      ]);
      await refused({ proofs: withProofs((slot) => proofAt(swap.get(slot) ?? slot)) }, "InvalidForest");
    });
    it("repeated in place of another", () =>
      refused({ proofs: withProofs((slot) => proofAt(slot === 4 ? 3 : slot)) }, "InvalidForest"));
    it("with A negated", () => refused({ proofs: withWord(3, 1, (y) => BASE_FIELD - y) }, "InvalidForest"));
    it("with a point off the curve", async () => {
      await refused({ proofs: withWord(3, 0, (x) => x + 1n) }, "InvalidProofPoint");
      await refused({ proofs: withWord(3, 6, (x) => x + 1n) }, "InvalidProofPoint");
      await refused({ proofs: withWord(3, 2, (x) => x + 1n) }, "PairingRejected");
    });
    it("with a coordinate written as x + q", () =>
      refused({ proofs: withWord(5, 0, (x) => x + BASE_FIELD) }, "InvalidProofPoint"));
    it("with points at infinity", () =>
      refused(
        { proofs: withProofs((slot) => (slot === 2 ? `0x${"00".repeat(PROOF_BYTES)}` : proofAt(slot))) },
        "InvalidForest",
      ));
    it("cut short or too long", async () => {
      await refused({ proofs: dataSlice(honest.forest.proofs, 0, 6 * PROOF_BYTES) }, "InvalidLength");
      await refused({ proofs: concat([honest.forest.proofs, proofAt(0)]) }, "InvalidLength");
    });
  });

  describe("cannot claim another outcome", () => {
    for (const field of ["nextStateRoot", "fees", "withdrawalsRoot", "proversRoot"] as const) {
      it(`${field} + 1`, () => refused({ [field]: honest.forest.statement[field] + 1n }, "InvalidForest"));
      it(`${field} + p`, () =>
        refused(
          { [field]: honest.forest.statement[field] + FIELD },
          field === "fees" ? "AboveBacking" : "NotCanonical",
        ));
    }
    it("a count of transactions that was not revealed", async () => {
      await refused({ txCount: honest.forest.statement.txCount + 1n }, "WrongReveal");
      await refused({ txCount: honest.forest.statement.txCount + FIELD }, "WrongReveal");
    });
    it("operations that were not revealed", async () => {
      await refused({ l1OpCount: honest.forest.statement.l1OpCount + 1n }, "WrongReveal");
      await refused({ l1OpCount: honest.forest.statement.l1OpCount + FIELD }, "WrongReveal");
    });
    it("data that were not revealed", async () => {
      await refused({ txsRoot: honest.forest.statement.txsRoot + 1n }, "WrongReveal");
      await refused({ dataEval: honest.forest.statement.dataEval + 1n }, "WrongReveal");
    });
    it("contents that do not chain, are swapped or not canonical", async () => {
      const [first, second, ...rest] = honest.forest.contents as [bigint, bigint, ...bigint[]];
      await refused({ contents: [second, first, ...rest] }, "InvalidForest");
      await refused({ contents: [first + FIELD, second, ...rest] }, "NotCanonical");
      await refused({ contents: [first, second] }, "InvalidLength");
    });
    it("another commitment of the root", async () => {
      await refused({ rootCommitment: honest.forest.rootCommitment + 1n }, "InvalidForest");
      await refused({ rootCommitment: honest.forest.rootCommitment + FIELD }, "NotCanonical");
    });
  });

  describe("cannot raise what counts", () => {
    const flag = (quarter: number, slot: number): bigint[] => [
      honest.forest.flags[0]! | (1n << BigInt(64 * quarter + slot)),
    ];
    it("by a vote that nobody cast", () => refused({ flags: flag(0, UNVOTED) }, "InvalidForest"));
    it("by a delivery of somebody else's work", () => refused({ flags: flag(1, ANONYMOUS) }, "InvalidForest"));
    it("by flags of slots that do not exist, or that L1 sets itself", async () => {
      await refused({ flags: flag(0, 7) }, "UnusedFlags");
      await refused({ flags: flag(2, 0) }, "UnusedFlags");
      await refused({ flags: flag(3, 0) }, "UnusedFlags");
      await refused({ flags: [...honest.forest.flags, 0n] }, "InvalidLength");
    });
    it("nor lower it by leaving out what the proofs show", () =>
      refused({ flags: [honest.forest.flags[0]! & (honest.forest.flags[0]! - 1n)] }, "InvalidForest"));
    it("by another bid, share, transcript or proposer than was committed", async () => {
      const { commitment } = honest;
      const { terms } = commitment;
      await refused({ commitment: { ...commitment, terms: { ...terms, burnBid: 100_000n } } }, "WrongOpening");
      await refused({ commitment: { ...commitment, terms: { ...terms, proverShareBps: 1 } } }, "WrongOpening");
      await refused({ commitment: { ...commitment, transcript: `0x${"0001".repeat(7)}` } }, "WrongOpening");
      await refused({ commitment: { ...commitment, committedAt: commitment.committedAt - 1n } }, "WrongOpening");
      await refused({ commitment: { ...commitment, proposer: offers[1]!.proposer.address } }, "WrongOpening");
    });
  });

  // In this order: mocha runs a suite's own tests before the suites in it.
  describe("and with the chain moving on", () => {
    it("cannot use the proofs for a rival's proposal of the same transfers", async () => {
      const plan = await planBlock(world.client, blocks[1]!, world.rules, await getRoundState(world.client));
      const { txsRoot, dataEval } = plan.statement;
      await refused({ commitment: blocks[1]!.commitment, txsRoot, dataEval }, "InvalidForest");
    });

    it("is heard when honest, once", async () => {
      const { provers } = await submitProof(world.client, world.l1.deployer, honest);
      const counted = blocks[0]!.transcript.filter(
        (_, slot) => slot !== ANONYMOUS && blocks[0]!.transcript[slot] !== blocks[0]!.transcript[UNVOTED],
      );
      expect(provers).to.equal(new Set(counted).size);
      await refused({}, "NoImprovement");
    });

    it("cannot bring proofs of a dead attempt or height to a new one", async () => {
      const { client, l1, signal } = world;
      await l1.clock.until((await getRoundState(client)).acceptanceEnds, signal);
      await refused({}, "WrongRound");
      await client.rollup.connect(l1.deployer).advance();
      await refused({}, "WrongRound");
      const again = [offers[1]!];
      const { blocks: next } = await commitOffers(world, again);
      const round = await revealAll(world, again, next);
      await refused({}, "WrongRound");
      const { txsRoot, dataEval } = (await planBlock(client, next[0]!, world.rules, round)).statement;
      await refused({ commitment: next[0]!.commitment, txsRoot, dataEval }, "InvalidForest");
    });
  });
});
