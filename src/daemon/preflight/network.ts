import { setTimeout as sleep } from "node:timers/promises";
import { randomBytes } from "node:crypto";
import { type BlobName, type BlobSource, MemoryBlobs, within } from "../../blobs/index.ts";
import type { ChainClient } from "../../chain/index.ts";
import { NetworkKey } from "../../gossip/index.ts";
import { joinNetwork, type Network } from "../../gossip/libp2p/index.ts";
import { plural } from "../../log/index.ts";
import { L1Reader } from "../../roles/index.ts";
import type { Configuration } from "../settings/index.ts";
import { type Finding, fail, ok, warn } from "./check.ts";

const PEERS_MS = 10_000;
const BLOB_MS = 10_000;
const LOOK_MS = 100;

/** Joins the network with a key that nobody knows, to see who is there. Listens nowhere and says nothing. */
export async function visit({ deployment }: ChainClient, { settings }: Configuration): Promise<Network> {
  const { chainId, contracts, domain } = deployment;
  return joinNetwork({
    ...{ name: "preflight", key: new NetworkKey(randomBytes(32)), listen: [], blobs: new MemoryBlobs() },
    route: { chainId, rollup: contracts.rollup, domain },
    view: () => Promise.reject(new Error("nothing is judged")),
    ...{ bootstrap: settings.bootstrap, mdns: settings.mdns, discovery: false },
  });
}

/** As many peers as are wanted answer. */
export async function checkPeers(network: Network, { settings }: Configuration, signal: AbortSignal): Promise<Finding> {
  const { minPeers, bootstrap, mdns } = settings;
  // Who listens nowhere and dials nobody meets nobody.
  const deadline = Date.now() + (bootstrap.length > 0 || mdns ? PEERS_MS : 0);
  const wanted = Math.max(1, minPeers);
  while (network.status().peers < wanted && Date.now() < deadline) await sleep(LOOK_MS, undefined, { signal });
  const { peers } = network.status();
  if (peers >= wanted) return ok(`${peers} connected`);
  const places = `${bootstrap.length} of the setting bootstrap${mdns ? " and the local network" : ""}`;
  const found = `${peers} connected, of ${places}`;
  return peers < minPeers
    ? fail(`${found}, expected ${minPeers} or more`)
    : warn(`${found}: the first node of a network?`);
}

/** Two sources beside the own folder return the last blob of the open round, if there is one. */
export async function checkBlobs(
  client: ChainClient,
  sources: readonly BlobSource[],
  signal: AbortSignal,
): Promise<Finding> {
  const blob = await lastBlob(client);
  const failures: string[] = [];
  let good = 0;
  for (const source of sources) {
    try {
      await within(BLOB_MS, signal, (limited) =>
        blob === undefined ? source.check(limited) : source.get(blob, limited).then(() => undefined),
      );
      good++;
    } catch (error) {
      signal.throwIfAborted();
      failures.push(`${source.name}: ${(error as Error).message}`);
    }
  }
  const what = blob === undefined ? "answer (the open round has no revealed block to ask for)" : "return the last blob";
  const found = `${good} of ${plural(sources.length, "source")} ${what}`;
  if (good >= 2) return ok(found);
  const detail = `${found}, expected 2 or more (settings beacon and archives, and peers)`;
  return warn([detail, ...failures].join("; "));
}

/** Of the last block whose blobs are known to L1. */
async function lastBlob(client: ChainClient): Promise<BlobName | undefined> {
  const l1 = await new L1Reader({ client }).read();
  const [versionedHash] = l1.open.flatMap(({ reveal }) => reveal?.blobHashes ?? []).reverse();
  if (versionedHash === undefined) return undefined;
  return { versionedHash, notBefore: l1.round.proposalEnds, notAfter: l1.now };
}
