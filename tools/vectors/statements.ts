import {
  baseContent,
  basePublicInputs,
  type Content,
  contentHash,
  mergeContent,
  mergePublicInputs,
  nodeNumber,
  packAssigned,
  packExit,
  rootContent,
  rootInputs,
  type RootStatement,
  rootVector,
  vrfBeta,
} from "../../src/protocol/index.ts";
import { type Case, domain, element, keys, random, secrets } from "./case.ts";
import { EXITS } from "./exits.ts";

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

export function contents(): Case[] {
  return ARITIES.flatMap((arity) => {
    const { base, merge, root, z, childKeys } = treeOf(arity);
    return [
      ...base.map((content) => ({ kind: "base", arity, z, childKeys: [], childContents: [], ...contentCase(content) })),
      { kind: "merge", arity, z, childKeys, childContents: base.map(contentHash), ...contentCase(merge) },
      { kind: "root", arity, z, childKeys, childContents: [], ...contentCase(root) },
    ];
  });
}

export function publicInputs(): Case[] {
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

export function roots(): Case[] {
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
