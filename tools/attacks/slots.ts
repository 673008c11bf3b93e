import * as actions from "../../src/chain/actions/index.ts";
import type { Attack } from "./attack.ts";

/** Attacks with stakes and the slots that they hold. */
export const SLOT_ATTACKS: readonly Attack[] = [
  {
    name: "small transcript that earns everything",
    preset: "7 slots",
    aim: "profit",
    story: "Nobody competes. EVE names a prover of its own for one slot and proves the rest in nobody's name.",
    answer: "Rewards are parts of all slots: one slot earns one seventh.",
    before: "the whole reward with one stake.",
    async honest(game) {
      await game.decide(await game.commit("eve", { bid: 5, team: game.provers.honest }));
    },
    async deviation(game) {
      await game.decide(await game.commit("eve", { bid: 5, team: game.provers.attacker.slice(0, 1), share: 0 }));
    },
  },
  {
    name: "slots beyond the cap",
    preset: "7 slots",
    aim: "profit",
    story: "Nobody competes. EVE names one stake of its own for every slot instead of seven provers.",
    answer: "Two of a prover's slots count; the others are nobody's and earn nothing.",
    async honest(game) {
      await game.decide(await game.commit("eve", { bid: 5, team: game.provers.honest }));
    },
    async deviation(game) {
      const team = game.spread(game.provers.attacker.slice(0, 1));
      await game.decide(await game.commit("eve", { bid: 5, team, share: 0 }));
    },
  },
  {
    name: "seven own stakes at share 0",
    preset: "7 slots",
    aim: "profit",
    story:
      "EVE's seven stakes hold a whole forest and tie with any number of others. Instead of working for ALICE, who " +
      "offers half of the reward and bids the other, EVE proposes, and pays nobody.",
    answer: "Who keeps all has to burn more than who shares: provers of one owner earn no more than their pay.",
    before: "seven stakes tied with thirty provers for one bid unit more; at seven slots they still tie.",
    async honest(game) {
      await game.decide(await game.commit("alice", { bid: 50, team: game.provers.attacker }));
    },
    async deviation(game) {
      const { honest, attacker } = game.provers;
      const alice = await game.commit("alice", { bid: 50, team: honest });
      await game.decide(alice, await game.commit("eve", { bid: 51, team: attacker, share: 0 }));
    },
  },
  {
    name: "own provers at share 0 under fair pay",
    preset: "7 slots, fair pay",
    aim: "profit",
    story: "EVE offers its own seven provers nothing, so that there is nothing to divide among all.",
    answer: "The share is the deployment's; another one is refused.",
    before: "a share of 0 left the others nothing.",
    async honest(game) {
      await game.decide(await game.commit("eve", { bid: 41, team: game.provers.attacker }));
    },
    async deviation(game) {
      const team = game.provers.attacker;
      await game.refused("ShareOutOfRange", game.commit("eve", { bid: 41, team, share: 0 }));
      await game.decide(await game.commit("eve", { bid: 41, team }));
    },
  },
  {
    name: "fair pay diluted by an unranked block",
    preset: "7 slots, fair pay",
    aim: "profit",
    story: "Seven Sybils of EVE's prove a block for the least bid, too poor to be an uncle.",
    answer: "Only paid blocks share.",
    before: "half of the provers' pool, and nothing burnt.",
    async honest(game) {
      await game.decide(await game.commit("alice", { bid: 40, team: game.provers.honest }));
    },
    async deviation(game) {
      const { honest, attacker } = game.provers;
      const alice = await game.commit("alice", { bid: 40, team: honest });
      await game.decide(alice, await game.commit("eve", { bid: 5, team: attacker }));
    },
  },
  {
    name: "fair pay diluted by an uncle",
    preset: "7 slots, fair pay",
    aim: "profit",
    story: "The seven Sybils' block bids just enough to be a paid uncle.",
    answer: "Heads share what their own block has earned, and an uncle earns at most what it burns.",
    before: "cost 7.1, gain 32.5: all heads of a round shared alike.",
    async honest(game) {
      await game.decide(await game.commit("alice", { bid: 40, team: game.provers.honest }));
    },
    async deviation(game) {
      const { honest, attacker } = game.provers;
      const alice = await game.commit("alice", { bid: 40, team: honest });
      await game.decide(alice, await game.commit("eve", { bid: 28.5, team: attacker }));
    },
  },
  {
    name: "own uncles",
    preset: "7 slots",
    aim: "profit",
    story: "EVE wins with its own provers, and a second seat of EVE's is the uncle with the same provers.",
    answer: "An uncle earns at most what it burns.",
    before: "cost 7.1, gain 10.",
    async honest(game) {
      await game.decide(await game.commit("eve", { bid: 40, team: game.provers.attacker }));
    },
    async deviation(game) {
      const team = game.provers.attacker;
      const winner = await game.commit("eve", { bid: 40, team });
      await game.decide(winner, await game.commit("mallory", { bid: 28.5, team }));
    },
  },
  {
    name: "solo farm: one stake, three seats",
    preset: "7 slots",
    aim: "profit",
    story: "Nobody competes. EVE's one stake holds two slots of three blocks, each of another seat.",
    answer: "An uncle earns at most what it burns, and two sevenths of that with two of seven slots.",
    before: "110 tokens a block.",
    async honest(game) {
      const [own] = game.provers.attacker as [number];
      await game.decide(await game.commit("eve", { bid: 5, team: [own, own], share: 0 }));
    },
    async deviation(game) {
      const [own] = game.provers.attacker as [number];
      const blocks = [];
      for (const seat of ["eve", "mallory", "trudy"] as const)
        blocks.push(await game.commit(seat, { bid: 5, team: [own, own], share: 0 }));
      await game.decide(...blocks);
    },
  },
  {
    name: "somebody else's stake trace lengthened",
    preset: "7 slots",
    aim: "griefing",
    story: "EVE adds nothing to other provers' stakes, again and again, so that looking them up costs more gas.",
    answer: "Only a prover's owner adds to its stake, and not nothing.",
    before: "a look-up of 7,842 gas took 35,884 after 3,000 entries.",
    async honest() {},
    async deviation(game) {
      const { client } = game.world;
      const [victim] = game.provers.honest as [number];
      const [own] = game.provers.attacker as [number];
      const eve = game.ownerOf(own);
      await game.refused("NotOwner", actions.addStake(client, eve, victim, 0n));
      await game.refused("NotOwner", actions.addStake(client, eve, victim, 1n));
      await game.refused("NothingToAdd", actions.addStake(client, eve, own, 0n));
    },
  },
];
