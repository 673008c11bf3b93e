import { getHeapStatistics } from "node:v8";
import { startNode } from "./libp2pSwarm.ts";

// A node in a process of its own, which says how much memory it holds:
//   node --expose-gc --import tsx reconnected.ts
// A line of JSON with its address, then one with the bytes in use, without garbage, for each line that it reads.

const network = await startNode("reconnected");
console.log(JSON.stringify({ address: network.addresses[0] }));
process.stdin.on("data", () => {
  for (let i = 0; i < 3; i++) (globalThis as { gc?: () => void }).gc!();
  const { used_heap_size: heap, malloced_memory: malloced } = getHeapStatistics();
  const { external } = process.memoryUsage();
  console.log(JSON.stringify({ bytes: heap + malloced + external, peers: network.status().peers }));
});
process.stdin.on("end", () => process.exit());
