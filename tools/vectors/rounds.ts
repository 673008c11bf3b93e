import { id, toBeHex } from "ethers";
import { type CandidateWords, readCandidate } from "../../src/chain/candidate.ts";
import { readLane, roundNumberOf } from "../../src/chain/lane.ts";
import {
  BLOB_FIELD,
  commitDigest,
  dataPoint,
  domainOf,
  encodeTranscript,
  orderCommitment,
  packTerms,
  proposalId,
  revealDigest,
  roundId,
} from "../../src/protocol/index.ts";
import { address, type Case, element, random } from "./case.ts";

export function proposals(): Case[] {
  return [1n, 31337n, 2n ** 64n].flatMap((chainId) =>
    [0, 1, 10_000].map((proverShareBps) => {
      const label = `proposal ${chainId} ${proverShareBps}`;
      const rollup = address(`${label} rollup`);
      const proposer = address(label);
      const round = { height: proverShareBps + 1, attempt: Number(random(label, 8)) + 1 };
      const order = {
        domain: domainOf({ chainId, rollup }),
        roundId: roundId(round),
        proposer,
        txsRoot: element(`${label} txs`),
        txCount: random(`${label} count`, 32),
        blobHashes: Array.from({ length: proverShareBps === 1 ? 9 : proverShareBps % 3 }, (_, b) =>
          id(`${label} ${b}`),
        ),
        operationsHash: id(`${label} operations`),
        salt: id(`${label} salt`),
      };
      const commitment = orderCommitment(order);
      const parent = proverShareBps === 0 ? 0n : random(`${label} parent`, 248);
      return {
        chainId,
        rollup,
        ...round,
        ...order,
        orderCommitment: commitment,
        z: dataPoint(commitment),
        parent,
        proverShareBps,
        proposalId: proposalId({ ...order, parent, orderCommitment: commitment, proverShareBps }),
      };
    }),
  );
}

export function commits(): Case[] {
  return [
    { roundId: 0n, proverShareBps: 0, burnBid: 0n, parentRef: 0 },
    { roundId: roundId({ height: 1, attempt: 1 }), proverShareBps: 2_500, burnBid: 100n, parentRef: 0 },
    { roundId: 2n ** 64n - 1n, proverShareBps: 65_535, burnBid: 2n ** 64n - 1n, parentRef: 2 ** 24 - 1 },
  ].map((terms, i) => {
    const transcript = encodeTranscript(
      Array.from({ length: 7 + 14 * i }, (_, slot) => Number(random(`commit ${i} ${slot}`, 16))),
    );
    const commit = {
      terms: packTerms(terms),
      orderCommitment: id(`commit ${i}`),
      transcript,
      committedAt: random(`commit ${i}`, 32),
    };
    return { ...terms, ...commit, commitDigest: commitDigest(commit) };
  });
}

export function reveals(): Case[] {
  return [0n, 1n, 16_383n].map((l1OpCount) => {
    const reveal = {
      txsRoot: element(`reveal txs ${l1OpCount}`),
      txCount: random(`reveal count ${l1OpCount}`, 32),
      dataEval: l1OpCount === 1n ? BLOB_FIELD - 1n : random(`reveal data ${l1OpCount}`, 256) % BLOB_FIELD,
      l1OpCount,
    };
    return { ...reveal, revealDigest: revealDigest(reveal) };
  });
}

export function lanes(): Case[] {
  return Array.from({ length: 2 }, (_, i) => {
    const head = random(`head ${i}`, 256);
    const roundNumber = roundNumberOf(head);
    // Of any round and of this one; neither settled nor not; without a commit.
    const [digest, tag, rest] = [random(`lane ${i}`, 192), roundNumber & 0xf_ffffn, random(`deposit ${i}`, 40)];
    const words = [
      random(`any lane ${i}`, 256),
      (digest << 64n) | (tag << 40n) | rest,
      (digest << 64n) | (1n << 60n) | (tag << 40n) | rest,
      (digest << 64n) | (1n << 60n) | ((tag ^ 1n) << 40n) | rest,
      (tag << 40n) | rest,
    ];
    return words.map((lane) => ({ head, roundNumber, lane, ...readLane(lane, roundNumber) }));
  }).flat();
}

export function candidates(): Case[] {
  return Array.from({ length: 8 }, (_, i) => {
    const word = (name: string) => random(`candidate ${name} ${i}`, 256);
    const bytes = (name: string) => toBeHex(word(name), 32);
    const words: CandidateWords = {
      standing: word("standing"),
      payout: word("payout"),
      nextStateRoot: word("nextStateRoot"),
      contentsHash: bytes("contentsHash"),
      transcriptHash: bytes("transcriptHash"),
      offer: word("offer"),
      orderCommitment: bytes("orderCommitment"),
      roundSeed: word("roundSeed"),
      withdrawalsRoot: word("withdrawalsRoot"),
      setting: word("setting"),
    };
    return { ...words, ...readCandidate(words)! };
  });
}
