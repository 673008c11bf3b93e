import { expect } from "chai";
import { wtns } from "snarkjs";
import { FIELD, firstSlot, keyOwnershipPublicInputs, keyOf, PROFILES, type Profile, slotCount, vrfBeta } from "../../src/protocol/index.ts";
import type { CompiledCircuit } from "../../src/proving/compileCircuit.ts";
import { compileProfile } from "../../src/proving/circuits.ts";
import type { BlockPlan } from "../../src/proving/forest.ts";
import { keyOwnershipInput } from "../../src/proving/inputs.ts";
import type { CircuitInput } from "../../src/proving/pool.ts";
import { projectPath } from "../../src/setup/project.ts";
import { plan, proverSecret, vote } from "./forestFixture.ts";

/** Where a wtns file says how many values it ends with. */
const COUNT_OFFSET = 60;

/** The public signals of the witness that the compiled circuit finds for `input`. Rejects if there is none. */
async function publicSignals(circuits: readonly CompiledCircuit[], name: string, input: CircuitInput): Promise<bigint[]> {
  const circuit = circuits.find((one) => one.name === name)!;
  const file = { type: "mem" as const, data: new Uint8Array() };
  await wtns.calculate(input as Parameters<typeof wtns.calculate>[0], circuit.wasmPath, file);
  const bytes = Buffer.from(file.data);
  const values = bytes.subarray(-32 * bytes.readUInt32LE(COUNT_OFFSET));
  // The first value is 1, then come the public ones.
  return Array.from({ length: circuit.publicInputs }, (_, i) => {
    const digits = Buffer.from(values.subarray(32 * (i + 1), 32 * (i + 2)))
      .reverse()
      .toString("hex");
    return BigInt(`0x${digits}`);
  });
}

async function refuses(attempt: Promise<unknown>): Promise<void> {
  const outcome = await attempt.then(
    () => "a witness",
    (error: Error) => error.message,
  );
  expect(outcome).to.match(/Assert Failed/);
}

for (const profile of [PROFILES.dev, PROFILES.deep] as readonly Profile[]) {
  describe(`witness inputs, profile ${profile.name}`, function () {
    this.timeout(600_000);
    let circuits: CompiledCircuit[];
    before(async () => (circuits = await compileProfile(profile, { buildDir: projectPath("build") })));

    const everySlot = async (of: BlockPlan, named: (slot: number) => boolean): Promise<void> => {
      for (let slot = 0; slot < slotCount(profile); slot++) {
        const prover = of.block.transcript[slot]!;
        const job = of.job(slot, named(slot) && prover !== 0 ? proverSecret(prover) : undefined);
        expect(await publicSignals(circuits, job.circuit, job.input), `slot ${slot}`).to.deep.equal(job.publicInputs);
      }
    };

    it("prove every node for its assigned worker", () => everySlot(plan(profile), () => true));

    it("prove every node for anonymous workers, without any vote", () => everySlot(plan(profile, { votes: [] }), () => false));

    it("prove blocks with gaps in the transcript, some votes, some workers and a VRF seed", () => {
      const transcript = Array.from({ length: slotCount(profile) }, (_, slot) => slot % 4);
      const votes = [vote(1), vote(2, { depth: 1, index: 1 })];
      return everySlot(plan(profile, { transcript, votes, roundSeed: 77n, burnBid: 501n }), (slot) => slot % 2 === 1);
    });

    it("have no witness for a public input that is not the plan's", async () => {
      const of = plan(profile);
      const slot = firstSlot(profile, profile.levels);
      const { circuit, input } = of.job(slot, proverSecret(of.block.transcript[slot]!));
      for (const signal of ["content", "r", "workerKey", "domain"]) {
        await refuses(publicSignals(circuits, circuit, { ...input, [signal]: ((input[signal] as bigint) + 1n) % FIELD }));
      }
    });

    it("have no witness for a vote that does not count", async () => {
      const of = plan(profile);
      const { circuit, input } = of.job(1);
      const poor = plan(profile, { votes: [vote(1), vote(2, { minBurnBid: 501n }), vote(3)] }).job(1).input;
      expect(poor.mask).to.not.equal(input.mask);
      await refuses(publicSignals(circuits, circuit, { ...poor, mask: input.mask! }));
    });

    it("prove ownership of a key", async () => {
      const secret = proverSecret(1);
      const statement = { key: keyOf(secret), owner: 2n ** 160n - 1n, domain: 5n, seed: 6n, beta: vrfBeta(secret, 6n) };
      const input = keyOwnershipInput(statement, secret);
      expect(await publicSignals(circuits, "KeyOwnership", input)).to.deep.equal(keyOwnershipPublicInputs(statement));
      await refuses(publicSignals(circuits, "KeyOwnership", { ...input, key: keyOf(proverSecret(2)) }));
    });
  });
}
