import type { Attack } from "./attack.ts";
import type { Game } from "./game.ts";

/** Attacks on what a forest shows, answered by whoever hands in what is missing. */
export const HAND_IN_ATTACKS: readonly Attack[] = [
  {
    name: "registry emptied in one round",
    preset: "7 slots",
    aim: "griefing",
    story:
      "Seven seats of EVE's commit with everybody's votes and bids that are not meant to burn, and prove it all " +
      "with strangers' keys: voted, not delivered. Slashes are to make every honest prover ineligible.",
    answer:
      "What is proven was public: the provers hand in what they promised, and the highest bids burn. Who had not " +
      "would have paid once.",
    before:
      "17 million gas: eight blocks made every honest prover ineligible, and the next height came for the least bid.",
    async honest(game) {
      await game.decide(await game.commit("alice", { bid: 40, team: game.provers.honest }));
    },
    async deviation(game) {
      const team = game.provers.honest;
      const alice = await game.commit("alice", { bid: 40, team });
      const hidden = [];
      for (const seat of game.evilSeats) hidden.push(await game.commit(seat, { bid: 99, team }));
      await game.reveal(alice, ...hidden);
      await game.prove(alice);
      for (const block of hidden) await game.prove(block, { withheld: game.everySlot });
      for (const block of hidden) await game.handIn(block, game.everySlot);
      await game.advance();
    },
  },
  {
    name: "proof left out in the last block",
    preset: "7 slots",
    aim: "griefing",
    story: "EVE leaves an honest prover's proof out of its forest, and fills the slot itself, as late as it can.",
    answer: "The last quarter of the window takes deliveries alone, from anybody.",
    before: "the prover earned nothing, and paid a fee unless it appealed.",
    async honest(game) {
      await game.decide(await game.commit("eve", { bid: 41, team: game.provers.honest }));
    },
    async deviation(game) {
      const eve = await game.commit("eve", { bid: 41, team: game.provers.honest });
      await game.reveal(eve);
      await game.until("provingEnds", 20);
      await game.prove(eve, { withheld: [3] });
      await game.until("provingEnds");
      await game.handIn(eve, [3]);
      await game.advance();
    },
  },
  {
    name: "merge with mask 0",
    preset: "7 slots",
    aim: "griefing",
    story: "EVE is the first to submit ALICE's forest, with merges that show no vote.",
    answer: "Merges that are handed in bring the votes, whoever made them.",
    async honest(game) {
      await game.decide(await game.commit("alice", { bid: 40, team: game.provers.honest }));
    },
    async deviation(game) {
      const alice = await game.commit("alice", { bid: 40, team: game.provers.honest });
      await game.reveal(alice);
      await game.prove(alice, { silent: game.everySlot });
      await game.handIn(alice, [0, 1, 2], "anybody");
      await game.handIn(alice, game.everySlot);
      await game.advance();
    },
  },
  {
    name: "vote left out in the last second",
    preset: "7 slots",
    aim: "griefing",
    story:
      "EVE offers its provers 90 % and is alone. It proves its block in the last second before three quarters of " +
      "the window, without the vote of one of them, who has no time to show it then.",
    answer: "A merge that is handed in before there is a forest shows votes, too: the prover has handed it in.",
    before: "cost 1.4, gain 12.9: votes were taken of a candidate only.",
    async honest(game) {
      await game.decide(await game.commit("eve", { bid: 5, team: game.provers.honest, share: 0.9 }));
    },
    async deviation(game) {
      const eve = await game.commit("eve", { bid: 5, team: game.provers.honest, share: 0.9 });
      await game.reveal(eve);
      await game.until("provingEnds", 40);
      await game.handIn(eve, [1], "anybody");
      await game.until("provingEnds", 20);
      await game.prove(eve, { silent: [3] });
      await game.until("provingEnds");
      await game.handIn(eve, [3]);
      await game.advance();
    },
  },
  {
    name: "flood of hand-ins",
    preset: "7 slots",
    aim: "griefing",
    story: "EVE hands in ALICE's proofs again and again.",
    answer: "What adds nothing is refused.",
    async honest(game) {
      await game.decide(await game.commit("alice", { bid: 40, team: game.provers.honest }));
    },
    async deviation(game) {
      const alice = await game.commit("alice", { bid: 40, team: game.provers.honest });
      await game.reveal(alice);
      await game.prove(alice);
      for (const slot of game.everySlot) await game.refused("NoImprovement", game.handIn(alice, [slot]));
      await game.advance();
    },
  },
  {
    name: "own higher bid made to lose",
    preset: "7 slots",
    aim: "profit",
    story:
      "EVE has committed 60 and 45 with two seats, nobody else is close, and EVE would rather burn 45: it leaves " +
      "votes out of the higher block.",
    answer: "Its provers hand in their merges and proofs, because the winner pays more than an uncle.",
    async honest(game) {
      const team = game.provers.honest;
      const high = await game.commit("eve", { bid: 60, team });
      await game.decide(high, await game.commit("mallory", { bid: 45, team }));
    },
    async deviation(game) {
      const team = game.provers.honest;
      const high = await game.commit("eve", { bid: 60, team });
      const low = await game.commit("mallory", { bid: 45, team });
      await game.reveal(high, low);
      await game.prove(high, { silent: [3, 4] });
      await game.prove(low);
      await game.handIn(high, [1], "anybody");
      await game.handIn(high, [3, 4]);
      await game.advance();
    },
  },
  {
    name: "own higher bid made to lose in the last second",
    preset: "7 slots",
    aim: "profit",
    story: "The same, with the higher block's first forest in the last second before three quarters of the window.",
    answer: "Its provers have handed in their merge by then.",
    before: "cost 1.4, gain 11.3: votes were taken of a candidate only.",
    async honest(game) {
      const team = game.provers.honest;
      const high = await game.commit("eve", { bid: 60, team });
      await game.decide(high, await game.commit("mallory", { bid: 45, team }));
    },
    async deviation(game) {
      const team = game.provers.honest;
      const high = await game.commit("eve", { bid: 60, team });
      const low = await game.commit("mallory", { bid: 45, team });
      await game.reveal(high, low);
      await game.prove(low);
      await game.until("provingEnds", 40);
      await game.handIn(high, [1], "anybody");
      await game.until("provingEnds", 20);
      await game.prove(high, { silent: [3, 4] });
      await game.until("provingEnds");
      await game.handIn(high, [3, 4]);
      await game.advance();
    },
  },
  {
    name: "misses redeemed wholesale",
    preset: "7 slots",
    aim: "profit",
    story:
      "A prover of EVE's has missed. It keeps its word in a later block, lets that redeem it for each of its " +
      "slots, and misses again.",
    answer: "A paid block takes one miss away, once.",
    honest: (game) => missTwice(game, false),
    deviation: (game) => missTwice(game, true),
  },
];

/** EVE's prover withholds from a block, keeps its word in the next one, and withholds from the third. */
async function missTwice(game: Game, isFarming: boolean): Promise<void> {
  const { honest, attacker } = game.provers;
  const [own] = attacker as [number];
  const team = [own, own, ...honest.slice(2)];
  for (const withheld of [[0, 1], [], [0, 1]]) {
    const block = await game.commit("alice", { bid: 10, team });
    await game.reveal(block);
    await game.prove(block, { withheld });
    await game.advance();
    if (withheld.length !== 0) continue;
    await game.redeem(own, block);
    if (isFarming) await game.refused("NothingToRedeem", game.redeem(own, block));
  }
}
