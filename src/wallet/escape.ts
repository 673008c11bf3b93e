import { advance } from "../chain/actions/advance.ts";
import { escape as escapeAccount } from "../chain/actions/escape.ts";
import { freeze } from "../chain/actions/freeze.ts";
import { getQueue } from "../chain/actions/getQueue.ts";
import { getRoundState } from "../chain/actions/getRoundState.ts";
import { refund } from "../chain/actions/refund.ts";
import type { ChainClient } from "../chain/client.ts";
import type { From } from "../chain/tx/index.ts";
import { knownBlock } from "../chain/head.ts";
import { roundOf } from "../protocol/round.ts";
import { escapeClaimJob } from "../proving/claims.ts";
import { findAccounts } from "../state/lookup.ts";
import { ReplayMismatchError } from "../state/replay.ts";
import { syncWithL1 } from "../sync/sync.ts";
import { claim, type Claimed, type ProveClaim } from "./claim.ts";
import type { WalletContext } from "./context.ts";
import { type Left, partDust } from "./dust.ts";
import { ChainAliveError } from "./errors.ts";

export interface EscapedAccount {
  readonly account: number;
  /** Wei. */
  readonly amount: bigint;
  /** On L1. */
  readonly transaction: string;
}

export interface RefundedOperation {
  /** Number in the bridge's queue. */
  readonly operation: number;
  /** Wei. */
  readonly amount: bigint;
  /** On L1. */
  readonly transaction: string;
}

export interface Escaped {
  /** Whether this call ended the chain. */
  readonly froze: boolean;
  readonly accounts: readonly EscapedAccount[];
  /** Accounts with less than the bridge's fee for an operation. */
  readonly left: Left;
  readonly refunds: readonly RefundedOperation[];
  /** Exits of blocks before the end. */
  readonly claimed: Claimed;
}

export interface EscapeOptions {
  /** Of the L2's database, for messages. */
  readonly location: string;
  /** Whether to take out what is worth less than the bridge's fee for an operation, too. */
  readonly isAll?: boolean | undefined;
  /** Called before the chain is ended, which cannot be undone: rejects where proofs cannot be made. */
  readonly ready?: (() => Promise<void>) | undefined;
  readonly onStep?: (step: string) => void;
}

/**
 * Takes everything of the wallet out of a chain that has ended, and ends it if that is due: balances of the accounts
 * that it owns on L1, the largest first, operations that no block has executed, exits and fees. If it fails, what was
 * paid out until then stays so, and the next call goes on with the rest.
 * @throws {ChainAliveError} while the chain may not be ended. A proven block that waited is final then
 */
export async function escape(
  context: WalletContext,
  prove: ProveClaim,
  { location, isAll = false, ready = () => Promise.resolve(), onStep = () => undefined }: EscapeOptions,
): Promise<Escaped> {
  const { client, synced, blobs } = context;
  const froze = await freezeIfDue(context, ready, onStep);
  await syncWithL1(client, synced, { location, blobs });
  const frozenRoot = await client.rollup.stateRoot();
  if (synced.state.root !== frozenRoot) throw new ReplayMismatchError(synced.state.root, frozenRoot);
  const { accounts, left } = await escapeAccounts(context, prove, isAll, onStep);
  const refunds = await refundOperations(context, onStep);
  const claimed = await claim(context, prove, {
    isAll,
    onClaimed: (done, total) => done < total && onStep(`claimed ${done} of ${total} exits`),
  });
  return { froze, accounts, left, refunds, claimed };
}

async function freezeIfDue(
  { client, signer, synced }: WalletContext,
  ready: () => Promise<void>,
  onStep: (step: string) => void,
): Promise<boolean> {
  const { bridge, provider } = client;
  if (await bridge.isFrozen()) return false;
  const advanced = await advanceIfDue(client, signer, onStep);
  const [lastAdvance, delay, block] = await Promise.all([
    bridge.lastAdvanceAt(),
    bridge.escapeDelay(),
    knownBlock(provider, "latest"),
  ]);
  const now = BigInt(block.timestamp);
  const from = lastAdvance + delay;
  if (now < from)
    throw new ChainAliveError(lastAdvance, from, now, advanced ?? synced.head.height, advanced !== undefined);
  await ready();
  const { receipt } = await freeze(client, signer);
  onStep(`the chain has ended: transaction ${receipt.hash}`);
  return true;
}

/**
 * A chain cannot be ended while a proven block waits to be made final, and where everybody is gone nobody else makes it
 * final. The delay begins anew with that block, so it is done at once.
 * @returns the height that was made final, if one was
 */
async function advanceIfDue(
  client: ChainClient,
  signer: From,
  onStep: (step: string) => void,
): Promise<number | undefined> {
  const { advanceDue } = await getRoundState(client);
  if (!advanceDue) return undefined;
  const { roundId, receipt } = await advance(client, signer);
  const { height } = roundOf(roundId);
  onStep(`height ${height} is final now: transaction ${receipt.hash}`);
  return height;
}

async function escapeAccounts(
  { client, identity, signer, synced }: WalletContext,
  prove: ProveClaim,
  isAll: boolean,
  onStep: (step: string) => void,
): Promise<{ accounts: EscapedAccount[]; left: Left }> {
  const owned = findAccounts(synced.state, { l1Owner: BigInt(identity.address) }).filter(({ balance }) => balance > 0n);
  const isEscaped = await Promise.all(owned.map(({ index }) => client.bridge.isEscaped(index)));
  const found = owned.filter((_, i) => !isEscaped[i]);
  const { worthy, left } = await partDust(client, found, ({ balance }) => balance, isAll);
  const accounts: EscapedAccount[] = [];
  for (const { index, balance } of worthy) {
    const proof = await prove("EscapeClaim", escapeClaimJob(synced.state, index));
    const { receipt, amount } = await escapeAccount(client, signer, {
      index,
      l1Owner: identity.address,
      balance,
      proof,
    });
    accounts.push({ account: index, amount, transaction: receipt.hash });
    onStep(`account ${index} has escaped`);
  }
  return { accounts, left };
}

async function refundOperations(
  { client, identity, signer }: WalletContext,
  onStep: (step: string) => void,
): Promise<RefundedOperation[]> {
  const refunded: RefundedOperation[] = [];
  const owner = BigInt(identity.address);
  for (const { index, operation, encoded } of await getQueue(client)) {
    if (operation.l1Owner !== owner || (await client.bridge.isRefunded(index))) continue;
    const { receipt, amount } = await refund(client, signer, index, encoded);
    refunded.push({ operation: index, amount, transaction: receipt.hash });
    onStep(`operation ${index} is refunded`);
  }
  return refunded;
}
