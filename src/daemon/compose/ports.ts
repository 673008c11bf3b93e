import { join } from "node:path";
import { ChainIndex } from "../../api/index.ts";
import { makeFolder } from "../../chain/folders.ts";
import type { ChainClient } from "../../chain/index.ts";
import type { Deployment } from "../../chain/deployment.ts";
import { NodeDatabase } from "../../database/index.ts";
import { BulletinInbox } from "../../gossip/bulletinInbox.ts";
import { type GossipRoute, loadNetworkKey, type NetworkKey } from "../../gossip/index.ts";
import { joinNetwork, type Network } from "../../gossip/libp2p/index.ts";
import type { BlobStore } from "../../blobs/index.ts";
import type { Log } from "../../log/index.ts";
import { gossipView, Hearing, L1Reader, Ledger, Waker } from "../../roles/index.ts";
import { openDatabase, rollupName, type SyncedState } from "../../sync/index.ts";
import type { Closing } from "../closing.ts";
import type { Settings } from "../settings/index.ts";
import type { HeadClock } from "../watch/headClock.ts";
import type { Rules } from "../../state/executor.ts";
import { publishedIn } from "./bulletin.ts";
import { rulesOf } from "./circuits.ts";
import { type NodeBlobs, openBlobs } from "./blobs.ts";

/** What every role of a process works with. */
export interface NodePorts {
  readonly client: ChainClient;
  readonly rules: Rules;
  readonly database: NodeDatabase;
  readonly clock: HeadClock;
  readonly reader: L1Reader;
  /** Made from what the reader reads, for the API; undefined where there is none. */
  readonly index: ChainIndex | undefined;
  readonly synced: SyncedState;
  readonly ledger: Ledger;
  readonly hearing: Hearing;
  readonly network: Network;
  readonly networkKey: NetworkKey;
  readonly route: GossipRoute;
  readonly blobs: BlobStore;
  readonly sources: NodeBlobs;
  readonly waker: Waker;
  /** All that the reader reads on the bulletin, until the role listens. */
  readonly inbox: BulletinInbox;
}

export interface OpenOptions {
  readonly name: string;
  readonly settings: Settings;
  readonly deployment: Deployment;
  readonly client: ChainClient;
  readonly database: NodeDatabase;
  readonly clock: HeadClock;
  readonly log: Log;
  readonly onVerdict: (topic: string | undefined, verdict: string) => void;
  readonly closing: Closing;
}

const MIB = 1_048_576;

/** Of the data folder: what only this process writes. */
export const FILES = { state: "l2", networkKey: "network.key", index: "index.sqlite", snapshots: "snapshots" } as const;

/** Opens one after the other what a role stands on. What was opened is closed by `closing`, whatever happens next. */
export async function openPorts(options: OpenOptions): Promise<NodePorts> {
  const { settings, deployment, client, database, clock, log, closing, name } = options;
  const { chainId, contracts, domain, profile } = deployment;
  const { dataDir } = settings;
  const rules = rulesOf(deployment);
  const synced = await openDatabase(client, join(dataDir, FILES.state));
  closing.add("the L2 state", () => synced.close());
  const sources = await openBlobs(settings, log);
  const index = indexOf(options);
  let finalProposal: bigint | undefined;
  const inbox = new BulletinInbox(() => ledger.head !== finalProposal);
  const reader = new L1Reader({
    ...{ client, head: () => clock.head },
    onView(view, span) {
      index?.feed(view, span);
      ({ finalProposal } = view);
      inbox.put(publishedIn(client, span));
    },
  });
  const hearing = new Hearing();
  const route = { chainId, rollup: contracts.rollup, domain };
  const rollup = { ...route, profile, minBid: await client.rollup.minBid() };
  // The ledger reads blobs of peers, and what peers say is judged by the ledger's state.
  let peers: Network["blobs"] | undefined;
  const blobs = sources.withPeers({
    name: "peers",
    get: (blob, signal) => peers!.get(blob, signal),
    check: async (signal) => peers!.check(signal),
  });
  const ledger = new Ledger(rules, { client, synced, blobs });
  const networkKey = await loadNetworkKey(join(dataDir, FILES.networkKey));
  const network = await joinNetwork({
    ...{ name, route, log, blobs: sources.own },
    key: networkKey,
    view: async () => gossipView(await reader.read(), hearing.proposals, rollup, () => ledger.state),
    onVerdict: ({ verdict }, topic) => options.onVerdict(topic, verdict),
    listen: settings.listen,
    announce: settings.announce,
    bootstrap: settings.bootstrap,
    mdns: settings.mdns,
    checksVotes: name !== "prover",
  });
  peers = network.blobs;
  closing.add("the network", () => network.close());
  const waker = new Waker();
  return {
    ...{ client, rules, database, clock, reader, synced, ledger, hearing, index },
    ...{ network, networkKey, route, blobs, sources, waker, inbox },
  };
}

/** The index of L1 that the read API answers from. */
function indexOf({ name, settings, deployment, client, closing }: OpenOptions): ChainIndex | undefined {
  if (name !== "follower" || settings.api === undefined) return undefined;
  const index = ChainIndex.open(join(settings.dataDir, FILES.index), rollupName(deployment), client);
  closing.add("the index", () => index.close());
  return index;
}

/** Opens what the process alone may use, first of all: a second one on the same folder ends here. */
export async function openNodeDatabase(
  { dataDir, minFreeMib }: Settings,
  deployment: Deployment,
): Promise<NodeDatabase> {
  await makeFolder(dataDir);
  return NodeDatabase.open(dataDir, rollupName(deployment), { minFree: minFreeMib * MIB });
}
