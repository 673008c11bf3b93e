import { expect } from "chai";
import type { Book } from "../../../tools/attacks/books.ts";
import type { Block, Game } from "../../../tools/attacks/game.ts";
import { openGame, type Stage } from "../../../tools/attacks/stage.ts";
import { expectNear } from "../../support/expectNear.ts";

const TOKEN = 10 ** 18;

/** What others do. */
interface Others {
  /** Tokens that EVE bids. */
  readonly bid: number;
  /** Whether EVE proves her block with seven provers of her own, or brings nothing. */
  readonly isReal: boolean;
  /** Slots of that block without a vote. */
  readonly silent?: readonly number[];
  /** Tokens that a second seat of hers bids, proven as well, if there is one. */
  readonly second?: number;
}

/** Tokens: what ALICE, who keeps half of a reward, and her seven provers have by staying. */
interface Gains {
  readonly burnt: number;
  readonly proposing: number;
  readonly proving: number;
}

describe("a proposer that stays behind a commit which it cannot beat", function () {
  this.timeout(300_000);

  let stage: Stage;
  before(async () => {
    stage = await openGame("7 slots");
  });

  async function play(
    game: Game,
    { bid, isReal, silent, second }: Others,
    alice: { bid: number; share: number } | undefined,
  ) {
    const { honest, attacker } = game.provers;
    const eve = await game.commit("eve", { bid, team: isReal ? attacker : honest });
    const blocks: Block[] = [];
    if (second !== undefined) blocks.push(await game.commit("mallory", { bid: second, team: attacker }));
    if (alice !== undefined) blocks.push(await game.commit("alice", { ...alice, team: honest }));
    await game.reveal(...(isReal ? [eve] : []), ...blocks);
    if (isReal) await game.prove(eve, silent ? { silent } : {});
    for (const block of blocks) await game.prove(block);
    await game.advance();
  }

  /** Against staying away. */
  async function gains(bid: number, others: Others, share = 0.5): Promise<Gains> {
    // Where nobody proves anything no height is decided.
    const away = await stage.play((game) => (others.isReal ? play(game, others, undefined) : Promise.resolve()));
    const stayed = await stage.play((game) => play(game, others, { bid, share }));
    const more = (account: keyof Book): number => Number(stayed.honest[account] - away.honest[account]) / TOKEN;
    expect(stayed.honest.stakes, "nobody is slashed").to.equal(away.honest.stakes);
    return { burnt: -more("deposits"), proposing: more("proposing"), proving: more("proving") };
  }

  function expectGains(actual: Gains, expected: Gains): void {
    for (const each of ["burnt", "proposing", "proving"] as const)
      expectNear(actual[each], expected[each], 0.001, each);
  }

  const REAL: Others = { bid: 41, isReal: true };
  const BLUFF: Others = { bid: 41, isReal: false };

  it("loses nothing below the part of the leader's score from which on uncles are paid", async () => {
    expectGains(await gains(28.99, REAL), { burnt: 0, proposing: 0, proving: 0 });
  });

  it("burns a quarter of its bid from there on, of which its provers get their share", async () => {
    expectGains(await gains(29, REAL), { burnt: 7.25, proposing: 3.625, proving: 3.625 });
    expectGains(await gains(40, REAL), { burnt: 10, proposing: 5, proving: 5 });
  });

  it("loses nothing as an uncle that keeps all, up to the bid whose quarter is the uncles' part", async () => {
    expectGains(await gains(40, REAL, 0), { burnt: 10, proposing: 10, proving: 0 });
    expectGains(await gains(80, { bid: 81, isReal: true }, 0), { burnt: 20, proposing: 10, proving: 0 });
  });

  it("shares the uncles' part with another uncle", async () => {
    expectGains(await gains(40, { ...REAL, second: 40.5 }, 0), { burnt: 10, proposing: 5, proving: 0 });
  });

  it("is a paid uncle behind a leader that proves less than it promised", async () => {
    expectGains(await gains(28.99, { ...REAL, silent: [6] }), { burnt: 7.2475, proposing: 3.62375, proving: 3.62375 });
  });

  it("wins where the leader is a bluff", async () => {
    expectGains(await gains(28.99, BLUFF), { burnt: 28.99, proposing: 49.9, proving: 50 });
  });

  it("makes the bluff dearer than outbidding, for whoever can hold all slots: four stakes burn 67 more", async () => {
    const line = (second: number) =>
      stage.play(async (game) => {
        const [a, b, c, d] = game.provers.attacker as [number, number, number, number];
        const own = [a, b, c, d, a, b, c];
        await game.commit("eve", { bid: 41, team: game.provers.honest });
        const alice = await game.commit("alice", { bid: 28.99, team: game.provers.honest });
        await game.decide(alice, await game.commit("mallory", { bid: second, team: own, share: 0 }));
      });
    const [before, lost, won] = [await stage.play(async () => undefined), await line(67), await line(67.2)];
    const whole = ({ attacker }: typeof won): number =>
      Number(Object.values(attacker).reduce((sum: bigint, account: bigint) => sum + account, 0n)) / TOKEN;
    expectNear(whole(won) - whole(before), 99.9 - 41 - 67.2, 0.001, "what EVE has of it");
    expect(whole(lost)).to.be.lessThan(whole(won));
  });
});
