// Tests of gossip that take minutes at their full size; the default tests have them, too, and shorter.
process.env.B52_RECONNECTS ??= "2000";
process.env.B52_FLOOD_SECONDS ??= "60";

await import("../gossip/reconnects.test.ts");
await import("../gossip/flood.test.ts");
