import { expect } from "chai";
import { Wallet, ZeroHash } from "ethers";
import { network } from "hardhat";
import { Kzg } from "../../src/blobs/kzg.ts";
import { makeSidecar } from "../../src/blobs/sidecar.ts";
import type { BlobSidecar } from "../../src/chain/blobSidecar.ts";
import { send } from "../../src/chain/tx/index.ts";
import { kzgPoints } from "../../src/chain/actions/reveal.ts";
import { ContractError } from "../../src/chain/errors.ts";
import { BLOB_FIELD, evaluate } from "../../src/protocol/blobField.ts";
import type { BlobVerifier, BlobOpeningStruct as Opening } from "../../typechain-types/BlobVerifier.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { Random } from "../../src/sim/random.ts";

const { ethers } = await network.create();
const Z = 2n ** 248n - 5n;
/** More than the verifier needs: what it leaves of it when a proof is wrong is what the error is thrown with. */
const GAS = 400_000n;

interface Blob extends BlobSidecar {
  readonly y: bigint;
  /** That it evaluates to `y` at `Z`. */
  readonly opening: string;
}

describe("BlobVerifier, with transactions that carry blobs", () => {
  let verifier: BlobVerifier;
  let sender: Wallet;
  /** A block's worth of elements, a few others, and none but zeros. */
  let blobs: Blob[];

  before(async () => {
    const [deployer] = await ethers.getSigners();
    sender = new Wallet(`0x${"b5".repeat(32)}`, ethers.provider);
    await deployer!.sendTransaction({ to: sender.address, value: 10n ** 20n });
    verifier = await ethers.deployContract("BlobVerifier");
    const random = new Random("blobs");
    const kzg = await Kzg.load();
    blobs = await Promise.all(
      [48, 3, 0].map(async (length) => {
        const coefficients = Array.from({ length }, () => random.below(BLOB_FIELD));
        const { y, proof } = kzg.open(coefficients, Z);
        expect(y).to.equal(evaluate(coefficients, Z));
        return { ...(await makeSidecar(coefficients)), y, opening: proof };
      }),
    );
  });

  /** What is claimed of a blob that the transaction carries in that place. */
  const claim = ({ y, commitment, opening }: Blob, place: number, number = 7): Opening => ({
    ...{ number, place, y },
    points: kzgPoints(commitment, opening),
  });

  const claimed = async (carried: readonly Blob[], hash: string, opening: Opening, z = Z) =>
    send("requireEvaluation", sender, {
      to: await verifier.getAddress(),
      data: verifier.interface.encodeFunctionData("requireEvaluation", [hash, z, opening]),
      gasLimit: GAS,
      sidecars: carried,
      slots: 1,
    });

  const refuse = async (sending: Promise<unknown>, error: string, args: object) => {
    const failure = await expectRejection(sending, ContractError, "requireEvaluation was refused");
    expect(failure.error).to.equal(error);
    expect(failure.args).to.deep.include(args);
  };

  it("takes each of the blobs that a transaction carries, in any place", async () => {
    for (const [place, blob] of blobs.entries()) {
      expect((await claimed(blobs, blob.versionedHash, claim(blob, place))).status).to.equal(1);
      expect((await claimed(blobs.toReversed(), blob.versionedHash, claim(blob, 2 - place))).status).to.equal(1);
    }
  });

  it("refuses blobs in each other's place", async () => {
    const [first, second] = [blobs[0]!, blobs[1]!];
    for (const [place, other] of [first, second].entries()) {
      const blob = place === 0 ? second : first;
      await refuse(claimed([first, second], blob.versionedHash, claim(blob, place)), "WrongBlob", {
        number: 7n,
        found: other.versionedHash,
        expected: blob.versionedHash,
      });
    }
  });

  it("refuses a blob that the transaction does not carry: a proof shows nothing to be available", async () => {
    const [blob, other] = [blobs[0]!, blobs[1]!];
    const missing = { number: 7n, found: ZeroHash, expected: blob.versionedHash };
    await refuse(claimed([other], blob.versionedHash, claim(blob, 1)), "WrongBlob", missing);
    await refuse(claimed([other], blob.versionedHash, claim(blob, 2 ** 32)), "WrongBlob", missing);
    await expect(verifier.requireEvaluation(blob.versionedHash, Z, claim(blob, 0)))
      .to.be.revertedWithCustomError(verifier, "WrongBlob")
      .withArgs(7n, ZeroHash, blob.versionedHash);
  });

  it("refuses the hash 0, which places without a blob have", async () => {
    const blob = blobs[2]!;
    await refuse(claimed([blob], ZeroHash, claim(blob, 1)), "InvalidEvaluation", { number: 7n, y: blob.y });
  });

  it("refuses another value, point, proof or commitment", async () => {
    const [blob, other] = [blobs[0]!, blobs[1]!];
    const honest = claim(blob, 0);
    const changes: Partial<Opening>[] = [
      { y: (blob.y + 1n) % BLOB_FIELD },
      { y: other.y },
      { points: kzgPoints(blob.commitment, other.opening) },
      { points: kzgPoints(blob.commitment, blob.proof) },
      { points: kzgPoints(other.commitment, blob.opening) },
      { points: kzgPoints(blob.opening, blob.commitment) },
      { points: [ZeroHash, ZeroHash, ZeroHash] },
    ];
    for (const change of changes) {
      const opening = { ...honest, ...change };
      const args = { number: 7n, y: BigInt(opening.y) };
      await refuse(claimed([blob], blob.versionedHash, opening), "InvalidEvaluation", args);
    }
    await refuse(claimed([blob], blob.versionedHash, honest, Z + 1n), "InvalidEvaluation", { number: 7n });
  });

  it("refuses a second encoding of the value", async () => {
    const blob = blobs[1]!;
    for (const y of [blob.y + BLOB_FIELD, BLOB_FIELD, 2n ** 256n - 1n]) {
      const opening = { ...claim(blob, 0), y };
      await refuse(claimed([blob], blob.versionedHash, opening), "EvaluationNotCanonical", { number: 7n, y });
    }
  });
});
