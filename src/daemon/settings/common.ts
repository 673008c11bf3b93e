import { homedir } from "node:os";
import { join } from "node:path";
import { projectPath } from "../../setup/project.ts";
import type { RoleName, SettingTable } from "./setting.ts";
import { address, amount, listen, multiaddress, oneOf, path, place, several, whole, yesNo } from "./values.ts";

const home = (role: RoleName): string => join(homedir(), ".b52", role);

/** What every program may be given. */
export const COMMON = {
  rpc: {
    schema: several(address).refine((urls) => urls.length > 0, "expected at least one address"),
    meaning: "Ethereum nodes (JSON-RPC over HTTP), the preferred one first.",
    isRequired: true,
    shown: "address",
  },
  rpcTimeout: { schema: whole(1, 3_600), meaning: "Seconds that a call to an Ethereum node may take.", fallback: 60 },
  deployment: {
    schema: path,
    meaning: "File that `b52 deploy` wrote: where the rollup is.",
    fallback: projectPath("build", "deployment.json"),
    isPath: true,
  },
  dataDir: {
    schema: path,
    meaning: "Folder for all that the program keeps; one process has it open at a time.",
    fallbacks: { prover: home("prover"), proposer: home("proposer"), follower: home("follower") },
    isPath: true,
  },
  keystore: {
    schema: path,
    meaning: "File with the operator's encrypted key, as `b52 key new` writes it.",
    fallback: join(homedir(), ".b52", "operator.json"),
    isPath: true,
  },
  passwordFile: {
    schema: path.optional(),
    meaning: "File whose first line is the keystore's password (else B52_WALLET_PASSWORD, else it is asked for).",
    isPath: true,
  },
  logLevel: { schema: oneOf("debug", "info", "warn", "error"), meaning: "The least that is logged.", fallback: "info" },
  logFormat: {
    schema: oneOf("json", "text"),
    meaning: "Form of the log on standard error: one JSON object a line, or text for people.",
    fallback: "json",
  },
  status: {
    schema: listen,
    meaning: "Where /live, /ready and /metrics are served (host:port, port 0 for any), or off.",
    fallbacks: { prover: "127.0.0.1:9520", proposer: "127.0.0.1:9521", follower: "127.0.0.1:9522" },
  },
  listen: {
    schema: several(multiaddress),
    meaning: "Addresses to listen on, as libp2p writes them.",
    fallbacks: {
      prover: ["/ip4/0.0.0.0/tcp/9530"],
      proposer: ["/ip4/0.0.0.0/tcp/9531"],
      follower: ["/ip4/0.0.0.0/tcp/9532"],
    },
  },
  announce: {
    schema: several(multiaddress),
    meaning: "Addresses (libp2p) under which others reach this node, behind a NAT or in a container.",
    fallback: [],
  },
  bootstrap: {
    schema: several(multiaddress),
    meaning: "Addresses (libp2p) of peers to begin with, each ending in /p2p/ID.",
    fallback: [],
  },
  mdns: { schema: yesNo, meaning: "Whether to look for peers on the local network.", fallback: true },
  minPeers: {
    schema: whole(0, 1_000),
    meaning: "Fewer connected peers count as being cut off: nothing new is promised, and /ready says so.",
    fallback: 1,
  },
  beacon: {
    schema: several(address),
    meaning: "Consensus nodes that serve whole blobs (REST API).",
    fallback: [],
    shown: "address",
  },
  archives: {
    schema: several(place),
    meaning: "Archives of blobs: folders, or their addresses on web servers.",
    fallback: [],
    shown: "address",
    isPath: true,
  },
  minFreeMib: {
    schema: whole(0, 1_000_000),
    meaning: "Free disk, MiB, below which nothing new is promised.",
    fallback: 200,
  },
  maxGasEther: {
    schema: amount,
    meaning: "Ether that the gas of one transaction may cost at most. What is dearer waits until its window is over.",
    fallback: "0.5",
  },
  maxClockSkewMs: {
    schema: whole(1, 60_000),
    meaning: "Milliseconds between this machine's clock and that of L1 from which on a warning is logged.",
    fallback: 500,
  },
  pollMs: {
    schema: whole(20, 60_000),
    meaning: "Least milliseconds between two looks for a new block of L1.",
    fallback: 500,
  },
} as const satisfies SettingTable;
