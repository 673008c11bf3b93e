import * as actions from "../../src/chain/actions/index.ts";
import type { Attack } from "./attack.ts";

/** Attacks with bids, commits and deposits. */
export const BID_ATTACKS: readonly Attack[] = [
  {
    name: "bluff proven with nobody",
    preset: "7 slots",
    aim: "profit",
    story:
      "EVE names seven provers that have never heard of it and outbids everybody. Its forest has no vote and no " +
      "delivery. Rivals are to build on a block that dies, and EVE alone on the one that wins, for the least bid.",
    answer:
      "It forfeits for every silent prover, and the ranking shows before anybody builds on it that it has nobody.",
    before: "cost 0: one proof settled the lane, and the next height came for the least bid.",
    async honest(game) {
      const team = game.provers.honest;
      const alice = await game.commit("alice", { bid: 40, team });
      await game.reveal(alice);
      await game.prove(alice);
      await game.until("provingEnds");
      const bob = await game.commit("bob", { bid: 40, team, on: alice });
      const eve = await game.commit("eve", { bid: 41, team, on: alice });
      await game.advance();
      await game.decide(bob, eve);
    },
    async deviation(game) {
      const team = game.provers.honest;
      const alice = await game.commit("alice", { bid: 40, team });
      const bluff = await game.commit("eve", { bid: 60, team });
      await game.reveal(alice, bluff);
      await game.prove(bluff, { silent: game.everySlot });
      await game.prove(alice);
      await game.until("provingEnds");
      const bob = await game.commit("bob", { bid: 40, team, on: await game.leader() });
      const eve = await game.commit("eve", { bid: 5, team, on: alice });
      await game.advance();
      await game.decide(bob, eve);
    },
  },
  {
    name: "bluff with many small names",
    preset: "7 slots",
    aim: "profit",
    story:
      "EVE gives the root and a merge to a prover of its own, which votes and delivers, and strangers' names to " +
      "the rest.",
    answer: "What is forfeited counts provers and not weights: five of six are silent.",
    async honest(game) {
      await game.decide(await game.commit("alice", { bid: 40, team: game.provers.honest }));
    },
    async deviation(game) {
      const { honest, attacker } = game.provers;
      const [own] = attacker as [number];
      const alice = await game.commit("alice", { bid: 40, team: honest });
      const bluff = await game.commit("eve", { bid: 60, team: [own, own, ...honest.slice(2)] });
      await game.reveal(alice, bluff);
      await game.prove(alice);
      await game.prove(bluff, { silent: [2, 3, 4, 5, 6] });
      await game.advance();
    },
  },
  {
    name: "phantom leader",
    preset: "7 slots",
    aim: "profit",
    story:
      "EVE commits more than a block is worth to ALICE, who stays away. A second seat of EVE's commits the least " +
      "bid in the last second, and the first one is never revealed.",
    answer: "A bid that nobody proves is forfeited whole, and outbidding would have cost less.",
    before: "cost 0, gain 10.5: half of the bid was forfeited.",
    async honest(game) {
      const team = game.provers.honest;
      const alice = await game.commit("alice", { bid: 40, team });
      await game.decide(alice, await game.commit("eve", { bid: 41, team }));
    },
    async deviation(game) {
      const team = game.provers.honest;
      await game.commit("eve", { bid: 51, team });
      await game.decide(await game.commit("mallory", { bid: 5, team }));
    },
  },
  {
    name: "phantom leader proven by some",
    preset: "7 slots",
    aim: "profit",
    story:
      "The same, but three of the seven whom the high bid names have voted for it. It is proven, and loses to the " +
      "low bid as a paid uncle, which burns a quarter and answers for nobody who is silent.",
    answer:
      "The low bid has to beat what the three are worth. Rivals should stay: then the high bid forfeits for whoever " +
      "is silent, and they have to prove their own block, or lose its bid.",
    isOpen: true,
    async honest(game) {
      const team = game.provers.honest;
      const alice = await game.commit("alice", { bid: 40, team });
      await game.decide(alice, await game.commit("eve", { bid: 41, team }));
    },
    async deviation(game) {
      const team = game.provers.honest;
      const high = await game.commit("eve", { bid: 51, team });
      const low = await game.commit("mallory", { bid: 14.5, team });
      await game.reveal(high, low);
      await game.prove(high, { silent: [0, 1, 2, 3] });
      await game.prove(low);
      await game.advance();
    },
  },
  {
    name: "bid that is taken back",
    preset: "7 slots",
    aim: "profit",
    story:
      "EVE commits a high bid with one seat and a low one with another, and reveals the high one only if somebody " +
      "else comes. ALICE stays in the race.",
    answer: "Whoever stays in the race wins it, and the high bid forfeits.",
    async honest(game) {
      const team = game.provers.honest;
      const alice = await game.commit("alice", { bid: 40, team });
      await game.decide(alice, await game.commit("eve", { bid: 51, team }));
    },
    async deviation(game) {
      const team = game.provers.honest;
      await game.commit("eve", { bid: 51, team });
      const low = await game.commit("mallory", { bid: 5, team });
      await game.decide(await game.commit("alice", { bid: 40, team }), low);
    },
  },
  {
    name: "block that nobody can prove",
    preset: "7 slots",
    aim: "griefing",
    story: "EVE collects everybody's votes, commits to an order that is no valid block, and reveals it.",
    answer: "Provers answer for nothing that is not proven; the bid forfeits.",
    async honest(game) {
      await game.decide(await game.commit("alice", { bid: 40, team: game.provers.honest }));
    },
    async deviation(game) {
      const team = game.provers.honest;
      const alice = await game.commit("alice", { bid: 40, team });
      const eve = await game.commit("eve", { bid: 41, team });
      await game.reveal(eve);
      await game.decide(alice);
    },
  },
  {
    name: "deposit taken out before it burns",
    preset: "7 slots",
    aim: "profit",
    story: "EVE wins and takes its deposit out of the lane before the advance.",
    answer: "A lane lets nothing go until its commit is settled.",
    async honest(game) {
      await game.decide(await game.commit("eve", { bid: 41, team: game.provers.honest }));
    },
    async deviation(game) {
      const eve = await game.commit("eve", { bid: 41, team: game.provers.honest });
      const withdraw = (): Promise<unknown> => actions.withdraw(game.world.client, game.signer("eve"), 1, 1_000_000n);
      await game.refused("LaneInUse", withdraw());
      await game.reveal(eve);
      await game.refused("LaneInUse", withdraw());
      await game.prove(eve);
      await game.refused("LaneInUse", withdraw());
      await game.advance();
    },
  },
  {
    name: "places in the ranking taken",
    preset: "7 slots",
    aim: "griefing",
    story:
      "Seven seats of EVE's prove blocks for the least bid that name nobody, so that no place is left for the uncle.",
    answer: "Places go to scores.",
    async honest(game) {
      const team = game.provers.honest;
      const alice = await game.commit("alice", { bid: 40, team });
      await game.decide(alice, await game.commit("bob", { bid: 30, team }));
    },
    async deviation(game) {
      const team = game.provers.honest;
      const blocks = [];
      for (const seat of game.evilSeats) blocks.push(await game.commit(seat, { bid: 5, team: [] }));
      blocks.push(await game.commit("alice", { bid: 40, team }), await game.commit("bob", { bid: 30, team }));
      await game.decide(...blocks);
    },
  },
  {
    name: "seats squatted for the next height",
    preset: "7 slots",
    aim: "griefing",
    story:
      "EVE commits to the next height on every block that may win, all of it with one deposit and the least bid, " +
      "and brings nothing.",
    answer: "The branch that lives forfeits, and nobody else needs the lane.",
    async honest(game) {
      const team = game.provers.honest;
      const [alice, bob] = [await game.commit("alice", { bid: 40, team }), await game.commit("bob", { bid: 30, team })];
      await game.reveal(alice, bob);
      await game.prove(alice);
      await game.prove(bob);
      const child = await game.commit("carol", { bid: 40, team, on: alice });
      await game.advance();
      await game.decide(child);
    },
    async deviation(game) {
      const team = game.provers.honest;
      const [alice, bob] = [await game.commit("alice", { bid: 40, team }), await game.commit("bob", { bid: 30, team })];
      await game.reveal(alice, bob);
      await game.prove(alice);
      await game.prove(bob);
      const first = await game.commit("eve", { bid: 5, team, on: bob });
      await game.commit("eve", { bid: 5, team, on: alice, branchOf: first });
      const child = await game.commit("carol", { bid: 40, team, on: alice });
      await game.advance();
      await game.decide(child);
    },
  },
  {
    name: "few stakes against many",
    preset: "2,047 slots",
    aim: "profit",
    story: "EVE holds all slots with 48 stakes of its own and keeps the whole reward; ALICE's block has 96 provers.",
    answer: "Half the provers need 2.8 times the bid.",
    before: "a prover could hold every slot, and 2,047 of them needed 42.3 million tokens.",
    async honest(game) {
      await game.decide(await game.commit("alice", { bid: 40, team: game.spread(game.provers.honest) }));
    },
    async deviation(game) {
      const { honest, attacker } = game.provers;
      const alice = await game.commit("alice", { bid: 40, team: game.spread(honest) });
      const least = Math.ceil(40 * (honest.length / attacker.length) ** 1.5 + 0.01);
      await game.decide(
        alice,
        await game.commit("eve", { bid: Math.min(100, least), team: game.spread(attacker), share: 0 }),
      );
    },
  },
];
