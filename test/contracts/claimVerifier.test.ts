import { expect } from "chai";
import { concat, dataSlice, keccak256, toBeHex, toBigInt } from "ethers";
import { network } from "hardhat";
import { Random } from "../../src/sim/random.ts";
import {
  BASE_FIELD,
  encodeCircuit,
  encodeCommon,
  encodeProof,
  FIELD,
  randomCircuit,
  randomCommon,
  shiftC,
  simulateProof,
  word,
} from "../../src/sim/trapdoor.ts";

const { ethers } = await network.create();
const CLAIMS = 4;

const random = new Random("claims");
const common = randomCommon(random);
const setup = { common, exits: randomCircuit(random, common, 3), escape: randomCircuit(random, common, 4) };

/** The constructor arguments of `ClaimVerifier`. */
function claimArguments(keys: typeof setup, claims = CLAIMS): [number, string, string, string] {
  return [claims, encodeCommon(keys.common), encodeCircuit(keys.exits), encodeCircuit(keys.escape)];
}

const deployed = ethers.deployContract("ClaimVerifier", claimArguments(setup));

interface Claim {
  readonly root: bigint;
  readonly position: bigint;
  readonly exit: bigint;
}

const NO_CLAIM: Claim = { root: 0n, position: 0n, exit: 0n };

const valuesOf = (claims: readonly Claim[]): bigint[] =>
  claims.flatMap(({ root, position, exit }) => [root, position, exit]);

/** The public inputs of ExitClaim, from docs/encodings.md alone. */
function exitInputs(commitment: bigint, values: readonly bigint[]): bigint[] {
  const x = BigInt(keccak256(concat([commitment, ...values].map(word)))) % FIELD;
  const y = values.reduceRight((sum, value) => (sum * x + value) % FIELD, 0n);
  return [commitment, x, y];
}

/** Claims with a valid proof, the unused places empty. */
function proveExits(seed: string, count: number) {
  const random = new Random(seed);
  const claims = Array.from({ length: CLAIMS }, (_, i): Claim =>
    i < count
      ? { root: random.below(FIELD), position: random.below(1n << 30n), exit: 1n + random.below(1n << 192n) }
      : NO_CLAIM,
  );
  const commitment = random.below(FIELD);
  const proof = encodeProof(simulateProof(random, setup.exits, exitInputs(commitment, valuesOf(claims))));
  return { claims, commitment, values: valuesOf(claims), proof };
}

function proveEscape(seed: string) {
  const random = new Random(seed);
  const claim = {
    stateRoot: random.below(FIELD),
    index: random.below(1n << 16n),
    l1Owner: random.below(1n << 160n),
    balance: 5n,
  };
  const proof = encodeProof(simulateProof(random, setup.escape, Object.values(claim)));
  return { ...claim, proof };
}

type Escape = ReturnType<typeof proveEscape>;

async function verifyEscape({ stateRoot, index, l1Owner, balance, proof }: Escape): Promise<boolean> {
  return (await deployed).verifyEscape(stateRoot, index, toBeHex(l1Owner, 20), balance, proof);
}

describe("ClaimVerifier", () => {
  describe("deployment", () => {
    it("knows how many claims fit a proof, and which keys it has", async () => {
      const verifier = await deployed;
      expect(await verifier.claimsPerProof()).to.equal(BigInt(CLAIMS));
      const hash = await verifier.keysHash();
      expect(await (await ethers.deployContract("ClaimVerifier", claimArguments(setup))).keysHash()).to.equal(hash);
      expect(await (await ethers.deployContract("ClaimVerifier", claimArguments(setup, 3))).keysHash()).not.to.equal(
        hash,
      );
    });

    it("refuses proofs of no claims", async () => {
      const verifier = await deployed;
      await expect(ethers.deployContract("ClaimVerifier", claimArguments(setup, 0)))
        .to.be.revertedWithCustomError(verifier, "UnsupportedClaimsPerProof")
        .withArgs(0);
    });

    it("refuses keys of a wrong length, with bad points, without phase 2, or that share a delta", async () => {
      const verifier = await deployed;
      for (const [i, name] of [
        [1, "common"],
        [2, "exits"],
        [3, "escape"],
      ] as const) {
        const short = claimArguments(setup);
        const bytes = (short[i].length - 2) / 2;
        short[i] = dataSlice(short[i], 0, bytes - 64);
        await expect(ethers.deployContract("ClaimVerifier", short))
          .to.be.revertedWithCustomError(verifier, "InvalidLength")
          .withArgs(name, bytes, bytes - 64);
        const infinite = claimArguments(setup);
        infinite[i] = concat([dataSlice(infinite[i], 0, bytes - 64), `0x${"00".repeat(64)}`]);
        await expect(ethers.deployContract("ClaimVerifier", infinite)).to.be.revertedWithCustomError(
          verifier,
          "InvalidKeyPoint",
        );
      }
      for (const name of ["exits", "escape"] as const) {
        const forgeable = { ...setup, [name]: { ...setup[name], delta: common.gamma } };
        await expect(ethers.deployContract("ClaimVerifier", claimArguments(forgeable)))
          .to.be.revertedWithCustomError(verifier, "DeltaEqualsGamma")
          .withArgs(name);
      }
      const shared = { ...setup, escape: { ...setup.escape, delta: FIELD - setup.exits.delta } };
      await expect(ethers.deployContract("ClaimVerifier", claimArguments(shared)))
        .to.be.revertedWithCustomError(verifier, "DeltaShared")
        .withArgs("exits", "escape");
    });
  });

  describe("verifyExits", () => {
    for (let count = 1; count <= CLAIMS; count++) {
      it(`accepts ${count} of ${CLAIMS} claims`, async () => {
        const { commitment, values, proof } = proveExits(`exits/${count}`, count);
        expect(await (await deployed).verifyExits(commitment, values, proof)).to.equal(true);
      });
    }

    it("refuses every other commitment, root, position and exit", async () => {
      const verifier = await deployed;
      const { commitment, values, proof } = proveExits("bound", 3);
      expect(await verifier.verifyExits((commitment + 1n) % FIELD, values, proof)).to.equal(false);
      for (const [i, value] of values.entries()) {
        for (const other of [(value + 1n) % FIELD, value === 0n ? 2n : 0n]) {
          expect(await verifier.verifyExits(commitment, values.with(i, other), proof), `value ${i}`).to.equal(false);
        }
      }
    });

    it("refuses claims in exchange for each other", async () => {
      const verifier = await deployed;
      const { claims, commitment, proof } = proveExits("swapped", 3);
      for (const [left, right] of [
        [0, 1],
        [1, 2],
        [2, 3],
      ] as const) {
        const swapped = claims.with(left, claims[right]!).with(right, claims[left]!);
        expect(await verifier.verifyExits(commitment, valuesOf(swapped), proof), `${left} ${right}`).to.equal(false);
        const exits = claims
          .with(left, { ...claims[left]!, exit: claims[right]!.exit })
          .with(right, { ...claims[right]!, exit: claims[left]!.exit });
        expect(await verifier.verifyExits(commitment, valuesOf(exits), proof), `exits ${left} ${right}`).to.equal(
          false,
        );
      }
    });

    it("refuses a claim in a place that the proof left empty, and an empty place where there was a claim", async () => {
      const verifier = await deployed;
      const { claims, commitment, proof } = proveExits("disabled", 2);
      expect(await verifier.verifyExits(commitment, valuesOf(claims.with(2, claims[0]!)), proof)).to.equal(false);
      expect(await verifier.verifyExits(commitment, valuesOf(claims.with(1, NO_CLAIM)), proof)).to.equal(false);
      expect(
        await verifier.verifyExits(commitment, valuesOf(claims.with(1, { ...claims[1]!, exit: 0n })), proof),
      ).to.equal(false);
    });

    it("names values that are not canonical: + p is another encoding of the same leaf", async () => {
      const verifier = await deployed;
      const { commitment, values, proof } = proveExits("canonical", 2);
      await expect(verifier.verifyExits(commitment + FIELD, values, proof))
        .to.be.revertedWithCustomError(verifier, "NotCanonical")
        .withArgs(commitment + FIELD);
      for (const [i, value] of values.entries()) {
        await expect(verifier.verifyExits(commitment, values.with(i, value + FIELD), proof))
          .to.be.revertedWithCustomError(verifier, "NotCanonical")
          .withArgs(value + FIELD);
      }
    });

    it("names a list or a proof of a wrong length: a shorter list would be another statement", async () => {
      const verifier = await deployed;
      const { commitment, values, proof } = proveExits("lengths", 1);
      for (const list of [values.slice(0, 3), values.slice(0, -1), [...values, 0n], []]) {
        await expect(verifier.verifyExits(commitment, list, proof))
          .to.be.revertedWithCustomError(verifier, "InvalidLength")
          .withArgs("values", 3 * CLAIMS, list.length);
      }
      for (const wrong of [dataSlice(proof, 1), concat([proof, "0x00"])]) {
        await expect(verifier.verifyExits(commitment, values, wrong))
          .to.be.revertedWithCustomError(verifier, "InvalidLength")
          .withArgs("proof", 256, (wrong.length - 2) / 2);
      }
    });

    it("refuses spoilt proofs", async () => {
      const verifier = await deployed;
      const { commitment, values, proof } = proveExits("spoilt", 2);
      expect(await verifier.verifyExits(commitment, values, shiftC(proof, 1n))).to.equal(false);
      expect(await verifier.verifyExits(commitment, values, `0x${"00".repeat(256)}`)).to.equal(false);
      const raised = (at: number) =>
        concat([
          dataSlice(proof, 0, 32 * at),
          word(toBigInt(dataSlice(proof, 32 * at, 32 * at + 32)) + BASE_FIELD),
          dataSlice(proof, 32 * at + 32),
        ]);
      await expect(verifier.verifyExits(commitment, values, raised(3))).to.be.revertedWithCustomError(
        verifier,
        "PairingRejected",
      );
      await expect(verifier.verifyExits(commitment, values, raised(6)))
        .to.be.revertedWithCustomError(verifier, "InvalidProofPoint")
        .withArgs(0);
    });

    it("refuses a proof of the other circuit with the same equation", async () => {
      const { commitment, values } = proveExits("circuit", 1);
      const other = { ...setup.exits, delta: setup.escape.delta };
      const proof = encodeProof(simulateProof(new Random("other"), other, exitInputs(commitment, values)));
      expect(await (await deployed).verifyExits(commitment, values, proof)).to.equal(false);
    });
  });

  it("takes at most 300,000 gas for a proof, of as many claims as there are", async () => {
    const verifier = await deployed;
    const { commitment, values, proof } = proveExits("gas", CLAIMS);
    const { stateRoot, index, l1Owner, balance, proof: escape } = proveEscape("gas");
    expect(await verifier.verifyExits.estimateGas(commitment, values, proof)).to.be.below(300_000n);
    expect(
      await verifier.verifyEscape.estimateGas(stateRoot, index, toBeHex(l1Owner, 20), balance, escape),
    ).to.be.below(300_000n);
  });

  describe("verifyEscape", () => {
    it("accepts a valid proof", async () => {
      expect(await verifyEscape(proveEscape("escape"))).to.equal(true);
    });

    it("binds root, index, owner and balance", async () => {
      const claim = proveEscape("bound");
      for (const field of ["stateRoot", "index", "l1Owner", "balance"] as const) {
        expect(await verifyEscape({ ...claim, [field]: claim[field] + 1n }), field).to.equal(false);
      }
      const { index, balance } = claim;
      expect(await verifyEscape({ ...claim, index: balance, balance: index })).to.equal(false);
    });

    it("names scalars that are not canonical, and a proof of a wrong length", async () => {
      const verifier = await deployed;
      const claim = proveEscape("canonical");
      for (const field of ["stateRoot", "index", "balance"] as const) {
        await expect(verifyEscape({ ...claim, [field]: claim[field] + FIELD }))
          .to.be.revertedWithCustomError(verifier, "NotCanonical")
          .withArgs(claim[field] + FIELD);
      }
      await expect(verifyEscape({ ...claim, proof: dataSlice(claim.proof, 0, 255) }))
        .to.be.revertedWithCustomError(verifier, "InvalidLength")
        .withArgs("proof", 256, 255);
    });

    it("refuses a proof of exits", async () => {
      const claim = proveEscape("circuit");
      expect(await verifyEscape({ ...claim, proof: proveExits("circuit", 1).proof })).to.equal(false);
    });
  });
});
