import { z } from "zod";
import { MAX_SECONDS, type SettingTable } from "./setting.ts";
import { listen, whole, yesNo } from "./values.ts";

/** What a follower may be given besides; the time of advances is a proposer's, too. */
export const FOLLOWER = {
  api: {
    schema: listen,
    meaning: "Where the read API is served (host:port, port 0 for any), or off.",
    fallback: "127.0.0.1:9540",
    roles: ["follower"],
  },
  apiOrigin: {
    schema: z.string().min(1).optional(),
    meaning: "Web pages that may read the API in a browser: their origin, or * for all.",
    roles: ["follower"],
  },
  advanceAfter: {
    schema: whole(0, MAX_SECONDS),
    meaning: "Seconds after a decision before it is made final, if nobody else does so; a proposer's own is at once.",
    fallbacks: { follower: 15, proposer: 60 },
    fallback: 15,
    roles: ["follower", "proposer"],
  },
  serves: {
    schema: yesNo,
    meaning:
      "Whether this follower sends transactions that serve all (advance, settle, slash); takes a key with ether.",
    fallback: false,
    roles: ["follower"],
  },
} as const satisfies SettingTable;
