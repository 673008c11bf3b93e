import { Wallet } from "ethers";
import { makeSidecar } from "../../src/blobs/sidecar.ts";
import { send } from "../../src/chain/tx/index.ts";
import { economicsOf, leastDelays } from "../../src/deploy/economics.ts";
import { developmentKeys } from "../../src/deploy/genesis.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { castOf, extras, transfersOf } from "../../src/sim/cast.ts";
import { decideHeight } from "../../src/sim/decideHeight.ts";
import { type L1, openL1 } from "../../src/sim/l1.ts";
import { TrapdoorProver } from "../../src/sim/trapdoorProver.ts";
import { createWorld } from "../../src/sim/world.ts";
import { removeDeployment } from "./removeDeployment.ts";
import type { TestNode } from "./testNode.ts";

export interface Decided {
  /** Candidates that were paid. */
  readonly paid: number;
  /** Of the rollup. */
  readonly stateRoot: bigint;
  readonly expectedRoot: bigint;
  /** Of the chain, seconds. */
  readonly timestamp: number;
}

const profile = PROFILES.dev;
const windows = { ...economicsOf(profile), proposalWindow: 2, acceptanceWindow: 32 };
const economics = { ...windows, ...leastDelays(windows) };

/**
 * Decides a height on a chain whose clock nobody moves.
 * @param label what tells the world from others on chains that began in the same second
 * @param blockSeconds between blocks, on anvil, once the world is made; without it the node's own way
 */
export async function decideInRealTime(node: TestNode, label: string, blockSeconds?: number): Promise<Decided> {
  const l1 = await openL1({ url: node.url, isRealTime: true });
  try {
    const cast = castOf(label, l1.provider, extras({ provers: 2, proposers: 1, users: 2 }));
    // A node reads its KZG setup with its first blob, and that takes anvil seconds.
    const isReady = sendFirstBlob(l1);
    const world = await createWorld({ l1, profile, cast, label, economics, prover: new TrapdoorProver(profile) });
    await isReady;
    // What comes before has nothing to wait for.
    if (blockSeconds !== undefined)
      await l1.connection.provider.request({ method: "evm_setIntervalMining", params: [blockSeconds] });
    const { advance } = await decideHeight(world, transfersOf(cast.users, world.state, world.rules.domain, 2));
    const { timestamp } = (await l1.provider.getBlock("latest"))!;
    const stateRoot = await world.client.rollup.stateRoot();
    await removeDeployment(world.client.deployment);
    return { paid: advance.paid.length, stateRoot, expectedRoot: world.state.root, timestamp };
  } finally {
    await l1.connection.close();
  }
}

/** From an account of the node that sends nothing else. */
async function sendFirstBlob({ provider }: L1): Promise<void> {
  const sender = new Wallet(developmentKeys(10).at(-1)!, provider);
  const transaction = { to: sender.address, data: "0x", gasLimit: 30_000n, slots: 1 };
  await send("begin", sender, { ...transaction, sidecars: [await makeSidecar([1n])] });
}
