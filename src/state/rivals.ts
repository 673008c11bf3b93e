import type { SignedTransfer } from "../protocol/transfer.ts";

/**
 * Orders rivals: transfers of one account and nonce, of which a block can have only one. The highest fee comes first;
 * of equal fees, the transfer that was published first. All rivals stand where the first of them was, so that transfers
 * with later nonces still follow. A block takes the first rival that has the account's signature and can be applied. So
 * a stranger's transfer is no rival, however high its fee, and a transfer that has become impossible does not keep its
 * nonce from another.
 *
 * Proposers draft by this rule and wallets count on it, so it is in one place.
 * @param published in the order in which they were
 */
export function rankRivals(published: readonly SignedTransfer[]): SignedTransfer[] {
  const rivals = new Map<string, SignedTransfer[]>();
  for (const transfer of published) {
    const place = `${transfer.from}:${transfer.nonce}`;
    const found = rivals.get(place);
    if (found === undefined) rivals.set(place, [transfer]);
    else found.push(transfer);
  }
  return [...rivals.values()].flatMap((group) => group.sort((a, b) => (a.fee === b.fee ? 0 : a.fee > b.fee ? -1 : 1)));
}
