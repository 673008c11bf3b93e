import { serve } from "../threads/threads.ts";
import type { CheckTask } from "./innerChecker.ts";

// Poseidon is built while its module loads, and meanwhile a task would be lost: so this thread listens first.
serve(async ({ domain, messages }: CheckTask) => {
  const { innerFault } = await import("./inner.ts");
  return messages.map((message) => innerFault(domain, message));
});
