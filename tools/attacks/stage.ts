import hre from "hardhat";
import * as actions from "../../src/chain/actions/index.ts";
import { createMadeUpWorld, type MadeUpWorld, registerKey } from "../../src/sim/madeUp.ts";
import { FIELD } from "../../src/sim/trapdoor.ts";
import type { Sides } from "./books.ts";
import { Game } from "./game.ts";
import { PRESETS, type PresetName } from "./presets.ts";
import { FIRST_EVIL, SEATS } from "./seats.ts";

/** What happens in a game, move by move. */
export type Line = (game: Game) => Promise<void>;

/** One line of an attack after the other, from the same beginning. */
export interface Stage {
  play(line: Line): Promise<Sides>;
}

/** What the attacker has for operations, wei. */
const POCKET = 10n ** 18n;

/** A deployment with the preset's economics, everybody registered and seated, no round open. */
export async function openGame(preset: PresetName): Promise<Stage> {
  const { profile, economics, provers } = PRESETS[preset];
  const connection = await hre.network.create();
  const made = await createMadeUpWorld(connection, { profile, provers: 0, proposers: SEATS.length, economics });
  const { client, deployer, random } = made;
  const owners = (await connection.ethers.getSigners()).slice(1 + SEATS.length, 3 + SEATS.length);
  const all = provers.honest + provers.attacker;
  const world: MadeUpWorld = { ...made, keys: [0n, ...Array.from({ length: all }, () => random.below(FIELD))] };
  const price = economics.minStake + economics.registrationFee;
  for (const [side, owner] of owners.entries()) {
    const [first, count] = side === 0 ? [1, provers.honest] : [1 + provers.honest, provers.attacker];
    // A second registration for each, in case somebody leaves and comes back.
    await actions.transfer(client, deployer, owner.address, 2n * price * BigInt(count));
    await actions.approve(client, owner, await client.registry.getAddress(), 2n ** 255n);
    for (const key of world.keys.slice(first, first + count)) await registerKey({ ...world, deployer: owner }, key);
  }
  await connection.networkHelpers.time.increase(1);
  const eve = made.proposers[FIRST_EVIL]!;
  await actions.transfer(client, deployer, eve.address, POCKET);
  await actions.approve(client, eve, await client.bridge.getAddress(), POCKET);
  const beginning = await connection.networkHelpers.takeSnapshot();
  return {
    async play(line) {
      await beginning.restore();
      const game = new Game(world, [owners[0]!, owners[1]!], provers.honest);
      await line(game);
      return game.close();
    },
  };
}
