import { expect } from "chai";
import { keccak256 } from "ethers";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NodeDatabase } from "../../../src/database/index.ts";
import { keyOf } from "../../../src/protocol/keys.ts";
import { decodeVote } from "../../../src/protocol/messages.ts";
import { orderCommitment } from "../../../src/protocol/proposal.ts";
import { verifyVote } from "../../../src/protocol/vote.ts";
import { Journal, proposerEntry } from "../../../src/roles/index.ts";
import { projectPath } from "../../../src/setup/project.ts";
import { SLOTS } from "../../roles/views.ts";
import { Uniform } from "../../support/uniform.ts";
import { ME, ROLLUP, SECRET } from "./child.ts";
import { CAPACITY, DOMAIN, PlayedWorld, ROUNDS, type Seen } from "./world.ts";

const KILLS = 20;
const SEED = Number(process.env["B52_CRASH_SEED"] ?? 0xb52);
/** Steps after its start at which a process is killed at the latest. */
const MAX_STEPS = 60;
const TIMEOUT_MS = 240_000;

describe("a prover and a proposer whose process is killed", () => {
  it(`repeat nothing and lose nothing, killed at ${KILLS} points (seed ${SEED})`, async function () {
    this.timeout(TIMEOUT_MS);
    const uniform = new Uniform(SEED);
    const folder = await mkdtemp(join(tmpdir(), "b52-crash-"));
    const world = new PlayedWorld(join(folder, "seen"), keyOf(SECRET));
    const points: number[] = [];
    try {
      /** What is proven on disk may never be begun again. */
      let begun = 0;
      const proven = new Set<string>();
      const look = async (): Promise<void> => {
        const { seen } = world;
        for (const each of seen.slice(begun))
          if (each.kind === "begin")
            expect(proven, `round ${each.round}, slot ${each.slot}`).not.to.include(name(each));
        begun = seen.length;
        using database = await NodeDatabase.open(join(folder, "data"), ROLLUP);
        expectSalt(database, world);
        for (const { proposal, round } of seen.filter((each) => each.kind === "vote"))
          for (const { slot, state } of database.jobs.of(BigInt(proposal)))
            if (state === "proven") proven.add(name({ round, slot }));
      };
      for (let kill = 0; kill < KILLS; kill++) {
        const point = 1 + (uniform.word() % MAX_STEPS);
        points.push(point);
        expect(await run(folder, point, 1_000n + BigInt(kill)), `kill ${kill} at step ${point}`).to.equal("SIGKILL");
        await look();
      }
      expect(await run(folder, 0, 999n)).to.equal(0);
      await look();

      const { seen } = world;
      expect(world.stage, "rounds go on to their end").to.equal(undefined);
      expectOneOfEach(seen);
    } catch (error) {
      console.error(`seed ${SEED}, killed at steps ${points.join(" ")}`);
      throw error;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

const name = ({ round, slot }: { readonly round: number; readonly slot: number }): string => `${round} ${slot}`;

/** What others have seen: one vote for a proposal, one proof for a slot, one offer a round. */
function expectOneOfEach(seen: readonly Seen[]): void {
  const votes = new Map<string, Set<string>>();
  const proofs = new Map<string, Set<string>>();
  const promised = new Map<number, number>();
  const put = (map: Map<string, Set<string>>, key: string, value: string): void =>
    void map.set(key, (map.get(key) ?? new Set()).add(value));
  for (const each of seen) {
    if (each.kind === "proof") put(proofs, name(each), each.proof);
    if (each.kind !== "vote") continue;
    const vote = decodeVote(each.vote);
    expect(verifyVote(vote)).to.equal(true);
    if (!votes.has(each.proposal)) promised.set(each.round, (promised.get(each.round) ?? 0) + vote.capacity);
    put(votes, each.proposal, `${vote.capacity} ${vote.minBurnBid}`);
  }
  expect(votes.size).to.equal((ROUNDS * CAPACITY) / SLOTS);
  for (const [proposal, terms] of votes) expect([...terms], `votes for ${proposal}`).to.have.length(1);
  for (const capacity of promised.values()) expect(capacity).to.be.at.most(CAPACITY);
  expect(proofs.size).to.equal(ROUNDS * SLOTS);
  for (const [slot, made] of proofs) expect([...made], `proofs of round and slot ${slot}`).to.have.length(1);

  const offers = seen.filter((each) => each.kind === "offer");
  for (let round = 1; round <= ROUNDS; round++) {
    const made = new Set(offers.filter((each) => each.round === round).map(({ proposal }) => proposal));
    expect([...made], `offers of round ${round}`).to.have.length(1);
  }
}

/** What was offered in the round that runs can be revealed: its salt is on disk, and is the one that was committed. */
function expectSalt(database: NodeDatabase, { seen, stage }: PlayedWorld): void {
  const { entries } = new Journal(database.store("proposer"), proposerEntry, ROLLUP);
  for (const offer of seen) {
    if (offer.kind !== "offer" || offer.round !== stage?.round) continue;
    const draft = entries.find((entry) => entry.kind === "draft" && `${entry.proposalId}` === offer.proposal);
    if (draft?.kind !== "draft") expect.fail(`the draft of ${offer.proposal} is lost`);
    const { salt, txsRoot, txCount, roundId, operations } = draft;
    const operationsHash = keccak256(operations);
    const order = { txsRoot, txCount, blobHashes: [], operationsHash, salt };
    const committed = orderCommitment({ domain: DOMAIN, roundId, proposer: ME, ...order });
    expect(committed, `what the salt of ${offer.proposal} opens`).to.equal(offer.orderCommitment);
  }
}

/** @returns how it ended: its signal, or its exit code */
async function run(folder: string, killAt: number, bid: bigint): Promise<unknown> {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", projectPath("test", "e2e", "crash", "child.ts"), folder, `${killAt}`, `${bid}`],
    { cwd: projectPath(), stdio: ["ignore", "inherit", "inherit"] },
  );
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  return signal ?? code;
}
