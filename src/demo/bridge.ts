import {
  approveAsset,
  claimExits,
  depositAsset,
  escape,
  forceTransfer,
  freeze,
  getQueue,
  getRoundState,
  include,
  refund,
  signForcedOperation,
} from "../chain/index.ts";
import { B52Error } from "../protocol/errors.ts";
import { toHex32 } from "../protocol/hex.ts";
import type { PlacedExit } from "../protocol/exit.ts";
import { accountKeyOf } from "../protocol/keys.ts";
import { operationKind } from "../protocol/operation.ts";
import { signTransfer } from "../protocol/transfer.ts";
import { escapeClaimJob, exitClaimJob } from "../proving/claims.ts";
import type { CircuitName } from "../proving/circuitInstance.ts";
import type { ProofTask } from "../proving/prover.ts";
import { findAccounts } from "../state/lookup.ts";
import { MemoryStore } from "../state/store.ts";
import { findGenesis, SyncedState, syncWithL1 } from "../sync/index.ts";
import type { User } from "../sim/cast.ts";
import { count, duration, tokens } from "./format.ts";
import { LEAST_BID, pending } from "./heights.ts";
import { play } from "./play.ts";
import type { Offer } from "./round.ts";
import type { Stage } from "./stage.ts";

const ETHER = 10n ** 18n;

/** A block's exits, and how L1 knows it. */
interface BlockExits {
  readonly proposalId: bigint;
  readonly exits: readonly PlacedExit[];
}

/**
 * Two heights: an exit that is signed on the L2, then everything that L1 can ask of a block. All exits are claimed with
 * one proof.
 */
export async function playBridge(world: Stage): Promise<void> {
  const { client, output } = world;
  const { height } = (await getRoundState(client)).commitRound!;
  output.print(`\nHeight ${height}`);
  const first = await leave(world);
  output.print(`\nHeight ${height + 1}`);
  const second = await arrive(world);
  await claim(world, [first, second]);
}

/**
 * Lena exits with a signed transfer. Meanwhile others post operations on L1, which the next block has to begin with.
 */
async function leave(world: Stage): Promise<BlockExits> {
  const { cast, output, rules, state } = world;
  const [, , , lena] = cast.users as [User, User, User, User];
  output.print(`${lena.name} leaves the L2 with a part of what she has. Meanwhile four operations are posted on L1.`);
  const { nonce } = state.account(lena.account);
  const exit = signTransfer(
    lena.secret,
    rules.domain,
    { from: lena.account, to: 0, amount: 5n * ETHER, fee: ETHER / 100n },
    nonce,
  );
  const others = pending(world).filter(({ from }) => from !== lena.account);
  const { blocks } = await play(world, [offer(world, [exit, ...others])], { meanwhile: () => post(world) });
  return exitsOf(blocks[0]!);
}

/** One of everything. */
async function post(world: Stage): Promise<void> {
  const { cast, client, output } = world;
  const { newcomer } = world;
  const [ines, juan, kofi, , mei] = cast.users as [User, User, User, User, User];
  const fee = await client.bridge.operationFee();

  const amount = 50n * ETHER;
  await approveAsset(client, newcomer.signer, amount + fee);
  await depositAsset(client, newcomer.signer, {
    to: newcomer.account,
    amount,
    key: accountKeyOf(newcomer.secret),
    l1Owner: newcomer.address,
  });
  output.print(`  ${newcomer.name} deposits ${tokens(amount)}, for an account that nobody has yet`);

  await approveAsset(client, mei.signer, ETHER + fee);
  await depositAsset(client, mei.signer, {
    to: ines.account,
    amount: ETHER,
    key: accountKeyOf(mei.secret),
    l1Owner: mei.address,
  });
  output.print(`  ${mei.name} deposits ${tokens(ETHER)} to an account that is ${ines.name}'s, by mistake`);

  await approveAsset(client, juan.signer, fee);
  await forceTransfer(client, juan.signer, { from: juan.account, to: kofi.account, amount: 2n * ETHER });
  output.print(`  ${juan.name} forces a transfer of ${tokens(2n * ETHER)} to ${kofi.name}`);

  const { sally } = world;
  const signed = await signForcedOperation(client, kofi.signer, { from: kofi.account, amount: 3n * ETHER });
  await client.token.connect(kofi.signer).transfer(sally.address, fee);
  await approveAsset(client, sally.signer, fee);
  await include(client, sally.signer, [signed]);
  output.print(
    `  ${kofi.name} has signed an exit of ${tokens(3n * ETHER)}; ${sally.name}, who proposes no block this ` +
      "time, puts it on her include list",
  );
}

/** The block begins with what was posted, whoever makes it. */
async function arrive(world: Stage): Promise<BlockExits> {
  const { client, output, tally } = world;
  const { commitDue } = await getRoundState(client);
  const due = await getQueue(client, commitDue);
  output.print(`Every block of this height has to begin with the ${count(due.length, "operation")} that were posted.`);
  const { blocks } = await play(world, [offer(world, pending(world))]);
  tally.forcedIncluded += due.filter(({ operation }) => operationKind(operation) !== "deposit").length;
  const { newcomer } = world;
  for (const account of findAccounts(world.state, {
    key: accountKeyOf(newcomer.secret),
    l1Owner: BigInt(newcomer.address),
  })) {
    tally.depositsSettled++;
    output.print(`  Account ${account.index} is ${newcomer.name}'s, with ${tokens(account.balance)}`);
  }
  return exitsOf(blocks[0]!);
}

/** Anybody may claim for everybody. */
async function claim(world: Stage, blocks: readonly BlockExits[]): Promise<void> {
  const { cast, client, l1, output, rules, tally } = world;
  const claims = blocks.flatMap(({ proposalId, exits }) => exits.map((exit) => ({ proposalId, exits, exit })));
  const job = exitClaimJob(
    rules.profile,
    claims.map(({ exits, exit }) => ({ exits, position: exit.position })),
  );
  const proof = await prove(world, "ExitClaim", job);
  const { amount, receipt } = await claimExits(client, l1.deployer, {
    claims: claims.map(({ proposalId, exit }) => ({ proposalId, position: exit.position, exit: exit.packed })),
    commitment: job.commitment,
    proof,
  });
  tally.exitsClaimed += claims.length;
  const owners = claims
    .map(({ exit }) => cast.users.find(({ address }) => BigInt(address) === exit.l1Owner)?.name)
    .join(", ");
  output.print(
    `  One proof pays ${count(claims.length, "exit")} of two blocks, ${tokens(amount)} in all, to ${owners} ` +
      `(${receipt.gasUsed.toLocaleString("en")} gas)`,
  );
}

/** Nobody makes blocks any more. Whoever has L1 has the L2, and takes what is in it. */
export async function playEscape(world: Stage): Promise<void> {
  const { cast, client, l1, output, signal, tally } = world;
  const { newcomer, blobs } = world;
  output.print(`\nNobody makes blocks any more. ${newcomer.name} has another deposit in the queue.`);
  const fee = await client.bridge.operationFee();
  await approveAsset(client, newcomer.signer, ETHER + fee);
  const { to, key } = { to: newcomer.account, key: accountKeyOf(newcomer.secret) };
  await depositAsset(client, newcomer.signer, { to, amount: ETHER, key, l1Owner: newcomer.address });

  const [last, delay] = await Promise.all([client.bridge.lastAdvanceAt(), client.bridge.escapeDelay()]);
  await l1.clock.until(last + delay, signal);
  const { stateRoot } = await freeze(client, l1.deployer);

  // A follower that has seen nothing but L1 and blobs.
  const synced = await SyncedState.open(new MemoryStore(), client.deployment, () => findGenesis(client));
  const { height } = await syncWithL1(client, synced, { location: "memory", blobs, signal });
  if (synced.state.root !== stateRoot)
    throw new B52Error(
      `state root rebuilt from L1 and blobs is ${toHex32(synced.state.root)}, expected ${toHex32(stateRoot)}`,
    );
  output.print(
    `  Frozen after ${duration(delay)}. Somebody who has only L1 and the blobs that it names rebuilds ` +
      `${count(height, "height")} and has the same state root.`,
  );

  for (const { index } of findAccounts(synced.state, {})) {
    const job = escapeClaimJob(synced.state, index);
    const { statement } = job;
    const owner = [...cast.users, newcomer].find(({ address }) => BigInt(address) === statement.l1Owner)!;
    const proof = await prove(world, "EscapeClaim", job);
    const { amount } = await escape(client, l1.deployer, {
      index,
      l1Owner: owner.address,
      balance: statement.balance,
      proof,
    });
    tally.escaped++;
    tally.escapedBalance += amount;
    output.print(`  ${owner.name} escapes with ${tokens(amount)}`);
  }
  for (const { index, encoded } of await getQueue(client)) {
    const { amount } = await refund(client, l1.deployer, index, encoded);
    tally.refunded++;
    output.print(`  What was queued comes back: ${tokens(amount)}`);
  }
}

function offer({ bob, cast }: Stage, transfers: Offer["transfers"]): Offer {
  return { proposer: bob, proverShareBps: 5_000, burnBid: LEAST_BID, voters: cast.provers, transfers };
}

function exitsOf({
  draft: { proposalId, executed },
}: {
  readonly draft: { readonly proposalId: bigint; readonly executed: { readonly exits: readonly PlacedExit[] } };
}): BlockExits {
  return { proposalId, exits: executed.exits };
}

async function prove({ prover, tally, signal }: Stage, circuit: CircuitName, task: ProofTask): Promise<string> {
  const started = performance.now();
  const proof = await prover.prove(circuit, task, signal);
  tally.proveSeconds += (performance.now() - started) / 1000;
  tally.proofs++;
  return proof;
}
