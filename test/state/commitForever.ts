import { LevelStore, State } from "../../src/state/index.ts";
import { GENESIS } from "./fixtures.ts";

/**
 * Commits blocks to the store at `location` and prints each height after it is durable, until the process is killed.
 */
export async function commitForever(location: string): Promise<never> {
  let state = await State.open(await LevelStore.open(location), GENESIS);
  for (let height = 1; ; height++) {
    state = state.fork();
    for (const index of [1, 2, 3]) state.setAccount(index, { ...state.account(index), nonce: BigInt(height) });
    await state.commit(BigInt(height));
    console.log(height);
  }
}
