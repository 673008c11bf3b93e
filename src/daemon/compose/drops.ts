import type { Log } from "../../log/index.ts";
import type { Drop } from "../../roles/index.ts";

/** Tells of what leaves the mempool: that a block has it is what its sender wants, anything else is news. */
export const dropsTo =
  (log: Log) =>
  ({ transfer: { from, nonce }, reason }: Drop): void => {
    const fields = { account: from, nonce, reason };
    if (reason === "included") log.debug("transfer-included", "a transfer is in a block", fields);
    else log.info("transfer-dropped", `a transfer is dropped: ${reason}`, fields);
  };
