import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import type { Deployment } from "../../src/chain/deployment.ts";
import { NodeDatabase } from "../../src/database/index.ts";
import { NO_LOG } from "../../src/log/index.ts";
import { secretKeyFromSeed } from "../../src/protocol/eddsa.ts";
import { keyOf } from "../../src/protocol/keys.ts";
import {
  Hearing,
  Journal,
  type L1Commit,
  type L1View,
  type nextProver,
  planName,
  Plans,
  Prover,
  PROVER_DEFAULTS,
  proverEntry,
  type ProverPorts,
  type ProverView,
} from "../../src/roles/index.ts";
import { State } from "../../src/state/state.ts";
import { traceBlock } from "../../src/state/trace.ts";
import { rollupName } from "../../src/sync/index.ts";
import { commitOf, ECONOMY, forest, l1Of, PARENT, ROUND_NUMBER, roundIn } from "./views.ts";

const rules = { profile: forest, domain: 7n, crownDepth: 0, operationCrownDepth: 0 };
const execute = () =>
  traceBlock(
    State.ofGenesis({ accountDepth: forest.accountDepth, accounts: [] }),
    { operations: "0x", elements: [] },
    rules,
  );
const secret = secretKeyFromSeed("plans");
const BLOCK = 77n;

describe("the plan of a block", () => {
  const block = commitOf({ proposalId: BLOCK });
  /** What a reorganisation of L1 may change of it. */
  const others: Readonly<Record<string, readonly [Partial<L1View>, L1Commit]>> = {
    bid: [{}, commitOf({ proposalId: BLOCK, burnBid: 11n })],
    transcript: [{}, commitOf({ proposalId: BLOCK, transcript: [2, 1, 3, 1, 2, 3, 1] })],
    keys: [{}, { ...block, keys: block.keys.map((key, slot) => (slot === 2 ? 0n : key)) }],
    seed: [{ round: roundIn("Proving", { roundSeed: 5n }) }, block],
  };

  it("is made once, and anew when L1 has taken back what it depends on", () => {
    let executed = execute();
    const plans = new Plans(rules, { executed: () => executed });
    let changes = 0;
    const of = (change: Partial<L1View>, commit: L1Commit) =>
      plans.of(
        l1Of("Proving", change),
        commit,
        () => [],
        () => changes++,
      )!;
    const first = of({}, block);
    expect(of({}, commitOf({ proposalId: BLOCK })), "the same").to.equal(first);
    for (const [what, [change, commit]] of Object.entries(others)) {
      const other = of(change, commit);
      expect(other.block, what).to.deep.include({
        ...{ burnBid: commit.commitment.terms.burnBid, transcript: commit.transcript, keys: commit.keys },
        roundSeed: l1Of("Proving", change).round.roundSeed,
      });
      expect(of(change, commit), what).to.equal(other);
      expect(of({}, block), what).to.not.equal(other);
    }
    expect(changes).to.equal(2 * Object.keys(others).length);
    executed = execute();
    expect(of({}, block).block.bases, "the state below it has changed").to.equal(executed.bases);
    expect(plans.keep([{ proposalId: 78n }])).to.deep.equal([BLOCK]);
    expect(plans.keep([])).to.deep.equal([]);
  });

  it("is what a prover's proofs are for: those of a block that L1 has taken back count for nothing", async () => {
    const deployment = {
      ...{ chainId: 1n, domain: 1n, contracts: { rollup: ZeroAddress } },
      ...{ started: { number: 0, hash: ZeroHash }, genesis: { root: 1n, supply: 0n } },
    } as unknown as Deployment;
    const database = await NodeDatabase.inMemory(rollupName(deployment));
    const store = database.store("prover");
    const journal = new Journal(store, proverEntry, rollupName(deployment));
    const proof = { mask: 0n, workerKey: keyOf(secret), beta: 0n, proof: "0x01" };
    const plan = planName(l1Of("Proving"), block);
    await journal.append({
      ...{ kind: "proof", roundNumber: ROUND_NUMBER, proposalId: BLOCK, slot: 3, plan },
      ...proof,
    });

    const seenAt = async (change: Partial<L1View>, commit: L1Commit): Promise<[readonly number[], boolean]> => {
      const l1 = l1Of("Proving", { ...change, open: [commit] });
      let seen: [readonly number[], boolean] | undefined;
      const next: typeof nextProver = ({ provable }: ProverView, own) => {
        seen = [own.proofs.map(({ slot }) => slot), provable.has(BLOCK)];
        return { kind: "wait", until: undefined };
      };
      const executed = execute();
      const ports = {
        reader: { read: () => Promise.resolve(l1), economy: () => Promise.resolve(ECONOMY) },
        ledger: { head: PARENT, learn: () => Promise.resolve(), executed: () => executed },
        ...{ hearing: new Hearing(), store, database, client: { deployment }, log: NO_LOG },
      };
      const options = { name: "prover", index: 1, secret, policy: PROVER_DEFAULTS, rules, next, isAlone: true };
      await new Prover(options, ports as unknown as ProverPorts).next(new Set());
      return seen!;
    };
    expect(await seenAt({}, block)).to.deep.equal([[3], true]);
    for (const [what, [change, commit]] of Object.entries(others))
      expect(await seenAt(change, commit), what).to.deep.equal([[], true]);
    database.close();
  });
});
