/** Commits blocks to the store in argv[2] and prints each height after it is durable, until killed. */
import { LevelStore, State } from "../../src/state/index.ts";
import { GENESIS } from "./fixtures.ts";

let state = await State.open(await LevelStore.open(process.argv[2]!), GENESIS);
for (let height = 1; ; height++) {
  state = state.fork();
  for (const index of [1, 2, 3]) state.setAccount(index, { ...state.account(index), nonce: BigInt(height) });
  await state.commit(BigInt(height));
  console.log(height);
}
