import { fileURLToPath } from "node:url";
import { JsonRpcProvider, Wallet } from "ethers";
import type { Call } from "../../src/chain/tx/index.ts";
import { relaySender } from "../../src/daemon/relay/index.ts";

export const callOf = (to: string): Call => ({ call: "addStake", to, data: "0x1234", value: 10n ** 30n });

// Wants the call to be sent, and waits until it is killed. Whoever looks for tests loads all files.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , path, rollup, privateKey, to] = process.argv;
  const provider = new JsonRpcProvider("http://127.0.0.1:1", 1, { staticNetwork: true });
  const wallet = new Wallet(privateKey!, provider) as Wallet & { provider: JsonRpcProvider };
  const sender = await relaySender(path!, wallet, rollup!);
  await sender!.send(callOf(to!));
}
