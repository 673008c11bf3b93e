import { type ChainClient, getLane } from "../chain/index.ts";
import { BID_UNIT } from "../protocol/terms.ts";
import { type Entry, requireBalance } from "../sim/books.ts";
import { findAccounts } from "../state/lookup.ts";
import type { State } from "../state/state.ts";
import type { Party } from "../sim/cast.ts";
import type { Tally } from "./tally.ts";

/**
 * Balances the books after everyone has claimed.
 * @param holders every account that ever held tokens, besides the contracts
 */
export async function balanceBooks(
  client: ChainClient,
  tally: Tally,
  state: State,
  {
    holders,
    initialSupply,
  }: {
    readonly holders: readonly Pick<Party, "address">[];
    readonly initialSupply: bigint;
  },
): Promise<Entry[]> {
  const { token, rollup, registry, bridge } = client;
  const [supply, rollupBalance, registryBalance, bridgeBalance, backing, queue, operationFee, balances, deposits] =
    await Promise.all([
      token.totalSupply(),
      token.balanceOf(rollup),
      token.balanceOf(registry),
      token.balanceOf(bridge),
      bridge.backing(),
      bridge.queue(),
      bridge.operationFee(),
      Promise.all(holders.map(({ address }) => token.balanceOf(address))),
      Promise.all(
        holders.flatMap(({ address }) => [0, 1].map(async (lane) => (await getLane(client, address, lane)).deposit)),
      ),
    ]);
  const l2 = sum(findAccounts(state, {}).map(({ balance }) => balance));
  const queued = queue.posted - queue.settled - BigInt(tally.refunded);
  const entries: Entry[] = [
    { what: "token supply", is: supply, expected: initialSupply + tally.minted - tally.burned },
    {
      what: "sum of all holdings",
      is: sum(balances) + rollupBalance + registryBalance + bridgeBalance,
      expected: supply,
    },
    {
      what: "what the rollup holds, deposits and tips",
      is: rollupBalance,
      expected: sum(deposits) * BID_UNIT + tally.tipped,
    },
    { what: "what the bridge holds, and owes", is: bridgeBalance, expected: backing },
    { what: "what the registry holds, stakes", is: registryBalance, expected: tally.staked - tally.charged },
    {
      what: "L2 balances that are still there, and fees in the queue",
      is: l2 - tally.escapedBalance + queued * operationFee,
      expected: backing,
    },
  ];
  requireBalance(entries);
  return entries;
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
