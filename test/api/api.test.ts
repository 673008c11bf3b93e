import { expect } from "chai";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { z } from "zod";
import * as schema from "../../src/api/schema/index.ts";
import {
  approveAsset,
  claimExits,
  depositAsset,
  forceExit,
  getQueue,
  getRoundState,
  rankCommits,
  type QueuedOperation,
} from "../../src/chain/index.ts";
import { hasFlag } from "../../src/protocol/flags.ts";
import { toHex32 } from "../../src/protocol/hex.ts";
import { encodeTransfer } from "../../src/protocol/messages.ts";
import { roundOf } from "../../src/protocol/round.ts";
import { signTransfer, type SignedTransfer } from "../../src/protocol/transfer.ts";
import { transferId } from "../../src/protocol/transferId.ts";
import { projectPath } from "../../src/setup/project.ts";
import { transfersOf } from "../../src/sim/cast.ts";
import { simulateExits } from "../../src/sim/madeUp.ts";
import { parseSnapshot } from "../../src/sync/snapshot.ts";
import { type Event, eventually, readEvents } from "./client.ts";
import { type PlayedApi, playApi } from "./playedApi.ts";

const TIMEOUT_MS = 120_000;
const ETHER = 10n ** 18n;

describe("the API of a follower of a rollup that roles play", function () {
  this.timeout(TIMEOUT_MS);
  let played: PlayedApi;
  let transfers: readonly SignedTransfer[];
  let posted: readonly QueuedOperation[];
  const events: Event[] = [];
  let listening: ReturnType<typeof readEvents>;

  /** An answer that its own schema describes, to the last field, and that is true at L1's latest block. */
  const ask = async <T extends z.ZodType>(path: string, answer: T): Promise<z.infer<T>> => {
    const response = await fetch(`${played.url}${path}`);
    const body: unknown = await response.json();
    expect(response.status, `${path}: ${JSON.stringify(body)}`).to.equal(200);
    const parsed = answer.parse(body);
    expect(parsed, path).to.deep.equal(body);
    const latest = await played.world.client.provider.getBlock("latest");
    const { number, hash, timestamp } = latest!;
    expect((parsed as { block: unknown }).block, path).to.deep.equal({ number, hash, timestamp });
    return parsed;
  };

  const send = async (transfer: SignedTransfer): Promise<Response> =>
    fetch(`${played.url}/v1/transactions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ transfer: encodeTransfer(transfer) }),
    });

  before(async () => {
    played = await playApi("api");
    listening = readEvents(`${played.url}/v1/events`, (event) => events.push(event));
    const { world } = played;
    const { client, cast, state, rules } = world;
    const [alice] = cast.users as [(typeof cast.users)[0]];
    const [carol] = cast.newcomers as [(typeof cast.newcomers)[0]];
    const exit = { from: alice.account, to: 0, amount: ETHER, fee: ETHER / 100n };
    const paying = transfersOf(cast.users.slice(1), state, rules.domain, 3);
    transfers = [...paying, signTransfer(alice.secret, rules.domain, exit, 0n)];
    await approveAsset(client, carol.signer, 100n * ETHER);
    await approveAsset(client, alice.signer, 100n * ETHER);
    const deposit = { to: carol.account, amount: 10n * ETHER, key: carol.key, l1Owner: carol.address };
    await depositAsset(client, carol.signer, deposit);
    await forceExit(client, alice.signer, { from: alice.account, amount: 2n * ETHER });
    posted = await getQueue(client);
    await played.swarm.reader.read();
  });
  after(async () => {
    listening.stop();
    await played.close();
  });

  it("takes transfers, sends them to all, and knows that they wait", async () => {
    for (const transfer of transfers) {
      const response = await send(transfer);
      const body: unknown = await response.json();
      expect(response.status, JSON.stringify(body)).to.equal(200);
      expect(schema.sent.parse(body).transaction.id).to.equal(transferId(transfer));
    }
    for (const transfer of transfers) {
      const { transaction } = await ask(`/v1/transactions/${transferId(transfer)}`, schema.transactionAnswer);
      const { from, to, amount, fee, nonce } = transfer;
      expect(transaction).to.deep.include({ state: "waiting", from, to, final: null, confirmations: [], reason: null });
      const { amount: wei, fee: paid, nonce: number } = transaction;
      expect([wei, paid, number]).to.deep.equal([`${amount}`, `${fee}`, `${nonce}`]);
      const { account } = await ask(`/v1/accounts/${from}`, schema.accountAnswer);
      expect(account.waiting).to.equal(1);
    }
  });

  it("shows what waits in the bridge's queue", async () => {
    const { items, ...counts } = await ask("/v1/bridge/operations", schema.operations);
    expect(counts).to.deep.include({ posted: 2, settled: 0, next: null });
    const known = [...posted].reverse().map(({ index, operation, postedAt }) => ({
      ...{ index, from: operation.from, to: operation.to, amount: operation.amount.toString(), height: null },
      ...{ postedAt: Number(postedAt), state: "queued" },
    }));
    expect(items.map(({ kind }) => kind)).to.deep.equal(["forcedExit", "deposit"]);
    items.forEach((item, i) => expect(item).to.deep.include(known[i]));
    expect((await ask("/v1/bridge", schema.bridge)).posted).to.equal(2);
  });

  it("ranks commits as the contract does, and shows their votes and forests", async () => {
    const { world } = played;
    await played.playUntil(({ open }) => open.length === 2);
    const ranked = await rankCommits(world.client);
    const { open, next } = await ask("/v1/commits", schema.commits);
    expect(next).to.deep.equal([]);
    expect(
      open.map(({ proposalId, reach, provers, rank, of }) => [proposalId, reach, provers, rank, of]),
    ).to.deep.equal(
      ranked.map(({ proposalId, score, provers }, i) => [toHex32(proposalId), score.toString(), provers, i + 1, 2]),
    );

    const round = await ask("/v1/round", schema.presentRound);
    const state = await getRoundState(world.client);
    expect([round.phase, round.round, round.windows?.deliver.until, round.stateRoot]).to.deep.equal([
      ...[state.phase, state.round, Number(state.acceptanceEnds), toHex32(state.stateRoot)],
    ]);

    const { items } = await ask("/v1/proposals", schema.proposals);
    expect(items.map(({ proposalId, state: is }) => [proposalId, is])).to.have.deep.members(
      ranked.map(({ proposalId }) => [toHex32(proposalId), "committed"]),
    );
    for (const { proposalId } of open) {
      const votes = await ask(`/v1/proposals/${proposalId}/votes`, schema.votes);
      const indexes = votes.items.map(({ prover }) => prover);
      expect(indexes).to.have.members(world.cast.provers.map(({ index }) => index));
      const forest = await ask(`/v1/proposals/${proposalId}/forest`, schema.forest);
      const [commit] = ranked.filter((each) => toHex32(each.proposalId) === proposalId);
      const { transcript } = commit!.commitment;
      expect(forest.items.map(({ prover }) => prover ?? 0)).to.deep.equal(
        Array.from({ length: forest.slots }, (_, slot) => Number(`0x${transcript.slice(2 + 4 * slot, 6 + 4 * slot)}`)),
      );
      for (const node of forest.items)
        expect(node.state, `slot ${node.slot}`).to.equal(node.prover === null ? "unassigned" : "voted");
    }
  });

  it("tells in which commits a transfer is, and what is proven of them", async () => {
    const { world } = played;
    await played.playUntil(
      ({ round, open }) => round.round.height === 2 && open.filter(({ reveal }) => reveal).length === 2,
    );
    const id = transferId(transfers[0]!);
    const soft = await eventually(async () => {
      const { transaction } = await ask(`/v1/transactions/${id}`, schema.transactionAnswer);
      expect(transaction.confirmations).to.have.length(2);
      return transaction;
    });
    const { open } = await ask("/v1/commits", schema.commits);
    expect(soft.confirmations.map(({ proposalId, rank, of }) => [proposalId, rank, of])).to.deep.equal(
      open.map(({ proposalId }, i) => [proposalId, i + 1, 2]),
    );

    const { open: proven } = await played.playUntil(({ open: commits }) => commits.some(({ candidate }) => candidate));
    const candidate = proven.find((commit) => commit.candidate)!;
    const { transaction } = await ask(`/v1/transactions/${id}`, schema.transactionAnswer);
    expect(transaction.state).to.equal("proven");
    const flags = [...(await world.client.rollup.flagsOf(candidate.proposalId))];
    const { items } = await ask(`/v1/proposals/${toHex32(candidate.proposalId)}/forest`, schema.forest);
    expect(items.map(({ voted, delivered }) => [voted, delivered])).to.deep.equal(
      items.map(({ slot }) => [hasFlag(flags, "voted", slot), hasFlag(flags, "delivered", slot)]),
    );
    expect(items.every(({ proofHeard }) => proofHeard)).to.equal(true);
  });

  it("shows what is final as L1 and the L2 have it", async () => {
    const { world, synced } = played;
    const { rollup } = world.client;
    await played.playUntil(({ round }) => round.round.height === 3 && round.phase === "Revealing");
    await eventually(async () => {
      const { transaction } = await ask(`/v1/transactions/${transferId(transfers[0]!)}`, schema.transactionAnswer);
      expect(transaction.state).to.equal("final");
    });

    const blocks = await ask("/v1/blocks", schema.blocks);
    const advanced = (await rollup.queryFilter(rollup.filters.Advanced())).reverse();
    expect(
      blocks.items.map(({ height, proposalId, stateRoot, origin }) => [height, proposalId, stateRoot, origin]),
    ).to.deep.equal(
      advanced.map(({ args, blockNumber, blockHash, transactionHash }) => [
        roundOf(args.roundId).height,
        ...[toHex32(args.proposalId), toHex32(args.stateRoot)],
        { block: { number: blockNumber, hash: blockHash }, transaction: transactionHash },
      ]),
    );
    for (const block of blocks.items) {
      const candidate = await rollup.candidateOf(block.proposalId);
      expect(candidate.nextStateRoot).to.equal(BigInt(block.stateRoot));
      const paid = await rollup.queryFilter(rollup.filters.CandidatePaid(), block.origin.block.number);
      expect(block.paid.map(({ proposalId, place, burnt }) => [proposalId, place, burnt])).to.deep.equal(
        paid
          .filter(({ blockNumber }) => blockNumber === block.origin.block.number)
          .map(({ args }) => [toHex32(args.proposalId), Number(args.place), args.burnt.toString()]),
      );
      expect(block.isReadable).to.equal(true);
      expect((await ask(`/v1/blocks/${block.height}`, schema.blockAnswer)).finalBlock).to.deep.equal(block);
      const { proposal } = await ask(`/v1/proposals/${block.proposalId}`, schema.proposalAnswer);
      expect([proposal.state, proposal.score]).to.deep.equal(["final", block.score]);
    }

    const { items, after } = await ask("/v1/accounts", schema.accounts);
    expect(after).to.deep.equal({ height: synced.head.height, stateRoot: toHex32(await rollup.stateRoot()) });
    expect(items).to.have.length(world.cast.users.length + 1);
    for (const { index, balance, nonce } of items) {
      const account = synced.state.account(index);
      expect([balance, nonce]).to.deep.equal([account.balance.toString(), account.nonce.toString()]);
    }
    const [carol] = world.cast.newcomers as [(typeof world.cast.newcomers)[0]];
    const own = await ask(`/v1/accounts?owner=${carol.address.toLowerCase()}`, schema.accounts);
    expect(own.items.map(({ index }) => index)).to.deep.equal([carol.account]);
  });

  it("lists transfers, operations and exits of final blocks", async () => {
    const { world } = played;
    const all = await ask("/v1/transactions", schema.transactions);
    expect(all.items.map(({ id }) => id)).to.have.members(transfers.map(transferId));
    for (const { from, nonce, final } of all.items) {
      expect(nonce).to.equal("0");
      const list = await ask(`/v1/transactions?account=${from}&height=${final.height}`, schema.transactions);
      const ids = transfers.filter((each) => each.from === from || each.to === from).map(transferId);
      expect(list.items.map(({ id }) => id)).to.have.members(ids);
    }

    const operations = await ask("/v1/bridge/operations?state=final", schema.operations);
    expect(operations.items.map(({ index }) => index)).to.deep.equal([1, 0]);
    for (const { height } of operations.items) {
      const { finalBlock } = await ask(`/v1/blocks/${height}`, schema.blockAnswer);
      expect(finalBlock.operations).to.equal(2);
    }

    const [alice] = world.cast.users as [(typeof world.cast.users)[0]];
    const exits = await ask(`/v1/exits?owner=${alice.address}`, schema.exits);
    expect(exits.items.map(({ amount }) => BigInt(amount) / ETHER)).to.have.members([1n, 2n]);
    for (const { owner, claimed } of exits.items) expect([owner, claimed]).to.deep.equal([alice.address, null]);
    expect(exits.items).to.have.length((await ask("/v1/exits", schema.exits)).items.length);
  });

  it("shows which exits L1 has paid, and in which transaction, and tells of it", async () => {
    const { world, swarm } = played;
    const { client, cast } = world;
    const [alice] = cast.users as [(typeof cast.users)[0]];
    const exits = async () => (await ask(`/v1/exits?owner=${alice.address}`, schema.exits)).items;
    const [first, second] = await exits();
    const [proposalId, packed] = [BigInt(first!.proposalId), BigInt(first!.packed)];
    const { position } = first!;
    const withdrawalsRoot = await client.rollup.withdrawalsRootOf(proposalId);
    const proven = simulateExits(world, [{ withdrawalsRoot, position, packed }]);
    const claims = [{ proposalId, position, exit: packed }];
    const before = await client.asset.balanceOf(alice.address);
    // By anyone, to the owner.
    const { receipt } = await claimExits(client, cast.users[1]!.signer, { claims, ...proven });
    expect((await client.asset.balanceOf(alice.address)) - before).to.equal(BigInt(first!.amount));
    await swarm.reader.read();

    const { blockNumber: number, blockHash: hash, hash: transaction } = receipt;
    const claimed = { block: { number, hash }, transaction };
    expect(await exits()).to.deep.equal([{ ...first, claimed }, second]);
    const told = { type: "exitClaimed", proposalId: first!.proposalId, position };
    await eventually(async () =>
      expect(events.filter(({ data }) => data.type === "exitClaimed").map(({ data }) => data)).to.deep.equal([
        { ...told, owner: alice.address, amount: first!.amount },
      ]),
    );
  });

  it("keeps a record of provers", async () => {
    const { world } = played;
    const { registry, rollup } = world.client;
    const { items } = await ask("/v1/provers", schema.provers);
    expect(items).to.have.length(world.cast.provers.length);
    const claims = await rollup.queryFilter(rollup.filters.ProverClaimed());
    const paid = await rollup.queryFilter(rollup.filters.CandidatePaid());
    for (const prover of items) {
      const { stake, owner } = await registry.proverOf(prover.index);
      expect([prover.stake, prover.owner]).to.deep.equal([stake.toString(), owner]);
      const own = claims.filter(({ args }) => Number(args.proverIndex) === prover.index);
      expect(prover.record.claimed).to.equal(own.reduce((sum, { args }) => sum + args.amount, 0n).toString());
      expect(prover.record.blocks).to.equal(paid.length);
      const { assigned, voted, delivered, fulfilled, slashes } = prover.record;
      expect([voted, delivered, fulfilled, slashes]).to.deep.equal([assigned, assigned, assigned, 0]);
      expect((await ask(`/v1/provers/${prover.index}`, schema.proverAnswer)).prover).to.deep.equal(prover);
    }
    const rounds = await ask("/v1/rounds", schema.rounds);
    const opened = (await rollup.queryFilter(rollup.filters.RoundOpened())).reverse();
    expect(rounds.items.map(({ round, opens }) => [round, opens])).to.deep.equal(
      opened.map(({ args }) => [roundOf(args.roundId), Number(args.opens)]),
    );
  });

  it("says how far back it reaches, and gives a copy of the L2 that L1 confirms", async () => {
    const archive = await ask("/v1/archive", schema.archive);
    expect(archive).to.deep.include({ firstHeight: 1, lastHeight: 2, unreadable: 0 });
    const { height } = archive.snapshots[0]!;
    const response = await fetch(`${played.url}/v1/archive/snapshots/${height}`);
    const snapshot = parseSnapshot(await response.text(), "the API");
    expect(snapshot.height).to.equal(height);
    const folder = await mkdtemp(join(tmpdir(), "b52-snapshot-"));
    try {
      await played.restore(snapshot, folder);
    } finally {
      await rm(folder, { recursive: true });
    }
    await ask("/v1/status", schema.status);
    await ask("/v1/peers", schema.peers);
  });

  it("has told all of it as it happened, and goes on where a reader stopped", async () => {
    const told = (type: string): Event[] => events.filter((event) => event.data.type === type);
    for (const { data } of events) expect(schema.streamEvent.parse(data)).to.deep.equal(data);
    expect(told("final").map(({ data }) => data.type === "final" && data.height)).to.deep.equal([1, 2]);
    const kinds = ["committed", "revealed", "proven", "offered", "voted", "proofHeard", "posted", "transaction"];
    for (const kind of ["reset", "block", ...kinds]) expect(told(kind), kind).to.not.deep.equal([]);
    const waiting = told("transaction").map(({ data }) => data.type === "transaction" && data.id);
    expect(waiting).to.deep.equal(transfers.map(transferId));

    const from = events.length - 10;
    const missed: Event[] = [];
    const again = readEvents(`${played.url}/v1/events`, (event) => missed.push(event), events[from]!.id);
    await eventually(async () => expect(missed).to.have.length(9));
    again.stop();
    expect(missed).to.deep.equal(events.slice(from + 1));
  });

  it("answers what docs/api.md asks", async () => {
    const page = await readFile(projectPath("docs/api.md"), "utf8");
    const commands = [...page.matchAll(/^curl .*$/gm)].map(([command]) => command);
    expect(commands.length).to.be.greaterThan(10);
    const { open } = await ask("/v1/commits", schema.commits);
    const { snapshots } = await ask("/v1/archive", schema.archive);
    const user = played.world.cast.users[2]!;
    const next = transfersOf([user], played.synced.state, played.world.rules.domain, 1)[0]!;
    const values: Readonly<Record<string, string>> = {
      PROPOSAL: open[0]!.proposalId,
      OWNER: user.address,
      TRANSACTION: transferId(transfers[0]!),
      TRANSFER: encodeTransfer(next),
      HEIGHT: `${snapshots[0]!.height}`,
      ID: events.at(-1)!.id,
    };
    for (const command of commands) {
      const said = command.replaceAll(/\$(\w+)/g, (_, name: string) => values[name]!);
      const [, path] = /http:\/\/127\.0\.0\.1:9540([^\s"]*)/.exec(said)!;
      const headers: Record<string, string> = {};
      for (const [, name, value] of said.matchAll(/-H "([^:]+): ([^"]+)"/g)) headers[name!] = value!;
      const body = / -d "(.*?[^\\])" /.exec(said)?.[1]?.replaceAll("\\", "");
      const method = said.includes("-X POST") ? "POST" : "GET";
      const stop = new AbortController();
      const request: RequestInit = { method, headers, signal: stop.signal, ...(body !== undefined && { body }) };
      const response = await fetch(`${played.url}${path}`, request);
      expect(response.status, command).to.equal(200);
      if (response.headers.get("content-type") === "text/event-stream") stop.abort();
      else await response.body?.cancel().catch(() => undefined);
    }
  });

  it("forgets what L1 has dropped", async () => {
    const before = await ask("/v1/blocks", schema.blocks);
    expect(before.items.map(({ height }) => height)).to.deep.equal([2, 1]);
    const { block } = await played.takeBack();
    expect((await ask("/v1/blocks", schema.blocks)).items).to.deep.equal([]);
    expect((await ask("/v1/transactions", schema.transactions)).items).to.deep.equal([]);
    expect((await ask("/v1/exits", schema.exits)).items).to.deep.equal([]);
    expect((await ask("/v1/bridge/operations", schema.operations)).posted).to.equal(2);
    const gone = await fetch(`${played.url}/v1/blocks/1`);
    expect([gone.status, schema.problem.parse(await gone.json()).parameter]).to.deep.equal([404, "height"]);
    await eventually(async () => expect(events.some(({ data }) => data.type === "reorganised")).to.equal(true));
    const dropped = events.find(({ data }) => data.type === "reorganised")!.data as { from: number };
    expect(dropped.from).to.be.greaterThan(block.number);
  });
});
