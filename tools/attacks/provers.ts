import type { Attack } from "./attack.ts";
import type { Block, Game, Offer } from "./game.ts";

/** A prover of the attacker's among those that an honest proposer names, with the root's slot. */
const infiltrated = ({ provers: { honest, attacker } }: Game) => [attacker[0]!, ...honest.slice(1)];

/** A block whose provers and proposer are the attacker's. */
const keepsAll = (game: Game): Partial<Offer> => ({ team: game.spread(game.provers.attacker), share: 0 });

/** Attacks with votes that are given and not kept. */
export const PROVER_ATTACKS: readonly Attack[] = [
  {
    name: "votes that do not bind",
    preset: "7 slots",
    aim: "profit",
    story:
      "Seven provers vote for ALICE, who bids 90 and offers 10 %, and for BOB, who bids 80 and offers 90 %. All " +
      "leave the leader for the one who pays.",
    answer: "A first miss costs each of them more than any slots that it can hold earn.",
    before: "cost 0.1 for each prover that signed no receipt, gain 10.1.",
    async honest(game) {
      const team = game.provers.attacker;
      const alice = await game.commit("alice", { bid: 90, team, share: 0.1 });
      await game.decide(alice, await game.commit("bob", { bid: 80, team, share: 0.9 }));
    },
    async deviation(game) {
      const team = game.provers.attacker;
      const alice = await game.commit("alice", { bid: 90, team, share: 0.1 });
      const bob = await game.commit("bob", { bid: 80, team, share: 0.9 });
      await game.reveal(alice, bob);
      await game.prove(alice, { withheld: game.everySlot });
      await game.prove(bob);
      await game.advance();
    },
  },
  {
    name: "sleeper",
    preset: "7 slots",
    aim: "profit",
    story: "One of the seven that ALICE names is EVE's. It withholds, so that EVE's block, which bids less, wins.",
    answer: "A slash is more than a tenth of the bid, which is what outbidding would have cost.",
    honest: (game) => sleeper(game, { alice: 40, eve: 36 }, []),
    deviation: (game) => sleeper(game, { alice: 40, eve: 36 }, [0]),
  },
  {
    name: "sleeper for a block that keeps everything",
    preset: "7 slots",
    aim: "profit",
    story: "The same where bids are low and EVE's own provers take the whole reward.",
    answer: "A first miss costs a whole reward, and no block earns its proposer more.",
    before: "cost 63.9, gain 89.9: a first miss cost half of a reward.",
    honest: (game) => sleeper(game, { alice: 10, eve: 9 }, [], keepsAll(game)),
    deviation: (game) => sleeper(game, { alice: 10, eve: 9 }, [0], keepsAll(game)),
  },
  {
    name: "pivotal prover",
    preset: "2,047 slots",
    aim: "profit",
    story: "One of ALICE's 48 provers is EVE's. EVE's block bids so little less that a prover decides.",
    answer: "A slash is more than what outbidding would have cost.",
    honest: (game) => pivotal(game, { alice: 40, eve: 39 }, true),
    deviation: (game) => pivotal(game, { alice: 40, eve: 39 }, false),
  },
  {
    name: "pivotal prover where bids are low",
    preset: "2,047 slots",
    aim: "profit",
    story: "The same with bids of 5.2 and 5.1 tokens: winning is worth most of the reward.",
    answer: "A first miss costs a whole reward. Outbidding would have cost a tenth of a token.",
    before: "cost 30.0, gain 44.9: a first miss cost a quarter of a reward.",
    honest: (game) => pivotal(game, { alice: 5.2, eve: 5.1 }, true),
    deviation: (game) => pivotal(game, { alice: 5.2, eve: 5.1 }, false),
  },
  {
    name: "pivotal prover for a block that keeps everything",
    preset: "2,047 slots",
    aim: "profit",
    story: "The same, and EVE's own provers take the whole reward.",
    answer: "A first miss costs as much.",
    before: "cost 55.0, gain 98.6: a first miss cost half of a reward.",
    honest: (game) => pivotal(game, { alice: 5.2, eve: 5.1 }, true, keepsAll(game)),
    deviation: (game) => pivotal(game, { alice: 5.2, eve: 5.1 }, false, keepsAll(game)),
  },
  {
    name: "one slash, two betrayals",
    preset: "7 slots",
    aim: "profit",
    story: "EVE's prover withholds from both rivals of EVE's, because it pays the largest slash of a round once.",
    answer: "One prover less in each block is worth a fifth of the bid.",
    honest: (game) => betray(game, 41, []),
    deviation: (game) => betray(game, 32, [0]),
  },
  {
    name: "shield of huge bids that never burn",
    preset: "7 slots",
    aim: "profit",
    story:
      "EVE's seven provers vote for a block of EVE's with the highest bid there is, which nobody delivers and " +
      "which is never paid. They are charged for it, and so no more for what one of them withholds from ALICE.",
    answer: "They are charged for it, all seven.",
    honest: (game) => sleeper(game, { alice: 40, eve: 36 }, []),
    async deviation(game) {
      const { honest, attacker } = game.provers;
      const alice = await game.commit("alice", { bid: 40, team: infiltrated(game) });
      const eve = await game.commit("eve", { bid: 36, team: honest });
      const shield = await game.commit("mallory", { bid: 100, team: attacker });
      await game.reveal(alice, eve, shield);
      await game.prove(alice, { withheld: [0] });
      await game.prove(eve);
      await game.prove(shield, { withheld: game.everySlot });
      await game.advance([shield, alice, eve]);
    },
  },
  {
    name: "coalition over two heights",
    preset: "7 slots",
    aim: "profit",
    story:
      "EVE's prover has voted for two heights before the first slash comes, and withholds at both, so that EVE " +
      "wins both.",
    answer: "The rate of the second miss is doubled.",
    honest: (game) => twoHeights(game, []),
    deviation: (game) => twoHeights(game, [0]),
  },
  {
    name: "option to the last second",
    preset: "7 slots",
    aim: "profit",
    story:
      "EVE holds back the proof of a prover of its own, without which ALICE's block wins, and decides in the last " +
      "second of the window not to win.",
    answer: "The vote was shown when the block was proven: its prover pays.",
    before: "cost 0: the first forest could come in the last second, with all votes or with none.",
    async honest(game) {
      const alice = await game.commit("alice", { bid: 40, team: game.provers.honest });
      await game.decide(alice, await game.commit("eve", { bid: 45, team: infiltrated(game) }));
    },
    async deviation(game) {
      const alice = await game.commit("alice", { bid: 40, team: game.provers.honest });
      const eve = await game.commit("eve", { bid: 45, team: infiltrated(game) });
      await game.reveal(alice, eve);
      await game.prove(alice);
      await game.prove(eve, { withheld: [0] });
      await game.advance();
    },
  },
  {
    name: "option without a vote",
    preset: "7 slots",
    aim: "profit",
    story: "The same, and EVE's forest leaves the vote out, too, to bring vote and proof in the last second.",
    answer: "From three quarters of the window on no vote is added.",
    async honest(game) {
      const alice = await game.commit("alice", { bid: 40, team: game.provers.honest });
      await game.decide(alice, await game.commit("eve", { bid: 45, team: infiltrated(game) }));
    },
    async deviation(game) {
      const alice = await game.commit("alice", { bid: 40, team: game.provers.honest });
      const eve = await game.commit("eve", { bid: 45, team: infiltrated(game) });
      await game.reveal(alice, eve);
      await game.prove(alice);
      await game.prove(eve, { silent: [0] });
      await game.until("acceptanceEnds", 20);
      await game.prove(eve);
      await game.advance();
    },
  },
  {
    name: "root withheld",
    preset: "7 slots",
    aim: "griefing",
    story:
      "EVE's prover holds the root's slot of ALICE's block, which nobody else can prove in its name, and withholds.",
    answer: "The root's slot costs what every other does; anybody proves it for nobody.",
    before: "cost 0: the root's slot was exempt.",
    async honest(game) {
      await game.decide(await game.commit("alice", { bid: 40, team: infiltrated(game) }));
    },
    async deviation(game) {
      const alice = await game.commit("alice", { bid: 40, team: infiltrated(game) });
      await game.reveal(alice);
      await game.prove(alice, { withheld: [0] });
      await game.advance();
    },
  },
  {
    name: "uncle sabotaged",
    preset: "7 slots",
    aim: "profit",
    story:
      "EVE's prover withholds from BOB's block, so that it is no uncle any more and EVE's block alone has the " +
      "uncles' reward.",
    answer: "With its votes BOB's block would have been paid: the prover is liable.",
    honest: (game) => sabotage(game, []),
    deviation: (game) => sabotage(game, [0]),
  },
  {
    name: "slashes in the dearer order",
    preset: "7 slots",
    aim: "griefing",
    story:
      "An honest prover fails in two blocks of a round. EVE brings the smaller slash first, so that the larger one " +
      "comes at the rate of a second miss and on top.",
    answer: "A round has one rate, and the largest slash is paid once.",
    before: "each candidate was charged.",
    honest: (game) => failed(game, "larger first"),
    deviation: (game) => failed(game, "smaller first"),
  },
  {
    name: "exit timed against the slash window",
    preset: "7 slots",
    aim: "profit",
    story:
      "EVE's prover asks for its exit in the first second in which it still counts, withholds, and is to be gone " +
      "when the last slash comes.",
    answer: "The exit's delay is longer than any vote can matter.",
    honest: (game) => sleeper(game, { alice: 40, eve: 36 }, []),
    async deviation(game) {
      const [own] = game.provers.attacker as [number];
      const alice = await game.commit("alice", { bid: 40, team: infiltrated(game) });
      await game.leave(own);
      const eve = await game.commit("eve", { bid: 36, team: game.provers.honest });
      await game.reveal(alice, eve);
      await game.prove(alice, { withheld: [0] });
      await game.prove(eve);
      await game.advance([]);
      await game.untilLastSlash(alice);
      await game.refused("ExitNotOver", game.takeOut(own));
      await game.judge(alice);
    },
  },
  {
    name: "stake moved away between vote and round",
    preset: "7 slots",
    aim: "profit",
    story:
      "A prover of EVE's votes for ALICE's block of the next height and asks for its exit before that height's " +
      "round opens, so as to be out of it. It withholds, and EVE's other block wins.",
    answer: "Who counts is fixed before anybody can commit, and no exit outruns the slash.",
    honest: (game) => moveStake(game, []),
    async deviation(game) {
      await moveStake(game, [0], async () => game.leave(game.provers.attacker[0]!));
      await game.comeBack(game.provers.attacker[0]!);
    },
  },
];

interface Bids {
  readonly alice: number;
  readonly eve: number;
}

/** @param withheld slots of ALICE's block, whose root is EVE's prover's */
async function sleeper(game: Game, bids: Bids, withheld: readonly number[], own: Partial<Offer> = {}): Promise<void> {
  const alice = await game.commit("alice", { bid: bids.alice, team: infiltrated(game) });
  const eve = await game.commit("eve", { bid: bids.eve, team: game.provers.honest, ...own });
  await game.reveal(alice, eve);
  await game.prove(alice, { withheld });
  await game.prove(eve);
  await game.advance();
}

async function pivotal(game: Game, bids: Bids, isKept: boolean, own: Partial<Offer> = {}): Promise<void> {
  const { honest, attacker } = game.provers;
  const alice = await game.commit("alice", {
    bid: bids.alice,
    team: game.spread([attacker[0]!, ...honest.slice(1, 48)]),
  });
  const eve = await game.commit("eve", { bid: bids.eve, team: game.spread(honest.slice(0, 48)), ...own });
  await game.reveal(alice, eve);
  await game.prove(alice, { withheld: isKept ? [] : [0, 48, 96] });
  await game.prove(eve);
  await game.advance();
}

async function betray(game: Game, bid: number, withheld: readonly number[]): Promise<void> {
  const blocks: Block[] = [];
  for (const seat of ["alice", "bob"] as const)
    blocks.push(await game.commit(seat, { bid: 40, team: infiltrated(game) }));
  const eve = await game.commit("eve", { bid, team: game.provers.honest });
  await game.reveal(...blocks, eve);
  for (const block of blocks) await game.prove(block, { withheld });
  await game.prove(eve);
  await game.advance();
}

async function twoHeights(game: Game, withheld: readonly number[]): Promise<void> {
  const { honest } = game.provers;
  const alice = await game.commit("alice", { bid: 40, team: infiltrated(game) });
  const eve = await game.commit("eve", { bid: 36, team: honest });
  await game.reveal(alice, eve);
  await game.prove(alice, { withheld });
  await game.prove(eve);
  await game.until("provingEnds");
  const parent = withheld.length === 0 ? alice : eve;
  const bob = await game.commit("bob", { bid: 40, team: infiltrated(game), on: parent });
  const next = await game.commit("eve", { bid: 36, team: honest, on: parent });
  await game.advance();
  await game.reveal(bob, next);
  await game.prove(bob, { withheld });
  await game.prove(next);
  await game.advance();
}

async function sabotage(game: Game, withheld: readonly number[]): Promise<void> {
  const { honest } = game.provers;
  const alice = await game.commit("alice", { bid: 40, team: honest });
  const bob = await game.commit("bob", { bid: 35, team: infiltrated(game) });
  const eve = await game.commit("eve", { bid: 30, team: honest });
  await game.reveal(alice, bob, eve);
  await game.prove(alice);
  await game.prove(bob, { withheld });
  await game.prove(eve);
  await game.advance();
}

async function failed(game: Game, order: "larger first" | "smaller first"): Promise<void> {
  const [first, ...others] = game.provers.honest as [number, ...number[]];
  const team = [first, first, ...others.slice(1)];
  const [alice, bob] = [await game.commit("alice", { bid: 40, team }), await game.commit("bob", { bid: 39, team })];
  await game.reveal(alice, bob);
  await game.prove(alice, { withheld: [0] });
  await game.prove(bob, { withheld: [0, 1] });
  await game.advance(order === "larger first" ? [bob, alice] : [alice, bob]);
}

async function moveStake(game: Game, withheld: readonly number[], move?: () => Promise<void>): Promise<void> {
  const { honest } = game.provers;
  const first = await game.commit("bob", { bid: 40, team: honest });
  await game.reveal(first);
  await game.prove(first);
  await game.until("provingEnds");
  const alice = await game.commit("alice", { bid: 40, team: infiltrated(game), on: first });
  const eve = await game.commit("eve", { bid: 36, team: honest, on: first });
  await move?.();
  await game.advance();
  await game.reveal(alice, eve);
  await game.prove(alice, { withheld });
  await game.prove(eve);
  await game.advance();
}
