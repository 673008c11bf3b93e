import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { parseEngine } from "../../proving/engineChoice.ts";
import { projectPath } from "../../setup/project.ts";
import {
  address,
  amount,
  listen,
  multiaddress,
  oneOf,
  path,
  place,
  redis,
  several,
  whole,
  workerKey,
  yesNo,
} from "./values.ts";

/** The programs that `./b52 node` runs. */
export const ROLES = ["prover", "proposer", "follower"] as const;
export type RoleName = (typeof ROLES)[number];

/** Something that an operator may set. */
export interface Setting {
  readonly schema: z.ZodType;
  /** What it does, in one sentence, with its unit. */
  readonly meaning: string;
  /** As it would stand in a file; left out where there is no value unless somebody sets one. */
  readonly fallback?: unknown;
  /** Where the fallback differs. */
  readonly fallbacks?: Readonly<Partial<Record<RoleName, unknown>>>;
  /** Whose it is; everybody's by default. */
  readonly roles?: readonly RoleName[];
  /** Whether there must be a value. */
  readonly isRequired?: boolean;
  /** `secret`: never shown. `address`: shown without user, password and query. */
  readonly shown?: "secret" | "address";
  /** Whether the text is a path, meant from where it is written. */
  readonly isPath?: boolean;
}

const MAX_SECONDS = 86_400;

const home = (role: RoleName): string => join(homedir(), ".b52", role);

/** Each setting: a key of the file, `--kebab-case` as a flag, `B52_UPPER_CASE` in the environment. */
export const SETTINGS = {
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
  iAmAlone: {
    schema: yesNo,
    meaning:
      "Whether to skip the round of listening with which an empty data folder begins: no other process has the key.",
    fallback: false,
    roles: ["prover"],
  },
  prover: {
    schema: z
      .string()
      .superRefine((text, context) => {
        try {
          parseEngine(text, "it");
        } catch (error) {
          context.addIssue({ code: "custom", message: (error as Error).message });
        }
      })
      .optional(),
    meaning: "What makes proofs: kernels, snarkjs, or rapidsnark=PATH; the best that the machine can run by default.",
    roles: ["prover"],
  },
  threads: {
    schema: whole(1, 256),
    meaning: "Proofs made at a time; each takes a core, of this machine or of a worker.",
    fallback: 2,
    roles: ["prover"],
  },
  queue: {
    schema: redis.optional(),
    meaning: "Redis (redis:// or rediss://) through which workers on other machines make the proofs, not this one.",
    roles: ["prover"],
    shown: "address",
  },
  queueWorkers: {
    schema: several(workerKey),
    meaning: "Public keys of those workers (b52 prove-worker key); each can read this prover's scalar.",
    fallback: [],
    roles: ["prover"],
  },
  slotsPerRound: {
    schema: whole(1, 65_535),
    meaning: "Slots that all votes for a round together promise at most, however fast this machine proves.",
    fallback: 4_096,
    roles: ["prover"],
  },
  secondsPerProof: {
    schema: whole(1, 3_600),
    meaning: "Seconds that a proof is taken to last before one was measured here.",
    fallback: 30,
    roles: ["prover"],
  },
  costPerSlot: {
    schema: amount,
    meaning: "Tokens that proving a slot costs: what promises less is not voted for.",
    fallback: "0.1",
    roles: ["prover"],
  },
  costPerForest: {
    schema: amount.optional(),
    meaning: "Tokens that the transactions of a whole forest cost; without it this prover submits none.",
    roles: ["prover"],
  },
  fills: {
    schema: whole(0, 16),
    meaning: "Leading blocks in which gaps that others leave are filled, whether that pays or not.",
    fallback: 1,
    roles: ["prover"],
  },
  fillsWhatPays: {
    schema: yesNo,
    meaning: "Whether gaps are filled in all other blocks in which own slots earn more than that costs.",
    fallback: true,
    roles: ["prover"],
  },
  handsIn: {
    schema: yesNo,
    meaning:
      "Whether what forests leave out of own promises is shown to L1 directly. Off, a proposer can have you slashed.",
    fallback: true,
    roles: ["prover"],
  },
  helps: {
    schema: yesNo,
    meaning: "Whether deliveries of others that nobody has shown L1 are taken along at the very end.",
    fallback: false,
    roles: ["prover"],
  },
  claimSlots: {
    schema: whole(0, 65_535),
    meaning: "Unclaimed slots from which on rewards are claimed; 0: never.",
    fallback: 8,
    roles: ["prover"],
  },
  stakeFloor: {
    schema: amount.optional(),
    meaning: "Tokens of stake below which the owner's tokens fill it up to stakeTarget; never, if not set.",
    roles: ["prover"],
  },
  stakeTarget: {
    schema: amount.optional(),
    meaning: "Tokens of stake that a fill-up goes for; the stakeFloor if not set.",
    roles: ["prover"],
  },
  redeems: {
    schema: yesNo,
    meaning: "Whether misses are taken away for what was kept since, so that the next slash costs less.",
    fallback: true,
    roles: ["prover"],
  },
  exit: {
    schema: yesNo,
    meaning:
      "Whether to leave: no new votes, then what was promised, claims, the exit, and the stake back. It is final.",
    fallback: false,
    roles: ["prover"],
  },
  proverShareBps: {
    schema: whole(0, 10_000),
    meaning: "Part of the block reward that provers get, in 1/10,000.",
    fallback: 5_000,
    roles: ["proposer"],
  },
  burnBid: {
    schema: amount.optional(),
    meaning: "Tokens to bid for a block at first; the least that the rollup takes by default.",
    roles: ["proposer"],
  },
  maxBid: {
    schema: amount.optional(),
    meaning: "Tokens that a bid is raised to against rivals, at most; it is never raised, if not set.",
    roles: ["proposer"],
  },
  raiseBps: {
    schema: whole(100, 10_000),
    meaning: "What a raise adds to a bid at least, in 1/10,000 of it.",
    fallback: 1_000,
    roles: ["proposer"],
  },
  valueBps: {
    schema: whole(0, 10_000),
    meaning: "Part of what a block is worth to its proposer that is bid at most, in 1/10,000.",
    fallback: 9_000,
    roles: ["proposer"],
  },
  feePrice: {
    schema: amount,
    meaning:
      "What a whole token of the L2's asset is worth, in tokens that are bid: so far fees count in a block's worth.",
    fallback: "0",
    roles: ["proposer"],
  },
  depositFloor: {
    schema: amount.optional(),
    meaning: "Tokens in a lane below which the proposer's tokens fill it up to depositTarget; never, if not set.",
    roles: ["proposer"],
  },
  depositTarget: {
    schema: amount.optional(),
    meaning: "Tokens in a lane that a fill-up goes for; the depositFloor if not set.",
    roles: ["proposer"],
  },
  builder: {
    schema: z.string().min(1).optional(),
    meaning:
      "Program that orders blocks, with its arguments, like scripts/builder.ts; if not set, blocks are filled by fees.",
    roles: ["proposer"],
  },
  builderTimeout: {
    schema: whole(10, 60_000),
    meaning: "Milliseconds that the builder may take for a block; then it is filled by fees.",
    fallback: 2_000,
    roles: ["proposer"],
  },
  ahead: {
    schema: yesNo,
    meaning: "Whether to commit to heights whose parent is not decided yet.",
    fallback: true,
    roles: ["proposer"],
  },
  branches: {
    schema: whole(1, 16),
    meaning: "Parents on which such a height is committed to at most, the best ones; one deposit covers all.",
    fallback: 2,
    roles: ["proposer"],
  },
  minProvers: {
    schema: whole(1, 65_535),
    meaning: "Distinct provers without whose votes no commit is made.",
    fallback: 1,
    roles: ["proposer"],
  },
  patience: {
    schema: whole(0, MAX_SECONDS),
    meaning: "Seconds that provers get to vote where no window is running.",
    fallback: 30,
    roles: ["proposer"],
  },
  claimRewards: {
    schema: amount,
    meaning: "Tokens of rewards from which on they are claimed; 0: never.",
    fallback: "10",
    roles: ["proposer"],
  },
  claimFees: {
    schema: amount,
    meaning: "Fees, in whole tokens of the L2's asset, from which on they are claimed; 0: never.",
    fallback: "10",
    roles: ["proposer"],
  },
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
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingName = keyof typeof SETTINGS;

/** Every setting with its value. Those of other roles have their fallbacks. */
export type Settings = { readonly [N in SettingName]: z.output<(typeof SETTINGS)[N]["schema"]> };

/** A setting without its literal types. */
export const settingOf = (name: SettingName): Setting => SETTINGS[name];

/** Names of what a role may be given, in the order of the table. */
export function settingsOf(role: RoleName): SettingName[] {
  return (Object.keys(SETTINGS) as SettingName[]).filter((name) => settingOf(name).roles?.includes(role) ?? true);
}

export const fallbackOf = (name: SettingName, role: RoleName): unknown =>
  settingOf(name).fallbacks?.[role] ?? settingOf(name).fallback;

/** `dataDir` as `data-dir`. */
export const flagOf = (name: SettingName): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** `dataDir` as `B52_DATA_DIR`. */
export const variableOf = (name: SettingName): string =>
  `B52_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
