import type { NetworkConnection } from "hardhat/types/network";
import { type ContractTransactionReceipt, keccak256, parseEther, Wallet, ZeroAddress } from "ethers";
import { cutElements } from "../../src/blobs/blob.ts";
import { Kzg } from "../../src/blobs/kzg.ts";
import { makeSidecar } from "../../src/blobs/sidecar.ts";
import { kzgPoints } from "../../src/chain/actions/reveal.ts";
import type { BlobSidecar } from "../../src/chain/blobSidecar.ts";
import { send } from "../../src/chain/tx/index.ts";
import { BLOB_FIELD } from "../../src/protocol/blobField.ts";
import { elementsPerBase, type Profile } from "../../src/protocol/profile.ts";
import { dataPoint, type Order, orderCommitment, proposalId } from "../../src/protocol/proposal.ts";
import { packTerms } from "../../src/protocol/terms.ts";
import type { BlobOpeningStruct as BlobOpening } from "../../typechain-types/BlobVerifier.ts";
import type { Random } from "../../src/sim/random.ts";
import type { OpeningStruct } from "../../typechain-types/Rollup.ts";
import type { Bridge, Rollup, RoundView } from "../../typechain-types/index.ts";

/**
 * Four nodes of 1,634 elements: two blobs, and still two if one of them has operations. As many of these fit a node as
 * the stub of the verifier says.
 */
export const PROFILE: Profile = {
  ...{ name: "blobs", arity: 2, levels: 2, accountDepth: 4 },
  ...{ transfersPerBase: 700, operationsPerBase: 2 },
};
const SLOTS = 7;
const WINDOWS = { proposalWindow: 600, acceptanceWindow: 2_400 };
const SHARE_BPS = 5_000;
const BURN_BID = 100n;
/** What two blobs take, and then some. */
const GAS_LIMIT = 600_000n;

/** A committed block, with its secrets. */
export interface CommittedBlobs {
  readonly order: Order;
  readonly operations: string;
  /** Of each blob. */
  readonly coefficients: readonly (readonly bigint[])[];
  readonly sidecars: readonly BlobSidecar[];
  readonly opening: OpeningStruct;
  readonly proposalId: bigint;
}

/** What a transaction reveals of a block. */
export interface Part {
  readonly operations?: boolean;
  /** Numbers of blobs, in the order in which the transaction carries them. */
  readonly blobs: readonly number[];
}

/**
 * A rollup whose proofs are verified by a stub and whose blobs are real: what a reveal costs and refuses on a chain
 * with EIP-4844.
 */
export class BlobRollup {
  private constructor(
    readonly connection: NetworkConnection,
    readonly rollup: Rollup,
    readonly bridge: Bridge,
    readonly roundView: RoundView,
    readonly revealer: Wallet,
    /** Seated. */
    readonly proposer: Wallet,
  ) {}

  static async create(connection: NetworkConnection): Promise<BlobRollup> {
    const { ethers } = connection;
    const [deployer] = await ethers.getSigners();
    const token = await ethers.deployContract("B52Token", [parseEther("1000000")]);
    const verifier = await ethers.deployContract("StubVerifier", [PROFILE.arity, PROFILE.levels]);
    const claims = await ethers.deployContract("StubClaimVerifier");
    const bridge = await ethers.deployContract("Bridge", [token, claims, 0, 4, 86_400]);
    const stakes = [parseEther("7"), parseEther("7"), 1];
    const registry = await ethers.deployContract("ProverRegistry", [token, verifier, ...stakes, 86_400, 0]);
    const policy = await ethers.deployContract("PlainScore", [0]);
    const rollup = await ethers.deployContract("Rollup", [
      {
        ...{ token, registry, verifier, parts: ZeroAddress, bridge, relay: ZeroAddress },
        blobVerifier: await ethers.deployContract("BlobVerifier"),
        scorer: await ethers.deployContract("Scorer", [policy, registry, 2n ** 48n - 1n]),
        ...{ fairShareBps: 0, burnRule: 0, genesisRoot: 1, genesisSupply: 0, minBid: 1, forfeitBps: 0, ...WINDOWS },
        ...{ maxUncles: 0, uncleMinScoreBps: 0, uncleBurnBps: 0, uncleRewardBps: 0 },
        ...{ initialReward: 0, halvingInterval: 1, advanceTip: 0, elementsPerBase: elementsPerBase(PROFILE) },
      },
    ]);
    await token.bind(rollup);
    await registry.bind(rollup, deployer!);
    await bridge.bind(rollup);
    await rollup.start();
    const wallet = async (key: string): Promise<Wallet> => {
      const made = new Wallet(`0x${key.repeat(32)}`, ethers.provider);
      await deployer!.sendTransaction({ to: made.address, value: parseEther("100") });
      return made;
    };
    const [revealer, proposer] = [await wallet("b5"), await wallet("52")];
    await token.transfer(proposer, parseEther("10"));
    await token.connect(proposer).approve(rollup, parseEther("10"));
    for (const lane of [0, 1]) await rollup.connect(proposer).deposit(lane, 1_000n);
    await token.approve(bridge, parseEther("100"));
    return new BlobRollup(connection, rollup, bridge, await ethers.deployContract("RoundView"), revealer, proposer);
  }

  /**
   * Commits to a block with these elements and goes to where it may be revealed.
   * @param at when; where gas is measured, which depends on the bytes of that moment that are 0
   */
  async commit(random: Random, elements: readonly bigint[], operations = "0x", at?: number): Promise<CommittedBlobs> {
    const { rollup, proposer } = this;
    const { commitRoundId, parent } = await this.roundView.roundState(rollup);
    const coefficients = cutElements(elements);
    const sidecars = await Promise.all(coefficients.map(makeSidecar));
    const order: Order = {
      ...{ domain: await rollup.domain(), roundId: commitRoundId, proposer: proposer.address },
      ...{ txsRoot: random.below(BLOB_FIELD >> 2n), txCount: 3n, salt: keccak256("0x") },
      blobHashes: sidecars.map(({ versionedHash }) => versionedHash),
      operationsHash: keccak256(operations),
    };
    const commitment = orderCommitment(order);
    const terms = packTerms({ roundId: commitRoundId, proverShareBps: SHARE_BPS, burnBid: BURN_BID, parentRef: 0 });
    if (at !== undefined) await this.connection.networkHelpers.time.setNextBlockTimestamp(at);
    const sent = await rollup.connect(proposer).commit(terms, commitment, TRANSCRIPT);
    const { timestamp } = await (await sent.wait())!.getBlock();
    const { proposalEnds } = await this.roundView.roundState(rollup);
    await this.connection.networkHelpers.time.increaseTo(proposalEnds);
    return {
      ...{ order, operations, coefficients, sidecars },
      opening: { proposer: proposer.address, terms, orderCommitment: commitment, committedAt: timestamp },
      proposalId: proposalId({
        ...{ domain: order.domain, roundId: commitRoundId, parent, orderCommitment: commitment },
        ...{ proverShareBps: SHARE_BPS, proposer: proposer.address },
      }),
    };
  }

  /** What is claimed of some blobs of a block by the transaction that carries them in this order. */
  async open({ order, coefficients, sidecars }: CommittedBlobs, numbers: readonly number[]): Promise<BlobOpening[]> {
    const kzg = await Kzg.load();
    const z = dataPoint(orderCommitment(order));
    return numbers.map((number, place) => {
      const { y, proof } = kzg.open(coefficients[number]!, z);
      return { number, place, y, points: kzgPoints(sidecars[number]!.commitment, proof) };
    });
  }

  /** @param claimed what is said of the blobs, instead of the truth */
  async reveal(
    block: CommittedBlobs,
    { operations = false, blobs }: Part,
    claimed?: BlobOpening[],
  ): Promise<ContractTransactionReceipt> {
    const { opening, order, sidecars } = block;
    const openings = claimed ?? (await this.open(block, blobs));
    const opened = { ...order, blobHashes: [...order.blobHashes] };
    const call = [opening, keccak256(TRANSCRIPT), opened, operations ? block.operations : "0x", openings] as const;
    const { rollup, revealer } = this;
    if (blobs.length === 0) return send("reveal", revealer, rollup.reveal.populateTransaction(...call));
    const { to, data } = await rollup.reveal.populateTransaction(...call);
    const carried = blobs.map((number) => sidecars[number]!);
    return send("reveal", revealer, { to, data, gasLimit: GAS_LIMIT, sidecars: carried, slots: 1 });
  }

  /** Lets the round of this block fail and posts an operation, which is due in the next one. */
  async postOperation({ opening }: CommittedBlobs): Promise<string> {
    const { rollup, bridge, connection } = this;
    const posted = await (await bridge.forceExit(7, (5n << 5n) | 18n)).wait();
    const { revealEnds } = await this.roundView.roundState(rollup);
    await connection.networkHelpers.time.increaseTo(revealEnds);
    await rollup.settle(opening, keccak256(TRANSCRIPT));
    const [log] = posted!.logs.flatMap((one) => bridge.interface.parseLog(one) ?? []).slice(-1);
    return log!.args["operation"] as string;
  }
}

const TRANSCRIPT = `0x${"0000".repeat(SLOTS)}`;
