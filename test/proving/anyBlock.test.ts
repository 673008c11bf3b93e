import { readFile } from "node:fs/promises";
import { expect } from "chai";
import fc from "fast-check";
import {
  FIELD,
  type PackedOperation,
  packTransfer,
  poseidon,
  PROFILES,
  publicKey,
  type SignedTransfer,
  slotCount,
  SUBGROUP_ORDER,
  transferMessage,
} from "../../src/protocol/index.ts";
import type { CircuitName } from "../../src/proving/circuitInstance.ts";
import { compileProfile } from "../../src/proving/circuits.ts";
import { crownDepths } from "../../src/proving/crownDepth.ts";
import { WitnessGenerator } from "../../src/proving/groth16/witness.ts";
import { viewOf } from "../../src/proving/keys/binfile.ts";
import { readLE256 } from "../../src/proving/keys/bytes.ts";
import { projectPath } from "../../src/setup/project.ts";
import { type Account, fillBlock, State } from "../../src/state/index.ts";
import { traceBlock } from "../../src/state/trace.ts";
import { add, LOW_ORDER } from "../circuits/support/points.ts";
import { BURN_BID, FIXTURE_DOMAIN, plan, proverSecret, vote } from "./forestFixture.ts";

/** Another seed, or more blocks, for a longer search. */
const SEED = Number(process.env["B52_BLOCKS_SEED"] ?? 52);
const RUNS = Number(process.env["B52_BLOCKS_RUNS"] ?? 12);

const PROFILE = PROFILES.dev;
const RULES = { profile: PROFILE, domain: FIXTURE_DOMAIN, ...crownDepths(PROFILE) };
const MOST = 2n ** 96n - 1n;
const ETHER = 10n ** 18n;

/**
 * Who owns accounts 1 to 7: the smallest and the largest secret, honest ones, and keys with a part of low order, which
 * no wallet has but anybody may deposit to. Their secrets sign all the same.
 */
const OWNERS = [1n, SUBGROUP_ORDER - 1n, 2n, 12_345n, 3n, 4n, 5n].map((secret, i) => {
  const low = LOW_ORDER[i - 3];
  return { secret, point: low === undefined ? publicKey(secret) : add(publicKey(secret), low.point) };
});
/** Of accounts 8 and 9: y of no point, and of the identity. Nobody can send from there. */
const OTHER_KEYS = [OWNERS[0]!.point.y + 1n, 1n];
const KEYS = [...OWNERS.map(({ point }) => point.y), ...OTHER_KEYS];

/** Indexes of accounts that are there, are not, are beyond the tree, or both of those by their low bits. */
const index = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: KEYS.length }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 11, 255, 256, 257, 258, 65_535) },
);
const amount = fc.constantFrom(0n, 0n, 1n, 1n, 300n, ETHER, ETHER, 100n * ETHER, 79_228_162n * 10n ** 21n, 10n ** 29n);
const l1Owner = fc.constantFrom(0n, 1n, 2n, 3n, 4n, 5n, 2n ** 160n - 1n);

const accounts: fc.Arbitrary<Account[]> = fc.tuple(
  ...KEYS.map((key) =>
    fc.record({
      key: fc.constant(key),
      balance: fc.constantFrom(0n, 1n, 100n * ETHER, 101n * ETHER, 101n * ETHER, MOST - ETHER, MOST),
      nonce: fc.constantFrom(0n, 1n, 2n ** 64n - 1n),
      l1Owner,
    }),
  ),
);

/** Mostly what the bridge posts; now and then any words, of which no block may depend on what they are either. */
const operation: fc.Arbitrary<PackedOperation> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        from: fc.oneof(fc.constant(0), index),
        to: index,
        encoded: fc.oneof(fc.bigInt(0n, 2n ** 32n - 1n), fc.constantFrom(0n, 31n, 32n, 32n + 18n, 1_000_000_017n)),
        l1Owner,
        key: fc.constantFrom(...KEYS, 0n, FIELD - 1n),
      })
      .filter(({ from, to }) => from + to > 0)
      .map(({ from, to, encoded, l1Owner, key }): PackedOperation => [
        (BigInt(from) << 224n) | (BigInt(to) << 208n) | (encoded << 176n) | (l1Owner << 16n) | (key >> 240n),
        BigInt.asUintN(240, key),
      ]),
  },
  { weight: 1, arbitrary: fc.tuple(fc.bigInt(1n, 2n ** 240n - 1n), fc.bigInt(0n, 2n ** 240n - 1n)) },
);

/** A transfer by somebody who wants a block to take what cannot be proven, or signs in an unusual way. */
const draft = fc.record({
  from: index,
  to: fc.oneof(index, fc.constant(0)),
  amount,
  fee: fc.constantFrom(0n, 0n, 1n, 2047n, ETHER),
  ahead: fc.constantFrom(0n, 0n, 0n, 0n, 1n),
  /** Whose secret, or the sender's own. */
  signer: fc.oneof(
    { weight: 7, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.nat(OWNERS.length - 1) },
  ),
  /** Of R8: 0 makes it the identity. */
  scalar: fc.oneof(fc.constant(0n), fc.constantFrom(1n, SUBGROUP_ORDER - 1n), fc.bigInt(1n, SUBGROUP_ORDER - 1n)),
  isNegated: fc.boolean(),
  twist: fc.constantFrom(...Array<"none">(9).fill("none"), "S + l", "-S", "R8 + T"),
});

type Draft = typeof draft extends fc.Arbitrary<infer T> ? T : never;

function signed(accounts: readonly Account[], d: Draft): SignedTransfer {
  const { secret, point } = OWNERS[d.signer ?? (d.from + OWNERS.length - 1) % OWNERS.length]!;
  const nonce = (accounts[d.from - 1]?.nonce ?? 0n) + d.ahead;
  const sender = d.isNegated ? { x: (FIELD - point.x) % FIELD, y: point.y } : point;
  const plain = d.scalar === 0n ? { x: 0n, y: 1n } : publicKey(d.scalar);
  const r8 = d.twist === "R8 + T" ? add(plain, LOW_ORDER[1]!.point) : plain;
  const message = transferMessage(FIXTURE_DOMAIN, packTransfer(d), nonce);
  const challenge = poseidon([r8.x, r8.y, sender.x, sender.y, message]);
  const own = d.isNegated ? SUBGROUP_ORDER - secret : secret;
  const s = (d.scalar + 8n * challenge * own) % SUBGROUP_ORDER;
  const twisted = { "S + l": s + SUBGROUP_ORDER, "-S": SUBGROUP_ORDER - s, none: s, "R8 + T": s }[d.twist];
  const { from, to, amount, fee } = d;
  return { from, to, amount, fee, nonce, sender, signature: { r8, s: twisted } };
}

const blocks = fc.record({
  accounts,
  // Eight fill a block.
  operations: fc.oneof(fc.array(operation, { maxLength: 4 }), fc.array(operation, { maxLength: 8 })),
  drafts: fc.array(draft, { minLength: 12, maxLength: 20 }),
  transcript: fc.array(fc.nat(3), { minLength: slotCount(PROFILE), maxLength: slotCount(PROFILE) }),
  votes: fc.array(
    fc.record({
      prover: fc.integer({ min: 1, max: 3 }),
      depth: fc.nat(PROFILE.levels + 1),
      index: fc.nat(3),
      capacity: fc.constantFrom(0, 1, 3, 65_535),
      minBurnBid: fc.constantFrom(0n, BURN_BID, BURN_BID + 1n, 2n ** 64n - 1n),
    }),
    { maxLength: 6 },
  ),
  roundSeed: fc.constantFrom(0n, FIELD - 1n),
});

describe(`any block that a proposer makes of what others send (seed ${SEED})`, function () {
  this.timeout(600_000);
  const generators = new Map<CircuitName, WitnessGenerator>();
  before(async () => {
    for (const { name, wasmPath } of await compileProfile(PROFILE, { buildDir: projectPath("build") }))
      generators.set(name as CircuitName, await WitnessGenerator.compile(await readFile(wasmPath)));
  });

  it("is found by provers in its public data, and has a witness for each node", async () => {
    const seen = { operations: 0, transfers: 0, dropped: 0, exits: 0, unusual: 0 };
    await fc.assert(
      fc.asyncProperty(blocks, async ({ accounts, operations, drafts, transcript, votes, roundSeed }) => {
        const before = State.ofGenesis({ accountDepth: PROFILE.accountDepth, accounts });
        const pool = drafts.map((one) => signed(accounts, one));
        const { executed, transfers, dropped } = fillBlock(before, operations, pool, RULES);
        const found = traceBlock(before, executed.data, RULES);
        expect([found.state.root, found.txsRoot, found.exits]).to.deep.equal([
          executed.state.root,
          executed.txsRoot,
          executed.exits,
        ]);

        const heard = votes.map(({ prover, ...terms }) => vote(prover, terms));
        const of = plan(PROFILE, { transcript, votes: heard, roundSeed }, found);
        for (const [slot, prover] of transcript.entries()) {
          const job = of.job(slot, prover === 0 ? undefined : proverSecret(prover));
          const witness = viewOf(await generators.get(job.circuit)!.generate(job.input));
          const shown = job.publicInputs.map((_, i) => readLE256(witness, 32 * (i + 1)));
          expect(shown, `slot ${slot}`).to.deep.equal(job.publicInputs);
        }
        seen.operations += operations.length;
        seen.transfers += transfers.length;
        seen.dropped += dropped.length;
        seen.exits += executed.exits.length;
        seen.unusual += transfers.filter(({ signature: { r8 } }) => r8.x === 0n).length;
      }),
      // To look for a smaller block takes minutes.
      { seed: SEED, numRuns: RUNS, endOnFailure: true },
    );
    for (const [what, count] of Object.entries(seen))
      expect(count, `${what} of ${JSON.stringify(seen)}`).to.be.greaterThan(2);
  });
});
