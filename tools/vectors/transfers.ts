import {
  BLOB_FIELD,
  blobPower,
  decodeFloat,
  elementsPerBase,
  evaluate,
  FIELD,
  hashMany,
  NO_TRANSFER,
  packTransfer,
  signTransfer,
  SUBGROUP_ORDER,
  TAG,
  toLimbs,
  type TransferElements,
  transferElements,
  transferMessage,
} from "../../src/protocol/index.ts";
import { type Case, domain, random, secrets } from "./case.ts";

const TRANSFERS = [
  { from: 1, to: 2, amount: 10n ** 18n, fee: 10n ** 15n },
  { from: 65_535, to: 65_535, amount: (2n ** 27n - 1n) * 10n ** 20n, fee: 2047n * 10n ** 20n },
  { from: 3, to: 1, amount: 0n, fee: 1n },
  { from: 2, to: 3, amount: 123_456_789n, fee: 0n },
];

export function transfers(): Case[] {
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

export function floats(): Case[] {
  return [0n, 1n, 31n, 32n, 33n, 0xffff_ffffn, 0xffff_ffe0n, 12_345n].map((encoded) => ({
    encoded,
    value: decodeFloat(encoded, 27),
  }));
}

/** A signature's two elements, and the packed transfer. */
export function signedElements(i: number): TransferElements {
  const { signature, ...transfer } = signTransfer(secrets[i]!, domain, TRANSFERS[i]!, 0n);
  return { packed: packTransfer(transfer), r8y: signature.r8.y, s: signature.s };
}

/** Base nodes of transfers: full, with unused places, and with the least and the largest numbers. */
export function elements(): Case[] {
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

export function limbs(): Case[] {
  const edges = [0n, 1n, 2n ** 86n - 1n, 2n ** 86n, 2n ** 172n - 1n, 2n ** 172n, FIELD - 1n, FIELD, BLOB_FIELD - 1n];
  return edges.map((value) => ({ value, limbs: toLimbs(value) }));
}
