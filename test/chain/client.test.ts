import { expect } from "chai";
import { getAddress } from "ethers";
import hre from "hardhat";
import * as actions from "../../src/chain/actions/index.ts";
import { connectRollup } from "../../src/chain/client.ts";
import {
  ContractError,
  NoContractError,
  NodeTooEarlyError,
  PrunedNodeError,
  TransactionError,
  WrongChainError,
  WrongContractError,
} from "../../src/chain/errors.ts";
import { hasFlag, packFlags } from "../../src/protocol/flags.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { roundId } from "../../src/protocol/round.ts";
import { score } from "../../src/protocol/score.ts";
import { BID_UNIT } from "../../src/protocol/terms.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { takenBack } from "../support/takenBack.ts";
import { createMadeUpWorld, passTo, registerKey, type MadeUpWorld } from "../../src/sim/madeUp.ts";
import { draftBlock, fullTranscript, proveBlock, revealBlock, type MadeUpBlock } from "../../src/sim/madeUpBlock.ts";
import { SEAT } from "../../src/sim/world.ts";

const profile = PROFILES.dev;
const PROVERS = 4;

async function refusal(promise: Promise<unknown>): Promise<ContractError> {
  try {
    await promise;
  } catch (error) {
    expect(error).to.be.instanceOf(ContractError);
    return error as ContractError;
  }
  throw new Error("it was not refused");
}

describe("chain client", () => {
  let world: MadeUpWorld;
  const transcript = fullTranscript(profile, PROVERS);

  const begin = takenBack(async () =>
    createMadeUpWorld(await hre.network.create(), { profile, provers: PROVERS, proposers: 2 }),
  );
  beforeEach(async () => {
    world = await begin();
  });

  const draft = (i: number, burnBid = 1_000n, parent?: MadeUpBlock) =>
    draftBlock(world, {
      proposer: world.proposers[i]!,
      burnBid,
      transcript,
      elements: 2,
      fees: 5n,
      ...(parent && { parent }),
    });

  const commit = async (block: MadeUpBlock) => (await actions.commit(world.client, block.proposer, block)).commitment;

  describe("connectRollup", () => {
    it("accepts the chain and the contracts of the deployment", async () => {
      const { client } = world;
      const connected = await connectRollup(client.provider, client.deployment);
      expect(await connected.rollup.stateRoot()).to.equal(client.deployment.genesis.root);
    });

    it("refuses another chain, a restarted chain, and addresses without code", async () => {
      const { provider, deployment } = world.client;
      const connect = (changes: object) => connectRollup(provider, { ...deployment, ...changes });
      const failures = [
        [{ chainId: 1n }, WrongChainError, "chain id of the node is 31337, expected 1"],
        [{ genesisBlock: `0x${"0".repeat(64)}` }, WrongChainError, /^block 0 of the node is 0x.*restarted/],
        [
          { started: { ...deployment.started, hash: `0x${"0".repeat(64)}` } },
          WrongChainError,
          /^block \d+ of the node is 0x.*a development chain that was restarted.*deploy again/,
        ],
        [
          { started: { ...deployment.started, number: 1_000_000 } },
          NodeTooEarlyError,
          /^the latest block of the node is \d+, expected at least 1000000, .* behind/,
        ],
        [
          { domain: 1n },
          WrongContractError,
          /^domain on the chain is \d+, expected 1: the deployment file does not fit the chain$/,
        ],
      ] as const;
      for (const [changes, type, message] of failures) {
        const error = await connect(changes).catch((reason: unknown) => reason as Error);
        expect(error).to.be.instanceOf(type);
        expect((error as Error).message).to.match(new RegExp(message));
      }
      const nobody = getAddress(`0x${"aa".repeat(20)}`);
      const error = await connect({ contracts: { ...deployment.contracts, registry: nobody } }).catch(
        (reason: unknown) => reason,
      );
      expect(error).to.be.instanceOf(NoContractError);
      expect((error as Error).message).to.equal(`there is no registry at ${nobody} on chain 31337`);
    });

    it("refuses a node that has dropped old logs: what was later would look empty", async () => {
      const { provider, deployment } = world.client;
      const pruned = new Proxy(provider, {
        get(target, property, receiver) {
          if (property === "provider") return receiver as unknown;
          if (property === "getLogs") return async () => [];
          const value = Reflect.get(target, property) as unknown;
          return typeof value === "function" ? (value.bind(target) as unknown) : value;
        },
      });
      await expectRejection(
        connectRollup(pruned, deployment),
        PrunedNodeError,
        `the node has no logs of block ${deployment.started.number}, in which the rollup was started, expected all`,
      );
    });

    it("refuses addresses at which other contracts are", async () => {
      const { provider, deployment } = world.client;
      const { contracts } = deployment;
      const names = Object.keys(contracts) as (keyof typeof contracts)[];
      for (const name of names.filter((name) => name !== "bulletin")) {
        const other = name === "token" || name === "asset" ? contracts.bridge : contracts.token;
        const error = await expectRejection(
          connectRollup(provider, { ...deployment, contracts: { ...contracts, [name]: other } }),
          WrongContractError,
          ": the deployment file does not fit the chain",
        );
        expect(error.message).to.match(
          name === "rollup"
            ? /^domain on the chain is not there, expected \d+:/
            : /^\w+ of the \w+ on the chain is (not there|0x)/,
        );
      }
    });
  });

  it("takes a block through its whole life", async () => {
    const { client, deployer, proposers } = world;
    const blocks = await Promise.all([draft(0), draft(1, 900n)]);
    const commitments: actions.Commitment[] = [];
    for (const block of blocks) commitments.push((await actions.commit(client, block.proposer, block)).commitment);
    const round = { height: 1, attempt: 1 };
    expect(await actions.getCommits(client, round)).to.deep.equal(commitments);
    expect(await actions.getCommits(client, { height: 2, attempt: 1 })).to.deep.equal([]);

    await passTo(world, "proposalEnds");
    expect((await actions.getRoundState(client)).phase).to.equal("Revealing");
    for (const [i, block] of blocks.entries()) {
      expect((await revealBlock(world, block, commitments[i]!)).proposalId).to.equal(block.proposalId);
    }
    const places = [];
    for (const [i, block] of blocks.entries()) {
      const submitted = await actions.submitProof(client, deployer, proveBlock(world, block, commitments[i]!));
      expect(submitted).to.include({
        proposalId: block.proposalId,
        provers: PROVERS,
        score: score(PROVERS, block.burnBid),
      });
      places.push(submitted.place);
    }
    expect(places).to.deep.equal([0, 1]);

    await passTo(world, "acceptanceEnds");
    const advanced = await actions.advance(client, deployer);
    expect(advanced.proposalId).to.equal(blocks[0].proposalId);
    expect(advanced.paid.map(({ place, proposalId }) => [place, proposalId])).to.deep.equal(
      blocks.map(({ proposalId }, place) => [place, proposalId]),
    );
    expect(advanced.burnt).to.equal(advanced.paid.reduce((sum, { burnt }) => sum + burnt * BID_UNIT, 0n));
    expect((await actions.getCandidate(client, blocks[0].proposalId))!.proverUnit).to.equal(
      advanced.paid[0]!.proverUnit,
    );
    expect(await actions.getCandidate(client, 1n)).to.equal(undefined);

    const slots = transcript.flatMap((index, slot) => (index === 1 ? [slot] : []));
    const claims = blocks.map(({ proposalId }, i) => ({ proposalId, transcript: commitments[i]!.transcript, slots }));
    const { amount } = await actions.claimProver(client, deployer, 1, claims);
    const units = advanced.paid.reduce((sum, { proverUnit }) => sum + proverUnit, 0n);
    expect(amount).to.equal(units * BigInt(slots.length));
    const [proposer] = proposers;
    expect((await actions.claimProposer(client, proposer!, proposer!.address)).rewards).to.equal(
      advanced.paid[0]!.proposerReward,
    );
    expect((await actions.claimFees(client, proposer!, proposer!.address)).fees).to.equal(5n);
    expect((await actions.getRoundState(client)).round).to.deep.equal({ height: 2, attempt: 1 });
  });

  it("raises what a candidate has proven, and says when nothing is raised", async () => {
    const { client, deployer } = world;
    const block = await draft(0);
    const { commitment } = await actions.commit(client, block.proposer, block);
    await passTo(world, "proposalEnds");
    await revealBlock(world, block, commitment);
    const full = proveBlock(world, block, commitment);
    const fewer = packFlags(transcript.length, {
      voted: (slot) => hasFlag(full.forest.flags, "voted", slot),
      delivered: (slot) => transcript[slot] === 1,
    });
    const first = await actions.submitProof(client, deployer, proveBlock(world, block, commitment, fewer));
    expect(first.provers).to.equal(1);
    expect((await actions.submitProof(client, deployer, full)).provers).to.equal(PROVERS);
    const error = await refusal(actions.submitProof(client, deployer, full));
    expect(error).to.include({ error: "NoImprovement" });
    expect(error.args).to.include({ provers: BigInt(PROVERS) });
  });

  it("decides the next height without a pause when it was committed to in time", async () => {
    const { client, deployer, proposers } = world;
    const [winner, loser] = [await draft(0), await draft(1, 900n)];
    const [winning, losing] = [await commit(winner), await commit(loser)];
    await passTo(world, "proposalEnds");
    await revealBlock(world, winner, winning);
    expect(await actions.getRoundState(client)).to.deep.include({
      phase: "Revealing",
      round: { height: 1, attempt: 1 },
      commitRound: { height: 2, attempt: 1 },
      parentRef: 0,
      advanceDue: false,
    });

    // Each on its own block, and the first on the other's as well: one deposit, two parents.
    const hopeless = await draft(1, 700n, loser);
    const doomed = await commit(hopeless);
    const first = await draft(0, 800n, loser);
    const firstCommitment = await commit(first);
    const branch = await draft(0, 800n, winner);
    const { commitment: live } = await actions.commitBranch(client, proposers[0]!, branch, firstCommitment);
    await actions.submitProof(client, deployer, proveBlock(world, winner, winning));

    await passTo(world, "acceptanceEnds");
    const state = await actions.getRoundState(client);
    expect(state).to.deep.include({
      phase: "Revealing",
      round: { height: 2, attempt: 1 },
      commitRound: { height: 3, attempt: 1 },
      parent: winner.proposalId,
      parentRef: 1,
      advanceDue: true,
    });
    expect(state.commitRoundNumber).to.equal(state.roundNumber + 1n);
    expect(await actions.getCommits(client, { height: 2, attempt: 1 })).to.deep.equal([doomed, firstCommitment, live]);

    const { receipts, proposalId } = await revealBlock(world, branch, live);
    expect(proposalId).to.equal(branch.proposalId);
    const advanced = actions.advanceIn(client, receipts[0]!)!;
    expect(advanced).to.deep.include({ proposalId: winner.proposalId, roundId: winner.terms.roundId });
    expect(advanced.tip > 0n && advanced.paid.length === 1).to.equal(true);
    expect((await actions.getRoundState(client)).advanceDue).to.equal(false);
    expect((await actions.submitProof(client, deployer, proveBlock(world, branch, live))).place).to.equal(0);

    // A lost parent costs nothing; a promise that was not kept does.
    expect((await actions.settle(client, deployer, doomed)).forfeited).to.equal(0n);
    expect((await actions.settle(client, deployer, losing)).forfeited).to.equal(900n);
    expect((await refusal(actions.settle(client, deployer, losing))).error).to.equal("NothingToSettle");
    await passTo(world, "acceptanceEnds");
    expect((await actions.getRoundState(client)).phase).to.equal("Advanceable");
    expect((await actions.advance(client, deployer)).proposalId).to.equal(branch.proposalId);
  });

  it("pays provers alike where the deployment says so", async () => {
    world = await createMadeUpWorld(await hre.network.create(), {
      profile,
      provers: PROVERS,
      proposers: 1,
      economics: { fairShareBps: 5_000, burnRule: "everyCommit" },
    });
    const { client, deployer } = world;
    const block = await draft(0);
    const commitment = await commit(block);
    await passTo(world, "proposalEnds");
    await revealBlock(world, block, commitment);
    await actions.submitProof(client, deployer, proveBlock(world, block, commitment));
    await passTo(world, "acceptanceEnds");
    const { paid, tip, minted, burnt } = await actions.advance(client, deployer);
    expect(burnt, "burnt when it was proven").to.equal(0n);
    const [{ proverUnit, proposerReward }] = paid as [actions.PaidCandidate];
    expect(proverUnit).to.equal((minted - proposerReward - tip) / BigInt(PROVERS));
    const claim = { proposalId: block.proposalId, transcript: commitment.transcript, slots: [0] };
    const [index] = block.transcript as [number];
    expect((await actions.claimProver(client, deployer, index, [claim])).amount).to.equal(proverUnit);
    expect((await refusal(actions.claimProver(client, deployer, index, [claim]))).error).to.equal("AlreadyClaimed");
  });

  describe("refusals", () => {
    it("name the error, its values and what was called", async () => {
      const block = await draft(0, 0n);
      const error = await refusal(actions.commit(world.client, block.proposer, block));
      expect(error).to.include({ call: "commit", error: "BidTooLow" });
      expect(error.args).to.deep.equal({ burnBid: 0n, minBid: 1n });
      expect(error.message).to.equal("commit was refused: bid too low (burnBid 0, minBid 1)");
    });

    it("spell rounds out", async () => {
      const block = await draft(0);
      const terms = { ...block.terms, roundId: roundId({ height: 3, attempt: 7 }) };
      const error = await refusal(actions.commit(world.client, block.proposer, { ...block, terms }));
      expect(error.message).to.equal(
        "commit was refused: wrong round (roundId height 3 attempt 7, expected height 1 attempt 1)",
      );
    });

    it("come from every contract", async () => {
      const { client, deployer, keys, proposers } = world;
      const errors = [
        await refusal(actions.deposit(client, proposers[0]!, 0, 1n << 60n)),
        await refusal(actions.withdraw(client, proposers[0]!, 1, SEAT + 1n)),
        await refusal(registerKey(world, keys[1]!)),
        await refusal(actions.transfer(client, proposers[1]!, deployer.address, 1n << 200n)),
        await refusal(actions.advance(client, deployer)),
        await refusal(actions.withdrawStake(client, deployer, 1)),
        await refusal(actions.requestExit(client, proposers[0]!, 1)),
        await refusal(
          actions.register(client, deployer, {
            key: 5n,
            stake: await client.registry.minStake(),
            proof: `0x${"11".repeat(256)}`,
          }),
        ),
      ];
      expect(errors.map(({ error }) => error)).to.deep.equal([
        "DepositTooHigh",
        "InsufficientDeposit",
        "KeyTaken",
        "ERC20InsufficientBalance",
        "NothingProven",
        "NotExiting",
        "NotOwner",
        "InvalidProofPoint",
      ]);
    });

    it("are told apart from transactions that could not be sent", async () => {
      const { ethers } = world.connection;
      const pauper = ethers.Wallet.createRandom(ethers.provider);
      const error = await actions.transfer(world.client, pauper, pauper.address, 0n).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(TransactionError);
      expect((error as Error).message).to.match(
        new RegExp(`^transfer by ${pauper.address} failed: it has too little ether`),
      );
    });
  });

  it("gives every transaction of a sender its own nonce, however many are sent at the same time", async () => {
    const { client, deployer, proposers } = world;
    const before = await client.token.balanceOf(proposers[0]!.address);
    const receipts = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        actions.transfer(client, i % 2 === 0 ? deployer : proposers[1]!, proposers[0]!.address, i % 2 === 0 ? 1n : 0n),
      ),
    );
    expect(new Set(receipts.map(({ hash }) => hash)).size).to.equal(20);
    expect(await client.token.balanceOf(proposers[0]!.address)).to.equal(before + 10n);
  });

  it("goes on after a transaction of the same sender was refused", async () => {
    const { client, deployer, proposers } = world;
    const to = proposers[0]!.address;
    const outcomes = await Promise.allSettled([
      actions.transfer(client, deployer, to, 1n),
      actions.transfer(client, deployer, to, 1n << 250n),
      actions.transfer(client, deployer, to, 1n),
    ]);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(["fulfilled", "rejected", "fulfilled"]);
  });
});
