import { plural } from "../../log/index.ts";
import { formatEther } from "ethers";
import type { BulletinStatus } from "../../gossip/bulletin.ts";
import type { Network } from "../../gossip/libp2p/index.ts";
import { formatTokens, LANES } from "../../operator/index.ts";
import { BID_UNIT } from "../../protocol/terms.ts";
import type { SeatFacts } from "../compose/role.ts";
import type { L1Prover } from "../../roles/index.ts";
import type { Settings } from "../settings/index.ts";
import { type Facts, STILL_S } from "./facts.ts";
import type { Component, Condition } from "./health.ts";

const MIB = 1_048_576;

/** Ether below which a balance does not last for long. */
const LOW_BALANCE = 5n * 10n ** 16n;

const ok = (detail: string): Component => ({ condition: "ok", detail });
const degraded = (detail: string): Component => ({ condition: "degraded", detail });
const down = (detail: string): Component => ({ condition: "down", detail });

export function l1Component({ head, headSeenAt, l1Failure, nodes }: Facts, now = Date.now()): Component {
  if (l1Failure !== undefined) return down(l1Failure);
  if (head === undefined || headSeenAt === undefined) return down("no block seen yet");
  const age = Math.round((now - headSeenAt) / 1_000);
  if (age > STILL_S) return degraded(`block ${head.number}, none after it for ${age} s`);
  const left = nodes?.().nodes.filter(({ state }) => state !== "ok") ?? [];
  if (left.length === 0) return ok(`block ${head.number}`);
  return degraded(`block ${head.number}; not asked: ${left.map(({ name, state }) => `${name} (${state})`).join(", ")}`);
}

/** @param bulletin of a role that talks */
export function peersComponent(
  network: Network | undefined,
  { minPeers }: Settings,
  bulletin?: BulletinStatus,
): Component {
  if (network === undefined) return down("not joined yet");
  const { peers } = network.status();
  if (peers >= minPeers) return ok(`${peers} connected`);
  const way = bulletin === undefined ? "" : ", messages go over the bulletin on L1";
  return down(`${peers} connected, expected ${minPeers} or more; no new block is offered${way}`);
}

export function diskComponent({ freeBytes }: Facts, { minFreeMib }: Settings): Component {
  if (freeBytes === undefined) return degraded("not looked at yet");
  const free = Math.floor(freeBytes / MIB);
  if (free < minFreeMib) return down(`${free} MiB free, expected ${minFreeMib} or more; nothing new is promised`);
  return free < 2 * minFreeMib
    ? degraded(`${free} MiB free, and at ${minFreeMib} nothing new is promised`)
    : ok(`${free} MiB free`);
}

export function clockComponent({ skew: { ms } }: Facts, { maxClockSkewMs }: Settings): Component {
  if (ms === undefined) return ok("too few blocks seen to say");
  const found = `${ms} ms from that of L1`;
  return Math.abs(ms) >= maxClockSkewMs ? degraded(`${found}, expected less than ${maxClockSkewMs} ms`) : ok(found);
}

/** @param sources besides the own folder and peers */
export function blobsComponent(peers: number, sources: number): Component {
  const all = (peers > 0 ? 1 : 0) + sources;
  const found = `${sources} configured and ${plural(peers, "peer")}`;
  return all >= 2 ? ok(found) : degraded(`${found}, expected two sources beside the own folder`);
}

export function balanceComponent(balances: Facts["balances"]): Component {
  const all = Object.entries(balances);
  const detail = all.map(([name, wei]) => `${name} ${formatEther(wei)} ether`).join(", ") || "not read yet";
  const condition: Condition = all.some(([, wei]) => wei === 0n)
    ? "down"
    : all.some(([, wei]) => wei < LOW_BALANCE)
      ? "degraded"
      : "ok";
  return { condition, detail };
}

export function stakeComponent(prover: L1Prover | undefined): Component {
  if (prover === undefined) return degraded("not seen in the registry yet");
  const { index, stake, isEligible } = prover;
  const found = `prover ${index} with a stake of ${formatEther(stake)} tokens`;
  return isEligible ? ok(found) : down(`${found} is not eligible: b52 stake add`);
}

/** A lane whose deposit does not cover a bid takes no part: both are looked at, whatever height is open. */
export function seatComponent({ deposits, bid }: SeatFacts): Component {
  if (deposits === undefined) return degraded("not read yet");
  const found = `deposits of ${deposits.map((units) => formatTokens(units * BID_UNIT)).join(" and ")}`;
  const short = LANES.filter((_, lane) => deposits[lane]! < bid);
  if (short.length === 0) return ok(found);
  const wrong =
    `${found}, expected ${formatTokens(bid * BID_UNIT)} or more in each lane; ` +
    `no block of ${short.join(" or ")} heights is offered: b52 seat take`;
  return short.length === LANES.length ? down(wrong) : degraded(wrong);
}
