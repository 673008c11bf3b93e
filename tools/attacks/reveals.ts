import type { Attack } from "./attack.ts";
import type { Block, Game } from "./game.ts";

/** Attacks with what a block publishes, and when. */
export const REVEAL_ATTACKS: readonly Attack[] = [
  {
    name: "blobs brought first by somebody else",
    preset: "7 slots",
    aim: "griefing",
    story: "EVE sees ALICE's reveal in the mempool and brings its blob first, without the operations.",
    answer: "What is known already is skipped; it helps ALICE.",
    honest: (game) => withOperations(game, async (alice) => game.reveal(alice)),
    deviation: (game) =>
      withOperations(game, async (alice) => {
        await game.revealPart(alice, "blobs", "eve");
        await game.reveal(alice);
      }),
  },
  {
    name: "reveal split over a reorganisation",
    preset: "7 slots",
    aim: "griefing",
    story: "EVE brings a part of ALICE's reveal; L1 is reorganised, and the parts come again in the other order.",
    answer: "Parts add up in any order, and L1 knows what is missing.",
    honest: (game) => withOperations(game, async (alice) => game.reveal(alice)),
    deviation: (game) =>
      withOperations(game, async (alice) => {
        await game.undone(() => game.revealPart(alice, "blobs", "eve"));
        await game.revealPart(alice, "operations", "eve");
        await game.revealPart(alice, "blobs", "alice");
      }),
  },
  {
    name: "blobs in the last second",
    preset: "7 slots",
    aim: "griefing",
    story: "EVE reveals as late as it can, so that the provers who voted for its block have no time.",
    answer: "Proving begins after the last reveal, and takes half of the window.",
    async honest(game) {
      await game.decide(await game.commit("eve", { bid: 41, team: game.provers.honest, size: 8 }));
    },
    async deviation(game) {
      const eve = await game.commit("eve", { bid: 41, team: game.provers.honest, size: 8 });
      await game.until("revealEnds", 20);
      await game.decide(eve);
    },
  },
  {
    name: "padding against the size rule",
    preset: "7 slots",
    aim: "profit",
    story: "Three transfers wait for a block. EVE fills its own with transfers to itself, which cost blob gas.",
    answer:
      "The rule counts transfers and cannot tell whose they are. Whoever has none of its own to add pays their " +
      "fees to itself, and blob gas.",
    isOpen: true,
    honest: (game) => sized(game, { bid: 41, size: 3 }),
    deviation: (game) => sized(game, { bid: 29, size: 8 }),
  },
  {
    name: "queue filled",
    preset: "7 slots",
    aim: "griefing",
    story:
      "EVE posts four deposits of one wei for the next block, so that half of its base nodes have no room for " +
      "transfers, each of which would pay ALICE as much as an operation costs.",
    answer: "ALICE gets the operations' fees instead.",
    before: "the same; the fee goes to whoever is delayed.",
    honest: (game) => filled(game, 0),
    deviation: (game) => filled(game, 4),
  },
];

/** ALICE's block begins with an operation from L1 and has a blob. */
async function withOperations(game: Game, reveal: (alice: Block) => Promise<void>): Promise<void> {
  await game.decide(await game.commit("bob", { bid: 40, team: game.provers.honest }));
  await game.post(1);
  await game.expire();
  const alice = await game.commit("alice", { bid: 40, team: game.provers.honest, size: 6 });
  await game.until("proposalEnds");
  await reveal(alice);
  await game.prove(alice);
  await game.advance();
}

async function sized(game: Game, eve: { bid: number; size: number }): Promise<void> {
  const team = game.provers.honest;
  const alice = await game.commit("alice", { bid: 40, team, size: 3 });
  await game.decide(alice, await game.commit("eve", { team, ...eve }));
}

async function filled(game: Game, operations: number): Promise<void> {
  await game.decide(await game.commit("bob", { bid: 40, team: game.provers.honest }));
  await game.post(operations);
  await game.expire();
  const fees = game.operationFee * BigInt(8 - operations);
  await game.decide(await game.commit("alice", { bid: 40, team: game.provers.honest, fees }));
}
