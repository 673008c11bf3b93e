import { expect } from "chai";
import { getAddress } from "ethers";
import { readFileSync } from "node:fs";
import { network } from "hardhat";
import { BLOB_FIELD, ELEMENTS_PER_BLOB } from "../../../src/protocol/blobField.ts";
import { OPERATION_BYTES } from "../../../src/protocol/operation.ts";
import type { LibraryHarness } from "../../../typechain-types/index.js";

type Contents = "contents" | "slots" | "sections" | "groups" | "openedContents" | "contentsAt";
type Lists =
  Contents | "flags" | "weightPerDepth" | "firstSlotPerDepth" | "blobHashes" | "blobEvaluations" | "postedAt";
type Vector = Readonly<Record<string, string>> & Readonly<Record<Lists, readonly string[]>>;

/** The cases of one shared list: every number and byte string is hexadecimal. */
function vectors(name: string): Vector[] {
  const file = new URL(`../../vectors/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { cases: Vector[] }).cases;
}

describe("Solidity libraries against the shared vectors", () => {
  let harness: LibraryHarness;

  before(async () => {
    const { ethers } = await network.create();
    harness = await ethers.deployContract("LibraryHarness");
  });

  it("proposal", async () => {
    for (const v of vectors("proposal")) {
      expect(await harness.domain(v.chainId!, address(v.rollup!))).to.equal(BigInt(v.domain!));
      expect(await harness.roundId(v.height!, v.attempt!)).to.equal(BigInt(v.roundId!));
      const { txsRoot, txCount, blobHashes, operationsHash, salt } = v;
      const order = {
        ...{ txsRoot: txsRoot!, txCount: txCount!, blobHashes: [...blobHashes] },
        ...{ operationsHash: operationsHash!, salt: salt! },
      };
      expect(await harness.orderCommitment(v.domain!, v.roundId!, address(v.proposer!), order)).to.equal(
        v.orderCommitment,
      );
      const terms = await harness.packTerms(v.roundId!, v.proverShareBps!, 7, 0);
      expect(await harness.proposalId(v.domain!, v.parent!, terms, v.orderCommitment!, address(v.proposer!))).to.equal(
        BigInt(v.proposalId!),
      );
      expect(await harness.dataPoint(v.orderCommitment!)).to.equal(BigInt(v.z!));
    }
  });

  it("commit", async () => {
    for (const v of vectors("commit")) {
      expect(await harness.packTerms(v.roundId!, v.proverShareBps!, v.burnBid!, v.parentRef!)).to.equal(
        BigInt(v.terms!),
      );
      expect([...(await harness.unpackTerms(v.terms!))]).to.deep.equal(
        [v.roundId, v.proverShareBps, v.burnBid, v.parentRef].map((field) => BigInt(field!)),
      );
      expect(await harness.commitDigest(v.terms!, v.orderCommitment!, v.transcript!, v.committedAt!)).to.equal(
        BigInt(v.commitDigest!),
      );
    }
  });

  for (const name of ["block", "evaluation"]) {
    it(`${name}: the operations' part, and the places of blobs`, async () => {
      for (const v of vectors(name)) {
        const [z, perBase, perNode] = [v.z!, BigInt(v.elementsPerBase!), BigInt(v.operationsPerBase!)];
        const operations = BigInt((v.operations!.length - 2) / 2 / OPERATION_BYTES);
        const nodes = (operations + perNode - 1n) / perNode;
        let sum = await harness.evaluate(v.operations!, z, 2n * perNode, perBase);
        for (const [i, y] of v.blobEvaluations.entries()) {
          const place = nodes * perBase + BigInt(ELEMENTS_PER_BLOB * i);
          sum = (sum + (await harness.power(z, place)) * BigInt(y)) % BLOB_FIELD;
        }
        expect(await harness.blobPower(z)).to.equal(await harness.power(z, ELEMENTS_PER_BLOB));
        expect(sum).to.equal(BigInt(v.dataEval!));
      }
    });
  }

  it("reveal", async () => {
    for (const { txsRoot, txCount, dataEval, l1OpCount, revealDigest } of vectors("reveal")) {
      const digest = await harness.revealDigest(txsRoot!, txCount!, dataEval!, l1OpCount!);
      expect(digest).to.equal(revealDigest);
      const kept = await harness.wholeReveal(txsRoot!, txCount!, dataEval!, l1OpCount!);
      expect(kept).to.equal((1n << 255n) | ((BigInt(digest) >> 32n) << 32n) | BigInt(txCount!));
    }
  });

  it("contentGroups", async () => {
    for (const v of vectors("contentGroups")) {
      expect(await harness.hashContents([...v.contents])).to.equal(v.contentsHash);
      const opened = {
        sections: [...v.sections],
        openedSections: v.openedSections!,
        groups: [...v.groups],
        openedGroups: v.openedGroups!,
        contents: [...v.openedContents],
      };
      const [hash, contents] = await harness.openContents(opened, v.contents.length + 1, [...v.slots]);
      expect(hash).to.equal(v.contentsHash);
      expect([...contents]).to.deep.equal(v.contentsAt.map(BigInt));
    }
  });

  it("operation", async () => {
    for (const v of vectors("operation")) {
      const { kind, from, to, encodedAmount, l1Owner, key, encoded, previousChain, chain } = v;
      expect(await harness.encodeOperation(from!, to!, encodedAmount!, address(l1Owner!), key!)).to.equal(encoded);
      expect(await harness.valueOfAmount(encodedAmount!)).to.equal(BigInt(v.amount!));
      expect([...(await harness.link(previousChain!, encoded!))]).to.deep.equal([BigInt(chain!), BigInt(chain!)]);
      expect([...(await harness.decodeOperation(encoded!))]).to.deep.equal([
        getAddress(address(l1Owner!)),
        kind === "deposit" ? BigInt(v.amount!) : 0n,
      ]);
    }
  });

  it("due", async () => {
    for (const v of vectors("due")) {
      expect(await harness.due.staticCall([...v.postedAt], v.settled!, v.queueCut!, v.max!)).to.equal(BigInt(v.due!));
    }
  });

  it("exit", async () => {
    for (const v of vectors("exit")) {
      expect([...(await harness.unpackExit(v.packed!))]).to.deep.equal([
        true,
        getAddress(address(v.l1Owner!)),
        BigInt(v.amount!),
      ]);
      expect((BigInt(v.base!) << 16n) | BigInt(v.leaf!)).to.equal(BigInt(v.position!));
    }
  });

  it("signedOperation", async () => {
    for (const v of vectors("signedOperation")) {
      const { ethers, networkHelpers } = await network.create({ override: { chainId: Number(v.chainId) } });
      const claims = await ethers.deployContract("StubClaimVerifier");
      const bridge = await ethers.deployContract("Bridge", [claims, claims, 0, 1, 0]);
      // The name and version of the domain are in its immutables, its address is not: elsewhere it signs for itself.
      await networkHelpers.setCode(v.bridge!, await ethers.provider.getCode(bridge));
      const there = bridge.attach(v.bridge!) as typeof bridge;
      expect(await there.operationHash(address(v.l1Owner!), v.from!, v.to!, v.encodedAmount!, v.nonce!)).to.equal(
        v.digest,
      );
    }
  });

  it("score", async () => {
    for (const v of vectors("score")) expect(await harness.score(v.provers!, v.burnBid!)).to.equal(BigInt(v.score!));
  });

  it("ln", async () => {
    for (const v of vectors("ln")) {
      expect(await harness.ln(v.x!)).to.equal(BigInt(v.ln!));
      const short = BigInt(v.preciseLn!) - (BigInt(v.ln!) << 96n);
      expect(short >= 0n && short < 1n << (BigInt(v.x!) < 2n ** 81n ? 192n - 85n : 192n - 79n), `ln ${v.x}`).to.equal(
        true,
      );
    }
  });

  it("minusLn", async () => {
    for (const v of vectors("minusLn")) {
      expect(await harness.minusLn(v.beta!)).to.equal(BigInt(v.minusLn!));
      const excess = (BigInt(v.minusLn!) << 96n) - BigInt(v.preciseMinusLn!);
      expect(excess > 0n && excess < 1n << (192n - 79n), `minusLn ${v.beta}`).to.equal(true);
    }
  });

  it("size", async () => {
    for (const v of vectors("size"))
      expect(await harness.sizeFactor(v.sizeRule!, v.txCount!)).to.equal(BigInt(v.factor!));
  });

  it("issuance", async () => {
    for (const v of vectors("issuance")) {
      expect(await harness.blockReward(v.initialReward!, v.halvingInterval!, v.height!)).to.equal(
        BigInt(v.blockReward!),
      );
    }
  });

  it("reward", async () => {
    for (const v of vectors("reward")) {
      const tally = await harness.tally(v.transcript!, [...v.flags], v.arity!, v.nodeWeights!);
      expect([...tally]).to.deep.equal(
        [v.distinctProvers, v.distinctVoters, v.fulfilledWeight].map((count) => BigInt(count!)),
      );
      expect(await harness.totalWeight(v.arity!, v.levels!, v.nodeWeights!)).to.equal(BigInt(v.totalWeight!));
      const whole = [v.reward!, v.fulfilledWeight!, v.totalWeight!, v.proverShareBps!] as const;
      const split = await harness.split(...whole, v.fulfilledWeight!);
      expect([...split]).to.deep.equal([v.effective, v.proverUnit, v.proposer].map((amount) => BigInt(amount!)));
      const byHead = await harness.split(...whole, v.distinctProvers!);
      expect([...byHead]).to.deep.equal(
        [v.effective, v.proverUnitByHead, v.proposerByHead].map((amount) => BigInt(amount!)),
      );
      expect(await harness.uncleReward(v.reward!, v.uncleRewardBps!, 3)).to.equal(BigInt(v.uncleRewardOfThree!));
      for (const [depth, slot] of v.firstSlotPerDepth.entries()) {
        expect(await harness.weightOf(slot, v.arity!, v.nodeWeights!)).to.equal(BigInt(v.weightPerDepth[depth]!));
      }
    }
  });

  it("lane", async () => {
    for (const v of vectors("lane")) {
      expect(await harness.roundNumberOf(v.head!)).to.equal(BigInt(v.roundNumber!));
      expect([...(await harness.unpackLane(v.lane!, v.roundNumber!))]).to.deep.equal([
        BigInt(v.digest!),
        BigInt(v.deposit!),
        v.isInUse,
      ]);
    }
  });

  it("candidate", async () => {
    for (const v of vectors("candidate")) {
      expect([...(await harness.unpackOffer(v.offer!))]).to.deep.equal([
        v.proposer,
        ...[v.burnBid, v.proverShareBps, v.seat, v.l1OpCount].map((field) => BigInt(field!)),
      ]);
      expect([...(await harness.unpackStanding(v.standing!))]).to.deep.equal(
        [v.score, v.committedAt, v.provers].map((field) => BigInt(field!)),
      );
      const [unit, isFinal, isPaid, ...rest] = await harness.unpackPayout(v.payout!);
      expect([unit, isFinal, isPaid]).to.deep.equal([BigInt(v.proverUnit!), v.isFinal, v.isPaid]);
      expect(rest).to.deep.equal([v.silent, v.named, v.fulfilledWeight, v.fees].map((field) => BigInt(field!)));
      expect([...(await harness.unpackSetting(v.setting!))]).to.deep.equal(
        [v.acceptanceEnds, v.eligibleAt, v.exponent, v.txCount, v.roundId].map((field) => BigInt(field!)),
      );
    }
  });

  it("burns", async () => {
    for (const v of vectors("burns")) {
      const { atProof, ofWinner, ofUncle, ownOfUncle, atForfeit } = await harness.burns(
        ...([v.rule!, v.burnBid!, v.uncleBurnBps!, v.forfeitBps!, v.silent!, v.named!] as const),
      );
      expect([atProof, ofWinner, ofUncle, ownOfUncle, atForfeit]).to.deep.equal(
        [v.atProof, v.ofWinner, v.ofUncle, v.ownOfUncle, v.atForfeit].map((amount) => BigInt(amount!)),
      );
    }
  });
});

/** Vectors spell addresses as 20 or 32 bytes. */
function address(value: string): string {
  return `0x${value.slice(-40)}`;
}
