import * as actions from "../../src/chain/actions/index.ts";
import type { Attack } from "./attack.ts";
import type { Game } from "./game.ts";

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
      "low bid as a paid uncle.",
    answer:
      "The low bid has to beat what the three are worth, and the high one forfeits half as much again as its silent " +
      "part: together they burn what it promised.",
    before: "cost 0, gain 15.9: an uncle burnt a quarter and answered for nobody who was silent.",
    async honest(game) {
      const team = game.provers.honest;
      const alice = await game.commit("alice", { bid: 40, team });
      await game.decide(alice, await game.commit("eve", { bid: 41, team }));
    },
    async deviation(game) {
      const team = game.provers.honest;
      const high = await game.commit("eve", { bid: 41, team });
      const low = await game.commit("mallory", { bid: 11.6, team });
      await game.reveal(high, low);
      await game.prove(high, { silent: [0, 1, 2, 3] });
      await game.prove(low);
      await game.advance();
    },
  },
  {
    name: "phantom leader proven by most",
    preset: "7 slots",
    aim: "profit",
    story:
      "The same with provers of EVE's own that take the whole reward. Six of seven have voted for the high bid, " +
      "which is an uncle and earns nearly all that it burns as one.",
    answer: "An uncle earns no more than it burns beside its forfeit.",
    async honest(game) {
      const alice = await game.commit("alice", { bid: 40, team: game.provers.honest });
      await game.decide(alice, await game.commit("eve", { bid: 41, team: game.provers.attacker, share: 0 }));
    },
    async deviation(game) {
      const { honest, attacker } = game.provers;
      const high = await game.commit("eve", { bid: 41, team: [...attacker.slice(0, 6), honest[6]!], share: 0 });
      const low = await game.commit("mallory", { bid: 33, team: attacker, share: 0 });
      await game.reveal(high, low);
      await game.prove(high, { silent: [6] });
      await game.prove(low);
      await game.advance();
    },
  },
  {
    name: "phantom leader with more names than stakes",
    preset: "7 slots",
    aim: "profit",
    story:
      "EVE has four stakes of its own, which hold all slots, and would have to burn 93 tokens to beat ALICE's 40 " +
      "with seven provers. It names seven that have never heard of it, bids 41 and never reveals; ALICE stays away. " +
      "A second seat wins with the four and the least bid.",
    answer:
      "It pays against a rival that gives up, and no rival gains by that: see the next one. What is lost is what the " +
      "high bid promised to burn, with as many provers as it names.",
    isOpen: true,
    honest: outbidsWithFour,
    async deviation(game) {
      const [a, b, c, d] = game.provers.attacker as [number, number, number, number];
      await game.commit("eve", { bid: 41, team: game.provers.honest });
      await game.decide(await game.commit("mallory", { bid: 5, team: [a, b, c, d, a, b, c], share: 0 }));
    },
  },
  {
    name: "phantom leader against a rival that stays",
    preset: "7 slots",
    aim: "profit",
    story:
      "The same, but ALICE stays with the highest bid that is no paid uncle behind 41, which costs her nothing if the" +
      " 41 are real.",
    answer: "The 41 tokens are lost for nothing: ALICE wins, and beating her as well would take 67 more.",
    honest: outbidsWithFour,
    async deviation(game) {
      const [a, b, c, d] = game.provers.attacker as [number, number, number, number];
      await game.commit("eve", { bid: 41, team: game.provers.honest });
      const alice = await game.commit("alice", { bid: 28.99, team: game.provers.honest });
      await game.decide(alice, await game.commit("mallory", { bid: 5, team: [a, b, c, d, a, b, c], share: 0 }));
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

/** EVE's four stakes hold all slots, and burn what beats ALICE's 40 with seven provers. */
async function outbidsWithFour(game: Game): Promise<void> {
  const [a, b, c, d] = game.provers.attacker as [number, number, number, number];
  const alice = await game.commit("alice", { bid: 40, team: game.provers.honest });
  await game.decide(alice, await game.commit("eve", { bid: 93, team: [a, b, c, d, a, b, c], share: 0 }));
}
