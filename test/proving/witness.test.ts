import { expect } from "chai";
import { wtns } from "snarkjs";
import {
  exitClaimInputs,
  exitClaimVector,
  FIELD,
  firstSlot,
  keyOwnershipPublicInputs,
  keyOf,
  PROFILES,
  type Profile,
  slotCount,
  vrfBeta,
} from "../../src/protocol/index.ts";
import { escapeClaimJob, exitClaimJob } from "../../src/proving/claims.ts";
import type { CompiledCircuit } from "../../src/proving/compileCircuit.ts";
import { compileProfile } from "../../src/proving/circuits.ts";
import type { BlockPlan } from "../../src/proving/forest.ts";
import { keyOwnershipInput } from "../../src/proving/inputs.ts";
import type { CircuitInput, SignalValue } from "../../src/proving/circuitInput.ts";
import { projectPath } from "../../src/setup/project.ts";
import { deposit, forcedExit, forcedTransfer } from "../state/fixtures.ts";
import { OPERATION_CASES } from "../state/operationCases.ts";
import { executed, payment, plan, proverSecret, vote } from "./forestFixture.ts";

/** Where a wtns file says how many values it ends with. */
const COUNT_OFFSET = 60;

/** The public signals of the witness that the compiled circuit finds for `input`. Rejects if there is none. */
async function publicSignals(
  circuits: readonly CompiledCircuit[],
  name: string,
  input: CircuitInput,
): Promise<bigint[]> {
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

/** A signal with 1 more at one place of it. */
function raised(signal: SignalValue, [at, ...rest]: readonly number[]): SignalValue {
  if (typeof signal === "bigint") return signal + 1n;
  return signal.map((value, i) => (i === at ? raised(value, rest) : value));
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

    it("prove every node for anonymous workers, without any vote", () =>
      everySlot(plan(profile, { votes: [] }), () => false));

    it("prove blocks with gaps in the transcript, some votes, some workers and a VRF seed", () => {
      const transcript = Array.from({ length: slotCount(profile) }, (_, slot) => slot % 4);
      const votes = [vote(1), vote(2, { depth: 1, index: 1 })];
      return everySlot(plan(profile, { transcript, votes, roundSeed: 77n, burnBid: 501n }), (slot) => slot % 2 === 1);
    });

    it("have no witness for a public input that is not the plan's", async () => {
      const of = plan(profile);
      const slot = firstSlot(profile, profile.levels);
      const { circuit, input } = of.job(slot, proverSecret(of.block.transcript[slot]!));
      for (const signal of ["content", "z", "workerKey", "domain"]) {
        await refuses(
          publicSignals(circuits, circuit, { ...input, [signal]: ((input[signal] as bigint) + 1n) % FIELD }),
        );
      }
    });

    it("prove every node of a block of operations, transfers and exits", async () => {
      const operations = [
        deposit(6),
        forcedTransfer(9, 1),
        forcedExit(2),
        deposit(3, { key: 5n }),
        forcedTransfer(1, 3),
      ];
      const payments = [payment(1, 0, 0, 7n), payment(4, 0, 0)];
      const block = executed(profile, operations.slice(0, 2 * profile.operationsPerBase + 1), payments);
      const of = plan(profile, { roundSeed: 77n }, block);
      expect(block.exits.length).to.be.greaterThan(2);
      await everySlot(of, (slot) => slot % 2 === 0);
    });

    it("have no witness for operations, exits or states that are not the plan's", async () => {
      const of = plan(
        profile,
        {},
        executed(profile, [deposit(3, { key: 5n }), forcedExit(2)].slice(0, profile.operationsPerBase), []),
      );
      const slot = firstSlot(profile, profile.levels);
      const { circuit, input } = of.job(slot);
      expect(circuit).to.equal("OperationRollup");
      const [BALANCE, L1_OWNER] = [1, 3]; // in the bus Account
      for (const [signal, ...place] of [
        ["word0", 0],
        ["word1", 0],
        ["receiver", 0, BALANCE],
        ["sender", 0, L1_OWNER],
        ["crown", 0],
      ] as const) {
        await refuses(publicSignals(circuits, circuit, { ...input, [signal]: raised(input[signal]!, place) }));
      }
      // Neither may the other circuit prove it.
      const other = executed(profile, [], []);
      const transfers = plan(profile, {}, other).job(slot).input;
      await refuses(publicSignals(circuits, "BaseRollup", { ...transfers, content: input["content"]! }));
    });

    // The sizes do not matter to these, and the circuit shows one outcome: its content holds the state after the
    // operation and the exit.
    if (profile.name === "dev") {
      for (const [kind, cases] of Object.entries(OPERATION_CASES)) {
        it(`prove what the executor does: ${kind}`, async () => {
          const slot = firstSlot(profile, profile.levels);
          for (const { name, operation, before } of cases) {
            const { circuit, input, publicInputs } = plan(profile, {}, executed(profile, [operation], [], before)).job(
              slot,
            );
            expect(circuit).to.equal("OperationRollup");
            expect(await publicSignals(circuits, circuit, input), name).to.deep.equal(publicInputs);
          }
        });
      }
    }

    it("prove claims of exits, up to four of any blocks", async () => {
      const operations = Array.from({ length: profile.operationsPerBase }, (_, i) => forcedExit(i + 1));
      const first = executed(profile, operations, [payment(4, 0, 0), payment(5, 0, 0), payment(4, 0, 1)]);
      const second = executed(profile, [deposit(1, { key: 5n })], [], first.state);
      const claims = [first, second].flatMap(({ exits }) => exits.map(({ position }) => ({ exits, position })));
      expect(claims.length).to.be.greaterThan(4);
      for (const some of [claims.slice(0, 1), claims.slice(0, 3), claims.slice(-4)]) {
        const { publicInputs, input } = exitClaimJob(profile, some);
        expect(await publicSignals(circuits, "ExitClaim", input)).to.deep.equal(publicInputs);
      }
      const { input, statements } = exitClaimJob(profile, claims.slice(-2));
      for (const change of [{ withdrawalsRoot: 1n }, { position: 1 }, { packed: statements[0]!.packed + 1n }]) {
        const claimed = statements.map((statement, i) => (i === 0 ? { ...statement, ...change } : statement));
        const { commitment, x, y } = exitClaimInputs(claimed);
        const [root, position, exit] = [0, 1, 2].map((field) =>
          exitClaimVector(claimed).filter((_, i) => i % 3 === field),
        );
        await refuses(
          publicSignals(circuits, "ExitClaim", {
            ...input,
            C: commitment,
            x,
            y,
            root: root!,
            position: position!,
            exit: exit!,
          }),
        );
      }
    });

    it("prove what every account holds, for an escape", async () => {
      const { state } = executed(profile, [deposit(200)], [payment(1, 2, 0)]);
      for (const index of [0, 1, 2, 7, 200, 255]) {
        const { publicInputs, input } = escapeClaimJob(state, index);
        expect(await publicSignals(circuits, "EscapeClaim", input)).to.deep.equal(publicInputs);
      }
      const { input } = escapeClaimJob(state, 1);
      for (const [signal, value] of Object.entries({ index: 2n, balance: 1n, l1Owner: 2n, stateRoot: 5n })) {
        await refuses(publicSignals(circuits, "EscapeClaim", { ...input, [signal]: value }));
      }
      await refuses(publicSignals(circuits, "EscapeClaim", { ...input, index: 257n }));
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
