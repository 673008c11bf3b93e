import { type BaseContract, id, JsonRpcProvider, Log, Network, Wallet, ZeroHash } from "ethers";
import { type Api, type ApiOptions, type ApiPorts, ChainIndex, createApi } from "../../src/api/index.ts";
import { MemoryBlobs } from "../../src/blobs/folder.ts";
import { attachRollup, type ChainClient, type Deployment } from "../../src/chain/index.ts";
import { MemoryNetwork } from "../../src/gossip/index.ts";
import { NO_LOG } from "../../src/log/index.ts";
import { type Profile, PROFILES } from "../../src/protocol/profile.ts";
import { Hearing, type L1View } from "../../src/roles/index.ts";
import { genesisRoot } from "../../src/state/state.ts";
import type { Account } from "../../src/state/account.ts";
import { MemoryStore } from "../../src/state/store.ts";
import { rollupName } from "../../src/sync/names.ts";
import { SyncedState } from "../../src/sync/syncedState.ts";
import { l1Of } from "../roles/views.ts";

const NAMES = [
  ...["rollup", "registry", "court", "token", "verifier", "parts", "blobVerifier", "bridge", "claimVerifier", "asset"],
  ...["scorer", "roundView", "relay", "bulletin", "ranking"],
];

export const DEPLOYMENT: Deployment = {
  ...{ version: 5, chainId: 31_337n, genesisBlock: ZeroHash, started: { number: 1, hash: id("started") } },
  contracts: Object.fromEntries(NAMES.map((name) => [name, new Wallet(id(name)).address])) as Deployment["contracts"],
  ...{ asset: { symbol: "B52", decimals: 18 }, domain: 7n, profile: PROFILES.dev },
  genesis: { root: 0n, supply: 0n },
};

/** What a rollup is like, where it matters. */
export interface Rollup {
  readonly accounts?: readonly Account[];
  readonly profile?: Profile;
}

/** Of contracts that nobody ever asks. */
export function offlineClient({ accounts = [], profile = PROFILES.dev }: Rollup = {}): ChainClient {
  const root = genesisRoot({ accountDepth: profile.accountDepth, accounts });
  const deployment = { ...DEPLOYMENT, profile, genesis: { ...DEPLOYMENT.genesis, root } };
  const network = Network.from(DEPLOYMENT.chainId);
  return attachRollup(new JsonRpcProvider("http://127.0.0.1:9", network, { staticNetwork: network }), deployment);
}

/** L1 at a block at which nothing has happened yet. */
export const viewAt = (number: number): L1View =>
  l1Of("Proposing", { block: { number, hash: id(`block ${number}`) }, provers: [] });

/** A log of one of the rollup's contracts, in the block of a number. */
export function logOf(
  client: ChainClient,
  contract: "rollup" | "registry" | "court" | "bridge" | "bulletin",
  [name, args]: readonly [name: string, args: readonly unknown[]],
  { block, index, fork = "" }: { readonly block: number; readonly index: number; readonly fork?: string },
): Log {
  const { data, topics } = (client[contract] as BaseContract).interface.encodeEventLog(name, args);
  const blockHash = id(`block ${block}${fork}`);
  const place = { blockNumber: block, blockHash, index, transactionHash: id(`${block} ${index}`), transactionIndex: 0 };
  const address = client.deployment.contracts[contract];
  return new Log({ ...place, address, data, topics, removed: false }, client.provider);
}

export interface OfflineApi {
  readonly api: Api;
  readonly client: ChainClient;
  readonly index: ChainIndex;
  readonly url: string;
  close(): Promise<void>;
}

/** An API over HTTP of a node that knows of L1 what the test tells it. */
export async function offlineApi(
  { latest, ...ports }: Partial<ApiPorts> & { latest?: L1View } = {},
  { accounts = [], profile = PROFILES.dev, ...options }: ApiOptions & Rollup = {},
): Promise<OfflineApi> {
  const client = offlineClient({ accounts, profile });
  const { deployment } = client;
  const index = ChainIndex.open(":memory:", rollupName(deployment), client);
  const hearing = new Hearing();
  const gossip = new MemoryNetwork().join({
    name: "api",
    route: { chainId: DEPLOYMENT.chainId, rollup: DEPLOYMENT.contracts.rollup, domain: DEPLOYMENT.domain },
    view: () => Promise.reject(new Error("nobody is there to be judged")),
  });
  const synced = await SyncedState.open(new MemoryStore(), deployment, () => Promise.resolve(accounts));
  const api = await createApi(
    {
      ...{ version: "0.0.0", client, index, synced, hearing, gossip, blobs: new MemoryBlobs(), log: NO_LOG },
      reader: { latest, watch: () => () => undefined },
      ledger: { learn: () => Promise.resolve(), block: () => undefined },
      send: () => Promise.resolve(),
      peers: () => Promise.resolve([]),
      snapshots: "/nowhere",
      ...ports,
    },
    options,
  );
  const { port } = await api.listen();
  const close = async (): Promise<void> => {
    await api.close();
    index.close();
    client.provider.destroy();
  };
  return { api, client, index, url: `http://127.0.0.1:${port}`, close };
}
