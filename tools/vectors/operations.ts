import { TypedDataEncoder } from "ethers";
import {
  dueOperations,
  encodeOperation,
  FIELD,
  type Operation,
  operationChain,
  operationFields,
  operationKind,
  packOperation,
  typedOperation,
} from "../../src/protocol/index.ts";
import { address, type Case, keys, random } from "./case.ts";

export const OWNER = random("owner", 160);

/** Every kind, and the extremes of every field. */
export const OPERATIONS: readonly Operation[] = [
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

export function operations(): Case[] {
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

export function signedOperations(): Case[] {
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
export function dues(): Case[] {
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
