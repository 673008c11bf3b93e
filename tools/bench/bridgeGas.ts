import hre from "hardhat";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { getAddress, toBeHex } from "ethers";
import * as actions from "../../src/chain/actions/index.ts";
import { exitPosition, packExit } from "../../src/protocol/exit.ts";
import { slotCount } from "../../src/protocol/nodes.ts";
import { CLAIMS_PER_PROOF, type Profile } from "../../src/protocol/profile.ts";
import { createMadeUpWorld, simulateEscape, simulateExits } from "../../src/sim/madeUp.ts";
import { decideBlock, draftBlock, fullTranscript } from "../../src/sim/madeUpBlock.ts";
import { measurePoseidonPath } from "./poseidonPath.ts";

/** Gas of what users do on L1. */
export interface BridgeGas {
  /** By somebody who has deposited before. */
  readonly deposit: number;
  /** A forced transfer, by somebody who has forced one before. */
  readonly forced: number;
  /** One exit, to somebody who has none of the asset yet. */
  readonly exitClaim: number;
}

/** Exits by a proof, and by a path that L1 hashes itself. */
export interface ClaimGas {
  /** Exits of one block to one owner, by their number: one proof for all of them. */
  readonly byClaims: Readonly<Record<string, number>>;
  /** Checking one leaf under a binary Poseidon root of so many levels, without marking and paying it. */
  readonly path: { readonly depth: number; readonly gas: number };
  readonly claimFees: number;
  readonly freeze: number;
  readonly escape: number;
  readonly refund: number;
}

const PROFILE: Profile = {
  name: "bench-bridge",
  arity: 2,
  levels: 2,
  accountDepth: 8,
  transfersPerBase: 16,
  operationsPerBase: 4,
};
const ETHER = 10n ** 18n;
/** The exits of a block with 2^14 transfers. */
const PATH_DEPTH = 14;

export async function measureBridge(): Promise<{ bridge: BridgeGas; claims: ClaimGas }> {
  const connection = await hre.network.create();
  const provers = slotCount(PROFILE);
  const world = await createMadeUpWorld(connection, { profile: PROFILE, provers, proposers: 1 });
  const { client, deployer } = world;
  const [proposer] = world.proposers as [HardhatEthersSigner];
  await actions.approveAsset(client, deployer, 2n ** 255n);
  const post = async () => {
    const deposited = { to: 1, amount: ETHER, key: 123_456_789n ** 8n, l1Owner: deployer.address };
    const deposit = await actions.depositAsset(client, deployer, deposited);
    const forced = await actions.forceTransfer(client, deployer, { from: 4_097, to: 4_098, amount: ETHER });
    return { deposit: gasOf(deposit), forced: gasOf(forced) };
  };
  await post();
  const { deposit, forced } = await post();

  const transcript = fullTranscript(PROFILE, provers);
  const byClaims: [string, number][] = [];
  let withdrawalsRoot = 0n;
  for (let count = 1; count <= CLAIMS_PER_PROOF; count++) {
    withdrawalsRoot = world.random.below(2n ** 250n);
    const block = await draftBlock(world, {
      proposer,
      burnBid: 1_000n,
      transcript,
      elements: 1,
      fees: ETHER,
      withdrawalsRoot,
    });
    await decideBlock(world, block);
    const owner = BigInt(getAddress(toBeHex(world.random.below(2n ** 160n), 20)));
    const claims = Array.from({ length: count }, (_, leaf) => ({
      proposalId: block.proposalId,
      position: exitPosition({ base: 1, leaf }),
      exit: packExit({ l1Owner: owner, amount: BigInt(leaf + 1) * (ETHER / 8n) }),
    }));
    const statements = claims.map(({ position, exit }) => ({ withdrawalsRoot, position, packed: exit }));
    byClaims.push([
      `${count}`,
      gasOf(await actions.claimExits(client, deployer, { claims, ...simulateExits(world, statements) })),
    ]);
  }
  const claimFees = gasOf(await actions.claimFees(client, proposer, proposer.address));

  const { index } = await actions.depositAsset(client, deployer, {
    to: 2,
    amount: ETHER,
    key: 5n,
    l1Owner: deployer.address,
  });
  const [last, delay] = await Promise.all([client.bridge.lastAdvanceAt(), client.bridge.escapeDelay()]);
  await connection.networkHelpers.time.increaseTo(last + delay);
  const { receipt, stateRoot } = await actions.freeze(client, deployer);
  const account = { index: 7, l1Owner: BigInt(deployer.address), balance: ETHER };
  const proof = simulateEscape(world, { ...account, stateRoot });
  const escape = gasOf(await actions.escape(client, deployer, { ...account, l1Owner: deployer.address, proof }));
  const queue = await actions.getQueue(client);
  const { encoded } = queue.find((operation) => operation.index === index)!;
  const refund = gasOf(await actions.refund(client, deployer, index, encoded));

  return {
    bridge: { deposit, forced, exitClaim: byClaims[0]![1] },
    claims: {
      byClaims: Object.fromEntries(byClaims),
      path: { depth: PATH_DEPTH, gas: await measurePoseidonPath(connection.ethers, PATH_DEPTH) },
      claimFees,
      freeze: Number(receipt.gasUsed),
      escape,
      refund,
    },
  };
}

const gasOf = ({ receipt }: { readonly receipt: { readonly gasUsed: bigint } }): number => Number(receipt.gasUsed);
