import { type Accounts, BALANCE_LIMIT, bits, field, replaced, wei } from "./encodings.ts";

/** What an operation does; there is an effect for any words. */
export interface OperationEffect {
  readonly accounts: Accounts;
  readonly executed: bigint;
  readonly exit: bigint;
}

/** What an operation's two words do to the accounts. */
export function operationEffect(accounts: Accounts, word0: bigint, word1: bigint): OperationEffect {
  const from = Number(bits(word0, 224, 16));
  const to = Number(bits(word0, 208, 16));
  const encoded = bits(word0, 176, 32);
  const l1Owner = bits(word0, 16, 160);
  const key = field(bits(word0, 0, 16) * 2n ** 240n + word1);
  const amount = wei(encoded);
  const executed = word0 === 0n ? 0n : 1n;
  const nothing = { accounts, executed, exit: 0n };
  const exit = encoded * 2n ** 160n + l1Owner;

  if (from === 0) {
    if (to === 0) return nothing;
    const refused = { ...nothing, exit };
    const account = accounts[to];
    if (account === undefined || key === 0n || account.balance + amount >= BALANCE_LIMIT) return refused;
    if (account.key === 0n) {
      return { ...nothing, accounts: replaced(accounts, to, { key, balance: amount, nonce: 0n, l1Owner }) };
    }
    if (account.key !== key || account.l1Owner !== l1Owner) return refused;
    return { ...nothing, accounts: replaced(accounts, to, { ...account, balance: account.balance + amount }) };
  }

  const sender = accounts[from];
  if (sender === undefined || l1Owner === 0n || sender.l1Owner !== l1Owner || sender.balance < amount) return nothing;
  const debited = replaced(accounts, from, { ...sender, balance: sender.balance - amount });
  if (to === 0) return { accounts: debited, executed, exit };
  const receiver = accounts[to];
  if (receiver === undefined || to === from || receiver.key === 0n) return nothing;
  if (receiver.balance + amount >= BALANCE_LIMIT) return nothing;
  return { ...nothing, accounts: replaced(debited, to, { ...receiver, balance: receiver.balance + amount }) };
}
