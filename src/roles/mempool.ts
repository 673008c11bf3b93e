import type { DropReason } from "../protocol/dropReason.ts";
import { packTransfer, type SignedTransfer } from "../protocol/transfer.ts";
import { feeOrder } from "./feeOrder.ts";
import { transferId } from "../protocol/transferId.ts";
import { rankRivals } from "../state/rivals.ts";
import type { State } from "../state/state.ts";

export interface MempoolOptions {
  /** Transfers in all, 16,384 by default. */
  readonly maxTransfers?: number;
  /** Transfers of one account, 64 by default. */
  readonly maxPerAccount?: number;
  /** The least fee, wei; 0 by default. */
  readonly minFee?: bigint;
  /** A rival of the same account and nonce pays at least so much more than the one before; 1,000 by default: 10 %. */
  readonly replacementBps?: bigint;
  /** Told of every transfer that is taken. */
  readonly onTake?: (transfer: SignedTransfer) => void;
  /** Told of every transfer that is not taken or leaves, once; of those that a block has included, too. */
  readonly onDrop?: (drop: Drop) => void;
}

export interface Drop {
  readonly transfer: SignedTransfer;
  readonly reason: DropReason;
}

const BPS = 10_000n;

/** The last transfer of an account. */
interface Tail {
  readonly transfer: SignedTransfer;
  readonly worth: bigint;
}

/**
 * Transfers that wait for a block. Which of two rivals a block may have is for `rankRivals` to say: the pool keeps one
 * of each account and nonce, the one that this rule puts first, but asks a replacement to pay enough more that
 * replacing again and again costs something. Their signatures were checked before, at the gate of the gossip.
 */
export class Mempool {
  readonly #options: Required<MempoolOptions>;
  /** By account, then by nonce. */
  readonly #accounts = new Map<number, Map<bigint, SignedTransfer>>();
  /** By account, the nonce of its next transfer in a block, as of the last look at the state. */
  readonly #nonces = new Map<number, bigint>();
  /** Of accounts whose last transfer was looked at since it changed: a full pool is asked for each that comes. */
  readonly #tails = new Map<number, Tail>();
  /** What would go first; undefined where that is to be looked for. */
  #first: Tail | undefined;
  #size = 0;

  constructor({
    maxTransfers = 16_384,
    maxPerAccount = 64,
    minFee = 0n,
    replacementBps = 1_000n,
    onTake = () => undefined,
    onDrop = () => undefined,
  }: MempoolOptions = {}) {
    this.#options = { maxTransfers, maxPerAccount, minFee, replacementBps, onTake, onDrop };
  }

  get size(): number {
    return this.#size;
  }

  /** Transfers of an account, by their nonces. */
  of(account: number): SignedTransfer[] {
    const nonces = [...(this.#accounts.get(account)?.values() ?? [])];
    return nonces.sort((a, b) => Number(a.nonce - b.nonce));
  }

  /** All that it holds, in no order. */
  get transfers(): SignedTransfer[] {
    return [...this.#accounts.values()].flatMap((nonces) => [...nonces.values()]);
  }

  /**
   * Fees that an account cannot pay, or that wait for a nonce which never comes, would push out those that are paid: so
   * the balance must be enough for all up to this one, and what waits goes first when the pool is full.
   * @param state after the last final block @returns why it was dropped; undefined if it was taken
   */
  add(transfer: SignedTransfer, state: State): DropReason | undefined {
    const reason = this.#refusal(transfer, state);
    if (reason === undefined) {
      this.#put(transfer, state.account(transfer.from).nonce);
      this.#options.onTake(transfer);
    } else this.#options.onDrop({ transfer, reason });
    return reason;
  }

  /**
   * What a block may be filled from, for the highest fees: see `feeOrder`. What waits for a nonce that is not there is
   * left out: a fee that nobody can pay must not pay for the one in front of it.
   */
  pending(): SignedTransfer[] {
    return feeOrder([...this.#accounts.values()].map((nonces) => withoutGaps([...nonces.values()].sort(byNonce))));
  }

  /**
   * After a block: drops what is included or can never be, and what its account can no longer pay.
   * @param isIncluded whether a final block has a transfer of this id; undefined where that is not known
   */
  revise(state: State, isIncluded: (id: string) => boolean | undefined = () => undefined): void {
    for (const [from, nonces] of this.#accounts) {
      const { nonce, balance } = state.account(from);
      this.#note(from, nonce);
      let needed = 0n;
      for (const transfer of [...nonces.values()].sort(byNonce)) {
        if (transfer.nonce < nonce) {
          this.#remove(transfer, reasonOf(isIncluded(transferId(transfer))));
          continue;
        }
        const more = transfer.amount + transfer.fee;
        if (needed + more > balance) this.#remove(transfer, "balance too low");
        else needed += more;
      }
    }
  }

  #refusal(transfer: SignedTransfer, state: State): DropReason | undefined {
    const { from, nonce, amount, fee, sender } = transfer;
    const { maxTransfers, maxPerAccount, minFee } = this.#options;
    if (fee < minFee) return "fee too low";
    const account = state.account(from);
    if (account.key === 0n) return "sender unknown";
    if (account.key !== sender.y) return "another key";
    if (nonce < account.nonce) return "nonce used";
    const nonces = this.#accounts.get(from);
    const before = [...(nonces?.values() ?? [])].filter((earlier) => earlier.nonce < nonce);
    const needed = before.reduce((sum, earlier) => sum + earlier.amount + earlier.fee, amount + fee);
    if (needed > account.balance) return "balance too low";
    const rival = nonces?.get(nonce);
    if (rival !== undefined) return this.#refusalOf(transfer, rival);
    if ((nonces?.size ?? 0) >= maxPerAccount) return "too many of the account";
    if (this.#size >= maxTransfers) {
      const cheapest = this.#cheapest();
      if (cheapest === undefined || cheapest.worth >= this.#worth(transfer, account.nonce)) return "pool full";
      this.#remove(cheapest.transfer, "pool full");
    }
    return undefined;
  }

  #refusalOf(transfer: SignedTransfer, rival: SignedTransfer): DropReason | undefined {
    if (isSame(transfer, rival)) return "known already";
    const [first] = rankRivals([rival, transfer]);
    const least = (rival.fee * (BPS + this.#options.replacementBps) + BPS - 1n) / BPS;
    if (first === rival || transfer.fee < least) return "rival pays as much";
    this.#remove(rival, "replaced by a rival");
    return undefined;
  }

  /** Of the last transfers of accounts, the one that is worth least: no other waits for it. */
  #cheapest(): Tail | undefined {
    if (this.#first !== undefined) return this.#first;
    for (const [from, nonces] of this.#accounts) {
      const tail = this.#tails.get(from) ?? this.#tailOf(from, nonces);
      this.#tails.set(from, tail);
      if (this.#first === undefined || tail.worth < this.#first.worth) this.#first = tail;
    }
    return this.#first;
  }

  #tailOf(from: number, nonces: ReadonlyMap<bigint, SignedTransfer>): Tail {
    const transfer = [...nonces.values()].reduce((a, b) => (b.nonce > a.nonce ? b : a));
    return { transfer, worth: this.#worth(transfer, this.#nonces.get(from)!) };
  }

  /** Its fee; less than any if it waits for a transfer that is not here, and may wait for ever. */
  #worth({ from, nonce, fee }: SignedTransfer, first: bigint): bigint {
    const nonces = this.#accounts.get(from);
    for (let next = first; next < nonce; next++) if (!nonces?.has(next)) return -1n;
    return fee;
  }

  #put(transfer: SignedTransfer, first: bigint): void {
    const { from } = transfer;
    const nonces = this.#accounts.get(from) ?? new Map<bigint, SignedTransfer>();
    nonces.set(transfer.nonce, transfer);
    this.#accounts.set(from, nonces);
    this.#note(from, first);
    this.#changed(from);
    this.#size++;
  }

  /** @param first nonce of the account's next transfer in a block */
  #note(from: number, first: bigint): void {
    if (this.#nonces.get(from) === first) return;
    this.#nonces.set(from, first);
    this.#changed(from);
  }

  #changed(from: number): void {
    this.#tails.delete(from);
    this.#first = undefined;
  }

  #remove(transfer: SignedTransfer, reason: DropReason): void {
    const nonces = this.#accounts.get(transfer.from)!;
    nonces.delete(transfer.nonce);
    if (nonces.size === 0) {
      this.#accounts.delete(transfer.from);
      this.#nonces.delete(transfer.from);
    }
    this.#changed(transfer.from);
    this.#size--;
    this.#options.onDrop({ transfer, reason });
  }
}

/** Why a transfer goes whose nonce is used. */
const reasonOf = (isIncluded: boolean | undefined): DropReason =>
  isIncluded === undefined ? "nonce used" : isIncluded ? "included" : "overtaken by a rival";

/** Transfers of one account as far as their nonces follow each other. */
function withoutGaps(transfers: readonly SignedTransfer[]): readonly SignedTransfer[] {
  const gap = transfers.findIndex(({ nonce }, i) => i > 0 && nonce !== transfers[i - 1]!.nonce + 1n);
  return gap < 0 ? transfers : transfers.slice(0, gap);
}

const byNonce = (a: SignedTransfer, b: SignedTransfer): number => (a.nonce < b.nonce ? -1 : 1);

const isSame = (a: SignedTransfer, b: SignedTransfer): boolean =>
  packTransfer(a) === packTransfer(b) && a.signature.s === b.signature.s && a.signature.r8.y === b.signature.r8.y;
