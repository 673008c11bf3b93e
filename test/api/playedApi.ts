import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { type Api, ChainIndex, createApi } from "../../src/api/index.ts";
import { encodeMessage, sealEnvelope } from "../../src/gossip/index.ts";
import { attachRollup } from "../../src/chain/index.ts";
import { NO_LOG } from "../../src/log/index.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import {
  Follower,
  type L1View,
  PROPOSER_DEFAULTS,
  PROVER_DEFAULTS,
  type ProposerPolicy,
  type ProverPolicy,
} from "../../src/roles/index.ts";
import { castOf, extras } from "../../src/sim/cast.ts";
import { l1Of } from "../../src/sim/l1.ts";
import { Swarm } from "../../src/sim/swarm.ts";
import { TrapdoorProver } from "../../src/sim/trapdoorProver.ts";
import { createWorld, type World } from "../../src/sim/world.ts";
import { openDatabase } from "../../src/sync/database.ts";
import { restoreSnapshot, type Snapshot } from "../../src/sync/snapshot.ts";
import { rollupName } from "../../src/sync/names.ts";
import type { SyncedState } from "../../src/sync/syncedState.ts";

const profile = PROFILES.dev;
const proposing: ProposerPolicy = {
  ...PROPOSER_DEFAULTS,
  ...{ burnBid: 100_000n, maxBid: 100_000n, branches: 1, advanceAfter: undefined, claimFeesFrom: undefined },
};
const proving: ProverPolicy = { ...PROVER_DEFAULTS, capacity: 14, jobs: 4, fills: 2, fillsWhatPays: false };

/** A rollup that roles play, and the API of a follower over HTTP. */
export interface PlayedApi {
  readonly connection: NetworkConnection;
  readonly world: World<TrapdoorProver>;
  readonly swarm: Swarm;
  readonly api: Api;
  readonly index: ChainIndex;
  readonly synced: SyncedState;
  readonly url: string;
  /** Lets the roles play until L1 is as wanted; then nobody moves until the next call. */
  playUntil(isWanted: (l1: L1View) => boolean): Promise<L1View>;
  /** Begins an L2 with a snapshot. @throws {SnapshotError} unless L1 has decided exactly that */
  restore(snapshot: Snapshot, folder: string): Promise<void>;
  /** Ends the roles, and takes L1 back to before the first commit. @returns what is read then */
  takeBack(): Promise<L1View>;
  close(): Promise<void>;
}

export async function playApi(seed: string): Promise<PlayedApi> {
  const folder = await mkdtemp(join(tmpdir(), "b52-api-"));
  const connection = await network.create();
  const l1 = await l1Of(connection);
  const cast = castOf(seed, l1.provider, extras({ provers: 4, proposers: 2, users: 4, newcomers: 1 }));
  const world = await createWorld({ l1, profile, prover: new TrapdoorProver(profile), cast });
  const client = attachRollup(l1.provider, world.client.deployment);
  const index = ChainIndex.open(join(folder, "index.sqlite"), rollupName(client.deployment), client);
  const swarm = await Swarm.create(world, { seed, onView: (view, span) => void index.feed(view, span) });
  const release = { clock: swarm.clock.busy() };
  const party = { name: "api", signer: l1.deployer, address: await l1.deployer.getAddress() };
  const node = await swarm.node(party);
  const { reader, synced, ledger, hearing, gossip, identity, blobs } = node;
  await reader.read();
  const api = await createApi({
    ...{ version: "0.0.0", client, reader, index, synced, ledger, hearing, gossip, blobs, log: NO_LOG },
    send: async (transfer) => {
      const sealed = sealEnvelope(identity, "transactions", encodeMessage("transactions", transfer));
      await gossip.publish("transactions", sealed);
    },
    peers: () => Promise.resolve([]),
    snapshots: join(folder, "snapshots"),
  });
  const { port } = await api.listen();

  const stop = new AbortController();
  const policy = { advanceAfter: 60, settles: true, slashes: true };
  const [first, second] = cast.proposers as [(typeof cast.proposers)[0], (typeof cast.proposers)[0]];
  const roles = [
    new Follower({ name: "follower", policy }, node),
    (await swarm.proposer({ policy: proposing }, first)).role,
    (await swarm.proposer({ policy: { ...proposing, burnBid: 90_000n } }, second)).role,
    ...(await Promise.all(cast.provers.map(async (prover) => (await swarm.prover({ policy: proving }, prover)).role))),
  ];
  let failure: Error | undefined;
  const running = roles.map(async (role) =>
    role.run(stop.signal).catch((error: unknown) => {
      failure ??= error as Error;
    }),
  );

  const end = async (): Promise<void> => {
    stop.abort(new Error("done"));
    await Promise.all(running);
  };
  let beginning: unknown;

  return {
    ...{ connection, world, swarm, api, index, synced, url: `http://127.0.0.1:${port}` },
    async playUntil(isWanted) {
      const { latest } = reader;
      beginning ??= await connection.provider.request({ method: "evm_snapshot" });
      if (latest !== undefined && isWanted(latest)) return latest;
      await new Promise<void>((resolve, reject) => {
        const unwatch = reader.watch(() => {
          if (failure !== undefined) reject(failure);
          if (!isWanted(reader.latest!)) return;
          unwatch();
          // Once all have done what is to be done now, the clock stands still.
          void swarm.clock.until(reader.latest!.now).then(() => {
            release.clock = swarm.clock.busy();
            resolve();
          }, reject);
        });
        release.clock();
      });
      return reader.read();
    },
    async restore(snapshot, into) {
      const restored = await openDatabase(client, into);
      await restoreSnapshot(client, restored, snapshot, "the API");
      await restored.close();
    },
    async takeBack() {
      await end();
      await connection.provider.request({ method: "evm_revert", params: [beginning] });
      return reader.read();
    },
    async close() {
      await end();
      await api.close();
      await gossip.close();
      index.close();
      await rm(folder, { recursive: true });
      if (failure !== undefined) throw failure;
    },
  };
}
