import { keccak256 } from "ethers";
import {
  BLOB_FIELD,
  blobElements,
  blobEvaluations,
  blockEvaluation,
  blockTxsRoot,
  ELEMENTS_PER_BLOB,
  elementsPerBase,
  encodeOperations,
  mostBlobs,
  operationNodeElements,
  packOperation,
  type Profile,
  transferElements,
} from "../../src/protocol/index.ts";
import { type Case, random } from "./case.ts";
import { OPERATIONS } from "./operations.ts";
import { signedElements } from "./transfers.ts";

export const SIZES: readonly Profile[] = [
  { name: "dev", arity: 2, levels: 2, accountDepth: 4, transfersPerBase: 2, operationsPerBase: 2 },
  { name: "few operations", arity: 4, levels: 1, accountDepth: 4, transfersPerBase: 4, operationsPerBase: 1 },
  { name: "few transfers", arity: 2, levels: 1, accountDepth: 4, transfersPerBase: 1, operationsPerBase: 3 },
  { name: "long lists", arity: 2, levels: 1, accountDepth: 4, transfersPerBase: 17, operationsPerBase: 2 },
];

export const sizesOf = ({ arity, levels, transfersPerBase, operationsPerBase }: Profile) => ({
  arity,
  levels,
  transfersPerBase,
  operationsPerBase,
});

/** What is public of whole blocks, and the one evaluation of it. */
export function blocks(): Case[] {
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
export function evaluations(): Case[] {
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
