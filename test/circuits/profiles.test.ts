import { expect } from "chai";
import { type Profile, PROFILES, slotCount, firstSlot, keyOf, vrfBeta } from "../../src/protocol/index.ts";
import { escapeClaimJob, exitClaimJob } from "../../src/proving/claims.ts";
import type { CircuitInput } from "../../src/proving/circuitInput.ts";
import { profileInstances } from "../../src/proving/circuitInstance.ts";
import { compileProfile } from "../../src/proving/circuits.ts";
import type { CompiledCircuit } from "../../src/proving/compileCircuit.ts";
import { keyOwnershipInput } from "../../src/proving/inputs.ts";
import { projectPath } from "../../src/setup/project.ts";
import { executed, FIXTURE_DOMAIN, payment, plan, proverSecret } from "../proving/forestFixture.ts";
import { deposit, forcedExit } from "../state/fixtures.ts";
import { choosableSignals } from "./support/choosable.ts";
import { expectPublicInputsBound } from "./support/expectBound.ts";
import { mutateHints } from "./support/hints.ts";
import { readNamedConstraints } from "./support/namedConstraints.ts";
import { TestCircuit } from "./support/testCircuit.ts";

/**
 * The small profiles. `B52_PROFILES=wide` checks others, by name: `wide` takes minutes, and `large` has 64 transfers a
 * node, which takes more memory than most machines have.
 */
const NAMES = process.env["B52_PROFILES"]?.split(",") ?? ["dev", "deep"];

/** What multiplies something that may be 0: anything does then. */
const INVERSE = /(?:\.inv|Inverse)$/;

/** What is compared with a constant bit by bit. */
const BIT = /\.(?:CanonicalLimbs_\w+\.(?:high|middle|low)|TightBits_\w+\.out)\[\d+\]$/;

/** One honest input of each circuit of a profile. */
function inputsOf(profile: Profile): Map<string, CircuitInput> {
  const inputs = new Map<string, CircuitInput>();
  const operations = [deposit(6), forcedExit(2)].slice(0, profile.operationsPerBase);
  const block = executed(profile, operations, [payment(1, 2, 0, 7n), payment(4, 0, 0)]);
  const of = plan(profile, { roundSeed: 77n }, block);
  const secret = proverSecret(1);
  for (let slot = slotCount(profile) - 1; slot >= 0; slot--) {
    const { circuit, input } = of.job(slot, proverSecret((slot % 3) + 1));
    inputs.set(circuit, input);
  }
  // Of the nodes of transfers the one that has some.
  const first = firstSlot(profile, profile.levels) + 1;
  inputs.set("BaseRollup", of.job(first, proverSecret((first % 3) + 1)).input);
  const statement = { key: keyOf(secret), owner: 11n, domain: FIXTURE_DOMAIN, seed: 77n, beta: vrfBeta(secret, 77n) };
  inputs.set("KeyOwnership", keyOwnershipInput(statement, secret));
  const { exits } = executed(profile, [forcedExit(2)], []);
  const claims = exits.map(({ position }) => ({ exits, position }));
  inputs.set("ExitClaim", exitClaimJob(profile, claims.slice(0, 2)).input);
  inputs.set("EscapeClaim", escapeClaimJob(block.state, 2).input);
  return inputs;
}

for (const name of NAMES) {
  const profile: Profile | undefined = Object.values(PROFILES).find((one) => one.name === name);
  if (profile === undefined) throw new Error(`no profile ${name}, expected one of ${Object.keys(PROFILES).join(", ")}`);

  describe(`the circuits of profile ${name} as they are compiled`, function () {
    this.timeout(3_600_000);
    let compiled: readonly CompiledCircuit[];
    let inputs: Map<string, CircuitInput>;

    before(async () => {
      compiled = await compileProfile(profile, { buildDir: projectPath("build") });
      inputs = inputsOf(profile);
    });

    for (const { name: template } of profileInstances(profile)) {
      it(`${template} binds its public inputs and leaves nothing to choose but inverses of 0`, async () => {
        const files = compiled.find((one) => one.name === template)!;
        const circuit = new TestCircuit(files, await readNamedConstraints(files.r1csPath, files.symPath));
        const witness = await circuit.witness(inputs.get(template)!);
        expectPublicInputsBound(circuit, witness);
        const { tried, free } = mutateHints(circuit, witness);
        expect(tried).to.be.greaterThan(250);
        for (const hint of free) expect(hint).to.match(INVERSE);
        // A bit that has to be 0 because its square is looks free to first order: changed alone it was refused.
        const isZeroBit = (signal: string): boolean =>
          BIT.test(signal) && circuit.read(witness, signal.replace(/^main\./, "")) === 0n;
        const choosable = choosableSignals(circuit, witness).filter((signal) => !isZeroBit(signal));
        expect(choosable.sort()).to.deep.equal([...free].sort());
      });
    }
  });
}
