import { getAddress, ZeroAddress } from "ethers";
import { type ChainClient, getLane, getQueue } from "../chain/index.ts";
import { BID_UNIT } from "../protocol/terms.ts";
import { type Entry, requireBalance } from "../sim/books.ts";
import { findAccounts } from "../state/lookup.ts";
import type { SyncedState } from "../sync/syncedState.ts";

/** What of the L2 the books need: as L1 has decided it, read by this process and not by a program of the devnet. */
export type L2 = Pick<SyncedState, "state" | "head" | "exitsOf">;

/**
 * Balances the books of a rollup whose asset is its own token, at any moment: every wei that was ever minted is held by
 * somebody, and the contracts hold exactly what they owe.
 * @param proposers addresses
 * @throws {NotConservedError}
 */
export async function balanceBooks(client: ChainClient, proposers: readonly string[], l2: L2): Promise<Entry[]> {
  const { token, rollup, registry, bridge } = client;
  const { balances, minted, burned } = await moved(client);
  const held = async (contract: { getAddress(): Promise<string> }): Promise<bigint> =>
    token.balanceOf(await contract.getAddress());
  const [supply, inRollup, inRegistry, inBridge, backing, stakes, owing, owed] = await Promise.all([
    token.totalSupply(),
    held(rollup),
    held(registry),
    held(bridge),
    bridge.backing(),
    stakesOf(client),
    owedByRollup(client, proposers),
    owedByBridge(client, proposers, l2),
  ]);
  const entries: Entry[] = [
    { what: "token supply, and what was minted and not burned", is: supply, expected: minted - burned },
    { what: "sum of all balances, and token supply", is: sum([...balances.values()]), expected: supply },
    { what: "what the rollup holds, and deposits and rewards that are not claimed", is: inRollup, expected: owing },
    { what: "what the registry holds, and stakes of provers", is: inRegistry, expected: stakes },
    { what: "what the bridge holds, and its backing", is: inBridge, expected: backing },
    {
      what: "the bridge's backing, and L2 balances, exits, fees and what is in the queue",
      is: backing,
      expected: owed,
    },
  ];
  requireBalance(entries);
  return entries;
}

/** Balances of all who ever held tokens, by the token's events; then asked of the token itself. */
async function moved({ token, provider, scan, deployment }: ChainClient) {
  // The token is older than the rollup.
  const logs = await scan.all(0, await provider.getBlockNumber(), async (from, to) =>
    token.queryFilter(token.filters.Transfer(), from, to),
  );
  const holders = new Set<string>();
  let [minted, burned] = [0n, 0n];
  for (const { args } of logs) {
    if (args.from === ZeroAddress) minted += args.value;
    else holders.add(getAddress(args.from));
    if (args.to === ZeroAddress) burned += args.value;
    else holders.add(getAddress(args.to));
  }
  holders.add(deployment.contracts.bridge);
  const balances = await Promise.all(
    [...holders].map(async (holder) => [holder, await token.balanceOf(holder)] as const),
  );
  return { balances: new Map(balances), minted, burned };
}

async function stakesOf({ registry }: ChainClient): Promise<bigint> {
  const count = Number(await registry.proverCount());
  const provers = await Promise.all(Array.from({ length: count }, (_, i) => registry.proverOf(i + 1)));
  return sum(provers.map(({ stake }) => stake));
}

/** What the rollup must be able to pay: deposits of proposers, and rewards that were minted and not claimed yet. */
async function owedByRollup(client: ChainClient, proposers: readonly string[]): Promise<bigint> {
  const { rollup, provider, scan, deployment } = client;
  const lanes = await Promise.all(
    proposers.flatMap((proposer) => [0, 1].map(async (height) => getLane(client, proposer, height))),
  );
  const latest = await provider.getBlockNumber();
  const all = async <T>(query: (from: number, to: number) => Promise<T[]>): Promise<T[]> =>
    scan.all(deployment.started.number, latest, query);
  const [advanced, byProvers, byProposers] = await Promise.all([
    all(async (from, to) => rollup.queryFilter(rollup.filters.Advanced(), from, to)),
    all(async (from, to) => rollup.queryFilter(rollup.filters.ProverClaimed(), from, to)),
    all(async (from, to) => rollup.queryFilter(rollup.filters.ProposerClaimed(), from, to)),
  ]);
  const minted = sum(advanced.map(({ args }) => args.minted));
  const claimed = sum([...byProvers.map(({ args }) => args.amount), ...byProposers.map(({ args }) => args.rewards)]);
  return sum(lanes.map(({ deposit }) => deposit)) * BID_UNIT + minted - claimed;
}

/** What the bridge must be able to pay: to accounts, to those who have left, to proposers, and for its queue. */
async function owedByBridge(client: ChainClient, proposers: readonly string[], l2: L2): Promise<bigint> {
  const { bridge, rollup } = client;
  const operationFee = await bridge.operationFee();
  const [queued, credits, exits] = await Promise.all([
    getQueue(client),
    Promise.all(proposers.map(async (proposer) => (await rollup.creditOf(proposer)).fees)),
    unclaimedExits(client, l2),
  ]);
  const accounts = findAccounts(l2.state, {}).map(({ balance }) => balance);
  const operations = queued.map(
    ({ operation: { from, amount } }) => operationFee + (from === 0 ? amount : 0n), // who deposits has paid already
  );
  return sum([...accounts, ...exits, ...credits, ...operations]);
}

/** Wei of each. */
async function unclaimedExits({ bridge }: ChainClient, l2: L2): Promise<bigint[]> {
  const exits = Array.from({ length: l2.head.height }, (_, i) => l2.exitsOf(i + 1)).flat();
  return Promise.all(
    exits.map(async ({ proposalId, position, amount }) =>
      (await bridge.isClaimed(proposalId, position)) ? 0n : amount,
    ),
  );
}

const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
