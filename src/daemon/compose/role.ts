import { hexlify, randomBytes, Wallet } from "ethers";
import { dropsTo } from "./drops.ts";
import type { NodePorts } from "./ports.ts";
import type { Log } from "../../log/index.ts";
import type { OperatorKeys } from "../../operator/index.ts";
import {
  Follower,
  keptMempool,
  type Mempool,
  MempoolBuilder,
  ProcessBuilder,
  nodeVerifier,
  Proposer,
  Prover,
  type TalkingPorts,
  untilHad,
} from "../../roles/index.ts";
import type { Closing } from "../closing.ts";
import { NoKeyError, NoSeatError, NotRegisteredError } from "../errors.ts";
import type { Configuration, RoleName } from "../settings/index.ts";
import { followerPolicy, proposerPolicy, proverPolicy } from "./policies.ts";
import type { BulletinGossip } from "../../gossip/bulletin.ts";
import { openBulletin } from "./bulletin.ts";
import { loadCircuits } from "./circuits.ts";
import { type ServedApi, serveApi } from "./api.ts";
import { proposerDecision, proverDecision } from "./promising.ts";
import { openProver } from "./proofs.ts";
import { openSender, openSharedSender } from "./senders.ts";
import { NodeIdentity } from "./identity.ts";

/** What a proposer bids with, BID_UNIT. */
export interface SeatFacts {
  /** By parity of the height; undefined before they were read. */
  readonly deposits: readonly [even: bigint, odd: bigint] | undefined;
  /** What it bids at least. */
  readonly bid: bigint;
}

/** A role as the daemon runs it. */
export interface RunningRole {
  run(signal: AbortSignal): Promise<void>;
  /** Of L1: what it is known by there, for messages and metrics. */
  readonly address?: string;
  readonly proverIndex?: number;
  /** Of a proposer. */
  readonly seat?: () => SeatFacts;
  readonly identity?: NodeIdentity;
  readonly mempool?: Mempool;
  /** Its gossip, over peers or over L1. */
  readonly bulletin?: BulletinGossip;
  readonly api?: ServedApi | undefined;
}

export interface RoleOptions {
  readonly configuration: Configuration;
  readonly ports: NodePorts;
  readonly keys: OperatorKeys | undefined;
  readonly log: Log;
  /** Whether nothing new may be promised: cut off, or no room to write. */
  readonly isHeld: () => boolean;
  /** How many times the program was found cut off from peers or L1, now included. */
  readonly countCuts: () => number;
  readonly closing: Closing;
  /** Ends the node. */
  readonly signal: AbortSignal;
}

const MAKERS: Readonly<Record<RoleName, (options: RoleOptions) => Promise<RunningRole>>> = {
  prover: makeProver,
  proposer: makeProposer,
  follower: makeFollower,
};

/**
 * The role of a configuration, with all that it needs.
 * @throws {NoKeyError} @throws {NotRegisteredError} @throws {NoSeatError}
 */
export function makeRole(options: RoleOptions): Promise<RunningRole> {
  return MAKERS[options.configuration.role](options);
}

async function makeProver(options: RoleOptions): Promise<RunningRole> {
  const { ports, log, closing, countCuts } = options;
  const { settings } = options.configuration;
  const keys = keysOf(options);
  const { client, rules } = ports;
  const circuits = await loadCircuits(client);
  const index = Number(await client.registry.indexOf(keys.proverKey));
  if (index === 0) throw new NotRegisteredError(keys.address, keys.proverKey);
  const prover = await openProver(settings, circuits, log);
  closing.add("what makes proofs", () => prover.close());
  const talking = await talkingPorts(options, keys);
  const role = new Prover(
    {
      ...{ name: "prover", index, secret: keys.proverSecret, rules, isAlone: settings.iAmAlone, countCuts },
      policy: proverPolicy(settings),
      next: proverDecision(ports.clock),
    },
    { ...talking, prover, verifier: nodeVerifier(circuits.keys) },
  );
  return {
    run: (signal) => role.run(signal),
    address: keys.address,
    proverIndex: index,
    identity: talking.identity,
    bulletin: talking.gossip,
  };
}

async function makeProposer(options: RoleOptions): Promise<RunningRole> {
  const { ports, log, isHeld } = options;
  const { settings } = options.configuration;
  const keys = keysOf(options);
  const { client, rules, reader } = ports;
  const circuits = await loadCircuits(client);
  const l1 = await reader.read();
  if (!l1.seats.has(keys.address)) throw new NoSeatError(keys.address);
  await untilHad(() => ports.ledger.sync(options.signal), { clock: ports.clock, log }, options.signal);
  const mempool = keptMempool(ports.database.mempool, ports.ledger.state, { onDrop: dropsTo(log) }, log);
  const own = new MempoolBuilder(mempool);
  const [program, ...args] = (settings.builder ?? "").split(/\s+/).filter((part) => part !== "");
  const other =
    program === undefined
      ? undefined
      : new ProcessBuilder({
          ...{ command: [program, ...args], timeoutMs: settings.builderTimeout, fallback: own, mempool, log },
        });
  const talking = await talkingPorts(options, keys);
  const policy = proposerPolicy(settings, await client.rollup.minBid());
  const role = new Proposer(
    {
      ...{ name: "proposer", rules },
      policy,
      next: proposerDecision(ports.clock, isHeld),
    },
    {
      ...talking,
      ...{ mempool, builder: other ?? own, verifier: nodeVerifier(circuits.keys) },
      revealer: await openSender(keys.revealKey, options),
      salt: () => hexlify(randomBytes(32)),
    },
  );
  const run = async (signal: AbortSignal): Promise<void> => role.run(signal).finally(() => other?.close());
  const seat = (): SeatFacts => ({ deposits: role.deposits, bid: policy.burnBid });
  return { run, address: keys.address, seat, identity: talking.identity, bulletin: talking.gossip, mempool };
}

async function makeFollower(options: RoleOptions): Promise<RunningRole> {
  const { ports, log, closing } = options;
  const { settings } = options.configuration;
  const { client, clock, reader, ledger, networkKey, route } = ports;
  const keys = settings.serves ? keysOf(options) : options.keys;
  // Without a key it sends nothing, so whose sender it has does not matter.
  const privateKey = keys?.privateKey ?? hexlify(randomBytes(32));
  const signer = await (keys === undefined ? openSender : openSharedSender)(privateKey, options);
  const role = new Follower(
    { name: "follower", policy: followerPolicy(settings) },
    { client, clock, reader, ledger, signer, log },
  );
  const identity = await NodeIdentity.create(networkKey, new Wallet(privateKey), route, await clock.now());
  const sender = keys === undefined ? undefined : signer;
  const bulletin = openBulletin({ client, network: ports.network, inbox: ports.inbox, sender, log, closing });
  const api = await serveApi({ settings, ports, gossip: bulletin, identity, log, closing });
  if (api === undefined) listenOnly(options, bulletin);
  return { run: (signal) => role.run(signal), ...{ identity, api, bulletin }, ...(keys && { address: keys.address }) };
}

/** Hears for others alone: whoever hears no proposals cannot pass on the votes for them. */
function listenOnly({ ports: { hearing, reader }, closing }: RoleOptions, bulletin: BulletinGossip): void {
  hearing.listen(bulletin, ["transactions", "proposals", "votes", "proofs"], () => hearing.transfers.splice(0));
  const forget = reader.watch(() => reader.latest && hearing.prune(reader.latest));
  closing.add("the hearing", () => {
    forget();
  });
}

function keysOf({ keys, configuration: { role } }: RoleOptions): OperatorKeys {
  if (keys === undefined) throw new NoKeyError(role);
  return keys;
}

async function talkingPorts(
  options: RoleOptions,
  keys: OperatorKeys,
): Promise<TalkingPorts & { readonly identity: NodeIdentity; readonly gossip: BulletinGossip }> {
  const { role } = options.configuration;
  const { ports, log, closing } = options;
  const { client, clock, reader, ledger, hearing, network, inbox, blobs, waker, database, route, networkKey } = ports;
  const signer = await openSharedSender(keys.privateKey, options);
  const wallet = new Wallet(keys.privateKey);
  const identity = await NodeIdentity.create(networkKey, wallet, route, await clock.now());
  const gossip = openBulletin({ client, network, inbox, sender: signer, log, closing });
  return {
    ...{ client, clock, reader, ledger, hearing, gossip, blobs, waker, signer, identity, log, database },
    store: database.store(role),
  };
}
