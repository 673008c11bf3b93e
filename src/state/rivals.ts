import type { SignedTransfer } from "../protocol/transfer.ts";

/**
 * The rule between transfers of one account and nonce, of which a block can have only one: the one with the highest fee
 * comes first, of equals the one that was published first. They stand where the first of them was, so that what follows
 * on their nonce still does. Of those that can be applied, with a signature of the account, the first in this order is
 * the one: nobody else's transfer is a rival, however high its fee, and none that has become impossible keeps its nonce
 * from another.
 *
 * Proposers draft by it, and wallets count on it: so it is in one place.
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
