import { accountCount } from "../../protocol/profile.ts";
import type { SignedTransfer } from "../../protocol/transfer.ts";
import { MAX_NONCE_AHEAD } from "../limits.ts";
import { ACCEPT, ignore, reject, type Verdict } from "../verdict.ts";
import type { GossipView } from "../view.ts";

/**
 * A user's transfer, but for its signature. Whether it can be applied, and which of two rivals is, is for the mempool
 * to say.
 */
export function validateTransaction(transfer: SignedTransfer, view: GossipView): Verdict {
  const { from, to, nonce, sender } = transfer;
  const accounts = accountCount(view.rollup.profile);
  if (from === 0 || from >= accounts) return reject("sender is no account");
  if (to >= accounts) return reject("receiver is no account");
  const known = view.account(from);
  if (known === undefined) return ignore("sender has no account yet");
  // An account keeps its key, but L1 may still be reorganised: then it was another's.
  if (known.key !== sender.y) return ignore("account has another key");
  if (nonce < known.nonce) return ignore("nonce is used");
  if (nonce > known.nonce + MAX_NONCE_AHEAD) return ignore("nonce is too far ahead");
  return ACCEPT;
}
