import { id, JsonRpcProvider, Network, Wallet, ZeroHash } from "ethers";
import { type Api, type ApiOptions, type ApiPorts, ChainIndex, createApi } from "../../src/api/index.ts";
import { MemoryBlobs } from "../../src/blobs/folder.ts";
import { attachRollup, type ChainClient, type Deployment } from "../../src/chain/index.ts";
import { MemoryNetwork } from "../../src/gossip/index.ts";
import { NO_LOG } from "../../src/log/index.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { Hearing, type L1View } from "../../src/roles/index.ts";
import { genesisRoot } from "../../src/state/state.ts";
import { MemoryStore } from "../../src/state/store.ts";
import { rollupName, SyncedState } from "../../src/sync/syncedState.ts";

const NAMES = [
  ...["rollup", "registry", "court", "token", "verifier", "parts", "blobVerifier", "bridge", "claimVerifier", "asset"],
  ...["scorer", "roundView", "relay", "bulletin", "ranking"],
];
const profile = PROFILES.dev;
export const DEPLOYMENT: Deployment = {
  ...{ version: 5, chainId: 31_337n, genesisBlock: ZeroHash, started: { number: 1, hash: id("started") } },
  contracts: Object.fromEntries(NAMES.map((name) => [name, new Wallet(id(name)).address])) as Deployment["contracts"],
  ...{ asset: { symbol: "B52", decimals: 18 }, domain: 7n, profile },
  genesis: { root: genesisRoot({ accountDepth: profile.accountDepth, accounts: [] }), supply: 0n },
};

/** Of contracts that nobody ever asks. */
export function offlineClient(): ChainClient {
  const network = Network.from(DEPLOYMENT.chainId);
  return attachRollup(new JsonRpcProvider("http://127.0.0.1:9", network, { staticNetwork: network }), DEPLOYMENT);
}

export interface OfflineApi {
  readonly api: Api;
  readonly index: ChainIndex;
  readonly url: string;
  close(): Promise<void>;
}

/** An API over HTTP of a node that knows of L1 what the test tells it. */
export async function offlineApi(
  { latest, ...ports }: Partial<ApiPorts> & { latest?: L1View } = {},
  options: ApiOptions = {},
): Promise<OfflineApi> {
  const client = offlineClient();
  const index = ChainIndex.open(":memory:", rollupName(DEPLOYMENT), client);
  const hearing = new Hearing();
  const gossip = new MemoryNetwork().join({
    name: "api",
    route: { chainId: DEPLOYMENT.chainId, rollup: DEPLOYMENT.contracts.rollup, domain: DEPLOYMENT.domain },
    view: () => Promise.reject(new Error("nobody is there to be judged")),
  });
  const synced = await SyncedState.open(new MemoryStore(), DEPLOYMENT, () => Promise.resolve([]));
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
  return { api, index, url: `http://127.0.0.1:${port}`, close };
}
