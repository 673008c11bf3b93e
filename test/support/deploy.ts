import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { AddressLike } from "ethers";
import { AbiCoder, keccak256, toUtf8Bytes } from "ethers";
import type { network } from "hardhat";
import { FIELD } from "../../src/protocol/field.ts";
import { type Forest, slotCount } from "../../src/protocol/nodes.ts";
import { packNodeWeights } from "../../src/protocol/nodes.ts";
import { BID_UNIT } from "../../src/protocol/terms.ts";
import type { B52Token, ProverRegistry, Rollup, StubVerifier } from "../../typechain-types/index.js";

export type Connection = Awaited<ReturnType<(typeof network)["create"]>>;

export interface DeployOptions {
  readonly forest: Forest;
  /** Address of a forest verifier for `forest`; a stub when left out. */
  readonly verifier?: AddressLike;
  readonly genesisRoot?: bigint;
  /** Registered provers, indexes 1 .. provers. Only with the stub. */
  readonly provers: number;
  /** Signers with a seat in both lanes. */
  readonly proposers: number;
}

/** A started rollup whose asset is the native token. */
export interface Deployment {
  readonly connection: Connection;
  readonly forest: Forest;
  readonly token: B52Token;
  readonly registry: ProverRegistry;
  readonly rollup: Rollup;
  readonly stub: StubVerifier;
  /** Holds the initial supply and owns all provers. */
  readonly deployer: HardhatEthersSigner;
  readonly proposers: readonly HardhatEthersSigner[];
  readonly domain: bigint;
}

/** Every deployment starts at the same second, so that gas does not depend on the clock. */
export const DEPLOY_TIME = 1_900_000_000;
export const PROPOSAL_WINDOW = 60;
export const ACCEPTANCE_WINDOW = 240;
/** Deposit of each lane, BID_UNIT. */
export const SEAT = 1_000_000n;

const ETHER = 10n ** 18n;
const GENESIS_SUPPLY = 1_000n * ETHER;

/** Deploys, binds, funds and starts everything; then registers provers and seats proposers. */
export async function deploy(connection: Connection, options: DeployOptions): Promise<Deployment> {
  const { ethers, networkHelpers } = connection;
  const { forest } = options;
  const [deployer, ...others] = await ethers.getSigners();
  if (deployer === undefined) throw new Error("the network has no signers");
  await networkHelpers.time.increaseTo(DEPLOY_TIME);

  const token = await ethers.deployContract("B52Token", [1_000_000_000n * ETHER]);
  const stub = await ethers.deployContract("StubVerifier", [forest.arity, forest.levels]);
  const verifier = options.verifier ?? stub;
  const minStake = BigInt(slotCount(forest)) * ETHER;
  const exitDelay = 2 * (PROPOSAL_WINDOW + ACCEPTANCE_WINDOW) + 1;
  const registry = await ethers.deployContract("ProverRegistry", [token, verifier, minStake, ETHER, exitDelay]);
  const rollup = await ethers.deployContract("Rollup", [
    {
      token,
      registry,
      verifier,
      asset: token,
      genesisRoot: options.genesisRoot ?? 1n,
      genesisSupply: GENESIS_SUPPLY,
      proposalWindow: PROPOSAL_WINDOW,
      acceptanceWindow: ACCEPTANCE_WINDOW,
      minBid: 1,
      maxUncles: 2,
      uncleMinScoreBps: 2_500,
      uncleBurnBps: 5_000,
      uncleRewardBps: 1_000,
      initialReward: 50n * ETHER,
      halvingInterval: 1_000_000,
      nodeWeights: packNodeWeights(Array<number>(forest.levels + 1).fill(1)),
      maxWords: 4_096,
    },
  ]);
  await token.bind(rollup);
  await registry.bind(rollup);
  await token.transfer(rollup, GENESIS_SUPPLY);
  await rollup.start();

  const domain = await rollup.domain();
  await token.approve(registry, ethers.MaxUint256);
  for (let index = 1; index <= options.provers; index++) {
    await registry.register(proverKey(index), minStake, stubKeyProof(proverKey(index), deployer.address, domain));
  }
  const proposers = others.slice(0, options.proposers);
  for (const proposer of proposers) {
    await token.transfer(proposer, 2n * SEAT * BID_UNIT);
    await token.connect(proposer).approve(rollup, ethers.MaxUint256);
    for (const lane of [0, 1]) await rollup.connect(proposer).deposit(lane, SEAT);
  }
  return { connection, forest, token, registry, rollup, stub, deployer, proposers, domain };
}

/** The key that stands for a prover's, where the stub makes sure of it. */
export function proverKey(index: number): bigint {
  return BigInt(keccak256(toUtf8Bytes(`prover ${index}`))) % FIELD;
}

/** What the stub takes for a KeyOwnership proof. */
export function stubKeyProof(key: bigint, owner: string, domain: bigint): string {
  return AbiCoder.defaultAbiCoder().encode(["uint256", "address", "uint256", "uint256", "uint256"], [key, owner, domain, 0, 0]);
}
