/**
 * Writes `test/vectors/*.json`, the values that hold Solidity, Circom and TypeScript together.
 * Each file is `{ "count": n, "cases": [{...}] }`: a value is a boolean, a name, 0x and 64 digits for a number, 0x
 * bytes, or a list of those.
 *
 * Run: node --import tsx tools/vectors.ts
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { getAddress, id, keccak256, toBeHex, TypedDataEncoder } from "ethers";
import {
  assignedCounts,
  baseContent,
  basePublicInputs,
  BLOB_FIELD,
  blobElements,
  blobEvaluations,
  blobPower,
  blockEvaluation,
  blockReward,
  blockTxsRoot,
  blockWithdrawalsRoot,
  BURN_RULE,
  burnAtForfeit,
  burnAtProof,
  burnOfUncle,
  burnOfWinner,
  childSlots,
  commitDigest,
  compress,
  type Content,
  contentHash,
  dataPoint,
  decodeFloat,
  domainOf,
  dueOperations,
  dynamicScore,
  type DynamicScoreOptions,
  ELEMENTS_PER_BLOB,
  elementsPerBase,
  encodeAssigned,
  encodeOperation,
  encodeOperations,
  encodeTranscript,
  type Entry,
  evaluate,
  exitPath,
  exitPosition,
  exitsPerBase,
  EXPONENT_ONE,
  FIELD,
  firstSlot,
  type Forest,
  fulfilment,
  hashContents,
  hashMany,
  isWithin,
  keyHash,
  keyOwnershipPublicInputs,
  ln,
  mergeContent,
  mergePublicInputs,
  minusLn,
  mostBlobs,
  NO_TRANSFER,
  nodeAt,
  nodeNumber,
  nodeWeight,
  type Operation,
  operationChain,
  operationFields,
  operationKind,
  operationNodeElements,
  openContents,
  orderCommitment,
  packAssigned,
  packExit,
  packFlags,
  packNodeWeights,
  packOperation,
  packSizeRule,
  packTerms,
  packTransfer,
  packVote,
  parentSlot,
  placeExits,
  plainScore,
  poseidon,
  type Profile,
  proposalId,
  publicKey,
  raceScore,
  revealDigest,
  rootContent,
  rootInputs,
  type RootStatement,
  rootVector,
  roundId,
  score,
  secretKeyFromSeed,
  signTransfer,
  signVote,
  sizeFactor,
  type SizeRule,
  slotCount,
  slotReward,
  splitReward,
  totalWeight,
  stakeScore,
  SUBGROUP_ORDER,
  TAG,
  toLimbs,
  transferElements,
  type TransferElements,
  transferMessage,
  typedOperation,
  uncleReward,
  voteMessage,
  vrfBeta,
} from "../src/protocol/index.ts";
import { readCandidate, type CandidateWords } from "../src/chain/candidate.ts";
import { readLane, roundNumberOf } from "../src/chain/lane.ts";
import { preciseLn } from "./preciseLn.ts";

type Value = bigint | number | boolean | string | readonly Value[];
type Case = Record<string, Value>;

/** A reproducible number of `bits` bits for `label`. */
function random(label: string, bits: number): bigint {
  return BigInt(id(`b52 vectors ${label}`)) >> BigInt(256 - bits);
}

/** A reproducible field element. */
function element(label: string): bigint {
  return BigInt(id(`b52 vectors ${label}`)) % FIELD;
}

function address(label: string): string {
  return getAddress(toBeHex(random(label, 160), 20));
}

const secrets = Array.from({ length: 8 }, (_, i) => secretKeyFromSeed(`b52 vectors ${i}`));
const keys = secrets.map((secret) => keyHash(publicKey(secret)));
const domain = domainOf({ chainId: 31337n, rollup: address("rollup") });

function poseidons(): Case[] {
  const lengths = Array.from({ length: 16 }, (_, i) => i + 1);
  return lengths.map((length) => {
    const inputs = Array.from({ length }, (_, i) => element(`poseidon ${length} ${i}`));
    return { inputs, hash: poseidon(inputs) };
  });
}

function compressions(): Case[] {
  const inputs = [0, 1, 2].map((n) => Array.from({ length: 4 }, (_, i) => element(`compress ${n} ${i}`)));
  return [[0n, 0n, 0n, 0n], Array<bigint>(4).fill(FIELD - 1n), ...inputs].map((four) => ({
    inputs: four,
    hash: compress(four),
  }));
}

function hashManys(): Case[] {
  return [0, 1, 2, 13, 14, 15, 29, 30, 44].map((length) => {
    const values = Array.from({ length }, (_, i) => element(`hashMany ${length} ${i}`));
    return { tag: TAG.txs, values, hash: hashMany(TAG.txs, values) };
  });
}

function proposals(): Case[] {
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

function commits(): Case[] {
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

const FORESTS: readonly Forest[] = [
  { arity: 2, levels: 1 },
  { arity: 2, levels: 2 },
  { arity: 2, levels: 3 },
  { arity: 4, levels: 2 },
  { arity: 8, levels: 1 },
  { arity: 16, levels: 1 },
];

function nodes(): Case[] {
  return FORESTS.flatMap((forest) =>
    Array.from({ length: slotCount(forest) }, (_, slot) => {
      const node = nodeAt(forest, slot);
      return {
        ...forest,
        slotCount: slotCount(forest),
        slot,
        ...node,
        node: nodeNumber(node),
        parentSlot: parentSlot(forest, slot) ?? 0,
        firstChild: childSlots(forest, slot)[0] ?? 0,
      };
    }),
  );
}

/** Which of all nodes a vote for each node covers, one bit for each slot. */
function coverage(): Case[] {
  return FORESTS.slice(1, 4).flatMap((forest) =>
    Array.from({ length: slotCount(forest) }, (_, slot) => {
      const root = nodeAt(forest, slot);
      const slots = Array.from({ length: slotCount(forest) }, (_, other) => other);
      const covered = slots.filter((other) => isWithin(forest, nodeAt(forest, other), root));
      return { ...forest, slot, coveredSlots: covered.reduce((bits, other) => bits | (1n << BigInt(other)), 0n) };
    }),
  );
}

/** A transcript over provers 0 (nobody) to 4, and which of its slots voted and delivered. */
function transcriptOf(forest: Forest, label: string): { transcript: number[]; voted: bigint; delivered: bigint } {
  const slots = slotCount(forest);
  const transcript = Array.from({ length: slots }, (_, slot) => Number(random(`${label} prover ${slot}`, 16) % 5n));
  const assigned = transcript.reduce((bits, prover, slot) => (prover === 0 ? bits : bits | (1n << BigInt(slot))), 0n);
  return {
    transcript,
    voted: random(`${label} voted`, slots) & assigned,
    delivered: random(`${label} delivered`, slots),
  };
}

const isSet = (bits: bigint) => (slot: number) => ((bits >> BigInt(slot)) & 1n) === 1n;

function transcripts(): Case[] {
  return [...FORESTS, { arity: 4, levels: 3 }].map((forest) => {
    const { transcript, voted, delivered } = transcriptOf(forest, `transcript ${forest.arity} ${forest.levels}`);
    // Prover 4 is not eligible in this round: its slots have no key.
    const slotKeys = transcript.map((prover) => (prover === 0 || prover === 4 ? 0n : keys[prover]!));
    const counts = assignedCounts(transcript, slotKeys);
    return {
      ...forest,
      provers: transcript,
      transcript: encodeTranscript(transcript),
      keys: slotKeys,
      assigned: encodeAssigned(counts),
      childAssigned: packAssigned(counts.slice(1, 1 + forest.arity)),
      voted,
      delivered,
      flags: [
        ...packFlags(transcript.length, {
          voted: isSet(voted),
          delivered: isSet(delivered),
          handedIn: (slot) => slot % 7 === 3,
        }),
      ],
    };
  });
}

function keysAndVrf(): Case[] {
  return [1n, 2n, SUBGROUP_ORDER - 1n, ...secrets.slice(0, 3)].map((secret, i) => {
    const key = publicKey(secret);
    const seed = i % 2 === 0 ? element(`seed ${i}`) : 0n;
    const owner = address(`owner ${i}`);
    const statement = { key: keyHash(key), owner: BigInt(owner), domain, seed, beta: vrfBeta(secret, seed) };
    return { secret, x: key.x, y: key.y, ...statement, publicInputs: keyOwnershipPublicInputs(statement) };
  });
}

function votes(): Case[] {
  return [
    { depth: 0, index: 0, capacity: 1, minBurnBid: 0n },
    { depth: 2, index: 3, capacity: 7, minBurnBid: 250n },
    { depth: 255, index: 2 ** 32 - 1, capacity: 65_535, minBurnBid: 2n ** 64n - 1n },
  ].map((place, i) => {
    const terms = { ...place, proposalId: random(`vote ${i}`, 248) };
    const { key, signature } = signVote(secrets[i]!, terms);
    return {
      ...terms,
      secret: secrets[i]!,
      packed: packVote(terms),
      message: voteMessage(terms),
      keyX: key.x,
      keyY: key.y,
      r8x: signature.r8.x,
      r8y: signature.r8.y,
      s: signature.s,
    };
  });
}

const TRANSFERS = [
  { from: 1, to: 2, amount: 10n ** 18n, fee: 10n ** 15n },
  { from: 65_535, to: 65_535, amount: (2n ** 27n - 1n) * 10n ** 20n, fee: 2047n * 10n ** 20n },
  { from: 3, to: 1, amount: 0n, fee: 1n },
  { from: 2, to: 3, amount: 123_456_789n, fee: 0n },
];

function transfers(): Case[] {
  return TRANSFERS.map((transfer, i) => {
    const nonce = BigInt(i) * 1000n;
    const { sender, signature } = signTransfer(secrets[i]!, domain, transfer, nonce);
    const packed = packTransfer(transfer);
    return {
      ...transfer,
      domain,
      nonce,
      secret: secrets[i]!,
      packed,
      message: transferMessage(domain, packed, nonce),
      senderX: sender.x,
      senderY: sender.y,
      r8x: signature.r8.x,
      r8y: signature.r8.y,
      s: signature.s,
    };
  });
}

function floats(): Case[] {
  return [0n, 1n, 31n, 32n, 33n, 0xffff_ffffn, 0xffff_ffe0n, 12_345n].map((encoded) => ({
    encoded,
    value: decodeFloat(encoded, 27),
  }));
}

/** A signature's two elements, and the packed transfer. */
function signedElements(i: number): TransferElements {
  const { signature, ...transfer } = signTransfer(secrets[i]!, domain, TRANSFERS[i]!, 0n);
  return { packed: packTransfer(transfer), r8y: signature.r8.y, s: signature.s };
}

/** Base nodes of transfers: full, with unused places, and with the least and the largest numbers. */
function elements(): Case[] {
  const signed = TRANSFERS.map((_, i) => signedElements(i));
  const largest = { packed: 2n ** 80n - 1n, r8y: FIELD - 1n, s: SUBGROUP_ORDER - 1n };
  const least = { packed: 1n, r8y: 0n, s: 0n };
  return [
    { transfersPerBase: 1, operationsPerBase: 1, transfers: signed.slice(0, 1) },
    { transfersPerBase: 2, operationsPerBase: 2, transfers: signed.slice(0, 1) },
    { transfersPerBase: 3, operationsPerBase: 5, transfers: [largest, NO_TRANSFER, least] },
    { transfersPerBase: 7, operationsPerBase: 2, transfers: signed },
    { transfersPerBase: 4, operationsPerBase: 4, transfers: [] },
    { transfersPerBase: 12, operationsPerBase: 1, transfers: Array<TransferElements>(12).fill(largest) },
  ].map(({ transfers, ...sizes }, i) => {
    const elements = transferElements(sizes, transfers);
    const z = i === 0 ? 2n ** 248n - 1n : random(`elements ${i}`, 248);
    return {
      ...sizes,
      packed: transfers.map(({ packed }) => packed),
      r8y: transfers.map(({ r8y }) => r8y),
      s: transfers.map(({ s }) => s),
      elementsPerBase: elementsPerBase(sizes),
      elements,
      z,
      dataEval: evaluate(elements, z),
      zPow: blobPower(z, elements.length),
      txsRoot: hashMany(TAG.txs, elements),
    };
  });
}

function limbs(): Case[] {
  const edges = [0n, 1n, 2n ** 86n - 1n, 2n ** 86n, 2n ** 172n - 1n, 2n ** 172n, FIELD - 1n, FIELD, BLOB_FIELD - 1n];
  return edges.map((value) => ({ value, limbs: toLimbs(value) }));
}

const OWNER = random("owner", 160);

/** Every kind, and the extremes of every field. */
const OPERATIONS: readonly Operation[] = [
  { from: 0, to: 7, amount: 25n * 10n ** 18n, l1Owner: OWNER, key: keys[0]! },
  { from: 7, to: 3, amount: 10n ** 18n, l1Owner: OWNER, key: 0n },
  { from: 7, to: 0, amount: 123_456_789n, l1Owner: OWNER, key: 0n },
  { from: 0, to: 65_535, amount: (2n ** 27n - 1n) * 10n ** 31n, l1Owner: 2n ** 160n - 1n, key: FIELD - 1n },
  { from: 65_535, to: 65_535, amount: 0n, l1Owner: 1n, key: 0n },
  { from: 0, to: 1, amount: 1n, l1Owner: 1n, key: 1n },
  { from: 0, to: 1, amount: 1n, l1Owner: 1n, key: 2n ** 240n },
  // A number of which the low byte is 0 is not 0.
  { from: 256, to: 7, amount: 10n ** 18n, l1Owner: OWNER, key: 0n },
];

function operations(): Case[] {
  let chain = 0n;
  return OPERATIONS.map((operation, number) => {
    const [word0, word1] = packOperation(operation);
    const encoded = encodeOperation(operation);
    const previousChain = chain;
    chain = operationChain(previousChain, encoded);
    const { encodedAmount } = operationFields([word0, word1]);
    return {
      number,
      kind: operationKind(operation),
      ...operation,
      encodedAmount,
      word0,
      word1,
      encoded,
      previousChain,
      chain,
    };
  });
}

function signedOperations(): Case[] {
  const route = { chainId: 31337n, bridge: address("bridge") };
  return OPERATIONS.filter(({ from }) => from !== 0).map(({ l1Owner, from, to, amount }, i) => {
    const operation = { l1Owner, from, to, amount, nonce: random(`operation nonce ${i}`, 8 * i + 1) };
    const { domain, types, value } = typedOperation(route, operation);
    return {
      ...route,
      ...operation,
      encodedAmount: value.amount as bigint,
      digest: TypedDataEncoder.hash(domain, types, value),
    };
  });
}

/** Queues of operations posted every ten seconds, two at a time, from second 100. */
function dues(): Case[] {
  return [0, 1, 6].flatMap((length) => {
    const postedAt = Array.from({ length }, (_, i) => 100n + 10n * BigInt(Math.floor(i / 2)));
    return [0, 1, 5].flatMap((settled) =>
      [0n, 100n, 101n, 110n, 111n, 1_000n].flatMap((queueCut) =>
        [1, 2, 100].flatMap((max) =>
          settled > length
            ? []
            : [{ postedAt, settled, queueCut, max, due: dueOperations(postedAt, settled, queueCut, max) }],
        ),
      ),
    );
  });
}

const SIZES: readonly Profile[] = [
  { name: "dev", arity: 2, levels: 2, accountDepth: 4, transfersPerBase: 2, operationsPerBase: 2 },
  { name: "few operations", arity: 4, levels: 1, accountDepth: 4, transfersPerBase: 4, operationsPerBase: 1 },
  { name: "few transfers", arity: 2, levels: 1, accountDepth: 4, transfersPerBase: 1, operationsPerBase: 3 },
  { name: "long lists", arity: 2, levels: 1, accountDepth: 4, transfersPerBase: 17, operationsPerBase: 2 },
];

const sizesOf = ({ arity, levels, transfersPerBase, operationsPerBase }: Profile) => ({
  arity,
  levels,
  transfersPerBase,
  operationsPerBase,
});

/** What is public of whole blocks, and the one evaluation of it. */
function blocks(): Case[] {
  return SIZES.flatMap((profile) =>
    [0, 1, 2, 3].map((l1OpCount, i) => {
      const operations = OPERATIONS.slice(0, l1OpCount).map(packOperation);
      const first = operationNodeElements(profile, operations);
      const rest = Array.from({ length: profile.arity ** profile.levels - first.length }, (_, node) =>
        transferElements(profile, node === 0 ? [signedElements(i)] : []),
      );
      const elements = blobElements(rest);
      const z = random(`block ${profile.name} ${l1OpCount}`, 248);
      const blobs = blobEvaluations(elements, z);
      const encoded = encodeOperations(operations);
      return {
        ...sizesOf(profile),
        l1OpCount,
        elementsPerBase: elementsPerBase(profile),
        operationNodes: first.length,
        mostBlobs: mostBlobs(profile, l1OpCount),
        operations: encoded,
        operationsHash: keccak256(encoded),
        elements,
        z,
        blobEvaluations: blobs,
        dataEval: blockEvaluation(profile, operations, blobs, z),
        txsRoot: blockTxsRoot(profile, [...first, ...rest]),
      };
    }),
  );
}

/** Of blocks with several blobs, whatever these hold: the largest values, too. */
function evaluations(): Case[] {
  const profile = { name: "blobs", arity: 16, levels: 2, accountDepth: 8, transfersPerBase: 128, operationsPerBase: 3 };
  return [0, 1, 3, 4, 8].flatMap((l1OpCount) =>
    [0, 1, 2, 6, 18].map((count) => {
      const operations = OPERATIONS.slice(0, l1OpCount).map(packOperation);
      const label = `evaluation ${l1OpCount} ${count}`;
      const z = random(label, 248);
      const blobs = Array.from({ length: count }, (_, b) =>
        b === 1 ? BLOB_FIELD - 1n : random(`${label} ${b}`, 256) % BLOB_FIELD,
      );
      return {
        ...sizesOf(profile),
        elementsPerBase: elementsPerBase(profile),
        elementsPerBlob: ELEMENTS_PER_BLOB,
        mostBlobs: mostBlobs(profile, l1OpCount),
        operations: encodeOperations(operations),
        z,
        blobEvaluations: blobs,
        dataEval: blockEvaluation(profile, operations, blobs, z),
      };
    }),
  );
}

function reveals(): Case[] {
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

const EXITS = [
  { l1Owner: OWNER, amount: 10n ** 18n },
  { l1Owner: 2n ** 160n - 1n, amount: (2n ** 27n - 1n) * 10n ** 31n },
  { l1Owner: 1n, amount: 0n },
];

/** Every exit of some blocks, with what shows it. */
function exits(): Case[] {
  return SIZES.flatMap((profile) => {
    const width = exitsPerBase(profile);
    const leaves = Array.from({ length: profile.arity ** profile.levels }, () => new Array<bigint>(width).fill(0n));
    EXITS.forEach((exit, i) => (leaves[(i + 1) % leaves.length]![(i * (width - 1)) % width] = packExit(exit)));
    const placed = placeExits(leaves);
    return placed.map(({ l1Owner, amount, position, packed }) => {
      const path = exitPath(profile, placed, position);
      return {
        ...sizesOf(profile),
        exitsPerBase: width,
        l1Owner,
        amount,
        packed,
        base: position >> 16,
        leaf: position & 0xffff,
        position: exitPosition({ base: position >> 16, leaf: position & 0xffff }),
        leaves: path.leaves,
        children: path.children,
        withdrawalsRoot: blockWithdrawalsRoot(profile, placed),
      };
    });
  });
}

function contentCase(content: Content): Case {
  return { ...content, content: contentHash(content) };
}

interface Tree {
  readonly base: Content[];
  readonly merge: Content;
  readonly root: Content;
  readonly z: bigint;
  readonly childKeys: bigint[];
}

/** A two-level tree of made-up state transitions whose first merge is expanded. */
function treeOf(arity: number): Tree {
  const label = `tree ${arity}`;
  const z = random(`${label} z`, 248);
  const stateRoot = (i: number): bigint => element(`${label} state ${i}`);
  const childKeys = Array.from({ length: arity }, (_, i) => (i % 3 === 2 ? 0n : keys[i % keys.length]!));
  const merges = Array.from({ length: arity }, (_, m) => {
    const base = Array.from({ length: arity }, (_, b) => {
      const i = m * arity + b;
      const elements = Array.from({ length: 5 }, (_, e) => element(`${label} element ${i} ${e}`));
      const execution = {
        prevStateRoot: stateRoot(i),
        nextStateRoot: stateRoot(i + 1),
        elements,
        fees: random(`${label} fees ${i}`, 64),
        txCount: BigInt(i % 4),
        l1OpCount: BigInt(i % 3),
        exits: [packExit(EXITS[i % EXITS.length]!), 0n, BigInt(i)],
      };
      return baseContent(2, execution, z);
    });
    return { base, merge: mergeContent(base, childKeys) };
  });
  const root = rootContent(
    merges.map(({ merge }) => merge),
    childKeys,
    keys[5]!,
  );
  return { base: merges[0]!.base, merge: merges[0]!.merge, root, z, childKeys };
}

const ARITIES = [2, 4, 8, 16];

function contents(): Case[] {
  return ARITIES.flatMap((arity) => {
    const { base, merge, root, z, childKeys } = treeOf(arity);
    return [
      ...base.map((content) => ({ kind: "base", arity, z, childKeys: [], childContents: [], ...contentCase(content) })),
      { kind: "merge", arity, z, childKeys, childContents: base.map(contentHash), ...contentCase(merge) },
      { kind: "root", arity, z, childKeys, childContents: [], ...contentCase(root) },
    ];
  });
}

function publicInputs(): Case[] {
  return ARITIES.map((arity) => {
    const { base, merge, z, childKeys } = treeOf(arity);
    const common = {
      domain,
      proposalId: random(`inputs ${arity}`, 248),
      workerKey: keys[1]!,
      roundSeed: 5n,
      beta: vrfBeta(secrets[1], 5n),
    };
    const baseStatement = { ...common, content: contentHash(base[0]!), z, node: nodeNumber({ depth: 2, index: 0 }) };
    const mergeStatement = {
      ...common,
      content: contentHash(merge),
      node: nodeNumber({ depth: 1, index: 0 }),
      childContent: base.map(contentHash),
      childKey: childKeys,
      childAssigned: packAssigned(childKeys.map((key, i) => (key === 0n ? 0 : 1000 + i))),
      mask: 1n,
      burnBid: 777n,
    };
    return {
      arity,
      ...mergeStatement,
      basePublicInputs: basePublicInputs(baseStatement),
      baseContent: baseStatement.content,
      baseNode: baseStatement.node,
      z,
      mergePublicInputs: mergePublicInputs(mergeStatement),
    };
  });
}

function roots(): Case[] {
  return ARITIES.map((arity) => {
    const { root, childKeys } = treeOf(arity);
    const { level: _level, zPow: _zPow, ...opened } = root;
    const statement: RootStatement = {
      ...opened,
      domain,
      proposalId: random(`root ${arity}`, 248),
      burnBid: random(`root bid ${arity}`, 64),
      workerKey: keys[5]!,
      roundSeed: 0n,
      beta: 0n,
      ownKey: keys[5]!,
      assigned: packAssigned([...childKeys.map((key, i) => (key === 0n ? 0 : i + 1)), 3]),
      mask: (1n << BigInt(arity)) | 1n,
      childContent: childKeys.map((_, i) => element(`root ${arity} child ${i}`)),
      childKey: childKeys,
    };
    const vector = rootVector(statement);
    const { commitment, x, y } = rootInputs(vector);
    return { arity, ...statement, vector, C: commitment, x, y };
  });
}

function scores(): Case[] {
  return [
    [0, 1n],
    [1, 1n],
    [49, 1_062n],
    [51, 1_000n],
    [2_048, 123_456_789n],
    [65_535, 2n ** 64n - 1n],
  ].map(([provers, burnBid]) => ({
    provers: provers!,
    burnBid: burnBid!,
    score: score(Number(provers), BigInt(burnBid!)),
  }));
}

/** Around every power of two and every step of the reduction, and where an argument has more bits than count. */
function logarithms(): Case[] {
  const roots = [1, 2, 4, 8, 16].map((root) => BigInt(Math.round(2 ** (52 + 1 / root))) << 28n);
  const small = [1n, 2n, 3n, 7n, 10n, 10_000n, 65_535n, 2n ** 64n - 1n];
  const edges = [2n ** 80n, 2n ** 81n, 2n ** 128n, 2n ** 176n, FIELD, 2n ** 255n, ...roots].flatMap((x) => [
    x - 1n,
    x,
    x + 1n,
  ]);
  const large = Array.from({ length: 12 }, (_, i) => random(`ln ${i}`, 20 * (i + 1)) + 1n);
  return [...small, ...edges, ...large, 2n ** 256n - 1n].map((x) => ({ x, ln: ln(x), preciseLn: preciseLn(x) }));
}

function minusLogarithms(): Case[] {
  const edges = [1n, 2n, FIELD / 2n, FIELD - 2n ** 200n, FIELD - 2n ** 160n, FIELD - 2n, FIELD - 1n];
  const betas = [...edges, ...Array.from({ length: 12 }, (_, i) => element(`minusLn ${i}`))];
  return betas.map((beta) => ({ beta, minusLn: minusLn(beta), preciseMinusLn: preciseLn(FIELD) - preciseLn(beta) }));
}

const SIZE_RULES: readonly (SizeRule | undefined)[] = [
  undefined,
  { arity: 2, transfersPerBase: 2, countsHeight: true, countsTransactions: false },
  { arity: 4, transfersPerBase: 3, countsHeight: false, countsTransactions: true },
  { arity: 16, transfersPerBase: 128, countsHeight: true, countsTransactions: true },
];

function sizes(): Case[] {
  return SIZE_RULES.flatMap((rule) =>
    [0, 1, 2, 3, 4, 5, 12, 13, 128, 129, 2_048, 16_384, 32_769, 2 ** 32 - 1].map((txCount) => ({
      sizeRule: packSizeRule(rule),
      txCount,
      factor: sizeFactor(rule, txCount),
    })),
  );
}

const DYNAMIC = {
  slotCount: 341,
  targetProvers: 100,
  minExponent: EXPONENT_ONE,
  maxExponent: 8 * EXPONENT_ONE,
  initialExponent: 3 * EXPONENT_ONE,
} satisfies DynamicScoreOptions;

const STAKE_UNIT = 10n ** 18n;

/** Candidates of a few provers, and the extremes. */
function entries(): Entry[] {
  const drawn = [0, 1, 2, 3, 5, 8].map((provers, i) => ({
    burnBid: random(`entry bid ${i}`, 10 * (i + 1)) + 1n,
    provers,
    txCount: Number(random(`entry transactions ${i}`, 3 * i + 2)),
    exponent: EXPONENT_ONE * (i + 1),
    stakes: Array.from({ length: provers }, (_, p) => random(`entry stake ${i} ${p}`, 66) + STAKE_UNIT),
    betas: Array.from({ length: provers }, (_, p) => (p % 5 === 4 ? 0n : element(`entry beta ${i} ${p}`))),
  }));
  const most = {
    burnBid: 2n ** 64n - 1n,
    provers: 65_535,
    txCount: 2 ** 32 - 1,
    exponent: 8 * EXPONENT_ONE,
    stakes: [2n ** 96n - 1n],
    betas: [FIELD - 1n],
  };
  const least = { burnBid: 1n, provers: 1, txCount: 0, exponent: EXPONENT_ONE, stakes: [1n], betas: [1n] };
  return [...drawn, least, most];
}

function policies(): Case[] {
  return SIZE_RULES.flatMap((sizeRule) => {
    const scored = {
      plain: plainScore({ sizeRule }),
      stake: stakeScore({ sizeRule, stakeUnit: STAKE_UNIT }),
      dynamic: dynamicScore({ ...DYNAMIC, sizeRule }),
      race: raceScore({ sizeRule }),
    };
    return Object.entries(scored).flatMap(([policy, { score, fraction }]) =>
      entries().map((entry, i) => {
        const bps = [10_000n, 9_999n, 5_000n, 1n, 0n][i % 5]!;
        const scores = { score: score(entry), bps, fraction: fraction(score(entry), bps) };
        return { policy, stakeUnit: STAKE_UNIT, ...DYNAMIC, sizeRule: packSizeRule(sizeRule), ...entry, ...scores };
      }),
    );
  });
}

function exponents(): Case[] {
  const { nextExponent } = dynamicScore(DYNAMIC);
  return [1, 1.001, 3, 7.3, 8].flatMap((exponent) =>
    [0, 50, 99, 100, 101, 150, 200, 341].map((provers) => {
      const units = Math.floor(exponent * EXPONENT_ONE);
      return { ...DYNAMIC, exponent: units, provers, nextExponent: nextExponent(units, provers) };
    }),
  );
}

function issuance(): Case[] {
  const schedule = { initialReward: 50n * 10n ** 18n + 7n, halvingInterval: 10n };
  return [1, 2, 10, 11, 20, 21, 641, 2_561, 2 ** 32 - 1].map((height) => ({
    ...schedule,
    height,
    blockReward: blockReward(schedule, height),
  }));
}

function rewards(): Case[] {
  const weights = packNodeWeights([40, 30, 10, 5]);
  return FORESTS.slice(0, 4).flatMap((forest) =>
    [0, 3_333, 10_000].map((proverShareBps) => {
      const { transcript, voted, delivered } = transcriptOf(
        forest,
        `reward ${forest.arity} ${forest.levels} ${proverShareBps}`,
      );
      const flags = packFlags(transcript.length, { voted: isSet(voted), delivered: isSet(delivered) });
      const counted = fulfilment(forest, weights, transcript, flags);
      const reward = random(`reward ${proverShareBps}`, 66);
      const total = totalWeight(forest, weights);
      const split = splitReward(reward, proverShareBps, counted.fulfilledWeight, total);
      const provers = BigInt(counted.provers);
      const byHead = splitReward(reward, proverShareBps, counted.fulfilledWeight, total, provers);
      return {
        ...forest,
        nodeWeights: weights,
        weightPerDepth: Array.from({ length: forest.levels + 1 }, (_, depth) => nodeWeight(weights, depth)),
        firstSlotPerDepth: Array.from({ length: forest.levels + 1 }, (_, depth) => firstSlot(forest, depth)),
        transcript: encodeTranscript(transcript),
        flags: [...flags],
        distinctProvers: counted.provers,
        distinctVoters: new Set(transcript.filter((_, slot) => isSet(voted)(slot))).size,
        fulfilledWeight: counted.fulfilledWeight,
        totalWeight: totalWeight(forest, weights),
        reward,
        proverShareBps,
        ...split,
        proverUnitByHead: byHead.proverUnit,
        proposerByHead: byHead.proposer,
        slotRewardPerDepth: Array.from({ length: forest.levels + 1 }, (_, depth) => slotReward(split, weights, depth)),
        uncleRewardBps: 333n,
        uncleRewardOfThree: uncleReward(reward, 333n, 3),
      };
    }),
  );
}

function burns(): Case[] {
  const bids = [0n, 1n, 10_001n, 2n ** 40n - 1n];
  const parts = [
    [0n, 0n],
    [2_500n, 10_000n],
    [3_333n, 5_000n],
    [10_000n, 10_000n],
  ] as const;
  const silences = [
    [0n, 0n],
    [1n, 7n],
    [4n, 7n],
    [5n, 7n],
    [16_383n, 16_383n],
  ] as const;
  return Object.values(BURN_RULE).flatMap((rule) =>
    bids.flatMap((burnBid) =>
      parts.flatMap(([uncleBurnBps, forfeitBps]) =>
        silences.map(([silent, named]) => {
          const ofUncle = burnOfUncle(rule, burnBid, { uncleBurnBps, forfeitBps }, { silent, named });
          return {
            rule,
            burnBid,
            uncleBurnBps,
            forfeitBps,
            silent,
            named,
            atProof: burnAtProof(rule, burnBid),
            ofWinner: burnOfWinner(rule, burnBid),
            ofUncle: ofUncle.burnt,
            ownOfUncle: ofUncle.own,
            atForfeit: burnAtForfeit(rule, burnBid, forfeitBps, { silent, named }),
          };
        }),
      ),
    ),
  );
}

function lanes(): Case[] {
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

function candidates(): Case[] {
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

function contentGroups(): Case[] {
  const cases: [length: number, slots: number[]][] = [
    [2, [2]],
    [6, [1, 6]],
    [32, [1, 32]],
    [33, [33]],
    [130, [3, 64, 129]],
    [256, [256]],
    [257, [257]],
    [600, [1, 40, 290, 300, 600]],
  ];
  return cases.map(([length, slots]) => {
    const contents = Array.from({ length }, (_, i) => element(`contentGroups ${length} ${i}`));
    const { contents: shown, ...hashes } = openContents(contents, slots);
    return {
      contents,
      contentsHash: hashContents(contents),
      slots,
      ...hashes,
      openedContents: shown,
      contentsAt: slots.map((slot) => contents[slot - 1]!),
    };
  });
}

/** Every file's cases, by file name. */
export function vectors(): Record<string, Case[]> {
  return {
    poseidon: poseidons(),
    compress: compressions(),
    hashMany: hashManys(),
    proposal: proposals(),
    commit: commits(),
    nodes: nodes(),
    coverage: coverage(),
    transcript: transcripts(),
    keys: keysAndVrf(),
    vote: votes(),
    transfer: transfers(),
    float: floats(),
    elements: elements(),
    limbs: limbs(),
    operation: operations(),
    signedOperation: signedOperations(),
    due: dues(),
    block: blocks(),
    evaluation: evaluations(),
    reveal: reveals(),
    exit: exits(),
    content: contents(),
    contentGroups: contentGroups(),
    publicInputs: publicInputs(),
    root: roots(),
    score: scores(),
    ln: logarithms(),
    minusLn: minusLogarithms(),
    size: sizes(),
    policy: policies(),
    exponent: exponents(),
    issuance: issuance(),
    reward: rewards(),
    burns: burns(),
    lane: lanes(),
    candidate: candidates(),
  };
}

/** The text of a vector file. */
export function format(cases: readonly Case[]): string {
  const plain = (value: Value): unknown =>
    typeof value === "bigint" || typeof value === "number"
      ? toBeHex(value, 32)
      : Array.isArray(value)
        ? value.map(plain)
        : value;
  const rows = cases.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])));
  return `${JSON.stringify({ count: toBeHex(cases.length, 32), cases: rows }, null, 1)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = new URL("../test/vectors/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  for (const [name, cases] of Object.entries(vectors())) writeFileSync(new URL(`${name}.json`, folder), format(cases));
}
