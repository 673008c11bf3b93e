import type { NetworkConnection } from "hardhat/types/network";

/**
 * A world for each of several tests that is made once: its chain is taken back to the moment at which it was made.
 *
 * @param make a world of which a test changes the chain, and fields of its own copy; nothing within these
 */
export function takenBack<World extends { readonly connection: NetworkConnection }>(
  make: () => Promise<World>,
): () => Promise<World> {
  let made: Promise<{ world: World; back: { restore(): Promise<void> } }> | undefined;
  return async () => {
    const isFirst = made === undefined;
    made ??= make().then(async (world) => ({ world, back: await world.connection.networkHelpers.takeSnapshot() }));
    const { world, back } = await made;
    if (!isFirst) await back.restore();
    return { ...world };
  };
}
