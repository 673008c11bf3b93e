import { expect } from "chai";
import { concat, ZeroHash } from "ethers";
import { network } from "hardhat";
import { ContractError } from "../../src/chain/errors.ts";
import { eventOf, eventsOf } from "../../src/chain/events.ts";
import { blobEvaluations, blockEvaluation, decodeOperations } from "../../src/protocol/blockData.ts";
import { BLOB_FIELD, ELEMENTS_PER_BLOB } from "../../src/protocol/blobField.ts";
import { dataPoint, orderCommitment, revealDigest } from "../../src/protocol/proposal.ts";
import type { BlobOpeningStruct as BlobOpening } from "../../typechain-types/BlobVerifier.ts";
import { Random } from "../../src/sim/random.ts";
import { BlobRollup, type CommittedBlobs, PROFILE } from "../support/blobRollup.ts";
import { expectRejection } from "../support/expectRejection.ts";

describe("a reveal with real blobs", () => {
  const random = new Random("reveal");
  /** Of two blobs, far apart. */
  const elements = new Array<bigint>(ELEMENTS_PER_BLOB + 5).fill(0n);
  for (const place of [0, 1, 2, 300, ELEMENTS_PER_BLOB, ELEMENTS_PER_BLOB + 4])
    elements[place] = random.below(BLOB_FIELD);
  let world: BlobRollup;

  beforeEach(async () => {
    world = await BlobRollup.create(await network.create());
  });

  /** The value of the block's polynomial, worked out from all of its elements. */
  function dataEval({ order, operations, coefficients }: CommittedBlobs): bigint {
    const z = dataPoint(orderCommitment(order));
    const blobs = coefficients.flatMap((one) => blobEvaluations(one, z));
    return blockEvaluation(PROFILE, decodeOperations(operations), blobs, z);
  }

  async function expectWhole(block: CommittedBlobs, l1OpCount = 0n) {
    const { txsRoot, txCount } = block.order;
    const digest = BigInt(revealDigest({ txsRoot, txCount, dataEval: dataEval(block), l1OpCount }));
    const whole = (1n << 255n) | ((digest >> 32n) << 32n) | txCount;
    expect(await world.rollup.revealOf(block.proposalId)).to.equal(whole);
  }

  it("evaluates a block over two blobs, in one transaction", async () => {
    const block = await world.commit(random, elements);
    const receipt = await world.reveal(block, { blobs: [1, 0] });
    const revealed = eventOf(world.rollup, receipt, "Revealed");
    expect(revealed["dataEval"]).to.equal(dataEval(block));
    expect([...(revealed["blobHashes"] as string[])]).to.deep.equal(block.order.blobHashes);
    expect(eventsOf(world.rollup, receipt, "OperationsRevealed")).to.deep.equal([]);
    await expectWhole(block);
  });

  it("is the same in two transactions, in any order, after a reorg, and if somebody else brings a part", async () => {
    const operation = await world.postOperation(await world.commit(random, []));
    const block = await world.commit(random, elements, concat([operation]));
    const before = await world.connection.networkHelpers.takeSnapshot();
    const orders = [
      [{ operations: true, blobs: [0] }, { blobs: [1] }],
      [{ blobs: [1] }, { blobs: [0] }, { operations: true, blobs: [] }],
      [{ operations: true, blobs: [] }, { blobs: [1] }, { operations: true, blobs: [0, 1] }],
      [{ operations: true, blobs: [0, 1] }],
    ];
    for (const parts of orders) {
      for (const [i, part] of parts.entries()) {
        const receipt = await world.reveal(block, part);
        expect(eventsOf(world.rollup, receipt, "Revealed").length).to.equal(i === parts.length - 1 ? 1 : 0);
      }
      await expectWhole(block, 1n);
      const again = await expectRejection(world.reveal(block, parts[0]!), ContractError, "reveal was refused");
      expect(again.error).to.equal("AlreadyRevealed");
      await before.restore();
    }
  });

  it("refuses a transaction that carries other blobs, or none", async () => {
    const block = await world.commit(random, elements);
    const opened = await world.open(block, [0, 1]);
    const refuse = async (blobs: readonly number[], claimed: BlobOpening[], error: string, args: object) => {
      const failure = await expectRejection(
        world.reveal(block, { blobs }, claimed),
        ContractError,
        "reveal was refused",
      );
      expect(failure.error).to.equal(error);
      expect(failure.args).to.deep.include(args);
    };
    const [first, second] = block.order.blobHashes;
    await refuse([1, 0], opened, "WrongBlob", { number: 0n, found: second, expected: first });
    await refuse([0], opened, "WrongBlob", { number: 1n, found: ZeroHash, expected: second });
    const { y } = opened[1]!;
    const false_ = (BigInt(y) + 1n) % BLOB_FIELD;
    await refuse([0, 1], [opened[0]!, { ...opened[1]!, y: false_ }], "InvalidEvaluation", { number: 1n, y: false_ });
    await refuse([0, 1], [opened[0]!, { ...opened[1]!, points: opened[0]!.points }], "InvalidEvaluation", {
      number: 1n,
    });
    expect(await world.rollup.revealOf(block.proposalId)).to.equal(0n);
    await world.reveal(block, { blobs: [0, 1] });
    await expectWhole(block);
  });
});
